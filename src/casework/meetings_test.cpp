// Who has never met: the same from what is kept as from folding every case, for everybody as much as they may know.
#include "casework/meetings.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/open_office.hpp"

using namespace waymark;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

// An entry of the case of one child of the social care department.
std::string entry_of_child(int child, const std::string& id, const std::string& at, const std::string& kind,
                           const std::string& body, const std::string& more = {}) {
    return fmt::format(
        R"({{"kind":"{}","at":"{}","agency":"csc","author":"m.brennan","subjects":[{{"involvement":"displayed","identity":{{"source":"mis","id":"{}","given_name":"Ada","family_name":"Family{}","date_of_birth":"2012-04-{:02}"}}}}],"body":{},"id":"{}-{}"{}}})",
        kind, at, child, child, child + 1, body, id, child, more);
}
CaseId concern_of_child(OpenOffice& world, int child, const std::string& day, const std::string& more = {}) {
    return world
        .take(entry_of_child(child, "raised", day + "T09:00:00Z", "concern.raised",
                             R"({"about_what":"displayed-behaviour"})", more))
        .cases.front();
}
void decide_for_child(OpenOffice& world, int child, const std::string& day) {
    world.take(entry_of_child(child, "decided", day + "T12:00:00Z", "triage.decided", R"({"outcome":"assessment"})",
                              fmt::format(R"(,"about":"csc/raised-{}")", child)));
}
void all_meet_about_child(OpenOffice& world, int child, const std::string& at) {
    world.take(entry_of_child(child, "met", at, "strategy.held",
                              R"({"attended":["csc","police","health","yjs","education"]})"));
}
casework::Unmet listed_for(const OpenOffice& world, const record::Asker& asker, casework::Range range = {}) {
    return must(casework::never_all_met(world.office(), asker, 1, range));
}
std::vector<CaseId> cases_listed(const casework::Unmet& unmet) {
    std::vector<CaseId> ids;
    for (const auto& one : unmet.cases) ids.push_back(one.case_id);
    return ids;
}
// The naive way: every case folded.
casework::Unmet folded_whole(const OpenOffice& world, const record::Asker& asker) {
    casework::Unmet all;
    CHECK(casework::standings(world.office(), asker, world.office().clock.now(), 1,
                              [&](const procedure::Standing& standing) {
                                  if (!casework::ought_to_meet(standing)) return true;
                                  ++all.open_cases;
                                  if (standing.gathering.all_met) return true;
                                  ++all.never_met;
                                  all.past_triage += standing.gathering.past_triage ? 1 : 0;
                                  return true;
                              })
              .has_value());
    return all;
}
void check_as_folded(const OpenOffice& world, const record::Asker& asker) {
    const auto kept = listed_for(world, asker, {0, 200});
    const auto whole = folded_whole(world, asker);
    CHECK(kept.open_cases == whole.open_cases);
    CHECK(kept.never_met == whole.never_met);
    CHECK(kept.past_triage == whole.past_triage);
    CHECK(kept.cases.size() == whole.never_met);
    CHECK_FALSE(kept.partly);
}

}  // namespace

TEST_CASE("a store in which a case was not folded since it keeps who has met says so, until it is rebuilt") {
    for_each_office([](OpenOffice& world) {
        concern_of_child(world, 1, "2026-03-02");
        CHECK(must(casework::gatherings_are_kept(world.office())));
        store::CaseRow row;
        row.case_id.value.octets[15] = 9;
        row.record.value.octets[15] = 9;
        row.opened = world.office().clock.now();
        CHECK(world.office()
                  .store
                  .write([&](store::Transaction& tx) -> Result<void> {
                      tx.insert_cases(world.office().partnership, std::vector{row});
                      return {};
                  })
                  .has_value());
        CHECK_FALSE(must(casework::gatherings_are_kept(world.office())));
    });
}

TEST_CASE("the list comes past a decision first and then by the longest open, a page at a time, as the fold has it") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-10T09:00:00Z"));
        const auto third = concern_of_child(world, 1, "2026-02-02");
        const auto second = concern_of_child(world, 2, "2026-02-20");
        const auto first = concern_of_child(world, 3, "2026-02-10");
        const auto met = concern_of_child(world, 4, "2026-02-01");
        const auto closed = concern_of_child(world, 5, "2026-02-01");
        decide_for_child(world, 2, "2026-02-21");
        decide_for_child(world, 3, "2026-02-11");
        decide_for_child(world, 4, "2026-02-02");
        all_meet_about_child(world, 4, "2026-02-03T09:00:00Z");
        world.take(entry_of_child(5, "decided", "2026-02-02T12:00:00Z", "triage.decided",
                                  R"({"outcome":"no-further-action"})", R"(,"about":"csc/raised-5")"));
        const auto front = world.asker("m.brennan", "triage");
        const auto all = listed_for(world, front);
        CHECK(cases_listed(all) == std::vector<CaseId>{first, second, third});
        CHECK(all.cases[0].name == "Ada Family3");
        CHECK_FALSE(all.cases[0].missing.empty());
        CHECK(cases_listed(listed_for(world, front, {1, 1})) == std::vector<CaseId>{second});
        CHECK(listed_for(world, front, {5, 10}).cases.empty());
        CHECK(listed_for(world, front, {5, 10}).never_met == 3);
        const auto& listed = cases_listed(all);
        CHECK(std::find(listed.begin(), listed.end(), met) == listed.end());
        CHECK(std::find(listed.begin(), listed.end(), closed) == listed.end());
        check_as_folded(world, front);
        REQUIRE(casework::rebuild(world.office(), {}).has_value());
        check_as_folded(world, front);
        CHECK(cases_listed(listed_for(world, front)) == std::vector<CaseId>{first, second, third});
    });
}

TEST_CASE("a case with an entry that is marked for some readers only is counted and listed for these alone") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-10T09:00:00Z"));
        const auto open = concern_of_child(world, 1, "2026-02-02");
        const auto marked = concern_of_child(world, 2, "2026-02-01", R"(,"marking":"named-only")");
        const auto front = world.asker("m.brennan", "triage");
        const auto duty = world.asker("l.haddad");
        CHECK(cases_listed(listed_for(world, front)) == std::vector<CaseId>{open});
        CHECK(listed_for(world, front).open_cases == 1);
        CHECK(cases_listed(listed_for(world, duty)) == std::vector<CaseId>{marked, open});
        check_as_folded(world, front);
        check_as_folded(world, duty);
        for (const auto& one : world.office().profile.practitioners) {
            if (one.role != "board-chair") continue;
            const auto counted = listed_for(world, world.asker(one.key, "measures"));
            CHECK(counted.counts_only);
            CHECK(counted.never_met == 2);
        }
    });
}

TEST_CASE("who may read their own agency's entries only is told of its children, from what it knows") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-10T09:00:00Z"));
        concern_of_child(world, 1, "2026-02-02");
        for (const auto& one : world.office().profile.practitioners) {
            if (one.role != "school-lead" && one.role != "early-years-lead") continue;
            const auto asker = world.asker(one.key);
            CHECK(listed_for(world, asker).open_cases == 0);
            check_as_folded(world, asker);
        }
    });
}

TEST_CASE("a child is listed by a name that some agency has, where the oldest record of them holds none") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-10T09:00:00Z"));
        const auto identity_of_child = [](const std::string& agency, const std::string& id, const std::string& name,
                                          const std::string& kind, const std::string& body) {
            return fmt::format(
                R"({{"kind":"{}","at":"2026-02-02","agency":"{}","author":"import","id":"e-{}","subjects":[{{"involvement":"subject","identity":{{"source":"register","id":"{}","upn":"A801200001001","nhs_number":"9434765919","postcode":"NB4 7QT","date_of_birth":"2012-04-03"{}}}}}],"body":{}}})",
                kind, agency, id, id, name, body);
        };
        world.take(identity_of_child("csc", "c1", "", "referral.received", R"({"source":"1A"})"));
        CHECK(listed_for(world, world.asker("m.brennan", "triage")).cases[0].name == "Name not known");
        world.clock().advance(std::chrono::hours(1));
        world.take(identity_of_child("education", "s1", R"(,"given_name":"Ada","family_name":"Family")",
                                     "identity.recorded", "{}"));
        CHECK(listed_for(world, world.asker("m.brennan", "triage")).cases[0].name == "Ada Family");
    });
}

TEST_CASE("a child of two cases is listed by name in both") {
    for_each_office([](OpenOffice& world) {
        world.clock().set(*parse_instant("2026-03-10T09:00:00Z"));
        concern_of_child(world, 1, "2026-02-02", R"(,"case":"k1")");
        world.take(entry_of_child(1, "again", "2026-02-20T09:00:00Z", "concern.raised",
                                  R"({"about_what":"displayed-behaviour"})", R"(,"case":"k2")"));
        const auto unmet = listed_for(world, world.asker("m.brennan", "triage"));
        REQUIRE(unmet.cases.size() == 2);
        CHECK(unmet.cases[0].name == "Ada Family1");
        CHECK(unmet.cases[1].name == "Ada Family1");
    });
}
