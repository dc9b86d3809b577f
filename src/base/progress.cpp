// One line, redrawn in place.
#include "base/progress.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace waymark {

namespace {

constexpr std::uint64_t cells = 30;
constexpr auto between_draws = std::chrono::milliseconds(100);

std::string time_left(std::chrono::steady_clock::duration spent, std::uint64_t done, std::uint64_t total) {
    if (done == 0 || done >= total) return {};
    const double seconds = std::chrono::duration<double>(spent).count();
    if (seconds < 1.0) return {};
    const double left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
    if (left < 60.0) return fmt::format(", {:.0f} s left", left);
    return fmt::format(", {:.0f} min left", left / 60.0);
}

}  // namespace

Progress::Progress(std::ostream& out, std::string label, std::uint64_t total, bool shown)
    : out_(out), label_(std::move(label)), total_(total), shown_(shown), started_(std::chrono::steady_clock::now()) {}

// Whatever is written next must not stand behind an unfinished bar.
Progress::~Progress() {
    if (!finished_ && shown_ && last_ != std::chrono::steady_clock::time_point{}) out_ << '\n' << std::flush;
}

void Progress::advance_to(std::uint64_t done) {
    done_ = done;
    if (!shown_ || finished_) return;
    const auto now = std::chrono::steady_clock::now();
    if (last_ != std::chrono::steady_clock::time_point{} && now - last_ < between_draws) return;
    last_ = now;
    draw(done);
}

void Progress::finish() {
    if (finished_) return;
    finished_ = true;
    if (!shown_) return;
    draw(std::max(done_, total_));
    out_ << '\n' << std::flush;
}

void Progress::draw(std::uint64_t done) {
    if (total_ == 0) {
        out_ << fmt::format("\r{}: {}\x1b[K", label_, done) << std::flush;
        return;
    }
    const auto shown = std::min(done, total_);
    const double part = static_cast<double>(shown) / static_cast<double>(total_);
    const auto full = static_cast<std::size_t>(part * static_cast<double>(cells));
    out_ << fmt::format("\r{} [{}{}] {:3.0f}% {}/{}{}\x1b[K", label_, std::string(full, '#'),
                        std::string(cells - full, '.'), part * 100.0, shown, total_,
                        time_left(std::chrono::steady_clock::now() - started_, shown, total_))
         << std::flush;
}

}  // namespace waymark
