// Who is in a child's life: family, carers and others, as a drawing and as tables; adults whom entries name; and who
// works with the child, from when until when.
#include <array>

#include <fmt/format.h>

#include "casework/surroundings.hpp"
#include "web/components/button.hpp"
#include "web/components/network.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_drawn = 16;

bool adds(const Visit& visit, const char* kind) {
    return visit.may(record::Action::append, kind);
}

std::string day_or(const std::optional<Date>& day, const char* otherwise) {
    return day ? format_long(*day) : std::string(otherwise);
}

std::string who_words(const casework::Relation& one) {
    return one.who.empty() ? std::string("Name not known") : one.who;
}

Html drawing(const casework::PeopleSheet& sheet, Date today) {
    if (sheet.relations.size() < 2) return {};
    const auto* child = best_identity(sheet.child);
    NetworkOptions o{.id = "around",
                     .title = "Who is around this child",
                     .description = "Each person with what they are to the child. The table below says the same.",
                     .centre = child == nullptr ? std::string("This child") : record::shown_name(*child)};
    for (const auto& one : sheet.relations) {
        if (o.nodes.size() == most_drawn) break;
        o.nodes.push_back({who_words(one), one.relation, one.is_over(today)});
    }
    return Writer()
        .open("div")
        .classes({"waymark-scroll waymark-screen-only"})
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Drawing of who is around this child")
        .add(network(o))
        .close("div")
        .done();
}

Html more_of(const casework::Relation& one) {
    std::vector<Html> items;
    if (one.lives_with) items.emplace_back("Lives with the child");
    if (one.responsibility) items.emplace_back("Has parental responsibility");
    if (!one.contact.empty()) items.emplace_back("Contact: " + one.contact);
    return items.empty() ? Html("–") : bullets(items);
}

Html state_of(const Visit& visit, ViewId person, const casework::Relation& one) {
    if (one.is_over(visit.today())) {
        Html out = tag({.text = "Ended", .classes = "govuk-tag--grey"});
        if (one.ended) out += Html(" ") + link(entry_url(*one.ended), "Why");
        return out;
    }
    Html out = tag({.text = "Now", .classes = "govuk-tag--blue"});
    if (adds(visit, "relationship.ended"))
        out += Html(" ") + link(add_url(person, "relationship.ended") + "?about=" + to_string(one.entry),
                                Html("End it") + visually_hidden(": " + one.relation + ", " + who_words(one)));
    return out;
}

Html relations_part(const Visit& visit, const casework::PeopleSheet& sheet) {
    Html content = heading(2, "Family, carers and others", "m");
    if (sheet.relations.empty())
        return content + paragraph("No relationship is on record, as far as you may see. Nobody may have asked yet.");
    TableOptions o;
    o.caption = "Relationships, those that last first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"},   {.content = "What they are"}, {.content = "From"},  {.content = "Until"},
              {.content = "State"}, {.content = "More"},          {.content = "Source"}};
    for (const auto& one : sheet.relations) {
        const auto source = fmt::format("{}{}{}, {}", one.source, one.source.empty() ? "" : "; recorded by ", one.by,
                                        when_words(visit.zone(), one.recorded));
        o.rows.push_back({{.content = link(entry_url(one.entry), who_words(one))},
                          labelled("What they are", one.relation),
                          labelled("From", day_or(one.from, "Not said")),
                          labelled("Until", day_or(one.to, "–")),
                          labelled("State", state_of(visit, sheet.child.person, one)),
                          labelled("More", more_of(one)),
                          labelled("Source", source)});
    }
    content += drawing(sheet, visit.today()) + table(o);
    return content + hint_paragraph("Open a name to read the entry, and to correct it if your agency wrote it.");
}

std::string involvement_words(record::Involvements set) {
    static constexpr std::array<std::pair<record::Involvement, std::string_view>, 5> words{
        {{record::Involvement::parent, "Parent"},
         {record::Involvement::carer, "Carer"},
         {record::Involvement::household, "Member of the household"},
         {record::Involvement::person_of_concern, "May be a danger to the child"},
         {record::Involvement::other, "Another adult"}}};
    std::string out;
    for (const auto& [one, text] : words) {
        if (record::has(set, one)) out += (out.empty() ? "" : ", ") + std::string(text);
    }
    return out;
}

Html named_part(const casework::PeopleSheet& sheet) {
    if (sheet.named.empty()) return {};
    TableOptions o;
    o.caption = "Adults whom entries name";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"},
              {.content = "As what"},
              {.content = "First named"},
              {.content = "Last named"},
              {.content = "By"}};
    for (const auto& one : sheet.named) {
        o.rows.push_back({{.content = link(entry_url(one.newest), one.name)},
                          labelled("As what", involvement_words(one.involvement)),
                          labelled("First named", format_long(one.first)),
                          labelled("Last named", format_long(one.last)),
                          labelled("By", one.by)});
    }
    return table(o);
}

Html led_words(const casework::Worker& one) {
    Html out;
    for (const auto& [from, until] : one.led) {
        if (!out.markup().empty()) out += Html::raw("<br>");
        out += Html(until ? fmt::format("Led from {} until {}", format_long(from), format_long(*until))
                          : fmt::format("Leads since {}", format_long(from)));
    }
    return one.led.empty() ? Html("–") : out;
}

Html workers_part(const casework::PeopleSheet& sheet) {
    TableOptions o;
    o.caption = "Practitioners in this record";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"},
              {.content = "Agency"},
              {.content = "First entry"},
              {.content = "Last entry"},
              {.content = "The case"}};
    for (const auto& one : sheet.workers) {
        Html who(one.name);
        if (!one.role.empty()) who += Html::raw("<br>") + Writer().element("span", "govuk-body-s", one.role).done();
        o.rows.push_back({{.content = who},
                          labelled("Agency", one.agency),
                          labelled("First entry", format_long(one.from)),
                          labelled("Last entry", format_long(one.last)),
                          labelled("The case", led_words(one))});
    }
    Html content = sheet.workers.empty() ? heading(2, "Practitioners in this record", "m") +
                                               paragraph("Nobody is named in what you may see.")
                                         : table(o);
    return content +
           paragraph(link(child_url(sheet.child.person) + "/ring", "Who do I ring? Numbers and today’s cover"));
}

Html services_part(const casework::PeopleSheet& sheet) {
    if (sheet.services.empty()) return {};
    TableOptions o;
    o.caption = "Services that are involved";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Service"},
              {.content = "Organisation"},
              {.content = "Involved"},
              {.content = "From"},
              {.content = "Until"}};
    for (const auto& one : sheet.services) {
        o.rows.push_back(
            {{.content = link(entry_url(one.entry), one.service.empty() ? std::string("Not said") : one.service)},
             labelled("Organisation", one.organisation.empty() ? std::string("–") : one.organisation),
             labelled("Involved", one.status.empty() ? std::string("Not known") : one.status),
             labelled("From", day_or(one.from, "Not said")),
             labelled("Until", day_or(one.to, "–"))});
    }
    return table(o);
}

Result<Response> show_people(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto sheet = TRY(casework::people_around(visit.office(), visit.asker(), person));
    Page page = child_frame(visit, sheet.child, "People and relationships", ChildPart::people);
    page.content += heading(1, "People and relationships", "l");
    page.content += relations_part(visit, sheet);
    if (adds(visit, "relationship.recorded"))
        page.content += button({.text = "Record a relationship",
                                .href = add_url(sheet.child.person, "relationship.recorded"),
                                .classes = "waymark-screen-only"});
    page.content += named_part(sheet) + workers_part(sheet) + services_part(sheet);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> child_people_pages() {
    return {{{Method::get, "/children/:person/people", Shows::record, "child.people"}, show_people}};
}

}  // namespace waymark::web
