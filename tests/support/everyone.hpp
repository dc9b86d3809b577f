#pragma once
// Northbay with somebody in every role of the access policy: the profile of the demonstration and those whom it lacks.
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace waymark::testing {

inline std::string profile_with_everyone() {
    struct More {
        const char* agency;
        const char* type;
        const char* key;
        const char* role;
    };
    static constexpr std::array<More, 2> agencies{{{"secure", "secure-estate", "b.quist", "secure-estate-worker"},
                                                   {"probation", "probation", "m.tran", "probation-worker"}}};
    static constexpr std::array<More, 2> families{
        {{"csc", "", "y.person", "young-person"}, {"csc", "", "p.carer", "parent-carer"}}};
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/content/profiles/northbay.toml", std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (text.empty()) throw std::runtime_error("the profile of the demonstration cannot be read");
    const auto person = [&](const More& one) {
        text += "\n[[practitioner]]\nkey = \"" + std::string(one.key) + "\"\nname = \"" + one.key + "\"\nagency = \"" +
                one.agency + "\"\nrole = \"" + one.role + "\"\n";
    };
    for (const auto& one : agencies) {
        text += "\n[[agency]]\nkey = \"" + std::string(one.agency) + "\"\nname = \"The " + one.type +
                " service\"\ntype = \"" + one.type + "\"\n";
        person(one);
    }
    for (const auto& one : families) person(one);
    return text;
}

}  // namespace waymark::testing
