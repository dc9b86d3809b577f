// How long the server takes for each page while many people work at once, over a record of a whole area.
//
//     pages_bench STORE ASSETS [CHILDREN] [ENTRIES_EACH] [PEOPLE] [SECONDS] [THINKING_MS] [ROLE]
//
// STORE: a file to be made (or one that this made before), or a libpq URL. ASSETS: the folder with the built style
// sheet and scripts. Each of PEOPLE has a connection of their own over loopback, opens a page, reads it for THINKING_MS
// on average and opens the next, or follows a link of the one before. Prints a line of JSON for each role and page, for
// each page, for each role, and one for all. ROLE: only people of this role work.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "base/system.hpp"
#include "base/text.hpp"
#include "casework/casework.hpp"
#include "record/keys.hpp"
#include "record/log.hpp"
#include "timing.hpp"
#include "web/app.hpp"
#include "web/http.hpp"

namespace {

using namespace waymark;

const std::string content_dir = std::string(WAYMARK_SOURCE_DIR) + "/content";

template <class T>
T must(Result<T> result) {
    if (!result) std::exit(bench::fail(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct Wanted {
    std::string store;
    std::string assets;
    std::size_t children = 10'000;
    std::size_t entries_each = 100;
    std::size_t people = 50;
    double seconds = 60;
    double thinking_ms = 2'000;
    std::string role = {};  // empty: all
};

// A root of fixed bytes, so that a store made by one run is opened by the next: nothing here is a real child.
class KnownRoot final : public record::Root {
public:
    KnownRoot() { std::fill(secret_.span().begin(), secret_.span().end(), std::uint8_t{7}); }
    [[nodiscard]] Result<Made> make(Random&) const override {
        return Made{{{"root", "bench"}, {"id", record::root_id(secret_.view())}}, SecretBytes::copy_of(secret_.view())};
    }
    [[nodiscard]] Result<SecretBytes> unlock(const json::object&) const override {
        return SecretBytes::copy_of(secret_.view());
    }
    [[nodiscard]] std::string shown() const override { return "the bench's root"; }

private:
    SecretBytes secret_{32};
};

// ---- The record -----------------------------------------------------------------------------------------------------

std::string letters(std::uint64_t n, std::size_t length) {
    std::string word;
    for (std::size_t i = 0; i < length; ++i, n /= 26) word += static_cast<char>((i == 0 ? 'A' : 'a') + n % 26);
    return word;
}

record::Identity identity_of(std::size_t child, SeededRandom& random) {
    record::Identity identity;
    identity.source = "cms";
    identity.id = fmt::format("c{}", child);
    identity.given_name = letters(random.below(26 * 26 * 26), 5);
    identity.family_name = letters(random.below(26 * 26 * 26 * 26), 7);
    identity.date_of_birth = make_date(2010, 1, 1) + std::chrono::days(random.below(4'500));
    identity.sex = random.below(2) == 0 ? "F" : "M";
    return identity;
}

// Who leads: one of many social workers, each with about twenty open cases.
constexpr std::size_t open_of = 5;  // of so many children one has an open case
std::string lead_of(std::size_t child, std::size_t leads) {
    return fmt::format("sw{:03}", child / open_of % leads);
}
bool is_open(std::size_t child) {
    return child % open_of == 0;
}
constexpr std::size_t workers_of_a_team = 8;
std::size_t leads_for(std::size_t children) {
    return std::max<std::size_t>(1, children / open_of / 20);
}
std::string profile_with_leads(std::size_t leads) {
    std::ifstream in(content_dir + "/profiles/northbay.toml");
    std::ostringstream text;
    text << in.rdbuf();
    for (std::size_t i = 0; i < leads; ++i) {
        text << fmt::format(
            "\n[[practitioner]]\nkey = \"sw{0:03}\"\nname = \"Worker {0:03}\"\nagency = \"csc\"\nrole = "
            "\"social-worker\"\nteam = \"team-{1:02}\"\n",
            i, i / workers_of_a_team);
    }
    return text.str();
}

// Two concerns, their decisions, an assessment, a plan and a case with a lead; the rest visits by three agencies. Of
// most the case is closed.
class Child {
public:
    Child(std::size_t number, std::size_t entries, std::size_t leads, SeededRandom& random)
        : number_(number), random_(random), identity_(identity_of(number, random)) {
        day_ = make_date(2024, 1, 1) + std::chrono::days(random.below(200));
        concern();
        const auto lead = lead_of(number, leads);
        add("case.opened", "csc", "s.iyer", {{"lead", lead}});
        add("assessment.started", "csc", lead.c_str(), {});
        add("assessment.completed", "csc", lead.c_str(), {});
        add("plan.agreed", "csc", lead.c_str(), {{"type", "child-in-need"}});
        concern();
        const std::pair<const char*, const char*> visitors[] = {
            {"csc", lead.c_str()}, {"health", "y.chen"}, {"education", "e.vasquez"}};
        while (drafts.size() + (is_open(number) ? 0 : 1) < entries) {
            const auto& [agency, author] = visitors[random.below(3)];
            add("visit.made", agency, author,
                {{"seen", true}, {"text", "Category and code only. " + std::string(100 + random.below(300), 'x')}});
        }
        if (!is_open(number)) add("case.closed", "csc", "s.iyer", {{"reason", "RC1"}});
    }
    std::vector<record::Draft> drafts;

private:
    // A concern with what the front door owes for it, in the case that it opened.
    void concern() {
        add("concern.raised", "education", "e.vasquez",
            {{"about_what", "displayed-behaviour"}, {"setting", "school"}, {"summary", "Category and code only."}});
        drafts.back().case_key.clear();
        const auto about = "education/" + drafts.back().id;
        if (!first_.empty()) answer("earlier.judged", first_, {{"judgement", "counts"}, {"reason", "Weighed."}});
        answer("triage.decided", about, {{"outcome", "assessment"}, {"rationale", "Weighed."}});
        answer("feedback.given", about, {{"to", "education"}, {"outcome", "assessment"}});
        if (first_.empty()) first_ = about;
    }
    void answer(const char* kind, const std::string& about, json::object body) {
        add(kind, "csc", "m.brennan", std::move(body));
        drafts.back().about = about;
        drafts.back().case_key.clear();
    }
    void add(const char* kind, const char* agency, const char* author, json::object body) {
        record::Draft draft;
        draft.kind = kind;
        draft.at = {Instant{std::chrono::duration_cast<std::chrono::microseconds>(day_.time_since_epoch()).count() +
                            (std::int64_t{600} + static_cast<std::int64_t>(drafts.size())) * 60'000'000},
                    false};
        draft.recorded = draft.at.instant;
        draft.agency = agency;
        draft.author = author;
        draft.id = fmt::format("p{}/{}", number_, drafts.size());
        draft.case_key = fmt::format("p{}", number_);
        draft.body = std::move(body);
        draft.subjects.push_back(
            {static_cast<record::Involvements>(record::Involvement::subject), identity_, std::nullopt});
        drafts.push_back(std::move(draft));
        day_ += std::chrono::days(random_.below(9));
    }
    std::size_t number_;
    SeededRandom& random_;
    record::Identity identity_;
    std::string first_;  // concern
    Date day_;
};

// In the order of their numbers; kept beside the store for the next run.
std::string list_of(const Wanted& wanted) {
    return wanted.store + ".children";
}
void fill(const casework::Office& office, store::Store& kept, const Wanted& wanted) {
    constexpr std::size_t children_at_once = 20;
    const auto permit = office.gate->operator_of_machine(record::Action::append, "bench", "operation");
    SeededRandom random(11);
    std::ofstream list(list_of(wanted));
    for (std::size_t from = 0; from < wanted.children; from += children_at_once) {
        std::vector<record::Draft> drafts;
        for (std::size_t n = from; n < std::min(wanted.children, from + children_at_once); ++n) {
            for (auto& draft : Child(n, wanted.entries_each, leads_for(wanted.children), random).drafts)
                drafts.push_back(std::move(draft));
        }
        std::vector<ViewId> persons;
        auto prepared = casework::prepare(office, std::move(drafts));
        must(kept.write(
            [&](store::Transaction& tx) -> Result<void> {
                persons.clear();
                for (const auto& outcome : TRY(casework::take(office, tx, permit, prepared))) {
                    if (outcome.taken == casework::Taken::refused)
                        return tl::unexpected(outcome.faults.empty() ? Fault{} : outcome.faults.front());
                    persons.push_back(outcome.records.front());
                }
                return {};
            },
            store::Pace::bulk));
        for (std::size_t i = 0; i < persons.size(); i += wanted.entries_each) list << to_string(persons[i]) << "\n";
    }
}

std::vector<ViewId> children_of(const Wanted& wanted) {
    std::vector<ViewId> children;
    std::ifstream in(list_of(wanted));
    for (std::string line; std::getline(in, line);) children.push_back(parse_id<ViewId>(line).value());
    return children;
}

// ---- A person with a browser ----------------------------------------------------------------------------------------

struct Answer {
    int status = 0;
    std::string cookie;
    std::string body;
};

class Connection {
public:
    explicit Connection(std::uint16_t port) : port_(port) {}
    ~Connection() {
        if (fd_ >= 0) ::close(fd_);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Answer ask(const std::string& method, const std::string& target, const std::string& form = {}) {
        std::string text =
            fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n", method, target);
        if (!cookie.empty()) text += "Cookie: " + cookie + "\r\n";
        if (method == "POST")
            text +=
                fmt::format("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.size());
        text += "\r\n" + form;
        for (int attempt = 0; attempt < 2; ++attempt) {
            if (fd_ < 0) open();
            if (auto answer = exchange(text)) return *answer;
            ::close(fd_);  // an idle connection that the server has closed
            fd_ = -1;
        }
        return {};
    }
    std::string cookie;

private:
    void open() {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int yes = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            std::perror("connect");
            std::exit(1);
        }
    }
    std::optional<Answer> exchange(const std::string& text) const {
        if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) return {};
        std::string all;
        std::size_t whole = std::string::npos;
        std::size_t head = std::string::npos;
        char part[16'384];
        while (all.size() < whole) {
            const ssize_t got = ::recv(fd_, part, sizeof part, 0);
            if (got <= 0) return {};
            all.append(part, static_cast<std::size_t>(got));
            if (head == std::string::npos && (head = all.find("\r\n\r\n")) != std::string::npos) {
                const auto length = all.find("Content-Length: ");
                if (length == std::string::npos || length > head) return {};
                whole = head + 4 + std::stoull(all.substr(length + 16, 12));
            }
        }
        Answer answer;
        answer.status = std::stoi(all.substr(9, 3));
        if (const auto at = all.find("Set-Cookie: "); at != std::string::npos && at < head)
            answer.cookie = all.substr(at + 12, all.find(';', at) - at - 12);
        answer.body = all.substr(head + 4);
        return answer;
    }
    std::uint16_t port_;
    int fd_ = -1;
};

std::string field(const std::string& body, const std::string& name) {
    const std::string start = "name=\"" + name + "\" value=\"";
    const auto at = body.find(start);
    return at == std::string::npos
               ? ""
               : body.substr(at + start.size(), body.find('"', at + start.size()) - at - start.size());
}

bool sign_in(Connection& connection, const std::string& who) {
    const auto page = connection.ask("GET", "/sign-in");
    connection.cookie = page.cookie;
    const auto in =
        connection.ask("POST", "/sign-in", "token=" + field(page.body, "token") + "&next=%2F&practitioner=" + who);
    connection.cookie = in.cookie;
    return in.status == 303;
}

// By role and page.
struct Times {
    std::mutex mutex;
    struct Of {
        std::vector<double> ms;
        std::map<int, int> statuses;
        std::size_t largest = 0;
    };
    std::map<std::pair<std::string, std::string>, Of> of;
};

// What people of a role open, and how often of a hundred; the rest of the time they follow a link of the page before.
struct Habit {
    const char* page;
    unsigned often;
};
constexpr Habit of_social_care[] = {{"/", 12},
                                    {"/children/:person", 26},
                                    {"/children/:person/standing", 8},
                                    {"/children/:person/plans", 5},
                                    {"/children/:person/justice", 3},
                                    {"/children/:person/add", 4},
                                    {"/children/:person?show=all", 4},
                                    {"/due", 4},
                                    {"/caseload", 4},
                                    {"/search", 5},
                                    {"/concerns/new", 2},
                                    {"/meetings", 2},
                                    {"/manual", 2}};
constexpr Habit of_front_door[] = {{"/", 12},
                                   {"/inbox", 18},
                                   {"/children/:person", 20},
                                   {"/children/:person/standing", 6},
                                   {"/matches", 5},
                                   {"/search", 8},
                                   {"/due", 4},
                                   {"/concerns/new", 3},
                                   {"/meetings", 3},
                                   {"/advice", 2}};
constexpr Habit of_managers[] = {{"/", 15},      {"/caseload", 20}, {"/due", 10},   {"/children/:person", 20},
                                 {"/search", 5}, {"/meetings", 5},  {"/access", 5}, {"/children/:person/standing", 5}};
constexpr Habit of_oversight[] = {
    {"/", 20},         {"/access", 15}, {"/access/looks", 15}, {"/approvals", 5}, {"/access/restrictions", 10},
    {"/my/contact", 5}};
constexpr Habit of_others[] = {{"/", 22},        {"/children/:person", 20},
                               {"/concerns", 8}, {"/concerns/new", 8},
                               {"/search", 5},   {"/due", 7},
                               {"/manual", 6},   {"/help", 3},
                               {"/meetings", 4}};
constexpr Habit of_reporters[] = {{"/", 40}, {"/concerns", 15}, {"/concerns/new", 20}, {"/manual", 15}, {"/help", 10}};

struct Worker {
    std::string name;
    std::string role;
    std::span<const Habit> habits;
    std::optional<std::size_t> leads;  // which of the social workers
    bool any_child = false;            // else those with an open case
};
// Of 25 who work at once eleven are social workers, four sit at the front door; the rest are of other roles and
// agencies.
Worker worker(std::size_t n, std::size_t leads) {
    static const Worker others[] = {
        {"m.brennan", "front-door", of_front_door, {}, true},
        {"d.kowalczyk", "front-door", of_front_door, {}, true},
        {"m.brennan", "front-door", of_front_door, {}, true},
        {"d.kowalczyk", "front-door", of_front_door, {}, true},
        {"s.iyer", "social-care-manager", of_managers, {}, true},
        {"g.ferreira", "reviewing-officer", of_others, {}},
        {"j.mensah", "police-officer", of_others, {}},
        {"k.sandhu", "youth-justice-worker", of_others, {}},
        {"y.chen", "health-practitioner", of_others, {}},
        {"r.macleod", "health-practitioner", of_others, {}},
        {"e.vasquez", "school-lead", of_others, {}},
        {"b.hughes", "school-lead", of_others, {}},
        {"f.begum", "early-years-lead", of_reporters, {}},
        {"p.whitlock", "privacy-officer", of_oversight, {}},
    };
    constexpr std::size_t workers = 11;
    const auto of_25 = n % (workers + std::size(others));
    if (of_25 >= workers) return others[of_25 - workers];
    const auto which = (n / (workers + std::size(others)) * workers + of_25) % leads;
    return {fmt::format("sw{:03}", which), "social-worker", of_social_care, which};
}
// A social worker opens their own children; the front door any; the others children with an open case.
std::size_t whose_page(const Worker& who, std::size_t children, SeededRandom& random) {
    if (who.any_child) return random.below(children);
    if (!who.leads) return std::min(children - 1, random.below(children / open_of) * open_of);
    const auto leads = leads_for(children);
    const auto rounds = std::max<std::size_t>(1, children / open_of / leads);
    return std::min(children - 1, (random.below(rounds) * leads + *who.leads) * open_of);
}

// Nothing: follow a link.
std::string pick(std::span<const Habit> habits, SeededRandom& random) {
    auto at = random.below(100);
    for (const auto& habit : habits) {
        if (at < habit.often) return habit.page;
        at -= habit.often;
    }
    return {};
}

constexpr std::size_t id_length = 36;
bool is_id(std::string_view text) {
    return text.size() == id_length && text[8] == '-' && text[13] == '-';
}
// The pattern of an address: ids, numbers of pages and what is asked for left out.
std::string pattern_of(const std::string& target) {
    std::string out;
    for (std::string_view rest = std::string_view(target).substr(0, target.find_first_of("?#")); !rest.empty();) {
        const auto slash = std::min(rest.find('/', 1), rest.size());
        const auto part = rest.substr(0, slash);
        out += part.size() > 1 && is_id(part.substr(1)) ? std::string_view("/:id") : part;
        rest.remove_prefix(slash);
    }
    return out;
}
// The pages of this house that a page leads to.
std::vector<std::string> links_in(const std::string& body) {
    constexpr std::string_view start = "href=\"/";
    std::vector<std::string> links;
    for (auto at = body.find(start); at != std::string::npos; at = body.find(start, at + 1)) {
        const auto from = at + start.size() - 1;
        auto link = body.substr(from, body.find('"', from) - from);
        link = link.substr(0, link.find('#'));
        if (link.starts_with("/assets") || link.starts_with("/sign") || link.starts_with("/session")) continue;
        for (auto amp = link.find("&amp;"); amp != std::string::npos; amp = link.find("&amp;")) link.erase(amp + 1, 4);
        if (link.find('.') == std::string::npos && link != "/") links.push_back(std::move(link));
    }
    return links;
}

void work(std::size_t n, std::uint16_t port, const Wanted& wanted, const std::vector<ViewId>& children, Times& times,
          bench::Steady::time_point counted_from, bench::Steady::time_point end) {
    const Worker who = worker(n, leads_for(children.size()));
    SeededRandom random(100 + n);
    Connection connection(port);
    if (!sign_in(connection, who.name)) {
        std::cerr << who.name << " could not sign in\n";
        std::exit(1);
    }
    std::string before = connection.ask("GET", "/").body;
    const auto token = field(before, "csrf");
    while (bench::Steady::now() < end) {
        auto page = pick(who.habits, random);
        std::string target = page;
        if (page.empty()) {
            const auto links = links_in(before);
            if (links.empty()) continue;
            target = links[random.below(links.size())];
            page = pattern_of(target);
        } else if (const auto at = target.find(":person"); at != std::string::npos) {
            target.replace(at, 7, to_string(children[whose_page(who, children.size(), random)]));
            page = page.find('?') == std::string::npos ? pattern_of(target) : page.replace(at, 7, ":id");
        }
        const auto start = bench::Steady::now();
        const auto name = letters(random.below(26 * 26 * 26), 5) + "+" + letters(random.below(26 * 26 * 26 * 26), 7);
        auto answer = target == "/search" ? connection.ask("POST", target, "q=" + name + "&csrf=" + token)
                                          : connection.ask("GET", target);
        const double ms = bench::seconds_since(start) * 1e3;
        if (start >= counted_from) {
            const std::lock_guard lock(times.mutex);
            auto& of = times.of[{who.role, page}];
            of.ms.push_back(ms);
            ++of.statuses[answer.status];
            of.largest = std::max(of.largest, answer.body.size());
        }
        before = answer.status == 200 ? std::move(answer.body) : std::string();
        if (wanted.thinking_ms > 0)
            std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(
                wanted.thinking_ms * (0.5 + static_cast<double>(random.below(1'000)) / 1'000)));
    }
}

void tell(const std::string& role, const std::string& page, Times::Of of, double seconds) {
    auto& ms = of.ms;
    if (ms.empty()) return;
    std::sort(ms.begin(), ms.end());
    std::string statuses;
    for (const auto& [status, count] : of.statuses)
        statuses += fmt::format("{}{}:{}", statuses.empty() ? "" : " ", status, count);
    fmt::print(R"({{"role":"{}","page":"{}","looks":{},"a_second":{:.1f},"median_ms":{:.2f},"p95_ms":{:.2f},)"
               R"("p99_ms":{:.2f},"most_ms":{:.1f},"largest_bytes":{},"statuses":"{}"}})"
               "\n",
               role, page, ms.size(), static_cast<double>(ms.size()) / seconds, bench::percentile(ms, 0.5),
               bench::percentile(ms, 0.95), bench::percentile(ms, 0.99), ms.back(), of.largest, statuses);
}

void add_to(Times::Of& sum, const Times::Of& one) {
    sum.ms.insert(sum.ms.end(), one.ms.begin(), one.ms.end());
    for (const auto& [status, count] : one.statuses) sum.statuses[status] += count;
    sum.largest = std::max(sum.largest, one.largest);
}

// Each page of each role, each page, each role, and all.
void tell_all(const Times& times, double seconds) {
    std::map<std::string, Times::Of> pages;
    std::map<std::string, Times::Of> roles;
    Times::Of all;
    for (const auto& [key, of] : times.of) {
        tell(key.first, key.second, of, seconds);
        add_to(roles[key.first], of);
        add_to(pages[key.second], of);
        add_to(all, of);
    }
    for (const auto& [page, of] : pages) tell("all", page, of, seconds);
    for (const auto& [role, of] : roles) tell(role, "all", of, seconds);
    tell("all", "all", all, seconds);
}

int measure(const Wanted& wanted) {
    const SystemClock clock;
    SystemRandom random;
    const auto address = must(store::parse_address(wanted.store));
    const auto kept = must(store::open(address, store::Opening::create, {}));
    const KnownRoot root;
    const auto founded = casework::found_partnership(*kept, content_dir, profile_with_leads(leads_for(wanted.children)),
                                                     "northbay.toml", true, clock, random, &root);
    if (!founded && founded.error().kind != FaultKind::conflict) return bench::fail(founded.error());
    const auto office = must(casework::open_office(*kept, content_dir, std::nullopt, clock, random, &root));
    if (founded) {
        const auto start = bench::Steady::now();
        fill(*office, *kept, wanted);
        std::cerr << fmt::format("filled in {:.0f} s\n", bench::seconds_since(start));
    }
    // As the server's caretaker has it: nothing waits for its place in the log.
    record::Sequencer sequencer(*kept, office->partnership, "bench", record::SigningKey::make(random), clock);
    must(sequencer.run());
    const auto children = children_of(wanted);
    std::ostringstream log_text;
    Log log(log_text, clock);
    web::AppOptions options;
    options.assets_dir = wanted.assets;
    options.names_may_sign_in = true;
    const auto app = must(web::App::make(*office, options, log, {}));
    web::ServerOptions serving;
    serving.port = 0;
    const auto server =
        must(web::Server::start(serving, [&](const web::Request& request) { return app->handle(request); }));
    constexpr double warm_up = 0.1;  // of the time: not counted
    Times times;
    const auto start = bench::Steady::now();
    const auto after = [&](double seconds) {
        return start + std::chrono::duration_cast<bench::Steady::duration>(std::chrono::duration<double>(seconds));
    };
    std::vector<std::thread> people;
    for (std::size_t n = 0; people.size() < wanted.people && n < 100 * wanted.people + 100; ++n) {
        if (!wanted.role.empty() && worker(n, leads_for(children.size())).role != wanted.role) continue;
        people.emplace_back([&, n] {
            work(n, server->port(), wanted, children, times, after(wanted.seconds * warm_up), after(wanted.seconds));
        });
    }
    for (auto& person : people) person.join();
    tell_all(times, bench::seconds_since(start) - wanted.seconds * warm_up);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 2) {
        std::cerr << "pages_bench STORE ASSETS [CHILDREN] [ENTRIES_EACH] [PEOPLE] [SECONDS] [THINKING_MS] [ROLE]\n";
        return 2;
    }
    Wanted wanted{words[0], words[1]};
    if (words.size() > 2) wanted.children = std::stoull(words[2]);
    if (words.size() > 3) wanted.entries_each = std::stoull(words[3]);
    if (words.size() > 4) wanted.people = std::stoull(words[4]);
    if (words.size() > 5) wanted.seconds = std::stod(words[5]);
    if (words.size() > 6) wanted.thinking_ms = std::stod(words[6]);
    if (words.size() > 7) wanted.role = words[7];
    return measure(wanted);
}
