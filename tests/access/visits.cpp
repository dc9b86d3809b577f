// The tries, and the two worlds in which they are made.
#include "visits.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/session.hpp"

namespace waymark::twins {

using testing::Browser;
using testing::House;
using web::Method;
using web::Response;

namespace {

constexpr const char* nobody = "00000000-0000-4000-8000-0000000000ab";

// Of the paths that are filled in by guess one in so many, another one for each turn.
struct Share {
    std::size_t one_in = 1;
    std::size_t turn = 0;
};

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    std::uint64_t x = a * 0x9e3779b97f4a7c15ull + b * 0xbf58476d1ce4e5b9ull + 0x94d049bb133111ebull;
    x ^= x >> 31;
    x *= 0x94d049bb133111ebull;
    return x ^ (x >> 29);
}

std::string as_text(const Response& response) {
    std::string text = fmt::format("{} {}\n", response.status, response.content_type);
    for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\n", name, value);
    return text + '\n' + response.body;
}

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

// Every way to fill in the parameters of a route, from what is known; of what is filled in by guess one in so many.
std::vector<std::string> paths_of(const std::string& pattern, const Known& known, const Share& share) {
    std::vector<std::string> paths{pattern};
    const auto fill = [&](const std::string& name, const std::vector<std::string>& values) {
        std::vector<std::string> filled;
        for (const auto& path : paths) {
            const auto at = path.find("/:" + name + "/");
            const bool last = path.ends_with("/:" + name);
            if (at == std::string::npos && !last) {
                filled.push_back(path);
                continue;
            }
            for (const auto& value : values) {
                auto one = path;
                one.replace(last ? path.size() - name.size() - 1 : at + 1, name.size() + 1, value);
                filled.push_back(std::move(one));
            }
        }
        paths = std::move(filled);
    };
    auto pairs = known.views;
    if (pairs.size() > 4) pairs = {pairs.front(), pairs[1], pairs[pairs.size() - 2], pairs.back()};
    fill("person", known.views);
    fill("concern", known.concerns);
    fill("draft", known.drafts);
    fill("one", pairs);
    fill("other", pairs);
    fill("case", known.cases);
    fill("entry", known.entries);
    fill("kind", {"visit.made"});
    fill("type", {"hsb"});
    fill("section", {"behaviour"});
    fill("name", {"hsb-england", "no-such"});
    fill("chapter", {"no-such"});
    fill("n", {"1"});
    fill("step", {"what"});
    // A parameter that is not known here is tried with every entry, and in turn with a fifth of all other identifiers;
    // beside another one that is filled in with many, each with every fifth of them: each is tried with each kind of
    // identifier, not with each one.
    std::size_t turn = share.turn;
    for (const char letter : pattern) turn = turn * 31 + static_cast<unsigned char>(letter);
    for (int more = 0; more < 2; ++more) {
        const bool beside_another = paths.size() > 1;
        for (const auto& path : paths) {
            const auto at = path.find("/:");
            if (at == std::string::npos) continue;
            const auto name = path.substr(at + 2, path.find('/', at + 1) - at - 2);
            std::vector<std::string> all = known.entries;
            for (const auto* ids : {&known.views, &known.cases, &known.drafts}) {
                for (std::size_t i = turn % 5; i < ids->size(); i += 5) all.push_back((*ids)[i]);
            }
            fill(name, all);
            const std::size_t one_in = (beside_another ? 5 : 1) * share.one_in;
            std::size_t n = turn;
            // A step more for each row, so that no column is left out.
            std::erase_if(paths, [&](const std::string&) {
                const auto row = n / all.size();
                const auto column = n++ % all.size();
                return (row + column) % one_in != 0;
            });
            break;
        }
    }
    return paths;
}

}  // namespace

Known known_of(House& house) {
    Known known;
    const auto p = house.office->partnership;
    const auto read = house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        known = {};
        snapshot.scan_views(p, [&](const store::ViewRow& row) {
            known.views.push_back(to_string(row.view));
            return true;
        });
        snapshot.scan_entries(p, store::Want::cards, [&](const store::WholeEntry& one) {
            if (!one.row.record) return true;
            known.entries.push_back(to_string(one.row.entry));
            if (one.row.kind == "concern.raised") known.concerns.push_back(to_string(one.row.entry));
            return true;
        });
        snapshot.scan_cases(p, [&](const store::CaseRow& row) {
            known.cases.push_back(to_string(row.case_id));
            return true;
        });
        for (const auto& one : house.office->profile.practitioners) {
            for (const auto& draft : snapshot.drafts_of(p, one.key, 10)) known.drafts.push_back(to_string(draft.draft));
        }
        return {};
    });
    if (!read) throw std::runtime_error(describe(read.error()));
    for (auto* ids : {&known.views, &known.concerns, &known.cases, &known.drafts, &known.entries})
        ids->push_back(nobody);
    return known;
}

World::World(const testing::Ground& ground, const Script& script, bool with_secrets) : house(ground), script_(script) {
    std::uint64_t n = 0;
    for (const auto& moment : script.moments) {
        house.random.begin(mixed(script.seed, ++n));
        house.clock.set(*parse_instant(moment.day + "T18:00:00Z"));
        play(moment, !moment.secret || with_secrets);
    }
    house.clock.set(*parse_instant("2026-03-25T10:00:00Z"));
}

void World::play(const Moment& moment, bool happens) {
    const auto& office = *house.office;
    if (!moment.lines.empty()) {
        if (!happens) return;
        const auto permit = office.gate->operator_of_machine(record::Action::append, "import entries", "operation");
        std::vector<record::Draft> drafts;
        for (const auto& line : moment.lines) {
            auto draft = record::decode_draft(line, office.catalogue, house.clock.now(), office.calendar->zone());
            if (!draft) throw std::runtime_error(describe(draft.error().front()) + " in " + line);
            drafts.push_back(std::move(*draft));
        }
        const auto wrote = house.store.write(
            [&](store::Transaction& tx) -> Result<void> {
                for (const auto& outcome : TRY(casework::take(office, tx, permit, drafts))) {
                    if (outcome.taken != casework::Taken::taken)
                        throw std::runtime_error(describe(outcome.faults.front()) + " in " + moment.lines.front());
                }
                return {};
            },
            store::Pace::person);
        if (!wrote) throw std::runtime_error(describe(wrote.error()));
        return;
    }
    // Somebody else's doing: a manager who sees everything, where that is not who looks.
    const std::string other = script_.who.key == "s.iyer" ? "m.brennan" : "s.iyer";
    Browser theirs{house};
    // What is drafted or looked at is kept, not that they were there. My day would be a look at whoever stands on it,
    // and that is for who sees the record of those to know.
    if (happens || moment.act != "session") theirs.sign_in(other, "/my-sessions");
    if (!happens) return;
    if (moment.act == "draft") {  // no child is named in it: a search for one would be a look
        const auto what = testing::location(theirs.get("/concerns/new"));
        theirs.post(what, "summary=Category+and+code+only&danger=no");
    }
    if (moment.act == "look") {
        for (const auto& view : known_of(house).views) theirs.get("/children/" + view);
        theirs.get("/inbox");
        theirs.get("/matches");
    }
}

void World::sign_in() {
    house.random.begin(mixed(script_.seed, 999));
    browser.sign_in(script_.who.key);
}

std::string World::ask(Method method, const std::string& path, const std::string& form) {
    auto response = method == Method::get ? browser.get(path) : browser.post(path, form);
    if (leak) leak(*this, path, response);
    return as_text(response);
}

std::string World::command(std::vector<std::string> words) {
    std::string name;
    for (const auto& word : words) name += (name.empty() ? "" : " ") + word;
    words.insert(words.end(), {"--as", script_.who.key});
    auto parsed = cli::parse_arguments(words, nullptr);
    if (parsed.exit_code) return parsed.text;
    std::ostringstream out;
    std::ostringstream err;
    cli::Terminal terminal{out, err, false, house.scratch.folder().path().string()};
    const cli::World world{house.clock, house.random, house.ground.content};
    const cli::Session session{world, parsed.arguments, terminal, house.store, *house.office};
    const auto code = cli::run_in_session(session).value_or(cli::wrong_usage);
    auto text = fmt::format("{}\n{}\n{}", code, out.str(), err.str());
    // The folder of the test is no part of the answer.
    text = replace_all(std::move(text), house.scratch.folder().path().string(), "FOLDER");
    if (leak_of_command) leak_of_command(*this, name, text);
    return text;
}

void World::keep_names(const Known& known) {
    for (const auto* ids : {&known.views, &known.entries, &known.cases, &known.drafts})
        old_names_.insert(ids->begin(), ids->end());
}

std::string World::renamed(std::string text) {
    // An id, or the reference of a receipt: WM-63ED5-ERFTZ.
    const auto length_at = [&](std::size_t at) -> std::size_t {
        if (text.compare(at, 3, "WM-") == 0 && at + 14 <= text.size() && text[at + 8] == '-') return 14;
        if (at + 36 > text.size() || text[at + 8] != '-') return 0;
        return parse_uuid(std::string_view(text).substr(at, 36)) ? 36 : 0;
    };
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto length = at + 14 <= text.size() ? length_at(at) : 0;
        if (length == 0) {
            out += text[at++];
            continue;
        }
        const auto name = text.substr(at, length);
        at += length;
        if (old_names_.contains(name)) {
            out += name;
            continue;
        }
        out += new_names_.try_emplace(name, fmt::format("new-{}", new_names_.size() + 1)).first->second;
    }
    return out;
}

namespace {

// Every view of a child whose record is hidden.
std::vector<std::string> hidden_views(House& house) {
    std::vector<std::string> hidden;
    const auto& office = *house.office;
    const auto read = house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        hidden.clear();
        std::vector<ViewId> records;
        snapshot.scan_entries(office.partnership, store::Want::cards, [&](const store::WholeEntry& one) {
            if (one.row.kind != "restriction.set") return true;
            const auto fact = office.journal->open_card(one.row);
            if (fact && string_or(fact->fields, "level", "") == "hidden") records.push_back(one.row.record);
            return true;
        });
        for (const auto& row : snapshot.views(office.partnership, records)) {
            if (!row) continue;
            for (const auto& view : snapshot.views_of_persons(office.partnership, std::vector{row->person}))
                hidden.push_back(to_string(view.view));
        }
        return {};
    });
    if (!read) throw std::runtime_error(describe(read.error()));
    return hidden;
}

class Tries {
public:
    Tries(World& of, const Known& known, std::uint64_t seed, std::size_t one_in,
          const std::function<bool(const Try&)>& each)
        : of_(of),
          hidden_(hidden_views(of.house)),
          known_(known),
          seed_(seed),
          share_{one_in, static_cast<std::size_t>(seed)},
          each_(each) {}

    void all() {
        pages();
        searches();
        commands();
        forms();
        for (const auto* path : {"/", "/inbox", "/matches", "/meetings"}) page(path);
        for (const auto& view : known_.views) page("/children/" + view + "/standing");
        // What somebody tells of a hidden child joins that child's record, and so is not among what they are shown, as
        // it would be of another child (docs/access.md says so). Only what is answered to the telling is compared: the
        // lines of an import come last, since the offers of the form would show what became of them.
        concerns();
        page("/concerns");
        imports();
    }

private:
    void put(std::string name, std::function<std::string(World&)> make) {
        if (stopped_) return;
        const auto seed = mixed(seed_, 1'000 + ++n_);
        stopped_ = !each_({std::move(name), [seed, make = std::move(make)](World& world) {
                               world.house.random.begin(seed);
                               return world.renamed(make(world));
                           }});
    }
    void page(const std::string& path) {
        put("GET " + path, [path](World& world) { return world.ask(Method::get, path); });
    }
    void post(const std::string& path, const std::string& form) {
        put("POST " + path + " " + form, [=](World& world) { return world.ask(Method::post, path, form); });
    }
    void command(const std::vector<std::string>& words) {
        std::string name = "waymark";
        for (const auto& word : words) name += ' ' + word;
        put(name, [words](World& world) { return world.command(words); });
    }
    // Who may break the glass and has the address of a hidden record is offered to open it there, and only there; once
    // open it is no secret (docs/access.md). So they do not try it.
    bool may_know_by_glass(const std::string& path) {
        if (!path.ends_with("/glass") || path.find("/children/") == std::string::npos) return false;
        const auto& policy = of_.house.office->gate->policy();
        const auto* row = policy.row(of_.script().who.role);
        if (row == nullptr || !row->appends.contains("glass.broken")) return false;
        return std::any_of(hidden_.begin(), hidden_.end(),
                           [&](const std::string& view) { return path.find(view) != std::string::npos; });
    }
    const std::vector<web::Route>& routes() { return of_.house.app->routes(); }

    void pages() {
        for (const auto& route : routes()) {
            if (route.method != Method::get || route.pattern == "/concerns/new") continue;
            for (const auto& path : paths_of(route.pattern, known_, share_)) {
                if (!may_know_by_glass(path)) page(path);
            }
        }
    }
    void searches() {
        for (const auto& child : of_.script().children) {
            const auto family = percent_encode(child.family);
            post("/children", fmt::format("name={}+{}", percent_encode(child.given), family));
            post("/children", fmt::format("name={}&postcode={}", family, percent_encode(child.postcode)));
            post("/children", fmt::format("name={}&born-year={}&born-month={}&born-day={}", family,
                                          child.born.substr(0, 4), child.born.substr(5, 2), child.born.substr(8, 2)));
            post("/search", fmt::format("q={}+{}", percent_encode(child.given), family));
        }
        for (const auto& one : known_.cases) post("/search", "q=" + one);
    }
    void commands() {
        for (const auto& child : of_.script().children) {
            command({"people", "search", "--given", child.given, "--family", child.family, "--json"});
            command({"people", "search", "--nhs-number", child.nhs_number});
            command({"people", "search", "--family", child.family, "--dob", child.born, "--postcode", child.postcode});
            command({"chronology", child.agency + "/mis/" + child.id});
        }
        for (const auto& view : known_.views) command({"chronology", view, "--json"});
        for (const auto& one : known_.cases) command({"standing", one});
        command({"standing", "--threads", "1", "--json"});
        command({"meetings", "--threads", "1"});
        command({"export", "entries"});
        command({"export", "csv"});
        command({"procedure", "replay", of_.house.ground.content + "/procedures/hsb-england.toml", "--threads", "1"});
        command({"people", "parted", known_.views.front(), known_.views[known_.views.size() - 2]});
    }

    // A concern about each child, by what the raiser knows of them.
    void concerns() {
        std::vector<Child> raised_of_secret;
        for (const auto& child : of_.script().children) {
            // What was raised about one hidden child joins that record, and is offered again where there is none: the
            // offers for another who is like them would show it.
            const bool like_one =
                std::any_of(raised_of_secret.begin(), raised_of_secret.end(), [&](const Child& other) {
                    return child.family == other.family || child.given == other.given || child.born == other.born ||
                           child.postcode == other.postcode;
                });
            if (like_one) continue;
            if (child.secret) raised_of_secret.push_back(child);
            put(fmt::format("raise about {} {}", child.given, child.family), [child](World& world) {
                auto& browser = world.browser;
                world.house.clock.advance(std::chrono::minutes(1));
                const auto what = testing::location(browser.get("/concerns/new"));
                std::string text = what;
                const auto draft = what.substr(0, what.rfind('/'));
                const auto step = [&](const std::string& at, const std::string& form) {
                    text += world.ask(Method::post, draft + at, form);
                };
                step("/what", "summary=Category+and+code+only&danger=no");
                step("/when", "about_what=harmed&on-day=24&on-month=3&on-year=2026");
                step("/children/1",
                     fmt::format("given_name={}&family_name={}&born-day={}&born-month={}&born-year={}&"
                                 "postcode={}&role=affected",
                                 child.given, child.family, child.born.substr(8, 2), child.born.substr(5, 2),
                                 child.born.substr(0, 4), percent_encode(child.postcode)));
                text += world.ask(Method::get, draft + "/children/1/match");
                step("/children/1/match", "choice=none");
                text += world.ask(Method::get, draft + "/check");
                auto sent = world.browser.post(draft + "/send");
                text += as_text(sent);
                const auto receipt = testing::location(sent);
                if (receipt.ends_with("/receipt")) text += world.ask(Method::get, receipt);
                return text;
            });
        }
        for (const auto& view : known_.views) {
            put("raise about the child " + view, [view](World& world) {
                world.house.clock.advance(std::chrono::minutes(1));
                const auto what = testing::location(world.browser.get("/concerns/new"));
                const auto draft = what.substr(0, what.rfind('/'));
                world.ask(Method::post, draft + "/what", "summary=Category+only&danger=no");
                world.ask(Method::post, draft + "/when", "about_what=other&on-day=24&on-month=3&on-year=2026");
                world.ask(Method::post, draft + "/children/1", "given_name=Xan&role=subject");
                auto text = world.ask(Method::post, draft + "/children/1/match", "choice=" + view);
                text += world.ask(Method::get, draft + "/check");
                return text + world.ask(Method::post, draft + "/send");
            });
        }
    }

    // Lines that refer to whatever there is, sent by who may send lines.
    void import(const std::string& name, const std::string& line) {
        put("import " + name, [line](World& world) {
            const auto file = world.house.scratch.folder() / "lines.jsonl";
            std::ofstream(file) << line << '\n';
            return world.command({"import", "entries", file});
        });
    }
    void imports() {
        const auto& who = of_.script().who;
        const auto& children = of_.script().children;
        int n = 0;
        const auto line = [&](const std::string& kind, const std::string& body, const std::string& subject,
                              const std::string& more) {
            return fmt::format(R"({{"kind":"{}","at":"2026-03-24","agency":"{}","author":"{}","id":"i{}","body":{},)"
                               R"("subjects":[{{"involvement":"displayed",{}}}]{}}})",
                               kind, who.agency, who.key, ++n, body, subject, more);
        };
        const std::string concern = R"({"about_what":"other"})";
        const std::string visit = R"({"seen":true})";
        for (const auto& child : children) {
            const auto named = fmt::format(
                R"("identity":{{"source":"own","id":"o-{}","given_name":"{}","family_name":"{}","nhs_number":"{}"}})",
                child.id, child.given, child.family, child.nhs_number);
            import("a concern by NHS number " + child.id, line("concern.raised", concern, named, {}));
            import("a visit by NHS number " + child.id, line("visit.made", visit, named, {}));
            const auto theirs =
                fmt::format(R"("identity":{{"agency":"{}","source":"mis","id":"{}"}})", child.agency, child.id);
            import("a concern by another's key " + child.id, line("concern.raised", concern, theirs, {}));
        }
        for (const auto& view : known_.views) {
            const auto person = fmt::format(R"("person":"{}")", view);
            import("a concern by id " + view, line("concern.raised", concern, person, {}));
            import("a visit by id " + view, line("visit.made", visit, person, {}));
        }
        const auto own =
            fmt::format(R"("identity":{{"source":"own","id":"o-new","given_name":"Zed","family_name":"Ng"}})");
        for (const auto& entry : of_.script().entries) {
            const auto about = fmt::format(R"(,"about":"{}")", entry);
            import("a concern about " + entry, line("concern.raised", concern, own, about));
            import("a decision about " + entry, line("triage.decided", R"({"outcome":"assessment"})", own, about));
        }
        for (std::size_t i = 0; i + 1 < children.size(); ++i) {
            const auto key_of = [](const Child& child) {
                return fmt::format(R"({{"agency":"{}","source":"mis","id":"{}"}})", child.agency, child.id);
            };
            import("a decision on who is who " + children[i].id,
                   line("identity.decided",
                        fmt::format(R"({{"decision":"not-same","reason":"Weighed","identities":[{},{}]}})",
                                    key_of(children[i]), key_of(children.back())),
                        own, {}));
        }
        for (std::size_t i = 0; i < known_.entries.size(); i += 3) {
            import("a correction of " + known_.entries[i],
                   line("concern.raised", concern, own, fmt::format(R"(,"supersedes":"{}")", known_.entries[i])));
        }
    }

    void forms() {
        const auto key = "key=00000000-0000-4000-8000-00000000000a";
        const auto first = known_.views.front();
        const auto last = known_.views[known_.views.size() - 2];
        int n = 0;
        for (const auto& route : routes()) {
            if (route.method != Method::post || route.open || route.name == "sign-out" || route.pattern == "/children")
                continue;
            auto paths = paths_of(route.pattern, known_, share_);
            for (const auto& path : paths) {
                if (may_know_by_glass(path)) continue;
                std::string about = known_.concerns[static_cast<std::size_t>(n) % known_.concerns.size()];
                post(path,
                     fmt::format("{}{:02x}&earlier={}&a={}&b={}&which=folder&outcome=assessment&rationale=Weighed&"
                                 "reason=Weighed&judgement=counts&same=not-same&text=Told&cue=drift&case={}&"
                                 "until-day=1&until-month=4&until-year=2026&to={}&entry={}&why=Because&level=hidden",
                                 key, n % 256, about, first, last, known_.cases.front(), last,
                                 known_.entries[static_cast<std::size_t>(n) % known_.entries.size()]));
                ++n;
            }
        }
    }

    World& of_;
    std::vector<std::string> hidden_;
    const Known& known_;
    std::uint64_t seed_;
    Share share_;
    const std::function<bool(const Try&)>& each_;
    std::uint64_t n_ = 0;
    bool stopped_ = false;
};

}  // namespace

void each_try(World& of, const Known& known, std::uint64_t seed, std::size_t one_in,
              const std::function<bool(const Try&)>& each) {
    Tries(of, known, seed, one_in, each).all();
}

}  // namespace waymark::twins
