#pragma once
// What was known at a time: the effective entries of a dossier, in the order in which they are folded.
//
// The order is (at, recorded, id), but a day without a time is held as its midnight, and so would come before what
// happened later that day. An entry whose time is not known therefore comes after the entry of the same day that it is
// about.
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "procedure/compiled.hpp"

namespace waymark::procedure {

class Known {
public:
    static constexpr std::uint32_t none = UINT32_MAX;
    struct Item {
        const record::Fact* fact = nullptr;
        const KindInfo* kind = nullptr;
        bool own = false;  // of the case
    };

    Known(const Compiled&, const Calendar&, const Dossier&, Instant now);
    // All of them, whenever they were recorded.
    Known(const Compiled&, const std::deque<record::Fact>& own, const std::deque<record::Fact>& others);
    // One that comes after all that are there, supersedes none and is superseded by none.
    void append(const record::Fact&, const KindInfo&, bool own);
    [[nodiscard]] bool is_superseded(EntryId) const;

    [[nodiscard]] const std::vector<Item>& items() const { return items_; }
    [[nodiscard]] const record::Fact& fact(std::uint32_t at) const { return *items_[at].fact; }
    // The entry that stands for this id now: itself, or the last that supersedes it.
    [[nodiscard]] EntryId standing_for(EntryId) const;
    // Where the entry that stands for this id is, or `none`.
    [[nodiscard]] std::uint32_t find(EntryId) const;

private:
    template <class Facts, class IsKnown>
    void gather(const Compiled&, const Facts& own, const Facts& others, const IsKnown&);
    void index();
    void insert(std::uint32_t at);
    [[nodiscard]] std::uint32_t follows(std::uint32_t at) const;
    void place_after_what_they_are_about();

    std::vector<Item> items_;
    std::vector<std::pair<EntryId, EntryId>> superseded_;  // by old id; the newer last
    std::vector<std::uint32_t> slots_;                     // open addressing, a power of two
};

// Whether `a` was not after `b`, as far as the record can tell: by the day where either has no time.
bool not_after(When a, When b);

}  // namespace waymark::procedure
