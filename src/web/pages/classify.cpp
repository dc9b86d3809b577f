// Classifying the behaviour in one concern: what happened, how it was classified before, what the manual says for this
// age, what is on record; then the answer with its reason. And every classification of a child's record in one list.
#include "casework/classifying.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/classify_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/manual_view.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::Classified;
using casework::ConcernClassified;
using casework::ToClassify;

constexpr const char* classified_kind = "concern.classified";

std::vector<std::pair<std::string, std::string>> choices_for(const Visit& visit, const char* field) {
    return choices_of(visit.office().catalogue, classified_kind, field);
}

// ---- what was said before -------------------------------------------------------------------------------------------

Html said_words(const Visit& visit, const Classified& one, bool stands) {
    const auto& line = *one.line;
    Html out = paragraph(Html(one.words.empty() ? one.category : one.words) +
                         Html(stands ? " (this one stands)" : " (classified again later)"));
    out += hint_paragraph(
        fmt::format("{}, {}, {}", author_words(line), line.source, when_words(visit.zone(), line.entry.row.at)));
    if (!one.why.empty()) out += paragraph(one.why);
    if (!one.enough.empty()) out += paragraph("What would be enough: " + one.enough);
    out += paragraph(link(entry_url(line.entry.row.entry), Html("Open the entry") + visually_hidden(", " + one.words)));
    return out;
}

Html earlier_answers(const Visit& visit, const ConcernClassified& of) {
    if (of.said.empty()) return {};
    Html out = heading(2, "How it was classified before", "m");
    for (const auto& one : of.said) out += inset_text({.content = said_words(visit, one, &one == &of.said.front())});
    return out;
}

// ---- beside the question --------------------------------------------------------------------------------------------

std::string age_words(const casework::DecisionAid& aid) {
    if (!aid.least) return "The record does not tell how old the child was.";
    const auto age =
        *aid.least == *aid.most ? std::to_string(*aid.least) : fmt::format("between {} and {}", *aid.least, *aid.most);
    return fmt::format("On {} the child was {} years old.", format_long(*aid.on), age);
}

Html counts_table(const casework::DecisionAid& aid, const Visit& visit) {
    TableOptions o;
    o.caption = "What is on record, as far as you may see it";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What"}, {.content = "How many"}, {.content = "The newest"}};
    for (const auto& one : aid.counted) {
        Html newest = "None";
        if (!one.lines.empty()) {
            const auto& line = *one.lines.back();
            newest = link(entry_url(line.entry.row.entry),
                          Html(when_words(visit.zone(), line.entry.row.at)) + visually_hidden(": " + one.words));
        }
        o.rows.push_back({{.content = one.words},
                          labelled("How many", std::to_string(one.lines.size())),
                          labelled("The newest", newest)});
    }
    return table(o);
}

Html beside_the_question(const Visit& visit, const casework::DecisionAid& aid) {
    Html out = heading(2, "What is expected at this age and stage", "m");
    out += paragraph(age_words(aid));
    if (aid.chapter != nullptr) {
        for (const auto* block : aid.stages) out += manual_paragraph(*aid.chapter, *block);
        Html section;
        for (const auto* block : aid.paragraphs) section += manual_paragraph(*aid.chapter, *block);
        if (!section.empty()) out += details({.summary = "What the manual says about classifying", .content = section});
    }
    out += counts_table(aid, visit);
    out +=
        hint_paragraph("These are counts. Nothing is added up, and no answer is suggested: you decide, and say why.");
    return out;
}

// ---- the form -------------------------------------------------------------------------------------------------------

Html long_text(const Typed& typed, const char* name, const Html& question, const Html& hint, int rows) {
    return textarea({.name = name,
                     .label = {.text = question, .classes = "govuk-label--s"},
                     .hint = {.text = hint},
                     .error_message = typed.message(name),
                     .value = typed.value(name),
                     .rows = rows,
                     .spellcheck = true});
}

Html factor_boxes(const Visit& visit, const Typed& typed) {
    const bool any = !typed.all("factors").empty() || typed.at_fault("factors");
    const auto boxes =
        checkboxes({.name = "factors",
                    .fieldset = FieldsetOptions{.legend = {.text = "Which factors apply? (optional)",
                                                           .classes = "govuk-fieldset__legend--s"}},
                    .hint = {.text = "The list is that of the children in need census. Choose all that apply."},
                    .error_message = typed.message("factors"),
                    .items = radio_items(choices_for(visit, "factors")),
                    .values = typed.all("factors"),
                    .classes = "govuk-checkboxes--small"});
    return details({.summary = "Factors that apply (optional)", .content = boxes, .open = any});
}

Html questions(const Visit& visit, const Typed& typed) {
    Html content = radios({.name = "category",
                           .fieldset = FieldsetOptions{.legend = {.text = "How do you classify what happened?",
                                                                  .classes = "govuk-fieldset__legend--m"}},
                           .hint = {.text = "You classify what happened, not the child."},
                           .error_message = typed.message("category"),
                           .items = radio_items(choices_for(visit, "category")),
                           .value = typed.value("category")});
    content += long_text(typed, "enough", "If there is not enough information: what would be enough?",
                         "Say who finds it out. Leave it empty otherwise.", 3);
    content += radios({.name = "tool",
                       .fieldset = FieldsetOptions{.legend = {.text = "Which tool did you use?",
                                                              .classes = "govuk-fieldset__legend--s"}},
                       .error_message = typed.message("tool"),
                       .items = radio_items(choices_for(visit, "tool")),
                       .value = typed.value("tool"),
                       .classes = "govuk-radios--small"});
    content += input({.name = "tool_version",
                      .label = {.text = "Which version of the tool? (optional)", .classes = "govuk-label--s"},
                      .error_message = typed.message("tool_version"),
                      .value = typed.value("tool_version"),
                      .classes = "govuk-input--width-10",
                      .autocomplete = "off"});
    content += factor_boxes(visit, typed);
    content += long_text(typed, "rationale", "Why?",
                         "Say what you weighed. Others will read this in years to come. Do not name another child.", 5);
    return content;
}

Html sent_form(const Visit& visit, const ToClassify& of, const KeptForm& form, const std::string& seen) {
    Visit::FormOptions options{
        .action = classify_url(of.of.concern->entry.row.entry), .key = form.key, .draft_url = form.autosave};
    options.hidden.emplace_back("seen", seen);
    return visit.form(options, questions(visit, form.typed) +
                                   button({.text = "Record the classification", .prevent_double_click = true}));
}

std::string newest_of(const ToClassify& of) {
    return of.of.said.empty() ? std::string() : to_string(of.of.said.front().line->entry.row.entry);
}

Response form_shown(const Visit& visit, const ToClassify& of, const KeptForm& form, unsigned status) {
    const auto& line = *of.of.concern;
    Page page = child_frame(visit, of.child, "Classify the behaviour", ChildPart::classification);
    page.back_link = BackLinkOptions{.href = classifications_url(of.child.person)};
    page.errors = form.typed.summary();
    page.content += heading(1, of.of.said.empty() ? "Classify the behaviour" : "Classify the behaviour again", "l");
    page.content += heading(2, line.title, "m") + entry_summary(visit, line);
    page.content += earlier_answers(visit, of.of) + beside_the_question(visit, of.aid);
    page.content += sent_form(visit, of, form, form.typed.has("seen") ? form.typed.value("seen") : newest_of(of));
    return visit.show(page, status);
}

// Somebody classified it meanwhile: what stands, beside what was typed, which can be sent again.
Response both_answers(const Visit& visit, const ToClassify& of, const KeptForm& form, const Fault& why) {
    Page page = child_frame(visit, of.child, "Somebody classified this before you", ChildPart::classification);
    page.content += heading(1, "Somebody classified this before you", "l");
    page.content += paragraph(why.reason + " Nothing that you typed is lost. " + why.mend);
    if (!of.of.said.empty())
        page.content +=
            heading(2, "What stands now", "m") + inset_text({.content = said_words(visit, of.of.said.front(), true)});
    page.content += heading(2, "What you typed", "m") + sent_form(visit, of, form, newest_of(of));
    return visit.show(page, 409);
}

Result<Response> show_classify(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    const auto of = TRY(casework::to_classify(visit.office(), visit.asker(), concern));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "classify", classify_url(concern));
    return form_shown(visit, of, *form, 200);
}

casework::ClassifyRequest read_classification(const Visit& visit, EntryId concern, KeptForm& form) {
    Typed& typed = form.typed;
    casework::ClassifyRequest request;
    request.key = form.key;
    request.concern = concern;
    request.seen = parse_id<EntryId>(typed.value("seen")).value_or(EntryId{});
    request.category = typed.choice("category", codes_of(choices_for(visit, "category")), "Choose how you classify it");
    request.enough =
        request.category == "not-enough-information"
            ? typed.required_text("enough", "what would be enough", "Enter what would be enough, and who finds it out")
            : typed.text("enough", "what would be enough");
    if (!request.category.empty() && request.category != "not-enough-information" && !request.enough.empty())
        typed.fault("enough", "Leave this empty, or choose “Not enough information”");
    request.tool = typed.choice("tool", codes_of(choices_for(visit, "tool")), "Choose the tool that you used");
    request.tool_version = typed.text("tool_version", "the version");
    const auto known = codes_of(choices_for(visit, "factors"));
    for (const auto& one : typed.all("factors")) {
        if (std::find(known.begin(), known.end(), one) == known.end())
            typed.fault("factors", "Choose among the factors on the page");
        else
            request.factors.push_back(one);
    }
    request.rationale = typed.required_text("rationale", "the reason", "Say why you classify it so");
    return request;
}

Result<Response> take_classification(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    auto form = TRY(sent_kept_form(visit, "classify", classify_url(concern)));
    const auto request = read_classification(visit, concern, form);
    if (form.typed.good()) {
        const auto done = casework::classify(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see("/entries/" + to_string(*done) + "?added=yes");
        }
        const auto& why = done.error();
        if (why.kind == FaultKind::conflict && why.place == "seen")
            return both_answers(visit, TRY(casework::to_classify(visit.office(), visit.asker(), concern)), form, why);
        if (why.kind == FaultKind::held || why.place == "concern")
            form.typed.fault("category", why.reason + " " + why.mend);
        else if (!beside(form.typed, why, {"category", "enough", "tool", "tool_version", "factors", "rationale"}))
            return tl::unexpected(why);
    }
    return form_shown(visit, TRY(casework::to_classify(visit.office(), visit.asker(), concern)), form, 422);
}

// ---- all of a record ------------------------------------------------------------------------------------------------

Html one_concern(const Visit& visit, const ConcernClassified& one) {
    const auto& line = *one.concern;
    const auto id = line.entry.row.entry;
    const auto when = when_words(visit.zone(), line.entry.row.at);
    Html content = paragraph(Html(fmt::format("{}, {}. ", line.source, when)) +
                             link(entry_url(id), Html("Open it") + visually_hidden(", " + line.title)));
    if (one.said.empty()) content += paragraph("Not classified yet.");
    for (const auto& said : one.said)
        content += inset_text({.content = said_words(visit, said, &said == &one.said.front())});
    if (visit.may(record::Action::append, classified_kind))
        content += paragraph(link(classify_url(id), Html(one.said.empty() ? "Classify it" : "Classify it again") +
                                                        visually_hidden(fmt::format(": {}, {}", line.title, when))));
    return heading(2, line.title, "m") + content;
}

Result<Response> show_classifications(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    Page page = child_frame(visit, child, "Classification", ChildPart::classification);
    page.content += heading(1, "How the behaviour was classified", "l");
    page.content += paragraph(
        "Each classification is of what happened once. It belongs to that concern and not to the child. A later one "
        "takes its place; the earlier one stays.");
    const auto all = casework::classifications_in(visit.office(), child.lines);
    if (all.empty()) page.content += paragraph("In no concern is this child said to have displayed behaviour.");
    for (const auto& one : all) page.content += one_concern(visit, one);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::string classify_url(EntryId concern) {
    return "/concerns/" + to_string(concern) + "/classify";
}
std::string classifications_url(ViewId person) {
    return child_url(person) + "/classifications";
}

std::vector<PageRoute> classify_pages() {
    return {
        {{Method::get, "/children/:person/classifications", Shows::record, "child.classified"}, show_classifications},
        {{Method::get, "/concerns/:concern/classify", Shows::record, "concern.classify"}, show_classify},
        {{Method::post, "/concerns/:concern/classify", Shows::record, "concern.classify"}, take_classification}};
}

}  // namespace waymark::web
