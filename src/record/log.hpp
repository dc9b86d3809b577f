#pragma once
// The log: an RFC 9162 Merkle tree over every entry, from the first one on, with C2SP checkpoints (signed notes).
//
// Leaf data = salt (32 bytes) ‖ length of envelope (4 bytes, big-endian) ‖ envelope (canonical JSON of the row's clear
// columns) ‖ plaintext (the entry's text as kept). Leaf hash = SHA-256(0x00 ‖ leaf data); node = SHA-256(0x01 ‖ left ‖
// right) (RFC 9162 section 2.1.1). Sealing and rotation move no leaf; destroying the salt hides what a leaf was of.
// `log_index` is given after commit by one fenced sequencer; what is queued and not yet indexed (at most a second)
// could be removed unseen, and verify says how much that is.
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/system.hpp"
#include "record/journal.hpp"
#include "store/store.hpp"

namespace waymark::record {

// ---- the tree -----------------------------------------------------------------------------------------------------

Digest leaf_hash(ByteView leaf_data);
Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();  // SHA-256 of nothing

// RFC 9162's tree as a compact range: the roots of the perfect subtrees, largest first.
class Frontier {
public:
    Frontier() = default;
    static Result<Frontier> parse(std::int64_t size, ByteView bytes);
    void append(const Digest& leaf);
    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] Digest root() const;
    [[nodiscard]] Bytes bytes() const;

private:
    std::int64_t size_ = 0;
    std::vector<Digest> peaks_;
};

// Over leaf hashes held in memory; for proofs and for checking.
Digest root_of(std::span<const Digest> leaves);
std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::size_t index);           // RFC 9162 2.1.3.1
std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::size_t earlier_size);  // 2.1.4.1
bool verify_inclusion(std::size_t index, std::size_t size, const Digest& leaf, std::span<const Digest> proof,
                      const Digest& root);
bool verify_consistency(std::size_t earlier_size, std::size_t size, std::span<const Digest> proof,
                        const Digest& earlier_root, const Digest& root);

// ---- checkpoints (C2SP tlog-checkpoint, signed-note; Ed25519) -------------------------------------------------------

struct Checkpoint {
    std::string origin;  // "waymark/<partnership key>"
    std::int64_t size = 0;
    Digest root{};
};
struct SigningKey {
    std::array<std::uint8_t, 32> seed{};
    static SigningKey make(Random&);
    [[nodiscard]] std::string verifier(std::string_view origin) const;  // "origin+hash+base64", as in C2SP signed-note
};
std::string sign_checkpoint(const Checkpoint&, const SigningKey&);
Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view verifier);

// ---- sequencing ---------------------------------------------------------------------------------------------------

class Sequencer {
public:
    Sequencer(store::Store& store, store::Partnership partnership, std::string origin, SigningKey key,
              const Clock& clock)
        : store_(store), partnership_(partnership), origin_(std::move(origin)), key_(key), clock_(clock) {}
    // Takes over (raises the fence), then moves everything that is queued into the log and signs a checkpoint if the
    // tree grew. Returns how many leaves were indexed. `conflict`: another sequencer has taken over since.
    Result<std::int64_t> run(std::size_t most = 1'000'000);

private:
    store::Store& store_;
    store::Partnership partnership_;
    std::string origin_;
    SigningKey key_;
    const Clock& clock_;
    std::optional<std::int64_t> fence_;
};

// ---- verification -------------------------------------------------------------------------------------------------

struct Finding {
    std::string what;   // altered, removed, added, reordered, gap, rolled-back, index, …
    std::string where;  // entry id, case id, log index
    std::string why;
};
struct Verification {
    std::int64_t entries = 0;
    std::int64_t indexed = 0;
    std::int64_t queued = 0;  // kept, not yet in the tree: could still be removed unseen
    Digest root{};
    std::string checkpoint;         // the note the tree was held against
    std::vector<Finding> findings;  // at most 1,000
    [[nodiscard]] bool sound() const { return findings.empty(); }
};
// The whole record against its own proofs: every leaf from salt, envelope and plaintext; every card from its text;
// every identity from its digest; case_seq without gaps; the tree against the store's newest checkpoint and, where
// given, an older one kept elsewhere.
Result<Verification> verify(store::Snapshot&, store::Partnership, const Journal&, std::string_view verifier,
                            std::optional<std::string> older_checkpoint,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace waymark::record
