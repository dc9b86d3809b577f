// The conflict register: what somebody declares of themselves and of those close to them, and what those who oversee
// look into.
#include <fmt/format.h>

#include "casework/connections.hpp"
#include "web/components/button.hpp"
#include "web/components/date_input.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
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

using casework::ConflictItem;

// ---- my connections -------------------------------------------------------------------------------------------------

Html declared_words(const casework::Connection& one) {
    const auto& d = one.declared;
    std::string words = d.given_name + (d.given_name.empty() || d.family_name.empty() ? "" : " ") + d.family_name;
    if (d.date_of_birth) words += (words.empty() ? "Born " : ", born ") + format_long(*d.date_of_birth);
    for (const auto* more : {&d.address, &d.postcode, &d.phone}) {
        if (!more->empty()) words += (words.empty() ? "" : ", ") + *more;
    }
    return Html(words);
}

Html declare_form(const Visit& visit, const Typed& typed) {
    Html content =
        radios({.name = "relation",
                .fieldset = FieldsetOptions{.legend = {.text = "Who is this?", .classes = "govuk-fieldset__legend--m"}},
                .error_message = typed.message("relation"),
                .items = radio_items(choices_of(visit.office().catalogue, "connection.declared", "relation")),
                .value = typed.value("relation")});
    const auto field = [&](const char* name, const char* label) {
        content += input({.name = name,
                          .label = {.text = label},
                          .error_message = typed.message(name),
                          .value = typed.value(name),
                          .autocomplete = "off",
                          .spellcheck = false});
    };
    field("given_name", "First name");
    field("family_name", "Last name");
    std::vector<std::pair<std::string, std::string>> dates;
    for (const char* part : {"born-day", "born-month", "born-year"}) dates.emplace_back(part, typed.value(part));
    content += date_input({.id = "born",
                           .name_prefix = "born",
                           .fieldset = FieldsetOptions{.legend = {.text = "Date of birth (optional)",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = typed.message("born"),
                           .values = dates});
    field("address", "First line of the address (optional)");
    field("postcode", "Postcode (optional)");
    field("phone", "Telephone number (optional)");
    content += button({.text = "Add this person", .prevent_double_click = true});
    return visit.form({.action = "/my/connections", .key = visit.form_key()}, content);
}

// What one has declared and has not yet been said to have ended.
Html ended_form(const Visit& visit, const std::vector<casework::Connection>& mine, const Typed& typed) {
    RadiosOptions which{.name = "connection",
                        .fieldset = FieldsetOptions{.legend = {.text = "Which one has ended, or is not so?",
                                                               .classes = "govuk-fieldset__legend--s"}},
                        .error_message = typed.message("connection"),
                        .value = typed.value("connection")};
    for (const auto& one : mine) {
        if (one.said_ended) continue;
        const auto relation =
            code_words(visit.office().catalogue, "connection.declared", "relation", one.declared.relation);
        which.items.push_back({.text = Html(relation + ": ") + declared_words(one), .value = to_string(one.entry)});
    }
    if (which.items.empty()) return {};
    Html content = radios(which);
    content +=
        textarea({.name = "reason",
                  .label = {.text = "Since when, or what was wrong?"},
                  .hint = {.text = "A manager of your agency reads this and answers. Until then nothing changes."},
                  .error_message = typed.message("reason"),
                  .value = typed.value("reason"),
                  .rows = 2,
                  .spellcheck = true});
    content +=
        button({.text = "Say that it has ended", .classes = "govuk-button--secondary", .prevent_double_click = true});
    return details({.summary = "Something here has ended or is wrong",
                    .content = visit.form({.action = "/my/connections/ended", .key = visit.form_key()}, content),
                    .open = !typed.good()});
}

enum class Mine { declaring, ending };
Result<Response> mine_with(Visit& visit, const Typed& typed, Mine about = Mine::declaring) {
    const auto mine = TRY(casework::my_connections(visit.office(), visit.asker()));
    Page page = visit.page("My connections");
    page.errors = typed.summary();
    page.content = heading(1, "My connections", "l");
    page.content += paragraph(
        "Nobody works on their own record, or on that of somebody close to them. Add yourself and those people here. "
        "The "
        "service then keeps their records from you, without telling you whether there is one.");
    page.content += paragraph("What you write is sealed. Only the service itself compares it.");
    if (!mine.empty()) {
        TableOptions o;
        o.caption = "What you have declared";
        o.caption_classes = "govuk-table__caption--m";
        o.classes = "waymark-stacks";
        o.first_cell_is_header = true;
        o.head = {{.content = "Who"}, {.content = "Details"}, {.content = "Since"}};
        for (const auto& one : mine) {
            o.rows.push_back(
                {{.content =
                      code_words(visit.office().catalogue, "connection.declared", "relation", one.declared.relation)},
                 labelled("Details", declared_words(one)),
                 labelled("Since", one.said_ended ? Html(moment_words(visit.zone(), one.at)) + Html::raw("<br>") +
                                                        Html("You have said that it ended. A manager answers.")
                                                  : Html(moment_words(visit.zone(), one.at)))});
        }
        page.content += table(o) + ended_form(visit, mine, about == Mine::ending ? typed : Typed{});
    }
    page.content += heading(2, "Add a person", "m") + declare_form(visit, about == Mine::ending ? Typed{} : typed);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_mine(Visit& visit) {
    return mine_with(visit, {});
}

Result<Response> declare(Visit& visit) {
    Typed& typed = visit.typed;
    casework::DeclareConnection request;
    request.key = visit.form_key();
    auto& said = request.declared;
    said.relation =
        typed.choice("relation", codes_of(choices_of(visit.office().catalogue, "connection.declared", "relation")),
                     "Choose who this is");
    said.given_name = typed.text("given_name", "the first name");
    said.family_name = typed.text("family_name", "the last name");
    said.date_of_birth = typed.date("born", "The date of birth", false).date;
    said.address = typed.text("address", "the address");
    said.postcode = typed.text("postcode", "the postcode");
    said.phone = typed.text("phone", "the telephone number");
    if (typed.good()) {
        const auto done = casework::declare_connection(visit.office(), visit.asker(), request);
        if (done) return Visit::see("/my/connections");
        if (done.error().kind != FaultKind::invalid) return tl::unexpected(done.error());
        typed.fault("family_name", done.error().reason + " " + done.error().mend);
    }
    return mine_with(visit, typed);
}

Result<Response> say_ended(Visit& visit) {
    Typed& typed = visit.typed;
    std::vector<std::string> mine;
    for (const auto& one : TRY(casework::my_connections(visit.office(), visit.asker())))
        mine.push_back(to_string(one.entry));
    casework::EndConnection request;
    request.key = visit.form_key();
    const auto chosen = typed.choice("connection", mine, "Choose which one");
    request.reason = typed.required_text("reason", "the reason", "Say since when it has ended, or what was wrong");
    if (typed.good()) {
        request.entry = TRY(parse_id<EntryId>(chosen));
        const auto done = casework::end_connection(visit.office(), visit.asker(), request);
        if (done) return Visit::see("/my/connections");
        if (done.error().kind != FaultKind::conflict) return tl::unexpected(done.error());
        typed.fault("connection", done.error().reason);
    }
    return mine_with(visit, typed, Mine::ending);
}

// ---- for those who oversee ------------------------------------------------------------------------------------------

std::string conflict_url(const ConflictItem& item) {
    return "/access/conflicts/" + to_string(item.entry);
}

Html conflict_state(const ConflictItem& item) {
    if (item.cleared) return tag({.text = "Cleared", .classes = "govuk-tag--green"});
    return item.declared ? tag({.text = "Declared: shut", .classes = "govuk-tag--red"})
                         : tag({.text = "Suspected: shut", .classes = "govuk-tag--orange"});
}

std::string signs_in_words(const ConflictItem& item) {
    std::string out;
    for (const auto& one : item.signs) out += (out.empty() ? "" : ", ") + one;
    return out;
}

Response conflict_page(const Visit& visit, const ConflictItem& item, const Typed& typed) {
    Page page = visit.page("Conflict of interest", Place::access);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/access", .text = "Back to the queue"};
    page.content = heading(1, "Conflict of interest", "l");
    SummaryListOptions o;
    const auto row = [&o](const char* key, const Html& value) { o.rows.push_back({.key = key, .value = value}); };
    row("Reference", item.reference);
    row("Who", fmt::format("{}, {}", item.name, item.agency));
    row("What they declared", item.relation);
    row("What matches the record", signs_in_words(item));
    row("Since", moment_words(visit.zone(), item.at));
    row("State", conflict_state(item));
    if (item.person) row("Record", link(child_url(*item.person), "Open the child’s record"));
    if (item.cleared) {
        row("Cleared by", fmt::format("{} on {}", item.cleared->by, moment_words(visit.zone(), item.cleared->at)));
        row("Why", item.cleared->reason);
    }
    page.content += summary_list(o);
    const bool own = visit.who && visit.who->practitioner != nullptr && visit.who->practitioner->key == item.who;
    if (item.cleared) return visit.show(page);
    if (own || !item.person || !visit.may(record::Action::append, "conflict.cleared")) {
        page.content += paragraph(
            "A manager who may know the child clears it, if it is not so. Until then the record "
            "stays shut to this person.");
        return visit.show(page, typed.good() ? 200 : 422);
    }
    Html content = textarea({.name = "reason",
                             .label = {.text = "How do you know that it is not so?", .classes = "govuk-label--m"},
                             .hint = {.text = "The record opens to them again as it did before."},
                             .error_message = typed.message("reason"),
                             .value = typed.value("reason"),
                             .rows = 3,
                             .spellcheck = true});
    content += button({.text = "Clear it", .prevent_double_click = true});
    page.content += visit.form({.action = conflict_url(item), .key = visit.form_key()}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_conflict(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("entry"));
    return conflict_page(visit, TRY(casework::conflict_item(visit.office(), visit.asker(), id)), {});
}

Result<Response> clear(Visit& visit) {
    casework::ClearConflict request;
    request.entry = TRY(visit.id<EntryId>("entry"));
    request.key = visit.form_key();
    request.reason = visit.typed.required_text("reason", "the reason", "Say how you know that it is not so");
    if (!visit.typed.good())
        return conflict_page(visit, TRY(casework::conflict_item(visit.office(), visit.asker(), request.entry)),
                             visit.typed);
    TRY_VOID(casework::clear_conflict(visit.office(), visit.asker(), request));
    return Visit::see("/access");
}

}  // namespace

Result<Html> conflicts_table(Visit& visit) {
    const auto items = TRY(casework::conflicts(visit.office(), visit.asker()));
    if (items.empty()) return paragraph("There is none.");
    constexpr std::size_t most_shown = 200;
    TableOptions o;
    o.caption = "Conflicts of interest";
    o.caption_classes = "govuk-table__caption--m govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"}, {.content = "What they declared"}, {.content = "What matches"}, {.content = "State"}};
    for (const auto& item : items) {
        if (o.rows.size() == most_shown) break;
        o.rows.push_back(
            {{.content =
                  Html(item.name) + Html::raw("<br>") + Writer().element("span", "govuk-body-s", item.agency).done()},
             labelled("What they declared", item.relation),
             labelled("What matches", signs_in_words(item)),
             labelled("State", conflict_state(item) + Html::raw("<br>") +
                                   link(conflict_url(item),
                                        Html("Look into it") + visually_hidden(" (" + item.reference + ")")))});
    }
    return table(o);
}

// Connections that are said to have ended, for a manager to answer: a form below each.
Result<Html> ended_connections_table(Visit& visit) {
    if (!visit.may(record::Action::append, "connection.ended")) return Html{};
    const auto items = TRY(casework::ended_connections(visit.office(), visit.asker()));
    if (items.empty()) return Html{};
    Html out = heading(2, "Connections that are said to have ended", "m");
    out += paragraph(
        "If you agree, nothing that comes is compared with them any more. A conflict that was found stays until it is "
        "cleared. If you do not, leave it as it is and talk to them.");
    std::size_t n = 0;
    for (const auto& one : items) {
        const auto suffix = fmt::format("-ended-{}", ++n);
        SummaryListOptions o;
        o.rows.push_back({.key = "What they declared", .value = one.relation});
        o.rows.push_back({.key = "Since", .value = moment_words(visit.zone(), one.since)});
        o.rows.push_back({.key = "Said to have ended", .value = moment_words(visit.zone(), one.said)});
        o.rows.push_back({.key = "What they say", .value = one.reason});
        Html content = textarea({.name = "reason",
                                 .id = "reason" + suffix,
                                 .label = {.text = "How do you know that it is so?"},
                                 .rows = 2,
                                 .spellcheck = true});
        content += button({.text = Html("It has ended") + visually_hidden(" (" + one.name + ")"),
                           .classes = "govuk-button--secondary",
                           .prevent_double_click = true});
        out += summary_card({.title = one.name},
                            summary_list(o) + visit.form({.action = "/access/connections",
                                                          .key = visit.form_key(),
                                                          .hidden = {{"connection", to_string(one.entry)}}},
                                                         content));
    }
    return out;
}

Result<Response> agree_ended(Visit& visit) {
    casework::EndConnection request;
    request.key = visit.form_key();
    request.reason = visit.typed.required_text("reason", "the reason", "Say how you know that it is so");
    const auto entry = parse_id<EntryId>(visit.typed.value("connection"));
    if (!visit.typed.good() || !entry) {
        TRY_VOID(casework::ended_connections(visit.office(), visit.asker()));
        return tl::unexpected(
            Fault{FaultKind::invalid, "reason", "It is not said how you know that it is so.", "Go back and write it."});
    }
    request.entry = *entry;
    TRY_VOID(casework::end_connection(visit.office(), visit.asker(), request));
    return Visit::see("/access");
}

Html conflicts_told(Visit& visit) {
    if (!visit.may(record::Action::oversee)) return {};
    const auto items = casework::conflicts(visit.office(), visit.asker());
    if (!items) return {};
    std::size_t n = 0;
    for (const auto& one : *items) n += one.cleared || one.declared ? 0u : 1u;
    if (n == 0) return {};
    return heading(2, "Conflicts of interest", "m") +
           paragraph(
               link("/access", count_words(n, "suspected conflict to look into", "suspected conflicts to look into")));
}

std::vector<PageRoute> connection_pages() {
    return {{{Method::get, "/my/connections", Shows::record, "my.connections"}, show_mine},
            {{Method::post, "/my/connections", Shows::record, "my.connection"}, declare},
            {{Method::post, "/my/connections/ended", Shows::record, "my.connection-ended"}, say_ended},
            {{Method::post, "/access/connections", Shows::record, "access.connection-ended"}, agree_ended},
            {{Method::get, "/access/conflicts/:entry", Shows::record, "access.conflict"}, show_conflict},
            {{Method::post, "/access/conflicts/:entry", Shows::record, "access.conflict-clear"}, clear}};
}

}  // namespace waymark::web
