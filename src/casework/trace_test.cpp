// What may not be known leaves no trace in what is answered to an identifier, a reference or a search.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/two_agencies.hpp"

using namespace waymark;
using namespace testing;

namespace {

// What an import by this practitioner answers to a line about a new child of their own.
std::string answer_to(OpenOffice& world, std::string_view who, const std::string& kind, const std::string& more,
                      const std::string& subject = {}) {
    static int last = 0;
    const auto asker = world.asker(who);
    const auto line = fmt::format(
        R"({{"kind":"{}","at":"2026-03-01","agency":"{}","author":"{}","id":"t{}","body":{}{},)"
        R"("subjects":[{{"involvement":"displayed",{}}}]}})",
        kind, asker.agency, who, ++last, kind == "concern.raised" ? R"({"about_what":"other"})" : R"({"seen":true})",
        more,
        subject.empty() ? R"("identity":{"source":"own","id":"n1","given_name":"Zed","family_name":"Ng"})" : subject);
    const auto permit = must(world.office().gate->ask(asker, record::Action::append));
    const auto outcome = world.take_drafts({world.draft(line)}, permit).front();
    return outcome.faults.empty() ? "taken" : describe(outcome.faults.front());
}
void hide(OpenOffice& world, const std::string& agency, const std::string& level, const std::string& id) {
    known(
        world, agency, id, is_ada,
        {"r-" + id, "2026-02-03", "restriction.set", fmt::format(R"({{"level":"{}","persons":["t.okafor"]}})", level)});
}
record::Identity named(const char* given, const char* postcode) {
    record::Identity query;
    query.given_name = given;
    query.family_name = "Lindgren";
    query.postcode = postcode;
    return query;
}

}  // namespace

TEST_CASE("a line that refers to what its sender may not see is answered as for what is not there, whatever its kind") {
    for_each_office([](OpenOffice& world) {
        const auto ada = known(world, "police", "ada", is_ada);
        const auto none = answer_to(world, "y.chen", "concern.raised", R"(,"about":"police/c-nobody")");
        CHECK(none.find("There is no entry with this id") != std::string::npos);
        // A child whom the health trust does not know: neither by the agency's words nor by the entry's id.
        CHECK(answer_to(world, "y.chen", "concern.raised", R"(,"about":"police/c-ada")") == none);
        CHECK(answer_to(world, "y.chen", "concern.raised",
                        fmt::format(R"(,"about":"{}")", to_string(ada.entries.front()))) == none);
        const auto person = answer_to(world, "y.chen", "concern.raised", "",
                                      fmt::format(R"("person":"{}")", to_string(ada.records.front())));
        CHECK(person.find("There is no person with this id") != std::string::npos);
        // The front door sees it.
        CHECK(answer_to(world, "m.brennan", "concern.raised", R"(,"about":"police/c-ada")") == "taken");
        hide(world, "police", "hidden", "ada");
        CHECK(answer_to(world, "m.brennan", "concern.raised", R"(,"about":"police/c-ada")") == none);
        CHECK(answer_to(world, "m.brennan", "concern.raised", "",
                        fmt::format(R"("person":"{}")", to_string(ada.records.front()))) == person);
    });
}

TEST_CASE("who may not write about a child whom their agency only knows may not write about a hidden one either") {
    for_each_office([](OpenOffice& world) {
        known(world, "police", "ada", is_ada);
        hide(world, "police", "hidden", "ada");
        const auto about = [&](const char* id, const std::string& identity) {
            return answer_to(world, "k.sandhu", "visit.made", "",
                             fmt::format(R"("identity":{{"source":"own","id":"{}",{}}})", id, identity));
        };
        const auto usual = about("o1", R"("given_name":"Zed","family_name":"Ng","date_of_birth":"2011-01-02")");
        CHECK(usual.find("works no open case") != std::string::npos);
        CHECK(about("o2", is_ada) == usual);
    });
}

TEST_CASE("what somebody wrote themselves they may refer to, whatever has become of the record since") {
    for_each_office([](OpenOffice& world) {
        world.take(fmt::format(
            R"({{"kind":"concern.raised","at":"2026-02-02","agency":"health","author":"y.chen","id":"own","body":{{"about_what":"other"}},)"
            R"("subjects":[{{"involvement":"displayed","identity":{{"source":"mis","id":"ada",{}}}}}]}})",
            is_ada));
        hide(world, "health", "hidden", "ada");
        CHECK(answer_to(world, "y.chen", "concern.raised", R"(,"about":"own")") == "taken");
    });
}

TEST_CASE("who sees their own agency's view of a child alone is not answered to another agency's") {
    for_each_office([](OpenOffice& world) {
        const auto own = known(world, "education", "ada", is_ada);
        const auto theirs = known(world, "csc", "ada-c", is_ada);
        REQUIRE(world.person_of(own.records.front()) == world.person_of(theirs.records.front()));
        const auto page = [&](std::string_view who, ViewId view) {
            return casework::person_page(world.office(), world.asker(who), view, std::nullopt);
        };
        CHECK(page("e.vasquez", own.records.front()));
        CHECK(page("m.brennan", theirs.records.front()));
        ViewId nobody;
        nobody.value.octets[3] = 9;
        const auto other = page("e.vasquez", theirs.records.front());
        REQUIRE_FALSE(other);
        CHECK(other.error() == page("e.vasquez", nobody).error());
    });
}

TEST_CASE(
    "a child who is known by name alone is found and weighed by name and birth, not by an address that is asked for") {
    for_each_office([](OpenOffice& world) {
        known(world, "police", "ada", is_ada);
        hide(world, "police", "named-only", "ada");
        const auto search = [&](const record::Identity& query) {
            return must(casework::who_may_this_be(world.office(), world.asker("a.rahman"), query, 10));
        };
        auto right = named("Ada", "NB1 4AA");
        auto wrong = named("Ada", "NB7 1ZZ");
        right.date_of_birth = wrong.date_of_birth = parse_date("2012-04-05").value();
        const auto a = search(right);
        const auto b = search(wrong);
        REQUIRE(a.size() == 1);
        REQUIRE(b.size() == 1);
        CHECK(a.front().comparison.weight == b.front().comparison.weight);
        CHECK(a.front().outcome == b.front().outcome);
        CHECK(search(named("", "NB1 4AA")).size() == search(named("", "NB7 1ZZ")).size());
    });
}
