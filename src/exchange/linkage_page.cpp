#include "exchange/linkage_page.hpp"

#include "exchange/linkage_charts.hpp"

namespace waymark::exchange {

namespace {

constexpr const char* styles = R"(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; color: #0b0c0c; background: #fff; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 2px solid #0b0c0c; }
h3 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
h4 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: 0 0 .75rem; max-width: 44rem; }
a { color: #1d70b8; } a:focus, pre:focus, .scroll:focus { outline: 3px solid #0b0c0c; outline-offset: 2px; background: #ffdd00; }
.made { color: #505a5f; }
.warning { border: 2px solid #0b0c0c; border-left-width: .6rem; padding: .6rem .9rem; max-width: 46rem; font-weight: 600; }
nav ul { padding: 0; margin: 1rem 0 0; list-style: none; columns: 16rem; } nav li { padding: .15rem 0; }
table { border-collapse: collapse; margin: 0 0 1.25rem; font-size: .9rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .4rem; } caption span { display: block; max-width: min(44rem, 88vw); }
.n { text-align: right; white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid #b1b4b6; }
tbody th { font-weight: 400; max-width: 30rem; }
.scroll { overflow-x: auto; max-width: 100%; }
figure { margin: 0 0 1.25rem; } figcaption { font-weight: 600; font-size: .9rem; margin-bottom: .4rem; }
.chart { display: block; width: 100%; height: auto; max-width: 30rem; }
.chart.wide { max-width: 56rem; } .chart.narrow { display: none; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem 2rem; align-items: start; }
.pair { border: 1px solid #b1b4b6; padding: .75rem; margin: 0 0 1rem; }
.sides { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1rem; align-items: start; }
.sides figure, .sides table { margin-bottom: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem; background: #f3f2f1; }
@media (max-width: 48rem) {
  .sides { grid-template-columns: minmax(0, 1fr); }
  .chart.wide { display: none; } .chart.narrow { display: block; }
  body { padding: .75rem; } h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; }
  th, td { padding-right: .5rem; } table { font-size: .85rem; }
  .pair { padding: .5rem; }
  .pair table { table-layout: fixed; width: 100%; font-size: .75rem; } .pair th, .pair td { overflow-wrap: anywhere; white-space: normal; text-align: left; padding-right: .3rem; }
  .pair th:last-child, .pair td:last-child { width: 36%; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
  .chart.wide { display: block; } .chart.narrow { display: none; }
  .scroll { overflow: visible; } figure, .pair, tr { break-inside: avoid; } h2, h3, h4, caption { break-after: avoid; }
  thead { display: table-header-group; } a { color: inherit; text-decoration: none; }
}
)";

bool is_number(const std::string& text) {
    return text.find_first_not_of("0123456789,.+-%e<>\xE2\x88\x92\x80\x93") == std::string::npos;
}

}  // namespace

Page::Page(const std::string& title, const std::string& made, const std::string& warning) {
    head_ =
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en-GB\" xml:lang=\"en-GB\">\n<head>"
        "<meta charset=\"utf-8\"/><title>" +
        escape_xml(title) +
        "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
        "<meta name=\"robots\" content=\"noindex\"/><style>" +
        styles + "</style></head>\n<body>\n<header><h1>" + escape_xml(title) + "</h1><p class=\"made\">Waymark, " +
        escape_xml(made) + "</p><p class=\"warning\">" + escape_xml(warning) + "</p></header>\n";
}

void Page::section(const std::string& id, const std::string& heading) {
    contents_ += "<li><a href=\"#" + id + "\">" + escape_xml(heading) + "</a></li>";
    body_ += "<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + escape_xml(heading) + "</h2>\n";
}

void Page::end_section() {
    body_ += "</section>\n";
}

void Page::paragraph(const std::string& markup) {
    body_ += "<p>" + markup + "</p>\n";
}

void Page::begin_table(const std::string& caption, const std::vector<std::string>& header) {
    caption_ = caption;
    rows_ = {header};
}

void Page::row(const std::vector<std::string>& cells) {
    rows_.push_back(cells);
}

void Page::end_table() {
    std::vector<bool> numbers(rows_.front().size(), true);
    for (std::size_t r = 1; r < rows_.size(); ++r) {
        for (std::size_t c = 0; c < rows_[r].size(); ++c) numbers[c] = numbers[c] && is_number(rows_[r][c]);
    }
    const auto cell = [&](std::size_t c, const std::string& tag, const std::string& text) {
        const std::string name = tag.substr(0, 2);
        body_ += "<" + tag + (numbers[c] ? " class=\"n\"" : "") + ">" + escape_xml(text) + "</" + name + ">";
    };
    // A table that is wider than the screen moves by itself; the page does not.
    body_ += "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"" + escape_xml(caption_) +
             "\"><table><caption><span>" + escape_xml(caption_) + "</span></caption><thead><tr>";
    for (std::size_t c = 0; c < rows_.front().size(); ++c) cell(c, "th scope=\"col\"", rows_.front()[c]);
    body_ += "</tr></thead><tbody>\n";
    for (std::size_t r = 1; r < rows_.size(); ++r) {
        body_ += "<tr>";
        for (std::size_t c = 0; c < rows_[r].size(); ++c) cell(c, c == 0 ? "th scope=\"row\"" : "td", rows_[r][c]);
        body_ += "</tr>\n";
    }
    body_ += "</tbody></table></div>\n";
    rows_.clear();
}

void Page::figure(const std::string& svg, const std::string& caption) {
    body_ += "<figure><figcaption>" + escape_xml(caption) + "</figcaption>" + svg + "</figure>\n";
}

std::string Page::finish() {
    return head_ + "<nav aria-label=\"Contents\"><ul>" + contents_ + "</ul></nav>\n<main>\n" + body_ +
           "</main>\n</body>\n</html>\n";
}

}  // namespace waymark::exchange
