#pragma once
// The levels of all fields of one pair of records, found fast: equal codes first, then a cache of value pairs.
#include <array>
#include <cstdint>
#include <vector>

#include "people/batch/fields.hpp"
#include "people/batch/levels.hpp"

namespace waymark::people::batch {

using Levels = std::array<LevelCode, most_compared>;

// Five bits a field.
using Pattern = std::uint64_t;
inline Pattern pack(const Levels& levels, std::size_t fields) {
    Pattern pattern = 0;
    for (std::size_t f = 0; f < fields; ++f) pattern |= Pattern{levels[f]} << (5 * f);
    return pattern;
}
inline LevelCode level_in(Pattern pattern, std::size_t field) {
    return static_cast<LevelCode>((pattern >> (5 * field)) & 31u);
}

class Weights;

// One for each thread. The cache changes nothing but the time: levels are functions of the two values.
class Comparing {
public:
    explicit Comparing(const Prepared&);
    void levels(std::uint32_t a, std::uint32_t b, Levels&);
    // The same, but false as soon as it is known that the weight against strangers stays below `least`.
    bool levels_reaching(std::uint32_t a, std::uint32_t b, const Weights&, std::int32_t least, Levels&);
    LevelCode field_level(std::size_t field, std::uint32_t code_a, std::uint32_t code_b);

private:
    struct Cached {
        std::uint64_t key = 0;
        LevelCode level = 0;
    };
    const Prepared& all_;
    std::vector<std::vector<Cached>> cache_;
    std::uint64_t mask_ = 0;
    std::vector<std::size_t> order_;  // of the fields: what costs least first
};

// The names of someone, by the table's fields; what is not known is empty.
struct NameTexts {
    const Prepared& all;
    std::string_view given;
    std::string_view family;
    std::string_view other;
    [[nodiscard]] bool has(int field) const { return !text(field).empty(); }
    [[nodiscard]] std::string_view text(int field) const {
        return field == all.given ? given : field == all.family ? family : other;
    }
};
// Names in each other's place or among the other names, once every field has its own level.
void look_across_names(const Prepared&, const NameTexts&, const NameTexts&, Levels&);

// A postcode that one had before, where the postcodes of now are not the same; once every field has its own level.
inline LevelCode with_former(LevelCode now, bool in_common) {
    return in_common && (now == 0 || now > same_codes(Kind::postcode)) ? former_level : now;
}
// The same from the definitions alone, without cache: what the fast way is proved against.
void plain_levels(const Prepared&, std::uint32_t a, std::uint32_t b, Levels&);

}  // namespace waymark::people::batch
