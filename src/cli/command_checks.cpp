// checks: agencies that were asked what they hold and have not answered. No name: the case pages have it.
#include <fmt/format.h>

#include "casework/checks.hpp"
#include "cli/session.hpp"

namespace waymark::cli {

int run_checks(const Session& session) {
    constexpr std::size_t most = 2'000;
    const auto look = session.look("checks");
    if (!look) return session.refuse(look.error());
    const auto all = casework::checks_asked(session.office, look->asker, most);
    if (!all) return session.refuse(all.error());
    std::size_t late = 0;
    for (const auto& one : *all) {
        if (one.overdue) ++late;
        if (session.arguments.json) {
            session.terminal.out << write_json(json::object{{"check", to_string(one.check)},
                                                            {"person", to_string(one.person)},
                                                            {"agency", one.agency},
                                                            {"due", to_string(one.due)},
                                                            {"overdue", one.overdue}})
                                 << "\n";
        } else {
            session.terminal.out << fmt::format("check {}  person {}  {}  due {}{}\n", to_string(one.check),
                                                to_string(one.person), one.agency, to_string(one.due),
                                                one.overdue ? "  overdue" : "");
        }
    }
    if (!session.arguments.json)
        session.terminal.out << fmt::format("{} waiting for an answer, {} overdue.\n", all->size(), late);
    return done;
}

}  // namespace waymark::cli
