// Being asked for a view and giving it; and what of it waits for somebody, for My day.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/consulting.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* asked_view_kind = "consultation.requested";
constexpr const char* given_view_kind = "consultation.given";
constexpr const char* went_kind = "gate.overridden";
constexpr const char* looked_kind = "override.reviewed";
constexpr std::string_view view_content = "consultation";

Instant view_due(const Office& office, const record::Entry& request) {
    const auto day = parse_date(string_or(request.body, "due", ""));
    const auto last =
        day ? std::optional<Date>(*day) : usual_day(office, asked_view_kind, given_view_kind, request.row.at);
    return last ? office.calendar->start_of(*last + std::chrono::days(1)) - std::chrono::microseconds(1)
                : request.row.at.instant;
}

std::string course_label(const Office& office, const json::object& body) {
    return words_of_code(office.catalogue.find(asked_view_kind), "course", string_or(body, "course", ""));
}

bool is_asked(const Office& office, const record::Asker& asker, const record::Entry& request) {
    if (!stands_in(strings_in(request.body, "of"), asker.agency) || request.row.agency == asker.agency) return false;
    const auto people = strings_in(request.body, "persons");
    if (!people.empty() && !stands_in(people, asker.practitioner)) return false;
    const auto* agency = office.profile.agency(asker.agency);
    const auto* who = office.profile.practitioner(asker.practitioner);
    return agency != nullptr && who != nullptr && answers_for_agency(office, *agency, *who);
}

auto no_such_request() {
    return fault(FaultKind::missing, "request", "There is no such question to your agency.", "Choose one from My day.");
}

// The question, where it is for this asker: to their agency, to them where it goes to some only.
struct RequestInHand {
    record::Entry request;
    std::vector<record::Entry> answers;  // of the agency, oldest first
};
Result<RequestInHand> request_in_hand(const Office& office, store::Snapshot& snapshot, const Knowing& knowing,
                                      const record::Asker& asker, EntryId id) {
    const auto kept = snapshot.entries(office.partnership, std::vector{id}, store::Want::whole).front();
    if (!kept || !kept->row.record || kept->row.kind != asked_view_kind) return no_such_request();
    RequestInHand out{TRY(office.journal->open(*kept)), {}};
    const auto person = person_of(office, snapshot, out.request.row.record);
    if (!person || !not_shut_out(knowing, *person) || !is_asked(office, asker, out.request)) return no_such_request();
    if (knowing.is_kept_from(out.request.row.marking, *person)) return no_such_request();
    for (auto& one : TRY(story_of(office, snapshot, out.request))) {
        if (one.row.kind == given_view_kind && one.row.agency == asker.agency && one.row.about == id)
            out.answers.push_back(std::move(one));
    }
    return out;
}

}  // namespace

bool answers_for_agency(const Office& office, const content::Agency& agency, const content::Practitioner& who) {
    if (who.agency != agency.key) return false;
    if (!agency.checks.empty() && !stands_in(agency.checks, who.key)) return false;
    const auto* row = office.gate->policy().row(who.role);
    return row != nullptr && row->appends.contains(given_view_kind) &&
           row->scope(record::Action::search) != sharing::Scope::none;
}

Result<ViewToGive> view_to_give(const Office& office, const record::Asker& asker, EntryId request) {
    TRY_VOID(permit_for(office, asker, record::Action::append, given_view_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<ViewToGive>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ViewToGive> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto in_hand = TRY(request_in_hand(office, snapshot, knowing, asker, request));
        const auto& asked = in_hand.request;
        ViewToGive out;
        out.request = request;
        out.child = TRY(name_of_record(office, snapshot, asked.row.record));
        out.from_agency = agency_name(office, asked.row.agency);
        out.from = practitioner_name(office, asked.row.author);
        out.asked = asked.row.at;
        out.due = view_due(office, asked);
        out.course_words = course_label(office, asked.body);
        out.question = std::string(string_or(asked.body, "text", ""));
        out.view = std::string(string_or(asked.body, "view", ""));
        std::vector<record::Shown> shown{{request, record::Depth::full}};
        if (!in_hand.answers.empty()) {
            const auto& last = in_hand.answers.back();
            out.seen = last.row.entry;
            out.position = std::string(string_or(last.body, "position", ""));
            out.own_view = std::string(string_or(last.body, "view", ""));
            out.own_dissent = std::string(string_or(last.body, "dissent", ""));
            out.answered_by = practitioner_name(office, last.row.author);
            out.answered = last.row.at;
            shown.push_back({last.row.entry, record::Depth::full});
        }
        out.overdue = !out.answered && out.due < office.clock.now();
        if (const auto basis = basis_between(office, asker.agency, asked.row.agency, asker.purpose, view_content))
            out.basis = basis->words();
        seen.add("asked", asked.row.record, asked.row.case_id, std::move(shown), std::string(name_fields));
        return out;
    });
}

Result<EntryId> give_view(const Office& office, const record::Asker& asker, const GiveView& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.position, "position", "Choose one."));
    const bool disagrees = request.position == "disagrees";
    if (disagrees) TRY_VOID(given(request.dissent, "dissent", "Say why you disagree."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, given_view_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::search));
    return write_as<EntryId>(office, permit, given_view_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(request_in_hand(office, tx, knowing, asker, request.request));
        const auto& asked = in_hand.request;
        auto draft = draft_by(office, asker, given_view_kind, request.key);
        draft.body = {{"by", json::array{json::value(asker.agency)}},
                      {"course", std::string(string_or(asked.body, "course", ""))},
                      {"position", request.position}};
        if (!trim(request.view).empty()) draft.body.emplace("view", request.view);
        if (disagrees) draft.body.emplace("dissent", request.dissent);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        if ((in_hand.answers.empty() ? EntryId{} : in_hand.answers.back().row.entry) != request.seen)
            return fault(FaultKind::conflict, "seen", "A colleague has answered since you opened the page.",
                         "Compare the two, and send yours again if it still holds.");
        draft.basis = TRY(basis_code(office, asker.agency, asked.row.agency, asker.purpose, view_content));
        draft.about = to_string(request.request);
        draft.subjects.push_back(the_child(asked.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), asked.row.case_id)).entries.front();
    });
}

// ---- My day ---------------------------------------------------------------------------------------------------------

namespace {

using Tasks = std::vector<ConsultationTask>;
using What = ConsultationTask::What;

Result<void> add_task(const Look& look, const OwedEntry& owed, What what, std::string agency, Tasks& tasks) {
    const auto& [office, snapshot, asker, seen] = look;
    const auto& row = owed.entry.row;
    tasks.push_back({what, row.entry, record::shown_name(TRY(name_of_record(office, snapshot, row.record))),
                     course_label(office, owed.entry.body), std::move(agency), owed.due,
                     owed.due < office.clock.now()});
    seen.add("asked", row.record, row.case_id, {{row.entry, record::Depth::summary}}, std::string(name_fields));
    return {};
}

// Requests without an answer: those that the asker's agency owes, and those that the asker made.
Result<void> requests_waiting(const Look& look, std::size_t limit, Tasks& tasks) {
    const auto& [office, snapshot, asker, seen] = look;
    const auto searches = office.gate->ask(asker, record::Action::search);
    if (!searches) return {};
    const auto knowing = TRY(Knowing::of(office, snapshot, *searches));
    std::set<EntryId> taken;
    for (const auto& owed : TRY(owed_about(office, snapshot, given_view_kind))) {
        if (tasks.size() >= limit) break;
        const auto& entry = owed.entry;
        const bool mine = entry.row.agency == asker.agency && entry.row.author == asker.practitioner;
        if (entry.row.kind != asked_view_kind || (!mine && !is_asked(office, asker, entry)) ||
            !taken.insert(entry.row.entry).second)
            continue;
        const auto person = person_of(office, snapshot, entry.row.record);
        if (!person || !not_shut_out(knowing, *person)) continue;
        if (!mine) {
            // What several owe is met by each for themselves.
            const auto in_hand = request_in_hand(office, snapshot, knowing, asker, entry.row.entry);
            if (!in_hand || !in_hand->answers.empty()) continue;
        }
        std::string agency = agency_name(office, entry.row.agency);
        if (mine) {
            agency.clear();
            for (const auto& one : strings_in(entry.body, "of"))
                agency += (agency.empty() ? "" : ", ") + agency_name(office, one);
        }
        auto shown = owed;
        shown.due = view_due(office, entry);
        TRY_VOID(add_task(look, shown, mine ? What::not_answered : What::to_answer, std::move(agency), tasks));
    }
    return {};
}

// Whoever went ahead without waiting is looked at by somebody else: of the role that owes it, or of their own agency.
Result<void> reviews_owed(const Look& look, std::size_t limit, Tasks& tasks) {
    const auto& [office, snapshot, asker, seen] = look;
    const auto reads = office.gate->ask(asker, record::Action::read);
    if (!reads || !office.gate->ask(asker, record::Action::append, looked_kind)) return {};
    auto knowing = TRY(Knowing::of(office, snapshot, *reads));
    std::set<EntryId> taken;
    for (const auto& owed : TRY(owed_about(office, snapshot, looked_kind))) {
        if (tasks.size() >= limit) break;
        const auto& row = owed.entry.row;
        const bool own = row.agency == asker.agency && row.author == asker.practitioner;
        if (row.kind != went_kind || own || !taken.insert(row.entry).second) continue;
        const auto child = knowing.child(row.record);
        if (!child || child->permit.depth(row.kind, row.marking, row.agency) < record::Depth::summary) continue;
        TRY_VOID(add_task(look, owed, What::to_review, agency_name(office, row.agency), tasks));
        // The page is that of the consultation, where it is about one.
        if (row.about) tasks.back().entry = row.about;
    }
    return {};
}

}  // namespace

Result<Tasks> consultation_tasks(const Office& office, const record::Asker& asker, std::size_t limit) {
    if (!office.gate->ask(asker, record::Action::search) && !office.gate->ask(asker, record::Action::read))
        return Tasks{};
    const auto permit = TRY(
        permit_for(office, asker,
                   office.gate->ask(asker, record::Action::search) ? record::Action::search : record::Action::read));
    return read_as<Tasks>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Tasks> {
        const Look look{office, snapshot, asker, seen};
        Tasks tasks;
        TRY_VOID(requests_waiting(look, limit, tasks));
        TRY_VOID(reviews_owed(look, limit, tasks));
        std::stable_sort(tasks.begin(), tasks.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
        return tasks;
    });
}

}  // namespace waymark::casework
