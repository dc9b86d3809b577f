// RFC 9162 section 2.1: the tree, its proofs and their verification.
#include <algorithm>
#include <bit>

#include "record/log.hpp"

namespace waymark::record {

namespace {

constexpr std::array<std::uint8_t, 1> leaf_prefix{0x00};
constexpr std::array<std::uint8_t, 1> node_prefix{0x01};

// The largest power of two smaller than n, n > 1.
std::size_t split_of(std::size_t n) {
    return std::bit_floor(n - 1);
}

// PATH(m, D[n]) of section 2.1.3.1.
void path(std::span<const Digest> leaves, std::size_t index, std::vector<Digest>& out) {
    if (leaves.size() <= 1) return;
    const auto k = split_of(leaves.size());
    if (index < k) {
        path(leaves.first(k), index, out);
        out.push_back(root_of(leaves.subspan(k)));
    } else {
        path(leaves.subspan(k), index - k, out);
        out.push_back(root_of(leaves.first(k)));
    }
}

// SUBPROOF(m, D[n], b) of section 2.1.4.1.
void subproof(std::span<const Digest> leaves, std::size_t earlier, bool whole, std::vector<Digest>& out) {
    if (earlier == leaves.size()) {
        if (!whole) out.push_back(root_of(leaves));
        return;
    }
    const auto k = split_of(leaves.size());
    if (earlier <= k) {
        subproof(leaves.first(k), earlier, whole, out);
        out.push_back(root_of(leaves.subspan(k)));
    } else {
        subproof(leaves.subspan(k), earlier - k, false, out);
        out.push_back(root_of(leaves.first(k)));
    }
}

}  // namespace

Digest leaf_hash(ByteView leaf_data) {
    return sha256({ByteView{leaf_prefix}, leaf_data});
}

Digest node_hash(const Digest& left, const Digest& right) {
    return sha256({ByteView{node_prefix}, ByteView{left}, ByteView{right}});
}

Digest empty_root() {
    return sha256(ByteView{});
}

Result<Frontier> Frontier::parse(std::int64_t size, ByteView bytes) {
    const auto peaks =
        size < 0 ? std::size_t{0} : static_cast<std::size_t>(std::popcount(static_cast<std::uint64_t>(size)));
    if (size < 0 || bytes.size() != peaks * sizeof(Digest)) {
        return invalid("log", "the kept frontier of the log does not fit its size", "run `waymark verify`");
    }
    Frontier frontier;
    frontier.size_ = size;
    frontier.peaks_.resize(peaks);
    for (std::size_t i = 0; i < peaks; ++i) {
        const auto part = bytes.subspan(i * sizeof(Digest), sizeof(Digest));
        std::copy(part.begin(), part.end(), frontier.peaks_[i].begin());
    }
    return frontier;
}

// Each one-bit at the end of the size is a perfect subtree as large as what the new leaf has grown to.
void Frontier::append(const Digest& leaf) {
    Digest grown = leaf;
    for (auto rest = static_cast<std::uint64_t>(size_); (rest & 1) != 0; rest >>= 1) {
        grown = node_hash(peaks_.back(), grown);
        peaks_.pop_back();
    }
    peaks_.push_back(grown);
    ++size_;
}

Digest Frontier::root() const {
    if (peaks_.empty()) return empty_root();
    Digest root = peaks_.back();
    for (auto peak = peaks_.size() - 1; peak-- > 0;) root = node_hash(peaks_[peak], root);
    return root;
}

Bytes Frontier::bytes() const {
    Bytes out;
    out.reserve(peaks_.size() * sizeof(Digest));
    for (const auto& peak : peaks_) out.insert(out.end(), peak.begin(), peak.end());
    return out;
}

Digest root_of(std::span<const Digest> leaves) {
    Frontier frontier;
    for (const auto& leaf : leaves) frontier.append(leaf);
    return frontier.root();
}

std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::size_t index) {
    std::vector<Digest> proof;
    if (index < leaves.size()) path(leaves, index, proof);
    return proof;
}

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::size_t earlier_size) {
    std::vector<Digest> proof;
    if (earlier_size > 0 && earlier_size < leaves.size()) subproof(leaves, earlier_size, true, proof);
    return proof;
}

// Section 2.1.3.2.
bool verify_inclusion(std::size_t index, std::size_t size, const Digest& leaf, std::span<const Digest> proof,
                      const Digest& root) {
    if (index >= size) return false;
    auto fn = index;
    auto sn = size - 1;
    Digest r = leaf;
    for (const auto& p : proof) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            r = node_hash(p, r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = node_hash(r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && r == root;
}

// Section 2.1.4.2. Of an empty tree every tree is a continuation, which the RFC leaves out.
bool verify_consistency(std::size_t earlier_size, std::size_t size, std::span<const Digest> proof,
                        const Digest& earlier_root, const Digest& root) {
    if (earlier_size > size) return false;
    if (earlier_size == 0) return proof.empty() && earlier_root == empty_root();
    if (earlier_size == size) return proof.empty() && earlier_root == root;
    const bool implied =
        std::has_single_bit(earlier_size);  // then the earlier root is itself the first node of the path
    if (!implied && proof.empty()) return false;
    auto fn = earlier_size - 1;
    auto sn = size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    Digest fr = implied ? earlier_root : proof.front();
    Digest sr = fr;
    for (const auto& c : implied ? proof : proof.subspan(1)) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            fr = node_hash(c, fr);
            sr = node_hash(c, sr);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash(sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && fr == earlier_root && sr == root;
}

}  // namespace waymark::record
