// What is compared of an identity. A protected address leaves no feature at all: no token, no weight and no evidence
// can then tell of it, at the price that it does not help to find its own child. Place-holders are as good as missing.
#include "base/text.hpp"
#include "people/batch/table.hpp"
#include "people/normal_parts.hpp"
#include "people/people.hpp"

namespace waymark::people {

namespace {

std::string normal(batch::Kind kind, std::string_view written) {
    bool refused = false;
    return batch::normal_value(kind, written, true, refused);
}

}  // namespace

Features features_of(const record::Identity& identity) {
    Features out;
    out.given = given_parts(identity.given_name);
    out.family = family_parts(identity.family_name);
    for (const auto& name : identity.other_names) {
        std::string normal = join(name_parts(name), " ");
        if (!normal.empty() && !names_nobody(normal) && out.other.size() < 16) out.other.push_back(std::move(normal));
    }
    if (identity.date_of_birth && !stands_for_no_date(*identity.date_of_birth)) {
        out.date_of_birth = identity.date_of_birth;
    } else if (identity.expected_date_of_birth) {
        out.date_of_birth = identity.expected_date_of_birth;
        out.expected_birth = true;
    }
    const std::string accuracy = to_upper_ascii(identity.dob_accuracy);
    if (accuracy.size() == 3 && accuracy.find_first_not_of("AEU") == std::string::npos) out.dob_accuracy = accuracy;
    if (out.dob_accuracy == "UUU" && !out.expected_birth) out.date_of_birth.reset();
    out.sex = normal(batch::Kind::sex, identity.sex);
    if (!identity.address_protected) {
        out.address = normal(batch::Kind::address, identity.address);
        out.postcode = normal(batch::Kind::postcode, identity.postcode);
    }
    out.nhs_number = normalise_nhs_number(identity.nhs_number).value_or("");
    out.upn = normalise_upn(identity.upn).value_or("");
    if (const auto id = trim(identity.la_child_id); !id.empty()) {
        out.la_child_id = normal(batch::Kind::la_child_id, identity.source + batch::source_ends + std::string(id));
    }
    out.phone = normal(batch::Kind::phone, identity.phone);
    out.email = normal(batch::Kind::email, identity.email);
    out.former = identity.adoption == record::former_identity;
    return out;
}

}  // namespace waymark::people
