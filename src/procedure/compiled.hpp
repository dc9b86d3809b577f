#pragma once
// A rulebook made ready for folding: names become indices, kinds are looked up once for each entry.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "procedure/procedure.hpp"

namespace waymark::procedure {

// What the cues and the history know a kind as.
enum class Part : std::uint8_t {
    other,
    concern,
    referral,
    triage,
    classified,
    judged,
    visit,
    action,
    support,
    disclosure,
    charge,
    sentence,
    proceedings,
    strategy,
    opened,
    closed,
    dismissed,
};

struct KindInfo {
    Part part = Part::other;
    bool answers = false;               // it meets a duty of the very entry that it is about
    std::vector<std::uint16_t> events;  // that an entry of this kind may be
};

struct Compiled {
    struct Test {
        std::string_view field;
        const std::vector<std::string>* codes = nullptr;
        bool except = false;
    };
    struct Node {
        const Event* event = nullptr;
        std::vector<Test> tests;
        // Indices of rules, in the order of the rulebook.
        std::vector<std::uint16_t> raises;    // responses from it
        std::vector<std::uint16_t> meets;     // responses that it meets
        std::vector<std::uint16_t> gates;     // conditions and milestones to it
        std::vector<std::uint16_t> excludes;  // from it
        std::vector<std::uint16_t> includes;  // from it
    };

    explicit Compiled(const Rulebook&);
    [[nodiscard]] const KindInfo& kind(std::string_view key) const;
    // Whether an entry with these fields and involvement is this event.
    [[nodiscard]] bool matches(const Node&, const json::object& fields, record::Involvements) const;

    const Rulebook* book = nullptr;
    std::vector<Node> nodes;
    std::vector<std::uint16_t> from;  // of each rule
    std::vector<std::uint16_t> to;
    std::unordered_map<std::string_view, KindInfo> kinds;
    KindInfo unknown;
    const Rule* triage_clock = nullptr;  // the clock of the decision on a concern; may be none
};

// Whether a field's value is one of these codes (see Guard).
bool has_code(const json::value* value, const std::vector<std::string>& codes);
bool is_true(const json::object& fields, std::string_view field);

}  // namespace waymark::procedure
