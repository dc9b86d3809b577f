#pragma once
// Who may know of which child, at one moment of the store: what the record says of the asker and each child, put to the
// gate. It is made inside the snapshot or transaction that uses its answer, so that nothing lies between check and use.
//
// Sources: domain register 4.1 and 4.2 (legitimate relationship: open episode, role, purpose, dates); lengths from the
// access policy. What makes each relationship: sharing::Relationship.
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// A restriction in force on a child's record.
struct Restriction {
    EntryId entry;
    ViewId person;
    sharing::Level level = sharing::Level::team;
    std::vector<std::string> names;  // practitioners
    std::string by;
    Instant since;
    Date review_by;  // as given, or by the policy's days
};
// A record given to a practitioner for a task.
struct Grant {
    ViewId person;
    std::string to;
    Instant from;
    Instant until;
};

// The asker broke the glass: why, and until when.
struct Glass {
    EntryId entry;
    ViewId person;
    Instant from;
    Instant until;
};

// A child as the asker may know them.
struct KnownChild {
    ViewId person;                      // by which the child is named to the asker
    std::vector<store::ViewRow> views;  // whose entries may be read
    std::vector<store::ViewRow> shown;  // whose identities may be seen
    bool name_only = false;             // of those, no more than name and birth
    record::Permit permit;              // for this child
    std::optional<Instant> until;       // when the asker's access ends; nothing where it has no end
    sharing::Relationship relationship = sharing::Relationship::none;
};

class Knowing {
public:
    // Reads the entries that restrict and give; a handful of look-ups whatever the number of children.
    static Result<Knowing> of(const Office&, store::Snapshot&, const record::Permit&);

    // The permit for one child, who is named by their person. `missing` where the asker may not know of the child.
    // Of many children: what is asked twice is looked up once.
    Result<record::Permit> person(ViewId person);
    bool may(ViewId person) { return person_of_many(person).permit.has_value(); }
    // On which reading this child rests; empty where it may not be read. For the audit.
    std::string relationship(ViewId person);
    // "role" where the role opens every record that nothing restricts, else empty.
    [[nodiscard]] std::string_view of_role() const { return everybody_ && !unlimited_ ? "role" : ""; }

    // The child of whom this is a view, with the views that may be seen.
    Result<KnownChild> child(ViewId any_view);

    // The same for a child whom the asker names by a view: one that is not shown to the asker is no view at all, so
    // that nobody learns by an identifier that another agency knows the child.
    Result<KnownChild> named(ViewId view);

    // The same from rows and cases that were read already. Every row of the person must be given.
    Result<record::Permit> person(ViewId person, std::span<const store::EntryRow* const> rows,
                                  std::span<const store::CaseRow> cases, bool holds_view);

    // Whether this role may open the record of any child whom nothing restricts.
    [[nodiscard]] bool reaches_everybody() const { return any_; }

    // Whether an answer about a child depends on that child's entries and cases, and not on restrictions alone.
    [[nodiscard]] bool needs_record() const { return !everybody_; }

    // Whether of some children who may be known the asker sees no more than their own agency's views, so that nothing
    // that they are told, nor its order, may hang on another one.
    [[nodiscard]] bool may_see_own_views_only() const;

    // Whether the child may be found by a search, and whether by name only.
    enum class Found { no, name_only, yes };
    [[nodiscard]] Found found(ViewId person) const;

    // The permit for one child as it would be if the asker broke the glass: for the entry that breaks it.
    Result<record::Permit> if_broken(ViewId person);
    // Whether the asker leads an open case of the child. Asks the record of roles too that reach every child without
    // it.
    [[nodiscard]] bool leads(ViewId person);
    // What holds without it.
    [[nodiscard]] sharing::Standing standing_of(ViewId person) { return person_of_many(person).tie.standing; }

    // Whether an entry so marked is kept from the asker.
    [[nodiscard]] bool is_kept_from(std::string_view marking, ViewId person) const;
    // The markings beside `team` of which the asker may see some entries: by role, named, or not shut out by name.
    [[nodiscard]] std::vector<std::string_view> markings_that_may_be_seen() const;

    [[nodiscard]] const std::vector<Restriction>& restrictions() const { return restrictions_; }
    [[nodiscard]] std::vector<const Restriction*> restrictions_of(ViewId person) const;

private:
    struct Tie {
        sharing::Standing standing;
        std::optional<Instant> until;
    };
    struct Answer {
        Result<record::Permit> permit;
        Tie tie;
    };
    Knowing(const Office& office, store::Snapshot& snapshot, record::Permit permit);

    Result<void> learn();
    const Answer& person_of_many(ViewId person);
    [[nodiscard]] Tie tie_of(ViewId person, std::span<const store::EntryRow* const> rows,
                             std::span<const store::CaseRow> cases, bool holds_view) const;
    [[nodiscard]] Tie tie_without_record(ViewId person) const;
    [[nodiscard]] Tie tie_with_record(ViewId person) const;
    [[nodiscard]] Tie tie_of_lead(ViewId person) const;
    bool is_known_to_lead(ViewId person);
    void learn_leads();
    void restrict(ViewId person, sharing::Standing&) const;
    void break_glass(ViewId person, Tie&) const;
    void shut_conflict(ViewId person, Tie&) const;
    [[nodiscard]] bool is_marked_off(const store::EntryRow&, ViewId person) const;
    [[nodiscard]] bool is_lead(const store::EntryRow&, std::string_view who) const;
    [[nodiscard]] bool is_party(const store::EntryRow&) const;

    const Office* office_;
    store::Snapshot* snapshot_;
    record::Permit permit_;
    const sharing::RoleRow* row_ = nullptr;
    bool unlimited_ = false;
    bool any_ = false;
    bool everybody_ = false;  // and an answer depends on restrictions only
    std::vector<Restriction> restrictions_;
    std::vector<Grant> grants_;
    std::vector<Glass> glass_;
    std::set<ViewId> conflicts_;  // persons with whom the asker has a conflict of interest that nobody has cleared
    std::unordered_map<ViewId, std::vector<std::size_t>> restricted_;  // person -> restrictions_
    std::map<ViewId, Answer> answers_;
    // Persons whose open case the asker leads as it is kept for lists, and of whom no entry is marked: what their
    // record would say of the relationship is known without reading it. Learnt when several children are asked for.
    std::optional<std::set<ViewId>> leads_;
};

// When an emergency access ends: as many hours as it says, and the policy's at most.
Instant glass_until(const Office&, const record::Fact& glass_broken);

// One child, looked up for one permit.
Result<KnownChild> known_child(const Office&, store::Snapshot&, const record::Permit&, ViewId any_view);
// Of all views of a child, under whose permit they are looked at: those that may be read, those that are shown, and by
// which of them the child is named. `missing` where there is none.
Result<KnownChild> shown_to(KnownChild);
// Identities of what is shown of a child, in the order of `shown`.
Result<std::vector<record::Identity>> identities_of(const Office&, const KnownChild&);
// The child may not be seen, or not by this asker: what lies in the record is then answered as what is not there.
inline bool is_unseen(const Fault& why) {
    return why.kind == FaultKind::missing || why.kind == FaultKind::forbidden;
}
// No more than the name and the birth.
record::Identity name_only(const record::Identity&);

}  // namespace waymark::casework
