// The concern inbox: what came in, how urgent it is, and how old.
#include <algorithm>

#include <fmt/format.h>

#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_items = 200;

TableCell name_cell(const casework::InboxItem& item) {
    Html content = link("/concerns/" + to_string(item.concern), item.name.empty() ? "Name not known" : item.name);
    if (item.immediate_danger)
        content += Html::raw("<br>") + tag({.text = "Immediate danger: telephone now", .classes = "govuk-tag--red"});
    return {.content = std::move(content)};
}

Result<Response> inbox(Visit& visit) {
    auto items = TRY(casework::inbox(visit.office(), visit.asker("triage"), most_items));
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.immediate_danger > b.immediate_danger; });
    const auto overdue =
        static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [](const auto& i) { return i.overdue; }));

    Page page = visit.page("Concern inbox", Place::inbox);
    page.wide = true;
    page.content = heading(1, "Concern inbox", "l");
    if (items.empty()) {
        page.content += paragraph("No concern waits for a decision.");
        return visit.show(page);
    }
    page.content +=
        paragraph(fmt::format("{}. {} overdue. Immediate danger stands first, then what is due soonest.",
                              count_words(items.size(), "concern waits for a decision", "concerns wait for a decision"),
                              overdue == 0   ? std::string("None is")
                              : overdue == 1 ? std::string("1 is")
                                             : fmt::format("{} are", overdue)));
    if (items.size() == most_items) page.content += paragraph("Only the 200 most urgent are shown.");
    TableOptions o;
    o.caption = "Concerns that wait for a decision";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {
        {.content = "Child"}, {.content = "Decision"},         {.content = "Received"},        {.content = "From"},
        {.content = "About"}, {.content = "Earlier concerns"}, {.content = "Possible matches"}};
    for (const auto& item : items) {
        o.rows.push_back(
            {name_cell(item), labelled("Decision", due_date(visit.zone(), item.due, visit.now())),
             labelled("Received", when_words(visit.zone(), item.received)), labelled("From", item.from_agency),
             labelled("About", item.about_what.empty() ? std::string("Referral") : item.about_what),
             labelled("Earlier concerns", item.earlier == 0 ? std::string("None") : std::to_string(item.earlier)),
             labelled("Possible matches",
                      item.possible_matches == 0 ? std::string("None") : std::to_string(item.possible_matches))});
    }
    page.content += table(o) + print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> inbox_pages() {
    return {{{Method::get, "/inbox", Shows::record, "inbox"}, inbox}};
}

}  // namespace waymark::web
