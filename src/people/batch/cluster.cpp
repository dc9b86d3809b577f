#include "people/batch/cluster.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

// How far one pair may pull either way: fields hang together, so a weight says less than its bits.
constexpr double most_pull = 8;
constexpr std::size_t most_compared_members = 40;  // of each of two clusters that may be joined

class Forest {
public:
    explicit Forest(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0u); }
    std::uint32_t find(std::uint32_t x) {
        while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
        return x;
    }
    // The smaller position leads.
    std::uint32_t join(std::uint32_t a, std::uint32_t b) {
        if (a > b) std::swap(a, b);
        parent_[b] = a;
        return a;
    }

private:
    std::vector<std::uint32_t> parent_;
};

// The clusters of one connected piece of the graph of links.
class Piece {
    struct ById {
        const Prepared& all;
        bool operator()(std::uint32_t x, std::uint32_t y) const {
            return all.id_hash[x] != all.id_hash[y] ? all.id_hash[x] < all.id_hash[y] : x < y;
        }
    };

public:
    Piece(const Prepared& all, const Weights& weights, Comparing& comparing, double link_at, bool twins_apart)
        : all_(all), weights_(weights), comparing_(comparing), link_at_(link_at), twins_apart_(twins_apart) {}

    void run(const std::vector<const Scored*>& pairs, std::vector<std::uint32_t>& cluster_of) {
        records_.clear();
        for (const auto* pair : pairs) {
            records_.push_back(pair->a);
            records_.push_back(pair->b);
        }
        // By id, so that what is looked at of a large cluster hangs on no order of the rows.
        std::sort(records_.begin(), records_.end(), ById{all_});
        records_.erase(std::unique(records_.begin(), records_.end()), records_.end());
        members_.assign(records_.size(), {});
        for (std::uint32_t i = 0; i < records_.size(); ++i) members_[i] = {i};
        Forest forest(records_.size());
        for (const auto* pair : pairs) {
            const auto a = forest.find(local(pair->a));
            const auto b = forest.find(local(pair->b));
            if (a == b || !agree(members_[a], members_[b])) continue;
            const auto to = forest.join(a, b);
            const auto from = to == a ? b : a;
            members_[to].insert(members_[to].end(), members_[from].begin(), members_[from].end());
            members_[from].clear();
        }
        std::vector<std::uint32_t> first(records_.size(), ~0u);
        for (std::uint32_t i = 0; i < records_.size(); ++i) {
            auto& of_cluster = first[forest.find(i)];
            of_cluster = std::min(of_cluster, records_[i]);
        }
        for (std::uint32_t i = 0; i < records_.size(); ++i) cluster_of[records_[i]] = first[forest.find(i)];
    }

private:
    [[nodiscard]] std::uint32_t local(std::uint32_t record) const {
        return static_cast<std::uint32_t>(std::lower_bound(records_.begin(), records_.end(), record, ById{all_}) -
                                          records_.begin());
    }
    bool agree(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
        std::int64_t pull = 0;  // whole numbers: the same in any order of the members
        // Two records must reach the threshold; where a side has been seen more often, several may say together what
        // none of them says alone.
        const double wanted =
            std::max(link_at_, 0.0) / std::sqrt(static_cast<double>(a.size() * b.size())) + std::min(link_at_, 0.0);
        Levels levels{};
        const auto step_a = 1 + a.size() / most_compared_members;
        const auto step_b = 1 + b.size() / most_compared_members;
        for (std::size_t i = 0; i < a.size(); i += step_a) {
            for (std::size_t j = 0; j < b.size(); j += step_b) {
                const auto x = std::min(records_[a[i]], records_[b[j]]);
                const auto y = std::max(records_[a[i]], records_[b[j]]);
                comparing_.levels(x, y, levels);
                if ((twins_apart_ && may_be_twins(all_, levels)) || contradict(all_, levels)) return false;
                pull += std::llround(unit *
                                     std::clamp(weights_.weigh(all_.row(x), levels) - wanted, -most_pull, most_pull));
            }
        }
        return static_cast<double>(pull) > 0;
    }

    const Prepared& all_;
    const Weights& weights_;
    Comparing& comparing_;
    double link_at_;
    bool twins_apart_;
    std::vector<std::uint32_t> records_;
    std::vector<std::vector<std::uint32_t>> members_;
};

}  // namespace

std::vector<std::uint32_t> cluster(const Prepared& all, const Weights& weights, const std::vector<Scored>& linked,
                                   double link_at, const Options& options) {
    const unsigned threads = thread_count(options.threads);
    std::vector<std::uint32_t> cluster_of(all.size);
    std::iota(cluster_of.begin(), cluster_of.end(), 0u);
    Forest whole(all.size);
    for (const auto& pair : linked) {
        const auto a = whole.find(pair.a);
        const auto b = whole.find(pair.b);
        if (a != b) whole.join(a, b);
    }
    // Pairs by piece, keeping their order in it.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
    order.reserve(linked.size());
    for (std::uint32_t i = 0; i < linked.size(); ++i) order.emplace_back(whole.find(linked[i].a), i);
    parallel_sort(order, threads, std::less<>());
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i == 0 || order[i].first != order[i - 1].first) starts.push_back(i);
    }
    starts.push_back(order.size());
    const std::size_t pieces = starts.size() - 1;
    const std::size_t tasks = std::min<std::size_t>(pieces, std::size_t{threads} * 64);
    std::vector<std::unique_ptr<Comparing>> comparing(threads);
    parallel(tasks, threads, [&](std::size_t t, unsigned w) {
        if (!comparing[w]) comparing[w] = std::make_unique<Comparing>(all);
        Piece piece(all, weights, *comparing[w], link_at, options.twins_apart);
        std::vector<const Scored*> pairs;
        const auto range = part(pieces, tasks, t);
        for (auto p = range.from; p < range.to; ++p) {
            pairs.clear();
            for (auto i = starts[p]; i < starts[p + 1]; ++i) pairs.push_back(&linked[order[i].second]);
            if (pairs.size() == 1) {
                cluster_of[std::max(pairs[0]->a, pairs[0]->b)] = std::min(pairs[0]->a, pairs[0]->b);
                continue;
            }
            piece.run(pairs, cluster_of);
        }
    });
    return cluster_of;
}

}  // namespace waymark::people::batch
