// The whole application on a real store: who may see a page, what each look leaves behind, and what every answer
// carries.
#include "web/app.hpp"

#include <doctest/doctest.h>

#include "casework/spool.hpp"
#include "support/web_house.hpp"
#include "web/security.hpp"

namespace waymark::web::doors {

using namespace waymark::testing;

namespace {

std::int64_t last_line(House& house) {
    std::int64_t last = 0;
    static_cast<void>(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        for (std::vector<store::AuditRow> rows;
             !(rows = snapshot.audit_after(house.office->partnership, last, 10'000)).empty();)
            last = rows.back().position;
        return {};
    }));
    return last;
}

std::vector<record::AuditLine> lines_after(House& house, std::int64_t position) {
    std::vector<record::AuditLine> lines;
    static_cast<void>(house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        for (const auto& row : snapshot.audit_after(house.office->partnership, position, 10'000))
            lines.push_back(house.office->auditor->open(row).value());
        return {};
    }));
    return lines;
}

void give_spool(House& house) {
    auto spool = casework::Spool::open(house.scratch.folder() / "spool", *house.office->seal, house.random, 1u << 20);
    if (!spool) throw std::runtime_error(describe(spool.error()));
    house.office->spool = std::move(*spool);
}

}  // namespace

TEST_CASE("every page of a record sends a stranger to sign in, and a form of a stranger is not taken") {
    House house;
    const Sample nobody{"00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002",
                        "00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000004",
                        "00000000-0000-4000-8000-000000000005", "00000000-0000-4000-8000-000000000006"};
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
    Sample sample = make_whole_sample(browser);
    for (const Route& route : house.app->routes()) {
        if (route.shows != Shows::record) continue;
        CAPTURE(route.pattern);
        CAPTURE(std::string(route.method == Method::post ? "POST" : "GET"));
        sample.draft = new_draft(browser);
        sample.entry_draft = new_entry_draft(browser, sample.person);
        const auto before = last_line(house);
        const std::string path = path_of(route, sample);
        // A new route with a parameter of its own needs a sample of it in path_of.
        CHECK(path.find(':') == std::string::npos);
        const Response response = route.method == Method::get ? browser.get(path) : browser.post(path, form_of(sample));
        CHECK(response.status < 500);
        CHECK(response.status != 404);
        const auto lines = lines_after(house, before);
        CHECK_FALSE(lines.empty());
        for (const auto& line : lines) {
            if (line.practitioner != "m.brennan") continue;
            CHECK(line.strength == "name");
            CHECK(line.session.size() == 64);
            CHECK(line.from == "127.0.0.1");
            CHECK_FALSE(line.policy.empty());
        }
        // What was shown of a child names the child. One's own unsent form is no child's record yet.
        const bool own_form = route.pattern.find("/drafts/") != std::string::npos;
        if (response.body.find(canary) == std::string::npos || own_form) continue;
        const bool names_record = std::any_of(lines.begin(), lines.end(), [&](const record::AuditLine& line) {
            return !line.record.is_nil() && line.result == "allowed" && line.route == route.name &&
                   (!line.fields.empty() || !line.shown.empty());
        });
        CHECK(names_record);
    }
}

TEST_CASE("a page that is said to show nothing of the record shows nothing of it") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_sample(browser);
    for (const Route& route : house.app->routes()) {
        if (route.shows != Shows::nothing || route.name == "sign-out") continue;
        CAPTURE(route.pattern);
        const std::string path = path_of(route, sample);
        const Response response = route.method == Method::get ? browser.get(path) : browser.post(path, "which=folder");
        for (const char* piece : {canary, "Ottoline", "Category and code only"})
            CHECK(response.body.find(piece) == std::string::npos);
    }
}

TEST_CASE("a concern is raised when the store cannot be written, and reaches the front door when it can") {
    House house;
    give_spool(house);
    Browser browser{house};
    browser.sign_in("e.vasquez");
    const std::string draft = new_draft(browser);
    const std::string halfway = location(browser.get("/concerns/new"));
    house.store.broken = true;

    // A form that was ready goes as it is.
    const Response sent = browser.post("/concerns/drafts/" + draft + "/send");
    CHECK(sent.status == 202);
    CHECK(sent.body.find("It has not reached the front door yet") != std::string::npos);
    CHECK(sent.body.find(canary) == std::string::npos);
    CHECK(house.office->spool->waiting() == 1);
    CHECK(browser.post("/concerns/drafts/" + draft + "/send").status == 202);
    CHECK(house.office->spool->waiting() == 1);

    // One that was begun goes on one page, with what was just typed.
    const Response anyway = browser.post(halfway, "summary=Category+and+code&danger=yes");
    CHECK(anyway.status == 503);
    CHECK(anyway.body.find("action=\"/concerns/now\"") != std::string::npos);
    CHECK(anyway.body.find(">Category and code</textarea>") != std::string::npos);
    const std::string key = "key=" + Browser::field(anyway, "key");
    CHECK(browser.post("/concerns/now", key + "&summary=Category+and+code&danger=yes").status == 422);
    const std::string whole =
        key + "&summary=Category+and+code&danger=yes&about_what=harmed&given_name=Bo&role=affected";
    const Response now = browser.post("/concerns/now", whole);
    CHECK(now.status == 202);
    CHECK(now.body.find("telephone the front door as well") != std::string::npos);
    // Also where the store cannot even be read; nothing else is opened then.
    house.store.unreadable = true;
    CHECK(browser.post("/concerns/now", whole).status == 202);
    CHECK(browser.get("/").status == 503);
    CHECK(Browser{house}.post("/concerns/now", whole).status != 202);
    CHECK(house.office->spool->waiting() == 2);

    house.store.unreadable = false;
    house.store.broken = false;
    CHECK(house.office->spool->merge(*house.office).merged == 2);
    const std::string mine = browser.get("/concerns").body;
    CHECK(mine.find("/receipt") != mine.rfind("/receipt"));
    CHECK(location(browser.post("/concerns/drafts/" + draft + "/send")).ends_with("/receipt"));
    Browser desk{house};
    desk.sign_in("m.brennan");
    CHECK(desk.get("/inbox").body.find(canary) != std::string::npos);
}

TEST_CASE("who has looked is shown to a manager and a privacy officer, and offered to no raiser") {
    House house;
    Browser front{house};
    front.sign_in("m.brennan");
    const Sample sample = make_sample(front);
    const std::string path = "/children/" + sample.person + "/looked";
    CHECK(front.get(path).status == 403);
    CHECK(front.get("/children/" + sample.person).body.find(path) == std::string::npos);
    for (const auto& one : house.office->profile.practitioners) {
        if (one.role != "social-care-manager" && one.role != "privacy-officer") continue;
        CAPTURE(one.role);
        Browser browser{house};
        browser.sign_in(one.key);
        const Response page = browser.get(path);
        CHECK(page.status == 200);
        CHECK(page.body.find("Maeve Brennan") != std::string::npos);
        CHECK((page.body.find(canary) != std::string::npos) == (one.role == "social-care-manager"));
        const Response plain = browser.get(path + "?for=child");
        CHECK(plain.body.find("looked at your record") != std::string::npos);
        CHECK(plain.body.find("Maeve Brennan") == std::string::npos);
        CHECK(browser.get(path + "?from=2026-03-26").body.find("Maeve Brennan") == std::string::npos);
        CHECK(browser.get(path + "?before=x-y&from=never").status == 200);
    }
}

TEST_CASE("where the audit line cannot be kept the answer is 503 and holds nothing of the record") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_whole_sample(browser);
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
    const Sample sample = make_whole_sample(browser);
    for (const Route& route : house.app->routes()) {
        if (route.method != Method::post) continue;
        if (route.name == "sign-in.out") continue;  // sent by a provider's server, which signs it
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

TEST_CASE("a body that is no form of ours is not read") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    for (const char* type :
         {"", "text/plain", "multipart/form-data; boundary=x", "application/json",
          "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencodedx"}) {
        CAPTURE(std::string(type));
        browser.headers["content-type"] = type;
        CHECK(browser.post("/sign-out").status == 415);
    }
    for (const char* type : {"application/x-www-form-urlencoded; charset=UTF-8", "Application/X-WWW-Form-Urlencoded"}) {
        CAPTURE(std::string(type));
        browser.headers["content-type"] = type;
        CHECK(browser.post("/concerns/drafts/00000000-0000-4000-8000-000000000003/what").status != 415);
    }
}

TEST_CASE("a browser's report of a violation is taken from anybody and nothing of it is kept") {
    House house;
    Browser stranger{house};
    stranger.headers["content-type"] = "application/csp-report";
    const Response answer =
        stranger.send(Method::post, "/csp-report",
                      R"({"csp-report": {"violated-directive": "script-src", "sample": "Quillfeather"}})");
    CHECK(answer.status == 204);
    CHECK(house.log_text.str().find("csp violations reported") != std::string::npos);
    CHECK(house.log_text.str().find(canary) == std::string::npos);
    CHECK(header(answer, "Content-Security-Policy").find("report-uri /csp-report") != std::string::npos);
}

TEST_CASE("every answer carries the strict headers, whatever it answers") {
    House house;
    Browser browser{house};
    browser.sign_in("m.brennan");
    const Sample sample = make_whole_sample(browser);
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
    CHECK(header(response, "Clear-Site-Data").find("storage") != std::string::npos);
    CHECK_FALSE(browser.cookies.contains("waymark"));
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

}  // namespace waymark::web::doors
