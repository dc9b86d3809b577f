#pragma once
// What browsers report of scripts and styles that the Content-Security-Policy stopped. Anybody may send such a report
// and it may hold an address or a piece of a page, so nothing of it is kept: only how many there were of which
// directive goes to the operator's log, at most one line a minute.
#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "web/http.hpp"

namespace waymark::web {

// The directives that were violated, by their place in report_directives; those that are not known count as the last.
// A body of application/csp-report (CSP Level 2) or application/reports+json (Reporting API).
Result<std::vector<std::size_t>> parse_reports(std::string_view body);
extern const std::array<std::string_view, 9> report_directives;

class CspReports {
public:
    explicit CspReports(Log& log) : log_(log) {}
    static constexpr std::size_t most_bytes = 16u << 10;
    static constexpr std::uint64_t most_a_minute = 60;  // reports read; beyond it 429

    // 204; 413, 415 or 429 where it is not read; 400 where it is no report.
    Response take(const Request&, Instant now);
    [[nodiscard]] std::uint64_t counted() const;

private:
    Log& log_;
    mutable std::mutex mutex_;
    std::uint64_t counted_ = 0;
    std::int64_t minute_ = -1;
    std::uint64_t in_minute_ = 0;  // requests
    std::array<std::uint64_t, 9> untold_{};
    bool told_ = false;  // in this minute
};

}  // namespace waymark::web
