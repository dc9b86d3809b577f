// The table of lawful bases of content/access and the function over it.
#include "sharing/telling.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace waymark;
using sharing::basis_for;

namespace {

std::string bases_text() {
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/content/access/bases.toml");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}
sharing::Bases shipped_bases() {
    auto parsed = sharing::parse_bases(bases_text(), "bases.toml");
    REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : describe(parsed.error())));
    return std::move(*parsed);
}
content::Agency of_type(const std::string& type) {
    content::Agency made;
    made.key = type;
    made.name = "The " + type;
    made.type = type;
    return made;
}
const Date today = *parse_date("2026-11-22");

std::string code_of(const sharing::Bases& bases, const content::Agency& from, const content::Agency& to,
                    std::string_view purpose, std::string_view content, std::string_view nation = "england") {
    const auto basis = basis_for(bases, {&from, &to, purpose, content, nation, today});
    return basis ? basis->code() : "refused: " + basis.error().reason;
}
constexpr std::array all_purposes{"safeguarding", "triage",   "immediate-danger", "assessment",
                                  "plan",         "enquiry",  "criminal-justice", "supervision",
                                  "audit",        "measures", "operation",        "subject-access"};
constexpr std::array all_contents{"name",     "concerns",     "feedback", "check-answer", "challenge", "plan",
                                  "meetings", "consultation", "justice",  "identity",     "access",    "chronology"};

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a nursery is told by a council: each has its own article, and a gateway joins them") {
    const auto bases = shipped_bases();
    CHECK(code_of(bases, of_type("social-care"), of_type("early-years"), "triage", "feedback") ==
          "public-task.sch1-18_recognised.sch1-18_ca-2004-16e_2026-1");
}

TEST_CASE("the regime goes with the purpose: police enforce the law under Part 3 and safeguard under the UK GDPR") {
    const auto bases = shipped_bases();
    CHECK(code_of(bases, of_type("police"), of_type("social-care"), "criminal-justice", "justice") ==
          "enforcement.sch8-4_public-task.art-10_cda-1998-115_2026-1");
    CHECK(code_of(bases, of_type("police"), of_type("social-care"), "safeguarding", "concerns") ==
          "public-task.sch1-18_public-task.sch1-18_ca-2004-10_2026-1");
}

TEST_CASE("an enquiry goes by section 47, an assessment by section 17, and a name needs no further condition") {
    const auto bases = shipped_bases();
    CHECK(code_of(bases, of_type("health"), of_type("social-care"), "enquiry", "check-answer") ==
          "public-task.sch1-18_public-task.sch1-18_ca-1989-47_2026-1");
    CHECK(code_of(bases, of_type("health"), of_type("social-care"), "assessment", "name") ==
          "public-task_public-task_ca-1989-17_2026-1");
}

TEST_CASE("the duty to share is not used before the day on which it is said to be in force") {
    const auto with = sharing::parse_bases(
        replaced(bases_text(), "nations = [\"england\"]\nsource = \"Children’s Wellbeing",
                 "nations = [\"england\"]\nin_force = 2026-11-01\nsource = \"Children’s Wellbeing"),
        "bases.toml");
    REQUIRE(with);
    const auto health = of_type("health");
    const auto police = of_type("police");
    const auto on = [&](const sharing::Bases& bases, const char* day) {
        return basis_for(bases, {&health, &police, "safeguarding", "concerns", "england", *parse_date(day)})->gateway;
    };
    CHECK(on(shipped_bases(), "2030-01-01") == "ca-2004-10");
    CHECK(on(*with, "2026-10-31") == "ca-2004-10");
    CHECK(on(*with, "2026-11-01") == "ca-2004-16la");
}

TEST_CASE("the profile's own regime and article of an agency go over those of its type") {
    const auto bases = shipped_bases();
    auto service = of_type("youth-justice");
    service.regime = "part-3";
    CHECK(code_of(bases, service, of_type("health"), "safeguarding", "plan") ==
          "enforcement.sch8-4_public-task.sch1-18_ca-2004-10_2026-1");
    auto nursery = of_type("early-years");
    nursery.article = "public-task";
    CHECK(basis_for(bases, {&nursery, &nursery, "safeguarding", "plan", "england", today})->from.article ==
          "public-task");
    content::Profile profile;
    profile.agencies = {service, nursery};
    CHECK(sharing::bases_hold(bases, profile));
    profile.agencies[0].article = "public-task";
    REQUIRE_FALSE(sharing::bases_hold(bases, profile));
    profile.agencies[0].article.clear();
    profile.agencies[0].regime = "unheard-of";
    CHECK(sharing::bases_hold(bases, profile).error().place == "profile, agency youth-justice");
}

TEST_CASE("a combination that nobody has written down is refused, with help in plain words") {
    const auto bases = shipped_bases();
    const auto from = of_type("social-care");
    const auto to = of_type("childrens-reporter");
    const auto refused = basis_for(bases, {&from, &to, "safeguarding", "concerns", "england", today});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == FaultKind::forbidden);
    CHECK(refused.error().place == "basis");
    CHECK(refused.error().reason.find("The childrens-reporter") != std::string::npos);
    CHECK(refused.error().mend.find("information governance") != std::string::npos);
    CHECK_FALSE(basis_for(bases, {&from, &from, "measures", "concerns", "england", today}));
    CHECK_FALSE(basis_for(bases, {&from, &from, "safeguarding", "gossip", "england", today}));
    CHECK_FALSE(basis_for(bases, {&from, nullptr, "safeguarding", "concerns", "england", today}));
}

TEST_CASE("what no source gave says so wherever it is used") {
    const auto bases = shipped_bases();
    const auto council = of_type("social-care");
    const auto health = of_type("health");
    CHECK(basis_for(bases, {&council, &health, "safeguarding", "concerns", "wales", today})->unsourced);
    CHECK(basis_for(bases, {&council, &health, "safeguarding", "concerns", "guernsey", today})->from.regime ==
          "unsourced");
    CHECK_FALSE(basis_for(bases, {&council, &health, "assessment", "concerns", "england", today})->unsourced);
}

TEST_CASE("every pair of types, purpose, kind of information and nation is either defined whole or refused with help") {
    const auto bases = shipped_bases();
    std::size_t defined = 0;
    std::size_t refused = 0;
    for (const auto& from_type : content::agency_types()) {
        for (const auto& to_type : content::agency_types()) {
            const auto from = of_type(from_type);
            const auto to = of_type(to_type);
            for (const auto* purpose : all_purposes) {
                for (const auto* content : all_contents) {
                    for (const auto* nation : {"england", "wales", "guernsey"}) {
                        const auto basis = basis_for(bases, {&from, &to, purpose, content, nation, today});
                        if (basis) {
                            ++defined;
                            const bool whole = !basis->gateway.empty() && !basis->gateway_words.empty() &&
                                               !basis->from.words.empty() && !basis->to.words.empty() &&
                                               basis->words().size() == 3 && basis->code().size() <= 64;
                            if (!whole) FAIL_CHECK(from_type, " ", to_type, " ", purpose, " ", content);
                        } else {
                            ++refused;
                            if (basis.error().reason.empty() || basis.error().mend.empty())
                                FAIL_CHECK(from_type, " ", to_type, " ", purpose, " ", content);
                        }
                    }
                }
            }
        }
    }
    CHECK(defined + refused == 12 * 12 * 12 * 12 * 3);
    CHECK(defined > 25'000);
    CHECK(refused > 15'000);
}

TEST_CASE("agencies that no table can have heard of are answered too") {
    const auto bases = shipped_bases();
    CHECK(rc::check("no crash", [&](const std::string& type, const std::string& regime, const std::string& article,
                                    const std::string& purpose, const std::string& content) {
        auto from = of_type(type);
        from.regime = regime;
        from.article = article;
        const auto to = of_type("health");
        const auto basis = basis_for(bases, {&from, &to, purpose, content, "england", today});
        RC_ASSERT(basis || (!basis.error().reason.empty() && !basis.error().mend.empty()));
    }));
}

TEST_CASE("a table with a slip in it is refused with its line") {
    const auto broken = [](std::string_view what, std::string_view with) {
        return sharing::parse_bases(replaced(bases_text(), what, with), "bases.toml");
    };
    for (const auto& [what, with] :
         {std::pair{"class = \"personal\"", "class = \"private\""},
          std::pair{"regime = \"uk-gdpr\"", "regime = \"gdpr\""},
          std::pair{"special = \"sch1-18\"", "special = \"sch1-81\""},
          std::pair{"types = [\"police\"", "types = [\"polis\""},
          std::pair{"article = \"public-task\"", "article = \"task\""}, std::pair{"[[gateway]]", "[[gate]]"},
          std::pair{"in_force = 1991-10-14", "in_force = \"1991\""},
          std::pair{"in_force = 1991-10-14", "in_force = 0000-10-14"},
          std::pair{"id = \"ca-1989-17\"", "id = \"ca-1989-47\""}, std::pair{"version = ", "versions = "},
          std::pair{"words = \"", "wards = \""}}) {
        const auto parsed = broken(what, with);
        CHECK_MESSAGE(!parsed, what);
        if (!parsed) CHECK(parsed.error().place.rfind("bases.toml", 0) == 0);
    }
}
