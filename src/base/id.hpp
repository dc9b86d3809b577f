#pragma once
// Ids are 128-bit UUIDs, each kind of thing with its own type, so that a case can never be passed for a person.
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/system.hpp"

namespace waymark {

struct Uuid {
    std::array<std::uint8_t, 16> octets{};
    auto operator<=>(const Uuid&) const = default;
    [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }
};

template <class Tag>
struct Id {
    Uuid value;
    auto operator<=>(const Id&) const = default;
    [[nodiscard]] bool is_nil() const { return value.is_nil(); }
    explicit operator bool() const { return !value.is_nil(); }
};

using EntryId = Id<struct EntryTag>;
using ViewId = Id<struct ViewTag>;  // one agency's view of a person; a person's id is its oldest view's
using CaseId = Id<struct CaseTag>;
using DraftId = Id<struct DraftTag>;

// RFC 9562 version 7: 48 bits of Unix milliseconds, 12 bits of the fraction of the millisecond (section 6.2, method 3),
// 62 random bits. An id made at a later microsecond of the clock is the greater; ids of one microsecond are in no
// order.
Uuid make_uuid7(const Clock&, Random&);
// A random 128-bit id that tells nothing of when it was made, for references that leave the partnership.
Uuid make_uuid4(Random&);

std::string to_string(const Uuid&);  // 8-4-4-4-12, lower case
Result<Uuid> parse_uuid(std::string_view);

template <class Tag>
std::string to_string(const Id<Tag>& id) {
    return to_string(id.value);
}
template <class T>
Result<T> parse_id(std::string_view text) {
    return parse_uuid(text).map([](Uuid value) { return T{value}; });
}

struct UuidHash {
    std::size_t operator()(const Uuid&) const noexcept;
};

}  // namespace waymark

template <>
struct std::hash<waymark::Uuid> {
    std::size_t operator()(const waymark::Uuid& id) const noexcept { return waymark::UuidHash{}(id); }
};
template <class Tag>
struct std::hash<waymark::Id<Tag>> {
    std::size_t operator()(const waymark::Id<Tag>& id) const noexcept { return waymark::UuidHash{}(id.value); }
};
