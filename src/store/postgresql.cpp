// PostgreSQL: prepared statements with binary values, pipelines for many look-ups, COPY for many rows, and a COMMIT
// that is believed only when nothing spoke against it.
#include "store/postgresql.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sys/socket.h>

#include <atomic>
#include <unordered_map>

#include "base/text.hpp"
#include "store/postgresql_wire.hpp"

namespace waymark::store {

namespace {

constexpr std::size_t pipeline_length = 512;  // statements sent before their answers are read
constexpr std::size_t rows_per_fetch = 2'000;
constexpr std::size_t copy_chunk = std::size_t{256} * 1024;
constexpr std::size_t copy_from = 16;  // fewer rows are quicker as statements

struct ClearResult {
    void operator()(PGresult* r) const { PQclear(r); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

struct Finish {
    void operator()(PGconn* c) const { PQfinish(c); }
};
using Handle = std::unique_ptr<PGconn, Finish>;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

bool is_good(const PGresult* answer) {
    switch (PQresultStatus(answer)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_COPY_IN:
        case PGRES_PIPELINE_SYNC:
            return true;
        default:
            return false;
    }
}

std::string_view state_of(const PGresult* answer) {
    const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    return state == nullptr ? std::string_view{} : std::string_view{state};
}

// The server's own words may quote values of the record, so only its code is passed on.
Failure failure_of(std::string_view state, bool lost) {
    using Cause = Failure::Cause;
    if (lost || state.empty()) {
        return {Cause::broken,
                Fault{FaultKind::unavailable, "store", "the connection to the database was lost", "try again"}};
    }
    if (state == "40001" || state == "40P01" || state == "55P03") {
        return {Cause::contended,
                Fault{FaultKind::unavailable, "store", "others were writing the same things", "try again"}};
    }
    if (state.starts_with("23")) {
        return {Cause::refused,
                Fault{FaultKind::conflict, "", "the store already holds this, or a needed value is missing", ""}};
    }
    if (state.starts_with("22") || state == "54000") {
        return {Cause::refused, Fault{FaultKind::invalid, "",
                                      fmt::format("the store cannot hold a value of this (SQLSTATE {})", state), ""}};
    }
    if (state == "53100") {
        return {Cause::broken, Fault{FaultKind::unavailable, "store", "the database's disk is full", "make room"}};
    }
    if (state == "57014") {
        return {Cause::broken,
                Fault{FaultKind::unavailable, "store", "the database took too long", "try again, or ask for less"}};
    }
    if (state == "25006") {
        return {Cause::broken, Fault{FaultKind::unavailable, "store", "this database server may only be read",
                                     "connect to the primary"}};
    }
    return {Cause::broken,
            Fault{FaultKind::unavailable, "store", fmt::format("the database refused (SQLSTATE {})", state), ""}};
}

class Postgresql final : public Connection {
public:
    explicit Postgresql(Handle handle) : handle_(std::move(handle)), socket_(PQsocket(handle_.get())) {
        PQsetNoticeReceiver(handle_.get(), &Postgresql::notice, this);
    }

    using Connection::run;
    using Connection::stream;

    [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
    [[nodiscard]] bool is_broken() const override { return PQstatus(handle_.get()) != CONNECTION_OK; }
    [[nodiscard]] bool in_transaction() const override {
        const PGTransactionStatusType status = PQtransactionStatus(handle_.get());
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
    }
    void interrupt() noexcept override { ::shutdown(socket_, SHUT_RDWR); }

    void exec(const std::string& script) override { check(Answer(PQexec(handle_.get(), script.c_str()))); }

    std::int64_t run(std::string_view sql, CellView cells, const OnRow& on_row) override {
        parameters_.set(cells);
        const std::string& name = prepared(sql);
        const Answer answer =
            check(Answer(PQexecPrepared(handle_.get(), name.c_str(), parameters_.count(), parameters_.values(),
                                        parameters_.lengths(), parameters_.formats(), 1)));
        if (on_row) each_row(answer.get(), on_row);
        return changed_by(answer.get());
    }

    void stream(std::string_view sql, CellView cells, const Until& until) override {
        const std::string cursor = fmt::format("c{}", ++cursors_);
        const std::string declare = fmt::format("declare {} no scroll cursor for {}", cursor, sql);
        parameters_.set(cells);
        check(Answer(PQexecParams(handle_.get(), declare.c_str(), parameters_.count(), parameters_.types(),
                                  parameters_.values(), parameters_.lengths(), parameters_.formats(), 1)));
        const std::string fetch = fmt::format("fetch forward {} from {}", rows_per_fetch, cursor);
        bool go_on = true;
        while (go_on) {
            const Answer answer =
                check(Answer(PQexecParams(handle_.get(), fetch.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1)));
            const int rows = PQntuples(answer.get());
            Cells row;
            for (int i = 0; i < rows && go_on; ++i) {
                read_wire_row(answer.get(), i, row);
                go_on = until(row);
            }
            if (static_cast<std::size_t>(rows) < rows_per_fetch) break;
        }
        exec("close " + cursor);
    }

    std::int64_t run_many(std::string_view sql, std::size_t count, const Fill& fill, const OnEach& on_each) override {
        Cells cells;
        std::int64_t changed = 0;
        for (std::size_t from = 0; from < count; from += pipeline_length) {
            const std::size_t to = std::min(count, from + pipeline_length);
            changed += run_pipeline(sql, from, to, fill, on_each, cells);
        }
        return changed;
    }

    void insert_many(const Table& table, std::size_t count, const Fill& fill) override {
        if (count < copy_from) {
            // A NULL that comes from another store has no type of its own.
            run_many(insert_text(table), count,
                     [&](std::size_t i, Cells& cells) {
                         fill(i, cells);
                         for (std::size_t c = 0; c < cells.size(); ++c) cells[c].type = table.columns[c].type;
                     },
                     {});
            return;
        }
        check(Answer(
            PQexec(handle_.get(),
                   fmt::format("copy {} ({}) from stdin (format binary)", table.name, names_of(table)).c_str())));
        std::string buffer;
        buffer.reserve(copy_chunk + 4096);
        append_copy_header(buffer);
        Cells cells;
        bool sent = true;
        try {
            for (std::size_t i = 0; i < count && sent; ++i) {
                cells.clear();
                fill(i, cells);
                append_copy_row(buffer, table.columns, cells);
                if (buffer.size() >= copy_chunk) sent = send_copy(buffer);
            }
        } catch (...) {
            PQputCopyEnd(handle_.get(), "a value cannot be kept");
            drain();
            throw;
        }
        append_copy_trailer(buffer);
        if (sent && send_copy(buffer)) PQputCopyEnd(handle_.get(), nullptr);
        const Answer answer(PQgetResult(handle_.get()));
        drain();
        if (!is_good(answer.get())) throw failure_of(state_of(answer.get()), is_broken());
    }

    void begin(Isolation isolation) override {
        exec(isolation == Isolation::write ? "begin isolation level serializable"
                                           : "begin isolation level repeatable read read only");
    }

    // Under strict synchronous replication a cancelled wait is answered with success and a warning: that is no
    // confirmation. A lost connection tells nothing either. The COMMIT itself is never cancelled and has no time-out.
    void commit() override {
        using Cause = Failure::Cause;
        warned_ = false;
        const Answer answer(PQexec(handle_.get(), "commit"));
        if (is_broken()) {
            throw Failure(Cause::uncertain,
                          Fault{FaultKind::uncertain, "store", "the connection was lost before the answer to COMMIT",
                                "ask again with the same key"});
        }
        if (!is_good(answer.get())) throw failure_of(state_of(answer.get()), false);
        if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT") {
            throw Failure(Cause::broken,
                          Fault{FaultKind::unavailable, "store", "the database undid the transaction", "try again"});
        }
        if (warned_) {
            throw Failure(Cause::uncertain,
                          Fault{FaultKind::uncertain, "store", "no synchronous standby has confirmed that it was kept",
                                "ask again with the same key"});
        }
    }

    void rollback() noexcept override {
        if (in_transaction()) Answer(PQexec(handle_.get(), "rollback"));
    }
    void savepoint() override { exec("savepoint piece"); }
    void release() override { exec("release savepoint piece"); }
    void rollback_to_savepoint() override { exec("rollback to savepoint piece; release savepoint piece"); }

private:
    static void notice(void* self, const PGresult* answer) {
        const char* severity = PQresultErrorField(answer, PG_DIAG_SEVERITY_NONLOCALIZED);
        // The text may be in any language, the severity is not; at COMMIT there is no warning that may be overlooked.
        if (severity != nullptr && std::string_view(severity) == "WARNING")
            static_cast<Postgresql*>(self)->warned_ = true;
    }

    Answer check(Answer answer) {
        if (!is_good(answer.get())) throw failure_of(state_of(answer.get()), is_broken());
        return answer;
    }

    // The name under which the server knows the statement. Its types are those of the cells of the first call.
    const std::string& prepared(std::string_view sql) {
        if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
        std::string name = fmt::format("s{}", statements_.size() + 1);
        const std::string text(sql);
        check(Answer(PQprepare(handle_.get(), name.c_str(), text.c_str(), parameters_.count(), parameters_.types())));
        return statements_.emplace(text, std::move(name)).first->second;
    }

    static void each_row(const PGresult* answer, const OnRow& on_row) {
        Cells row;
        const int rows = PQntuples(answer);
        for (int i = 0; i < rows; ++i) {
            read_wire_row(answer, i, row);
            on_row(row);
        }
    }

    static std::int64_t changed_by(PGresult* answer) {
        const char* tuples = PQcmdTuples(answer);
        return *tuples == '\0' ? 0 : std::strtoll(tuples, nullptr, 10);
    }

    // Whatever goes wrong on the way, every answer is read, so that the connection is fit for what comes next.
    std::int64_t run_pipeline(std::string_view sql, std::size_t from, std::size_t to, const Fill& fill,
                              const OnEach& on_each, Cells& cells) {
        cells.clear();
        fill(from, cells);
        parameters_.set(cells);
        const std::string& name = prepared(sql);
        if (PQenterPipelineMode(handle_.get()) != 1) throw failure_of({}, true);
        std::exception_ptr thrown;
        std::size_t sent = from;
        try {
            for (; sent < to; ++sent) {
                if (sent > from) {
                    cells.clear();
                    fill(sent, cells);
                    parameters_.set(cells);
                }
                if (PQsendQueryPrepared(handle_.get(), name.c_str(), parameters_.count(), parameters_.values(),
                                        parameters_.lengths(), parameters_.formats(), 1) != 1) {
                    break;
                }
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        std::optional<Failure> failed;
        if (PQpipelineSync(handle_.get()) != 1 || (sent < to && !thrown)) failed = failure_of({}, true);
        std::int64_t changed = 0;
        for (std::size_t i = from; i < sent && !is_broken(); ++i) {
            const Answer answer(PQgetResult(handle_.get()));
            if (answer) Answer(PQgetResult(handle_.get()));  // the null that ends it
            if (failed || thrown) continue;
            if (!is_good(answer.get())) {
                failed = failure_of(state_of(answer.get()), is_broken());
                continue;
            }
            changed += changed_by(answer.get());
            if (!on_each) continue;
            try {
                each_row(answer.get(), [&](CellView row) { on_each(i, row); });
            } catch (...) {
                thrown = std::current_exception();
            }
        }
        const Answer sync(PQgetResult(handle_.get()));
        PQexitPipelineMode(handle_.get());
        if (is_broken()) throw failure_of({}, true);
        if (thrown) std::rethrow_exception(thrown);
        if (failed) throw *failed;
        return changed;
    }

    bool send_copy(std::string& buffer) {
        const bool sent = PQputCopyData(handle_.get(), buffer.data(), static_cast<int>(buffer.size())) == 1;
        buffer.clear();
        return sent;
    }

    void drain() {
        while (Answer rest{PQgetResult(handle_.get())}) {
            if (is_broken()) return;
        }
    }

    static std::string names_of(const Table& table) {
        std::string names;
        for (const Column& column : table.columns) names += fmt::format("{}{}", names.empty() ? "" : ", ", column.name);
        return names;
    }

    const std::string& insert_text(const Table& table) {
        auto& text = inserts_[table.name];
        if (text.empty()) {
            std::string marks;
            for (std::size_t i = 1; i <= table.columns.size(); ++i)
                marks += fmt::format("{}${}", i == 1 ? "" : ", ", i);
            text = fmt::format("insert into {} ({}) values ({})", table.name, names_of(table), marks);
        }
        return text;
    }

    Handle handle_;
    const int socket_;
    WireParameters parameters_;
    std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> statements_;
    std::unordered_map<std::string, std::string> inserts_;
    int cursors_ = 0;
    bool warned_ = false;
};

Result<void> set_up(Connection& connection, PostgresqlRole role, const Options& options) {
    try {
        // A COMMIT must never be cut short, and a time-out cannot tell one statement from another: the writer has only
        // a limit on waiting for locks.
        const auto wait = options.wait.count();
        connection.exec(
            role == PostgresqlRole::writer
                ? fmt::format("set statement_timeout = 0; set lock_timeout = {}", wait)
                : fmt::format("set statement_timeout = {}; set default_transaction_read_only = on", wait * 3));
        std::string durability;
        connection.run("select current_setting('synchronous_commit')", {},
                       [&](CellView row) { durability = row[0].bytes; });
        // An answer before the log is on disk is no answer. Stricter settings are left as they are.
        if (durability == "off") connection.exec("set synchronous_commit = on");
        return {};
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
}

}  // namespace

Result<std::unique_ptr<Connection>> PostgresqlConnection::open(const Address& address, PostgresqlRole role,
                                                               const Options& options) {
    const std::string network_wait = fmt::format("{}", options.wait.count());
    // What the URL says comes last and wins.
    const char* const keywords[] = {"connect_timeout",  "tcp_user_timeout",
                                    "keepalives_idle",  "keepalives_interval",
                                    "keepalives_count", "application_name",
                                    "client_encoding",  "target_session_attrs",
                                    "dbname",           nullptr};
    const char* const values[] = {"5",          network_wait.c_str(),        "10",   "5", "3", "waymark", "UTF8",
                                  "read-write", address.path_or_url.c_str(), nullptr};
    Handle handle(PQconnectdbParams(keywords, values, 1));
    if (PQstatus(handle.get()) != CONNECTION_OK) {
        // libpq's message names host, database and user, never the password.
        std::string why(trim(handle ? PQerrorMessage(handle.get()) : "out of memory"));
        for (char& c : why) {
            if (c == '\n') c = ' ';
        }
        return fault(FaultKind::unavailable, address.shown(), fmt::format("no connection: {}", why),
                     "see that the server runs and lets this user in");
    }
    auto connection = std::make_unique<Postgresql>(std::move(handle));
    TRY_VOID(set_up(*connection, role, options));
    return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace waymark::store
