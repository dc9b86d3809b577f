#pragma once
// What the fuzz targets of the readers share: a reading over the real content, and a sink that looks at everything.
#include <cstdlib>
#include <sstream>
#include <string>

#include "base/text.hpp"
#include "exchange/reader.hpp"

namespace waymark::testing {

// Everything that is told must be fit to be shown.
class Looking : public exchange::Sink {
public:
    void take(exchange::Row row) override {
        if (row.draft.id.empty() || row.draft.subjects.empty()) std::abort();
        record::content_digest(row.draft);
    }
    void refuse_row(std::vector<exchange::Refusal> refusals) override {
        if (refusals.empty()) std::abort();
        for (const auto& one : refusals) look(one);
    }
    void refuse_field(exchange::Refusal refusal) override { look(refusal); }

private:
    static void look(const exchange::Refusal& refusal) {
        if (refusal.reason.empty() || refusal.line == 0) std::abort();
    }
};

inline int fuzz_reader(exchange::Format format, const std::uint8_t* data, std::size_t size) {
    static const std::string dir = std::string(WAYMARK_SOURCE_DIR) + "/content";
    static const auto catalogue = *content::load_kinds(dir);
    static const auto codes = *exchange::load_codes(dir);
    static const Zone zone;
    const exchange::Reading reading{"file", "csc", "", catalogue, codes, zone, *parse_instant("2026-11-22T12:00:00Z"),
                                    {}};
    std::stringbuf in(std::string(reinterpret_cast<const char*>(data), size));
    Looking sink;
    (void)exchange::read_format(format, in, reading, sink);
    return 0;
}

}  // namespace waymark::testing
