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
#include "record/staff.hpp"
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
constexpr std::array<std::string_view, 7> act_words{"unrestrict", "join", "part", "export", "policy", "keys", "let-in"};
constexpr std::string_view operator_name = "operator";

bool has_signed_in(store::Snapshot& snapshot, store::Partnership p, std::string_view practitioner) {
    const auto said = store::sign_ins(snapshot).engagement(p, practitioner);
    return said && said->last_sign_in.has_value();
}

// Sign-ins that were begun anew are told of for the days of a request and one more.
Instant told_until(const Office& office, const Pending& one) {
    return one.at + std::chrono::hours(24 * (office.gate->policy().lengths.approval_days + 1));
}

bool is_of_operator(Act act) {
    return act == Act::bulk_export || act == Act::policy || act == Act::keys || act == Act::let_in;
}

// Whose role lets them answer for what the operator does.
bool answers_for_operator(const sharing::RoleRow* row) {
    return row != nullptr && (row->scope(record::Action::administer) != sharing::Scope::none ||
                              row->scope(record::Action::oversee) == sharing::Scope::all);
}

std::string digest_of(Act act, const json::object& exact) {
    return to_hex(sha256({as_bytes(to_string(act)), as_bytes("\n"), as_bytes(write_canonical(exact))}));
}

// A session is kept as its digest's digest: it tells two apart and opens nothing.
std::string session_of(const record::Asker& asker) {
    return to_hex(sha256({as_bytes("waymark second person"), as_bytes(asker.session)})).substr(0, 32);
}

// What was asked in this time is looked through. Leave to back up stands longest.
Instant window(const Office& office) {
    const auto& lengths = office.gate->policy().lengths;
    return office.clock.now() - std::chrono::hours(24 * (std::max(lengths.approval_days, lengths.backup_days) + 1));
}

// Back-ups are written by a timer, every night: what two agree to for them is not used up.
bool is_standing_leave(const Request& request) {
    return request.act == Act::bulk_export && request.exact == to_back_up().exact;
}
Instant stands_until(const Office& office, const Request& request, const Pending& agreed) {
    return is_standing_leave(request) ? agreed.at + std::chrono::hours(24 * office.gate->policy().lengths.backup_days)
                                      : agreed.expires;
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
    one.of_operator = entry.row.author == operator_name && entry.row.agency == engine_agency;
    one.name = one.of_operator ? "The operator, by the command" : practitioner_name(office, entry.row.author);
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
        case Act::policy:
        case Act::keys:
        case Act::let_in:
            if (may_ask_for(office, asker)) return {};
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

// Somebody who has signed in themselves, strongly enough.
Result<void> has_signed_in_well(const Office& office, const record::Asker& asker) {
    const auto digest = from_hex(asker.session);
    if (!digest || digest->size() != sizeof(Digest))
        return not_second("session", "A request is answered by somebody who has signed in, and not by a command.");
    if (!sharing::strong_enough(asker, office.gate->policy().approve_strength, office.demonstration))
        return fault(
            FaultKind::forbidden, "strength", "You did not sign in strongly enough for this.",
            fmt::format("Sign in again with {}.", sharing::strength_words(office.gate->policy().approve_strength)));
    return {};
}

Result<void> is_second(const Office& office, store::Snapshot& snapshot, const Pending& asked,
                       const record::Asker& asker) {
    TRY_VOID(has_right(office, snapshot, asked, asker));
    if (asker.practitioner == asked.by) return not_second("same-person", "You asked for this yourself.");
    if (asker.practitioner == asked.backed_by)
        return not_second("same-person", "You have agreed to this already; it takes somebody else too.");
    TRY_VOID(has_signed_in_well(office, asker));
    if (session_of(asker) == asked.session) return not_second("same-session", "It was asked for in this very sign-in.");
    // Nobody lets themselves in again, by whichever two hands.
    if (asked.act == Act::let_in && string_or(asked.exact, "practitioner", "") == asker.practitioner)
        return not_second("same-person", "It is about your own sign-in.");
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
                  {"request", write_canonical(request.exact)},
                  {"session", session_of(asker)}};
    if (!request.reason.empty()) draft.body.emplace("reason", request.reason);
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
        if (one.of_operator && decision == "agreed" && one.answered_key.empty()) {
            // Newest first: what comes after this is the first of the two.
            one.answered_key = entry.row.author;
            one.backed_by = entry.row.author;
            one.backed_name = practitioner_name(office, entry.row.author);
            one.reason = string_or(entry.body, "reason", "");
            continue;
        }
        if (one.of_operator && decision == "agreed") {
            one.answered_by = one.backed_name;
            one.backed_by = entry.row.author;
            one.backed_name = practitioner_name(office, entry.row.author);
            one.reason = string_or(entry.body, "reason", "");
            if (one.answered_key != one.backed_by && one.state != State::refused && one.state != State::withdrawn)
                one.state = State::agreed;
            continue;
        }
        one.answered_key = entry.row.author;
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
            one.own = one.by == asker.practitioner || one.backed_by == asker.practitioner;
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
        const bool own = found->by == asker.practitioner || found->backed_by == asker.practitioner;
        const bool withdraws = own && !answer.agree;
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
        if (answer.agree && found->of_operator && found->backed_by.empty())
            TRY_VOID(given(answer.reason, "reason", "You are the first of two: say why it is to be done."));
        const auto given_entry = TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
        if (answer.agree && !is_of_operator(found->act)) TRY_VOID(act_on(office, tx, *found, asker));
        return given_entry;
    });
}

// ---- acts of the operator -------------------------------------------------------------------------------------------

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known_acts{{
    {"export", "Take the whole record out (waymark export)"},
    {"export addresses",
     "Take the whole record out with protected addresses (waymark export entries --protected-addresses)"},
    {"back-up", "Write back-ups for the days that the access policy says (waymark backup)"},
    {"keys seal", "Seal the record under keys (waymark keys seal)"},
    {"keys rotate root", "Change the root key (waymark keys rotate root)"},
    {"keys rotate partnership", "Change the partnership’s key (waymark keys rotate partnership)"},
    {"keys rotate records", "Seal every text anew (waymark keys rotate records)"},
    {"keys destroy", "Destroy former keys (waymark keys destroy)"},
}};
constexpr std::string_view of_keys = "keys ";
constexpr std::string_view of_person = "let-in ";

std::string words_of_act(std::string_view act) {
    const auto found =
        std::find_if(known_acts.begin(), known_acts.end(), [&](const auto& one) { return one.first == act; });
    return std::string(found == known_acts.end() ? act : found->second);
}

// Somebody who has agreed and has left since, or whose access was closed, has agreed to nothing.
bool still_answers(const Office& office, store::Snapshot& snapshot, std::string_view practitioner) {
    const auto* known = office.profile.practitioner(practitioner);
    return known != nullptr && answers_for_operator(office.gate->policy().row(known->role)) &&
           record::may_enter(snapshot, office.partnership, *known);
}

}  // namespace

Request to_export(bool protected_addresses) {
    Request request;
    request.act = Act::bulk_export;
    request.exact = {{"what", protected_addresses ? "record with protected addresses" : "record"}};
    request.words = words_of_act(protected_addresses ? "export addresses" : "export");
    return request;
}

Request to_back_up() {
    Request request;
    request.act = Act::bulk_export;
    request.exact = {{"what", "back-up"}};
    request.words = words_of_act("back-up");
    return request;
}

Request to_change_keys(std::string_view what) {
    Request request;
    request.act = Act::keys;
    request.exact = {{"what", what}};
    request.words = words_of_act(fmt::format("{}{}", of_keys, what));
    return request;
}

Request to_adopt(std::span<const Adopted> texts) {
    Request request;
    request.act = Act::policy;
    json::array list;
    std::string words = "Take into force:";
    for (const auto& one : texts) {
        const auto digest = to_hex(sha256(as_bytes(one.text)));
        list.push_back(
            json::object{{"what", one.what}, {"name", one.name}, {"version", one.version}, {"digest", digest}});
        words += fmt::format("{} {} {}, version {} (SHA-256 {}…)", list.size() > 1 ? ";" : "", one.what, one.name,
                             one.version, std::string_view(digest).substr(0, 12));
    }
    request.exact = {{"texts", std::move(list)}};
    request.words = std::move(words);
    return request;
}

Request to_let_in(std::string_view practitioner) {
    Request request;
    request.act = Act::let_in;
    request.exact = {{"practitioner", practitioner}};
    request.words = fmt::format("Let “{}” begin their sign-in anew", practitioner);
    return request;
}

std::vector<std::pair<std::string, std::string>> acts_to_ask_for() {
    return {known_acts.begin(), known_acts.end()};
}

bool may_ask_for(const Office& office, const record::Asker& asker) {
    if (office.gate->ask(asker, record::Action::administer)) return true;
    const auto looks = office.gate->ask(asker, record::Action::oversee);
    return looks && !looks->own_agency_only();
}

Result<EntryId> ask_for(const Office& office, const record::Asker& asker, const AskFor& wanted) {
    TRY_VOID(key_stands(wanted.key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, asked_kind));
    return write_as<EntryId>(office, permit, asked_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        if (!may_ask_for(office, asker)) {
            return fault(FaultKind::forbidden, "role", "Only an administrator or a privacy officer may ask for this.",
                         "Ask one of them.");
        }
        TRY_VOID(has_signed_in_well(office, asker));
        const auto known = std::find_if(known_acts.begin(), known_acts.end(),
                                        [&](const auto& one) { return one.first == wanted.act; });
        const auto person = std::string_view(wanted.act).starts_with(of_person)
                                ? std::string_view(wanted.act).substr(of_person.size())
                                : std::string_view{};
        if (known == known_acts.end() && office.profile.practitioner(person) == nullptr)
            return invalid("act", "Choose what is to be done.");
        if (person == asker.practitioner) TRY_VOID(not_second("same-person", "It is about your own sign-in."));
        TRY_VOID(given(wanted.reason, "reason", "Say why it is to be done."));
        auto request = known == known_acts.end()            ? to_let_in(person)
                       : known->first == "back-up"          ? to_back_up()
                       : known->first.starts_with("export") ? to_export(known->first != "export")
                                                            : to_change_keys(known->first.substr(of_keys.size()));
        request.reason = wanted.reason;
        return ask(office, tx, permit, wanted.key, request);
    });
}

Result<bool> needed(const Office& office, store::Snapshot& snapshot) {
    if (office.demonstration) return false;
    int able = 0;
    for (const auto& person : office.profile.practitioners) {
        if (answers_for_operator(office.gate->policy().row(person.role)) &&
            has_signed_in(snapshot, office.partnership, person.key) && ++able == 2)
            return true;
    }
    return false;
}

Fault waits_for_second_person(const Leave& leave) {
    return {FaultKind::held, "two-persons",
            leave.words.empty() ? "This waits for two practitioners to agree to it." : leave.words,
            "Ask on the page “Waiting for a second person” of the web application (/approvals): two administrators or "
            "privacy officers agree there; then run the same command again."};
}

bool is_let_in_by_two(const Office& office, store::Snapshot& snapshot, std::string_view practitioner) {
    const auto* known = office.profile.practitioner(practitioner);
    return has_signed_in(snapshot, office.partnership, practitioner) ||
           (known != nullptr && answers_for_operator(office.gate->policy().row(known->role)));
}

Result<std::optional<Pending>> standing_request(const Office& office, store::Snapshot& snapshot,
                                                const Request& request) {
    const auto digest = digest_of(request.act, request.exact);
    for (auto& one : TRY(all(office, snapshot, false))) {
        if (one.digest == digest && office.clock.now() < one.expires &&
            (one.state == State::waiting || one.state == State::agreed))
            return std::optional(std::move(one));
    }
    return std::optional<Pending>{};
}

Result<std::vector<LetIn>> let_in_lately(const Office& office, const record::Asker& asker) {
    using Found = std::vector<LetIn>;
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Found> {
        Found found;
        for (const auto& one : TRY(all(office, snapshot, false))) {
            if (one.act != Act::let_in || one.state != State::used || office.clock.now() >= told_until(office, one))
                continue;
            const auto* person = office.profile.practitioner(string_or(one.exact, "practitioner", ""));
            if (person == nullptr || (permit.own_agency_only() && person->agency != asker.agency)) continue;
            found.push_back({person->name, person->agency, one.of_operator ? one.backed_name : one.name,
                             one.answered_by, one.reason, one.at});
        }
        return found;
    });
}

Result<Leave> leave_of_operator(const Office& office, store::Transaction& tx, const record::Permit& permit,
                                const Request& request, bool asks) {
    Leave leave;
    if (!TRY(needed(office, tx))) {
        leave.how = office.demonstration ? Leave::How::demonstration : Leave::How::setting_up;
        leave.words = office.demonstration ? "no second person: this is a demonstration"
                                           : "no second person: fewer than two who may agree to it have ever signed in";
        return leave;
    }
    const auto digest = digest_of(request.act, request.exact);
    const auto machine = office.gate->system(permit.asker().route, record::Action::append);
    const auto by_machine = sharing::operator_asker(permit.asker().route, permit.asker().purpose);
    for (const auto& one : TRY(all(office, tx, false))) {
        if (one.digest != digest) continue;
        if (one.state == State::waiting) {
            leave.request = one.entry;
            leave.words = one.of_operator && one.backed_by.empty()
                              ? "This waits for two practitioners to agree to it."
                              : fmt::format("This waits for a second practitioner beside {}.",
                                            one.of_operator ? one.backed_name : one.name);
            return leave;
        }
        if (one.state != State::agreed || office.clock.now() >= stands_until(office, request, one)) continue;
        const auto& first = one.of_operator ? one.backed_by : one.by;
        if (!still_answers(office, tx, first) || !still_answers(office, tx, one.answered_key)) continue;
        if (!is_standing_leave(request)) {
            auto draft = draft_by(office, by_machine, used_kind, fmt::format("used:{}", to_string(one.entry)));
            draft.body = {{"by", permit.asker().practitioner}};
            draft.about = to_string(one.entry);
            TRY_VOID(take_one(office, tx, machine, std::move(draft), std::nullopt));
        }
        leave.how = Leave::How::agreed;
        leave.request = one.entry;
        leave.words = fmt::format("as {} and {} agreed", one.of_operator ? one.backed_name : one.name, one.answered_by);
        return leave;
    }
    if (!asks) return leave;
    auto draft = request_draft(office, by_machine, to_string(make_uuid4(office.random)), request);
    leave.request = TRY(take_one(office, tx, machine, std::move(draft), std::nullopt)).entries.front();
    return leave;
}

Result<Leave> leave_to_back_up(const Office& office, const record::Asker& asker) {
    const auto permit = TRY(permit_for(office, asker, record::Action::administer));
    auto line = record::audit_line(permit, office.clock.now(), ViewId{}, CaseId{}, {}, "allowed");
    line.action = "backup";
    Leave leave;
    TRY_VOID(office.store.write([&](store::Transaction& tx) -> Result<void> {
        leave = TRY(leave_of_operator(office, tx, permit, to_back_up()));
        if (leave.given()) line.reason = leave.words;
        line.result = leave.given() ? "allowed" : "denied";
        office.auditor->keep(tx, office.partnership, line);
        return {};
    }));
    if (!leave.given()) return tl::unexpected(waits_for_second_person(leave));
    return leave;
}

}  // namespace two_persons

}  // namespace waymark::casework
