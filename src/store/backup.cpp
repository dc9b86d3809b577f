#include "store/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>

#include "store/schema.hpp"
#include "store/tables.hpp"

namespace waymark::store {

namespace {

constexpr std::size_t rows_at_once = 2'000;

// The columns with `position` in its place: a copy keeps the order of the queue and of the audit.
std::vector<Column> all_columns(const Table& table) {
    std::vector<Column> columns(table.columns.begin(), table.columns.end());
    if (table.numbered) columns.insert(columns.begin() + 1, Column{"position", Type::whole});
    return columns;
}

// Rows that own their bytes, because a read row is good only until the next.
class Rows {
public:
    void add(CellView row) {
        auto& kept = rows_.emplace_back(row.begin(), row.end());
        for (Cell& c : kept) {
            if (!c.null && !c.bytes.empty()) c.bytes = bytes_.emplace_back(c.bytes);
        }
    }
    void clear() {
        rows_.clear();
        bytes_.clear();
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    const Cells& operator[](std::size_t i) const { return rows_[i]; }

private:
    std::vector<Cells> rows_;
    std::deque<std::string> bytes_;
};

std::int64_t count(Connection& connection, const char* table) {
    std::int64_t n = 0;
    connection.run(fmt::format("select count(*) from {}", table), {}, [&](CellView row) { n = row[0].whole; });
    return n;
}

Result<void> sync_path(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0) ::close(fd);
    if (!synced)
        return fault(FaultKind::unavailable, path, fmt::format("the disk did not confirm: {}", std::strerror(why)),
                     "look at the disk");
    return {};
}

}  // namespace

void copy_tables(Connection& from, Connection& into, const Progressing& progress) {
    std::uint64_t total = 0;
    for (const Table* table : tables::all()) total += static_cast<std::uint64_t>(count(from, table->name));
    std::uint64_t done = 0;
    for (const Table* table : tables::all()) {
        const std::vector<Column> columns = all_columns(*table);
        const Table target{table->name, columns, false};
        std::string names;
        for (const Column& column : columns) names += fmt::format("{}{}", names.empty() ? "" : ", ", column.name);
        Rows rows;
        const auto flush = [&] {
            into.insert_many(target, rows.size(), [&](std::size_t i, Cells& cells) { cells = rows[i]; });
            done += rows.size();
            rows.clear();
            if (progress) progress(done, total);
        };
        from.stream(fmt::format("select {} from {}", names, table->name), {}, [&](CellView row) {
            rows.add(row);
            if (rows.size() == rows_at_once) flush();
            return true;
        });
        flush();
        if (table->numbered && into.engine() == Engine::postgresql) {
            into.run(fmt::format("select setval(pg_get_serial_sequence('{0}', 'position'), (select "
                                 "coalesce(max(position), 0) + 1 from {0}), false)",
                                 table->name),
                     {});
        }
    }
}

Result<void> refuse_record(Connection& connection, const std::string& place) {
    try {
        if (stored_version(connection) == 0) return {};
        bool any = false;
        connection.run("select 1 from entry limit 1", {}, [&](CellView) { any = true; });
        if (any) return fault(FaultKind::conflict, place, "this store holds a record", "restore into a new store");
        return {};
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
}

void empty_tables(Connection& connection) {
    for (const Table* table : tables::all()) connection.run(fmt::format("delete from {}", table->name), {});
}

Result<void> check_backup(Connection& connection, const std::string& file) {
    try {
        return check_version(stored_version(connection), Opening::existing, file);
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
}

Result<void> clear_part(const std::string& part, const std::string& file) {
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
        return fault(FaultKind::conflict, file, "there is a file of this name already",
                     "name another, or move it away");
    }
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(part + suffix, error);
    return {};
}

Result<void> put_in_place(const std::string& part, const std::string& file) {
    TRY_VOID(sync_path(part, O_RDONLY));
    if (::rename(part.c_str(), file.c_str()) != 0) {
        return fault(FaultKind::unavailable, file, fmt::format("the file cannot be named so: {}", std::strerror(errno)),
                     "");
    }
    const auto folder = std::filesystem::path(file).parent_path();
    return sync_path(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace waymark::store
