// A child's way through justice: how far it has come, how long it has waited and on whom, and for how many of those
// days nobody supported this child.
#include <fmt/format.h>

#include "casework/justice.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html stages_table(const Visit& visit, const casework::JusticePath& path) {
    TableOptions o;
    o.caption = "From disclosure to sentence";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {
        {.content = "Stage"}, {.content = "First recorded"}, {.content = "By"}, {.content = "Days from disclosure"}};
    for (const auto& stage : path.stages) {
        const bool come = stage.line != nullptr;
        o.rows.push_back(
            {{.content = come ? link(entry_url(stage.line->entry.row.entry), stage.name) : Html(stage.name)},
             labelled("First recorded", come ? when_words(visit.zone(), stage.line->entry.row.at)
                                             : std::string(path.waits_for == stage.name ? "Waits" : "Not on record")),
             labelled("By", come ? stage.line->source : std::string("–")),
             labelled("Days from disclosure", stage.days ? std::to_string(*stage.days) : std::string("–"))});
    }
    return table(o);
}

Html waiting(const Visit& visit, const casework::JusticePath& path) {
    if (!path.disclosed) return paragraph("No disclosure is on record, so no days are counted.");
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Disclosed", .value = format_long(*path.disclosed)});
    if (path.ended) {
        rows.push_back({.key = "Ended", .value = fmt::format("{}: {}", format_long(*path.ended), path.ended_as)});
        rows.push_back(
            {.key = "Waited", .value = count_words(static_cast<std::size_t>(path.waiting_days), "day", "days")});
    } else {
        rows.push_back({.key = "Waiting so far",
                        .value = count_words(static_cast<std::size_t>(path.waiting_days), "day", "days")});
        rows.push_back({.key = "Waits for",
                        .value = path.waits_for.empty() ? std::string("An end to be recorded") : path.waits_for});
    }
    rows.push_back({.key = "Days without support",
                    .value = fmt::format("{} of {}: days with no support delivered to this child in the 28 days before",
                                         path.unsupported_days, path.waiting_days)});
    if (path.last != nullptr)
        rows.push_back({.key = "Last heard from police or courts",
                        .value = link(entry_url(path.last->entry.row.entry), path.last->title) +
                                 Html(", " + when_words(visit.zone(), path.last->entry.row.at))});
    return summary_list({.rows = std::move(rows)});
}

Result<Response> show_justice(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto path = casework::justice_of(visit.office(), child.lines, visit.today());
    Page page = child_frame(visit, child, "Justice", ChildPart::justice);
    page.content += heading(1, "Police and courts", "l");
    if (!path.any) {
        page.content += paragraph("Nothing of police or courts is on record, as far as you may see.");
    } else {
        page.content += waiting(visit, path) + stages_table(visit, path);
    }
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> child_justice_pages() {
    return {{{Method::get, "/children/:person/justice", Shows::record, "child.justice"}, show_justice}};
}

}  // namespace waymark::web
