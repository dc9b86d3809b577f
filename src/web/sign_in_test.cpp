// Sessions as the pages tell of them, and administration of who may sign in.
#include <doctest/doctest.h>

#include "support/web_house.hpp"
#include "web/app.hpp"

namespace waymark::web::signing_in {

using namespace waymark::testing;
using namespace std::chrono_literals;

namespace {

std::string person_link(const std::string& page, const std::string& name) {
    const std::size_t at = page.find(">" + name + "<");
    if (at == std::string::npos) return {};
    const std::size_t from = page.rfind("href=\"", at) + 6;
    return page.substr(from, page.find('"', from) - from);
}

}  // namespace

TEST_CASE("every page says when the session ends, in words and for the script, and how to stay") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Response page = browser.get("/");
    CHECK(page.body.find("If you do nothing until 10:30, you are signed out") != std::string::npos);
    CHECK(page.body.find("data-session-seconds=\"1800\"") != std::string::npos);
    CHECK(page.body.find("data-session-warn=\"300\"") != std::string::npos);
    CHECK(page.body.find("href=\"/session\"") != std::string::npos);
    house.clock.advance(28min);
    CHECK(browser.get("/session").body.find("signed out at 10:58") != std::string::npos);
    CHECK(Browser{house}.get("/help").body.find("data-session-seconds") == std::string::npos);
}

TEST_CASE("a script that asks how long is left keeps nobody signed in; one that extends does") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    house.clock.advance(26min);
    const std::string token = ",\"token\":\"" + browser.csrf + "\"}";
    CHECK(browser.get("/session/left").body == R"({"seconds":240,"extends":true,"at":"10:30")" + token);
    browser.headers["waymark-script"] = "1";
    CHECK(browser.post("/session/extend").body == R"({"seconds":1800,"extends":true,"at":"10:56")" + token);
    house.clock.advance(29min);
    CHECK(browser.get("/session/left").body.find("\"seconds\":60") != std::string::npos);
    house.clock.advance(1min);
    CHECK(browser.get("/session/left").body == R"({"seconds":0,"extends":false,"at":"","token":""})");
    CHECK(browser.post("/session/extend").status == 403);
}

TEST_CASE("twelve hours after signing in the page says that no use puts the end off") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    for (int i = 0; i < 28; ++i) {
        house.clock.advance(25min);
        REQUIRE(browser.get("/session").status == 200);
    }
    house.clock.advance(5min);  // 11 hours 45 minutes
    const Response page = browser.get("/");
    CHECK(page.body.find("You are signed out at 22:00") != std::string::npos);
    CHECK(page.body.find("data-session-extends=\"no\"") != std::string::npos);
    house.clock.advance(15min);
    CHECK(location(browser.get("/")) == "/sign-in");
}

TEST_CASE("one's own sessions are on one page, and all others are ended from there") {
    House house;
    Browser one{house};
    Browser two{house};
    one.sign_in("m.brennan");
    two.sign_in("m.brennan");
    const Response page = two.get("/my-sessions");
    CHECK(page.body.find("this one") != std::string::npos);
    CHECK(page.body.find("A choice of names") != std::string::npos);
    CHECK(two.post("/my-sessions/end-others").status == 200);
    CHECK(location(one.get("/")) == "/sign-in");
    CHECK(two.get("/").status == 200);
}

TEST_CASE("an administrator sees who works here and closes an access, whose sessions end at once; nobody else does") {
    House house;
    Browser worker{house};
    worker.sign_in("m.brennan");
    CHECK(worker.get("/admin/people").status == 403);
    CHECK(worker.get("/").body.find("/admin/people") == std::string::npos);
    const auto& people = house.office->profile.practitioners;
    const auto found =
        std::find_if(people.begin(), people.end(), [](const auto& p) { return p.role == "system-admin"; });
    REQUIRE(found != people.end());
    const std::string admin = found->key;
    const std::string brennan = house.office->profile.practitioner("m.brennan")->name;
    Browser browser{house};
    browser.sign_in(admin);
    std::string link;
    for (int n = 1; n <= 9 && link.empty(); ++n)
        link = person_link(browser.get("/admin/people?page=" + std::to_string(n)).body, brennan);
    REQUIRE(link.starts_with("/admin/people/"));
    CHECK(link.find("brennan") == std::string::npos);
    CHECK(browser.get("/admin/people/000000000000000000000000").status == 404);
    CHECK(worker.post(link + "/close").status == 403);
    CHECK(worker.get("/").status == 200);
    CHECK(browser.post(link + "/close").body.find("Access closed") != std::string::npos);
    CHECK(location(worker.get("/")) == "/sign-in");
    CHECK_THROWS(worker.sign_in("m.brennan"));
    CHECK(browser.post(link + "/reopen").status == 200);
    CHECK_NOTHROW(worker.sign_in("m.brennan"));
    const std::string own = person_link(browser.get("/admin/people").body, found->name);
    if (!own.empty()) CHECK(browser.post(own + "/close").status == 403);
}

TEST_CASE("what a proxy says of the client is believed of a proxy that is named, and of nobody else") {
    House house;
    AppOptions options;
    options.assets_dir = house.scratch.folder().path().string();
    options.names_may_sign_in = true;
    options.proxies = {"127.0.0.1"};
    auto made = App::make(*house.office, options, house.log, {});
    REQUIRE(made);
    Browser plain{house};
    plain.headers["x-forwarded-for"] = "203.0.113.9";
    plain.sign_in("m.brennan");
    CHECK(plain.get("/my-sessions").body.find("203.0.113.9") == std::string::npos);
    house.app = std::move(*made);
    Browser proxied{house};
    proxied.headers["x-forwarded-for"] = "10.9.9.9, 203.0.113.9";
    proxied.sign_in("m.brennan");
    const std::string page = proxied.get("/my-sessions").body;
    CHECK(page.find("203.0.113.9") != std::string::npos);
    CHECK(page.find("10.9.9.9") == std::string::npos);
}

TEST_CASE("cookies are __Host- ones behind TLS, HttpOnly and SameSite always") {
    House house;
    AppOptions options;
    options.assets_dir = house.scratch.folder().path().string();
    options.names_may_sign_in = true;
    options.secure_cookies = true;
    auto made = App::make(*house.office, options, house.log, {});
    REQUIRE(made);
    house.app = std::move(*made);
    Browser browser{house};
    const Response page = browser.get("/sign-in");
    const std::string visit = header(page, "Set-Cookie");
    CHECK(visit.starts_with("__Host-waymark-visit="));
    for (const char* part : {"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"})
        CHECK(visit.find(part) != std::string::npos);
    CHECK(visit.find("Domain") == std::string::npos);
    browser.sign_in("m.brennan");
    CHECK(browser.cookies.contains("__Host-waymark"));
    CHECK(header(browser.get("/"), "Strict-Transport-Security").starts_with("max-age="));
}

}  // namespace waymark::web::signing_in
