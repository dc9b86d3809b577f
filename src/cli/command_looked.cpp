// looked: who has looked at a child's record, at the command line.
#include <fmt/format.h>

#include <fstream>

#include "base/csv.hpp"
#include "casework/looked.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

json::object to_json(const casework::Look& look) {
    json::object kinds;
    for (const auto& [kind, count] : look.kinds) kinds[kind] = count;
    return {{"at", to_string(look.at)},  {"practitioner", look.practitioner},
            {"name", look.name},         {"role", look.role},
            {"agency", look.agency},     {"sign_in", look.strength},
            {"action", look.action},     {"route", look.route},
            {"purpose", look.purpose},   {"relationship", look.relationship},
            {"reason", look.reason},     {"basis", look.basis},
            {"entries", look.entries},   {"kinds", std::move(kinds)},
            {"fields", look.fields},     {"result", look.result},
            {"altered", look.unreadable}};
}

void write_csv(const casework::LookedPage& page, std::ostream& out) {
    out << csv_line({"at", "name", "role", "agency", "sign_in", "action", "route", "purpose", "relationship", "reason",
                     "basis", "entries", "fields"});
    for (const auto& look : page.looks) {
        out << csv_line({to_string(look.at), look.name, look.role, look.agency, look.strength, look.action, look.route,
                         look.purpose, look.ground, look.reason, look.basis, std::to_string(look.entries),
                         look.fields});
    }
}

Result<std::optional<Date>> day_of(const std::string& text, const char* option) {
    if (text.empty()) return std::optional<Date>{};
    const auto day = parse_date(text);
    if (!day) return invalid(option, "'" + text + "' is not a day", "write 2026-03-27");
    return std::optional<Date>{*day};
}

}  // namespace

int run_looked(const Session& session) {
    const Arguments& a = session.arguments;
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "looked";
    const auto person = find_view(session, a.person);
    if (!person) return session.refuse(person.error());
    casework::LookedQuery query;
    const auto from = day_of(a.from_day, "--from");
    if (!from) return session.refuse(from.error());
    const auto to = day_of(a.to_day, "--to");
    if (!to) return session.refuse(to.error());
    query.from = *from;
    query.to = *to;
    query.agency = a.agency;
    query.limit = a.limit;
    const auto page = casework::who_looked(session.office, *asker, *person, query);
    if (!page) return session.refuse(page.error());
    std::ostream& out = session.terminal.out;
    if (!a.csv_file.empty()) {
        const std::string path = session.terminal.path(a.csv_file);
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        if (file) write_csv(*page, file);
        file.flush();
        if (file) return done;
        session.terminal.err << "waymark: " << path << ": cannot be written\n";
        return failed;
    }
    if (a.json) {
        json::array looks;
        for (const auto& look : page->looks) looks.push_back(to_json(look));
        out << write_json(json::object{{"person", to_string(page->person)},
                                       {"total", page->total ? json::value(*page->total) : json::value()},
                                       {"looks", std::move(looks)}})
            << "\n";
        return done;
    }
    for (const auto& look : page->looks) {
        out << fmt::format("{}  {} ({}{}{})  {} {}  {}{}{}  {}\n", to_string(look.at),
                           look.unreadable ? "ALTERED LINE" : look.name, look.role,
                           look.role.empty() || look.agency.empty() ? "" : ", ", look.agency, look.action, look.route,
                           look.purpose, look.ground.empty() ? "" : "; ", look.ground,
                           look.entries == 0 ? std::string() : fmt::format("{} entries", look.entries));
    }
    if (page->total)
        out << fmt::format("{} of {} lines\n", page->looks.size(), *page->total);
    else
        out << fmt::format("{} lines{}\n", page->looks.size(), page->next ? ", and older ones" : "");
    return done;
}

}  // namespace waymark::cli
