// The one search box: children whom the asker may find, cases that they may read, and paragraphs of the manual. It is
// sent as a form, so that no name stands in an address.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/case_search.hpp"
#include "web/components/button.hpp"
#include "web/components/input.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_children_found = 10;
constexpr std::size_t most_cases_found = 20;
constexpr std::size_t most_paragraphs_found = 10;
constexpr std::size_t shortest_word = 3;
constexpr std::size_t longest_query = 200;
constexpr std::size_t shown_bytes = 240;  // of a paragraph

struct FoundParagraph {
    const content::Chapter* chapter = nullptr;
    const content::ManualBlock* block = nullptr;
    std::string text;
    std::size_t words = 0;
};

std::string text_of(const content::ManualText& runs) {
    std::string text;
    for (const auto& run : runs) text += run.text;
    return text;
}

std::string text_of(const content::ManualBlock& block) {
    std::string text = text_of(block.text);
    for (const auto& item : block.items) text += (text.empty() ? "" : " ") + text_of(item);
    return text;
}

std::vector<std::string> words_of(std::string_view query) {
    std::vector<std::string> words;
    for (const auto word : split(query, ' ')) {
        if (count_characters(word) >= shortest_word) words.push_back(to_lower_ascii(word));
    }
    return words;
}

// Paragraphs that have the most of the words, in the order of the manual. A heading stands for what is under it.
std::vector<FoundParagraph> paragraphs_with(const content::Manual& manual, const std::vector<std::string>& words) {
    std::vector<FoundParagraph> found;
    for (const auto& chapter : manual.chapters()) {
        for (const auto& block : chapter.blocks) {
            if (block.number.empty()) continue;
            auto text = text_of(block);
            const auto folded = to_lower_ascii(chapter.title + " " + text);
            const auto count = static_cast<std::size_t>(std::count_if(
                words.begin(), words.end(), [&](const auto& word) { return folded.find(word) != std::string::npos; }));
            if (count * 2 > words.size()) found.push_back({&chapter, &block, std::move(text), count});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.words > b.words; });
    if (found.size() > most_paragraphs_found) found.resize(most_paragraphs_found);
    return found;
}

std::string beginning_of(const std::string& text) {
    if (text.size() <= shown_bytes) return text;
    const auto space = text.rfind(' ', shown_bytes);
    return text.substr(0, space == std::string::npos ? shown_bytes : space) + " …";
}

Html manual_part(const Visit& visit, const std::string& query) {
    const auto words = words_of(query);
    if (words.empty()) return {};
    const auto found = paragraphs_with(visit.office().editions.now().manual, words);
    Html content = heading(2, "In the manual", "m");
    if (found.empty()) return content + paragraph("No paragraph of the manual has these words.");
    for (const auto& one : found) {
        content += paragraph(link(fmt::format("/manual/{}#p-{}", one.chapter->number, one.block->number),
                                  fmt::format("{}, {}", one.chapter->title, one.block->number)) +
                             Html::raw("<br>") + Html(beginning_of(one.text)));
    }
    return content;
}

Html children_found(const Visit& visit, const std::vector<people::Offered>& found) {
    TableOptions o;
    o.caption = count_words(found.size(), "child found, the most alike first", "children found, the most alike first");
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Name"}, {.content = "Born"}, {.content = "Known to"}};
    for (const auto& one : found) {
        o.rows.push_back({{.content = link(child_url(one.view), record::shown_name(one.identity))},
                          labelled("Born", born_words(one.identity, visit.today())),
                          labelled("Known to", agency_words(visit.office(), one.agency))});
    }
    return table(o);
}

// The last word is the family name. One word alone would find half the register: the page that asks for more is
// offered.
Result<std::vector<people::Offered>> children_by_name(const Visit& visit, const std::string& query) {
    const auto space = query.rfind(' ');
    if (space == std::string::npos) return std::vector<people::Offered>{};
    record::Identity identity;
    identity.source = "search";
    identity.id = "search";
    identity.family_name = query.substr(space + 1);
    identity.given_name = std::string(trim(query.substr(0, space)));
    return casework::who_may_this_be(visit.office(), visit.asker(), identity, most_children_found);
}

Html children_part(const Visit& visit, const std::string& query, const std::vector<people::Offered>& found) {
    if (query.find(' ') == std::string::npos)
        return heading(2, "Children", "m") +
               paragraph(link("/children", "Find a child by one name with the date of birth or the postcode"));
    if (found.empty())
        return heading(2, "Children", "m") +
               paragraph(Html("No child found by that name. ") +
                         link("/children", "Find a child with the date of birth or the postcode"));
    return children_found(visit, found);
}

Html cases_part(const Visit& visit, const std::vector<casework::FoundCase>& found) {
    if (found.empty())
        return heading(2, "Cases", "m") +
               paragraph("No case that you may read has this number, or is of a child of this name.");
    TableOptions o;
    o.caption = count_words(found.size(), "case found, open ones first", "cases found, open ones first");
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Case of"},
              {.content = "Opened"},
              {.content = "State"},
              {.content = "Led by"},
              {.content = "Number"}};
    for (const auto& one : found) {
        const auto state = one.closed ? "Closed " + format_long(visit.zone().day_of(*one.closed)) : std::string("Open");
        o.rows.push_back({{.content = link(child_url(one.person) + "/standing", one.name)},
                          labelled("Opened", format_long(visit.zone().day_of(one.opened))),
                          labelled("State", state),
                          labelled("Led by", one.lead.empty() ? std::string("Nobody named") : one.lead),
                          labelled("Number", one.number.empty() ? to_string(one.case_id) : one.number)});
    }
    return table(o);
}

// Children first: their cases are looked for by them.
Result<Html> record_part(const Visit& visit, const std::string& query) {
    if (!visit.may(record::Action::search)) return Html();
    const auto children = TRY(children_by_name(visit, query));
    casework::FindCases request{.number = query, .children = {}};
    for (const auto& one : children) request.children.push_back(one.view);
    const auto cases = TRY(casework::find_cases(visit.office(), visit.asker(), request, most_cases_found));
    return children_part(visit, query, children) + cases_part(visit, cases);
}

Result<Response> search_all(Visit& visit) {
    Typed& typed = visit.typed;
    auto query =
        typed.required_text("q", "the search", "Enter a name, the number of a case, or words to find in the manual");
    if (count_characters(query) > longest_query)
        typed.fault("q", fmt::format("Shorten the search to {} characters or fewer", longest_query));
    Page page = visit.page("Search");
    page.errors = typed.summary();
    page.content = heading(1, "Search", "l");
    Html form =
        input({.name = "q",
               .label = {.text = "A child’s first and last name, the number of a case, or words to find in the manual"},
               .error_message = typed.message("q"),
               .value = query,
               .autocomplete = "off",
               .spellcheck = false});
    form += button({.text = "Search"});
    page.has_own_search = true;
    page.content += visit.form({.action = "/search"}, form);
    if (!typed.good()) return visit.show(page, 422);
    page.content += TRY(record_part(visit, query)) + manual_part(visit, query);
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> search_all_pages() {
    return {{{Method::post, "/search", Shows::record, "search"}, search_all}};
}

}  // namespace waymark::web
