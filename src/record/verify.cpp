// The whole record against its own proofs. Entries are read once, in the order of their records; the identities that
// they brought are gathered as digests and looked up afterwards, a batch at a time.
#include <algorithm>
#include <unordered_map>

#include <fmt/core.h>

#include "record/card.hpp"
#include "record/entry_text.hpp"
#include "record/leaf.hpp"
#include "record/log.hpp"
#include "record/note.hpp"

namespace waymark::record {

namespace {

constexpr std::size_t most_findings = 1'000;
constexpr std::size_t batch = 1'000;
constexpr std::int32_t format_version = 1;

class Report {
public:
    explicit Report(Verification& out) : out_(out) {}
    void add(std::string_view what, std::string where, std::string why) {
        if (out_.findings.size() < most_findings)
            out_.findings.push_back({std::string(what), std::move(where), std::move(why)});
    }

private:
    Verification& out_;
};

// The leaves of the log and of its queue, as the store has them, and which of them an entry has been found for.
class Leaves {
public:
    void load(store::Snapshot& snapshot, store::Partnership partnership, Report& report) {
        constexpr std::size_t at_once = 20'000;
        for (std::int64_t from = 0;;) {
            const auto rows = snapshot.leaves(partnership, from, at_once);
            if (rows.empty()) break;
            for (const auto& row : rows) add(row, report);
            from = rows.back().log_index + 1;
        }
        queued_from_ = hashes_.size();
        for (const auto& row : snapshot.take_queue(partnership, most_queued)) {
            by_entry_.emplace_back(row.entry, static_cast<std::uint32_t>(hashes_.size()));
            hashes_.push_back(row.leaf);
        }
        seen_.resize(hashes_.size());
        std::sort(by_entry_.begin(), by_entry_.end());
        for (std::size_t i = 1; i < by_entry_.size(); ++i) {
            if (by_entry_[i].first == by_entry_[i - 1].first) {
                report.add("added", to_string(by_entry_[i].first),
                           "the entry stands in the log or its queue more than once");
            }
        }
    }

    // The hash that the log or its queue holds for an entry, or nothing.
    const Digest* find(EntryId entry) {
        const auto found = std::lower_bound(by_entry_.begin(), by_entry_.end(), entry,
                                            [](const auto& pair, EntryId id) { return pair.first < id; });
        if (found == by_entry_.end() || found->first != entry) return nullptr;
        seen_[found->second] = true;
        return &hashes_[found->second];
    }

    void report_unseen(Report& report) const {
        for (const auto& [entry, place] : by_entry_) {
            if (seen_[place]) continue;
            report.add("removed", to_string(entry),
                       place < queued_from_ ? fmt::format("the log holds it at {}, the store does not", place)
                                            : std::string("the log's queue holds it, the store does not"));
        }
    }
    [[nodiscard]] std::span<const Digest> indexed() const { return std::span(hashes_).first(queued_from_); }
    [[nodiscard]] std::size_t queued() const { return hashes_.size() - queued_from_; }

private:
    void add(const store::LeafRow& row, Report& report) {
        if (row.log_index != static_cast<std::int64_t>(hashes_.size()) + missing_) {
            report.add("removed", fmt::format("log index {}", static_cast<std::int64_t>(hashes_.size()) + missing_),
                       fmt::format("the next leaf that is there has index {}", row.log_index));
            missing_ = row.log_index - static_cast<std::int64_t>(hashes_.size());
        }
        by_entry_.emplace_back(row.entry, static_cast<std::uint32_t>(hashes_.size()));
        hashes_.push_back(row.leaf);
    }

    static constexpr std::size_t most_queued = 100'000'000;
    std::vector<Digest> hashes_;  // in the order of the log, then of its queue
    std::size_t queued_from_ = 0;
    std::vector<std::pair<EntryId, std::uint32_t>> by_entry_;
    std::vector<bool> seen_;
    std::int64_t missing_ = 0;
};

// What an entry says of an identity that it brought.
struct Claim {
    ViewId view;
    std::int32_t version = 0;
    EntryId entry;
    std::array<std::uint8_t, 32> salt{};
    Digest digest{};
};

class Verifier {
public:
    Verifier(store::Snapshot& snapshot, store::Partnership partnership, const Journal& journal, Verification& out)
        : snapshot_(snapshot), partnership_(partnership), journal_(journal), out_(out), report_(out) {}

    void run(std::string_view verifier, const std::optional<std::string>& older,
             const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
        leaves_.load(snapshot_, partnership_, report_);
        check_entries(progress);
        leaves_.report_unseen(report_);
        check_cases();
        check_identities();
        check_tree(verifier, older);
    }

private:
    // ---- entries ----

    void check_entries(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
        const auto total = static_cast<std::uint64_t>(snapshot_.count_entries(partnership_));
        std::uint64_t done = 0;
        snapshot_.scan_entries(partnership_, store::Want::whole, [&](const store::WholeEntry& kept) {
            check_entry(kept);
            if (++done % 4'096 == 0 && progress) progress(done, total);
            return true;
        });
        out_.entries = static_cast<std::int64_t>(done);
        if (progress) progress(done, total);
    }

    void check_entry(const store::WholeEntry& kept) {
        const auto& row = kept.row;
        if (row.case_id) case_seqs_[row.case_id].push_back(row.case_seq);
        const auto text =
            journal_.seal().open(kept.text, {"text", row.entry.value, row.kind, format_version, row.record.value});
        if (!text) {
            (void)leaves_.find(row.entry);
            report_.add("altered", to_string(row.entry), "its text cannot be opened");
            return;
        }
        const auto leaf = leaf_of(row.salt, write_envelope(row), as_text(*text));
        if (const auto* logged = leaves_.find(row.entry)) {
            if (*logged != leaf)
                report_.add("altered", to_string(row.entry), "its leaf does not follow from salt, envelope and text");
        } else {
            report_.add("added", to_string(row.entry), "it has no leaf, neither in the log nor in its queue");
        }
        check_contents(row, as_text(*text));
    }

    void check_contents(const store::EntryRow& row, std::string_view plain) {
        json::monotonic_resource arena(buffer_.data(), buffer_.size());
        const auto text = read_entry_text(plain, &arena);
        if (!text) return report_.add("altered", to_string(row.entry), "its text cannot be read");
        for (const auto& subject : text->subjects) {
            if (subject.version != 0)
                claims_.push_back({subject.view, subject.version, row.entry, row.salt, subject.identity});
        }
        check_card(row, *text);
    }

    void check_card(const store::EntryRow& row, const EntryText& text) {
        const auto* kind = journal_.catalogue().find(row.kind);
        if (kind == nullptr) return report_.add("kind", to_string(row.entry), "its kind is not in the content");
        const auto card =
            journal_.seal().open(row.card, {"card", row.entry.value, row.kind, format_version, row.record.value});
        if (!card) return report_.add("card", to_string(row.entry), "its card cannot be opened");
        const std::vector<std::string_view> carded(text.carded.begin(), text.carded.end());
        if (!card_follows(as_text(*card), involvement_of(text.subjects, row.record), text.happened, text.basis,
                          card_fields(text.body, *kind), carded)) {
            report_.add("card", to_string(row.entry), "its card does not follow from its text");
        }
    }

    // ---- cases ----

    void check_cases() {
        for (auto& [case_id, seqs] : case_seqs_) {
            std::sort(seqs.begin(), seqs.end());
            for (std::size_t i = 0; i < seqs.size(); ++i) {
                if (seqs[i] == static_cast<std::int64_t>(i) + 1) continue;
                report_.add("gap", to_string(case_id),
                            fmt::format("entry {} of the case is missing or stands there twice", i + 1));
                break;
            }
        }
        snapshot_.scan_cases(partnership_, [&](const store::CaseRow& row) {
            const auto found = case_seqs_.find(row.case_id);
            const auto count =
                found == case_seqs_.end() ? std::int64_t{0} : static_cast<std::int64_t>(found->second.size());
            if (row.next_seq != count + 1) {
                report_.add(
                    "gap", to_string(row.case_id),
                    fmt::format("the case has {} entries and its next would be number {}", count, row.next_seq));
            }
            return true;
        });
    }

    // ---- identities ----

    // What a view shows, without the identity itself: there may be millions.
    struct Shown {
        ViewId view;
        std::int32_t version = 0;
        std::optional<Digest> identity;  // nothing where it cannot be opened
    };

    void check_identities() {
        std::sort(claims_.begin(), claims_.end(), [](const Claim& a, const Claim& b) { return a.view < b.view; });
        std::vector<Shown> views;
        snapshot_.scan_views(partnership_, [&](const store::ViewRow& row) {
            views.push_back({row.view, row.version, identity_digest(row.view, row.version, row.identity)});
            return true;
        });
        std::sort(views.begin(), views.end(), [](const Shown& a, const Shown& b) { return a.view < b.view; });
        auto claims = std::span<const Claim>(claims_);
        for (std::size_t from = 0; from < views.size(); from += batch) {
            check_views(std::span(views).subspan(from, std::min(batch, views.size() - from)), claims);
        }
        for (const auto& claim : claims) report_gone(claim);
    }

    // Both are in the order of the views; claims of views that are passed are taken off.
    void check_views(std::span<const Shown> views, std::span<const Claim>& claims) {
        std::vector<ViewId> ids;
        for (const auto& view : views) ids.push_back(view.view);
        std::unordered_map<ViewId, std::vector<store::ViewVersion>> versions;
        for (auto& version : snapshot_.view_versions(partnership_, ids))
            versions[version.view].push_back(std::move(version));
        for (const auto& view : views) {
            for (; !claims.empty() && claims.front().view < view.view; claims = claims.subspan(1))
                report_gone(claims.front());
            const auto& of_view = versions[view.view];
            const bool claimed = !claims.empty() && claims.front().view == view.view;
            check_view(view, of_view, claimed);
            for (; !claims.empty() && claims.front().view == view.view; claims = claims.subspan(1))
                check_claim(claims.front(), of_view);
        }
    }

    static const store::ViewVersion* find_version(const std::vector<store::ViewVersion>& versions,
                                                  std::int32_t wanted) {
        const auto found =
            std::find_if(versions.begin(), versions.end(), [&](const auto& one) { return one.version == wanted; });
        return found == versions.end() ? nullptr : &*found;
    }

    void report_gone(const Claim& claim) {
        report_.add("identity", to_string(claim.entry), "an identity that it brought is gone");
    }

    void check_claim(const Claim& claim, const std::vector<store::ViewVersion>& versions) {
        const auto* version = find_version(versions, claim.version);
        if (version == nullptr) return report_gone(claim);
        const auto plain = open_identity(claim.view, claim.version, version->identity);
        if (!plain || sha256({ByteView{claim.salt}, *plain}) != claim.digest) {
            report_.add("identity", to_string(claim.entry), "an identity that it brought is not what it was");
        }
    }

    // A view shows its latest version, and a version that says which entry brought it is claimed by one.
    void check_view(const Shown& view, const std::vector<store::ViewVersion>& versions, bool claimed) {
        const auto* latest = find_version(versions, view.version);
        if (latest == nullptr || static_cast<std::int32_t>(versions.size()) != view.version) {
            return report_.add("identity", to_string(view.view), "the view's versions are not all there");
        }
        if (!view.identity || view.identity != identity_digest(view.view, view.version, latest->identity)) {
            report_.add("identity", to_string(view.view), "the view does not show its latest version");
        }
        const bool brought =
            std::any_of(versions.begin(), versions.end(), [](const auto& v) { return !v.entry.is_nil(); });
        if (brought && !claimed)
            report_.add("identity", to_string(view.view), "no entry brought this view, though it says so");
    }

    std::optional<Digest> identity_digest(ViewId view, std::int32_t version, ByteView sealed) const {
        const auto plain = open_identity(view, version, sealed);
        if (!plain) return std::nullopt;
        return sha256(*plain);
    }

    std::optional<Bytes> open_identity(ViewId view, std::int32_t version, ByteView sealed) const {
        auto plain = journal_.seal().open(sealed, {"identity", view.value, "", version});
        if (!plain) return std::nullopt;
        return std::move(*plain);
    }

    // ---- the tree ----

    void check_tree(std::string_view verifier, const std::optional<std::string>& older) {
        const auto hashes = leaves_.indexed();
        out_.indexed = static_cast<std::int64_t>(hashes.size());
        out_.queued = static_cast<std::int64_t>(leaves_.queued());
        const auto state = snapshot_.log_state(partnership_);
        const auto latest = snapshot_.latest_checkpoint(partnership_);
        if (older) hold_against(*older, verifier, "older checkpoint", false);
        if (latest) {
            out_.checkpoint = latest->note;
            hold_against(latest->note, verifier, "newest checkpoint", true);
        } else if (!hashes.empty()) {
            report_.add("checkpoint", "newest checkpoint", "the log has leaves and no checkpoint");
        }
        Frontier frontier;
        for (const auto& hash : hashes) frontier.append(hash);
        out_.root = frontier.root();
        if (state.size != frontier.size() || state.frontier != frontier.bytes()) {
            report_.add("index", "log",
                        fmt::format("the log's state says {} leaves and does not fit the {} that are there", state.size,
                                    frontier.size()));
        }
    }

    void hold_against(const std::string& note, std::string_view verifier, std::string_view which, bool whole) {
        const auto checkpoint = open_checkpoint(note, verifier);
        if (!checkpoint) return report_.add("checkpoint", std::string(which), checkpoint.error().reason);
        const auto hashes = leaves_.indexed();
        const auto size = static_cast<std::size_t>(checkpoint->size);
        if (size > hashes.size()) {
            report_.add(whole ? "removed" : "rolled-back", std::string(which),
                        fmt::format("it is of {} leaves, the log has {}", checkpoint->size, hashes.size()));
            return;
        }
        if (root_of(hashes.first(size)) != checkpoint->root) {
            report_.add(
                "reordered", std::string(which),
                fmt::format("the first {} leaves are not those that it was signed for, or not in their order", size));
        }
        if (whole && size < hashes.size()) {
            report_.add("added", std::string(which),
                        fmt::format("the log has {} leaves more than it", hashes.size() - size));
        }
    }

    store::Snapshot& snapshot_;
    store::Partnership partnership_;
    const Journal& journal_;
    Verification& out_;
    Report report_;
    Leaves leaves_;
    std::unordered_map<CaseId, std::vector<std::int64_t>> case_seqs_;
    std::vector<Claim> claims_;
    std::array<unsigned char, 16'384> buffer_{};
};

}  // namespace

Result<Verification> verify(store::Snapshot& snapshot, store::Partnership partnership, const Journal& journal,
                            std::string_view verifier, std::optional<std::string> older_checkpoint,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    TRY_VOID(name_of_verifier(verifier));
    Verification out;
    Verifier(snapshot, partnership, journal, out).run(verifier, older_checkpoint, progress);
    return out;
}

}  // namespace waymark::record
