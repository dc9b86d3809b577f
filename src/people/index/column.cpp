#include "people/index/column.hpp"

#include <bit>

namespace waymark::people::index {

namespace {

std::uint64_t order_of(std::string_view text) {
    return batch::hash_bytes(text, 1);
}

bool stands_in_rows(batch::Kind kind) {
    return kind == batch::Kind::date_of_birth || kind == batch::Kind::postcode || batch::is_key(kind);
}

}  // namespace

bool stands_first(std::string_view a, std::string_view b) {
    const auto x = order_of(a);
    const auto y = order_of(b);
    return x != y ? x < y : a < b;
}

Column::Column(const batch::PreparedField& field, const NameVariants* variants)
    : field_(field), variants_(variants), built_(static_cast<std::uint32_t>(field.values->size())) {
    slots_.assign(std::bit_ceil(std::size_t{built_} + built_ / 2 + 2), 0);
    const auto mask = slots_.size() - 1;
    for (std::uint32_t code = 1; code < built_; ++code) {
        auto at = order_of(field.text(code)) & mask;
        while (slots_[at] != 0) at = (at + 1) & mask;
        slots_[at] = code;
    }
    if (!stands_in_rows(field.kind)) make_cards();
}

void Column::make_cards() {
    cards_.resize(built_);
    for (std::uint32_t code = 1; code < built_; ++code) {
        auto& card = cards_[code];
        const auto& marks = field_.marks[code];
        const auto words = field_.text(code);
        const auto groups = field_.groups_of(code);
        card.kin = marks.kin;
        card.letters = marks.letters;
        card.sounds = marks.sounds;
        card.sound = field_.sound.empty() ? 0 : field_.sound[code];
        card.groups = groups.empty() ? 0 : field_.variants[code];
        card.length = marks.length;
        card.rarity = static_cast<std::uint8_t>(marks.rarity) & 3u;
        card.initial = marks.initial ? 1u : 0u;
        card.several = marks.several ? 1u : 0u;
        card.group_count = static_cast<std::uint8_t>(std::min<std::size_t>(groups.size(), 15)) & 15u;
        std::copy_n(words.data(), std::min(words.size(), Card::room), card.start.begin());
    }
}

std::uint32_t Column::find(std::string_view text) const {
    if (text.empty()) return 0;
    const auto hash = order_of(text);
    const auto mask = slots_.size() - 1;
    for (auto at = hash & mask; slots_[at] != 0; at = (at + 1) & mask) {
        if (this->text(slots_[at]) == text) return slots_[at];
    }
    std::uint32_t found = 0;
    added_by_text_.find(hash, [&](std::uint32_t position) {
        if (added_[position].loose.text() == text) found = built_ + position;
        return found == 0;
    });
    return found;
}

Value Column::value_of(std::string_view text, std::vector<std::uint32_t>& groups) const {
    if (variants_ != nullptr) groups = batch::variant_groups(*variants_, text);
    Value value;
    value.loose.value = text;
    value.loose.first_sound = field_.sound.empty() ? 0 : batch::sound_number(text);
    value.loose.variants = groups;
    const auto rarity =
        field_.shares ? batch::rarity_in(*field_.shares, field_.kind, text, !groups.empty()) : batch::Rarity::rare;
    value.marks = batch::marks_of(field_.kind, text, groups, rarity);
    value.loose.how_rare = rarity;
    value.loose.letter_bits = value.marks.letters;
    value.loose.sound_bits = value.marks.sounds;
    return value;
}

std::uint32_t Column::intern(std::string_view text) {
    if (const auto code = find(text); code != 0 || text.empty()) return code;
    auto kept = std::make_unique<Kept>();
    kept->text = text;
    const auto position = added_.push(value_of(kept->text, kept->groups));
    added_by_text_.insert(order_of(text), position);
    kept_.push_back(std::move(kept));
    return built_ + position;
}

std::size_t Column::bytes() const {
    const auto& f = field_;
    return slots_.size() * sizeof(std::uint32_t) + cards_.size() * sizeof(Card) + added_.bytes() +
           added_by_text_.bytes() + f.count.size() * sizeof(std::uint32_t) +
           f.marks.size() * sizeof(batch::ValueMarks) +
           (f.sound.size() + f.variants.size() + f.groups.size()) * sizeof(std::uint32_t);
}

}  // namespace waymark::people::index
