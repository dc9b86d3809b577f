#pragma once
// A bounded pool of connections that only read.
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/sql.hpp"

namespace waymark::store {

class Readers {
public:
    using Connect = std::function<Result<std::unique_ptr<Connection>>()>;
    Readers(Connect connect, const Options& options) : connect_(std::move(connect)), options_(options) {}
    Result<void> read(const Store::Reading&);
    void close() { idle_.clear(); }  // when nobody reads any more

private:
    Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection>);

    Connect connect_;
    const Options options_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t out_ = 0;
};

}  // namespace waymark::store
