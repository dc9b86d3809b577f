// SQLite: prepared statements kept by their text, parameters bound by name, because SQLite numbers $n by first
// appearance.
#include "store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <atomic>
#include <unordered_map>

namespace waymark::store {

namespace {

constexpr int restart_wait_ms = 200;        // how long a checkpoint lets the writer wait for readers
constexpr int application_id = 0x5741594d;  // "WAYM", in the file's header

struct CloseStatement {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};

struct Statement {
    std::unique_ptr<sqlite3_stmt, CloseStatement> handle;
    std::vector<int> slots;  // the parameter index of $1, $2 …
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

Failure too_long_beside(std::string_view path) {
    return {Failure::Cause::broken,
            Fault{FaultKind::unavailable, std::string(path),
                  "this took longer than the store can keep its state beside so much that is written",
                  "ask for less at a time, or when less is written"}};
}

// What a person can do about it; the words of SQLite itself may quote values of the record, so they are not passed on.
Failure failure_of(sqlite3* db, std::string_view path) {
    const int extended = sqlite3_extended_errcode(db);
    const std::string place(path);
    using Cause = Failure::Cause;
    switch (extended & 0xff) {
        case SQLITE_CONSTRAINT:
            return {Cause::refused,
                    Fault{FaultKind::conflict, "", "the store already holds this, or a needed value is missing", ""}};
        case SQLITE_TOOBIG:
            return {Cause::refused, Fault{FaultKind::invalid, "", "a value is too large for the store", "split it"}};
        case SQLITE_FULL:
            return {Cause::broken,
                    Fault{FaultKind::unavailable, place, "the disk or the store's file is full", "make room"}};
        case SQLITE_IOERR:
            if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) {
                return {Cause::poisoned,
                        Fault{FaultKind::uncertain, place, "the disk did not confirm that it kept the data",
                              "look at the disk, then start again and run `waymark verify`"}};
            }
            return {Cause::broken, Fault{FaultKind::unavailable, place,
                                         fmt::format("reading or writing failed ({})", extended), "look at the disk"}};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Cause::broken, Fault{FaultKind::unavailable, place, "the store is busy", "try again"}};
        case SQLITE_NOTADB:
            return {Cause::broken,
                    Fault{FaultKind::invalid, place, "the file is not a SQLite database", "name another file"}};
        case SQLITE_CORRUPT:
            return {Cause::broken, Fault{FaultKind::unavailable, place, "the store's file is damaged",
                                         "restore the latest back-up, then compare with the partners' checkpoints"}};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {Cause::refused,
                    Fault{FaultKind::unavailable, place, "the store may only be read", "see who may write the file"}};
        case SQLITE_CANTOPEN:
            return {Cause::broken, Fault{FaultKind::unavailable, place, "the file cannot be opened",
                                         "see that the folder exists and that this user may write in it"}};
        case SQLITE_INTERRUPT:
            return too_long_beside(path);
        default:
            return {Cause::broken, Fault{FaultKind::unavailable, place,
                                         fmt::format("SQLite: {} ({})", sqlite3_errstr(extended), extended), ""}};
    }
}

Cell read_cell(sqlite3_stmt* statement, int column) {
    Cell c;
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            c.whole = sqlite3_column_int64(statement, column);
            c.real = static_cast<double>(c.whole);
            break;
        case SQLITE_FLOAT:
            c.type = Type::real;
            c.real = sqlite3_column_double(statement, column);
            break;
        case SQLITE_NULL:
            c.null = true;
            break;
        default: {
            c.type = sqlite3_column_type(statement, column) == SQLITE_TEXT ? Type::text : Type::blob;
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
            const int size = sqlite3_column_bytes(statement, column);
            if (bytes != nullptr) c.bytes = std::string_view(bytes, static_cast<std::size_t>(size));
        }
    }
    return c;
}

class Sqlite final : public SqliteConnection {
public:
    Sqlite(sqlite3* db, std::string path, SqliteRole role) : db_(db), path_(std::move(path)), role_(role) {}

    ~Sqlite() override {
        statements_.clear();
        sqlite3_close(db_);
    }
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;

    [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
    [[nodiscard]] sqlite3* handle() override { return db_; }
    [[nodiscard]] int wal_pages() const override { return wal_pages_; }
    [[nodiscard]] int wal_backlog() const override { return wal_pages_ >= moved_ ? wal_pages_ - moved_ : wal_pages_; }
    [[nodiscard]] bool in_transaction() const override { return sqlite3_get_autocommit(db_) == 0; }
    [[nodiscard]] bool is_broken() const override { return poisoned_; }

    void set_up(const Options& options) {
        sqlite3_extended_result_codes(db_, 1);
        wait_ms_ = static_cast<int>(options.wait.count());
        sqlite3_busy_timeout(db_, wait_ms_);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        // A plan never hangs on the values that are bound: where a partial index might do, SQLite otherwise prepares
        // the statement anew each time that it is run.
        sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
        exec("pragma wal_autocheckpoint = 0; pragma mmap_size = 0; pragma temp_store = memory");
        if (role_ != SqliteRole::writer) {
            sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
            exec("pragma query_only = on; pragma cache_size = -32768");
            return;
        }
        refuse_foreign_file();
        // Every cell of a page that is to be written to is looked at. A search reads a hundred pages at random for a
        // few cells each, and a fifth of its time went there.
        exec("pragma cell_size_check = on");
        // The page size takes effect only in a file that holds nothing yet.
        exec(
            fmt::format("pragma page_size = 8192; pragma application_id = {}; pragma journal_mode = wal; pragma "
                        "synchronous = full; "
                        "pragma cache_size = -{}; pragma journal_size_limit = 67108864; pragma foreign_keys = off",
                        application_id, options.cache_kib));
        // The hook also stands in the place of the automatic checkpoint.
        sqlite3_wal_hook(
            db_,
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<Sqlite*>(self)->wal_pages_ = pages;
                return SQLITE_OK;
            },
            this);
    }

    void exec(const std::string& script) override {
        check(sqlite3_exec(db_, script.c_str(), nullptr, nullptr, nullptr));
    }

    std::int64_t run(std::string_view sql, CellView cells, const OnRow& on_row) override {
        Lease lease(*this, sql);
        bind(lease.statement, cells);
        return step_all(lease.statement, on_row);
    }

    void stream(std::string_view sql, CellView cells, const Until& until) override {
        Lease lease(*this, sql);
        bind(lease.statement, cells);
        Reset reset{lease.statement.handle.get()};
        while (step(lease.statement)) {
            if (!until(read_row(lease.statement, lease.row))) return;
        }
    }

    std::int64_t run_many(std::string_view sql, std::size_t count, const Fill& fill, const OnEach& on_each) override {
        Lease lease(*this, sql);
        std::int64_t changed = 0;
        std::size_t index = 0;
        const OnRow on_row = on_each ? OnRow([&](CellView row) { on_each(index, row); }) : OnRow{};
        Cells cells;
        for (; index < count; ++index) {
            cells.clear();
            fill(index, cells);
            bind(lease.statement, cells);
            changed += step_all(lease.statement, on_row);
        }
        return changed;
    }

    void insert_many(const Table& table, std::size_t count, const Fill& fill) override {
        if (count == 0) return;
        std::int64_t position = 0;
        const Fill numbered = [&](std::size_t i, Cells& cells) {
            fill(i, cells);
            if (i == 0) position = last_position(table, cells.front());
            cells.push_back(cell(++position));
        };
        run_many(insert_text(table), count, table.numbered ? numbered : fill, {});
    }

    void begin(Isolation isolation) override {
        given_up_ = false;
        if (poisoned_ && isolation == Isolation::write) throw poisoned();
        run(isolation == Isolation::write ? "begin immediate" : "begin deferred", {});
    }
    void commit() override { run("commit", {}); }
    void rollback() noexcept override {
        if (in_transaction()) sqlite3_exec(db_, "rollback", nullptr, nullptr, nullptr);
    }
    void savepoint() override { run("savepoint piece", {}); }
    void release() override { run("release piece", {}); }
    void rollback_to_savepoint() override {
        run("rollback to piece", {});
        run("release piece", {});
    }
    void give_up() noexcept override {
        given_up_ = true;
        sqlite3_interrupt(db_);
    }
    using Connection::run;
    using Connection::stream;

    void checkpoint(bool wait_for_readers) override {
        int in_log = 0;
        int moved = 0;
        sqlite3_busy_timeout(db_, restart_wait_ms);
        const int rc = sqlite3_wal_checkpoint_v2(
            db_, nullptr, wait_for_readers ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
        sqlite3_busy_timeout(db_, wait_ms_);
        if (rc != SQLITE_OK && rc != SQLITE_BUSY) check(rc);  // busy: readers hold the rest, the next one gets further
        if (in_log >= 0) wal_pages_ = in_log;
        if (moved >= 0) moved_ = moved;
    }

private:
    // Before anything is changed in it.
    void refuse_foreign_file() {
        std::int64_t tables = 0;
        std::int64_t id = 0;
        run("select count(*) from sqlite_schema", {}, [&](CellView row) { tables = row[0].whole; });
        run("pragma application_id", {}, [&](CellView row) { id = row[0].whole; });
        if (tables > 0 && id != application_id) {
            throw Failure(
                Failure::Cause::refused,
                Fault{FaultKind::invalid, path_, "the file is a database of another program", "name another file"});
        }
    }

    struct Reset {
        sqlite3_stmt* handle;
        ~Reset() { sqlite3_reset(handle); }
    };

    // A statement is taken out of the cache while it runs, so that a visitor may run the same one.
    struct Lease {
        Lease(Sqlite& from, std::string_view text) : owner(from) {
            if (const auto found = owner.statements_.find(text); found != owner.statements_.end()) {
                node = owner.statements_.extract(found);
                statement = std::move(node.mapped());
            } else {
                statement = owner.prepare(text);
                owner.statements_.emplace(std::string(text), Statement{});
                node = owner.statements_.extract(owner.statements_.find(text));
            }
        }
        ~Lease() {
            sqlite3_reset(statement.handle.get());
            node.mapped() = std::move(statement);
            owner.statements_.insert(std::move(node));
        }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Sqlite& owner;
        std::unordered_map<std::string, Statement, TextHash, std::equal_to<>>::node_type node;
        Statement statement;
        Cells row;
    };

    Statement prepare(std::string_view sql) {
        sqlite3_stmt* raw = nullptr;
        check(sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw,
                                 nullptr));
        Statement statement{std::unique_ptr<sqlite3_stmt, CloseStatement>(raw), {}};
        const int count = sqlite3_bind_parameter_count(raw);
        for (int n = 1; n <= count; ++n) {
            statement.slots.push_back(sqlite3_bind_parameter_index(raw, fmt::format("${}", n).c_str()));
        }
        return statement;
    }

    void bind(const Statement& statement, CellView cells) {
        if (cells.size() != statement.slots.size()) {
            throw Failure(Failure::Cause::refused, Fault{FaultKind::invalid, "store",
                                                         fmt::format("a statement takes {} values, {} were given",
                                                                     statement.slots.size(), cells.size()),
                                                         ""});
        }
        for (std::size_t i = 0; i < cells.size(); ++i) bind_one(statement.handle.get(), statement.slots[i], cells[i]);
    }

    void bind_one(sqlite3_stmt* statement, int slot, const Cell& c) {
        int rc = SQLITE_OK;
        if (c.null) {
            rc = sqlite3_bind_null(statement, slot);
        } else if (c.type == Type::text) {
            const char* text = c.bytes.data() == nullptr ? "" : c.bytes.data();
            rc = sqlite3_bind_text64(statement, slot, text, c.bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
        } else if (c.type == Type::blob) {
            const void* blob = c.bytes.data() == nullptr ? "" : c.bytes.data();
            rc = sqlite3_bind_blob64(statement, slot, blob, c.bytes.size(), SQLITE_STATIC);
        } else if (c.type == Type::real) {
            rc = sqlite3_bind_double(statement, slot, c.real);
        } else {
            rc = sqlite3_bind_int64(statement, slot, c.whole);
        }
        check(rc);
    }

    bool step(const Statement& statement) {
        if (given_up_) throw too_long_beside(path_);
        const int rc = sqlite3_step(statement.handle.get());
        if (rc == SQLITE_ROW) return true;
        if (rc == SQLITE_DONE) return false;
        const Failure failed = noted(failure_of(db_, path_));
        sqlite3_reset(statement.handle.get());
        throw failed;
    }

    std::int64_t step_all(const Statement& statement, const OnRow& on_row) {
        Reset reset{statement.handle.get()};
        const int before = sqlite3_total_changes(db_);
        Cells row;
        while (step(statement)) {
            if (on_row) on_row(read_row(statement, row));
        }
        return sqlite3_total_changes(db_) - before;
    }

    static CellView read_row(const Statement& statement, Cells& row) {
        const int columns = sqlite3_data_count(statement.handle.get());
        row.clear();
        for (int i = 0; i < columns; ++i) row.push_back(read_cell(statement.handle.get(), i));
        return row;
    }

    std::int64_t last_position(const Table& table, const Cell& partnership) {
        std::int64_t last = 0;
        const Cell cells[] = {partnership};
        run(fmt::format("select coalesce(max(position), 0) from {} where partnership = $1", table.name),
            CellView{cells}, [&](CellView row) { last = row[0].whole; });
        return last;
    }

    const std::string& insert_text(const Table& table) {
        auto& text = inserts_[table.name];
        if (text.empty()) {
            std::string names;
            std::string marks;
            int n = 0;
            const auto add = [&](const char* name) {
                names += fmt::format("{}{}", n == 0 ? "" : ", ", name);
                marks += fmt::format("{}${}", n == 0 ? "" : ", ", n + 1);
                ++n;
            };
            for (const Column& column : table.columns) add(column.name);
            if (table.numbered) add("position");
            text = fmt::format("insert into {} ({}) values ({})", table.name, names, marks);
        }
        return text;
    }

    void check(int rc) {
        if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) throw noted(failure_of(db_, path_));
    }

    // After a failed sync the kernel may have dropped the pages: nothing that is written later could be trusted.
    Failure noted(Failure failure) {
        if (failure.cause == Failure::Cause::poisoned) poisoned_ = true;
        return failure;
    }
    Failure poisoned() const {
        return {Failure::Cause::poisoned,
                Fault{FaultKind::unavailable, path_,
                      "an earlier write was not confirmed by the disk, so the store takes no more",
                      "look at the disk, then start again and run `waymark verify`"}};
    }

    sqlite3* db_;
    std::string path_;
    SqliteRole role_;
    std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
    std::unordered_map<std::string, std::string> inserts_;
    int wal_pages_ = 0;
    int moved_ = 0;
    int wait_ms_ = 0;
    bool poisoned_ = false;
    std::atomic<bool> given_up_{false};
};

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, SqliteRole role,
                                                                 const Options& options, bool create) {
    // Counting what SQLite allocates takes a lock for every allocation of every connection. Only before its first use
    // can it be told not to; later it refuses, which is no matter.
    static const int not_counting = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(not_counting);
    // One thread at a time uses a connection, which the writer thread and the reader pool see to.
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (role == SqliteRole::read_only) {
        flags |= SQLITE_OPEN_READONLY;
    } else {
        flags |= SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    }
    sqlite3* db = nullptr;
    const int rc = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
    if (rc != SQLITE_OK) {
        Fault why = failure_of(db, path).fault;
        sqlite3_close(db);
        return tl::unexpected(std::move(why));
    }
    auto connection = std::make_unique<Sqlite>(db, path, role);
    try {
        connection->set_up(options);
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
    return std::unique_ptr<SqliteConnection>(std::move(connection));
}

}  // namespace waymark::store
