// Asking agencies what they hold, answering, and following up.
#include "casework/checks.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* asked_kind = "check.requested";
constexpr const char* answered_kind = "check.answered";
constexpr const char* chased_kind = "check.chased";
constexpr std::string_view answer_content = "check-answer";

std::string purpose_words(const Office& office, std::string_view code) {
    const auto& purposes = office.gate->policy().purposes;
    const auto found = purposes.find(code);
    return found == purposes.end() ? std::string(code) : found->second;
}

// Whoever of the agency answers for it: those whom the profile names, else those whose role may.
std::vector<const content::Practitioner*> answering(const Office& office, const content::Agency& agency) {
    std::vector<const content::Practitioner*> out;
    for (const auto& one : office.profile.practitioners) {
        if (one.agency != agency.key) continue;
        if (!agency.checks.empty() && !stands_in(agency.checks, one.key)) continue;
        const auto* row = office.gate->policy().row(one.role);
        if (row != nullptr && row->appends.contains(answered_kind)) out.push_back(&one);
    }
    return out;
}

struct Asked {
    const content::Agency* agency = nullptr;
    std::vector<const content::Practitioner*> people;
};
// Of the other agencies, with those who would see the question; an agency of which nobody would is left out.
std::vector<Asked> whom_to_ask(const Office& office, const record::Asker& asker,
                               const std::vector<const Restriction*>& restrictions) {
    std::vector<Asked> out;
    for (const auto& agency : office.profile.agencies) {
        if (agency.key == asker.agency) continue;
        Asked one{&agency, answering(office, agency)};
        std::erase_if(one.people, [&](const auto* person) { return !is_named(restrictions, person->key); });
        if (!one.people.empty()) out.push_back(std::move(one));
    }
    return out;
}

// A question that this person may answer: their agency's, to them where it goes to some only, about a child whose
// record does not shut them out.
bool is_for(const Office& office, const Knowing& knowing, const record::Asker& asker, const record::Entry& check,
            ViewId person) {
    if (string_or(check.body, "to", "") != asker.agency) return false;
    const auto* agency = office.profile.agency(asker.agency);
    const auto people = strings_in(check.body, "persons");
    if (agency == nullptr || (!agency->checks.empty() && !stands_in(agency->checks, asker.practitioner))) return false;
    if (!people.empty() && !stands_in(people, asker.practitioner)) return false;
    return not_shut_out(knowing, person);
}

struct Answers {
    const record::Entry* last = nullptr;  // the last answer
    bool final = false;
};
Answers answers_in(const std::vector<record::Entry>& story) {
    Answers out;
    for (const auto& one : story) {
        if (one.row.kind != answered_kind) continue;
        out.last = &one;
        out.final = string_or(one.body, "holds", "") != "more-time";
    }
    return out;
}

// When an answer is wanted, from the entries alone: the day that was given, or the clock.
Instant wanted_by(const Office& office, const record::Entry& entry, std::string_view field) {
    if (const auto day = parse_date(string_or(entry.body, field, "")))
        return office.calendar->start_of(*day + std::chrono::days(1)) - std::chrono::microseconds(1);
    const auto day = usual_day(office, entry.row.kind, answered_kind, entry.row.at);
    return day ? office.calendar->start_of(*day + std::chrono::days(1)) - std::chrono::microseconds(1)
               : entry.row.at.instant;
}

Result<CheckToAnswer> question_of(const Office& office, store::Snapshot& snapshot, const record::Asker& asker,
                                  const std::vector<record::Entry>& story) {
    const auto& check = story.front();
    CheckToAnswer out;
    out.check = check.row.entry;
    out.child = TRY(name_of_record(office, snapshot, check.row.record));
    out.from_agency = agency_name(office, check.row.agency);
    out.from = practitioner_name(office, check.row.author);
    out.asked = check.row.at;
    const auto answers = answers_in(story);
    out.answered = answers.final;
    out.asked_for_time = answers.last != nullptr && !answers.final;
    out.due = out.asked_for_time ? wanted_by(office, *answers.last, "until") : wanted_by(office, check, "due");
    out.overdue = !out.answered && out.due < office.clock.now();
    out.question = std::string(string_or(check.body, "text", ""));
    const auto purpose = string_or(check.body, "purpose", "");
    out.purpose = purpose_words(office, purpose);
    if (const auto basis = basis_between(office, asker.agency, check.row.agency, purpose, answer_content)) {
        out.basis = basis->code();
        out.words = basis->words();
    }
    return out;
}

// The question that this entry is, or answers: an answer that asks for more time may answer another such.
Result<std::optional<record::Entry>> question_behind(const Office& office, store::Snapshot& snapshot,
                                                     record::Entry entry) {
    constexpr int most_steps = 50;
    using Found = std::optional<record::Entry>;
    for (int n = 0; n < most_steps && entry.row.kind == answered_kind; ++n) {
        const auto before =
            snapshot.entries(office.partnership, std::vector{entry.row.about}, store::Want::cards).front();
        if (!before) return Found{};
        entry = TRY(office.journal->open(*before));
    }
    return entry.row.kind == asked_kind ? Found(std::move(entry)) : Found{};
}

// The question with all that is about it, where it is for this asker.
Result<std::vector<record::Entry>> question_for(const Office& office, store::Snapshot& snapshot, const Knowing& knowing,
                                                const record::Asker& asker, EntryId check) {
    const auto no_such = fault(FaultKind::missing, "check", "There is no such question to your agency.",
                               "Choose one from the checks on My day.");
    const auto found = TRY(office.journal->read_entries(snapshot, office.partnership, office.gate->system("check"),
                                                        std::vector{check}, store::Want::whole));
    if (found.empty() || found.front().row.kind != asked_kind) return no_such;
    const auto person = person_of(office, snapshot, found.front().row.record);
    if (!person || !is_for(office, knowing, asker, found.front(), *person)) return no_such;
    return story_of(office, snapshot, found.front());
}

}  // namespace

// ---- asking ---------------------------------------------------------------------------------------------------------

Result<ToAsk> agencies_to_ask(const Office& office, const record::Asker& asker, ViewId child) {
    TRY_VOID(permit_for(office, asker, record::Action::append, asked_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<ToAsk>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ToAsk> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        ToAsk out;
        out.child = TRY(assemble_page(office, snapshot, knowing, child, std::nullopt));
        const auto known = TRY(knowing.child(child));
        const auto restrictions = knowing.restrictions_of(known.views.front().person);
        out.named_only = keeps_out(restrictions);
        out.usual = usual_day(office, asked_kind, answered_kind, When{office.clock.now(), false});
        const auto types = required_types(office, born_of(out.child.identities));
        for (const auto& one : whom_to_ask(office, asker, restrictions)) {
            Askable askable{one.agency->key, one.agency->name, types.contains(one.agency->type), {}};
            for (const auto* person : one.people) askable.people.push_back(person->name);
            out.agencies.push_back(std::move(askable));
        }
        seen.add(out.child.relationship, out.child.person, {}, shown_of(out.child), fields_of(out.child.identities));
        seen.rests_on(out.child.basis);
        return out;
    });
}

Result<std::vector<EntryId>> ask_agencies(const Office& office, const record::Asker& asker, const AskRequest& request) {
    using Ids = std::vector<EntryId>;
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.question, "question", "Say what you need to know."));
    if (request.agencies.empty()) return invalid("agencies", "No agency is chosen.", "Choose at least one.");
    const std::set<std::string> once(request.agencies.begin(), request.agencies.end());
    if (once.size() != request.agencies.size())
        return invalid("agencies", "An agency is chosen twice.", "Choose each once.");
    const auto due =
        request.due ? request.due : usual_day(office, asked_kind, answered_kind, When{office.clock.now(), false});
    if (!due) return invalid("due", "No day is given.", "Say by when you need the answers.");
    if (*due < office.calendar->day_of(office.clock.now()))
        return invalid("due", "That day is past.", "Give today or a later day.");
    const auto permit = TRY(permit_for(office, asker, record::Action::append, asked_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<Ids>(office, permit, asked_kind, [&](store::Transaction& tx) -> Result<Ids> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto child = TRY(knowing.child(request.child));
        const auto restrictions = knowing.restrictions_of(child.views.front().person);
        const auto askable = whom_to_ask(office, asker, restrictions);
        const auto into = case_of(office, tx, child.views);
        Ids ids;
        for (const auto& agency : request.agencies) {
            const auto found = std::find_if(askable.begin(), askable.end(),
                                            [&](const Asked& one) { return one.agency->key == agency; });
            if (found == askable.end())
                return invalid("agencies", "One of these agencies cannot be asked about this child.",
                               "Choose among those that are offered.");
            auto draft = draft_by(office, asker, asked_kind, fmt::format("{}/{}", request.key, agency));
            // The name goes to them now; the answer comes back on its own basis.
            draft.basis = TRY(basis_code(office, draft.agency, agency, request.purpose, "name"));
            draft.body = {{"to", agency},
                          {"request", request.key},
                          {"purpose", request.purpose},
                          {"due", format_date(*due)},
                          {"text", request.question}};
            if (keeps_out(restrictions)) {
                json::array people;
                for (const auto* person : found->people) people.emplace_back(person->key);
                draft.body.emplace("persons", std::move(people));
            }
            if (const auto before = TRY(sent_before(office, tx, draft))) {
                ids.push_back(before->row.entry);
                continue;
            }
            draft.subjects.push_back(the_child(child.views.front().view));
            ids.push_back(TRY(take_one(office, tx, permit, std::move(draft), into)).entries.front());
        }
        return ids;
    });
}

Result<EntryId> chase_check(const Office& office, const record::Asker& asker, const ChaseRequest& request) {
    TRY_VOID(key_stands(request.key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, chased_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, chased_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, chased_kind, request.key);
        draft.body = {{"how", request.how}};
        if (!request.text.empty()) draft.body.emplace("text", request.text);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto chain = TRY(chain_of(office, tx, knowing, request.check, asked_kind, answered_kind, "check"));
        if (chain.last.row.kind == answered_kind && string_or(chain.last.body, "holds", "") != "more-time")
            return fault(FaultKind::conflict, "check", "This agency has answered.", "Open the page again.");
        draft.about = to_string(request.check);
        draft.subjects.push_back(the_child(chain.first.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), chain.first.row.case_id)).entries.front();
    });
}

// ---- answering ------------------------------------------------------------------------------------------------------

Result<std::vector<CheckToAnswer>> checks_to_answer(const Office& office, const record::Asker& asker,
                                                    std::size_t limit) {
    using Items = std::vector<CheckToAnswer>;
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<Items>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Items> {
        return checks_to_answer(Look{office, snapshot, asker, seen}, limit);
    });
}

Result<std::vector<CheckToAnswer>> checks_to_answer(const Look& look, std::size_t limit) {
    const auto& [office, snapshot, asker, seen] = look;
    std::vector<CheckToAnswer> items;
    if (!office.gate->ask(asker, record::Action::append, answered_kind)) return items;
    const auto knowing = TRY(Knowing::of(office, snapshot, TRY(office.gate->ask(asker, record::Action::search))));
    std::set<EntryId> taken;
    for (const auto& owed : TRY(owed_about(office, snapshot, answered_kind))) {
        if (items.size() == limit) break;
        // What still waits after more time was asked for is raised by that answer.
        const auto asked = TRY(question_behind(office, snapshot, owed.entry));
        if (!asked || string_or(asked->body, "to", "") != asker.agency) continue;
        const auto question = asked->row.entry;
        if (!taken.insert(question).second) continue;
        const auto story = question_for(office, snapshot, knowing, asker, question);
        if (!story) continue;
        items.push_back(TRY(question_of(office, snapshot, asker, *story)));
        seen.add("asked", story->front().row.record, story->front().row.case_id, {{question, record::Depth::full}},
                 std::string(name_fields));
    }
    return items;
}

Result<CheckToAnswer> check_to_answer(const Office& office, const record::Asker& asker, EntryId check) {
    TRY_VOID(permit_for(office, asker, record::Action::append, answered_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<CheckToAnswer>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<CheckToAnswer> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto story = TRY(question_for(office, snapshot, knowing, asker, check));
        seen.add("asked", story.front().row.record, story.front().row.case_id, {{check, record::Depth::full}},
                 std::string(name_fields));
        return question_of(office, snapshot, asker, story);
    });
}

Result<EntryId> answer_check(const Office& office, const record::Asker& asker, const AnswerRequest& request) {
    TRY_VOID(key_stands(request.key));
    if (request.holds == "something") TRY_VOID(given(request.summary, "summary", "Say what your agency holds."));
    const auto today = office.calendar->day_of(office.clock.now());
    if (request.holds == "more-time" && (!request.until || *request.until < today))
        return invalid("until", "No day to come is given.", "Say by when your agency will answer.");
    const auto permit = TRY(permit_for(office, asker, record::Action::append, answered_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::search));
    return write_as<EntryId>(office, permit, answered_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, answered_kind, request.key);
        draft.body = {{"holds", request.holds}};
        if (request.holds != "nothing" && !request.summary.empty()) draft.body.emplace("text", request.summary);
        if (request.holds == "something" && request.last_seen)
            draft.body.emplace("last_seen", format_date(*request.last_seen));
        if (request.holds == "more-time") draft.body.emplace("until", format_date(*request.until));
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto story = TRY(question_for(office, tx, knowing, asker, request.check));
        const auto& check = story.front();
        const auto answers = answers_in(story);
        if (answers.final)
            return fault(FaultKind::conflict, "holds", "Your agency has answered this already.",
                         "Look at that answer with whoever gave it; what is new goes into the record as an entry.");
        draft.basis = TRY(
            basis_code(office, asker.agency, check.row.agency, string_or(check.body, "purpose", ""), answer_content));
        draft.about = to_string(answers.last == nullptr ? check.row.entry : answers.last->row.entry);
        draft.subjects.push_back(the_child(check.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), check.row.case_id)).entries.front();
    });
}

// ---- following up ---------------------------------------------------------------------------------------------------

std::size_t AgencyCheck::waiting() const {
    return static_cast<std::size_t>(std::count_if(agencies.begin(), agencies.end(), [](const AskedAgency& one) {
        return one.state != AskedAgency::State::answered;
    }));
}
std::size_t AgencyCheck::overdue() const {
    return static_cast<std::size_t>(
        std::count_if(agencies.begin(), agencies.end(), [](const AskedAgency& one) { return one.overdue; }));
}

std::vector<AgencyCheck> checks_of(const Office& office, const PersonPage& page) {
    std::vector<AgencyCheck> all;
    struct Where {
        std::size_t check;
        std::size_t agency;
    };
    std::unordered_map<EntryId, Where> of_entry;
    const auto now = office.clock.now();
    const auto* answered = office.catalogue.find(answered_kind);
    for (const auto& line : page.lines) {
        const auto& entry = line.entry;
        if (line.superseded) continue;
        const auto text = [&](std::string_view field) { return std::string(string_or(entry.body, field, "")); };
        if (entry.row.kind == asked_kind) {
            const auto request = text("request").empty() ? to_string(entry.row.entry) : text("request");
            auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.request == request; });
            if (found == all.end()) {
                all.push_back(
                    {request, entry.row.at, line.author, text("text"), purpose_words(office, text("purpose")), {}});
                found = all.end() - 1;
            }
            AskedAgency one;
            one.check = entry.row.entry;
            one.agency = agency_name(office, text("to"));
            one.due = wanted_by(office, entry, "due");
            one.overdue = one.due < now;
            of_entry[entry.row.entry] = {static_cast<std::size_t>(found - all.begin()), found->agencies.size()};
            found->agencies.push_back(std::move(one));
            continue;
        }
        if (entry.row.kind != answered_kind && entry.row.kind != chased_kind) continue;
        const auto at = of_entry.find(entry.row.about);
        if (at == of_entry.end()) continue;
        auto& one = all[at->second.check].agencies[at->second.agency];
        of_entry[entry.row.entry] = at->second;
        if (entry.row.kind == chased_kind) {
            ++one.chased;
            one.last_chased = entry.row.at;
            continue;
        }
        one.holds = text("holds");
        one.holds_words = words_of_code(answered, "holds", one.holds);
        one.summary = text("text");
        if (const auto day = parse_date(text("last_seen"))) one.last_seen = *day;
        one.answered_by = line.author;
        one.answered_at = entry.row.at;
        one.state = one.holds == "more-time" ? AskedAgency::State::more_time : AskedAgency::State::answered;
        if (one.state == AskedAgency::State::more_time) one.due = wanted_by(office, entry, "until");
        one.overdue = one.state == AskedAgency::State::more_time && one.due < now;
    }
    std::reverse(all.begin(), all.end());
    return all;
}

Result<std::vector<CheckAsked>> checks_asked(const Office& office, const record::Asker& asker, std::size_t limit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    using Items = std::vector<CheckAsked>;
    return read_as<Items>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Items> {
        return checks_asked(Look{office, snapshot, asker, seen}, limit);
    });
}

Result<std::vector<CheckAsked>> checks_asked(const Look& look, std::size_t limit) {
    const auto& [office, snapshot, asker, seen] = look;
    std::vector<CheckAsked> items;
    if (!office.gate->ask(asker, record::Action::append, asked_kind)) return items;
    const auto permit = TRY(office.gate->ask(asker, record::Action::read));
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    std::vector<ViewId> persons;
    std::set<EntryId> taken;
    for (const auto& owed : TRY(owed_about(office, snapshot, answered_kind))) {
        if (items.size() == limit) break;
        const auto asked = TRY(question_behind(office, snapshot, owed.entry));
        const bool own = asked && (asked->row.agency == asker.agency || sharing::is_operator(asker));
        if (!own || !taken.insert(asked->row.entry).second) continue;
        const auto child = knowing.child(asked->row.record);
        const auto& row = asked->row;
        if (!child || child->permit.depth(row.kind, row.marking, row.agency) < record::Depth::summary) continue;
        items.push_back({row.entry,
                         child->person,
                         {},
                         agency_name(office, string_or(asked->body, "to", "")),
                         owed.due,
                         owed.due < office.clock.now()});
        persons.push_back(child->person);
        seen.add("asked", row.record, row.case_id, {{row.entry, record::Depth::summary}}, std::string(name_fields));
    }
    auto names = TRY(names_of_persons(office, snapshot, permit, persons));
    for (std::size_t i = 0; i < items.size(); ++i) items[i].name = std::move(names[i]);
    return items;
}

}  // namespace waymark::casework
