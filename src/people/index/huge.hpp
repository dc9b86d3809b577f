#pragma once
// Large arrays that are read at random: in huge pages where the system gives them, so that a look costs one miss and
// not two.
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

namespace waymark::people::index {

template <class T>
struct HugePages {
    using value_type = T;
    HugePages() = default;
    template <class U>
    explicit HugePages(const HugePages<U>&) {}

    T* allocate(std::size_t n) {
        constexpr std::size_t page = std::size_t{2} << 20;
        const std::size_t align = n * sizeof(T) >= page / 4 ? page : 64;
        const std::size_t bytes = (n * sizeof(T) + align - 1) / align * align;
        void* const memory = std::aligned_alloc(align, bytes);
        if (memory == nullptr) throw std::bad_alloc();
        if (align == page) madvise(memory, bytes, MADV_HUGEPAGE);
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t) { std::free(memory); }
    friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

template <class T>
using Huge = std::vector<T, HugePages<T>>;

}  // namespace waymark::people::index
