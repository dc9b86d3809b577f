// Three classes of pair: one person, two of one household, two strangers.
//
// A training rule is a block key of two whole fields. Among its pairs those two fields agree by construction and say
// nothing; every other field's share in each class is learned there. Each rule has its own mixture of the classes, the
// shares are common to all rules.
#include "people/batch/fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

constexpr std::size_t draws = 1u << 17;        // pairs of values drawn for u
constexpr std::size_t most_training = 60'000;  // pairs of one training rule
constexpr int most_rounds = 60;
// Twins are some 1.5 % of births in England and Wales (ONS, birth characteristics): so many of those who share a birth
// date and a household are two children, at most.
constexpr double most_twins = 0.02;
constexpr double first_twins = 0.03;  // of two children of one household, those of one birth date

std::uint64_t next_random(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15ull;
    return mix(state);
}

// ---- u --------------------------------------------------------------------------------------------------------------

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

std::vector<double> guess(const PreparedField& field, double same, double different) {
    const auto levels = levels_of(field.kind).size();
    const auto common = same_codes(field.kind);
    const auto by_rarity = rarity_shares(field);
    const double known = std::accumulate(by_rarity.begin() + 1, by_rarity.begin() + 1 + common, 0.0);
    std::vector<double> out(levels, 0);
    const auto between = static_cast<double>(levels - 2 - common);
    for (std::size_t l = 1; l < levels; ++l) {
        if (l <= common) {
            out[l] = same * by_rarity[l] / known;
        } else if (l + 1 == levels) {
            out[l] = between == 0 ? 1 - same : different;
        } else {
            out[l] = (1 - same - different) / between;
        }
    }
    return out;
}

// What two children of one household have in common is written down with the same slips, moves and changes as one
// child's: where a field is the household's, its shares are those of one person, but for the few that do not share it.
// Of a birth date only twins have the same; of a given name brothers and sisters hardly ever.
void share_household(const PreparedField& field, FieldShares& shares, double twins) {
    constexpr double apart = 0.03;      // family names of half-brothers and sisters, a second home
    constexpr double same_given = 0.1;  // of what strangers' names agree
    shares.h = shares.u;
    if (shared_by_household(field.kind)) {
        for (std::size_t l = 1; l < shares.h.size(); ++l) shares.h[l] = (1 - apart) * shares.m[l] + apart * shares.u[l];
    } else if (field.kind == Kind::date_of_birth) {
        for (std::size_t l = 1; l < shares.h.size(); ++l) shares.h[l] = twins * shares.m[l] + (1 - twins) * shares.u[l];
    } else if (field.kind == Kind::given_name) {
        for (std::size_t l = same_level; l <= same_codes(field.kind); ++l) shares.h[l] *= same_given;
    }
}

FieldShares first_guess(const PreparedField& field, std::vector<double> u) {
    FieldShares shares;
    shares.u = std::move(u);
    const bool numbers = field.kind == Kind::nhs_number || field.kind == Kind::upn;
    shares.m = guess(field, field.kind == Kind::sex || numbers ? 0.97 : 0.8, 0.06);
    share_household(field, shares, first_twins);
    return shares;
}

// ---- training -------------------------------------------------------------------------------------------------------

struct Counted {
    Pattern pattern = 0;
    double pairs = 0;
};
struct Training {
    std::vector<std::size_t> fields;  // that agree in it
    std::vector<Counted> patterns;
    double pairs = 0;    // in the whole rule
    double sampled = 0;  // of them, that were compared
    double both = 1;     // chance that two records have all of its fields
    std::array<double, 3> mixture{};
};

constexpr std::uint32_t largest_trained = 2000;

void compare_blocks(const Prepared& all, const Grouping& blocks, double taken, Training& training, unsigned threads,
                    std::uint64_t salt) {
    // Blocks are taken by a hash of their key, about as many as are wanted.
    std::uint64_t pairs = 0;
    for (std::size_t b = 0; b < blocks.blocks(); ++b) {
        if (blocks.block(b).size() <= largest_trained) pairs += pairs_in(all, blocks.block(b));
    }
    training.pairs = static_cast<double>(pairs) / taken;
    const double share =
        pairs == 0 ? 0 : std::min(1.0, static_cast<double>(most_training) / static_cast<double>(pairs));
    const auto limit = static_cast<std::uint64_t>(share * 4294967296.0);
    const std::size_t tasks = std::size_t{threads} * 8;
    std::vector<std::vector<Pattern>> found(tasks);
    std::vector<std::unique_ptr<Comparing>> comparing(threads);
    parallel(tasks, threads, [&](std::size_t t, unsigned w) {
        if (!comparing[w]) comparing[w] = std::make_unique<Comparing>(all);
        const auto range = part(blocks.blocks(), tasks, t);
        Levels levels{};
        for (auto b = range.from; b < range.to; ++b) {
            const auto block = blocks.block(b);
            if (block.size() > largest_trained) continue;
            if ((mix(salt ^ blocks.keys[b]) >> 32) >= limit) continue;
            for (std::size_t i = 0; i < block.size(); ++i) {
                for (std::size_t j = i + 1; j < block.size(); ++j) {
                    if (!all.may_pair(block[i], block[j])) continue;
                    comparing[w]->levels(block[i], block[j], levels);
                    for (const auto f : training.fields) levels[f] = 0;
                    found[t].push_back(pack(levels, all.fields.size()));
                }
            }
        }
    });
    std::vector<Pattern> patterns;
    for (auto& each : found) patterns.insert(patterns.end(), each.begin(), each.end());
    std::sort(patterns.begin(), patterns.end());
    for (std::size_t i = 0; i < patterns.size();) {
        auto j = i;
        while (j < patterns.size() && patterns[j] == patterns[i]) ++j;
        training.patterns.push_back({patterns[i], static_cast<double>(j - i)});
        i = j;
    }
    training.sampled = static_cast<double>(patterns.size());
}

// How much a field tells: log2 of one in how many agree by chance, times how often it is there.
double telling(const Prepared& all, std::size_t f) {
    const auto& field = all.fields[f];
    const auto present = static_cast<double>(field.present) / static_cast<double>(std::max<std::size_t>(all.size, 1));
    return -std::log2(field.same_share) * present * present;
}

std::vector<Training> train(const Prepared& all, const Options& options, unsigned threads) {
    std::vector<std::size_t> order(all.fields.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return telling(all, a) > telling(all, b); });
    constexpr std::size_t best = 4;
    std::vector<std::vector<std::size_t>> keys;
    const auto n = std::min(best, order.size());
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j)
            keys.push_back({std::min(order[i], order[j]), std::max(order[i], order[j])});
    }
    if (keys.empty()) keys.push_back({order[0]});
    std::vector<Rule> rules(keys.size());
    for (std::size_t k = 0; k < keys.size(); ++k) {
        for (const auto f : keys[k]) rules[k].parts.push_back({static_cast<int>(f), KeyPart::whole});
    }
    auto of_all = keys_of(all, rules, threads);
    std::vector<Training> out;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        Training training;
        training.fields = keys[k];
        const auto of_records = std::span(of_all).subspan(k * all.size, all.size);
        double with = 0;
        for (const auto key : of_records) with += key != 0 ? 1 : 0;
        training.both = std::pow(with / static_cast<double>(std::max<std::size_t>(all.size, 1)), 2);
        // Of a large file some of the keys are enough.
        double taken = 1;
        if (all.size > 4 * most_training) {
            taken = 0.25;
            for (auto& key : of_records) key = (mix(key) >> 62) == 0 ? key : 0;
        }
        compare_blocks(all, group(of_records, threads), taken, training, threads, options.seed * 7919 + out.size());
        if (training.sampled >= 20) out.push_back(std::move(training));
    }
    return out;
}

double same_of(const PreparedField& field, const std::vector<double>& shares) {
    return std::accumulate(shares.begin() + 1, shares.begin() + 1 + same_codes(field.kind), 0.0);
}

class Expectation {
public:
    Expectation(const Prepared& all, std::vector<Training>& training, Fit& fit)
        : all_(all),
          training_(training),
          fit_(fit),
          households_(all.family >= 0 && (all.postcode >= 0 || all.address >= 0)) {
        for (auto& each : training_) {
            bool personal = !households_;
            for (const auto f : each.fields) {
                const auto kind = all_.fields[f].kind;
                personal |= !shared_by_household(kind) && kind != Kind::date_of_birth;
            }
            each.mixture = personal ? std::array<double, 3>{0.5, 0.0, 0.5} : std::array<double, 3>{0.3, 0.3, 0.4};
        }
    }

    void run() {
        double before = -1e300;
        for (int round = 0; round < most_rounds; ++round) {
            const double likelihood = step();
            if (likelihood - before < 1e-5 * std::abs(likelihood) && round > 5) break;
            before = likelihood;
        }
        set_priors();
    }

private:
    using Table = std::array<std::array<double, most_levels_of_field>, 3>;

    double step() {
        const auto fields = all_.fields.size();
        std::vector<Table> shares(fields);
        std::vector<Table> sums(fields);
        for (std::size_t f = 0; f < fields; ++f) {
            for (auto& of_class : shares[f]) of_class.fill(1);
            for (auto& of_class : sums[f]) of_class.fill(0);
            for (std::size_t l = 1; l < fit_.fields[f].m.size(); ++l) {
                shares[f][0][l] = fit_.fields[f].m[l];
                shares[f][1][l] = fit_.fields[f].h[l];
                shares[f][2][l] = fit_.fields[f].u[l];
            }
        }
        double likelihood = 0;
        for (auto& each : training_) {
            std::array<double, 3> members{};
            for (const auto& counted : each.patterns) {
                std::array<double, 3> p = each.mixture;
                for (std::size_t f = 0; f < fields; ++f) {
                    const auto level = level_in(counted.pattern, f);
                    for (std::size_t c = 0; c < 3; ++c) p[c] *= shares[f][c][level];
                }
                const double all = p[0] + p[1] + p[2];
                if (all <= 0) continue;
                likelihood += counted.pairs * std::log(all);
                for (std::size_t c = 0; c < 3; ++c) {
                    p[c] *= counted.pairs / all;
                    members[c] += p[c];
                }
                for (std::size_t f = 0; f < fields; ++f) {
                    const auto level = level_in(counted.pattern, f);
                    sums[f][0][level] += p[0];
                    sums[f][1][level] += p[1];
                }
            }
            const double total = members[0] + members[1] + members[2];
            if (total <= 0) continue;
            for (std::size_t c = 0; c < 3; ++c) each.mixture[c] = members[c] / total;
        }
        keep_twins_rare();
        for (std::size_t f = 0; f < fields; ++f) renew(f, sums[f]);
        return likelihood;
    }

    // A little of the first guess is kept, so that a level that was never seen is not impossible.
    static void share_out(std::vector<double>& shares, const std::array<double, most_levels_of_field>& sums,
                          const std::vector<double>& prior) {
        constexpr double held = 20;  // pairs
        double total = 0;
        for (std::size_t l = 1; l < shares.size(); ++l) total += sums[l];
        if (total < 1) return;
        for (std::size_t l = 1; l < shares.size(); ++l) shares[l] = (sums[l] + held * prior[l]) / (total + held);
    }

    void renew(std::size_t f, const Table& sums) {
        const auto& field = all_.fields[f];
        auto& shares = fit_.fields[f];
        if (priors_.size() <= f) {
            priors_.resize(all_.fields.size());
            for (std::size_t g = 0; g < all_.fields.size(); ++g) priors_[g] = fit_.fields[g];
        }
        share_out(shares.m, sums[0], priors_[f].m);
        if (households_ && field.kind == Kind::date_of_birth) {
            double all = 0;
            for (std::size_t l = 1; l < shares.h.size(); ++l) all += sums[1][l];
            if (all > 100) twins_ = std::clamp(sums[1][same_level] / all / shares.m[same_level], 0.005, 0.1);
        }
        share_household(field, shares, twins_);
    }

    [[nodiscard]] double people_pairs(const Training& each, std::size_t of_class) const {
        double share = each.both;
        for (const auto f : each.fields)
            share *= same_of(all_.fields[f], of_class == 0 ? fit_.fields[f].m : fit_.fields[f].h);
        return each.mixture[of_class] * each.pairs / std::max(share, 1e-12);
    }

    // The middle of what the rules say, each in proportion to its pairs of this class.
    [[nodiscard]] double middle(std::size_t of_class) const {
        std::vector<double> said;
        for (const auto& each : training_) {
            if (each.mixture[of_class] * each.sampled >= 20) said.push_back(people_pairs(each, of_class));
        }
        if (said.empty()) return 0;
        std::sort(said.begin(), said.end());
        return said.size() % 2 == 1 ? said[said.size() / 2] : (said[said.size() / 2 - 1] + said[said.size() / 2]) / 2;
    }

    void keep_twins_rare() {
        if (!households_ || all_.birth < 0) return;
        const double one_person = middle(0);
        const double most = most_twins * (2 * one_person + static_cast<double>(all_.size));
        for (auto& each : training_) {
            if (std::find(each.fields.begin(), each.fields.end(), static_cast<std::size_t>(all_.birth)) ==
                each.fields.end())
                continue;
            const double limit = most * each.both / std::max(each.pairs, 1.0);
            if (each.mixture[1] <= limit) continue;
            each.mixture[0] += each.mixture[1] - limit;
            each.mixture[1] = limit;
        }
    }

    void set_priors() {
        const auto n = static_cast<double>(all_.size);
        const double all_pairs = all_.left == all_.size
                                     ? n * (n - 1) / 2
                                     : static_cast<double>(all_.left) * (n - static_cast<double>(all_.left));
        const auto odds = [&](double pairs) {
            const double share = std::clamp(pairs / std::max(all_pairs, 1.0), 1e-15, 0.5);
            return std::log2(share / (1 - share));
        };
        fit_.prior = odds(std::max(middle(0), 1.0));
        const double households = households_ ? middle(1) : 0;
        fit_.household_prior = households > 0 ? odds(households) : -60;
    }

    const Prepared& all_;
    std::vector<Training>& training_;
    Fit& fit_;
    bool households_;
    std::vector<FieldShares> priors_;
    double twins_ = first_twins;
};

}  // namespace

bool shared_by_household(Kind kind) {
    return kind == Kind::family_name || kind == Kind::postcode || kind == Kind::address || kind == Kind::text ||
           kind == Kind::email;
}

Fit fit_model(const Prepared& all, const Options& options) {
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
        return fit;
    }
    Expectation(all, training, fit).run();
    return fit;
}

namespace {
Weight whole(double bits) {
    return static_cast<Weight>(std::lround(std::clamp(bits, -100.0, 100.0) * unit));
}
}  // namespace

Weights::Weights(const Prepared& all, const Fit& fit) : prior_(whole(fit.prior)), fields_(all.fields.size()) {
    household_ = whole(fit.prior - fit.household_prior);
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto& field = all.fields[f];
        const auto& shares = fit.fields[f];
        auto& out = fields_[f];
        out.same_codes = same_codes(field.kind);
        out.shared = shared_by_household(field.kind);
        for (std::size_t l = 1; l < shares.m.size(); ++l) {
            out.u[l] = whole(std::log2(shares.m[l] / shares.u[l]));
            out.h[l] = whole(std::log2(shares.m[l] / shares.h[l]));
        }
        out.near = out.far = out.u[different_level(field.kind)];
        for (LevelCode l = static_cast<LevelCode>(out.same_codes + 1); l < shares.m.size(); ++l) {
            const bool across = (field.kind == Kind::given_name || field.kind == Kind::family_name) &&
                                (l == swapped_level(field.kind) || (l == other_level(field.kind) && all.other < 0));
            if (!across) out.near = std::max(out.near, out.u[l]);
            if (far_level(field.kind, l)) out.far = std::max(out.far, out.u[l]);
        }
        if (!graded_by_frequency(field.kind) && field.kind != Kind::date_of_birth) continue;
        const double m_same = same_of(field, shares.m);
        const double h_same = same_of(field, shares.h);
        const double u_same = same_of(field, shares.u);
        for (std::size_t l = 1; l <= out.same_codes; ++l) out.h[l] = whole(std::log2(m_same / h_same));
        // A household's date of birth is the same for twins alone, as often as the model found; a value's own frequency
        // says nothing there.
        if (field.kind == Kind::date_of_birth) out.shared = true;
        out.h_extra = whole(std::log2(u_same / h_same));
        out.of_new = whole(std::log2(m_same * static_cast<double>(std::max<std::uint64_t>(field.present, 1))));
        out.of_value.resize(field.values->size());
        for (std::uint32_t code = 1; code < field.values->size(); ++code)
            out.of_value[code] = field.count[code] == 0 ? 0 : whole(std::log2(m_same / field.share(code)));
    }
}

double Weights::combine(Weight against_strangers, Weight against_household) {
    const double s = against_strangers / unit;
    const double h = against_household / unit;
    if (h - s > 20) return s;
    return -std::log2(std::exp2(-s) + std::exp2(-h));
}

Weight Weights::field_weight(std::size_t f, std::uint32_t code, LevelCode level) const {
    const auto& field = fields_[f];
    if (level != 0 && level <= field.same_codes && !field.of_value.empty()) return field.of_value[code];
    return field.u[level];
}

Weight Weights::field_weight_of_new(std::size_t f) const {
    const auto& field = fields_[f];
    return field.of_value.empty() ? field.u[same_level] : field.of_new;
}

Weight Weights::household_weight_of_new(std::size_t f) const {
    const auto& field = fields_[f];
    return field.of_value.empty() || field.shared ? field.h[same_level] : field.of_new + field.h_extra;
}

Weight Weights::household_weight(std::size_t f, std::uint32_t code, LevelCode level) const {
    const auto& field = fields_[f];
    if (level != 0 && level <= field.same_codes && !field.of_value.empty())
        return field.shared ? field.h[level] : field.of_value[code] + field.h_extra;
    return field.h[level];
}

}  // namespace waymark::people::batch
