// The table of routes.
#include "web/router.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "web/pages/pages.hpp"

using namespace waymark;
using namespace waymark::web;

namespace {

const std::vector<Route> table{{Method::get, "/", Shows::nothing, "home", true},
                               {Method::get, "/things/:id", Shows::nothing, "thing", true},
                               {Method::get, "/things/new", Shows::nothing, "new", true},
                               {Method::post, "/things/:id", Shows::nothing, "keep", true}};

}  // namespace

TEST_CASE("a literal segment wins over a parameter, whatever their order in the table") {
    const Router router(table);
    CHECK(router.find(Method::get, {"things", "new"}).route == 2);
    CHECK(router.find(Method::get, {"things", "7"}).route == 1);
    CHECK(router.find(Method::get, {}).route == 0);
}

TEST_CASE("a parameter is given by its name") {
    const Found found = Router(table).find(Method::post, {"things", "7"});
    REQUIRE(found.route == 3);
    CHECK(found.parameters == Parameters{{"id", "7"}});
}

TEST_CASE("an address that exists for another method tells which") {
    const Found found = Router(table).find(Method::post, {});
    CHECK_FALSE(found.route);
    CHECK(found.allowed == std::vector<Method>{Method::get});
    CHECK(Router(table).find(Method::get, {"things"}).allowed.empty());
}

TEST_CASE("a HEAD is answered by the GET") {
    CHECK(Router(table).find(Method::head, {"things", "7"}).route == 1);
}

TEST_CASE("two routes that would answer the same request are refused") {
    auto twice = table;
    twice.push_back({Method::get, "/things/:other", Shows::nothing, "again", true});
    CHECK_THROWS_AS(Router{twice}, std::logic_error);
}

TEST_CASE("no two pages of the application answer the same request, and none that shows a record is open") {
    std::vector<Route> routes;
    for (const PageRoute& page : all_pages()) routes.push_back(page.route);
    CHECK_NOTHROW(Router{routes});
    for (const Route& route : routes) {
        CAPTURE(route.pattern);
        CHECK_FALSE((route.open && route.shows == Shows::record));
        CHECK_FALSE(route.name.empty());
    }
}
