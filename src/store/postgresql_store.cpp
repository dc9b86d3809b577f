// The shared store: a writer thread with its connection, readers beside it; servers are stateless, so several may run.
#include <fmt/format.h>

#include <filesystem>

#include "store/backup.hpp"
#include "store/engines.hpp"
#include "store/page_copy.hpp"
#include "store/postgresql.hpp"
#include "store/readers.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/writer.hpp"

namespace waymark::store {

namespace {

// Any number will do, as long as every Waymark takes the same: one process at a time makes or changes the schema.
constexpr std::int64_t schema_lock = 0x5741594d;
constexpr int oldest_server = 15'00'00;

std::vector<std::string> describe_server(Connection& connection, const Address& address) {
    std::vector<std::string> lines;
    connection.run(
        "select current_setting('server_version'), current_setting('synchronous_commit'), current_setting('fsync'), "
        "current_setting('full_page_writes'), current_setting('synchronous_standby_names')",
        {}, [&](CellView row) {
            lines.push_back(fmt::format("PostgreSQL {}, {}", row[0].bytes, address.shown()));
            lines.push_back(
                fmt::format("SERIALIZABLE with bounded retry; synchronous_commit={}, synchronous standbys: {}",
                            row[1].bytes, row[4].bytes.empty() ? "none" : row[4].bytes));
            lines.push_back(
                "a COMMIT is never cancelled; one that ends with a warning or a lost connection is answered as "
                "uncertain");
            if (row[2].bytes != "on" || row[3].bytes != "on") {
                lines.push_back(
                    fmt::format("WARNING: fsync={}, full_page_writes={} on the server: what is answered may be lost",
                                row[2].bytes, row[3].bytes));
            }
        });
    return lines;
}

class PostgresqlStore final : public Store, public HasNameCovers, private WriterEngine {
public:
    PostgresqlStore(Address address, std::unique_ptr<Connection> writer, std::vector<std::string> mode,
                    const Options& options, bool read_only)
        : address_(std::move(address)),
          options_(options),
          mode_(std::move(mode)),
          connection_(std::move(writer)),
          readers_([this] { return connect(PostgresqlRole::reader); }, options, covers_),
          writer_(read_only ? nullptr : std::make_unique<Writer>(static_cast<WriterEngine&>(*this), options, covers_)) {
    }

    ~PostgresqlStore() override { writer_.reset(); }

    Result<void> read(const Reading& work) override { return readers_.read(work); }

    Result<void> write(const Writing& work, Pace pace) override {
        if (!writer_)
            return fault(FaultKind::invalid, address_.shown(), "the store was opened for reading only",
                         "open it for writing");
        return writer_->write(work, pace);
    }

    [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
    [[nodiscard]] std::vector<std::string> mode() const override { return mode_; }

    Result<void> backup(const std::string& file, const Progressing& progress) override {
        const std::string part = file + ".part";
        const std::lock_guard one_at_a_time(backup_mutex_);
        TRY_VOID(clear_part(part, file));
        Result<void> made = export_to(part, progress);
        if (!made) {
            std::error_code ignored;
            for (const char* suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(part + suffix, ignored);
            return made;
        }
        return put_in_place(part, file);
    }

private:
    Result<std::unique_ptr<Connection>> connect(PostgresqlRole role) const {
        return PostgresqlConnection::open(address_, role, options_);
    }

    Connection& connection() override {
        if (!connection_ || connection_->is_broken()) {
            auto made = connect(PostgresqlRole::writer);
            if (!made) throw Failure(Failure::Cause::broken, made.error());
            const std::lock_guard lock(connection_mutex_);
            connection_ = std::move(*made);
        }
        return *connection_;
    }

    void interrupt() noexcept override {
        const std::lock_guard lock(connection_mutex_);
        if (connection_) connection_->interrupt();
    }

    Result<void> export_to(const std::string& part, const Progressing& progress) const {
        auto from = TRY(connect(PostgresqlRole::reader));
        auto into = TRY(SqliteConnection::open(part, SqliteRole::writer, options_, true));
        try {
            // The file counts only once it is whole, synced and renamed.
            into->exec("pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off");
            into->begin(Isolation::write);
            migrate(*into);
            from->begin(Isolation::read);
            copy_tables(*from, *into, progress);
            into->commit();
        } catch (const Failure& failure) {
            return tl::unexpected(failure.fault);
        }
        into.reset();
        return PageCopy::settle(part);
    }

    const Address address_;
    const Options options_;
    const std::vector<std::string> mode_;
    std::mutex connection_mutex_;  // interrupt() comes from another thread than the writer's
    std::unique_ptr<Connection> connection_;
    std::mutex backup_mutex_;
    Readers readers_;
    std::unique_ptr<Writer> writer_;
};

Result<void> check_server(Connection& connection, const Address& address) {
    std::int64_t version = 0;
    connection.run("select current_setting('server_version_num')::int8", {},
                   [&](CellView row) { version = row[0].whole; });
    if (version >= oldest_server) return {};
    return fault(FaultKind::invalid, address.shown(), "the server is older than PostgreSQL 15",
                 "use PostgreSQL 15 or later");
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgresql(const Address& address, Opening opening, const Options& options) {
    auto connection = TRY(PostgresqlConnection::open(address, PostgresqlRole::writer, options));
    std::vector<std::string> mode;
    try {
        TRY_VOID(check_server(*connection, address));
        connection->exec("begin");
        if (opening != Opening::read_only) connection->run("select pg_advisory_xact_lock($1)", {cell(schema_lock)});
        const int version = stored_version(*connection);
        TRY_VOID(check_version(version, opening, address.shown()));
        if (version < schema_version() && opening != Opening::read_only) migrate(*connection);
        connection->commit();
        mode = describe_server(*connection, address);
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
    return std::unique_ptr<Store>(std::make_unique<PostgresqlStore>(address, std::move(connection), std::move(mode),
                                                                    options, opening == Opening::read_only));
}

Result<void> restore_postgresql(const std::string& backup_file, const Address& into, const Progressing& progress) {
    const Options options;
    auto source = TRY(SqliteConnection::open(backup_file, SqliteRole::read_only, options, false));
    TRY_VOID(check_backup(*source, backup_file));
    auto target = TRY(PostgresqlConnection::open(into, PostgresqlRole::writer, options));
    try {
        TRY_VOID(check_server(*target, into));
        if (stored_version(*source) != schema_version()) {
            return fault(
                FaultKind::conflict, backup_file, "the back-up has an older schema",
                "restore it into a SQLite file and open that once, back that up, then restore the new back-up");
        }
        target->exec("begin");
        target->run("select pg_advisory_xact_lock($1)", {cell(schema_lock)});
        TRY_VOID(check_version(stored_version(*target), Opening::create, into.shown()));
        TRY_VOID(refuse_record(*target, into.shown()));
        migrate(*target);
        empty_tables(*target);
        source->begin(Isolation::read);
        copy_tables(*source, *target, progress);
        target->commit();
        return {};
    } catch (const Failure& failure) {
        return tl::unexpected(failure.fault);
    }
}

}  // namespace waymark::store
