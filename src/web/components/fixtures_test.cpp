// Every component against every fixture that GOV.UK Frontend publishes for it: the same options must give the same
// markup. There is no list of fixtures to skip. One component differs on purpose, and only where the table says:
//
//   footer   The crown above it and the Crown's arms and copyright line beside it belong to GOV.UK; ours has neither.
//            Both are cut out of the expected markup; everything else of its 25 fixtures must be the same.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "web/components/fixtures/fields.hpp"
#include "web/components/fixtures/markup.hpp"
#include "web/components/fixtures/options.hpp"

using namespace waymark::web;
using namespace waymark::web::fixtures;

namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE_MESSAGE(in.good(), path << " is missing: run npm ci in assets/");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void cut(std::string& html, const std::string& from, const std::string& to) {
    const auto start = html.find(from);
    REQUIRE(start != std::string::npos);
    const auto end = html.find(to, start);
    REQUIRE(end != std::string::npos);
    html.erase(start, end + to.size() - start);
}

std::string expected_markup(const std::string& component, std::string html) {
    if (component != "footer") return html;
    const auto crown = html.find("govuk-footer__crown");
    REQUIRE(crown != std::string::npos);
    const auto svg = html.rfind("<svg", crown);
    html.erase(svg, html.find("</svg>", svg) + 6 - svg);
    cut(html, "<div class=\"govuk-footer__meta-item\">", "</div>");
    return html;
}

int check(const Component& component) {
    const std::string path = std::string(WAYMARK_FRONTEND_DIR) + "/components/" + component.name + "/fixtures.json";
    const json::value file = json::parse(read_file(path));
    int count = 0;
    for (const json::value& fixture : file.at("fixtures").as_array()) {
        const std::string name = component.name + ": " + std::string(fixture.at("name").as_string());
        CAPTURE(name);
        Seen seen;
        const Html ours = component.render({fixture.at("options").if_object(), &seen});
        const std::string expected = expected_markup(component.name, std::string(fixture.at("html").as_string()));
        const std::string different = difference(expected, ours.markup());
        CHECK_MESSAGE(different.empty(), name << "\n" << different);
        std::vector<std::string> unread;
        list_unread(fixture.at("options"), seen, "", unread);
        for (const std::string& option : unread) CHECK_MESSAGE(false, name << ": no decoder read " << option);
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("every component writes what GOV.UK Frontend's fixtures expect") {
    int fixtures = 0;
    int components = 0;
    for (const std::vector<Component>& group : {form_components(), page_components()}) {
        for (const Component& component : group) {
            const int count = check(component);
            CHECK(count > 0);
            fixtures += count;
            ++components;
        }
    }
    MESSAGE(fixtures << " fixtures of " << components << " components");
    CHECK(components == 33);
    CHECK(fixtures == 650);  // of GOV.UK Frontend 6.6.0: a new version is read before it is taken
}

TEST_CASE("the comparison of markup sees every difference that a reader or a browser would") {
    const char* html = "<p class=\"a b\"><span>Error:</span> Name  it</p>";
    CHECK(difference(html, "<p class='a b'>\n  <span>Error:</span>\n Name it\n</p>").empty());
    CHECK(difference("<a b=\"1\" c=\"&amp;\">x</a>", "<a c=\"&#38;\" b=\"1\">x</a>").empty());
    CHECK_FALSE(difference(html, "<p class=\"a b\"><span>Error:</span>Name it</p>").empty());
    CHECK_FALSE(difference(html, "<p class=\"a\"><span>Error:</span> Name it</p>").empty());
    CHECK_FALSE(difference(html, "<p class=\"a b\"><b>Error:</b> Name it</p>").empty());
    CHECK_FALSE(difference(html, "<p class=\"a b\"><span>Error:</span> Name it</p><p></p>").empty());
    CHECK_FALSE(difference("<b>&lt;i></b>", "<b><i></b>").empty());
    CHECK_FALSE(difference("<textarea> x</textarea>", "<textarea>x</textarea>").empty());
    CHECK_FALSE(difference("<input disabled>", "<input>").empty());
}
