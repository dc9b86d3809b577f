// Who belongs together is read from entries about no child; who may know it is asked of both children each time.
#include "casework/separate.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view paired_kind = "pairing.recorded";
constexpr std::string_view answered_kind = "pairing.answered";
constexpr std::string_view ended_kind = "pairing.ended";
constexpr std::size_t most_pairings = 20'000;
constexpr std::size_t most_coordinators = 100;

bool may_add(const Office& office, const record::Asker& asker, std::string_view kind) {
    return office.gate->ask(asker, record::Action::append, kind).has_value();
}

auto same_child() {
    return invalid("other", "This is the same child.", "Choose the other child.");
}
// What somebody else would be asked as, doing what their role is for.
record::Asker as_practitioner(const Office& office, record::Asker asker, const content::Practitioner& one) {
    asker.practitioner = one.key;
    asker.agency = one.agency;
    asker.role = one.role;
    asker.purpose = office.gate->policy().default_purpose(one.role);
    return asker;
}

auto no_such_pairing() {
    return fault(FaultKind::missing, "pairing", "There is no such pair of records, or it is not yours.",
                 "Choose one from the list.");
}

// What the entry says, before anybody is asked who may know it.
struct Link {
    EntryId entry;
    ViewId one;
    ViewId other;
    std::string coordinator;
    std::string by;
    std::string reason;
    Instant at;
};

std::optional<Link> link_of(const record::Entry& entry) {
    const auto one = parse_id<ViewId>(string_or(entry.body, "one", ""));
    const auto other = parse_id<ViewId>(string_or(entry.body, "other", ""));
    if (!one || !other) return std::nullopt;
    return Link{entry.row.entry,
                *one,
                *other,
                std::string(string_or(entry.body, "coordinator", "")),
                entry.row.author,
                std::string(string_or(entry.body, "reason", "")),
                entry.row.at.instant};
}

// In force, the newest first.
Result<std::vector<Link>> links_in(const Office& office, store::Snapshot& snapshot) {
    const auto p = office.partnership;
    std::set<EntryId> ended;
    for (const auto& kept : snapshot.access_entries_of(p, ended_kind, Instant{}, store::Want::cards, most_pairings))
        ended.insert(kept.row.about);
    std::vector<Link> links;
    for (const auto& kept : snapshot.access_entries_of(p, paired_kind, Instant{}, store::Want::whole, most_pairings)) {
        if (ended.contains(kept.row.entry)) continue;
        if (auto link = link_of(TRY(office.journal->open(kept)))) links.push_back(std::move(*link));
    }
    return links;
}

using Answers = std::map<std::pair<EntryId, std::string>, Together::Answer>;
// The newest of each.
Result<Answers> answers_in(const Office& office, store::Snapshot& snapshot) {
    Answers answers;
    const auto* kind = office.catalogue.find(answered_kind);
    for (const auto& kept :
         snapshot.access_entries_of(office.partnership, answered_kind, Instant{}, store::Want::whole, most_pairings)) {
        const auto entry = TRY(office.journal->open(kept));
        const std::string outcome(string_or(entry.body, "outcome", ""));
        answers.try_emplace({kept.row.about, std::string(string_or(entry.body, "place", ""))},
                            Together::Answer{outcome, words_of_code(kind, "outcome", outcome),
                                             std::string(string_or(entry.body, "reason", "")), kept.row.at.instant});
    }
    return answers;
}

// What is written of places and plans is seen whole, by whichever agency it was written.
bool sees_whole(const Office& office, const record::Permit& permit) {
    constexpr std::array<std::string_view, 2> kinds{"place.recorded", "plan.agreed"};
    return std::all_of(kinds.begin(), kinds.end(), [&](std::string_view kind) {
        return std::all_of(office.profile.agencies.begin(), office.profile.agencies.end(), [&](const auto& agency) {
            return permit.depth(kind, "team", agency.key) == record::Depth::full;
        });
    });
}

Result<bool> is_cleared(const Office& office, store::Snapshot& snapshot, const record::Asker& who, const Link& link) {
    const auto permit = office.gate->ask(who, record::Action::read);
    if (!permit || !may_add(office, who, answered_kind)) return false;
    auto knowing = TRY(Knowing::of(office, snapshot, *permit));
    for (const auto person : {link.one, link.other}) {
        const auto child = knowing.named(person);
        if (!child || !sees_whole(office, child->permit)) return false;
    }
    return true;
}

class Reading {
public:
    static Result<Reading> of(const Office& office, store::Snapshot& snapshot, const record::Permit& permit,
                              Seen& seen) {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        return Reading(office, snapshot, permit, seen, std::move(knowing), TRY(answers_in(office, snapshot)));
    }

    // Nothing where it is not the asker's, or either child is not open to them.
    Result<std::optional<Pairing>> pairing(const Link& link) {
        const auto& who = permit_->asker().practitioner;
        if (link.coordinator != who && link.by != who) return std::optional<Pairing>{};
        auto one = page_of(link.one);
        auto other = page_of(link.other);
        if (!one || !other) return std::optional<Pairing>{};
        Pairing pairing;
        pairing.entry = link.entry;
        pairing.one = TRY(named(*one));
        pairing.other = TRY(named(*other));
        pairing.reason = link.reason;
        pairing.coordinator = link.coordinator;
        pairing.coordinator_name = practitioner_name(*office_, link.coordinator);
        pairing.by = practitioner_name(*office_, link.by);
        pairing.at = link.at;
        pairing.mine = link.coordinator == who;
        if (pairing.mine) pairing.together = together(link, *one, *other);
        note(*one, pairing.mine);
        note(*other, pairing.mine);
        return std::optional(std::move(pairing));
    }

private:
    Reading(const Office& office, store::Snapshot& snapshot, const record::Permit& permit, Seen& seen, Knowing knowing,
            Answers answers)
        : office_(&office),
          snapshot_(&snapshot),
          permit_(&permit),
          seen_(&seen),
          knowing_(std::move(knowing)),
          answers_(std::move(answers)) {}

    Result<PersonPage> page_of(ViewId person) {
        return assemble_page(*office_, *snapshot_, knowing_, person, std::nullopt);
    }
    Result<PairedChild> named(const PersonPage& page) {
        const auto names = TRY(names_of_persons(*office_, *snapshot_, *permit_, std::vector{page.person}));
        return PairedChild{page.person, names.front()};
    }
    void note(const PersonPage& page, bool compared) {
        seen_->add(page.relationship, page.person, CaseId{}, compared ? shown_of(page) : std::vector<record::Shown>{},
                   std::string(name_fields));
    }
    std::vector<Together> together(const Link& link, const PersonPage& one, const PersonPage& other) const {
        std::vector<Together> found;
        const auto today = office_->calendar->day_of(office_->clock.now());
        for (auto& place : shared_places(*office_, one, other, today)) {
            Together one_way{std::move(place), std::nullopt};
            const auto answer = answers_.find({link.entry, one_way.place.key});
            if (answer != answers_.end()) one_way.answer = answer->second;
            found.push_back(std::move(one_way));
        }
        std::stable_partition(found.begin(), found.end(), [](const Together& way) { return !way.answer; });
        return found;
    }

    const Office* office_;
    store::Snapshot* snapshot_;
    const record::Permit* permit_;
    Seen* seen_;
    Knowing knowing_;
    Answers answers_;
};

Result<std::optional<Link>> link_named(const Office& office, store::Snapshot& snapshot, EntryId entry) {
    for (auto& link : TRY(links_in(office, snapshot))) {
        if (link.entry == entry) return std::optional(std::move(link));
    }
    return std::optional<Link>{};
}

}  // namespace

std::size_t Pairing::waiting() const {
    return static_cast<std::size_t>(
        std::count_if(together.begin(), together.end(), [](const Together& way) { return !way.answer; }));
}

bool coordinates(const Office& office, const record::Asker& asker) {
    return may_add(office, asker, answered_kind);
}

bool pairs_children(const Office& office, const record::Asker& asker) {
    return may_add(office, asker, paired_kind);
}

Result<PairOffer> pair_offer(const Office& office, const record::Asker& asker, ViewId one, ViewId other) {
    TRY_VOID(permit_for(office, asker, record::Action::append, paired_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<PairOffer>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<PairOffer> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const std::vector<ViewId> persons{TRY(knowing.named(one)).person, TRY(knowing.named(other)).person};
        if (persons.front() == persons.back()) return same_child();
        for (const auto person : persons)
            seen.add(knowing.relationship(person), person, CaseId{}, {}, std::string(name_fields));
        const auto names = TRY(names_of_persons(office, snapshot, permit, persons));
        PairOffer offer{{persons.front(), names.front()}, {persons.back(), names.back()}, {}};
        Link link;
        link.one = one;
        link.other = other;
        for (const auto& practitioner : office.profile.practitioners) {
            if (offer.coordinators.size() == most_coordinators) break;
            const auto who = as_practitioner(office, asker, practitioner);
            if (TRY(is_cleared(office, snapshot, who, link)))
                offer.coordinators.emplace_back(practitioner.key, practitioner.name);
        }
        return offer;
    });
}

Result<EntryId> pair_children(const Office& office, const record::Asker& asker, const PairRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why the two records belong together."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, paired_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, paired_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto one = TRY(knowing.named(request.one)).person;
        const auto other = TRY(knowing.named(request.other)).person;
        if (one == other) return same_child();
        Link link;
        link.one = one;
        link.other = other;
        const auto* named = office.profile.practitioner(request.coordinator);
        if (named == nullptr || !TRY(is_cleared(office, tx, as_practitioner(office, asker, *named), link)))
            return invalid("coordinator", "The two records are not both open to this person.",
                           "Choose somebody from the list.");
        auto draft = draft_by(office, asker, paired_kind, request.key);
        draft.body = {{"one", to_string(one)},
                      {"other", to_string(other)},
                      {"coordinator", request.coordinator},
                      {"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<EntryId> answer_together(const Office& office, const record::Asker& asker, const AnswerTogether& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say what was done, or why nothing is to be done."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, answered_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, answered_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto link = TRY(link_named(office, tx, request.pairing));
        if (!link || link->coordinator != asker.practitioner) return no_such_pairing();
        auto draft = draft_by(office, asker, answered_kind, request.key);
        draft.about = to_string(request.pairing);
        draft.body = {{"place", request.place}, {"outcome", request.outcome}, {"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        Seen unseen;
        auto reading = TRY(Reading::of(office, tx, reads, unseen));
        const auto pairing = TRY(reading.pairing(*link));
        if (!pairing) return no_such_pairing();
        const bool stands = std::any_of(pairing->together.begin(), pairing->together.end(),
                                        [&](const Together& way) { return way.place.key == request.place; });
        if (!stands)
            return fault(FaultKind::conflict, "place", "The records do not bring the two together there any more.",
                         "Open the pair again and see what stands now.");
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<EntryId> end_pairing(const Office& office, const record::Asker& asker, const EndPairing& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why it ends."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, ended_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, ended_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, ended_kind, request.key);
        draft.about = to_string(request.pairing);
        draft.body = {{"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto link = TRY(link_named(office, tx, request.pairing));
        if (!link) return no_such_pairing();
        Seen unseen;
        auto reading = TRY(Reading::of(office, tx, reads, unseen));
        if (!TRY(reading.pairing(*link))) return no_such_pairing();
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<std::vector<Pairing>> pairings(const Office& office, const record::Asker& asker, std::size_t limit) {
    using Found = std::vector<Pairing>;
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        auto reading = TRY(Reading::of(office, snapshot, permit, seen));
        Found found;
        for (const auto& link : TRY(links_in(office, snapshot))) {
            if (found.size() == limit) break;
            if (auto pairing = TRY(reading.pairing(link))) found.push_back(std::move(*pairing));
        }
        std::stable_partition(found.begin(), found.end(), [](const Pairing& one) { return one.waiting() > 0; });
        return found;
    });
}

Result<Pairing> pairing_page(const Office& office, const record::Asker& asker, EntryId entry) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Pairing>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Pairing> {
        const auto link = TRY(link_named(office, snapshot, entry));
        if (!link) return no_such_pairing();
        auto reading = TRY(Reading::of(office, snapshot, permit, seen));
        auto pairing = TRY(reading.pairing(*link));
        if (!pairing) return no_such_pairing();
        return std::move(*pairing);
    });
}

}  // namespace waymark::casework
