// Clusters from links alone: what a view's person must be. Strongest links first; a link that would bring together two
// views whom a person has declared to be different people is left out, so that a chain cannot go around a decision.
#include <algorithm>
#include <tuple>

#include "people/people.hpp"

namespace waymark::people {

namespace {

class Sets {
public:
    explicit Sets(std::size_t count) : parent_(count), size_(count, 1), apart_(count) {
        for (std::size_t i = 0; i < count; ++i) parent_[i] = i;
    }
    std::size_t root(std::size_t at) {
        while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
        return at;
    }
    void keep_apart(std::size_t a, std::size_t b) {
        apart_[a].push_back(b);
        apart_[b].push_back(a);
    }
    void join(std::size_t a, std::size_t b) {
        a = root(a);
        b = root(b);
        if (a == b) return;
        if (size_[a] + apart_[a].size() < size_[b] + apart_[b].size()) std::swap(a, b);
        for (const auto enemy : apart_[b]) {
            if (root(enemy) == a) return;
        }
        parent_[b] = a;
        size_[a] += size_[b];
        apart_[a].insert(apart_[a].end(), apart_[b].begin(), apart_[b].end());
    }

private:
    std::vector<std::size_t> parent_;
    std::vector<std::size_t> size_;
    std::vector<std::vector<std::size_t>> apart_;  // of a root: every view that a member must not be with
};

bool stronger(const store::LinkRow* x, const store::LinkRow* y) {
    if (x->state != y->state) return x->state > y->state;
    if (x->weight != y->weight) return x->weight > y->weight;
    if (x->a != y->a) return x->a < y->a;
    return x->b < y->b;
}

}  // namespace

std::unordered_map<ViewId, ViewId> Registry::clusters(std::span<const store::LinkRow> links,
                                                      std::span<const store::ViewRow> views) {
    std::unordered_map<ViewId, std::size_t> index;
    index.reserve(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) index.emplace(views[i].view, i);

    Sets sets(views.size());
    std::vector<const store::LinkRow*> edges;
    for (const auto& link : links) {
        const auto a = index.find(link.a);
        const auto b = index.find(link.b);
        if (a == index.end() || b == index.end()) continue;
        if (link.state == store::LinkState::not_same) sets.keep_apart(a->second, b->second);
        if (link.state == store::LinkState::linked || link.state == store::LinkState::confirmed) edges.push_back(&link);
    }
    std::sort(edges.begin(), edges.end(), stronger);
    for (const auto* edge : edges) sets.join(index[edge->a], index[edge->b]);

    std::vector<std::size_t> oldest(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) oldest[i] = i;
    const auto older = [&](std::size_t x, std::size_t y) {
        return std::tie(views[x].recorded, views[x].view) < std::tie(views[y].recorded, views[y].view);
    };
    for (std::size_t i = 0; i < views.size(); ++i) {
        const auto root = sets.root(i);
        if (older(i, oldest[root])) oldest[root] = i;
    }
    std::unordered_map<ViewId, ViewId> persons;
    persons.reserve(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) persons.emplace(views[i].view, views[oldest[sets.root(i)]].view);
    return persons;
}

}  // namespace waymark::people
