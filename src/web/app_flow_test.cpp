// The ways through the pages, each walked as a practitioner walks it.
#include <doctest/doctest.h>

#include "casework/models.hpp"
#include "support/web_house.hpp"

namespace waymark::web::flows {

using namespace waymark::testing;

TEST_CASE("a form sent after the session ended is kept through sign-in") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const std::string draft = "/concerns/drafts/" + new_draft(browser) + "/what";
    browser.cookies.clear();
    const Response asked = browser.send(Method::post, draft, "summary=Typed+%26+kept&csrf=old");
    CHECK(asked.status == 403);
    const std::string held = Browser::field(asked, "held");
    REQUIRE_FALSE(held.empty());
    browser.csrf.clear();
    const Response answer =
        browser.post("/sign-in", "token=" + Browser::field(asked, "token") +
                                     "&practitioner=m.brennan&next=" + percent_encode(draft) +
                                     "&held=" + percent_encode(replaced(replaced(held, "&amp;", "&"), "&#39;", "'")));
    CHECK(answer.status == 200);
    CHECK(answer.body.find("Typed &amp; kept") != std::string::npos);
    CHECK(answer.body.find("value=\"old\"") == std::string::npos);
}

TEST_CASE("a form that was opened before its writer signed in again is handed back to be sent, and records nothing") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const std::string draft = "/concerns/drafts/" + new_draft(browser) + "/what";
    const std::string before = browser.csrf;
    browser.cookies.clear();
    browser.sign_in("m.brennan");
    REQUIRE(browser.csrf != before);
    const Response handed = browser.send(Method::post, draft, "summary=Typed+%26+kept&csrf=" + before);
    CHECK(handed.status == 403);
    CHECK(handed.body.find("value=\"Typed &amp; kept\"") != std::string::npos);
    CHECK(browser.get(draft).body.find("Typed &amp; kept") == std::string::npos);
    browser.get("/");
    CHECK(browser.post(draft, "summary=Typed+%26+kept&danger=no").status == 303);
    CHECK(browser.get(draft).body.find("Typed &amp; kept") != std::string::npos);
}

TEST_CASE("a form that was opened by somebody else who was signed in before is refused, and shown to nobody") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const std::string draft = "/concerns/drafts/" + new_draft(browser) + "/what";
    const std::string before = browser.csrf;
    browser.cookies.clear();
    browser.sign_in("e.vasquez");
    const Response refused = browser.send(Method::post, draft, "summary=Typed+and+not+theirs&csrf=" + before);
    CHECK(refused.status == 403);
    CHECK(refused.body.find("not theirs") == std::string::npos);
}

TEST_CASE("another person's draft is not found") {
    House house;
    Browser first{house};
    first.sign_in("e.vasquez");
    const std::string draft = "/concerns/drafts/" + new_draft(first) + "/check";
    CHECK(first.get(draft).status == 200);
    Browser second{house};
    second.sign_in("b.hughes");
    CHECK(second.get(draft).status == 404);
}

TEST_CASE("a raiser is not offered children of other agencies, and may not open the desk") {
    House house;
    Browser desk{house};
    desk.sign_in("m.brennan");
    const Sample sample = make_sample(desk);
    Browser nursery{house};
    nursery.sign_in("f.begum");
    const std::string draft = "/concerns/drafts/" + new_draft(nursery);
    CHECK(location(nursery.get(draft + "/children/1/match")) == draft + "/check");
    CHECK(nursery.get("/concerns/" + sample.concern).status == 403);
    CHECK(nursery.get("/children/" + sample.person).status == 404);
    const Response search = nursery.post("/children", std::string("name=Ottoline+") + canary);
    CHECK(search.body.find("No child found") != std::string::npos);
}

TEST_CASE("two records are decided on with a reason, shown with who decided, and the decision is taken back") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    const std::string pair = "/matches/" + sample.person + "/" + sample.other;
    CHECK(browser.get("/matches").body.find("1 pair of records waits") != std::string::npos);
    const Response asked = browser.get(pair);
    CHECK(asked.body.find("Another given name") != std::string::npos);
    CHECK(asked.body.find("aria-labelledby=\"evidence-title evidence-description\"") != std::string::npos);
    const Response without = browser.post(pair, "same=not-same&reason=+&a=" + sample.person + "&b=" + sample.other);
    CHECK(without.status == 422);
    CHECK(without.body.find("Say what speaks for it or against it") != std::string::npos);
    CHECK(without.body.find("value=\"not-same\" checked") != std::string::npos);
    CHECK(browser.post(pair, "same=not-same&reason=Two+sisters&a=" + sample.person + "&b=" + sample.other).status ==
          303);
    const Response decided = browser.get(pair);
    CHECK(decided.body.find("Maeve Brennan") != std::string::npos);
    CHECK(decided.body.find("Reason: Two sisters") != std::string::npos);
    CHECK(decided.body.find("What the engine had found then") != std::string::npos);
    CHECK(browser.get("/matches").body.find("No two records wait") != std::string::npos);
    CHECK(browser.post(pair + "/take-back", "why=").status == 422);
    CHECK(browser.post(pair + "/take-back", "why=The+wrong+children").status == 303);
    const Response back = browser.get(pair);
    CHECK(back.body.find("Decision taken back") != std::string::npos);
    CHECK(back.body.find("(taken back later)") != std::string::npos);
    CHECK(browser.get("/matches").body.find("1 pair of records waits") != std::string::npos);
}

TEST_CASE("the list of matches and each pair say which model weighs, since when, by whom and what it expects") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    for (const std::string& address : {std::string("/matches"), "/matches/" + sample.person + "/" + sample.other}) {
        const auto page = browser.get(address).body;
        CHECK(page.find("Which model weighs") != std::string::npos);
        CHECK(page.find("The one that came with the program") != std::string::npos);
        CHECK(page.find("By nobody") != std::string::npos);
        CHECK(page.find("from +8.0") != std::string::npos);
        CHECK(page.find("in 99.9 of 100 pairs") != std::string::npos);
    }

    people::batch::LinkageModel own = people::default_model();
    for (auto& field : own.fields) field.shares = nullptr;
    own.link_at = 9;
    own.expected_precision = 0.9975;
    const auto model = casework::model_to_adopt(people::batch::write_linkage_model(own), "own.json").value();
    const auto permit = house.office->gate->operator_of_machine(record::Action::append, "adopt", "operation");
    REQUIRE(casework::adopt(*house.office, std::nullopt, model, permit).has_value());
    house.reopen();
    Browser again{house};
    again.sign_in("m.brennan");
    const auto page = again.get("/matches").body;
    CHECK(page.find("The partnership’s own, version " + model.version) != std::string::npos);
    CHECK(page.find("25 March 2026, by the operator of the machine") != std::string::npos);
    CHECK(page.find("from +9.0") != std::string::npos);
    CHECK(page.find("in 99.8 of 100 pairs") != std::string::npos);
}

TEST_CASE("a prompt is put aside with a reason and a day, and what was typed comes back where one is missing") {
    House house;
    Browser browser{house};
    const Sample sample = make_sample_in_assessment(browser);
    const std::string path = "/children/" + sample.person + "/standing";
    const Response before = browser.get(path);
    CHECK(before.body.find("Somebody must look at this") != std::string::npos);
    const std::string prompt = "cue=not-all-agencies-met&case=" + Browser::field(before, "case");
    const Response without = browser.post(path, prompt + "&reason=A+date+is+fixed");
    CHECK(without.status == 422);
    CHECK(without.body.find("Enter the day until which it may wait") != std::string::npos);
    CHECK(without.body.find(">A date is fixed</textarea>") != std::string::npos);
    const Response too_long = browser.post(path, prompt + "&reason=A+date&until-day=1&until-month=4&until-year=2027");
    CHECK(too_long.status == 422);
    CHECK(too_long.body.find("longer than this prompt may be put aside") != std::string::npos);
    CHECK(browser.post(path, prompt + "&reason=A+date+is+fixed&until-day=1&until-month=4&until-year=2026").status ==
          303);
    const Response after = browser.get(path);
    CHECK(after.body.find("put aside until 1 April 2026 by Maeve Brennan") != std::string::npos);
    CHECK(after.body.find("A date is fixed") != std::string::npos);
    CHECK(after.body.find("value=\"not-all-agencies-met\"") == std::string::npos);
}

TEST_CASE("the cases in which the agencies never met are listed for the front door, and only counted for a board") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    make_sample(browser);
    const Response front = browser.get("/meetings");
    CHECK(front.status == 200);
    CHECK(front.body.find(canary) != std::string::npos);
    CHECK(front.body.find("Police") != std::string::npos);
    for (const auto& one : house.office->profile.practitioners) {
        if (one.role != "board-chair") continue;
        Browser board{house};
        board.sign_in(one.key);
        const Response counted = board.get("/meetings");
        CHECK(counted.status == 200);
        CHECK(counted.body.find("You may see how many, and not which.") != std::string::npos);
        CHECK(counted.body.find(canary) == std::string::npos);
    }
    Browser nursery{house};
    nursery.sign_in("f.begum");
    CHECK(nursery.get("/meetings").body.find(canary) == std::string::npos);
}

TEST_CASE("prompts that are also to be looked at stand apart from the three that interrupt a person in a day") {
    House house;
    Browser browser{house};
    const Sample sample = make_sample_in_assessment(browser);
    const std::string path = "/children/" + sample.person + "/standing";
    const auto interrupts = [&] {
        const auto body = browser.get(path).body;
        const auto apart = body.find("Also to look at (");
        const auto prompt = body.find("value=\"not-all-agencies-met\"");
        REQUIRE(prompt != std::string::npos);
        return prompt < apart;
    };
    CHECK(interrupts());
    CHECK(interrupts());  // a second look takes no second place
    // Three others interrupted the same person on the next day before it did.
    house.clock.advance(std::chrono::hours(24));
    const auto kept = house.store.write(
        [&](store::Transaction& tx) -> Result<void> {
            std::vector<store::PromptRow> rows;
            for (const auto* cue : {"a", "b", "c"}) rows.push_back({"m.brennan", {}, cue, house.clock.now()});
            tx.put_prompts(house.office->partnership, rows);
            return {};
        },
        store::Pace::person);
    REQUIRE(kept.has_value());
    browser.sign_in("m.brennan");
    CHECK_FALSE(interrupts());
}

TEST_CASE("what another version of a procedure would have required is asked and answered on its page") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    house.clock.advance(std::chrono::hours(24 * 10));
    browser.sign_in("m.brennan");
    const std::string path = "/procedures/hsb-england/replay";
    CHECK(browser.get("/procedures/hsb-england").body.find(path) != std::string::npos);
    const Response form = browser.get(path);
    CHECK(form.status == 200);
    CHECK(form.body.find("drift") != std::string::npos);
    const Response same = browser.post(path, "which=folder");
    CHECK(same.status == 200);
    CHECK(same.body.find("Nothing would have been otherwise.") != std::string::npos);
    std::string text = casework::adopted_text(house.office->editions.newest(), "procedure", "hsb-england")->text;
    const auto drift = text.find("{days = 30}", text.find("id = \"drift\""));
    REQUIRE(drift != std::string::npos);
    text.replace(drift, 11, "{days = 7}");
    const Response sooner = browser.post(path, "which=typed&text=" + percent_encode(text));
    CHECK(sooner.status == 200);
    CHECK(sooner.body.find("Case by case") != std::string::npos);
    CHECK(sooner.body.find("/children/" + sample.person + "/standing") != std::string::npos);
    const Response unheeded = browser.post(path, "which=folder&text=" + percent_encode(text));
    CHECK(unheeded.status == 422);
    CHECK(unheeded.body.find("The document below was changed") != std::string::npos);
    const Response broken = browser.post(
        path, "which=typed&text=" + percent_encode(text + "\n[[rule]]\nid = \"x\"\nrelation = \"wish\"\n"));
    CHECK(broken.status == 422);
    CHECK(broken.body.find("hsb-england.toml:") != std::string::npos);
    const Response backwards = browser.post(path, "which=folder&from=2026-03-02&to=2026-03-01");
    CHECK(backwards.status == 422);
    CHECK(backwards.body.find("The period must not end before it begins") != std::string::npos);
    CHECK(browser.get("/procedures/no-such/replay").status == 404);
    for (const auto& one : house.office->profile.practitioners) {
        if (one.role != "board-chair") continue;
        Browser board{house};
        board.sign_in(one.key);
        CHECK(board.get(path).status == 403);
        CHECK(board.post(path, "which=folder").status == 403);
        CHECK(board.get("/procedures/hsb-england").body.find(path) == std::string::npos);
    }
}

TEST_CASE("after two records were parted, what was written meanwhile is assigned with a reason") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    const std::string pair = "/matches/" + sample.person + "/" + sample.other;
    const std::string ids = "&a=" + sample.person + "&b=" + sample.other;
    // Joining and parting take two people.
    Browser second{house};
    second.sign_in("d.kowalczyk");
    for (Browser* one : {&browser, &second})
        CHECK(one->post(pair, "same=same&reason=A+second+name" + ids).status == 303);
    house.clock.advance(std::chrono::minutes(5));
    CHECK(browser.get(pair + "/undone").body.find("There is nothing to part") != std::string::npos);
    CHECK(browser.post("/concerns/" + sample.concern + "/decide", "outcome=assessment&rationale=Weighed").status ==
          303);
    house.clock.advance(std::chrono::minutes(5));
    for (Browser* one : {&browser, &second})
        CHECK(one->post(pair, "same=not-same&reason=Two+sisters" + ids).status == 303);
    CHECK(browser.get(pair).body.find("while they were joined") != std::string::npos);
    const Response undone = browser.get(pair + "/undone");
    CHECK(undone.body.find("1 entry is to be assigned") != std::string::npos);
    const std::string entry = Browser::field(undone, "entry");
    const Response without = browser.post(pair + "/assign", "entry=" + entry + "&to=" + sample.other + "&reason=");
    CHECK(without.status == 422);
    CHECK(without.body.find("href=\"#reason-1\"") != std::string::npos);
    CHECK(browser.post(pair + "/assign", "entry=" + entry + "&to=" + sample.other + "&reason=By+the+name").status ==
          303);
    const Response done = browser.get(pair + "/undone");
    CHECK(done.body.find("Every entry is assigned") != std::string::npos);
    CHECK(done.body.find("Reason: By the name") != std::string::npos);
    CHECK(browser.get("/children/" + sample.other).body.find("Decision on what happens next") != std::string::npos);
}

TEST_CASE("who may not decide who is who reads the pair without the form, and a raiser is not told that it is there") {
    House house;
    Browser desk{house};
    desk.sign_in("m.brennan");
    const Sample sample = make_sample(desk);
    const std::string pair = "/matches/" + sample.person + "/" + sample.other;
    Browser worker{house};
    worker.sign_in("a.rahman");
    for (const auto& concern : {sample.concern, sample.other_concern})
        CHECK(desk.post("/concerns/" + concern + "/decide", "outcome=assessment&rationale=Weighed").status == 303);
    const Response read = worker.get(pair);
    CHECK(read.status == 200);
    CHECK(read.body.find("name=\"same\"") == std::string::npos);
    CHECK(worker.get("/matches").status == 403);
    CHECK(worker.post(pair, "same=same&reason=Why&a=" + sample.person + "&b=" + sample.other).status == 403);
    Browser school{house};
    school.sign_in("e.vasquez");
    CHECK(school.get(pair).status == 404);
    CHECK(school.get("/").body.find("/matches") == std::string::npos);
}

TEST_CASE("a concern sent twice is one concern, and the second sending finds the first receipt") {
    House house;
    Browser browser{house};
    browser.sign_in("e.vasquez");
    const std::string send = "/concerns/drafts/" + new_draft(browser) + "/send";
    const std::string receipt = location(browser.post(send));
    CHECK(receipt.ends_with("/receipt"));
    CHECK(location(browser.post(send)) == receipt);
    const std::string list = browser.get("/concerns").body;
    CHECK(list.find("/receipt") == list.rfind("/receipt"));
}

TEST_CASE("a decision sent twice is one decision") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    const std::string form = "key=00000000-0000-4000-8000-00000000000a&outcome=assessment&rationale=Weighed";
    CHECK(browser.post("/concerns/" + sample.concern + "/decide", form).status == 303);
    CHECK(browser.post("/concerns/" + sample.concern + "/decide", form).status == 303);
    const std::string page = browser.get("/children/" + sample.person).body;
    const std::string decision = ">Decision on what happens next: Assessment<";
    CHECK(page.find(decision) != std::string::npos);
    CHECK(page.find(decision) == page.rfind(decision));
}

}  // namespace waymark::web::flows
