// What another version of a procedure would have required of the record as it is: the same question that
// `waymark procedure replay` asks, for who may read the record. It changes nothing.
#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/replay.hpp"
#include "web/components/button.hpp"
#include "web/components/input.hpp"
#include "web/components/radios.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_lines_of_a_case = 20;
constexpr std::string_view from_folder = "folder";
constexpr std::string_view as_typed = "typed";

std::string replay_url(std::string_view name) {
    return fmt::format("/procedures/{}/replay", name);
}

Result<procedure::Rulebook> book_in_force(const Visit& visit) {
    auto books = casework::procedures_in_force(visit.office().editions, visit.office().catalogue);
    const auto found = std::find_if(books.begin(), books.end(),
                                    [&](const auto& book) { return book.name == visit.parameter("name"); });
    if (found == books.end())
        return fault(FaultKind::missing, "name", "No such procedure is in force.", "Choose one from the list.");
    return std::move(*found);
}

Html day_field(const Visit& visit, const std::string& name, const std::string& label, const std::string& hint) {
    return input({.name = name,
                  .label = {.text = label},
                  .hint = {.text = hint},
                  .error_message = visit.typed.message(name),
                  .type = "date",
                  .value = visit.typed.value(name),
                  .classes = "govuk-input--width-10",
                  .attributes = {{"max", format_date(visit.today())}}});
}

Html question_form(const Visit& visit, const procedure::Rulebook& book, const std::string& adopted) {
    const auto& typed = visit.typed;
    const auto which = typed.value("which");
    Html text = textarea({.name = "text",
                          .label = {.text = "The document"},
                          .hint = {.text = fmt::format("As a rulebook file is written, at most {} characters. It "
                                                       "begins with the one that is in force.",
                                                       most_characters)},
                          .error_message = typed.message("text"),
                          .value = typed.has("text") ? typed.value("text") : adopted,
                          .rows = 20,
                          .spellcheck = false});
    Html content = radios(
        {.name = "which",
         .fieldset = FieldsetOptions{.legend = {.text = "Which version?", .classes = "govuk-fieldset__legend--s"}},
         .error_message = typed.message("which"),
         .items = {{.text = "The one in the content folder",
                    .value = std::string(from_folder),
                    .hint = {.text = "What would be adopted next"}},
                   {.text = "One that is written here", .value = std::string(as_typed), .conditional = text}},
         .value = which.empty() ? std::string(from_folder) : which});
    content += day_field(visit, "from", "From", "Only what would have come on this day or later. May stay empty.");
    content += day_field(visit, "to", "To", "Only what would have come up to this day. May stay empty.");
    content += day_field(visit, "on", "As of", "With what was known at the end of that day. Empty: now.");
    content += button({.text = "Show what it would have required", .prevent_double_click = true});
    return visit.form({.action = replay_url(book.name)}, content);
}

Page question_page(const Visit& visit, const procedure::Rulebook& book) {
    Page page = visit.page("Another version of a procedure");
    page.errors = visit.typed.summary();
    page.content = paragraph(link("/procedures/" + book.name, book.title));
    page.content += heading(1, "What another version would have required", "l");
    page.content += paragraph(
        "The record stays as it is. Each case is held against the version that was in force when it was opened, and "
        "stepped through as it became known.");
    return page;
}

Result<void> may_ask(const Visit& visit) {
    if (visit.may(record::Action::read)) return {};
    return fault(FaultKind::forbidden, "role", "This is for who may read the record.",
                 "Ask a safeguarding lead what another version would require.");
}

Result<Response> ask_replay(Visit& visit) {
    TRY_VOID(may_ask(visit));
    const auto book = TRY(book_in_force(visit));
    const auto* adopted = casework::adopted_text(visit.office().editions.newest(), "procedure", book.name);
    Page page = question_page(visit, book);
    page.content += question_form(visit, book, adopted == nullptr ? std::string() : adopted->text);
    return visit.show(page, visit.typed.good() ? 200 : 422);
}

// ---- the answer -----------------------------------------------------------------------------------------------------

Html totals_table(const casework::ReplayTotals& totals) {
    TableOptions o;
    o.caption = "In total";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What"},
              {.content = "Would have been, and was not (or sooner)"},
              {.content = "Was, and would not have been"}};
    const auto row = [&](const char* what, std::size_t would, std::size_t no_longer) {
        o.rows.push_back({{.content = what},
                          labelled("Would have been, and was not (or sooner)", std::to_string(would)),
                          labelled("Was, and would not have been", std::to_string(no_longer))});
    };
    row("Duties", totals.due, totals.no_longer.due);
    row("Recorded steps held up", totals.blocked, totals.no_longer.blocked);
    row("Prompts", totals.shown, totals.no_longer.shown);
    return table(o);
}

Html by_rule_table(const casework::ReplayTotals& totals) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> by;
    const auto gather = [&](const std::map<std::string, std::size_t>& would,
                            const std::map<std::string, std::size_t>& no_longer) {
        for (const auto& [id, n] : would) by[id].first += n;
        for (const auto& [id, n] : no_longer) by[id].second += n;
    };
    gather(totals.by_duty, totals.no_longer.by_duty);
    gather(totals.by_rule, totals.no_longer.by_rule);
    gather(totals.by_cue, totals.no_longer.by_cue);
    if (by.empty()) return {};
    TableOptions o;
    o.caption = "Rule by rule";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Rule"}, {.content = "Would have been"}, {.content = "No longer"}};
    for (const auto& [id, n] : by) {
        o.rows.push_back({{.content = id},
                          labelled("Would have been", std::to_string(n.first)),
                          labelled("No longer", std::to_string(n.second))});
    }
    return table(o);
}

std::string days_sooner(const std::optional<int>& days) {
    if (!days || *days <= 0) return {};
    return fmt::format(", {} earlier", count_words(static_cast<std::size_t>(*days), "day", "days"));
}

std::vector<Html> lines_of_case(const procedure::Replayed& told) {
    std::vector<Html> lines;
    for (const auto& one : told.due) {
        auto words = fmt::format("Due from {}: {} ({}), by {}", format_long(one.first), one.label,
                                 content::role_label(one.owner), format_long(one.due));
        if (one.due_in_force) {
            words += fmt::format("; in fact by {}{}", format_long(*one.due_in_force), days_sooner(one.earlier_days));
        }
        lines.emplace_back(words + ".");
    }
    for (const auto& one : told.blocked)
        lines.emplace_back(fmt::format("Held up on {}: {}", format_long(one.on), one.why));
    for (const auto& one : told.shown) {
        auto words = fmt::format("Shown from {}: {}", format_long(one.first), one.why);
        if (one.first_in_force)
            words +=
                fmt::format(" In fact from {}{}.", format_long(*one.first_in_force), days_sooner(one.earlier_days));
        lines.emplace_back(words);
    }
    for (const auto& one : told.no_longer.due) {
        lines.emplace_back(fmt::format("No longer due: {} ({}), which was owed from {} by {}.", one.label,
                                       content::role_label(one.owner), format_long(one.first), format_long(one.due)));
    }
    for (const auto& one : told.no_longer.blocked)
        lines.emplace_back(fmt::format("No longer held up, as it was on {}: {}", format_long(one.on), one.why));
    for (const auto& one : told.no_longer.shown)
        lines.emplace_back(fmt::format("No longer shown, as it was from {}: {}", format_long(one.first), one.why));
    return lines;
}

Html case_of(const casework::ReplayAnswer::Case& one) {
    auto lines = lines_of_case(one.told);
    if (lines.size() > most_lines_of_a_case) {
        const auto more = lines.size() - most_lines_of_a_case;
        lines.resize(most_lines_of_a_case);
        lines.emplace_back(fmt::format("And {} more.", more));
    }
    return heading(3, link(child_url(one.told.person) + "/standing", one.name), "s") +
           hint_paragraph("In force for this case: " + one.told.procedure + ".") + bullets(lines);
}

Html answer_content(const casework::ReplayAnswer& answer) {
    const auto& totals = answer.totals;
    Html content = heading(2, "What it would have required", "m");
    if (!answer.whole) {
        content += warning_text({.text = fmt::format("This took too long for a page: only the first {} were read. "
                                                     "`waymark procedure replay` reads them all.",
                                                     count_words(totals.cases, "case", "cases")),
                                 .icon_fallback_text = "Warning"});
    }
    content += paragraph(fmt::format("{} read, {} with something otherwise.",
                                     count_words(totals.cases, "case was", "cases were"), totals.changed));
    if (totals.changed == 0) return content + paragraph("Nothing would have been otherwise.");
    if (totals.earlier > 0) {
        content += paragraph(fmt::format("In {} something would have come earlier: {:.1f} days on average, at most {}.",
                                         count_words(totals.earlier, "case", "cases"),
                                         static_cast<double>(totals.earlier_days) / static_cast<double>(totals.earlier),
                                         totals.most_earlier_days));
    }
    content += totals_table(totals) + by_rule_table(totals);
    content += heading(2, "Case by case", "m");
    if (answer.cases.size() < totals.changed)
        content += paragraph(fmt::format("The first {} of {} are shown.", answer.cases.size(), totals.changed));
    for (const auto& one : answer.cases) content += case_of(one);
    return content;
}

// Empty is no day; what is none, or is still to come, is a fault beside its field.
std::optional<Date> day_typed(Visit& visit, const std::string& name) {
    const auto text = visit.typed.value(name);
    if (text.empty()) return std::nullopt;
    const auto day = past_day(visit, text);
    if (!day) {
        visit.typed.fault(name, day.error());
        return std::nullopt;
    }
    return *day;
}

// Whether the document in the form is another than the one in force; browsers end its lines with two characters.
bool is_changed(const Visit& visit, const std::string& name) {
    std::string typed = visit.typed.value("text");
    std::erase(typed, '\r');
    const auto* adopted = casework::adopted_text(visit.office().editions.newest(), "procedure", name);
    return !trim(typed).empty() && (adopted == nullptr || trim(typed) != trim(adopted->text));
}

Result<Response> answer_replay(Visit& visit) {
    TRY_VOID(may_ask(visit));
    const auto book = TRY(book_in_force(visit));
    casework::ReplayQuestion question;
    question.period.from = day_typed(visit, "from");
    question.period.to = day_typed(visit, "to");
    question.on = day_typed(visit, "on");
    if (question.period.from && question.period.to && *question.period.to < *question.period.from)
        visit.typed.fault("to", "The period must not end before it begins");
    const auto which =
        visit.typed.choice("which", {std::string(from_folder), std::string(as_typed)}, "Choose which version");
    std::string text;
    if (which == as_typed) {
        text = visit.typed.required_text("text", "the document", "Enter the document");
    } else if (which == from_folder && is_changed(visit, book.name)) {
        visit.typed.fault("which", "The document below was changed: choose the one that is written here, or empty it");
    } else if (which == from_folder) {
        auto read = casework::procedure_in_folder(visit.office(), book.name);
        if (read) {
            text = std::move(*read);
        } else {
            visit.typed.fault("which", read.error().reason + " " + read.error().mend);
        }
    }
    if (!visit.typed.good()) return ask_replay(visit);
    const auto changed = casework::changed_procedure(visit.office(), text, book.name + ".toml");
    if (!changed) {
        visit.typed.fault(which == as_typed ? "text" : "which", describe(changed.error()));
        return ask_replay(visit);
    }
    const auto threads = std::clamp(std::thread::hardware_concurrency(), 1u, 2u);
    const auto found = TRY(casework::replay_answer(visit.office(), visit.asker(), *changed, question, threads));
    Page page = question_page(visit, book);
    page.content += answer_content(found);
    page.content += heading(2, "Ask again", "m") + question_form(visit, book, text);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> replay_pages() {
    return {{{Method::get, "/procedures/:name/replay", Shows::nothing, "procedures.replay"}, ask_replay},
            {{Method::post, "/procedures/:name/replay", Shows::record, "procedures.replayed"}, answer_replay}};
}

}  // namespace waymark::web
