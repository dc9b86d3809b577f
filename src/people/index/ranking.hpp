#pragma once
// Weighs candidates against someone who is asked for: first from above, by what the codes say, then in full.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "people/batch/pattern.hpp"
#include "people/batch/weights.hpp"
#include "people/index/column.hpp"
#include "people/index/index.hpp"
#include "people/index/keys.hpp"
#include "people/index/row.hpp"

namespace waymark::people::index {

using Columns = std::vector<std::unique_ptr<Column>>;

// What the model says of each level of each field, and the most that a field can add where values are not the same.
class Scale {
public:
    Scale(const batch::Prepared&, const batch::Weights&);

    struct OfField {
        batch::Kind kind = batch::Kind::text;
        batch::LevelCode same_codes = 1;
        std::array<batch::Weight, batch::most_levels_of_field> strangers{};
        std::array<batch::Weight, batch::most_levels_of_field> household{};
        batch::Weight near = 0;    // values that may be near each other
        batch::NameLimits name;    // names by their marks
        batch::Weight across = 0;  // names in each other's place or among the other names
    };
    std::vector<OfField> fields;
    batch::Weight prior = 0;
    batch::Weight household_prior = 0;
};

class Weighing {
public:
    Weighing(const batch::Prepared&, const Columns&, const batch::Weights&, const Scale&, std::span<const AskedField>,
             RowShape);

    // Asks for what bound() reads, some candidates ahead.
    void prefetch(const std::uint32_t* row) const {
        for (std::size_t f = 0; f < asked_.size(); ++f) {
            if (read_first_[f] && row[f] != asked_[f].code) columns_[f]->prefetch(row[f]);
        }
    }
    // No candidate's weight is above it.
    batch::Weight bound(const std::uint32_t* row);
    float weight(const std::uint32_t* row, batch::Levels& levels);
    [[nodiscard]] std::vector<batch::ExampleEvidence> evidence(const batch::Levels&) const;

private:
    struct Seen {  // a value that was compared before
        std::uint32_t code = 0;
        batch::LevelCode level = 0;
    };
    static constexpr std::size_t remembered = 256;
    batch::LevelCode level(std::size_t field, const std::uint32_t* row);
    // The record's person had the postcode asked for before.
    [[nodiscard]] bool had_before(const std::uint32_t* row) const;
    [[nodiscard]] batch::Weight most_of_name(std::size_t field, std::uint32_t code) const;
    // What compare_loose() would call different, by what stands in the row.
    [[nodiscard]] bool birth_differs(const std::uint32_t* row) const;
    [[nodiscard]] bool postcode_differs(const std::uint32_t* row) const;
    [[nodiscard]] batch::NameTexts names(const std::uint32_t* row) const;

    const batch::Prepared& all_;
    const Columns& columns_;
    std::span<const AskedField> asked_;
    std::array<Scale::OfField, batch::most_compared> scale_;
    batch::Weight prior_;
    batch::Weight household_prior_;
    std::array<bool, batch::most_compared> at_once_{};     // the level is found at once, it costs so little
    std::array<bool, batch::most_compared> marks_tell_{};  // what a name's marks say holds
    std::array<bool, batch::most_compared> read_first_{};  // bound() reads the value
    std::array<std::array<Seen, remembered>, batch::most_compared> seen_;
    batch::NameTexts asked_names_;
    RowShape shape_;
    std::size_t birth_ = batch::most_compared;  // the fields that stand in the row; none
    std::size_t postcode_ = batch::most_compared;
    std::uint32_t date_ = 0;  // as asked
    std::uint64_t unit_ = 0;
    std::uint64_t unit_letters_ = 0;
};

}  // namespace waymark::people::index
