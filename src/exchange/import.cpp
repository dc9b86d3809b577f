// One thread reads, checks and prepares; the caller's thread commits. Between them a queue of a few batches, so that
// memory does not grow with the file.
#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/piece_size.hpp"
#include "exchange/input.hpp"
#include "exchange/reader.hpp"

namespace waymark::exchange {

namespace {

// What was read, in the order of the file: rows, and between them what was refused while reading.
struct Batch {
    struct Place {
        std::uint64_t line = 0;
        std::string element;
    };
    struct Told {
        std::size_t before = 0;  // the row that it stood before
        Refusal refusal;
    };
    std::string file;
    std::vector<Place> places;          // by draft
    std::vector<record::Draft> drafts;  // until they are prepared
    casework::Prepared prepared;
    std::vector<Told> told;
    std::uint64_t rows_refused = 0;
    std::uint64_t bytes_done = 0;

    [[nodiscard]] bool empty() const { return places.empty() && told.empty() && rows_refused == 0; }
};

// The place of the fault that says: nothing of this may stay.
constexpr std::string_view strict_place = "--strict";
constexpr std::uint64_t most_late = 1'000;

class Queue {
public:
    // False when nobody takes any more.
    bool put(Batch batch) {
        std::unique_lock lock(mutex_);
        room_.wait(lock, [&] { return closed_ || batches_.size() < most; });
        if (closed_) return false;
        batches_.push_back(std::move(batch));
        filled_.notify_one();
        return true;
    }
    // Nothing at the end.
    std::optional<Batch> take() {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [&] { return ended_ || !batches_.empty(); });
        if (batches_.empty()) return std::nullopt;
        auto batch = std::move(batches_.front());
        batches_.pop_front();
        room_.notify_one();
        return batch;
    }
    void end() {  // nothing more will be put
        const std::lock_guard lock(mutex_);
        ended_ = true;
        filled_.notify_all();
    }
    void close() {  // nothing more will be taken
        const std::lock_guard lock(mutex_);
        closed_ = true;
        batches_.clear();
        room_.notify_all();
    }
    [[nodiscard]] bool closed() const {
        const std::lock_guard lock(mutex_);
        return closed_;
    }

private:
    static constexpr std::size_t most = 1;  // the reader is the faster of the two
    mutable std::mutex mutex_;
    std::condition_variable room_;
    std::condition_variable filled_;
    std::deque<Batch> batches_;
    bool ended_ = false;
    bool closed_ = false;
};

// Gathers what a reader makes into batches.
class Gathering : public Sink {
public:
    using Give = std::function<bool(Batch)>;  // false: enough
    Gathering(const casework::Office& office, const casework::PieceSize& size, Give give)
        : office_(office), size_(size), give_(std::move(give)) {}

    void begin(std::string file) { batch_.file = std::move(file); }
    void set_input(const InputFile* input, std::uint64_t before) {
        input_ = input;
        before_ = before;
    }

    void take(Row row) override {
        // The engine links two views when the second arrives; an exported decision on them follows it and must not be
        // torn from it, or the engine would write its own first.
        const auto most = size_.now();
        if (batch_.drafts.size() >= most && (row.draft.kind != "identity.decided" || batch_.drafts.size() >= 4 * most))
            flush();
        batch_.places.push_back({row.line, std::move(row.place)});
        batch_.drafts.push_back(std::move(row.draft));
    }
    void refuse_row(std::vector<Refusal> refusals) override {
        ++batch_.rows_refused;
        for (auto& refusal : refusals) tell(std::move(refusal));
    }
    void refuse_field(Refusal refusal) override { tell(std::move(refusal)); }
    [[nodiscard]] bool stopped() const override { return stopped_; }

    void flush() {
        if (batch_.empty()) return;
        Batch full = std::exchange(batch_, {});
        batch_.file = full.file;
        full.bytes_done = before_ + (input_ != nullptr ? input_->done() : 0);
        full.prepared = casework::prepare(office_, std::move(full.drafts));
        full.drafts.clear();
        if (!stopped_ && !give_(std::move(full))) stopped_ = true;
    }

private:
    void tell(Refusal refusal) {
        batch_.told.push_back({batch_.places.size(), std::move(refusal)});
        if (batch_.told.size() >= 4 * size_.now()) flush();
    }

    const casework::Office& office_;
    const casework::PieceSize& size_;
    Give give_;
    Batch batch_;
    const InputFile* input_ = nullptr;
    std::uint64_t before_ = 0;
    bool stopped_ = false;
};

class Import {
public:
    Import(const casework::Office& office, const record::Asker& asker, Format format,
           const std::vector<std::string>& files, const ImportOptions& options)
        : office_(office),
          asker_(asker),
          format_(format),
          files_(files),
          options_(options),
          size_(options.batch, options.hold) {}

    Result<Tally> run() {
        TRY_VOID(prepare());
        if (options_.strict) return run_strict();
        const auto taken = pipeline([&](Batch& batch) { return commit(batch); });
        account_for_last();
        if (!taken) return tl::unexpected(taken.error());
        return tally_;
    }

private:
    using Consume = std::function<Result<void>(Batch&)>;

    Result<void> prepare() {
        if (files_.empty()) return invalid("file", "no file is named", "name at least one");
        if (format_ != Format::entries && office_.profile.agency(options_.agency) == nullptr) {
            return invalid(
                "--agency",
                options_.agency.empty() ? "it is not said whose file this is" : "the profile has no such agency",
                "give the key of an agency of the profile");
        }
        codes_ = TRY(load_codes(office_.content_dir));
        permit_ = TRY(office_.gate->ask(asker_, record::Action::append));
        now_ = office_.clock.now();
        for (const auto& file : files_) bytes_total_ += TRY(InputFile::open(file))->size();
        return {};
    }

    // Reads every file, in order, into the gathering.
    Result<void> read_all(Gathering& gathering) {
        std::uint64_t before = 0;
        for (const auto& file : files_) {
            auto input = TRY(InputFile::open(file));
            gathering.begin(file);
            gathering.set_input(input.get(), before);
            const Reading reading{file, options_.agency, options_.source, office_.catalogue, codes_, zone_,
                                  now_, options_.columns};
            auto read = read_format(format_, *input, reading, gathering);
            gathering.flush();
            if (!read) return read;
            if (input->error() != 0) {
                return fault(FaultKind::unavailable, file,
                             fmt::format("could not be read: {}", std::strerror(input->error())),
                             "import it again: what was taken is not taken twice");
            }
            if (gathering.stopped()) return {};
            before += input->done();
            gathering.set_input(nullptr, before);
        }
        return {};
    }

    Result<void> pipeline(const Consume& consume) {
        Queue queue;
        Result<void> read;
        std::exception_ptr failure;
        std::exception_ptr later;
        std::thread reader([&] {
            try {
                Gathering gathering(office_, size_, [&](Batch batch) { return queue.put(std::move(batch)); });
                read = read_all(gathering);
            } catch (...) {
                failure = std::current_exception();
            }
            queue.end();
        });
        Result<void> consumed;
        try {
            while (auto batch = queue.take()) {
                consumed = consume(*batch);
                if (!consumed) break;
            }
        } catch (...) {
            later = std::current_exception();
        }
        queue.close();
        reader.join();
        if (later) std::rethrow_exception(later);
        if (failure) std::rethrow_exception(failure);
        TRY_VOID(std::move(consumed));
        return read;
    }

    Result<std::vector<casework::Outcome>> take(store::Transaction& tx, Batch& batch) {
        if (batch.places.empty()) return std::vector<casework::Outcome>();
        return casework::take(office_, tx, *permit_, batch.prepared, {});
    }

    struct Committed {
        Batch batch;
        std::vector<casework::Outcome> outcomes;
        Result<void> written;
    };

    Committed write(Batch batch) {
        Committed done{std::move(batch), {}, {}};
        if (done.batch.places.empty()) return done;
        auto began = std::chrono::steady_clock::now();
        done.written = office_.store.write(
            [&](store::Transaction& tx) -> Result<void> {
                began = std::chrono::steady_clock::now();
                done.outcomes = TRY(take(tx, done.batch));
                return {};
            },
            store::Pace::bulk);
        size_.took(done.batch.places.size(), std::chrono::steady_clock::now() - began);
        return done;
    }

    // While one batch is written, the one before it is counted and told of.
    Result<void> commit(Batch& batch) {
        auto next = std::async(std::launch::async,
                               [this, batch = std::move(batch)]() mutable { return write(std::move(batch)); });
        auto before = std::exchange(committed_, std::nullopt);
        if (before) account(before->batch, before->outcomes);
        before.reset();
        committed_ = next.get();
        return committed_->written;
    }
    void account_for_last() {
        if (committed_ && committed_->written) account(committed_->batch, committed_->outcomes);
        committed_.reset();
    }

    void account(const Batch& batch, const std::vector<casework::Outcome>& outcomes) {
        tally_.refused += batch.rows_refused;
        tally_.rows += batch.rows_refused + batch.places.size();
        std::size_t told = 0;
        const auto tell_up_to = [&](std::size_t row) {
            for (; told < batch.told.size() && batch.told[told].before <= row; ++told) tell(batch.told[told].refusal);
        };
        for (std::size_t i = 0; i < batch.places.size(); ++i) {
            tell_up_to(i);
            count(batch, i, outcomes[i]);
        }
        tell_up_to(batch.places.size());
        if (options_.on_progress) options_.on_progress(batch.bytes_done, bytes_total_);
    }

    void count(const Batch& batch, std::size_t i, const casework::Outcome& outcome) {
        tally_.linked += static_cast<std::uint64_t>(outcome.linked);
        tally_.to_review += static_cast<std::uint64_t>(outcome.to_review);
        if (outcome.taken == casework::Taken::taken) {
            ++tally_.taken;
        } else if (outcome.taken == casework::Taken::repeated) {
            ++tally_.repeated;
        } else {
            ++tally_.refused;
            const auto& place = batch.places[i];
            for (const auto& fault : outcome.faults) {
                tell({batch.file, place.line,
                      place.element.empty() ? fault.place : fmt::format("{} ({})", place.element, fault.place),
                      fault.reason, fault.mend, true, false});
            }
        }
    }

    void tell(const Refusal& refusal) {
        if (!refusal.whole_row && !refusal.kept) ++tally_.fields_refused;
        if (quiet_) {
            late_.push_back(refusal);
        } else if (options_.on_refusal) {
            options_.on_refusal(refusal);
        }
    }

    // All or nothing. The first reading finds what the readers refuse, the second takes, in one transaction that is
    // given up when the record refuses something.
    Result<Tally> run_strict() {
        TRY_VOID(pipeline([&](Batch& batch) -> Result<void> {
            for (std::size_t i = 0; i < batch.prepared.refused.size(); ++i) {
                auto& faults = batch.prepared.refused[i];
                if (faults.empty()) continue;
                ++batch.rows_refused;
                for (const auto& fault : faults) {
                    batch.told.push_back(
                        {i, {batch.file, batch.places[i].line, fault.place, fault.reason, fault.mend, true, false}});
                }
            }
            tally_.rows += batch.rows_refused + batch.places.size();
            tally_.refused += batch.rows_refused;
            for (const auto& told : batch.told) tell(told.refusal);
            return {};
        }));
        if (tally_.refused > 0 || tally_.fields_refused > 0) return nothing_kept();

        const auto written =
            office_.store.write([&](store::Transaction& tx) { return take_all(tx); }, store::Pace::bulk);
        if (!written && written.error().place != strict_place) return tl::unexpected(written.error());
        for (const auto& refusal : late_) {
            if (options_.on_refusal) options_.on_refusal(refusal);
        }
        if (!written) return nothing_kept();
        return tally_;
    }

    // May run more than once: starts from nothing, and what is refused is told only when it is over.
    Result<void> take_all(store::Transaction& tx) {
        tally_ = {};
        late_.clear();
        quiet_ = true;
        Result<void> taken;
        Gathering gathering(office_, size_, [&](Batch batch) {
            auto outcomes = take(tx, batch);
            if (!outcomes) {
                taken = tl::unexpected(outcomes.error());
                return false;
            }
            batch.told.clear();  // told by the first reading
            account(batch, *outcomes);
            return tally_.refused < most_late;
        });
        TRY_VOID(read_all(gathering));
        TRY_VOID(std::move(taken));
        if (tally_.refused > 0) return invalid(std::string(strict_place), "something was refused", "");
        return {};
    }

    Tally nothing_kept() {
        tally_.taken = 0;
        tally_.repeated = 0;
        tally_.linked = 0;
        tally_.to_review = 0;
        return tally_;
    }

    const casework::Office& office_;
    const record::Asker& asker_;
    Format format_;
    const std::vector<std::string>& files_;
    const ImportOptions& options_;
    casework::PieceSize size_;
    Codes codes_;
    Zone zone_;
    Instant now_;
    std::optional<record::Permit> permit_;
    std::uint64_t bytes_total_ = 0;
    Tally tally_;
    std::optional<Committed> committed_;  // and not yet counted
    bool quiet_ = false;
    std::vector<Refusal> late_;
};

}  // namespace

Result<Tally> import_files(const casework::Office& office, const record::Asker& asker, Format format,
                           const std::vector<std::string>& files, const ImportOptions& options) {
    return Import(office, asker, format, files, options).run();
}

}  // namespace waymark::exchange
