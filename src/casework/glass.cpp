// Break-glass, and what follows from it.
#include "casework/glass.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_uses = 2'000;  // that are looked through at once
constexpr int told_days = 7;              // a reviewed use leaves My day after so many
constexpr int kept_days = 400;            // how far back the queue looks

constexpr std::string_view broken = "glass.broken";
constexpr std::string_view reviewed = "glass.reviewed";

Instant days_before(Instant now, int days) {
    return now - std::chrono::hours(24 * days);
}

record::Subject subject_of(ViewId person) {
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = person;
    return subject;
}

// What the policy asks for or what this server's settings do, whichever is stronger.
const std::string& strength_needed(const Office& office) {
    const auto& policy = office.gate->policy().glass_strength;
    return sharing::strength_rank(office.to_break_glass) > sharing::strength_rank(policy) ? office.to_break_glass
                                                                                          : policy;
}

Result<void> is_strong(const Office& office, const record::Asker& asker) {
    const auto& needed = strength_needed(office);
    if (sharing::strong_enough(asker, needed, office.demonstration)) return {};
    return fault(FaultKind::forbidden, "strength",
                 "You did not sign in strongly enough to open a record in an emergency.",
                 fmt::format("Sign in again with {}. If a child is in immediate danger, call 999 now.",
                             sharing::strength_words(needed)));
}

// The uses that were kept since, each with its review.
class Uses {
public:
    static Result<Uses> of(const Office& office, store::Snapshot& snapshot, Instant since) {
        Uses uses(office, snapshot);
        const auto p = office.partnership;
        for (auto& kept : snapshot.access_entries_of(p, reviewed, since, store::Want::whole, most_uses)) {
            auto entry = TRY(office.journal->open(kept));
            uses.reviews_.insert_or_assign(entry.row.about, std::move(entry));
        }
        for (auto& kept : snapshot.access_entries_of(p, broken, since, store::Want::whole, most_uses))
            uses.entries_.push_back(TRY(office.journal->open(kept)));
        std::vector<ViewId> records;
        for (const auto& one : uses.entries_) records.push_back(one.row.record);
        for (const auto& view : snapshot.views(p, records)) {
            if (view) uses.person_of_[view->view] = view->person;
        }
        return uses;
    }

    [[nodiscard]] const std::vector<record::Entry>& entries() const { return entries_; }
    [[nodiscard]] ViewId person_of(const record::Entry& entry) const {
        const auto found = person_of_.find(entry.row.record);
        return found == person_of_.end() ? entry.row.record : found->second;
    }
    [[nodiscard]] bool is_reviewed(const record::Entry& entry) const { return reviews_.contains(entry.row.entry); }

    [[nodiscard]] GlassUse use(const record::Entry& entry) const {
        GlassUse use;
        const auto& row = entry.row;
        use.entry = row.entry;
        use.reference = reference_of(row);
        use.by = row.author;
        use.name = practitioner_name(*office_, row.author);
        use.agency = agency_name(*office_, row.agency);
        const auto* practitioner = office_->profile.practitioner(row.author);
        if (practitioner != nullptr) use.role = content::role_label(practitioner->role);
        use.reason = string_or(entry.body, "reason", "");
        const auto level = string_or(entry.body, "level", "");
        if (!level.empty()) use.level = words_of_code(office_->catalogue.find(broken), "level", level);
        use.at = row.at.instant;
        use.until = glass_until(*office_, fact_of(entry));
        const auto& calendar = *office_->calendar;
        use.review_by =
            calendar.add_working_days(calendar.day_of(row.at), office_->gate->policy().lengths.glass_review_days);
        const auto found = reviews_.find(row.entry);
        if (found != reviews_.end()) {
            const auto& review = found->second;
            use.review = GlassUse::Review{std::string(string_or(review.body, "outcome", "")),
                                          std::string(string_or(review.body, "reason", "")),
                                          practitioner_name(*office_, review.row.author), review.row.at.instant};
        } else {
            const auto today = calendar.day_of(office_->clock.now());
            if (today > use.review_by) use.days_late = std::max(1, calendar.working_days_between(use.review_by, today));
        }
        return use;
    }
    // How often its author looked into the record while it was open.
    void count_looks(const record::Entry& entry, GlassUse& use) const {
        store::Snapshot::AuditFilter filter;
        for (const auto& view : snapshot_->views_of_persons(office_->partnership, std::vector{person_of(entry)}))
            filter.records.push_back(view.view);
        filter.who = office_->auditor->tag_of(use.by);
        filter.from = use.at;
        filter.until = use.until;
        filter.action = "read";
        filter.result = "allowed";
        use.looks = static_cast<decltype(use.looks)>(snapshot_->count_audit(office_->partnership, filter));
    }

private:
    Uses(const Office& office, store::Snapshot& snapshot) : office_(&office), snapshot_(&snapshot) {}

    static record::Fact fact_of(const record::Entry& entry) {
        record::Fact fact;
        fact.at = entry.row.at;
        fact.fields = entry.body;
        return fact;
    }

    const Office* office_;
    store::Snapshot* snapshot_;
    std::vector<record::Entry> entries_;  // newest first
    std::unordered_map<EntryId, record::Entry> reviews_;
    std::unordered_map<ViewId, ViewId> person_of_;
};

// Whose uses the asker oversees.
bool oversees(const record::Permit& permit, const record::Entry& entry) {
    return !permit.own_agency_only() || entry.row.agency == permit.asker().agency;
}

bool waits_longer(const GlassUse& a, const GlassUse& b) {
    if (a.review.has_value() != b.review.has_value()) return !a.review.has_value();
    return a.review ? a.at > b.at : a.at < b.at;
}

// Who finds no child by a search but their own agency's has no other agency's view by which to name one.
bool may_name(const Office& office, const record::Asker& asker, const store::ViewRow& view) {
    const auto* row = office.gate->policy().row(asker.role);
    return row == nullptr || row->scope(record::Action::search) == sharing::Scope::all || view.agency == asker.agency;
}

}  // namespace

Result<GlassOffer> glass_offer(const Office& office, const record::Asker& asker, ViewId person) {
    const auto breaks = TRY(permit_for(office, asker, record::Action::append, broken));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<GlassOffer>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<GlassOffer> {
        const auto row = snapshot.views(office.partnership, std::vector{person}).front();
        if (!row || !may_name(office, asker, *row)) return tl::unexpected(sharing::no_such_child());
        auto opens = TRY(Knowing::of(office, snapshot, permit));
        const auto as_it_is = opens.person(row->person);
        if (as_it_is) {
            return fault(FaultKind::conflict, "person", "You can open this record as you are.",
                         "Go back and open it from the list.");
        }
        auto knowing = TRY(Knowing::of(office, snapshot, breaks));
        TRY_VOID(knowing.if_broken(row->person));
        const auto& policy = office.gate->policy();
        GlassOffer offer;
        offer.person = row->view;
        // Why a record that may not be told of does not open is not told either.
        offer.why =
            as_it_is.error().kind == FaultKind::missing ? "This record does not open to you." : as_it_is.error().reason;
        offer.most_hours = policy.lengths.glass_hours;
        offer.needed = strength_needed(office);
        offer.strong_enough = sharing::strong_enough(asker, offer.needed, office.demonstration);
        return offer;
    });
}

Result<Broken> break_glass(const Office& office, const record::Asker& asker, const BreakGlass& request) {
    constexpr std::size_t least_reason = 10;  // characters
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why you need this record now."));
    if (request.reason.size() < least_reason) {
        return invalid("reason", "The reason is too short for anybody to judge it later.",
                       "Say what is happening and why you need this record now.");
    }
    const auto most = office.gate->policy().lengths.glass_hours;
    if (request.hours < 1 || request.hours > most)
        return invalid("hours", fmt::format("This is not a number of hours from 1 to {}.", most),
                       fmt::format("Choose from 1 to {} hours.", most));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, broken));
    return write_as<Broken>(office, permit, broken, [&](store::Transaction& tx) -> Result<Broken> {
        auto draft = draft_by(office, asker, broken, request.key);
        draft.body = {{"reason", request.reason}, {"hours", request.hours}};
        if (const auto before = TRY(sent_before(office, tx, draft)))
            return Broken{before->row.entry, before->row.at.instant + std::chrono::hours(request.hours)};
        TRY_VOID(is_strong(office, asker));
        const auto row = tx.views(office.partnership, std::vector{request.person}).front();
        if (!row || !may_name(office, asker, *row)) return tl::unexpected(sharing::no_such_child());
        auto knowing = TRY(Knowing::of(office, tx, permit));
        TRY_VOID(knowing.if_broken(row->person));
        const auto standing = knowing.standing_of(row->person);
        draft.body.emplace("was", sharing::to_string(standing.relationship));
        for (const auto& one : standing.restrictions) {
            if (one.level == sharing::Level::named_only || one.level == sharing::Level::hidden)
                draft.body.insert_or_assign("level", sharing::to_string(one.level));
        }
        draft.subjects.push_back(subject_of(row->view));
        const auto until = draft.at.instant + std::chrono::hours(request.hours);
        return Broken{TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front(), until};
    });
}

Result<std::vector<GlassUse>> glass_notices(const Office& office, const record::Asker& asker) {
    using Found = std::vector<GlassUse>;
    const bool reads = office.gate->ask(asker, record::Action::read).has_value();
    const bool looks = office.gate->ask(asker, record::Action::oversee).has_value();
    if (!reads && !looks) return Found{};
    // Who triages every concern; a manager, who may also, oversees.
    const bool front_door = !looks && office.gate->ask(asker, record::Action::append, "triage.decided").has_value();
    const auto permit = TRY(permit_for(office, asker, reads ? record::Action::read : record::Action::oversee));
    const auto overseer = office.gate->ask(asker, record::Action::oversee);
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        const auto now = office.clock.now();
        const auto uses = TRY(Uses::of(office, snapshot, days_before(now, kept_days)));
        Found found;
        if (uses.entries().empty()) return found;
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        for (const auto& entry : uses.entries()) {
            if (entry.row.author == asker.practitioner) continue;
            if (uses.is_reviewed(entry) && entry.row.at.instant < days_before(now, told_days)) continue;
            const auto person = uses.person_of(entry);
            const bool owner =
                reads && knowing.may(person) &&
                (front_door || knowing.standing_of(person).relationship == sharing::Relationship::allocated);
            if (!owner && !(overseer && oversees(*overseer, entry))) continue;
            auto use = uses.use(entry);
            if (owner) {
                use.person = person;
                seen.add("oversight", entry.row.record, {}, {{entry.row.entry, record::Depth::summary}});
            }
            found.push_back(std::move(use));
        }
        std::stable_sort(found.begin(), found.end(), waits_longer);
        return found;
    });
}

Result<std::vector<GlassUse>> glass_uses(const Office& office, const record::Asker& asker, std::size_t limit) {
    using Found = std::vector<GlassUse>;
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Found> {
        const auto uses = TRY(Uses::of(office, snapshot, days_before(office.clock.now(), kept_days)));
        Found found;
        for (const auto& entry : uses.entries()) {
            if (oversees(permit, entry)) found.push_back(uses.use(entry));
        }
        std::stable_sort(found.begin(), found.end(), waits_longer);
        if (found.size() > limit) found.resize(limit);
        return found;
    });
}

Result<GlassUse> glass_use(const Office& office, const record::Asker& asker, EntryId id) {
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    return read_as<GlassUse>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<GlassUse> {
        const auto uses = TRY(Uses::of(office, snapshot, days_before(office.clock.now(), kept_days)));
        for (const auto& entry : uses.entries()) {
            if (entry.row.entry != id || !oversees(permit, entry)) continue;
            auto use = uses.use(entry);
            uses.count_looks(entry, use);
            seen.add("oversight", entry.row.record, {}, {{id, record::Depth::summary}});
            return use;
        }
        return fault(FaultKind::missing, "entry", "There is no such use.", "Choose one from the queue.");
    });
}

Result<EntryId> review_glass(const Office& office, const record::Asker& asker, const ReviewGlass& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why it was justified, or why not."));
    const auto looks = TRY(permit_for(office, asker, record::Action::oversee));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, reviewed));
    return write_as<EntryId>(office, permit, reviewed, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, reviewed, request.key);
        draft.body = {{"outcome", request.outcome}, {"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto row = tx.entries(office.partnership, std::vector{request.entry}, store::Want::cards).front();
        if (!row || row->row.kind != broken || (looks.own_agency_only() && row->row.agency != asker.agency))
            return fault(FaultKind::missing, "entry", "There is no such use.", "Choose one from the queue.");
        if (row->row.author == asker.practitioner) {
            return fault(FaultKind::forbidden, "own-use", "Nobody reviews their own use.",
                         "Somebody else who oversees access reviews it.");
        }
        for (const auto& other :
             tx.access_entries_of(office.partnership, reviewed, row->row.at.instant, store::Want::cards, most_uses)) {
            if (other.row.about == request.entry)
                return fault(FaultKind::conflict, "outcome", "This use has been reviewed already.",
                             "Open it again and read that review.");
        }
        draft.about = to_string(request.entry);
        draft.subjects.push_back(subject_of(row->row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

}  // namespace waymark::casework
