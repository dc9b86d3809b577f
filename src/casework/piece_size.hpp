#pragma once
// How many entries one piece of an import may have where people are served beside it: as many as the store is held for
// about so long with, on this machine and at this hour.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>

namespace waymark::casework {

// Thread-safe: one thread gathers pieces, another writes them.
class PieceSize {
public:
    // No aim: always as many as `most`.
    PieceSize(std::size_t most, std::chrono::milliseconds aim)
        : most_(most), aim_(aim), now_(aim.count() == 0 ? most : std::min(most, first)) {}

    [[nodiscard]] std::size_t now() const { return now_; }

    // A piece of so many held the store so long. Halfway to what that says, so that one slow sync does not decide.
    void took(std::size_t entries, std::chrono::steady_clock::duration held) {
        if (aim_.count() == 0 || entries == 0) return;
        const auto micros = std::max<double>(1, std::chrono::duration<double, std::micro>(held).count());
        const auto fitting =
            static_cast<double>(entries) * std::chrono::duration<double, std::micro>(aim_).count() / micros;
        const auto next = (static_cast<double>(now_) + fitting) / 2;
        now_ = std::clamp(static_cast<std::size_t>(next), std::min(least, most_), most_);
    }

private:
    static constexpr std::size_t first = 64;
    static constexpr std::size_t least = 16;  // below it the commit costs more than what it keeps
    std::size_t most_;
    std::chrono::milliseconds aim_;
    std::atomic<std::size_t> now_;
};

}  // namespace waymark::casework
