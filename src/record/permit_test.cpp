#include <doctest/doctest.h>

#include "record/journal.hpp"
#include "support/test_permit.hpp"

using namespace waymark;
using namespace waymark::record;
using sharing::Gate;

TEST_CASE("A permit covers no kind and no marking that it does not name") {
    const auto permit = Gate::with_markings(Gate::with_kinds(Gate::make(Action::read), {"concern.raised"}), {"team"});
    CHECK(permit.covers("concern.raised", "team", "csc"));
    CHECK_FALSE(permit.covers("triage.decided", "team", "csc"));
    CHECK_FALSE(permit.covers("concern.raised", "hidden", "csc"));
    CHECK_FALSE(permit.covers("concern.raised", "", "csc"));
    CHECK_FALSE(Gate::with_markings(Gate::make(Action::read), {}).covers("concern.raised", "team", "csc"));
}

TEST_CASE("A permit for one's own agency covers no other's entries") {
    const auto permit = Gate::own_agency_only(Gate::make(Action::read));
    CHECK(permit.covers("concern.raised", "team", "csc"));
    CHECK_FALSE(permit.covers("concern.raised", "team", "police"));
    CHECK(Gate::make(Action::read).covers("concern.raised", "team", "police"));
}
