// The embedded store: a lock file, one writer thread with one connection that writes and checkpoints, readers beside
// it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "store/backup.hpp"
#include "store/engines.hpp"
#include "store/lock_file.hpp"
#include "store/page_copy.hpp"
#include "store/readers.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/writer.hpp"

namespace waymark::store {

namespace {

constexpr int fixed_in = 3'051'003;  // the SQLite without the WAL-reset fault
// Pages in the log from which on they are moved to the file. Whoever writes meanwhile waits for it.
constexpr int checkpoint_when_idle = 2'000;      // some 300 looks, so that not one in a hundred waits
constexpr int checkpoint_when_busy = 16'000;     // a longer log moves a page once that many commits changed
constexpr int checkpoint_beside_people = 1'000;  // an import goes on while people look: often, so that each is short
constexpr std::chrono::milliseconds quiet_before_checkpoint{200};
constexpr int restart_above = 64'000;
constexpr std::chrono::seconds between_restarts{5};
// The log cannot begin anew while somebody reads what stood before it. Beyond a gibibyte (of pages of 8 KiB) whoever
// has read for half a minute is told to ask again, so that a forgotten reader does not fill the disk.
constexpr int most_in_log = 131'072;
constexpr std::chrono::seconds reads_in_peace{30};

// A back-up in progress: the writer thread steps it, the caller waits for it.
struct BackupJob {
    std::string part;
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> total{0};
    std::unique_ptr<PageCopy> copy;  // the writer thread's
    std::mutex mutex;
    std::condition_variable changed;
    bool over = false;
    Result<void> result;

    void end(Result<void> with) {
        copy.reset();
        const std::lock_guard lock(mutex);
        result = std::move(with);
        over = true;
        changed.notify_all();
    }
};

std::string wal_reset_note() {
    if (sqlite3_libversion_number() >= fixed_in) return {};
    return fmt::format(
        "SQLite {} has the WAL-reset fault (before 3.51.3 a commit can be lost when one connection checkpoints while "
        "another "
        "writes). It cannot happen here: one connection alone writes and checkpoints, readers never checkpoint, and "
        "the lock "
        "file keeps every other process from opening the store for writing.",
        sqlite3_libversion());
}

class SqliteStore final : public Store, public HasNameCovers, private WriterEngine {
public:
    SqliteStore(LockFile lock, std::string path, std::unique_ptr<SqliteConnection> writer, const Options& options)
        : lock_(std::move(lock)),
          path_(std::move(path)),
          connection_(std::move(writer)),
          readers_([this, options] { return connect_reader(SqliteRole::reader, options); }, options, covers_),
          writer_(std::make_unique<Writer>(static_cast<WriterEngine&>(*this), options, covers_)) {}

    // For reading only: there is no writer.
    SqliteStore(LockFile lock, std::string path, const Options& options)
        : lock_(std::move(lock)),
          path_(std::move(path)),
          readers_([this, options] { return connect_reader(SqliteRole::read_only, options); }, options, covers_) {}

    ~SqliteStore() override {
        writer_.reset();
        readers_.close();
        // Last of all the writer, alone by now: on its close SQLite checkpoints and takes the WAL away.
        connection_.reset();
    }

    Result<void> read(const Reading& work) override { return readers_.read(work); }

    Result<void> write(const Writing& work, Pace pace) override {
        if (!writer_)
            return fault(FaultKind::invalid, path_, "the store was opened for reading only", "open it for writing");
        return writer_->write(work, pace);
    }

    [[nodiscard]] Engine engine() const override { return Engine::sqlite; }

    [[nodiscard]] std::vector<std::string> mode() const override {
        std::vector<std::string> lines = {
            fmt::format("SQLite {}, {}", sqlite3_libversion(), path_),
            writer_ ? "write-ahead log, synchronous=FULL: a commit is answered after the log has been synced to disk"
                    : "opened for reading only",
            "one connection writes and checkpoints; the lock file is " + path_ + "-lock"};
        if (std::string note = wal_reset_note(); !note.empty()) lines.push_back(std::move(note));
        return lines;
    }

    Result<void> backup(const std::string& file, const Progressing& progress) override {
        if (!writer_) return fault(FaultKind::invalid, path_, "the store was opened for reading only", "copy the file");
        const std::string part = file + ".part";
        const std::lock_guard one_at_a_time(backup_mutex_);
        TRY_VOID(clear_part(part, file));
        auto job = std::make_shared<BackupJob>();
        job->part = part;
        {
            const std::lock_guard lock(job_mutex_);
            job_ = job;
        }
        writer_->wake();
        std::unique_lock lock(job->mutex);
        while (!job->changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return job->over; })) {
            if (progress) progress(job->done, job->total);
        }
        Result<void> copied = job->result;
        lock.unlock();
        std::error_code ignored;
        if (!copied) {
            std::filesystem::remove(part, ignored);
            return copied;
        }
        TRY_VOID(PageCopy::settle(part));
        TRY_VOID(put_in_place(part, file));
        if (progress) progress(job->total, job->total);
        return {};
    }

private:
    Connection& connection() override { return *connection_; }

    std::optional<std::chrono::milliseconds> between(const Moment& moment) override {
        if (connection_->wal_backlog() > backlog_for(moment)) checkpoint();
        if (step_backup(!moment.people_wait && !moment.bulk_waits)) return std::chrono::milliseconds(0);
        if (connection_->wal_backlog() > checkpoint_when_idle) return quiet_before_checkpoint;
        return std::nullopt;
    }

    // Between two pieces of an import nothing is queued for a moment: that is not idle.
    static int backlog_for(const Moment& moment) {
        if (moment.people_wait) return checkpoint_when_busy;
        if (moment.bulk_lately) return moment.people_lately ? checkpoint_beside_people : checkpoint_when_busy;
        return moment.bulk_waits ? checkpoint_when_busy : checkpoint_when_idle;
    }

    void checkpoint() {
        const auto now = std::chrono::steady_clock::now();
        const bool restart = connection_->wal_pages() > restart_above && now - last_restart_ > between_restarts;
        if (restart) last_restart_ = now;
        if (restart && connection_->wal_pages() > most_in_log) readers_.give_up_older_than(reads_in_peace);
        try {
            connection_->checkpoint(restart);
        } catch (const Failure&) {
            // What is committed stays in the WAL. A failed sync has poisoned the connection: the next write says so.
        }
    }

    bool step_backup(bool idle) {
        std::shared_ptr<BackupJob> job;
        {
            const std::lock_guard lock(job_mutex_);
            job = job_;
        }
        if (!job) return false;
        const auto over = [&](Result<void> with) {
            {
                const std::lock_guard lock(job_mutex_);
                job_.reset();
            }
            job->end(std::move(with));
            return false;
        };
        if (!job->copy) {
            auto begun = PageCopy::begin(connection_->handle(), job->part);
            if (!begun) return over(tl::unexpected(begun.error()));
            job->copy = std::move(*begun);
        }
        const auto more = job->copy->step(idle ? 1024 : 256);
        if (!more) return over(tl::unexpected(more.error()));
        if (*more) return over({});
        job->total = job->copy->total();
        job->done = job->copy->done();
        return true;
    }

    Result<std::unique_ptr<Connection>> connect_reader(SqliteRole role, const Options& options) {
        return SqliteConnection::open(path_, role, options, false).map([](auto connection) {
            return std::unique_ptr<Connection>(std::move(connection));
        });
    }

    LockFile lock_;
    std::string path_;
    std::unique_ptr<SqliteConnection> connection_;
    std::chrono::steady_clock::time_point last_restart_{};
    std::mutex backup_mutex_;
    std::mutex job_mutex_;
    std::shared_ptr<BackupJob> job_;
    Readers readers_;
    std::unique_ptr<Writer> writer_;
};

// The one name that every process has for the file, so that all find the same lock.
Result<std::string> settled_path(const std::string& file) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(file, error);
    constexpr std::size_t longest = 500;  // SQLite's own limit is 512, with what it appends
    if (absolute.native().size() > longest) {
        return invalid(
            file, fmt::format("the path has {} characters, at most {} are possible", absolute.native().size(), longest),
            "keep the store in a folder with a shorter name");
    }
    const auto path = std::filesystem::weakly_canonical(absolute, error);
    if (error) return fault(FaultKind::unavailable, file, error.message(), "see that the folder exists");
    if (std::filesystem::is_directory(path, error)) return invalid(file, "this is a folder", "name a file in it");
    return path.string();
}

// Readable by nobody else; the WAL takes the mode of the file.
void make_private_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
    const auto folder = std::filesystem::path(path).parent_path().string();
    const int dir = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) return;
    ::fsync(dir);
    ::close(dir);
}

Result<void> prepare(Connection& connection, Opening opening, const std::string& path) {
    try {
        const int version = stored_version(connection);
        TRY_VOID(check_version(version, opening, path));
        if (version < schema_version() && opening != Opening::read_only) {
            connection.begin(Isolation::write);
            migrate(connection);
            connection.commit();
        }
        return {};
    } catch (const Failure& failure) {
        connection.rollback();
        return tl::unexpected(failure.fault);
    }
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& file, Opening opening, const Options& options) {
    const std::string path = TRY(settled_path(file));
    std::error_code error;
    if (opening != Opening::create && !std::filesystem::exists(path, error)) {
        return fault(FaultKind::missing, file, "there is no store here", "make one with `waymark init`");
    }
    LockFile lock =
        TRY(LockFile::take(path, opening == Opening::read_only ? LockFile::Hold::shared : LockFile::Hold::alone));
    if (opening == Opening::read_only) {
        auto probe = TRY(SqliteConnection::open(path, SqliteRole::read_only, options, false));
        TRY_VOID(prepare(*probe, opening, path));
        return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(lock), path, options));
    }
    if (opening == Opening::create) make_private_file(path);
    auto writer = TRY(SqliteConnection::open(path, SqliteRole::writer, options, false));
    TRY_VOID(prepare(*writer, opening, path));
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(lock), path, std::move(writer), options));
}

Result<void> restore_sqlite(const std::string& backup_file, const std::string& into, const Progressing& progress) {
    const std::string path = TRY(settled_path(into));
    const LockFile lock = TRY(LockFile::take(path, LockFile::Hold::alone));
    std::error_code error;
    const Options options;
    if (std::filesystem::exists(path, error) && std::filesystem::file_size(path, error) > 0) {
        auto target = TRY(SqliteConnection::open(path, SqliteRole::writer, options, false));
        TRY_VOID(refuse_record(*target, into));
    }
    auto source = TRY(SqliteConnection::open(backup_file, SqliteRole::read_only, options, false));
    TRY_VOID(check_backup(*source, backup_file));
    const std::string part = path + ".part";
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(part + suffix, error);
    auto copy = TRY(PageCopy::begin(source->handle(), part));
    while (!TRY(copy->step(4096))) {
        if (progress) progress(copy->done(), copy->total());
    }
    copy.reset();
    TRY_VOID(PageCopy::settle(part));
    std::filesystem::permissions(part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path + suffix, error);
    return put_in_place(part, path);
}

}  // namespace waymark::store
