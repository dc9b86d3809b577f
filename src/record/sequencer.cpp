// The sequencer: what was queued in each entry's own transaction gets its place in the log. The checkpoint is signed in
// the transaction in which the tree grew, so that a tree larger than its newest checkpoint is never an accident.
#include <algorithm>

#include "record/log.hpp"

namespace waymark::record {

namespace {

constexpr std::size_t chunk = 10'000;

auto taken_over() {
    return fault(FaultKind::conflict, "log", "another sequencer has taken over", "let that one run, and end this one");
}

}  // namespace

Result<std::int64_t> Sequencer::run(std::size_t most) {
    if (!fence_) {
        std::int64_t fence = 0;
        TRY_VOID(store_.write(
            [&](store::Transaction& tx) -> Result<void> {
                fence = tx.raise_fence(partnership_);
                return {};
            },
            store::Pace::bulk));
        fence_ = fence;
    }
    std::int64_t indexed = 0;
    for (;;) {
        const auto wanted = std::min(chunk, most - static_cast<std::size_t>(indexed));
        std::size_t taken = 0;
        if (wanted == 0) break;
        TRY_VOID(store_.write(
            [&](store::Transaction& tx) -> Result<void> {
                auto leaves = tx.take_queue(partnership_, wanted);
                taken = leaves.size();
                if (leaves.empty()) return {};
                const auto state = tx.log_state(partnership_);
                if (state.fence != *fence_) return taken_over();
                auto frontier = TRY(Frontier::parse(state.size, state.frontier));
                for (auto& leaf : leaves) {
                    leaf.log_index = frontier.size();
                    frontier.append(leaf.leaf);
                }
                TRY_VOID(tx.append_leaves(partnership_, leaves, {frontier.size(), frontier.bytes(), *fence_}, *fence_));
                const Checkpoint checkpoint{origin_, frontier.size(), frontier.root()};
                tx.put_checkpoint(partnership_, {checkpoint.size, clock_.now(), sign_checkpoint(checkpoint, key_)});
                return {};
            },
            store::Pace::bulk));
        indexed += static_cast<std::int64_t>(taken);
        if (taken < wanted) break;
    }
    return indexed;
}

}  // namespace waymark::record
