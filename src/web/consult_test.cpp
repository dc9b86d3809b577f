// Consulting in the browser: asked, answered, held, gone ahead; and two at one desk, of which one decides first.
#include <doctest/doctest.h>

#include "support/web_house.hpp"

using namespace waymark;
using namespace waymark::testing;

namespace {

struct ConsultHouse {
    House house;
    Browser front{house};
    Browser police{house};
    Sample sample;
    ConsultHouse() {
        front.sign_in("m.brennan");
        sample = make_sample(front);
        police.sign_in("j.mensah");
    }
    std::string new_url(const char* course = "therapeutic-work") const {
        return "/children/" + sample.person + "/consultations/new/" + course;
    }
};
constexpr const char* a_question =
    "agencies=police&question=Category+and+code+only&view=Own+view&due-day=1&due-month=4&due-year=2026";

}  // namespace

TEST_CASE("a question with faults comes back with what was typed, and a whole one is one however often it is sent") {
    ConsultHouse c;
    const auto list = c.front.get("/children/" + c.sample.person + "/consultations");
    CHECK(says(list, "waits for the view of Police"));
    const auto begun = c.front.get(location(c.front.get(c.new_url())));
    CHECK(says(begun, "value=\"police\" checked"));
    CHECK(says(begun, "no source gives a number of days"));
    const auto key = "key=" + Browser::field(begun, "key") + "&";
    const auto wrong = c.front.post(c.new_url(), key + "view=Kept+view&due-day=1&due-month=4&due-year=2025");
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "Choose whom you ask"));
    CHECK(says(wrong, "Kept view"));
    const auto first = location(c.front.post(c.new_url(), key + a_question));
    REQUIRE(first.starts_with("/consultations/"));
    CHECK(location(c.front.post(c.new_url(), key + a_question)) == first);
    CHECK(says(c.front.get(first), "It waits. No reply is not a yes"));
    CHECK(says(c.front.get("/"), "has not given its view"));
}

TEST_CASE("the asked agency sees the name and the question, answers, and changes its view; a stale answer shows both") {
    ConsultHouse c;
    const auto story = location(c.front.post(c.new_url(), a_question));
    CHECK(says(c.police.get("/"), "asks for your view before it acts"));
    const auto url = story + "/view";
    const auto page = c.police.get(location(c.police.get(url)));
    CHECK(says(page, canary));
    CHECK(says(page, "Own view"));
    CHECK(c.police.get(story).status == 404);
    const auto wrong = c.police.post(url, "position=disagrees&view=Kept+words");
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "Enter why you disagree"));
    CHECK(says(wrong, "Kept words"));
    CHECK(c.police.post(url, "position=disagrees&dissent=Too+soon").status == 303);
    const auto stale = c.police.post(url, "position=agrees&view=Typed+late");
    CHECK(stale.status == 409);
    CHECK(says(stale, "What stands now"));
    CHECK(says(stale, "Typed late"));
    CHECK(c.police.post(url, "position=agrees&view=Typed+late&seen=" + Browser::field(stale, "seen")).status == 303);
    CHECK(says(c.front.get(story), "Changed once"));
    CHECK(c.front.get(url).status == 404);
}

TEST_CASE("a step waits, goes ahead with a reason, and is looked at by somebody else") {
    ConsultHouse c;
    const auto story = location(c.front.post(c.new_url(), a_question));
    const auto seen = "seen=" + Browser::field(c.front.get(story), "seen");
    const auto held = c.front.post(story + "/go-ahead", seen);
    CHECK(held.status == 409);
    CHECK(says(held, "What stands now"));
    CHECK(c.front.post(story + "/override", seen).status == 422);
    CHECK(c.front.post(story + "/override", seen + "&reason=It+cannot+wait").status == 303);
    const auto open = c.front.get(story);
    CHECK(says(open, "It cannot wait"));
    CHECK(c.front.post(story + "/go-ahead", seen).status == 409);
    CHECK(c.front.post(story + "/go-ahead", "seen=" + Browser::field(open, "seen")).status == 303);
    CHECK(says(c.front.get(story), "The course was taken"));
    Browser manager{c.house};
    manager.sign_in("s.iyer");
    CHECK(says(manager.get("/"), "went ahead without waiting"));
    const auto id = Browser::field(manager.get(story), "override");
    REQUIRE_FALSE(id.empty());
    const auto wrong = manager.post(story + "/review", "override=" + id + "&reason=Kept");
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "Kept"));
    CHECK(manager.post(story + "/review", "override=" + id + "&upheld=yes&reason=Danger").status == 303);
    CHECK(says(c.front.get(story), "Reviewed: it was right to go ahead."));
}

TEST_CASE(
    "of two who decide on one concern the second sees what stands beside what was typed; typing is kept meanwhile") {
    ConsultHouse c;
    const std::string desk = "/concerns/" + c.sample.concern;
    CHECK(c.front.post(desk + "/decide/draft", "outcome=assessment&rationale=Half+a+reason").status == 204);
    CHECK(says(c.front.get(desk), "Half a reason"));
    CHECK(c.front.post(desk + "/decide/draft", "outcome=assessment&rationale=A+whole+reason").status == 204);
    Browser other{c.house};
    other.sign_in("d.kowalczyk");
    CHECK_FALSE(says(other.get(desk), "A whole reason"));
    CHECK(other.post(desk + "/decide", "outcome=early-help&rationale=Decided+first").status == 303);
    const auto late = c.front.post(desk + "/decide", "outcome=assessment&rationale=A+whole+reason");
    CHECK(late.status == 409);
    CHECK(says(late, "Decided first"));
    CHECK(says(late, "A whole reason"));
}
