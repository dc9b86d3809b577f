#include "web/header_scan.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <string_view>

using namespace waymark::web;

namespace {

// The status it is refused with, 0 where it is whole, -1 where it waits for more.
int scanned(std::string_view bytes, HeaderLimits limits = {}) {
    HeaderScan scan(limits);
    for (const char c : bytes) {
        if (!scan.take(c)) break;
    }
    if (scan.refused() != 0) return static_cast<int>(scan.refused());
    return scan.whole() ? 0 : -1;
}

}  // namespace

TEST_CASE("a header whose lines end with CR LF is whole at the empty line") {
    CHECK(scanned("GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 0);
    CHECK(scanned("GET / HTTP/1.1\r\nHost: x\r\n") == -1);
    CHECK(scanned("GET / HTTP/1.1\r\nHost: x\r\n\r") == -1);
    CHECK(scanned("GET / HTTP/1.1\r\nA:\ttab and \xc3\xa9\r\n\r\n") == 0);
}

TEST_CASE("a header that readers would end in different places is refused") {
    for (const std::string_view wrong : {
             std::string_view("GET / HTTP/1.1\nHost: x\n\n"),
             std::string_view("GET / HTTP/1.1\r\nHost: x\n\r\n"),
             std::string_view("GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n"),
             std::string_view("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n"),
             std::string_view("GET / HTTP/1.1\r\n\tHost: x\r\n\r\n"),
             std::string_view("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26),
             std::string_view("GET / HTTP/1.1\r\nA: b\x01\r\n\r\n"),
             std::string_view("GET / HTTP/1.1\r\nA: b\x7f\r\n\r\n"),
             std::string_view("\r\nGET / HTTP/1.1\r\n\r\n"),
             std::string_view("\n"),
         }) {
        CAPTURE(std::string(wrong));
        CHECK(scanned(wrong) == 400);
    }
}

TEST_CASE("a request line, a header and a number of lines over the limit are refused, and none just below") {
    const std::string end = " HTTP/1.1\r\nHost: x\r\n\r\n";
    CHECK(scanned("GET /" + std::string(8192 - 5 - 9, 'a') + end) == 0);
    CHECK(scanned("GET /" + std::string(8192 - 5 - 8, 'a') + end) == 414);
    std::string lines = "GET / HTTP/1.1\r\n";
    for (int n = 1; n < 100; ++n) lines += "A: b\r\n";
    CHECK(scanned(lines + "\r\n") == 0);
    CHECK(scanned(lines + "A: b\r\n\r\n") == 431);
    CHECK(scanned("GET / HTTP/1.1\r\nA: " + std::string(16384, 'a')) == 431);
}

TEST_CASE("whatever bytes come, what is called whole ends with an empty line and holds no stray line end") {
    CHECK(rc::check("header scan", [](std::vector<unsigned char> choice) {
        constexpr std::string_view alphabet("\r\n\0 \tG:ax", 9);
        HeaderScan scan;
        std::string taken;
        for (const unsigned char one : choice) {
            taken += alphabet[one % alphabet.size()];
            if (!scan.take(taken.back())) break;
        }
        if (!scan.whole()) return;
        RC_ASSERT(scan.refused() == 0u);
        RC_ASSERT(taken.ends_with("\r\n\r\n"));
        RC_ASSERT(taken.find("\r\n\r\n") == taken.size() - 4);
        RC_ASSERT(taken.find('\0') == std::string::npos);
        RC_ASSERT(taken.find("\r\n ") == std::string::npos && taken.find("\r\n\t") == std::string::npos);
    }));
}
