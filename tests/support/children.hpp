#pragma once
// Synthetic children for measurements and tests: households with brothers, sisters and twins, names of several sorts
// from syllables (no real person's), and further records of one child with the slips that agencies make. Seeded: the
// same on every machine.
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace waymark::testing {

class Children {
public:
    explicit Children(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}

    static const char* header() { return "id,person,household,given_name,family_name,date_of_birth,sex,postcode\n"; }

    // Calls row(text) for about `records` records, in no order of persons within a stretch of 4,096 households.
    template <class Row>
    void write(std::uint64_t records, Row&& row) {
        std::uint64_t written = 0;
        std::vector<std::string> stretch;
        while (written < records) {
            stretch.clear();
            for (int h = 0; h < 4096 && written + stretch.size() < records; ++h) household(stretch);
            for (std::size_t i = stretch.size(); i > 1; --i) std::swap(stretch[i - 1], stretch[below(i)]);
            for (const auto& each : stretch) {
                if (written == records) break;
                row(std::to_string(written++) + "," + each);
            }
        }
    }

private:
    struct Child {
        std::uint64_t person = 0;
        std::string given, family, postcode;
        int year = 2010, month = 1, day = 1;
        char sex = 'F';
    };

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ull;
        std::uint64_t x = state_;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
        return x ^ (x >> 31);
    }
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    bool chance(unsigned in_thousand) { return below(1000) < in_thousand; }
    // Few names are common and many rare: the square of an even draw, squared again for some.
    std::uint64_t skewed(std::uint64_t n) {
        const double x = static_cast<double>(next() >> 11) / 9007199254740992.0;
        return static_cast<std::uint64_t>(x * x * x * static_cast<double>(n));
    }

    static std::string name(std::uint64_t number, std::uint64_t salt) {
        static constexpr std::array<const char*, 24> front = {"ba", "ka", "li",  "mo", "sha", "te", "ri", "jo",
                                                              "an", "el", "is",  "ha", "so",  "da", "wi", "gre",
                                                              "fa", "ne", "cha", "le", "zu",  "pa", "ro", "ky"};
        static constexpr std::array<const char*, 20> middle = {"la",  "mi",  "ri",  "na", "be",  "to", "lan",
                                                               "sa",  "ver", "di",  "ck", "mma", "ra", "fi",
                                                               "jan", "ho",  "sse", "th", "vi",  "go"};
        static constexpr std::array<const char*, 18> back = {"n",  "son", "a",   "ka", "th", "ley", "ie",  "o", "er",
                                                             "el", "is",  "ann", "ez", "u",  "ham", "ska", "t", "win"};
        std::uint64_t x = (number + 1) * 2654435761ull + salt * 40503ull;
        x ^= x >> 15;
        x *= 0x2c1b3c6dull;
        x ^= x >> 13;
        std::string out = front[x % front.size()];
        x /= front.size();
        out += middle[x % middle.size()];
        x /= middle.size();
        if (number > 300) {
            out += middle[x % middle.size()];
            x /= middle.size();
        }
        if (number > 20000) {
            out += middle[x % middle.size()];
            x /= middle.size();
        }
        return out + back[x % back.size()];
    }
    std::string postcode() {
        static constexpr std::array<const char*, 12> areas = {"B",  "LS", "M",  "SE", "N",  "CV",
                                                              "BD", "NG", "PO", "DE", "LE", "WV"};
        static constexpr char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
        std::string out = areas[below(areas.size())] + std::to_string(1 + below(29)) + " " + std::to_string(below(10));
        out += letters[below(20)];
        return out + letters[below(20)];
    }
    std::string slip(std::string text) {
        if (text.size() < 2) return text;
        const auto at = below(text.size());
        const char letter = static_cast<char>('a' + below(26));
        switch (below(4)) {
            case 0:
                text[at] = letter;
                break;
            case 1:
                text.erase(at, 1);
                break;
            case 2:
                text.insert(at, 1, letter);
                break;
            default:
                if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
        }
        return text;
    }

    void born(Child& child) {
        child.year = 2008 + static_cast<int>(below(18));
        child.month = 1 + static_cast<int>(below(12));
        child.day = 1 + static_cast<int>(below(28));
    }
    void household(std::vector<std::string>& out) {
        const auto number = household_++;
        Child child;
        child.family = name(skewed(60'000), 2);
        child.postcode = postcode();
        const auto children = 1 + below(3);
        for (std::uint64_t c = 0; c < children; ++c) {
            const bool twin = c > 0 && chance(25);
            if (!twin) born(child);
            child.person = person_++;
            child.given = name(skewed(8'000), 1);
            child.sex = chance(500) ? 'F' : 'M';
            record(number, child, false, out);
            while (chance(300)) record(number, child, true, out);
        }
    }
    void record(std::uint64_t household, Child child, bool damaged, std::vector<std::string>& out) {
        if (damaged) {
            if (chance(120)) child.given = slip(child.given);
            if (chance(30)) child.given = child.given.substr(0, chance(500) ? 1 : 3);
            if (chance(15)) child.given = name(skewed(8'000), 1);
            if (chance(110)) child.family = slip(child.family);
            if (chance(50)) child.family = name(skewed(60'000), 2);
            if (chance(5)) std::swap(child.given, child.family);
            if (chance(20) && child.day <= 12) std::swap(child.day, child.month);
            if (chance(20)) child.year += chance(500) ? 1 : -1;
            if (chance(15)) child.day = 1;
            if (chance(15)) child.day = child.month = 1;
            if (chance(250)) child.postcode = postcode();
            if (chance(30)) child.postcode = slip(child.postcode);
            if (chance(10)) child.sex = child.sex == 'F' ? 'M' : 'F';
        }
        std::array<char, 16> date{};
        std::snprintf(date.data(), date.size(), "%04d-%02d-%02d", child.year, child.month, child.day);
        std::string text = std::to_string(child.person) + "," + std::to_string(household) + ",";
        text += (chance(8) ? "" : child.given) + ",";
        text += (chance(5) ? "" : child.family) + ",";
        text += (chance(12) ? "" : std::string(date.data())) + ",";
        if (!chance(60)) text += child.sex;
        out.push_back(text + "," + (chance(50) ? "" : child.postcode) + "\n");
    }

    std::uint64_t state_;
    std::uint64_t person_ = 0;
    std::uint64_t household_ = 0;
};

}  // namespace waymark::testing
