#pragma once
// Group commit: one thread owns the one connection that writes, takes what is queued and commits it together.
//
// The thread is the mutex of the SQLite rule: only it writes, checkpoints and steps a back-up. People's work goes
// before bulk work; bulk work that has waited a quarter of the time-out goes in between, so that it cannot starve.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "store/names.hpp"
#include "store/sql.hpp"

namespace waymark::store {

// What differs between the engines around a batch. Called by the writer thread alone.
class WriterEngine {
public:
    virtual ~WriterEngine() = default;
    // A connection ready for begin(); makes a new one where the old one broke. Throws Failure.
    virtual Connection& connection() = 0;
    virtual void interrupt() noexcept {}
    // How things stand between two transactions. `lately`: within the last second.
    struct Moment {
        bool people_wait = false;
        bool bulk_waits = false;
        bool people_lately = false;
        bool bulk_lately = false;
    };
    // Work between transactions. When to call again though nothing was queued: 0, there is more; nothing, never.
    virtual std::optional<std::chrono::milliseconds> between(const Moment&) { return std::nullopt; }
};

class Writer {
public:
    Writer(WriterEngine& engine, const Options& options,
           std::shared_ptr<const NameCovers> covers = std::make_shared<NameCovers>());
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    Result<void> write(const Store::Writing&, Pace);
    void wake();  // something for `between`

private:
    enum class Stage { queued, running, committing, done };
    struct Piece {
        const Store::Writing* work = nullptr;  // the caller's; not touched once the caller has given up
        Pace pace = Pace::person;
        std::chrono::steady_clock::time_point since;
        Stage stage = Stage::queued;
        bool abandoned = false;
        Result<void> result;
        std::exception_ptr thrown;  // the work's own exception, handed to its caller
        std::condition_variable finished;
    };
    using Batch = std::vector<std::shared_ptr<Piece>>;

    void loop();
    Batch take(std::unique_lock<std::mutex>&);
    void carry_out(const Batch&);
    // Runs the batch in one transaction; the Failure that undid all of it, if any.
    std::optional<Failure> attempt(const Batch&);
    bool run_piece(Connection&, Piece&, bool alone);
    bool enter(Piece&, Stage);
    void finish(const Batch&);
    void finish(const Batch&, const Fault&);
    void pause(int tries);
    [[nodiscard]] WriterEngine::Moment moment() const;

    WriterEngine& engine_;
    const Options options_;
    const std::shared_ptr<const NameCovers> covers_;
    std::mutex mutex_;
    std::condition_variable work_;   // for the thread
    std::condition_variable place_;  // for callers that wait for a place in the queue
    std::deque<std::shared_ptr<Piece>> people_;
    std::deque<std::shared_ptr<Piece>> bulk_;
    std::deque<std::shared_ptr<Piece>>& queue_of(Pace pace) { return pace == Pace::person ? people_ : bulk_; }
    std::chrono::steady_clock::time_point people_at_{};  // the thread's own: when it last had work of theirs
    std::chrono::steady_clock::time_point bulk_at_{};
    bool stopping_ = false;
    bool woken_ = false;
    bool ended_ = false;
    std::condition_variable end_;
    std::thread thread_;
};

}  // namespace waymark::store
