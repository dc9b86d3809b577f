// UUIDs by RFC 9562, written and read by hand because they are on every path.
#include "base/id.hpp"

#include <algorithm>
#include <cstring>

namespace waymark {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

// A hyphen stands before these octets.
constexpr bool hyphen_before(std::size_t octet) {
    return octet == 4 || octet == 6 || octet == 8 || octet == 10;
}

void set_variant(Uuid& id) {
    id.octets[8] = static_cast<std::uint8_t>((id.octets[8] & 0x3f) | 0x80);
}

}  // namespace

// RFC 9562 sections 5.7 and 6.2 method 3: rand_a holds the fraction of the millisecond in 1/4096.
Uuid make_uuid7(const Clock& clock, Random& random) {
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(clock.now().micros, 0));
    const auto millis = micros / 1000;
    const auto fraction = (micros % 1000) * 4096 / 1000;
    Uuid id;
    random.fill(std::span(id.octets).subspan(8));
    for (std::size_t i = 0; i < 6; ++i) id.octets[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i) & 255);
    id.octets[6] = static_cast<std::uint8_t>(0x70 | (fraction >> 8 & 15));
    id.octets[7] = static_cast<std::uint8_t>(fraction & 255);
    set_variant(id);
    return id;
}

Uuid make_uuid4(Random& random) {
    Uuid id;
    random.fill(id.octets);
    id.octets[6] = static_cast<std::uint8_t>((id.octets[6] & 0x0f) | 0x40);
    set_variant(id);
    return id;
}

std::string to_string(const Uuid& id) {
    std::string out(36, '-');
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.octets.size(); ++i) {
        if (hyphen_before(i)) ++at;
        out[at++] = hex_digits[id.octets[i] >> 4];
        out[at++] = hex_digits[id.octets[i] & 15];
    }
    return out;
}

Result<Uuid> parse_uuid(std::string_view text) {
    const auto refuse = [] { return invalid("", "not an id", "write it as 8-4-4-4-12 hexadecimal digits"); };
    if (text.size() != 36) return refuse();
    Uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.octets.size(); ++i) {
        if (hyphen_before(i) && text[at++] != '-') return refuse();
        const int high = hex_digit_value(text[at]);
        const int low = hex_digit_value(text[at + 1]);
        if (high < 0 || low < 0) return refuse();
        id.octets[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return id;
}

// Ids are mostly random already; the multiplication spreads the time of version 7 over the high bits too.
std::size_t UuidHash::operator()(const Uuid& id) const noexcept {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::memcpy(&front, id.octets.data(), 8);
    std::memcpy(&back, id.octets.data() + 8, 8);
    std::uint64_t mixed = (front ^ back) * 0x9e3779b97f4a7c15u;
    mixed ^= mixed >> 32;
    return static_cast<std::size_t>((mixed + back) * 0xbf58476d1ce4e5b9u);
}

}  // namespace waymark
