// What the raiser sees of their own concern: that it arrived, by when they hear, and what they were told.
#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/panel.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/timeline.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_concerns = 50;

std::string outcome_words(const Visit& visit, std::string_view code) {
    return code_words(visit.office().catalogue, "feedback.given", "outcome", code);
}

Html story(const Visit& visit, const casework::Receipt& receipt) {
    TimelineOptions o;
    for (auto it = receipt.feedback.rbegin(); it != receipt.feedback.rend(); ++it) {
        o.items.push_back({.label = "You were told what happens",
                           .machine_date = machine_time(it->first),
                           .shown_date = when_words(visit.zone(), it->first),
                           .content = it->second.empty() ? Html() : paragraph(it->second)});
    }
    o.items.push_back({.label = "You raised the concern",
                       .machine_date = machine_time(receipt.received),
                       .shown_date = when_words(visit.zone(), receipt.received)});
    return timeline(o);
}

Result<Response> show_receipt(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    const auto receipt = TRY(casework::receipt(visit.office(), visit.asker(), concern));
    const bool told = !receipt.feedback.empty();
    Page page = visit.page(told ? "Your concern" : "Concern received", Place::raise);
    if (receipt.immediate_danger && !told) page.content += danger_panel();
    page.content += panel({.title = told ? "You have been told what happens" : "Your concern has been received",
                           .content = Html("Your reference ") + Html::raw("<br>") +
                                      Writer().element("strong", "", receipt.reference).done()});
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Received", .value = when_words(visit.zone(), receipt.received)});
    rows.push_back({.key = "What happens",
                    .value = receipt.outcome.empty() ? Html("The front door has not decided yet")
                                                     : Html(outcome_words(visit, receipt.outcome))});
    if (!told) {
        rows.push_back(
            {.key = "We will tell you by", .value = due_date(visit.zone(), receipt.feedback_due, visit.now())});
    }
    page.content += summary_list({.rows = std::move(rows)});
    if (!told) {
        page.content += heading(2, "What happens next", "m");
        page.content +=
            bullets({"The front door reads your concern with everything that is already known about the child.",
                     "They decide what happens next and tell you.",
                     "If something changes or you see something new, raise another concern. Do not wait."});
    }
    if (visit.may(record::Action::append, "challenge.raised")) {
        page.content += heading(2, "If you disagree", "m");
        page.content += paragraph(
            "If you have not heard by then, or you think that what was decided is wrong for the child, say so.");
        std::vector<Html> raised;
        for (const auto& id : receipt.challenges)
            raised.push_back(link(challenge_url(id), "See what became of your disagreement"));
        page.content +=
            bullets(raised) +
            button({.text = "I disagree", .href = challenge_form_url(concern), .classes = "govuk-button--secondary"});
    }
    page.content += heading(2, "What has happened so far", "m") + story(visit, receipt);
    page.content += print_button();
    page.content += paragraph(link("/concerns", "See all your concerns"));
    return visit.show(page);
}

Result<Response> mine(Visit& visit) {
    const auto receipts = TRY(casework::my_concerns(visit.office(), visit.asker(), most_concerns));
    Page page = visit.page("Your concerns", Place::raise);
    page.content = heading(1, "Your concerns", "l");
    if (receipts.empty())
        page.content += paragraph("You have not raised a concern yet.");
    else
        page.content += receipts_table(visit, receipts);
    page.content += button({.text = "Raise a concern", .href = "/concerns/new", .is_start_button = true});
    return visit.show(page);
}

}  // namespace

Html receipts_table(const Visit& visit, const std::vector<casework::Receipt>& receipts) {
    TableOptions o;
    o.caption = "Concerns that you raised, newest first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Reference"}, {.content = "Sent"}, {.content = "What happens"}, {.content = "You hear by"}};
    for (const auto& receipt : receipts) {
        const bool told = !receipt.feedback.empty();
        o.rows.push_back(
            {{.content = link("/concerns/" + to_string(receipt.concern) + "/receipt", receipt.reference)},
             labelled("Sent", when_words(visit.zone(), receipt.received)),
             labelled("What happens",
                      receipt.outcome.empty() ? Html("Not decided yet") : Html(outcome_words(visit, receipt.outcome))),
             labelled("You hear by",
                      told ? Html("You have been told") : due_date(visit.zone(), receipt.feedback_due, visit.now()))});
    }
    return table(o);
}

std::vector<PageRoute> receipt_pages() {
    return {{{Method::get, "/concerns", Shows::record, "concerns.mine"}, mine},
            {{Method::get, "/concerns/:concern/receipt", Shows::record, "concern.receipt"}, show_receipt}};
}

}  // namespace waymark::web
