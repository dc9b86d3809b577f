#pragma once
// What grows while others read it: one writer at a time, any number of readers, no reader ever waits and nothing that
// was given out moves. Memory comes in pieces, each twice the last, and is given back with the whole.
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace waymark::people::index {

// A list. An element may be read by whoever learnt its position through something stored with release after it.
template <class T>
class Growing {
public:
    // Writer.
    std::uint32_t push(const T& value) {
        const auto position = size_;
        const auto [piece, at] = place(position);
        if (!owned_[piece]) {
            owned_[piece] = std::make_unique<T[]>(first << piece);
            pieces_[piece].store(owned_[piece].get(), std::memory_order_release);
        }
        owned_[piece][at] = value;
        ++size_;
        return position;
    }
    [[nodiscard]] std::uint32_t written() const { return size_; }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (std::size_t p = 0; p < most_pieces; ++p) sum += owned_[p] ? (first << p) * sizeof(T) : 0;
        return sum;
    }
    // Reader.
    [[nodiscard]] const T& operator[](std::uint32_t position) const {
        const auto [piece, at] = place(position);
        return pieces_[piece].load(std::memory_order_acquire)[at];
    }

private:
    static constexpr std::size_t first = 1024;
    static constexpr std::size_t most_pieces = 21;  // 2^31 elements
    struct Place {
        std::size_t piece;
        std::size_t at;
    };
    static Place place(std::uint32_t position) {
        const auto shifted = std::size_t{position} + first;
        const auto piece =
            static_cast<std::size_t>(std::bit_width(shifted)) - static_cast<std::size_t>(std::bit_width(first));
        return {piece, shifted - (first << piece)};
    }
    std::uint32_t size_ = 0;
    std::array<std::unique_ptr<T[]>, most_pieces> owned_;
    std::array<std::atomic<T*>, most_pieces> pieces_{};
};

// Items by key, several for one key. Each level has room for twice as many as the one before; a key is looked for in
// all.
class GrowingMap {
public:
    // Writer. All that is stored before is seen by who finds the item.
    void insert(std::uint64_t key, std::uint32_t item) {
        if (levels_ == 0 || used_ == capacity(levels_ - 1)) {
            owned_[levels_] = std::make_unique<Level>(capacity(levels_));
            published_[levels_].store(owned_[levels_].get(), std::memory_order_release);
            ++levels_;
            used_ = 0;
        }
        auto& level = *owned_[levels_ - 1];
        auto& head = level.heads[slot(key, levels_ - 1)];
        level.nodes[used_] = {head.load(std::memory_order_relaxed), item, tag(key)};
        head.store(++used_, std::memory_order_release);
    }
    [[nodiscard]] bool empty() const { return published_[0].load(std::memory_order_acquire) == nullptr; }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (std::size_t l = 0; l < levels_; ++l) sum += capacity(l) * (sizeof(Node) + sizeof(std::uint32_t));
        return sum;
    }
    // Reader. Calls found(item) for each item with the key (and, seldom, for one of another key) until it says false;
    // false where it did. The last that came are found first.
    template <class Found>
    bool find(std::uint64_t key, Found&& found) const {
        for (std::size_t l = most_levels; l-- > 0;) {
            const auto* level = published_[l].load(std::memory_order_acquire);
            if (level == nullptr) continue;
            for (auto at = level->heads[slot(key, l)].load(std::memory_order_acquire); at != 0;) {
                const auto& node = level->nodes[at - 1];
                if (node.tag == tag(key) && !found(node.item)) return false;
                at = node.next;
            }
        }
        return true;
    }

private:
    static constexpr std::size_t most_levels = 19;
    static constexpr std::size_t capacity(std::size_t level) { return std::size_t{4096} << level; }
    static std::size_t slot(std::uint64_t key, std::size_t level) { return (key >> 32) & (capacity(level) - 1); }
    static std::uint32_t tag(std::uint64_t key) { return static_cast<std::uint32_t>(key); }
    struct Node {
        std::uint32_t next = 0;  // one more than its position; 0: none
        std::uint32_t item = 0;
        std::uint32_t tag = 0;
    };
    struct Level {
        explicit Level(std::size_t n)
            : heads(std::make_unique<std::atomic<std::uint32_t>[]>(n)), nodes(std::make_unique<Node[]>(n)) {}
        std::unique_ptr<std::atomic<std::uint32_t>[]> heads;
        std::unique_ptr<Node[]> nodes;
    };
    std::size_t levels_ = 0;
    std::uint32_t used_ = 0;  // of the last level
    std::array<std::unique_ptr<Level>, most_levels> owned_;
    std::array<std::atomic<const Level*>, most_levels> published_{};
};

}  // namespace waymark::people::index
