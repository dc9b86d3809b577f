#pragma once
// Ada Lindgren, whose record is read, restricted, given and opened in an emergency.
#include <string>

#include <fmt/format.h>

#include "support/two_agencies.hpp"
#include "support/two_people.hpp"

namespace waymark::testing {

// A child whose concern the school raised, taken on by children's social care on 2 February.
struct Ada {
    explicit Ada(OpenOffice& w) : world(w) {
        const auto concern = known(world, "education", "ada", is_ada);
        view = concern.records.front();
        case_id = concern.cases.front();
        raised = concern.entries.front();
    }
    // An entry in her record and case.
    casework::Outcome add(const std::string& kind, const std::string& at, const std::string& body,
                          const std::string& agency = "csc", const std::string& author = "m.brennan",
                          const std::string& more = {}) {
        const auto outcome = world.take(fmt::format(
            R"({{"kind":"{}","at":"{}","recorded":"{}T12:00:00Z","agency":"{}","author":"{}","id":"e{}","body":{}{},)"
            R"("subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
            kind, at, at, agency, author, ++last, body, more, to_string(view)));
        REQUIRE_MESSAGE(outcome.taken == casework::Taken::taken,
                        (outcome.faults.empty() ? "" : describe(outcome.faults.front())));
        return outcome;
    }
    void triaged() {
        add("triage.decided", "2026-02-03", R"({"outcome":"assessment","rationale":"Weighed"})", "csc", "m.brennan",
            R"(,"about":"education/c-ada")");
    }
    void restricted(const std::string& level, const std::string& names = "") {
        add("restriction.set", "2026-02-04", fmt::format(R"({{"level":"{}","persons":[{}]}})", level, names));
    }
    Result<casework::PersonPage> read(std::string_view who, std::string_view purpose = "safeguarding") {
        return casework::person_page(world.office(), world.asker(who, purpose), view, std::nullopt);
    }
    // The evening of that day.
    void on(const char* day) { world.clock().set(*parse_instant(fmt::format("{}T18:00:00Z", day))); }

    OpenOffice& world;
    ViewId view;
    CaseId case_id;
    EntryId raised;
    int last = 0;
};

}  // namespace waymark::testing
