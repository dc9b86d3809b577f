// Text cannot become markup by accident.
#include "web/html.hpp"

#include <doctest/doctest.h>

using namespace waymark::web;

TEST_CASE("text is escaped when it becomes Html") {
    const std::string name = "<b>O'Neill & \"Sons\"</b>`";
    const Html html = name;
    CHECK(html.markup() == "&lt;b&gt;O&#39;Neill &amp; &quot;Sons&quot;&lt;/b&gt;&#96;");
    CHECK(html.is_text());
}

TEST_CASE("markup passes only through raw") {
    const Html html = Html::raw("<b>x</b>") + Html("<i>");
    CHECK(html.markup() == "<b>x</b>&lt;i&gt;");
    CHECK_FALSE(html.is_text());
}

TEST_CASE("an address keeps its scheme only where that scheme cannot run a script") {
    for (const char* good :
         {"/child?x=1:2", "#a", "https://example.org/", "mailto:a@example.org", "tel:999", "a/b:c"}) {
        CHECK(safe_href(good) == good);
    }
    for (const char* bad : {"javascript:alert(1)", "JavaScript:x", "data:text/html,x", "java\nscript:x",
                            " javascript:x", "\x01javascript:x", "vbscript:x"}) {
        CHECK(safe_href(bad) == "#");
    }
}

TEST_CASE("a writer nests elements and escapes attribute values") {
    Writer w;
    w.open("a").href("/x?a=1&b=2").classes({"one", "", "two"}).flag("hidden", true).text("<go>").close("a");
    w.open("br");
    CHECK(w.done().markup() == "<a href=\"/x?a=1&amp;b=2\" class=\"one two\" hidden>&lt;go&gt;</a><br>");
}
