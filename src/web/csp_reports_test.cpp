#include "web/csp_reports.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using namespace waymark;
using namespace waymark::web;

namespace {

struct Desk {
    SetClock clock{parse_instant("2026-03-25T10:00:00Z").value()};
    std::ostringstream text;
    Log log{text, clock};
    CspReports reports{log};

    unsigned send(std::string body, const char* type = "application/csp-report") {
        Request request;
        request.method = Method::post;
        request.headers["content-type"] = type;
        request.body = std::move(body);
        return reports.take(request, clock.now()).status;
    }
};

constexpr const char* old_style =
    R"({"csp-report": {"document-uri": "http://x/children/Quillfeather", "violated-directive": "script-src-elem"}})";
constexpr const char* new_style =
    R"([{"type": "csp-violation", "url": "http://x/Quillfeather", "body": {"effectiveDirective": "style-src-attr", "sample": "Quillfeather"}}])";

}  // namespace

TEST_CASE("reports of both shapes are counted by directive, and nothing of them is written down") {
    Desk desk;
    CHECK(desk.send(old_style) == 204);
    desk.clock.advance(std::chrono::minutes(1));
    CHECK(desk.send(new_style, "application/reports+json") == 204);
    CHECK(desk.reports.counted() == 2);
    CHECK(desk.text.str().find("script-src") != std::string::npos);
    CHECK(desk.text.str().find("style-src") != std::string::npos);
    CHECK(desk.text.str().find("Quillfeather") == std::string::npos);
    CHECK(parse_reports(R"({"csp-report": {"violated-directive": "Quillfeather"}})").value().front() ==
          report_directives.size() - 1);
}

TEST_CASE("a flood of reports is turned away, and the log holds one line a minute") {
    Desk desk;
    unsigned last = 0;
    for (int n = 0; n < 200; ++n) last = desk.send(old_style);
    CHECK(last == 429);
    CHECK(desk.reports.counted() == CspReports::most_a_minute);
    const std::string text = desk.text.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    desk.clock.advance(std::chrono::minutes(1));
    CHECK(desk.send(old_style) == 204);
    CHECK(desk.text.str().find("\"count\":60") != std::string::npos);
}

TEST_CASE("what is no report is refused") {
    Desk desk;
    CHECK(desk.send(old_style, "text/html") == 415);
    CHECK(desk.send(std::string(CspReports::most_bytes + 1, 'a')) == 413);
    for (const char* wrong :
         {"", "{}", "[]", "null", "{\"csp-report\": 3}", "[[[[[[[[[[[[", "[{\"type\": \"deprecation\"}]"}) {
        CAPTURE(std::string(wrong));
        CHECK(desk.send(wrong) == 400);
    }
    CHECK(desk.text.str().empty());
}
