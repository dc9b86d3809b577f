#pragma once
// A sink that keeps what a reader makes, and the lists of refusals as golden files hold them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "exchange/reader.hpp"

namespace waymark::testing {

// "12  CINdetails/ReferralSource  \"RB\" is not a code of this field. write one of: …  [field]"
inline std::string written(const exchange::Refusal& refusal) {
    return fmt::format("{:>5}  {}  {}{}{}  [{}]\n", refusal.line, refusal.place, refusal.reason,
                       refusal.mend.empty() ? "" : ". ", refusal.mend,
                       refusal.kept        ? "kept as written"
                       : refusal.whole_row ? "row"
                                           : "field");
}

class Collected : public exchange::Sink {
public:
    void take(exchange::Row row) override { rows.push_back(std::move(row)); }
    void refuse_row(std::vector<exchange::Refusal> why) override {
        ++rows_refused;
        for (auto& one : why) refusals.push_back(std::move(one));
    }
    void refuse_field(exchange::Refusal why) override { refusals.push_back(std::move(why)); }

    [[nodiscard]] std::string text() const {
        std::string out;
        for (const auto& one : refusals) out += written(one);
        return out;
    }
    [[nodiscard]] std::size_t count(std::string_view kind) const {
        std::size_t n = 0;
        for (const auto& row : rows) n += row.draft.kind == kind ? 1u : 0u;
        return n;
    }
    [[nodiscard]] const record::Draft* find(std::string_view kind) const {
        for (const auto& row : rows) {
            if (row.draft.kind == kind) return &row.draft;
        }
        return nullptr;
    }

    std::vector<exchange::Row> rows;
    std::vector<exchange::Refusal> refusals;
    std::size_t rows_refused = 0;
};

// The golden file must say what `text` says. With WAYMARK_WRITE_GOLDEN set it is written instead, for a person to read.
inline void check_golden(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(WAYMARK_SOURCE_DIR) / "tests/golden/exchange" / name;
    if (std::getenv("WAYMARK_WRITE_GOLDEN") != nullptr) {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    std::ifstream in(path, std::ios::binary);
    std::ostringstream golden;
    golden << in.rdbuf();
    INFO(path.string());
    CHECK(golden.str() == text);
}

// Everything a reader needs, over the real content.
struct Reader {
    Reader() : catalogue(load(content::load_kinds(dir()))), codes(load(exchange::load_codes(dir()))) {}
    static std::string dir() { return std::string(WAYMARK_SOURCE_DIR) + "/content"; }
    template <class T>
    static T load(Result<T> result) {
        if (!result) throw std::runtime_error(describe(result.error()));
        return std::move(*result);
    }
    [[nodiscard]] exchange::Reading reading(std::string file) const {
        return {std::move(file), "csc", "", catalogue, codes, zone, now, columns};
    }
    Result<void> read(exchange::Format format, const std::string& text, Collected& sink) const {
        std::stringbuf in(text);
        return exchange::read_format(format, in, reading("file"), sink);
    }
    static std::string load_file(const std::string& relative) {
        std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/" + relative, std::ios::binary);
        REQUIRE(in.good());
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }

    content::Catalogue catalogue;
    exchange::Codes codes;
    Zone zone;
    Instant now = *parse_instant("2026-11-22T12:00:00Z");
    std::vector<std::pair<std::string, std::string>> columns;
};

}  // namespace waymark::testing
