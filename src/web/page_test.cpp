// The shell of every page.
#include "web/page.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "base/time.hpp"
#include "web/components/comparison.hpp"
#include "web/components/contextual_date.hpp"
#include "web/components/identity_bar.hpp"
#include "web/components/sub_navigation.hpp"
#include "web/components/timeline.hpp"

using namespace waymark;
using namespace waymark::web;

namespace {

const Assets assets{"/assets/a.css", "/assets/a.js", "/assets/l.js", "/assets/i.svg"};

Page full_page() {
    Page page{.title = "Raise a concern", .service_name = "Northshire partnership"};
    page.navigation = {{.text = "My day", .href = "/", .current = true}, {.text = "Children", .href = "/children"}};
    page.signed_in = SignedIn{.name = "Ann O'Neill", .agency = "Little <Oaks>", .form_token = "t\"1"};
    page.back_link = BackLinkOptions{.href = "/before"};
    page.breadcrumbs = {{.text = "Home", .href = "/"}, {.text = "Here"}};
    page.demonstration = true;
    page.wide = true;
    page.content = Html::raw("<h1 class=\"govuk-heading-l\">Raise a concern</h1>");
    page.print_note = "Printed by Ann O'Neill";
    page.footer_links = {{.text = "Accessibility", .href = "/accessibility"}};
    return page;
}

bool has(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

}  // namespace

TEST_CASE("a page holds nothing that the content security policy would refuse") {
    Page page = full_page();
    page.errors = {{.text = "Say what you saw", .href = "#what"}};
    const std::string html = render(page, assets);
    CHECK_FALSE(has(html, " style="));
    CHECK_FALSE(has(html, "<style"));
    CHECK_FALSE(has(html, " on"));  // no event handler attribute
    CHECK_FALSE(has(html, "javascript:"));
    std::size_t scripts = 0;
    for (auto at = html.find("<script"); at != std::string::npos; at = html.find("<script", at + 1)) {
        CHECK(html.substr(html.find('>', at), 10) == "></script>");
        ++scripts;
    }
    CHECK(scripts == 1);
}

TEST_CASE("what a person typed is escaped wherever the shell shows it") {
    const std::string html = render(full_page(), assets);
    CHECK(has(html, "Ann O&#39;Neill, Little &lt;Oaks&gt;"));
    CHECK(has(html, "value=\"t&quot;1\""));
    CHECK_FALSE(has(html, "<Oaks>"));
}

TEST_CASE("signing out is a form that posts, because it changes something") {
    const std::string html = render(full_page(), assets);
    CHECK(has(html, "<form method=\"post\" action=\"/sign-out\"><input type=\"hidden\" name=\"csrf\""));
}

TEST_CASE("the title says that there are errors, and the summary links to each") {
    Page page = full_page();
    CHECK(has(render(page, assets), "<title>Raise a concern – Northshire partnership – Waymark</title>"));
    CHECK_FALSE(has(render(page, assets), "govuk-error-summary"));
    page.errors = {{.text = "Say what you saw", .href = "#what"}};
    const std::string html = render(page, assets);
    CHECK(has(html, "<title>Error: Raise a concern – "));
    CHECK(has(html, "<a href=\"#what\">Say what you saw</a>"));
}

TEST_CASE("a demonstration says on every page that the children are not real") {
    Page page{.title = "Anything"};
    CHECK_FALSE(has(render(page, assets), "demonstration"));
    page.demonstration = true;
    CHECK(has(render(page, assets), "This is a demonstration. The children are not real."));
}

TEST_CASE("nothing that can be read stands outside a landmark") {
    const std::string html = render(full_page(), assets);
    CHECK(html.find("govuk-back-link") < html.find("</header>"));
    CHECK(html.find("govuk-breadcrumbs") < html.find("<main"));
}

TEST_CASE("the skip link leads to the one main element") {
    const std::string html = render(full_page(), assets);
    CHECK(has(html, "href=\"#main-content\""));
    CHECK(has(html, "<main class=\"govuk-main-wrapper\" id=\"main-content\">"));
}

TEST_CASE("no page shows the crown, its copyright or GOV.UK's name") {
    const std::string html = render(full_page(), assets);
    for (const char* theirs : {"crown", "Crown", "GOV.UK", "crest"}) CHECK_FALSE(has(html, theirs));
}

TEST_CASE("the manifest of the built assets can be read") {
    std::ifstream in(std::string(WAYMARK_ASSETS_DIR) + "/manifest.json");
    REQUIRE_MESSAGE(in.good(), "the assets have not been built");
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const Result<Assets> read = read_assets(text);
    REQUIRE(read);
    CHECK(has(read->style, "/assets/waymark-"));
    for (const std::string& address : {read->style, read->script, read->library, read->icon}) {
        CHECK(std::ifstream(std::string(WAYMARK_ASSETS_DIR) + address.substr(7)).good());
    }
}

TEST_CASE("a manifest that names a path elsewhere is refused") {
    CHECK_FALSE(read_assets("{}"));
    CHECK_FALSE(read_assets("[]"));
    CHECK_FALSE(
        read_assets(R"({"waymark.css":"../x","waymark.js":"a.js","govuk-frontend.js":"b.js","waymark.svg":"c.svg"})"));
}

TEST_CASE("a contextual date says in words what it means today") {
    const Date today = make_date(2026, 11, 23);
    const auto said = [&](Date date) { return describe_date({.date = date, .today = today}); };
    CHECK(said(make_date(2026, 11, 24)) == "due tomorrow, 24 November 2026");
    CHECK(said(make_date(2026, 11, 23)) == "due today, 23 November 2026");
    CHECK(said(make_date(2026, 11, 22)) == "overdue by 1 day, 22 November 2026");
    CHECK(said(make_date(2026, 11, 13)) == "overdue by 10 days, 13 November 2026");
    CHECK(said(make_date(2026, 12, 7)) == "due in 14 days, 7 December 2026");
    CHECK(said(make_date(2026, 12, 8)) == "due 8 December 2026");
    CHECK(describe_date({.date = make_date(2026, 11, 1), .today = today, .done = true}) == "1 November 2026");
    CHECK(has(contextual_date({.date = make_date(2026, 11, 1), .today = today}).markup(),
              "<time datetime=\"2026-11-01\" class=\"waymark-date waymark-date--overdue\">overdue by 22 days"));
}

TEST_CASE("a comparison has a header for each row and column and says in words whether they agree") {
    const ComparisonRow born{.label = "Born", .left = "1 May 2015", .agreement = Agreement::differs};
    const ComparisonOptions options{
        .caption = "The same child?", .left_heading = "Your record", .right_heading = "Police", .rows = {born}};
    const std::string html = comparison(options).markup();
    CHECK(has(html, "<th scope=\"row\" class=\"govuk-table__header\">Born</th>"));
    CHECK(has(html, "<th scope=\"col\" class=\"govuk-table__header\">Police</th>"));
    CHECK(has(html, "Different</td>"));
    CHECK(has(html, "Not recorded</td>"));
}

TEST_CASE("the patterns of the Ministry of Justice carry its class names") {
    const IdentityBarOptions who{.title = "A & B", .badges = {{.text = "Restricted"}}, .facts = {{"Born", "2015"}}};
    const std::string bar = identity_bar(who).markup();
    CHECK(has(bar, "<span class=\"moj-identity-bar__title\">A &amp; B</span> "));
    CHECK(has(bar, "<span class=\"moj-badge\">Restricted</span>"));
    CHECK(has(bar, "<dt>Born</dt> <dd>2015</dd>"));
    CHECK(has(sub_navigation({.items = {{.text = "Chronology", .href = "/c", .current = true}}}).markup(),
              "<a class=\"moj-sub-navigation__link\" aria-current=\"page\" href=\"/c\">Chronology</a>"));
    const TimelineItem agreed{
        .label = "Plan agreed", .byline = "Ann", .machine_date = "2026-11-24", .shown_date = "24 November 2026"};
    const std::string line = timeline({.items = {agreed}}).markup();
    CHECK(has(line, "<p class=\"moj-timeline__date\"><time datetime=\"2026-11-24\">24 November 2026</time></p>"));
    CHECK(has(line, "<h2 class=\"moj-timeline__title\">Plan agreed</h2> <p class=\"moj-timeline__byline\">by Ann</p>"));
}

TEST_CASE("the urgent panel gives a number that a telephone can dial") {
    const UrgentPanel panel{.heading = "Telephone now", .content = "Do not wait.", .telephone = "+44 300 123 4567"};
    const std::string html = urgent_panel(panel).markup();
    CHECK(has(html, "href=\"tel:+443001234567\">+44 300 123 4567</a>"));
    CHECK(has(html, "<p class=\"govuk-body\">Do not wait.</p>"));
}
