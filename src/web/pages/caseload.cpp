// Caseload: who carries what. A worker sees their own cases, a supervisor their team's as well, those with most overdue
// first. And everything that is due, in one list.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "casework/workload.hpp"
#include "web/components/pagination.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/due_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t due_a_page = 50;
constexpr std::size_t pages_of_due = 4;

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

std::string team_words(const std::string& team) {
    return team.empty() ? "No team" : team;
}

Html team_of(const Visit& visit, const casework::Caseload& load) {
    TableOptions o;
    o.caption = load.teams.empty() ? "Who carries what" : "Who carries what: " + team_words(load.team_shown);
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

// Of a large agency one team at a time.
Html other_teams(const casework::Caseload& load) {
    if (load.teams.empty()) return {};
    std::vector<Html> links;
    for (const auto& team : load.teams) {
        if (team != load.team_shown) links.push_back(link("/caseload?team=" + percent_encode(team), team_words(team)));
    }
    return heading(2, "Other teams", "s") + bullets(links);
}

Result<Response> show_caseload(Visit& visit) {
    const auto& query = visit.request().target.query;
    const auto load =
        TRY(casework::caseload(visit.office(), visit.asker(), query.first("worker"), query.first("team")));
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
    if (load.supervises) page.content += other_teams(load);
    page.content += print_button();
    return visit.show(page);
}

Result<Response> show_due(Visit& visit) {
    const auto text = visit.request().target.query.first("page");
    std::size_t number = 1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    number = std::clamp<std::size_t>(number, 1, pages_of_due);
    const auto due = TRY(casework::what_is_due(visit.office(), visit.asker(), due_a_page, (number - 1) * due_a_page));
    Page page = visit.page("Everything that is due", Place::home);
    page.wide = true;
    page.back_link = BackLinkOptions{.href = "/", .text = "Back to My day"};
    page.content = heading(1, "Everything that is due", "l");
    page.content += paragraph("In the cases that you lead, and what your role owes in others that you may open.");
    if (due.items.empty()) page.content += paragraph(number > 1 ? "There is nothing on this page." : "Nothing is due.");
    if (!due.items.empty()) page.content += due_table(visit, due);
    if (due.more && number == pages_of_due)
        page.content += paragraph("There is more that is due later than what is listed here.");
    PaginationOptions links;
    links.landmark_label = "Pages of what is due";
    const auto url = [](std::size_t n) { return fmt::format("/due?page={}", n); };
    if (number > 1) links.previous = PaginationLink{.href = url(number - 1)};
    if (due.more && number < pages_of_due) links.next = PaginationLink{.href = url(number + 1)};
    if (number > 1 || (due.more && number < pages_of_due)) page.content += pagination(links);
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
