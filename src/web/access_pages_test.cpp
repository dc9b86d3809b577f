// Who may see what, through the pages: an emergency, its review, two people, and what is not offered to whom.
#include <doctest/doctest.h>

#include "store/sign_ins.hpp"
#include "support/web_house.hpp"

namespace waymark::web::access_pages_tests {

using namespace waymark::testing;

namespace {

// The address after `start` in the page, an id long.
std::string id_after(const Response& response, const std::string& start) {
    const auto at = response.body.find(start);
    return at == std::string::npos ? std::string() : response.body.substr(at + start.size(), 36);
}

}  // namespace

TEST_CASE("a record that does not open is offered in an emergency, opened with a reason, told and reviewed") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    const std::string child = "/children/" + sample.person;
    Browser police{house};
    police.sign_in("h.lindqvist");
    const Response shut = police.get(child);
    CHECK(shut.status == 403);
    CHECK(says(shut, child + "/glass"));
    const Response page = police.get(child + "/glass");
    CHECK(page.status == 200);
    CHECK(says(page, "Open a record in an emergency"));
    CHECK(police.post(child + "/glass", "reason=&hours=4").status == 422);
    CHECK(police.post(child + "/glass", "reason=Now&hours=4").status == 422);
    CHECK(location(police.post(child + "/glass", "reason=The+ward+asks+who+may+visit&hours=4")) == child);
    CHECK(says(police.get(child), "You opened this record in an emergency"));
    CHECK(location(police.get(child + "/glass")) == child);
    CHECK(says(front.get("/"), "Hanna Lindqvist"));

    Browser privacy{house};
    privacy.sign_in("p.whitlock");
    const Response told = privacy.get("/");
    CHECK(says(told, "Hanna Lindqvist"));
    const std::string use = "/access/glass/" + id_after(told, "/access/glass/");
    const Response queue = privacy.get("/access");
    CHECK(says(queue, use));
    const Response seen = privacy.get(use);
    CHECK(says(seen, "The ward asks who may visit"));
    for (const auto* one : {&told, &queue, &seen}) {
        CHECK_FALSE(says(*one, canary));
        CHECK_FALSE(says(*one, sample.person));
    }
    CHECK(privacy.post(use, "outcome=justified").status == 422);
    CHECK(location(privacy.post(use, "outcome=justified&reason=The+ward+confirms+it")) == "/access");
    CHECK(says(privacy.get(use), "The ward confirms it"));
    house.clock.advance(std::chrono::hours(5));
    police.sign_in("h.lindqvist");
    CHECK(police.get(child).status == 403);
}

TEST_CASE("nothing about an emergency is offered to a role that may not, nor for a child who is hidden") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    Browser manager{house};
    manager.sign_in("s.iyer");
    Browser school{house};
    school.sign_in("e.vasquez");
    const std::string child = "/children/" + sample.person;
    const std::string nobody = "/children/00000000-0000-4000-8000-000000000009";
    CHECK_FALSE(says(school.get(child), "/glass"));
    CHECK(school.get(child + "/glass").status == school.get(nobody + "/glass").status);
    CHECK(location(
              manager.post(child + "/restrictions", "level=hidden&persons=Sunita+Iyer&reason=A+relative+works+here")) ==
          "/access/restrictions");
    Browser police{house};
    police.sign_in("h.lindqvist");
    const Response hidden = police.get(child);
    CHECK(hidden.status == 404);
    CHECK_FALSE(says(hidden, "emergency"));
    CHECK(front.get(child).status == 404);
    CHECK(manager.get(child).status == 200);
}

TEST_CASE("an act of the operator is asked for on the page by one and agreed to by another") {
    House house;
    Browser admin{house};
    admin.sign_in("z.novak");
    CHECK(says(admin.get("/approvals"), "Ask for an act of the operator"));
    CHECK(admin.post("/approvals", "act=export&why=").status == 422);
    CHECK(admin.post("/approvals", "act=everything&why=So").status == 422);
    CHECK(location(admin.post("/approvals", "act=export&why=A+yearly+copy")) == "/approvals");
    CHECK(says(admin.get("/approvals"), "Withdraw it"));
    Browser privacy{house};
    privacy.sign_in("p.whitlock");
    const Response waiting = privacy.get("/approvals");
    CHECK(says(waiting, "A yearly copy"));
    CHECK(says(waiting, "Take the whole record out"));
    CHECK(location(privacy.post("/approvals/" + id_after(waiting, "action=\"/approvals/"), "agree=yes")) ==
          "/approvals");
    CHECK_FALSE(says(privacy.get("/approvals"), "A yearly copy"));
    Browser front{house};
    front.sign_in("m.brennan");
    CHECK_FALSE(says(front.get("/approvals"), "Ask for an act of the operator"));
    CHECK(front.post("/approvals", "act=export&why=Mine").status == 403);
}

TEST_CASE("a sign-in that is too weak for an emergency is refused in words, with a way to sign in again to this page") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    Browser police{house};
    police.sign_in("h.lindqvist");
    const std::string glass = "/children/" + sample.person + "/glass";
    // As after a sign-in with an account, in a partnership that is no demonstration.
    const auto signed_in = house.scratch->write([&](store::Transaction& tx) -> Result<void> {
        auto& table = store::sign_ins(tx);
        for (auto row : table.sessions_of(house.office->partnership, "h.lindqvist", 5)) {
            row.strength = "two-factor";
            row.issuer = "local";
            table.put_signed_in(house.office->partnership, row);
        }
        return {};
    });
    REQUIRE(signed_in.has_value());
    house.office->demonstration = false;
    house.office->to_break_glass = "phishing-resistant";
    const Response weak = police.get(glass);
    CHECK(weak.status == 403);
    CHECK(says(weak, "Sign in again with a passkey or a smartcard"));
    CHECK(says(weak, "/sign-in?again=1&amp;next=" + percent_encode(glass)));
    CHECK_FALSE(says(weak, "Open the record</button>"));
    CHECK(police.post(glass, "reason=The+ward+asks+who+may+visit&hours=4").status == 403);
    house.office->demonstration = true;
    CHECK(police.get("/children/" + sample.person).status == 403);
    CHECK(police.get("/sign-in?again=1&next=" + percent_encode(glass)).status == 200);
}

TEST_CASE("a restriction is reviewed by one and lifted by two, each from their own page") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    Browser manager{house};
    manager.sign_in("s.iyer");
    const std::string child = "/children/" + sample.person;
    CHECK(manager.post(child + "/restrictions", "level=named-only&persons=A+Stranger&reason=Why").status == 422);
    REQUIRE(
        manager.post(child + "/restrictions", "level=named-only&persons=s.iyer&reason=A+relative+works+here").status ==
        303);
    CHECK(front.get(child).status == 403);
    const std::string item =
        "/access/restrictions/" + id_after(manager.get("/access/restrictions"), "/access/restrictions/");
    CHECK(says(manager.get(item), "Only the people named"));
    CHECK(location(manager.post(item, "outcome=keep&reason=Still+needed")) == "/access/restrictions");
    CHECK(location(manager.post(item, "outcome=lift&reason=They+have+left")) == "/approvals");
    CHECK(says(manager.get("/approvals"), "Withdraw it"));
    Browser privacy{house};
    privacy.sign_in("p.whitlock");
    const Response waiting = privacy.get("/approvals");
    CHECK(says(waiting, "They have left"));
    const std::string asked = "/approvals/" + id_after(waiting, "action=\"/approvals/");
    CHECK(manager.post(asked, "agree=yes").status == 403);
    CHECK(front.get(child).status == 403);
    CHECK(privacy.post(asked, "agree=no").status == 422);
    CHECK(location(privacy.post(asked, "agree=yes")) == "/approvals");
    CHECK(front.get(child).status == 200);
}

TEST_CASE("two records wait for a second person on their page, who joins them by the same answer") {
    House house;
    Browser first{house};
    first.sign_in("m.brennan");
    const Sample sample = make_sample(first);
    const std::string pair = "/matches/" + sample.person + "/" + sample.other;
    const std::string yes = "same=same&reason=A+second+name&a=" + sample.person + "&b=" + sample.other;
    CHECK(first.post(pair, yes).status == 303);
    CHECK(says(first.get(pair), "Nothing changes until a second person says the same"));
    CHECK(says(first.get("/matches"), "It waits for a second person"));
    Browser second{house};
    second.sign_in("d.kowalczyk");
    CHECK(says(second.get("/"), "1 request waits for your answer"));
    CHECK(second.post(pair, yes).status == 303);
    const Response joined = second.get(pair);
    CHECK(says(joined, "The two records are joined"));
    CHECK(says(joined, "Dorota Kowalczyk agreed"));
}

TEST_CASE("what somebody declares is listed for them alone, and shuts the record without saying so") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    Browser other{house};
    other.sign_in("d.kowalczyk");
    CHECK(other.get("/children/" + sample.person).status == 200);
    CHECK(other.post("/my/connections", "relation=child").status == 422);
    const std::string own = std::string("relation=child&given_name=Ottoline&family_name=") + canary +
                            "&born-day=4&born-month=5&born-year=2017";
    CHECK(location(other.post("/my/connections", own)) == "/my/connections");
    CHECK(says(other.get("/my/connections"), canary));
    CHECK_FALSE(says(front.get("/my/connections"), canary));
    CHECK(other.get("/children/" + sample.person).status == 403);
    Browser privacy{house};
    privacy.sign_in("p.whitlock");
    const Response queue = privacy.get("/access");
    CHECK(says(queue, "Dorota Kowalczyk"));
    CHECK_FALSE(says(queue, canary));
}

TEST_CASE("a protected address is shown in the answer to a form that says why, and on no other page") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    const std::string child = "/children/" + sample.person;
    const std::string draft = "/entries/drafts/" + new_entry_draft(front, sample.person, "circumstance.changed");
    front.get(draft);
    const Response added =
        front.post(draft, "f-type=placement&f-address=9+Quillon+Wharf&on-day=24&on-month=3&on-year=2026");
    REQUIRE(added.status == 303);
    const Response home = front.get(child);
    REQUIRE(says(home, child + "/address"));
    CHECK(says(home, "Address withheld"));
    CHECK_FALSE(says(home, "Quillon"));
    const Response page = front.get(child + "/address");
    CHECK(page.status == 200);
    CHECK_FALSE(says(page, "Quillon"));
    CHECK(front.post(child + "/address", "reason=").status == 422);
    const Response shown = front.post(child + "/address", "reason=A+visit+today");
    CHECK(shown.status == 200);
    CHECK(says(shown, "9 Quillon Wharf"));
    CHECK(header(shown, "Cache-Control").find("no-store") != std::string::npos);
    for (const auto* path : {"", "/print", "/address", "/looked"})
        CHECK_FALSE(says(front.get(child + path), "Quillon"));
    Browser manager{house};
    manager.sign_in("s.iyer");
    const Response looked = manager.get(child + "/looked");
    CHECK(says(looked, "Read a protected address"));
    CHECK(says(looked, "A visit today"));
    CHECK_FALSE(says(looked, "Quillon"));
}

}  // namespace waymark::web::access_pages_tests
