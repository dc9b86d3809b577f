// procedure check and explain: a procedure file on its own, no store needed.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "cli/session.hpp"
#include "procedure/procedure.hpp"

namespace waymark::cli {
namespace {

struct Loaded {
    content::Catalogue catalogue;
    procedure::Rulebook rulebook;
};

Result<std::string> read_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return invalid(path, "there is no such file, or it cannot be read");
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

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

std::string sentence(const procedure::Rulebook& book, const procedure::Rule& rule) {
    const auto label = [&](const std::string& id) {
        const procedure::Event* event = book.event(id);
        return event != nullptr && !event->label.empty() ? event->label : id;
    };
    const std::string clock = rule.deadline ? " within " + content::to_string(*rule.deadline) : "";
    switch (rule.relation) {
        case procedure::Relation::response:
            return fmt::format("{}: after “{}”, {} must follow{} ({}).", rule.label, label(rule.from), label(rule.to),
                               clock, rule.owner);
        case procedure::Relation::condition:
            return fmt::format("{}: “{}” waits until “{}”.", rule.label, label(rule.to), label(rule.from));
        case procedure::Relation::milestone:
            return fmt::format("{}: “{}” waits while “{}” is owed.", rule.label, label(rule.to), label(rule.from));
        case procedure::Relation::include:
            return fmt::format("“{}” makes “{}” possible.", label(rule.from), label(rule.to));
        case procedure::Relation::exclude:
            return fmt::format("“{}” rules “{}” out.", label(rule.from), label(rule.to));
    }
    return {};
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
        auto text = read_text(terminal.path(a.profile));
        if (!text) return report(terminal.err, text.error());
        auto parsed = content::parse_profile(*text, a.profile);
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
    const procedure::Rulebook& book = loaded->rulebook;
    terminal.out << fmt::format("{} (version {})\n\n", book.title, book.version);
    for (const procedure::Rule& rule : book.rules) {
        terminal.out << "- " << sentence(book, rule) << "\n";
        if (rule.source.unsourced) {
            terminal.out << "  No source: a local choice that the profile may change.\n";
        } else if (!rule.source.text.empty()) {
            terminal.out << fmt::format("  Source: {}, in force from {}.\n", rule.source.text,
                                        format_date(rule.source.in_force));
        }
    }
    for (const procedure::CueRule& cue : book.cues) terminal.out << fmt::format("- Cue: {} ({}).\n", cue.label, cue.id);
    return done;
}

}  // namespace waymark::cli
