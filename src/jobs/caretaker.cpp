// The one thread of the jobs, and its single rounds for commands.
#include "jobs/jobs.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "jobs/checkpoint_file.hpp"

namespace waymark::jobs {

namespace {

using namespace std::chrono_literals;

constexpr auto between_rounds = 500ms;
constexpr auto between_expiries = std::chrono::minutes(1);

Result<Status> look(const Charge& charge) {
    Status status;
    TRY_VOID(charge.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        status.log_size = snapshot.log_state(charge.partnership).size;
        status.queued = snapshot.queued_leaves(charge.partnership);
        if (const auto newest = snapshot.latest_checkpoint(charge.partnership)) status.last_checkpoint = newest->at;
        return {};
    }));
    return status;
}

Result<std::string> newest_note(const Charge& charge) {
    std::string note;
    TRY_VOID(charge.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        if (const auto newest = snapshot.latest_checkpoint(charge.partnership)) note = newest->note;
        return {};
    }));
    return note;
}

record::Sequencer sequencer_of(const Charge& charge) {
    return {charge.store, charge.partnership, charge.origin, charge.signing_key, charge.clock};
}

}  // namespace

Result<Status> settle(const Charge& charge, const std::string& checkpoint_file) {
    auto sequencer = sequencer_of(charge);
    TRY_VOID(sequencer.run());
    if (!checkpoint_file.empty()) {
        const auto note = TRY(newest_note(charge));
        if (!note.empty()) TRY_VOID(write_checkpoint_file(checkpoint_file, note));
    }
    return look(charge);
}

struct Caretaker::State {
    State(const Charge& of, std::string file, Log& to) : charge(of), checkpoint_file(std::move(file)), log(to) {}

    void work() {
        auto sequencer = sequencer_of(charge);
        Instant expired_at;
        for (;;) {
            merge_spool();
            round(sequencer);
            if (charge.clock.now() - expired_at >= between_expiries) {
                expired_at = charge.clock.now();
                expire(expired_at);
            }
            std::unique_lock lock(mutex);
            if (wake.wait_for(lock, between_rounds, [this] { return stopping; })) return;
        }
    }

    void round(record::Sequencer& sequencer) {
        auto status = look(charge);
        if (status && status->queued > 0) {
            if (const auto moved = sequencer.run(); !moved) return note(moved.error());
            status = look(charge);
        }
        if (!status) return note(status.error());
        if (!checkpoint_file.empty()) {
            const auto newest = newest_note(charge);
            if (!newest) return note(newest.error());
            if (!newest->empty() && *newest != written) {
                if (const auto wrote = write_checkpoint_file(checkpoint_file, *newest); !wrote)
                    return note(wrote.error());
                written = *newest;
            }
        }
        const std::lock_guard lock(mutex);
        status->spool_waiting = last.spool_waiting;
        status->spool_damaged = last.spool_damaged;
        last = *status;
    }

    // That concerns wait, and that they have gone, is said once each time.
    void merge_spool() {
        if (!charge.merge_spool) return;
        const auto now = charge.merge_spool();
        const std::lock_guard lock(mutex);
        if (now.waiting != last.spool_waiting || now.damaged != last.spool_damaged) {
            if (now.waiting > 0 || now.damaged > 0) {
                log.error("concerns in the spool",
                          {{"waiting", now.waiting}, {"damaged", now.damaged}, {"fault", now.fault}});
            } else {
                log.info("spool is empty");
            }
        }
        last.spool_waiting = now.waiting;
        last.spool_damaged = now.damaged;
    }

    void expire(Instant now) {
        const auto expired = charge.store.write(
            [&](store::Transaction& tx) -> Result<void> {
                tx.delete_expired(charge.partnership, now);
                return {};
            },
            store::Pace::bulk);
        if (!expired) note(expired.error());
    }

    // The same fault every half second is one line.
    void note(const Fault& fault) {
        const auto words = describe(fault);
        const std::lock_guard lock(mutex);
        if (words != last.last_fault) log.error("caretaker", {{"fault", words}});
        last.last_fault = words;
    }

    const Charge charge;
    const std::string checkpoint_file;
    Log& log;
    std::string written;
    std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;
    Status last;
    std::thread thread;
};

Caretaker::Caretaker(const Charge& charge, std::string checkpoint_file, Log& log)
    : state_(std::make_unique<State>(charge, std::move(checkpoint_file), log)) {
    state_->thread = std::thread([state = state_.get()] { state->work(); });
}

Caretaker::~Caretaker() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->wake.notify_all();
    state_->thread.join();
}

Status Caretaker::status() const {
    const std::lock_guard lock(state_->mutex);
    return state_->last;
}

}  // namespace waymark::jobs
