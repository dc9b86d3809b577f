#pragma once
// Permits for the tests of rooms below sharing, which alone makes them in the product. A test that links the sharing
// room uses its Gate and not this one.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "record/permit.hpp"

namespace waymark::sharing {

class Gate {
public:
    // Every kind and every marking, whoever's entry it is.
    static record::Permit make(record::Action action, record::Asker asker = some_asker()) {
        record::Permit permit;
        permit.asker_ = std::move(asker);
        permit.action_ = action;
        permit.rule_ = "test";
        permit.policy_ = "test-1";
        permit.all_kinds_ = true;
        permit.markings_ = {"team", "named-only", "all-but-named", "hidden", "sealed"};
        return permit;
    }
    static record::Permit own_agency_only(record::Permit permit) {
        permit.own_agency_only_ = true;
        return permit;
    }
    static record::Permit with_kinds(record::Permit permit, std::initializer_list<std::string> kinds) {
        permit.all_kinds_ = false;
        permit.kinds_.clear();
        permit.kinds_.insert(kinds.begin(), kinds.end());
        return permit;
    }
    static record::Permit with_markings(record::Permit permit, std::initializer_list<std::string> markings) {
        permit.markings_.clear();
        permit.markings_.insert(markings.begin(), markings.end());
        return permit;
    }
    static record::Asker some_asker() {
        return {"a.rahman", "csc", "front-door", "safeguarding", "command", "test", "local", "command", "local", {}};
    }
};

}  // namespace waymark::sharing
