#pragma once
// Clock and randomness, passed in wherever they are used, so that a test decides what time it is.
#include <cstdint>
#include <span>

#include "base/time.hpp"

namespace waymark {

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t>) = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
};

// libsodium's generator. Thread-safe.
class SystemRandom final : public Random {
public:
    SystemRandom();
    void fill(std::span<std::uint8_t>) override;
};

// For tests and the demonstration: stands still until it is moved.
class SetClock final : public Clock {
public:
    explicit SetClock(Instant start) : now_(start) {}
    [[nodiscard]] Instant now() const override { return now_; }
    void set(Instant t) { now_ = t; }
    void advance(std::chrono::microseconds d) { now_ = now_ + d; }

private:
    Instant now_;
};

// For tests and the demonstration: the same bytes for the same seed. Not for secrets.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::uint8_t>) override;
    std::uint64_t next();                      // uniform over 64 bits
    std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound); bound > 0

private:
    std::uint64_t state_;
};

}  // namespace waymark
