// Faults in one line, and the macros that pass them on.
#include "base/error.hpp"

#include <doctest/doctest.h>

using namespace waymark;

namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return invalid("n", "odd", "give an even number");
    return n / 2;
}
Result<int> quarter(int n) {
    return TRY(half(TRY(half(n))));
}
Result<void> nothing(bool fine) {
    if (!fine) return fault(FaultKind::held, "", "held");
    return {};
}
Result<int> after_nothing(bool fine) {
    TRY_VOID(nothing(fine));
    return 7;
}

}  // namespace

TEST_CASE("a fault reads as place, reason and mend") {
    CHECK(describe({FaultKind::invalid, "line 3", "no such code", "use one of the list"}) ==
          "line 3: no such code. use one of the list");
    CHECK(describe({FaultKind::invalid, "", "It is closed.", "Reopen it."}) == "It is closed. Reopen it.");
    CHECK(describe({FaultKind::missing, "case", "not found", ""}) == "case: not found");
}

TEST_CASE("TRY hands on the value or the first fault") {
    CHECK(quarter(12).value() == 3);
    CHECK(quarter(6).error().reason == "odd");
    CHECK(after_nothing(true).value() == 7);
    CHECK(after_nothing(false).error().kind == FaultKind::held);
}
