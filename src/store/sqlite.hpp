#pragma once
// One SQLite connection through the C API.
#include <memory>
#include <string>

#include "store/sql.hpp"

struct sqlite3;

namespace waymark::store {

enum class SqliteRole {
    writer,     // the one that writes and checkpoints; makes the file where it may
    reader,     // beside a writer of this process: query_only, never checkpoints, also not on close
    read_only,  // of a file that nobody writes
};

class SqliteConnection : public Connection {
public:
    // Opens and sets it up. `create` only for a writer.
    static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, SqliteRole, const Options&,
                                                          bool create);
    [[nodiscard]] virtual sqlite3* handle() = 0;
    // Moves what is committed from the WAL to the file. Only the writer may, between its transactions.
    // `wait_for_readers` also lets the WAL begin anew.
    virtual void checkpoint(bool wait_for_readers) = 0;
    [[nodiscard]] virtual int wal_pages() const = 0;    // in the WAL after the latest commit
    [[nodiscard]] virtual int wal_backlog() const = 0;  // of these, not yet moved to the file
};

}  // namespace waymark::store
