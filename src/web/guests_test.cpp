#include "web/guests.hpp"

#include <doctest/doctest.h>

using namespace waymark::web;

TEST_CASE("one address has its share of connections, and another has its own") {
    Guests guests({.connections = 2});
    CHECK(guests.admit("192.0.2.1"));
    CHECK(guests.admit("192.0.2.1"));
    CHECK_FALSE(guests.admit("192.0.2.1"));
    CHECK(guests.admit("192.0.2.2"));
    guests.leave("192.0.2.1");
    CHECK(guests.connections("192.0.2.1") == 1);
    CHECK(guests.admit("192.0.2.1"));
}

TEST_CASE("bodies are counted for each address and for all, and given back") {
    Guests guests({.connections = 0, .body_bytes = 10, .body_bytes_of_all = 15});
    for (const char* one : {"a", "b"}) REQUIRE(guests.admit(one));
    CHECK(guests.hold("a", 10));
    CHECK_FALSE(guests.hold("a", 1));
    CHECK_FALSE(guests.hold("b", 6));
    CHECK(guests.hold("b", 5));
    guests.release("a", 10);
    CHECK(guests.hold("b", 5));
    CHECK_FALSE(guests.hold("nobody", 1));
}

TEST_CASE("an IPv4 address counts by itself however it is written, an IPv6 address by its network") {
    CHECK(share_of("192.0.2.1") == "192.0.2.1");
    CHECK(share_of("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(share_of("2001:db8:1:2::1") == share_of("2001:db8:1:2:ffff::9"));
    CHECK(share_of("2001:db8:1:2::1") != share_of("2001:db8:1:3::1"));
    CHECK(share_of("fe80::1%eth0") == share_of("fe80::2"));
}
