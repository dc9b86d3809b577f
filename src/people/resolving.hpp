#pragma once
// One batch of identities being resolved: the working state that its two halves share. resolve.cpp finds which view
// each is and whom it may be; settle.cpp decides what is linked and what is offered, and keeps it.
#include <cstddef>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "people/links.hpp"

namespace waymark::people {

class Resolving {
public:
    Resolving(const record::Journal& journal, const Comparer& comparer, const TokenKey& key, store::Transaction& tx,
              store::Partnership p, Instant now)
        : journal_(journal), key_(key), comparer_(comparer), tx_(tx), p_(p), now_(now) {}

    Result<std::vector<Resolved>> run(std::span<const Arrived> arrived,
                                      std::vector<Registry::EngineLink>& engine_links);

private:
    struct Candidate {
        ViewId view;
        Weighed weighed;
    };
    // One view that this batch brings or changes.
    struct Slot {
        store::ViewRow row;
        record::Identity identity;              // as last written
        std::vector<record::Identity> earlier;  // what it said before, oldest first
        bool is_new = false;
        bool to_match = false;  // new, or its content changed
        std::vector<std::uint64_t> tokens;
        std::vector<std::uint64_t> looked_up;  // the part of them under which others are looked for
        std::vector<Candidate> candidates;
        std::vector<ViewId> linked;
        std::vector<ViewId> to_review;
        std::vector<ViewId> unlinked;
        std::vector<ViewId> persons_changed;
    };
    struct Known {
        Ready who;
        ViewId person;
        Instant recorded;
        std::size_t slot = none;  // where this batch brings it
        std::size_t cluster = none;
    };
    struct Cluster {
        std::vector<ViewId> members;
        bool touched = false;  // gained or lost a link
        bool tangled =
            false;  // a person's decision or a refused link lies in it: only the whole component can be clustered
    };
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct PairHash {
        std::size_t operator()(const std::pair<ViewId, ViewId>& pair) const noexcept {
            return std::hash<ViewId>{}(pair.first) * 31 + std::hash<ViewId>{}(pair.second);
        }
    };

    // which view each is
    Result<void> place(std::span<const Arrived> arrived);
    void write_version(Slot& slot, const Arrived& arrived);
    void index_slot(std::size_t s);
    void cluster_alone(ViewId view, Known& known);

    // whom it may be
    Result<void> gather();
    void collect(const std::vector<std::pair<std::uint64_t, std::size_t>>& wanted,
                 const std::vector<store::Snapshot::TokenHits>& hits, bool common);
    void add_candidate(Slot& slot, std::size_t s, ViewId view);
    std::vector<ViewId> candidate_ids();
    Result<void> load(const std::vector<ViewId>& ids);
    Result<void> learn(std::span<const store::ViewRow> rows);
    Result<void> load_earlier(const std::vector<std::size_t>& slots);
    void weigh(Slot& slot);

    // clusters that may be joined
    Result<void> load_clusters();
    void note_link(store::LinkRow link);
    [[nodiscard]] std::size_t cluster_at(ViewId view) const;
    bool may_join(std::size_t a, std::size_t b) const;
    void join(std::size_t a, std::size_t b);

    // link, offer or leave
    void settle(std::size_t s);
    void reconsider(Slot& slot);
    void write_link(ViewId own, ViewId other, store::LinkState state);

    // what is written
    Result<void> keep();
    void settle_person(const Cluster& cluster, std::vector<std::pair<ViewId, ViewId>>& moved);
    void tell(const Cluster& cluster, const std::set<ViewId>& changed);
    void write_views();
    Result<void> untangle();
    std::vector<Resolved> answer(std::size_t count);

    const record::Journal& journal_;
    const TokenKey& key_;
    const Comparer& comparer_;
    store::Transaction& tx_;
    const store::Partnership p_;
    const Instant now_;

    std::vector<Slot> slots_;
    std::vector<std::size_t> slot_of_;      // by arrival
    std::vector<std::int32_t> version_of_;  // by arrival
    std::vector<store::ViewVersion> versions_;
    std::unordered_map<ViewId, Known> known_;
    std::vector<Cluster> clusters_;
    std::unordered_map<ViewId, std::size_t> cluster_of_person_;
    std::unordered_map<std::pair<ViewId, ViewId>, store::LinkRow, PairHash> links_;    // as they stand
    std::unordered_map<std::pair<ViewId, ViewId>, store::LinkRow, PairHash> written_;  // by this batch
    std::unordered_set<std::pair<ViewId, ViewId>, PairHash> apart_;
    std::vector<ViewId> loosened_;
    std::vector<Registry::EngineLink> engine_links_;
};

}  // namespace waymark::people
