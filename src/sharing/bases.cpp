// Reads the table of lawful bases.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.hpp"
#include "sharing/telling.hpp"

namespace waymark::sharing {

namespace {

class BasesReader {
public:
    explicit BasesReader(const std::string& file) : file_(file) {}

    Result<Bases> read(const toml::table& root) {
        for (const auto& [key, node] : root) {
            if (!one_of(key.str(), {"version", "content", "regime", "article", "condition", "body", "gateway"}))
                return unknown(key.str(), node, "use version, content, regime, article, condition, body or gateway");
        }
        out_.version = root["version"].value_or(std::string{});
        if (out_.version.empty()) return invalid(file_, "the table has no version", "add version = \"…\" at its head");
        TRY_VOID(each(root, "regime", [this](const toml::table& row) { return regime(row); }));
        TRY_VOID(each(root, "condition", [this](const toml::table& row) { return condition(row); }));
        TRY_VOID(each(root, "content", [this](const toml::table& row) { return content(row); }));
        TRY_VOID(each(root, "article", [this](const toml::table& row) { return article(row); }));
        TRY_VOID(each(root, "body", [this](const toml::table& row) { return body(row); }));
        TRY_VOID(each(root, "gateway", [this](const toml::table& row) { return gateway(row); }));
        TRY_VOID(fits());
        return std::move(out_);
    }

private:
    using Keys = std::initializer_list<std::string_view>;
    using Row = Result<void> (*)(const toml::table&);

    static bool one_of(std::string_view word, Keys keys) {
        return std::find(keys.begin(), keys.end(), word) != keys.end();
    }
    [[nodiscard]] std::string place(const toml::node& node) const {
        return fmt::format("{}:{}", file_, node.source().begin.line);
    }
    [[nodiscard]] tl::unexpected<Fault> unknown(std::string_view key, const toml::node& node, std::string mend) const {
        return invalid(place(node), fmt::format("\"{}\" is not a key of this table", key), std::move(mend));
    }
    template <class Do>
    Result<void> each(const toml::table& root, std::string_view name, const Do& act) const {
        const auto* rows = root[name].as_array();
        if (rows == nullptr) return invalid(file_, fmt::format("there is no [[{}]]", name), "add one");
        for (const auto& node : *rows) {
            const auto* row = node.as_table();
            if (row == nullptr) return invalid(place(node), "this must be a table", fmt::format("write [[{}]]", name));
            TRY_VOID(act(*row));
        }
        return {};
    }
    Result<void> only(const toml::table& row, Keys keys) const {
        for (const auto& [key, node] : row) {
            if (!one_of(key.str(), keys)) return unknown(key.str(), node, fmt::format("use {}", fmt::join(keys, ", ")));
        }
        return {};
    }
    [[nodiscard]] Result<std::string> need(const toml::table& row, std::string_view key) const {
        auto text = row[key].value<std::string>();
        if (!text || text->empty()) return invalid(place(row), fmt::format("{} is not given", key), "add it");
        return std::move(*text);
    }
    [[nodiscard]] Result<std::vector<std::string>> words(const toml::table& row, std::string_view key) const {
        std::vector<std::string> out;
        const auto* node = row.get(key);
        if (node == nullptr) return out;
        const auto* list = node->as_array();
        if (list == nullptr)
            return invalid(place(*node), fmt::format("{} must be a list of words", key), "write [\"…\"]");
        for (const auto& one : *list) {
            if (!one.is_string()) return invalid(place(one), "this must be a word", "write \"…\"");
            out.push_back(one.value_or(std::string{}));
        }
        return out;
    }
    [[nodiscard]] Result<Date> day(const toml::node& node, std::string_view key) const {
        const auto* date = node.as_date();
        if (date == nullptr)
            return invalid(place(node), fmt::format("{} must be a day", key),
                           fmt::format("write {} = 2026-09-01", key));
        const auto& given = date->get();
        auto read = parse_date(fmt::format("{:04}-{:02}-{:02}", given.year, given.month, given.day));
        if (!read) return invalid(place(node), read.error().reason, read.error().mend);
        return read;
    }
    [[nodiscard]] Result<std::vector<std::string>> types(const toml::table& row, std::string_view key) const {
        auto out = TRY(words(row, key));
        if (out.empty()) return invalid(place(row), fmt::format("{} is empty", key), "name agency types");
        const auto& known = content::agency_types();
        for (const auto& one : out) {
            if (std::find(known.begin(), known.end(), one) == known.end())
                return invalid(place(*row.get(key)), fmt::format("\"{}\" is not an agency type", one),
                               fmt::format("use {}", fmt::join(known, ", ")));
        }
        return out;
    }
    [[nodiscard]] Result<std::vector<std::string>> nations(const toml::table& row) const {
        auto out = TRY(words(row, "nations"));
        if (out.empty()) return invalid(place(row), "nations is empty", "name at least one nation");
        return out;
    }
    [[nodiscard]] Result<Bases::Words> said(const toml::table& row) const {
        // One after the other: what is left in the middle of a list in braces is not given back.
        Bases::Words words;
        words.words = TRY(need(row, "words"));
        words.source = TRY(need(row, "source"));
        return words;
    }
    template <class Table>
    Result<void> defined(const Table& table, const std::string& id, const toml::table& row,
                         std::string_view what) const {
        if (table.contains(id)) return {};
        return invalid(place(row), fmt::format("\"{}\" is not {}", id, what), "define it in this file");
    }
    Result<void> once(bool is_new, const std::string& id, const toml::table& row) const {
        if (is_new) return {};
        return invalid(place(row), fmt::format("\"{}\" stands twice", id), "keep one");
    }

    // An entry keeps the basis as one code of at most 64 letters.
    [[nodiscard]] Result<void> fits() const {
        constexpr std::size_t most = 64;
        std::size_t side = 0;
        for (const auto& [id, article] : out_.articles)
            side = std::max(side, id.size() + 1 + std::max(article.special.size(), article.criminal.size()));
        std::size_t way = 0;
        for (const auto& one : out_.gateways) way = std::max(way, one.id.size());
        if (2 * side + way + out_.version.size() + 3 <= most) return {};
        return invalid(
            file_, "the ids of an article, its conditions and a gateway are too long together",
            fmt::format("shorten them: two sides, a gateway and the version make one code of {} letters", most));
    }

    Result<void> regime(const toml::table& row) {
        TRY_VOID(only(row, {"id", "words", "source"}));
        const auto id = TRY(need(row, "id"));
        return once(out_.regimes.emplace(id, TRY(said(row))).second, id, row);
    }
    Result<void> condition(const toml::table& row) {
        TRY_VOID(only(row, {"id", "words", "source"}));
        const auto id = TRY(need(row, "id"));
        return once(out_.conditions.emplace(id, TRY(said(row))).second, id, row);
    }
    Result<void> content(const toml::table& row) {
        TRY_VOID(only(row, {"id", "words", "class"}));
        const auto id = TRY(need(row, "id"));
        const auto of = TRY(need(row, "class"));
        Bases::Content one;
        one.words = TRY(need(row, "words"));
        one.of = Bases::Class::special;
        if (of == "personal") {
            one.of = Bases::Class::personal;
        } else if (of == "criminal") {
            one.of = Bases::Class::criminal;
        } else if (of != "special") {
            return invalid(place(row), fmt::format("\"{}\" is not a class", of), "use personal, special or criminal");
        }
        return once(out_.contents.emplace(id, std::move(one)).second, id, row);
    }
    Result<void> article(const toml::table& row) {
        TRY_VOID(only(row, {"id", "regime", "words", "special", "criminal", "source"}));
        const auto id = TRY(need(row, "id"));
        Bases::Article one;
        one.regime = TRY(need(row, "regime"));
        one.special = TRY(need(row, "special"));
        one.criminal = TRY(need(row, "criminal"));
        one.words = TRY(said(row));
        TRY_VOID(defined(out_.regimes, one.regime, row, "a regime"));
        TRY_VOID(defined(out_.conditions, one.special, row, "a condition"));
        TRY_VOID(defined(out_.conditions, one.criminal, row, "a condition"));
        return once(out_.articles.emplace(id, std::move(one)).second, id, row);
    }
    Result<void> body(const toml::table& row) {
        TRY_VOID(only(row, {"nations", "types", "article", "enforcing", "enforcing_article", "source"}));
        Bases::Body one;
        one.nations = TRY(nations(row));
        one.types = TRY(types(row, "types"));
        one.article = TRY(need(row, "article"));
        one.enforcing = TRY(words(row, "enforcing"));
        one.source = TRY(need(row, "source"));
        TRY_VOID(defined(out_.articles, one.article, row, "an article"));
        if (!one.enforcing.empty()) {
            one.enforcing_article = TRY(need(row, "enforcing_article"));
            TRY_VOID(defined(out_.articles, one.enforcing_article, row, "an article"));
        }
        out_.bodies.push_back(std::move(one));
        return {};
    }
    Result<void> gateway(const toml::table& row) {
        TRY_VOID(only(row, {"id", "words", "from", "to", "purposes", "nations", "in_force", "source"}));
        Bases::Gateway one;
        one.id = TRY(need(row, "id"));
        one.words = TRY(said(row));
        one.from = TRY(types(row, "from"));
        one.to = TRY(types(row, "to"));
        one.purposes = TRY(words(row, "purposes"));
        one.nations = TRY(nations(row));
        if (const auto* node = row.get("in_force")) {
            one.in_force = TRY(day(*node, "in_force"));
        }
        const auto same = std::find_if(out_.gateways.begin(), out_.gateways.end(),
                                       [&](const auto& other) { return other.id == one.id; });
        TRY_VOID(once(same == out_.gateways.end(), one.id, row));
        out_.gateways.push_back(std::move(one));
        return {};
    }

    const std::string& file_;
    Bases out_;
};

}  // namespace

Result<Bases> parse_bases(std::string_view text, const std::string& file) {
    toml::table root;
    try {
        root = toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        return invalid(fmt::format("{}:{}", file, error.source().begin.line), std::string(error.description()),
                       "correct the TOML");
    }
    auto bases = BasesReader(file).read(root);
    if (bases) bases->text = std::string(text);
    return bases;
}

}  // namespace waymark::sharing
