// The pages on telling, sent as a browser without scripts sends them.
#include <doctest/doctest.h>

#include "support/web_house.hpp"

using namespace waymark;
using namespace waymark::web;
using testing::Browser;
using testing::House;
using testing::location;
using testing::make_sample;
using testing::Sample;
using testing::says;

namespace {

std::string first_id(const Response& response, const std::string& before) {
    const std::size_t at = response.body.find(before);
    return at == std::string::npos ? std::string() : response.body.substr(at + before.size(), 36);
}

}  // namespace

TEST_CASE(
    "an agency check is sent from the child's page, stands on My day of who is asked, and is answered on one page") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    const std::string telling = "/children/" + sample.person + "/telling";
    const Response empty =
        front.post(telling + "/checks/new", "question=&purpose=triage&due-day=27&due-month=3&due-year=2026");
    CHECK(empty.status == 422);
    CHECK(says(empty, "Choose whom you ask"));
    CHECK(says(empty, "Enter what you need to know"));
    const Response sent = front.post(telling + "/checks/new",
                                     "agencies=health&agencies=police&question=Category+only&purpose="
                                     "triage&due-day=27&due-month=3&due-year=2026");
    REQUIRE(sent.status == 303);
    CHECK(says(front.get(telling), "0 of 2 answered"));

    Browser health{house};
    health.sign_in("y.chen");
    const Response day = health.get("/");
    CHECK(says(day, "what does your agency hold?"));
    const std::string check = first_id(day, "/checks/");
    REQUIRE(check.size() == 36);
    const std::string begun = location(health.get("/checks/" + check));
    CHECK(begun.starts_with("/checks/" + check + "?draft="));
    const Response form = health.get(begun);
    CHECK(says(form, "Category only"));
    CHECK(says(form, testing::canary));
    // The record itself stays closed.
    CHECK(health.get("/children/" + sample.person).status == 404);
    CHECK(health.post("/checks/" + check, "holds=something&summary=").status == 422);
    CHECK(health.post("/checks/" + check, "holds=nothing").status == 303);
    CHECK(says(health.get("/checks/" + check), "Your agency has answered"));
    CHECK(says(front.get(telling), "1 of 2 answered"));

    // Another agency has no such page.
    Browser school{house};
    school.sign_in("e.vasquez");
    CHECK(school.get("/checks/" + check).status == 404);
}

TEST_CASE("who raised a concern disagrees from the receipt, and sees the challenge and nothing else") {
    House house;
    Browser nursery{house};
    nursery.sign_in("f.begum");
    const std::string draft = testing::new_draft(nursery);
    const std::string receipt = location(nursery.post("/concerns/drafts/" + draft + "/send"));
    const std::string concern = receipt.substr(10, 36);
    CHECK(says(nursery.get(receipt), "I disagree"));
    const std::string challenge =
        location(nursery.post("/challenges/new/" + concern, "about_what=no-response&text=By+category"));
    REQUIRE(challenge.starts_with("/challenges/"));
    const Response page = nursery.get(challenge);
    CHECK(says(page, "Stage 1: Practitioner to practitioner"));
    CHECK(says(page, "By category"));
    CHECK_FALSE(says(page, testing::canary));
    CHECK(says(nursery.get("/"), "You disagree with"));
    CHECK(says(nursery.get(receipt), challenge));

    Browser manager{house};
    manager.sign_in("s.iyer");
    CHECK(says(manager.get("/"), "disagrees: No response"));
    CHECK(manager.post(challenge + "/answer", "outcome=agreed&text=").status == 422);
    CHECK(manager.post(challenge + "/answer", "outcome=agreed&text=We+look+again").status == 303);
    CHECK(says(nursery.get(challenge), "We look again"));
    // The raiser does not answer their own challenge, and others have no such page.
    CHECK(nursery.post(challenge + "/answer", "outcome=agreed&text=Me").status == 403);
    Browser school{house};
    school.sign_in("e.vasquez");
    CHECK(school.get(challenge).status == 404);
}

TEST_CASE("what a form holds is kept while it is written, and found again on My day") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    const std::string form = "/children/" + sample.person + "/telling/share";
    const std::string begun = location(front.get(form));
    const std::string draft = begun.substr(begun.find("draft=") + 6);
    CHECK(front.post("/telling/drafts/" + draft, "items=Half+written").status == 204);
    CHECK(says(front.get("/"), begun));
    CHECK(says(front.get(begun), "May I share it?"));
    // Nobody else's.
    Browser other{house};
    other.sign_in("d.kowalczyk");
    CHECK(other.post("/telling/drafts/" + draft, "items=Mine").status == 404);
}

TEST_CASE("sharing tells its basis before it is recorded, and a combination that nobody defined is refused with help") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    const std::string share = "/children/" + sample.person + "/telling/share";
    const Response refused = front.post(share, "ask=1&to=nursery&purpose=criminal-justice&content=plan");
    CHECK(says(refused, "There is no basis written down for this"));
    CHECK(says(refused, "information governance"));
    const Response may = front.post(share, "ask=1&to=nursery&purpose=safeguarding&content=plan");
    CHECK(says(may, "You may share this"));
    CHECK(says(may, "Article 6(1)(ea)"));
    const std::string rest = "&items=By+category&informed=not-safe&not_informed=By+category";
    CHECK(front.post(share, "to=nursery&purpose=criminal-justice&content=plan" + rest).status == 422);
    CHECK(front.post(share, "to=nursery&purpose=safeguarding&content=plan" + rest).status == 303);
    CHECK(says(front.get("/children/" + sample.person + "/telling"), "recognised.sch1-18"));
}
