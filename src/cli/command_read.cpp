// chronology and standing: the record read at the command line.
#include <fmt/format.h>

#include <fstream>

#include "base/csv.hpp"
#include "base/markup.hpp"
#include "base/text.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

json::object to_json(const casework::Line& line) {
    json::object details;
    for (const auto& [label, value] : line.details) details[label] = value;
    const store::EntryRow& row = line.entry.row;
    json::object object{{"entry", to_string(row.entry)},
                        {"at", to_string(row.at)},
                        {"recorded", to_string(row.recorded)},
                        {"kind", row.kind},
                        {"title", line.title},
                        {"agency", row.agency},
                        {"source", line.source},
                        {"author", line.author},
                        {"details", std::move(details)},
                        {"late", line.late},
                        {"gap_days_before", line.gap_days_before},
                        {"superseded", line.superseded}};
    if (row.case_id) object["case"] = to_string(row.case_id);
    if (line.withheld) object["withheld"] = true;
    return object;
}

std::string details_text(const casework::Line& line) {
    std::vector<std::string> parts;
    for (const auto& [label, value] : line.details) parts.push_back(fmt::format("{}: {}", label, value));
    return join(parts, "; ");
}

void write_csv(const casework::PersonPage& page, std::ostream& out) {
    out << csv_line(
        {"at", "recorded", "what", "details", "source", "author", "late", "days_since_the_entry_before", "superseded"});
    for (const casework::Line& line : page.lines) {
        out << csv_line({to_string(line.entry.row.at), to_string(line.entry.row.recorded), line.title,
                         details_text(line), line.source, line.author, line.late ? "late" : "",
                         std::to_string(line.gap_days_before), line.superseded ? "superseded" : ""});
    }
}

void write_html(const casework::PersonPage& page, const std::string& made, std::ostream& out) {
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta "
           "charset=\"utf-8\"><title>Chronology</title></head>\n<body>\n"
        << "<h1>Joint chronology</h1>\n<p>" << escape_markup(made)
        << "</p>\n<table>\n<thead><tr><th>Date</th><th>What</th>"
        << "<th>Details</th><th>Source</th><th>Recorded</th></tr></thead>\n<tbody>\n";
    for (const casework::Line& line : page.lines) {
        if (line.gap_days_before > 0) {
            out << fmt::format("<tr><td colspan=\"5\">{} days with no entry</td></tr>\n", line.gap_days_before);
        }
        out << fmt::format("<tr><td>{}</td><td>{}{}</td><td>{}</td><td>{}, {}</td><td>{}{}</td></tr>\n",
                           escape_markup(to_string(line.entry.row.at)), escape_markup(line.title),
                           line.superseded ? " (corrected later)" : "", escape_markup(details_text(line)),
                           escape_markup(line.source), escape_markup(line.author),
                           escape_markup(to_string(line.entry.row.recorded)), line.late ? " (late)" : "");
    }
    out << "</tbody>\n</table>\n</body>\n</html>\n";
}

// Writes one file; false and a message where it cannot be written.
template <class Write>
bool write_file(const Session& session, const std::string& name, Write write) {
    const std::string path = session.terminal.path(name);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (file) write(file);
    file.flush();
    if (file) return true;
    session.terminal.err << "waymark: " << path << ": cannot be written\n";
    return false;
}

bool is_overdue(const procedure::Standing& standing) {
    for (const procedure::Duty& duty : standing.duties) {
        if (duty.state == procedure::DutyState::overdue) return true;
    }
    return false;
}

void print_standing(const Session& session, const procedure::Standing& standing) {
    std::ostream& out = session.terminal.out;
    if (session.arguments.json) {
        out << write_json(procedure::to_json(standing)) << "\n";
        return;
    }
    out << fmt::format("case {}  person {}  {} {}{}\n", to_string(standing.case_id), to_string(standing.person),
                       standing.procedure, standing.version, standing.closed ? "  (closed)" : "");
    for (const procedure::Duty& d : standing.duties) {
        out << fmt::format("  duty  {:<9} due {}{}  {} ({}){}\n", procedure::to_string(d.state), to_string(d.due),
                           d.at_once ? " at once" : "", d.label, d.owner, d.urgent.empty() ? "" : "  " + d.urgent);
    }
    for (const procedure::Gate& g : standing.gates) {
        if (!g.open) out << fmt::format("  held  {}: {}\n", g.course, g.why);
    }
    for (const procedure::Breach& b : standing.breaches) out << fmt::format("  breach {}: {}\n", b.rule, b.why);
    for (const procedure::Cue& c : standing.cues) out << fmt::format("  cue   {}: {}\n", c.id, c.why);
}

Result<CaseId> find_case(const Session& session, const std::string& text) {
    if (auto id = parse_id<CaseId>(text)) return *id;
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) return invalid("case", "'" + text + "' is neither an id nor agency/key");
    const store::CaseKey key{text.substr(0, slash), text.substr(slash + 1)};
    std::optional<CaseId> found;
    auto read = session.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        const auto rows = snapshot.cases_by_key(session.office.partnership, std::span(&key, 1));
        if (!rows.empty() && rows[0]) found = rows[0]->case_id;
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    if (found) return *found;
    // As for a case of which the asker may not know.
    if (session.arguments.as) return CaseId{};
    return fault(FaultKind::missing, "case", "no case stands under '" + text + "'");
}

}  // namespace

int run_chronology(const Session& session) {
    auto as_of = parse_as_of(session.arguments.as_of, session.office.calendar->zone());
    if (!as_of) return session.refuse(as_of.error());
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "chronology";
    auto person = find_view(session, session.arguments.person);
    if (!person) return session.refuse(person.error());
    auto page = casework::person_page(session.office, *asker, *person, *as_of);
    if (!page) return session.refuse(page.error());

    const Arguments& a = session.arguments;
    const std::string made = fmt::format("Made {} by {}{}", to_string(session.world.clock.now()), asker->practitioner,
                                         a.as_of.empty() ? "" : ", as known on " + a.as_of);
    if (!a.html_file.empty() &&
        !write_file(session, a.html_file, [&](std::ostream& out) { write_html(*page, made, out); }))
        return failed;
    if (!a.csv_file.empty() && !write_file(session, a.csv_file, [&](std::ostream& out) { write_csv(*page, out); }))
        return failed;
    if (!a.html_file.empty() || !a.csv_file.empty()) return done;

    std::ostream& out = session.terminal.out;
    if (a.json) {
        json::array entries;
        for (const casework::Line& line : page->lines) entries.push_back(to_json(line));
        json::array identities;
        for (std::size_t i = 0; i < page->identities.size(); ++i) {
            const record::Identity& identity = page->identities[i];
            identities.push_back(json::object{{"agency", page->views[i].agency},
                                              {"source", identity.source},
                                              {"id", identity.id},
                                              {"name", record::shown_name(identity)}});
        }
        out << write_json(
                   json::object{{"person", to_string(page->person)}, {"identities", identities}, {"entries", entries}})
            << "\n";
        return done;
    }
    for (const casework::Line& line : page->lines) {
        if (line.gap_days_before > 0)
            out << fmt::format("            -- {} days with no entry --\n", line.gap_days_before);
        out << fmt::format("{:<20}  {}  [{}, {}]{}{}\n", to_string(line.entry.row.at), line.title, line.source,
                           line.author, line.late ? "  late" : "", line.superseded ? "  corrected later" : "");
        for (const auto& [label, value] : line.details) out << fmt::format("{:<22}{}: {}\n", "", label, value);
    }
    return done;
}

int run_standing(const Session& session) {
    const Arguments& a = session.arguments;
    const auto look = session.look("standing");
    if (!look) return session.refuse(look.error());
    if (!a.case_id.empty()) {
        auto case_id = find_case(session, a.case_id);
        if (!case_id) return session.refuse(case_id.error());
        auto standing = casework::standing_of(session.office, look->asker, *case_id, look->as_of);
        if (!standing) return session.refuse(standing.error());
        print_standing(session, *standing);
        return done;
    }
    auto all = casework::standings(session.office, look->asker, look->as_of, look->threads,
                                   [&](const procedure::Standing& standing) {
                                       if (!a.overdue || is_overdue(standing)) print_standing(session, standing);
                                       return static_cast<bool>(session.terminal.out);
                                   });
    if (!all) return session.refuse(all.error());
    return done;
}

}  // namespace waymark::cli
