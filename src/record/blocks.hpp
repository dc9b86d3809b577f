#pragma once
// The ChaCha20 block function for many keys at once: each lane of a register works on a block of its own.
//
// What a page opens is hundreds of short pieces, each under a key of its own. One after the other they cost mostly the
// twenty rounds of single blocks, one waiting for the next; side by side sixteen cost little more than one.
#include <cstddef>
#include <cstdint>
#include <span>

namespace waymark::record {

// Key (32 bytes) and input (16: counter and nonce) of one block, and where it goes.
struct BlockJob {
    const std::uint8_t* key = nullptr;
    const std::uint8_t* input = nullptr;
    std::uint8_t* out = nullptr;
};

// The key stream: 64 bytes each (RFC 8439 section 2.3; counter and nonce are the 16 bytes as they stand).
void stream_blocks(std::span<const BlockJob>);
// HChaCha20: 32 bytes each (draft-irtf-cfrg-xchacha section 2.2).
void subkey_blocks(std::span<const BlockJob>);

}  // namespace waymark::record
