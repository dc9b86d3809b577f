#pragma once
// The shipped model, and children as an agency would write them.
#include <string>

#include <doctest/doctest.h>

#include "base/time.hpp"
#include "people/people.hpp"

namespace waymark::testing {

// The default model with the variants of names that the content holds.
inline const people::Model& shipped_model() {
    static const people::Model made = [] {
        people::Model m = people::default_model();
        REQUIRE(people::load_name_variants(std::string(WAYMARK_SOURCE_DIR) + "/content", m).has_value());
        return m;
    }();
    return made;
}

inline record::Identity child_named(const std::string& given, const std::string& family,
                                    const std::string& born = "2014-03-25") {
    record::Identity identity;
    identity.source = "liquid";
    identity.id = "1";
    identity.given_name = given;
    identity.family_name = family;
    if (!born.empty()) identity.date_of_birth = parse_date(born).value();
    return identity;
}

}  // namespace waymark::testing
