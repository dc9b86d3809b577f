// The profile of section 6, and what is refused of one.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "content/content.hpp"

using namespace waymark;
using namespace waymark::content;

namespace {

// The example of the outside contract, section 6.
const std::string example = R"([partnership]
key = "northbay"
name = "Northbay Safeguarding Children Partnership"
nation = "england"
calendar = "england-and-wales"
procedures = ["hsb-england", "child-protection-england", "cse-england", "challenge"]
require = ["social-care", "police", "youth-justice", "health", "education"]   # types that must meet
quorum = {types = ["social-care", "police"], at_least = 3}

[clocks]                        # over the procedures' defaults, by rule id
challenge-reply = "3 working days"

[[agency]]
key = "csc"
name = "Northbay Children's Social Care"
type = "social-care"

[[practitioner]]
key = "a.rahman"
name = "Amina Rahman"
agency = "csc"
role = "social-worker"
team = "assessment-1"
)";

std::string with(std::string from, const std::string& old_text, const std::string& new_text) {
    const std::size_t at = from.find(old_text);
    REQUIRE(at != std::string::npos);
    return from.replace(at, old_text.size(), new_text);
}

Fault fault_of(const std::string& toml) {
    Result<Profile> profile = parse_profile(toml, "p.toml");
    REQUIRE_FALSE(profile);
    return profile.error();
}

}  // namespace

TEST_CASE("the contract's own example is read whole") {
    const Result<Profile> read = parse_profile(example, "p.toml");
    REQUIRE(read);
    const Profile& profile = *read;
    CHECK(profile.key == "northbay");
    CHECK(profile.nation == "england");
    CHECK(profile.procedures.size() == 4);
    CHECK(profile.require == std::vector<std::string>{"social-care", "police", "youth-justice", "health", "education"});
    CHECK(profile.requirements.size() == 5);
    CHECK(profile.quorum_types == std::vector<std::string>{"social-care", "police"});
    CHECK(profile.quorum_at_least == 3);
    CHECK(profile.clocks.at("challenge-reply") == ClockLength{ClockLength::Unit::working_days, 3});
    REQUIRE(profile.agency("csc") != nullptr);
    CHECK(profile.agency("csc")->type == "social-care");
    REQUIRE(profile.practitioner("a.rahman") != nullptr);
    CHECK(profile.practitioner("a.rahman")->team == "assessment-1");
    CHECK(profile.practitioner("nobody") == nullptr);
    CHECK(profile.text == example);
}

TEST_CASE("who must meet may be narrowed by procedure, age and service") {
    const Result<Profile> list = parse_profile(with(example, "\"education\"]",
                                                    "{type = \"education\", procedure = \"hsb-england\", age_from = 4, "
                                                    "age_to = 18}, {type = \"health\", service = \"camhs\"}]"),
                                               "p.toml");
    REQUIRE(list);
    CHECK(list->require == std::vector<std::string>{"social-care", "police", "youth-justice", "health"});
    REQUIRE(list->requirements.size() == 6);
    CHECK(list->requirements[4] == Requirement{"education", "", "hsb-england", 4, 18});
    CHECK(list->requirements[5].service == "camhs");
    const Result<Profile> table = parse_profile(
        with(example, "require = [\"social-care\", \"police\", \"youth-justice\", \"health\", \"education\"]",
             "require = {default = [\"social-care\", \"police\"], challenge = [\"board\"]}"),
        "p.toml");
    REQUIRE(table);
    CHECK(table->require == std::vector<std::string>{"social-care", "police"});
    CHECK(table->requirements.size() == 3);
    CHECK(fault_of(with(example, "require = [", "require = [{type = \"health\", procedure = \"hsb\"}, ")).place ==
          "p.toml:7");
}

TEST_CASE("the quorum may differ by type of meeting") {
    const Result<Profile> profile = parse_profile(
        with(example, "at_least = 3}", "at_least = 3, conference = {types = [\"health\"], at_least = 4}}"), "p.toml");
    REQUIRE(profile);
    CHECK(profile->quorum_at_least == 3);
    CHECK(profile->quorum_by_meeting.at("conference") == Quorum{{"health"}, 4});
    const Result<Profile> excepted =
        parse_profile(with(example, "at_least = 3}", "at_least = 3, exceptionally = 2}"), "p.toml");
    REQUIRE(excepted);
    CHECK(excepted->quorum_exceptionally == 2);
    CHECK(fault_of(with(example, "at_least = 3}", "at_least = 3, exceptionally = 4}")).reason ==
          "the exception needs more than the quorum");
    CHECK(fault_of(with(example, "at_least = 3}", "at_lest = 3}")).mend == "did you mean “at_least”?");
}

TEST_CASE("an unknown key is refused with its line and the nearest that is known") {
    const Fault fault = fault_of(with(example, "team =", "teem ="));
    CHECK(fault.place == "p.toml:23");
    CHECK(fault.mend == "did you mean “team”?");
    CHECK(fault_of(example + "[practitoner]\n").place == "p.toml:24");
}

TEST_CASE("unknown roles, types and nations are refused") {
    Fault fault = fault_of(with(example, "\"social-worker\"", "\"social-wroker\""));
    CHECK(fault.place == "p.toml:22");
    CHECK(fault.mend == "did you mean “social-worker”?");
    fault = fault_of(with(example, "type = \"social-care\"", "type = \"socialcare\""));
    CHECK(fault.place == "p.toml:16");
    CHECK(fault_of(with(example, "nation = \"england\"", "nation = \"narnia\"")).place == "p.toml:4");
    CHECK(fault_of(with(example, "\"youth-justice\",", "\"yot\",")).place == "p.toml:7");
}

TEST_CASE("a practitioner of no agency, a key used twice and a partnership without agencies are refused") {
    CHECK(fault_of(with(example, "agency = \"csc\"", "agency = \"cs\"")).place == "p.toml:21");
    CHECK(fault_of(example + "[[agency]]\nkey = \"csc\"\nname = \"Again\"\ntype = \"police\"\n").place == "p.toml:25");
    CHECK(
        fault_of(example +
                 "[[practitioner]]\nkey = \"a.rahman\"\nname = \"Another\"\nagency = \"csc\"\nrole = \"front-door\"\n")
            .place == "p.toml:25");
    CHECK(fault_of(example.substr(0, example.find("[[agency]]"))).reason == "there is no agency");
    CHECK(fault_of("").reason == "there is no [partnership]");
}

TEST_CASE("a clock that is no length of time is refused where it stands") {
    const Fault fault = fault_of(with(example, "\"3 working days\"", "\"soon\""));
    CHECK(fault.place == "p.toml:11");
    CHECK(fault_of(with(example, "\"3 working days\"", "3")).place == "p.toml:11");
}

TEST_CASE("a profile sets whole numbers over the procedures' parameters") {
    const Profile profile =
        parse_profile(with(example, "[clocks]", "[parameters]\nchallenge-stages = 3\n[clocks]"), "p.toml").value();
    CHECK(profile.parameters == std::map<std::string, int>{{"challenge-stages", 3}});
    CHECK(fault_of(with(example, "[clocks]", "[parameters]\nstages = \"three\"\n[clocks]")).place == "p.toml:11");
}

TEST_CASE("a length of time is read in five units and written back in the same words") {
    using Unit = ClockLength::Unit;
    CHECK(*parse_clock_length("3 working days") == ClockLength{Unit::working_days, 3});
    CHECK(*parse_clock_length("1 working day") == ClockLength{Unit::working_days, 1});
    CHECK(*parse_clock_length("24 hours") == ClockLength{Unit::hours, 24});
    CHECK(*parse_clock_length("15 days") == ClockLength{Unit::calendar_days, 15});
    CHECK(*parse_clock_length("15 calendar days") == ClockLength{Unit::calendar_days, 15});
    CHECK(*parse_clock_length("4 weeks") == ClockLength{Unit::weeks, 4});
    CHECK(*parse_clock_length("6 months") == ClockLength{Unit::months, 6});
    CHECK(*parse_clock_length("same day") == ClockLength{Unit::calendar_days, 0});
    for (const char* wrong : {"", "3", "days", "-1 days", "3 fortnights", "99999 days", "3.5 days", "0 days",
                              "99999999999999999999 days"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_clock_length(wrong));
    }
    CHECK(rc::check("written lengths are read back", [] {
        const auto unit = static_cast<Unit>(*rc::gen::inRange(0, 5));
        const ClockLength length{unit, *rc::gen::inRange(0, 10'001)};
        RC_ASSERT(parse_clock_length(to_string(length)).value() == length);
    }));
}

TEST_CASE("every role and type of the contract has words of its own") {
    CHECK(agency_types().size() == 12);
    CHECK(roles().size() == 26);
    for (const std::string& role : roles()) CHECK(role_label(role) != role);
    for (const std::string& type : agency_types()) CHECK(agency_type_label(type) != type);
    CHECK(role_label("front-door") == "Front door");
    CHECK(role_label("unheard-of") == "unheard-of");
}

TEST_CASE("telephones and the front door are read, and what is no number or no time of day is refused with its line") {
    const std::string door =
        "\n[front_door]\nagency = \"csc\"\ntelephone = \"01632 960 200\"\nfrom = \"09:00\"\nto = \"17:30\"\n"
        "out_of_hours_name = \"Emergency duty\"\nout_of_hours_telephone = \"01632 960 201\"\n";
    const auto text =
        with(example, "team = \"assessment-1\"\n", "team = \"assessment-1\"\ntelephone = \"+44 1632 960 101\"\n");
    const auto profile = parse_profile(text + door, "p.toml");
    REQUIRE(profile);
    CHECK(profile->practitioner("a.rahman")->telephone == "+44 1632 960 101");
    CHECK(profile->front_door.agency == "csc");
    CHECK(profile->front_door.from_minute == 9 * 60);
    CHECK(profile->front_door.to_minute == 17 * 60 + 30);
    CHECK(parse_profile(example, "p.toml")->front_door.agency.empty());
    for (const auto& [old_text, wrong] : std::vector<std::pair<std::string, std::string>>{
             {"01632 960 200", "ring the bell"},
             {"09:00", "9am"},
             {"09:00", "09:75"},
             {"17:30", "08:00"},
             {"agency = \"csc\"\ntelephone", "agency = \"nobody\"\ntelephone"}}) {
        CAPTURE(wrong);
        const auto refused = parse_profile(text + with(door, old_text, wrong), "p.toml");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place.starts_with("p.toml:"));
    }
}
