// Asking a second person, being one, and what follows.
#include "casework/two_persons.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/agreed.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"
#include "store/sign_ins.hpp"

namespace waymark::casework {

record::Draft draft_as_agreed(const Office& office, const two_persons::Pending& asked, const record::Asker& second,
                              std::string_view kind) {
    record::Draft draft;
    draft.kind = kind;
    draft.at = {office.clock.now(), false};
    draft.agency = asked.agency;
    draft.author = asked.by;
    draft.id = fmt::format("agreed:{}", to_string(asked.entry));
    draft.body = {{"reason", asked.reason}, {"approved_by", second.practitioner}};
    return draft;
}

namespace two_persons {

namespace {

constexpr std::string_view asked_kind = "approval.asked";
constexpr std::string_view given_kind = "approval.given";
constexpr std::string_view used_kind = "approval.used";
constexpr std::size_t most_asked = 1'000;
constexpr std::array<std::string_view, 6> act_words{"unrestrict", "join", "part", "export", "policy", "keys"};

bool has_signed_in(store::Snapshot& snapshot, store::Partnership p, std::string_view practitioner) {
    const auto said = store::sign_ins(snapshot).engagement(p, practitioner);
    return said && said->last_sign_in.has_value();
}

bool is_of_operator(Act act) {
    return act == Act::bulk_export || act == Act::policy || act == Act::keys;
}

std::string digest_of(Act act, const json::object& exact) {
    return to_hex(sha256({as_bytes(to_string(act)), as_bytes("\n"), as_bytes(write_canonical(exact))}));
}

// A session is kept as its digest's digest: it tells two apart and opens nothing.
std::string session_of(const record::Asker& asker) {
    return to_hex(sha256({as_bytes("waymark second person"), as_bytes(asker.session)})).substr(0, 32);
}

Instant window(const Office& office) {
    return office.clock.now() - std::chrono::hours(24 * (office.gate->policy().lengths.approval_days + 1));
}

Result<json::object> parse_exact(std::string_view text) {
    auto parsed = parse_json(text);
    if (!parsed || !parsed->is_object())
        return fault(FaultKind::conflict, "request", "The request cannot be read.", "Ask again.");
    return std::move(parsed->as_object());
}

Result<Pending> read_asked(const Office& office, const record::Entry& entry) {
    Pending one;
    one.entry = entry.row.entry;
    const auto act = parse_act(string_or(entry.body, "act", ""));
    if (!act) return fault(FaultKind::conflict, "act", "This request is of a kind that is not known.", "Ask again.");
    one.act = *act;
    one.digest = string_or(entry.body, "digest", "");
    one.exact = TRY(parse_exact(string_or(entry.body, "request", "")));
    one.record = entry.row.record;
    one.words = string_or(entry.body, "words", "");
    one.reason = string_or(entry.body, "reason", "");
    one.session = string_or(entry.body, "session", "");
    one.by = entry.row.author;
    one.name = practitioner_name(office, entry.row.author);
    one.agency = entry.row.agency;
    one.at = entry.row.at.instant;
    one.expires = one.at + std::chrono::hours(24 * office.gate->policy().lengths.approval_days);
    if (office.clock.now() >= one.expires) one.state = State::lapsed;
    return one;
}

// ---- who may be the second ------------------------------------------------------------------------------------------

Result<void> not_second(std::string place, std::string reason) {
    return fault(FaultKind::forbidden, std::move(place), std::move(reason), "Ask somebody else to answer it.");
}

// The right to the act itself.
Result<void> has_right(const Office& office, store::Snapshot& snapshot, const Pending& asked,
                       const record::Asker& asker) {
    switch (asked.act) {
        case Act::unrestrict:
            return may_lift(office, snapshot, asked, asker);
        case Act::join:
        case Act::part:
            return may_decide(office, snapshot, asked, asker);
        case Act::bulk_export:
            if (office.gate->ask(asker, record::Action::administer)) return {};
            if (const auto looks = office.gate->ask(asker, record::Action::oversee); looks && !looks->own_agency_only())
                return {};
            break;
        case Act::policy:
        case Act::keys:
            if (office.gate->ask(asker, record::Action::administer)) return {};
            break;
    }
    return fault(FaultKind::missing, "entry", "There is no such request.", "Open the list again.");
}

// Who was given the record by the one who asks is their delegate.
bool is_delegate(const Office& office, store::Snapshot& snapshot, const Pending& asked, const record::Asker& asker) {
    const auto p = office.partnership;
    const auto row = snapshot.views(p, std::vector{asked.record}).front();
    if (!row) return false;
    const auto views = ids_of(snapshot.views_of_persons(p, std::vector{row->person}));
    for (const auto& one :
         snapshot.access_entries_of(p, "access.granted", Instant{}, store::Want::cards, 10'000, asked.by)) {
        if (std::find(views.begin(), views.end(), one.row.record) == views.end()) continue;
        const auto fact = office.journal->open_card(one.row);
        if (fact && string_or(fact->fields, "to", "") == asker.practitioner) return true;
    }
    return false;
}

Result<void> is_second(const Office& office, store::Snapshot& snapshot, const Pending& asked,
                       const record::Asker& asker) {
    TRY_VOID(has_right(office, snapshot, asked, asker));
    if (asker.practitioner == asked.by) return not_second("same-person", "You asked for this yourself.");
    const auto digest = from_hex(asker.session);
    if (!digest || digest->size() != sizeof(Digest))
        return not_second("session", "A request is answered by somebody who has signed in, and not by a command.");
    if (session_of(asker) == asked.session) return not_second("same-session", "It was asked for in this very sign-in.");
    if (!sharing::strong_enough(asker, office.gate->policy().approve_strength, office.demonstration))
        return not_second("strength", "You did not sign in strongly enough to answer this.");
    if (asked.record && is_delegate(office, snapshot, asked, asker))
        return not_second("delegate", "You were given this record by the person who asks.");
    return {};
}

record::Draft answer_draft(const Office& office, const record::Asker& asker, const Pending& asked,
                           const std::string& key, std::string_view decision, const std::string& reason) {
    auto draft = draft_by(office, asker, given_kind, key);
    draft.body = {{"decision", decision}};
    if (!reason.empty()) draft.body.emplace("reason", reason);
    draft.about = to_string(asked.entry);
    if (asked.record) {
        record::Subject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.person = asked.record;
        draft.subjects.push_back(std::move(subject));
    }
    return draft;
}

Result<EntryId> act_on(const Office& office, store::Transaction& tx, const Pending& asked,
                       const record::Asker& second) {
    if (asked.act == Act::unrestrict) return lift_as_agreed(office, tx, asked, second);
    return decide_as_agreed(office, tx, asked, second);
}

// An operator may ask without a practitioner: the entry is the machine's.
record::Draft request_draft(const Office& office, const record::Asker& asker, const std::string& key,
                            const Request& request) {
    auto draft = draft_by(office, asker, asked_kind, key);
    draft.body = {{"act", to_string(request.act)},
                  {"digest", digest_of(request.act, request.exact)},
                  {"words", request.words},
                  {"reason", request.reason},
                  {"request", write_canonical(request.exact)},
                  {"session", session_of(asker)}};
    if (request.person) {
        record::Subject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.person = *request.person;
        draft.subjects.push_back(std::move(subject));
    }
    return draft;
}

}  // namespace

std::string_view to_string(Act act) {
    return act_words.at(static_cast<std::size_t>(act));
}

std::optional<Act> parse_act(std::string_view word) {
    const auto found = std::find(act_words.begin(), act_words.end(), word);
    if (found == act_words.end()) return std::nullopt;
    return static_cast<Act>(found - act_words.begin());
}

Result<std::vector<Pending>> all(const Office& office, store::Snapshot& snapshot, bool waiting_only) {
    const auto p = office.partnership;
    const auto since = window(office);
    std::vector<Pending> out;
    std::unordered_map<EntryId, std::size_t> at;
    for (const auto& kept : snapshot.access_entries_of(p, asked_kind, since, store::Want::whole, most_asked)) {
        auto one = read_asked(office, TRY(office.journal->open(kept)));
        if (!one) continue;
        at.emplace(one->entry, out.size());
        out.push_back(std::move(*one));
    }
    if (out.empty()) return out;
    for (const auto& kept : snapshot.access_entries_of(p, given_kind, since, store::Want::whole, most_asked)) {
        const auto found = at.find(kept.row.about);
        if (found == at.end()) continue;
        const auto entry = TRY(office.journal->open(kept));
        auto& one = out[found->second];
        const auto decision = string_or(entry.body, "decision", "");
        one.state = decision == "agreed" ? State::agreed : decision == "refused" ? State::refused : State::withdrawn;
        one.answered_by = practitioner_name(office, entry.row.author);
        one.answer = string_or(entry.body, "reason", "");
    }
    for (const auto& kept : snapshot.access_entries_of(p, used_kind, since, store::Want::cards, most_asked)) {
        if (const auto found = at.find(kept.row.about); found != at.end()) out[found->second].state = State::used;
    }
    if (waiting_only) std::erase_if(out, [](const Pending& one) { return one.state != State::waiting; });
    return out;
}

Result<std::optional<Pending>> waiting_for(const Office& office, store::Snapshot& snapshot, Act act,
                                           const json::object& exact) {
    const auto digest = digest_of(act, exact);
    for (auto& one : TRY(all(office, snapshot, true))) {
        if (one.digest == digest) return std::optional(std::move(one));
    }
    return std::optional<Pending>{};
}

Result<EntryId> ask(const Office& office, store::Transaction& tx, const record::Permit& permit, const std::string& key,
                    const Request& request) {
    auto draft = request_draft(office, permit.asker(), key, request);
    if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
    if (const auto waiting = TRY(waiting_for(office, tx, request.act, request.exact))) {
        return fault(FaultKind::conflict, "second-person",
                     fmt::format("{} has asked for this already; it waits for a second person.", waiting->name),
                     "Ask a colleague who may to answer it.");
    }
    return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
}

Result<std::vector<Pending>> pending(const Office& office, const record::Asker& asker) {
    using Found = std::vector<Pending>;
    const auto permit = TRY(permit_for(office, asker, record::Action::append, given_kind));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        Found found;
        for (auto& one : TRY(all(office, snapshot, true))) {
            if (!has_right(office, snapshot, one, asker)) continue;
            one.own = one.by == asker.practitioner;
            if (one.record) seen.add("oversight", one.record, {}, {{one.entry, record::Depth::summary}});
            found.push_back(std::move(one));
        }
        return found;
    });
}

Result<EntryId> approve(const Office& office, const record::Asker& asker, const Answer& answer) {
    TRY_VOID(key_stands(answer.key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, given_kind));
    return write_as<EntryId>(office, permit, given_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto requests = TRY(all(office, tx, false));
        const auto found = std::find_if(requests.begin(), requests.end(),
                                        [&](const Pending& one) { return one.entry == answer.entry; });
        if (found == requests.end())
            return fault(FaultKind::missing, "entry", "There is no such request.", "Open the list again.");
        const bool withdraws = found->by == asker.practitioner && !answer.agree;
        auto draft = answer_draft(office, asker, *found, answer.key,
                                  withdraws      ? "withdrawn"
                                  : answer.agree ? "agreed"
                                                 : "refused",
                                  answer.reason);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        if (withdraws) {
            TRY_VOID(has_right(office, tx, *found, asker));
        } else {
            TRY_VOID(is_second(office, tx, *found, asker));
        }
        if (found->state == State::lapsed)
            return fault(FaultKind::conflict, "entry", "Nobody answered this in time.", "Ask for it again.");
        if (found->state != State::waiting) {
            return fault(FaultKind::conflict, "entry", fmt::format("{} has answered this already.", found->answered_by),
                         "Open the list again.");
        }
        if (!answer.agree && !withdraws) TRY_VOID(given(answer.reason, "reason", "Say why you do not agree."));
        const auto given_entry = TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
        if (answer.agree && !is_of_operator(found->act)) TRY_VOID(act_on(office, tx, *found, asker));
        return given_entry;
    });
}

// ---- acts of the operator -------------------------------------------------------------------------------------------

Result<bool> needed(const Office& office, store::Snapshot& snapshot, Act act) {
    if (office.demonstration) return false;
    const auto& policy = office.gate->policy();
    for (const auto& person : office.profile.practitioners) {
        const auto* row = policy.row(person.role);
        if (row == nullptr) continue;
        const bool may = row->scope(record::Action::administer) != sharing::Scope::none ||
                         (act == Act::bulk_export && row->scope(record::Action::oversee) == sharing::Scope::all);
        if (may && has_signed_in(snapshot, office.partnership, person.key)) return true;
    }
    return false;
}

Fault waits_for_second_person() {
    return {
        FaultKind::held, "second-person", "This waits for a second person to agree.",
        "Somebody who may answers it in the web application, under “Waiting for a second person”; then run the same "
        "command again."};
}

Result<bool> leave_of_operator(const Office& office, store::Transaction& tx, const record::Permit& permit,
                               const Request& request) {
    if (!TRY(needed(office, tx, request.act))) return true;
    const auto digest = digest_of(request.act, request.exact);
    const auto machine = office.gate->system(permit.asker().route, record::Action::append);
    for (const auto& one : TRY(all(office, tx, false))) {
        if (one.digest != digest) continue;
        if (one.state == State::waiting) return false;
        if (one.state != State::agreed || office.clock.now() >= one.expires) continue;
        auto draft = draft_by(office, permit.asker(), used_kind, fmt::format("used:{}", to_string(one.entry)));
        draft.body = {{"by", permit.asker().practitioner}};
        draft.about = to_string(one.entry);
        TRY_VOID(take_one(office, tx, machine, std::move(draft), std::nullopt));
        return true;
    }
    auto draft = request_draft(office, permit.asker(), to_string(make_uuid4(office.random)), request);
    TRY_VOID(take_one(office, tx, machine, std::move(draft), std::nullopt));
    return false;
}

}  // namespace two_persons

}  // namespace waymark::casework
