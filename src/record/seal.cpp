// The two seals: bytes kept as they are behind one format byte, and bytes under the partnership's keys.
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>

#include "record/blocks.hpp"
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
    [[nodiscard]] ByteView view() const { return {data_, size_}; }

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

const Uuid& whose_piece(const Bound& bound) {
    return bound.what == "card" || bound.what == "text" ? bound.record : bound.of;
}

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
    crypto_core_hchacha20(out.bytes.data(), whose_piece(bound).octets.data(), purpose, nullptr);
}

// The keys of some pieces, derived side by side; pieces of one record that follow one another share one.
class KeysOfSome {
public:
    static constexpr std::size_t most = 32;

    // False where such a key is not made from an id by a purpose's key that lies ready.
    bool add(std::size_t piece, const KeyRing& ring, std::size_t place, const Bound& bound) {
        const auto nth = purpose_of(bound.what);
        if (nth >= purposes() || bound.what == "draft") return false;
        const auto* purpose = ring.purpose_key(place, nth);
        const auto& whose = whose_piece(bound);
        // The last two, for cards and texts take turns.
        for (std::size_t i = count_; i > 0 && i + 2 > count_; --i) {
            if (jobs_[i - 1].key != purpose || whose_[i - 1] != whose) continue;
            key_of_[piece] = i - 1;
            return true;
        }
        whose_[count_] = whose;
        jobs_[count_] = {purpose, whose_[count_].octets.data(), keys_[count_].bytes.data()};
        key_of_[piece] = count_++;
        return true;
    }
    void make() { subkey_blocks(std::span(jobs_).first(count_)); }
    [[nodiscard]] const std::uint8_t* of(std::size_t piece) const { return keys_[key_of_[piece]].bytes.data(); }

private:
    std::array<BlockJob, most> jobs_;
    std::array<Uuid, most> whose_;
    std::array<ShortKey, most> keys_;
    std::array<std::size_t, most> key_of_{};
    std::size_t count_ = 0;
};

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

Result<void> Seal::open_each(std::span<const Piece> sealed, const OnOpened& each) const {
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        const auto plain = TRY(open(sealed[i].bytes, sealed[i].bound));
        TRY_VOID(each(i, plain));
    }
    return {};
}

std::vector<Bytes> Seal::close_each(std::span<const Piece> plain) const {
    std::vector<Bytes> sealed;
    sealed.reserve(plain.size());
    for (const auto& one : plain) sealed.push_back(close(one.bytes, one.bound));
    return sealed;
}

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

Result<void> KeyedSeal::open_each(std::span<const Piece> sealed, const OnOpened& each) const {
    Bytes room;
    const auto done = [&]() -> Result<void> {
        for (std::size_t from = 0; from < sealed.size(); from += KeysOfSome::most)
            TRY_VOID(
                open_some(sealed.subspan(from, std::min(KeysOfSome::most, sealed.size() - from)), from, each, room));
        return {};
    }();
    wipe(room);
    return done;
}

// What is not as usual (kept plain, long, a draft, of a format or generation that is not known) is opened by itself.
Result<void> KeyedSeal::open_some(std::span<const Piece> sealed, std::size_t from, const OnOpened& each,
                                  Bytes& room) const {
    constexpr std::size_t most = KeysOfSome::most;
    constexpr std::size_t longest = 4'096;
    constexpr std::size_t by_itself = most;
    KeysOfSome whose;
    std::array<ShortKey, most> own;
    std::array<std::optional<Context>, 2 * most> contexts;
    std::array<Opening, most> wraps;
    std::array<Opening, most> bodies;
    std::array<std::size_t, most> wrap_of{};
    std::array<std::size_t, most> body_of{};
    std::size_t wrap_count = 0;
    std::size_t body_count = 0;
    std::size_t needed = 0;
    const KeyRing* now = nullptr;
    std::optional<std::size_t> place;
    std::uint32_t of_generation = 0;
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        const auto& [bytes, bound] = sealed[i];
        body_of[i] = by_itself;
        if (bytes.size() < direct_overhead || bytes.size() > longest) continue;
        const bool wrapped = bytes.front() == wrapped_format;
        if (!wrapped && bytes.front() != direct_format) continue;
        if (wrapped && bytes.size() < wrapped_overhead) continue;
        const auto generation = generation_of(bytes);
        if (!place || generation != of_generation) {
            now = with_generation(generation);
            place = now == nullptr ? std::nullopt : now->place_of(generation);
            of_generation = generation;
        }
        if (!place || !whose.add(i, *now, *place, bound)) continue;
        const auto nonce_at = wrapped ? head_size + wrap_size : head_size;
        auto& context =
            contexts[2 * i].emplace(wrapped ? Use::body : Use::direct, wrapped ? 0 : generation, partnership_, bound);
        auto& body = bodies[body_count];
        body.sealed = bytes.subspan(nonce_at + nonce_size);
        body.data = context.view();
        body.nonce = bytes.data() + nonce_at;
        needed += body.sealed.size() - tag_size;
        wrap_of[body_count] = by_itself;
        if (wrapped) {
            const auto& outer = contexts[2 * i + 1].emplace(Use::wrap, generation, partnership_, bound);
            auto& wrap = wraps[wrap_count];
            wrap.out = own[i].bytes.data();
            wrap.sealed = bytes.subspan(head_size + nonce_size, key_size + tag_size);
            wrap.data = outer.view();
            wrap.nonce = bytes.data() + head_size;
            wrap_of[body_count] = wrap_count++;
        }
        body_of[i] = body_count++;
    }
    whose.make();
    room.resize(std::max(room.size(), needed));
    std::uint8_t* at = room.data();
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        if (body_of[i] == by_itself) continue;
        auto& body = bodies[body_of[i]];
        body.out = at;
        at += body.sealed.size() - tag_size;
        const auto wrap = wrap_of[body_of[i]];
        (wrap == by_itself ? body.key : wraps[wrap].key) = whose.of(i);
        if (wrap != by_itself) body.key = own[i].bytes.data();
    }
    decrypt_extended(std::span(wraps).first(wrap_count));
    decrypt_extended(std::span(bodies).first(body_count));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        if (body_of[i] == by_itself) {
            auto plain = TRY(open(sealed[i].bytes, sealed[i].bound));
            TRY_VOID(each(from + i, plain));
            continue;
        }
        const auto& body = bodies[body_of[i]];
        const auto wrap = wrap_of[body_of[i]];
        if (!body.opened || (wrap != by_itself && !wraps[wrap].opened)) return altered(sealed[i].bound);
        TRY_VOID(each(from + i, {body.out, body.sealed.size() - tag_size}));
    }
    return {};
}

std::vector<Bytes> KeyedSeal::close_each(std::span<const Piece> plain) const {
    const auto* now = ring();
    if (now == nullptr) return Seal::close_each(plain);
    std::vector<Bytes> out;
    out.reserve(plain.size());
    for (std::size_t from = 0; from < plain.size(); from += KeysOfSome::most)
        close_some(*now, plain.subspan(from, std::min(KeysOfSome::most, plain.size() - from)), out);
    return out;
}

void KeyedSeal::close_some(const KeyRing& now, std::span<const Piece> plain, std::vector<Bytes>& out) const {
    constexpr std::size_t most = KeysOfSome::most;
    constexpr std::size_t drawn_each = 2 * nonce_size + key_size;
    KeysOfSome whose;
    std::array<ShortKey, most> own;
    std::array<std::optional<Context>, 2 * most> contexts;
    std::array<Closing, 2 * most> closings;
    std::array<bool, most> together{};
    std::array<std::uint8_t, most * drawn_each> random;
    const auto drawn = std::span(random).first(plain.size() * drawn_each);
    random_.fill(drawn);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const auto& bound = plain[i].bound;
        const auto generation = is_lasting(bound.what) ? lasting_generation : now.active();
        together[i] = whose.add(i, now, *now.place_of(generation), bound);
    }
    whose.make();
    std::size_t count = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const auto& [bytes, bound] = plain[i];
        if (!together[i]) {
            out.push_back(close(bytes, bound));
            continue;
        }
        const auto generation = is_lasting(bound.what) ? lasting_generation : now.active();
        const bool wrapped = bound.what == "text";
        const auto* from = drawn.data() + i * drawn_each;
        auto& sealed = out.emplace_back((wrapped ? wrapped_overhead : direct_overhead) + bytes.size());
        put_head(sealed, wrapped ? wrapped_format : direct_format, generation);
        auto* at = sealed.data() + head_size;
        const auto* key = whose.of(i);
        const auto& context =
            contexts[2 * i].emplace(wrapped ? Use::body : Use::direct, wrapped ? 0 : generation, partnership_, bound);
        if (wrapped) {
            std::copy_n(from + 2 * nonce_size, key_size, own[i].bytes.begin());
            std::copy_n(from + nonce_size, nonce_size, at);
            const auto& outer = contexts[2 * i + 1].emplace(Use::wrap, generation, partnership_, bound);
            closings[count++] = {at + nonce_size, own[i].bytes, outer.view(), at, key};
            at += wrap_size;
            key = own[i].bytes.data();
        }
        std::copy_n(from, nonce_size, at);
        closings[count++] = {at + nonce_size, bytes, context.view(), at, key};
    }
    encrypt_extended(std::span(closings).first(count));
    wipe(drawn);
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
