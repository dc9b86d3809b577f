// Identities: read from outside, checked, and written as they are kept.
#include "record/identity.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "record/canonical.hpp"
#include "record/shape.hpp"

namespace waymark::record {

namespace {

constexpr std::size_t word_bytes = 200;
constexpr std::size_t field_bytes = 2'000;
constexpr std::size_t most_other_names = 50;
constexpr std::size_t more_bytes = 64u << 10;

struct TextField {
    std::string_view name;
    std::string Identity::*member;
};
constexpr std::array<TextField, 13> text_fields{{
    {"given_name", &Identity::given_name},
    {"family_name", &Identity::family_name},
    {"dob_accuracy", &Identity::dob_accuracy},
    {"sex", &Identity::sex},
    {"address", &Identity::address},
    {"postcode", &Identity::postcode},
    {"nhs_number", &Identity::nhs_number},
    {"upn", &Identity::upn},
    {"la_child_id", &Identity::la_child_id},
    {"phone", &Identity::phone},
    {"email", &Identity::email},
    {"adoption", &Identity::adoption},
    {"source", &Identity::source},
}};

bool is_known(std::string_view name) {
    constexpr std::array<std::string_view, 5> others{"id", "other_names", "date_of_birth", "expected_date_of_birth",
                                                     "address_protected"};
    return std::any_of(text_fields.begin(), text_fields.end(), [&](const TextField& f) { return f.name == name; }) ||
           std::find(others.begin(), others.end(), name) != others.end();
}

// A list, or one name as text (as files have it).
std::vector<std::string> read_other_names(const Members& members, Faults& faults) {
    std::vector<std::string> names;
    const auto* value = members.member("other_names");
    if (value == nullptr) return names;
    if (const auto* one = value->if_string()) {
        if (!one->empty()) names.emplace_back(view_of(*one));
        return names;
    }
    const auto* list = value->if_array();
    if (list == nullptr) {
        faults.add(members.at("other_names"), "not a list of names", R"(write it as ["…", "…"])");
        return names;
    }
    for (const auto& item : *list) {
        if (const auto* name = item.if_string()) {
            names.emplace_back(view_of(*name));
        } else {
            faults.add(members.at(fmt::format("other_names[{}]", names.size())), "not text", "write it as text");
            return names;
        }
    }
    return names;
}

void check_text(std::string_view value, std::string_view name, const std::string& place, std::size_t most,
                Faults& faults) {
    if (const auto wrong = text_problem(value, most)) faults.add(within(place, name), *wrong);
}

void check_key(std::string_view value, std::string_view name, const std::string& place, Faults& faults) {
    if (value.empty()) {
        faults.add(within(place, name), "missing",
                   name == "id" ? "give the id that the source has for this person"
                                : "name the system that this identity comes from");
    } else if (const auto wrong = word_problem(value, word_bytes)) {
        faults.add(within(place, name), *wrong);
    }
}

}  // namespace

Identity read_identity(const json::object& object, const std::string& place, Faults& faults) {
    Members members(object, place, faults);
    Identity identity;
    for (const auto& field : text_fields) identity.*field.member = members.text(field.name);
    // A number is taken for the id: it is one in many systems.
    const auto* id = members.member("id");
    identity.id = id != nullptr && (id->is_int64() || id->is_uint64()) ? write_json(*id) : members.text("id");
    identity.other_names = read_other_names(members, faults);
    identity.date_of_birth = members.date("date_of_birth");
    identity.expected_date_of_birth = members.date("expected_date_of_birth");
    identity.address_protected = members.boolean("address_protected");
    for (const auto& field : object) {
        if (!is_known(view_of(field.key()))) identity.more.emplace(field.key(), field.value());
    }
    protect(identity);
    return identity;
}

void check_identity(const Identity& identity, const std::string& place, Date today, Faults& faults) {
    check_key(identity.source, "source", place, faults);
    check_key(identity.id, "id", place, faults);
    for (const auto& field : text_fields) {
        if (field.name != "source") check_text(identity.*field.member, field.name, place, field_bytes, faults);
    }
    const auto& hidden = AtRest::plain(identity);
    check_text(hidden.address, "address", place, field_bytes, faults);
    check_text(hidden.postcode, "postcode", place, field_bytes, faults);
    if (!hidden.more.empty() && write_json(hidden.more).size() > more_bytes) {
        faults.add(place, fmt::format("its unknown fields are longer than {} bytes", more_bytes),
                   "leave out what is not needed");
    }
    if (identity.other_names.size() > most_other_names) {
        faults.add(within(place, "other_names"), fmt::format("more than {} names", most_other_names),
                   "leave repeats out");
    }
    for (const auto& name : identity.other_names) check_text(name, "other_names", place, field_bytes, faults);
    if (!identity.dob_accuracy.empty() && !is_accuracy(identity.dob_accuracy)) {
        faults.add(
            within(place, "dob_accuracy"), "not three of A, E and U",
            "write a letter each for day, month and year: A accurate, E estimated, U unknown; such as AAA or UAA");
    } else if (identity.date_of_birth && surely_before(today, *identity.date_of_birth, identity.dob_accuracy)) {
        faults.add(within(place, "date_of_birth"), "in the future",
                   "check it; an unborn child has expected_date_of_birth instead");
    }
    if (!identity.adoption.empty() && identity.adoption != former_identity) {
        faults.add(within(place, "adoption"), "not a mark of adoption",
                   "write \"former\" for the identity before the adoption, and nothing for any other");
    }
    if (!identity.more.empty() && write_json(identity.more).size() > more_bytes) {
        faults.add(place, fmt::format("its unknown fields are longer than {} bytes", more_bytes),
                   "leave out what is not needed");
    }
}

tl::expected<Identity, std::vector<Fault>> decode_identity(const json::object& object, const std::string& place,
                                                           Date today) {
    Faults faults;
    auto identity = read_identity(object, place, faults);
    Faults checks;
    check_identity(identity, place, today, checks);
    for (auto& fault : checks.release()) {
        if (!faults.has(fault.place)) faults.take({std::move(fault)});
    }
    if (!faults.empty()) return tl::unexpected(faults.release());
    return identity;
}

namespace {

json::object encode_whole(const Identity& identity) {
    json::object out;
    for (const auto& field : text_fields) {
        const auto& value = identity.*field.member;
        if (!value.empty()) out.emplace(json::string_view(field.name.data(), field.name.size()), value);
    }
    if (!identity.id.empty()) out.emplace("id", identity.id);
    if (!identity.other_names.empty()) {
        out.emplace("other_names", json::array(identity.other_names.begin(), identity.other_names.end()));
    }
    if (identity.date_of_birth) out.emplace("date_of_birth", format_date(*identity.date_of_birth));
    if (identity.expected_date_of_birth)
        out.emplace("expected_date_of_birth", format_date(*identity.expected_date_of_birth));
    if (identity.address_protected) out.emplace("address_protected", true);
    for (const auto& field : identity.more) out.emplace(field.key(), field.value());
    return out;
}

// A column of a file that says where somebody lives, by its name.
bool tells_where(std::string_view column) {
    const auto name = to_lower_ascii(column);
    for (const char* part : {"address", "postcode", "post_code", "post code", "street", "uprn"}) {
        if (name.find(part) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

json::object encode(const Identity& identity) {
    if (!identity.address_protected) return encode_whole(identity);
    auto safe = identity;
    protect(safe);
    return encode_whole(safe);
}

Identity AtRest::whole(const Identity& identity) {
    auto all = identity;
    const auto& hidden = identity.protected_address.plain_;
    if (!hidden.address.empty()) all.address = hidden.address;
    if (!hidden.postcode.empty()) all.postcode = hidden.postcode;
    for (const auto& field : hidden.more) all.more.insert_or_assign(field.key(), field.value());
    return all;
}

json::object AtRest::encode(const Identity& identity) {
    return encode_whole(whole(identity));
}

json::object AtRest::body(const Draft& draft) {
    auto all = draft.body;
    for (const auto& field : draft.protected_address.plain_.more) all.insert_or_assign(field.key(), field.value());
    return all;
}

void protect(json::object& body, const content::Kind& kind, ProtectedAddress& hidden, std::string of) {
    hidden.of_ = std::move(of);
    for (const auto& field : kind.fields) {
        if (!field.is_protected) continue;
        const auto found = body.find(field.name);
        if (found == body.end()) continue;
        const auto* text = found->value().if_string();
        if (text == nullptr || !text->empty()) hidden.plain_.more.insert_or_assign(found->key(), found->value());
        body.erase(found);
    }
}

void protect(Identity& identity) {
    if (!identity.address_protected) return;
    auto& hidden = identity.protected_address;
    hidden.of_ = fmt::format("{}\n{}", identity.source, identity.id);
    if (!identity.address.empty()) hidden.plain_.address = std::move(identity.address);
    if (!identity.postcode.empty()) hidden.plain_.postcode = std::move(identity.postcode);
    identity.address.clear();
    identity.postcode.clear();
    json::object kept;
    for (const auto& field : identity.more)
        (tells_where(view_of(field.key())) ? hidden.plain_.more : kept).insert_or_assign(field.key(), field.value());
    identity.more = std::move(kept);
}

Result<ProtectedAddress::Plain> ProtectedAddress::reveal(const AddressDecision& decision, const Asker& asker) const {
    if (decision.of_ != of_ || decision.practitioner_ != asker.practitioner || decision.session_ != asker.session ||
        decision.purpose_ != asker.purpose) {
        return fault(FaultKind::forbidden, "address", "The address is withheld.", "Ask the agency that holds it.");
    }
    return plain_;
}

bool names_only(const Identity& identity) {
    if (identity.more.size() > 1 || (identity.more.size() == 1 && !identity.more.contains("agency"))) return false;
    if (!identity.given_name.empty() || !identity.family_name.empty() || identity.date_of_birth) return false;
    Identity bare;
    bare.source = identity.source;
    bare.id = identity.id;
    bare.more = identity.more;
    return identity == bare;
}

std::string agency_of(const Identity& identity, const std::string& own) {
    const auto named = string_or(identity.more, "agency", "");
    return named.empty() || !names_only(identity) ? own : std::string(named);
}

std::optional<std::string> shown_address(const Identity& identity) {
    if (identity.address_protected || identity.address.empty()) return std::nullopt;
    return identity.address;
}

std::string address_words(const Identity& identity) {
    return identity.address_protected ? std::string(withheld_words) : identity.address;
}

std::string shown_name(const Identity& identity) {
    const auto given = trim(identity.given_name);
    const auto family = trim(identity.family_name);
    if (given.empty() && family.empty()) return "Name not known";
    if (given.empty() || family.empty()) return std::string(given.empty() ? family : given);
    return fmt::format("{} {}", given, family);
}

}  // namespace waymark::record
