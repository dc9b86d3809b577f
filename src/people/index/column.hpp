#pragma once
// The values of one column: those of the register, and those that came after it was built. A value keeps its number.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "people/batch/fields.hpp"
#include "people/batch/levels.hpp"
#include "people/index/growing.hpp"

namespace waymark::people::index {

// A value as it is compared: what is written and what is known of it.
struct Value {
    batch::LooseValue loose;
    batch::ValueMarks marks;
};

class Column {
public:
    Column(const batch::PreparedField& field, const NameVariants* variants);

    [[nodiscard]] const batch::PreparedField& field() const { return field_; }
    [[nodiscard]] std::uint32_t built() const { return built_; }
    // 0 where no record has it.
    [[nodiscard]] std::uint32_t find(std::string_view text) const;
    [[nodiscard]] std::string_view text(std::uint32_t code) const {
        return code < built_ ? field_.text(code) : added_[code - built_].loose.text();
    }
    [[nodiscard]] const batch::ValueMarks& marks(std::uint32_t code) const {
        return code < built_ ? field_.marks[code] : added_[code - built_].marks;
    }
    [[nodiscard]] batch::LooseValue loose(std::uint32_t code) const {
        return code < built_ ? batch::loose_value(field_, code) : added_[code - built_].loose;
    }
    // What is known of a text; `groups` holds what the value points at.
    [[nodiscard]] Value value_of(std::string_view text, std::vector<std::uint32_t>& groups) const;
    [[nodiscard]] const NameVariants* variants() const { return variants_; }
    [[nodiscard]] std::size_t bytes() const;

    // The writer's: the number of a text, a new one if need be.
    std::uint32_t intern(std::string_view text);

private:
    struct Kept {
        std::string text;
        std::vector<std::uint32_t> groups;
    };
    const batch::PreparedField& field_;
    const NameVariants* variants_;
    std::uint32_t built_;
    std::vector<std::uint32_t> slots_;  // of the built values, by hash
    Growing<Value> added_;
    GrowingMap added_by_text_;
    std::vector<std::unique_ptr<Kept>> kept_;
};

// Which of two texts stands first in a table's order of values.
bool stands_first(std::string_view a, std::string_view b);

}  // namespace waymark::people::index
