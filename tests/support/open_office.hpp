#pragma once
// The demonstration partnership, founded in a scratch store and open for work, with a clock that the test sets.
//
//     for_each_office([](OpenOffice& world) { world.take(R"({"kind":"concern.raised",…})"); });
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "casework/casework.hpp"
#include "support/scratch_store.hpp"

namespace waymark::testing {

class OpenOffice {
public:
    // Kept plain where no root is given.
    explicit OpenOffice(store::Store& store, std::uint64_t seed = 1,
                        std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content",
                        const record::Root* root = nullptr)
        : store_(store), random_(seed), content_(std::move(content)), root_(root) {
        std::ifstream in(content_ + "/profiles/northbay.toml");
        std::stringstream profile;
        profile << in.rdbuf();
        const auto founded =
            casework::found_partnership(store, content_, profile.str(), "northbay.toml", true, clock_, random_, root_);
        if (!founded) throw std::runtime_error("found: " + describe(founded.error()));
        reopen();
    }
    // As a server does that is started again.
    void reopen() {
        auto opened = casework::open_office(store_, content_, std::nullopt, clock_, random_, root_);
        if (!opened) throw std::runtime_error("open: " + describe(opened.error()));
        office_ = std::move(*opened);
    }
    void ask_to_break_glass(std::string strength) { office_->to_break_glass = std::move(strength); }
    void go_live() { office_->demonstration = false; }         // until the next reopen: no name stands for a sign-in
    void use_root(const record::Root* root) { root_ = root; }  // from the next reopen on
    const casework::Office& office() const { return *office_; }
    void give_spool(std::shared_ptr<casework::Spool> spool) { office_->spool = std::move(spool); }
    SetClock& clock() { return clock_; }
    SeededRandom& random() { return random_; }
    store::Store& store() { return store_; }

    // A practitioner of the profile at the command line.
    record::Asker asker(std::string_view practitioner, std::string_view purpose = "safeguarding") const {
        const auto* known = office_->profile.practitioner(practitioner);
        if (known == nullptr) throw std::runtime_error("no such practitioner: " + std::string(practitioner));
        return {known->key, known->agency, known->role, std::string(purpose), "command", "test", "local",
                "command",  "local",       {}};
    }
    record::Asker operator_() const { return sharing::operator_asker("test", "operation"); }
    record::Permit operator_permit(record::Action action = record::Action::append) const {
        return office_->gate->operator_of_machine(action, "test", "operation");
    }

    record::Draft draft(const std::string& line) const {
        auto decoded = record::decode_draft(line, office_->catalogue, clock_.now(), office_->calendar->zone());
        if (!decoded) throw std::runtime_error("draft: " + describe(decoded.error().front()) + " in " + line);
        return std::move(*decoded);
    }
    std::vector<casework::Outcome> take_drafts(const std::vector<record::Draft>& drafts, const record::Permit& permit) {
        std::vector<casework::Outcome> outcomes;
        const auto wrote = store_.write([&](store::Transaction& tx) -> Result<void> {
            auto taken = casework::take(*office_, tx, permit, drafts);
            if (!taken) return tl::unexpected(taken.error());
            outcomes = std::move(*taken);
            return {};
        });
        if (!wrote) throw std::runtime_error("take: " + describe(wrote.error()));
        return outcomes;
    }
    // Lines of the contract, taken in one batch as an import by the operator takes them.
    std::vector<casework::Outcome> take_all(const std::vector<std::string>& lines) {
        std::vector<record::Draft> drafts;
        for (const auto& line : lines) drafts.push_back(draft(line));
        return take_drafts(drafts, operator_permit());
    }
    casework::Outcome take(const std::string& line) { return take_all({line}).front(); }

    template <class Work>
    auto read(const Work& work) {
        std::optional<decltype(work(std::declval<store::Snapshot&>()))> found;
        const auto done = store_.read([&](store::Snapshot& snapshot) -> Result<void> {
            found = work(snapshot);
            return {};
        });
        if (!done) throw std::runtime_error("read: " + describe(done.error()));
        return std::move(*found);
    }
    // The oldest view of whoever this view belongs to.
    ViewId person_of(ViewId view) {
        return read(
            [&](store::Snapshot& s) { return s.views(office_->partnership, std::vector{view}).front()->person; });
    }
    // Every entry about a child as a line of the contract, in the order in which they were recorded.
    std::vector<std::string> exported() {
        return read([&](store::Snapshot& s) {
            std::vector<store::WholeEntry> rows;
            s.scan_entries(office_->partnership, store::Want::whole, [&](const store::WholeEntry& row) {
                if (row.row.record) rows.push_back(row);
                return true;
            });
            std::sort(rows.begin(), rows.end(),
                      [](const auto& a, const auto& b) { return a.row.recorded < b.row.recorded; });
            std::vector<std::string> lines;
            for (const auto& row : rows) {
                lines.push_back(write_json(*office_->journal->to_contract(
                    s, office_->partnership, *office_->journal->open(row), record::Naming::all)));
            }
            return lines;
        });
    }
    std::int64_t entries() {
        return read([&](store::Snapshot& s) { return s.count_entries(office_->partnership); });
    }
    std::int64_t audit_lines() {
        return read([&](store::Snapshot& s) { return s.count_audit(office_->partnership); });
    }
    // The newest first.
    std::vector<record::AuditLine> audit_of(ViewId record) {
        std::vector<record::AuditLine> lines;
        store::Snapshot::AuditFilter filter;
        filter.records = {record};
        for (const auto& row : read([&](store::Snapshot& s) { return s.audit(office_->partnership, filter, 100); }))
            lines.push_back(office_->auditor->open(row).value());
        return lines;
    }

private:
    store::Store& store_;
    SetClock clock_{*parse_instant("2026-03-02T09:00:00Z")};  // a Monday
    SeededRandom random_;
    std::string content_;
    const record::Root* root_;
    std::unique_ptr<casework::Office> office_;
};

// The value, or a failed test that says why there is none.
template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : describe(result.error())));
    return std::move(*result);
}

inline void for_each_office(const std::function<void(OpenOffice&)>& test) {
    for_each_engine([&](store::Store& store) {
        OpenOffice world(store);
        test(world);
    });
}

}  // namespace waymark::testing
