// A child's record: the joint chronology is its home page. A table, newest first, with gaps as rows of their own;
// beside it the standing, computed from the same entries.
#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "casework/child_home.hpp"
#include "web/components/button.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/pagination.hpp"
#include "web/components/select.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/tag.hpp"
#include "web/pages/child_strip.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t lines_a_page = 100;
constexpr std::size_t long_record = 20;  // entries; beyond, the significant ones are shown first

// What is shown of the record, all of it in the address.
struct Filter {
    std::string agency;
    std::string group;
    std::optional<Date> from;
    std::optional<Date> to;
    bool significant = false;  // only what must not be overlooked
    bool by_itself = false;    // nobody chose that: the record is long
    [[nodiscard]] bool on() const { return !agency.empty() || !group.empty() || from || to; }
};

Html marks(const casework::Line& line, bool fresh) {
    Html out;
    const auto add = [&out](const char* words, const char* classes) {
        out += Html::raw(" ") + tag({.text = words, .classes = std::string("govuk-!-font-size-16 ") + classes});
    };
    if (fresh) add("New", "govuk-tag--turquoise");
    if (line.superseded) add("Corrected later", "govuk-tag--grey");
    if (line.entry.row.supersedes) add("A correction", "govuk-tag--grey");
    if (line.late) add("Recorded late", "govuk-tag--orange");
    if (line.withheld) add("Text held back", "govuk-tag--grey");
    return out;
}

void write_line(Writer& w, const Visit& visit, const casework::Line& line, bool fresh) {
    const auto& row = line.entry.row;
    w.open("tr").classes({"govuk-table__row",
                          is_significant(group_of(visit, line)) ? "waymark-chronology__significant" : "",
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
    what += marks(line, fresh);
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

void write_gap(Writer& w, const casework::Gap& gap) {
    w.open("tr")
        .classes({"govuk-table__row waymark-chronology__gap"})
        .open("td")
        .attr("colspan", 5)
        .classes({"govuk-table__cell govuk-!-font-weight-bold"});
    w.text(gap_words(gap)).close("td").close("tr");
}

// A line of the record or a silence, the newest first.
struct Row {
    const casework::Line* line = nullptr;
    const casework::Gap* gap = nullptr;
};

Html chronology_table(const Visit& visit, const std::vector<Row>& rows, const std::unordered_set<EntryId>& fresh) {
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
    for (const Row& row : rows) {
        if (row.gap != nullptr)
            write_gap(w, *row.gap);
        else
            write_line(w, visit, *row.line, fresh.contains(row.line->entry.row.entry));
    }
    w.close("tbody").close("table").close("div");
    return w.done();
}

bool chosen(const Visit& visit, const Filter& filter, const casework::Line& line) {
    const auto day = visit.zone().day_of(line.entry.row.at);
    return (filter.agency.empty() || line.entry.row.agency == filter.agency) &&
           (filter.group.empty() || group_of(visit, line) == filter.group) && (!filter.from || day >= *filter.from) &&
           (!filter.to || day <= *filter.to) && (!filter.significant || is_significant(group_of(visit, line)));
}

// A silence stands before the entry that ended it; it is left out where entries are chosen by whose or what they are.
std::vector<Row> rows_of(const Visit& visit, const casework::PersonPage& child, const Filter& filter,
                         const std::vector<casework::Gap>& gaps) {
    std::vector<Row> rows;
    auto gap = filter.agency.empty() && filter.group.empty() ? gaps.rbegin() : gaps.rend();
    for (auto line = child.lines.rbegin(); line != child.lines.rend(); ++line) {
        const auto day = visit.zone().day_of(line->entry.row.at);
        for (; gap != gaps.rend() && gap->before > day; ++gap) {
            const bool within =
                (!filter.from || gap->before >= *filter.from) && (!filter.to || gap->after <= *filter.to);
            if (within) rows.push_back({nullptr, &*gap});
        }
        if (chosen(visit, filter, *line)) rows.push_back({&*line, nullptr});
    }
    return rows;
}

std::string address_of(ViewId person, const Filter& filter, std::size_t n) {
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, percent_encode(value));
    };
    if (!filter.by_itself) add("show", filter.significant ? "significant" : "all");
    add("agency", filter.agency);
    add("kind", filter.group);
    if (filter.from) add("from", format_date(*filter.from));
    if (filter.to) add("to", format_date(*filter.to));
    if (n > 1) add("page", std::to_string(n));
    return child_url(person) + query;
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
    const auto day = [](const char* name, const char* label, const std::optional<Date>& value) {
        return input({.name = name,
                      .label = {.text = label},
                      .type = "date",
                      .value = value ? format_date(*value) : std::string(),
                      .classes = "govuk-input--width-10"});
    };
    Writer w;
    w.open("form").attr("method", "get").attr("action", child_url(child.person)).attr("novalidate", "");
    w.classes({"waymark-screen-only"});
    w.open("input").attr("type", "hidden").attr("name", "show").attr("value", "all");
    w.add(select({.name = "agency", .label = {.text = "From"}, .items = agency_items, .value = filter.agency}));
    w.add(select({.name = "kind", .label = {.text = "About"}, .items = group_items, .value = filter.group}));
    w.add(day("from", "On or after", filter.from)).add(day("to", "On or before", filter.to));
    w.add(button({.text = "Apply", .classes = "govuk-button--secondary"})).close("form");
    return details({.summary = "Show a part of the chronology", .content = w.done(), .open = filter.on()});
}

std::size_t page_number(const Visit& visit, std::size_t pages) {
    const std::string_view text = visit.request().target.query.first("page");
    std::size_t n = 1;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return std::clamp<std::size_t>(n, 1, std::max<std::size_t>(1, pages));
}

// Of a long record the significant entries are shown first; whoever wants all of them is one link away.
Filter filter_of(const Visit& visit, const casework::PersonPage& child) {
    const auto& query = visit.request().target.query;
    Filter filter{std::string(query.first("agency")), std::string(query.first("kind")), {}, {}, false, false};
    if (const auto from = parse_date(query.first("from"))) filter.from = *from;
    if (const auto to = parse_date(query.first("to"))) filter.to = *to;
    const auto show = query.first("show");
    filter.by_itself = show != "all" && show != "significant" && !filter.on();
    filter.significant = show == "significant" || (filter.by_itself && child.lines.size() > long_record);
    return filter;
}

// What is asked of every record first: since when, who saw the child last, what is overdue.
Html at_a_glance(const Visit& visit, const casework::PersonPage& child) {
    std::vector<SummaryRow> rows;
    const auto today = visit.today();
    const auto concern = std::find_if(child.lines.begin(), child.lines.end(), [&](const auto& line) {
        return !line.superseded && group_of(visit, line) == "concern";
    });
    if (concern != child.lines.end())
        rows.push_back(
            {.key = "First concern or referral",
             .value = fmt::format("{}, {}", when_words(visit.zone(), concern->entry.row.at), concern->source)});
    if (const auto seen = casework::last_seen(visit.office(), child.lines)) {
        const auto days = (today - seen->day).count();
        rows.push_back(
            {.key = "Child last seen",
             .value = fmt::format(
                 "{} ({}), {}", format_long(seen->day),
                 days == 0 ? std::string("today") : count_words(static_cast<std::size_t>(days), "day ago", "days ago"),
                 seen->source)});
    } else {
        rows.push_back({.key = "Child last seen", .value = "No agency has recorded seeing the child"});
    }
    std::size_t open = 0;
    std::size_t overdue = 0;
    for (const auto& standing : child.standings) {
        if (standing.closed) continue;
        ++open;
        overdue += static_cast<std::size_t>(
            std::count_if(standing.duties.begin(), standing.duties.end(),
                          [&](const procedure::Duty& duty) { return duty.state == procedure::DutyState::overdue; }));
    }
    rows.push_back({.key = "Cases", .value = count_words(open, "open case", "open cases")});
    if (open > 0)
        rows.push_back({.key = "Overdue",
                        .value = overdue == 0 ? Html("Nothing")
                                              : link(child_url(child.person) + "/standing",
                                                     count_words(overdue, "duty is overdue", "duties are overdue"))});
    return summary_list({.rows = std::move(rows), .classes = "govuk-summary-list--no-border waymark-glance"});
}

bool case_is_open(const casework::PersonPage& child) {
    return std::any_of(child.standings.begin(), child.standings.end(), [](const auto& one) { return !one.closed; });
}

Html count_of(const casework::PersonPage& child, const Filter& filter, std::size_t shown, std::size_t n,
              std::size_t pages) {
    std::string count = count_words(shown, "entry", "entries");
    if (filter.on() || filter.significant)
        count += fmt::format(" of {}, {}", child.lines.size(), filter.on() ? "chosen below" : "the significant ones");
    if (pages > 1) count += fmt::format(". Page {} of {}", n, pages);
    Html words = paragraph(
        count + ", newest first. The entries of every agency are shown together, as far as you may see them.");
    if (filter.significant && !filter.on())
        words += paragraph(
            link(child_url(child.person) + "?show=all", fmt::format("Show all {} entries", child.lines.size())));
    if (filter.on()) words += paragraph(link(child_url(child.person), "Show everything again"));
    return words;
}

// Nothing for a first look.
Html since_words(const Visit& visit, const casework::ChildHome& home) {
    if (!home.last_looked) return {};
    const auto when = moment_words(visit.zone(), *home.last_looked);
    if (home.fresh.empty()) return paragraph(fmt::format("Nothing has come since you last looked, on {}.", when));
    return inset_text({.content = paragraph(
                           fmt::format("{} since you last looked, on {}. Each is marked “New” below.",
                                       count_words(home.fresh.size(), "entry has come", "entries have come"), when))});
}

Html last_looks(const Visit& visit, const casework::ChildHome& home) {
    if (!home.may_ask) return {};
    std::vector<Html> said;
    for (const auto& look : home.looks) {
        std::string who = look.unreadable ? std::string("A line that was altered after it was kept") : look.name;
        if (!look.role.empty()) who += ", " + look.role;
        if (!look.agency.empty()) who += ", " + look.agency;
        said.emplace_back(fmt::format("{}: {}{}{}", moment_words(visit.zone(), look.at), who,
                                      look.ground.empty() ? "" : ". ", look.ground));
    }
    Html content = said.empty() ? paragraph("Nobody has looked before you.") : bullets(said);
    content += paragraph(link(child_url(home.page.person) + "/looked", "Everybody who has looked, and why"));
    return details({.summary = fmt::format("Who looked last (the newest {})", home.looks.size()), .content = content});
}

Result<Response> chronology(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto home = TRY(casework::child_home(visit.office(), visit.asker(), person));
    const auto& child = home.page;
    const auto filter = filter_of(visit, child);
    const auto gaps = casework::gaps_of(visit.office(), child.lines, case_is_open(child), visit.today());
    const auto rows = rows_of(visit, child, filter, gaps);
    const auto entries = static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.line != nullptr; }));
    const std::size_t pages = (rows.size() + lines_a_page - 1) / lines_a_page;
    const std::size_t n = page_number(visit, pages);
    const std::size_t from = (n - 1) * lines_a_page;
    const std::size_t to = std::min(rows.size(), from + lines_a_page);

    Page page = child_frame(visit, child, "Chronology", ChildPart::chronology);
    if (visit.request().target.query.first("saved") == "later") {
        page.content += notification_banner(
            {.content = Html("What you began is saved. You find it on My day."), .type = "success"});
    }
    page.content += heading(1, "Chronology", "l");
    if (n == 1 && !filter.on()) page.content += since_words(visit, home);
    if (n == 1 && !filter.on()) page.content += at_a_glance(visit, child) + child_strip(visit, child, gaps);
    page.content += count_of(child, filter, entries, n, pages);
    page.content += filter_form(visit, child, filter);
    if (!rows.empty())
        page.content += chronology_table(
            visit, {rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to)},
            home.fresh);
    if (pages > 1) {
        PaginationOptions o;
        if (n > 1) o.previous = PaginationLink{.href = address_of(child.person, filter, n - 1), .text = "Newer"};
        if (n < pages) o.next = PaginationLink{.href = address_of(child.person, filter, n + 1), .text = "Older"};
        page.content += pagination(o);
    }
    page.content +=
        paragraph(link(child_url(child.person) + "/print", "The whole chronology to print, with numbered entries"));
    page.content += last_looks(visit, home);
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> child_pages() {
    return {{{Method::get, "/children/:person", Shows::record, "child.chronology"}, chronology}};
}

}  // namespace waymark::web
