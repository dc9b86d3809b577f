// My day: what must I do first?
#include <algorithm>

#include <fmt/format.h>

#include "casework/advice.hpp"
#include "casework/matches.hpp"
#include "web/components/button.hpp"
#include "web/components/task_list.hpp"
#include "web/pages/access_view.hpp"
#include "web/pages/assess_view.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/consult_view.hpp"
#include "web/pages/due_view.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/pages/separate_view.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_waiting = 200;
constexpr std::size_t recent_concerns = 3;
constexpr std::size_t most_drafts = 20;
constexpr std::size_t most_due_first = 10;
constexpr std::size_t most_advice = 100;

Result<Html> front_door(Visit& visit) {
    const auto items = TRY(casework::inbox(visit.office(), visit.asker("triage"), most_waiting));
    const auto count = [&](auto which) {
        return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), which));
    };
    const auto danger = count([](const auto& item) { return item.immediate_danger; });
    const auto overdue = count([](const auto& item) { return item.overdue; });
    const auto matches = count([](const auto& item) { return item.possible_matches > 0; });
    TaskListOptions o;
    o.id_prefix = "waiting";
    const auto task = [&](std::size_t n, const char* one, const char* many, const char* hint, const char* word,
                          const char* tag_classes) {
        TaskStatus status;
        if (n > 0)
            status.tag = TagOptions{.text = word, .classes = tag_classes};
        else
            status.text = "None";
        o.items.push_back({.title = count_words(n, one, many),
                           .href = n > 0 ? "/inbox" : "",
                           .hint = hint,
                           .status = std::move(status)});
    };
    task(danger, "concern of immediate danger", "concerns of immediate danger", "Read these first", "Telephone now",
         "govuk-tag--red");
    task(overdue, "overdue decision", "overdue decisions", "", "Overdue", "govuk-tag--orange");
    task(items.size(), "concern waits for a decision", "concerns wait for a decision", "", "To do", "govuk-tag--blue");
    task(matches, "concern with a possible match", "concerns with possible matches",
         "The child may be known by another name", "Look", "govuk-tag--blue");
    if (visit.may(record::Action::decide_identity)) {
        const auto waiting = TRY(casework::matches_to_look_at(visit.office(), visit.asker("triage"), 0, 0));
        task(waiting.total, "pair of records may be of one person", "pairs of records may be of one person",
             "Say whether they are", "Look", "govuk-tag--blue");
        if (waiting.total > 0) o.items.back().href = "/matches";
    }
    return heading(2, "At the front door", "m") + task_list(o) +
           button({.text = "Open the concern inbox", .href = "/inbox"});
}

Result<Html> raiser(Visit& visit) {
    Html content = heading(2, "Concerns", "m");
    content += button({.text = "Raise a concern", .href = "/concerns/new", .is_start_button = true});
    if (visit.may(record::Action::append, "advice.asked"))
        content += paragraph(link("/advice", "Not sure? Talk it through with somebody first"));
    if (!visit.may(record::Action::read)) return content;
    const auto drafts = TRY(casework::my_drafts(visit.office(), visit.asker(), most_drafts));
    std::vector<Html> begun;
    for (const auto& draft : drafts) {
        if (draft.form != "concern") continue;
        begun.push_back(link("/concerns/drafts/" + to_string(draft.draft) + "/what",
                             "Carry on with the concern you began, saved " + moment_words(visit.zone(), draft.saved)));
    }
    if (!begun.empty()) content += heading(3, "Not sent yet", "s") + bullets(begun);
    const auto receipts = TRY(casework::my_concerns(visit.office(), visit.asker(), recent_concerns));
    content += heading(3, "What happened to the concerns you raised", "s");
    if (receipts.empty()) return content + paragraph("You have not raised a concern yet.");
    return content + receipts_table(visit, receipts) + paragraph(link("/concerns", "See all your concerns"));
}

// What was begun for a child's record and not added yet. Whose it is is said on its own page only.
Result<Html> begun_entries(Visit& visit) {
    std::vector<Html> begun;
    for (const auto& draft : TRY(casework::my_drafts(visit.office(), visit.asker(), most_drafts))) {
        if (draft.form != "entry") continue;
        begun.push_back(link("/entries/drafts/" + to_string(draft.draft),
                             "Carry on with the entry you began, saved " + moment_words(visit.zone(), draft.saved)));
    }
    if (begun.empty()) return Html();
    return heading(2, "Begun and not added yet", "m") + bullets(begun);
}

// What must be done first: the soonest few, and a link to the rest.
Result<Html> due_first(Visit& visit) {
    const auto due = TRY(casework::what_is_due(visit.office(), visit.asker(), most_due_first));
    Html content = heading(2, "What is due", "m");
    if (due.items.empty()) return content + paragraph("Nothing is due in your cases.");
    content += due_table(visit, due);
    if (due.more) content += paragraph(link("/due", "See everything that is due"));
    return content;
}

// Nothing where nobody has asked.
Result<Html> advice_waiting(Visit& visit) {
    if (!visit.may(record::Action::append, "advice.given")) return Html();
    const auto list = TRY(casework::advice_inbox(visit.office(), visit.asker(), most_advice));
    const auto waiting = static_cast<std::size_t>(
        std::count_if(list.begin(), list.end(), [](const auto& one) { return one.given.empty(); }));
    if (waiting == 0) return Html();
    return heading(2, "Talk it through", "m") +
           paragraph(
               link("/advice", count_words(waiting, "worry waits for your advice", "worries wait for your advice")));
}

Result<Response> my_day(Visit& visit) {
    Page page = visit.page("My day", Place::home);
    page.content = heading(1, "My day", "l");
    page.content += TRY(glass_told(visit));
    page.content += TRY(separate_told(visit));
    page.content += TRY(approvals_waiting(visit)) + TRY(let_in_told(visit)) + conflicts_told(visit);
    if (visit.may_triage()) page.content += TRY(front_door(visit));
    const bool works = visit.may(record::Action::append) && visit.may(record::Action::read);
    const bool carries = works && !visit.may_triage() && adds_entries(visit);
    if (carries) page.content += TRY(due_first(visit));
    if (works) page.content += TRY(begun_entries(visit));
    page.content += TRY(meeting_tasks_shown(visit));
    page.content += TRY(assessment_tasks_shown(visit));
    page.content += TRY(consultation_tasks_shown(visit));
    page.content += TRY(telling_tasks(visit));
    page.content += TRY(advice_waiting(visit));
    if (visit.may_raise()) page.content += TRY(raiser(visit));
    if (visit.may(record::Action::search)) {
        page.content += heading(2, "Children", "m") + paragraph(link("/children", "Find a child"));
    } else if (!visit.may_raise()) {
        page.content +=
            paragraph("Your role does not open children’s records here. If you need one, ask the front door.");
    }
    if (visit.may(record::Action::append, "connection.declared"))
        page.content += paragraph(link("/my/connections", "My connections: people whose records are not for me"));
    if (visit.may(record::Action::append, "contact.set"))
        page.content += paragraph(link("/my/contact", "How colleagues reach you, and who stands in for you"));
    return visit.show(page);
}

Result<Response> home(Visit& visit) {
    return visit.together([&] { return my_day(visit); });
}

}  // namespace

std::vector<PageRoute> home_pages() {
    return {{{Method::get, "/", Shows::record, "home"}, home}};
}

}  // namespace waymark::web
