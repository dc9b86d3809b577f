// What the record says of an asker and a child.
#include "casework/knowing.hpp"

#include <algorithm>
#include <array>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

using sharing::CaseState;
using sharing::Level;
using sharing::Relationship;

constexpr std::size_t most_access_entries = 200'000;
constexpr std::size_t most_led_looked_up = 2'000;
constexpr std::size_t most_marked_looked_up = 20'000;
constexpr std::size_t few = 2;             // children whose records are read rather than asking whom one leads
constexpr std::size_t most_glass = 1'000;  // of one practitioner in a day
constexpr std::array<std::string_view, 3> leading{"case.opened", "case.transferred", "transfer.received"};
// Telling of a child, and saying who they are, is not working with them.
constexpr std::array<std::string_view, 2> not_working{"identity.decided", "identity.recorded"};
constexpr std::array<std::string_view, 5> gathering{"meeting.convened", "meeting.held", "conference.held",
                                                    "strategy.held", "meeting.invited"};

constexpr std::chrono::microseconds days(int n) {
    return std::chrono::hours(24 * n);
}

// Whose cards say who leads and who came; of every other entry it is enough who wrote it, of what kind and when.
constexpr auto tying = [] {
    std::array<std::string_view, leading.size() + gathering.size()> kinds;
    std::copy(gathering.begin(), gathering.end(), std::copy(leading.begin(), leading.end(), kinds.begin()));
    return kinds;
}();

template <class Names>
bool is_one_of(const Names& names, std::string_view one) {
    return std::find(names.begin(), names.end(), one) != names.end();
}

bool lists_agency(const json::object& body, std::string_view name, std::string_view agency) {
    const auto* list = find(body, name);
    if (list == nullptr || !list->is_array()) return false;
    return std::any_of(list->get_array().begin(), list->get_array().end(), [&](const json::value& one) {
        if (const auto* text = one.if_string()) return std::string_view(text->data(), text->size()) == agency;
        const auto* object = one.if_object();
        return object != nullptr && string_or(*object, "agency", "") == agency;
    });
}

// Months of the calendar, by the day of the year: near enough for an access that is said to end a week before it does.
Instant months_after(const procedure::Calendar& calendar, Instant from, int months) {
    const std::chrono::year_month_day start{calendar.day_of(from)};
    auto end = start + std::chrono::months(months);
    if (!end.ok()) end = end.year() / end.month() / std::chrono::last;
    return calendar.start_of(Date{std::chrono::sys_days{end}}) + days(1);
}

bool is_about_access(std::string_view kind) {
    return kind.starts_with("glass.") || kind.starts_with("conflict.") || kind.starts_with("approval.") ||
           kind.starts_with("restriction.") || kind == "access.granted";
}

std::vector<const store::EntryRow*> pointers_to(const std::vector<store::EntryRow>& entries) {
    std::vector<const store::EntryRow*> rows;
    rows.reserve(entries.size());
    for (const auto& one : entries) rows.push_back(&one);
    return rows;
}

}  // namespace

Instant glass_until(const Office& office, const record::Fact& fact) {
    const auto longest = office.gate->policy().lengths.glass_hours;
    const auto* given = find(fact.fields, "hours");
    const auto hours = given != nullptr && given->is_int64() ? static_cast<int>(given->get_int64()) : longest;
    return fact.at.instant + std::chrono::hours(std::clamp(hours, 0, longest));
}

Knowing::Knowing(const Office& office, store::Snapshot& snapshot, record::Permit permit)
    : office_(&office), snapshot_(&snapshot), permit_(std::move(permit)) {
    const bool counts = permit_.action() == record::Action::fold || permit_.action() == record::Action::administer;
    unlimited_ = permit_.unlimited() || counts;
    row_ = office.gate->policy().row(permit_.asker().role);
    any_ = everybody_ = unlimited_;
    if (row_ == nullptr || unlimited_) return;
    any_ = true;
    for (unsigned i = 0; i < static_cast<unsigned>(Relationship::conflict); ++i)
        any_ = any_ && row_->reaches(static_cast<Relationship>(i));
    everybody_ = any_ && row_->closed == sharing::Depth::full;
}

Result<Knowing> Knowing::of(const Office& office, store::Snapshot& snapshot, const record::Permit& permit) {
    Knowing knowing(office, snapshot, permit);
    if (!knowing.unlimited_) TRY_VOID(knowing.learn());
    return knowing;
}

// A restriction stands until an entry lifts it or corrects it. One that names no restriction lifts every one of its
// level.
Result<void> Knowing::learn() {
    const auto& lengths = office_->gate->policy().lengths;
    const auto now = office_->clock.now();
    auto entries = snapshot_->access_entries(office_->partnership, most_access_entries);
    for (auto& one : snapshot_->access_entries_of(office_->partnership, "glass.broken",
                                                  now - std::chrono::hours(lengths.glass_hours), store::Want::cards,
                                                  most_glass, permit_.asker().practitioner)) {
        if (one.row.agency == permit_.asker().agency) entries.push_back(std::move(one));
    }
    if (entries.empty()) return {};
    std::vector<ViewId> records;
    std::set<EntryId> gone;
    std::vector<record::Fact> facts;
    for (const auto& one : entries) {
        facts.push_back(TRY(office_->journal->open_card(one.row)));
        records.push_back(one.row.record);
        if (one.row.supersedes) gone.insert(one.row.supersedes);
        if (one.row.kind == "restriction.lifted" && one.row.about) gone.insert(one.row.about);
        // Nobody clears a conflict of their own.
        if (one.row.kind == "conflict.cleared" && one.row.about && one.row.author != permit_.asker().practitioner)
            gone.insert(one.row.about);
    }
    std::unordered_map<ViewId, ViewId> person_of;
    for (const auto& view : snapshot_->views(office_->partnership, records)) {
        if (view) person_of[view->view] = view->person;
    }
    for (const auto& fact : facts) {
        const auto person = person_of.find(fact.record);
        if (gone.contains(fact.id) || person == person_of.end()) continue;
        if (fact.kind == "restriction.set") {
            const auto level = sharing::parse_level(string_or(fact.fields, "level", ""));
            if (!level || *level == Level::team) continue;
            Restriction one{fact.id,     person->second,  *level, strings_in(fact.fields, "persons"),
                            fact.author, fact.at.instant, {}};
            const auto given = parse_date(string_or(fact.fields, "review_by", ""));
            const auto latest = office_->calendar->day_of(fact.at) + std::chrono::days(lengths.review_days);
            one.review_by = given ? std::min(*given, latest) : latest;
            restrictions_.push_back(std::move(one));
        } else if (fact.kind == "restriction.lifted" && !fact.about) {
            const auto level = sharing::parse_level(string_or(fact.fields, "level", ""));
            std::erase_if(restrictions_, [&](const Restriction& one) {
                return one.person == person->second && level && one.level == *level;
            });
        } else if (fact.kind == "access.granted") {
            const auto to = string_or(fact.fields, "to", "");
            if (to != permit_.asker().practitioner || to == fact.author) continue;  // nobody gives to themselves
            Grant grant{person->second, std::string(to), fact.at.instant, fact.at.instant + days(lengths.task_days)};
            if (const auto until = parse_date(string_or(fact.fields, "until", "")))
                grant.until = std::min(grant.until, office_->calendar->start_of(*until) + days(1));
            grants_.push_back(std::move(grant));
        } else if (fact.kind == "conflict.found") {
            if (string_or(fact.fields, "who", "") == permit_.asker().practitioner) conflicts_.insert(person->second);
        } else if (fact.kind == "glass.broken") {
            glass_.push_back({fact.id, person->second, fact.at.instant, glass_until(*office_, fact)});
        } else if (fact.kind == "restriction.reviewed") {
            const auto given = parse_date(string_or(fact.fields, "review_by", ""));
            const auto latest = office_->calendar->day_of(fact.at) + std::chrono::days(lengths.review_days);
            for (auto& one : restrictions_) {
                if (one.entry == fact.about) one.review_by = given ? std::min(*given, latest) : latest;
            }
        }
    }
    for (std::size_t i = 0; i < restrictions_.size(); ++i) restricted_[restrictions_[i].person].push_back(i);
    return {};
}

std::vector<const Restriction*> Knowing::restrictions_of(ViewId person) const {
    std::vector<const Restriction*> out;
    const auto found = restricted_.find(person);
    if (found == restricted_.end()) return out;
    for (const auto i : found->second) out.push_back(&restrictions_[i]);
    return out;
}

void Knowing::restrict(ViewId person, sharing::Standing& standing) const {
    for (const auto* one : restrictions_of(person))
        standing.restrictions.push_back({one->level, is_one_of(one->names, permit_.asker().practitioner)});
}

// An entry that is kept from the asker makes no relationship: what opens for it would tell that it is there.
bool Knowing::is_marked_off(const store::EntryRow& row, ViewId person) const {
    return row.author != permit_.asker().practitioner && is_kept_from(row.marking, person);
}

std::vector<std::string_view> Knowing::markings_that_may_be_seen() const {
    std::vector<std::string_view> out;
    for (const auto level : {Level::named_only, Level::all_but_named, Level::hidden, Level::sealed}) {
        const auto is_named = [&](const Restriction& one) {
            return one.level == level && is_one_of(one.names, permit_.asker().practitioner);
        };
        if (unlimited_ || level == Level::all_but_named || (row_ != nullptr && row_->sees(level)) ||
            std::any_of(restrictions_.begin(), restrictions_.end(), is_named))
            out.push_back(sharing::to_string(level));
    }
    return out;
}

bool Knowing::is_kept_from(std::string_view marking, ViewId person) const {
    if (marking == "team") return false;
    const auto level = sharing::parse_level(marking);
    if (!level || (row_ != nullptr && row_->sees(*level))) return false;
    const auto restrictions = restrictions_of(person);
    const bool named = std::any_of(restrictions.begin(), restrictions.end(), [&](const Restriction* one) {
        return one->level == *level && is_one_of(one->names, permit_.asker().practitioner);
    });
    return named == (*level == Level::all_but_named);
}

// Who leads is a code of the card: a practitioner, or their agency.
bool Knowing::is_lead(const store::EntryRow& row, std::string_view who) const {
    const auto fact = office_->journal->open_card(row);
    return fact && string_or(fact->fields, "lead", "") == who;
}

bool Knowing::is_party(const store::EntryRow& row) const {
    const auto fact = office_->journal->open_card(row);
    const auto& agency = permit_.asker().agency;
    return fact && (lists_agency(fact->fields, "attended", agency) || lists_agency(fact->fields, "invited", agency));
}

void Knowing::break_glass(ViewId person, Tie& tie) const {
    const auto now = office_->clock.now();
    for (const auto& one : glass_) {
        if (one.person != person || now < one.from || one.until <= now) continue;
        if (tie.standing.relationship != Relationship::glass) tie.until = one.until;
        tie.until = tie.until ? std::max(*tie.until, one.until) : one.until;
        tie.standing.relationship = Relationship::glass;
    }
}

// Over every other relationship. Whoever would not be told that there is a child is not told by this either.
void Knowing::shut_conflict(ViewId person, Tie& tie) const {
    if (!conflicts_.contains(person) || row_ == nullptr) return;
    if (tie.standing.relationship == Relationship::none && row_->scope(record::Action::search) != sharing::Scope::all)
        return;
    tie.standing.relationship = Relationship::conflict;
    tie.until.reset();
}

Knowing::Tie Knowing::tie_without_record(ViewId person) const {
    Tie tie;
    tie.standing.state = CaseState::open;
    tie.standing.by_role = true;
    break_glass(person, tie);
    shut_conflict(person, tie);
    restrict(person, tie.standing);
    return tie;
}

Knowing::Tie Knowing::tie_of(ViewId person, std::span<const store::EntryRow* const> rows,
                             std::span<const store::CaseRow> cases, bool holds_view) const {
    const auto& policy = office_->gate->policy();
    const auto& asker = permit_.asker();
    const auto now = office_->clock.now();
    enum class Live { gone, lately, open };
    std::unordered_map<CaseId, Live> live;
    Tie tie;
    for (const auto& one : cases) {
        if (is_kept_from(one.marking, person)) continue;
        const bool lately = one.closed && now < *one.closed + days(policy.lengths.after_close_days);
        live[one.case_id] = !one.closed || *one.closed > now ? Live::open : lately ? Live::lately : Live::gone;
        if (live[one.case_id] == Live::open) {
            tie.standing.state = CaseState::open;
        } else if (tie.standing.state == CaseState::none) {
            tie.standing.state = CaseState::closed;
        }
    }
    // Each relationship that holds, and until when.
    std::map<Relationship, std::optional<Instant>> holds;
    const auto hold = [&](Relationship one, std::optional<Instant> until) {
        const auto [at, is_new] = holds.try_emplace(one, until);
        if (!is_new && at->second && (!until || *until > *at->second)) at->second = until;
    };
    hold(holds_view ? Relationship::known : Relationship::none, std::nullopt);
    std::map<CaseId, const store::EntryRow*> led;
    for (const auto* row : rows) {
        if (is_about_access(row->kind)) continue;
        if (is_marked_off(*row, person)) continue;
        const bool own = row->agency == asker.agency;
        if (own) hold(Relationship::known, std::nullopt);
        if (policy.always.contains(row->kind) || is_one_of(not_working, row->kind)) continue;
        const auto at = live.find(row->case_id);
        if (at == live.end() || at->second == Live::gone) continue;
        const bool open = at->second == Live::open;
        if (is_one_of(leading, row->kind) && open) {
            auto& last = led[row->case_id];
            if (last == nullptr || last->at < row->at) last = row;
        }
        const bool works = own || (is_one_of(gathering, row->kind) && is_party(*row));
        if (works) hold(open ? Relationship::episode : Relationship::ended, std::nullopt);
        if (own && row->author == asker.practitioner) {
            const auto until = months_after(*office_->calendar, row->at.instant, policy.lengths.involved_months);
            if (now < until) hold(Relationship::involved, until);
        }
    }
    for (const auto& [id, row] : led) {
        if (is_lead(*row, asker.practitioner)) hold(Relationship::allocated, std::nullopt);
        if (is_lead(*row, asker.agency)) hold(Relationship::episode, std::nullopt);
    }
    for (const auto& grant : grants_) {
        if (grant.person == person && grant.from <= now && now < grant.until) hold(Relationship::task, grant.until);
    }
    // The strongest that opens anything for this role; else the strongest.
    const auto reached = [&](Relationship one) { return row_ != nullptr && row_->reaches(one); };
    auto best = holds.rbegin()->first;
    bool endless = false;
    std::optional<Instant> last;
    for (auto at = holds.rbegin(); at != holds.rend(); ++at) {
        if (!reached(at->first)) continue;
        if (!reached(best)) best = at->first;
        endless = endless || !at->second;
        if (at->second && (!last || *last < *at->second)) last = at->second;
    }
    tie.standing.relationship = best;
    if (!endless) tie.until = last;
    break_glass(person, tie);
    shut_conflict(person, tie);
    restrict(person, tie.standing);
    return tie;
}

Result<record::Permit> Knowing::person(ViewId person, std::span<const store::EntryRow* const> rows,
                                       std::span<const store::CaseRow> cases, bool holds_view) {
    if (unlimited_) return permit_;
    const auto tie = everybody_ ? tie_without_record(person) : tie_of(person, rows, cases, holds_view);
    return office_->gate->narrow(permit_, tie.standing);
}

Knowing::Tie Knowing::tie_with_record(ViewId person) const {
    const auto p = office_->partnership;
    const auto views = snapshot_->views_of_persons(p, std::vector{person});
    std::vector<ViewId> ids;
    bool holds_view = false;
    for (const auto& view : views) {
        ids.push_back(view.view);
        holds_view = holds_view || view.agency == permit_.asker().agency;
    }
    const auto ties = snapshot_->ties_of_records(p, ids, permit_.asker().agency, tying, most_entries_of_a_child);
    return tie_of(person, pointers_to(ties), snapshot_->cases_of_records(p, ids), holds_view);
}

// As tie_of has it: nothing but an emergency and a conflict of interest stands above who leads, and it has no end.
Knowing::Tie Knowing::tie_of_lead(ViewId person) const {
    Tie tie;
    tie.standing.state = CaseState::open;
    tie.standing.relationship = Relationship::allocated;
    break_glass(person, tie);
    shut_conflict(person, tie);
    restrict(person, tie.standing);
    return tie;
}

void Knowing::learn_leads() {
    leads_.emplace();
    if (row_ == nullptr || !row_->reaches(Relationship::allocated)) return;
    const auto p = office_->partnership;
    std::vector<ViewId> records;
    for (const auto& one : snapshot_->cases_led_by(p, permit_.asker().practitioner, most_led_looked_up)) {
        if (one.marking == "team") records.push_back(one.record);
    }
    if (records.empty()) return;
    const auto persons_of = [&](const std::vector<ViewId>& views) {
        std::set<ViewId> persons;
        for (const auto& view : snapshot_->views(p, views)) {
            if (view) persons.insert(view->person);
        }
        return persons;
    };
    leads_ = persons_of(records);
    records.clear();
    for (const auto level : {Level::named_only, Level::all_but_named, Level::hidden, Level::sealed}) {
        const auto marked = snapshot_->marked(p, sharing::to_string(level), most_marked_looked_up);
        if (marked.size() == most_marked_looked_up) return leads_->clear();  // not all were looked at
        for (const auto& one : marked) records.push_back(one.record);
    }
    for (const auto person : persons_of(records)) leads_->erase(person);
}

bool Knowing::is_known_to_lead(ViewId person) {
    if (answers_.size() < few) return false;
    if (!leads_) learn_leads();
    return leads_->contains(person);
}

const Knowing::Answer& Knowing::person_of_many(ViewId person) {
    if (const auto known = answers_.find(person); known != answers_.end()) return known->second;
    Tie tie = everybody_                 ? tie_without_record(person)
              : is_known_to_lead(person) ? tie_of_lead(person)
                                         : tie_with_record(person);
    auto permit = unlimited_ ? Result<record::Permit>(permit_) : office_->gate->narrow(permit_, tie.standing);
    return answers_.emplace(person, Answer{std::move(permit), std::move(tie)}).first->second;
}

std::string Knowing::relationship(ViewId person) {
    const auto& answer = person_of_many(person);
    return answer.permit ? answer.permit->relationship() : std::string{};
}

Result<record::Permit> Knowing::person(ViewId person) {
    return person_of_many(person).permit;
}

bool Knowing::leads(ViewId person) {
    if (unlimited_) return false;
    const auto tie = everybody_ ? tie_with_record(person) : person_of_many(person).tie;
    return tie.standing.relationship == Relationship::allocated;
}

Result<record::Permit> Knowing::if_broken(ViewId person) {
    if (unlimited_) return permit_;
    auto standing = person_of_many(person).tie.standing;
    if (standing.relationship != Relationship::conflict) standing.relationship = Relationship::glass;
    return office_->gate->narrow(permit_, standing, "glass.broken");
}

Result<KnownChild> Knowing::child(ViewId any_view) {
    const auto p = office_->partnership;
    const auto row = snapshot_->views(p, std::vector{any_view}).front();
    if (!row) return tl::unexpected(sharing::no_such_child());
    const auto& answer = person_of_many(row->person);
    if (!answer.permit) return tl::unexpected(answer.permit.error());
    KnownChild known{row->person, {}, {}, false, *answer.permit, answer.tie.until, answer.tie.standing.relationship};
    known.views = snapshot_->views_of_persons(p, std::vector{row->person});
    return shown_to(std::move(known));
}

Result<KnownChild> shown_to(KnownChild known) {
    const auto is_other = [&](const store::ViewRow& view) { return view.agency != known.permit.asker().agency; };
    if (known.permit.own_agency_only()) std::erase_if(known.views, is_other);
    if (known.views.empty()) return tl::unexpected(sharing::no_such_child());
    known.shown = known.views;
    if (!known.permit.own_views_only()) return known;
    std::erase_if(known.shown, is_other);
    // Who was asked to a meeting about a child must know about whom: the name and the birth, and no more.
    known.name_only = known.shown.empty();
    if (known.name_only) known.shown.push_back(known.views.front());
    known.person = known.shown.front().view;  // whose cluster it is, is not theirs to know
    return known;
}

Result<KnownChild> Knowing::named(ViewId view) {
    auto known = TRY(child(view));
    const bool shown = std::any_of(known.shown.begin(), known.shown.end(),
                                   [&](const store::ViewRow& one) { return one.view == view; });
    if (!shown) return tl::unexpected(sharing::no_such_child());
    return known;
}

bool Knowing::may_see_own_views_only() const {
    if (unlimited_) return false;
    for (unsigned i = 0; i <= static_cast<unsigned>(Relationship::glass); ++i) {
        for (const auto state : {CaseState::none, CaseState::open, CaseState::closed}) {
            const auto permit = office_->gate->narrow(permit_, {static_cast<Relationship>(i), state, {}, everybody_});
            if (permit && permit->own_views_only()) return true;
        }
    }
    return false;
}

Knowing::Found Knowing::found(ViewId person) const {
    if (unlimited_ || !restricted_.contains(person)) return Found::yes;
    const auto permit = office_->gate->narrow(permit_, tie_without_record(person).standing);
    if (permit) return Found::yes;
    return permit.error().kind == FaultKind::missing ? Found::no : Found::name_only;
}

Result<KnownChild> known_child(const Office& office, store::Snapshot& snapshot, const record::Permit& permit,
                               ViewId any_view) {
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    return knowing.child(any_view);
}

record::Identity name_only(const record::Identity& whole) {
    record::Identity out;
    out.given_name = whole.given_name;
    out.family_name = whole.family_name;
    out.date_of_birth = whole.date_of_birth;
    out.expected_date_of_birth = whole.expected_date_of_birth;
    out.dob_accuracy = whole.dob_accuracy;
    return out;
}

Result<std::vector<record::Identity>> identities_of(const Office& office, const KnownChild& known) {
    auto identities = TRY(office.registry->identities(known.shown));
    if (known.name_only) {
        for (auto& one : identities) one = name_only(one);
    }
    return identities;
}

}  // namespace waymark::casework
