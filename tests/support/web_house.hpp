#pragma once
// The web application on a scratch store with a clock that the test sets, and browsers that remember cookies and the
// token of the page they saw last.
//
//     House house;
//     Browser browser{house};
//     browser.sign_in("m.brennan");
//     const web::Response page = browser.get("/inbox");
//
// What cannot be set up throws: a program that is no doctest uses it too.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "casework/casework.hpp"
#include "support/failing_store.hpp"
#include "support/scratch_store.hpp"
#include "web/app.hpp"

namespace waymark::testing {

using web::Method;
using web::Request;
using web::Response;
using web::Route;

// The family name of every child of the samples: where it may not be seen, nothing of the record may.
constexpr const char* canary = "Quillfeather";

inline std::string whole_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Random bytes that a test can begin anew at any moment: two houses that are asked the same then make the same ids.
class Stream final : public Random {
public:
    explicit Stream(std::uint64_t seed) : random_(seed) {}
    void begin(std::uint64_t seed) {
        const std::lock_guard lock(mutex_);
        random_ = SeededRandom(seed);
    }
    void fill(std::span<std::uint8_t> bytes) override {
        const std::lock_guard lock(mutex_);
        random_.fill(bytes);
    }

private:
    std::mutex mutex_;
    SeededRandom random_;
};

struct Ground {
    std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";
    std::string profile{};  // TOML; empty: Northbay's
    std::uint64_t seed = 7;
    const record::Root* root = nullptr;  // the partnership is sealed under it
};

struct House {
    Ground ground;
    ScratchStore scratch;
    FailingStore store{*scratch};
    SetClock clock{parse_instant("2026-03-25T10:00:00Z").value()};
    Stream random;
    std::unique_ptr<casework::Office> office;
    std::ostringstream log_text;
    Log log{log_text, clock};
    std::unique_ptr<web::App> app;

    explicit House(Ground of = {}) : ground(std::move(of)), random(ground.seed) {
        const std::string file = ground.content + "/profiles/northbay.toml";
        const std::string profile = ground.profile.empty() ? whole_file(file) : ground.profile;
        auto founded =
            casework::found_partnership(store, ground.content, profile, file, true, clock, random, ground.root);
        if (!founded) throw std::runtime_error(describe(founded.error()));
        write_assets();
        reopen();
    }

    // As when the server is started again.
    void reopen() {
        app.reset();
        auto opened = casework::open_office(store, ground.content, std::nullopt, clock, random, ground.root);
        if (!opened) throw std::runtime_error(describe(opened.error()));
        office = std::move(*opened);
        web::AppOptions options;
        options.assets_dir = scratch.folder().path().string();
        options.names_may_sign_in = true;
        options.password_cost = {1, 8u << 10};  // what a password costs is tried in the room of accounts
        auto made = web::App::make(*office, options, log, {});
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
        if (method == Method::post) request.headers.emplace("content-type", "application/x-www-form-urlencoded");
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
    // And opens a page, My day or one that shows nothing of the record.
    void sign_in(const std::string& name, const std::string& first_page = "/") {
        const Response page = get("/sign-in");
        const Response answer = post("/sign-in", "token=" + field(page, "token") + "&next=%2F&practitioner=" + name);
        if (answer.status != 303) throw std::runtime_error("not signed in: " + name);
        csrf = field(get(first_page), "csrf");
        if (csrf.empty()) throw std::runtime_error("no token after signing in as " + name);
    }
};

inline bool says(const Response& response, std::string_view words) {
    return response.body.find(words) != std::string::npos;
}

inline std::string header(const Response& response, std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) return value;
    }
    return {};
}

inline std::string location(const Response& response) {
    return header(response, "Location");
}

// A concern by the front door about a child of its own, and a draft with a child in it.
struct Sample {
    std::string concern;
    std::string person;
    std::string draft;
    std::string other{}, other_concern{};  // a twin, offered as perhaps the same child
    std::string entry_draft{};             // an entry begun for that child
    std::string decision{};                // not to share something about that child
    std::string challenge{};               // of what was decided on the concern
    std::string telling_draft{};           // a form about telling, begun
    std::string assessment{}, asked{};
    std::string meeting{}, invitation{}, action{}, minutes{};  // about that child, to whoever made the sample
    std::string consultation{};
    std::string advice{};   // a worry talked through
    std::string pairing{};  // that child and the twin, linked but separate
};

inline std::string new_entry_draft(Browser& browser, const std::string& person,
                                   const std::string& kind = "views.recorded") {
    const std::string draft = location(browser.get("/children/" + person + "/add/" + kind));
    if (!draft.starts_with("/entries/drafts/")) throw std::runtime_error("no form of " + kind);
    return draft.substr(std::string("/entries/drafts/").size());
}

inline std::string new_draft(Browser& browser, const std::string& given_name = "Ottoline") {
    const std::string what = location(browser.get("/concerns/new"));
    const std::string draft = what.substr(0, what.rfind('/'));
    browser.post(draft + "/what", "summary=Category+and+code+only&danger=no");
    browser.post(draft + "/when", "about_what=harmed&on-day=24&on-month=3&on-year=2026");
    browser.post(draft + "/children/1", "given_name=" + given_name + "&family_name=" + canary +
                                            "&born-day=4&born-month=5&born-year=2017&role=affected");
    browser.post(draft + "/children/1/match", "choice=none");
    return draft.substr(std::string("/concerns/drafts/").size());
}

inline void add_tellings(Browser& browser, Sample& sample) {
    const std::string telling = "/children/" + sample.person + "/telling";
    browser.post(telling + "/not-shared",
                 "asked_by=voluntary&asked_for=By+category&reason_code=not-necessary&"
                 "reason=By+category&review-day=8&review-month=4&review-year=2026");
    const std::string page = browser.get(telling).body;
    const std::string before = telling + "/not-shared/";
    const std::size_t at = page.find(before);
    if (at == std::string::npos) throw std::runtime_error("no decision not to share");
    sample.decision = page.substr(at + before.size(), 36);
    const std::string challenge =
        location(browser.post("/challenges/new/" + sample.concern, "about_what=threshold&text=Category+and+code+only"));
    if (!challenge.starts_with("/challenges/")) throw std::runtime_error("no challenge");
    sample.challenge = challenge.substr(std::string("/challenges/").size());
    const std::string begun = location(browser.get(telling + "/share"));
    sample.telling_draft = begun.substr(begun.find("draft=") + 6, 36);
}

// A meeting that was called, held below its quorum, minuted and sent, all by and to one person.
inline void add_meeting(Browser& browser, Sample& sample, const std::string& who = "m.brennan") {
    const std::string called = location(
        browser.post("/children/" + sample.person + "/meetings/new/hsb",
                     "on-day=1&on-month=4&on-year=2026&starts=14:30&place=Room+2&without=By+category&people=" + who));
    if (!called.starts_with("/meetings/")) throw std::runtime_error("no meeting");
    sample.meeting = called.substr(std::string("/meetings/").size());
    const auto of_my_day = [&](const std::string& before) {
        const std::string page = browser.get("/").body;
        const std::size_t at = page.find(before);
        if (at == std::string::npos) throw std::runtime_error("My day has no " + before);
        return page.substr(at + before.size(), 36);
    };
    sample.invitation = of_my_day("/invitations/");
    browser.post(called + "/attendance",
                 "on-day=25&on-month=3&on-year=2026&attended=p:" + who + "&goes_on=go-on&below_quorum=By+category");
    browser.post(called + "/decisions", "text=Category+and+code+only");
    browser.post(called + "/actions",
                 "text=Category+and+code+only&owner=csc&due-day=2&due-month=4&due-year=2026&practitioner=" + who);
    browser.post(called + "/minutes", "people=" + who);
    sample.action = of_my_day("/actions/");
    sample.minutes = of_my_day("/minutes/");
}

// A line about the sample's child, as an import takes it; gives the entry.
inline std::string take_line(House& house, const Sample& sample, const std::string& head, const std::string& more) {
    const auto& office = *house.office;
    const auto permit = office.gate->operator_of_machine(record::Action::append, "import entries", "operation");
    const std::string line = "{" + head + R"(,"at":"2026-03-25","subjects":[{"involvement":"subject","person":")" +
                             sample.person + R"("}],)" + more + "}";
    auto draft = record::decode_draft(line, office.catalogue, house.clock.now(), office.calendar->zone());
    if (!draft) throw std::runtime_error(describe(draft.error().front()) + " in " + line);
    std::string entry;
    const auto wrote = house.store.write(
        [&](store::Transaction& tx) -> Result<void> {
            const std::vector<record::Draft> drafts{*draft};
            const auto outcome = TRY(casework::take(office, tx, permit, drafts)).front();
            if (outcome.taken != casework::Taken::taken) throw std::runtime_error(describe(outcome.faults.front()));
            entry = to_string(outcome.entries.front());
            return {};
        },
        store::Pace::person);
    if (!wrote) throw std::runtime_error(describe(wrote.error()));
    return entry;
}

// The police ask social care for its view before a step about that child.
inline void add_consultation(House& house, Sample& sample) {
    sample.consultation =
        take_line(house, sample, R"("kind":"consultation.requested","agency":"police","author":"j.mensah","id":"co-1")",
                  R"("body":{"of":["csc"],"course":"charge"})");
}

// An assessment that another began, of which one person is asked for a section.
inline void add_assessment(House& house, Sample& sample, const std::string& who = "m.brennan") {
    const auto take = [&](const std::string& kind, const std::string& id, const std::string& more) {
        return take_line(house, sample,
                         R"("kind":")" + kind + R"(","agency":"csc","author":"a.rahman","id":")" + id + R"(")", more);
    };
    sample.assessment = take("assessment.started", "as-1",
                             R"("body":{"template":"hsb-structured","supervisor":"s.iyer","co_worker":"t.okafor"})");
    sample.asked = take("assessment.asked", "as-2",
                        R"("about":"as-1","body":{"to":"csc","practitioner":")" + who +
                            R"(","domain":"behaviour","due":"2026-04-03"})");
}

inline Sample make_sample(Browser& browser) {
    Sample sample;
    const std::string draft = new_draft(browser);
    const std::string receipt = location(browser.post("/concerns/drafts/" + draft + "/send"));
    if (!receipt.ends_with("/receipt")) throw std::runtime_error("the concern was not taken");
    sample.concern = receipt.substr(10, 36);
    const std::string desk = browser.get("/concerns/" + sample.concern).body;
    sample.person = desk.substr(desk.find("/children/") + 10, 36);
    if (!parse_uuid(sample.person)) throw std::runtime_error("no child on the desk");
    const std::string twin = sample.other_concern =
        location(browser.post("/concerns/drafts/" + new_draft(browser, "Peregrine") + "/send")).substr(10, 36);
    const std::string twins_desk = browser.get("/concerns/" + twin).body;
    sample.other = twins_desk.substr(twins_desk.find("/children/") + 10, 36);
    sample.draft = new_draft(browser);
    sample.entry_draft = new_entry_draft(browser, sample.person);
    return sample;
}

// With something for each route to show.
inline Sample make_whole_sample(Browser& browser) {
    Sample sample = make_sample(browser);
    add_tellings(browser, sample);
    add_meeting(browser, sample);
    add_assessment(browser.house, sample);
    add_consultation(browser.house, sample);
    const std::string linked = location(
        browser.post("/children/" + sample.person + "/separate",
                     "other=" + sample.other + "&stage=coordinator&coordinator=s.iyer&reason=Category+and+code+only"));
    if (!linked.starts_with("/separate/")) throw std::runtime_error("the records were not linked");
    sample.pairing = linked.substr(std::string("/separate/").size());
    Browser nursery{browser.house};
    nursery.sign_in("f.begum");
    nursery.get("/advice/new");
    const std::string asked = location(nursery.post("/advice/new", "to=front-door&text=Category+and+code+only"));
    if (asked.starts_with("/advice/")) sample.advice = asked.substr(std::string("/advice/").size());
    return sample;
}

// The front door signed in, and the concern of the sample decided on.
inline Sample make_sample_in_assessment(Browser& browser) {
    browser.sign_in("m.brennan");
    Sample sample = make_sample(browser);
    if (browser.post("/concerns/" + sample.concern + "/decide", "outcome=assessment&rationale=Seen").status != 303)
        throw std::runtime_error("the concern was not decided on");
    return sample;
}

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

inline std::string path_of(const Route& route, const Sample& sample) {
    std::string path = replaced(replaced(route.pattern, ":concern", sample.concern), ":entry", sample.concern);
    const auto or_concern = [&](const std::string& id) { return id.empty() ? sample.concern : id; };
    path =
        replaced(replaced(path, ":decision", or_concern(sample.decision)), ":challenge", or_concern(sample.challenge));
    path = replaced(replaced(path, ":advice", or_concern(sample.advice)), ":alert", sample.concern);
    path = replaced(path, ":pairing", or_concern(sample.pairing));
    path = replaced(replaced(path, ":check", sample.concern), "/telling/drafts/:draft",
                    "/telling/drafts/" + or_concern(sample.telling_draft));
    path = replaced(replaced(path, "/entries/drafts/:draft", "/entries/drafts/" + sample.entry_draft), ":kind",
                    "views.recorded");
    path = replaced(replaced(path, ":person", sample.person), ":draft", sample.draft);
    path = replaced(replaced(path, ":one", sample.person), ":other", sample.other);
    path =
        replaced(replaced(path, ":meeting", or_concern(sample.meeting)), ":invitation", or_concern(sample.invitation));
    path = replaced(replaced(path, ":action", or_concern(sample.action)), ":minutes", or_concern(sample.minutes));
    path = replaced(replaced(path, ":assessment", or_concern(sample.assessment)), ":asked", or_concern(sample.asked));
    path = replaced(replaced(path, ":type", "hsb"), ":section", "behaviour");
    path = replaced(replaced(path, ":consultation", or_concern(sample.consultation)), ":course", "charge");
    path = replaced(path, ":name", "hsb-england");
    return replaced(replaced(path, ":n", "1"), ":step", "what");
}

// Enough that each form is looked at: not enough that it is taken.
inline std::string form_of(const Sample& sample) {
    return "name=Ottoline+" + std::string(canary) + "&earlier=" + sample.concern + "&a=" + sample.person +
           "&b=" + sample.person + "&which=folder&q=Ottoline+" + std::string(canary);
}

}  // namespace waymark::testing
