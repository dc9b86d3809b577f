// The open cases in which the required agencies have never all been at one meeting. Boards see how many, not which.
#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "casework/meetings.hpp"
#include "web/components/table.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/cue_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_cases = 200;

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

Result<Response> show_meetings(Visit& visit) {
    const auto threads = std::clamp(std::thread::hardware_concurrency(), 1u, 2u);
    const auto unmet = TRY(casework::never_all_met(visit.office(), visit.asker(), visit.now(), threads, most_cases));
    Page page = visit.page("Who has never met", Place::meetings);
    page.wide = true;
    page.content = heading(1, "Who has never met", "l");
    page.content += paragraph(fmt::format(
        "In {} of {} the required agencies have never all been at one meeting. Of these, {} past a decision to assess "
        "or to hold a strategy discussion.",
        unmet.never_met, count_words(unmet.open_cases, "open case", "open cases"),
        unmet.past_triage == 1 ? std::string("1 is") : fmt::format("{} are", unmet.past_triage)));
    if (unmet.counts_only) {
        page.content += paragraph("You may see how many, and not which.");
    } else if (!unmet.cases.empty()) {
        if (unmet.cases.size() < unmet.never_met)
            page.content += paragraph(
                fmt::format("The first {} are shown: past a decision, then the longest open.", unmet.cases.size()));
        page.content += cases_table(unmet);
    }
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> meeting_pages() {
    return {{{Method::get, "/meetings", Shows::record, "meetings"}, show_meetings}};
}

}  // namespace waymark::web
