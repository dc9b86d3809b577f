// [[consultation]]: a course of action that is held until others have been asked, written out as events and rules.
//
// The order of things: somebody proposes or asks (the no-reply clock starts), each agency gives its view, then the
// course may be taken. A change of circumstances makes earlier views count no longer. An override with a reason opens
// the gate and is reviewed. A protective course is never held: once it is taken the views fall due.
#include <algorithm>

#include "procedure/reading.hpp"

namespace waymark::procedure {

namespace {

struct Written {
    std::string id;
    std::string label;
    std::string course;
    std::vector<std::string> events;
    std::vector<std::string> with;
    std::vector<std::string> since;
    std::vector<std::string> owners;
    ClockLength no_reply;
    std::optional<ClockLength> review;
    std::string reviewer;
    bool protective = false;
    bool no_reply_opens = true;
    bool members = false;
    AgeLimits age;
    Source source;
    std::string place;
};

class Writer {
public:
    Writer(const Written& one, const content::Catalogue& catalogue, Rulebook& book)
        : one_(one), catalogue_(catalogue), book_(book) {}

    void write() {
        held_.push_back(event("taken", "action.taken", "taken", {}));
        held_.insert(held_.end(), one_.events.begin(), one_.events.end());
        const auto proposed = event("proposed", "action.proposed", "proposed", {});
        std::string overridden;
        if (!one_.protective) overridden = override_and_review();
        for (std::size_t i = 0; i < one_.with.size(); ++i) {
            const auto owner = one_.owners.empty()                      ? std::string("front-door")
                               : one_.owners.size() == one_.with.size() ? one_.owners[i]
                                                                        : one_.owners.front();
            consult(one_.with[i], owner, proposed, overridden);
        }
    }

private:
    // The agencies of this type are asked only once a plan names one of them among its members.
    std::string member(const std::string& type) {
        Event made;
        made.id = fmt::format("{}-member-{}", one_.id, type);
        made.kind = "plan.agreed";
        made.label = fmt::format("Plan agreed with {} among its members", content::agency_type_label(type));
        made.guard.fields["members"] = {type};
        made.guard.by_type.insert("members");
        made.place = one_.place;
        made.of_members = true;
        book_.events.push_back(made);
        return made.id;
    }
    std::string event(std::string_view what, std::string_view kind, std::string_view words,
                      const std::map<std::string, std::vector<std::string>>& fields) {
        Event made;
        made.of_members = one_.members;
        made.id = fmt::format("{}-{}", one_.id, what);
        made.kind = kind;
        made.label = fmt::format("{}: {}", one_.label, words);
        made.guard.fields = fields;
        made.guard.fields["course"] = {one_.course};
        // A view or review that names no course is about that of what it answers.
        if (kind == "consultation.given" || kind == "override.reviewed") made.guard.inherited.insert("course");
        made.place = one_.place;
        for (const auto* name : {"of", "by"}) {
            const auto* shape = catalogue_.find(made.kind);
            const auto* field = shape == nullptr ? nullptr : shape->field(name);
            if (field != nullptr && field->type == content::FieldType::agencies && fields.contains(name))
                made.guard.by_type.insert(name);
        }
        book_.events.push_back(made);
        return made.id;
    }
    Rule rule(std::string_view what, Relation relation, const std::string& from, const std::string& to) const {
        Rule made;
        made.id = fmt::format("{}-{}", one_.id, what);
        made.relation = relation;
        made.from = from;
        made.to = to;
        made.age = one_.age;
        made.source = one_.source;
        made.place = one_.place;
        return made;
    }
    std::string override_and_review() {
        auto overridden = event("overridden", "gate.overridden", "gone ahead without waiting", {});
        if (!one_.review) return overridden;
        const auto reviewed = event("override-reviewed", "override.reviewed", "going ahead reviewed", {});
        auto review = rule("override-review", Relation::response, overridden, reviewed);
        review.deadline = one_.review;
        review.matched_by_about = true;
        review.ends_with = EndsWith::never;
        review.owner = one_.reviewer;
        review.label = fmt::format("Review going ahead without consultation: {}", one_.label);
        book_.rules.push_back(review);
        return overridden;
    }
    void consult(const std::string& type, const std::string& owner, const std::string& proposed,
                 const std::string& overridden) {
        const auto who = content::agency_type_label(type);
        const auto asked =
            event("asked-" + type, "consultation.requested", fmt::format("{} asked", who), {{"of", {type}}});
        const auto given = event("consulted-" + type, "consultation.given", fmt::format("{} gave its view", who),
                                 {{"by", {type, "absent"}}});
        if (one_.members) {
            book_.events.back().included = false;
            book_.rules.push_back(rule("member-" + type, Relation::include, member(type), given));
        }
        const auto reply = fmt::format("reply-{}", type);
        auto raising = std::vector<std::string>{proposed, asked};
        if (one_.protective) raising.insert(raising.end(), held_.begin(), held_.end());
        for (const auto& from : raising) {
            auto duty = rule(reply, Relation::response, from, given);
            duty.deadline = one_.no_reply;
            duty.single = true;
            duty.owner = owner;
            duty.label = fmt::format("{}: {} gives its view", one_.label, who);
            book_.rules.push_back(duty);
        }
        if (one_.protective) return;
        std::vector<std::string> opens{overridden};
        if (one_.no_reply_opens) {
            Event silent;
            silent.id = fmt::format("{}-no-reply-{}", one_.id, type);
            silent.label = fmt::format("{}: no reply from {} in time", one_.label, who);
            silent.missed = fmt::format("{}-{}", one_.id, reply);
            silent.place = one_.place;
            book_.events.push_back(silent);
            opens.push_back(silent.id);
        }
        for (const auto& to : held_) {
            auto gate = rule("consult-" + type, Relation::condition, given, to);
            gate.also_met_by = opens;
            gate.since = one_.since;
            gate.course = one_.course;
            book_.rules.push_back(gate);
        }
    }

    const Written& one_;
    const content::Catalogue& catalogue_;
    Rulebook& book_;
    std::vector<std::string> held_;
};

Result<Written> read_one(const Lines& in, const toml::table& table, std::set<std::string>& taken,
                         std::optional<Date> in_force, const Rulebook& book) {
    TRY_VOID(in.only(table, {"id", "course", "label", "events", "with", "since", "owner", "no_reply", "no_reply_opens",
                             "review", "reviewer", "members", "protective", "age_from", "age_to", "source", "in_force",
                             "register", "paragraph"}));
    Written one;
    one.place = in.place(table);
    one.id = TRY(in.id_of(table, taken, "consultation"));
    one.label = TRY(in.need(table, "label"));
    one.course = TRY(in.need(table, "course"));
    one.events = TRY(in.texts(table, "events"));
    one.with = TRY(in.texts(table, "with"));
    one.since = TRY(in.texts(table, "since"));
    one.owners = TRY(in.texts(table, "owner"));
    if (one.with.empty()) return invalid(one.place, "nobody is consulted", "add with = [\"police\"]");
    if (one.owners.empty()) return invalid(one.place, "a duty that nobody owes", "add owner = \"…\" with a role");
    if (one.owners.size() != 1 && one.owners.size() != one.with.size())
        return invalid(in.place(table, "owner"), "not one owner for each agency that is consulted",
                       "write one role, or as many as `with` has");
    std::vector<std::string> ids;
    for (const auto& event : book.events) ids.push_back(event.id);
    for (const auto* key : {"events", "since"}) {
        for (const auto& id : TRY(in.texts(table, key))) TRY_VOID(in.one_of(table, key, id, ids, "event"));
    }
    for (const auto& type : one.with) TRY_VOID(in.one_of(table, "with", type, content::agency_types(), "agency type"));
    for (const auto& role : one.owners) TRY_VOID(in.one_of(table, "owner", role, content::roles(), "role"));
    const auto no_reply = TRY(in.clock(table, "no_reply"));
    if (!no_reply) return invalid(one.place, "a duty without a clock", "add no_reply = \"2 working days\"");
    one.no_reply = *no_reply;
    one.no_reply_opens = TRY(in.flag(table, "no_reply_opens", true));
    one.protective = TRY(in.flag(table, "protective", false));
    one.members = TRY(in.flag(table, "members", false));
    one.review = TRY(in.clock(table, "review"));
    one.reviewer = TRY(in.optional(table, "reviewer"));
    if (!one.protective && (!one.review || one.reviewer.empty()))
        return invalid(one.place, "an override that nobody reviews",
                       "add review = \"1 working day\" and reviewer = \"…\" with a role");
    if (!one.reviewer.empty()) TRY_VOID(in.one_of(table, "reviewer", one.reviewer, content::roles(), "role"));
    one.age = TRY(age_limits(in, table, book));
    one.source = TRY(in.source(table, true, in_force));
    return one;
}

}  // namespace

Result<void> expand_consultations(const Lines& in, const toml::table& table, std::optional<Date> in_force,
                                  const content::Catalogue& catalogue, Rulebook& book) {
    std::set<std::string> taken;
    for (const auto* one : TRY(in.tables(table, "consultation", most_rules))) {
        auto written = TRY(read_one(in, *one, taken, in_force, book));
        Writer(written, catalogue, book).write();
        if (book.events.size() > most_events)
            return invalid(in.place(*one), "too many events once consultations are written out", "split the rulebook");
    }
    return {};
}

}  // namespace waymark::procedure
