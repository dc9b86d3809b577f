// The real clock and generator, and the repeatable ones.
#include "base/system.hpp"

#include <array>
#include <cstring>
#include <stdexcept>

#include <sodium.h>
#include <unistd.h>

namespace waymark {

namespace {

// A call into the kernel for each id would cost more than the rest of the id. Each byte is given out once and wiped; a
// forked child does not inherit what its parent has in hand.
class RandomPool {
public:
    RandomPool() = default;
    RandomPool(const RandomPool&) = delete;
    RandomPool& operator=(const RandomPool&) = delete;
    ~RandomPool() { sodium_memzero(octets_.data(), octets_.size()); }
    void take(std::span<std::uint8_t> out) {
        const auto process = ::getpid();
        if (left_ < out.size() || process != process_) {
            randombytes_buf(octets_.data(), octets_.size());
            left_ = octets_.size();
            process_ = process;
        }
        left_ -= out.size();
        std::memcpy(out.data(), octets_.data() + left_, out.size());
        sodium_memzero(octets_.data() + left_, out.size());
    }
    static constexpr std::size_t largest = 96;

private:
    std::array<std::uint8_t, 2'048> octets_{};
    std::size_t left_ = 0;
    pid_t process_ = 0;
};

}  // namespace

Instant SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

SystemRandom::SystemRandom() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: no source of randomness");
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
    if (out.empty()) return;
    if (out.size() > RandomPool::largest) {
        randombytes_buf(out.data(), out.size());
        return;
    }
    thread_local RandomPool pool;
    pool.take(out);
}

// SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t SeededRandom::next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

std::uint64_t SeededRandom::below(std::uint64_t bound) {
    // Values under 2^64 mod bound are drawn again: otherwise small results would be likelier.
    const std::uint64_t unfair = (0 - bound) % bound;
    for (;;) {
        const auto drawn = next();
        if (drawn >= unfair) return drawn % bound;
    }
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i % 8 == 0) word = next();
        out[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)) & 255);
    }
}

}  // namespace waymark
