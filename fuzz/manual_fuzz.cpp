// Any bytes as a chapter of the manual: taken or refused with a place and a reason, never anything else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "content/manual.hpp"

// libFuzzer names it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto chapter = waymark::content::parse_chapter(text, "m.md");
    if (!chapter) {
        if (chapter.error().place.empty() || chapter.error().reason.empty()) std::abort();
        return 0;
    }
    if (chapter->source != text || chapter->blocks.empty()) std::abort();
    std::set<std::string_view> numbers;
    for (const auto& block : chapter->blocks) {
        if (!block.number.empty() && !numbers.insert(block.number).second) std::abort();
        for (const auto& run : block.text) {
            if (run.kind == waymark::content::ManualRun::Kind::citation && !chapter->citation(run.target)) std::abort();
        }
    }
    return 0;
}
