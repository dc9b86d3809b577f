#pragma once
// Children of whom nothing was known before a batch, and who were linked to nobody in it: all that the store will hold
// of them is in hand, so their cases are folded from it while the rest is being written, and written once. What an
// import of a register brings is nearly all of this sort.
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "casework/folding.hpp"
#include "people/people.hpp"

namespace waymark::casework {

class Newcomers {
public:
    explicit Newcomers(const Office&);

    // What a resolving of identities told: takes in whom it brought new and alone, drops whom it touched otherwise. The
    // spans are as long as each other.
    void learn(std::span<const people::Arrived>, std::span<const people::Resolved>);
    void none();  // somebody decides who is who in this batch: all are treated as known

    [[nodiscard]] bool contains(ViewId person) const { return known_.contains(person); }
    void expect(ViewId person) { ++known_.at(person).expected; }  // an entry more, of those to be kept
    void open(store::CaseRow);                                    // a case of one of them
    // Entries that were kept, in any order: a child's cases are folded once the last that is expected has come. Those
    // of others are left out.
    void kept(std::vector<store::EntryRow>);
    // Their cases and duties, once every entry was kept.
    Result<void> write(store::Transaction&);

private:
    struct Child {
        std::optional<procedure::Born> born;
        std::size_t expected = 0;
        std::vector<store::WholeEntry> entries;
    };
    struct Whole {
        ViewId person;
        Child child;
    };
    void drop(ViewId);
    [[nodiscard]] Result<Folded> fold_all(std::vector<Whole>&&) const;

    static constexpr std::size_t at_a_time = 200;

    const Office& office_;
    record::Permit permit_;
    std::unordered_map<ViewId, Child> known_;
    std::unordered_set<ViewId> dropped_;
    std::vector<store::CaseRow> cases_;
    std::vector<Whole> whole_;  // not yet being folded
    Folds folds_;
};

}  // namespace waymark::casework
