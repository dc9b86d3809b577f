// Classifying in the browser: a page with the age and the counts, an answer with its reason, another one later.
#include <doctest/doctest.h>

#include "support/web_house.hpp"

using namespace waymark;
using namespace waymark::testing;

namespace {

struct ClassifyHouse {
    House house;
    Browser front{house};
    Sample sample;
    std::string url;
    ClassifyHouse() {
        front.sign_in("m.brennan");
        sample = make_sample(front);
        // The first concern is of harm: in a second the same child is said to have displayed behaviour.
        const std::string what = location(front.get("/concerns/new"));
        const std::string draft = what.substr(0, what.rfind('/'));
        front.post(draft + "/what", "summary=Category+and+code+only&danger=no");
        front.post(draft + "/when", "about_what=displayed-behaviour&on-day=24&on-month=3&on-year=2026");
        front.post(draft + "/children/1", "given_name=Ottoline&family_name=" + std::string(canary) +
                                              "&born-day=4&born-month=5&born-year=2017&role=displayed");
        front.post(draft + "/children/1/match", "choice=" + sample.person);
        const auto receipt = location(front.post(draft + "/send"));
        if (receipt.size() < 46) throw std::runtime_error("no concern to classify");
        url = "/concerns/" + receipt.substr(10, 36) + "/classify";
    }
};
constexpr const char* whole = "category=problematic&tool=hackett-continuum&rationale=Weighed+by+category";

}  // namespace

TEST_CASE("the page of classifying shows the age, the manual and counts, and chooses nothing") {
    ClassifyHouse c;
    const auto page = c.front.get(location(c.front.get(c.url)));
    CHECK(page.status == 200);
    CHECK(says(page, "the child was 8 years old"));
    CHECK(says(page, "At primary school."));
    CHECK_FALSE(says(page, "At secondary school."));
    CHECK(says(page, "What is on record, as far as you may see it"));
    CHECK_FALSE(says(page, "value=\"problematic\" checked"));
}

TEST_CASE("an answer with faults comes back with what was typed; too little information needs what would be enough") {
    ClassifyHouse c;
    const auto key = Browser::field(c.front.get(location(c.front.get(c.url))), "key");
    const auto wrong = c.front.post(c.url, "key=" + key + "&category=not-enough-information&rationale=Kept+words");
    CHECK(wrong.status == 422);
    CHECK(says(wrong, "Enter what would be enough, and who finds it out"));
    CHECK(says(wrong, "Choose the tool that you used"));
    CHECK(says(wrong, "Kept words"));
    const auto done = c.front.post(c.url, "key=" + key +
                                              "&category=not-enough-information&enough=A+second+account&factors=20"
                                              "&tool=professional-judgement&rationale=Kept+words");
    REQUIRE(done.status == 303);
    CHECK(says(c.front.get(location(done)), "A second account"));
    CHECK(location(c.front.post(c.url, "key=" + key +
                                           "&category=not-enough-information&enough=A+second+account&factors=20"
                                           "&tool=professional-judgement&rationale=Kept+words")) == location(done));
}

TEST_CASE("classified again, the earlier answer is shown; from a stale page both stand, and it can be sent again") {
    ClassifyHouse c;
    CHECK(c.front.post(c.url, whole).status == 303);
    const auto page = c.front.get(location(c.front.get(c.url)));
    CHECK(says(page, "How it was classified before"));
    CHECK(says(page, "this one stands"));
    const auto stale = c.front.post(c.url, "category=normal&tool=aim3&rationale=Another+reason");
    CHECK(stale.status == 409);
    CHECK(says(stale, "What stands now"));
    CHECK(says(stale, "Another reason"));
    const auto again =
        c.front.post(c.url, "category=normal&tool=aim3&rationale=Another+reason&seen=" + Browser::field(stale, "seen"));
    CHECK(again.status == 303);
    const auto list = c.front.get("/children/" + c.sample.person + "/classifications");
    CHECK(says(list, "classified again later"));
    CHECK(says(list, "Another reason"));
}

TEST_CASE("classifying is for those who may, and not among the plain forms") {
    ClassifyHouse c;
    Browser school{c.house};
    school.sign_in("e.vasquez");
    const auto refused = school.get(c.url).status;
    CHECK((refused == 403 || refused == 404));
    CHECK(c.front.get("/children/" + c.sample.person + "/add/concern.classified").status == 404);
}
