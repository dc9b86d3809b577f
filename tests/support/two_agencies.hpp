#pragma once
// What agencies know of one child, or of twins, taken into an open partnership as an import takes it.
#include <string>

#include <fmt/format.h>

#include "support/open_office.hpp"

namespace waymark::testing {

// The Lindgren twins: one birthday, family and door, two first names.
constexpr auto is_ada = R"("given_name":"Ada","family_name":"Lindgren","date_of_birth":"2012-04-05","sex":"F",)"
                        R"("postcode":"NB1 4AA","address":"4 Harbour Lane")";
constexpr auto is_olive = R"("given_name":"Olive","family_name":"Lindgren","date_of_birth":"2012-04-05","sex":"F",)"
                          R"("postcode":"NB1 4AA","address":"4 Harbour Lane")";

struct Said {
    std::string entry_id{};  // empty: from the identity's id
    std::string at = "2026-02-02";
    std::string kind = "concern.raised";
    std::string body = R"({"about_what":"other"})";
    std::string involvement = "displayed";
};
// One line of the contract: what an agency says about the child whom its system knows under this id.
inline std::string line_of(const std::string& agency, const std::string& id, const std::string& identity,
                           const Said& said = {}) {
    return fmt::format(
        R"({{"kind":"{}","at":"{}","recorded":"{}T12:00:00Z","agency":"{}","author":"someone","id":"{}","body":{},)"
        R"("subjects":[{{"involvement":"{}","identity":{{"source":"mis","id":"{}",{}}}}}]}})",
        said.kind, said.at, said.at, agency, said.entry_id.empty() ? "c-" + id : said.entry_id, said.body,
        said.involvement, id, identity);
}
inline casework::Outcome known(OpenOffice& world, const std::string& agency, const std::string& id,
                               const std::string& identity, const Said& said = {}) {
    return world.take(line_of(agency, id, identity, said));
}

}  // namespace waymark::testing
