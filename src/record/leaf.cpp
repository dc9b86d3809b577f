#include "record/leaf.hpp"

#include <array>

#include "record/writer.hpp"

namespace waymark::record {

std::string write_envelope(const store::EntryRow& row) {
    std::string out;
    out.reserve(640);
    ObjectWriter json(out);
    if (row.about) json.plain("about", to_string(row.about));
    json.text("agency", row.agency);
    json.plain("at", to_string(row.at));
    json.text("author", row.author);
    if (row.case_id) json.plain("case", to_string(row.case_id));
    if (row.case_seq != 0) json.number("case_seq", row.case_seq);
    json.plain("digest", to_hex(row.digest));
    json.plain("entry", to_string(row.entry));
    json.text_if("incident", row.incident);
    json.plain("kept", to_string(row.kept));
    json.text("kind", row.kind);
    json.text("marking", row.marking);
    if (row.record) json.plain("record", to_string(row.record));
    json.plain("recorded", to_string(row.recorded));
    json.text_if("source_id", row.source_id);
    if (row.supersedes) json.plain("supersedes", to_string(row.supersedes));
    json.end();
    return out;
}

Digest leaf_of(ByteView salt, std::string_view envelope, std::string_view plaintext) {
    const auto size = static_cast<std::uint32_t>(envelope.size());
    const std::array<std::uint8_t, 1> prefix{0x00};
    const std::array<std::uint8_t, 4> length{static_cast<std::uint8_t>(size >> 24),
                                             static_cast<std::uint8_t>(size >> 16),
                                             static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
    return sha256({ByteView{prefix}, salt, ByteView{length}, as_bytes(envelope), as_bytes(plaintext)});
}

}  // namespace waymark::record
