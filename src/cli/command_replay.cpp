// procedure replay: another version of a procedure over the record as it is.
#include <fmt/format.h>

#include "casework/replay.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

Result<std::optional<Date>> parse_day(const char* option, const std::string& text) {
    if (text.empty()) return std::optional<Date>{};
    const auto day = parse_date(text);
    if (!day) return invalid(option, "'" + text + "' is not a date", "write 2026-03-27");
    return std::optional<Date>{*day};
}

struct Asked {
    procedure::Procedure changed;
    procedure::Period period;
    Look look;
};

Result<Asked> read_question(const Session& session) {
    const Arguments& a = session.arguments;
    procedure::Period period{TRY(parse_day("--from", a.from_day)), TRY(parse_day("--to", a.to_day))};
    if (period.from && period.to && *period.to < *period.from)
        return invalid("--to", "the period ends before it begins", "give --from a day that is not after --to");
    auto look = TRY(session.look("procedure replay"));
    std::optional<content::Profile> profile;
    if (!a.profile.empty()) {
        const auto path = session.terminal.path(a.profile);
        profile = TRY(content::parse_profile(TRY(read_text(path)), path));
    }
    const auto path = session.terminal.path(a.files.front());
    auto changed = TRY(casework::changed_procedure(session.office, TRY(read_text(path)), path, profile,
                                                   profile ? session.terminal.path(a.profile) : "profile in force"));
    return Asked{std::move(changed), period, std::move(look)};
}

std::string sooner(const std::optional<int>& days) {
    if (!days || *days == 0) return {};
    return fmt::format(", {} {} earlier", *days, *days == 1 ? "day" : "days");
}

void print_case(std::ostream& out, const procedure::Replayed& one) {
    out << fmt::format("case {}  person {}  under {}\n", to_string(one.case_id), to_string(one.person), one.procedure);
    for (const auto& duty : one.due) {
        out << fmt::format(
            "  due     {}  {} ({}) by {}{}\n", format_date(duty.first), duty.label, duty.owner, format_date(duty.due),
            duty.due_in_force
                ? fmt::format(" and not by {}{}", format_date(*duty.due_in_force), sooner(duty.earlier_days))
                : "");
    }
    for (const auto& gate : one.blocked)
        out << fmt::format("  blocked {}  {}: {}\n", format_date(gate.on), gate.rule, gate.why);
    for (const auto& cue : one.shown) {
        out << fmt::format("  shown   {}  {}: {}{}\n", format_date(cue.first), cue.id, cue.why,
                           cue.first_in_force ? fmt::format(" In fact on {}{}.", format_date(*cue.first_in_force),
                                                            sooner(cue.earlier_days))
                                              : "");
    }
    for (const auto& duty : one.no_longer.due) {
        out << fmt::format("  no longer due     {}  {} ({}) by {}\n", format_date(duty.first), duty.label, duty.owner,
                           format_date(duty.due));
    }
    for (const auto& gate : one.no_longer.blocked)
        out << fmt::format("  no longer blocked {}  {}: {}\n", format_date(gate.on), gate.rule, gate.why);
    for (const auto& cue : one.no_longer.shown)
        out << fmt::format("  no longer shown   {}  {}: {}\n", format_date(cue.first), cue.id, cue.why);
}

void print_totals(std::ostream& out, const casework::ReplayTotals& totals) {
    out << fmt::format("{} cases read, {} of them otherwise: {} duties, {} recorded steps blocked, {} cues shown\n",
                       totals.cases, totals.changed, totals.due, totals.blocked, totals.shown);
    if (totals.earlier > 0) {
        out << fmt::format("in {} cases something came earlier: {:.1f} days on average, at most {}\n", totals.earlier,
                           static_cast<double>(totals.earlier_days) / static_cast<double>(totals.earlier),
                           totals.most_earlier_days);
    }
    const auto list = [&](const char* what, const std::map<std::string, std::size_t>& by) {
        for (const auto& [id, n] : by) out << fmt::format("  {:<18}{:>8}  {}\n", what, n, id);
    };
    list("due", totals.by_duty);
    list("blocked", totals.by_rule);
    list("shown", totals.by_cue);
    const auto& gone = totals.no_longer;
    if (gone.cases == 0) return;
    out << fmt::format("in {} cases no longer: {} duties, {} recorded steps blocked, {} cues shown\n", gone.cases,
                       gone.due, gone.blocked, gone.shown);
    list("no longer due", gone.by_duty);
    list("no longer blocked", gone.by_rule);
    list("no longer shown", gone.by_cue);
}

}  // namespace

int run_procedure_replay(const Session& session) {
    const auto asked = read_question(session);
    if (!asked) return session.refuse(asked.error());
    const Arguments& a = session.arguments;
    std::ostream& out = session.terminal.out;
    const auto totals = casework::replay(session.office, asked->look.asker, asked->changed, asked->period,
                                         asked->look.as_of, asked->look.threads, [&](const procedure::Replayed& one) {
                                             if (a.json) {
                                                 out << write_json(procedure::to_json(one)) << "\n";
                                             } else {
                                                 print_case(out, one);
                                             }
                                             return static_cast<bool>(out);
                                         });
    if (!totals) return session.refuse(totals.error());
    if (a.json) {
        out << write_json(casework::to_json(*totals)) << "\n";
    } else {
        print_totals(out, *totals);
    }
    return done;
}

}  // namespace waymark::cli
