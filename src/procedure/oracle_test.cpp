// The engine against a second interpreter that shares no code with it (tests/support/oracle.hpp), on random graphs and
// runs, and both against what was published.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include <fmt/core.h>

#include "base/text.hpp"
#include "support/oracle.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;
using record::Fact;
using Unit = ClockLength::Unit;

namespace {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}
    int up_to(int most) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(most + 1)); }
    bool percent(int p) { return up_to(99) < p; }
    template <class T>
    const T& one_of(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(up_to(static_cast<int>(all.size()) - 1))];
    }
    ClockLength length() {
        static const std::vector<Unit> units{Unit::hours, Unit::working_days, Unit::calendar_days, Unit::months,
                                             Unit::weeks};
        const auto unit = one_of(units);
        const bool long_one = unit == Unit::months || unit == Unit::weeks;
        return {unit, 1 + (unit == Unit::hours ? up_to(60) : long_one ? 0 : up_to(4))};
    }

private:
    std::mt19937_64 engine_;
};

const std::vector<std::string> kinds{"concern.raised", "triage.decided", "strategy.held",
                                     "visit.made",     "case.closed",    "meeting.convened"};
const std::vector<std::string> outcomes{"advice", "assessment", "no-further-action", "early-help"};
const std::vector<std::string> incidents{"", "i1", "i2"};

AgeLimits random_ages(Chance& chance) {
    AgeLimits limits;
    if (chance.percent(60)) limits.from = Bound{8 + chance.up_to(4), {}};
    if (chance.percent(40)) limits.to = Bound{9 + chance.up_to(4), {}};
    return limits;
}

// Every event a rule joins is of the case, or of the one instance of one of its ends.
bool joins_one_instance(const Rulebook& book, const Rule& rule, const std::vector<std::string>& from,
                        const std::vector<std::string>& to) {
    for (const auto& a : from) {
        for (const auto& b : to) {
            const auto& source = book.event(a)->instance;
            const auto& target = book.event(b)->instance;
            if (!source.empty() && !target.empty() && source != target) return false;
            for (const auto& also : rule.also_met_by) {
                const auto& met = rule.relation == Relation::response ? target : source;
                const auto& type = book.event(also)->instance;
                if (!type.empty() && type != met) return false;
            }
            for (const auto* list : {&rule.since, &rule.counts_from_events}) {
                for (const auto& id : *list) {
                    const auto& type = book.event(id)->instance;
                    if (!type.empty() && type != source && type != target) return false;
                }
            }
        }
    }
    return true;
}

class RandomShape {
public:
    RandomShape(Chance& chance, bool with_groups) : chance_(chance), with_groups_(with_groups) {
        shape_.book.name = "random";
        shape_.book.version = "1";
        shape_.book.title = "Random";
        shape_.book.nation = "england";
        if (chance_.percent(50)) instance_types();
        events();
        if (with_groups_) groups();
        const int rules = 1 + chance_.up_to(8);
        for (int i = 0; i < rules; ++i) rule(i);
        missed_events();
    }
    Shape take() { return std::move(shape_); }

private:
    void instance_types() {
        const int types = 1 + chance_.up_to(1);
        for (int i = 0; i < types; ++i) {
            InstanceType type;
            type.id = fmt::format("t{}", i);
            type.label = type.id;
            if (chance_.percent(40)) type.key = chance_.percent(70) ? "incident" : "case";
            shape_.book.instances.push_back(std::move(type));
        }
    }
    void events() {
        const int events = 2 + chance_.up_to(4);
        for (int i = 0; i < events; ++i) {
            Event event;
            event.id = fmt::format("e{}", i);
            event.label = event.id;
            event.kind = chance_.one_of(kinds);
            const bool guarded = !with_groups_ || event.kind == "triage.decided";  // what the file format would take
            if (guarded && chance_.percent(30)) {
                event.guard.fields["outcome"] = {chance_.one_of(outcomes),
                                                 chance_.percent(20) ? "absent" : chance_.one_of(outcomes)};
            }
            if (guarded && chance_.percent(10)) event.guard.except["outcome"] = {chance_.one_of(outcomes)};
            if (event.kind == "meeting.convened" && chance_.percent(70)) event.guard.fields["on"] = {"present"};
            if (chance_.percent(10)) event.guard.involvement = 2;
            if (chance_.percent(10)) event.guard.age = random_ages(chance_);
            event.included = chance_.percent(85);
            if (!shape_.book.instances.empty() && chance_.percent(60))
                event.instance = chance_.one_of(shape_.book.instances).id;
            shape_.book.events.push_back(std::move(event));
        }
        for (auto& type : shape_.book.instances) {
            for (auto& event : shape_.book.events) {
                if (event.instance != type.id) continue;
                if (type.opened_by.empty() || chance_.percent(15)) {
                    type.opened_by.push_back(event.id);
                } else if (chance_.percent(20)) {
                    type.closed_by.push_back(event.id);
                }
            }
        }
        std::erase_if(shape_.book.instances, [](const InstanceType& type) { return type.opened_by.empty(); });
        for (auto& event : shape_.book.events) {
            if (shape_.book.instance(event.instance) == nullptr) event.instance.clear();
        }
    }
    void groups() {
        const int groups = 1 + chance_.up_to(2);
        for (int i = 0; i < groups; ++i) shape_.book.groups.push_back({fmt::format("g{}", i), "Group", "", ""});
        // Each group after the first may lie in one before it.
        for (std::size_t i = 1; i < shape_.book.groups.size(); ++i) {
            if (chance_.percent(60))
                shape_.book.groups[i].group = fmt::format("g{}", chance_.up_to(static_cast<int>(i) - 1));
        }
        for (auto& event : shape_.book.events) {
            if (chance_.percent(70)) event.group = chance_.one_of(shape_.book.groups).id;
        }
        for (const auto& group : shape_.book.groups) {
            auto& events = shape_.groups[group.id];
            for (const auto& event : shape_.book.events) {
                for (auto at = event.group; !at.empty();) {
                    if (at == group.id) events.push_back(event.id);
                    for (const auto& one : shape_.book.groups) {
                        if (one.id != at) continue;
                        at = one.group;
                        break;
                    }
                }
            }
        }
    }
    std::string an_event() { return chance_.one_of(shape_.book.events).id; }
    std::string an_end() {
        if (with_groups_ && chance_.percent(35)) {
            const auto& group = chance_.one_of(shape_.book.groups);
            if (!shape_.groups[group.id].empty()) return group.id;
        }
        return an_event();
    }
    std::vector<std::string> events_of(const std::string& id) {
        return shape_.groups.contains(id) ? shape_.groups[id] : std::vector{id};
    }
    // Counted back from the date that each of the entries that raise it carries.
    void before_a_date(Rule& rule) {
        const auto from = events_of(rule.from);
        const auto to = events_of(rule.to);
        const bool dated = std::all_of(from.begin(), from.end(), [&](const std::string& id) {
            const auto& guard = shape_.book.event(id)->guard.fields;
            return guard.count("on") != 0 && std::find(to.begin(), to.end(), id) == to.end();
        });
        if (from.empty() || !dated || !chance_.percent(70)) return;
        rule.before = true;
        rule.due_field = "on";
        if (chance_.percent(20)) rule.deadline = ClockLength{Unit::calendar_days, 0};
        rule.single = chance_.percent(50);
    }
    void rule(int number) {
        static const std::vector<Relation> relations{Relation::response,  Relation::response, Relation::condition,
                                                     Relation::milestone, Relation::include,  Relation::exclude};
        Rule rule;
        rule.id = fmt::format("r{}", number);
        rule.relation = chance_.one_of(relations);
        rule.from = an_end();
        rule.to = an_end();
        if (chance_.percent(8)) rule.age = random_ages(chance_);
        const bool condition = rule.relation == Relation::condition;
        if (rule.relation == Relation::response) {
            rule.deadline = chance_.length();
            rule.matched_by_about = chance_.percent(40);
            rule.ends_with = static_cast<EndsWith>(chance_.up_to(2));
            rule.single = chance_.percent(12);
            before_a_date(rule);
            rule.once = !rule.before && chance_.percent(8);
            if (chance_.percent(12) && !rule.before) {
                rule.counts_from = CountsFrom::events;
                rule.counts_from_events.push_back(an_event());
            }
        } else if (condition && chance_.percent(30)) {
            rule.deadline = chance_.length();
        }
        if ((condition || rule.relation == Relation::response) && chance_.percent(15)) {
            const auto also = an_event();
            const auto own = events_of(condition ? rule.from : rule.to);
            if (std::find(own.begin(), own.end(), also) == own.end()) rule.also_met_by.push_back(also);
        }
        if (condition && chance_.percent(25)) rule.since.push_back(an_event());
        if (joins_one_instance(shape_.book, rule, events_of(rule.from), events_of(rule.to)))
            shape_.book.rules.push_back(std::move(rule));
    }
    // Some duties are listened for; what is missed raises, excludes or opens something in turn.
    void missed_events() {
        if (!chance_.percent(50)) return;
        const int n = 1 + chance_.up_to(1);
        for (int i = 0; i < n; ++i) {
            std::vector<const Rule*> duties;
            for (const auto& rule : shape_.book.rules) {
                if (rule.relation == Relation::response) duties.push_back(&rule);
            }
            if (duties.empty()) return;
            const auto& duty = *chance_.one_of(duties);
            Event event;
            event.id = fmt::format("m{}", i);
            event.label = event.id;
            event.missed = duty.id;
            event.included = chance_.percent(90);
            if (chance_.percent(10)) event.guard.age = random_ages(chance_);
            const auto to = events_of(duty.to);
            const bool one = std::all_of(to.begin(), to.end(), [&](const std::string& id) {
                return shape_.book.event(id)->instance == shape_.book.event(to.front())->instance;
            });
            if (one && chance_.percent(70)) event.instance = shape_.book.event(to.front())->instance;
            shape_.book.events.push_back(event);
            const int rules = 1 + chance_.up_to(1);
            for (int r = 0; r < rules; ++r) {
                Rule rule;
                rule.id = fmt::format("r{}-{}", event.id, r);
                static const std::vector<Relation> relations{Relation::response, Relation::response, Relation::exclude,
                                                             Relation::include, Relation::condition};
                rule.relation = chance_.one_of(relations);
                rule.from = event.id;
                rule.to = fmt::format("e{}", chance_.up_to(1));
                if (rule.relation == Relation::response) {
                    rule.deadline = chance_.length();
                    rule.matched_by_about = chance_.percent(30);
                }
                if (joins_one_instance(shape_.book, rule, {rule.from}, {rule.to}))
                    shape_.book.rules.push_back(std::move(rule));
            }
        }
    }

    Chance& chance_;
    bool with_groups_;
    Shape shape_;
};

// ---- as a file ----------------------------------------------------------------------------------------------------

std::string list(const std::vector<std::string>& all) {
    return "[\"" + join(all, "\", \"") + "\"]";
}
std::string ages(const AgeLimits& limits) {
    std::string out;
    if (limits.from) out += fmt::format("age_from = {}\n", limits.from->value);
    if (limits.to) out += fmt::format("age_to = {}\n", limits.to->value);
    return out;
}

// The shape with its groups as a rulebook would be written.
std::string written(const Shape& shape) {
    const auto& book = shape.book;
    std::string out =
        "name = \"random\"\nversion = \"1\"\ntitle = \"R\"\nnation = \"england\"\nin_force = 2020-01-01\n";
    for (const auto& group : book.groups) {
        out += fmt::format("[[group]]\nid = \"{}\"\nlabel = \"G\"\n", group.id);
        if (!group.group.empty()) out += fmt::format("group = \"{}\"\n", group.group);
    }
    for (const auto& type : book.instances) {
        out += fmt::format("[[instance]]\nid = \"{}\"\nlabel = \"T\"\nopened_by = {}\n", type.id, list(type.opened_by));
        if (!type.closed_by.empty()) out += fmt::format("closed_by = {}\n", list(type.closed_by));
        if (!type.key.empty()) out += fmt::format("key = \"{}\"\n", type.key);
    }
    for (const auto& event : book.events) {
        out +=
            fmt::format("[[event]]\nid = \"{}\"\nlabel = \"{}\"\nincluded = {}\n", event.id, event.id, event.included);
        out += event.missed.empty() ? fmt::format("kind = \"{}\"\n", event.kind)
                                    : fmt::format("missed = \"{}\"\n", event.missed);
        for (const auto& [field, codes] : event.guard.fields)
            out += fmt::format("where = {{{} = {}}}\n", field, list(codes));
        for (const auto& [field, codes] : event.guard.except)
            out += fmt::format("unless = {{{} = {}}}\n", field, list(codes));
        if (event.guard.involvement != 0) out += "involvement = \"displayed\"\n";
        if (!event.group.empty()) out += fmt::format("group = \"{}\"\n", event.group);
        if (!event.instance.empty()) out += fmt::format("instance = \"{}\"\n", event.instance);
        out += ages(event.guard.age);
    }
    static const std::map<Relation, std::string> relations{{Relation::response, "response"},
                                                           {Relation::condition, "condition"},
                                                           {Relation::milestone, "milestone"},
                                                           {Relation::include, "include"},
                                                           {Relation::exclude, "exclude"}};
    for (const auto& rule : book.rules) {
        out += fmt::format("[[rule]]\nid = \"{}\"\nrelation = \"{}\"\nfrom = \"{}\"\nto = \"{}\"\nsource = \"[U]\"\n",
                           rule.id, relations.at(rule.relation), rule.from, rule.to);
        if (rule.deadline) out += fmt::format("clock = \"{}\"\n", content::to_string(*rule.deadline));
        if (rule.relation == Relation::response) {
            static const std::vector<std::string> ends{"closing", "case.closed", "never"};
            out +=
                fmt::format("owner = \"front-door\"\nlabel = \"D\"\nends_with = \"{}\"\nby_about = {}\nsingle = {}\n",
                            ends[static_cast<std::size_t>(rule.ends_with)], rule.matched_by_about, rule.single);
            if (rule.before) out += fmt::format("before = \"{}\"\n", rule.due_field);
            if (rule.once) out += "once = true\n";
        }
        if (!rule.also_met_by.empty()) out += fmt::format("also_met_by = {}\n", list(rule.also_met_by));
        if (!rule.since.empty()) out += fmt::format("since = {}\n", list(rule.since));
        if (!rule.counts_from_events.empty()) out += fmt::format("counts_from = {}\n", list(rule.counts_from_events));
        out += ages(rule.age);
    }
    return out;
}

std::vector<Fact> random_run(Chance& chance, Instant start) {
    std::vector<Fact> facts;
    const int n = 1 + chance.up_to(13);
    for (int i = 0; i < n; ++i) {
        Fact fact;
        fact.id = entry_id(static_cast<std::uint32_t>(1000 + (i * 37) % 101));
        fact.kind = chance.one_of(kinds);
        fact.case_id = case_id(1);
        fact.at = {start + std::chrono::hours(chance.up_to(300)), false};
        fact.recorded = fact.at.instant + std::chrono::hours(chance.percent(80) ? 0 : chance.up_to(200));
        fact.involvement = chance.percent(50) ? 2 : 4;
        fact.incident = chance.one_of(incidents);
        if (fact.kind == "meeting.convened" && chance.percent(90))
            fact.fields["on"] = format_date(england().day_of(start) + std::chrono::days(chance.up_to(40) - 3));
        if (chance.percent(70)) fact.fields["outcome"] = chance.one_of(outcomes);
        if (!facts.empty() && chance.percent(50)) fact.about = chance.one_of(facts).id;
        if (!facts.empty() && chance.percent(8)) fact.supersedes = chance.one_of(facts).id;
        facts.push_back(std::move(fact));
    }
    return facts;
}

std::vector<DutyRow> rows_of(const Standing& standing) {
    std::vector<DutyRow> rows;
    for (const auto& duty : standing.duties) {
        rows.emplace_back(duty.id, duty.raised_by, duty.due.micros, std::string(to_string(duty.state)), duty.met_by,
                          duty.instance);
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}
std::vector<BreachRow> breaches_of(const Standing& standing) {
    std::vector<BreachRow> breaches;
    for (const auto& breach : standing.breaches) breaches.emplace_back(breach.entry, breach.rule);
    std::sort(breaches.begin(), breaches.end());
    return breaches;
}

std::string shown(const std::vector<DutyRow>& rows, const std::vector<BreachRow>& breaches) {
    std::string out;
    for (const auto& [id, by, due, state, met, instance] : rows) {
        out += fmt::format("{} by {} due {} {} met by {} in {}\n", id, to_string(by), to_string(Instant{due}), state,
                           to_string(met), to_string(instance));
    }
    for (const auto& [entry, rule] : breaches) out += fmt::format("breach {} {}\n", to_string(entry), rule);
    return out;
}

struct Tally {
    std::uint64_t compared = 0;
    std::uint64_t refused = 0;  // rings of conditions
    std::uint64_t differ = 0;
    std::uint64_t duties = 0;
    std::uint64_t breaches = 0;
    std::uint64_t in_instances = 0;
    std::uint64_t by_time = 0;
    std::uint64_t before = 0;
};

void compare(std::uint64_t seed, Tally& tally) {
    Chance chance(seed);
    const bool with_groups = seed % 4 == 0;
    auto shape = RandomShape(chance, with_groups).take();
    auto book = shape.book;
    if (with_groups) {
        auto read = parse_rulebook(written(shape), "random.toml", catalogue());
        if (!read) {
            const bool ring = read.error().reason.rfind("a ring of conditions", 0) == 0;
            CHECK_MESSAGE(ring, describe(read.error()) << "\n" << written(shape));
            ++tally.refused;
            return;
        }
        book = std::move(*read);
    } else {
        // As the reader settles them: a rule is for whom both its events are.
        for (auto& rule : book.rules) {
            for (const auto& id : {rule.from, rule.to}) {
                const auto& age = book.event(id)->guard.age;
                if (age.from && (!rule.age.from || *rule.age.from < *age.from)) rule.age.from = age.from;
                if (age.to && (!rule.age.to || *age.to < *rule.age.to)) rule.age.to = age.to;
            }
        }
    }
    const Instant start{instant("2026-03-20T00:00:00Z").micros + std::int64_t{chance.up_to(24 * 60)} * 3'600'000'000};
    const auto facts = random_run(chance, start);
    const auto now = start + std::chrono::hours(chance.up_to(700));
    Dossier dossier;
    dossier.case_id = case_id(1);
    dossier.own = facts;  // in no order: the fold makes its own
    std::optional<Date> born;
    if (chance.percent(70)) {
        born = parse_date("2016-03-25").value() + std::chrono::days(chance.up_to(60));
        dossier.born = born_on(*born);
    }
    const auto standing = procedure::standing(book, england(), dossier, now);
    const Oracle oracle(shape, facts, born, now);
    const auto duties = rows_of(standing);
    const auto breaches = breaches_of(standing);
    ++tally.compared;
    tally.duties += duties.size();
    tally.breaches += breaches.size();
    for (const auto& duty : standing.duties) tally.before += duty.rule->before ? 1U : 0U;
    for (const auto& row : duties) {
        tally.in_instances += std::get<5>(row).is_nil() ? 0U : 1U;
        tally.by_time += std::get<0>(row).find('-') == std::string::npos ? 0U : 1U;
    }
    if (duties == oracle.duties() && breaches == oracle.breaches() && standing.closed == oracle.closed()) return;
    ++tally.differ;
    MESSAGE("seed " << seed << "\n"
                    << written(shape) << "\nengine:\n"
                    << shown(duties, breaches) << "oracle:\n"
                    << shown(oracle.duties(), oracle.breaches()));
}

}  // namespace

TEST_CASE("the engine and the oracle of the published semantics agree on random graphs and runs") {
    // WAYMARK_LONG=1: the nightly campaign.
    const std::uint64_t cases = std::getenv("WAYMARK_LONG") != nullptr ? 1'000'000 : 20'000;
    Tally tally;
    for (std::uint64_t seed = 1; tally.compared < cases && tally.differ < 3; ++seed) compare(seed, tally);
    CHECK(tally.differ == 0);
    CHECK(tally.in_instances > cases / 10);
    CHECK(tally.by_time > cases / 100);
    CHECK(tally.before > cases / 100);
    MESSAGE(tally.compared << " compared, " << tally.refused << " refused, " << tally.duties << " duties ("
                           << tally.in_instances << " in instances, " << tally.by_time << " raised by time, "
                           << tally.before << " before a date), " << tally.breaches << " breaches");
}

TEST_CASE("a case that is kept folded and gains one entry at a time stands as if it were folded from the start") {
    std::size_t afresh = 0;
    std::size_t appended = 0;
    for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
        Chance chance(seed * 7'919);
        const Procedure procedure(seed % 5 == 0 ? hsb() : RandomShape(chance, false).take().book);
        const auto start = instant("2026-03-20T00:00:00Z");
        auto facts = random_run(chance, start);
        for (auto& fact : facts) {
            if (chance.percent(15)) {
                fact.at.date_only = true;
                fact.at.instant.micros -= fact.at.instant.micros % 86'400'000'000;
            }
            if (chance.percent(85)) fact.supersedes = {};
        }
        if (chance.percent(70)) std::sort(facts.begin(), facts.end(), record::folds_before);
        Dossier dossier;
        dossier.case_id = case_id(1);
        if (chance.percent(50)) dossier.born = born_on(parse_date("2016-03-25").value());
        Running running(procedure, england(), dossier);
        for (const auto& fact : facts) {
            const bool own = chance.percent(85);
            (own ? dossier.own : dossier.others).push_back(fact);
            running.append(fact, own);
            ++appended;
            const auto now =
                start + std::chrono::hours(chance.percent(80) ? 520 + chance.up_to(300) : chance.up_to(500));
            const auto kept = json::serialize(to_json(running.standing(now)));
            const auto folded = json::serialize(to_json(procedure.standing(england(), dossier, now)));
            CHECK_MESSAGE(kept == folded, "seed " << seed << "\n" << kept << "\n" << folded);
            if (kept != folded) return;
        }
        afresh += running.folded_afresh();
    }
    CHECK(afresh < appended * 2 / 3);
}

// ---- what was published -------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view published_head =
    "name = \"published\"\nversion = \"1\"\ntitle = \"P\"\nnation = \"england\"\nin_force = 2020-01-01\n";

// Runs one entry an hour, each KIND or KIND OUTCOME, through both; "NUMBER RULE" of each breach, and what is open.
struct Outcome {
    std::vector<std::string> breaches;
    std::vector<std::string> open;
    bool operator==(const Outcome&) const = default;
};
Outcome run(const std::string& text, const std::vector<std::string>& steps, const Shape* nested = nullptr) {
    const auto book = rulebook_of(std::string(published_head) + text);
    std::vector<Fact> facts;
    const auto start = instant("2026-03-02T09:00:00Z");
    for (std::size_t i = 0; i < steps.size(); ++i) {
        Fact fact;
        fact.id = entry_id(static_cast<std::uint32_t>(i + 1));
        const auto blank = steps[i].find(' ');
        fact.kind = steps[i].substr(0, blank);
        if (blank != std::string::npos) fact.fields["type"] = steps[i].substr(blank + 1);
        fact.case_id = case_id(1);
        fact.at = {start + std::chrono::hours(i), false};
        fact.recorded = fact.at.instant;
        fact.involvement = 2;
        facts.push_back(std::move(fact));
    }
    Dossier dossier;
    dossier.case_id = case_id(1);
    dossier.own = facts;
    const auto now = start + std::chrono::hours(steps.size());
    const auto standing = procedure::standing(book, england(), dossier, now);
    const Shape flat{book, {}};
    const Oracle oracle(nested == nullptr ? flat : *nested, facts, std::nullopt, now);
    CHECK(rows_of(standing) == oracle.duties());
    CHECK(breaches_of(standing) == oracle.breaches());
    Outcome outcome;
    for (const auto& [entry, rule] : breaches_of(standing))
        outcome.breaches.push_back(fmt::format("{} {}", entry.value.octets[15], rule));
    for (const auto& duty : standing.duties) {
        if (duty.state == DutyState::open) outcome.open.push_back(duty.id);
    }
    std::sort(outcome.open.begin(), outcome.open.end());
    return outcome;
}

std::string published_event(std::string_view id, std::string_view kind, std::string_view more = "") {
    return fmt::format("[[event]]\nid = \"{}\"\nkind = \"{}\"\n{}\n", id, kind, more);
}
std::string published_rule(std::string_view id, std::string_view relation, std::string_view from, std::string_view to) {
    return fmt::format(
        "[[rule]]\nid = \"{}\"\nrelation = \"{}\"\nfrom = \"{}\"\nto = \"{}\"\n{}", id, relation, from, to,
        relation == "response" ? "clock = \"9 days\"\nowner = \"social-worker\"\nlabel = \"Do\"\nsource = \"[U]\"\n"
                               : "");
}

// Prescribe, sign, give, don't trust (Hildebrandt and Mukkamala 2010, the oncology ward), in our kinds.
const std::string ward =
    published_event("prescribe", "plan.agreed") + published_event("sign", "review.independent") +
    published_event("give", "support.delivered") + published_event("dont-trust", "challenge.raised") +
    published_rule("c1", "condition", "prescribe", "sign") + published_rule("c2", "condition", "sign", "give") +
    published_rule("c3", "condition", "sign", "dont-trust") +
    published_rule("give-it", "response", "prescribe", "give") +
    published_rule("sign-it", "response", "prescribe", "sign") +
    published_rule("sign-again", "response", "dont-trust", "sign") +
    published_rule("x1", "exclude", "dont-trust", "give") + published_rule("x2", "exclude", "give", "dont-trust") +
    published_rule("i1", "include", "sign", "give") + published_rule("i2", "include", "sign", "dont-trust");
using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("published: the prescription that a nurse does not trust") {
    CHECK(run(ward, {"plan.agreed", "review.independent", "support.delivered"}) == Outcome{});
    CHECK(run(ward, {"plan.agreed"}) == Outcome{{}, {"give-it", "sign-it"}});
    // Giving without a signature, and signing without a prescription, were never allowed.
    CHECK(run(ward, {"plan.agreed", "support.delivered"}).breaches == Words{"2 c2"});
    CHECK(run(ward, {"review.independent"}).breaches == Words{"1 c1"});
    // What is not trusted may not be given until it is signed again; then it must be.
    const auto doubted = run(ward, {"plan.agreed", "review.independent", "challenge.raised"});
    CHECK(doubted == Outcome{{}, {"sign-again"}});  // the giving is owed, but no part of the case now
    CHECK(run(ward, {"plan.agreed", "review.independent", "challenge.raised", "support.delivered"}).breaches ==
          Words{"4 x1"});
    CHECK(run(ward, {"plan.agreed", "review.independent", "challenge.raised", "review.independent"}) ==
          Outcome{{}, {"give-it"}});
    CHECK(run(ward, {"plan.agreed", "review.independent", "challenge.raised", "review.independent",
                     "support.delivered"}) == Outcome{});
    // Once given there is nothing left not to trust.
    CHECK(run(ward, {"plan.agreed", "review.independent", "support.delivered", "challenge.raised"}).breaches ==
          Words{"4 x2"});
}

TEST_CASE("published: arranging a meeting, nested, where a group stands for all its events") {
    // Hildebrandt, Mukkamala and Slaats 2011: either side proposes dates, the other accepts; the meeting waits for the
    // group of acceptances, and an acceptance takes the whole group out.
    const std::string meeting =
        "[[group]]\nid = \"arrange\"\nlabel = \"Arrange\"\n[[group]]\nid = \"accept\"\nlabel = \"Accept\"\ngroup = "
        "\"arrange\"\nincluded = false\n" +
        published_event("propose-a", "consultation.requested", "group = \"arrange\"") +
        published_event("propose-b", "sharing.requested", "group = \"arrange\"") +
        published_event("accept-a", "consultation.given", "group = \"accept\"") +
        published_event("accept-b", "sharing.decided", "group = \"accept\"") + published_event("hold", "meeting.held") +
        published_rule("offer-b", "include", "propose-a", "accept-b") +
        published_rule("owe-b", "response", "propose-a", "accept-b") +
        published_rule("offer-a", "include", "propose-b", "accept-a") +
        published_rule("owe-a", "response", "propose-b", "accept-a") +
        published_rule("agreed-a", "exclude", "accept-a", "accept") +
        published_rule("agreed-b", "exclude", "accept-b", "accept") +
        published_rule("agreed-first", "milestone", "accept", "hold");
    CHECK(run(meeting, {"consultation.requested", "meeting.held"}).breaches == Words{"2 agreed-first"});
    CHECK(run(meeting, {"consultation.requested", "sharing.decided", "meeting.held"}) == Outcome{});
    // Both proposed: one acceptance settles it, and the other is no longer owed.
    CHECK(run(meeting, {"consultation.requested", "sharing.requested"}).open == Words{"owe-a", "owe-b"});
    CHECK(run(meeting, {"consultation.requested", "sharing.requested", "consultation.given", "meeting.held"}) ==
          Outcome{});
    CHECK(run(meeting, {"consultation.given"}).breaches == Words{"1 not-included"});
    CHECK(run(meeting, {"consultation.requested", "sharing.decided", "sharing.decided"}).breaches ==
          Words{"3 agreed-b"});
}

TEST_CASE("published: a condition with a delay, and a response with a deadline") {
    // Hildebrandt, Mukkamala, Slaats and Zanitti 2013: not before so long, not later than so long.
    const std::string timed =
        published_event("ask", "sharing.requested") + published_event("answer", "sharing.decided") +
        "[[rule]]\nid = \"not-before\"\nrelation = \"condition\"\nfrom = \"ask\"\nto = \"answer\"\nclock = "
        "\"2 hours\"\nsource = \"[U]\"\n[[rule]]\nid = \"by-then\"\nrelation = \"response\"\nfrom = "
        "\"ask\"\nto = \"answer\"\nclock = \"3 hours\"\nowner = \"front-door\"\nlabel = \"A\"\nsource = "
        "\"[U]\"\n";
    CHECK(run(timed, {"sharing.requested", "sharing.decided"}).breaches == Words{"2 not-before"});
    CHECK(run(timed, {"sharing.requested", "visit.made", "sharing.decided"}) == Outcome{});
    CHECK(run(timed, {"sharing.requested", "visit.made", "visit.made"}) == Outcome{{}, {"by-then"}});
    CHECK(run(timed, {"sharing.requested", "visit.made", "visit.made", "visit.made", "visit.made"}) == Outcome{});
}

TEST_CASE("published: a process that is spawned several times, each with a state of its own") {
    // Debois, Hildebrandt and Slaats 2014: each application is decided for itself; the round ends when all are.
    const std::string rounds = "[[instance]]\nid = \"application\"\nlabel = \"Application\"\nopened_by = \"apply\"\n" +
                               published_event("apply", "sharing.requested", "instance = \"application\"") +
                               published_event("decide", "sharing.decided", "instance = \"application\"") +
                               published_event("close", "case.closed") +
                               published_rule("decide-it", "response", "apply", "decide") +
                               published_rule("after-applying", "condition", "apply", "decide") +
                               published_rule("all-decided", "milestone", "decide", "close");
    CHECK(run(rounds, {"sharing.requested", "sharing.requested", "sharing.decided", "case.closed"}).breaches ==
          Words{"4 all-decided"});
    CHECK(run(rounds, {"sharing.requested", "sharing.requested"}).open == Words{"decide-it", "decide-it"});
    CHECK(run(rounds, {"case.closed"}) == Outcome{});
    CHECK(run(rounds, {"sharing.decided"}).breaches == Words{"1 after-applying"});
}
