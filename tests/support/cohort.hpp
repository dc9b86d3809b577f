#pragma once
// Twenty-four synthetic children, built from the published figures of the joint inspection of 2013 (Community Care,
// 6 February 2013; Family Law Week on the same; Sefton's manual, chapter 20.1): 24 cases, 11 with documented earlier
// concerns that were closed without action or met with disbelief; an average of eight months from disclosure to
// sentence, with little or no work meanwhile; 23 responded; 1 had offended again six months after.
//
// Where the sources are silent this cohort assumes:
// - eight months are 243 days, spread evenly from 174 to 312;
// - the earlier concern was held by the school (even numbers) or a health service (odd), 150 days before the
// disclosure;
//   a third were closed with no further action, a third with advice, a third have no decision at all;
// - two of the eleven had a second earlier concern, 60 days before, closed without a look at the first;
// - the strategy discussion was held on the seventh day, by social care and police alone;
// - a charge on the hundredth day, a conviction 20 days before sentence; half had a plan after disposal, on day 30;
// - the child who offended again is the one who did not respond.
// No child of it is real, and nothing in it describes behaviour.
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/time.hpp"

namespace waymark::testing {

struct CohortChild {
    std::size_t n = 0;
    std::string source_id;  // at social care; the system is "mis"
    std::vector<Date> earlier;
    bool never_decided = false;  // of the first earlier concern
    Date disclosure;
    Date sentence;
    bool plan_in_time = false;
    bool responded = true;
    bool further_offence = false;
    std::vector<std::string> lines;  // of the contract, in the order of their dates
};

inline std::vector<CohortChild> cohort() {
    using std::chrono::days;
    constexpr std::array<const char*, 24> given{
        "Abel",  "Bram",   "Cyril", "Dilan", "Edwin",   "Farid", "Gareth", "Hugo",  "Idris", "Jonas",  "Kofi", "Lloyd",
        "Milan", "Nikhil", "Oscar", "Pavel", "Quentin", "Rhys",  "Silas",  "Tariq", "Umar",  "Viktor", "Wilf", "Yusuf"};
    constexpr std::array<const char*, 24> family{
        "Ashgrove",  "Birchall", "Coldwell",  "Dunmore",  "Eastlake",  "Fernside",  "Glenfield", "Hartwood",
        "Inglewood", "Jarrow",   "Kirkham",   "Langdale", "Merrivale", "Northcote", "Oakhurst",  "Penrose",
        "Quenby",    "Ravensby", "Silverton", "Thornley", "Underhill", "Vaughton",  "Westbrook", "Yarwood"};
    const auto first = make_date(2024, 1, 8);
    std::vector<CohortChild> all;
    for (std::size_t n = 0; n < given.size(); ++n) {
        CohortChild child;
        const auto i = static_cast<int>(n);
        child.n = n;
        child.source_id = fmt::format("s{}", n);
        child.disclosure = first + days{7 * i};
        child.sentence = child.disclosure + days{174 + 6 * i};
        child.plan_in_time = n % 2 == 0;
        child.responded = n != 23;
        child.further_offence = n == 23;
        const auto born =
            format_date(make_date(2009 + i % 3, 1 + static_cast<unsigned>(n % 12), 1 + static_cast<unsigned>(n)));
        const auto who = [&](const std::string& source_id) {
            return fmt::format(
                R"("identity":{{"source":"mis","id":"{}","given_name":"{}","family_name":"{}","date_of_birth":"{}",)"
                R"("postcode":"NB{} {}AA","address":"{} Quay Street"}})",
                source_id, given[n], family[n], born, 1 + n % 5, 1 + n % 9, 3 + n);
        };
        const auto add = [&](const std::string& kind, Date at, const std::string& agency, const std::string& id,
                             const std::string& body, const std::string& about = {}) {
            const auto source_id = agency == "education" ? fmt::format("e{}", n)
                                   : agency == "health"  ? fmt::format("h{}", n)
                                                         : child.source_id;
            child.lines.push_back(fmt::format(
                R"({{"kind":"{}","at":"{}","recorded":"{}T12:00:00Z","agency":"{}","author":"someone","id":"{}-{}",)"
                R"("body":{},{}"subjects":[{{"involvement":"displayed",{}}}]}})",
                kind, format_date(at), format_date(at), agency, id, n, body,
                about.empty() ? "" : fmt::format(R"("about":"{}-{}",)", about, n), who(source_id)));
        };
        const std::string concern = R"({"about_what":"displayed-behaviour"})";
        if (n < 11) {
            const std::string holder = n % 2 == 0 ? "education" : "health";
            child.earlier.push_back(child.disclosure - days{150});
            add("concern.raised", child.earlier.back(), holder, "earlier", concern);
            child.never_decided = n % 3 == 2;
            if (!child.never_decided) {
                add("triage.decided", child.earlier.back() + days{3}, holder, "closed",
                    n % 3 == 0 ? R"({"outcome":"no-further-action"})" : R"({"outcome":"advice"})", "earlier");
            }
            if (n < 2) {
                child.earlier.push_back(child.disclosure - days{60});
                add("concern.raised", child.earlier.back(), holder, "again", concern);
                add("triage.decided", child.earlier.back() + days{3}, holder, "closed-again",
                    R"({"outcome":"no-further-action"})", "again");
            }
        }
        add("concern.raised", child.disclosure, "csc", "concern", concern);
        add("disclosure.made", child.disclosure, "csc", "disclosure", R"({"to":"school"})", "concern");
        add("triage.decided", child.disclosure + days{1}, "csc", "triage", R"({"outcome":"strategy-discussion"})",
            "concern");
        add("strategy.held", child.disclosure + days{7}, "csc", "strategy", R"({"attended":["csc","police"]})",
            "concern");
        add("charge.decided", child.disclosure + days{100}, "csc", "charge",
            R"({"decision":"charge","diversion_considered":false})");
        add("conviction.recorded", child.sentence - days{20}, "csc", "conviction", R"({"order":"referral-order"})");
        add("sentence.passed", child.sentence, "csc", "sentence", R"({"order":"referral-order"})");
        if (child.plan_in_time) {
            add("plan.agreed", child.sentence + days{15}, "csc", "plan", R"({"type":"after-disposal"})");
        }
        add("outcome.recorded", child.sentence + days{183}, "csc", "outcome",
            child.further_offence ? R"({"engagement":"poor","further":["offence"],"window_months":6})"
                                  : R"({"engagement":"good","further":[],"window_months":6})");
        all.push_back(std::move(child));
    }
    return all;
}

}  // namespace waymark::testing
