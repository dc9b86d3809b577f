#pragma once
// Distinct strings with a small number each; many strings in one piece of memory.
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace waymark::people::batch {

// Mixes 64 bits so that each bit of the result hangs on all of them (the finaliser of MurmurHash3).
constexpr std::uint64_t mix(std::uint64_t x) {
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdull;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ull;
    x ^= x >> 33;
    return x;
}

// The same on every machine and in every run: it orders what nothing else orders.
inline std::uint64_t hash_bytes(std::string_view text, std::uint64_t seed = 0) {
    std::uint64_t h = seed ^ (text.size() * 0x9e3779b97f4a7c15ull);
    const char* p = text.data();
    std::size_t left = text.size();
    for (; left >= 8; p += 8, left -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, p, 8);
        h = mix(h ^ word) * 0x9e3779b97f4a7c15ull;
    }
    std::uint64_t word = 0;
    if (left != 0) std::memcpy(&word, p, left);
    return mix(h ^ word ^ (std::uint64_t{left} << 56));
}

// Strings one behind the other, by position.
class Strings {
public:
    void add(std::string_view text) {
        bytes_.append(text);
        ends_.push_back(bytes_.size());
    }
    [[nodiscard]] std::string_view operator[](std::size_t i) const {
        const auto from = i == 0 ? 0 : ends_[i - 1];
        return {bytes_.data() + from, static_cast<std::size_t>(ends_[i] - from)};
    }
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    void reserve(std::size_t strings, std::size_t bytes) {
        ends_.reserve(strings);
        bytes_.reserve(bytes);
    }
    void append(const Strings& other) {
        const auto before = bytes_.size();
        bytes_ += other.bytes_;
        for (const auto end : other.ends_) ends_.push_back(before + end);
    }

private:
    std::string bytes_;
    std::vector<std::uint64_t> ends_;
};

// Gives each distinct string a number, from 0 in the order of their coming. Short strings stand in the table itself, so
// that finding one again touches one line of memory.
class Pool {
public:
    std::uint32_t intern(std::string_view text) {
        if ((strings_.size() + 1) * 2 > slots_.size()) grow();
        return intern_hashed(text, hash_bytes(text));
    }
    // Many at once, put behind `out`: the table's lines of memory are asked for before they are needed.
    void intern_all(const std::vector<std::string_view>& texts, std::vector<std::uint32_t>& out) {
        while ((strings_.size() + texts.size() + 1) * 2 > slots_.size()) grow();
        wanted_.clear();
        for (const auto text : texts) {
            wanted_.push_back(hash_bytes(text));
            __builtin_prefetch(&slots_[wanted_.back() & mask_]);
        }
        for (std::size_t i = 0; i < texts.size(); ++i) out.push_back(intern_hashed(texts[i], wanted_[i]));
    }
    [[nodiscard]] const Strings& strings() const { return strings_; }
    [[nodiscard]] std::size_t size() const { return strings_.size(); }

private:
    std::uint32_t intern_hashed(std::string_view text, std::uint64_t hash) {
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        auto at = hash & mask_;
        for (; slots_[at].number != 0; at = (at + 1) & mask_) {
            const auto& slot = slots_[at];
            if (slot.tag != tag) continue;
            if (slot.length == text.size() ? std::memcmp(slot.text, text.data(), text.size()) == 0
                                           : slot.length == long_text && strings_[slot.number - 1] == text)
                return slot.number - 1;
        }
        strings_.add(text);
        hashes_.push_back(hash);
        auto& slot = slots_[at];
        slot.tag = tag;
        slot.number = static_cast<std::uint32_t>(strings_.size());
        slot.length = text.size() <= sizeof slot.text ? static_cast<std::uint8_t>(text.size()) : long_text;
        if (slot.length != long_text && !text.empty()) std::memcpy(slot.text, text.data(), text.size());
        return static_cast<std::uint32_t>(strings_.size() - 1);
    }
    static constexpr std::uint8_t long_text = 255;
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t number = 0;  // 0: empty; else one more than the string's
        std::uint8_t length = 0;
        char text[15] = {};
    };
    void grow() {
        const auto size = slots_.empty() ? std::size_t{1024} : slots_.size() * 2;
        const auto before = std::move(slots_);
        slots_.assign(size, {});
        mask_ = size - 1;
        for (const auto& slot : before) {
            if (slot.number == 0) continue;
            auto at = hashes_[slot.number - 1] & mask_;
            while (slots_[at].number != 0) at = (at + 1) & mask_;
            slots_[at] = slot;
        }
    }
    Strings strings_;
    std::vector<std::uint64_t> hashes_;
    std::vector<std::uint64_t> wanted_;
    std::vector<Slot> slots_;
    std::uint64_t mask_ = 0;
};

}  // namespace waymark::people::batch
