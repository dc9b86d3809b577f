#pragma once
// Under which keys a record is found, and which keys are looked under for someone who is asked for. A record has few
// keys; what slips, nicknames and swaps may have made of it is tried when asking.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "people/batch/fields.hpp"
#include "people/index/column.hpp"

namespace waymark::people::index {

enum class Rule : std::uint8_t {
    whole,        // of one field: a number of the person's
    birth_given,  // date of birth, sound of the given name
    birth_family,
    birth_district,
    birth_given_start,  // date of birth, first two letters: looked under where nobody is surely found otherwise
    birth_family_start,
    postcode,
    former_postcode,  // the one of that number in the record's list
    names_year,       // sounds of both names, year of birth or none
    family_year,      // sound of the family name, first letter of the given name or none, year or none
    given_year,
    text_given,  // another text, sound of the given name
    text_family
};
struct RuleOf {
    Rule rule = Rule::whole;
    int field = -1;  // of `whole`, `text_given`, `text_family`; of `former_postcode` which one
};
// For the fields that there are, those that part people best first.
std::vector<RuleOf> rules_for(const batch::Prepared&);

// What keys are made of; 0: not known.
struct NamePart {
    std::uint64_t sound = 0;
    std::uint8_t initial = 0;
    std::uint16_t start = 0;  // two letters, or one
};
struct BirthPart {
    std::uint64_t day = 0;  // the whole date
    std::uint32_t year = 0;
};
struct PlacePart {
    std::uint64_t unit = 0;
    std::uint64_t district = 0;
};
NamePart name_part(std::string_view text, std::uint32_t sound);
BirthPart birth_part(std::string_view text);
PlacePart place_part(std::string_view text, bool british);
std::uint64_t whole_part(std::string_view text);

std::uint64_t key_of(std::size_t rule, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0);

// The fields' parts of one record, and its key under a rule (0: none).
struct RecordParts {
    NamePart given;
    NamePart family;
    BirthPart birth;
    PlacePart place;
    std::uint64_t whole = 0;  // of the rule's own field
};
std::uint64_t record_key(std::size_t number, Rule, const RecordParts&);

// Someone who is asked for, field by field.
struct AskedField {
    std::string_view text;   // empty: not asked
    std::uint32_t code = 0;  // unknown_code where no record has the value
    Value value;
};
inline constexpr std::uint32_t unknown_code = 0xffffffffu;

// What the register says about itself, for guesses that are worth a look.
struct Register {
    const batch::Prepared* prepared = nullptr;
    std::vector<RuleOf> rules;
    std::vector<std::uint32_t> years;                      // of birth, that there were when it was built
    std::vector<std::vector<std::uint32_t>> given_sounds;  // by group of variants, likewise
    std::vector<std::vector<std::uint32_t>> family_sounds;
};
Register describe(const batch::Prepared&);

inline constexpr std::uint32_t unlimited = 0xffffffffu;
// The keys to look under, the surest first; some may come twice.
struct Probe {
    std::uint64_t key = 0;
    std::uint32_t rule = 0;
    std::uint32_t most = unlimited;  // not looked under where the built register has more
};
void probes_for(const Register&, std::span<const AskedField>, std::vector<Probe>&);
// Those for a second look, where nobody was surely found: by beginnings of names, and where a date may be missing.
void wider_probes_for(const Register&, std::span<const AskedField>, std::vector<Probe>&);

}  // namespace waymark::people::index
