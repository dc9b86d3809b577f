// "Talk it through": ask about a worry without a name, read the answer, raise it as a concern with what was typed; and
// for those who advise, what waits and the answer.
#include <algorithm>

#include <fmt/format.h>

#include "casework/advice.hpp"
#include "casework/contacts.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/pages/raise_draft.hpp"
#include "web/pages/ring_view.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_shown = 100;
constexpr std::size_t first_words = 80;  // of a worry, in a list

std::string advice_url(EntryId entry) {
    return "/advice/" + to_string(entry);
}

// The beginning, cut between words.
std::string advice_beginning(const std::string& text) {
    if (text.size() <= first_words) return text;
    const auto space = text.rfind(' ', first_words);
    if (space == std::string::npos || space == 0) return "A worry";
    return text.substr(0, space) + " …";
}

Html advice_state(const casework::Advice& one) {
    if (one.given.empty()) return tag({.text = "Not answered yet", .classes = "govuk-tag--blue"});
    return Html(one.given.back().words);
}

Html advice_table(const Visit& visit, const std::vector<casework::Advice>& list, const char* caption, bool by) {
    TableOptions o;
    o.caption = caption;
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Worry"}, {.content = by ? "From" : "Asked of"}, {.content = "When"}, {.content = "Advice"}};
    for (const auto& one : list) {
        o.rows.push_back({{.content = link(advice_url(one.entry), advice_beginning(one.text))},
                          labelled(by ? "From" : "Asked of", by ? one.by + ", " + one.agency : one.to_words),
                          labelled("When", moment_words(visit.zone(), one.at)),
                          labelled("Advice", advice_state(one))});
    }
    return table(o);
}

bool asks_advice(const Visit& visit) {
    return visit.may(record::Action::append, "advice.asked");
}
bool advises_others(const Visit& visit) {
    return visit.may(record::Action::append, "advice.given");
}

Result<Response> list_advice(Visit& visit) {
    Page page = visit.page("Talk it through", Place::raise);
    page.content = heading(1, "Talk it through", "l");
    if (advises_others(visit)) {
        const auto waiting = TRY(casework::advice_inbox(visit.office(), visit.asker(), most_shown));
        page.content += waiting.empty() ? heading(2, "Put to you", "m") + paragraph("Nobody has asked you.")
                                        : advice_table(visit, waiting, "Put to you", true);
    }
    if (asks_advice(visit) || !advises_others(visit)) {
        page.content += button({.text = "Talk a worry through", .href = "/advice/new"});
        const auto mine = TRY(casework::my_advice(visit.office(), visit.asker(), most_shown));
        page.content += mine.empty() ? heading(2, "What you asked", "m") + paragraph("You have not asked yet.")
                                     : advice_table(visit, mine, "What you asked", false);
    }
    return visit.show(page);
}

// ---- ask ------------------------------------------------------------------------------------------------------------

constexpr const char* new_advice = "/advice/new";

Response advice_form_page(const Visit& visit, const KeptForm& form) {
    const auto& typed = form.typed;
    Page page = visit.page("Talk a worry through", Place::raise);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/advice"};
    page.content = heading(1, "Talk a worry through", "l");
    page.content +=
        warning_text({.text = "If a child is in immediate danger, call 999 now. Do not wait for an answer."});
    page.content += paragraph(
        "For when you are not sure whether it is a concern. You are told what somebody with more experience would do. "
        "It is no concern yet, and nobody decides anything from it.");
    page.content += front_door_words(casework::front_door_now(visit.office()));
    Html content =
        textarea({.name = "text",
                  .label = {.text = "What are you worried about?", .classes = "govuk-label--m"},
                  .hint = {.text = "Do not name the child or the family. Say what you saw or heard, as you would tell "
                                   "a colleague."},
                  .error_message = typed.message("text"),
                  .value = typed.value("text"),
                  .rows = 8,
                  .spellcheck = true});
    auto choices = choices_of(visit.office().catalogue, "advice.asked", "to");
    const auto offered = casework::advisers_for(visit.office(), visit.asker());
    std::erase_if(choices, [&](const auto& one) {
        return std::find(offered.begin(), offered.end(), one.first) == offered.end();
    });
    content += radios({.name = "to",
                       .fieldset = FieldsetOptions{.legend = {.text = "Who do you want to talk it through with?",
                                                              .classes = "govuk-fieldset__legend--m"}},
                       .error_message = typed.message("to"),
                       .items = radio_items(choices),
                       .value = typed.value("to")});
    content += button({.text = "Ask for advice", .prevent_double_click = true});
    page.content += visit.form({.action = new_advice, .key = form.key, .draft_url = form.autosave}, content);
    page.content += paragraph(link("/concerns/new", "It is a concern: raise it"));
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_advice_form(Visit& visit) {
    if (!asks_advice(visit)) {
        return fault(FaultKind::forbidden, "role", "Your role does not ask for advice here.",
                     "Ask your manager, or the front door.");
    }
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "advice", new_advice);
    return advice_form_page(visit, *form);
}

Result<Response> ask_advice_form(Visit& visit) {
    casework::AskAdvice request;
    KeptForm form{{}, visit.typed, {}, visit.form_key()};
    if (asks_advice(visit)) form = TRY(sent_kept_form(visit, "advice", new_advice));
    Typed& typed = form.typed;
    request.key = form.key;
    request.text = typed.required_text("text", "what you are worried about", "Say what you are worried about");
    request.to = typed.choice("to", casework::advisers_for(visit.office(), visit.asker()),
                              "Choose who you want to talk it through with");
    if (asks_advice(visit) && !typed.good()) return advice_form_page(visit, form);
    const auto asked = TRY(casework::ask_advice(visit.office(), visit.asker(), request));
    forget_kept_form(visit, form);
    return Visit::see(advice_url(asked));
}

// ---- one ------------------------------------------------------------------------------------------------------------

Html said_words(const std::string& text) {
    Writer w;
    w.open("p").classes({"govuk-body", "waymark-as-typed"}).text(text).close("p");
    return w.done();
}

Html advice_form(const Visit& visit, const casework::Advice& one, const Typed& typed) {
    Html content = radios(
        {.name = "advice",
         .fieldset = FieldsetOptions{.legend = {.text = "What do you advise?", .classes = "govuk-fieldset__legend--m"}},
         .error_message = typed.message("advice"),
         .items = radio_items(choices_of(visit.office().catalogue, "advice.given", "advice")),
         .value = typed.value("advice")});
    content += textarea({.name = "text",
                         .label = {.text = "What do you say to them?", .classes = "govuk-label--s"},
                         .hint = {.text = "Do not name a child. They decide whether to raise it."},
                         .error_message = typed.message("text"),
                         .value = typed.value("text"),
                         .rows = 5,
                         .spellcheck = true});
    content += button({.text = "Send the advice", .prevent_double_click = true});
    return visit.form({.action = advice_url(one.entry), .key = visit.form_key()}, content);
}

Response advice_view(const Visit& visit, const casework::Advice& one, const Typed& typed) {
    Page page = visit.page("A worry talked through", Place::raise);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/advice", .text = "Back to the list"};
    page.content = heading(1, "A worry talked through", "l");
    page.content += hint_paragraph(fmt::format("{}, {}, on {}. Asked of: {}", one.by, one.agency,
                                               moment_words(visit.zone(), one.at), one.to_words));
    page.content += said_words(one.text);
    for (const auto& given : one.given) {
        page.content += heading(2, given.words, "m") + said_words(given.text) +
                        hint_paragraph(given.by + ", " + moment_words(visit.zone(), given.at));
    }
    if (one.mine) {
        if (one.given.empty())
            page.content += inset_text({.content = paragraph("Nobody has answered yet. You need not wait: ring, or "
                                                             "raise it now.")}) +
                            front_door_words(casework::front_door_now(visit.office()));
        if (visit.may_raise()) {
            page.content += visit.form({.action = advice_url(one.entry) + "/raise"},
                                       button({.text = "Raise this as a concern", .prevent_double_click = true}));
            page.content += hint_paragraph(
                "What you typed is taken over. You then say whose it is, and check it before "
                "it is sent.");
        }
    }
    if (one.may_answer) page.content += advice_form(visit, one, typed);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_advice(Visit& visit) {
    const auto entry = TRY(visit.id<EntryId>("advice"));
    return advice_view(visit, TRY(casework::advice_page(visit.office(), visit.asker(), entry)), {});
}

Result<Response> answer_advice(Visit& visit) {
    casework::GiveAdvice request;
    request.entry = TRY(visit.id<EntryId>("advice"));
    request.key = visit.form_key();
    request.advice = visit.typed.choice(
        "advice", codes_of(choices_of(visit.office().catalogue, "advice.given", "advice")), "Choose what you advise");
    request.text = visit.typed.required_text("text", "what you advise", "Say what you advise");
    if (!visit.typed.good())
        return advice_view(visit, TRY(casework::advice_page(visit.office(), visit.asker(), request.entry)),
                           visit.typed);
    TRY_VOID(casework::give_advice(visit.office(), visit.asker(), request));
    return Visit::see(advice_url(request.entry));
}

// A draft of a concern that begins with what was typed; nothing is sent before its writer has checked it.
Result<Response> raise_advice(Visit& visit) {
    const auto entry = TRY(visit.id<EntryId>("advice"));
    const auto one = TRY(casework::advice_page(visit.office(), visit.asker(), entry));
    if (!one.mine || !visit.may_raise()) {
        return fault(FaultKind::forbidden, "advice", "Only who asked raises it as a concern.",
                     "Raise what you know yourself as a concern of your own.");
    }
    Answers answers;
    answers.what.add("summary", one.text);
    const auto draft =
        TRY(casework::save_draft(visit.office(), visit.asker(), std::nullopt, draft_form, to_json(answers)));
    return Visit::see(step_url(draft, "what"));
}

}  // namespace

std::vector<PageRoute> advice_pages() {
    return {{{Method::get, "/advice", Shows::record, "advice"}, list_advice},
            {{Method::get, "/advice/new", Shows::nothing, "advice.new"}, show_advice_form},
            {{Method::post, "/advice/new", Shows::record, "advice.ask"}, ask_advice_form},
            {{Method::get, "/advice/:advice", Shows::record, "advice.one"}, show_advice},
            {{Method::post, "/advice/:advice", Shows::record, "advice.answer"}, answer_advice},
            {{Method::post, "/advice/:advice/raise", Shows::record, "advice.raise"}, raise_advice}};
}

}  // namespace waymark::web
