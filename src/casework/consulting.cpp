// Asking, and what came of it; going ahead with the answers or without.
#include "casework/consulting.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* request_kind = "consultation.requested";
constexpr const char* view_kind = "consultation.given";
constexpr const char* taken_kind = "action.taken";
constexpr const char* override_kind = "gate.overridden";
constexpr const char* review_kind = "override.reviewed";
constexpr std::string_view consultation_content = "consultation";

Fault no_such_consultation() {
    return Fault{FaultKind::missing, "consultation", "There is no such consultation, or you may not know of it.",
                 "Open it from the child’s record or from My day."};
}

std::string course_in_words(const Office& office, std::string_view course) {
    return words_of_code(office.catalogue.find(request_kind), "course", course);
}

// ---- what the procedure says ----------------------------------------------------------------------------------------

// Whether the rule can hold for a child born then; in doubt it does.
bool is_of_age(const procedure::Rulebook& book, const procedure::AgeLimits& limits,
               const std::optional<procedure::Born>& born, Date today) {
    if (!born) return true;
    if (limits.from && whole_years_on(born->earliest, today) < book.value_of(*limits.from)) return false;
    return !limits.to || whole_years_on(born->latest, today) <= book.value_of(*limits.to);
}

const std::vector<std::string>* codes_of_guard(const procedure::Event& event, const std::string& field) {
    const auto found = event.guard.fields.find(field);
    return found == event.guard.fields.end() ? nullptr : &found->second;
}

// The rules by which a request about this course to an agency of some type is answered.
struct ReplyRule {
    const procedure::Rule* rule = nullptr;
    std::string type;
    bool of_members = false;
};
std::vector<ReplyRule> replies_about(const procedure::Rulebook& book, std::string_view course,
                                     const std::optional<procedure::Born>& born, Date today) {
    std::vector<ReplyRule> out;
    for (const auto& rule : book.rules) {
        const auto* from = book.event(rule.from);
        const auto* to = book.event(rule.to);
        if (rule.relation != procedure::Relation::response || from == nullptr || to == nullptr ||
            from->kind != request_kind || to->kind != view_kind || !is_of_age(book, rule.age, born, today))
            continue;
        const auto* courses = codes_of_guard(*from, "course");
        const auto* types = codes_of_guard(*from, "of");
        if (courses == nullptr || types == nullptr || types->empty() || !stands_in(*courses, course)) continue;
        out.push_back({&rule, types->front(), to->of_members});
    }
    return out;
}

struct CaseInHand {
    CaseId case_id;
    const procedure::Dossier* dossier = nullptr;  // nothing where there is no case
    const procedure::Procedure* procedure = nullptr;
};

CourseToConsult course_for(const Office& office, const CaseInHand& of, const std::optional<procedure::Born>& born,
                           const std::string& course) {
    const auto now = office.clock.now();
    CourseToConsult out;
    out.course = course;
    out.words = course_in_words(office, course);
    const auto& book = of.procedure->rulebook();
    std::vector<procedure::Gate> gates;
    if (of.dossier != nullptr)
        gates = of.procedure->held_by(*office.calendar, *of.dossier, now, taken_kind, {{"course", course}});
    const auto waits_for = [&](const std::string& type) {
        return std::any_of(gates.begin(), gates.end(),
                           [&](const auto& gate) { return gate.rule.ends_with("-consult-" + type); });
    };
    bool gated = false;
    for (const auto& reply : replies_about(book, course, born, office.calendar->day_of(now))) {
        if (reply.of_members && !waits_for(reply.type)) continue;
        if (stands_in(out.types, reply.type)) continue;
        if (out.rule == nullptr) out.rule = reply.rule;
        out.types.push_back(reply.type);
        const auto gate = reply.rule->id.substr(0, reply.rule->id.rfind("-reply-")) + "-consult-" + reply.type;
        const bool has_gate = book.rule(gate) != nullptr;
        gated = gated || has_gate;
        if (!has_gate || of.dossier == nullptr || waits_for(reply.type)) out.waits.push_back(reply.type);
    }
    out.protective = out.rule != nullptr && !gated;
    return out;
}

// ---- the child and the case -----------------------------------------------------------------------------------------

struct Opened {
    PersonPage child;
    KnownChild known;
    Parted dossiers;
};
Result<Opened> open_child(const Office& office, store::Snapshot& snapshot, Knowing& knowing, ViewId view) {
    auto child = TRY(assemble_page(office, snapshot, knowing, view, std::nullopt));
    auto known = TRY(knowing.child(view));
    auto dossiers = TRY(dossiers_of(office, snapshot, known));
    return Opened{std::move(child), std::move(known), std::move(dossiers)};
}

CaseInHand case_in_hand(const Office& office, Parted& dossiers, CaseId id) {
    CaseInHand out{id, nullptr, &office.editions.now().procedure};
    if (!id) return out;
    out.dossier = &dossiers.of(id);
    if (!out.dossier->own.empty()) out.procedure = &office.procedure_of(*out.dossier);
    return out;
}

bool waits_for_own(const Office& office, const record::Asker& asker, const CourseToConsult& course) {
    const auto* own = office.profile.agency(asker.agency);
    return own != nullptr && stands_in(course.waits, own->type);
}

struct AskedOf {
    const content::Agency* agency = nullptr;
    std::vector<const content::Practitioner*> people;
};
// Of the other agencies, with those who would see the question; an agency of which nobody would is left out.
std::vector<AskedOf> who_may_be_asked(const Office& office, const record::Asker& asker,
                                      const std::vector<const Restriction*>& restrictions) {
    std::vector<AskedOf> out;
    for (const auto& agency : office.profile.agencies) {
        if (agency.key == asker.agency) continue;
        AskedOf one{&agency, {}};
        for (const auto& person : office.profile.practitioners) {
            if (answers_for_agency(office, agency, person) && is_named(restrictions, person.key))
                one.people.push_back(&person);
        }
        if (!one.people.empty()) out.push_back(std::move(one));
    }
    return out;
}

struct InHandOf {
    Opened opened;
    Consultation of;
    CaseId case_id;
    ViewId record;
};
Result<InHandOf> consultation_in_hand(const Office& office, store::Snapshot& snapshot, Knowing& knowing, EntryId id) {
    const auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::cards).front();
    if (!row || !row->row.record || row->row.kind != request_kind) return tl::unexpected(no_such_consultation());
    auto opened = open_child(office, snapshot, knowing, row->row.record);
    if (!opened && is_unseen(opened.error())) return tl::unexpected(no_such_consultation());
    InHandOf out{TRY(std::move(opened)), {}, row->row.case_id, row->row.record};
    auto all = consultations_in(office, out.opened.child.lines);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Consultation& one) {
        return std::any_of(one.agencies.begin(), one.agencies.end(),
                           [&](const AgencyView& asked) { return asked.request == id; });
    });
    if (found == all.end()) return tl::unexpected(no_such_consultation());
    out.of = std::move(*found);
    return out;
}

std::vector<std::string> why_held(const Office& office, InHandOf& in_hand) {
    const auto of = case_in_hand(office, in_hand.opened.dossiers, in_hand.case_id);
    std::vector<std::string> why;
    if (of.dossier == nullptr) return why;
    for (const auto& gate : of.procedure->held_by(*office.calendar, *of.dossier, office.clock.now(), taken_kind,
                                                  {{"course", in_hand.of.course}})) {
        if (!stands_in(why, gate.why)) why.push_back(gate.why);
    }
    return why;
}

Result<void> is_fresh(const InHandOf& in_hand, EntryId seen) {
    if (in_hand.of.newest == seen) return {};
    return fault(FaultKind::conflict, "seen", "Something has come in since you opened the page.",
                 "Read it, and send yours again if it still holds.");
}

Result<void> is_open(const Consultation& one) {
    if (one.taken == nullptr) return {};
    return fault(FaultKind::conflict, "consultation", "This course has been taken.", "Open the page again to see it.");
}

}  // namespace

Result<ConsultationPage> consultation_page(const Office& office, const record::Asker& asker, EntryId consultation) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    const auto work = [&](store::Snapshot& snapshot, Seen& seen) -> Result<ConsultationPage> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto in_hand = TRY(consultation_in_hand(office, snapshot, knowing, consultation));
        ConsultationPage page;
        page.held = why_held(office, in_hand);
        page.child = std::move(in_hand.opened.child);
        page.of = std::move(in_hand.of);
        seen.add(page.child.relationship, page.child.person, in_hand.case_id, shown_of(page.child),
                 fields_of(page.child.identities));
        seen.rests_on(page.child.basis);
        return page;
    };
    return read_as<ConsultationPage>(office, permit, work);
}

// ---- asking ---------------------------------------------------------------------------------------------------------

Result<CoursesToConsult> courses_to_consult(const Office& office, const record::Asker& asker, ViewId child) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<CoursesToConsult>(
        office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<CoursesToConsult> {
            auto knowing = TRY(Knowing::of(office, snapshot, permit));
            TRY(knowing.named(child));
            auto opened = TRY(open_child(office, snapshot, knowing, child));
            const auto of = case_in_hand(office, opened.dossiers, case_of(office, snapshot, opened.known.views));
            const auto born = born_of(opened.child.identities);
            CoursesToConsult out;
            const auto* kind = office.catalogue.find(request_kind);
            const auto* field = kind == nullptr ? nullptr : kind->field("course");
            if (field != nullptr) {
                for (const auto& code : field->suggested) out.courses.push_back(course_for(office, of, born, code));
            }
            out.child = std::move(opened.child);
            seen.add(out.child.relationship, out.child.person, {}, shown_of(out.child),
                     fields_of(out.child.identities));
            seen.rests_on(out.child.basis);
            return out;
        });
}

Result<ToConsult> to_consult(const Office& office, const record::Asker& asker, ViewId child, std::string_view course) {
    TRY_VOID(permit_for(office, asker, record::Action::append, request_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<ToConsult>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ToConsult> {
        const auto* kind = office.catalogue.find(request_kind);
        const auto* field = kind == nullptr ? nullptr : kind->field("course");
        if (field == nullptr || !stands_in(field->suggested, course))
            return fault(FaultKind::missing, "course", "There is no such course of action.",
                         "Choose one from the child’s record.");
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        TRY(knowing.named(child));
        auto opened = TRY(open_child(office, snapshot, knowing, child));
        const auto of = case_in_hand(office, opened.dossiers, case_of(office, snapshot, opened.known.views));
        const auto restrictions = knowing.restrictions_of(opened.known.views.front().person);
        ToConsult out;
        out.course = course_for(office, of, born_of(opened.child.identities), std::string(course));
        out.named_only = keeps_out(restrictions);
        out.own_view = waits_for_own(office, asker, out.course);
        out.usual = usual_day(office, request_kind, view_kind, When{office.clock.now(), false});
        for (const auto& one : who_may_be_asked(office, asker, restrictions)) {
            AskableAgency askable{one.agency->key,
                                  one.agency->name,
                                  stands_in(out.course.waits, one.agency->type),
                                  stands_in(out.course.types, one.agency->type),
                                  {}};
            for (const auto* person : one.people) askable.people.push_back(person->name);
            out.agencies.push_back(std::move(askable));
        }
        std::stable_partition(out.agencies.begin(), out.agencies.end(), [](const auto& one) { return one.named; });
        out.child = std::move(opened.child);
        seen.add(out.child.relationship, out.child.person, {}, shown_of(out.child), fields_of(out.child.identities));
        seen.rests_on(out.child.basis);
        return out;
    });
}

Result<EntryId> ask_for_views(const Office& office, const record::Asker& asker, const ConsultRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.question, "question", "Say what you propose, and what you ask of them."));
    if (request.agencies.empty()) return invalid("agencies", "No agency is chosen.", "Choose at least one.");
    const std::set<std::string> once(request.agencies.begin(), request.agencies.end());
    if (once.size() != request.agencies.size())
        return invalid("agencies", "An agency is chosen twice.", "Choose each once.");
    const auto due =
        request.due ? request.due : usual_day(office, request_kind, view_kind, When{office.clock.now(), false});
    if (!due) return invalid("due", "No day is given.", "Say by when you need the answers.");
    if (*due < office.calendar->day_of(office.clock.now()))
        return invalid("due", "That day is past.", "Give today or a later day.");
    const auto permit = TRY(permit_for(office, asker, record::Action::append, request_kind));
    const auto gives = TRY(permit_for(office, asker, record::Action::append, view_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, request_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        TRY(knowing.named(request.child));
        auto opened = TRY(open_child(office, tx, knowing, request.child));
        const auto& child = opened.known;
        auto writing = TRY(Knowing::of(office, tx, permit));
        TRY(writing.person(child.views.front().person));
        const auto restrictions = knowing.restrictions_of(child.views.front().person);
        const auto askable = who_may_be_asked(office, asker, restrictions);
        const auto into = case_of(office, tx, child.views);
        const bool own_view = waits_for_own(office, asker,
                                            course_for(office, case_in_hand(office, opened.dossiers, into),
                                                       born_of(opened.child.identities), request.course));
        if (own_view && trim(request.view).empty())
            return invalid("view", "This course waits for your own agency’s view too.", "Say what it is.");
        EntryId first;
        for (const auto& agency : request.agencies) {
            const auto found = std::find_if(askable.begin(), askable.end(),
                                            [&](const AskedOf& one) { return one.agency->key == agency; });
            if (found == askable.end())
                return invalid("agencies", "One of these agencies cannot be asked about this child.",
                               "Choose among those that are offered.");
            auto draft = draft_by(office, asker, request_kind, fmt::format("{}/{}", request.key, agency));
            draft.basis = TRY(basis_code(office, draft.agency, agency, asker.purpose, consultation_content));
            draft.body = {{"of", json::array{json::value(agency)}},
                          {"course", request.course},
                          {"request", request.key},
                          {"text", request.question},
                          {"due", format_date(*due)}};
            if (!trim(request.view).empty()) draft.body.emplace("view", request.view);
            if (!trim(request.dissent).empty()) draft.body.emplace("dissent", request.dissent);
            if (keeps_out(restrictions)) {
                json::array people;
                for (const auto* person : found->people) people.emplace_back(person->key);
                draft.body.emplace("persons", std::move(people));
            }
            EntryId made;
            if (const auto before = TRY(sent_before(office, tx, draft))) {
                made = before->row.entry;
            } else {
                draft.subjects.push_back(the_child(child.views.front().view));
                made = TRY(take_one(office, tx, permit, std::move(draft), into)).entries.front();
            }
            if (!first) first = made;
        }
        if (own_view) {
            auto own = draft_by(office, asker, view_kind, fmt::format("{}/own", request.key));
            own.body = {{"by", json::array{json::value(asker.agency)}},
                        {"course", request.course},
                        {"position", "agrees"},
                        {"view", request.view}};
            own.about = to_string(first);
            own.subjects.push_back(the_child(child.views.front().view));
            TRY(take_one(office, tx, gives, std::move(own), into));
        }
        return first;
    });
}

// ---- going ahead ----------------------------------------------------------------------------------------------------

namespace {

// A step on a consultation, by somebody who may read the child's record and write in it.
Result<EntryId> step_on(const Office& office, const record::Asker& asker, const GoAhead& request, const char* kind,
                        json::object body) {
    TRY_VOID(key_stands(request.key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        auto in_hand = TRY(consultation_in_hand(office, tx, knowing, request.consultation));
        auto writing = TRY(Knowing::of(office, tx, permit));
        TRY(writing.person(in_hand.opened.known.views.front().person));
        auto draft = draft_by(office, asker, kind, request.key);
        draft.body = body;
        draft.body.emplace("course", in_hand.of.course);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        TRY_VOID(is_open(in_hand.of));
        TRY_VOID(is_fresh(in_hand, request.seen));
        draft.about = to_string(in_hand.of.consultation);
        draft.subjects.push_back(the_child(in_hand.record));
        TRY_VOID(well_formed(office, draft));
        const auto held = why_held(office, in_hand);
        const bool overrides = std::string_view(kind) == override_kind;
        if (overrides && held.empty())
            return fault(FaultKind::conflict, "consultation", "Nothing holds this course any more.",
                         "Record that it goes ahead.");
        if (!overrides && !held.empty()) {
            std::string why;
            for (const auto& one : held) why += (why.empty() ? "" : " ") + one;
            return fault(FaultKind::held, "consultation", why,
                         "Wait for the answers, or go ahead without waiting and say why.");
        }
        return TRY(take_one(office, tx, permit, std::move(draft), in_hand.case_id)).entries.front();
    });
}

}  // namespace

Result<EntryId> take_course(const Office& office, const record::Asker& asker, const GoAhead& request) {
    return step_on(office, asker, request, taken_kind, {{"by", asker.agency}});
}

Result<EntryId> go_without_waiting(const Office& office, const record::Asker& asker, const GoAhead& request) {
    TRY_VOID(given(request.reason, "reason", "Say why it cannot wait."));
    return step_on(office, asker, request, override_kind, {{"reason", request.reason}});
}

Result<EntryId> review_going_ahead(const Office& office, const record::Asker& asker, const ReviewGoing& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, review_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, review_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto row =
            tx.entries(office.partnership, std::vector{request.override_entry}, store::Want::cards).front();
        if (!row || !row->row.record || row->row.kind != override_kind) return tl::unexpected(no_such_consultation());
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto child = knowing.child(row->row.record);
        if (!child)
            return is_unseen(child.error()) ? tl::unexpected(no_such_consultation()) : tl::unexpected(child.error());
        auto writing = TRY(Knowing::of(office, tx, permit));
        TRY(writing.person(child->views.front().person));
        auto draft = draft_by(office, asker, review_kind, request.key);
        const auto entry = TRY(office.journal->open(*row));
        draft.body = {{"course", std::string(string_or(entry.body, "course", ""))},
                      {"upheld", request.upheld},
                      {"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        if (row->row.agency == asker.agency && row->row.author == asker.practitioner)
            return fault(FaultKind::forbidden, "reason", "Whoever went ahead does not review it.",
                         "Somebody else looks at it.");
        for (const auto& one : TRY(story_of(office, tx, entry))) {
            if (one.row.kind == review_kind)
                return fault(FaultKind::conflict, "reason", "Somebody has reviewed this already.",
                             "Open the page again to see it.");
        }
        draft.about = to_string(request.override_entry);
        draft.subjects.push_back(the_child(row->row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), row->row.case_id)).entries.front();
    });
}

}  // namespace waymark::casework
