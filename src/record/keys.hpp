#pragma once
// The keys of a partnership, and the seal that works with them. Formats byte for byte: docs/formats/sealed.md.
//
//     root secret (key file, passphrase or token; never in the store)
//      └ key ring: the partnership's keys, one a generation, sealed under the root in the secret "keyring"
//         └ a key for each purpose (card, text, identity, draft, evidence, secret, audit), derived one way
//            └ a key for each child's record, view or practitioner, derived one way
//               └ of a text: a key of its own, random, wrapped in the bytes that it seals
//
// Whoever holds the key of cards cannot come from it to the key of texts.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/secret.hpp"
#include "record/journal.hpp"

namespace waymark::record {

// Where the root secret (32 bytes) comes from. A ring's header names the kind of root and what it takes to have the
// secret again from it; nothing in a header is secret.
class Root {
public:
    struct Made {
        json::object header;  // with `root` and `id`
        SecretBytes secret;
    };
    virtual ~Root() = default;
    [[nodiscard]] virtual Result<Made> make(Random&) const = 0;
    [[nodiscard]] virtual Result<SecretBytes> unlock(const json::object& header) const = 0;
    [[nodiscard]] virtual std::string shown() const = 0;  // "the key file north.key", for messages
};
// Tells one root secret from another without telling what it is.
std::string root_id(ByteView secret);

// 32 random bytes in a file that only its owner may read.
std::unique_ptr<Root> file_root(std::string path);
Result<void> make_key_file(const std::string& path, Random&);  // refuses to overwrite
// Argon2id, moderate limits, over what `ask` gives (asked once).
using AskPassphrase = std::function<Result<SecretBytes>()>;
std::unique_ptr<Root> passphrase_root(AskPassphrase);
// A random secret that a PKCS#11 token wraps with an AES key of its own, which never leaves it. `uri` (RFC 7512) names
// the module, the token and the key; the PIN comes from its pin-source (file:…).
Result<std::unique_ptr<Root>> token_root(const std::string& uri);

// One generation of the partnership's key.
struct Generation {
    std::uint32_t number = 0;
    Instant made;
    std::optional<Instant> former_since;  // no longer sealed with
};

// What a ring is about to have done to what is kept.
enum class Renewal : std::uint8_t { none = 0, wraps = 1, whole = 2 };  // stored values

// What is kept for good as it was written (lines of the audit) or outside the store (a spool) is not sealed anew: it is
// under the lasting key, which only the root above it changes.
inline constexpr std::uint32_t lasting_generation = 0xffffffff;
bool is_lasting(std::string_view what);

// Immutable. Its keys lie in locked memory.
class KeyRing {
public:
    static KeyRing made_new(Random&, Instant now, bool takes_plain);
    // The same with one generation more, which is sealed with from now on.
    [[nodiscard]] KeyRing with_new(Random&, Instant now, Renewal) const;
    [[nodiscard]] KeyRing with_renewed() const;                  // what was to be done is done; nothing plain is taken
    [[nodiscard]] KeyRing without_former(Instant before) const;  // keeps what became former later
    [[nodiscard]] KeyRing copy() const;

    [[nodiscard]] std::uint32_t active() const { return active_; }
    [[nodiscard]] bool takes_plain() const { return takes_plain_; }  // what was kept before sealing
    [[nodiscard]] Renewal renewal() const { return renewal_; }
    [[nodiscard]] const std::vector<Generation>& generations() const { return generations_; }
    [[nodiscard]] std::optional<std::size_t> place_of(std::uint32_t generation) const;
    // 32 bytes in locked memory.
    [[nodiscard]] const std::uint8_t* purpose_key(std::size_t place, std::size_t purpose) const;
    [[nodiscard]] ByteView key(std::size_t place) const;

    [[nodiscard]] Bytes sealed(const json::object& header, ByteView root_secret, store::Partnership, Random&) const;
    static Result<KeyRing> opened(ByteView sealed, ByteView root_secret, store::Partnership);
    static Result<json::object> header_of(ByteView sealed);

private:
    KeyRing() = default;
    void set_keys(const std::vector<Generation>&, SecretBytes keys);
    std::vector<Generation> generations_;
    std::uint32_t active_ = 0;
    bool takes_plain_ = false;
    Renewal renewal_ = Renewal::none;
    SecretBytes keys_;      // 32 bytes a generation, and the lasting one
    SecretBytes purposes_;  // 32 bytes for each of these and purpose
};
std::size_t purpose_of(std::string_view what);  // of keys that are kept ready; their number where it is none of these
std::size_t purposes();

inline constexpr std::string_view keyring_secret = "keyring";

// Seals under the ring in use; keeps bytes as they are (plain format) while there is none. Thread-safe.
class KeyedSeal final : public Seal {
public:
    explicit KeyedSeal(store::Partnership partnership) : partnership_(partnership) {}

    [[nodiscard]] Bytes close(ByteView plain, const Bound&) const override;
    [[nodiscard]] Result<Bytes> open(ByteView sealed, const Bound&) const override;
    Result<void> open_each(std::span<const Piece> sealed, const OnOpened& each) const override;
    [[nodiscard]] std::vector<Bytes> close_each(std::span<const Piece> plain) const override;
    // The same under the active generation; nothing where it is already. With Renewal::wraps a text keeps its own key,
    // which alone is wrapped anew.
    [[nodiscard]] Result<std::optional<Bytes>> renew(ByteView sealed, const Bound&, Renewal) const;

    // Replaces the ring for every thread.
    void use(KeyRing ring);
    [[nodiscard]] const KeyRing* ring() const { return ring_.load(std::memory_order_acquire); }
    // Asked once where bytes are of a generation that the ring lacks: another process has rotated it.
    void on_unknown(std::function<std::optional<KeyRing>()> reload) { reload_ = std::move(reload); }

private:
    const KeyRing* with_generation(std::uint32_t) const;
    Result<void> open_some(std::span<const Piece>, std::size_t from, const OnOpened&, Bytes& room) const;
    void close_some(const KeyRing&, std::span<const Piece>, std::vector<Bytes>& out) const;

    store::Partnership partnership_;
    // Of its own, whatever randomness the caller works with: a nonce or key that comes twice gives the text away.
    mutable SystemRandom random_;
    std::atomic<const KeyRing*> ring_ = nullptr;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<const KeyRing>> rings_;  // a thread may still be at work with one that was replaced
    std::function<std::optional<KeyRing>()> reload_;
};
// The generation that sealed these bytes; 0: kept plain.
std::uint32_t generation_of(ByteView sealed);

}  // namespace waymark::record
