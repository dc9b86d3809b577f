#include "casework/justice.hpp"

#include <algorithm>
#include <array>

#include "casework/child.hpp"
#include "record/entry.hpp"

namespace waymark::casework {

namespace {

constexpr int support_lasts_days = 28;  // outside contract, section 5: unsupported days

struct StageOf {
    std::string_view kind;
    std::string_view name;
};
constexpr std::array<StageOf, 8> stages{{{"disclosure.made", "Disclosure"},
                                         {"crime.recorded", "Crime recorded"},
                                         {"investigation.opened", "Investigation opened"},
                                         {"investigation.closed", "Investigation closed"},
                                         {"charge.decided", "Charge decision"},
                                         {"hearing.held", "First hearing"},
                                         {"conviction.recorded", "Conviction"},
                                         {"sentence.passed", "Sentence"}}};

// What ends the waiting, in words; empty where the entry does not.
std::string ends_waiting(const Office& office, const Line& line) {
    const auto& entry = line.entry;
    const auto& kind = entry.row.kind;
    const auto label = [&] {
        const auto* known = office.catalogue.find(kind);
        return known == nullptr ? kind : known->label;
    };
    if (kind == "sentence.passed" || kind == "proceedings.ended") return label();
    if (kind == "charge.decided") {
        const auto decision = string_or(entry.body, "decision", "");
        if (decision == "no-charge" || decision == "out-of-court")
            return label() + ": " + words_of_code(office.catalogue.find(kind), "decision", decision);
    }
    return record::ends_case(kind, entry.body) ? label() : std::string();
}

int unsupported(const std::vector<Date>& supported, Date from, Date to) {
    int days = 0;
    for (Date day = from; day < to; day += std::chrono::days(1)) {
        const bool has = std::any_of(supported.begin(), supported.end(),
                                     [&](Date one) { return one <= day && (day - one).count() < support_lasts_days; });
        days += has ? 0 : 1;
    }
    return days;
}

}  // namespace

JusticePath justice_of(const Office& office, std::span<const Line> lines, Date today) {
    JusticePath path;
    for (const auto& stage : stages) path.stages.push_back({std::string(stage.name), nullptr, std::nullopt});
    std::vector<Date> supported;
    for (const auto& line : lines) {
        if (line.superseded || line.entry.row.kind.empty()) continue;
        const auto& kind = line.entry.row.kind;
        const auto day = office.calendar->day_of(line.entry.row.at);
        for (std::size_t n = 0; n < stages.size(); ++n) {
            if (stages[n].kind == kind && path.stages[n].line == nullptr) path.stages[n].line = &line;
        }
        const auto* known = office.catalogue.find(kind);
        if (known != nullptr && known->group == "justice") path.last = &line;
        if (kind == "support.delivered") supported.push_back(day);
        if (kind == "disclosure.made" && !path.disclosed) path.disclosed = day;
        if (!path.disclosed || path.ended) continue;
        if (auto words = ends_waiting(office, line); !words.empty()) {
            path.ended = day;
            path.ended_as = std::move(words);
        }
    }
    path.any = path.last != nullptr || path.disclosed.has_value();
    if (!path.disclosed) return path;
    for (auto& stage : path.stages) {
        if (stage.line != nullptr)
            stage.days =
                static_cast<int>((office.calendar->day_of(stage.line->entry.row.at) - *path.disclosed).count());
    }
    // It waits for what comes after the furthest stage on record: one that was passed over may never come.
    for (std::size_t n = path.stages.size(); n > 0 && !path.ended && path.stages[n - 1].line == nullptr; --n)
        path.waits_for = path.stages[n - 1].name;
    const auto until = path.ended.value_or(today);
    path.waiting_days = static_cast<int>((until - *path.disclosed).count());
    path.unsupported_days = unsupported(supported, *path.disclosed, until);
    return path;
}

}  // namespace waymark::casework
