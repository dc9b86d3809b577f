// The whole chronology to print or to put before a court: the oldest first, every entry a numbered paragraph with its
// details, and at its head what it leaves out and for whom it was made.
#include <algorithm>

#include <fmt/format.h>

#include "web/components/summary_list.hpp"
#include "web/pages/child_strip.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html head_of(const Visit& visit, const casework::PersonPage& child) {
    const auto count = [&](auto which) {
        return static_cast<std::size_t>(std::count_if(child.lines.begin(), child.lines.end(), which));
    };
    const auto withheld = count([](const casework::Line& line) { return line.withheld; });
    const auto in_part = count([](const casework::Line& line) { return !line.entry.whole; });
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Made for", .value = visit.who->practitioner->name});
    rows.push_back({.key = "Made on", .value = moment_words(visit.zone(), visit.now())});
    rows.push_back({.key = "Entries", .value = count_words(child.lines.size(), "entry", "entries")});
    if (!child.lines.empty())
        rows.push_back({.key = "Covers",
                        .value = fmt::format("{} to {}", when_words(visit.zone(), child.lines.front().entry.row.at),
                                             when_words(visit.zone(), child.lines.back().entry.row.at))});
    rows.push_back({.key = "Text held back",
                    .value = withheld == 0 ? std::string("None")
                                           : count_words(withheld, "entry names another child and waits to be redacted",
                                                         "entries name another child and wait to be redacted")});
    if (in_part > 0)
        rows.push_back({.key = "Shown in part",
                        .value = count_words(in_part, "entry is shown with its codes and dates only",
                                             "entries are shown with their codes and dates only")});
    return summary_list({.rows = std::move(rows)});
}

void write_entry(Writer& w, const Visit& visit, const casework::Line& line) {
    w.open("li").classes({"waymark-numbered__entry"});
    w.open("p").classes({"govuk-body govuk-!-margin-bottom-1"});
    w.open("strong").text(when_words(visit.zone(), line.entry.row.at)).close("strong").text(" ");
    if (line.superseded)
        w.open("del").text(line.title).close("del").text(" (corrected later)");
    else
        w.text(line.title);
    if (line.entry.row.supersedes) w.text(" (a correction)");
    w.close("p");
    if (!line.details.empty()) w.add(details_list(line));
    std::string by = line.source;
    if (!line.author.empty()) by += (by.empty() ? "" : ", ") + author_words(line);
    w.add(hint_paragraph(fmt::format("{}{}recorded {}{}", by, by.empty() ? "" : "; ",
                                     moment_words(visit.zone(), line.entry.row.recorded), line.late ? " (late)" : "")));
    w.close("li");
}

Result<Response> whole(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const bool open =
        std::any_of(child.standings.begin(), child.standings.end(), [](const auto& one) { return !one.closed; });
    const auto gaps = casework::gaps_of(visit.office(), child.lines, open, visit.today());
    Page page = child_frame(visit, child, "Chronology to print", ChildPart::chronology);
    page.back_link = BackLinkOptions{.href = child_url(child.person), .text = "Back to the chronology"};
    page.content += heading(1, "Chronology", "l") + head_of(visit, child) + print_button();
    Writer w;
    w.open("ol").classes({"govuk-list govuk-list--number waymark-numbered"});
    for (const auto& line : child.lines) write_entry(w, visit, line);
    w.close("ol");
    page.content += w.done();
    if (!gaps.empty()) {
        std::vector<Html> items;
        for (const auto& one : gaps)
            items.push_back(
                Html(fmt::format("{} to {}: {}", format_long(one.after), format_long(one.before), gap_words(one))));
        page.content += heading(2, "Silences", "m") + bullets(items);
    }
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> child_print_pages() {
    return {{{Method::get, "/children/:person/print", Shows::record, "child.print"}, whole}};
}

}  // namespace waymark::web
