// Caseload: who carries what. A worker sees their own cases, a supervisor their team's as well, those with most overdue
// first. And everything that is due, in one list.
#include <fmt/format.h>

#include "casework/workload.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/due_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_due = 200;

std::string worker_url(const std::string& practitioner) {
    return "/caseload?worker=" + percent_encode(practitioner);
}

Html overdue_words(std::size_t overdue) {
    if (overdue == 0) return Html("Nothing");
    return tag({.text = std::to_string(overdue) + " overdue", .classes = "govuk-tag--red"});
}

Html cases_of(const Visit& visit, const casework::Caseload& load) {
    TableOptions o;
    o.caption = fmt::format("Open cases that {} leads", load.name);
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Child"}, {.content = "Open since"}, {.content = "Overdue"}, {.content = "Next due"}};
    for (const auto& one : load.cases) {
        o.rows.push_back({{.content = link(child_url(one.person) + "/standing", one.name)},
                          labelled("Open since", format_long(visit.zone().day_of(one.opened))),
                          labelled("Overdue", overdue_words(one.overdue)),
                          labelled("Next due", one.next_due ? due_date(visit.zone(), *one.next_due, visit.now())
                                                            : Html("Nothing more"))});
    }
    Html content = table(o);
    if (load.more) content += paragraph("There are more cases than are listed here.");
    return content;
}

Html team_of(const Visit& visit, const casework::Caseload& load) {
    TableOptions o;
    o.caption = "Who carries what";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Worker"},
              {.content = "Open cases", .format = "numeric"},
              {.content = "Overdue duties", .format = "numeric"},
              {.content = "Longest open since"}};
    for (const auto& one : load.team) {
        o.rows.push_back({{.content = link(worker_url(one.practitioner), one.name)},
                          labelled("Open cases", std::to_string(one.cases)),
                          labelled("Overdue duties", std::to_string(one.overdue)),
                          labelled("Longest open since",
                                   one.oldest ? format_long(visit.zone().day_of(*one.oldest)) : std::string("None"))});
    }
    return table(o);
}

Result<Response> show_caseload(Visit& visit) {
    const auto load =
        TRY(casework::caseload(visit.office(), visit.asker(), visit.request().target.query.first("worker")));
    Page page = visit.page("Caseload", Place::caseload);
    page.wide = true;
    page.content = heading(1, "Caseload", "l");
    if (!load.team.empty()) page.content += team_of(visit, load);
    if (!load.cases.empty()) {
        page.content += cases_of(visit, load);
    } else if (load.of == visit.who->practitioner->key) {
        page.content += paragraph("You lead no open case.");
    } else {
        page.content += paragraph(load.name + " leads no open case that you may know of.");
    }
    page.content += print_button();
    return visit.show(page);
}

Result<Response> show_due(Visit& visit) {
    const auto due = TRY(casework::what_is_due(visit.office(), visit.asker(), most_due));
    Page page = visit.page("Everything that is due", Place::home);
    page.wide = true;
    page.back_link = BackLinkOptions{.href = "/", .text = "Back to My day"};
    page.content = heading(1, "Everything that is due", "l");
    page.content += paragraph("In the cases that you lead, and what your role owes in others that you may open.");
    if (due.items.empty()) page.content += paragraph("Nothing is due.");
    if (!due.items.empty()) page.content += due_table(visit, due);
    if (due.more) page.content += paragraph("There is more that is due later than what is listed here.");
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

Html due_table(const Visit& visit, const casework::Due& due) {
    TableOptions o;
    o.caption = "What is due, the soonest first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What"}, {.content = "Child"}, {.content = "Due"}, {.content = "Why you"}};
    for (const auto& item : due.items) {
        o.rows.push_back({{.content = item.duty},
                          labelled("Child", link(child_url(item.person) + "/standing", item.name)),
                          labelled("Due", due_date(visit.zone(), item.due, visit.now())),
                          labelled("Why you", item.leads ? "You lead the case" : "Your role owes it")});
    }
    return table(o);
}

std::vector<PageRoute> caseload_pages() {
    return {{{Method::get, "/caseload", Shows::record, "caseload"}, show_caseload},
            {{Method::get, "/due", Shows::record, "due"}, show_due}};
}

}  // namespace waymark::web
