// After two records were parted: what was written about the joined person is assigned to one child or the other, and
// what had gone over the link is listed, so that somebody can put it right.
#include <algorithm>

#include <fmt/format.h>

#include "casework/unmerge.hpp"
#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/match_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::string side_words(const casework::MatchSide& side) {
    return fmt::format("{} ({})", record::shown_name(side.identity), side.agency);
}

Html assign_form(const Visit& visit, const casework::Undone& undone, const casework::WrittenSince& one, std::size_t n,
                 const Typed& typed) {
    const std::string suffix = fmt::format("-{}", n);
    Html content = radios({.name = "to",
                           .id_prefix = "to" + suffix,
                           .fieldset = FieldsetOptions{.legend = {.text = fmt::format("Whose is entry {}?", n),
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = typed.message("to"),
                           .items = {{.text = side_words(undone.a), .value = to_string(undone.a.view.view)},
                                     {.text = side_words(undone.b), .value = to_string(undone.b.view.view)}},
                           .value = typed.value("to"),
                           .classes = "govuk-radios--small"});
    content += textarea({.name = "reason",
                         .id = "reason" + suffix,
                         .label = {.text = Html("How do you know?") + visually_hidden(fmt::format(" Entry {}", n))},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 2});
    content += button({.text = Html("Assign") + visually_hidden(fmt::format(" entry {}", n)),
                       .classes = "govuk-button--secondary",
                       .prevent_double_click = true});
    const std::string key =
        parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
    return visit.form({.action = match_url(undone.a.view.view, undone.b.view.view) + "/assign",
                       .key = key,
                       .hidden = {{"entry", to_string(one.line.entry.row.entry)}}},
                      content);
}

Html entry_card(const Visit& visit, const casework::Undone& undone, const casework::WrittenSince& one, std::size_t n,
                const Typed& typed) {
    const auto& line = one.line;
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "When", .value = when_words(visit.zone(), line.entry.row.at)});
    rows.push_back({.key = "Who", .value = author_words(line) + ", " + line.source});
    rows.push_back({.key = "Now in the record of", .value = side_words(one.in_first ? undone.a : undone.b)});
    Html content = summary_list({.rows = std::move(rows)});
    if (!line.details.empty())
        content += details({.summary = Html("What it says") + visually_hidden(fmt::format(", entry {}", n)),
                            .content = details_list(line)});
    if (one.assigned) {
        content += paragraph(fmt::format("Assigned to {} by {} on {}.",
                                         side_words(one.assigned->to_first ? undone.a : undone.b), one.assigned->by,
                                         when_words(visit.zone(), one.assigned->at)));
        content += paragraph("Reason: " + one.assigned->reason);
    } else {
        content += assign_form(visit, undone, one, n, typed);
    }
    return summary_card({.title = fmt::format("Entry {}: {}", n, line.title), .heading_level = 3}, content);
}

const char* how_words(casework::Routed::How how) {
    using How = casework::Routed::How;
    switch (how) {
        case How::into_case:
            return "Put into a case of the other child";
        case How::answer:
            return "Answers an entry of the other child";
        case How::told:
            return "Somebody was told";
        case How::shared:
            return "Shared";
        case How::met:
            return "Spoken of at a meeting";
        case How::duty:
            return "A duty in a case that held both";
    }
    return "";
}

Html routed_table(const Visit& visit, const casework::Undone& undone) {
    Html out = heading(2, "What went over the link", "m");
    if (undone.routed.empty()) return out + paragraph("Nothing of one child was passed on as the other’s.");
    out += paragraph("Tell those who were told about the wrong child. Look at each duty again.");
    TableOptions o;
    o.caption = "What went over the link while the records were joined";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What"}, {.content = "How"}, {.content = "Who"}, {.content = "When"}};
    for (const auto& one : undone.routed) {
        const bool duty = one.how == casework::Routed::How::duty;
        o.rows.push_back({{.content = one.what},
                          labelled("How", how_words(one.how)),
                          labelled("Who", duty ? content::role_label(one.who) : one.who),
                          labelled("When", (duty ? "Due " : "") + when_words(visit.zone(), one.at))});
    }
    return out + table(o);
}

Html readers_table(const Visit& visit, const casework::Undone& undone) {
    Html out = heading(2, "Who read the joined record", "m");
    if (undone.readers.empty()) return out + paragraph("Nobody opened it while it was joined.");
    TableOptions o;
    o.caption = "Who read the joined record";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"}, {.content = "Agency"}, {.content = "Last"}};
    for (const auto& one : undone.readers) {
        o.rows.push_back({{.content = one.name},
                          labelled("Agency", one.agency),
                          labelled("Last", moment_words(visit.zone(), one.last))});
    }
    return out + table(o);
}

Response page_of(const Visit& visit, const casework::Undone& undone, const std::string& about, const Typed& typed) {
    Page page = visit.page("Records that were parted", Place::matches);
    page.wide = true;
    page.back_link =
        BackLinkOptions{.href = match_url(undone.a.view.view, undone.b.view.view), .text = "Back to the two records"};
    page.content = heading(1, "Records that were parted", "l");
    if (!undone.was_joined) {
        page.content += paragraph("These two records were not joined, or are joined now. There is nothing to part.");
        return visit.show(page);
    }
    page.content += inset_text(
        {.content = paragraph(fmt::format("{} and {}.", side_words(undone.a), side_words(undone.b))) +
                    paragraph(fmt::format("Joined on {}, parted on {}. Each record has back what was its own.",
                                          format_long(visit.zone().day_of(undone.joined)),
                                          format_long(visit.zone().day_of(undone.undone))))});
    page.content += heading(2, "Written while they were joined", "m");
    if (undone.written.empty()) {
        page.content += paragraph("Nobody wrote about the joined child.");
    } else {
        page.content += paragraph(
            undone.to_assign == 0
                ? std::string("Every entry is assigned.")
                : fmt::format("{} to be assigned to one child or the other. The entry keeps its author and its time.",
                              count_words(undone.to_assign, "entry is", "entries are")));
    }
    std::size_t n = 0;
    std::string suffix;
    for (const auto& one : undone.written) {
        ++n;
        const bool this_one = to_string(one.line.entry.row.entry) == about;
        if (this_one) suffix = fmt::format("-{}", n);
        page.content += entry_card(visit, undone, one, n, this_one ? typed : Typed{});
    }
    if (!about.empty()) page.errors = typed.summary(suffix);
    page.content += routed_table(visit, undone) + readers_table(visit, undone);
    if (undone.more) page.content += paragraph("Not everything is shown: there is more than fits on one page.");
    page.content += print_button();
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<casework::Undone> undone_asked_for(Visit& visit) {
    const auto one = TRY(visit.id<ViewId>("one"));
    const auto other = TRY(visit.id<ViewId>("other"));
    return casework::undone_link(visit.office(), visit.asker(), one, other);
}

Result<Response> show_parted(Visit& visit) {
    return page_of(visit, TRY(undone_asked_for(visit)), {}, {});
}

Result<Response> assign(Visit& visit) {
    casework::AssignRequest request;
    request.key = visit.form_key();
    request.a = TRY(visit.id<ViewId>("one"));
    request.b = TRY(visit.id<ViewId>("other"));
    const std::string to = visit.typed.choice("to", {to_string(request.a), to_string(request.b)},
                                              "Choose whose record the entry belongs to");
    request.reason = visit.typed.required_text("reason", "the reason", "Say how you know whose it is");
    if (!visit.typed.good())
        return page_of(visit, TRY(undone_asked_for(visit)), visit.typed.value("entry"), visit.typed);
    request.entry = TRY(parse_id<EntryId>(visit.typed.value("entry")));
    request.to = TRY(parse_id<ViewId>(to));
    TRY_VOID(casework::assign_entry(visit.office(), visit.asker(), request));
    return Visit::see(match_url(request.a, request.b) + "/undone");
}

}  // namespace

std::vector<PageRoute> match_undone_pages() {
    return {{{Method::get, "/matches/:one/:other/undone", Shows::record, "match.undone"}, show_parted},
            {{Method::post, "/matches/:one/:other/assign", Shows::record, "match.assign"}, assign}};
}

}  // namespace waymark::web
