#pragma once
// One run of the one door: what the steps of casework::take share. Each step is a few calls to the store for the whole
// batch.
//
// admit -> known -> references -> people -> resolve -> place -> keep -> link -> refold -> audit, left to right. A draft
// that a step refuses takes no further part; nothing is written before `resolve`, so a refusal leaves nothing behind.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "casework/connections.hpp"
#include "casework/newcomers.hpp"

namespace waymark::casework {

// What a reference may point at: an entry of the store or an earlier one of the same batch.
struct Target {
    EntryId entry;
    ViewId record;  // nil while the entry of the batch has none yet: see `part`
    CaseId case_id;
    std::optional<std::size_t> part;
};

struct Slot {  // of one part
    enum class State { fresh, repeated, refused } state = State::fresh;
    std::optional<std::size_t> same_as;      // the earlier part of the batch that it repeats
    std::optional<store::KnownEntry> known;  // the entry of the store that it repeats
    std::optional<Target> about;
    std::optional<Target> supersedes;
    bool marked = false;  // not open to the team
};

class Intake {
public:
    Intake(const Office& office, store::Transaction& tx, const record::Permit& permit, Prepared& prepared,
           const TakeOptions& options);
    Result<std::vector<Outcome>> run();

private:
    using SourceWords = std::pair<std::string_view, std::string_view>;  // agency, id
    struct SourceHash {
        std::size_t operator()(const SourceWords& words) const noexcept {
            return std::hash<std::string_view>{}(words.second) * 31 + std::hash<std::string_view>{}(words.first);
        }
    };
    using SourceMap = std::unordered_map<SourceWords, std::size_t, SourceHash>;  // -> part

    // intake.cpp
    void admit();
    void find_known();
    bool is_same_but_for_naming(std::size_t part, const store::KnownEntry&);
    void find_known_by_uuid();
    Result<void> resolve_people();
    Result<void> find_named();
    Result<std::vector<people::Resolved>> resolve(std::span<const people::Arrived>);
    std::vector<Brought> brought_here();
    Result<void> keep();
    Result<void> refold();
    void write_audit();
    void report();
    void refuse(std::size_t part, Fault);
    [[nodiscard]] bool is_fresh(std::size_t part) const { return slots_[part].state == Slot::State::fresh; }
    record::Draft& draft(std::size_t part) { return prepared_.parts[part].ready.draft; }
    record::Ready& ready(std::size_t part) { return prepared_.parts[part].ready; }
    [[nodiscard]] bool asked_by_machine() const;

    // references.cpp
    Result<void> find_references();
    Result<void> leave_readable(std::vector<Target>& targets);
    Result<void> check_persons();
    void to_the_same_child();
    bool asks_about_child(std::size_t part);
    Result<void> check_targets();
    Result<void> check_children();

    // placing.cpp
    Result<void> place();

    // identity.cpp
    Result<void> check_decisions();
    Result<void> apply_decisions();
    Result<void> record_engine_links();

    const Office& office_;
    store::Transaction& tx_;
    const record::Permit& permit_;
    Prepared& prepared_;
    const TakeOptions& options_;
    Instant now_;
    std::vector<Slot> slots_;
    std::vector<Outcome> outcomes_;
    SourceMap sources_;                           // of the batch, first occurrence
    std::unordered_set<ViewId> known_persons_;    // of those that drafts name by their id
    std::unordered_map<ViewId, ViewId> persons_;  // of the views met with
    std::vector<people::Registry::EngineLink> engine_links_;
    Newcomers newcomers_;
    std::vector<ViewId> touched_;  // whose cases must be folded again
    std::vector<EntryId> engine_entries_;
};

// The way to a view in words that another store understands: "agency/source/id", each part percent-encoded.
std::string view_words(const store::ViewRow&);
// The id that the engine gives its decision on these two views: the same whichever comes first.
std::string link_source_id(const store::ViewRow&, const store::ViewRow&);

}  // namespace waymark::casework
