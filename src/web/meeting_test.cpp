// A meeting in the browser: called, answered, held, minuted and read, each step at its page.
#include <doctest/doctest.h>

#include "support/web_house.hpp"

using namespace waymark;
using namespace waymark::testing;

namespace {

std::string first_after(const Response& page, const std::string& before) {
    const std::size_t at = page.body.find(before);
    return at == std::string::npos ? std::string() : page.body.substr(at + before.size(), 36);
}
constexpr const char* a_call =
    "on-day=1&on-month=4&on-year=2026&starts=2.30pm&place=Room+2&without=By+category&people=y.chen&people=m.brennan";

struct MeetingHouse {
    House house;
    Browser front{house};
    Browser health{house};
    Sample sample;
    MeetingHouse() {
        front.sign_in("m.brennan");
        sample = make_sample(front);
        health.sign_in("y.chen");
    }
    std::string new_url(const char* type = "hsb") const {
        return "/children/" + sample.person + "/meetings/new/" + type;
    }
};

}  // namespace

TEST_CASE("a call with faults comes back with what was typed, and a whole one once however often it is sent") {
    MeetingHouse m;
    const auto begun = m.front.get(location(m.front.get(m.new_url())));
    CHECK(says(begun, "The partnership’s profile requires it"));
    CHECK(says(begun, "Quorum"));
    const auto key = Browser::field(begun, "key");
    const auto wrong =
        m.front.post(m.new_url(), "key=" + key + "&on-day=1&on-month=4&on-year=2026&starts=late&place=Room+2");
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "Enter a time, like 14:30 or 2:30pm"));
    CHECK(says(wrong, "Choose who is invited"));
    CHECK(says(wrong, "value=\"Room 2\""));
    CHECK(says(wrong, "value=\"late\""));
    const auto first = location(m.front.post(m.new_url(), "key=" + key + "&" + a_call));
    REQUIRE(first.starts_with("/meetings/"));
    CHECK(location(m.front.post(m.new_url(), "key=" + key + "&" + a_call)) == first);
    const auto page = m.front.get(first);
    CHECK(says(page, "14:30"));
    CHECK(says(page, "No answer yet"));
}

TEST_CASE("a change from a page that is stale is answered with both versions") {
    MeetingHouse m;
    const auto meeting = location(m.front.post(m.new_url(), a_call));
    const auto change = m.front.get(location(m.front.get(meeting + "/change")));
    const auto seen = "&seen=" + Browser::field(change, "seen");
    CHECK(m.front.post(meeting + "/change", a_call + seen + "&changes=Another+room").status == 303);
    const auto stale = m.front.post(meeting + "/change", a_call + seen + "&changes=A+third+room");
    CHECK(stale.status == 409);
    CHECK(says(stale, "What stands now"));
    CHECK(says(stale, "A third room"));
    const auto again = m.front.post(meeting + "/change",
                                    a_call + ("&seen=" + Browser::field(stale, "seen")) + "&changes=A+third+room");
    CHECK(again.status == 303);
    CHECK(says(m.front.get(meeting), "Called anew"));
}

TEST_CASE("the invited person answers from My day and sees nothing of the record but the name") {
    MeetingHouse m;
    const auto meeting = location(m.front.post(m.new_url(), a_call));
    const auto id = first_after(m.health.get("/"), "/invitations/");
    REQUIRE(!id.empty());
    const auto page = m.health.get(location(m.health.get("/invitations/" + id)));
    CHECK(says(page, canary));
    CHECK_FALSE(says(page, "Category and code only"));
    CHECK(m.health.post("/invitations/" + id, "outcome=apologies").status == 422);
    CHECK(m.health.post("/invitations/" + id + "/contribution", "contribution=By+category").status == 303);
    CHECK(m.health.post("/invitations/" + id, "outcome=coming").status == 303);
    CHECK(says(m.health.get(location(m.health.get("/invitations/" + id))), "You have answered that you come"));
    CHECK(says(m.front.get(meeting), "By category"));
    CHECK(m.front.get("/invitations/" + id).status == 404);
}

TEST_CASE("below its quorum the page says who is missing and asks; recorded by two, the second sees both") {
    MeetingHouse m;
    const auto meeting = location(m.front.post(m.new_url("strategy"), a_call));
    const std::string who = "on-day=25&on-month=3&on-year=2026&sent=yes&seen=&attended=p:y.chen&attended=p:m.brennan";
    const auto counted = m.front.post(meeting + "/attendance", who + "&count=1");
    CHECK(counted.status == 200);
    CHECK(says(counted, "Not quorate"));
    const auto held = m.front.post(meeting + "/attendance", who);
    CHECK(held.status == 409);
    CHECK(says(held, "Missing: Police"));
    CHECK(m.front.post(meeting + "/attendance", who + "&goes_on=go-on").status == 422);
    CHECK(
        m.front.post(meeting + "/attendance", who + "&goes_on=go-on&below_quorum=It+cannot+wait&f-decision=section-47")
            .status == 303);
    const auto page = m.front.get(meeting);
    CHECK(says(page, "Not quorate"));
    CHECK(says(page, "It cannot wait"));
    CHECK(says(page, "Section 47 enquiry"));
    const auto second = m.front.post(meeting + "/attendance", who + "&goes_on=go-on&below_quorum=Other");
    CHECK(second.status == 409);
    CHECK(says(second, "What stands now"));
}

TEST_CASE("decisions, dissent and actions are minuted one by one, sent, read and answered") {
    MeetingHouse m;
    const auto meeting = location(m.front.post(m.new_url(), a_call));
    m.front.post(meeting + "/attendance",
                 "on-day=25&on-month=3&on-year=2026&attended=p:y.chen&goes_on=go-on&below_quorum=By+category");
    CHECK(m.front.post(meeting + "/decisions", "text=").status == 422);
    CHECK(m.front.post(meeting + "/decisions", "text=A+plan").status == 303);
    const auto decision = first_after(m.front.get(meeting), "name=\"decision\" type=\"radio\" value=\"");
    CHECK(m.front.post(meeting + "/dissent", "decision=" + decision + "&practitioner=y.chen&text=Too+late").status ==
          303);
    const auto wrong = m.front.post(
        meeting + "/actions", "text=Offer+it&owner=police&practitioner=y.chen&due-day=9&due-month=4&due-year=2026");
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "Offer it"));
    CHECK(m.front
              .post(meeting + "/actions",
                    "text=Offer+it&owner=health&practitioner=y.chen&due-day=9&due-month=4&due-year=2026")
              .status == 303);
    CHECK(m.front.post(meeting + "/minutes", "people=y.chen").status == 303);
    const auto home = m.health.get("/");
    const auto minutes = "/minutes/" + first_after(home, "/minutes/");
    const auto action = "/actions/" + first_after(home, "/actions/");
    CHECK(says(m.health.get(minutes), "disagrees: Too late"));
    CHECK(m.health.post(minutes, "text=").status == 303);
    CHECK(m.health.post(action, "outcome=cannot").status == 422);
    CHECK(m.health.post(action, "outcome=done&text=Offered").status == 303);
    const auto page = m.front.get(meeting);
    CHECK(says(page, "Offered"));
    CHECK(says(page, "govuk-tag--green\">Read") == true);
    CHECK(m.front.get(minutes).status == 404);
}
