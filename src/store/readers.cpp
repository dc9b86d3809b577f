#include "store/readers.hpp"

#include <algorithm>

#include "store/work.hpp"

namespace waymark::store {

Result<void> Readers::read(const Store::Reading& work) {
    std::unique_ptr<Connection> connection = TRY(take());
    // Whatever happens the place goes back to the pool.
    struct Return {
        Readers& pool;
        std::unique_ptr<Connection>& connection;
        ~Return() { pool.give_back(std::move(connection)); }
    } const on_exit{*this, connection};
    for (int tries = 0;; ++tries) {
        try {
            connection->begin(Isolation::read);
            break;
        } catch (const Failure& failure) {
            connection->rollback();
            // An idle connection may have died unnoticed, with all its fellows: begin once more with a new one.
            if (tries > 0 || !connection->is_broken()) return tl::unexpected(failure.fault);
            connection = TRY(connect_());
        }
    }
    // While it stands in the list the connection is this reader's and lives.
    struct Listed {
        Readers& pool;
        Connection& connection;
        Listed(Readers& of, Connection& reads) : pool(of), connection(reads) {
            const std::lock_guard lock(pool.mutex_);
            pool.reading_.emplace_back(&connection, std::chrono::steady_clock::now());
        }
        Listed(const Listed&) = delete;
        Listed& operator=(const Listed&) = delete;
        ~Listed() {
            {
                const std::lock_guard lock(pool.mutex_);
                std::erase_if(pool.reading_, [&](const auto& one) { return one.first == &connection; });
            }
            connection.rollback();
        }
    } const listed{*this, *connection};
    try {
        Work snapshot(*connection, *covers_);
        return work(snapshot);
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
}

Result<std::unique_ptr<Connection>> Readers::take() {
    std::unique_lock lock(mutex_);
    const std::size_t most = std::max<std::size_t>(options_.readers, 1);
    if (!free_.wait_for(lock, options_.wait, [&] { return !idle_.empty() || out_ < most; })) {
        return fault(FaultKind::unavailable, "store", "too many are reading", "try again");
    }
    ++out_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    lock.unlock();
    auto made = connect_();
    if (!made) give_back(nullptr);
    return made;
}

void Readers::give_up_older_than(std::chrono::steady_clock::duration age) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    for (const auto& [connection, since] : reading_) {
        if (now - since > age) connection->give_up();
    }
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    if (connection && connection->is_broken()) connection.reset();
    const std::lock_guard lock(mutex_);
    --out_;
    if (connection) idle_.push_back(std::move(connection));
    free_.notify_one();
}

}  // namespace waymark::store
