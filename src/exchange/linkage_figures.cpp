// Counting what a linkage came to.
#include <algorithm>
#include <cmath>
#include <map>

#include "exchange/linkage.hpp"

namespace waymark::exchange {

namespace batch = people::batch;

double probability_of(double weight) {
    return 1 / (1 + std::exp2(-weight));
}

LinkageFigures figures_of(const batch::Results& results, const batch::Table& left, const batch::Table* right) {
    LinkageFigures out;
    out.two_files = right != nullptr;
    const std::uint64_t n = batch::records(left);
    const std::uint64_t m = right != nullptr ? batch::records(*right) : 0;
    out.records = n + m;
    out.pairs_possible = right != nullptr ? n * m : n * (n - std::min<std::uint64_t>(n, 1)) / 2;
    std::vector<std::uint32_t> links(right != nullptr ? n : 0, 0);
    std::vector<std::uint32_t> links_right(m, 0);
    for (const auto& pair : results.pairs) {
        if (pair.outcome == people::Outcome::linked) {
            ++out.linked;
            if (right != nullptr) {
                ++links[pair.l];
                ++links_right[pair.r];
            }
        } else {
            ++out.offered;
            out.twins += pair.twin_or_sibling ? 1u : 0u;
            out.contradicted += pair.contradicted ? 1u : 0u;
        }
    }
    for (const auto* side : {&links, &links_right}) {
        for (const auto count : *side) {
            out.records_linked += count > 0 ? 1u : 0u;
            out.several_links += count > 1 ? 1u : 0u;
        }
    }
    std::vector<std::uint32_t> members(results.cluster_of.size(), 0);
    for (const auto cluster : results.cluster_of) ++members[cluster];
    std::map<std::uint64_t, std::uint64_t> sizes;
    for (const auto count : members) {
        if (count == 0) continue;
        ++sizes[count];
        ++out.clusters;
        if (count < 2) continue;
        ++out.clusters_of_several;
        out.records_in_clusters += count;
        out.largest_cluster = std::max<std::uint64_t>(out.largest_cluster, count);
    }
    out.cluster_sizes.assign(sizes.begin(), sizes.end());
    return out;
}

}  // namespace waymark::exchange
