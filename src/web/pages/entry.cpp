// One entry: what it says, who wrote it and when, whether it was corrected, and where it stands in the log. From here
// it is answered or corrected.
#include "casework/entry_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/timeline.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/classify_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html versions(const Visit& visit, const casework::EntryPage& entry) {
    if (entry.versions.size() < 2) return {};
    TimelineOptions o;
    for (auto n = entry.versions.rbegin(); n != entry.versions.rend(); ++n) {
        const auto& line = entry.child.lines[*n];
        const bool first = *n == entry.versions.front();
        const std::string what = first ? "Written" : "Corrected";
        o.items.push_back({.label = *n == entry.line ? what + " (this version)" : what,
                           .byline = author_words(line),
                           .machine_date = machine_time(line.entry.row.recorded),
                           .shown_date = moment_words(visit.zone(), line.entry.row.recorded),
                           .content = *n == entry.line ? Html()
                                                       : paragraph(link(entry_url(line.entry.row.entry),
                                                                        first ? "Show what was written first"
                                                                              : "Show this version"))});
    }
    return heading(2, "Versions", "m") + timeline(o);
}

Html proof(const Visit& visit, const casework::EntryPage& entry) {
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Entry", .value = to_string(entry.child.lines[entry.line].entry.row.entry)});
    if (entry.log_index) {
        rows.push_back({.key = "Place in the log", .value = std::to_string(*entry.log_index + 1)});
    } else {
        rows.push_back({.key = "Place in the log", .value = "Not yet given: it is given within a second or so."});
    }
    if (entry.log_size && entry.signed_at)
        rows.push_back(
            {.key = "Covered by the checkpoint of",
             .value = fmt::format("{}, {} entries", moment_words(visit.zone(), *entry.signed_at), *entry.log_size)});
    Html words = summary_list({.rows = std::move(rows)});
    words += paragraph("Whoever keeps an older checkpoint can show it if this entry is changed or taken away.");
    return details({.summary = "Proof that this entry is in the record", .content = words});
}

Html answers(const Visit& visit, const casework::EntryPage& entry) {
    std::vector<Html> items;
    for (const auto n : entry.answers) {
        const auto& line = entry.child.lines[n];
        if (line.entry.row.kind.empty()) continue;
        items.push_back(link(entry_url(line.entry.row.entry), line.title) +
                        Html(fmt::format(", {}, {}", when_words(visit.zone(), line.entry.row.at), line.source)));
    }
    if (items.empty()) return {};
    return heading(2, "What came of it", "m") + bullets(items);
}

Html what_next(const casework::EntryPage& entry) {
    const auto& row = entry.child.lines[entry.line].entry.row;
    Html out;
    if (!entry.may_answer.empty() && entry.versions.back() == entry.line) {
        std::vector<Html> items;
        for (const auto* kind : entry.may_answer)
            items.push_back(
                link(add_url(entry.child.person, kind->key) + "?about=" + to_string(row.entry), kind->label));
        out += heading(2, "Add about this entry", "m") + bullets(items);
    }
    if (entry.may_correct)
        out += button({.text = "Correct this entry",
                       .href = add_url(entry.child.person, row.kind) + "?corrects=" + to_string(row.entry),
                       .classes = "govuk-button--secondary"});
    return out;
}

Result<Response> show_entry(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("entry"));
    const auto entry = TRY(casework::entry_page(visit.office(), visit.asker(), id));
    const auto& line = entry.child.lines[entry.line];
    const auto* kind = visit.office().catalogue.find(line.entry.row.kind);
    Page page = child_frame(visit, entry.child, "Entry", ChildPart::entry);
    page.back_link = BackLinkOptions{.href = child_url(entry.child.person), .text = "Back to the chronology"};
    if (visit.request().target.query.first("added") == "yes")
        page.content += notification_banner({.content = Html("Added to the record."), .type = "success"});
    page.content += heading(1, kind == nullptr ? line.title : kind->label, "l");
    if (line.superseded)
        page.content += paragraph(
            Html("This entry was corrected later. ") +
            link(entry_url(entry.child.lines[entry.versions.back()].entry.row.entry), "Show what stands now"));
    page.content += entry_summary(visit, line);
    if (!line.entry.protected_address.empty() && !line.superseded && visit.may(record::Action::reveal_address))
        page.content += paragraph(link(child_url(entry.child.person) + "/address", "Read a protected address"));
    if (line.entry.row.kind == "concern.raised" && visit.may_triage())
        page.content += paragraph(link(desk_url(line.entry.row.entry), "Open this concern to triage it"));
    const auto* classified = visit.office().catalogue.find("concern.classified");
    if (classified != nullptr && visit.may(record::Action::append, classified->key) &&
        std::find(classified->about.begin(), classified->about.end(), line.entry.row.kind) != classified->about.end())
        page.content += paragraph(link(classify_url(line.entry.row.entry), "Classify the behaviour"));
    page.content += answers(visit, entry) + what_next(entry) + versions(visit, entry) + proof(visit, entry);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::string entry_url(EntryId entry) {
    return "/entries/" + to_string(entry);
}

Html entry_summary(const Visit& visit, const casework::Line& line) {
    const auto& row = line.entry.row;
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "When it took place", .value = when_words(visit.zone(), row.at)});
    for (const auto& [label, value] : line.details) rows.push_back({.key = label, .value = value});
    if (line.withheld)
        rows.push_back(
            {.key = "Text held back", .value = "It names another child. It is shown when somebody has redacted it."});
    rows.push_back({.key = "Agency", .value = line.source});
    rows.push_back({.key = "Written by", .value = author_words(line)});
    rows.push_back({.key = "Recorded",
                    .value = moment_words(visit.zone(), row.recorded) +
                             (line.late ? ", more than a working day after it took place" : "")});
    return summary_list({.rows = std::move(rows)});
}

std::vector<PageRoute> entry_pages() {
    return {{{Method::get, "/entries/:entry", Shows::record, "entry"}, show_entry}};
}

}  // namespace waymark::web
