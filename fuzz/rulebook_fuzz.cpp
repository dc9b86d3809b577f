// Any bytes as a rulebook: taken or refused with a place and a reason, never anything else. What is taken can be
// explained, checked within bounds, and folded.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "support/sample_case.hpp"

namespace {

const waymark::testing::SampleCase& some_case() {
    static const auto sample = [] {
        waymark::testing::SampleCase one;
        one.add("a", "2026-03-02T09:00:00Z", "concern.raised", R"({"immediate_danger": true})");
        one.about("a", "b", "2026-03-02", "triage.decided", R"({"outcome": "assessment"})");
        one.add("c", "2026-03-04T09:00:00Z", "concern.raised");
        one.add("d", "2026-03-05T09:00:00Z", "strategy.held", R"({"decision": "section-47"})");
        one.add("e", "2026-03-06T09:00:00Z", "case.closed");
        return one;
    }();
    return sample;
}

}  // namespace

// libFuzzer names it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto book = procedure::parse_rulebook(text, "p.toml", testing::catalogue());
    if (!book) {
        if (book.error().place.empty() || book.error().reason.empty()) std::abort();
        return 0;
    }
    if (book->text != text || procedure::explain(*book).empty()) std::abort();
    procedure::check(*book, testing::england(), nullptr, 500);
    const auto standing =
        procedure::standing(*book, testing::england(), some_case().dossier, testing::instant("2026-04-01T00:00:00Z"));
    for (const auto& duty : standing.duties) {
        if (duty.rule < book->rules.data() || duty.rule >= book->rules.data() + book->rules.size()) std::abort();
    }
    return 0;
}
