// The open cases in which the required agencies have never all been at one meeting. Boards see how many, not which.
#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>

#include "casework/meetings.hpp"
#include "web/components/pagination.hpp"
#include "web/components/table.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/cue_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t a_page = 25;
constexpr std::size_t last_page = 2'000;

Html cases_table(const casework::Unmet& unmet) {
    TableOptions o;
    o.caption = "Open cases in which the required agencies have never all met";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Child"},
              {.content = "First concern"},
              {.content = "Meetings held"},
              {.content = "Who is missing"},
              {.content = "Decision"}};
    for (const auto& one : unmet.cases) {
        o.rows.push_back(
            {{.content = link(child_url(one.person) + "/standing", one.name)},
             labelled("First concern", one.since ? Html(format_long(*one.since)) : Html("Not known")),
             labelled("Meetings held", one.meetings == 0 ? std::string("None") : std::to_string(one.meetings)),
             labelled("Who is missing", types_in_words(one.missing)),
             labelled("Decision", one.past_triage ? "Assessment or strategy discussion" : "Not yet, or another")});
    }
    return table(o);
}

// What is no number is the first page.
std::size_t page_asked(const Visit& visit) {
    const auto text = visit.request().target.query.first("page");
    std::size_t number = 1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return std::clamp<std::size_t>(number, 1, last_page);
}

Html page_links(std::size_t number, std::size_t pages) {
    if (pages < 2) return {};
    PaginationOptions o;
    o.landmark_label = "Pages of cases";
    const auto url = [](std::size_t n) { return fmt::format("/meetings?page={}", n); };
    if (number > 1) o.previous = PaginationLink{.href = url(number - 1)};
    if (number < pages) o.next = PaginationLink{.href = url(number + 1)};
    return pagination(o);
}

Result<Response> show_meetings(Visit& visit) {
    const auto threads = std::clamp(std::thread::hardware_concurrency(), 1u, 2u);
    const auto number = page_asked(visit);
    const auto unmet =
        TRY(casework::never_all_met(visit.office(), visit.asker(), threads, {(number - 1) * a_page, a_page}));
    Page page = visit.page("Who has never met", Place::meetings);
    page.wide = true;
    page.content = heading(1, "Who has never met", "l");
    page.content += paragraph(fmt::format(
        "In {} of {} the required agencies have never all been at one meeting. Of these, {} past a decision to assess "
        "or to hold a strategy discussion.",
        unmet.never_met, count_words(unmet.open_cases, "open case", "open cases"),
        unmet.past_triage == 1 ? std::string("1 is") : fmt::format("{} are", unmet.past_triage)));
    if (unmet.partly) page.content += paragraph("There are more cases than one look counts: there may be others.");
    if (unmet.led_only)
        page.content += paragraph(
            "Your agency knows more children than this page looks through: it counts the cases that you or your agency "
            "lead.");
    if (unmet.counts_only) {
        page.content += paragraph("You may see how many, and not which.");
    } else {
        const auto pages = std::min((unmet.never_met + a_page - 1) / a_page, last_page);
        if (pages > 1)
            page.content += paragraph(fmt::format(
                "Page {} of {}: those past a decision first, then those that are open longest.", number, pages));
        if (!unmet.cases.empty()) page.content += cases_table(unmet);
        if (unmet.cases.empty() && number > 1) page.content += paragraph("There is nothing on this page.");
        page.content += page_links(number, pages);
    }
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> meeting_pages() {
    return {{{Method::get, "/meetings", Shows::record, "meetings"}, show_meetings}};
}

}  // namespace waymark::web
