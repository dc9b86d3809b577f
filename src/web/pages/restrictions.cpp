// Restrictions, exclusions and seals: who may not see? Setting one on a child's record, the list of those that are due
// for review, and the review itself, which keeps one or asks a second person to lift it.
#include <fmt/format.h>

#include "casework/restrictions.hpp"
#include "web/components/button.hpp"
#include "web/components/date_input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/access_view.hpp"
#include "web/pages/child_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::RestrictionItem;

std::string restriction_url(const RestrictionItem& item) {
    return "/access/restrictions/" + to_string(item.entry);
}

Html review_state(const RestrictionItem& item) {
    const std::string day = format_long(item.review_by);
    if (item.lift_asked) return Html("Lifting waits for a second person");
    if (item.late) return tag({.text = "Overdue", .classes = "govuk-tag--red"}) + Html(" since " + day);
    if (item.due) return tag({.text = "Due", .classes = "govuk-tag--orange"}) + Html(" by " + day);
    return Html("By " + day);
}

std::string named_in(const RestrictionItem& item) {
    std::string out;
    for (const auto& name : item.names) out += (out.empty() ? "" : ", ") + name;
    return out.empty() ? "Nobody" : out;
}

Html day_input(const Visit&, const Typed& typed, const std::string& hint) {
    std::vector<std::pair<std::string, std::string>> dates;
    for (const char* part : {"review-day", "review-month", "review-year"}) dates.emplace_back(part, typed.value(part));
    return date_input({.id = "review",
                       .name_prefix = "review",
                       .fieldset = FieldsetOptions{.legend = {.text = "When must it be looked at again? (optional)",
                                                              .classes = "govuk-fieldset__legend--s"}},
                       .hint = {.text = hint},
                       .error_message = typed.message("review"),
                       .values = dates});
}

std::string longest(const Visit& visit) {
    return fmt::format("At the latest after {} days. Without a day, then.",
                       visit.office().gate->policy().lengths.review_days);
}

// A fault of casework beside the field that it is about; false where it is about none.
bool beside_its_field(Typed& typed, const Fault& why) {
    if (why.kind != FaultKind::invalid) return false;
    const std::string place = why.place == "review_by" ? "review" : why.place;
    for (const char* field : {"level", "persons", "reason", "review"}) {
        if (place != field) continue;
        typed.fault(field, why.reason + " " + why.mend);
        return true;
    }
    return false;
}

// ---- one child ------------------------------------------------------------------------------------------------------

std::vector<std::pair<std::string, std::string>> levels(const Visit& visit) {
    auto all = choices_of(visit.office().catalogue, "restriction.set", "level");
    std::erase_if(all, [](const auto& one) { return one.first == "team"; });
    return all;
}

Html set_form(const Visit& visit, ViewId person, const Typed& typed) {
    Html content = radios({.name = "level",
                           .fieldset = FieldsetOptions{.legend = {.text = "Who may see this record?",
                                                                  .classes = "govuk-fieldset__legend--m"}},
                           .error_message = typed.message("level"),
                           .items = radio_items(levels(visit)),
                           .value = typed.value("level")});
    content +=
        textarea({.name = "persons",
                  .label = {.text = "Who is named?", .classes = "govuk-label--s"},
                  .hint = {.text = "One name a line, as it is in Waymark. If only named people may see the record, "
                                   "name everybody who goes on working with the child, and yourself."},
                  .error_message = typed.message("persons"),
                  .value = typed.value("persons"),
                  .rows = 4,
                  .spellcheck = false});
    content += textarea({.name = "reason",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .hint = {.text = "Whoever reviews it will read this."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += day_input(visit, typed, longest(visit));
    content += button({.text = "Restrict this record", .prevent_double_click = true});
    return visit.form({.action = child_url(person) + "/restrictions", .key = visit.form_key()}, content);
}

Result<Response> child_with(Visit& visit, const Typed& typed) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto items = TRY(casework::restrictions_of_child(visit.office(), visit.asker(), person));
    Page page = visit.page("Restrict a record", Place::children);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = child_url(person), .text = "Back to the record"};
    page.content = heading(1, "Restrict a record", "l");
    page.content += paragraph(
        "A restriction holds at once, for every page, search and list. Emergency duty goes on where the level lets it. "
        "Concerns about the child still reach those who may act.");
    for (const auto& item : items) {
        page.content +=
            inset_text({.content = paragraph(fmt::format("In force: {}. Named: {}.", item.words, named_in(item))) +
                                   paragraph(link(restriction_url(item), "Review it"))});
    }
    page.content += set_form(visit, person, typed);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_restrict(Visit& visit) {
    return child_with(visit, {});
}

Result<Response> restrict_child(Visit& visit) {
    Typed& typed = visit.typed;
    casework::SetRestriction request;
    request.key = visit.form_key();
    request.person = TRY(visit.id<ViewId>("person"));
    request.level = typed.choice("level", codes_of(levels(visit)), "Choose who may see this record");
    auto named = casework::practitioners_named(visit.office(), typed.text("persons", "the names"));
    if (named) {
        request.persons = std::move(*named);
    } else {
        beside_its_field(typed, named.error());
    }
    request.reason = typed.required_text("reason", "the reason", "Say why this record is restricted");
    request.review_by = typed.date("review", "The day of the review", false).date;
    if (!typed.good()) return child_with(visit, typed);
    const auto done = casework::set_restriction(visit.office(), visit.asker(), request);
    if (!done) {
        if (!beside_its_field(typed, done.error())) return tl::unexpected(done.error());
        return child_with(visit, typed);
    }
    return Visit::see("/access/restrictions");
}

// ---- the list and the review ----------------------------------------------------------------------------------------

Result<Response> list_restrictions(Visit& visit) {
    const auto items = TRY(casework::restrictions_in_force(visit.office(), visit.asker(), false));
    Page page = visit.page("Restrictions", Place::access);
    page.wide = true;
    if (visit.may(record::Action::oversee)) page.back_link = BackLinkOptions{.href = "/access", .text = "Access"};
    page.content = heading(1, "Restrictions", "l");
    page.content += restrictions_table(visit, items, "Restrictions in force, the first to be reviewed first");
    return visit.show(page);
}

Result<Response> review_with(Visit& visit, const Typed& typed) {
    const auto entry = TRY(visit.id<EntryId>("entry"));
    const auto item = TRY(casework::restriction_item(visit.office(), visit.asker(), entry));
    Page page = visit.page("Review a restriction", Place::access);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/access/restrictions", .text = "Back to the restrictions"};
    page.content = heading(1, "Review a restriction", "l");
    SummaryListOptions o;
    const auto row = [&o](const char* key, const Html& value) { o.rows.push_back({.key = key, .value = value}); };
    row("Reference", item.reference);
    if (item.person) row("Record", link(child_url(*item.person), "Open the child’s record"));
    row("Who may see it", item.words);
    row("Named", named_in(item));
    row("Why", item.reason.empty() ? std::string("No reason was recorded") : item.reason);
    row("Set by", fmt::format("{}, {}, {}", item.by, item.agency, moment_words(visit.zone(), item.since)));
    row("Review", review_state(item));
    page.content += summary_list(o);
    if (item.lift_asked) {
        page.content += paragraph(fmt::format("{} asked for it to be lifted. It stays until a second person agrees.",
                                              item.lift_asked_by)) +
                        paragraph(link("/approvals", "Waiting for a second person"));
        return visit.show(page);
    }
    Html content = radios(
        {.name = "outcome",
         .fieldset = FieldsetOptions{.legend = {.text = "Is it still needed?", .classes = "govuk-fieldset__legend--m"}},
         .error_message = typed.message("outcome"),
         .items = {{.text = "Yes, it stays", .value = "keep"},
                   {.text = "No, lift it",
                    .value = "lift",
                    .hint = {.text = "A second person has to agree. Until then it stays."}}},
         .value = typed.value("outcome")});
    content += textarea({.name = "reason",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += day_input(visit, typed, "If it stays. " + longest(visit));
    content += button({.text = "Save the review", .prevent_double_click = true});
    page.content += visit.form({.action = restriction_url(item), .key = visit.form_key()}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_review(Visit& visit) {
    return review_with(visit, {});
}

Result<Response> review(Visit& visit) {
    Typed& typed = visit.typed;
    casework::ReviewRestriction request;
    request.entry = TRY(visit.id<EntryId>("entry"));
    request.key = visit.form_key();
    request.lift = typed.choice("outcome", {"keep", "lift"}, "Choose whether it is still needed") == "lift";
    request.reason = typed.required_text("reason", "the reason", "Say why it stays, or why it is to be lifted");
    request.review_by = typed.date("review", "The day of the review", false).date;
    if (!typed.good()) return review_with(visit, typed);
    const auto done = casework::review_restriction(visit.office(), visit.asker(), request);
    if (!done) {
        if (!beside_its_field(typed, done.error())) return tl::unexpected(done.error());
        return review_with(visit, typed);
    }
    return Visit::see(request.lift ? "/approvals" : "/access/restrictions");
}

}  // namespace

Html restrictions_table(const Visit&, const std::vector<RestrictionItem>& items, const char* caption) {
    if (items.empty()) return paragraph("There is none.");
    TableOptions o;
    o.caption = caption;
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {
        {.content = "Reference"}, {.content = "Who may see the record"}, {.content = "Set by"}, {.content = "Review"}};
    for (const auto& item : items) {
        o.rows.push_back({{.content = link(restriction_url(item), item.reference)},
                          labelled("Who may see the record", fmt::format("{} ({})", item.words, named_in(item))),
                          labelled("Set by", fmt::format("{}, {}", item.by, item.agency)),
                          labelled("Review", review_state(item))});
    }
    return table(o);
}

std::vector<PageRoute> restriction_pages() {
    return {{{Method::get, "/children/:person/restrictions", Shows::record, "child.restrictions"}, show_restrict},
            {{Method::post, "/children/:person/restrictions", Shows::record, "child.restrict"}, restrict_child},
            {{Method::get, "/access/restrictions", Shows::record, "access.restrictions"}, list_restrictions},
            {{Method::get, "/access/restrictions/:entry", Shows::record, "access.restriction"}, show_review},
            {{Method::post, "/access/restrictions/:entry", Shows::record, "access.restriction-review"}, review}};
}

}  // namespace waymark::web
