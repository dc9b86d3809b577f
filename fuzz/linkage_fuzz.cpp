// Files to link and kept models from outside: no bytes bring the readers or the engine down, what is refused says why
// and how to mend it, and a model that is taken is written as it was read.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "people/batch/batch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark::people::batch;
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    if (data[0] % 4 == 0) {
        const auto model = parse_linkage_model(text);
        if (!model) return model.error().reason.empty() ? std::abort(), 0 : 0;
        const auto again = parse_linkage_model(write_linkage_model(*model));
        if (!again || write_linkage_model(*again) != write_linkage_model(*model)) std::abort();
        return 0;
    }
    Options options;
    options.threads = data[0] % 4;
    std::istringstream in(text);
    const auto table = read(in, "fuzz.csv", options);
    if (!table) return table.error().reason.empty() ? std::abort(), 0 : 0;
    if (records(**table) > 300) return 0;
    const auto found = dedupe(*table, options);
    if (!found) return 0;
    for (const auto& pair : found->pairs) {
        if (pair.l >= records(**table) || pair.r >= records(**table) || pair.l == pair.r) std::abort();
    }
    std::ostringstream out;
    write_pairs(out, *found, **table, **table, false);
    write_clusters(out, *found, **table);
    return 0;
}
