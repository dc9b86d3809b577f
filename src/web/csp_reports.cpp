// The log line of a minute is written with the first report of that minute, and holds what came since the line before.
#include "web/csp_reports.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace waymark::web {

const std::array<std::string_view, 9> report_directives{"script-src",  "style-src",   "img-src",
                                                        "connect-src", "form-action", "require-trusted-types-for",
                                                        "frame-src",   "font-src",    "other"};

namespace {

constexpr JsonLimits report_limits{8, CspReports::most_bytes};
constexpr std::size_t most_reports = 50;

std::size_t directive_index(std::string_view directive) {
    for (std::size_t i = 0; i + 1 < report_directives.size(); ++i) {
        const std::string_view known = report_directives[i];
        // script-src-elem and script-src-attr count as script-src.
        if (directive.starts_with(known) &&
            (directive.size() == known.size() || directive[known.size()] == '-' || directive[known.size()] == ' '))
            return i;
    }
    return report_directives.size() - 1;
}

std::string_view directive_of(const json::object& report) {
    for (const char* name : {"effectiveDirective", "effective-directive", "violated-directive"}) {
        if (const auto text = string_or(report, name, ""); !text.empty()) return text;
    }
    return {};
}

Response bare_answer(unsigned status) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    return response;
}

}  // namespace

Result<std::vector<std::size_t>> parse_reports(std::string_view body) {
    const json::value value = TRY(parse_json(body, report_limits));
    std::vector<std::size_t> found;
    if (value.is_object()) {
        const json::value* report = find(value.get_object(), "csp-report");
        if (report != nullptr && report->is_object())
            found.push_back(directive_index(directive_of(report->get_object())));
    } else if (value.is_array() && value.get_array().size() <= most_reports) {
        for (const json::value& one : value.get_array()) {
            if (!one.is_object() || string_or(one.get_object(), "type", "") != "csp-violation") continue;
            const json::value* report = find(one.get_object(), "body");
            if (report != nullptr && report->is_object())
                found.push_back(directive_index(directive_of(report->get_object())));
        }
    }
    if (found.empty())
        return invalid("report", "this is not a report of a violation", "send application/csp-report or reports+json");
    return found;
}

Response CspReports::take(const Request& request, Instant now) {
    const std::string_view type = request.header("content-type");
    if (!type.starts_with("application/csp-report") && !type.starts_with("application/reports+json") &&
        !type.starts_with("application/json"))
        return bare_answer(415);
    if (request.body.size() > most_bytes) return bare_answer(413);
    const std::scoped_lock lock(mutex_);
    const std::int64_t minute = now.micros / 60'000'000;
    if (minute != minute_) {
        minute_ = minute;
        in_minute_ = 0;
        told_ = false;
    }
    if (++in_minute_ > most_a_minute) return bare_answer(429);
    const auto found = parse_reports(request.body);
    if (!found) return bare_answer(400);
    for (const std::size_t directive : *found) ++untold_[directive];
    counted_ += found->size();
    if (!told_) {
        told_ = true;
        for (std::size_t i = 0; i < untold_.size(); ++i) {
            if (untold_[i] > 0)
                log_.warning("csp violations reported", {{"directive", report_directives[i]}, {"count", untold_[i]}});
        }
        untold_ = {};
    }
    return bare_answer(204);
}

std::uint64_t CspReports::counted() const {
    const std::scoped_lock lock(mutex_);
    return counted_;
}

}  // namespace waymark::web
