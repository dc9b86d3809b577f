// Where a child is and was, with dates; and, for each kind of place, what is on record of safety there.
#include <fmt/format.h>

#include "casework/surroundings.hpp"
#include "web/components/button.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::string date_or(const std::optional<Date>& day, const char* otherwise) {
    return day ? format_long(*day) : std::string(otherwise);
}

Html state_of_place(const Visit& visit, ViewId person, const casework::PlaceOfChild& one) {
    if (one.is_over(visit.today())) {
        Html out = tag({.text = "Former", .classes = "govuk-tag--grey"});
        if (one.ended) out += Html(" ") + link(entry_url(*one.ended), "Why");
        return out;
    }
    Html out = tag({.text = "Now", .classes = "govuk-tag--blue"});
    if (visit.may(record::Action::append, "place.ended"))
        out += Html(" ") + link(add_url(person, "place.ended") + "?about=" + to_string(one.entry),
                                Html("End it") + visually_hidden(": " + one.setting_words + ", " + one.name));
    return out;
}

Html places_part(const Visit& visit, const casework::PlacesSheet& sheet) {
    Html content = heading(2, "Where the child is and was", "m");
    if (sheet.places.empty())
        return content + paragraph("No place is on record, as far as you may see. Nobody may have asked yet.");
    TableOptions o;
    o.caption = "Places, those of today first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Place"}, {.content = "What it is"}, {.content = "From"},
              {.content = "Until"}, {.content = "State"},      {.content = "Source"}};
    for (const auto& one : sheet.places) {
        const auto source = fmt::format("{}{}{}, {}", one.source, one.source.empty() ? "" : "; recorded by ", one.by,
                                        when_words(visit.zone(), one.recorded));
        o.rows.push_back({{.content = link(entry_url(one.entry), one.name.empty() ? one.setting_words : one.name)},
                          labelled("What it is", one.setting_words),
                          labelled("From", date_or(one.from, "Not said")),
                          labelled("Until", date_or(one.to, "–")),
                          labelled("State", state_of_place(visit, sheet.child.person, one)),
                          labelled("Source", source)});
    }
    return content + table(o) +
           hint_paragraph("Open a place to read the entry, and to correct it if your agency wrote it.");
}

Html addresses_part(const casework::PlacesSheet& sheet) {
    Html content = heading(2, "Addresses on the agencies’ registers", "m");
    if (sheet.addresses.empty()) {
        content += paragraph("No address can be shown to you.");
    } else {
        TableOptions o;
        o.caption = "Addresses, those of today first";
        o.caption_classes = "govuk-visually-hidden";
        o.classes = "waymark-stacks";
        o.first_cell_is_header = true;
        o.head = {{.content = "Address"}, {.content = "Register of"}, {.content = "On it since"}, {.content = "Until"}};
        for (const auto& one : sheet.addresses)
            o.rows.push_back({{.content = one.address},
                              labelled("Register of", one.agency),
                              labelled("On it since", format_long(one.from)),
                              labelled("Until", date_or(one.until, "Stands now"))});
        content += table(o);
    }
    return content + hint_paragraph("Where an address is protected, no address of the child is listed here.");
}

Html concerns_of(const casework::SettingSafety& one) {
    if (one.concerns == 0 || !one.newest_concern || !one.last_concern) return Html("None on record");
    return Html(count_words(one.concerns, "concern", "concerns") + ", the last ") +
           link(entry_url(*one.newest_concern), format_long(*one.last_concern));
}

Html apart_words(const Visit& visit, const casework::SettingSafety& one) {
    if (one.kept_apart == 0) return Html("Nothing agreed");
    Html out(count_words(one.kept_apart, "arrangement in force", "arrangements in force"));
    if (one.review_by) {
        out += Html(", review by " + format_long(*one.review_by));
        if (*one.review_by < visit.today())
            out += Html(" ") + tag({.text = "Review overdue", .classes = "govuk-tag--red"});
    }
    return out;
}

Html safety_part(const Visit& visit, const casework::PlacesSheet& sheet) {
    TableOptions o;
    o.caption = "Safety in each kind of place";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Where"},
              {.content = "Concerns that name it"},
              {.content = "Children kept apart"},
              {.content = "What is arranged there"}};
    for (const auto& one : sheet.safety) {
        std::vector<Html> arranged(one.arranged.begin(), one.arranged.end());
        o.rows.push_back(
            {{.content = one.words},
             labelled("Concerns that name it", concerns_of(one)),
             labelled("Children kept apart", apart_words(visit, one)),
             labelled("What is arranged there", arranged.empty() ? Html("Nothing on record") : bullets(arranged))});
    }
    return table(o) + paragraph(link(child_url(sheet.child.person) + "/plans",
                                     "Plans: safety plans, and who keeps which children apart"));
}

Result<Response> show_places(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto sheet = TRY(casework::places_of(visit.office(), visit.asker(), person));
    Page page = child_frame(visit, sheet.child, "Places", ChildPart::places);
    page.content += heading(1, "Places", "l");
    page.content += places_part(visit, sheet);
    if (visit.may(record::Action::append, "place.recorded"))
        page.content += button({.text = "Record a place",
                                .href = add_url(sheet.child.person, "place.recorded"),
                                .classes = "waymark-screen-only"});
    page.content += safety_part(visit, sheet) + addresses_part(sheet);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> child_places_pages() {
    return {{{Method::get, "/children/:person/places", Shows::record, "child.places"}, show_places}};
}

}  // namespace waymark::web
