// procedure check and explain: a procedure file on its own, no store needed.
#include <fmt/format.h>

#include <fstream>

#include "cli/session.hpp"
#include "content/manual.hpp"
#include "procedure/explain.hpp"

namespace waymark::cli {
namespace {

struct Loaded {
    content::Catalogue catalogue;
    procedure::Rulebook rulebook;
};

Result<Loaded> load(const World& world, const Arguments& a, const Terminal& terminal) {
    auto catalogue = TRY(content::load_kinds(world.content_dir));
    const std::string path = terminal.path(a.files.front());
    const std::string text = TRY(read_text(path));
    auto rulebook = TRY(procedure::parse_rulebook(text, path, catalogue));
    return Loaded{std::move(catalogue), std::move(rulebook)};
}

std::string_view words(procedure::Check::Answer answer) {
    switch (answer) {
        case procedure::Check::Answer::proved:
            return "proved";
        case procedure::Check::Answer::refuted:
            return "refuted";
        case procedure::Check::Answer::undecided:
            return "undecided";
    }
    return "";
}

json::object to_json(const procedure::Rulebook& rulebook, const procedure::Check& result) {
    json::array faults;
    for (const procedure::Unsound& f : result.faults) {
        json::array run;
        for (const std::string& step : f.run) run.emplace_back(step);
        faults.push_back(json::object{
            {"what", f.what}, {"rule", f.rule}, {"why", f.why}, {"place", f.place}, {"run", std::move(run)}});
    }
    return json::object{{"procedure", rulebook.name},
                        {"version", rulebook.version},
                        {"answer", words(result.answer)},
                        {"states", result.states},
                        {"faults", std::move(faults)}};
}

bool write_file(const Terminal& terminal, const std::string& name, const std::string& text) {
    const std::string path = terminal.path(name);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.flush();
    if (file) return true;
    terminal.err << "waymark: " << path << ": cannot be written\n";
    return false;
}

Result<content::Profile> load_profile(const Arguments& a, const Terminal& terminal) {
    const auto path = terminal.path(a.profile);
    return content::parse_profile(TRY(read_text(path)), path);
}

}  // namespace

int run_procedure_check(const World& world, const Arguments& a, Terminal& terminal) {
    auto loaded = load(world, a, terminal);
    if (!loaded) {
        // A procedure that cannot be read is the fault that this command was asked to find.
        terminal.err << "waymark: " << describe(loaded.error()) << "\n";
        return fault_found;
    }
    std::optional<content::Profile> profile;
    if (!a.profile.empty()) {
        auto parsed = load_profile(a, terminal);
        if (!parsed) return report(terminal.err, parsed.error());
        profile = std::move(*parsed);
    }
    const std::string name = profile ? profile->calendar : "england-and-wales";
    auto days = content::load_calendar(world.content_dir, name);
    if (!days) return report(terminal.err, days.error());
    const procedure::Calendar calendar(std::move(*days));
    const procedure::Check result = procedure::check(loaded->rulebook, calendar, profile ? &*profile : nullptr);
    if (a.json) {
        terminal.out << write_json(to_json(loaded->rulebook, result)) << "\n";
    } else {
        terminal.out << fmt::format("{} {}: {} ({} states)\n", loaded->rulebook.name, loaded->rulebook.version,
                                    words(result.answer), result.states);
        for (const procedure::Unsound& f : result.faults) {
            terminal.out << fmt::format("{}{}{} {}: {}\n", f.place, f.place.empty() ? "" : ": ", f.what, f.rule, f.why);
            for (const std::string& step : f.run) terminal.out << "    " << step << "\n";
        }
    }
    return result.answer == procedure::Check::Answer::proved ? done : fault_found;
}

int run_procedure_explain(const World& world, const Arguments& a, Terminal& terminal) {
    auto loaded = load(world, a, terminal);
    if (!loaded) return report(terminal.err, loaded.error());
    if (!a.profile.empty()) {
        const auto profile = load_profile(a, terminal);
        if (!profile) return report(terminal.err, profile.error());
        auto under = procedure::with_profile(std::move(loaded->rulebook), *profile, terminal.path(a.profile));
        if (!under) return report(terminal.err, under.error());
        loaded->rulebook = std::move(*under);
    }
    const auto manual = content::load_manual(world.content_dir);
    if (!manual) return report(terminal.err, manual.error());
    const procedure::Rulebook& book = loaded->rulebook;
    const auto explained = procedure::explanation(book, *manual);
    if (!a.svg_file.empty() && !write_file(terminal, a.svg_file, procedure::diagram(book))) return failed;
    if (!a.html_file.empty() && !write_file(terminal, a.html_file, procedure::to_html(explained, book))) return failed;
    if (a.svg_file.empty() && a.html_file.empty()) terminal.out << procedure::to_text(explained);
    return done;
}

}  // namespace waymark::cli
