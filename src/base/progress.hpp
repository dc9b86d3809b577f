#pragma once
// A progress bar on a terminal, nothing elsewhere.
#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace waymark {

class Progress {
public:
    // `total` 0: unknown, a count is shown. `shown` false: draws nothing.
    Progress(std::ostream& out, std::string label, std::uint64_t total, bool shown);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void advance_to(std::uint64_t done);  // redraws at most ten times a second
    void finish();

private:
    void draw(std::uint64_t done);
    std::ostream& out_;
    std::string label_;
    std::uint64_t total_;
    bool shown_;
    bool finished_ = false;
    std::uint64_t done_ = 0;
    std::chrono::steady_clock::time_point last_{};
    std::chrono::steady_clock::time_point started_;
};

}  // namespace waymark
