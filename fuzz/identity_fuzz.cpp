// Any bytes as a name, a postcode, a number or a model: normal forms stay normal, comparing never fails, a model is
// taken or refused with a reason.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "people/people.hpp"

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void normalise(std::string_view text) {
    using namespace waymark::people;
    const std::string name = normalise_name(text);
    must(waymark::is_valid_utf8(name) && normalise_name(name) == name);
    for (const auto& part : name_parts(text)) must(!part.empty() && phonetic(part).size() <= 12);
    if (const auto postcode = normalise_postcode(text)) {
        must(normalise_postcode(*postcode) == postcode &&
             outcode(*postcode) + postcode->substr(postcode->size() - 3) == *postcode);
    }
    if (const auto number = normalise_nhs_number(text)) must(number->size() == 10);
    if (const auto upn = normalise_upn(text)) must(upn->size() == 13);
}

waymark::record::Identity identity_of(std::string_view text) {
    waymark::record::Identity identity;
    const auto parts = waymark::split(text, '|');
    const auto part = [&](std::size_t i) { return i < parts.size() ? std::string(parts[i]) : std::string(); };
    identity.source = part(0);
    identity.given_name = part(1);
    identity.family_name = part(2);
    identity.other_names = {part(3)};
    identity.address = part(4);
    identity.postcode = part(5);
    identity.nhs_number = part(6);
    identity.upn = part(7);
    identity.phone = part(8);
    identity.dob_accuracy = part(9);
    if (const auto date = waymark::parse_date(part(10))) identity.date_of_birth = *date;
    return identity;
}

}  // namespace

// libFuzzer names it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark::people;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    normalise(text);

    static const Model model = default_model();
    const auto half = text.find('\n');
    const auto a = features_of(identity_of(text.substr(0, half)));
    const auto b = features_of(identity_of(half == std::string_view::npos ? text : text.substr(half + 1)));
    const auto there = compare(a, b, model);
    must(std::isfinite(there.weight) && std::abs(there.weight - compare(b, a, model).weight) < 1e-9);
    tokens_of(a, TokenKey{});

    if (const auto read = batch::parse_linkage_model(text)) {
        must(batch::parse_linkage_model(batch::write_linkage_model(*read)).has_value());
    } else {
        must(!read.error().reason.empty());
    }
    return 0;
}
