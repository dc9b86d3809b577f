// Which column holds what, by its name.
#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "people/batch/batch.hpp"

namespace waymark::people::batch {

namespace {

struct Named {
    Kind kind;
    std::string_view name;
};
constexpr std::array<Named, 20> kinds = {{{Kind::given_name, "given_name"},
                                          {Kind::family_name, "family_name"},
                                          {Kind::other_names, "other_names"},
                                          {Kind::date_of_birth, "date_of_birth"},
                                          {Kind::sex, "sex"},
                                          {Kind::postcode, "postcode"},
                                          {Kind::address, "address"},
                                          {Kind::nhs_number, "nhs_number"},
                                          {Kind::upn, "upn"},
                                          {Kind::number, "number"},
                                          {Kind::la_child_id, "la_child_id"},
                                          {Kind::phone, "phone"},
                                          {Kind::email, "email"},
                                          {Kind::text, "text"},
                                          {Kind::accuracy, "accuracy"},
                                          {Kind::expected_birth, "expected_date_of_birth"},
                                          {Kind::former_postcode, "former_postcode"},
                                          {Kind::id, "id"},
                                          {Kind::truth, "truth"},
                                          {Kind::household, "household"}}};

// Further names, as registers and other programs write them.
constexpr std::array<Named, 46> aliases = {{{Kind::given_name, "first_name"},
                                            {Kind::given_name, "forename"},
                                            {Kind::given_name, "forenames"},
                                            {Kind::given_name, "given"},
                                            {Kind::given_name, "firstname"},
                                            {Kind::given_name, "given_names"},
                                            {Kind::family_name, "surname"},
                                            {Kind::family_name, "last_name"},
                                            {Kind::family_name, "lastname"},
                                            {Kind::family_name, "family"},
                                            {Kind::other_names, "middle_name"},
                                            {Kind::other_names, "middle_names"},
                                            {Kind::other_names, "previous_names"},
                                            {Kind::date_of_birth, "dob"},
                                            {Kind::date_of_birth, "birth_date"},
                                            {Kind::date_of_birth, "birthdate"},
                                            {Kind::sex, "gender"},
                                            {Kind::postcode, "post_code"},
                                            {Kind::postcode, "zip"},
                                            {Kind::postcode, "zip_code"},
                                            {Kind::former_postcode, "former_postcodes"},
                                            {Kind::former_postcode, "former_post_code"},
                                            {Kind::former_postcode, "previous_postcode"},
                                            {Kind::former_postcode, "previous_postcodes"},
                                            {Kind::former_postcode, "previous_post_code"},
                                            {Kind::former_postcode, "prev_postcode"},
                                            {Kind::former_postcode, "old_postcode"},
                                            {Kind::former_postcode, "old_postcodes"},
                                            {Kind::former_postcode, "earlier_postcode"},
                                            {Kind::former_postcode, "earlier_postcodes"},
                                            {Kind::address, "address_1"},
                                            {Kind::address, "address_line_1"},
                                            {Kind::address, "address1"},
                                            {Kind::address, "street"},
                                            {Kind::nhs_number, "nhs"},
                                            {Kind::nhs_number, "nhs_no"},
                                            {Kind::upn, "unique_pupil_number"},
                                            {Kind::phone, "telephone"},
                                            {Kind::phone, "mobile"},
                                            {Kind::number, "soc_sec_id"},
                                            {Kind::expected_birth, "expected_dob"},
                                            {Kind::accuracy, "dob_accuracy"},
                                            {Kind::text, "birth_place"},
                                            {Kind::text, "city"},
                                            {Kind::id, "unique_id"},
                                            {Kind::id, "rec_id"}}};

}  // namespace

std::string_view to_string(Kind kind) {
    for (const auto& each : kinds) {
        if (each.kind == kind) return each.name;
    }
    return "text";
}

std::optional<Kind> kind_of(std::string_view name) {
    for (const auto& each : kinds) {
        if (each.name == name) return each.kind;
    }
    return std::nullopt;
}

std::vector<ColumnUse> guess_columns(const std::vector<std::string>& header) {
    std::vector<ColumnUse> out;
    std::set<Kind> once;  // the first column of a kind of which there is one
    for (const auto& each : header) {
        std::string name = to_lower_ascii(trim(each));
        std::replace(name.begin(), name.end(), ' ', '_');
        std::replace(name.begin(), name.end(), '-', '_');
        std::optional<Kind> kind;
        for (const auto& alias : aliases) {
            if (alias.name == name) kind = alias.kind;
        }
        if (!kind) kind = kind_of(name);
        // "truth" would give the answer away unasked, and any column may be called "number" or "text".
        if (!kind || *kind == Kind::truth || *kind == Kind::household || name == "number" || name == "text") continue;
        const bool many = *kind == Kind::text || *kind == Kind::number || *kind == Kind::address ||
                          *kind == Kind::phone || *kind == Kind::la_child_id || *kind == Kind::former_postcode;
        if (!many && !once.insert(*kind).second) continue;
        out.push_back({each, *kind});
    }
    return out;
}

}  // namespace waymark::people::batch
