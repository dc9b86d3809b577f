// The record as it can be taken in again. Order: as it was kept, so that what an entry is about, and the identities
// that a decision is on, come before it. The engine's own links are the exception: they are written down at the end of
// the batch that made them, and stand here right behind the entry that brought the second of the two views, so that an
// import finds the decision in hand when it meets the pair.
#include <algorithm>
#include <array>
#include <ostream>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "exchange/exchange.hpp"

namespace waymark::exchange {

namespace {

constexpr std::size_t page = 1'000;

bool by_engine(const record::Entry& entry) {
    const auto* flag = find(entry.body, "by_engine");
    return entry.row.kind == "identity.decided" && flag != nullptr && flag->is_bool() && flag->get_bool();
}

// Ids of all entries in the order in which they were kept, a page at a time.
class AsKept {
public:
    AsKept(store::Snapshot& snapshot, store::Partnership partnership)
        : snapshot_(snapshot), partnership_(partnership) {}
    std::vector<EntryId> next() {
        std::vector<EntryId> ids;
        if (!in_queue_) {
            for (const auto& leaf : snapshot_.leaves(partnership_, from_, page)) ids.push_back(leaf.entry);
            from_ += static_cast<std::int64_t>(ids.size());
            if (!ids.empty()) return ids;
            in_queue_ = true;
        }
        for (const auto& [position, entry] : snapshot_.queued(partnership_, after_, page)) {
            ids.push_back(entry);
            after_ = position;
        }
        return ids;
    }

private:
    store::Snapshot& snapshot_;
    store::Partnership partnership_;
    std::int64_t from_ = 0;
    std::int64_t after_ = -1;
    bool in_queue_ = false;
};

class Exporter {
public:
    Exporter(const casework::Office& office, const record::Permit& permit, store::Snapshot& snapshot, std::ostream& out,
             const ExportOptions& options)
        : office_(office), permit_(permit), snapshot_(snapshot), out_(out), options_(options) {}

    Result<std::uint64_t> run(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
        const auto total = static_cast<std::uint64_t>(snapshot_.count_entries(office_.partnership));
        TRY_VOID(find_links());
        AsKept order(snapshot_, office_.partnership);
        for (auto ids = order.next(); !ids.empty(); ids = order.next()) {
            for (const auto& whole : snapshot_.entries(office_.partnership, ids, store::Want::whole)) {
                if (!whole)
                    return fault(FaultKind::unavailable, "export", "an entry of the log is not there",
                                 "run `waymark verify`");
                const auto entry = TRY(office_.journal->open(*whole));
                if (by_engine(entry) || !permit_.covers(entry.row.kind, entry.row.marking, entry.row.agency)) continue;
                TRY_VOID(write(entry));
                for (const auto& subject : entry.subjects) {
                    if (subject.version == 1) TRY_VOID(view_arrived(subject.view));
                }
            }
            if (progress) progress(written_, total);
            if (!out_)
                return fault(FaultKind::unavailable, "export", "not everything could be written", "is the disk full?");
        }
        return written_;
    }

private:
    struct Link {
        EntryId entry;
        std::string id;
        std::array<ViewId, 2> views;
    };

    // What the engine linked: small, so it is held; the entries themselves are read when their turn comes.
    Result<void> find_links() {
        Result<void> result;
        std::vector<store::ViewKey> keys;
        snapshot_.scan_entries(office_.partnership, store::Want::cards, [&](const store::WholeEntry& card) {
            if (card.row.kind == "identity.decided") decided_.push_back(card.row.entry);
            return true;
        });
        for (std::size_t from = 0; from < decided_.size(); from += page) {
            const auto some = std::span(decided_).subspan(from, std::min(page, decided_.size() - from));
            for (const auto& whole : snapshot_.entries(office_.partnership, some, store::Want::whole)) {
                if (!whole) continue;
                const auto entry = TRY(office_.journal->open(*whole));
                if (by_engine(entry)) TRY_VOID(remember(entry));
            }
        }
        return result;
    }

    Result<void> remember(const record::Entry& entry) {
        const auto* list = find(entry.body, "identities");
        std::vector<store::ViewKey> keys;
        if (list != nullptr && list->is_array()) {
            for (const auto& one : list->get_array()) {
                const auto* key = one.if_object();
                if (key == nullptr) continue;
                keys.push_back({std::string(string_or(*key, "agency", entry.row.agency)),
                                std::string(string_or(*key, "source", "")), std::string(string_or(*key, "id", ""))});
            }
        }
        const auto views = snapshot_.views_by_key(office_.partnership, keys);
        if (views.size() != 2 || !views[0] || !views[1]) {
            return fault(FaultKind::unavailable, "export", "a link is between views that are not there",
                         "run `waymark verify`");
        }
        const auto at = links_.size();
        links_.push_back({entry.row.entry, entry.row.source_id, {views[0]->view, views[1]->view}});
        waiting_[views[0]->view].push_back(at);
        waiting_[views[1]->view].push_back(at);
        return {};
    }

    Result<void> view_arrived(ViewId view) {
        arrived_.insert(view);
        const auto found = waiting_.find(view);
        if (found == waiting_.end()) return {};
        std::vector<const Link*> ready;
        for (const auto at : found->second) {
            const auto& views = links_[at].views;
            if (arrived_.contains(views[0]) && arrived_.contains(views[1])) ready.push_back(&links_[at]);
        }
        waiting_.erase(found);
        std::sort(ready.begin(), ready.end(), [](const Link* a, const Link* b) { return a->id < b->id; });
        for (const auto* link : ready) {
            const auto whole = snapshot_.entries(office_.partnership, std::span(&link->entry, 1), store::Want::whole);
            if (!whole.empty() && whole.front()) TRY_VOID(write(TRY(office_.journal->open(*whole.front()))));
        }
        return {};
    }

    Result<void> write(const record::Entry& entry) {
        const auto reveal = [&](const record::ProtectedAddress& address, std::string_view kind,
                                std::string_view marking) -> std::optional<record::ProtectedAddress::Plain> {
            if (options_.protected_too) {
                const auto decision = office_.gate->reveal_address(permit_, address, kind, marking, entry.row.agency);
                if (auto plain =
                        decision ? address.reveal(*decision, permit_.asker()) : tl::unexpected(decision.error()))
                    return std::move(*plain);
            }
            if (options_.withheld != nullptr) ++*options_.withheld;
            return std::nullopt;
        };
        const auto line =
            TRY(office_.journal->to_contract(snapshot_, office_.partnership, entry, record::Naming::all, reveal));
        out_ << write_json(line) << '\n';
        ++written_;
        return {};
    }

    const casework::Office& office_;
    const record::Permit& permit_;
    store::Snapshot& snapshot_;
    std::ostream& out_;
    const ExportOptions& options_;
    std::uint64_t written_ = 0;
    std::vector<EntryId> decided_;
    std::vector<Link> links_;
    std::unordered_map<ViewId, std::vector<std::size_t>> waiting_;
    std::unordered_set<ViewId> arrived_;
};

// "public-task.sch1-18.art-10_2026-1": the article with its conditions for what the whole record holds, and the table.
Result<std::string> basis_code(const casework::Office& office, const std::string& article) {
    if (article.empty()) return std::string{};
    const auto found = office.bases.articles.find(article);
    if (found == office.bases.articles.end()) {
        std::string known;
        for (const auto& [id, one] : office.bases.articles) known += (known.empty() ? "" : ", ") + id;
        return invalid("--basis", "'" + article + "' is no basis that is known here", "give one of: " + known);
    }
    return fmt::format("{}.{}.{}_{}", article, found->second.special, found->second.criminal, office.bases.version);
}

// Its audit line is kept, and the leave of two people used, before a byte leaves.
Result<record::Permit> allowed(const casework::Office& office, const record::Asker& asker, const Begun& begun,
                               const ExportOptions& options) {
    using How = casework::two_persons::Leave::How;
    auto permit = TRY(office.gate->ask(asker, record::Action::export_record));
    auto line = record::audit_line(permit, office.clock.now(), ViewId{}, CaseId{}, {}, "allowed");
    line.basis = TRY(basis_code(office, options.basis));
    casework::two_persons::Leave leave;
    TRY_VOID(office.store.write([&](store::Transaction& tx) -> Result<void> {
        leave = TRY(casework::two_persons::leave_of_operator(office, tx, permit,
                                                             casework::two_persons::to_export(options.protected_too)));
        if (leave.how == How::agreed && line.basis.empty()) {
            return invalid("--basis", "it is not said on what lawful basis the record is taken out",
                           "give it: --basis public-task, or another of content/access/bases.toml");
        }
        if (leave.given()) line.reason = leave.words;
        line.result = leave.given() ? "allowed" : "denied";
        office.auditor->keep(tx, office.partnership, line);
        return {};
    }));
    if (!leave.given()) return tl::unexpected(casework::two_persons::waits_for_second_person(leave));
    if (begun) begun(leave);
    return permit;
}

}  // namespace

Result<std::uint64_t> export_entries(const casework::Office& office, const record::Asker& asker, std::ostream& out,
                                     const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                     const Begun& begun, const ExportOptions& options) {
    const auto permit = TRY(allowed(office, asker, begun, options));
    std::uint64_t written = 0;
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        written = TRY(Exporter(office, permit, snapshot, out, options).run(progress));
        return {};
    }));
    return written;
}

Result<std::uint64_t> export_csv(const casework::Office& office, const record::Asker& asker, std::ostream& out,
                                 const Begun& begun, const ExportOptions& options) {
    const auto permit = TRY(allowed(office, asker, begun, options));
    std::uint64_t written = 0;
    out << csv_line({"entry", "case", "kind", "at", "recorded", "agency", "about", "supersedes", "incident", "marking",
                     "involvement", "fields"});
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        Result<void> result;
        snapshot.scan_entries(office.partnership, store::Want::cards, [&](const store::WholeEntry& card) {
            const auto& row = card.row;
            if (!permit.covers(row.kind, row.marking, row.agency)) return true;
            const auto fact = office.journal->open_card(row);
            if (!fact) {
                result = tl::unexpected(fact.error());
                return false;
            }
            const auto id = [](const auto& one) { return one ? to_string(one) : std::string(); };
            out << csv_line({to_string(row.entry), id(row.case_id), row.kind, to_string(row.at),
                             to_string(row.recorded), row.agency, id(row.about), id(row.supersedes), row.incident,
                             row.marking, join(record::names_of(fact->involvement), " "),
                             write_canonical(fact->fields)});
            ++written;
            return static_cast<bool>(out);
        });
        return result;
    }));
    if (!out) return fault(FaultKind::unavailable, "export", "not everything could be written", "is the disk full?");
    return written;
}

}  // namespace waymark::exchange
