// The access matrix of content/access and the gate over it.
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "record/identity.hpp"
#include "sharing/sharing.hpp"

using namespace waymark;
using record::Action;
using record::Depth;
using sharing::CaseState;
using sharing::Level;
using sharing::Relationship;

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

constexpr std::array all_actions{Action::read,          Action::append, Action::search,     Action::decide_identity,
                                 Action::export_record, Action::fold,   Action::administer, Action::oversee,
                                 Action::reveal_address};

// Written apart from the policy file, so that a slip in the file is seen: read, append, search, identity, export, fold,
// administer, oversee, a protected address; f also of other agencies (of a child whom the asker works with), o the own
// agency's only, - nothing.
const std::map<std::string, std::string> expected{
    {"front-door", "foff----o"},
    {"emergency-duty", "foff----o"},
    {"social-care-manager", "foff-f-oo"},
    {"social-worker", "fof-----o"},
    {"reviewing-officer", "fof------"},
    {"youth-justice-worker", "fof-----o"},
    {"youth-justice-manager", "fof----oo"},
    {"police-officer", "fof-----o"},
    {"prosecution-liaison", "fo-------"},
    {"health-practitioner", "foo-----o"},
    {"school-lead", "foo-----o"},
    {"educational-psychologist", "foo-----o"},
    {"early-years-lead", "ooo-----o"},
    {"secure-estate-worker", "foo-----o"},
    {"probation-worker", "foo-----o"},
    {"voluntary-provider", "foo-----o"},
    {"panel-coordinator", "foo------"},
    {"minute-taker", "fo-------"},
    {"board-analyst", "-----f---"},
    {"board-chair", "-----f---"},
    {"board-member", "-----f---"},
    {"practice-reviewer", "fof--f---"},
    {"privacy-officer", "-----f-f-"},
    {"system-admin", "------f--"},
    {"young-person", "---------"},
    {"parent-carer", "---------"},
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

TEST_CASE("who raises may tell what happened, answer what is asked and disagree, and decide nothing") {
    const std::set<std::string> theirs{
        "concern.raised",      "check.answered",     "sharing.requested",   "sharing.decided",     "sharing.reviewed",
        "information.shared",  "challenge.raised",   "challenge.responded", "challenge.escalated", "challenge.resolved",
        "connection.declared", "connection.ended",   "contact.set",         "advice.asked",        "assessment.section",
        "meeting.answered",    "consultation.given", "meeting.contributed", "action.answered",     "minutes.read"};
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto catalogue = kinds();
    for (const auto* role : {"school-lead", "early-years-lead", "voluntary-provider", "health-practitioner"}) {
        for (const auto& kind : catalogue.kinds()) {
            CAPTURE(kind.key);
            const bool emergency = kind.key == "glass.broken" && std::string_view(role) == "health-practitioner";
            const bool advises = kind.key == "advice.given" && (std::string_view(role) == "school-lead" ||
                                                                std::string_view(role) == "early-years-lead");
            CHECK(gate.ask(asker(role), Action::append, kind.key).has_value() ==
                  (emergency || advises || theirs.contains(kind.key)));
        }
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

TEST_CASE("a child whom the agency works with is seen as the matrix of the roles says") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto depth = [&](const char* role, Relationship relationship, const char* kind, const char* agency,
                           CaseState state = CaseState::open) {
        const auto permit = gate.ask(asker(role), Action::read);
        REQUIRE(permit);
        const auto of_child = gate.narrow(*permit, {relationship, state, {}});
        return of_child ? of_child->depth(kind, "team", agency) : Depth::none;
    };
    CHECK(depth("social-worker", Relationship::episode, "visit.made", "one") == Depth::full);
    CHECK(depth("social-worker", Relationship::episode, "visit.made", "two") == Depth::summary);
    CHECK(depth("social-worker", Relationship::known, "visit.made", "one") == Depth::none);
    CHECK(depth("school-lead", Relationship::known, "concern.raised", "one") == Depth::full);
    CHECK(depth("school-lead", Relationship::known, "concern.raised", "two") == Depth::none);
    CHECK(depth("school-lead", Relationship::episode, "concern.raised", "two") == Depth::dates);
    CHECK(depth("school-lead", Relationship::episode, "plan.agreed", "two") == Depth::summary);
    CHECK(depth("early-years-lead", Relationship::episode, "visit.made", "two") == Depth::none);
    CHECK(depth("prosecution-liaison", Relationship::episode, "consultation.given", "two") == Depth::full);
    CHECK(depth("prosecution-liaison", Relationship::episode, "visit.made", "one") == Depth::none);
    CHECK(depth("practice-reviewer", Relationship::episode, "visit.made", "two") == Depth::none);
    CHECK(depth("practice-reviewer", Relationship::task, "visit.made", "two") == Depth::full);
    CHECK(depth("emergency-duty", Relationship::none, "concern.raised", "two") == Depth::full);
    CHECK(depth("emergency-duty", Relationship::none, "concern.raised", "two", CaseState::closed) == Depth::summary);
    CHECK(depth("front-door", Relationship::none, "visit.made", "two") == Depth::full);
}

TEST_CASE("nobody opens their own record or that of somebody close, and everybody may raise a concern about them") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    for (const auto* role : {"front-door", "emergency-duty", "social-care-manager", "social-worker"}) {
        const sharing::Standing mine{Relationship::conflict, CaseState::open, {}};
        const auto refused = gate.narrow(*gate.ask(asker(role), Action::read), mine);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::forbidden);
        CHECK(refused.error().place == std::string(role) + "/read/conflict");
        sharing::Question q;
        q.role = role;
        q.relationship = Relationship::conflict;
        q.level = Level::sealed;
        q.kind = "concern.raised";
        q.action = Action::append;
        q.purpose = "safeguarding";
        CHECK(sharing::decide(gate.policy(), q).allowed());
        q.kind = "visit.made";
        CHECK_FALSE(sharing::decide(gate.policy(), q).allowed());
    }
}

TEST_CASE("a restricted record opens to whom it names; of a hidden one there is no trace for others") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto read = [&](const char* role, Level level, bool named) {
        return gate.narrow(*gate.ask(asker(role), Action::read),
                           {Relationship::episode, CaseState::open, {{level, named}}});
    };
    for (const auto* role : {"front-door", "social-care-manager", "social-worker"}) {
        CAPTURE(role);
        for (const auto level : {Level::named_only, Level::hidden, Level::sealed}) CHECK(read(role, level, true));
        CHECK(read(role, Level::all_but_named, false));
        CHECK(read(role, Level::named_only, false).error().kind == FaultKind::forbidden);
        CHECK(read(role, Level::all_but_named, true).error().kind == FaultKind::forbidden);
        for (const auto level : {Level::hidden, Level::sealed}) {
            const auto refused = read(role, level, false);
            REQUIRE_FALSE(refused);
            CHECK(describe(refused.error()) == describe(sharing::no_such_child()));
            CHECK(refused.error().kind == FaultKind::missing);
        }
    }
    CHECK(read("emergency-duty", Level::hidden, false));
    CHECK_FALSE(read("emergency-duty", Level::sealed, false));
    CHECK_FALSE(read("emergency-duty", Level::all_but_named, true));
}

TEST_CASE("several restrictions must each let the asker through, and one that is not told of hides the others") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto permit = gate.ask(asker("social-worker"), Action::read);
    const auto read = [&](std::vector<sharing::Restricted> restrictions) {
        return gate.narrow(*permit, {Relationship::allocated, CaseState::open, std::move(restrictions)});
    };
    CHECK(read({{Level::named_only, true}, {Level::hidden, true}}));
    CHECK(read({{Level::named_only, false}, {Level::hidden, true}}).error().kind == FaultKind::forbidden);
    CHECK(read({{Level::named_only, false}, {Level::hidden, false}}).error().kind == FaultKind::missing);
}

TEST_CASE("entries that are marked are seen by who is named for that, not by others") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto permit = gate.ask(asker("social-worker"), Action::read);
    const auto outside = gate.narrow(*permit, {Relationship::allocated, CaseState::open, {}});
    const auto inside = gate.narrow(*permit, {Relationship::allocated, CaseState::open, {{Level::hidden, true}}});
    REQUIRE(outside);
    REQUIRE(inside);
    CHECK_FALSE(outside->covers("visit.made", "hidden", "one"));
    CHECK(inside->covers("visit.made", "hidden", "one"));
    CHECK(outside->covers("visit.made", "all-but-named", "one"));
    CHECK_FALSE(permit->covers("visit.made", "all-but-named", "one"));  // before it is known who is shut out
    CHECK_FALSE(inside->covers("visit.made", "no-such-marking", "one"));
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
    const std::string head = "version = \"1\"\n[restriction.level.sealed]\nglass = false\n[[role]]\nrole = ";
    refused(head + "\"front-dor\"\n", "not a role");
    refused(head + "\"front-door\"\nown = \"all\"\n", "how much is seen");
    refused(head + "\"front-door\"\nsearch = \"full\"\n", "not a right");
    refused(head + "\"front-door\"\nappends = [\"concern.rased\"]\n", "not a kind");
    refused(head + "\"front-door\"\nopens = [\"secret\"]\n", "not a marking");
    refused(head + "\"front-door\"\nopens = [\"sealed\"]\n", "no role opens");
    refused(head + "\"front-door\"\nreach = [\"conflict\"]\n", "not a relationship");
    refused(head + "\"front-door\"\npurposes = [\"curiosity\"]\n", "not a purpose");
    refused(head + "\"front-door\"\n[[role]]\nrole = \"front-door\"\n", "twice");
    refused(head + "\"front-door\"\nwrites = \"full\"\n", "not a key");
    refused("version = \"1\"\n[parts]\nown = [\"visit.made\"]\n", "cannot be called");
    refused("version = \"1\"\n[parts]\na = [\"visit.made\"]\nb = [\"visit.made\"]\n", "two parts");
    refused("version = \"1\"\n[relationship]\ntask_weeks = 2\n", "not a length");
    refused("version = \"1\"\n[relationship]\ntask_days = -2\n", "whole number");
    refused("version = \"1\"\n[restriction.level.sealed]\nglass = true\n", "sealed");
    refused("[[role]]\nrole = \"front-door\"\n", "no version");
    refused("version = \n", "");
}

namespace {

record::ProtectedAddress hidden_address(const std::string& id, const std::string& address) {
    record::Identity identity;
    identity.source = "s";
    identity.id = id;
    identity.address = address;
    identity.address_protected = true;
    record::protect(identity);
    return identity.protected_address;
}

}  // namespace

TEST_CASE("a protected address is revealed to whom the decision was made for, and to nobody else") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto address = hidden_address("1", "9 Quillon Wharf");
    const auto other = hidden_address("2", "1 Quillon Wharf");
    const sharing::Standing works{sharing::Relationship::allocated, sharing::CaseState::open, {}};
    const auto worker = asker("social-worker");
    const auto asked = gate.ask(worker, Action::reveal_address).value();
    const auto permit = gate.narrow(asked, works).value();
    const auto decide = [&](const record::Permit& under, const std::string& agency) {
        return gate.reveal_address(under, address, "identity.recorded", "team", agency);
    };
    const auto decision = decide(permit, worker.agency);
    REQUIRE(decision);
    CHECK(address.reveal(*decision, worker).value().address == "9 Quillon Wharf");
    // Another asker, sign-in, purpose or identity.
    for (auto change : {0, 1, 2}) {
        auto one = worker;
        (change == 0 ? one.practitioner : change == 1 ? one.session : one.purpose) = "other";
        const auto refused = address.reveal(*decision, one);
        REQUIRE_FALSE(refused);
        CHECK(describe(refused.error()).find("Quillon") == std::string::npos);
    }
    CHECK_FALSE(other.reveal(*decision, worker));
    // Another agency's; before a child is known; under a look at the record; for the machine and who runs it.
    CHECK_FALSE(decide(permit, "two"));
    CHECK_FALSE(decide(asked, worker.agency));
    CHECK_FALSE(decide(gate.narrow(gate.ask(worker, Action::read).value(), works).value(), worker.agency));
    CHECK_FALSE(decide(gate.system("test"), worker.agency));
    CHECK_FALSE(decide(gate.system("test", Action::reveal_address), worker.agency));
    CHECK_FALSE(decide(gate.operator_of_machine(Action::read, "test", "operation"), "csc"));
    CHECK(decide(gate.operator_of_machine(Action::export_record, "export", "operation"), "csc"));
}

TEST_CASE("who works with nobody of this child, or is kept from the record, is shown no protected address") {
    const auto people = profile();
    const sharing::Gate gate(policy(), people);
    const auto asked = gate.ask(asker("social-worker"), Action::reveal_address).value();
    using sharing::Relationship;
    for (const auto relationship : {Relationship::none, Relationship::known, Relationship::conflict})
        CHECK_FALSE(gate.narrow(asked, {relationship, sharing::CaseState::open, {}}));
    CHECK_FALSE(
        gate.narrow(asked, {Relationship::allocated, sharing::CaseState::open, {{sharing::Level::named_only, false}}}));
    CHECK(
        gate.narrow(asked, {Relationship::allocated, sharing::CaseState::open, {{sharing::Level::named_only, true}}}));
}
