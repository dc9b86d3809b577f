#pragma once
// Memory for keys: locked, between guard pages, left out of core dumps, overwritten before it is given back.
//
// libsodium's allocator (mlock, MADV_DONTDUMP). Where the kernel allows no more locked memory the pages are not locked,
// but they are still left out of a dump and overwritten.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace waymark {

class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size);  // zeros
    static SecretBytes copy_of(ByteView);
    ~SecretBytes();
    SecretBytes(SecretBytes&&) noexcept;
    SecretBytes& operator=(SecretBytes&&) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] ByteView view() const { return {data_, size_}; }
    [[nodiscard]] std::span<std::uint8_t> span() { return {data_, size_}; }

private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
};

// Overwrites what held a secret for a moment.
void wipe(std::span<std::uint8_t>);

// From now on this process leaves no core dump, and no other process of its user may look into its memory
// (RLIMIT_CORE 0, PR_SET_DUMPABLE 0).
void leave_no_core_dump();

}  // namespace waymark
