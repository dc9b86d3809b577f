// Cells: how values go into and come out of statements.
#include "store/sql.hpp"

#include <algorithm>

namespace waymark::store {

Cell cell(std::int64_t v) {
    Cell c;
    c.type = Type::whole;
    c.whole = v;
    return c;
}

Cell cell(double v) {
    Cell c;
    c.type = Type::real;
    c.real = v;
    return c;
}

Cell cell(std::string_view text) {
    // PostgreSQL cannot hold a NUL in text; both engines refuse it, so that a record can move from one to the other.
    if (text.find('\0') != std::string_view::npos) {
        throw Failure(Failure::Cause::refused,
                      Fault{FaultKind::invalid, "", "the text holds a NUL character", "leave it out"});
    }
    Cell c;
    c.type = Type::text;
    c.bytes = text;
    return c;
}

Cell cell(ByteView blob) {
    Cell c;
    c.type = Type::blob;
    c.bytes = as_text(blob);
    return c;
}

Cell cell_or_null(const std::optional<Instant>& t) {
    Cell c = cell(t.value_or(Instant{}));
    c.null = !t.has_value();
    return c;
}

const Cell& Columns::next() {
    return row_[at_++];
}

Bytes Columns::blob() {
    return to_bytes(next().bytes);
}

std::optional<Instant> Columns::instant_or_null() {
    const Cell& c = next();
    return c.null ? std::nullopt : std::optional{Instant{c.whole}};
}

std::array<std::uint8_t, 32> Columns::block() {
    std::array<std::uint8_t, 32> out{};
    copy_to(out);
    return out;
}

void Columns::copy_to(std::span<std::uint8_t> out) {
    const Cell& c = next();
    if (c.null) return;
    if (c.bytes.size() != out.size()) {
        throw Failure(Failure::Cause::refused,
                      Fault{FaultKind::unavailable, "store", "a stored id or digest has the wrong length",
                            "run `waymark verify`"});
    }
    const ByteView bytes = as_bytes(c.bytes);
    std::copy(bytes.begin(), bytes.end(), out.begin());
}

}  // namespace waymark::store
