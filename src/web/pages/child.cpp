// A child's record: the joint chronology is its home page. A table, newest first, with gaps as rows of their own;
// beside it the standing, computed from the same entries.
#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/pagination.hpp"
#include "web/components/select.hpp"
#include "web/components/sub_navigation.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t lines_a_page = 100;

// ---- the chronology
// -------------------------------------------------------------------------------------------------------

struct Filter {
    std::string agency;
    std::string group;
    [[nodiscard]] bool on() const { return !agency.empty() || !group.empty(); }
};

std::string group_of(const Visit& visit, const casework::Line& line) {
    const auto* kind = visit.office().catalogue.find(line.entry.row.kind);
    return kind == nullptr ? std::string() : kind->group;
}

bool significant(std::string_view group) {
    return group == "concern" || group == "decision" || group == "justice";
}

Html marks(const casework::Line& line) {
    Html out;
    const auto add = [&out](const char* words, const char* classes) {
        out += Html::raw(" ") + tag({.text = words, .classes = std::string("govuk-!-font-size-16 ") + classes});
    };
    if (line.superseded) add("Corrected later", "govuk-tag--grey");
    if (line.entry.row.supersedes) add("A correction", "govuk-tag--grey");
    if (line.late) add("Recorded late", "govuk-tag--orange");
    if (line.withheld) add("Text held back", "govuk-tag--grey");
    return out;
}

void write_line(Writer& w, const Visit& visit, const casework::Line& line) {
    const auto& row = line.entry.row;
    w.open("tr").classes({"govuk-table__row",
                          significant(group_of(visit, line)) ? "waymark-chronology__significant" : "",
                          line.superseded ? "waymark-chronology__corrected" : ""});
    w.attr("id", "entry-" + to_string(row.entry));
    w.open("th")
        .attr("scope", "row")
        .classes({"govuk-table__header"})
        .text(when_words(visit.zone(), row.at))
        .close("th");
    const auto cell = [&w](const char* label, const Html& content) {
        w.open("td").classes({"govuk-table__cell"}).attr("data-label", label).add(content).close("td");
    };
    Html what;
    if (line.superseded)
        what = Writer().element("del", "", link(entry_url(row.entry), line.title)).done();
    else if (row.kind == "concern.raised" && visit.may_triage())
        what = link(desk_url(row.entry), line.title);
    else
        what = row.kind.empty() ? Html(line.title) : link(entry_url(row.entry), line.title);
    what += marks(line);
    if (!line.details.empty())
        what += details({.summary = Html::raw("Details") +
                                    visually_hidden(" of " + line.title + ", " + when_words(visit.zone(), row.at)),
                         .content = details_list(line),
                         .classes = "govuk-!-margin-top-1 govuk-!-margin-bottom-0"});
    cell("What", what);
    cell("Source", line.source);
    cell("Author", author_words(line));
    cell("Recorded", moment_words(visit.zone(), row.recorded));
    w.close("tr");
}

void write_gap(Writer& w, int days) {
    w.open("tr")
        .classes({"govuk-table__row waymark-chronology__gap"})
        .open("th")
        .attr("scope", "row")
        .attr("colspan", 5)
        .classes({"govuk-table__header"});
    w.text(fmt::format("{} days in which nobody recorded anything", days)).close("th").close("tr");
}

Html chronology_table(const Visit& visit, const std::vector<const casework::Line*>& lines, bool gaps) {
    Writer w;
    w.open("div").classes({"waymark-scroll"});
    w.open("table").classes({"govuk-table waymark-chronology waymark-stacks"});
    w.open("caption")
        .classes({"govuk-table__caption govuk-visually-hidden"})
        .text("What has happened, newest first")
        .close("caption");
    w.open("thead").classes({"govuk-table__head"}).open("tr").classes({"govuk-table__row"});
    for (const char* head : {"Date", "What", "Source", "Author", "Recorded"}) {
        w.open("th").attr("scope", "col").classes({"govuk-table__header"}).text(head).close("th");
    }
    w.close("tr").close("thead").open("tbody").classes({"govuk-table__body"});
    for (const casework::Line* line : lines) {
        write_line(w, visit, *line);
        if (gaps && line->gap_days_before > 0) write_gap(w, line->gap_days_before);
    }
    w.close("tbody").close("table").close("div");
    return w.done();
}

Html filter_form(const Visit& visit, const casework::PersonPage& child, const Filter& filter) {
    std::set<std::pair<std::string, std::string>> agencies;
    std::set<std::string> groups;
    for (const auto& line : child.lines) {
        agencies.emplace(line.source, line.entry.row.agency);
        groups.insert(group_of(visit, line));
    }
    std::vector<SelectItem> agency_items{{.text = "Every agency", .value = ""}};
    for (const auto& [name, key] : agencies) agency_items.push_back({.text = name, .value = key});
    std::vector<SelectItem> group_items{{.text = "Everything", .value = ""}};
    for (const auto& [key, name] : group_names()) {
        if (groups.contains(key)) group_items.push_back({.text = name, .value = key});
    }
    Writer w;
    w.open("form").attr("method", "get").attr("action", child_url(child.person)).classes({"waymark-screen-only"});
    w.add(select({.name = "agency", .label = {.text = "From"}, .items = agency_items, .value = filter.agency}));
    w.add(select({.name = "kind", .label = {.text = "About"}, .items = group_items, .value = filter.group}));
    w.add(button({.text = "Apply", .classes = "govuk-button--secondary"})).close("form");
    return details({.summary = "Show a part of the chronology", .content = w.done(), .open = filter.on()});
}

std::string page_url(ViewId person, const Filter& filter, std::size_t n) {
    std::string url = fmt::format("{}?page={}", child_url(person), n);
    if (!filter.agency.empty()) url += "&agency=" + percent_encode(filter.agency);
    if (!filter.group.empty()) url += "&kind=" + percent_encode(filter.group);
    return url;
}

std::size_t page_number(const Visit& visit, std::size_t pages) {
    const std::string_view text = visit.request().target.query.first("page");
    std::size_t n = 1;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return std::clamp<std::size_t>(n, 1, std::max<std::size_t>(1, pages));
}

Result<Response> chronology(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto& query = visit.request().target.query;
    const Filter filter{std::string(query.first("agency")), std::string(query.first("kind"))};
    std::vector<const casework::Line*> lines;
    for (auto line = child.lines.rbegin(); line != child.lines.rend(); ++line) {
        if (!filter.agency.empty() && line->entry.row.agency != filter.agency) continue;
        if (!filter.group.empty() && group_of(visit, *line) != filter.group) continue;
        lines.push_back(&*line);
    }
    const std::size_t pages = (lines.size() + lines_a_page - 1) / lines_a_page;
    const std::size_t n = page_number(visit, pages);
    const std::size_t from = (n - 1) * lines_a_page;
    const std::size_t to = std::min(lines.size(), from + lines_a_page);

    Page page = child_frame(visit, child, "Chronology", ChildPart::chronology);
    if (visit.request().target.query.first("saved") == "later") {
        page.content += notification_banner(
            {.content = Html("What you began is saved. You find it on My day."), .type = "success"});
    }
    page.content += heading(1, "Chronology", "l");
    std::string count = count_words(lines.size(), "entry", "entries");
    if (filter.on()) count += fmt::format(" of {}, chosen below", child.lines.size());
    if (pages > 1) count += fmt::format(". Page {} of {}", n, pages);
    page.content += paragraph(
        count + ", newest first. The entries of every agency are shown together, as far as you may see them.");
    page.content += filter_form(visit, child, filter);
    if (filter.on()) page.content += paragraph(link(child_url(child.person), "Show everything again"));
    if (!lines.empty())
        page.content += chronology_table(
            visit, {lines.begin() + static_cast<std::ptrdiff_t>(from), lines.begin() + static_cast<std::ptrdiff_t>(to)},
            !filter.on());
    if (pages > 1) {
        PaginationOptions o;
        if (n > 1) o.previous = PaginationLink{.href = page_url(child.person, filter, n - 1), .text = "Newer"};
        if (n < pages) o.next = PaginationLink{.href = page_url(child.person, filter, n + 1), .text = "Older"};
        page.content += pagination(o);
    }
    page.content += print_button();
    return visit.show(page);
}

// Said at the head of each page of the record: who else may not see it, and when one's own access ends.
Html access_words(const Visit& visit, const casework::PersonPage& child) {
    Html out;
    for (const auto& one : child.restrictions) {
        const auto words =
            fmt::format("Access to this record is restricted: {}. {} {}.", one.words,
                        one.review_due ? "Review due by" : "To be reviewed by", format_long(one.review_by));
        out += inset_text({.content = paragraph(words)});
    }
    if (child.access_ends) {
        const auto words =
            fmt::format("Your access to this record ends on {}. If you still need it, ask whoever leads the case.",
                        moment_words(visit.zone(), *child.access_ends));
        out += inset_text({.content = paragraph(words)});
    }
    return out;
}

// Whether this role adds anything to records by a plain form; whose record is asked when the page is opened.
bool adds_entries(const Visit& visit) {
    const auto kinds = visit.office().catalogue.kinds();
    return std::any_of(kinds.begin(), kinds.end(), [&](const content::Kind& kind) {
        return !kind.own_flow && kind.needs_subject && visit.may(record::Action::append, kind.key);
    });
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& group_names() {
    static const std::vector<std::pair<std::string, std::string>> names{{"concern", "Concerns"},
                                                                        {"decision", "Decisions"},
                                                                        {"assessment", "Assessments"},
                                                                        {"plan", "Plans"},
                                                                        {"meeting", "Meetings"},
                                                                        {"contact", "Visits and views"},
                                                                        {"support", "Support"},
                                                                        {"justice", "Police and courts"},
                                                                        {"challenge", "Challenges"},
                                                                        {"consultation", "Consultation"},
                                                                        {"case", "The case"},
                                                                        {"identity", "Who the child is"},
                                                                        {"circumstance", "Circumstances"},
                                                                        {"outcome", "Outcomes"},
                                                                        {"sharing", "Sharing"}};
    return names;
}

std::string child_url(ViewId person) {
    return "/children/" + to_string(person);
}

Page child_frame(const Visit& visit, const casework::PersonPage& child, const std::string& title, ChildPart part) {
    Page page = visit.page(title, Place::children);
    page.wide = true;
    const std::string url = child_url(child.person);
    SubNavigationOptions o{.label = "Parts of the record"};
    o.items.push_back({.text = "Chronology", .href = url, .current = part == ChildPart::chronology});
    o.items.push_back({.text = "Standing", .href = url + "/standing", .current = part == ChildPart::standing});
    std::string matches = "Possible matches";
    if (!child.to_review.empty()) matches += fmt::format(" ({})", child.to_review.size());
    o.items.push_back({.text = matches, .href = url + "/matches", .current = part == ChildPart::matches});
    if (part == ChildPart::add || adds_entries(visit))
        o.items.push_back({.text = "Add to the record", .href = url + "/add", .current = part == ChildPart::add});
    page.before_main = whose_record(visit, child) + sub_navigation(o);
    page.content += access_words(visit, child);
    return page;
}

std::vector<PageRoute> child_pages() {
    return {{{Method::get, "/children/:person", Shows::record, "child.chronology"}, chronology}};
}

}  // namespace waymark::web
