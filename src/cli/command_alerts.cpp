// alerts: which looks at records seem wrong, at the command line.
#include <fmt/format.h>

#include <fstream>

#include "base/csv.hpp"
#include "casework/alerts.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

std::string state_of(const casework::LookAlert& one) {
    return one.is_new() ? "to be answered" : one.answer->outcome == "taken-up" ? "to be taken up" : "explained";
}

json::object alert_json(const casework::LookAlert& one) {
    json::object out{{"id", to_string(one.id)},
                     {"pattern", one.pattern},
                     {"words", one.words},
                     {"practitioner", one.who},
                     {"name", one.name},
                     {"role", one.role},
                     {"agency", one.agency},
                     {"record", one.person ? json::value(to_string(*one.person)) : json::value()},
                     {"of", one.child},
                     {"said", one.said},
                     {"count", one.count},
                     {"first", to_string(one.first)},
                     {"last", to_string(one.last)},
                     {"state", state_of(one)}};
    if (one.answer) {
        out["answered_by"] = one.answer->by;
        out["reason"] = one.answer->reason;
    }
    return out;
}

}  // namespace

int run_alerts(const Session& session) {
    const Arguments& a = session.arguments;
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "alerts";
    const auto found = casework::look_alerts(session.office, *asker);
    if (!found) return session.refuse(found.error());
    std::vector<const casework::LookAlert*> all;
    for (const auto* list : {&found->open, &found->taken_up, &found->explained}) {
        for (const auto& one : *list) all.push_back(&one);
    }
    std::ostream& out = session.terminal.out;
    if (!a.csv_file.empty()) {
        const std::string path = session.terminal.path(a.csv_file);
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << csv_line({"state", "pattern", "name", "role", "agency", "of", "first", "last", "count", "said"});
        for (const auto* one : all)
            file << csv_line({state_of(*one), one->pattern, one->name, one->role, one->agency, one->child,
                              to_string(one->first), to_string(one->last), std::to_string(one->count), one->said});
        file.flush();
        if (file) return done;
        session.terminal.err << "waymark: " << path << ": cannot be written\n";
        return failed;
    }
    if (a.json) {
        json::array alerts;
        for (const auto* one : all) alerts.push_back(alert_json(*one));
        out << write_json(json::object{
                   {"since", format_date(found->since)}, {"alerts", std::move(alerts)}, {"more", found->more}})
            << "\n";
        return done;
    }
    for (const auto* one : all)
        out << fmt::format("{}  {}: {} ({}{}{}), {}. {} [{}]\n", to_string(one->last), one->words, one->name, one->role,
                           one->role.empty() || one->agency.empty() ? "" : ", ", one->agency, one->child, one->said,
                           state_of(*one));
    out << fmt::format("{} since {}, {} to be answered{}\n", all.size(), format_date(found->since), found->open.size(),
                       found->more ? ", and more" : "");
    return done;
}

}  // namespace waymark::cli
