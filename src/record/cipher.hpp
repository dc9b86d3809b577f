#pragma once
// ChaCha20-Poly1305 for short pieces: byte for byte what libsodium's own functions of these names write and open.
//
// libsodium 1.0.18 makes the key of the authenticator with one call of the cipher and the text with a second, and does
// what is left over of 256 and 512 bytes block by block. Cards and texts are so short that most of the time goes there.
// Here one call makes both, of a length that the vector code does in one go. Longer pieces go to libsodium as they are.
#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace waymark::record {

inline constexpr std::size_t cipher_key = 32;
inline constexpr std::size_t cipher_tag = 16;
inline constexpr std::size_t cipher_nonce = 12;
inline constexpr std::size_t extended_nonce = 24;

// `out` has room for the text and its tag.
void encrypt(std::uint8_t* out, ByteView plain, ByteView data, const std::uint8_t* nonce, const std::uint8_t* key);
// False where it was altered; what `out` then holds is nothing.
bool decrypt(std::uint8_t* out, ByteView sealed, ByteView data, const std::uint8_t* nonce, const std::uint8_t* key);

// XChaCha20-Poly1305: the same under a key made from the first 16 bytes of the nonce.
void encrypt_extended(std::uint8_t* out, ByteView plain, ByteView data, const std::uint8_t* nonce,
                      const std::uint8_t* key);
bool decrypt_extended(std::uint8_t* out, ByteView sealed, ByteView data, const std::uint8_t* nonce,
                      const std::uint8_t* key);

// The same for many short pieces at once, whose blocks are made side by side (record/blocks.hpp).
struct Closing {
    std::uint8_t* out = nullptr;  // room for the text and its tag
    ByteView plain;
    ByteView data;
    const std::uint8_t* nonce = nullptr;  // extended
    const std::uint8_t* key = nullptr;
};
struct Opening {
    std::uint8_t* out = nullptr;
    ByteView sealed;
    ByteView data;
    const std::uint8_t* nonce = nullptr;  // extended
    const std::uint8_t* key = nullptr;
    bool opened = false;  // set
};
void encrypt_extended(std::span<const Closing>);
void decrypt_extended(std::span<Opening>);

}  // namespace waymark::record
