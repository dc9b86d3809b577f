// import, export, census: the outside's formats at the command line.
#include <fmt/format.h>

#include <fstream>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "cli/session.hpp"
#include "exchange/exchange.hpp"

namespace waymark::cli {
namespace {

void print_refusal(const Session& session, const exchange::Refusal& refusal) {
    if (session.arguments.json) {
        json::object line{{"file", refusal.file},     {"line", refusal.line}, {"field", refusal.place},
                          {"reason", refusal.reason}, {"mend", refusal.mend}, {"whole_row", refusal.whole_row}};
        session.terminal.err << write_json(line) << "\n";
        return;
    }
    session.terminal.err << fmt::format("{}:{}: {}: {}{}{}{}\n", refusal.file, refusal.line, refusal.place,
                                        refusal.reason, refusal.mend.empty() ? "" : ". ", refusal.mend,
                                        refusal.whole_row ? "" : " (the rest of the row was taken)");
}

void print_tally(const Session& session, const exchange::Tally& tally) {
    if (session.arguments.json) {
        const json::object line{{"rows", tally.rows},
                                {"taken", tally.taken},
                                {"refused", tally.refused},
                                {"repeated", tally.repeated},
                                {"linked", tally.linked},
                                {"to_review", tally.to_review},
                                {"fields_refused", tally.fields_refused}};
        session.terminal.out << write_json(line) << "\n";
        return;
    }
    session.terminal.out << fmt::format("{} rows: {} taken, {} refused, {} repeated; {} linked, {} to review\n",
                                        tally.rows, tally.taken, tally.refused, tally.repeated, tally.linked,
                                        tally.to_review);
    if (tally.fields_refused > 0) {
        session.terminal.out << fmt::format(
            "{} single fields were left out of rows that were taken, each named above\n", tally.fields_refused);
    }
}

// Gives standard output, or the named file; nullptr (and a message) where it cannot be written.
std::ostream* open_output(const Session& session, std::ofstream& file) {
    if (session.arguments.out_file.empty()) return &session.terminal.out;
    const std::string path = session.terminal.path(session.arguments.out_file);
    file.open(path, std::ios::binary | std::ios::trunc);
    if (file) return &file;
    session.terminal.err << "waymark: --out: " << path << " cannot be written\n";
    return nullptr;
}

}  // namespace

int run_import(const Session& session) {
    const Arguments& a = session.arguments;
    const auto format = exchange::parse_format(a.format);
    if (!format) {
        session.terminal.err << "waymark: import: there is no format '" << a.format
                             << "'. Formats: " << join(exchange::format_names(), ", ") << "\n";
        return wrong_usage;
    }
    if (*format != exchange::Format::entries && session.office.profile.agency(a.agency) == nullptr) {
        std::vector<std::string> keys;
        for (const content::Agency& agency : session.office.profile.agencies) keys.push_back(agency.key);
        session.terminal.err << "waymark: --agency: "
                             << (a.agency.empty() ? "say whose file this is"
                                                  : "the profile has no agency '" + a.agency + "'")
                             << ". Agencies: " << join(keys, ", ") << "\n";
        return wrong_usage;
    }
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "import " + a.format;

    std::optional<Progress> bar;
    exchange::ImportOptions options;
    options.agency = a.agency;
    options.source = a.source;
    options.strict = a.strict;
    options.columns = a.columns;
    // Where people are served beside it (a server has a spool), a look waits for at most one small piece of it.
    constexpr std::size_t beside_people = 500;
    constexpr std::chrono::milliseconds at_a_time{5};
    if (session.office.spool) {
        options.batch = beside_people;
        options.hold = at_a_time;
    }
    options.on_refusal = [&](const exchange::Refusal& refusal) { print_refusal(session, refusal); };
    options.on_progress = [&](std::uint64_t bytes, std::uint64_t total) {
        if (!bar) bar.emplace(session.terminal.err, "import", total, session.terminal.progress);
        bar->advance_to(bytes);
    };
    std::vector<std::string> files;
    for (const std::string& file : a.files) files.push_back(session.terminal.path(file));
    auto tally = exchange::import_files(session.office, *asker, *format, files, options);
    if (bar) bar->finish();
    if (!tally) return session.refuse(tally.error());
    print_tally(session, *tally);
    return tally->refused > 0 || tally->fields_refused > 0 ? fault_found : done;
}

int run_export(const Session& session) {
    const Arguments& a = session.arguments;
    if (a.format != "entries" && a.format != "csv") {
        session.terminal.err << "waymark: export: there is no format '" << a.format << "'. Formats: entries, csv\n";
        return wrong_usage;
    }
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "export " + a.format;
    std::ofstream file;
    std::ostream* out = open_output(session, file);
    if (out == nullptr) return failed;
    std::optional<Progress> bar;
    const auto on_progress = [&](std::uint64_t n, std::uint64_t total) {
        if (!bar) bar.emplace(session.terminal.err, "export", total, session.terminal.progress);
        bar->advance_to(n);
    };
    const auto begun = [&](const casework::two_persons::Leave& leave) { say_leave(session, leave); };
    std::uint64_t withheld = 0;
    const exchange::ExportOptions options{a.protected_addresses, &withheld, a.basis};
    auto written = a.format == "entries"
                       ? exchange::export_entries(session.office, *asker, *out, on_progress, begun, options)
                       : exchange::export_csv(session.office, *asker, *out, begun, options);
    if (bar) bar->finish();
    out->flush();
    if (!written) return session.refuse(written.error());
    if (!*out) {
        session.terminal.err << "waymark: export: not everything could be written; is the disk full?\n";
        return failed;
    }
    session.terminal.err << fmt::format("{} entries written\n", *written);
    if (withheld > 0) {
        session.terminal.err << fmt::format(
            "{} protected addresses were left out; --protected-addresses asks two practitioners for them too\n",
            withheld);
    }
    return done;
}

int run_census(const World&, const Arguments& a, Terminal& terminal) {
    exchange::generate_census(terminal.out, a.children, a.seed);
    return terminal.out ? done : failed;
}

}  // namespace waymark::cli
