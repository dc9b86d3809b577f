#pragma once
// A rulebook made ready for folding: names become indices, kinds are looked up once for each entry. Rules and events
// that the profile's parameters leave out are not there.
#include <array>
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
    incident,
    crime,
    planned,
    plan_ended,
    reviewed,
    independent,
    changed,
    conference,
    convened,
    meeting,
    challenged,
    challenge_passed_on,
    challenge_answered,
    challenge_ended,
    proposed,
    asked,
};

struct KindInfo {
    Part part = Part::other;
    bool answers = false;               // it meets a duty of the very entry that it is about
    bool owed = false;                  // some duty is met by one of its events
    bool inherits = false;              // one of its events reads a field of the entry that it is about
    std::vector<std::uint16_t> events;  // that an entry of this kind may be
};

// Limits of age with the profile's numbers.
struct Ages {
    std::int16_t from = INT16_MIN;
    std::int16_t to = INT16_MAX;
    [[nodiscard]] bool any() const { return from != INT16_MIN || to != INT16_MAX; }
    // Not passed, as far as the record tells.
    [[nodiscard]] bool hold(const std::optional<Born>&, Date day) const;
};

// What an event is matched against: an entry, or one that is still to be made.
struct Candidate {
    const json::object* fields = nullptr;
    std::array<const json::object*, 4> beyond{};  // fields of what it is about, of what that is about, …
    record::Involvements involvement = 0;
    std::string_view agency;  // empty: not known
    Date day;
    const std::optional<Born>* born = nullptr;
};

struct Evaluator;

struct Compiled {
    static constexpr std::uint16_t none = UINT16_MAX;

    struct Test {
        std::string_view field;
        const std::vector<std::string>* codes = nullptr;
        bool except = false;
        bool by_type = false;
        bool inherited = false;
    };
    struct Node {
        const Event* event = nullptr;
        std::vector<Test> tests;
        Ages ages;
        bool active = true;
        std::uint16_t type = none;  // of instance
        std::uint16_t local = 0;    // its place among the events of that type
        bool opens = false;         // an instance
        bool closes = false;
        // Indices of rules, in the order of the rulebook.
        std::vector<std::uint16_t> raises;    // responses from it
        std::vector<std::uint16_t> meets;     // responses that it meets
        std::vector<std::uint16_t> owes;      // responses to it
        std::vector<std::uint16_t> gates;     // conditions and milestones to it
        std::vector<std::uint16_t> excludes;  // from it
        std::vector<std::uint16_t> includes;  // from it
    };
    struct Link {
        std::uint16_t from = none;
        std::uint16_t to = none;
        std::vector<std::uint16_t> also;  // other events that meet or satisfy it
        std::vector<std::uint16_t> since;
        std::vector<std::uint16_t> counts;  // from whose latest execution the clock runs
        std::vector<std::uint16_t> missed;  // events that happen when it is missed
        std::uint16_t first_of_id = 0;      // the first rule with this id
        Ages ages;
        bool active = false;
    };
    struct Type {
        const InstanceType* shape = nullptr;
        std::vector<std::uint16_t> events;
    };

    explicit Compiled(const Rulebook&);
    [[nodiscard]] const KindInfo& kind(std::string_view key) const;
    [[nodiscard]] bool matches(const Node&, const Candidate&) const;
    // How the meeting was attended, as the guard asks.
    [[nodiscard]] bool attended(Attendance, const Candidate&, std::string_view kind,
                                const std::vector<std::string>* procedures = nullptr) const;
    // Of its own type of meeting ("core-group"), else of what it is ("conference", "strategy", "meeting"), else any.
    [[nodiscard]] const content::Quorum& quorum_of(std::string_view kind, const json::object& fields) const;
    // Types that the profile requires on that day, for a child of that age, and that were not among those who attended:
    // what it requires in every procedure, and in these (without them: in all that are in force).
    [[nodiscard]] std::vector<const content::Requirement*> missing(
        const Candidate&, const std::vector<std::string>* procedures = nullptr) const;
    // Whether a list of agencies (keys, or objects with "agency") has one of these types.
    [[nodiscard]] bool has_type(const json::value* list, const std::vector<std::string>& types,
                                std::string_view otherwise) const;
    [[nodiscard]] std::string_view type_of(std::string_view agency) const;

    const Rulebook* book = nullptr;
    std::vector<Node> nodes;
    std::vector<Link> links;  // of each rule
    std::vector<Type> types;
    std::vector<const Evaluator*> cues;  // of each cue; nothing for one that shows entries of an event
    std::vector<std::uint16_t> globals;  // events of no instance
    std::unordered_map<std::string_view, KindInfo> kinds;
    KindInfo unknown;
    const Rule* triage_clock = nullptr;  // the clock of the decision on a concern; may be none

private:
    void add_rule(std::uint16_t rule);
};

// Of a list of agencies: keys, or objects with "agency", perhaps with "service". Who is listed under `attended` with
// `attended = false` only sent a contribution.
struct Attendee {
    std::string_view agency;
    std::string_view service;
    bool contributed = false;
    bool only_sent = false;
};
std::vector<Attendee> listed(const json::value* list);

// Whether a field's value is one of these codes (see Guard).
bool has_code(const json::value* value, const std::vector<std::string>& codes);
bool is_true(const json::object& fields, std::string_view field);

}  // namespace waymark::procedure
