// The two seals: bytes kept as they are behind one format byte, and bytes under the partnership's keys.
#include <sodium.h>

#include <algorithm>
#include <array>

#include "record/cipher.hpp"
#include "record/keys.hpp"

namespace waymark::record {

namespace {

constexpr std::uint8_t plain_format = 0x00;
constexpr std::uint8_t direct_format = 0x01;   // under the key of its record, view or practitioner
constexpr std::uint8_t wrapped_format = 0x02;  // under a key of its own, which is wrapped under that key

constexpr std::size_t key_size = 32;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_size = 1 + 4;  // format, generation
constexpr std::size_t direct_overhead = head_size + nonce_size + tag_size;
constexpr std::size_t wrap_size = nonce_size + key_size + tag_size;
constexpr std::size_t wrapped_overhead = head_size + wrap_size + nonce_size + tag_size;

enum class Use : std::uint8_t { direct = 1, wrap = 2, body = 3 };

using Key = std::array<std::uint8_t, key_size>;

// Overwritten when it goes.
struct ShortKey {
    ShortKey() = default;
    ~ShortKey() { wipe(bytes); }
    ShortKey(const ShortKey&) = delete;
    ShortKey& operator=(const ShortKey&) = delete;
    Key bytes{};
};

Bytes plainly(ByteView plain) {
    Bytes sealed;
    sealed.reserve(plain.size() + 1);
    sealed.push_back(plain_format);
    sealed.insert(sealed.end(), plain.begin(), plain.end());
    return sealed;
}

auto not_a_format(const Bound& bound) {
    return invalid(std::string(bound.what), "the kept bytes are not in a format that this seal wrote",
                   "run `waymark verify`, and restore from a back-up");
}
auto altered(const Bound& bound) {
    return invalid(std::string(bound.what), "the kept bytes were altered, or are not what they are kept as",
                   "run `waymark verify`, and restore from a back-up");
}

// What sealed bytes are bound to. On the stack unless a name is very long.
class Context {
public:
    Context(Use use, std::uint32_t generation, store::Partnership partnership, const Bound& bound) {
        const std::size_t size = 4 + 1 + 4 + 2 + 2 + bound.what.size() + 16 + 16 + 2 + bound.kind.size() + 4;
        if (size > short_.size()) {
            long_.resize(size);
            data_ = long_.data();
        }
        put(0x574d5331, 4);  // WMS1
        put(static_cast<std::uint8_t>(use), 1);
        put(generation, 4);
        put(static_cast<std::uint16_t>(partnership), 2);
        put(bound.what.size(), 2);
        put(as_bytes(bound.what));
        put(bound.of.octets);
        put(bound.record.octets);
        put(bound.kind.size(), 2);
        put(as_bytes(bound.kind));
        put(static_cast<std::uint32_t>(bound.version), 4);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    [[nodiscard]] const std::uint8_t* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    void put(std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = bytes; i > 0; --i) data_[size_++] = static_cast<std::uint8_t>(value >> (8 * (i - 1)));
    }
    void put(ByteView bytes) {
        std::copy(bytes.begin(), bytes.end(), data_ + size_);
        size_ += bytes.size();
    }
    std::array<std::uint8_t, 256> short_;  // filled as far as it is used
    Bytes long_;
    std::uint8_t* data_ = short_.data();
    std::size_t size_ = 0;
};

// The key that belongs to this record, view or practitioner, for this purpose. One way: HChaCha20 with the purpose's
// key over an id of 16 bytes, BLAKE2b over a name.
void derive_key(ShortKey& out, const KeyRing& ring, std::size_t place, const Bound& bound) {
    ShortKey purpose_made;
    const std::uint8_t* purpose = nullptr;
    const auto nth = purpose_of(bound.what);
    if (nth < purposes()) {
        purpose = ring.purpose_key(place, nth);
    } else {
        const std::string label = "waymark/seal/1/" + std::string(bound.what);
        crypto_generichash(purpose_made.bytes.data(), key_size, as_bytes(label).data(), label.size(),
                           ring.key(place).data(), key_size);
        purpose = purpose_made.bytes.data();
    }
    if (bound.what == "draft") {
        crypto_generichash(out.bytes.data(), key_size, as_bytes(bound.kind).data(), bound.kind.size(), purpose,
                           key_size);
        return;
    }
    const auto& whose = bound.what == "card" || bound.what == "text" ? bound.record : bound.of;
    crypto_core_hchacha20(out.bytes.data(), whose.octets.data(), purpose, nullptr);
}

void encrypt(std::uint8_t* out, ByteView plain, const Context& context, const std::uint8_t* nonce,
             const std::uint8_t* key) {
    encrypt_extended(out, plain, {context.data(), context.size()}, nonce, key);
}
bool decrypt(std::uint8_t* out, ByteView sealed, const Context& context, const std::uint8_t* nonce,
             const std::uint8_t* key) {
    return decrypt_extended(out, sealed, {context.data(), context.size()}, nonce, key);
}

void put_head(Bytes& sealed, std::uint8_t format, std::uint32_t generation) {
    sealed[0] = format;
    for (std::size_t i = 0; i < 4; ++i) sealed[1 + i] = static_cast<std::uint8_t>(generation >> (8 * (3 - i)));
}

class PlainSeal final : public Seal {
public:
    [[nodiscard]] Bytes close(ByteView plain, const Bound&) const override { return plainly(plain); }
    [[nodiscard]] Result<Bytes> open(ByteView sealed, const Bound& bound) const override {
        if (sealed.empty() || sealed.front() != plain_format) return not_a_format(bound);
        return Bytes(sealed.begin() + 1, sealed.end());
    }
};

// Wraps the key of a text's own; `out` has room for the nonce and the wrapped key.
void wrap(std::uint8_t* out, const std::uint8_t* nonce, const Key& own, const Key& whose, std::uint32_t generation,
          store::Partnership partnership, const Bound& bound) {
    std::copy_n(nonce, nonce_size, out);
    encrypt(out + nonce_size, own, Context(Use::wrap, generation, partnership, bound), nonce, whose.data());
}

bool unwrap(ShortKey& own, ByteView sealed, const KeyRing& ring, std::size_t place, store::Partnership partnership,
            const Bound& bound) {
    ShortKey whose;
    derive_key(whose, ring, place, bound);
    const auto* nonce = sealed.data() + head_size;
    return decrypt(own.bytes.data(), sealed.subspan(head_size + nonce_size, key_size + tag_size),
                   Context(Use::wrap, generation_of(sealed), partnership, bound), nonce, whose.bytes.data());
}

}  // namespace

std::unique_ptr<Seal> plain_seal() {
    return std::make_unique<PlainSeal>();
}

std::uint32_t generation_of(ByteView sealed) {
    if (sealed.size() < head_size || sealed.front() == plain_format) return 0;
    std::uint32_t generation = 0;
    for (std::size_t i = 0; i < 4; ++i) generation = generation << 8 | sealed[1 + i];
    return generation;
}

void KeyedSeal::use(KeyRing ring) {
    auto kept = std::make_unique<const KeyRing>(std::move(ring));
    const std::scoped_lock lock(mutex_);
    ring_.store(kept.get(), std::memory_order_release);
    rings_.push_back(std::move(kept));
}

const KeyRing* KeyedSeal::with_generation(std::uint32_t generation) const {
    const auto* now = ring();
    if (now == nullptr || now->place_of(generation) || !reload_) return now;
    auto loaded = reload_();
    if (!loaded || !loaded->place_of(generation)) return now;
    const_cast<KeyedSeal*>(this)->use(std::move(*loaded));
    return ring();
}

Bytes KeyedSeal::close(ByteView plain, const Bound& bound) const {
    const auto* now = ring();
    if (now == nullptr) return plainly(plain);
    const auto generation = is_lasting(bound.what) ? lasting_generation : now->active();
    const auto place = *now->place_of(generation);
    ShortKey whose;
    derive_key(whose, *now, place, bound);
    if (bound.what != "text") {
        Bytes sealed(direct_overhead + plain.size());
        put_head(sealed, direct_format, generation);
        random_.fill(std::span(sealed).subspan(head_size, nonce_size));
        encrypt(sealed.data() + head_size + nonce_size, plain, Context(Use::direct, generation, partnership_, bound),
                sealed.data() + head_size, whose.bytes.data());
        return sealed;
    }
    struct {
        std::array<std::uint8_t, nonce_size> wrapping;
        std::array<std::uint8_t, nonce_size> sealing;
        ShortKey own;
    } drawn;
    std::array<std::uint8_t, 2 * nonce_size + key_size> random{};
    random_.fill(random);
    std::copy_n(random.begin(), nonce_size, drawn.wrapping.begin());
    std::copy_n(random.begin() + nonce_size, nonce_size, drawn.sealing.begin());
    std::copy_n(random.begin() + 2 * nonce_size, key_size, drawn.own.bytes.begin());
    wipe(random);
    Bytes sealed(wrapped_overhead + plain.size());
    put_head(sealed, wrapped_format, generation);
    wrap(sealed.data() + head_size, drawn.wrapping.data(), drawn.own.bytes, whose.bytes, generation, partnership_,
         bound);
    auto* nonce = sealed.data() + head_size + wrap_size;
    std::copy(drawn.sealing.begin(), drawn.sealing.end(), nonce);
    encrypt(nonce + nonce_size, plain, Context(Use::body, 0, partnership_, bound), nonce, drawn.own.bytes.data());
    return sealed;
}

Result<Bytes> KeyedSeal::open(ByteView sealed, const Bound& bound) const {
    if (sealed.empty()) return not_a_format(bound);
    if (sealed.front() == plain_format) {
        const auto* now = ring();
        if (now != nullptr && !now->takes_plain()) return not_a_format(bound);
        return Bytes(sealed.begin() + 1, sealed.end());
    }
    const bool direct = sealed.front() == direct_format;
    if ((!direct && sealed.front() != wrapped_format) || sealed.size() < (direct ? direct_overhead : wrapped_overhead))
        return not_a_format(bound);
    const auto generation = generation_of(sealed);
    const auto* now = with_generation(generation);
    const auto place = now == nullptr ? std::nullopt : now->place_of(generation);
    if (!place) {
        return fault(FaultKind::unavailable, std::string(bound.what),
                     now == nullptr ? "it is sealed, and this store has no keys"
                                    : "it is sealed with a key that the partnership no longer has",
                     "restore the store from a back-up");
    }
    if (direct) {
        ShortKey whose;
        derive_key(whose, *now, *place, bound);
        Bytes plain(sealed.size() - direct_overhead);
        if (!decrypt(plain.data(), sealed.subspan(head_size + nonce_size),
                     Context(Use::direct, generation, partnership_, bound), sealed.data() + head_size,
                     whose.bytes.data()))
            return altered(bound);
        return plain;
    }
    ShortKey own;
    if (!unwrap(own, sealed, *now, *place, partnership_, bound)) return altered(bound);
    const auto* nonce = sealed.data() + head_size + wrap_size;
    Bytes plain(sealed.size() - wrapped_overhead);
    if (!decrypt(plain.data(), sealed.subspan(head_size + wrap_size + nonce_size),
                 Context(Use::body, 0, partnership_, bound), nonce, own.bytes.data()))
        return altered(bound);
    return plain;
}

Result<std::optional<Bytes>> KeyedSeal::renew(ByteView sealed, const Bound& bound, Renewal how) const {
    const auto* now = ring();
    const auto generation = generation_of(sealed);
    if (now == nullptr || generation == now->active() || generation == lasting_generation)
        return std::optional<Bytes>{};
    const auto from = now->place_of(generation);
    if (how == Renewal::wraps && from && sealed.size() >= wrapped_overhead && sealed.front() == wrapped_format) {
        ShortKey own;
        if (!unwrap(own, sealed, *now, *from, partnership_, bound)) return altered(bound);
        ShortKey whose;
        derive_key(whose, *now, *now->place_of(now->active()), bound);
        std::array<std::uint8_t, nonce_size> nonce{};
        random_.fill(nonce);
        Bytes out(sealed.begin(), sealed.end());
        put_head(out, wrapped_format, now->active());
        wrap(out.data() + head_size, nonce.data(), own.bytes, whose.bytes, now->active(), partnership_, bound);
        return std::optional(std::move(out));
    }
    auto plain = TRY(open(sealed, bound));
    auto out = close(plain, bound);
    wipe(plain);
    return std::optional(std::move(out));
}

}  // namespace waymark::record
