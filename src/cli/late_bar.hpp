#pragma once
// A progress bar that is made at the first call, when the total is known.
#include <optional>
#include <string>

#include "base/progress.hpp"
#include "cli/session.hpp"

namespace waymark::cli {

class LateBar {
public:
    LateBar(Terminal& terminal, std::string label) : terminal_(terminal), label_(std::move(label)) {}
    void operator()(std::uint64_t n, std::uint64_t total) {
        if (!bar_) bar_.emplace(terminal_.err, label_, total, terminal_.progress);
        bar_->advance_to(n);
    }

private:
    Terminal& terminal_;
    std::string label_;
    std::optional<Progress> bar_;
};

}  // namespace waymark::cli
