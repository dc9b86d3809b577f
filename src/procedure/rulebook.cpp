// Reads a rulebook. Everything is checked here once, with its line, so that a fold never meets a name that means
// nothing.
#include <algorithm>
#include <initializer_list>
#include <set>

#include <fmt/core.h>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/text.hpp"
#include "procedure/cues.hpp"

namespace waymark::procedure {

namespace {

using content::Catalogue;

constexpr std::size_t most_bytes = 1u << 20;
constexpr std::size_t most_events = 500;
constexpr std::size_t most_rules = 1000;
constexpr std::size_t most_codes = 100;

template <std::size_t n>
std::vector<std::string> words(const std::pair<std::string_view, int> (&table)[n]) {
    std::vector<std::string> all;
    for (const auto& [word, value] : table) all.emplace_back(word);
    return all;
}

constexpr std::pair<std::string_view, int> relations[] = {
    {"condition", static_cast<int>(Relation::condition)}, {"response", static_cast<int>(Relation::response)},
    {"milestone", static_cast<int>(Relation::milestone)}, {"include", static_cast<int>(Relation::include)},
    {"exclude", static_cast<int>(Relation::exclude)},
};
constexpr std::pair<std::string_view, int> for_each_words[] = {
    {"earlier-concern", static_cast<int>(ForEach::earlier_concern)}};
constexpr std::pair<std::string_view, int> counts_from_words[] = {
    {"raising", static_cast<int>(CountsFrom::raising)},
    {"referral", static_cast<int>(CountsFrom::referral)},
    {"strategy", static_cast<int>(CountsFrom::strategy)},
};
constexpr std::pair<std::string_view, int> ends_with_words[] = {
    {"closing", static_cast<int>(EndsWith::closing)},
    {"case.closed", static_cast<int>(EndsWith::case_closed)},
    {"never", static_cast<int>(EndsWith::never)},
};

bool is_id(std::string_view text) {
    if (text.empty() || text.size() > 60 || text.front() == '-' || text.back() == '-') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// "C01", "C01a": a row of the clock register.
bool is_register_id(std::string_view text) {
    if (text.size() < 3 || text.size() > 4 || text[0] != 'C') return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return digit(text[1]) && digit(text[2]) && (text.size() == 3 || (text[3] >= 'a' && text[3] <= 'z'));
}

class Reader {
public:
    Reader(const std::string& file, const Catalogue& catalogue) : file_(file), catalogue_(catalogue) {}

    Result<Rulebook> read(std::string_view text) {
        if (text.size() > most_bytes) return invalid(file_, "the rulebook is larger than 1 MiB", "split it");
        if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos) {
            return invalid(file_, fmt::format("ill-formed UTF-8 at byte {}", bad), "save the file as UTF-8");
        }
        toml::table table;
        try {
            table = toml::parse(text, file_);
        } catch (const toml::parse_error& error) {
            return invalid(fmt::format("{}:{}", file_, error.source().begin.line), std::string(error.description()),
                           "write it as TOML 1.0");
        }
        Rulebook book;
        book.text = text;
        TRY_VOID(only(table, {"name", "version", "title", "nation", "in_force", "event", "rule", "cue"}));
        book.name = TRY(need(table, "name"));
        if (!is_id(book.name))
            return invalid(place(table, "name"), "not a name", "write lower-case words joined by hyphens");
        book.version = TRY(need(table, "version"));
        book.title = TRY(need(table, "title"));
        book.nation = TRY(need(table, "nation"));
        if (table.contains("in_force")) in_force_ = TRY(day(table, "in_force"));
        TRY_VOID(events(table, book));
        TRY_VOID(rules(table, book));
        TRY_VOID(cues(table, book));
        return book;
    }

private:
    [[nodiscard]] std::string place(const toml::node& node) const {
        return fmt::format("{}:{}", file_, node.source().begin.line);
    }
    [[nodiscard]] std::string place(const toml::table& table, std::string_view key) const {
        const auto* node = table.get(key);
        return place(node != nullptr ? *node : static_cast<const toml::node&>(table));
    }

    Result<void> only(const toml::table& table, std::initializer_list<std::string_view> known) const {
        for (const auto& [key, value] : table) {
            if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
            const auto near = nearest(key.str(), std::vector<std::string>(known.begin(), known.end()));
            return invalid(place(value), fmt::format("unknown key \"{}\"", key.str()),
                           near.empty() ? "take it out" : fmt::format("did you mean \"{}\"?", near));
        }
        return {};
    }
    Result<std::string> optional(const toml::table& table, std::string_view key) const {
        const auto* node = table.get(key);
        if (node == nullptr) return std::string();
        if (const auto* text = node->as_string()) return text->get();
        return invalid(place(*node), fmt::format("{} is not text", key), "put it in double quotes");
    }
    Result<std::string> need(const toml::table& table, std::string_view key) const {
        auto text = TRY(optional(table, key));
        if (text.empty())
            return invalid(place(table, key), fmt::format("{} is missing", key), fmt::format("add {} = \"…\"", key));
        return text;
    }
    Result<bool> flag(const toml::table& table, std::string_view key, bool otherwise) const {
        const auto* node = table.get(key);
        if (node == nullptr) return otherwise;
        if (const auto* value = node->as_boolean()) return value->get();
        return invalid(place(*node), fmt::format("{} is neither true nor false", key), "write true or false");
    }
    Result<Date> day(const toml::table& table, std::string_view key) const {
        const auto* node = table.get(key);
        if (const auto* date = node == nullptr ? nullptr : node->as_date()) {
            const auto& d = date->get();
            const std::chrono::year_month_day ymd{std::chrono::year(d.year), std::chrono::month(d.month),
                                                  std::chrono::day(d.day)};
            if (ymd.ok()) return Date(ymd);
        }
        return invalid(place(table, key), fmt::format("{} is not a date", key),
                       "write it as 2018-11-12, without quotes");
    }
    template <class T, std::size_t n>
    Result<T> word(const toml::table& table, std::string_view key, const std::pair<std::string_view, int> (&known)[n],
                   T otherwise, bool required) const {
        const auto text = TRY(required ? need(table, key) : optional(table, key));
        if (text.empty()) return otherwise;
        for (const auto& [name, value] : known) {
            if (name == text) return static_cast<T>(value);
        }
        return invalid(place(table, key), fmt::format("unknown {} \"{}\"", key, text),
                       fmt::format("write one of: {}", join(words(known), ", ")));
    }
    // A text or a list of texts.
    Result<std::vector<std::string>> texts(const toml::table& table, std::string_view key) const {
        std::vector<std::string> all;
        const auto* node = table.get(key);
        if (node == nullptr) return all;
        if (const auto* one = node->as_string()) return std::vector{one->get()};
        if (const auto* list = node->as_array(); list != nullptr && list->size() <= most_codes) {
            for (const auto& item : *list) {
                const auto* text = item.as_string();
                if (text == nullptr)
                    return invalid(place(item), fmt::format("{} holds something that is not text", key),
                                   "put it in double quotes");
                all.push_back(text->get());
            }
            if (!all.empty()) return all;
        }
        return invalid(place(*node), fmt::format("{} is neither text nor a list of texts", key),
                       "write \"…\" or [\"…\", \"…\"]");
    }
    Result<std::vector<const toml::table*>> tables(const toml::table& table, std::string_view key,
                                                   std::size_t most) const {
        std::vector<const toml::table*> all;
        const auto* node = table.get(key);
        if (node == nullptr) return all;
        const auto* list = node->as_array();
        if (list == nullptr)
            return invalid(place(*node), fmt::format("{} is not a list", key), fmt::format("write [[{}]]", key));
        if (list->size() > most)
            return invalid(place(*node), fmt::format("more than {} of {}", most, key), "split the rulebook");
        for (const auto& item : *list) {
            const auto* one = item.as_table();
            if (one == nullptr)
                return invalid(place(item), fmt::format("{} is not a table", key), fmt::format("write [[{}]]", key));
            all.push_back(one);
        }
        return all;
    }

    Result<std::string> id_of(const toml::table& table, std::set<std::string>& taken, std::string_view what) const {
        auto id = TRY(need(table, "id"));
        if (!is_id(id))
            return invalid(place(table, "id"), fmt::format("\"{}\" is not an id", id),
                           "write lower-case words joined by hyphens");
        if (!taken.insert(id).second)
            return invalid(place(table, "id"), fmt::format("there is another {} \"{}\"", what, id),
                           "give it an id of its own");
        return id;
    }

    Result<void> events(const toml::table& table, Rulebook& book) {
        std::set<std::string> taken;
        for (const auto* one : TRY(tables(table, "event", most_events))) {
            TRY_VOID(only(*one, {"id", "kind", "label", "where", "unless", "involvement", "included"}));
            Event event;
            event.id = TRY(id_of(*one, taken, "event"));
            event.kind = TRY(need(*one, "kind"));
            const auto* kind = catalogue_.find(event.kind);
            if (kind == nullptr) {
                const auto near = catalogue_.nearest(event.kind);
                return invalid(
                    place(*one, "kind"), fmt::format("unknown kind of entry \"{}\"", event.kind),
                    near.empty() ? "name a kind of content/kinds" : fmt::format("did you mean \"{}\"?", near));
            }
            event.label = TRY(optional(*one, "label"));
            if (event.label.empty()) event.label = kind->label;
            event.included = TRY(flag(*one, "included", true));
            event.guard.fields = TRY(guard(*one, "where", *kind));
            event.guard.except = TRY(guard(*one, "unless", *kind));
            for (const auto& name : TRY(texts(*one, "involvement"))) {
                const auto involvement = record::parse_involvement(name);
                if (!involvement)
                    return invalid(place(*one, "involvement"), fmt::format("unknown involvement \"{}\"", name),
                                   "name one of the outside contract, section 2");
                event.guard.involvement = static_cast<record::Involvements>(event.guard.involvement |
                                                                            static_cast<std::uint16_t>(*involvement));
            }
            for (const auto& field : kind->fields) {
                if (field.required && !field.codes.empty() && field.type == content::FieldType::code) {
                    book.complete[event.kind + ' ' + field.name] = field.codes;
                }
            }
            book.events.push_back(std::move(event));
        }
        if (book.events.empty()) return invalid(file_, "there are no events", "add [[event]]");
        return {};
    }

    Result<std::map<std::string, std::vector<std::string>>> guard(const toml::table& table, std::string_view key,
                                                                  const content::Kind& kind) const {
        std::map<std::string, std::vector<std::string>> fields;
        const auto* node = table.get(key);
        if (node == nullptr) return fields;
        const auto* guards = node->as_table();
        if (guards == nullptr)
            return invalid(place(*node), fmt::format("{} is not a table", key),
                           fmt::format("write {} = {{field = \"code\"}}", key));
        for (const auto& [name, value] : *guards) {
            const auto* field = kind.field(name.str());
            if (field == nullptr) {
                std::vector<std::string> names;
                for (const auto& known : kind.fields) names.push_back(known.name);
                return invalid(place(value), fmt::format("{} has no field \"{}\"", kind.key, name.str()),
                               fmt::format("its fields are: {}", join(names, ", ")));
            }
            if (!field->in_card())
                return invalid(place(value),
                               fmt::format("{} is text: a rule sees codes, dates and references only", field->name),
                               "use a field with codes");
            std::vector<std::string> codes;
            if (const auto* yes = value.as_boolean()) {
                codes.push_back(yes->get() ? "true" : "false");
            } else {
                codes = TRY(texts(*guards, name.str()));
            }
            for (const auto& code : codes) {
                if (code == "absent" || code == "present") continue;
                const bool fits = field->type == content::FieldType::boolean
                                      ? code == "true" || code == "false"
                                      : field->codes.empty() || std::find(field->codes.begin(), field->codes.end(),
                                                                          code) != field->codes.end();
                if (!fits) {
                    return invalid(place(value),
                                   fmt::format("\"{}\" is not a code of {}.{}", code, kind.key, field->name),
                                   field->type == content::FieldType::boolean
                                       ? "write true or false"
                                       : fmt::format("its codes are: {}", join(field->codes, ", ")));
                }
            }
            fields.emplace(std::string(name.str()), std::move(codes));
        }
        return fields;
    }

    Result<void> known_event(const toml::table& table, std::string_view key, const std::string& id,
                             const Rulebook& book) const {
        if (book.event(id) != nullptr) return {};
        std::vector<std::string> ids;
        for (const auto& event : book.events) ids.push_back(event.id);
        const auto near = nearest(id, ids);
        return invalid(place(table, key), fmt::format("unknown event \"{}\"", id),
                       near.empty() ? "name an [[event]] of this rulebook" : fmt::format("did you mean \"{}\"?", near));
    }

    Result<Source> source(const toml::table& table, bool required) const {
        Source source;
        source.text = TRY(optional(table, "source"));
        source.unsourced = source.text.find("[U]") != std::string::npos;
        if (required && source.text.empty()) {
            return invalid(place(table), "a clock without a source",
                           "add source = \"…\", or source = \"[U] …\" where none could be found");
        }
        source.in_force = table.contains("in_force") ? TRY(day(table, "in_force")) : in_force_.value_or(Date{});
        if (required && !table.contains("in_force") && !in_force_) {
            return invalid(place(table), "a clock without the date from which it is in force",
                           "add in_force = 2018-11-12");
        }
        source.register_id = TRY(optional(table, "register"));
        if (!source.register_id.empty() && !is_register_id(source.register_id)) {
            return invalid(place(table, "register"),
                           fmt::format("\"{}\" is not a row of the clock register", source.register_id),
                           "write it as C01");
        }
        source.paragraph = TRY(optional(table, "paragraph"));
        return source;
    }

    Result<void> rules(const toml::table& table, Rulebook& book) {
        std::set<std::string> taken;
        for (const auto* one : TRY(tables(table, "rule", most_rules))) {
            TRY_VOID(only(*one, {"id", "relation", "from", "to", "also_met_by", "clock", "by_about", "for_each",
                                 "counts_from", "ends_with", "owner", "label", "course", "urgent", "source", "in_force",
                                 "register", "paragraph"}));
            Rule rule;
            rule.id = TRY(id_of(*one, taken, "rule"));
            rule.relation = TRY(word(*one, "relation", relations, Relation::response, true));
            rule.to = TRY(need(*one, "to"));
            TRY_VOID(known_event(*one, "to", rule.to, book));
            rule.also_met_by = TRY(texts(*one, "also_met_by"));
            for (const auto& id : rule.also_met_by) TRY_VOID(known_event(*one, "also_met_by", id, book));
            if (const auto clock = TRY(optional(*one, "clock")); !clock.empty()) {
                auto length = content::parse_clock_length(clock);
                if (!length) return invalid(place(*one, "clock"), length.error().reason, length.error().mend);
                rule.deadline = *length;
            }
            rule.matched_by_about = TRY(flag(*one, "by_about", false));
            rule.for_each = TRY(word(*one, "for_each", for_each_words, ForEach::once, false));
            rule.counts_from = TRY(word(*one, "counts_from", counts_from_words, CountsFrom::raising, false));
            rule.ends_with = TRY(word(*one, "ends_with", ends_with_words, EndsWith::closing, false));
            rule.owner = TRY(optional(*one, "owner"));
            rule.label = TRY(optional(*one, "label"));
            rule.course = TRY(optional(*one, "course"));
            rule.urgent = TRY(optional(*one, "urgent"));
            rule.source = TRY(source(*one, rule.deadline.has_value()));
            TRY_VOID(fits(*one, rule));
            const auto from = TRY(texts(*one, "from"));
            if (from.empty()) return invalid(place(*one), "from is missing", "add from = \"…\"");
            for (const auto& id : from) {
                TRY_VOID(known_event(*one, "from", id, book));
                rule.from = id;
                book.rules.push_back(rule);
            }
            if (book.rules.size() > most_rules) return invalid(place(*one), "too many rules", "split the rulebook");
        }
        return {};
    }

    Result<void> fits(const toml::table& table, const Rule& rule) const {
        const auto& roles = content::roles();
        if (!rule.owner.empty() && std::find(roles.begin(), roles.end(), rule.owner) == roles.end()) {
            const auto near = nearest(rule.owner, roles);
            return invalid(place(table, "owner"), fmt::format("unknown role \"{}\"", rule.owner),
                           near.empty() ? "name a role of the outside contract, section 6"
                                        : fmt::format("did you mean \"{}\"?", near));
        }
        if (rule.relation == Relation::response) {
            if (!rule.deadline) return invalid(place(table), "a duty without a clock", "add clock = \"1 working day\"");
            if (rule.owner.empty())
                return invalid(place(table), "a duty that nobody owes", "add owner = \"…\" with a role");
            if (rule.label.empty())
                return invalid(place(table), "a duty without words", "add label = \"…\", as the page shows it");
            return {};
        }
        for (const auto* key : {"also_met_by", "by_about", "counts_from", "ends_with", "owner", "urgent"}) {
            if (table.contains(key))
                return invalid(place(table, key), fmt::format("{} belongs to a response only", key), "take it out");
        }
        if (rule.deadline && rule.relation != Relation::condition) {
            return invalid(place(table, "clock"), "only a response or a condition has a clock", "take it out");
        }
        if (rule.for_each != ForEach::once && (rule.relation != Relation::condition || rule.deadline)) {
            return invalid(place(table, "for_each"),
                           "for_each belongs to a response, or to a condition without a clock", "take it out");
        }
        return {};
    }

    Result<void> cues(const toml::table& table, Rulebook& book) {
        std::set<std::string> taken;
        for (const auto* one : TRY(tables(table, "cue", most_rules))) {
            TRY_VOID(only(*one, {"id", "label", "parameters", "source", "in_force", "register", "paragraph"}));
            CueRule cue;
            cue.id = TRY(id_of(*one, taken, "cue"));
            const auto& known = known_cues();
            if (std::find(known.begin(), known.end(), cue.id) == known.end()) {
                const auto near = nearest(cue.id, known);
                return invalid(place(*one, "id"), fmt::format("unknown cue \"{}\"", cue.id),
                               near.empty() ? fmt::format("write one of: {}", join(known, ", "))
                                            : fmt::format("did you mean \"{}\"?", near));
            }
            cue.label = TRY(need(*one, "label"));
            cue.parameters = cue_parameters(cue.id);
            if (const auto* node = one->get("parameters")) {
                const auto* given = node->as_table();
                if (given == nullptr)
                    return invalid(place(*node), "parameters is not a table", "write parameters = {days = 30}");
                for (const auto& [name, value] : *given) {
                    const auto at = cue.parameters.find(std::string(name.str()));
                    if (at == cue.parameters.end())
                        return invalid(place(value), fmt::format("the cue has no parameter \"{}\"", name.str()),
                                       "take it out");
                    const auto* number = value.as_integer();
                    if (number == nullptr || number->get() < 0 || number->get() > 10'000) {
                        return invalid(place(value),
                                       fmt::format("{} is not a whole number from 0 to 10000", name.str()),
                                       "write it as 30");
                    }
                    at->second = static_cast<int>(number->get());
                }
            }
            cue.source = TRY(source(*one, true));
            book.cues.push_back(std::move(cue));
        }
        return {};
    }

    const std::string& file_;
    const Catalogue& catalogue_;
    std::optional<Date> in_force_;
};

}  // namespace

const Event* Rulebook::event(std::string_view id) const {
    const auto at = std::find_if(events.begin(), events.end(), [&](const Event& e) { return e.id == id; });
    return at == events.end() ? nullptr : &*at;
}

const Rule* Rulebook::rule(std::string_view id) const {
    const auto at = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == id; });
    return at == rules.end() ? nullptr : &*at;
}

Result<Rulebook> parse_rulebook(std::string_view toml, const std::string& file, const Catalogue& catalogue) {
    return Reader(file, catalogue).read(toml);
}

Result<Rulebook> with_clocks(Rulebook book, const std::map<std::string, ClockLength>& clocks) {
    for (const auto& [id, length] : clocks) {
        bool found = false;
        for (auto& rule : book.rules) {
            if (rule.id != id || !rule.deadline) continue;
            rule.deadline = length;
            found = true;
        }
        if (found) continue;
        std::vector<std::string> ids;
        for (const auto& rule : book.rules) {
            if (rule.deadline && (ids.empty() || ids.back() != rule.id)) ids.push_back(rule.id);
        }
        const auto near = nearest(id, ids);
        return invalid("clocks." + id, fmt::format("{} has no clock \"{}\"", book.name, id),
                       near.empty() ? fmt::format("its clocks are: {}", join(ids, ", "))
                                    : fmt::format("did you mean \"{}\"?", near));
    }
    return book;
}

}  // namespace waymark::procedure
