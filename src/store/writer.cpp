#include "store/writer.hpp"

#include <algorithm>
#include <utility>

#include "store/work.hpp"

namespace waymark::store {

namespace {

constexpr std::size_t most_people_in_a_batch = 512;
constexpr std::size_t most_bulk_in_a_batch = 16;
constexpr int tries_together = 3;
constexpr int tries_alone = 10;

Fault stopped() {
    return {FaultKind::unavailable, "store", "the store is closing", "try again"};
}
Fault too_busy() {
    return {FaultKind::unavailable, "store", "the store is too busy to take this", "try again"};
}

}  // namespace

Writer::Writer(WriterEngine& engine, const Options& options, std::shared_ptr<const NameCovers> covers)
    : engine_(engine), options_(options), covers_(std::move(covers)), thread_([this] { loop(); }) {}

Writer::~Writer() {
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        work_.notify_all();
        place_.notify_all();
        // What runs is let finish; a COMMIT that a server does not answer is not waited for without end.
        if (!end_.wait_for(lock, options_.wait, [&] { return ended_; })) engine_.interrupt();
    }
    thread_.join();
}

void Writer::wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    work_.notify_one();
}

Result<void> Writer::write(const Store::Writing& work, Pace pace) {
    if (std::this_thread::get_id() == thread_.get_id()) {
        return fault(FaultKind::invalid, "store", "a piece of work may not wait for another",
                     "use the transaction it was given");
    }
    auto piece = std::make_shared<Piece>();
    piece->work = &work;
    piece->pace = pace;
    piece->since = std::chrono::steady_clock::now();
    const auto patience = pace == Pace::person ? options_.wait : options_.wait * 6;
    const auto until = piece->since + patience;

    std::unique_lock lock(mutex_);
    auto& queue = queue_of(pace);
    if (!place_.wait_until(lock, until, [&] { return stopping_ || queue.size() < options_.queue; }))
        return tl::unexpected(too_busy());
    if (stopping_) return tl::unexpected(stopped());
    queue.push_back(piece);
    work_.notify_one();

    const auto done = [&] { return piece->stage == Stage::done; };
    if (!piece->finished.wait_until(lock, until, done)) {
        if (piece->stage == Stage::queued) {
            queue.erase(std::find(queue.begin(), queue.end(), piece));
            place_.notify_one();
            return tl::unexpected(too_busy());
        }
        // While the work runs it looks at the caller's stack, so it is waited for: it is statements under time-outs.
        // Only a COMMIT may be without an answer for long (a synchronous standby is away); then the caller is told what
        // is known.
        piece->finished.wait(lock, [&] { return piece->stage == Stage::done || piece->stage == Stage::committing; });
        if (!piece->finished.wait_for(lock, options_.wait * 2, done) && piece->stage == Stage::committing) {
            piece->abandoned = true;
            return fault(FaultKind::uncertain, "store", "the database has not confirmed that it was kept",
                         "ask again with the same key");
        }
        piece->finished.wait(lock, done);
    }
    // Taken out of the piece, so that the writer's copy of it, which may outlive this call, holds nothing of the
    // caller's.
    const std::exception_ptr thrown = std::exchange(piece->thrown, nullptr);
    Result<void> result = std::move(piece->result);
    lock.unlock();
    if (thrown) std::rethrow_exception(thrown);
    return result;
}

WriterEngine::Moment Writer::moment() const {
    const auto lately = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    return {!people_.empty(), !bulk_.empty(), people_at_ > lately, bulk_at_ > lately};
}

void Writer::loop() {
    std::unique_lock lock(mutex_);
    std::optional<std::chrono::milliseconds> again;
    while (true) {
        const auto called = [&] { return stopping_ || woken_ || !people_.empty() || !bulk_.empty(); };
        if (again) {
            work_.wait_for(lock, *again, called);
        } else {
            work_.wait(lock, called);
        }
        if (stopping_) break;
        woken_ = false;
        const Batch batch = take(lock);
        lock.unlock();
        if (!batch.empty()) {
            carry_out(batch);
            (batch.front()->pace == Pace::person ? people_at_ : bulk_at_) = std::chrono::steady_clock::now();
        }
        lock.lock();
        const auto now = moment();
        lock.unlock();
        again = engine_.between(now);
        lock.lock();
    }
    for (auto* queue : {&people_, &bulk_}) {
        for (const auto& piece : *queue) {
            piece->result = tl::unexpected(stopped());
            piece->stage = Stage::done;
            piece->finished.notify_one();
        }
        queue->clear();
    }
    ended_ = true;
    end_.notify_all();
}

Writer::Batch Writer::take(std::unique_lock<std::mutex>&) {
    Batch batch;
    const auto move_from = [&](std::deque<std::shared_ptr<Piece>>& queue, std::size_t most) {
        while (!queue.empty() && batch.size() < most) {
            queue.front()->stage = Stage::running;
            batch.push_back(std::move(queue.front()));
            queue.pop_front();
        }
    };
    const bool starved = !bulk_.empty() && std::chrono::steady_clock::now() - bulk_.front()->since > options_.wait / 4;
    if (starved && !people_.empty()) {
        move_from(bulk_, 1);
    } else if (!people_.empty()) {
        move_from(people_, most_people_in_a_batch);
    } else {
        move_from(bulk_, most_bulk_in_a_batch);
    }
    place_.notify_all();
    return batch;
}

void Writer::carry_out(const Batch& batch) {
    std::optional<Failure> failure;
    for (int tries = 0; tries < tries_together; ++tries) {
        failure = attempt(batch);
        if (!failure) return finish(batch);
        if (failure->cause == Failure::Cause::uncertain || failure->cause == Failure::Cause::poisoned) {
            return finish(batch, failure->fault);
        }
        if (failure->cause != Failure::Cause::contended && tries > 0) break;
        pause(tries);
    }
    // One of them may be what cannot be done: let each stand alone.
    for (const auto& piece : batch) {
        const Batch alone{piece};
        for (int tries = 0; tries < tries_alone; ++tries) {
            failure = attempt(alone);
            if (!failure || failure->cause != Failure::Cause::contended) break;
            pause(tries);
        }
        if (!failure) {
            finish(alone);
        } else {
            finish(alone, failure->fault);
        }
    }
}

std::optional<Failure> Writer::attempt(const Batch& batch) {
    Connection* connection = nullptr;
    try {
        connection = &engine_.connection();
        connection->begin(Isolation::write);
        bool any = false;
        for (const auto& piece : batch) {
            if (!enter(*piece, Stage::running)) continue;
            any = run_piece(*connection, *piece, batch.size() == 1) || any;
        }
        if (!any) {
            connection->rollback();
            return std::nullopt;
        }
        for (const auto& piece : batch) enter(*piece, Stage::committing);
        connection->commit();
        return std::nullopt;
    } catch (const Failure& failure) {
        if (connection != nullptr) connection->rollback();
        return failure;
    }
}

// True when the piece has left something to commit. A fault of its own undoes it alone; what concerns the transaction
// as a whole is thrown.
bool Writer::run_piece(Connection& connection, Piece& piece, bool alone) {
    piece.result = {};
    piece.thrown = nullptr;
    if (!alone) connection.savepoint();
    try {
        Work work(connection, *covers_);
        piece.result = (*piece.work)(work);
    } catch (const Failure& failure) {
        if (failure.cause != Failure::Cause::refused || !connection.in_transaction()) throw;
        piece.result = tl::unexpected(failure.fault);
    } catch (...) {
        piece.thrown = std::current_exception();
    }
    if (!connection.in_transaction()) {
        throw Failure(Failure::Cause::broken,
                      Fault{FaultKind::unavailable, "store", "the transaction was lost", "try again"});
    }
    const bool keep = piece.result.has_value() && !piece.thrown;
    if (!alone) {
        if (keep) {
            connection.release();
        } else {
            connection.rollback_to_savepoint();
        }
    }
    return keep;
}

bool Writer::enter(Piece& piece, Stage stage) {
    const std::lock_guard lock(mutex_);
    if (piece.abandoned) return false;
    piece.stage = stage;
    piece.finished.notify_one();
    return true;
}

void Writer::finish(const Batch& batch) {
    const std::lock_guard lock(mutex_);
    for (const auto& piece : batch) {
        piece->stage = Stage::done;
        piece->finished.notify_one();
    }
}

void Writer::finish(const Batch& batch, const Fault& why) {
    {
        const std::lock_guard lock(mutex_);
        for (const auto& piece : batch) {
            // A fault of its own stands: nothing of it was to be kept.
            if (piece->result.has_value() && !piece->thrown) piece->result = tl::unexpected(why);
        }
    }
    finish(batch);
}

void Writer::pause(int tries) {
    std::unique_lock lock(mutex_);
    end_.wait_for(lock, std::chrono::milliseconds(2) * (1 << std::min(tries, 6)), [&] { return stopping_; });
}

}  // namespace waymark::store
