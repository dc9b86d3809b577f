#pragma once
// Something asked of every case: one pass over the cards, record by record, worked on by several threads, told in the
// order of the pass. Only what waits for a thread is held in memory; a person of several records waits until the last
// of them has come by.
//
// Where the asker sees no more of some children than their own agency's views, that order would tell which of them
// other agencies know too. For them the pass finds the children; these are then read again, in the order of the views
// by which they are named to the asker, and told under these.
#include <any>
#include <functional>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// `work` is called by any of the threads at once; `tell` by one at a time, and may say that it wants no more. The audit
// line of the reading stands before the first is told.
Result<void> sweep_any(const Office&, const record::Permit&, unsigned threads,
                       const std::function<std::any(const procedure::Dossier&)>& work,
                       const std::function<bool(std::any&)>& tell);

template <class Told>
Result<void> sweep(const Office& office, const record::Permit& permit, unsigned threads,
                   const std::function<Told(const procedure::Dossier&)>& work,
                   const std::function<bool(const Told&)>& tell) {
    return sweep_any(
        office, permit, threads, [&](const procedure::Dossier& dossier) { return std::any(work(dossier)); },
        [&](std::any& told) { return tell(*std::any_cast<Told>(&told)); });
}

}  // namespace waymark::casework
