// Who has looked at a child's record: for managers, whoever leads the case and the privacy officer; and in plain words,
// to be read with the child or young person.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/looked.hpp"
#include "web/components/button.hpp"
#include "web/components/date_input.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/pagination.hpp"
#include "web/components/select.hpp"
#include "web/components/table.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t looks_a_page = 50;

constexpr std::array<std::pair<std::string_view, const char*>, 7> act_words{{
    {"read", "Looked"},
    {"search", "Found in a search"},
    {"append", "Wrote"},
    {"export", "Exported"},
    {"decide-identity", "Decided who is who"},
    {"read-log", "Looked at this list"},
    {"reveal-address", "Read a protected address"},
}};
// By the beginning of the route's name, the longest first.
constexpr std::array<std::pair<std::string_view, const char*>, 23> route_words{{
    {"access.look", "Looks that seem wrong"},
    {"child.chronology", "Chronology"},
    {"child.standing", "Standing"},
    {"child.glance", "Chronology at a glance"},
    {"child.looked", "Who has looked"},
    {"child.address", "Protected address"},
    {"child.matches", "Possible matches"},
    {"child.add", "Adding to the record"},
    {"children.search", "Finding a child"},
    {"concern.triage", "Deciding on a concern"},
    {"concern.receipt", "Receipt of a concern"},
    {"concerns.mine", "Own concerns"},
    {"concern", "A concern"},
    {"entry", "An entry"},
    {"inbox", "Concern inbox"},
    {"home", "My day"},
    {"matches", "Matches to check"},
    {"match", "Two records side by side"},
    {"meetings", "Who has never met"},
    {"procedures", "Replay of a procedure"},
    {"spool", "Kept while the record was away"},
    {"chronology", "Chronology, by command"},
    {"import", "An import"},
}};

std::string act_of(const casework::Look& look) {
    for (const auto& [action, words] : act_words) {
        if (look.action == action) return words;
    }
    return look.action;
}

std::string where_of(const casework::Look& look) {
    for (const auto& [route, words] : route_words) {
        if (look.route.starts_with(route)) return words;
    }
    return look.route;
}

std::string fields_in_words(std::string_view fields) {
    std::string out;
    for (const auto field : split(fields, ' ')) {
        std::string word(field);
        std::replace(word.begin(), word.end(), '_', ' ');
        out += (out.empty() ? "" : ", ") + word;
    }
    return out;
}

Html what_of(const casework::Look& look) {
    Html out(act_of(look) + ": " + where_of(look));
    std::vector<Html> parts;
    if (look.entries > 0) parts.push_back(count_words(look.entries, "entry", "entries"));
    for (const auto& [kind, count] : look.kinds) parts.push_back(fmt::format("{}: {}", kind, count));
    if (!look.fields.empty()) parts.push_back("Of who the child is: " + fields_in_words(look.fields));
    if (!parts.empty()) out += details({.summary = "What was shown", .content = bullets(parts)});
    return out;
}

Html who_of(const casework::Look& look) {
    Html out(look.unreadable ? "This line was altered after it was kept" : look.name);
    const auto role = look.role + (look.role.empty() || look.agency.empty() ? "" : ", ") + look.agency;
    if (!role.empty()) out += Html::raw("<br>") + Html(role);
    return out;
}

Html why_of(const casework::Look& look) {
    Html out(look.purpose);
    if (!look.ground.empty()) out += Html::raw("<br>") + Html(look.ground);
    if (!look.reason.empty()) out += Html::raw("<br>") + Html("Reason given: " + look.reason);
    return out;
}

Html looks_table(const Visit& visit, const casework::LookedPage& looked) {
    TableOptions o;
    o.caption = "Who has looked, newest first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "When"}, {.content = "Who"}, {.content = "Why"}, {.content = "What"}};
    for (const auto& look : looked.looks) {
        o.rows.push_back({{.content = moment_words(visit.zone(), look.at)},
                          labelled("Who", who_of(look)),
                          labelled("Why", why_of(look)),
                          labelled("What", what_of(look))});
    }
    return table(o);
}

// ---- for the child
// ----------------------------------------------------------------------------------------------------

Html in_plain_words(const Visit& visit, const casework::LookedPage& looked) {
    std::vector<Html> said;
    for (const auto& look : looked.looks) {
        if (look.action == "read-log" || look.name == "The system itself") continue;
        std::string who = look.role.empty() ? look.name : "Somebody who works as: " + look.role;
        if (!look.agency.empty()) who += ", at " + look.agency;
        const char* did = look.action == "append"           ? "wrote something in your record"
                          : look.action == "search"         ? "saw your name when looking for somebody"
                          : look.action == "export"         ? "made a copy of your record"
                          : look.action == "reveal-address" ? "read an address that is kept from most people"
                                                            : "looked at your record";
        said.push_back(fmt::format("{}. {}: {}. Why: {}", moment_words(visit.zone(), look.at), who, did, look.purpose));
    }
    return said.empty() ? paragraph("Nobody has looked in this time.") : bullets(said);
}

// ---- the page
// ---------------------------------------------------------------------------------------------------------

std::optional<Date> day_in(const Visit& visit, const char* name) {
    const auto day = parse_date(visit.request().target.query.first(name));
    return day ? std::optional<Date>(*day) : std::nullopt;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

casework::LookedQuery query_of(const Visit& visit) {
    const auto& asked = visit.request().target.query;
    casework::LookedQuery query;
    query.from = day_in(visit, "from");
    query.to = day_in(visit, "to");
    query.agency = asked.first("agency");
    query.action = asked.first("act");
    query.limit = looks_a_page;
    const auto before = split(asked.first("before"), '-');
    if (before.size() == 2) {
        const auto at = number_in(before[0]);
        const auto left = number_in(before[1]);
        if (at && left && *left >= 0) query.before = {Instant{*at}, static_cast<std::size_t>(*left)};
    }
    return query;
}

std::string address_of(ViewId person, const casework::LookedQuery& query, bool plain) {
    std::string url = child_url(person) + "/looked?";
    if (query.from) url += "from=" + format_date(*query.from) + "&";
    if (query.to) url += "to=" + format_date(*query.to) + "&";
    if (!query.agency.empty()) url += "agency=" + percent_encode(query.agency) + "&";
    if (!query.action.empty()) url += "act=" + percent_encode(query.action) + "&";
    if (plain) url += "for=child&";
    url.pop_back();
    return url;
}

Html looked_filter(const Visit& visit, ViewId person, const casework::LookedQuery& query) {
    std::vector<SelectItem> agencies{{.text = "Every agency", .value = ""}};
    for (const auto& one : visit.office().profile.agencies) agencies.push_back({.text = one.name, .value = one.key});
    std::vector<SelectItem> acts{{.text = "Everything", .value = ""}};
    for (const auto& [action, words] : act_words) acts.push_back({.text = words, .value = std::string(action)});
    const auto day = [&](const char* name, const char* label, const std::optional<Date>& value) {
        return input({.name = name,
                      .label = {.text = label},
                      .hint = {.text = "Year, month and day: 2026-03-27"},
                      .value = value ? format_date(*value) : std::string(),
                      .classes = "govuk-input--width-10",
                      .autocomplete = "off"});
    };
    Writer w;
    w.open("form").attr("method", "get").attr("action", child_url(person) + "/looked").classes({"waymark-screen-only"});
    w.add(day("from", "From", query.from)).add(day("to", "To", query.to));
    w.add(select({.name = "agency", .label = {.text = "Agency"}, .items = agencies, .value = query.agency}));
    w.add(select({.name = "act", .label = {.text = "What they did"}, .items = acts, .value = query.action}));
    w.add(button({.text = "Apply", .classes = "govuk-button--secondary"})).close("form");
    const bool on = query.from || query.to || !query.agency.empty() || !query.action.empty();
    return details({.summary = "Show a part of the list", .content = w.done(), .open = on});
}

Result<Response> show_looked(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto query = query_of(visit);
    const bool plain = visit.request().target.query.first("for") == "child";
    const auto looked = TRY(casework::who_looked(visit.office(), visit.asker(), person, query));
    Page page = looked.log_only ? visit.page("Who has looked", Place::none)
                                : child_frame(visit, looked.child, "Who has looked", ChildPart::looked);
    page.wide = !plain;
    page.content += heading(1, plain ? "Who has looked at my record" : "Who has looked", "l");
    if (plain) {
        page.content += paragraph(
            "Every time somebody opens your record, this is written down: who, when and why. This page tells you. If "
            "you think that somebody should not have looked, tell the person who showed you this page.");
        page.content += in_plain_words(visit, looked);
    } else {
        const std::string how_many =
            looked.total ? count_words(static_cast<std::size_t>(*looked.total), "line", "lines") + ", newest first. "
                         : std::string("The newest first. ");
        page.content += paragraph(how_many +
                                  "Every look at any agency’s part of this record is here, also when the child came up "
                                  "in a search or stood in a list. That you looked at this list is recorded too.");
        if (looked.log_only)
            page.content += inset_text({.content = paragraph("You see who looked, and nothing of the record itself.")});
        page.content += looked_filter(visit, looked.person, query);
        if (!looked.looks.empty()) page.content += looks_table(visit, looked);
    }
    if (looked.next) {
        PaginationOptions o;
        const auto url = address_of(looked.person, query, plain);
        const char* joint = url.find('?') == std::string::npos ? "?" : "&";
        o.next = PaginationLink{
            .href = fmt::format("{}{}before={}-{}", url, joint, looked.next->at.micros, looked.next->left),
            .text = "Older"};
        page.content += pagination(o);
    }
    if (!plain)
        page.content += paragraph(link(child_url(looked.person) + "/looked?for=child",
                                       "The same in plain words, to read with the child or young person"));
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> looked_pages() {
    return {{{Method::get, "/children/:person/looked", Shows::record, "child.looked"}, show_looked}};
}

}  // namespace waymark::web
