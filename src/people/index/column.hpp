#pragma once
// The values of one column: those of the register, and those that came after it was built. A value keeps its number.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "people/batch/fields.hpp"
#include "people/batch/levels.hpp"
#include "people/index/growing.hpp"
#include "people/index/huge.hpp"

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
        if (code >= built_) return added_[code - built_].loose.text();
        return cards_.empty() ? field_.text(code) : text(cards_[code], code);
    }
    [[nodiscard]] Value value(std::uint32_t code) const {
        if (code >= built_) return added_[code - built_];
        return cards_.empty() ? Value{batch::loose_value(field_, code), field_.marks[code]} : value(cards_[code], code);
    }
    [[nodiscard]] batch::ValueMarks marks(std::uint32_t code) const {
        if (code >= built_) return added_[code - built_].marks;
        return cards_.empty() ? field_.marks[code] : marks(cards_[code]);
    }
    void prefetch(std::uint32_t code) const {
        if (code < cards_.size()) __builtin_prefetch(&cards_[code]);
    }
    // What is known of a text; `groups` holds what the value points at.
    [[nodiscard]] Value value_of(std::string_view text, std::vector<std::uint32_t>& groups) const;
    [[nodiscard]] std::size_t bytes() const;

    // The writer's: the number of a text, a new one if need be.
    std::uint32_t intern(std::string_view text);

private:
    // All that is looked at of one value, in one line of memory.
    struct alignas(64) Card {
        static constexpr std::size_t room = 30;
        std::uint64_t kin = 0;
        std::uint64_t sounds = 0;
        std::uint64_t letters = 0;
        std::uint32_t sound = 0;
        std::uint32_t groups = 0;  // where they begin
        std::uint8_t length = 0;   // of a longer text: look it up
        std::uint8_t rarity : 2 = 0;
        std::uint8_t initial : 1 = 0;
        std::uint8_t several : 1 = 0;
        std::uint8_t group_count : 4 = 0;  // 15: look it up
        std::array<char, room> start{};    // of the text
    };
    static_assert(sizeof(Card) == 64);
    struct Kept {
        std::string text;
        std::vector<std::uint32_t> groups;
    };

    [[nodiscard]] std::string_view text(const Card& card, std::uint32_t code) const {
        return card.length <= Card::room ? std::string_view(card.start.data(), card.length) : field_.text(code);
    }
    [[nodiscard]] static batch::ValueMarks marks(const Card& card) {
        batch::ValueMarks out;
        out.kin = card.kin;
        out.sounds = card.sounds;
        out.letters = card.letters;
        out.start = batch::start_of({card.start.data(), 4});
        out.length = card.length;
        out.rarity = static_cast<batch::Rarity>(card.rarity);
        out.initial = card.initial != 0;
        out.several = card.several != 0;
        return out;
    }
    [[nodiscard]] Value value(const Card& card, std::uint32_t code) const {
        Value out;
        out.loose.value = text(card, code);
        out.loose.how_rare = static_cast<batch::Rarity>(card.rarity);
        out.loose.first_sound = card.sound;
        out.loose.letter_bits = card.letters;
        out.loose.sound_bits = card.sounds;
        if (card.group_count == 15) {
            out.loose.variants = field_.groups_of(code);
        } else if (card.group_count != 0) {
            out.loose.variants = {field_.groups.data() + card.groups, card.group_count};
        }
        out.marks = marks(card);
        return out;
    }

    void make_cards();

    const batch::PreparedField& field_;
    const NameVariants* variants_;
    std::uint32_t built_;
    Huge<Card> cards_;  // none for what is as many as the records and seldom looked at: numbers, dates, postcodes
    Huge<std::uint32_t> slots_;  // of the built values, by hash
    Growing<Value> added_;
    GrowingMap added_by_text_;
    std::vector<std::unique_ptr<Kept>> kept_;
};

// Which of two texts stands first in a table's order of values.
bool stands_first(std::string_view a, std::string_view b);

}  // namespace waymark::people::index
