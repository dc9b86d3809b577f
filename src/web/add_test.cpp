// The form that content makes of a kind: asked, refused with everything kept, taken once, corrected.
#include <doctest/doctest.h>

#include "support/web_house.hpp"

using namespace waymark;
using namespace waymark::web;
using namespace waymark::testing;

namespace {

struct Begun {
    House house;
    Browser browser{house};
    Sample sample;
    std::string form;

    explicit Begun(const std::string& kind) {
        browser.sign_in("m.brennan");
        sample = make_sample(browser);
        form = "/entries/drafts/" + new_entry_draft(browser, sample.person, kind);
    }
};

bool holds(const Response& response, const std::string& words) {
    return response.body.find(words) != std::string::npos;
}

const std::string today = "&on-day=25&on-month=3&on-year=2026";

}  // namespace

TEST_CASE("a form asks every question of the kind, and leads from the record to the entry that it makes") {
    Begun begun("views.recorded");
    CHECK(holds(begun.browser.get("/children/" + begun.sample.person + "/add"), "/add/views.recorded"));
    CHECK(holds(begun.browser.get(begun.form), "name=\"f-whose\""));
    const auto sent = begun.browser.post(begun.form, "f-whose=child&f-text=Code+4" + today);
    REQUIRE(sent.status == 303);
    const auto entry = location(sent);
    const auto page = begun.browser.get(entry);
    CHECK(page.status == 200);
    CHECK(holds(page, "Code 4"));
    CHECK(holds(page, "Added to the record"));
    // The same form again leads to the same entry: the back button adds nothing.
    CHECK(entry.starts_with(location(begun.browser.post(begun.form, "f-whose=parent" + today))));
    CHECK(holds(begun.browser.get("/children/" + begun.sample.person), entry.substr(0, entry.find('?'))));
}

TEST_CASE("a form with a fault comes back with everything that was typed, and stays a draft") {
    Begun begun("strategy.held");
    const auto back = begun.browser.post(
        begun.form,
        "f-attended=csc&f-attended=police&f-apologies=csc&f-text=Kept+words&on-day=31&on-month=2&on-year=2026"
        "&time=half+past");
    CHECK(back.status == 422);
    CHECK(holds(back, "Kept words"));
    CHECK(holds(back, "An agency both took part and sent apologies"));
    CHECK(holds(back, "must be a real day of that month"));
    CHECK(holds(back, "Enter a time, like 14:30 or 2:30pm"));
    CHECK(holds(begun.browser.get(begun.form), "Kept words"));
    CHECK(holds(begun.browser.get("/"), "Carry on with the entry you began"));
}

TEST_CASE("a form on which nothing is answered is not taken, even where no question has to be") {
    Begun begun("strategy.held");
    const auto back = begun.browser.post(begun.form, today.substr(1));
    CHECK(back.status == 422);
    CHECK(holds(back, "Answer at least one question"));
}

TEST_CASE("what is finished later is found on My day") {
    Begun begun("views.recorded");
    const auto later = begun.browser.post(begun.form, "f-text=Half+a+sentence&later=1");
    CHECK(location(later) == "/children/" + begun.sample.person + "?saved=later");
    CHECK(holds(begun.browser.get("/"), begun.form));
    CHECK(holds(begun.browser.get(begun.form), "Half a sentence"));
    CHECK(begun.browser.post(begun.form + "/discard").status == 303);
    CHECK(begun.browser.get(begun.form).status == 404);
}

TEST_CASE("a draft is its writer's alone") {
    Begun begun("views.recorded");
    Browser other{begun.house};
    other.sign_in("a.rahman");
    CHECK(other.get(begun.form).status == 404);
    CHECK(other.post(begun.form, "f-whose=child" + today).status == 404);
}

TEST_CASE("a time of day is taken as people write it, and must have come") {
    for (const char* time : {"9:15", "09.15", "9:15am"}) {
        Begun begun("views.recorded");
        const auto sent = begun.browser.post(begun.form, "f-whose=child&time=" + std::string(time) + today);
        REQUIRE(sent.status == 303);
        CHECK(holds(begun.browser.get(location(sent)), "25 March 2026 at 9:15am"));
    }
    Begun begun("views.recorded");
    CHECK(begun.browser.post(begun.form, "f-whose=child&time=11pm" + today).status == 422);
}

TEST_CASE("a correction begins with what was written, and the second of two shows both versions") {
    Begun begun("views.recorded");
    auto& browser = begun.browser;
    auto entry = location(browser.post(begun.form, "f-whose=child&f-text=First+words" + today));
    entry = entry.substr(0, entry.find('?'));
    const auto id = entry.substr(std::string("/entries/").size());
    const auto correct = "/children/" + begun.sample.person + "/add/views.recorded?corrects=" + id;
    const auto one = location(browser.get(correct));
    const auto two = location(browser.get(correct));
    CHECK(holds(browser.get(one), "First words"));
    CHECK(browser.post(one, "f-whose=child&f-text=Second+words" + today).status == 303);
    const auto conflict = browser.post(two, "f-whose=child&f-text=Third+words" + today);
    CHECK(conflict.status == 409);
    CHECK(holds(conflict, "Second words"));
    CHECK(holds(conflict, "Third words"));
    CHECK(holds(browser.get(entry), "This entry was corrected later"));
}

TEST_CASE("a form of a kind that has pages of its own, or that there is none of, is not there") {
    Begun begun("views.recorded");
    const auto child = "/children/" + begun.sample.person + "/add/";
    CHECK(begun.browser.get(child + "triage.decided").status == 404);
    CHECK(begun.browser.get(child + "no.such").status == 404);
    CHECK(begun.browser.get(child + "plan.agreed").status == 403);
}
