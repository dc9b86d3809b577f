#include <doctest/doctest.h>

#include "store/store.hpp"

using namespace waymark;
using namespace waymark::store;

TEST_CASE("an address is a file, sqlite:FILE or a postgresql URL") {
    CHECK(parse_address("waymark.db")->path_or_url == "waymark.db");
    CHECK(parse_address(" sqlite:/var/lib/waymark/store.db ")->path_or_url == "/var/lib/waymark/store.db");
    CHECK(parse_address("postgresql://db/x")->engine == Engine::postgresql);
    CHECK(parse_address("postgres://db/x")->engine == Engine::postgresql);
    for (const char* wrong : {"", "sqlite:", "mysql://db/x"}) {
        CAPTURE(wrong);
        const auto refused = parse_address(wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::invalid);
        CHECK_FALSE(refused.error().mend.empty());
    }
}

TEST_CASE("an address is shown without its password") {
    const auto shown = [](const char* url) { return parse_address(url)->shown(); };
    CHECK(shown("postgresql://waymark:secret@db.example/x") == "postgresql://waymark@db.example/x");
    CHECK(shown("postgresql://waymark:se@cr:et@db.example:5433/x?sslmode=require") ==
          "postgresql://waymark@db.example:5433/x?sslmode=require");
    CHECK(shown("postgresql://db.example/x?user=waymark&password=secret&sslmode=require") ==
          "postgresql://db.example/x?user=waymark&password=…&sslmode=require");
    CHECK(shown("postgresql://db.example:5433/x?sslpassword=secret") == "postgresql://db.example:5433/x?sslpassword=…");
    CHECK(shown("postgresql:///x?host=/run/a@b") == "postgresql:///x?host=/run/a@b");
    CHECK(shown("sqlite:a:b.db") == "a:b.db");
}

TEST_CASE("a server that is not there is refused without showing the password") {
    const auto opened =
        open(*parse_address("postgresql://someone:hidden-word@/x?host=/nonexistent"), Opening::existing);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == FaultKind::unavailable);
    CHECK(describe(opened.error()).find("hidden-word") == std::string::npos);
}
