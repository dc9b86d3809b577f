// The procedures that are in force, to be read: in words by the chapters of the manual, as a drawing, and as the table
// of what is drawn. Everybody who is signed in may read them; no page of it shows a record.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "procedure/explain.hpp"
#include "web/components/table.hpp"
#include "web/pages/manual_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using procedure::Rulebook;

std::size_t count_duties(const Rulebook& book) {
    std::set<std::string> ids;
    for (const auto& rule : book.rules) {
        if (rule.relation == procedure::Relation::response) ids.insert(rule.id);
    }
    return ids.size();
}

Result<Response> all_procedures(Visit& visit) {
    Page page = visit.page("Procedures in force");
    page.content = paragraph(link("/manual", "Procedures manual")) + heading(1, "Procedures in force", "l");
    page.content += paragraph(
        "What Waymark works out from the record: what must happen by when, what may not happen yet, and what somebody "
        "must look at. A case keeps to the version that was in force when it was opened.");
    TableOptions o;
    o.caption = "Procedures";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Procedure"}, {.content = "Version"}, {.content = "Duties"}, {.content = "Prompts"}};
    for (const auto& book : casework::procedures_in_force(visit.office().editions, visit.office().catalogue)) {
        o.rows.push_back({{.content = link("/procedures/" + book.name, book.title)},
                          labelled("Version", book.version),
                          labelled("Duties", std::to_string(count_duties(book))),
                          labelled("Prompts", std::to_string(book.cues.size()))});
    }
    page.content += table(o);
    page.content += print_button();
    return visit.show(page);
}

Html statement(const Visit& visit, const procedure::Statement& one) {
    Html words = Html(one.words) + Html(" ") + manual_link(visit, visit.office().editions.now(), one.paragraph);
    if (one.unsourced) words += hint_paragraph("No source was found for this. The partnership sets it.");
    if (!one.unsourced && !one.source.empty()) words += hint_paragraph("Source: " + one.source + ".");
    return words;
}

Html text_bullets(const std::vector<std::string>& lines) {
    std::vector<Html> items;
    items.reserve(lines.size());
    for (const auto& line : lines) items.emplace_back(line);
    return bullets(items);
}

Html drawing(const Rulebook& book) {
    // The drawing escapes what it writes itself.
    return Writer()
        .open("div")
        .classes({"waymark-scroll"})
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Drawing of the procedure")
        .add(Html::raw(procedure::diagram(book)))
        .close("div")
        .done();
}

Html drawing_table(const Rulebook& book) {
    TableOptions o;
    o.caption = "What the drawing shows";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "From"},
              {.content = "What it means"},
              {.content = "To"},
              {.content = "Clock"},
              {.content = "Rule"}};
    for (const auto& arrow : procedure::arrows_of(book)) {
        o.rows.push_back({{.content = procedure::event_label(book, arrow.from)},
                          labelled("What it means", std::string(procedure::in_words(arrow.kind))),
                          labelled("To", procedure::event_label(book, arrow.to)),
                          labelled("Clock", arrow.clock.empty() ? "None" : arrow.clock),
                          labelled("Rule", waymark::join(arrow.rules, ", "))});
    }
    return table(o);
}

Result<Response> one_procedure(Visit& visit) {
    const auto books = casework::procedures_in_force(visit.office().editions, visit.office().catalogue);
    const auto found = std::find_if(books.begin(), books.end(),
                                    [&](const Rulebook& book) { return book.name == visit.parameter("name"); });
    if (found == books.end())
        return fault(FaultKind::missing, "name", "No such procedure is in force.", "Choose one from the list.");
    const auto& manual = visit.office().editions.now().manual;
    const auto explained = procedure::explanation(*found, manual);
    Page page = visit.page(found->title);
    page.content = paragraph(link("/procedures", "All procedures")) + heading(1, found->title, "l");
    page.content += paragraph("Version " + found->version + ", with the partnership’s own numbers.");
    if (visit.may(record::Action::read))
        page.content += paragraph(
            link("/procedures/" + found->name + "/replay", "What another version would have required of the record"));
    page.content += heading(2, "In words", "m");
    for (const auto& chapter : explained.chapters) {
        page.content += heading(3,
                                chapter.number.empty() ? "In no chapter of the manual"
                                                       : fmt::format("{} {}", chapter.number, chapter.title),
                                "s");
        std::vector<Html> items;
        for (const auto& one : chapter.statements) items.push_back(statement(visit, one));
        page.content += bullets(items);
    }
    if (!explained.numbers.empty())
        page.content += heading(3, "Numbers that the partnership may change", "s") + text_bullets(explained.numbers);
    if (!explained.manifold.empty())
        page.content += heading(3, "What there may be many of", "s") + text_bullets(explained.manifold);
    page.content += heading(2, "As a drawing", "m");
    page.content += paragraph("Time goes from left to right. The same is in the table below it.");
    page.content += drawing(*found) + drawing_table(*found);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> procedure_pages() {
    return {{{Method::get, "/procedures", Shows::nothing, "procedures.contents"}, all_procedures},
            {{Method::get, "/procedures/:name", Shows::nothing, "procedures.one"}, one_procedure}};
}

}  // namespace waymark::web
