#include "store/page_copy.hpp"

#include <fmt/format.h>

namespace waymark::store {

namespace {
auto copy_fault(const std::string& path, int rc) {
    return fault(FaultKind::unavailable, path, fmt::format("the copy failed: {}", sqlite3_errstr(rc)),
                 "see that the disk has room");
}
}  // namespace

Result<std::unique_ptr<PageCopy>> PageCopy::begin(sqlite3* from, const std::string& into) {
    sqlite3* db = nullptr;
    const int rc =
        sqlite3_open_v2(into.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<PageCopy> copy(new PageCopy(db, into));
    if (rc != SQLITE_OK) return copy_fault(into, rc);
    // The file counts only once it has been synced and renamed, so SQLite need not do either.
    sqlite3_exec(db, "pragma synchronous = off; pragma journal_mode = off", nullptr, nullptr, nullptr);
    copy->copy_ = sqlite3_backup_init(db, "main", from, "main");
    if (copy->copy_ == nullptr) return copy_fault(into, sqlite3_errcode(db));
    return copy;
}

PageCopy::~PageCopy() {
    if (copy_ != nullptr) sqlite3_backup_finish(copy_);
    sqlite3_close(into_);
}

Result<bool> PageCopy::step(int pages) {
    const int rc = sqlite3_backup_step(copy_, pages);
    if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) return false;
    if (rc != SQLITE_DONE) return copy_fault(path_, rc);
    const int finished = sqlite3_backup_finish(copy_);
    copy_ = nullptr;
    if (finished != SQLITE_OK) return copy_fault(path_, finished);
    return true;
}

std::uint64_t PageCopy::total() const {
    return copy_ == nullptr ? 0 : static_cast<std::uint64_t>(sqlite3_backup_pagecount(copy_));
}

std::uint64_t PageCopy::done() const {
    return copy_ == nullptr ? 0 : total() - static_cast<std::uint64_t>(sqlite3_backup_remaining(copy_));
}

Result<void> PageCopy::settle(const std::string& file) {
    sqlite3* db = nullptr;
    int rc = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (rc == SQLITE_OK) {
        rc =
            sqlite3_exec(db, "pragma journal_mode = delete; select count(*) from migration", nullptr, nullptr, nullptr);
    }
    sqlite3_close(db);
    if (rc != SQLITE_OK) return copy_fault(file, rc);
    return {};
}

}  // namespace waymark::store
