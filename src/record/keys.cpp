// Rings of keys: made, renewed, sealed under a root and opened again.
#include "record/keys.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace waymark::record {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view ring_magic = "WMKR\x01";
constexpr std::size_t most_generations = 1'000;
constexpr std::size_t most_header = 4'096;
constexpr std::size_t fixed_bytes = 1 + 1 + 4 + 2;
constexpr std::size_t generation_bytes = 4 + 8 + 8 + key_bytes;
constexpr std::array<std::string_view, 7> kept_purposes{"card",     "text",   "identity", "draft",
                                                        "evidence", "secret", "audit"};

void derive(std::span<std::uint8_t> out, ByteView key, std::string_view what) {
    const std::string label = fmt::format("waymark/seal/1/{}", what);
    crypto_generichash(out.data(), out.size(), as_bytes(label).data(), label.size(), key.data(), key.size());
}

void put_number(std::uint8_t*& at, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i > 0; --i) *at++ = static_cast<std::uint8_t>(value >> (8 * (i - 1)));
}

std::uint64_t take_number(const std::uint8_t*& at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | *at++;
    return value;
}

auto unreadable_ring() {
    return fault(FaultKind::unavailable, "keyring", "The partnership's keys in the store cannot be read.",
                 "Restore the store from a back-up.");
}

auto not_opened() {
    return fault(FaultKind::unavailable, "keyring",
                 "The partnership's keys do not open under this root key: they were altered, or are another's.",
                 "Restore the store from a back-up.");
}

// What stands before the nonce, and is bound to the sealed keys.
struct RingFront {
    json::object header;
    std::size_t size = 0;
};
Result<RingFront> ring_front_of(ByteView sealed) {
    if (sealed.size() < ring_magic.size() + 2 || as_text(sealed.first(ring_magic.size())) != ring_magic)
        return unreadable_ring();
    const std::uint8_t* at = sealed.data() + ring_magic.size();
    const auto length = static_cast<std::size_t>(take_number(at, 2));
    const std::size_t size = ring_magic.size() + 2 + length;
    if (length > most_header || sealed.size() < size + nonce_bytes + tag_bytes) return unreadable_ring();
    auto value = parse_json(as_text(sealed.subspan(ring_magic.size() + 2, length)));
    if (!value || !value->is_object()) return unreadable_ring();
    return RingFront{std::move(value->get_object()), size};
}

Bytes bound_to(ByteView front, store::Partnership partnership) {
    Bytes data(front.begin(), front.end());
    const auto number = static_cast<std::uint16_t>(partnership);
    data.push_back(static_cast<std::uint8_t>(number >> 8));
    data.push_back(static_cast<std::uint8_t>(number));
    return data;
}

}  // namespace

std::string root_id(ByteView secret) {
    std::array<std::uint8_t, key_bytes> id{};
    derive(id, secret, "root id");
    return to_hex(ByteView(id).first(8));
}

std::size_t purpose_of(std::string_view what) {
    return static_cast<std::size_t>(std::find(kept_purposes.begin(), kept_purposes.end(), what) -
                                    kept_purposes.begin());
}

bool is_lasting(std::string_view what) {
    return what == "audit" || what == "spool";
}

std::size_t purposes() {
    return kept_purposes.size();
}

void KeyRing::set_keys(const std::vector<Generation>& generations, SecretBytes keys) {
    generations_ = generations;
    keys_ = std::move(keys);
    purposes_ = SecretBytes(keys_.size() * kept_purposes.size());
    for (std::size_t i = 0; i <= generations_.size(); ++i) {
        for (std::size_t p = 0; p < kept_purposes.size(); ++p)
            derive(purposes_.span().subspan((i * kept_purposes.size() + p) * key_bytes, key_bytes), key(i),
                   kept_purposes[p]);
    }
}

KeyRing KeyRing::made_new(Random& random, Instant now, bool takes_plain) {
    KeyRing ring;
    SecretBytes keys(2 * key_bytes);
    random.fill(keys.span());
    ring.set_keys({{1, now, std::nullopt}}, std::move(keys));
    ring.active_ = 1;
    ring.takes_plain_ = takes_plain;
    ring.renewal_ = takes_plain ? Renewal::whole : Renewal::none;
    return ring;
}

KeyRing KeyRing::copy() const {
    KeyRing ring;
    ring.set_keys(generations_, SecretBytes::copy_of(keys_.view()));
    ring.active_ = active_;
    ring.takes_plain_ = takes_plain_;
    ring.renewal_ = renewal_;
    return ring;
}

KeyRing KeyRing::with_new(Random& random, Instant now, Renewal renewal) const {
    KeyRing ring;
    SecretBytes keys(keys_.size() + key_bytes);
    const auto before = keys_.view().first(keys_.size() - key_bytes);
    std::copy(before.begin(), before.end(), keys.span().begin());
    random.fill(keys.span().subspan(before.size(), key_bytes));
    const auto lasting = key(generations_.size());
    std::copy(lasting.begin(), lasting.end(), keys.span().last(key_bytes).begin());
    auto generations = generations_;
    for (auto& one : generations) {
        if (!one.former_since) one.former_since = now;
    }
    ring.active_ = generations.back().number + 1;
    generations.push_back({ring.active_, now, std::nullopt});
    ring.set_keys(generations, std::move(keys));
    ring.takes_plain_ = takes_plain_;
    ring.renewal_ = renewal;
    return ring;
}

KeyRing KeyRing::with_renewed() const {
    auto ring = copy();
    ring.renewal_ = Renewal::none;
    ring.takes_plain_ = false;
    return ring;
}

KeyRing KeyRing::without_former(Instant before) const {
    std::vector<Generation> generations;
    SecretBytes keys(keys_.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < generations_.size(); ++i) {
        if (generations_[i].former_since && *generations_[i].former_since <= before) continue;
        generations.push_back(generations_[i]);
        const auto from = key(i);
        std::copy(from.begin(), from.end(), keys.span().begin() + static_cast<std::ptrdiff_t>(size));
        size += key_bytes;
    }
    const auto lasting = key(generations_.size());
    std::copy(lasting.begin(), lasting.end(), keys.span().begin() + static_cast<std::ptrdiff_t>(size));
    size += key_bytes;
    KeyRing ring;
    ring.set_keys(generations, SecretBytes::copy_of(keys.view().first(size)));
    ring.active_ = active_;
    ring.takes_plain_ = takes_plain_;
    ring.renewal_ = renewal_;
    return ring;
}

std::optional<std::size_t> KeyRing::place_of(std::uint32_t generation) const {
    if (generation == lasting_generation) return generations_.size();
    // The newest is the one that is nearly always asked for.
    for (std::size_t i = generations_.size(); i > 0; --i) {
        if (generations_[i - 1].number == generation) return i - 1;
    }
    return std::nullopt;
}

ByteView KeyRing::key(std::size_t place) const {
    return keys_.view().subspan(place * key_bytes, key_bytes);
}

const std::uint8_t* KeyRing::purpose_key(std::size_t place, std::size_t purpose) const {
    return purposes_.view().data() + (place * kept_purposes.size() + purpose) * key_bytes;
}

Bytes KeyRing::sealed(const json::object& header, ByteView root_secret, store::Partnership partnership,
                      Random& random) const {
    SecretBytes plain(fixed_bytes + generations_.size() * generation_bytes + key_bytes);
    std::uint8_t* at = plain.span().data();
    put_number(at, takes_plain_ ? 1 : 0, 1);
    put_number(at, static_cast<std::uint8_t>(renewal_), 1);
    put_number(at, active_, 4);
    put_number(at, generations_.size(), 2);
    for (std::size_t i = 0; i < generations_.size(); ++i) {
        const auto& one = generations_[i];
        put_number(at, one.number, 4);
        put_number(at, static_cast<std::uint64_t>(one.made.micros), 8);
        put_number(at, static_cast<std::uint64_t>(one.former_since.value_or(Instant{}).micros), 8);
        at = std::copy(key(i).begin(), key(i).end(), at);
    }
    const auto lasting = key(generations_.size());
    std::copy(lasting.begin(), lasting.end(), at);
    const auto words = write_json(header);
    Bytes out(ring_magic.begin(), ring_magic.end());
    out.push_back(static_cast<std::uint8_t>(words.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(words.size()));
    out.insert(out.end(), words.begin(), words.end());
    const auto bound = bound_to(out, partnership);
    const auto front = out.size();
    out.resize(front + nonce_bytes + plain.size() + tag_bytes);
    random.fill(std::span(out).subspan(front, nonce_bytes));
    crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + front + nonce_bytes, nullptr, plain.view().data(),
                                               plain.size(), bound.data(), bound.size(), nullptr, out.data() + front,
                                               root_secret.data());
    return out;
}

Result<json::object> KeyRing::header_of(ByteView sealed) {
    return TRY(ring_front_of(sealed)).header;
}

Result<KeyRing> KeyRing::opened(ByteView sealed, ByteView root_secret, store::Partnership partnership) {
    const auto front = TRY(ring_front_of(sealed));
    const auto bound = bound_to(sealed.first(front.size), partnership);
    const auto body = sealed.subspan(front.size + nonce_bytes);
    if (body.size() < tag_bytes + fixed_bytes || root_secret.size() != key_bytes) return unreadable_ring();
    SecretBytes plain(body.size() - tag_bytes);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.span().data(), nullptr, nullptr, body.data(), body.size(),
                                                   bound.data(), bound.size(), sealed.data() + front.size,
                                                   root_secret.data()) != 0) {
        return not_opened();
    }
    const std::uint8_t* at = plain.view().data();
    KeyRing ring;
    ring.takes_plain_ = take_number(at, 1) != 0;
    const auto renewal = take_number(at, 1);
    if (renewal > static_cast<std::uint8_t>(Renewal::whole)) return unreadable_ring();
    ring.renewal_ = static_cast<Renewal>(renewal);
    ring.active_ = static_cast<std::uint32_t>(take_number(at, 4));
    const auto count = static_cast<std::size_t>(take_number(at, 2));
    if (count == 0 || count > most_generations || plain.size() != fixed_bytes + count * generation_bytes + key_bytes)
        return unreadable_ring();
    std::vector<Generation> generations(count);
    SecretBytes keys((count + 1) * key_bytes);
    for (std::size_t i = 0; i < count; ++i) {
        auto& one = generations[i];
        one.number = static_cast<std::uint32_t>(take_number(at, 4));
        one.made = Instant{static_cast<std::int64_t>(take_number(at, 8))};
        if (const auto former = static_cast<std::int64_t>(take_number(at, 8)); former != 0)
            one.former_since = Instant{former};
        std::copy_n(at, key_bytes, keys.span().begin() + static_cast<std::ptrdiff_t>(i * key_bytes));
        at += key_bytes;
    }
    std::copy_n(at, key_bytes, keys.span().begin() + static_cast<std::ptrdiff_t>(count * key_bytes));
    ring.set_keys(generations, std::move(keys));
    if (!ring.place_of(ring.active_)) return unreadable_ring();
    return ring;
}

}  // namespace waymark::record
