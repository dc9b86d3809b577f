// The faults that are planted, one subject each.
#include "leaks.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

namespace waymark::twins {

namespace {

using web::Response;

const std::vector<std::string> of_hidden{"hidden-child", "sealed-child"};
const std::vector<std::string> of_children{"hidden-child", "sealed-child", "more-of-hidden", "unknown-child", "joined"};
const std::vector<std::string> of_entries{"hidden-child", "sealed-child",  "more-of-hidden",
                                          "marked-entry", "sealed-entry",  "named-only",
                                          "out-of-reach", "unknown-child", "joined"};
const std::vector<std::string> of_marked{"marked-entry", "sealed-entry"};

// What the store holds, whoever may know of it: a fault is code that forgets to ask.
template <class Work>
auto machine(World& world, const Work& work) {
    decltype(work(std::declval<store::Snapshot&>(), store::Partnership{})) found{};
    const auto read = world.house.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        found = work(snapshot, world.house.office->partnership);
        return {};
    });
    if (!read) throw std::runtime_error(describe(read.error()));
    return found;
}
std::vector<store::WholeEntry> all_entries(World& world) {
    return machine(world, [](store::Snapshot& snapshot, store::Partnership p) {
        std::vector<store::WholeEntry> all;
        snapshot.scan_entries(p, store::Want::cards, [&](const store::WholeEntry& one) {
            if (one.row.record) all.push_back(one);
            return true;
        });
        return all;
    });
}
// Of the child whose page this is.
std::vector<store::WholeEntry> entries_of_page(World& world, const std::string& path) {
    const auto at = path.find("/children/");
    const auto view =
        at == std::string::npos ? Result<ViewId>(invalid("", "")) : parse_id<ViewId>(path.substr(at + 10, 36));
    if (!view) return {};
    return machine(world, [&](store::Snapshot& snapshot, store::Partnership p) -> std::vector<store::WholeEntry> {
        const auto row = snapshot.views(p, std::vector{*view}).front();
        if (!row) return {};
        std::vector<ViewId> views;
        for (const auto& one : snapshot.views_of_persons(p, std::vector{row->person})) views.push_back(one.view);
        return snapshot.entries_of_records(p, views, store::Want::cards, 1'000);
    });
}
bool exists(World& world, const std::string& path) {
    return !entries_of_page(world, path).empty();
}
bool is_page_of(const std::string& path, std::string_view start) {
    return start == "/" ? path == start : path.starts_with(start);
}
void say(Response& response, const std::string& words) {
    const auto at = response.body.find("</main>");
    response.body.insert(at == std::string::npos ? response.body.size() : at, "<p>" + words + "</p>");
}

// A fault in what a page says, where it is shown at all.
auto on(std::string start, std::function<std::string(World&, const std::string&)> words) {
    return [start = std::move(start), words = std::move(words)](World& world, const std::string& path,
                                                                Response& response) {
        if (response.status == 200 && is_page_of(path, start)) say(response, words(world, path));
    };
}

std::string for_every_role(std::string matrix, const std::string& words) {
    std::size_t at = 0;
    while ((at = matrix.find("\nrole = \"", at)) != std::string::npos) {
        at = matrix.find('\n', at + 1);
        matrix.insert(at, "\n" + words);
        at += words.size();
    }
    return matrix;
}
void replace_all_in(std::string& text, const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::vector<Leak> make() {
    std::vector<Leak> all;
    const auto web = [&](std::string name, std::vector<std::string> of, auto what) {
        Leak leak;
        leak.name = std::move(name);
        leak.of = std::move(of);
        leak.web = std::move(what);
        all.push_back(std::move(leak));
    };
    const auto command = [&](std::string name, std::vector<std::string> of, auto what) {
        Leak leak;
        leak.name = std::move(name);
        leak.of = std::move(of);
        leak.command = std::move(what);
        all.push_back(std::move(leak));
    };
    const auto policy = [&](std::string name, std::vector<std::string> of, auto what) {
        Leak leak;
        leak.name = std::move(name);
        leak.of = std::move(of);
        leak.policy = std::move(what);
        all.push_back(std::move(leak));
    };
    using Words = std::string;

    // ---- counts -----------------------------------------------------------------------------------------------------
    web("My day says how many children the partnership knows", of_children, on("/", [](World& world, const Words&) {
            return fmt::format("{} children are known", machine(world, [](store::Snapshot& s, store::Partnership p) {
                                   std::size_t n = 0;
                                   s.scan_views(p, [&](const store::ViewRow&) { return ++n > 0; });
                                   return n;
                               }));
        }));
    web("the inbox says how many wait, before it leaves out who may not be known", of_hidden,
        on("/", [](World& world, const Words&) {
            return fmt::format("{} wait", machine(world, [](store::Snapshot& s, store::Partnership p) {
                                   return s.duties(p, {}, 10'000).size();
                               }));
        }));
    web("the meetings of everybody are counted for who may see some", of_entries,
        on("/meetings",
           [](World& world, const Words&) { return fmt::format("{} entries", all_entries(world).size()); }));
    web("the page of a child says how many entries are not shown", of_entries,
        on("/children/", [](World& world, const Words& path) {
            return fmt::format("{} entries in all", entries_of_page(world, path).size());
        }));
    web("the number of restricted records stands on the search page", of_hidden,
        on("/children", [](World& world, const Words&) {
            return fmt::format("{} are restricted", machine(world, [](store::Snapshot& s, store::Partnership p) {
                                   return s.access_entries(p, 10'000).size();
                               }));
        }));
    web("the list of matches counts pairs of which one side is hidden",
        {"hidden-child", "sealed-child", "unknown-child"}, on("/", [](World& world, const Words&) {
            return fmt::format("{} pairs", machine(world, [](store::Snapshot& s, store::Partnership p) {
                                   std::size_t n = 0;
                                   s.scan_links(p, [&](const store::LinkRow&) { return ++n > 0; });
                                   return n;
                               }));
        }));

    // ---- traces in what is shown --------------------------------------------------------------------------------
    web("a gap is left where an entry is not shown", of_marked, on("/children/", [](World& world, const Words& path) {
            std::string gap;
            for (const auto& one : entries_of_page(world, path)) {
                if (one.row.marking != "team") gap += "<tr></tr>";
            }
            return gap;
        }));
    web("the numbers of entries in a case have holes", of_marked, on("/children/", [](World& world, const Words& path) {
            std::string numbers;
            for (const auto& one : entries_of_page(world, path)) {
                if (one.row.marking == "team") numbers += fmt::format("{} ", one.row.case_seq);
            }
            return numbers;
        }));
    web("the last change of a record is said with what may not be known of it", of_marked,
        on("/children/", [](World& world, const Words& path) {
            Instant last{};
            for (const auto& one : entries_of_page(world, path)) last = std::max(last, one.row.kept);
            return "Last changed " + to_string(last);
        }));
    web("duties that rest on the hidden part are shown to everybody", {"marked-entry", "sealed-entry", "joined"},
        on("/children/", [](World& world, const Words& path) {
            std::set<CaseId> cases;
            for (const auto& one : entries_of_page(world, path)) cases.insert(one.row.case_id);
            std::string words;
            for (const auto& one : cases) {
                for (const auto& duty :
                     machine(world, [&](store::Snapshot&s, store::Partnership p) { return s.duties_of_case(p, one); }))
                    words += fmt::format("{} {};", duty.duty, to_string(duty.due));
            }
            return words;
        }));
    web("a page is told apart by a tag of its store's version", of_entries,
        [](World& world, const Words&, Response& response) {
            response.headers.emplace_back("ETag", std::to_string(all_entries(world).size()));
        });

    // ---- who is there
    // -------------------------------------------------------------------------------------------------
    web("a child who may not be known is refused and not missing", of_hidden,
        [](World& world, const Words& path, Response& response) {
            if (response.status == 404 && exists(world, path)) response.status = 403;
        });
    web("a page that is refused takes other words where there is a record", of_hidden,
        [](World& world, const Words& path, Response& response) {
            if (response.status == 404 && exists(world, path)) say(response, "You may not see this record.");
        });
    web("completion offers the names of everybody", of_children,
        [](World& world, const Words& path, Response& response) {
            if (path != "/children") return;
            const auto& office = *world.house.office;
            const auto names = machine(world, [&](store::Snapshot& s, store::Partnership p) {
                std::string all_names;
                s.scan_views(p, [&](const store::ViewRow& row) {
                    const auto identity = office.journal->open_identity(row.identity, row.view, row.version);
                    if (identity) all_names += record::shown_name(*identity) + ';';
                    return true;
                });
                return all_names;
            });
            say(response, names);
        });
    web("another's draft is refused and not missing", {"draft"},
        [](World& world, const Words& path, Response& response) {
            const auto at = path.find("/drafts/");
            if (at == Words::npos || response.status != 404) return;
            const auto id = parse_id<DraftId>(path.substr(at + 8, 36));
            if (id &&
                machine(world, [&](store::Snapshot& s, store::Partnership p) { return s.draft(p, *id).has_value(); }))
                response.status = 403;
        });
    web("a list of drafts holds those of a colleague", {"draft"}, on("/", [](World& world, const Words&) {
            const Words other = world.script().who.key == "s.iyer" ? "m.brennan" : "s.iyer";
            return fmt::format("{} drafts", machine(world, [&](store::Snapshot& s, store::Partnership p) {
                                   return s.drafts_of(p, other, 10).size();
                               }));
        }));
    web("it is said how often anything was read", {"look"}, on("/", [](World& world, const Words&) {
            return fmt::format(
                "{} looks", machine(world, [](store::Snapshot& s, store::Partnership p) { return s.count_audit(p); }));
        }));
    web("a receipt's number counts the concerns before it", of_hidden,
        [](World& world, const Words& path, Response& response) {
            if (!path.ends_with("/receipt")) return;
            const auto entries = all_entries(world);
            say(response, fmt::format("No. {}", std::count_if(entries.begin(), entries.end(), [](const auto& one) {
                                          return one.row.kind == "concern.raised";
                                      })));
        });

    // ---- commands
    // -----------------------------------------------------------------------------------------------------
    command("an import says with how many the new child was joined", {"hidden-child", "sealed-child", "unknown-child"},
            [](World& world, const Words& words, Words& output) {
                if (!words.starts_with("import")) return;
                output += std::to_string(machine(world, [](store::Snapshot& s, store::Partnership p) {
                    std::size_t n = 0;
                    s.scan_links(p, [&](const store::LinkRow&) { return ++n > 0; });
                    return n;
                }));
            });
    command("a command says at the end how many cases it passed over", {"hidden-child", "sealed-child"},
            [](World& world, const Words& words, Words& output) {
                if (!words.starts_with("standing")) return;
                output += std::to_string(machine(world, [](store::Snapshot& s, store::Partnership p) {
                    std::size_t n = 0;
                    s.scan_cases(p, [&](const store::CaseRow&) { return ++n > 0; });
                    return n;
                }));
            });

    // ---- the policy
    // -----------------------------------------------------------------------------------------------------
    policy("every role opens what is hidden", {"hidden-child", "marked-entry", "named-only"}, [](Words& matrix) {
        replace_all_in(matrix, "opens = [\"named-only\", \"hidden\"]\n", "");
        matrix = for_every_role(std::move(matrix), "opens = [\"named-only\", \"hidden\"]");
    });
    policy("who may not see a hidden child is told that there is one", {"hidden-child"}, [](Words& matrix) {
        replace_all_in(matrix, "[restriction.level.hidden]\ntold = false", "[restriction.level.hidden]\ntold = true");
    });
    policy("who may not see a sealed record is told that there is one", {"sealed-child"}, [](Words& matrix) {
        replace_all_in(matrix, "[restriction.level.sealed]\ntold = false", "[restriction.level.sealed]\ntold = true");
    });
    policy("a service reaches children with whom it does not work", {"out-of-reach", "unknown-child", "joined"},
           [](Words& matrix) { replace_all_in(matrix, "reach = [\"service\"]", "reach = [\"any\"]"); });
    policy("a search of one's own finds everybody's children", {"unknown-child"},
           [](Words& matrix) { replace_all_in(matrix, "search = \"own\"", "search = \"all\""); });
    return all;
}

}  // namespace

const std::vector<Leak>& leaks() {
    static const auto all = make();
    return all;
}

std::string content_with(const Leak& leak, const testing::ScratchFolder& folder) {
    const auto copy = folder / "content";
    std::filesystem::copy(std::string(WAYMARK_SOURCE_DIR) + "/content", copy, std::filesystem::copy_options::recursive);
    const auto file = copy + "/access/matrix.toml";
    auto matrix = testing::whole_file(file);
    const auto before = matrix;
    leak.policy(matrix);
    if (matrix == before) throw std::runtime_error("the policy has nothing to change for: " + leak.name);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << matrix;
    return copy;
}

}  // namespace waymark::twins
