// The shares that are counted, and the first guesses of those that are learned.
#include "people/batch/fit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "people/batch/expectation.hpp"
#include "people/batch/level_codes.hpp"
#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

constexpr std::size_t draws = 1u << 17;   // pairs of values drawn for u
constexpr double days_of_births = 6200;   // children's, over 17 years
constexpr double household_apart = 0.03;  // of a household: family names of half-brothers and sisters, a second home

std::uint64_t next_random(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15ull;
    return mix(state);
}

// ---- u --------------------------------------------------------------------------------------------------------------

constexpr double never_seen = 1e-9;

// How often the postcode of one of two records is a former one of the other, or a former one of both the same.
double former_in_common(const Prepared& all, std::size_t f) {
    const auto& field = all.fields[f];
    std::vector<std::uint32_t> before(field.values->size(), 0);  // by value: records that had it before
    double with_itself = 0;
    for (std::uint32_t i = 0; i < all.size; ++i) {
        for (const auto code : all.former.of(i)) {
            ++before[code];
            with_itself += code == all.row(i)[f] ? 3 : 1;
        }
    }
    double pairs = -with_itself;
    for (std::uint32_t code = 1; code < before.size(); ++code) {
        const double n = before[code];
        pairs += n * (2.0 * field.count[code] + n);
    }
    const auto present = static_cast<double>(std::max<std::uint64_t>(field.present, 2));
    return std::max(pairs, 0.5) / (present * (present - 1));
}

std::vector<double> strangers(const Prepared& all, std::size_t f, std::uint64_t seed) {
    const auto& field = all.fields[f];
    const auto levels = levels_of(field.kind).size();
    std::vector<double> u(levels, 0);
    const auto present = static_cast<double>(std::max<std::uint64_t>(field.present, 2));
    std::vector<std::uint64_t> same(levels, 0);
    for (std::uint32_t code = 1; code < field.values->size(); ++code)
        same[same_code(field, code)] += std::uint64_t{field.count[code]} * (field.count[code] - 1);
    double all_same = 0;
    for (std::size_t l = 1; l < levels; ++l) {
        u[l] = static_cast<double>(same[l]) / (present * (present - 1));
        all_same += u[l];
    }
    // Two values drawn by their frequency, in the order of the values and not of the rows.
    std::vector<std::uint32_t> drawn_from;
    drawn_from.reserve(field.present);
    for (std::uint32_t code = 1; code < field.values->size(); ++code)
        drawn_from.insert(drawn_from.end(), field.count[code], code);
    std::vector<std::uint64_t> hits(levels, 0);
    std::uint64_t unequal = 0;
    if (drawn_from.size() > 1) {
        std::uint64_t state = mix(seed * 1000 + f);
        // Of names the rare levels tell most, and take the most pairs to be counted.
        const bool name = graded_by_frequency(field.kind) && field.kind != Kind::text && field.kind != Kind::address;
        for (std::size_t i = 0; i < (name ? draws : draws / 2); ++i) {
            const auto a = drawn_from[next_random(state) % drawn_from.size()];
            const auto b = drawn_from[next_random(state) % drawn_from.size()];
            if (a == b) continue;
            ++unequal;
            ++hits[compare_values(field, a, b)];
        }
    }
    const double rest = std::max(1 - all_same, 1e-6);
    for (std::size_t l = 1; l < levels; ++l) {
        if (l <= same_codes(field.kind)) {
            u[l] = std::max(u[l], 0.5 / (present * present));
        } else {
            u[l] = rest * (static_cast<double>(hits[l]) + 0.5) / (static_cast<double>(unequal) + 1);
        }
    }
    if (field.kind == Kind::given_name && all.family >= 0) {
        // Both names in each other's place: as often as a given name is another's family name, twice over.
        u[swapped_level(field.kind)] = 1e-7;
        u[other_level(field.kind)] = std::max(u[other_level(field.kind)], 1e-3);
    }
    if (field.kind == Kind::postcode) u[former_level] = field.former ? former_in_common(all, f) : never_seen;
    if (field.kind == Kind::family_name) u[other_level(field.kind)] = std::max(u[other_level(field.kind)], 2e-4);
    const double sum = std::accumulate(u.begin() + 1, u.end(), 0.0);
    for (std::size_t l = 1; l < levels; ++l) u[l] /= sum;
    return u;
}

// ---- first guesses --------------------------------------------------------------------------------------------------

// How much of the records has a value of each rarity.
std::vector<double> rarity_shares(const PreparedField& field) {
    std::vector<std::uint64_t> records(levels_of(field.kind).size(), 0);
    for (std::uint32_t code = 1; code < field.values->size(); ++code)
        records[same_code(field, code)] += field.count[code];
    std::vector<double> shares(records.size(), 0);
    for (std::size_t l = 1; l < records.size(); ++l)
        shares[l] = (static_cast<double>(records[l]) + 1) / (static_cast<double>(field.present) + 4);
    return shares;
}

std::vector<LevelCode> unseen_levels(const PreparedField& field) {
    if (field.kind == Kind::postcode && !field.former) return {postcode_former};
    if (field.kind != Kind::date_of_birth || field.expected) return {};
    return {birth_expected_near, birth_expected_far};
}

std::vector<double> guess(const PreparedField& field, double same, double different) {
    const auto levels = levels_of(field.kind).size();
    const auto common = same_codes(field.kind);
    const auto by_rarity = rarity_shares(field);
    const double known = std::accumulate(by_rarity.begin() + 1, by_rarity.begin() + 1 + common, 0.0);
    std::vector<double> out(levels, 0);
    const auto unseen = unseen_levels(field);
    const auto between =
        static_cast<double>(levels - 2 - common - unseen.size() - (field.former ? std::size_t{1} : std::size_t{0}));
    for (std::size_t l = 1; l < levels; ++l) {
        if (l <= common) {
            out[l] = same * by_rarity[l] / known;
        } else if (l + 1 == levels) {
            out[l] = between == 0 ? 1 - same : different;
        } else {
            out[l] = (1 - same - different) / between;
        }
    }
    for (const auto l : unseen) out[l] = never_seen;
    // One in ten of those that say where they lived before, so that their being few speaks neither for nor against.
    if (field.former) out[postcode_former] = std::max(0.1 * field.with_former, never_seen);
    return out;
}

// A postcode of before says at most half of what one of now says, however few have said theirs.
void hold_former(FieldShares& shares) {
    auto& u = shares.u[postcode_former];
    u = std::max(u,
                 2 * shares.m[postcode_former] * same_of(Kind::postcode, shares.u) / same_of(Kind::postcode, shares.m));
}

// What a model says of levels that its file has none of, and another file may.
void fill_unseen(const PreparedField& field, FieldShares& shares) {
    for (const auto l : unseen_levels(field)) {
        if (field.kind == Kind::postcode) {
            shares.m[l] = former_postcode_m;
            shares.u[l] = former_postcode_u;
            shares.h[l] = (1 - household_apart) * shares.m[l] + household_apart * shares.u[l];
            continue;
        }
        shares.m[l] = l == birth_expected_near ? 0.85 : 0.13;
        shares.u[l] = (l == birth_expected_near ? 43 : 98) / days_of_births;
        shares.h[l] = first_twins * shares.m[l] + (1 - first_twins) * shares.u[l];
    }
}

}  // namespace

// What two children of one household have in common is written down with the same slips, moves and changes as one
// child's: where a field is the household's, its shares are those of one person, but for the few that do not share it.
// Of a birth date only twins have the same; of a given name brothers and sisters hardly ever.
void share_household(Kind kind, FieldShares& shares, double twins) {
    constexpr double same_given = 0.1;  // of what strangers' names agree
    shares.h = shares.u;
    if (shared_by_household(kind)) {
        for (std::size_t l = 1; l < shares.h.size(); ++l)
            shares.h[l] = (1 - household_apart) * shares.m[l] + household_apart * shares.u[l];
    } else if (kind == Kind::date_of_birth) {
        for (std::size_t l = 1; l < shares.h.size(); ++l) shares.h[l] = twins * shares.m[l] + (1 - twins) * shares.u[l];
    } else if (kind == Kind::given_name) {
        for (std::size_t l = same_level; l <= same_codes(kind); ++l) shares.h[l] *= same_given;
    }
}

namespace {

FieldShares first_guess(const PreparedField& field, std::vector<double> u) {
    FieldShares shares;
    shares.u = std::move(u);
    const bool numbers = field.kind == Kind::nhs_number || field.kind == Kind::upn;
    shares.m = guess(field, field.kind == Kind::sex || numbers ? 0.97 : 0.8, 0.06);
    share_household(field.kind, shares, first_twins);
    return shares;
}

}  // namespace

bool shared_by_household(Kind kind) {
    return kind == Kind::family_name || kind == Kind::postcode || kind == Kind::address || kind == Kind::text ||
           kind == Kind::email || kind == Kind::phone;
}

double same_of(Kind kind, const std::vector<double>& shares) {
    return std::accumulate(shares.begin() + 1, shares.begin() + 1 + same_codes(kind), 0.0);
}

Fit fit_model(const Prepared& all, const Options& options, const std::vector<Judged>& judged) {
    const unsigned threads = thread_count(options.threads);
    Fit fit;
    fit.fields.resize(all.fields.size());
    parallel(all.fields.size(), threads, [&](std::size_t f, unsigned) {
        fit.fields[f] = first_guess(all.fields[f], strangers(all, f, options.seed));
    });
    auto training = train(all, options, threads);
    if (training.empty()) {
        // Nothing agrees in two fields: no pair can be one person on what is here.
        fit.prior = -std::log2(std::max(static_cast<double>(all.size), 2.0)) - 1;
    } else {
        find_shares(all, training, judged, fit);
    }
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        fill_unseen(all.fields[f], fit.fields[f]);
        if (all.fields[f].former) hold_former(fit.fields[f]);
    }
    return fit;
}

}  // namespace waymark::people::batch
