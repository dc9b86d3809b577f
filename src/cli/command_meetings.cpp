// meetings: of each open case, when all required agencies first met, and who is missing where they never have.
#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/meetings.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

json::object as_json(const procedure::Standing& standing) {
    const auto& gathering = standing.gathering;
    const auto date = [](const std::optional<Date>& day) {
        return day ? json::value(format_date(*day)) : json::value(nullptr);
    };
    json::array missing;
    for (const auto& type : gathering.missing) missing.emplace_back(type);
    return {{"case", to_string(standing.case_id)},
            {"person", to_string(standing.person)},
            {"since", date(gathering.since)},
            {"past_triage", gathering.past_triage},
            {"meetings", gathering.meetings.size()},
            {"all_agencies_met", date(gathering.all_met)},
            {"days", gathering.days ? json::value(*gathering.days) : json::value(nullptr)},
            {"missing", std::move(missing)}};
}

std::string words_of(const procedure::Standing& standing) {
    const auto& gathering = standing.gathering;
    const auto since = gathering.since ? format_date(*gathering.since) : std::string("an unknown day");
    const auto start = fmt::format("case {}  person {}  since {}  {} held", to_string(standing.case_id),
                                   to_string(standing.person), since, gathering.meetings.size());
    if (gathering.all_met) return fmt::format("{}  all met on {}", start, format_date(*gathering.all_met));
    return fmt::format("{}  never all met; missing: {}", start, join(gathering.missing, ", "));
}

}  // namespace

int run_meetings(const Session& session) {
    const Arguments& a = session.arguments;
    const auto look = session.look("meetings");
    if (!look) return session.refuse(look.error());
    std::size_t open = 0;
    std::size_t never = 0;
    auto all = casework::standings(
        session.office, look->asker, look->as_of, look->threads, [&](const procedure::Standing& standing) {
            const auto& gathering = standing.gathering;
            if (!casework::ought_to_meet(standing)) return true;
            ++open;
            if (!gathering.all_met) ++never;
            if (!a.never || !gathering.all_met) {
                session.terminal.out << (a.json ? write_json(as_json(standing)) : words_of(standing)) << "\n";
            }
            return static_cast<bool>(session.terminal.out);
        });
    if (!all) return session.refuse(all.error());
    if (!a.json)
        session.terminal.out << fmt::format(
            "In {} of {} open cases the required agencies have never all been at one meeting.\n", never, open);
    return done;
}

}  // namespace waymark::cli
