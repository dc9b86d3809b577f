#pragma once
// A bounded pool of connections that only read.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/names.hpp"
#include "store/sql.hpp"

namespace waymark::store {

class Readers {
public:
    using Connect = std::function<Result<std::unique_ptr<Connection>>()>;
    Readers(Connect connect, const Options& options, std::shared_ptr<const NameCovers> covers)
        : connect_(std::move(connect)), options_(options), covers_(std::move(covers)) {}
    Result<void> read(const Store::Reading&);
    void close() { idle_.clear(); }  // when nobody reads any more
    // Ends what has been reading for longer: it is told that the store is unavailable. From any thread.
    void give_up_older_than(std::chrono::steady_clock::duration);

private:
    Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection>);

    Connect connect_;
    const Options options_;
    const std::shared_ptr<const NameCovers> covers_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t out_ = 0;
    std::vector<std::pair<Connection*, std::chrono::steady_clock::time_point>> reading_;
};

}  // namespace waymark::store
