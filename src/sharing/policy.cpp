// Reads the access matrix.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.hpp"
#include "sharing/sharing.hpp"

namespace waymark::sharing {

namespace {

constexpr std::array actions{
    record::Action::read,          record::Action::append, record::Action::search,    record::Action::decide_identity,
    record::Action::export_record, record::Action::fold,   record::Action::administer};
constexpr std::array<std::string_view, 7> action_keys{"read",          "append", "search",    "decide_identity",
                                                      "export_record", "fold",   "administer"};
constexpr std::array<std::string_view, 5> markings{"team", "named-only", "all-but-named", "hidden", "sealed"};

using Sets = std::map<std::string, std::vector<std::string>, std::less<>>;

class Reader {
public:
    Reader(const std::string& file, const content::Catalogue& catalogue) : file_(file), catalogue_(catalogue) {}

    Result<Policy> read(const toml::table& root) {
        Policy policy;
        for (const auto& [key, node] : root) {
            if (key == "version") {
                policy.version = node.value_or(std::string{});
            } else if (key == "purposes") {
                policy.purposes = TRY(purposes(node));
            } else if (key == "sets") {
                TRY_VOID(sets(node));
            } else if (key != "role") {
                return invalid(place(node), fmt::format("\"{}\" is not a key of an access matrix", key.str()),
                               "use version, purposes, sets or role");
            }
        }
        if (policy.version.empty())
            return invalid(file_, "the matrix has no version", "add version = \"…\" at its head");
        const auto* rows = root["role"].as_array();
        if (rows == nullptr)
            return invalid(file_, "the matrix has no [[role]]", "add one for each role that may do anything");
        for (const auto& node : *rows) {
            const auto* table = node.as_table();
            if (table == nullptr) return invalid(place(node), "a role must be a table", "write [[role]]");
            policy.rows.push_back(TRY(row(*table)));
            const auto& role = policy.rows.back().role;
            if (policy.row(role) != &policy.rows.back()) {
                return invalid(place(node), fmt::format("the role {} stands twice", role), "keep one");
            }
        }
        return policy;
    }

private:
    std::string place(const toml::node& node) const { return fmt::format("{}:{}", file_, node.source().begin.line); }

    Result<std::map<std::string, std::string, std::less<>>> purposes(const toml::node& node) const {
        std::map<std::string, std::string, std::less<>> found;
        const auto* table = node.as_table();
        if (table == nullptr) return invalid(place(node), "purposes must be a table", "write [purposes]");
        for (const auto& [code, words] : *table) {
            if (!words.is_string()) return invalid(place(words), "a purpose needs its words", "write code = \"words\"");
            found.emplace(std::string(code.str()), words.value_or(std::string{}));
        }
        return found;
    }

    Result<std::vector<std::string>> strings(const toml::node& node) const {
        const auto* array = node.as_array();
        if (array == nullptr) return invalid(place(node), "this must be a list of words", "write [\"…\"]");
        std::vector<std::string> found;
        for (const auto& one : *array) {
            if (!one.is_string()) return invalid(place(one), "this must be a word", "write \"…\"");
            found.push_back(one.value_or(std::string{}));
        }
        return found;
    }

    Result<void> sets(const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) return invalid(place(node), "sets must be a table", "write [sets]");
        for (const auto& [name, list] : *table) {
            auto kinds = TRY(strings(list));
            for (const auto& kind : kinds) TRY_VOID(known_kind(kind, list));
            sets_.emplace(std::string(name.str()), std::move(kinds));
        }
        return {};
    }

    Result<void> known_kind(const std::string& kind, const toml::node& node) const {
        if (catalogue_.find(kind) != nullptr) return {};
        const auto near = catalogue_.nearest(kind);
        return invalid(place(node), fmt::format("\"{}\" is not a kind of entry", kind),
                       near.empty() ? "use a kind from content/kinds" : fmt::format("did you mean {}?", near));
    }

    Result<MatrixRow> row(const toml::table& table) const {
        MatrixRow row;
        for (const auto& [key, node] : table) {
            const auto action = std::find(action_keys.begin(), action_keys.end(), key.str());
            if (key == "role") {
                row.role = node.value_or(std::string{});
            } else if (key == "appends") {
                row.appends = TRY(appends(node));
            } else if (key == "markings") {
                row.markings = TRY(seen_markings(node));
            } else if (action != action_keys.end()) {
                const auto index = static_cast<std::size_t>(action - action_keys.begin());
                row.rights.emplace(actions.at(index), TRY(right(node)));
            } else {
                return invalid(place(node), fmt::format("\"{}\" is not a key of a role", key.str()),
                               fmt::format("use role, appends, markings, {}", fmt::join(action_keys, ", ")));
            }
        }
        const auto& known = content::roles();
        if (std::find(known.begin(), known.end(), row.role) == known.end()) {
            const auto near = nearest(row.role, known);
            return invalid(place(table), fmt::format("\"{}\" is not a role", row.role),
                           near.empty() ? "use a role of the contract" : fmt::format("did you mean {}?", near));
        }
        return row;
    }

    Result<std::set<std::string, std::less<>>> appends(const toml::node& node) const {
        std::set<std::string, std::less<>> kinds;
        for (const auto& name : TRY(strings(node))) {
            if (const auto set = sets_.find(name); set != sets_.end()) {
                kinds.insert(set->second.begin(), set->second.end());
            } else {
                if (name != "*") TRY_VOID(known_kind(name, node));
                kinds.insert(name);
            }
        }
        return kinds;
    }

    Result<std::set<std::string, std::less<>>> seen_markings(const toml::node& node) const {
        std::set<std::string, std::less<>> seen;
        for (auto& name : TRY(strings(node))) {
            if (std::find(markings.begin(), markings.end(), name) == markings.end()) {
                return invalid(place(node), fmt::format("\"{}\" is not a marking", name),
                               fmt::format("use {}", fmt::join(markings, ", ")));
            }
            seen.insert(std::move(name));
        }
        return seen;
    }

    Result<Right> right(const toml::node& node) const {
        const auto word = node.value_or(std::string{});
        if (word == "none") return Right::none;
        if (word == "own_agency") return Right::own_agency;
        if (word == "full") return Right::full;
        return invalid(place(node), fmt::format("\"{}\" is not a right", word), "use none, own_agency or full");
    }

    const std::string& file_;
    const content::Catalogue& catalogue_;
    Sets sets_;
};

}  // namespace

Right MatrixRow::right(record::Action action) const {
    const auto found = rights.find(action);
    return found == rights.end() ? Right::none : found->second;
}

const MatrixRow* Policy::row(std::string_view role) const {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.role == role; });
    return found == rows.end() ? nullptr : &*found;
}

Result<Policy> parse_policy(std::string_view text, const std::string& file, const content::Catalogue& catalogue) {
    toml::table root;
    try {
        root = toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        return invalid(fmt::format("{}:{}", file, error.source().begin.line), std::string(error.description()),
                       "correct the TOML");
    }
    auto policy = Reader(file, catalogue).read(root);
    if (policy) policy->text = std::string(text);
    return policy;
}

}  // namespace waymark::sharing
