#pragma once
// The lock file beside a SQLite store, FILE-lock: whoever holds it is the one process that writes.
//
// It is an flock, so the kernel lets go of it when the process ends, however it ends. The text inside only says who.
#include <memory>
#include <string>

#include "base/error.hpp"

namespace waymark::store {

class LockFile {
public:
    enum class Hold { alone, shared };  // shared: several readers of a store that nobody writes
    static Result<LockFile> take(const std::string& database, Hold);
    static bool is_held(const std::string& database);

    LockFile(LockFile&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    LockFile& operator=(LockFile&&) = delete;
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    ~LockFile();

private:
    explicit LockFile(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace waymark::store
