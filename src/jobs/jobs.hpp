#pragma once
// Work that goes on beside requests: indexing the log, expiring sessions and drafts, keeping the checkpoint file,
// merging the spool. Nothing that a deadline depends on: standing is computed, not scheduled.
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/system.hpp"
#include "record/log.hpp"
#include "store/store.hpp"

namespace waymark::jobs {

// What the caretaker needs of a partnership; references outlive it.
struct Charge {
    store::Store& store;
    store::Partnership partnership = 0;
    std::string origin;  // of checkpoints
    record::SigningKey signing_key;
    const Clock& clock;
    // Merges what waits in the spool of concerns, and tells how it stands; may be empty.
    struct Spooled {
        std::size_t waiting = 0;
        std::size_t damaged = 0;
        std::string fault;
    };
    std::function<Spooled()> merge_spool = {};
};

struct Status {
    std::int64_t log_size = 0;
    std::int64_t queued = 0;
    Instant last_checkpoint;
    std::string last_fault;
    std::size_t spool_waiting = 0;  // concerns that are kept beside the store
    std::size_t spool_damaged = 0;  // that were found altered
};

// Runs the sequencer every half second while there is a queue, writes the newest checkpoint to `checkpoint_file`
// (beside the old one, renamed when synced; empty: none), expires drafts and sessions every minute. Stops within a
// second.
class Caretaker {
public:
    Caretaker(const Charge&, std::string checkpoint_file, Log&);
    ~Caretaker();
    Caretaker(const Caretaker&) = delete;
    Caretaker& operator=(const Caretaker&) = delete;
    [[nodiscard]] Status status() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Once, for commands: index what is queued, sign and write the checkpoint.
Result<Status> settle(const Charge&, const std::string& checkpoint_file);

}  // namespace waymark::jobs
