// Reads the access policy.
#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.hpp"
#include "sharing/sharing.hpp"

namespace waymark::sharing {

namespace {

constexpr std::string_view rest_part = "chronology";  // every kind that no part names
constexpr std::array scoped{
    record::Action::search,     record::Action::decide_identity, record::Action::export_record, record::Action::fold,
    record::Action::administer, record::Action::oversee,         record::Action::reveal_address};
constexpr std::array<std::string_view, 7> scoped_keys{"search",     "decide_identity", "export_record", "fold",
                                                      "administer", "oversee",         "reveal_address"};
constexpr std::array<std::string_view, 9> other_keys{"role",   "purposes", "reach",   "own",       "beyond",
                                                     "closed", "opens",    "appends", "chronology"};

using Words = std::vector<std::string>;
using Sets = std::map<std::string, Words, std::less<>>;

class Reader {
public:
    Reader(const std::string& file, const content::Catalogue& catalogue) : file_(file), catalogue_(catalogue) {}

    Result<Policy> read(const toml::table& root) {
        for (const auto& [key, node] : root) {
            constexpr std::array<std::string_view, 11> known{
                "version", "purposes", "purpose_sets", "relationship", "strength", "restriction",
                "always",  "parts",    "reach_sets",   "sets",         "role"};
            if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
                return invalid(place(node), fmt::format("\"{}\" is not a key of an access policy", key.str()),
                               fmt::format("use {}", fmt::join(known, ", ")));
            }
        }
        policy_.version = root["version"].value_or(std::string{});
        if (policy_.version.empty())
            return invalid(file_, "the policy has no version", "add version = \"…\" at its head");
        TRY_VOID(purposes(root["purposes"].node()));
        TRY_VOID(sets(root["purpose_sets"].node(), purpose_sets_,
                      [](const auto&, const auto&) -> Result<void> { return {}; }));
        TRY_VOID(
            sets(root["reach_sets"].node(), reach_sets_, [](const auto&, const auto&) -> Result<void> { return {}; }));
        TRY_VOID(sets(root["sets"].node(), kind_sets_,
                      [this](const auto& kind, const auto& node) { return known_kind(kind, node); }));
        TRY_VOID(lengths(root["relationship"].node(), {{"task_days", &Lengths::task_days},
                                                       {"involved_months", &Lengths::involved_months},
                                                       {"after_close_days", &Lengths::after_close_days},
                                                       {"warn_days", &Lengths::warn_days},
                                                       {"glass_hours", &Lengths::glass_hours},
                                                       {"glass_review_days", &Lengths::glass_review_days},
                                                       {"approval_days", &Lengths::approval_days},
                                                       {"backup_days", &Lengths::backup_days}}));
        TRY_VOID(strengths(root["strength"].node()));
        TRY_VOID(restriction(root["restriction"].node()));
        TRY_VOID(always(root["always"].node()));
        TRY_VOID(parts(root["parts"].node()));
        const auto* rows = root["role"].as_array();
        if (rows == nullptr)
            return invalid(file_, "the policy has no [[role]]", "add one for each role that may do anything");
        for (const auto& node : *rows) {
            const auto* table = node.as_table();
            if (table == nullptr) return invalid(place(node), "a role must be a table", "write [[role]]");
            policy_.rows.push_back(TRY(row(*table)));
            const auto& role = policy_.rows.back().role;
            if (policy_.row(role) != &policy_.rows.back())
                return invalid(place(node), fmt::format("the role {} stands twice", role), "keep one");
        }
        return std::move(policy_);
    }

private:
    using Check = std::function<Result<void>(const std::string&, const toml::node&)>;
    using LengthKeys = std::vector<std::pair<std::string_view, int Lengths::*>>;

    std::string place(const toml::node& node) const { return fmt::format("{}:{}", file_, node.source().begin.line); }

    Result<const toml::table*> table_of(const toml::node* node, std::string_view name) const {
        if (node == nullptr) return static_cast<const toml::table*>(nullptr);
        const auto* table = node->as_table();
        if (table == nullptr)
            return invalid(place(*node), fmt::format("{} must be a table", name), fmt::format("write [{}]", name));
        return table;
    }

    Result<Words> strings(const toml::node& node) const {
        const auto* array = node.as_array();
        if (array == nullptr) return invalid(place(node), "this must be a list of words", "write [\"…\"]");
        Words found;
        for (const auto& one : *array) {
            if (!one.is_string()) return invalid(place(one), "this must be a word", "write \"…\"");
            found.push_back(one.value_or(std::string{}));
        }
        return found;
    }

    // Names of sets stand for what is in them.
    Result<Words> expanded(const toml::node& node, const Sets& sets) const {
        Words out;
        for (auto& word : TRY(strings(node))) {
            if (const auto set = sets.find(word); set != sets.end()) {
                out.insert(out.end(), set->second.begin(), set->second.end());
            } else {
                out.push_back(std::move(word));
            }
        }
        return out;
    }

    Result<void> purposes(const toml::node* node) {
        const auto* table = TRY(table_of(node, "purposes"));
        if (table == nullptr) return {};
        for (const auto& [code, words] : *table) {
            if (!words.is_string()) return invalid(place(words), "a purpose needs its words", "write code = \"words\"");
            policy_.purposes.emplace(std::string(code.str()), words.value_or(std::string{}));
        }
        return {};
    }

    Result<void> sets(const toml::node* node, Sets& into, const Check& check) const {
        const auto* table = TRY(table_of(node, "sets"));
        if (table == nullptr) return {};
        for (const auto& [name, list] : *table) {
            auto words = TRY(strings(list));
            for (const auto& word : words) TRY_VOID(check(word, list));
            into.emplace(std::string(name.str()), std::move(words));
        }
        return {};
    }

    Result<void> length(const toml::node& node, int& into) const {
        constexpr std::int64_t most = 10'000;
        const auto* number = node.as_integer();
        if (number == nullptr || number->get() < 0 || number->get() > most)
            return invalid(place(node), "this must be a whole number", fmt::format("write one from 0 to {}", most));
        into = static_cast<int>(number->get());
        return {};
    }

    Result<void> lengths(const toml::node* node, const LengthKeys& keys) {
        const auto* table = TRY(table_of(node, "relationship"));
        if (table == nullptr) return {};
        for (const auto& [key, value] : *table) {
            const auto found = std::find_if(keys.begin(), keys.end(),
                                            [name = key.str()](const auto& one) { return one.first == name; });
            if (found == keys.end())
                return invalid(place(value), fmt::format("\"{}\" is not a length of a relationship", key.str()),
                               "use task_days, involved_months, after_close_days, warn_days, glass_hours, "
                               "glass_review_days, approval_days or backup_days");
            TRY_VOID(length(value, policy_.lengths.*(found->second)));
        }
        return {};
    }

    Result<void> strengths(const toml::node* node) {
        const auto* table = TRY(table_of(node, "strength"));
        if (table == nullptr) return {};
        for (const auto& [key, value] : *table) {
            const auto word = value.value_or(std::string{});
            if (key != "glass" && key != "approve")
                return invalid(place(value), fmt::format("\"{}\" needs no strength", key.str()),
                               "use glass or approve");
            if (strength_rank(word) == 0)
                return invalid(place(value), fmt::format("\"{}\" is not a strength of a sign-in", word),
                               "use name, password, two-factor or phishing-resistant");
            (key == "glass" ? policy_.glass_strength : policy_.approve_strength) = word;
        }
        return {};
    }

    Result<void> restriction(const toml::node* node) {
        const auto* table = TRY(table_of(node, "restriction"));
        if (table == nullptr) return {};
        for (const auto& [key, value] : *table) {
            if (key == "review_days") {
                TRY_VOID(length(value, policy_.lengths.review_days));
            } else if (key == "warn_days") {
                TRY_VOID(length(value, policy_.lengths.review_warn_days));
            } else if (key == "level") {
                TRY_VOID(levels(value));
            } else {
                return invalid(place(value), fmt::format("\"{}\" is not a key of restriction", key.str()),
                               "use review_days, warn_days or level");
            }
        }
        return {};
    }

    Result<Level> level(const std::string& word, const toml::node& node) const {
        const auto found = parse_level(word);
        if (found) return *found;
        return invalid(place(node), fmt::format("\"{}\" is not a marking", word),
                       fmt::format("use {}", fmt::join(record::markings(), ", ")));
    }

    Result<void> levels(const toml::node& node) {
        const auto* table = TRY(table_of(&node, "restriction.level"));
        for (const auto& [name, value] : *table) {
            const auto which = TRY(level(std::string(name.str()), value));
            auto& rule = policy_.levels.at(static_cast<std::size_t>(which));
            for (const auto& [key, flag] : *TRY(table_of(&value, "restriction.level"))) {
                if (!flag.is_boolean() || (key != "told" && key != "glass"))
                    return invalid(place(flag), fmt::format("\"{}\" is not a rule of a level", key.str()),
                                   "write told = true or false, glass = true or false");
                (key == "told" ? rule.told : rule.glass) = flag.value_or(false);
            }
            if (which == Level::sealed && rule.glass)
                return invalid(place(value), "what a court has sealed opens to nobody in an emergency",
                               "write glass = false");
        }
        return {};
    }

    Result<void> always(const toml::node* node) {
        const auto* table = TRY(table_of(node, "always"));
        if (table == nullptr) return {};
        for (const auto& [key, value] : *table) {
            if (key != "appends")
                return invalid(place(value), fmt::format("\"{}\" is not a key of always", key.str()), "use appends");
            for (auto& kind : TRY(expanded(value, kind_sets_))) {
                TRY_VOID(known_kind(kind, value));
                policy_.always.insert(std::move(kind));
            }
        }
        return {};
    }

    Result<void> parts(const toml::node* node) {
        auto part_of = std::make_shared<std::map<std::string, std::size_t, std::less<>>>();
        if (const auto* table = TRY(table_of(node, "parts"))) {
            for (const auto& [name, list] : *table) {
                const bool taken = std::find(other_keys.begin(), other_keys.end(), name.str()) != other_keys.end() ||
                                   std::find(scoped_keys.begin(), scoped_keys.end(), name.str()) != scoped_keys.end();
                if (taken)
                    return invalid(place(list), fmt::format("a part cannot be called \"{}\"", name.str()),
                                   "choose another name");
                for (auto& kind : TRY(strings(list))) {
                    TRY_VOID(known_kind(kind, list));
                    if (!part_of->emplace(kind, policy_.parts.size()).second)
                        return invalid(place(list), fmt::format("the kind {} stands in two parts", kind), "keep one");
                }
                policy_.parts.emplace_back(name.str());
            }
        }
        policy_.parts.emplace_back(rest_part);
        policy_.part_of = std::move(part_of);
        return {};
    }

    Result<void> known_kind(const std::string& kind, const toml::node& node) const {
        if (catalogue_.find(kind) != nullptr) return {};
        const auto near = catalogue_.nearest(kind);
        return invalid(place(node), fmt::format("\"{}\" is not a kind of entry", kind),
                       near.empty() ? "use a kind from content/kinds" : fmt::format("did you mean {}?", near));
    }

    Result<RoleRow> row(const toml::table& table) const {
        RoleRow row;
        row.parts.assign(policy_.parts.size(), Depth::none);
        for (const auto& [key, node] : table) {
            const auto action = std::find(scoped_keys.begin(), scoped_keys.end(), key.str());
            const auto part = std::find(policy_.parts.begin(), policy_.parts.end(), key.str());
            if (key == "role") {
                row.role = node.value_or(std::string{});
            } else if (key == "purposes") {
                row.purposes = TRY(role_purposes(node));
            } else if (key == "reach") {
                row.reach = TRY(reach(node));
            } else if (key == "own") {
                row.own = TRY(depth(node));
            } else if (key == "beyond") {
                row.beyond = TRY(depth(node));
            } else if (key == "closed") {
                row.closed = TRY(depth(node));
            } else if (key == "opens") {
                row.opens = TRY(opens(node));
            } else if (key == "appends") {
                for (auto& kind : TRY(expanded(node, kind_sets_))) {
                    TRY_VOID(known_kind(kind, node));
                    row.appends.insert(std::move(kind));
                }
            } else if (part != policy_.parts.end()) {
                row.parts.at(static_cast<std::size_t>(part - policy_.parts.begin())) = TRY(depth(node));
            } else if (action != scoped_keys.end()) {
                row.scopes.emplace(scoped.at(static_cast<std::size_t>(action - scoped_keys.begin())), TRY(scope(node)));
            } else {
                return invalid(place(node), fmt::format("\"{}\" is not a key of a role", key.str()),
                               fmt::format("use {}, a part ({}) or {}", fmt::join(other_keys, ", "),
                                           fmt::join(policy_.parts, ", "), fmt::join(scoped_keys, ", ")));
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

    Result<Words> role_purposes(const toml::node& node) const {
        Words out;
        for (auto& code : TRY(expanded(node, purpose_sets_))) {
            if (!policy_.purposes.contains(code))
                return invalid(place(node), fmt::format("\"{}\" is not a purpose", code),
                               "use one of [purposes] or [purpose_sets]");
            if (std::find(out.begin(), out.end(), code) == out.end()) out.push_back(std::move(code));
        }
        return out;
    }

    Result<std::uint16_t> reach(const toml::node& node) const {
        unsigned bits = 0;
        for (const auto& word : TRY(expanded(node, reach_sets_))) {
            const auto found = std::find(relationship_names.begin(), relationship_names.end(), word);
            const auto which = static_cast<Relationship>(found - relationship_names.begin());
            if (found == relationship_names.end() || which == Relationship::conflict)
                return invalid(place(node), fmt::format("\"{}\" is not a relationship that opens a record", word),
                               fmt::format("use {} or one of [reach_sets]",
                                           fmt::join(relationship_names.begin(), relationship_names.end() - 1, ", ")));
            bits |= 1u << static_cast<unsigned>(which);
        }
        return static_cast<std::uint16_t>(bits);
    }

    Result<std::uint8_t> opens(const toml::node& node) const {
        unsigned bits = 0;
        for (const auto& word : TRY(strings(node))) {
            const auto which = TRY(level(word, node));
            if (which != Level::named_only && which != Level::hidden)
                return invalid(place(node), fmt::format("no role opens \"{}\" by itself", word),
                               "use named-only or hidden");
            bits |= 1u << static_cast<unsigned>(which);
        }
        return static_cast<std::uint8_t>(bits);
    }

    Result<Depth> depth(const toml::node& node) const {
        const auto word = node.value_or(std::string{});
        for (const auto one : {Depth::none, Depth::dates, Depth::summary, Depth::full}) {
            if (record::to_string(one) == word) return one;
        }
        return invalid(place(node), fmt::format("\"{}\" does not say how much is seen", word),
                       "use none, dates, summary or full");
    }

    Result<Scope> scope(const toml::node& node) const {
        const auto word = node.value_or(std::string{});
        if (word == "none") return Scope::none;
        if (word == "own") return Scope::own;
        if (word == "all") return Scope::all;
        return invalid(place(node), fmt::format("\"{}\" is not a right", word), "use none, own or all");
    }

    const std::string& file_;
    const content::Catalogue& catalogue_;
    Policy policy_;
    Sets purpose_sets_;
    Sets reach_sets_;
    Sets kind_sets_;
};

}  // namespace

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
