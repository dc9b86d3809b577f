#include "casework/sweep.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

struct PersonRows {
    ViewId person;
    std::vector<store::EntryRow> rows;
    std::optional<procedure::Born> born;
};
struct Chunk {
    std::size_t number = 0;
    std::vector<PersonRows> persons;
};

// Works on chunks on its threads and tells what came of them chunk by chunk, in order, one thread at a time.
class Folders {
public:
    using Work = std::function<std::any(const procedure::Dossier&)>;
    using Tell = std::function<bool(std::any&)>;

    Folders(const Office& office, unsigned threads, const Work& work, const Tell& tell)
        : office_(office), work_(work), tell_(tell) {
        for (unsigned i = 0; i < std::max(1u, threads); ++i) threads_.emplace_back([this] { work_on(); });
    }
    ~Folders() { join(); }
    Folders(const Folders&) = delete;
    Folders& operator=(const Folders&) = delete;

    // False when nobody wants more.
    bool give(std::vector<PersonRows> persons) {
        std::unique_lock lock(mutex_);
        room_.wait(lock, [this] { return queue_.size() < most_waiting || stopped_; });
        if (stopped_) return false;
        queue_.push_back({next_++, std::move(persons)});
        filled_.notify_one();
        return true;
    }
    Result<void> finish() {
        join();
        if (fault_) return tl::unexpected(*fault_);
        return {};
    }

private:
    static constexpr std::size_t most_waiting = 32;

    void join() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        filled_.notify_all();
        for (auto& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
    }

    void work_on() {
        for (;;) {
            Chunk chunk;
            {
                std::unique_lock lock(mutex_);
                filled_.wait(lock, [this] { return !queue_.empty() || ended_ || stopped_; });
                if (stopped_ || queue_.empty()) return;
                chunk = std::move(queue_.front());
                queue_.pop_front();
                room_.notify_one();
            }
            tell(chunk.number, fold(chunk));
        }
    }

    Result<std::vector<std::any>> fold(const Chunk& chunk) const {
        std::vector<std::any> done;
        for (const auto& one : chunk.persons) {
            std::vector<record::Fact> facts;
            facts.reserve(one.rows.size());
            for (const auto& row : one.rows) facts.push_back(TRY(office_.journal->open_card(row)));
            Parted parted(one.person, std::move(facts), one.born);
            parted.each_case([&](const procedure::Dossier& dossier) { done.push_back(work_(dossier)); });
        }
        return done;
    }

    void tell(std::size_t number, Result<std::vector<std::any>> done) {
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return told_ == number || stopped_; });
        if (stopped_) return;
        if (!done) {
            fault_ = done.error();
            stop();
            return;
        }
        for (auto& one : *done) {
            if (!tell_(one)) {
                stop();
                return;
            }
        }
        ++told_;
        turn_.notify_all();
    }

    void stop() {
        stopped_ = true;
        turn_.notify_all();
        room_.notify_all();
        filled_.notify_all();
    }

    const Office& office_;
    const Work& work_;
    const Tell& tell_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable room_;
    std::condition_variable turn_;
    std::deque<Chunk> queue_;
    std::size_t next_ = 0;
    std::size_t told_ = 0;
    bool ended_ = false;
    bool stopped_ = false;
    std::optional<Fault> fault_;
    std::vector<std::thread> threads_;
};

struct Clusters {
    std::unordered_map<ViewId, ViewId> person_of;         // of views that are not alone
    std::unordered_map<ViewId, ViewId> last_of;           // the last of a person's views in the order of the scan
    std::unordered_map<ViewId, procedure::Born> born_of;  // of persons, where a view tells
    std::unordered_map<ViewId, std::pair<Instant, ViewId>> own_of;  // of persons, the first view of one agency
};

// Opens identities beside the scan of the views, and keeps of each no more than when the person was born.
class Births {
public:
    Births(const Office& office, Clusters& clusters, unsigned threads)
        : office_(office), clusters_(clusters), most_(std::max(1u, threads)) {}

    Result<void> add(const store::ViewRow& row) {
        rows_.push_back(row);
        return rows_.size() < at_a_time ? Result<void>{} : open();
    }
    Result<void> finish() {
        TRY_VOID(open());
        while (!opening_.empty()) TRY_VOID(take());
        return {};
    }

private:
    static constexpr std::size_t at_a_time = 2'000;
    using Known = std::vector<std::pair<ViewId, procedure::Born>>;

    Result<void> open() {
        if (rows_.empty()) return {};
        if (opening_.size() >= most_) TRY_VOID(take());
        opening_.push_back(std::async(std::launch::async, [&office = office_, rows = std::exchange(rows_, {})] {
            return known_of(office, rows);
        }));
        return {};
    }
    static Result<Known> known_of(const Office& office, std::span<const store::ViewRow> rows) {
        Known known;
        for (const auto& row : rows) {
            const auto identity = TRY(office.journal->open_identity(row.identity, row.view, row.version));
            if (const auto born = casework::born_of(identity)) known.emplace_back(row.person, *born);
        }
        return known;
    }
    Result<void> take() {
        auto some = opening_.front().get();
        opening_.pop_front();
        for (const auto& [person, born] : TRY(std::move(some))) {
            const auto [at, is_new] = clusters_.born_of.try_emplace(person, born);
            if (!is_new) at->second = together(at->second, born).value_or(born);
        }
        return {};
    }

    const Office& office_;
    Clusters& clusters_;
    std::size_t most_;
    std::vector<store::ViewRow> rows_;
    std::deque<std::future<Result<Known>>> opening_;
};

// With the births, or with the views of one agency.
Result<Clusters> clusters_in(const Office& office, store::Snapshot& snapshot, unsigned threads,
                             std::optional<std::string_view> agency) {
    Clusters clusters;
    Births births(office, clusters, threads);
    Result<void> opened;
    snapshot.scan_views(office.partnership, [&](const store::ViewRow& row) {
        if (!agency) {
            opened = births.add(row);
        } else if (row.agency == *agency) {
            const std::pair one{row.recorded, row.view};
            auto& first = clusters.own_of.try_emplace(row.person, one).first->second;
            first = std::min(first, one);
        }
        if (!opened || row.view == row.person) return opened.has_value();
        clusters.person_of[row.view] = row.person;
        clusters.person_of[row.person] = row.person;
        auto& last = clusters.last_of.try_emplace(row.person, row.person).first->second;
        last = std::max(last, row.view);
        return true;
    });
    TRY_VOID(std::move(opened));
    TRY_VOID(births.finish());
    return clusters;
}

// Leaves of a person's rows what the asker may know of them: all of them must be there.
class Filter {
public:
    static Result<Filter> of(const Office& office, store::Snapshot& snapshot, const record::Permit& permit) {
        Filter filter(TRY(Knowing::of(office, snapshot, permit)));
        if (filter.knowing_.needs_record()) {
            snapshot.scan_cases(office.partnership, [&](const store::CaseRow& row) {
                filter.cases_[row.record].push_back(row);
                return true;
            });
        }
        return filter;
    }
    // The permit for the person.
    Result<record::Permit> keep(ViewId person, std::vector<store::EntryRow>& rows) {
        std::vector<const store::EntryRow*> all;
        std::vector<store::CaseRow> cases;
        if (knowing_.needs_record()) {
            std::set<ViewId> records;
            for (const auto& row : rows) {
                all.push_back(&row);
                records.insert(row.record);
            }
            for (const auto record : records) {
                const auto found = cases_.find(record);
                if (found != cases_.end()) cases.insert(cases.end(), found->second.begin(), found->second.end());
            }
        }
        auto permit = knowing_.person(person, all, cases, false);
        std::erase_if(rows, [&](const store::EntryRow& row) {
            return !permit || permit->depth(row.kind, row.marking, row.agency) < record::Depth::summary;
        });
        return permit;
    }
    [[nodiscard]] bool may_see_own_views_only() const { return knowing_.may_see_own_views_only(); }

private:
    explicit Filter(Knowing knowing) : knowing_(std::move(knowing)) {}

    Knowing knowing_;
    std::unordered_map<ViewId, std::vector<store::CaseRow>> cases_;
};

// Persons of whom the asker may know something, read again in the order of the views by which they are named.
class ByName {
public:
    ByName(const Office& office, store::Snapshot& snapshot, const Clusters& clusters, Folders& folders, Filter& filter)
        : office_(office), snapshot_(snapshot), clusters_(clusters), folders_(folders), filter_(filter) {}

    void add(ViewId person, const record::Permit& permit) {
        const auto own = permit.own_views_only() ? clusters_.own_of.find(person) : clusters_.own_of.end();
        persons_.emplace_back(own == clusters_.own_of.end() ? person : own->second.second, person);
    }
    Result<void> give() {
        std::sort(persons_.begin(), persons_.end());
        for (std::size_t i = 0; i < persons_.size(); i += at_a_time) {
            const auto n = std::min(at_a_time, persons_.size() - i);
            if (!folders_.give(TRY(read(std::span(persons_).subspan(i, n))))) break;
        }
        return {};
    }

private:
    static constexpr std::size_t at_a_time = 100;
    using Named = std::pair<ViewId, ViewId>;  // by which they are named, and the person

    Result<std::vector<PersonRows>> read(std::span<const Named> some) {
        const auto p = office_.partnership;
        std::vector<ViewId> persons;
        for (const auto& one : some) persons.push_back(one.second);
        std::unordered_map<ViewId, ViewId> person_of;
        std::unordered_map<ViewId, std::vector<store::ViewRow>> views;
        for (auto& view : snapshot_.views_of_persons(p, persons)) {
            person_of[view.view] = view.person;
            views[view.person].push_back(std::move(view));
        }
        std::unordered_map<ViewId, std::vector<store::EntryRow>> rows;
        for (const auto& [person, of] : views) {
            for (auto& one : snapshot_.entries_of_records(p, ids_of(of), store::Want::cards, most_entries_of_a_child))
                rows[person].push_back(std::move(one.row));
        }
        std::vector<PersonRows> out;
        for (const auto person : persons) {
            auto known = TRY(as_known(person, std::move(views[person]), std::move(rows[person])));
            if (!known.rows.empty()) out.push_back(std::move(known));
        }
        return out;
    }
    Result<PersonRows> as_known(ViewId person, std::vector<store::ViewRow> views, std::vector<store::EntryRow> rows) {
        PersonRows out;
        const auto permit = filter_.keep(person, rows);
        if (!permit) return out;
        const auto child = shown_to({person, std::move(views), {}, false, *permit, {}, {}});
        if (!child) return out;
        std::erase_if(rows, [&](const store::EntryRow& row) {
            return std::none_of(child->views.begin(), child->views.end(),
                                [&](const store::ViewRow& view) { return view.view == row.record; });
        });
        out.person = child->person;
        out.rows = std::move(rows);
        out.born = born_of(TRY(identities_of(office_, *child)));
        return out;
    }

    const Office& office_;
    store::Snapshot& snapshot_;
    const Clusters& clusters_;
    Folders& folders_;
    Filter& filter_;
    std::vector<Named> persons_;
};

// Collects the rows of the scan into persons, and persons into chunks.
class Collector {
public:
    // `by_name` takes the persons where there is one.
    Collector(const Clusters& clusters, Folders& folders, Filter& filter, ByName* by_name)
        : clusters_(clusters), folders_(folders), filter_(filter), by_name_(by_name) {}

    bool add(const store::EntryRow& row) {
        if (row.record != current_) {
            if (!end_of_record(row.record)) return false;
            current_ = row.record;
        }
        rows_.push_back(row);
        return true;
    }
    bool end() {
        if (!end_of_record(ViewId{})) return false;
        std::vector<ViewId> left;
        for (const auto& [person, rows] : waiting_) left.push_back(person);
        std::sort(left.begin(), left.end());
        for (const auto person : left) {
            if (!add_person({person, std::move(waiting_[person]), std::nullopt})) return false;
        }
        return flush();
    }

private:
    static constexpr std::size_t chunk_rows = 2'000;

    bool end_of_record(ViewId next) {
        if (rows_.empty()) return true;
        const auto cluster = clusters_.person_of.find(current_);
        if (cluster == clusters_.person_of.end()) {
            return add_person({current_, std::exchange(rows_, {}), std::nullopt});
        }
        const auto person = cluster->second;
        auto& rows = waiting_[person];
        rows.insert(rows.end(), std::make_move_iterator(rows_.begin()), std::make_move_iterator(rows_.end()));
        rows_.clear();
        const auto last = clusters_.last_of.at(person);
        if (!next || next > last) {
            PersonRows whole{person, std::move(rows), std::nullopt};
            waiting_.erase(person);
            return add_person(std::move(whole));
        }
        return true;
    }

    bool add_person(PersonRows person) {
        const auto permit = filter_.keep(person.person, person.rows);
        if (person.rows.empty()) return true;
        if (by_name_ != nullptr) {
            by_name_->add(person.person, *permit);
            return true;
        }
        if (const auto born = clusters_.born_of.find(person.person); born != clusters_.born_of.end())
            person.born = born->second;
        held_ += person.rows.size();
        chunk_.push_back(std::move(person));
        return held_ < chunk_rows || flush();
    }

    bool flush() {
        held_ = 0;
        if (chunk_.empty()) return true;
        return folders_.give(std::exchange(chunk_, {}));
    }

    const Clusters& clusters_;
    Folders& folders_;
    Filter& filter_;
    ByName* by_name_;
    ViewId current_;
    std::vector<store::EntryRow> rows_;
    std::unordered_map<ViewId, std::vector<store::EntryRow>> waiting_;
    std::vector<PersonRows> chunk_;
    std::size_t held_ = 0;
};

}  // namespace

Result<void> sweep_any(const Office& office, const record::Permit& permit, unsigned threads,
                       const std::function<std::any(const procedure::Dossier&)>& work,
                       const std::function<bool(std::any&)>& tell) {
    // The line stands before the first case is told: a visitor may print as it goes.
    Seen seen;
    seen.add({}, ViewId{}, CaseId{}, {});
    TRY_VOID(record_reading(office, permit, seen));
    return office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        auto filter = TRY(Filter::of(office, snapshot, permit));
        const bool is_by_name = filter.may_see_own_views_only();
        const auto clusters =
            TRY(clusters_in(office, snapshot, threads,
                            is_by_name ? std::optional(std::string_view(permit.asker().agency)) : std::nullopt));
        Folders folders(office, threads, work, tell);
        ByName by_name(office, snapshot, clusters, folders, filter);
        Collector collector(clusters, folders, filter, is_by_name ? &by_name : nullptr);
        bool wanted = true;
        snapshot.scan_entries(office.partnership, store::Want::cards, [&](const store::WholeEntry& entry) {
            const auto& row = entry.row;
            if (!row.record) return true;
            wanted = collector.add(row);
            return wanted;
        });
        if (wanted) collector.end();
        if (is_by_name) TRY_VOID(by_name.give());
        return folders.finish();
    });
}

}  // namespace waymark::casework
