// What a field can add at most holds for whatever is written in it, and whatever the levels weigh.
#include "people/batch/limits.hpp"

#include <array>
#include <random>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "people/batch/batch_test.hpp"
#include "people/batch/weights.hpp"

using namespace waymark;
using namespace waymark::people;
using namespace waymark::people::batch;
using namespace waymark::people::batch::testing;

namespace {

// Values that share letters, words, beginnings and sounds, differ by slips, or are none of their kind.
class Odd {
public:
    explicit Odd(std::uint32_t seed) : random_(seed) {}
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    std::string name() {
        std::string out;
        const auto kind = below(10);
        if (kind < 4 && !seen_.empty()) {
            out = slip(seen_[below(seen_.size())]);
        } else if (kind == 4 && !seen_.empty()) {
            out = seen_[below(seen_.size())] + " " + word();
        } else if (kind == 5 && !seen_.empty()) {
            const auto& other = seen_[below(seen_.size())];
            out = other.substr(0, 1 + below(other.size()));
        } else {
            out = below(40) == 0 ? std::string(38 + below(6), 'a') + word() : word();
            for (auto more = below(3); kind == 6 && more > 0; --more) out += " " + word();
        }
        seen_.push_back(out);
        return out;
    }
    std::string postcode() {
        static constexpr std::array<const char*, 8> areas = {"LS", "L", "N", "NW", "E", "EC", "SW", "S"};
        std::string out = areas[below(areas.size())] + std::to_string(below(3));
        if (below(3) == 0) out += below(2) == 0 ? "1" : "A";
        if (below(12) == 0) return out;
        out += " " + std::to_string(below(3));
        for (int i = 0; i < 2; ++i) out += static_cast<char>('A' + below(3));
        if (below(6) == 0) out.erase(below(out.size()), 1);
        return out;
    }
    std::string date() {
        const auto year = 2009 + below(3);
        return fmt::format("{}-{:02}-{:02}", year, 1 + below(12), 1 + below(28));
    }

private:
    std::string word() {
        static constexpr std::array<const char*, 8> known = {"bill", "william", "kate",  "catherine",
                                                             "ann",  "smith",   "smyth", "mohammed"};
        if (below(5) == 0) return known[below(known.size())];
        std::string out;
        for (auto n = 1 + below(9); n > 0; --n) out += "aabcdeehnrstk"[below(13)];
        return out;
    }
    std::string slip(std::string text) {
        for (auto n = 1 + below(3); n > 0; --n) {
            const auto at = below(text.size());
            switch (below(4)) {
                case 0:
                    if (text.size() > 1) text.erase(at, 1);
                    break;
                case 1:
                    text.insert(at, 1, "aekn"[below(4)]);
                    break;
                case 2:
                    text[at] = "aekn"[below(4)];
                    break;
                default:
                    if (at > 0) std::swap(text[at], text[at - 1]);
            }
        }
        return text;
    }
    std::mt19937 random_;
    std::vector<std::string> seen_;
};

}  // namespace

TEST_CASE("no two values of a field weigh more than the bound of their marks, whatever the levels weigh") {
    Odd odd(5);
    std::string text = "id,given_name,family_name,date_of_birth,postcode\n";
    for (int i = 0; i < 700; ++i) {
        const auto given = odd.name();
        // A few names are common, so that every rarity is there.
        for (std::size_t times = i % 7 == 0 ? 12 : i % 5 == 0 ? 3 : 1; times > 0; --times)
            text += fmt::format("{}-{},{},{},{},{}\n", i, times, given, odd.name(), odd.date(), odd.postcode());
    }
    Model variants;
    REQUIRE(load_name_variants(std::string(WAYMARK_SOURCE_DIR) + "/content", variants));
    Options options;
    options.given_variants = &variants.given_variants;
    options.family_variants = &variants.family_variants;
    const auto table = read_text(text, options).value();
    const auto all = prepare(*table, nullptr, options).value();
    const Weights weights(all, fit_model(all, options));
    std::size_t sharp = 0;
    for (unsigned round = 0; round < 4; ++round) {
        std::mt19937 random(round);
        for (std::size_t f = 0; f < all.fields.size(); ++f) {
            const auto& field = all.fields[f];
            std::vector<Weight> of_level(levels_of(field.kind).size());
            for (auto& each : of_level) each = static_cast<Weight>(random() % 20001) - 10000;
            const auto limits = limits_of(all, f, of_level);
            std::size_t wrong = 0;
            for (std::uint32_t a = 1; a < field.values->size(); ++a) {
                for (std::uint32_t b = a + 1; b < field.values->size(); ++b) {
                    const auto level = compare_values(field, a, b);
                    const auto most = most_unlike(limits, field, a, b);
                    if (level != 0 && of_level[level] > most && wrong++ < 5)
                        MESSAGE(field.header << ": " << field.text(a) << " and " << field.text(b) << " level "
                                             << static_cast<int>(level));
                    sharp += most < limits.near ? 1u : 0u;
                }
            }
            CHECK(wrong == 0);
        }
    }
    CHECK(sharp > 100'000);
}
