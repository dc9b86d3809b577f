// Raise a concern, in three screens: what was seen, when and where, who. Everything typed is kept in a draft on the
// server, named in the address by a random id; back links lose nothing.
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/date_input.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/radios.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/pages/raise_answers.hpp"
#include "web/pages/raise_draft.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_offered = 6;
constexpr const char* legend_m = "govuk-fieldset__legend--m";

Result<Response> begin(Visit& visit) {
    const auto draft =
        TRY(casework::save_draft(visit.office(), visit.asker(), std::nullopt, begun_form, to_json(Answers{})));
    return Visit::see(step_url(draft, "what"));
}

// A step that is shown because another one found it wanting is shown with its faults.
bool with_faults(const Visit& visit) {
    return visit.request().target.query.has("check");
}

Page step_page(const Visit& visit, const Answers& answers, std::string title, const Typed& typed,
               const std::string& back) {
    Page page = visit.page(std::move(title), Place::raise);
    page.back_link = BackLinkOptions{.href = back};
    page.errors = typed.summary();
    if (answers.what.first("danger") == "yes") page.content += danger_panel();
    return page;
}

// ---- what -----------------------------------------------------------------------------------------------------------

Response what_page(const Visit& visit, const Answers& answers, const Typed& typed) {
    Page page = step_page(visit, answers, "Raise a concern: what you saw or heard", typed, "/");
    if (answers.what.first("danger") != "yes") {
        page.content +=
            warning_text({.text = "If a child is in immediate danger, call 999 now. Do not wait for this form."});
    }
    Html content = textarea(
        {.name = "summary",
         .label = {.text = "What did you see or hear?", .classes = "govuk-label--l", .is_page_heading = true},
         .hint = {.text =
                      "Write it as you would tell a colleague. Use the words that were said. Do not name another child "
                      "here: you can add each child later."},
         .error_message = typed.message("summary"),
         .value = typed.value("summary"),
         .rows = 8,
         .spellcheck = true});
    content += radios(
        {.name = "danger",
         .fieldset = FieldsetOptions{.legend = {.text = "Is a child in immediate danger now?", .classes = legend_m}},
         .error_message = typed.message("danger"),
         .items = {{.text = "Yes",
                    .value = "yes",
                    .hint = {.text = "Call 999 first. The front door will see this at the top of its list."}},
                   {.text = "No, or I do not know", .value = "no"}},
         .value = typed.value("danger")});
    content += button({.text = "Continue", .prevent_double_click = true});
    page.content += visit.form(
        {.action = step_url(answers.draft, "what"), .draft_url = step_url(answers.draft, "autosave/what")}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_what(Visit& visit) {
    const Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    Typed typed(answers.what);
    casework::RaiseRequest ignored;
    if (with_faults(visit)) read_what(typed, ignored);
    return what_page(visit, answers, typed);
}

Result<Response> take_what(Visit& visit) {
    Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    answers.what = visit.typed.form();
    casework::RaiseRequest request;
    read_what(visit.typed, request);
    const auto saved = save(visit, answers);
    if (!visit.typed.good()) return what_page(visit, answers, visit.typed);
    TRY_VOID(saved);
    return Visit::see(step_url(answers.draft, "when"));
}

// ---- when -----------------------------------------------------------------------------------------------------------

Response when_page(const Visit& visit, const Answers& answers, const Typed& typed) {
    Page page = step_page(visit, answers, "Raise a concern: when and where", typed, step_url(answers.draft, "what"));
    const auto& catalogue = visit.office().catalogue;
    const auto choose = [&](const char* name, const char* legend, const Html& hint) {
        return radios({.name = name,
                       .fieldset = FieldsetOptions{.legend = {.text = legend, .classes = legend_m}},
                       .hint = {.text = hint},
                       .error_message = typed.message(name),
                       .items = radio_items(choices_of(catalogue, "concern.raised", name)),
                       .value = typed.value(name)});
    };
    Html content = choose("about_what", "What is the concern about?",
                          "If it is about more than one of these, choose the one that worries you most.");
    content +=
        date_input({.id = "on",
                    .name_prefix = "on",
                    .fieldset = FieldsetOptions{.legend = {.text = "When did you notice it?", .classes = legend_m}},
                    .hint = {.text = "We have filled in today’s date. Change it if it was another day."},
                    .error_message = typed.message("on"),
                    .values = date_values(typed, "on")});
    content += choose("noticed", "How do you know? (optional)", {});
    content += choose("setting", "Where did it happen? (optional)", {});
    content += button({.text = "Continue", .prevent_double_click = true});
    page.content += heading(1, "When and where", "l");
    page.content += visit.form(
        {.action = step_url(answers.draft, "when"), .draft_url = step_url(answers.draft, "autosave/when")}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_when(Visit& visit) {
    const Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    Typed typed(with_today(answers.when, visit.today()));
    casework::RaiseRequest ignored;
    if (with_faults(visit)) read_when(visit, typed, ignored);
    return when_page(visit, answers, typed);
}

Result<Response> take_when(Visit& visit) {
    Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    answers.when = visit.typed.form();
    casework::RaiseRequest request;
    read_when(visit, visit.typed, request);
    const auto saved = save(visit, answers);
    if (!visit.typed.good()) return when_page(visit, answers, visit.typed);
    TRY_VOID(saved);
    return Visit::see(answers.children.empty() ? child_url(answers.draft, 1) : step_url(answers.draft, "check"));
}

// ---- who ------------------------------------------------------------------------------------------------------------

Response child_page(const Visit& visit, const Answers& answers, std::size_t n, const Typed& typed) {
    const std::string back =
        n == 1 && answers.children.size() <= 1 ? step_url(answers.draft, "when") : step_url(answers.draft, "check");
    Page page = step_page(visit, answers,
                          n == 1 ? "Raise a concern: who it is about" : "Raise a concern: another child", typed, back);
    page.content += heading(1, n == 1 ? "Who is it about?" : "Who is the other child?", "l");
    page.content += paragraph("Give what you know. A nickname is enough.");
    Html content = input({.name = "given_name",
                          .label = {.text = "First name or nickname"},
                          .error_message = typed.message("given_name"),
                          .value = typed.value("given_name"),
                          .classes = "govuk-input--width-20",
                          .autocomplete = "off",
                          .spellcheck = false});
    content += input({.name = "family_name",
                      .label = {.text = "Last name (optional)"},
                      .error_message = typed.message("family_name"),
                      .value = typed.value("family_name"),
                      .classes = "govuk-input--width-20",
                      .autocomplete = "off",
                      .spellcheck = false});
    content += date_input({.id = "born",
                           .name_prefix = "born",
                           .fieldset = FieldsetOptions{.legend = {.text = "Date of birth (optional)",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .hint = {.text = "For example, 27 3 2016. If you know only the year, enter the year."},
                           .error_message = typed.message("born"),
                           .values = date_values(typed, "born")});
    content += checkboxes({.name = "unborn",
                           .items = {{.text = "Not born yet: the date is when the baby is expected", .value = "yes"}},
                           .values = typed.all("unborn"),
                           .classes = "govuk-checkboxes--small"});
    content += checkboxes({.name = "role",
                           .fieldset = FieldsetOptions{.legend = {.text = "How is this child involved?",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .hint = {.text = "Choose all that apply. This is what is said now. It is not a finding."},
                           .error_message = typed.message("role"),
                           .items = {{.text = "Is said to have been harmed, or may be harmed", .value = "affected"},
                                     {.text = "Is said to have displayed the behaviour", .value = "displayed"},
                                     {.text = "Saw or heard it", .value = "witness"},
                                     {.text = "In another way, or I do not know", .value = "subject"}},
                           .values = typed.all("role")});
    Html more = radios({.name = "sex",
                        .fieldset = FieldsetOptions{.legend = {.text = "Sex", .classes = "govuk-fieldset__legend--s"}},
                        .error_message = typed.message("sex"),
                        .items = {{.text = "Girl", .value = "F"},
                                  {.text = "Boy", .value = "M"},
                                  {.text = "I do not know", .value = "unknown"}},
                        .value = typed.value("sex"),
                        .classes = "govuk-radios--inline govuk-radios--small"});
    more += input({.name = "postcode",
                   .label = {.text = "Postcode of the child’s home"},
                   .error_message = typed.message("postcode"),
                   .value = typed.value("postcode"),
                   .classes = "govuk-input--width-10",
                   .autocomplete = "off"});
    content += details({.summary = "If you know more that helps to find the child",
                        .content = more,
                        .open = !typed.value("sex").empty() || !typed.value("postcode").empty()});
    content += button({.text = "Continue", .prevent_double_click = true});
    page.content += visit.form({.action = child_url(answers.draft, n),
                                .draft_url = step_url(answers.draft, fmt::format("autosave/child-{}", n))},
                               content);
    return visit.show(page, typed.good() ? 200 : 422);
}

std::optional<Date> noticed_on(const Visit& visit, const Answers& answers) {
    Typed when(answers.when);
    casework::RaiseRequest ignored;
    return read_when(visit, when, ignored).day;
}

Result<std::size_t> child_number(const Visit& visit, const Answers& answers, std::size_t beyond) {
    const std::string_view text = visit.parameter("n");
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size() || n == 0 || n > answers.children.size() + beyond ||
        n > most_children) {
        return fault(FaultKind::missing, "n", "There is no such page.", "Go back to your answers.");
    }
    return n;
}

Result<Response> show_child(Visit& visit) {
    const Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const std::size_t n = TRY(child_number(visit, answers, 1));
    Typed typed(n <= answers.children.size() ? answers.children[n - 1] : Form());
    casework::RaiseRequest::Child ignored;
    if (with_faults(visit)) read_child(visit, typed, noticed_on(visit, answers), ignored);
    return child_page(visit, answers, n, typed);
}

// Whether the two say the same of who the child is; a choice among children offered for another description does not
// stand.
bool same_description(const Form& a, const Form& b) {
    for (const char* field :
         {"given_name", "family_name", "born-day", "born-month", "born-year", "unborn", "sex", "postcode"}) {
        if (trim(a.first(field)) != trim(b.first(field))) return false;
    }
    return true;
}

// `form` without what the page does not ask, and with the choice made before where it still stands.
Form kept_child(const Form& form, const Form* before) {
    Form kept;
    for (const auto& [name, values] : form.fields()) {
        if (name == "choice") continue;
        for (const std::string& value : values) kept.add(name, value);
    }
    if (before != nullptr && before->has("choice") && same_description(form, *before))
        kept.add("choice", std::string(before->first("choice")));
    return kept;
}

void put_child(Answers& answers, std::size_t n, const Form& form) {
    if (n > answers.children.size())
        answers.children.push_back(kept_child(form, nullptr));
    else
        answers.children[n - 1] = kept_child(form, &answers.children[n - 1]);
}

Result<Response> take_child(Visit& visit) {
    Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const std::size_t n = TRY(child_number(visit, answers, 1));
    const auto noticed = noticed_on(visit, answers);
    put_child(answers, n, visit.typed.form());
    casework::RaiseRequest::Child child;
    read_child(visit, visit.typed, noticed, child);
    const auto saved = save(visit, answers);
    if (!visit.typed.good()) return child_page(visit, answers, n, visit.typed);
    TRY_VOID(saved);
    return Visit::see(child_url(answers.draft, n) + "/match");
}

Result<Response> remove_child(Visit& visit) {
    Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const std::size_t n = TRY(child_number(visit, answers, 0));
    answers.children.erase(answers.children.begin() + static_cast<std::ptrdiff_t>(n) - 1);
    TRY_VOID(save(visit, answers));
    return Visit::see(answers.children.empty() ? child_url(answers.draft, 1) : step_url(answers.draft, "check"));
}

// ---- is it one of these children?
// -------------------------------------------------------------------------------------

// What is like and unlike what was typed, in words: "Like: same family name. Unlike: another given name."
std::string said_of(const people::Comparison& comparison) {
    std::string like;
    std::string unlike;
    for (const auto& each : comparison.evidence) {
        if (each.level == "missing" || each.words.empty() || each.weight == 0) continue;
        if (each.aspect == people::Aspect::household) continue;  // it is unlike nothing that was written
        std::string& words = each.weight > 0 ? like : unlike;
        std::string one = each.words;
        if (!one.empty()) one[0] = static_cast<char>(one[0] >= 'A' && one[0] <= 'Z' ? one[0] - 'A' + 'a' : one[0]);
        words += (words.empty() ? "" : "; ") + one;
    }
    std::string out;
    if (!like.empty()) out += "Like what you wrote: " + like + ".";
    if (!unlike.empty()) out += (out.empty() ? "" : " ") + ("Unlike it: " + unlike + ".");
    return out;
}

Response match_page(const Visit& visit, const Answers& answers, std::size_t n,
                    const std::vector<people::Offered>& offered, const Typed& typed) {
    Page page =
        step_page(visit, answers, "Raise a concern: is it one of these children?", typed, child_url(answers.draft, n));
    std::vector<ChoiceItem> items;
    for (const auto& one : offered) {
        std::string words = "Born " + born_words(one.identity, visit.today());
        if (const auto address = record::address_words(one.identity); !address.empty()) words += ". " + address;
        words += ". Known to " + agency_words(visit.office(), one.agency);
        items.push_back({.text = record::shown_name(one.identity),
                         .value = to_string(one.view),
                         .hint = {.text = Html(words) + Html::raw("<br>") + said_of(one.comparison)}});
    }
    items.push_back({.divider = "or"});
    items.push_back(
        {.text = "None of these",
         .value = choice_none,
         .hint = {.text = "You need not find the child. The front door looks whether another agency knows them."}});
    items.push_back(
        {.text = "I am not sure", .value = choice_unsure, .hint = {.text = "The front door will find out."}});
    Html content =
        radios({.name = "choice",
                .fieldset = FieldsetOptions{.legend = {.text = "Is it one of these children?",
                                                       .classes = "govuk-fieldset__legend--l",
                                                       .is_page_heading = true}},
                .hint = {.text = visit.may_triage() ? Html("These are children on record who may be the one you mean.")
                                                    : Html("These are children that your own agency knows.")},
                .error_message = typed.message("choice"),
                .items = std::move(items),
                .value = typed.value("choice")});
    content += button({.text = "Continue", .prevent_double_click = true});
    page.content += visit.form({.action = child_url(answers.draft, n) + "/match"}, content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<std::vector<people::Offered>> offered_for(const Visit& visit, const Answers& answers, std::size_t n) {
    Typed typed(answers.children[n - 1]);
    casework::RaiseRequest::Child child;
    read_child(visit, typed, noticed_on(visit, answers), child);
    if (!typed.good()) return std::vector<people::Offered>{};
    // The front door may look among all; everybody else is offered whom their own agency knows.
    const auto among = visit.may_triage() ? casework::Among::all_that_may_be_seen : casework::Among::own_agency;
    return casework::who_may_this_be(visit.office(), visit.asker(), child.as_described, most_offered, among);
}

Result<Response> show_match(Visit& visit) {
    const Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const std::size_t n = TRY(child_number(visit, answers, 0));
    const auto offered = TRY(offered_for(visit, answers, n));
    if (offered.empty()) return Visit::see(step_url(answers.draft, "check"));
    return match_page(visit, answers, n, offered, Typed(answers.children[n - 1]));
}

Result<Response> take_match(Visit& visit) {
    Answers answers = TRY(load(visit));
    if (answers.sent) return Visit::see(receipt_url(*answers.sent));
    const std::size_t n = TRY(child_number(visit, answers, 0));
    const auto offered = TRY(offered_for(visit, answers, n));
    std::vector<std::string> allowed{choice_none, choice_unsure};
    for (const auto& one : offered) allowed.push_back(to_string(one.view));
    const std::string choice =
        visit.typed.choice("choice", allowed, "Choose a child, ‘None of these’ or ‘I am not sure’");
    if (!visit.typed.good()) return match_page(visit, answers, n, offered, visit.typed);
    Form child = kept_child(answers.children[n - 1], nullptr);
    child.add("choice", choice);
    answers.children[n - 1] = std::move(child);
    TRY_VOID(save(visit, answers));
    return Visit::see(step_url(answers.draft, "check"));
}

// ---- saving while typing
// ------------------------------------------------------------------------------------------------

// Keeps a step as it is, without checks: what is wrong with it is said when it is sent.
Result<Response> autosave(Visit& visit) {
    Answers answers = TRY(load(visit));
    if (answers.sent) return fault(FaultKind::conflict, "draft", "This concern has been sent.", "Raise another one.");
    const std::string_view step = visit.parameter("step");
    if (step == "what") {
        answers.what = visit.typed.form();
    } else if (step == "when") {
        answers.when = visit.typed.form();
    } else if (step.starts_with("child-")) {
        std::size_t n = 0;
        const std::string_view digits = step.substr(6);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
        if (error != std::errc{} || end != digits.data() + digits.size() || n == 0 || n > answers.children.size() + 1 ||
            n > most_children) {
            return fault(FaultKind::missing, "step", "There is no such step.");
        }
        put_child(answers, n, visit.typed.form());
    } else {
        return fault(FaultKind::missing, "step", "There is no such step.");
    }
    TRY_VOID(save(visit, answers));
    Response response;
    response.status = 204;
    response.content_type = "text/plain; charset=utf-8";
    return response;
}

}  // namespace

std::vector<PageRoute> raise_pages() {
    std::vector<PageRoute> pages{
        {{Method::get, "/concerns/new", Shows::nothing, "concern.begin"}, begin},
        {{Method::get, "/concerns/drafts/:draft/what", Shows::record, "concern.draft"}, show_what},
        {{Method::post, "/concerns/drafts/:draft/what", Shows::record, "concern.draft"}, take_what},
        {{Method::get, "/concerns/drafts/:draft/when", Shows::record, "concern.draft"}, show_when},
        {{Method::post, "/concerns/drafts/:draft/when", Shows::record, "concern.draft"}, take_when},
        {{Method::get, "/concerns/drafts/:draft/children/:n", Shows::record, "concern.draft"}, show_child},
        {{Method::post, "/concerns/drafts/:draft/children/:n", Shows::record, "concern.draft"}, take_child},
        {{Method::post, "/concerns/drafts/:draft/children/:n/remove", Shows::record, "concern.draft"}, remove_child},
        {{Method::get, "/concerns/drafts/:draft/children/:n/match", Shows::record, "concern.who"}, show_match},
        {{Method::post, "/concerns/drafts/:draft/children/:n/match", Shows::record, "concern.who"}, take_match},
        {{Method::post, "/concerns/drafts/:draft/autosave/:step", Shows::record, "concern.draft"}, autosave}};
    auto more = send_pages();
    pages.insert(pages.end(), more.begin(), more.end());
    return pages;
}

}  // namespace waymark::web
