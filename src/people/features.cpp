// What is compared of an identity. A protected address leaves no feature at all: no token, no weight and no evidence
// can then tell of it, at the price that it does not help to find its own child. Place-holders are as good as missing.
#include <algorithm>
#include <unordered_map>

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

constexpr std::size_t most_other_names = 16;
constexpr std::size_t most_versions = 16;  // earlier ones, the latest of them

void add_former(Features& features, std::string_view written) {
    const auto postcode = normal(batch::Kind::postcode, written);
    auto& former = features.former_postcodes;
    if (postcode.size() < 5 || postcode == features.postcode || former.size() >= batch::most_former) return;
    if (std::find(former.begin(), former.end(), postcode) == former.end()) former.push_back(postcode);
}

// As a file or another system wrote them into a column of its own.
void take_written_former(const json::object& more, Features& features) {
    if (more.empty()) return;
    for (const std::string_view name :
         {"former_postcode", "former_postcodes", "previous_postcode", "previous_postcodes", "old_postcode"}) {
        const auto* value = find(more, name);
        if (value == nullptr) continue;
        if (value->is_string()) {
            for (const auto one : batch::former_in(value->get_string())) add_former(features, one);
        } else if (value->is_array()) {
            for (const auto& one : value->get_array()) {
                if (one.is_string()) add_former(features, one.get_string());
            }
        }
    }
}

bool same_given(const Features& a, const Features& b) {
    return !a.given.empty() && !b.given.empty() && a.given.front() == b.given.front();
}

bool of_another(const Features& then, const Features& now) {
    if (then.given.empty() || now.given.empty() || same_given(then, now)) return false;
    return then.date_of_birth && now.date_of_birth && !then.expected_birth && !now.expected_birth &&
           then.date_of_birth != now.date_of_birth;
}

void take_family_name(const Features& then, Features& now) {
    if (then.family.empty() || then.family == now.family || !same_given(then, now)) return;
    for (const auto& part : then.family) {
        if (std::find(now.former_family.begin(), now.former_family.end(), part) == now.former_family.end())
            now.former_family.push_back(part);
    }
    auto name = join(then.family, " ");
    if (now.other.size() < most_other_names && std::find(now.other.begin(), now.other.end(), name) == now.other.end())
        now.other.push_back(std::move(name));
}

}  // namespace

Features features_of(const record::Identity& identity) {
    Features out;
    out.given = given_parts(identity.given_name);
    out.family = family_parts(identity.family_name);
    for (const auto& name : identity.other_names) {
        std::string normal = join(name_parts(name), " ");
        if (!normal.empty() && !names_nobody(normal) && out.other.size() < most_other_names)
            out.other.push_back(std::move(normal));
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
        take_written_former(identity.more, out);
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

Features features_of(const record::Identity& identity, std::span<const record::Identity> before) {
    Features now = features_of(identity);
    const auto from = before.size() > most_versions ? before.size() - most_versions : 0;
    for (auto at = before.size(); at-- > from;) {
        const auto then = features_of(before[at]);
        if (then.former != now.former || of_another(then, now)) continue;
        take_family_name(then, now);
        add_former(now, then.postcode);
        for (const auto& one : then.former_postcodes) add_former(now, one);
    }
    const bool hidden = identity.address_protected || std::any_of(before.begin(), before.end(), [](const auto& one) {
                            return one.address_protected;
                        });
    if (hidden) now.former_postcodes.clear();
    return now;
}

Result<std::vector<Features>> features_of(const record::Journal& journal, store::Snapshot& snapshot,
                                          store::Partnership p, std::span<const store::ViewRow> rows) {
    std::vector<ViewId> changed;
    for (const auto& row : rows) {
        if (row.version > 1) changed.push_back(row.view);
    }
    std::unordered_map<ViewId, std::vector<record::Identity>> before;
    if (!changed.empty()) {
        for (const auto& version : snapshot.view_versions(p, changed))
            before[version.view].push_back(TRY(journal.open_identity(version.identity, version.view, version.version)));
    }
    std::vector<Features> out;
    out.reserve(rows.size());
    for (const auto& row : rows) {
        const auto now = TRY(journal.open_identity(row.identity, row.view, row.version));
        const auto versions = before.find(row.view);
        if (versions == before.end()) {
            out.push_back(features_of(now));
        } else {
            versions->second.pop_back();  // the latest, which the row holds
            out.push_back(features_of(now, versions->second));
        }
    }
    return out;
}

}  // namespace waymark::people
