#pragma once
// What agreement is worth: the model of Fellegi and Sunter with three classes of pair, for the fields of a file or of
// the registry. Readable, kept and reused as JSON (docs/formats/model.md).
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"

namespace waymark::people::batch {

// What a field holds.
enum class Kind : std::uint8_t {
    given_name,
    family_name,
    other_names,    // middle, other and previous names
    date_of_birth,  // 2014-03-09, 20140309, 09/03/2014, 2014-03, 2014
    sex,
    postcode,
    address,
    nhs_number,
    upn,
    number,       // another number of the person's own: may carry slips of typing (social security, a passport's)
    la_child_id,  // an authority's number: "source/number"; numbers of two sources say nothing of one another
    phone,
    email,
    text,             // any other text, perhaps shared by a household: place of birth, occupation
    accuracy,         // of the date of birth: three of A, E, U; not compared by itself
    expected_birth,   // of an unborn child: stands in for a date of birth that is missing; not compared by itself
    former_postcode,  // one or several that the person had before, between ; or |; compared with the postcode
    id,               // of the record; unique within the file
    truth,            // which person it truly is; never compared
    household         // which household it truly is; never compared, only counts twins and siblings in the figures
};
std::string_view to_string(Kind);
std::optional<Kind> kind_of(std::string_view name);

struct LevelWeight {
    std::string id;     // "same", "nickname", "one-letter", …: as in docs/formats/model.md
    std::string words;  // "Given names differ by one letter"
    double m = 0;       // share among pairs of one person
    double h = 0;       // share among pairs of two of one household
    double u = 0;       // share among pairs of strangers
    double weight = 0;  // log2(m/u), the average where the value's own frequency is used
};
// How common values are, where that is not counted in a file: of values in their normal form.
struct ValueShares {
    std::unordered_map<std::string, double> of;
    double other = 0;  // of any value that is not among them
    // Values that say less than others of their kind are shared by more: a district alone, a house number without its
    // street, a year without its day; and a second name says a tenth of a first.
    [[nodiscard]] double share(Kind, std::string_view value) const;
};
struct FieldModel {
    std::string name;  // the column's header
    Kind kind = Kind::text;
    std::vector<LevelWeight> levels;            // without `missing`, which weighs nothing
    bool by_frequency = false;                  // the level `same` weighs by how common the value is
    std::shared_ptr<const ValueShares> shares;  // none: as common as it is in the file
};
struct LinkageModel {
    double prior = 0;               // log2 odds that two records taken at random are one person
    double household_prior = 0;     // log2 odds that they are two of one household (-60: households are not told apart)
    double link_at = 0;             // weight (log2 of the posterior odds) from which a pair is linked
    double review_at = 0;           // weight from which it is offered
    double expected_precision = 0;  // of all that is linked at `link_at`, by the model itself
    std::vector<FieldModel> fields;
};
Result<LinkageModel> parse_linkage_model(std::string_view json);
std::string write_linkage_model(const LinkageModel&);

}  // namespace waymark::people::batch
