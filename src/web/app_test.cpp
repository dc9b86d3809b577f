// The whole application on a real store: who may see a page, what each look leaves behind, and what every answer
// carries.
#include "web/app.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "casework/models.hpp"
#include "support/scratch_store.hpp"
#include "web/security.hpp"

using namespace waymark;
using namespace waymark::web;

namespace {

constexpr const char* canary = "Quillfeather";

// A store whose writes can be made to fail, as when a disk is full.
class FailingStore final : public store::Store {
public:
    explicit FailingStore(store::Store& real) : real_(real) {}
    bool broken = false;

    Result<void> read(const Reading& reading) override { return real_.read(reading); }
    Result<void> write(const Writing& writing, store::Pace pace) override {
        if (broken) return fault(FaultKind::unavailable, "store", "The disk is full.", "Make room.");
        return real_.write(writing, pace);
    }
    [[nodiscard]] store::Engine engine() const override { return real_.engine(); }
    [[nodiscard]] std::vector<std::string> mode() const override { return real_.mode(); }
    Result<void> backup(const std::string& file,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress) override {
        return real_.backup(file, progress);
    }

private:
    store::Store& real_;
};

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct House {
    testing::ScratchStore scratch;
    FailingStore store{*scratch};
    SetClock clock{parse_instant("2026-03-25T10:00:00Z").value()};
    SeededRandom random{7};
    std::unique_ptr<casework::Office> office;
    std::ostringstream log_text;
    Log log{log_text, clock};
    std::unique_ptr<App> app;

    House() {
        const std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";
        const std::string profile = content + "/profiles/northbay.toml";
        auto founded = casework::found_partnership(store, content, read_file(profile), profile, true, clock, random);
        if (!founded) throw std::runtime_error(describe(founded.error()));
        write_assets();
        reopen();
    }

    // As when the server is started again.
    void reopen() {
        app.reset();
        auto opened =
            casework::open_office(store, std::string(WAYMARK_SOURCE_DIR) + "/content", std::nullopt, clock, random);
        if (!opened) throw std::runtime_error(describe(opened.error()));
        office = std::move(*opened);
        AppOptions options;
        options.assets_dir = scratch.folder().path().string();
        options.names_may_sign_in = true;
        auto made = App::make(*office, options, log, {});
        if (!made) throw std::runtime_error(describe(made.error()));
        app = std::move(*made);
    }
    void write_assets() const {
        std::ofstream(scratch.folder() / "manifest.json")
            << R"({"waymark.css":"a-1.css","waymark.js":"b-1.js","govuk-frontend.js":"c-1.js","waymark.svg":"d-1.svg"})";
        std::ofstream(scratch.folder() / "a-1.css") << "body{}";
        std::ofstream(scratch.folder() / "a-1.css.gz") << "packed";
    }
    std::int64_t audit_lines() {
        std::int64_t count = 0;
        static_cast<void>(store.read([&](store::Snapshot& snapshot) -> Result<void> {
            count = snapshot.count_audit(office->partnership);
            return {};
        }));
        return count;
    }
};

// A browser with cookies and the token of the page it last saw.
struct Browser {
    House& house;
    std::map<std::string, std::string, std::less<>> cookies{};
    std::string csrf{};
    std::map<std::string, std::string, std::less<>> headers{};

    Response send(Method method, std::string_view path, const std::string& body = {}) {
        Request request;
        request.method = method;
        request.target = parse_target(path).value();
        request.cookies = cookies;
        request.headers = headers;
        request.body = body;
        request.peer = "127.0.0.1";
        Response response = house.app->handle(request);
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            const std::size_t equals = value.find('=');
            const std::string cookie = value.substr(0, equals);
            cookies[cookie] = value.substr(equals + 1, value.find(';') - equals - 1);
            if (cookies[cookie].empty()) cookies.erase(cookie);
        }
        if (const std::string token = field(response, "csrf"); !token.empty()) csrf = token;
        return response;
    }
    Response get(std::string_view path) { return send(Method::get, path); }
    Response post(std::string_view path, std::string fields = {}) {
        if (!csrf.empty()) fields += (fields.empty() ? "csrf=" : "&csrf=") + csrf;
        return send(Method::post, path, fields);
    }
    static std::string field(const Response& response, const std::string& name) {
        const std::string start = "name=\"" + name + "\" value=\"";
        const std::size_t at = response.body.find(start);
        if (at == std::string::npos) return {};
        const std::size_t from = at + start.size();
        return response.body.substr(from, response.body.find('"', from) - from);
    }
    void sign_in(const std::string& name) {
        const Response page = get("/sign-in");
        const Response answer = post("/sign-in", "token=" + field(page, "token") + "&next=%2F&practitioner=" + name);
        REQUIRE(answer.status == 303);
        csrf = field(get("/"), "csrf");
        REQUIRE_FALSE(csrf.empty());
    }
};

std::string header(const Response& response, std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) return value;
    }
    return {};
}

std::string location(const Response& response) {
    return header(response, "Location");
}

// A concern by the front door about a child of its own, and a draft with a child in it.
struct Sample {
    std::string concern;
    std::string person;
    std::string draft;
    std::string other{}, other_concern{};  // a twin, offered as perhaps the same child
};

std::string new_draft(Browser& browser, const std::string& given_name = "Ottoline") {
    const std::string what = location(browser.get("/concerns/new"));
    const std::string draft = what.substr(0, what.rfind('/'));
    browser.post(draft + "/what", "summary=Category+and+code+only&danger=no");
    browser.post(draft + "/when", "about_what=harmed&on-day=24&on-month=3&on-year=2026");
    browser.post(draft + "/children/1", "given_name=" + given_name + "&family_name=" + canary +
                                            "&born-day=4&born-month=5&born-year=2017&role=affected");
    browser.post(draft + "/children/1/match", "choice=none");
    return draft.substr(std::string("/concerns/drafts/").size());
}

Sample make_sample(Browser& browser) {
    Sample sample;
    const std::string draft = new_draft(browser);
    const std::string receipt = location(browser.post("/concerns/drafts/" + draft + "/send"));
    REQUIRE(receipt.ends_with("/receipt"));
    sample.concern = receipt.substr(10, 36);
    const std::string desk = browser.get("/concerns/" + sample.concern).body;
    sample.person = desk.substr(desk.find("/children/") + 10, 36);
    REQUIRE(parse_uuid(sample.person));
    const std::string twin = sample.other_concern =
        location(browser.post("/concerns/drafts/" + new_draft(browser, "Peregrine") + "/send")).substr(10, 36);
    const std::string twins_desk = browser.get("/concerns/" + twin).body;
    sample.other = twins_desk.substr(twins_desk.find("/children/") + 10, 36);
    sample.draft = new_draft(browser);
    return sample;
}

// The front door signed in, and the concern of the sample decided on.
Sample make_sample_in_assessment(Browser& browser) {
    browser.sign_in("m.brennan");
    Sample sample = make_sample(browser);
    REQUIRE(browser.post("/concerns/" + sample.concern + "/decide", "outcome=assessment&rationale=Seen").status == 303);
    return sample;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

std::string path_of(const Route& route, const Sample& sample) {
    std::string path = replaced(route.pattern, ":concern", sample.concern);
    path = replaced(replaced(path, ":person", sample.person), ":draft", sample.draft);
    path = replaced(replaced(path, ":one", sample.person), ":other", sample.other);
    path = replaced(path, ":name", "hsb-england");
    return replaced(replaced(path, ":n", "1"), ":step", "what");
}

// Enough that each form is looked at: not enough that it is taken.
std::string form_of(const Sample& sample) {
    return "name=Ottoline+" + std::string(canary) + "&earlier=" + sample.concern + "&a=" + sample.person +
           "&b=" + sample.person + "&which=folder";
}

}  // namespace

TEST_CASE("every page of a record sends a stranger to sign in, and a form of a stranger is not taken") {
    House house;
    const Sample nobody{"00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002",
                        "00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000004"};
    for (const Route& route : house.app->routes()) {
        if (route.open) continue;
        CAPTURE(route.pattern);
        Browser stranger{house};
        const Response response = stranger.send(route.method, path_of(route, nobody));
        if (route.method == Method::get) {
            CHECK(response.status == 303);
            CHECK(location(response).starts_with("/sign-in"));
        } else {
            CHECK(response.status == 403);
        }
    }
}

TEST_CASE("every page of a record leaves its audit line") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    Sample sample = make_sample(browser);
    for (const Route& route : house.app->routes()) {
        if (route.shows != Shows::record) continue;
        CAPTURE(route.pattern);
        CAPTURE(std::string(route.method == Method::post ? "POST" : "GET"));
        sample.draft = new_draft(browser);
        const std::int64_t before = house.audit_lines();
        const Response response = route.method == Method::get ? browser.get(path_of(route, sample))
                                                              : browser.post(path_of(route, sample), form_of(sample));
        CHECK(response.status < 500);
        CHECK(response.status != 404);
        CHECK(house.audit_lines() > before);
    }
}

TEST_CASE("where the audit line cannot be kept the answer is 503 and holds nothing of the record") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    house.store.broken = true;
    for (const Route& route : house.app->routes()) {
        if (route.shows != Shows::record) continue;
        CAPTURE(route.pattern);
        const Response response = route.method == Method::get ? browser.get(path_of(route, sample))
                                                              : browser.post(path_of(route, sample), form_of(sample));
        CHECK(response.status == 503);
        CHECK(response.body.find("could not be recorded, so it is not shown") != std::string::npos);
        for (const char* piece : {canary, "Ottoline", "Category and code only"})
            CHECK(response.body.find(piece) == std::string::npos);
    }
}

TEST_CASE("a form without the session's token is refused on every route") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    for (const Route& route : house.app->routes()) {
        if (route.method != Method::post) continue;
        CAPTURE(route.pattern);
        for (const char* token :
             {"", "csrf=wrong", "csrf=0000000000000000000000000000000000000000000000000000000000000000"}) {
            CHECK(browser.send(Method::post, path_of(route, sample), token).status == 403);
        }
        browser.headers["sec-fetch-site"] = "cross-site";
        CHECK(browser.post(path_of(route, sample)).status == 403);
        browser.headers.clear();
    }
}

TEST_CASE("every answer carries the strict headers, whatever it answers") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    std::vector<std::string> paths{"/no-such-page", "/sign-in", "/concerns/not-an-id/receipt"};
    for (const Route& route : house.app->routes()) {
        if (route.method == Method::get) paths.push_back(path_of(route, sample));
    }
    for (const std::string& path : paths) {
        CAPTURE(path);
        const Response response = browser.get(path);
        CHECK(header(response, "Content-Security-Policy") == content_security_policy());
        CHECK(header(response, "Cache-Control") == "no-store");
        CHECK(header(response, "Referrer-Policy") == "no-referrer");
        CHECK(header(response, "X-Content-Type-Options") == "nosniff");
        for (const char* name :
             {"Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy"}) {
            CHECK_FALSE(header(response, name).empty());
        }
        CHECK(header(response, "Strict-Transport-Security").empty());
        const std::size_t title = response.body.find("<title>");
        if (title != std::string::npos) {
            CHECK(response.body.substr(title, response.body.find("</title>") - title).find(canary) ==
                  std::string::npos);
        }
        CHECK(response.body.find(" style=\"") == std::string::npos);
        CHECK(response.body.find("<script>") == std::string::npos);
    }
}

TEST_CASE("built files are served for ever, packed where the browser takes it") {
    House house;
    Browser browser{house};
    const Response plain = browser.get("/assets/a-1.css");
    CHECK(plain.body == "body{}");
    CHECK(header(plain, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(plain.content_type == "text/css; charset=utf-8");
    browser.headers["accept-encoding"] = "br, gzip";
    const Response packed = browser.get("/assets/a-1.css");
    CHECK(packed.body == "packed");
    CHECK(header(packed, "Content-Encoding") == "gzip");
    CHECK(browser.get("/assets/manifest.json").status == 404);
    CHECK(browser.get("/assets/store.db").status == 404);  // it lies in the same folder here
}

TEST_CASE("an address that is used in another way says how it may be used") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Response response = browser.post("/inbox");
    CHECK(response.status == 405);
    CHECK(header(response, "Allow") == "GET, HEAD");
}

TEST_CASE("signing out ends the session and clears what the browser kept") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const auto kept = browser.cookies;
    const Response response = browser.post("/sign-out");
    CHECK(response.status == 303);
    CHECK(header(response, "Clear-Site-Data").find("cookies") != std::string::npos);
    browser.cookies = kept;
    CHECK(location(browser.get("/")) == "/sign-in");
}

TEST_CASE("a name that is not in the profile may not sign in") {
    House house;
    Browser browser{house};
    const Response page = browser.get("/sign-in");
    CHECK(browser.post("/sign-in", "token=" + Browser::field(page, "token") + "&practitioner=nobody").status == 403);
}

TEST_CASE("after signing in only an address of this site is gone to") {
    House house;
    for (const char* next : {"//evil.example/", "https://evil.example/", "/\\evil.example", "evil"}) {
        CAPTURE(std::string(next));
        Browser browser{house};
        const Response page = browser.get("/sign-in");
        const Response answer = browser.post("/sign-in", "token=" + Browser::field(page, "token") +
                                                             "&practitioner=m.brennan&next=" + percent_encode(next));
        CHECK(location(answer) == "/");
    }
}

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
    CHECK(browser.post(pair, "same=same&reason=A+second+name" + ids).status == 303);
    house.clock.advance(std::chrono::minutes(5));
    CHECK(browser.get(pair + "/undone").body.find("There is nothing to part") != std::string::npos);
    CHECK(browser.post("/concerns/" + sample.concern + "/decide", "outcome=assessment&rationale=Weighed").status ==
          303);
    house.clock.advance(std::chrono::minutes(5));
    CHECK(browser.post(pair, "same=not-same&reason=Two+sisters" + ids).status == 303);
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

TEST_CASE("health tells whether the store can be read, and nothing of the record") {
    House house;
    Browser browser{house};
    for (const char* path : {"/health", "/health/liveness", "/health/readiness"}) {
        const Response response = browser.get(path);
        CHECK(response.status == 200);
        CHECK(response.body.find("\"UP\"") != std::string::npos);
    }
    CHECK(browser.get("/ping").body == "pong\n");
}

TEST_CASE("without built assets the application does not start, and says how to build them") {
    House house;
    AppOptions options;
    options.assets_dir = "/nowhere";
    const auto made = App::make(*house.office, options, house.log, {});
    REQUIRE_FALSE(made);
    CHECK(made.error().mend.find("./run") != std::string::npos);
}
