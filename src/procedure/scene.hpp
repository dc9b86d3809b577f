#pragma once
// What a cue looks at: the fold and the entries behind it, at one moment. For the sources of this room only.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "procedure/fold.hpp"

namespace waymark::procedure {

struct Scene {
    const Compiled& compiled;
    const Calendar& calendar;
    const Known& known;
    const History& history;
    const Fold& fold;
    const Gathering& gathering;
    Instant now;
    Date today;

    [[nodiscard]] const record::Fact& fact(std::uint32_t at) const { return known.fact(at); }
    [[nodiscard]] Date day_of(std::uint32_t at) const { return calendar.day_of(known.fact(at).at); }
    [[nodiscard]] Part part(std::uint32_t at) const { return known.items()[at].kind->part; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(known.items().size()); }
    [[nodiscard]] bool is_open() const { return fold.opened_by() && !fold.closed(); }
    // The first entry of this part that `at` is about, over at most four steps; `none` where there is none.
    [[nodiscard]] std::uint32_t about(std::uint32_t at, Part) const;
    // Whether the entry is one of these events.
    [[nodiscard]] bool is_one_of(std::uint32_t at, const std::vector<std::string>& events) const;
};

int parameter(const CueRule&, const std::string& name);
Cue cue_of(const CueRule&);
std::string counted(std::size_t n, std::string_view one, std::string_view many);

using Evaluate = std::optional<Cue> (*)(const Scene&, const CueRule&);
struct Evaluator {
    std::string_view id;
    Evaluate evaluate;
    std::string_view owner;   // where the rulebook names none
    std::string_view ends;    // what ends it, in words
    bool by_entries = false;  // it rests on entries and days alone: another rulebook shows the same
};
// About what was written of the child before.
std::span<const Evaluator> cues_of_concerns();
// About what was done, and was not.
std::span<const Evaluator> cues_of_work();

Gathering gathering_of(const Compiled&, const Calendar&, const Known&, const Fold&, Date today);

}  // namespace waymark::procedure
