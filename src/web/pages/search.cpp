// Find a child. Sent as a form and answered at once: a name must not stand in an address that the browser remembers.
#include <fmt/format.h>

#include "base/text.hpp"
#include "web/components/button.hpp"
#include "web/components/date_input.hpp"
#include "web/components/input.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/search_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_found = 20;

Html search_form(const Visit& visit, const Typed& typed) {
    return visit.form({.action = "/children"}, child_search_fields(typed) + button({.text = "Search"}));
}

Html results(const Visit& visit, const std::vector<people::Offered>& found) {
    if (found.empty()) {
        return heading(2, "No child found", "m") +
               paragraph(
                   "Try another spelling, or leave out what you are not sure of. If you are worried about a child, you "
                   "do not need to find them first: "
                   "raise the concern with what you know.");
    }
    TableOptions o;
    o.caption = count_words(found.size(), "child found, the most alike first", "children found, the most alike first");
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Name"}, {.content = "Born"}, {.content = "Known to"}, {.content = "Address"}};
    for (const auto& one : found) {
        o.rows.push_back({{.content = link(child_url(one.view), record::shown_name(one.identity))},
                          labelled("Born", born_words(one.identity, visit.today())),
                          labelled("Known to", agency_words(visit.office(), one.agency)),
                          labelled("Address", Html(record::address_words(one.identity)))});
    }
    return table(o);
}

Result<Response> page_with(const Visit& visit, const Typed& typed, const Html& below) {
    Page page = visit.page("Find a child", Place::children);
    page.errors = typed.summary();
    page.content = heading(1, "Find a child", "l") + search_form(visit, typed) + below;
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_search(Visit& visit) {
    return page_with(visit, Typed{}, {});
}

Result<Response> search(Visit& visit) {
    const record::Identity query = child_query(visit);
    if (!visit.typed.good()) return page_with(visit, visit.typed, {});
    const auto found = TRY(casework::who_may_this_be(visit.office(), visit.asker(), query, most_found));
    return page_with(visit, visit.typed, results(visit, found));
}

}  // namespace

Html child_search_fields(const Typed& typed) {
    Html content = input({.name = "name",
                          .label = {.text = "Name"},
                          .hint = {.text = "First and last name. A spelling that is nearly right is enough. If you "
                                           "know only one name, add the date of birth or the postcode."},
                          .error_message = typed.message("name"),
                          .value = typed.value("name"),
                          .autocomplete = "off",
                          .spellcheck = false});
    std::vector<std::pair<std::string, std::string>> dates;
    for (const char* part : {"born-day", "born-month", "born-year"}) dates.emplace_back(part, typed.value(part));
    content += date_input({.id = "born",
                           .name_prefix = "born",
                           .fieldset = FieldsetOptions{.legend = {.text = "Date of birth (optional)",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .hint = {.text = "For example, 27 3 2016. The year alone also helps."},
                           .error_message = typed.message("born"),
                           .values = dates});
    content += input({.name = "postcode",
                      .label = {.text = "Postcode (optional)"},
                      .error_message = typed.message("postcode"),
                      .value = typed.value("postcode"),
                      .classes = "govuk-input--width-10",
                      .autocomplete = "off"});
    return content;
}

// The last word is the family name. A single word is found as either name, but only beside a date or a postcode: by
// itself it would find half the register.
record::Identity child_query(Visit& visit) {
    Typed& typed = visit.typed;
    record::Identity query;
    query.source = "search";
    query.id = "search";
    const std::string name = typed.required_text("name", "the name", "Enter a name to search for");
    const std::size_t space = name.rfind(' ');
    query.family_name = space == std::string::npos ? name : name.substr(space + 1);
    if (space != std::string::npos) query.given_name = std::string(trim(name.substr(0, space)));
    const TypedDate born = typed.date("born", "The date of birth", true);
    if (born.date && *born.date > visit.today()) typed.fault("born", "The date of birth must be today or in the past");
    query.date_of_birth = born.date;
    if (born.date && born.accuracy != "AAA") query.dob_accuracy = born.accuracy;
    query.postcode = typed.text("postcode", "the postcode");
    if (query.given_name.empty() && born.empty && query.postcode.empty()) {
        typed.fault("name", "Enter a first and a last name, or one name with the date of birth or the postcode");
    }
    return query;
}

std::vector<PageRoute> search_pages() {
    return {{{Method::get, "/children", Shows::nothing, "children.search"}, show_search},
            {{Method::post, "/children", Shows::record, "children.search"}, search}};
}

}  // namespace waymark::web
