// Says a date in words first, then as a date.
#include "web/components/contextual_date.hpp"

namespace waymark::web {

std::string describe_date(const ContextualDateOptions& o) {
    std::string date = format_long(o.date);
    if (o.done) return date;
    const auto days = (o.date - o.today).count();
    const std::string verb = o.verb.empty() ? std::string() : o.verb + " ";
    if (days < -1) return "overdue by " + std::to_string(-days) + " days, " + date;
    if (days == -1) return "overdue by 1 day, " + date;
    if (days == 0) return verb + "today, " + date;
    if (days == 1) return verb + "tomorrow, " + date;
    if (days <= 14) return verb + "in " + std::to_string(days) + " days, " + date;
    return verb + date;
}

Html contextual_date(const ContextualDateOptions& o) {
    const auto days = (o.date - o.today).count();
    const char* state = o.done || days > 1 ? "" : days < 0 ? "waymark-date--overdue" : "waymark-date--today";
    Writer w;
    w.open("time").attr("datetime", format_date(o.date)).classes({"waymark-date", state});
    w.text(describe_date(o)).close("time");
    return w.done();
}

}  // namespace waymark::web
