// A sound key for English spellings of names: vowels after the first letter are dropped, letters that sound alike share
// a code, five codes are kept. Made for finding candidates, so it would rather join two names than part them.
#include <algorithm>

#include "people/people.hpp"

namespace waymark::people {

namespace {

constexpr std::size_t longest_key = 5;

constexpr bool is_vowel(char c) {
    return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}
constexpr bool softens(char c) {
    return c == 'E' || c == 'I' || c == 'Y';
}

class Sounds {
public:
    explicit Sounds(std::string letters) : in_(std::move(letters)) {}

    std::string key() {
        if (in_.empty()) return {};
        at_ = start();
        while (at_ < in_.size() && out_.size() < longest_key) step();
        return out_;
    }

private:
    [[nodiscard]] char look(std::size_t ahead) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }

    void emit(char code) {
        if (out_.empty() || out_.back() != code) out_ += code;
        ++at_;
    }
    void skip() { ++at_; }

    // Silent first letters; all first vowels are one (Aisha, Eisha; Iman, Eman).
    std::size_t start() {
        const auto begins = [&](std::string_view with) { return in_.starts_with(with); };
        if (begins("KN") || begins("GN") || begins("PN") || begins("WR") || begins("PS")) return 1;
        if (is_vowel(in_[0]) && !begins("EU")) {
            out_ = "A";
            return 1;
        }
        if (in_[0] == 'H' || in_[0] == 'W' || in_[0] == 'Y' || begins("EU")) {
            out_ = begins("EU") ? "Y" : in_.substr(0, 1);
            return 1;
        }
        if (in_[0] == 'X') {
            out_ = "S";
            return 1;
        }
        return 0;
    }

    void step() {
        const char c = in_[at_];
        switch (c) {
            case 'B':
                (look(1) == '\0' && at_ > 0 && in_[at_ - 1] == 'M') ? skip() : emit('B');
                return;
            case 'C':
                return c_sound();
            case 'D':
                (look(1) == 'G' && softens(look(2))) ? skip() : emit('T');
                return;
            case 'G':
                return g_sound();
            case 'J':
                return emit('J');
            case 'K':
            case 'Q':
                return emit('K');
            case 'L':
            case 'M':
            case 'N':
            case 'R':
                return emit(c);
            case 'P':
                return emit(look(1) == 'H' ? 'F' : 'P');
            case 'S':
                return emit(look(1) == 'H' ? 'X' : 'S');
            case 'T':
                (look(1) == 'C' && look(2) == 'H') ? skip() : emit('T');
                return;
            case 'F':
            case 'V':
                return emit('F');
            case 'X':
                if (out_.empty() || out_.back() != 'K') out_ += 'K';
                return emit('S');
            case 'Z':
                return emit('S');
            default:
                return skip();  // vowels, H, W, Y inside a name, digits
        }
    }
    void c_sound() {
        if (look(1) == 'H')
            return emit((look(2) == 'R' || look(2) == 'L' || (at_ > 0 && in_[at_ - 1] == 'S')) ? 'K' : 'X');
        emit(softens(look(1)) ? 'S' : 'K');
    }
    void g_sound() {
        if (look(1) == 'H' && at_ > 0) return skip();
        emit(softens(look(1)) ? 'J' : 'K');
    }

    std::string in_;
    std::string out_;
    std::size_t at_ = 0;
};

}  // namespace

std::string phonetic(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') letters += c;
    }
    // A name in another script has no English sound; its own beginning is its key (whole characters only).
    if (letters.empty()) {
        std::size_t end = std::min<std::size_t>(name.size(), 12);
        while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
        return std::string(name.substr(0, end));
    }
    return Sounds(std::move(letters)).key();
}

}  // namespace waymark::people
