// How large a piece of an import beside people is.
#include <doctest/doctest.h>

#include "casework/piece_size.hpp"

using namespace waymark::casework;
using namespace std::chrono_literals;

TEST_CASE("A piece of an import grows and shrinks to what the store is held for about as long as is aimed at with") {
    PieceSize size(1'000, 5ms);
    const auto settle = [&](std::chrono::microseconds an_entry) {
        for (int i = 0; i < 20; ++i) size.took(size.now(), size.now() * an_entry);
    };
    settle(50us);
    CHECK(size.now() > 90);
    CHECK(size.now() <= 100);
    settle(200us);
    CHECK(size.now() < 32);
    settle(1us);
    CHECK(size.now() == 1'000);
    settle(1s);
    CHECK(size.now() == 16);
}

TEST_CASE("Without an aim a piece is as large as it may be, however long it takes") {
    PieceSize size(8'000, 0ms);
    size.took(8'000, 10s);
    CHECK(size.now() == 8'000);
}
