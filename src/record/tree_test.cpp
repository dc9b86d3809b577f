// The tree against RFC 9162's own definitions, written down once more here without any of the room's cleverness.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "record/log.hpp"

using namespace waymark;
using namespace waymark::record;

namespace {

using Leaves = std::vector<Digest>;

Leaves part(const Leaves& d, std::size_t from, std::size_t to) {
    return {d.begin() + static_cast<std::ptrdiff_t>(from), d.begin() + static_cast<std::ptrdiff_t>(to)};
}

std::size_t largest_power_below(std::size_t n) {
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

Digest oracle_node(const Digest& l, const Digest& r) {
    Bytes bytes{0x01};
    bytes.insert(bytes.end(), l.begin(), l.end());
    bytes.insert(bytes.end(), r.begin(), r.end());
    return sha256(bytes);
}

// 2.1.1: MTH(D_n) = HASH(0x01 || MTH(D[0:k]) || MTH(D[k:n])); here over leaf hashes.
Digest mth(const Leaves& d) {
    if (d.empty()) return sha256(ByteView{});
    if (d.size() == 1) return d.front();
    const auto k = largest_power_below(d.size());
    return oracle_node(mth(part(d, 0, k)), mth(part(d, k, d.size())));
}

// 2.1.3.1
Leaves oracle_path(std::size_t m, const Leaves& d) {
    if (d.size() == 1) return {};
    const auto k = largest_power_below(d.size());
    auto path = m < k ? oracle_path(m, part(d, 0, k)) : oracle_path(m - k, part(d, k, d.size()));
    path.push_back(m < k ? mth(part(d, k, d.size())) : mth(part(d, 0, k)));
    return path;
}

// 2.1.4.1
Leaves oracle_subproof(std::size_t m, const Leaves& d, bool b) {
    if (m == d.size()) return b ? Leaves{} : Leaves{mth(d)};
    const auto k = largest_power_below(d.size());
    auto proof = m <= k ? oracle_subproof(m, part(d, 0, k), b) : oracle_subproof(m - k, part(d, k, d.size()), false);
    proof.push_back(m <= k ? mth(part(d, k, d.size())) : mth(part(d, 0, k)));
    return proof;
}

Leaves some_leaves(std::size_t n) {
    Leaves leaves;
    for (std::size_t i = 0; i < n; ++i) leaves.push_back(leaf_hash(as_bytes("leaf " + std::to_string(i))));
    return leaves;
}

constexpr std::size_t largest = 130;

Leaves changed(Leaves proof, std::size_t at) {
    proof[at][7] ^= 1;
    return proof;
}

}  // namespace

TEST_CASE("The tree has the roots of the certificate-transparency reference tree") {
    const char* inputs[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    Frontier frontier;
    CHECK(to_hex(frontier.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (std::size_t i = 0; i < 8; ++i) {
        frontier.append(leaf_hash(*from_hex(inputs[i])));
        CHECK(to_hex(frontier.root()) == roots[i]);
    }
}

TEST_CASE("The frontier has the root that the RFC defines, at every size") {
    const auto leaves = some_leaves(largest);
    Frontier frontier;
    for (std::size_t n = 0; n <= largest; ++n) {
        CHECK(frontier.root() == mth(part(leaves, 0, n)));
        CHECK(root_of(std::span(leaves).first(n)) == frontier.root());
        CHECK(frontier.size() == static_cast<std::int64_t>(n));
        if (n < largest) frontier.append(leaves[n]);
    }
}

TEST_CASE("A frontier that was written down goes on where it stopped") {
    const auto leaves = some_leaves(largest);
    Frontier whole;
    for (std::size_t n = 0; n < largest; ++n) {
        auto read = Frontier::parse(whole.size(), whole.bytes());
        REQUIRE(read);
        whole.append(leaves[n]);
        read->append(leaves[n]);
        CHECK(read->root() == whole.root());
        CHECK(read->bytes() == whole.bytes());
    }
}

TEST_CASE("A frontier that does not fit its size is refused") {
    CHECK_FALSE(Frontier::parse(1, {}));
    CHECK_FALSE(Frontier::parse(0, Bytes(32)));
    CHECK_FALSE(Frontier::parse(3, Bytes(96)));
    CHECK_FALSE(Frontier::parse(-1, Bytes(32)));
    CHECK(Frontier::parse(3, Bytes(64)));
}

TEST_CASE("Inclusion proofs are the RFC's and verify, at every size and index") {
    const auto leaves = some_leaves(largest);
    for (std::size_t n = 1; n <= largest; ++n) {
        const auto tree = part(leaves, 0, n);
        const auto root = mth(tree);
        for (std::size_t m = 0; m < n; ++m) {
            const auto proof = inclusion_proof(tree, m);
            REQUIRE(proof == oracle_path(m, tree));
            REQUIRE(verify_inclusion(m, n, tree[m], proof, root));
        }
    }
}

TEST_CASE("An inclusion proof of another leaf, index, size or root does not verify") {
    const auto leaves = some_leaves(64);
    for (std::size_t n = 2; n <= leaves.size(); ++n) {
        const auto tree = part(leaves, 0, n);
        const auto root = mth(tree);
        for (std::size_t m = 0; m < n; ++m) {
            const auto proof = inclusion_proof(tree, m);
            REQUIRE_FALSE(verify_inclusion((m + 1) % n, n, tree[m], proof, root));
            REQUIRE_FALSE(verify_inclusion(m, n, tree[(m + 1) % n], proof, root));
            REQUIRE_FALSE(verify_inclusion(m, m, tree[m], proof, root));
            REQUIRE_FALSE(verify_inclusion(m, n, tree[m], proof, tree[m]));
            for (std::size_t i = 0; i < proof.size(); ++i)
                REQUIRE_FALSE(verify_inclusion(m, n, tree[m], changed(proof, i), root));
            REQUIRE_FALSE(verify_inclusion(m, n, tree[m], std::span(proof).first(proof.size() - 1), root));
            auto longer = proof;
            longer.push_back(root);
            REQUIRE_FALSE(verify_inclusion(m, n, tree[m], longer, root));
        }
    }
    CHECK(inclusion_proof(leaves, leaves.size()).empty());
}

TEST_CASE("Consistency proofs are the RFC's and verify, between any two sizes") {
    const auto leaves = some_leaves(largest);
    std::vector<Digest> roots;
    for (std::size_t n = 0; n <= largest; ++n) roots.push_back(mth(part(leaves, 0, n)));
    for (std::size_t n = 1; n <= largest; ++n) {
        const auto tree = part(leaves, 0, n);
        for (std::size_t m = 1; m <= n; ++m) {
            const auto proof = consistency_proof(tree, m);
            REQUIRE(proof == oracle_subproof(m, tree, true));
            REQUIRE(verify_consistency(m, n, proof, roots[m], roots[n]));
        }
    }
}

TEST_CASE("Every tree continues the empty one, and none continues a larger one") {
    const auto root = root_of(some_leaves(5));
    CHECK(verify_consistency(0, 5, {}, empty_root(), root));
    CHECK_FALSE(verify_consistency(0, 5, {}, root, root));
    CHECK_FALSE(verify_consistency(5, 4, {}, root, root));
    CHECK(consistency_proof(some_leaves(5), 0).empty());
    CHECK(consistency_proof(some_leaves(5), 9).empty());
}

TEST_CASE("A tree that was changed, cut or reordered before it grew has no consistency proof") {
    const auto leaves = some_leaves(40);
    for (std::size_t m = 1; m < leaves.size(); ++m) {
        auto other = leaves;
        std::swap(other[m - 1], other[m]);  // the last leaf of the earlier tree is another now
        const auto proof = consistency_proof(other, m);
        REQUIRE_FALSE(verify_consistency(m, other.size(), proof, root_of(std::span(leaves).first(m)), root_of(other)));
        const auto honest = consistency_proof(leaves, m);
        REQUIRE_FALSE(verify_consistency(m, leaves.size(), {}, root_of(std::span(leaves).first(m)), root_of(leaves)));
        for (std::size_t i = 0; i < honest.size(); ++i) {
            REQUIRE_FALSE(verify_consistency(m, leaves.size(), changed(honest, i), root_of(std::span(leaves).first(m)),
                                             root_of(leaves)));
        }
    }
}

TEST_CASE("A leaf of any length is hashed apart from nodes") {
    CHECK(rc::check("leaf and node prefixes differ", [](const std::vector<std::uint8_t>& bytes) {
        Bytes prefixed{0x00};
        prefixed.insert(prefixed.end(), bytes.begin(), bytes.end());
        RC_ASSERT(leaf_hash(bytes) == sha256(prefixed));
        Digest left{};
        Digest right{};
        left.fill(bytes.empty() ? std::uint8_t{1} : bytes.front());
        Bytes both(left.begin(), left.end());
        both.insert(both.end(), right.begin(), right.end());
        RC_ASSERT(node_hash(left, right) != leaf_hash(both));
        RC_ASSERT(node_hash(left, right) == oracle_node(left, right));
    }));
}
