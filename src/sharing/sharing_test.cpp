// The access matrix of content/access and the gate over it.
#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "sharing/sharing.hpp"

using namespace waymark;
using record::Action;
using sharing::Right;

namespace {

const std::string content_dir = std::string(WAYMARK_SOURCE_DIR) + "/content";

content::Catalogue kinds() {
    auto loaded = content::load_kinds(content_dir);
    REQUIRE_MESSAGE(loaded.has_value(), (loaded ? "" : describe(loaded.error())));
    return std::move(*loaded);
}
std::string matrix_text() {
    std::ifstream in(content_dir + "/access/matrix.toml");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}
sharing::Policy policy() {
    auto parsed = sharing::parse_policy(matrix_text(), "matrix.toml", kinds());
    REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : describe(parsed.error())));
    return std::move(*parsed);
}
content::Profile profile() {
    content::Profile made;
    made.key = "northbay";
    made.agencies = {{"one", "Agency One", "social-care"}, {"two", "Agency Two", "education"}};
    for (const auto& role : content::roles()) made.practitioners.push_back({"p." + role, "A Person", "one", role, ""});
    return made;
}
record::Asker asker(const std::string& role) {
    record::Asker made;
    made.practitioner = "p." + role;
    made.agency = "one";
    made.role = role;
    made.purpose = "safeguarding";
    made.session = "command";
    return made;
}

constexpr std::array all_actions{Action::read,          Action::append, Action::search,    Action::decide_identity,
                                 Action::export_record, Action::fold,   Action::administer};

// Written apart from the matrix file, so that a slip in the file is seen: read, append, search, identity, export, fold,
// administer; f full, o own agency, - none.
const std::map<std::string, std::string> expected{
    {"front-door", "foff---"},
    {"emergency-duty", "foff---"},
    {"social-care-manager", "foff-f-"},
    {"social-worker", "fof----"},
    {"reviewing-officer", "fof----"},
    {"youth-justice-worker", "fof----"},
    {"youth-justice-manager", "fof----"},
    {"police-officer", "fof----"},
    {"prosecution-liaison", "oo-----"},
    {"health-practitioner", "ooo----"},
    {"school-lead", "ooo----"},
    {"educational-psychologist", "ooo----"},
    {"early-years-lead", "ooo----"},
    {"secure-estate-worker", "ooo----"},
    {"probation-worker", "ooo----"},
    {"voluntary-provider", "ooo----"},
    {"panel-coordinator", "ooo----"},
    {"minute-taker", "oo-----"},
    {"board-analyst", "-----f-"},
    {"board-chair", "-----f-"},
    {"board-member", "-----f-"},
    {"practice-reviewer", "fof--f-"},
    {"privacy-officer", "-----f-"},
    {"system-admin", "------f"},
    {"young-person", "-------"},
    {"parent-carer", "-------"},
};

}  // namespace

TEST_CASE("every role has exactly the rights that are written for it") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    REQUIRE(expected.size() == content::roles().size());
    for (const auto& [role, rights] : expected) {
        for (std::size_t i = 0; i < all_actions.size(); ++i) {
            CAPTURE(role);
            CAPTURE(record::to_string(all_actions.at(i)));
            const auto answer = gate.ask(asker(role), all_actions.at(i));
            CHECK(answer.has_value() == (rights.at(i) != '-'));
            if (answer) {
                CHECK(answer->own_agency_only() == (rights.at(i) == 'o'));
                CHECK(answer->action() == all_actions.at(i));
                CHECK(answer->rule() == role + "/" + std::string(record::to_string(all_actions.at(i))));
                CHECK(answer->policy() == gate.policy().version);
            } else {
                CHECK(answer.error().kind == FaultKind::forbidden);
                CHECK_FALSE(answer.error().reason.empty());
                CHECK_FALSE(answer.error().place.empty());
            }
        }
    }
}

TEST_CASE("an unknown practitioner, role, agency or purpose is denied") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    auto who = asker("front-door");
    who.practitioner = "nobody";
    CHECK_FALSE(gate.ask(who, Action::read));
    who = asker("front-door");
    who.role = "social-care-manager";  // not the role that the profile gives
    CHECK_FALSE(gate.ask(who, Action::read));
    who = asker("front-door");
    who.agency = "two";
    CHECK_FALSE(gate.ask(who, Action::read));
    who = asker("front-door");
    who.purpose = "curiosity";
    CHECK_FALSE(gate.ask(who, Action::read));
    who = asker("front-door");
    who.purpose = "";
    CHECK_FALSE(gate.ask(who, Action::read));
}

TEST_CASE("a raiser may raise and do nothing else, and sees only what their own agency wrote") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto catalogue = kinds();
    for (const auto* role : {"school-lead", "early-years-lead", "voluntary-provider", "health-practitioner"}) {
        for (const auto& kind : catalogue.kinds()) {
            CAPTURE(kind.key);
            CHECK(gate.ask(asker(role), Action::append, kind.key).has_value() == (kind.key == "concern.raised"));
        }
        const auto read = gate.ask(asker(role), Action::read);
        REQUIRE(read);
        CHECK(read->covers("concern.raised", "team", "one"));
        CHECK_FALSE(read->covers("concern.raised", "team", "two"));
        CHECK_FALSE(read->covers("concern.raised", "hidden", "one"));
    }
}

TEST_CASE("only the front door, the emergency duty team and a social care manager may triage") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    for (const auto& role : content::roles()) {
        const bool may = role == "front-door" || role == "emergency-duty" || role == "social-care-manager";
        CAPTURE(role);
        CHECK(gate.ask(asker(role), Action::append, "triage.decided").has_value() == may);
        CHECK(gate.ask(asker(role), Action::append, "earlier.judged").has_value() == may);
        CHECK(gate.ask(asker(role), Action::append, "identity.decided").has_value() == may);
    }
}

TEST_CASE("a permit for one kind covers no other") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto permit = gate.ask(asker("front-door"), Action::append, "triage.decided");
    REQUIRE(permit);
    CHECK(permit->covers("triage.decided", "team", "one"));
    CHECK_FALSE(permit->covers("earlier.judged", "team", "one"));
    CHECK_FALSE(permit->covers("triage.decided", "team", "two"));
}

TEST_CASE("restricted markings are seen only by roles that are given them") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto front = gate.ask(asker("front-door"), Action::read);
    const auto duty = gate.ask(asker("emergency-duty"), Action::read);
    REQUIRE(front);
    REQUIRE(duty);
    CHECK_FALSE(front->covers("concern.raised", "hidden", "two"));
    CHECK(duty->covers("concern.raised", "hidden", "two"));
    CHECK_FALSE(duty->covers("concern.raised", "sealed", "two"));
}

TEST_CASE("the operator of the machine may do all, under that name and for a purpose") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto permit = gate.ask(sharing::operator_asker("import", "operation"), Action::append, "triage.decided");
    REQUIRE(permit);
    CHECK(permit->asker().practitioner == "operator");
    CHECK(permit->rule() == "operator-of-machine");
    CHECK_FALSE(gate.ask(sharing::operator_asker("import", "curiosity"), Action::append));
    auto pretender = sharing::operator_asker("import", "operation");
    pretender.session = "0011";  // a session of the web is never the operator's
    CHECK_FALSE(gate.ask(pretender, Action::read));
}

TEST_CASE("a matrix with a fault is refused with its line") {
    const auto catalogue = kinds();
    const auto refused = [&](const std::string& toml, const std::string& word) {
        const auto parsed = sharing::parse_policy(toml, "m.toml", catalogue);
        REQUIRE_FALSE(parsed);
        CAPTURE(describe(parsed.error()));
        CHECK(parsed.error().place.find("m.toml") == 0);
        CHECK(parsed.error().reason.find(word) != std::string::npos);
    };
    refused("version = \"1\"\n[[role]]\nrole = \"front-dor\"\n", "not a role");
    refused("version = \"1\"\n[[role]]\nrole = \"front-door\"\nread = \"all\"\n", "not a right");
    refused("version = \"1\"\n[[role]]\nrole = \"front-door\"\nappends = [\"concern.rased\"]\n", "not a kind");
    refused("version = \"1\"\n[[role]]\nrole = \"front-door\"\nmarkings = [\"secret\"]\n", "not a marking");
    refused("version = \"1\"\n[[role]]\nrole = \"front-door\"\n[[role]]\nrole = \"front-door\"\n", "twice");
    refused("version = \"1\"\n[[role]]\nrole = \"front-door\"\nwrites = \"full\"\n", "not a key");
    refused("[[role]]\nrole = \"front-door\"\n", "no version");
    refused("version = \n", "");
}
