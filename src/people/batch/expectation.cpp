#include "people/batch/expectation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace waymark::people::batch {

namespace {

constexpr int most_rounds = 60;

class Expectation {
public:
    Expectation(const Prepared& all, std::vector<Training>& training, const std::vector<Judged>& judged, Fit& fit)
        : all_(all),
          training_(training),
          judged_(judged),
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
        learn_judged(sums);
        keep_twins_rare();
        for (std::size_t f = 0; f < fields; ++f) renew(f, sums[f]);
        return likelihood;
    }

    // A judged pair counts whole in its class and not by how likely it is. Those of two people teach m nothing; they
    // move the prior (adjust.hpp). The patterns of the pairs that nobody judged hold the rest in place.
    void learn_judged(std::vector<Table>& sums) const {
        for (const auto& each : judged_) {
            for (std::size_t f = 0; f < sums.size(); ++f) sums[f][0][level_in(each.pattern, f)] += each.same;
        }
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
        if (field.former) {
            // Few records may say it: then the first guess stands until the pairs that could have shown it are many.
            constexpr double held = 2;
            double total = 0;
            for (std::size_t l = 1; l < shares.m.size(); ++l) total += sums[0][l];
            shares.m[former_level] = (sums[0][former_level] + held) / (total + held / priors_[f].m[former_level]);
        }
        if (households_ && field.kind == Kind::date_of_birth) {
            double all = 0;
            for (std::size_t l = 1; l < shares.h.size(); ++l) all += sums[1][l];
            if (all > 100) twins_ = std::clamp(sums[1][same_level] / all / shares.m[same_level], 0.005, 0.1);
        }
        share_household(field.kind, shares, twins_);
    }

    [[nodiscard]] double people_pairs(const Training& each, std::size_t of_class) const {
        double share = each.both;
        for (const auto f : each.fields)
            share *= same_of(all_.fields[f].kind, of_class == 0 ? fit_.fields[f].m : fit_.fields[f].h);
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
    const std::vector<Judged>& judged_;
    Fit& fit_;
    bool households_;
    std::vector<FieldShares> priors_;
    double twins_ = first_twins;
};

}  // namespace

void find_shares(const Prepared& all, std::vector<Training>& training, const std::vector<Judged>& judged, Fit& fit) {
    Expectation(all, training, judged, fit).run();
}

}  // namespace waymark::people::batch
