// Looks that seem wrong, what is new since a look, who to ring and a worry talked through, as pages.
#include <doctest/doctest.h>

#include "support/web_house.hpp"

using namespace waymark;
using namespace waymark::testing;

namespace {

bool page_says(const Response& page, std::string_view words) {
    return page.body.find(words) != std::string::npos;
}

std::string piece_after(const std::string& text, const std::string& before, std::size_t length = 36) {
    const auto at = text.find(before);
    REQUIRE(at != std::string::npos);
    return text.substr(at + before.size(), length);
}

}  // namespace

TEST_CASE("searches that open nothing are told to who oversees, without a child, and answered once") {
    House house;
    Browser police{house};
    police.sign_in("j.mensah");
    for (int i = 0; i < 25; ++i) {
        house.clock.set(house.clock.now() + std::chrono::minutes(1));
        police.post("/children", "name=Somebody+Nobody" + std::to_string(i));
    }
    Browser officer{house};
    officer.sign_in("p.whitlock");
    const auto list = officer.get("/access/looks");
    CHECK(list.status == 200);
    REQUIRE(page_says(list, "Many searches, and nothing opened"));
    CHECK(page_says(list, "Joshua Mensah"));
    CHECK(page_says(list, "the partnership’s own"));
    const auto path = "/access/looks/" + piece_after(list.body, "/access/looks/");
    const auto page = officer.get(path);
    CHECK(officer.post(path, "key=a&outcome=explained&until=" + Browser::field(page, "until")).status == 422);
    const auto until = percent_encode(Browser::field(page, "until"));
    CHECK(officer.post(path, "key=a&outcome=explained&reason=Asked&until=" + until).status == 303);
    CHECK(page_says(officer.get("/access/looks"), "Nothing waits for an answer"));
    CHECK(officer.post(path, "key=b&outcome=explained&reason=Asked&until=" + until).status == 409);
    // Police do not oversee, and a manager of another agency sees nothing of it.
    CHECK(police.get("/access/looks").status == 403);
    Browser manager{house};
    manager.sign_in("s.iyer");
    CHECK_FALSE(page_says(manager.get("/access/looks"), "Joshua Mensah"));
}

TEST_CASE("a sign-in from two addresses by turns is noted by the application itself") {
    House house;
    Browser worker{house};
    worker.sign_in("a.rahman");
    const auto from = [&](const char* peer) {
        Request request;
        request.method = Method::get;
        request.target = parse_target("/help").value();
        request.cookies = worker.cookies;
        request.peer = peer;
        CHECK(house.app->handle(request).status < 500);
    };
    for (const char* peer : {"192.0.2.1", "127.0.0.1"}) from(peer);
    Browser officer{house};
    officer.sign_in("p.whitlock");
    CHECK(page_says(officer.get("/access/looks"), "One sign-in from two places"));
}

TEST_CASE("the child’s page marks what came since the last sign-in’s look, and shows who looked last to a manager") {
    House house;
    Browser front{house};
    const Sample sample = make_sample_in_assessment(front);
    const auto path = "/children/" + sample.person;
    Browser manager{house};
    manager.sign_in("s.iyer");
    CHECK_FALSE(page_says(manager.get(path), "since you last looked"));
    house.clock.set(*parse_instant("2026-03-26T10:00:00Z"));
    Browser again{house};
    again.sign_in("s.iyer");
    CHECK(page_says(again.get(path), "Nothing has come since you last looked"));
    CHECK(page_says(again.get(path), "Who looked last"));
    Browser theirs{house};
    theirs.sign_in("m.brennan");
    CHECK_FALSE(page_says(theirs.get(path), "Who looked last"));
}

TEST_CASE("who to ring is one page from the child’s, with numbers that a telephone dials") {
    House house;
    Browser front{house};
    const Sample sample = make_sample_in_assessment(front);
    const auto page = front.get("/children/" + sample.person + "/ring");
    CHECK(page.status == 200);
    CHECK(page_says(page, "tel:01632960200"));
    CHECK(page_says(page, "Front door, open now"));
    CHECK(page_says(page, "Maeve Brennan"));
    Browser nursery{house};
    nursery.sign_in("f.begum");
    CHECK(nursery.get("/children/" + sample.person + "/ring").status == 404);
    Browser worker{house};
    worker.sign_in("a.rahman");
    const auto own = worker.get("/my/contact");
    CHECK(page_says(own, "01632 960 101"));
    CHECK(worker.post("/my/contact", "telephone=by+letter").status == 422);
    CHECK(worker.post("/my/contact", "key=c&telephone=01632+960+777").status == 303);
    CHECK(page_says(worker.get("/my/contact"), "01632 960 777"));
}

TEST_CASE("a worry becomes the beginning of a concern with what was typed, and of nobody else’s") {
    House house;
    Browser nursery{house};
    nursery.sign_in("f.begum");
    nursery.get("/advice/new");
    CHECK(nursery.post("/advice/new", "to=front-door").status == 422);
    const auto one = location(nursery.post("/advice/new", "key=w&to=front-door&text=Category+and+code+only"));
    REQUIRE(one.starts_with("/advice/"));
    Browser front{house};
    front.sign_in("m.brennan");
    CHECK(page_says(front.get("/"), "1 worry waits for your advice"));
    front.get(one);
    CHECK(front.post(one + "/raise").status == 403);
    CHECK(front.post(one, "key=g&advice=raise&text=Raise+it").status == 303);
    CHECK_FALSE(page_says(front.get("/"), "waits for your advice"));
    Browser police{house};
    police.sign_in("j.mensah");
    CHECK(police.get(one).status == 404);
    CHECK(page_says(nursery.get(one), "Raise it"));
    const auto draft = location(nursery.post(one + "/raise"));
    REQUIRE(draft.starts_with("/concerns/drafts/"));
    CHECK(page_says(nursery.get(draft), "Category and code only"));
}
