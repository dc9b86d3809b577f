#include "people/index/keys.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"

namespace waymark::people::index {

namespace {

constexpr std::size_t most_sounds = 24;  // of one name, its nicknames among them
constexpr std::size_t most_years = 130;
constexpr std::size_t most_probes = 8192;
// With a whole date of birth, a common name with another date of the year says too little of each of its many.
constexpr std::uint32_t most_of_common = 512;
constexpr std::uint32_t most_of_slip = 12;  // under one date and name
constexpr std::uint32_t most_of_slip_wider = 64;

std::uint32_t number_of(std::string_view digits) {
    std::uint32_t number = 0;
    for (const char c : digits) number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return number;
}

std::uint16_t start_of(char first, char second) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(first) << 8 | static_cast<std::uint8_t>(second));
}
std::uint16_t start_of(std::string_view text) {
    return start_of(text[0], text.size() > 1 ? text[1] : '\0');
}

}  // namespace

std::vector<RuleOf> rules_for(const batch::Prepared& all) {
    std::vector<RuleOf> rules;
    const auto add = [&](Rule rule, std::initializer_list<int> needs, int field = -1) {
        if (std::all_of(needs.begin(), needs.end(), [](int f) { return f >= 0; })) rules.push_back({rule, field});
    };
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        if (batch::is_key(all.fields[f].kind)) add(Rule::whole, {}, static_cast<int>(f));
    }
    add(Rule::birth_given, {all.birth, all.given});
    add(Rule::birth_family, {all.birth, all.family});
    add(Rule::postcode, {all.postcode});
    for (int i = 0; all.former.any() && i < static_cast<int>(batch::most_former); ++i)
        add(Rule::former_postcode, {all.postcode}, i);
    add(Rule::birth_district, {all.birth, all.postcode});
    add(Rule::birth_given_start, {all.birth, all.given});
    add(Rule::birth_family_start, {all.birth, all.family});
    add(Rule::names_year, {all.given, all.family});
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto& field = all.fields[f];
        if (field.kind != batch::Kind::address && (field.kind != batch::Kind::text || field.same_share >= 0.05))
            continue;
        add(Rule::text_given, {all.given}, static_cast<int>(f));
        add(Rule::text_family, {all.family}, static_cast<int>(f));
    }
    add(Rule::family_year, {all.family});
    add(Rule::given_year, {all.given});
    if (rules.empty()) {
        for (std::size_t f = 0; f < all.fields.size(); ++f) add(Rule::whole, {}, static_cast<int>(f));
    }
    return rules;
}

NamePart name_part(std::string_view text, std::uint32_t sound) {
    if (text.empty()) return {};
    return {sound == 0 ? 0 : batch::mix(sound), static_cast<std::uint8_t>(text[0]), start_of(text)};
}

BirthPart birth_part(std::string_view text) {
    BirthPart part;
    if (text.size() >= 4) part.year = number_of(text.substr(0, 4));
    if (text.size() == 10) part.day = whole_part(text);
    return part;
}

PlacePart place_part(std::string_view text, bool british) {
    if (text.empty()) return {};
    const auto district = british && text.size() > 4 ? text.substr(0, text.size() - 3) : text.substr(0, 3);
    return {whole_part(text), batch::hash_bytes(district, 15) | 1u};
}

std::uint64_t whole_part(std::string_view text) {
    return text.empty() ? 0 : batch::hash_bytes(text, 11) | 1u;
}

std::uint64_t key_of(std::size_t rule, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    std::uint64_t key = (rule + 1) * 0x9e3779b97f4a7c15ull;
    key = batch::mix(key ^ a) * 0xc2b2ae3d27d4eb4full;
    key = batch::mix(key ^ b) + c * 0x165667b19e3779f9ull;
    return batch::mix(key) | 1u;
}

std::uint64_t record_key(std::size_t number, Rule rule, const RecordParts& of) {
    const auto both = [&](std::uint64_t a, std::uint64_t b) { return a == 0 || b == 0 ? 0 : key_of(number, a, b); };
    switch (rule) {
        case Rule::whole:
            return of.whole == 0 ? 0 : key_of(number, of.whole);
        case Rule::birth_given:
            return both(of.birth.day, of.given.sound);
        case Rule::birth_family:
            return both(of.birth.day, of.family.sound);
        case Rule::birth_district:
            return both(of.birth.day, of.place.district);
        case Rule::birth_given_start:
            return both(of.birth.day, of.given.start);
        case Rule::birth_family_start:
            return both(of.birth.day, of.family.start);
        case Rule::postcode:
        case Rule::former_postcode:
            return of.place.unit == 0 ? 0 : key_of(number, of.place.unit);
        case Rule::names_year:
            return of.given.sound == 0 || of.family.sound == 0
                       ? 0
                       : key_of(number, of.given.sound, of.family.sound, of.birth.year);
        case Rule::family_year:
            return of.family.sound == 0 ? 0 : key_of(number, of.family.sound, of.given.initial, of.birth.year);
        case Rule::given_year:
            return of.given.sound == 0 ? 0 : key_of(number, of.given.sound, of.family.initial, of.birth.year);
        case Rule::text_given:
            return both(of.whole, of.given.sound);
        case Rule::text_family:
            return both(of.whole, of.family.sound);
    }
    return 0;
}

Register describe(const batch::Prepared& all) {
    Register out;
    out.prepared = &all;
    out.rules = rules_for(all);
    if (all.birth >= 0) {
        const auto& field = all.fields[static_cast<std::size_t>(all.birth)];
        for (std::uint32_t code = 1; code < field.values->size(); ++code)
            out.years.push_back(birth_part(field.text(code)).year);
        std::sort(out.years.begin(), out.years.end(), std::greater<>());
        out.years.erase(std::unique(out.years.begin(), out.years.end()), out.years.end());
        if (out.years.size() > most_years) out.years.resize(most_years);
    }
    const auto sounds_of_groups = [&](int f, std::vector<std::vector<std::uint32_t>>& sounds) {
        if (f < 0) return;
        const auto& field = all.fields[static_cast<std::size_t>(f)];
        for (std::uint32_t code = 1; code < field.values->size(); ++code) {
            for (const auto group : field.groups_of(code)) {
                if (group >= sounds.size()) sounds.resize(group + 1);
                if (field.sound[code] != 0) sounds[group].push_back(field.sound[code]);
            }
        }
        for (auto& of_group : sounds) {
            std::sort(of_group.begin(), of_group.end());
            of_group.erase(std::unique(of_group.begin(), of_group.end()), of_group.end());
        }
    };
    sounds_of_groups(all.given, out.given_sounds);
    sounds_of_groups(all.family, out.family_sounds);
    return out;
}

namespace {

struct Sounds {
    std::array<std::uint64_t, most_sounds> all{};
    std::array<std::uint8_t, most_sounds> initial{};  // 0: not a first letter to look under
    std::size_t count = 0;
    std::size_t own = 0;  // the first ones: of the words themselves

    void add(std::uint32_t sound, std::uint8_t letter) {
        if (sound == 0 || count == all.size()) return;
        const auto mixed = batch::mix(sound);
        if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), mixed) !=
            all.begin() + static_cast<std::ptrdiff_t>(count))
            return;
        all[count] = mixed;
        initial[count++] = letter;
    }
};

void add_words(Sounds& sounds, std::string_view text) {
    for (const auto word : split(text, ' ')) {
        if (word.size() > 1) sounds.add(batch::sound_number(word), static_cast<std::uint8_t>(word[0]));
    }
}

// Whether eight digits may be somebody's date of birth.
bool may_be_date(std::string_view date) {
    const auto month = number_of(date.substr(5, 2));
    const auto day = number_of(date.substr(8, 2));
    const auto century = date.substr(0, 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (century == "20" || century == "19");
}

// Calls with(date) for dates that a slip of the pen makes of one. Which dates somebody has is not asked: that would
// tell of people whom the asker may not see.
template <class With>
void near_dates(std::string_view date, With&& with) {
    std::array<char, 10> other{};
    const auto reset = [&] { std::copy(date.begin(), date.end(), other.begin()); };
    const auto offer = [&] {
        const std::string_view text(other.data(), other.size());
        if (text != date && may_be_date(text)) with(text);
        reset();
    };
    reset();
    std::swap(other[5], other[8]);
    std::swap(other[6], other[9]);
    offer();
    for (const std::size_t i : {9u, 8u, 6u, 5u, 3u, 2u}) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            other[i] = digit;
            offer();
        }
    }
    for (const std::size_t i : {8u, 5u, 2u}) {  // neighbours swapped
        std::swap(other[i], other[i + 1]);
        offer();
    }
    // One day before and after over the tens, one year likewise.
    const auto write = [&](std::size_t at, std::size_t digits, int number) {
        for (std::size_t i = digits; i-- > 0; number /= 10) other[at + i] = static_cast<char>('0' + number % 10);
    };
    const auto year = static_cast<int>(number_of(date.substr(0, 4)));
    const auto month = static_cast<int>(number_of(date.substr(5, 2)));
    const auto day = static_cast<int>(number_of(date.substr(8, 2)));
    const std::chrono::year_month_day real{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    for (const int step : {-1, 1}) {
        write(0, 4, year + step);
        offer();
        if (!real.ok()) continue;
        const std::chrono::year_month_day next(std::chrono::sys_days(real) + std::chrono::days(step));
        write(0, 4, static_cast<int>(next.year()));
        write(5, 2, static_cast<int>(static_cast<unsigned>(next.month())));
        write(8, 2, static_cast<int>(static_cast<unsigned>(next.day())));
        offer();
    }
    write(8, 2, 1);
    offer();
    write(5, 2, 1);
    write(8, 2, 1);
    offer();
}

class Prober {
public:
    Prober(const Register& about, std::span<const AskedField> asked, std::vector<Probe>& out)
        : about_(about), asked_(asked), out_(out) {
        out_.clear();
        const auto& all = *about.prepared;
        read_names(all);
        if (const auto* birth = field(all.birth)) {
            birth_ = birth_part(birth->text);
            birth_text_ = birth->text;
        }
        if (const auto* place = field(all.postcode))
            place_ = place_part(place->text, all.fields[static_cast<std::size_t>(all.postcode)].british);
    }

    void run() {
        surest();
        if (birth_text_.size() == 10) {
            names(given_, given_.own, family_, family_.own, birth_.year - 1);
            names(given_, given_.own, family_, family_.own, birth_.year + 1);
            slips_of_dates(most_of_slip);
        } else if (birth_text_.size() == 7) {
            days_of_month();
        }
        swapped_names();
        partial();
    }

    void run_wider() {
        if (birth_.day != 0) {
            starts(Rule::birth_given_start, about_.prepared->given);
            starts(Rule::birth_family_start, about_.prepared->family);
        }
        if (birth_.year != 0) {
            initials(0);
            if (birth_.day == 0) return;
            slips_of_dates(most_of_slip_wider);
            const auto from = out_.size();
            initials(birth_.year);
            limit(from, most_of_common);
            return;
        }
        if (given_.count == 0 || family_.count == 0 || place_.unit == 0) return;  // looked under already, if at all
        initials(0);
        for (const auto year : about_.years) initials(year);
    }

private:
    [[nodiscard]] const AskedField* field(int f) const {
        if (f < 0 || asked_[static_cast<std::size_t>(f)].text.empty()) return nullptr;
        return &asked_[static_cast<std::size_t>(f)];
    }

    void read_names(const batch::Prepared& all) {
        const auto read = [&](const AskedField* name, Sounds& sounds, std::uint8_t& initial,
                              const std::vector<std::vector<std::uint32_t>>& of_group) {
            if (name == nullptr) return;
            initial = static_cast<std::uint8_t>(name->text[0]);
            add_words(sounds, name->text);
            if (sounds.count == 0) sounds.add(name->value.loose.first_sound, initial);
            sounds.own = sounds.count;
            for (const auto group : name->value.loose.variants) {
                if (group >= of_group.size()) continue;
                for (const auto sound : of_group[group]) sounds.add(sound, 0);
            }
        };
        read(field(all.given), given_, given_initial_, about_.given_sounds);
        read(field(all.family), family_, family_initial_, about_.family_sounds);
        if (const auto* other = field(all.other)) add_words(given_, other->text);
    }

    void probe(std::size_t rule, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
        if (out_.size() < most_probes)
            out_.push_back({key_of(rule, a, b, c), static_cast<std::uint32_t>(rule), unlimited});
    }
    template <class With>
    void each(Rule rule, With&& with) {
        for (std::size_t r = 0; r < about_.rules.size(); ++r) {
            if (about_.rules[r].rule == rule) with(r, about_.rules[r].field);
        }
    }
    void day(Rule rule, const Sounds& sounds, std::size_t count, std::uint64_t date) {
        each(rule, [&](std::size_t r, int) {
            for (std::size_t s = 0; s < count; ++s) probe(r, date, sounds.all[s]);
        });
    }
    void names(const Sounds& given, std::size_t givens, const Sounds& family, std::size_t families,
               std::uint32_t year) {
        each(Rule::names_year, [&](std::size_t r, int) {
            for (std::size_t g = 0; g < givens; ++g) {
                for (std::size_t f = 0; f < families; ++f) probe(r, given.all[g], family.all[f], year);
            }
        });
    }

    void surest() {
        each(Rule::whole, [&](std::size_t r, int f) {
            if (const auto* value = field(f)) probe(r, whole_part(value->text));
        });
        if (birth_.day != 0) {
            day(Rule::birth_given, given_, given_.count, birth_.day);
            day(Rule::birth_family, family_, family_.count, birth_.day);
            if (place_.district != 0)
                each(Rule::birth_district, [&](std::size_t r, int) { probe(r, birth_.day, place_.district); });
        }
        if (place_.unit != 0) {
            each(Rule::postcode, [&](std::size_t r, int) { probe(r, place_.unit); });
            each(Rule::former_postcode, [&](std::size_t r, int) { probe(r, place_.unit); });
        }
        names(given_, given_.count, family_, family_.count, birth_.year);
        const auto texts = [&](Rule rule, const Sounds& sounds) {
            each(rule, [&](std::size_t r, int f) {
                const auto* text = field(f);
                if (text == nullptr) return;
                for (std::size_t s = 0; s < sounds.count; ++s) probe(r, whole_part(text->text), sounds.all[s]);
            });
        };
        texts(Rule::text_given, given_);
        texts(Rule::text_family, family_);
        if (birth_.year == 0) return;
        names(given_, given_.count, family_, family_.count, 0);
        if (birth_.day == 0) initials(birth_.year);
    }

    // The name's own beginning, its first letter alone, and of an initial whatever may follow it.
    void starts(Rule rule, int f) {
        const auto* name = field(f);
        if (name == nullptr) return;
        each(rule, [&](std::size_t r, int) {
            probe(r, birth_.day, start_of(name->text));
            if (name->text.size() > 1) {
                probe(r, birth_.day, start_of(name->text[0], '\0'));
                return;
            }
            for (char letter = 'A'; letter <= 'Z'; ++letter) probe(r, birth_.day, start_of(name->text[0], letter));
        });
    }

    // One name by its sound, the other by its first letter, or missing in the record.
    void initials(std::uint32_t year) {
        each(Rule::family_year, [&](std::size_t r, int) {
            for (std::size_t s = 0; s < family_.own; ++s) {
                if (given_initial_ != 0) probe(r, family_.all[s], given_initial_, year);
                if (given_initial_ != 0) probe(r, family_.all[s], 0, year);
            }
        });
        each(Rule::given_year, [&](std::size_t r, int) {
            for (std::size_t s = 0; s < given_.own; ++s) {
                if (family_initial_ != 0) probe(r, given_.all[s], family_initial_, year);
                if (family_initial_ != 0) probe(r, given_.all[s], 0, year);
            }
        });
    }

    // Some fifty dates: of a name that is common on each of them only the dates of few are looked under.
    void slips_of_dates(std::uint32_t most) {
        const auto from = out_.size();
        near_dates(birth_text_, [&](std::string_view date) {
            const auto other = whole_part(date);
            day(Rule::birth_given, given_, std::min<std::size_t>(given_.own, 2), other);
            day(Rule::birth_family, family_, std::min<std::size_t>(family_.own, 2), other);
        });
        limit(from, most);
    }
    void limit(std::size_t from, std::uint32_t most) {
        for (auto i = from; i < out_.size(); ++i) out_[i].most = most;
    }

    void days_of_month() {
        std::string date(birth_text_);
        date += "-00";
        for (char tens = '0'; tens <= '3'; ++tens) {
            for (char ones = '0'; ones <= '9'; ++ones) {
                date[8] = tens;
                date[9] = ones;
                if (!may_be_date(date)) continue;
                day(Rule::birth_given, given_, given_.count, whole_part(date));
                day(Rule::birth_family, family_, family_.count, whole_part(date));
            }
        }
    }

    void swapped_names() {
        if (given_.own == 0 || family_.own == 0) return;
        if (birth_.day != 0) {
            day(Rule::birth_given, family_, family_.own, birth_.day);
            day(Rule::birth_family, given_, given_.own, birth_.day);
        }
        names(family_, family_.own, given_, given_.own, birth_.year);
    }

    // What is left where there is no year, or one name alone.
    void partial() {
        const bool both_names = given_.count != 0 && family_.count != 0;
        if (both_names && birth_.year == 0) {
            for (const auto year : about_.years) names(given_, given_.own, family_, family_.own, year);
            for (const auto year : about_.years) names(given_, given_.count, family_, family_.count, year);
        }
        // A second look where nothing else tells: one name's sound and the other's letter, in any year.
        const bool little = birth_.year == 0 && place_.unit == 0;
        if (both_names && little) {
            initials(0);
            for (const auto year : about_.years) initials(year);
        }
        const auto alone = [&](Rule rule, const Sounds& sounds) {
            each(rule, [&](std::size_t r, int) {
                const auto year = [&](std::uint32_t of) {
                    for (std::size_t s = 0; s < sounds.count; ++s) {
                        probe(r, sounds.all[s], 0, of);
                        for (char letter = 'A'; letter <= 'Z'; ++letter)
                            probe(r, sounds.all[s], static_cast<std::uint8_t>(letter), of);
                    }
                };
                if (birth_.year != 0) {
                    year(birth_.year);
                    return;
                }
                year(0);
                for (const auto each_year : about_.years) year(each_year);
            });
        };
        // With a whole date or a postcode the other rules say enough.
        if (birth_.day != 0 || place_.unit != 0 || both_names) return;
        if (given_.count != 0) alone(Rule::given_year, given_);
        if (family_.count != 0) alone(Rule::family_year, family_);
    }

    const Register& about_;
    std::span<const AskedField> asked_;
    std::vector<Probe>& out_;
    Sounds given_;
    Sounds family_;
    std::uint8_t given_initial_ = 0;
    std::uint8_t family_initial_ = 0;
    BirthPart birth_;
    std::string_view birth_text_;
    PlacePart place_;
};

}  // namespace

void probes_for(const Register& about, std::span<const AskedField> asked, std::vector<Probe>& out) {
    Prober(about, asked, out).run();
}

void wider_probes_for(const Register& about, std::span<const AskedField> asked, std::vector<Probe>& out) {
    Prober(about, asked, out).run_wider();
}

}  // namespace waymark::people::index
