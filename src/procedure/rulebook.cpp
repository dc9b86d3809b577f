// Reads a rulebook. Everything is checked here once, with its line, so that a fold never meets a name that means
// nothing. Groups, lists and shorthands are written out, so that what is folded is a plain graph.
#include <algorithm>

#include "procedure/cues.hpp"
#include "procedure/reading.hpp"

namespace waymark::procedure {

namespace {

using content::Catalogue;

constexpr std::pair<std::string_view, Relation> relations[] = {
    {"condition", Relation::condition}, {"response", Relation::response}, {"milestone", Relation::milestone},
    {"include", Relation::include},     {"exclude", Relation::exclude},
};
constexpr std::pair<std::string_view, ForEach> for_each_words[] = {{"earlier-concern", ForEach::earlier_concern}};
constexpr std::pair<std::string_view, EndsWith> ends_with_words[] = {
    {"closing", EndsWith::closing},
    {"case.closed", EndsWith::case_closed},
    {"never", EndsWith::never},
};
constexpr std::pair<std::string_view, Attendance> attendance_words[] = {
    {"all-required", Attendance::all_required},
    {"not-all-required", Attendance::not_all_required},
    {"quorum", Attendance::quorum},
    {"no-quorum", Attendance::no_quorum},
};

struct GroupShape {
    Group group;
    AgeLimits age;
    Needs needs;
    bool included = true;
    std::string instance;
};

class Reader {
public:
    Reader(const std::string& file, const Catalogue& catalogue) : in_(file), catalogue_(catalogue) {}

    Result<Rulebook> read(std::string_view text) {
        const auto table = TRY(in_.parse(text));
        Rulebook book;
        book.text = text;
        TRY_VOID(in_.only(table, {"name", "version", "title", "nation", "in_force", "require", "parameter", "group",
                                  "instance", "event", "rule", "consultation", "cue"}));
        book.name = TRY(in_.need(table, "name"));
        if (!is_id(book.name))
            return invalid(in_.place(table, "name"), "not a name", "write lower-case words joined by hyphens");
        book.names = {book.name};
        book.version = TRY(in_.need(table, "version"));
        book.title = TRY(in_.need(table, "title"));
        book.nation = TRY(in_.need(table, "nation"));
        if (table.contains("in_force")) in_force_ = TRY(in_.day(table, "in_force"));
        book.require = TRY(in_.texts(table, "require"));
        for (const auto& type : book.require)
            TRY_VOID(in_.one_of(table, "require", type, content::agency_types(), "agency type"));
        TRY_VOID(parameters(table, book));
        TRY_VOID(groups(table, book));
        TRY_VOID(instance_ids(table, book));
        TRY_VOID(events(table, book));
        TRY_VOID(expand_consultations(in_, table, in_force_, catalogue_, book));
        TRY_VOID(instance_members(table, book));
        TRY_VOID(rules(table, book));
        TRY_VOID(missed_rules(book));
        TRY_VOID(settle(book));
        TRY_VOID(cues(table, book));
        for (auto& event : book.events) event.procedures = {book.name};
        return book;
    }

private:
    // ---- what others refer to ----
    Result<void> parameters(const toml::table& table, Rulebook& book) {
        std::set<std::string> taken;
        for (const auto* one : TRY(in_.tables(table, "parameter", most_codes))) {
            TRY_VOID(in_.only(
                *one, {"id", "label", "value", "least", "most", "source", "in_force", "register", "paragraph"}));
            Parameter parameter;
            parameter.place = in_.place(*one);
            parameter.id = TRY(in_.id_of(*one, taken, "parameter"));
            parameter.label = TRY(in_.need(*one, "label"));
            if (!one->contains("value")) return invalid(in_.place(*one), "value is missing", "add value = 3");
            parameter.least = TRY(in_.number(*one, "least", 0, 1'000'000, 0));
            parameter.most = TRY(in_.number(*one, "most", parameter.least, 1'000'000, 1'000'000));
            parameter.value = TRY(in_.number(*one, "value", parameter.least, parameter.most, parameter.least));
            parameter.source = TRY(in_.source(*one, true, in_force_));
            book.parameters.push_back(std::move(parameter));
        }
        return {};
    }
    // {parameter = 3}: the parameter is at least so high.
    Result<Needs> needs(const toml::table& table, const Rulebook& book) const {
        Needs all;
        const auto* node = table.get("needs");
        if (node == nullptr) return all;
        const auto* given = node->as_table();
        if (given == nullptr)
            return invalid(in_.place(*node), "needs is not a table", "write needs = {challenge-stages = 3}");
        std::vector<std::string> ids;
        for (const auto& parameter : book.parameters) ids.push_back(parameter.id);
        for (const auto& [name, value] : *given) {
            TRY_VOID(in_.one_of(*given, name.str(), std::string(name.str()), ids, "parameter"));
            all[std::string(name.str())] = TRY(in_.number(*given, name.str(), 0, 1'000'000, 1));
        }
        return all;
    }
    Result<void> groups(const toml::table& table, Rulebook& book) {
        for (const auto* one : TRY(in_.tables(table, "group", most_events))) {
            TRY_VOID(in_.only(*one, {"id", "label", "group", "included", "age_from", "age_to", "needs", "instance"}));
            GroupShape shape;
            shape.group.place = in_.place(*one);
            shape.group.id = TRY(in_.id_of(*one, event_ids_, "event or group"));
            shape.group.label = TRY(in_.need(*one, "label"));
            shape.group.group = TRY(in_.optional(*one, "group"));
            shape.included = TRY(in_.flag(*one, "included", true));
            shape.age = TRY(age_limits(in_, *one, book));
            shape.needs = TRY(needs(*one, book));
            shape.instance = TRY(in_.optional(*one, "instance"));
            if (!shape.group.group.empty()) {
                // Named before it is used: so no group lies in itself.
                const auto* outer = group(shape.group.group);
                if (outer == nullptr)
                    return invalid(in_.place(*one, "group"), fmt::format("unknown group \"{}\"", shape.group.group),
                                   "name a [[group]] that stands above this one");
                shape.age = within(shape.age, outer->age);
                shape.needs = both(shape.needs, outer->needs);
                shape.included = shape.included && outer->included;
                if (shape.instance.empty()) shape.instance = outer->instance;
            }
            book.groups.push_back(shape.group);
            groups_.push_back(std::move(shape));
        }
        return {};
    }
    [[nodiscard]] const GroupShape* group(std::string_view id) const {
        const auto at =
            std::find_if(groups_.begin(), groups_.end(), [&](const GroupShape& g) { return g.group.id == id; });
        return at == groups_.end() ? nullptr : &*at;
    }
    // The events of a group and of the groups in it, or the event itself.
    [[nodiscard]] std::vector<std::string> written_out(const std::string& id, const Rulebook& book) const {
        if (group(id) == nullptr) return {id};
        std::vector<std::string> all;
        for (const auto& event : book.events) {
            for (auto at = event.group; !at.empty(); at = group(at)->group.group) {
                if (at == id) all.push_back(event.id);
            }
        }
        return all;
    }
    Result<void> instance_ids(const toml::table& table, Rulebook& book) {
        std::set<std::string> taken;
        for (const auto* one : TRY(in_.tables(table, "instance", most_codes))) {
            TRY_VOID(in_.only(*one, {"id", "label", "opened_by", "closed_by", "key"}));
            InstanceType type;
            type.place = in_.place(*one);
            type.id = TRY(in_.id_of(*one, taken, "instance"));
            type.label = TRY(in_.need(*one, "label"));
            type.key = TRY(in_.optional(*one, "key"));
            book.instances.push_back(std::move(type));
        }
        for (const auto& shape : groups_) TRY_VOID(known_instance(shape.instance, shape.group.place, book));
        return {};
    }
    static Result<void> known_instance(const std::string& id, const std::string& place, const Rulebook& book) {
        if (id.empty() || book.instance(id) != nullptr) return {};
        return invalid(place, fmt::format("unknown instance \"{}\"", id), "name an [[instance]] of this rulebook");
    }
    Result<void> instance_members(const toml::table& table, Rulebook& book) {
        std::size_t n = 0;
        for (const auto* one : TRY(in_.tables(table, "instance", most_codes))) {
            auto& type = book.instances[n++];
            for (const auto* key : {"opened_by", "closed_by"}) {
                for (const auto& id : TRY(in_.texts(*one, key))) {
                    TRY_VOID(known_event(*one, key, id, book));
                    if (book.event(id)->instance != type.id)
                        return invalid(in_.place(*one, key), fmt::format("\"{}\" is no event of it", id),
                                       fmt::format("add instance = \"{}\" to the event or to its group", type.id));
                    (std::string_view(key) == "opened_by" ? type.opened_by : type.closed_by).push_back(id);
                }
            }
            if (type.opened_by.empty())
                return invalid(type.place, "nothing opens it", "add opened_by = \"…\" with an event");
            if (!type.key.empty() && type.key != "incident" && type.key != "case") {
                for (const auto& event : book.events) {
                    if (event.instance != type.id || event.kind.empty()) continue;
                    const bool opens =
                        std::find(type.opened_by.begin(), type.opened_by.end(), event.id) != type.opened_by.end();
                    if (opens && catalogue_.find(event.kind)->field(type.key) == nullptr)
                        return invalid(
                            in_.place(*one, "key"), fmt::format("{} has no field \"{}\"", event.kind, type.key),
                            "name a field of the entries that open it, \"incident\", or \"case\" for one at a time");
                }
            }
        }
        return {};
    }

    // ---- events ----
    Result<void> events(const toml::table& table, Rulebook& book) {
        for (const auto* one : TRY(in_.tables(table, "event", most_events))) {
            TRY_VOID(in_.only(*one,
                              {"id", "kind", "label", "where", "unless", "inherit", "involvement", "agency", "attended",
                               "weekend", "age_from", "age_to", "included", "group", "instance", "needs", "missed"}));
            Event event;
            event.place = in_.place(*one);
            event.id = TRY(in_.id_of(*one, event_ids_, "event or group"));
            event.label = TRY(in_.optional(*one, "label"));
            event.included = TRY(in_.flag(*one, "included", true));
            event.missed = TRY(in_.optional(*one, "missed"));
            event.instance = TRY(in_.optional(*one, "instance"));
            event.needs = TRY(needs(*one, book));
            event.guard.age = TRY(age_limits(in_, *one, book));
            if (event.missed.empty()) {
                TRY_VOID(of_a_kind(*one, event, book));
            } else {
                for (const auto* key :
                     {"kind", "where", "unless", "inherit", "involvement", "agency", "attended", "weekend"}) {
                    if (one->contains(key))
                        return invalid(in_.place(*one, key), fmt::format("{} beside missed", key),
                                       "take it out: what is missed is no entry");
                }
                if (event.label.empty()) event.label = fmt::format("Not done in time: {}", event.missed);
                missed_at_.emplace_back(event.missed, in_.place(*one, "missed"));
            }
            event.group = TRY(in_.optional(*one, "group"));
            if (!event.group.empty()) {
                const auto* outer = group(event.group);
                if (outer == nullptr)
                    return invalid(in_.place(*one, "group"), fmt::format("unknown group \"{}\"", event.group),
                                   "name a [[group]] of this rulebook");
                event.guard.age = within(event.guard.age, outer->age);
                event.needs = both(event.needs, outer->needs);
                event.included = event.included && outer->included;
                if (event.instance.empty()) event.instance = outer->instance;
            }
            TRY_VOID(known_instance(event.instance, in_.place(*one, "instance"), book));
            book.events.push_back(std::move(event));
        }
        if (book.events.empty()) return invalid(in_.file(), "there are no events", "add [[event]]");
        return {};
    }
    Result<void> of_a_kind(const toml::table& table, Event& event, Rulebook& book) {
        event.kind = TRY(in_.need(table, "kind"));
        const auto* kind = catalogue_.find(event.kind);
        if (kind == nullptr) {
            const auto near = catalogue_.nearest(event.kind);
            return invalid(in_.place(table, "kind"), fmt::format("unknown kind of entry \"{}\"", event.kind),
                           near.empty() ? "name a kind of content/kinds" : fmt::format("did you mean \"{}\"?", near));
        }
        if (event.label.empty()) event.label = kind->label;
        event.guard.fields = TRY(guard(table, "where", *kind, event.guard));
        event.guard.except = TRY(guard(table, "unless", *kind, event.guard));
        for (const auto& name : TRY(in_.texts(table, "inherit"))) {
            if (kind->field(name) == nullptr)
                return invalid(in_.place(table, "inherit"), fmt::format("{} has no field \"{}\"", kind->key, name),
                               "name a field of `where`");
            event.guard.inherited.insert(name);
        }
        for (const auto& name : TRY(in_.texts(table, "involvement"))) {
            const auto involvement = record::parse_involvement(name);
            if (!involvement)
                return invalid(in_.place(table, "involvement"), fmt::format("unknown involvement \"{}\"", name),
                               "name one of the outside contract, section 2");
            event.guard.involvement =
                static_cast<record::Involvements>(event.guard.involvement | static_cast<std::uint16_t>(*involvement));
        }
        event.guard.agencies = TRY(in_.texts(table, "agency"));
        for (const auto& type : event.guard.agencies)
            TRY_VOID(in_.one_of(table, "agency", type, content::agency_types(), "agency type"));
        event.guard.attendance = TRY(in_.word(table, "attended", attendance_words, Attendance::any, false));
        if (event.guard.attendance != Attendance::any && kind->field("attended") == nullptr)
            return invalid(in_.place(table, "attended"), fmt::format("{} has no field \"attended\"", kind->key),
                           "take it out, or name a meeting");
        event.guard.weekend = TRY(in_.flag(table, "weekend", false));
        for (const auto& field : kind->fields) {
            if (field.required && !field.codes.empty() && field.type == content::FieldType::code) {
                book.complete[event.kind + ' ' + field.name] = field.codes;
            }
        }
        return {};
    }

    Result<std::map<std::string, std::vector<std::string>>> guard(const toml::table& table, std::string_view key,
                                                                  const content::Kind& kind, Guard& whole) const {
        std::map<std::string, std::vector<std::string>> fields;
        const auto* node = table.get(key);
        if (node == nullptr) return fields;
        const auto* guards = node->as_table();
        if (guards == nullptr)
            return invalid(in_.place(*node), fmt::format("{} is not a table", key),
                           fmt::format("write {} = {{field = \"code\"}}", key));
        for (const auto& [name, value] : *guards) {
            const auto* field = kind.field(name.str());
            if (field == nullptr) {
                std::vector<std::string> names;
                for (const auto& known : kind.fields) names.push_back(known.name);
                return invalid(in_.place(value), fmt::format("{} has no field \"{}\"", kind.key, name.str()),
                               fmt::format("its fields are: {}", join(names, ", ")));
            }
            if (!field->in_card())
                return invalid(in_.place(value),
                               fmt::format("{} is text: a rule sees codes, dates and references only", field->name),
                               "use a field with codes");
            std::vector<std::string> codes;
            if (const auto* yes = value.as_boolean()) {
                codes.push_back(yes->get() ? "true" : "false");
            } else {
                codes = TRY(in_.texts(*guards, name.str()));
            }
            for (const auto& code : codes) TRY_VOID(is_code_of(value, code, kind, *field));
            if (field->type == content::FieldType::agencies) whole.by_type.insert(field->name);
            fields.emplace(std::string(name.str()), std::move(codes));
        }
        return fields;
    }
    Result<void> is_code_of(const toml::node& value, const std::string& code, const content::Kind& kind,
                            const content::Field& field) const {
        if (code == "absent" || code == "present") return {};
        const auto has = [&](const std::vector<std::string>& all) {
            return std::find(all.begin(), all.end(), code) != all.end();
        };
        const auto what = fmt::format("\"{}\" is not a code of {}.{}", code, kind.key, field.name);
        switch (field.type) {
            case content::FieldType::boolean:
                if (code == "true" || code == "false") return {};
                return invalid(in_.place(value), what, "write true or false");
            case content::FieldType::agencies:
                if (has(content::agency_types())) return {};
                return invalid(in_.place(value), what,
                               fmt::format("its codes are agency types: {}", join(content::agency_types(), ", ")));
            default:
                if (field.codes.empty() || has(field.codes)) return {};
                return invalid(in_.place(value), what, fmt::format("its codes are: {}", join(field.codes, ", ")));
        }
    }

    Result<void> known_event(const toml::table& table, std::string_view key, const std::string& id,
                             const Rulebook& book) const {
        if (book.event(id) != nullptr || group(id) != nullptr) return {};
        std::vector<std::string> ids;
        for (const auto& event : book.events) ids.push_back(event.id);
        for (const auto& shape : groups_) ids.push_back(shape.group.id);
        const auto near = nearest(id, ids);
        return invalid(in_.place(table, key), fmt::format("unknown event \"{}\"", id),
                       near.empty() ? "name an [[event]] of this rulebook" : fmt::format("did you mean \"{}\"?", near));
    }
    Result<std::vector<std::string>> event_list(const toml::table& table, std::string_view key,
                                                const Rulebook& book) const {
        std::vector<std::string> all;
        for (const auto& id : TRY(in_.texts(table, key))) {
            TRY_VOID(known_event(table, key, id, book));
            for (auto& one : written_out(id, book)) all.push_back(std::move(one));
        }
        return all;
    }

    // ---- rules ----
    Result<void> rules(const toml::table& table, Rulebook& book) {
        for (const auto& rule : book.rules) rule_ids_.insert(rule.id);  // of consultations
        for (const auto* one : TRY(in_.tables(table, "rule", most_rules))) {
            TRY_VOID(
                in_.only(*one, {"id",       "relation", "from",     "to",          "also_met_by", "clock",   "by_about",
                                "for_each", "since",    "owner",    "counts_from", "ends_with",   "repeats", "single",
                                "once",     "needs",    "label",    "due_field",   "age_from",    "age_to",  "course",
                                "source",   "urgent",   "in_force", "register",    "paragraph",   "before"}));
            Rule rule;
            rule.place = in_.place(*one);
            rule.id = TRY(in_.id_of(*one, rule_ids_, "rule"));
            rule.relation = TRY(in_.word(*one, "relation", relations, Relation::response, true));
            rule.also_met_by = TRY(event_list(*one, "also_met_by", book));
            rule.since = TRY(event_list(*one, "since", book));
            rule.deadline = TRY(in_.clock(*one, "clock"));
            rule.matched_by_about = TRY(in_.flag(*one, "by_about", false));
            rule.single = TRY(in_.flag(*one, "single", false));
            rule.once = TRY(in_.flag(*one, "once", false));
            rule.for_each = TRY(in_.word(*one, "for_each", for_each_words, ForEach::once, false));
            rule.ends_with = TRY(in_.word(*one, "ends_with", ends_with_words, EndsWith::closing, false));
            rule.due_field = TRY(in_.optional(*one, "due_field"));
            TRY_VOID(before(*one, rule));
            rule.age = TRY(age_limits(in_, *one, book));
            rule.needs = TRY(needs(*one, book));
            rule.owner = TRY(in_.optional(*one, "owner"));
            rule.label = TRY(in_.optional(*one, "label"));
            rule.course = TRY(in_.optional(*one, "course"));
            rule.urgent = TRY(in_.optional(*one, "urgent"));
            rule.source = TRY(in_.source(*one, rule.deadline.has_value(), in_force_));
            TRY_VOID(counts_from(*one, rule, book));
            TRY_VOID(fits(*one, rule));
            TRY_VOID(write_out(*one, rule, book));
            TRY_VOID(repeats(*one, rule, book));
            if (book.rules.size() > most_written_out)
                return invalid(in_.place(*one), "too many rules once groups are written out", "split the rulebook");
        }
        return {};
    }
    Result<void> write_out(const toml::table& table, Rule rule, Rulebook& book) {
        const auto from = TRY(event_list(table, "from", book));
        const auto to = TRY(event_list(table, "to", book));
        if (!table.contains("from")) return invalid(in_.place(table), "from is missing", "add from = \"…\"");
        if (!table.contains("to")) return invalid(in_.place(table), "to is missing", "add to = \"…\"");
        const bool duties = rule.relation == Relation::response && to.size() > 1;
        const auto label = rule.label;
        for (const auto& target : to) {
            if (duties) rule.label = fmt::format("{}: {}", label, book.event(target)->label);
            for (const auto& source : from) {
                rule.from = source;
                rule.to = target;
                if (!rule.due_field.empty()) TRY_VOID(due_field(table, rule, book));
                TRY_VOID(same_day(table, rule, book));
                book.rules.push_back(rule);
            }
        }
        return {};
    }
    Result<void> due_field(const toml::table& table, const Rule& rule, const Rulebook& book) const {
        const auto* key = rule.before ? "before" : "due_field";
        const auto& from = *book.event(rule.from);
        const auto* kind = catalogue_.find(from.kind);
        const auto* field = kind == nullptr ? nullptr : kind->field(rule.due_field);
        if (field == nullptr || field->type != content::FieldType::date) {
            return invalid(in_.place(table, key),
                           from.kind.empty() ? fmt::format("\"{}\" is no entry and carries no date", from.id)
                                             : fmt::format("{} has no date \"{}\"", from.kind, rule.due_field),
                           "name a field of the entry that raises the duty");
        }
        if (!rule.before) return {};
        const auto guard = from.guard.fields.find(rule.due_field);
        if (guard == from.guard.fields.end() || guard->second != std::vector<std::string>{"present"}) {
            return invalid(in_.place(table, key),
                           fmt::format("\"{}\" may come without the date \"{}\"", from.id, rule.due_field),
                           fmt::format("write where = {{{} = \"present\"}} in that [[event]]", rule.due_field));
        }
        if (rule.from == rule.to) {
            return invalid(in_.place(table, key), fmt::format("\"{}\" would meet what it raises itself", rule.from),
                           "name another event in `to`");
        }
        return {};
    }
    // The limit is counted back from a date that the entry carries.
    Result<void> before(const toml::table& table, Rule& rule) const {
        const auto field = TRY(in_.optional(table, "before"));
        if (field.empty()) return {};
        for (const auto* key : {"due_field", "counts_from", "repeats", "for_each", "once"}) {
            if (table.contains(key))
                return invalid(in_.place(table, key), fmt::format("{} beside before", key),
                               "take it out: the limit is counted back from the date alone");
        }
        rule.due_field = field;
        rule.before = true;
        return {};
    }
    // What time brings, it brings at the end of a day: nothing can be done on that day any more.
    Result<void> same_day(const toml::table& table, const Rule& rule, const Rulebook& book) const {
        if (!rule.deadline || !rule.deadline->is_same_day()) return {};
        if (rule.relation == Relation::condition)
            return invalid(in_.place(table, "clock"), "a delay of no time", "take the clock out");
        if (!book.event(rule.from)->missed.empty())
            return invalid(in_.place(table, "clock"), "what time brings at the end of a day cannot be done on that day",
                           "write \"1 day\" or \"1 working day\"");
        return {};
    }
    // What meets the duty raises the next one, under the id with "-next".
    Result<void> repeats(const toml::table& table, Rule rule, Rulebook& book) {
        const auto again = TRY(in_.clock(table, "repeats"));
        if (!again) return {};
        if (again->is_same_day())
            return invalid(in_.place(table, "repeats"), "again on the same day, for ever", "write \"1 day\"");
        const auto to = TRY(event_list(table, "to", book));
        if (to.size() != 1 || rule.for_each != ForEach::once)
            return invalid(in_.place(table, "repeats"), "more than one event would repeat", "write one rule for each");
        rule.id += "-next";
        if (!rule_ids_.insert(rule.id).second)
            return invalid(in_.place(table, "repeats"), fmt::format("there is another rule \"{}\"", rule.id),
                           "give it an id of its own");
        rule.from = rule.to = to.front();
        rule.deadline = again;
        rule.counts_from = CountsFrom::raising;
        rule.counts_from_events.clear();
        rule.due_field.clear();
        book.rules.push_back(std::move(rule));
        return {};
    }
    Result<void> counts_from(const toml::table& table, Rule& rule, const Rulebook& book) const {
        const auto words = TRY(in_.texts(table, "counts_from"));
        if (words.empty() || words == std::vector<std::string>{"raising"}) return {};
        if (words.size() == 1 && (words[0] == "referral" || words[0] == "strategy")) {
            rule.counts_from = words[0] == "referral" ? CountsFrom::referral : CountsFrom::strategy;
            return {};
        }
        rule.counts_from = CountsFrom::events;
        rule.counts_from_events = TRY(event_list(table, "counts_from", book));
        return {};
    }

    Result<void> fits(const toml::table& table, const Rule& rule) const {
        if (!rule.owner.empty()) TRY_VOID(known_role(table, rule.owner));
        if (rule.relation == Relation::response) {
            if (!rule.deadline)
                return invalid(in_.place(table), "a duty without a clock", "add clock = \"1 working day\"");
            if (rule.owner.empty())
                return invalid(in_.place(table), "a duty that nobody owes", "add owner = \"…\" with a role");
            if (rule.label.empty())
                return invalid(in_.place(table), "a duty without words", "add label = \"…\", as the page shows it");
            if (table.contains("since"))
                return invalid(in_.place(table, "since"), "since belongs to a condition only", "take it out");
            return {};
        }
        for (const auto* key : {"by_about", "counts_from", "ends_with", "owner", "urgent", "repeats", "single", "once",
                                "due_field", "before"}) {
            if (table.contains(key))
                return invalid(in_.place(table, key), fmt::format("{} belongs to a response only", key), "take it out");
        }
        if (rule.relation != Relation::condition) {
            for (const auto* key : {"since", "also_met_by"}) {
                if (table.contains(key))
                    return invalid(in_.place(table, key), fmt::format("{} does not belong here", key), "take it out");
            }
        }
        if (rule.deadline && rule.relation != Relation::condition) {
            return invalid(in_.place(table, "clock"), "only a response or a condition has a clock", "take it out");
        }
        if (rule.for_each != ForEach::once && (rule.relation != Relation::condition || rule.deadline)) {
            return invalid(in_.place(table, "for_each"),
                           "for_each belongs to a response, or to a condition without a clock", "take it out");
        }
        return {};
    }
    Result<void> known_role(const toml::table& table, const std::string& role) const {
        const auto& roles = content::roles();
        if (std::find(roles.begin(), roles.end(), role) != roles.end()) return {};
        const auto near = nearest(role, roles);
        return invalid(in_.place(table, "owner"), fmt::format("unknown role \"{}\"", role),
                       near.empty() ? "name a role of the outside contract, section 6"
                                    : fmt::format("did you mean \"{}\"?", near));
    }
    Result<void> missed_rules(const Rulebook& book) const {
        for (const auto& [id, place] : missed_at_) {
            const auto* rule = book.rule(id);
            if (rule != nullptr && rule->relation == Relation::response) continue;
            std::vector<std::string> ids;
            for (const auto& one : book.rules) {
                if (one.relation == Relation::response) ids.push_back(one.id);
            }
            const auto near = nearest(id, ids);
            return invalid(
                place, fmt::format("unknown duty \"{}\"", id),
                near.empty() ? "name a [[rule]] that is a response" : fmt::format("did you mean \"{}\"?", near));
        }
        return {};
    }
    // ---- cues ----
    Result<void> cues(const toml::table& table, Rulebook& book) {
        std::set<std::string> taken;
        for (const auto* one : TRY(in_.tables(table, "cue", most_rules))) {
            TRY_VOID(in_.only(*one, {"id", "label", "parameters", "event", "until", "overlaps_until", "owner",
                                     "statutory", "source", "in_force", "register", "paragraph"}));
            CueRule cue;
            cue.place = in_.place(*one);
            cue.id = TRY(in_.id_of(*one, taken, "cue"));
            cue.event = TRY(in_.optional(*one, "event"));
            cue.until = TRY(event_list(*one, "until", book));
            cue.overlaps_until = TRY(event_list(*one, "overlaps_until", book));
            const auto& known = known_cues();
            const bool has_evaluator = std::find(known.begin(), known.end(), cue.id) != known.end();
            if (cue.event.empty()) {
                if (!has_evaluator) {
                    const auto near = nearest(cue.id, known);
                    return invalid(in_.place(*one, "id"), fmt::format("unknown cue \"{}\"", cue.id),
                                   near.empty() ? fmt::format("write one of: {}", join(known, ", "))
                                                : fmt::format("did you mean \"{}\"?", near));
                }
                for (const auto* key : {"until", "overlaps_until"}) {
                    if (one->contains(key))
                        return invalid(in_.place(*one, key), fmt::format("{} without event", key), "add event = \"…\"");
                }
            } else {
                if (has_evaluator)
                    return invalid(in_.place(*one, "event"), fmt::format("\"{}\" looks for itself", cue.id),
                                   "take event out, or give the cue another id");
                TRY_VOID(known_event(*one, "event", cue.event, book));
                if (book.event(cue.event) == nullptr || book.event(cue.event)->kind.empty())
                    return invalid(in_.place(*one, "event"), "a cue rests on entries", "name an [[event]] with a kind");
            }
            cue.label = TRY(in_.need(*one, "label"));
            cue.parameters = cue_parameters(cue.id);
            TRY_VOID(cue_numbers(*one, cue));
            cue.owner = TRY(in_.optional(*one, "owner"));
            if (!cue.owner.empty()) TRY_VOID(known_role(*one, cue.owner));
            if (cue.owner.empty()) cue.owner = cue_owner(cue.id);
            cue.statutory = TRY(in_.flag(*one, "statutory", false));
            cue.source = TRY(in_.source(*one, true, in_force_));
            book.cues.push_back(std::move(cue));
        }
        return {};
    }
    Result<void> cue_numbers(const toml::table& table, CueRule& cue) const {
        const auto* node = table.get("parameters");
        if (node == nullptr) return {};
        const auto* given = node->as_table();
        if (given == nullptr)
            return invalid(in_.place(*node), "parameters is not a table", "write parameters = {days = 30}");
        for (const auto& [name, value] : *given) {
            const auto at = cue.parameters.find(std::string(name.str()));
            if (at == cue.parameters.end())
                return invalid(in_.place(value), fmt::format("the cue has no parameter \"{}\"", name.str()),
                               "take it out");
            at->second = TRY(in_.number(*given, name.str(), 0, 10'000, 30));
        }
        return {};
    }

    const Lines in_;
    const Catalogue& catalogue_;
    std::optional<Date> in_force_;
    std::set<std::string> event_ids_;  // and groups
    std::set<std::string> rule_ids_;
    std::vector<GroupShape> groups_;
    std::vector<std::pair<std::string, std::string>> missed_at_;  // rule id, place
};

}  // namespace

Result<AgeLimits> age_limits(const Lines& in, const toml::table& table, const Rulebook& book) {
    AgeLimits limits;
    for (const auto* key : {"age_from", "age_to"}) {
        if (!table.contains(key)) continue;
        Bound bound;
        if (table.get(key)->is_string()) {
            bound.parameter = TRY(in.need(table, key));
            std::vector<std::string> ids;
            for (const auto& parameter : book.parameters) ids.push_back(parameter.id);
            TRY_VOID(in.one_of(table, key, bound.parameter, ids, "parameter"));
        } else {
            bound.value = TRY(in.number(table, key, 0, 25, 10));
        }
        (std::string_view(key) == "age_from" ? limits.from : limits.to) = std::move(bound);
    }
    return limits;
}

Result<Rulebook> parse_rulebook(std::string_view toml, const std::string& file, const Catalogue& catalogue) {
    return Reader(file, catalogue).read(toml);
}

}  // namespace waymark::procedure
