// Two records: of one person? The list of pairs that wait, and the page of one pair with its evidence, its answers and
// its history.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/pagination.hpp"
#include "web/components/radios.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/match_decision.hpp"
#include "web/pages/match_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t pairs_a_page = 25;

// ---- the list -------------------------------------------------------------------------------------------------------

std::size_t page_asked(const Visit& visit) {
    const std::string_view text = visit.request().target.query.first("page");
    std::size_t n = 1;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return std::max<std::size_t>(1, std::min<std::size_t>(n, 10'000));
}

Html who(const Visit& visit, const casework::MatchSide& side) {
    return Html(record::shown_name(side.identity)) + Html::raw("<br>") +
           Writer()
               .element("span", "govuk-body-s",
                        fmt::format("Born {}. {}", born_words(side.identity, visit.today()), side.agency))
               .done();
}

Html said(const Visit& visit, const casework::MatchLine& line) {
    std::vector<Html> words;
    if (line.decided) {
        words.emplace_back(fmt::format("{} decided on {}: {}. There is new evidence since", line.decided->by,
                                       when_words(visit.zone(), line.decided->at),
                                       line.decided->decision == "not-same" ? "two people" : "it cannot be told yet"));
    }
    if (!line.waiting_for.empty())
        words.emplace_back(fmt::format("{} has answered. It waits for a second person", line.waiting_for));
    if (line.comparison.twin_or_sibling) words.emplace_back("Perhaps a twin, a brother or a sister");
    // The strongest for, the strongest against: they come in that order.
    for (const bool speaks_for : {true, false}) {
        const auto best = std::find_if(
            line.comparison.evidence.begin(), line.comparison.evidence.end(), [&](const people::Evidence& each) {
                return each.aspect != people::Aspect::household && each.level != "missing" && !each.words.empty() &&
                       each.weight != 0 && (each.weight > 0) == speaks_for;
            });
        if (best != line.comparison.evidence.end())
            words.emplace_back(fmt::format("{} ({})", best->words, strength_words(*best)));
    }
    return bullets(words);
}

Result<Response> list(Visit& visit) {
    const std::size_t n = page_asked(visit);
    const auto found =
        TRY(casework::matches_to_look_at(visit.office(), visit.asker("triage"), (n - 1) * pairs_a_page, pairs_a_page));
    Page page = visit.page("Matches to check", Place::matches);
    page.wide = true;
    page.content = heading(1, "Matches to check", "l");
    if (found.total == 0) {
        page.content += paragraph("No two records wait for somebody to say whether they are of one person.");
        page.content += model_in_force(visit);
        return visit.show(page);
    }
    const std::size_t pages = (found.total + pairs_a_page - 1) / pairs_a_page;
    std::string count = fmt::format("{}{} somebody to say whether they are of one person. The longest waiting first.",
                                    found.more ? "At least " : "",
                                    count_words(found.total, "pair of records waits for", "pairs of records wait for"));
    if (pages > 1) count += fmt::format(" Page {} of {}.", std::min(n, pages), pages);
    page.content += paragraph(count);
    TableOptions o;
    o.caption = "Pairs of records that may be of one person";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "First record"},
              {.content = "Second record"},
              {.content = "What is known"},
              {.content = "Waiting since"},
              {.content = "Answer"}};
    for (const auto& line : found.lines) {
        const Html open =
            link(match_url(line.a.view.view, line.b.view.view),
                 Html("Look at both") + visually_hidden(fmt::format(": {} and {}", record::shown_name(line.a.identity),
                                                                    record::shown_name(line.b.identity))));
        o.rows.push_back({{.content = who(visit, line.a)},
                          labelled("Second record", who(visit, line.b)),
                          labelled("What is known", said(visit, line)),
                          labelled("Waiting since", format_long(visit.zone().day_of(line.offered))),
                          labelled("Answer", open)});
    }
    page.content += table(o);
    if (pages > 1) {
        PaginationOptions p;
        if (n > 1) p.previous = PaginationLink{.href = fmt::format("/matches?page={}", n - 1)};
        if (n < pages) p.next = PaginationLink{.href = fmt::format("/matches?page={}", n + 1)};
        page.content += pagination(p);
    }
    page.content += model_in_force(visit);
    return visit.show(page);
}

// ---- one pair -------------------------------------------------------------------------------------------------------

Html answer_form(const Visit& visit, const casework::MatchPage& match, const Typed& typed) {
    const std::string a = to_string(match.a.view.view);
    const std::string b = to_string(match.b.view.view);
    Html content = radios(
        {.name = "same",
         .fieldset = FieldsetOptions{.legend = {.text = "Are these two records of one person?",
                                                .classes = "govuk-fieldset__legend--m"}},
         .error_message = typed.message("same"),
         .items = {{.text = "Yes, one person",
                    .value = "same",
                    .hint = {.text = "Their records are joined when a second person says so too. This can be undone."}},
                   {.text = "No, two people", .value = "not-same", .hint = {.text = "The engine will not join them."}},
                   {.text = "I cannot tell yet",
                    .value = "not-yet",
                    .hint = {.text = "You are asked again when something new is known."}}},
         .value = typed.value("same")});
    content += textarea({.name = "reason",
                         .label = {.text = "Why?", .classes = "govuk-label--s"},
                         .hint = {.text = "Say what you looked at, or whom you asked. Others will rely on it."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += button({.text = "Save the answer", .prevent_double_click = true});
    return visit.form({.action = match_url(match.a.view.view, match.b.view.view),
                       .key = visit.form_key(),
                       .hidden = {{"a", a}, {"b", b}}},
                      content);
}

Html take_back_form(const Visit& visit, const casework::MatchPage& match, const Typed& typed) {
    Html content = paragraph(
        "If the decision was a mistake, take it back. It stays in the history. The two records are then open again, "
        "and "
        "somebody is asked.");
    content += textarea({.name = "why",
                         .label = {.text = "Why does it no longer stand?", .classes = "govuk-label--s"},
                         .error_message = typed.message("why"),
                         .value = typed.value("why"),
                         .rows = 3,
                         .spellcheck = true});
    content +=
        button({.text = "Take the decision back", .classes = "govuk-button--secondary", .prevent_double_click = true});
    return visit.form(
        {.action = match_url(match.a.view.view, match.b.view.view) + "/take-back", .key = visit.form_key()}, content);
}

Html state_words(const Visit& visit, const casework::MatchPage& match) {
    const auto* standing = match.standing();
    Html out;
    if (match.waiting) {
        const auto& asked = *match.waiting;
        out = paragraph(fmt::format(
            "{} said on {}: {}. Reason: {}", asked.name, moment_words(visit.zone(), asked.at),
            asked.act == casework::two_persons::Act::join ? "one person" : "two people, not one", asked.reason));
        out += paragraph(asked.own ? "Nothing changes until a second person says the same. If you give another answer "
                                     "now, yours is withdrawn."
                                   : "Nothing changes until a second person says the same. If you do, it is done; "
                                     "another answer refuses it.");
    } else if (match.one_person) {
        out = paragraph(standing != nullptr ? "The two records are joined: a person has said so."
                                            : "The two records are joined: by the engine, or over other records.");
    } else if (match.offered && standing != nullptr) {
        out = paragraph("There is new evidence since this was decided. The decision stands until somebody changes it.");
    } else if (match.offered) {
        out = paragraph("Nothing is joined until you or a colleague say so, and it can be undone.");
    } else {
        out = paragraph("The two records are not joined.");
    }
    if (standing != nullptr) out += decided_before(visit, *standing);
    return inset_text({.content = out});
}

Response pair_page(const Visit& visit, const casework::MatchPage& match, const Typed& typed, bool taking_back) {
    Page page = visit.page("One person or two?", Place::matches);
    page.wide = true;
    page.errors = typed.summary();
    if (visit.may(record::Action::decide_identity))
        page.back_link = BackLinkOptions{.href = "/matches", .text = "Back to the matches to check"};
    page.content = heading(1, "One person or two?", "l");
    page.content += state_words(visit, match);
    if (match.parted && visit.may(record::Action::decide_identity)) {
        page.content += paragraph(link(match_url(match.a.view.view, match.b.view.view) + "/undone",
                                       "See what was written and passed on while they were joined"));
    }
    page.content += both_views(visit, match);
    page.content += paragraph(link("/children/" + to_string(match.a.view.view), "Open the first record’s chronology") +
                              Html::raw(" <span aria-hidden=\"true\">|</span> ") +
                              link("/children/" + to_string(match.b.view.view), "Open the second record’s chronology"));
    page.content += weighing(match) + model_in_force(visit);
    if (visit.may(record::Action::decide_identity)) {
        page.content += answer_form(visit, match, taking_back ? Typed{} : typed);
        if (match.standing() != nullptr) {
            page.content += details({.summary = "Take the decision back",
                                     .content = take_back_form(visit, match, taking_back ? typed : Typed{}),
                                     .open = taking_back});
        }
    } else {
        page.content += paragraph("You may read this. The front door decides who is who: tell them what you know.");
    }
    page.content += decision_history(visit, match) + print_button();
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<casework::MatchPage> pair_asked_for(Visit& visit) {
    const auto one = TRY(visit.id<ViewId>("one"));
    const auto other = TRY(visit.id<ViewId>("other"));
    return casework::match_page(visit.office(), visit.asker(), one, other);
}

Result<Response> show_pair(Visit& visit) {
    return pair_page(visit, TRY(pair_asked_for(visit)), {}, false);
}

Result<Response> decide(Visit& visit) {
    auto decision = TRY(read_match_decision(visit));
    if (!visit.typed.good()) return pair_page(visit, TRY(pair_asked_for(visit)), visit.typed, false);
    decision.a = TRY(visit.id<ViewId>("one"));
    decision.b = TRY(visit.id<ViewId>("other"));
    TRY_VOID(casework::decide_match(visit.office(), visit.asker(), decision));
    return Visit::see(match_url(decision.a, decision.b));
}

Result<Response> take_back(Visit& visit) {
    casework::TakeBack request;
    request.key = visit.form_key();
    request.reason = visit.typed.required_text("why", "the reason", "Say why the decision no longer stands");
    if (!visit.typed.good()) return pair_page(visit, TRY(pair_asked_for(visit)), visit.typed, true);
    request.a = TRY(visit.id<ViewId>("one"));
    request.b = TRY(visit.id<ViewId>("other"));
    TRY_VOID(casework::take_back_match(visit.office(), visit.asker(), request));
    return Visit::see(match_url(request.a, request.b));
}

}  // namespace

std::vector<PageRoute> match_review_pages() {
    return {{{Method::get, "/matches", Shows::record, "matches"}, list},
            {{Method::get, "/matches/:one/:other", Shows::record, "match"}, show_pair},
            {{Method::post, "/matches/:one/:other", Shows::record, "match.decide"}, decide},
            {{Method::post, "/matches/:one/:other/take-back", Shows::record, "match.take-back"}, take_back}};
}

}  // namespace waymark::web
