#pragma once
// Small rulebooks written in a test: a head, events and duties as their TOML, read and asked for a standing.
//
//     const auto read = book(event("seen", "visit.made") + duty_rule("again", "seen", "seen", "1 day"));
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "support/sample_case.hpp"

namespace waymark::testing {

constexpr std::string_view rulebook_head =
    "name = \"p\"\nversion = \"1\"\ntitle = \"P\"\nnation = \"england\"\nin_force = 2020-01-01\n";

inline std::string event(std::string_view id, std::string_view kind, std::string_view more = "") {
    return fmt::format("[[event]]\nid = \"{}\"\nkind = \"{}\"\n{}\n", id, kind, more);
}
inline std::string duty_rule(std::string_view id, std::string_view from, std::string_view to, std::string_view clock,
                             std::string_view more = "") {
    return fmt::format(
        "[[rule]]\nid = \"{}\"\nrelation = \"response\"\nfrom = {}\nto = {}\nclock = \"{}\"\n"
        "owner = \"social-worker\"\nlabel = \"Do {}\"\nsource = \"[D]\"\n{}\n",
        id, from.front() == '[' ? std::string(from) : fmt::format("\"{}\"", from),
        to.front() == '[' ? std::string(to) : fmt::format("\"{}\"", to), clock, id, more);
}
inline procedure::Rulebook book(const std::string& text) {
    return rulebook_of(std::string(rulebook_head) + text);
}
inline Fault book_refusal(const std::string& text) {
    const auto read = procedure::parse_rulebook(std::string(rulebook_head) + text, "p.toml", catalogue());
    if (read) throw std::runtime_error("taken, and should have been refused: " + text);
    return read.error();
}
inline procedure::Standing at(const procedure::Rulebook& rulebook, const SampleCase& sample, std::string_view now) {
    return procedure::standing(rulebook, england(), sample.dossier, instant(now));
}
inline content::Profile northbay_profile() {
    const auto text = content::read_content(std::string(WAYMARK_SOURCE_DIR) + "/content", "profiles/northbay.toml");
    return content::parse_profile(text.value(), "northbay.toml").value();
}

}  // namespace waymark::testing
