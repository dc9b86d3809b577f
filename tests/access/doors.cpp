// Everybody at every door: a partnership with children in every relationship, restriction and state, and what each
// practitioner is shown of them by each page, form and command. Says what was, one JSON object a line; what should have
// been says the second implementation (doors.py).
//
//   access_doors some         the partnership, then the answers: each practitioner tries a part of the identifiers
//   access_doors all          every identifier at every door
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include <fmt/format.h>

#include "cli/session.hpp"
#include "support/everyone.hpp"
#include "support/scratch_root.hpp"
#include "support/web_house.hpp"
#include "web/router.hpp"

namespace {

using namespace waymark;
using namespace waymark::testing;
using web::Method;
using web::Response;

constexpr const char* nobody = "00000000-0000-4000-8000-0000000000ab";
constexpr std::size_t children = 48;

// ---- the partnership ------------------------------------------------------------------------------------------------

class Partnership {
public:
    explicit Partnership(House& house) : house_(house), people_(house.office->profile.practitioners) {}

    void fill() {
        for (std::size_t i = 0; i < children; ++i) child(i);
        take({R"({"kind":"guidance.issued","at":"2026-02-01","recorded":"2026-02-01T12:00:00Z","agency":"board",)"
              R"("author":"u.nwosu","id":"g1","body":{},"subjects":[]})"},
             true);
    }
    [[nodiscard]] std::string any_key() { return people_[below(people_.size())].key; }

private:
    std::uint64_t below(std::uint64_t n) { return random_.below(n); }
    bool chance(unsigned in_hundred) { return below(100) < in_hundred; }
    std::string any_agency() {
        const auto& all = house_.office->profile.agencies;
        return all[below(all.size())].key;
    }
    std::string author_of(const std::string& agency) {
        std::vector<std::string> keys;
        for (const auto& one : people_) {
            if (one.agency == agency) keys.push_back(one.key);
        }
        return keys[below(keys.size())];
    }
    std::string names(std::size_t n) {
        std::string list;
        for (std::size_t i = 0; i < n; ++i) list += fmt::format("{}\"{}\"", i == 0 ? "" : ",", any_key());
        return list;
    }

    void child(std::size_t n) {
        lines_.clear();
        child_ = n;
        const auto first = any_agency();
        entry(first, "2026-01-05", "concern.raised", R"("about_what":"other")", "summary");
        const auto concern = last_;
        if (chance(85)) {
            entry("csc", "2026-01-06", "triage.decided", R"("outcome":"assessment")", "rationale",
                  fmt::format(R"(,"about":"{}")", concern));
        }
        if (chance(60)) {
            const auto lead = chance(50) ? any_key() : any_agency();
            entry("csc", "2026-01-07", "case.opened", fmt::format(R"("lead":"{}")", lead), "reason");
        }
        if (chance(70)) {
            entry(chance(50) ? "csc" : any_agency(), "2026-01-09", "strategy.held",
                  fmt::format(R"("attended":["csc","{}","{}"],"decision":"assessment")", any_agency(), any_agency()),
                  "text");
        }
        if (chance(50)) {
            entry("csc", "2026-01-12", "meeting.held",
                  fmt::format(R"("type":"core-group","attended":["{}","{}"])", any_agency(), any_agency()),
                  "decisions");
        }
        struct Kind {
            const char* kind;
            const char* body;
            const char* text;
        };
        static constexpr std::array<Kind, 8> kinds{
            {{"visit.made", R"("seen":true)", "text"},
             {"views.recorded", R"("whose":"child")", "text"},
             {"plan.agreed", R"("type":"safety")", "text"},
             {"consultation.requested", R"("of":["police"],"course":"charge")", "view"},
             {"crime.recorded", R"("flags":["hsb"])", "card"},
             {"supervision.recorded", "", "decision"},
             {"incident.recorded", R"("category":"2")", "text"},
             {"concern.raised", R"("about_what":"harmed")", "summary"}}};
        for (std::uint64_t i = 0, many = 2 + below(6); i < many; ++i) {
            const auto& kind = kinds.at(below(kinds.size()));
            const auto day = fmt::format("2026-0{}-{:02}", 1 + below(3), 14 + below(10));
            const std::string marking = chance(20) ? std::array{"named-only", "hidden", "sealed"}.at(below(3)) : "team";
            entry(any_agency(), day, kind.kind, kind.body, kind.text,
                  marking == "team" ? "" : fmt::format(R"(,"marking":"{}")", marking));
        }
        if (chance(45))
            entry("csc", chance(50) ? "2026-03-10" : "2026-01-28", "case.closed", R"("reason":"needs-met")",
                  "rationale");
        if (chance(40)) {
            entry("csc", chance(70) ? "2026-03-20" : "2026-02-01", "access.granted",
                  fmt::format(R"("to":"{}"{})", chance(50) ? "s.tanaka" : any_key(),
                              chance(30) ? R"(,"until":"2026-03-22")" : ""),
                  "reason");
        }
        static constexpr std::array levels{"named-only", "all-but-named", "hidden", "sealed"};
        if (n % 2 == 1) restricted(levels.at(n / 2 % 4));
        if (n % 12 == 5) restricted(levels.at(below(4)));
        if (n % 12 == 7)  // lifted again
            entry("csc", "2026-03-01", "restriction.lifted", fmt::format(R"("level":"{}")", levels.at(n / 2 % 4)),
                  "reason");
        take(lines_, false);
    }
    void restricted(const char* level) {
        entry("csc", "2026-02-20", "restriction.set", fmt::format(R"("level":"{}","persons":[{}])", level, names(6)),
              "reason");
    }
    void entry(const std::string& agency, const std::string& day, const std::string& kind, const std::string& fields,
               const std::string& text, const std::string& more = {}) {
        const auto n = ++entries_;
        std::string body = fields;
        if (text == "card") {
            body += fmt::format(R"(,"reference":"Qcard{}z")", n);
        } else {
            body += fmt::format(R"({}"{}":"Noted, Qtext{}z.")", body.empty() ? "" : ",", text, n);
        }
        const auto id = fmt::format("e{}", n);
        last_ = agency + "/" + id;
        std::string address;
        const bool is_protected = child_ % 5 == 3;
        address = fmt::format(R"("address":"{} Q{}{}v{}z Lane"{})", 1 + child_, is_protected ? "secret" : "addr",
                              child_, agency, is_protected ? R"(,"address_protected":true)" : "");
        lines_.push_back(fmt::format(
            R"({{"kind":"{}","at":"{}","recorded":"{}T12:00:00Z","agency":"{}","author":"{}","id":"{}","body":{{{}}},)"
            R"("subjects":[{{"involvement":"displayed","identity":{{"source":"mis","id":"k{}","given_name":"Given",)"
            R"("family_name":"Qname{}z","date_of_birth":"{}-{:02}-{:02}","upn":"","nhs_number":"","postcode":"NB{} {}AA",)"
            R"("la_child_id":"la-{}",{}}}}}]{}}})",
            kind, day, day, agency, author_of(agency), id, body, child_, child_, 2008 + child_ % 9, 1 + child_ % 12,
            1 + child_ % 28, 1 + child_ % 9, 1 + child_ / 9, child_, address, more));
    }
    void take(const std::vector<std::string>& lines, bool may_fail) {
        const auto& office = *house_.office;
        const auto permit = office.gate->operator_of_machine(record::Action::append, "import entries", "operation");
        std::vector<record::Draft> drafts;
        for (auto line : lines) {
            for (const char* empty : {R"("upn":"",)", R"("nhs_number":"",)"}) {
                const auto at = line.find(empty);
                if (at != std::string::npos) line.erase(at, std::string_view(empty).size());
            }
            auto draft = record::decode_draft(line, office.catalogue, house_.clock.now(), office.calendar->zone());
            if (!draft && may_fail) return;
            if (!draft) throw std::runtime_error(describe(draft.error().front()) + " in " + line);
            drafts.push_back(std::move(*draft));
        }
        const auto wrote = house_.store.write(
            [&](store::Transaction& tx) -> Result<void> {
                for (const auto& outcome : TRY(casework::take(office, tx, permit, drafts))) {
                    if (outcome.taken != casework::Taken::taken && !may_fail)
                        throw std::runtime_error(describe(outcome.faults.front()));
                }
                return {};
            },
            store::Pace::person);
        if (!wrote) throw std::runtime_error(describe(wrote.error()));
    }

    House& house_;
    const std::vector<content::Practitioner>& people_;
    SeededRandom random_{20260325};
    std::vector<std::string> lines_;
    std::size_t child_ = 0;
    int entries_ = 0;
    std::string last_;
};

// ---- what is said ---------------------------------------------------------------------------------------------------

void say(const json::object& line) {
    std::cout << write_json(line) << '\n';
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
json::array canaries_in(std::string_view text) {
    std::set<std::string> found;
    for (std::size_t at = text.find('Q'); at != std::string_view::npos; at = text.find('Q', at + 1)) {
        for (const std::string_view start : {"Qtext", "Qcard", "Qname", "Qaddr", "Qsecret"}) {
            if (!text.substr(at).starts_with(start)) continue;
            const auto end = text.find('z', at);
            if (end == std::string_view::npos || end - at >= 40) continue;
            // What is sealed is any bytes: a word is letters and digits.
            const auto word = text.substr(at, end - at);
            if (std::all_of(word.begin(), word.end(), is_letter_or_digit)) found.emplace(text.substr(at, end - at + 1));
        }
    }
    json::array out;
    for (const auto& one : found) out.emplace_back(one);
    return out;
}
// Entries that have a line of their own on a page.
json::array lines_in(std::string_view page) {
    json::array out;
    constexpr std::string_view start = "id=\"entry-";
    for (std::size_t at = page.find(start); at != std::string_view::npos; at = page.find(start, at + 1))
        out.emplace_back(page.substr(at + start.size(), 36));
    return out;
}

class Facts {
public:
    explicit Facts(House& house) : house_(house) {}

    void people() {
        json::array all;
        for (const auto& one : house_.office->profile.practitioners)
            all.push_back(json::object{{"key", one.key}, {"agency", one.agency}, {"role", one.role}});
        json::array routes;
        for (const auto& one : house_.app->routes()) {
            routes.push_back(json::array{one.method == Method::post ? "POST" : "GET", one.pattern, one.open});
        }
        say({{"practitioners", all}, {"routes", routes}, {"now", to_string(house_.clock.now())}});
    }
    // What is new in the record since it was last told: views, entries, cases.
    void news() {
        const auto p = house_.office->partnership;
        const auto read = house_.store.read([&](store::Snapshot& snapshot) -> Result<void> {
            json::array views;
            snapshot.scan_views(p, [&](const store::ViewRow& row) {
                views.push_back(json::object{{"view", to_string(row.view)},
                                             {"agency", row.agency},
                                             {"key", row.source_id},
                                             {"person", to_string(row.person)},
                                             {"recorded", to_string(row.recorded)}});
                ids.views.insert(to_string(row.view));
                return true;
            });
            json::array entries;
            snapshot.scan_entries(p, store::Want::whole, [&](const store::WholeEntry& one) {
                const auto id = to_string(one.row.entry);
                if (!one.row.record || !told_.insert(id).second) return true;
                const auto entry = house_.office->journal->open(one);
                if (!entry) throw std::runtime_error(describe(entry.error()));
                if (one.row.kind == "concern.raised") ids.concerns.insert(id);
                ids.entries.insert(id);
                entries.push_back(json::object{{"entry", id},
                                               {"view", to_string(one.row.record)},
                                               {"case", to_string(one.row.case_id)},
                                               {"seq", one.row.case_seq},
                                               {"agency", one.row.agency},
                                               {"author", one.row.author},
                                               {"kind", one.row.kind},
                                               {"at", to_string(one.row.at.instant)},
                                               {"day", format_date(house_.office->calendar->day_of(one.row.at))},
                                               {"marking", one.row.marking},
                                               {"about", to_string(one.row.about)},
                                               {"supersedes", to_string(one.row.supersedes)},
                                               {"body", entry->body}});
                return true;
            });
            json::array cases;
            snapshot.scan_cases(p, [&](const store::CaseRow& row) {
                ids.cases.insert(to_string(row.case_id));
                cases.push_back(json::object{{"case", to_string(row.case_id)},
                                             {"view", to_string(row.record)},
                                             {"closed", row.closed ? to_string(*row.closed) : ""}});
                return true;
            });
            say({{"views", views}, {"entries", entries}, {"cases", cases}});
            return {};
        });
        if (!read) throw std::runtime_error(describe(read.error()));
    }
    std::int64_t count() {
        std::int64_t n = 0;
        static_cast<void>(house_.store.read([&](store::Snapshot& snapshot) -> Result<void> {
            n = snapshot.count_entries(house_.office->partnership);
            return {};
        }));
        return n;
    }

    struct {
        std::set<std::string> views, entries, concerns, cases;
    } ids;

private:
    House& house_;
    std::set<std::string> told_;
};

// ---- everybody at every door ----------------------------------------------------------------------------------------

class Round {
public:
    Round(House& house, Facts& facts, std::map<std::string, std::string>& drafts, bool all)
        : house_(house), facts_(facts), drafts_(drafts), all_(all) {}

    void of(const content::Practitioner& who, std::size_t nth) {
        who_ = who.key;
        nth_ = nth;
        Browser browser{house_};
        browser.sign_in(who.key);
        for (const auto& route : house_.app->routes()) {
            if (route.method != Method::get || route.open || route.pattern == "/concerns/new") continue;
            std::size_t n = nth;
            each(route.pattern, [&](const std::string& path, const json::object& of) {
                if (passed_over(route.pattern, n++)) return;
                answer(route, path, of, browser.get(path));
            });
        }
        commands();
        // Forms change the record: a part of the children for each, another part for the next.
        std::size_t n = nth;
        for (const auto& route : house_.app->routes()) {
            if (route.method != Method::post || route.open || route.name == "sign-out") continue;
            each(route.pattern, [&](const std::string& path, const json::object& of) {
                const bool rare = route.pattern.find("draft") == std::string::npos && n++ % 37 != 0;
                if (rare && route.pattern.find('/', 1) != std::string::npos) return;
                const auto before = facts_.count();
                const auto form = fmt::format(
                    "key=00000000-0000-4000-8000-{:012x}&name=Given+Qname{}z&outcome=assessment&rationale=Weighed&"
                    "reason=Weighed&judgement=counts&earlier={}&a={}&b={}&same=not-same&text=Told&which=folder&"
                    "cue=drift&case={}&until-day=1&until-month=4&until-year=2026&why=Because&entry={}&to={}",
                    ++forms_, n % children, one_of(facts_.ids.concerns, n), one_of(facts_.ids.views, n),
                    one_of(facts_.ids.views, n + 5), one_of(facts_.ids.cases, n), one_of(facts_.ids.entries, n),
                    one_of(facts_.ids.views, n));
                const auto response = browser.post(path, form);
                auto with = of;
                with["typed"] = fmt::format("Qname{}z", n % children);
                answer(route, path, with, response);
                if (facts_.count() != before) {
                    say({{"made_by", who_}});
                    facts_.news();
                }
            });
        }
    }

private:
    // Of the costly ones and those with many identifiers each practitioner tries every third, fifth…
    [[nodiscard]] bool passed_over(std::string_view pattern, std::size_t n) const {
        if (all_ || pattern == "/children/:person") return false;
        const auto starts = [&](std::string_view start) { return pattern.starts_with(start); };
        const std::size_t part = starts("/children/:person/") || starts("/entries/:") || starts("/access/") ? 5
                                 : starts("/concerns/:") || starts("/matches/:")                            ? 3
                                                                                                            : 1;
        return n % part != 0;
    }
    static std::string one_of(const std::set<std::string>& all, std::size_t n) {
        return *std::next(all.begin(), static_cast<std::ptrdiff_t>(n % all.size()));
    }
    template <class Visit>
    void each(const std::string& pattern, const Visit& visit) {
        std::vector<std::pair<std::string, json::object>> paths{{pattern, {}}};
        const auto fill = [&](const std::string& name, const auto& values) {
            std::vector<std::pair<std::string, json::object>> filled;
            for (const auto& [path, of] : paths) {
                const auto at = (path + "/").find("/:" + name + "/");
                if (at == std::string::npos) {
                    filled.emplace_back(path, of);
                    continue;
                }
                for (const auto& value : values) {
                    auto one = path;
                    one.replace(at + 1, name.size() + 1, value);
                    auto with = of;
                    with[name] = value;
                    filled.emplace_back(std::move(one), std::move(with));
                }
            }
            paths = std::move(filled);
        };
        auto views = facts_.ids.views;
        views.insert(nobody);
        auto concerns = facts_.ids.concerns;
        concerns.insert(nobody);
        std::vector<std::string> drafts{nobody};
        for (const auto& [whose, draft] : drafts_) drafts.push_back(draft);
        std::vector<std::string> few;
        for (const auto& view : facts_.ids.views) {
            if (few.size() < 400) few.push_back(view);
        }
        std::vector<std::string> ones;
        std::vector<std::string> others;
        for (std::size_t i = 0; i < few.size(); i += 17) ones.push_back(few[i]);
        for (std::size_t i = 3; i < few.size(); i += 29) others.push_back(few[i]);
        fill("person", views);
        fill("concern", concerns);
        fill("entry", facts_.ids.entries);
        fill("draft", drafts);
        fill("one", ones);
        fill("other", others);
        fill("case", facts_.ids.cases);
        fill("kind", std::vector<std::string>{"visit.made"});
        fill("type", std::vector<std::string>{"hsb"});
        fill("section", std::vector<std::string>{"behaviour"});
        fill("name", std::vector<std::string>{"hsb-england"});
        fill("chapter", std::vector<std::string>{"no-such"});
        fill("n", std::vector<std::string>{"1"});
        fill("step", std::vector<std::string>{"what"});
        for (const auto& [path, of] : paths) {
            if (path.find("/:") == std::string::npos) {
                visit(path, of);
            } else if (unknown_.insert(path).second) {
                say({{"unknown", path}});  // a parameter that nobody here knows
            }
        }
    }
    void answer(const web::Route& route, const std::string& path, json::object of, const Response& response) {
        for (const auto& [whose, draft] : drafts_) {
            if (path.find(draft) != std::string::npos) of["whose"] = whose;
        }
        json::object line{{"who", who_},
                          {"door", fmt::format("{} {}", web::to_string(route.method), route.pattern)},
                          {"of", std::move(of)},
                          {"status", response.status},
                          {"canaries", canaries_in(response.body)}};
        if (route.pattern == "/children/:person") line["lines"] = lines_in(response.body);
        // Where a name may never stand, whoever asks.
        const auto title = response.body.find("<title>");
        std::string bare = title == std::string::npos
                               ? std::string()
                               : response.body.substr(title, response.body.find("</title>") - title);
        for (const auto& [name, value] : response.headers) bare += "\n" + value;
        if (auto found = canaries_in(bare); !found.empty()) line["bare"] = std::move(found);
        say(line);
    }

    // ---- commands -------------------------------------------------------------------------------------------------
    void command(const std::string& door, const json::object& of, std::vector<std::string> words) {
        words.insert(words.end(), {"--as", who_});
        auto parsed = cli::parse_arguments(words, nullptr);
        if (parsed.exit_code) throw std::runtime_error(parsed.text);
        std::ostringstream out;
        std::ostringstream err;
        cli::Terminal terminal{out, err, false, house_.scratch.folder().path().string()};
        const cli::World world{house_.clock, house_.random, house_.ground.content};
        const cli::Session session{world, parsed.arguments, terminal, house_.store, *house_.office};
        const int code = cli::run_in_session(session).value_or(cli::wrong_usage);
        json::object line{{"who", who_},
                          {"door", door},
                          {"of", of},
                          {"code", code},
                          {"canaries", canaries_in(out.str())},
                          {"messages", canaries_in(err.str())}};
        if (door == "waymark chronology" && code == 0) {
            json::object shown;
            const auto read = parse_json(out.str());
            for (const auto& one : read->as_object().at("entries").as_array())
                shown[one.as_object().at("entry").as_string()] = one.as_object().at("kind");
            line["shown"] = std::move(shown);
        }
        say(line);
    }
    void commands() {
        std::size_t n = nth_;
        for (const auto& view : facts_.ids.views) {
            if (all_ || n++ % 4 == 0) command("waymark chronology", {{"person", view}}, {"chronology", view, "--json"});
        }
        command("waymark chronology", {{"person", nobody}}, {"chronology", nobody, "--json"});
        for (const auto& one : facts_.ids.cases) command("waymark standing", {{"case", one}}, {"standing", one});
        for (std::size_t i = 0; i < children; ++i) {
            command("waymark people search", {{"child", i}},
                    {"people", "search", "--family", fmt::format("Qname{}z", i), "--dob",
                     fmt::format("{}-{:02}-{:02}", 2008 + i % 9, 1 + i % 12, 1 + i % 28), "--json"});
        }
        command("waymark standings", {}, {"standing", "--threads", "1", "--json"});
        command("waymark meetings", {}, {"meetings", "--threads", "1"});
        command("waymark export", {}, {"export", "entries"});
        command("waymark export", {}, {"export", "csv"});
        command("waymark procedure replay", {},
                {"procedure", "replay", house_.ground.content + "/procedures/hsb-england.toml", "--threads", "1"});
        imports();
    }
    // A line of each of these kinds, for the own agency and for another, about a child whom nobody restricts.
    void imports() {
        struct Line {
            const char* kind;
            const char* body;
        };
        static constexpr std::array<Line, 18> lines{
            {{"concern.raised", R"({"about_what":"other"})"},
             {"referral.received", "{}"},
             {"visit.made", R"({"seen":true})"},
             {"plan.agreed", R"({"type":"safety"})"},
             {"strategy.held", R"({"attended":["csc"]})"},
             {"meeting.held", R"({"type":"core-group"})"},
             {"case.opened", "{}"},
             {"crime.recorded", "{}"},
             {"consultation.requested", R"({"of":["police"],"course":"charge"})"},
             {"restriction.set", R"({"level":"team"})"},
             {"supervision.recorded", "{}"},
             {"enquiry.opened", "{}"},
             {"views.recorded", R"({"whose":"child"})"},
             {"incident.recorded", "{}"},
             {"hearing.held", "{}"},
             {"assessment.started", "{}"},
             {"charge.decided", R"({"decision":"no-charge"})"},
             {"disruption.decided", "{}"}}};
        const auto& who = *house_.office->profile.practitioner(who_);
        for (const auto& one : lines) {
            for (const bool own : {true, false}) {
                const auto person = one_of(facts_.ids.views, forms_ * 7);
                const std::string agency = own ? who.agency : who.agency == "csc" ? "police" : "csc";
                const auto text =
                    fmt::format(R"({{"kind":"{}","at":"2026-03-24","agency":"{}","author":"{}","id":"i{}","body":{},)"
                                R"("subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
                                one.kind, agency, who.key, ++forms_, one.body, person);
                const auto file = house_.scratch.folder() / "line.jsonl";
                std::ofstream(file) << text << '\n';
                const auto before = facts_.count();
                command("waymark import", {{"kind", one.kind}, {"own", own}, {"person", person}},
                        {"import", "entries", file});
                if (facts_.count() != before) {
                    say({{"made_by", who_}});
                    facts_.news();
                }
            }
        }
    }

    House& house_;
    Facts& facts_;
    std::map<std::string, std::string>& drafts_;
    bool all_;
    std::string who_;
    std::size_t nth_ = 0;
    std::size_t forms_ = 0;
    std::set<std::string> unknown_;
};

int run(bool all) {
    const ScratchRoot root;
    Ground ground;
    ground.root = root.get();
    ground.profile = profile_with_everyone();
    House house(ground);
    Partnership partnership(house);
    partnership.fill();
    Facts facts(house);
    facts.people();
    facts.news();
    std::map<std::string, std::string> drafts;
    for (const char* who : {"m.brennan", "e.vasquez", "j.mensah"}) {
        Browser browser{house};
        browser.sign_in(who);
        drafts[who] = new_draft(browser);
    }
    std::size_t nth = 0;
    Round round(house, facts, drafts, all);
    for (const auto& who : house.office->profile.practitioners) {
        if (house.office->gate->policy().row(who.role)->purposes.empty()) continue;
        round.of(who, ++nth);
    }
    // Nothing of anybody in what the machine says of itself.
    say({{"door", "log"}, {"canaries", canaries_in(house.log_text.str())}});
    Browser stranger{house};
    for (const char* path : {"/health", "/health/liveness", "/health/readiness", "/ping", "/sign-in", "/help",
                             "/no-such-page", "/children/Qname1z"})
        say({{"door", path}, {"canaries", canaries_in(stranger.get(path).body)}});
    // What lies on the disk: the store, what is not yet in it, and a back-up.
    const auto file = house.scratch.address().path_or_url;
    const auto backup = house.scratch.folder() / "backup.db";
    if (const auto made = house.store.backup(backup, [](std::uint64_t, std::uint64_t) {}); !made)
        throw std::runtime_error(describe(made.error()));
    for (const auto& [what, path] : {std::pair("the store's file", file),
                                     std::pair("its write-ahead log", file + "-wal"), std::pair("a back-up", backup)}) {
        if (std::filesystem::exists(path)) say({{"at_rest", what}, {"canaries", canaries_in(whole_file(path))}});
    }
    return std::cout ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string words = argc == 2 ? argv[1] : "";
    if (words != "some" && words != "all") {
        std::cerr << "use: access_doors some | all\n";
        return 2;
    }
    if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
    try {
        return run(words == "all");
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 3;
    }
}
