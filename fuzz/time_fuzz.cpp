// Instants, dates, ids, digests in text: what is taken is written as it is known and taken again as the same.
#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "content/content.hpp"
#include "exchange/reader.hpp"
#include "record/entry.hpp"
#include "sharing/sharing.hpp"
#include "store/store.hpp"
#include "support.hpp"

namespace {

using namespace waymark;
using fuzzing::must;
using fuzzing::must_tell;

void times(std::string_view text) {
    const auto instant = parse_instant(text);
    must_tell(instant);
    if (instant) must(parse_instant(to_string(*instant)) == *instant);
    const auto date = parse_date(text);
    must_tell(date);
    if (date)
        must(format_date(*date) == text && parse_date(format_date(*date)) == *date && !format_long(*date).empty());
    const auto when = parse_when(text);
    must_tell(when);
    must(when.has_value() == (instant.has_value() || date.has_value()));
    if (when) must(parse_when(to_string(*when)) == *when);
    static const Zone zone;
    if (when) must(zone.start_of(zone.day_of(*when)) < zone.end_of(zone.day_of(*when)));
    must_tell(exchange::parse_loose_date(text));
}

void bytes(std::string_view text) {
    const auto id = parse_uuid(text);
    must_tell(id);
    if (id) must(to_string(*id) == to_lower_ascii(text));
    const auto hex = from_hex(text);
    must_tell(hex);
    if (hex) must(to_hex(*hex) == to_lower_ascii(text));
    const auto base64 = from_base64(text);
    must_tell(base64);
    if (base64) must(to_base64(*base64) == text);
    must(from_base64(to_base64(as_bytes(text))).value() == to_bytes(text));
}

void words(std::string_view text) {
    const auto clock = content::parse_clock_length(text);
    must_tell(clock);
    if (clock) must(content::parse_clock_length(content::to_string(*clock)) == *clock);
    record::parse_involvement(text);
    sharing::parse_level(text);
    exchange::parse_format(text);
    const auto address = store::parse_address(text);
    must_tell(address);
    if (address) (void)address->shown();
    // A password is never shown.
    const auto with_password = store::parse_address("postgresql://user:s3cr3t-canary@" + std::string(text));
    if (with_password && text.find("s3cr3t-canary") == std::string_view::npos)
        must(with_password->shown().find("s3cr3t-canary") == std::string::npos);
}

void letters(std::string_view text) {
    if (!is_valid_utf8(text)) return;
    const std::string nfc = to_nfc(text);
    must(is_valid_utf8(nfc) && to_nfc(nfc) == nfc);
    const std::string folded = fold_case(text);
    must(is_valid_utf8(folded));
    must(is_valid_utf8(strip_diacritics(text)));
    must(count_characters(text) <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzzing::text_of(data, size);
    times(text);
    bytes(text);
    words(text);
    letters(text);
    return 0;
}
