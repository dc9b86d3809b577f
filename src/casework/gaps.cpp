// Two walks over the lines: one that every entry ends, one that only a seeing ends.
#include "casework/gaps.hpp"

#include <algorithm>

#include "casework/child.hpp"

namespace waymark::casework {

namespace {

bool is_seeing(const Line& line) {
    const auto& entry = line.entry;
    return entry.row.kind == "visit.made" && (is_true(entry.body, "seen") || is_true(entry.body, "seen_alone"));
}

void silence(std::vector<Gap>& gaps, Date after, Date before, bool seeing, bool open) {
    const auto days = static_cast<int>((before - after).count());
    if (days > shown_silence_days) gaps.push_back({after, before, days, seeing, open});
}

}  // namespace

std::vector<Gap> gaps_of(const Office& office, std::span<const Line> lines, bool case_open, Date today) {
    std::vector<Gap> gaps;
    std::optional<Date> any;
    std::optional<Date> seen;
    for (const auto& line : lines) {
        if (line.superseded) continue;
        const auto day = office.calendar->day_of(line.entry.row.at);
        const auto* kind = office.catalogue.find(line.entry.row.kind);
        if (!any && (kind == nullptr || !kind->opens_case)) continue;
        if (any) silence(gaps, *any, day, false, false);
        any = day;
        if (!seen) seen = day;
        if (!is_seeing(line)) continue;
        silence(gaps, *seen, day, true, false);
        seen = day;
    }
    if (case_open && any) {
        silence(gaps, *any, today, false, true);
        silence(gaps, *seen, today, true, true);
    }
    // Where both are the same stretch, that nobody wrote anything says it all.
    std::erase_if(gaps, [&](const Gap& gap) {
        return gap.seeing && std::any_of(gaps.begin(), gaps.end(), [&](const Gap& other) {
                   return !other.seeing && other.after == gap.after && other.before == gap.before;
               });
    });
    std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.before < b.before; });
    return gaps;
}

std::optional<LastSeen> last_seen(const Office& office, std::span<const Line> lines) {
    for (std::size_t n = lines.size(); n > 0; --n) {
        const auto& line = lines[n - 1];
        if (!line.superseded && is_seeing(line))
            return LastSeen{office.calendar->day_of(line.entry.row.at), line.source};
    }
    return std::nullopt;
}

}  // namespace waymark::casework
