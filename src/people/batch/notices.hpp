#pragma once
// What was not taken of a file, each reason once with its first place.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "people/batch/batch.hpp"

namespace waymark::people::batch {

inline std::string place(const std::string& name, std::uint64_t line) {
    return fmt::format("{}:{}", name, line);
}

// Adds up what is said more than once; keeps the first place.
class Notices {
public:
    void add(std::string where, std::string reason, std::string mend, std::uint64_t times = 1) {
        const auto [at, is_new] = index_.try_emplace(reason, all_.size());
        if (!is_new) {
            all_[at->second].times += times;
        } else if (all_.size() < most_notices) {
            all_.push_back(
                {Fault{FaultKind::invalid, std::move(where), std::move(reason), std::move(mend)}, times, false, {}});
        } else {
            index_.erase(at);
        }
    }
    void add_row(std::string where, const std::string& reason, const std::string& mend) {
        if (const auto at = index_.find(reason); at != index_.end()) {
            auto& notice = all_[at->second];
            ++notice.times;
            if (notice.further_places.size() + 1 < most_places) notice.further_places.push_back(std::move(where));
            return;
        }
        add(std::move(where), reason, mend);
        if (const auto at = index_.find(reason); at != index_.end()) all_[at->second].whole_row = true;
    }
    std::vector<Notice> take() { return std::move(all_); }

private:
    static constexpr std::size_t most_notices = 50;
    static constexpr std::size_t most_places = 20;
    std::map<std::string, std::size_t> index_;
    std::vector<Notice> all_;
};

}  // namespace waymark::people::batch
