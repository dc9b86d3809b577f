// The model that is there before any record is: m and u of every level, set by hand with the reason beside each, so
// that no hidden person's record has any part in what is shown of others. h follows by the engine's own rule.
#include <cmath>

#include "people/batch/fit.hpp"
#include "people/common_names.hpp"
#include "people/people.hpp"

namespace waymark::people {

namespace {

using batch::Kind;

struct Share {
    double m;  // how often one child's two records show the level
    double u;  // how often two strangers' do
};

// Children are born over about 17 years here: one day in 6,200.
constexpr double one_day = 1.0 / 6200;
constexpr double never = 1e-9;  // the level does not come about in this field

// In the order of the kind's levels. For a level that depends on how the fields were filled (an initial, a partial
// date) both carry that chance, so that only their ratio speaks.
std::vector<Share> given_names() {
    return {{0.30, 2e-5},  // the same, from rare to very common: together four in five; u is an average, a value's own
            {0.15, 5e-5},  // share takes its place
            {0.25, 6e-4},
            {0.10, 1.8e-3},
            {0.05, 0.0010},   // agencies write "Josh" and "Joshua" alike often
            {0.022, 0.0003},  // one letter makes a rare name of another: a slip
            {0.006, 0.0006},  // of a known name a known one: as likely two names
            {0.003, 0.0010},
            {0.010, 0.0006},
            {0.002, 0.0010},
            {0.002, 0.0020},  // George and Georgia
            {0.05, 0.0008},   // Mary-Jane, Mary, MaryJane
            {0.004, 0.0040},  // says nothing: brothers who share their first name; it never links
            {0.02, 0.0020},   // one in ten other children has the initial
            {0.006, 0.0020},  // Alex and Alexander, but Paul and Paula too
            {0.008, 0.0010},
            {0.003, 0.0020},
            {0.004, 4e-7},    // both names in each other's place: thirteen bits for the
                              // pair
            {0.02, 0.0020},   // known by a middle name; siblings are named after one another, so weak
            {0.006, 0.0060},  // some likeness says nothing; it never links
            {0.002, 0.0200},
            {0.022, 0.95}};
}
std::vector<Share> family_names() {
    return {{0.40, 2e-5},    {0.20, 8e-5},    {0.20, 4e-4},    {0.06, 3e-4},
            {0.012, 0.0003}, {0.022, 0.0003}, {0.006, 0.0005}, {0.002, 0.0006},
            {0.008, 0.0004}, {0.002, 0.0005}, {0.002, 0.0010}, {0.03, 0.0005},  // one of two joined names
            {0.012, 0.0010}, {0.002, 0.0010}, {0.004, 0.0005}, {0.006, 0.0008},
            {0.002, 0.0010}, {never, never},                   // said with the given name
            {0.02, 0.0005},                                    // another or earlier name
            {0.006, 0.0080}, {0.002, 0.0100}, {0.045, 0.97}};  // children's family names do change
}
// Aliases, middle and former names: what one agency wrote another need not have, so little is said against.
std::vector<Share> other_names() {
    return {{0.08, 2e-5},    {0.05, 5e-5},    {0.05, 6e-4},    {0.02, 1.8e-3},  {0.01, 0.0010},  {0.008, 0.0003},
            {0.002, 0.0006}, {0.001, 0.0010}, {0.004, 0.0006}, {0.001, 0.0010}, {0.001, 0.0020}, {0.08, 0.0020},
            {0.04, 0.0060},  {0.03, 0.0100},  {0.003, 0.0010}, {0.003, 0.0010}, {0.001, 0.0020}, {never, never},
            {never, never},  {0.004, 0.0060}, {0.006, 0.0200}, {0.60, 0.94}};
}
// u: of two days drawn from 17 years, so many stand to one another like that.
std::vector<Share> births() {
    return {{0.95, one_day},       {0.006, one_day * 0.36},  // 132 days of a year can be swapped
            {0.004, one_day * 3},                            // the first of a month against any day of it
            {0.004, one_day * 6},                            // 1 January against any day of that year
            {0.003, one_day * 2},  {0.003, one_day * 13},   {0.005, one_day * 2},
            {0.014, one_day * 12}, {0.003, one_day * 2},    {0.005, one_day * 20},
            {0.004, one_day * 6},  {0.95, one_day * 30.4},  {0.95, one_day * 365},
            {0.85, one_day * 43},  // 9 in 10 are born within three weeks of the date
            {0.13, one_day * 98},  {0.003, one_day * 200},  {0.002, one_day * 250},
            {0.004, 0.90}};  // wrong in about 1 of 1,000 hospital records (BMC Med Res Methodol 2017)
}
std::vector<Share> postcodes() {
    return {{0.15, 1e-5},   {0.20, 1e-4},  // 5,000 postcodes hold most of a partnership's children
            {0.08, 8e-5},   {0.02, 1e-5},   {batch::former_postcode_m, batch::former_postcode_u},
            {0.02, 0.0015}, {0.01, 0.0050}, {0.06, 0.01},
            {0.10, 0.04},   {0.30, 0.75},   {0.07, 0.19}};  // half of children's hospital postcodes differ from the
                                                            // register's (same source)
}
std::vector<Share> addresses() {
    return {{0.25, 1e-5},
            {0.12, 1e-5},
            {0.05, 1e-5},
            {0.03, 1e-5},
            {0.03, 1e-5},
            {0.04, 3e-5},
            {0.01, 3e-5},
            {0.03, 1e-4},
            {0.06, 0.25},  // "Road" is a word of many; one street's, another
                           // house
            {0.02, 0.05},
            {0.36, 0.69}};  // whoever moves changes the postcode too: it is not said twice
}
std::vector<Share> emails() {
    return {{0.15, 5e-6},  {0.10, 5e-6}, {0.04, 5e-6},  {0.01, 5e-6}, {0.02, 1e-5}, {0.01, 3e-5},
            {0.005, 3e-5}, {0.01, 1e-4}, {0.01, 0.001}, {0.02, 0.05}, {0.63, 0.94}};
}

std::vector<Share> shares_of(Kind kind) {
    switch (kind) {
        case Kind::given_name:
            return given_names();
        case Kind::family_name:
            return family_names();
        case Kind::other_names:
            return other_names();
        case Kind::date_of_birth:
            return births();
        case Kind::sex:
            return {{0.97, 0.5}, {0.03, 0.12}};  // deliberately worth two bits against, not five
        case Kind::postcode:
            return postcodes();
        case Kind::address:
            return addresses();
        case Kind::nhs_number:
            return {{0.98, 1e-6}, {0.02, 1.0}};  // u: a number written to the wrong child, not chance
        case Kind::upn:
            return {{0.97, 1e-6}, {0.03, 1.0}};
        case Kind::la_child_id:  // brothers and sisters have numbers beside one another; one child twice does happen
            return {{0.95, 1e-6}, {0.01, 0.01}, {0.01, 0.04}, {0.05, 1.0}};
        case Kind::phone:
            return {{0.30, 5e-5}, {0.02, 2e-5}, {0.01, 1e-4}, {0.67, 0.99}};
        default:
            return emails();
    }
}

std::shared_ptr<const batch::ValueShares> values_of(Kind kind) {
    auto out = std::make_shared<batch::ValueShares>();
    const auto take = [&](std::span<const NameShare> names) {
        for (const auto& each : names) out->of[std::string(each.name)] = each.percent / 100;
    };
    switch (kind) {
        case Kind::given_name:
        case Kind::other_names:
            take(common_given_names());
            out->other = 2e-4;
            break;
        case Kind::family_name:
            take(common_family_names());
            out->other = 2e-4;
            break;
        case Kind::date_of_birth:
            out->other = one_day;
            break;
        case Kind::postcode:
            out->other = 2e-4;
            break;
        case Kind::address:
        case Kind::email:
            out->other = 2e-5;
            break;
        default:
            return nullptr;
    }
    return out;
}

}  // namespace

Model default_model() {
    constexpr std::pair<Aspect, Kind> fields[] = {{Aspect::given_name, Kind::given_name},
                                                  {Aspect::family_name, Kind::family_name},
                                                  {Aspect::other_names, Kind::other_names},
                                                  {Aspect::date_of_birth, Kind::date_of_birth},
                                                  {Aspect::address, Kind::address},
                                                  {Aspect::postcode, Kind::postcode},
                                                  {Aspect::sex, Kind::sex},
                                                  {Aspect::nhs_number, Kind::nhs_number},
                                                  {Aspect::upn, Kind::upn},
                                                  {Aspect::la_child_id, Kind::la_child_id},
                                                  {Aspect::phone, Kind::phone},
                                                  {Aspect::email, Kind::email}};
    Model model;
    // A partnership of some 130,000 children: of two views taken at random, one pair in 2^17 is one child, and about
    // two in 2^17 are of one household. It counts for every pair, because u is the chance among pairs taken at random.
    model.prior = -17;
    model.household_prior = -16;
    model.link_at = 8;     // 1 wrong in 250 at the threshold itself, far fewer on the average above it
    model.review_at = -1;  // one in three: worth a person's look where a child's safety hangs on it
    model.expected_precision = 0.999;
    for (const auto& [aspect, kind] : fields) {
        batch::FieldShares shares;
        shares.m = {0};
        shares.u = {0};
        for (const auto& [m, u] : shares_of(kind)) {
            shares.m.push_back(m);
            shares.u.push_back(u);
        }
        batch::share_household(kind, shares, batch::most_twins);
        batch::FieldModel field;
        field.name = std::string(to_string(aspect));
        field.kind = kind;
        field.by_frequency = batch::graded_by_frequency(kind) || kind == Kind::date_of_birth;
        field.shares = values_of(kind);
        const auto& infos = batch::levels_of(kind);
        for (std::size_t l = 1; l < infos.size(); ++l)
            field.levels.push_back({std::string(infos[l].id), std::string(infos[l].words), shares.m[l], shares.h[l],
                                    shares.u[l], std::log2(shares.m[l] / shares.u[l])});
        model.fields.push_back(std::move(field));
    }
    return model;
}

}  // namespace waymark::people
