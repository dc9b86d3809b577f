#pragma once
// Copying pages of one SQLite database into a new file, a piece at a time.
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.hpp"

namespace waymark::store {

class PageCopy {
public:
    static Result<std::unique_ptr<PageCopy>> begin(sqlite3* from, const std::string& into);
    ~PageCopy();
    PageCopy(const PageCopy&) = delete;
    PageCopy& operator=(const PageCopy&) = delete;

    // True when all is copied.
    Result<bool> step(int pages);
    [[nodiscard]] std::uint64_t total() const;
    [[nodiscard]] std::uint64_t done() const;
    // After the last step: makes the copy a single file again (the source's header says WAL) and looks whether it
    // opens.
    static Result<void> settle(const std::string& file);

private:
    PageCopy(sqlite3* into, std::string path) : into_(into), path_(std::move(path)) {}
    sqlite3* into_;
    sqlite3_backup* copy_ = nullptr;
    std::string path_;
};

}  // namespace waymark::store
