#pragma once
// Whether a further entry comes after all that are folded, so that it may simply be added to what stands.
#include <unordered_set>

#include "procedure/known.hpp"

namespace waymark::procedure {

class Tail {
public:
    // Of an entry that is among the known ones.
    void note(const record::Fact&, const Known&);
    [[nodiscard]] bool takes(const record::Fact&, const Known&) const;

private:
    const record::Fact* last_ = nullptr;  // in the fold order
    bool last_day_is_vague_ = false;
    std::unordered_set<EntryId> unanswered_;  // what is spoken of and not there
};

}  // namespace waymark::procedure
