// ChaCha20's rounds over registers; built for several instruction sets, of which the machine's best is taken (Highway).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "record/blocks.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "base/secret.hpp"
#include "record/blocks.hpp"

HWY_BEFORE_NAMESPACE();
namespace waymark::record::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

static_assert(std::endian::native == std::endian::little, "words are taken from memory as they lie");

using Lanes = hn::CappedTag<std::uint32_t, 16>;
using Lane = hn::Vec<Lanes>;

constexpr std::size_t most_lanes = 16;
// Room for four registers: of the lane numbered 4n + i the 16 bytes are the n-th of the i-th.
constexpr std::size_t part_bytes = 16;
struct alignas(64) Parts {
    std::uint8_t at[4][most_lanes / 4][part_bytes];
    HWY_INLINE std::uint8_t* of(std::size_t lane) { return at[lane % 4][lane / 4]; }
};

#if HWY_TARGET == HWY_SCALAR

// One lane: its 16 bytes are the four registers as they stand.
HWY_INLINE void load_parts(Parts& parts, Lane& a, Lane& b, Lane& c, Lane& d) {
    std::uint32_t words[4];
    std::memcpy(words, parts.of(0), part_bytes);
    a = hn::Set(Lanes(), words[0]);
    b = hn::Set(Lanes(), words[1]);
    c = hn::Set(Lanes(), words[2]);
    d = hn::Set(Lanes(), words[3]);
}

HWY_INLINE void store_parts(Parts&, Lane a, Lane b, Lane c, Lane d, const BlockJob* jobs, std::size_t,
                            std::size_t offset) {
    const std::uint32_t words[4] = {hn::GetLane(a), hn::GetLane(b), hn::GetLane(c), hn::GetLane(d)};
    std::memcpy(jobs->out + offset, words, part_bytes);
}

#else

// Four words of each lane, turned between "word by word" (a register holds one word of every lane) and "lane by lane"
// (a part of 16 bytes holds four words of one lane). Each is the other's way back.
HWY_INLINE void turn(Lane& a, Lane& b, Lane& c, Lane& d) {
    const Lanes words;
    const hn::RepartitionToWide<Lanes> pairs;
    const auto wide = [&](Lane lane) { return hn::BitCast(pairs, lane); };
    const auto ab_low = wide(hn::InterleaveLower(words, a, b));
    const auto cd_low = wide(hn::InterleaveLower(words, c, d));
    const auto ab_high = wide(hn::InterleaveUpper(words, a, b));
    const auto cd_high = wide(hn::InterleaveUpper(words, c, d));
    a = hn::BitCast(words, hn::InterleaveLower(pairs, ab_low, cd_low));
    b = hn::BitCast(words, hn::InterleaveUpper(pairs, ab_low, cd_low));
    c = hn::BitCast(words, hn::InterleaveLower(pairs, ab_high, cd_high));
    d = hn::BitCast(words, hn::InterleaveUpper(pairs, ab_high, cd_high));
}

HWY_INLINE void load_parts(Parts& parts, Lane& a, Lane& b, Lane& c, Lane& d) {
    const hn::Repartition<std::uint8_t, Lanes> bytes;
    const Lanes words;
    a = hn::BitCast(words, hn::Load(bytes, parts.at[0][0]));
    b = hn::BitCast(words, hn::Load(bytes, parts.at[1][0]));
    c = hn::BitCast(words, hn::Load(bytes, parts.at[2][0]));
    d = hn::BitCast(words, hn::Load(bytes, parts.at[3][0]));
    turn(a, b, c, d);
}

HWY_INLINE void store_parts(Parts& parts, Lane a, Lane b, Lane c, Lane d, const BlockJob* jobs, std::size_t count,
                            std::size_t offset) {
    const hn::Repartition<std::uint8_t, Lanes> bytes;
    turn(a, b, c, d);
    hn::Store(hn::BitCast(bytes, a), bytes, parts.at[0][0]);
    hn::Store(hn::BitCast(bytes, b), bytes, parts.at[1][0]);
    hn::Store(hn::BitCast(bytes, c), bytes, parts.at[2][0]);
    hn::Store(hn::BitCast(bytes, d), bytes, parts.at[3][0]);
    for (std::size_t i = 0; i < count; ++i) std::memcpy(jobs[i].out + offset, parts.of(i), part_bytes);
}

#endif

HWY_INLINE void quarter(Lane& a, Lane& b, Lane& c, Lane& d) {
    a = hn::Add(a, b);
    d = hn::RotateRight<16>(hn::Xor(d, a));
    c = hn::Add(c, d);
    b = hn::RotateRight<20>(hn::Xor(b, c));
    a = hn::Add(a, b);
    d = hn::RotateRight<24>(hn::Xor(d, a));
    c = hn::Add(c, d);
    b = hn::RotateRight<25>(hn::Xor(b, c));
}

struct Room {
    Parts key_low;
    Parts key_high;
    Parts input;
    Parts out;
};

// As many jobs as there are lanes, or fewer. Of a subkey only the outer words are wanted, without what went in.
template <bool subkey>
HWY_INLINE void some_blocks(const BlockJob* jobs, std::size_t count, Room& room) {
    const Lanes d;
    for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(room.key_low.of(i), jobs[i].key, part_bytes);
        std::memcpy(room.key_high.of(i), jobs[i].key + part_bytes, part_bytes);
        std::memcpy(room.input.of(i), jobs[i].input, part_bytes);
    }
    const auto first = hn::Set(d, 0x61707865);  // "expand 32-byte k"
    const auto second = hn::Set(d, 0x3320646e);
    const auto third = hn::Set(d, 0x79622d32);
    const auto fourth = hn::Set(d, 0x6b206574);
    Lane v0 = first;
    Lane v1 = second;
    Lane v2 = third;
    Lane v3 = fourth;
    Lane v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15;
    load_parts(room.key_low, v4, v5, v6, v7);
    load_parts(room.key_high, v8, v9, v10, v11);
    load_parts(room.input, v12, v13, v14, v15);
    for (int round = 0; round < 10; ++round) {
        quarter(v0, v4, v8, v12);
        quarter(v1, v5, v9, v13);
        quarter(v2, v6, v10, v14);
        quarter(v3, v7, v11, v15);
        quarter(v0, v5, v10, v15);
        quarter(v1, v6, v11, v12);
        quarter(v2, v7, v8, v13);
        quarter(v3, v4, v9, v14);
    }
    if (subkey) {
        store_parts(room.out, v0, v1, v2, v3, jobs, count, 0);
        store_parts(room.out, v12, v13, v14, v15, jobs, count, part_bytes);
        return;
    }
    Lane a, b, c, e;
    store_parts(room.out, hn::Add(v0, first), hn::Add(v1, second), hn::Add(v2, third), hn::Add(v3, fourth), jobs, count,
                0);
    load_parts(room.key_low, a, b, c, e);
    store_parts(room.out, hn::Add(v4, a), hn::Add(v5, b), hn::Add(v6, c), hn::Add(v7, e), jobs, count, part_bytes);
    load_parts(room.key_high, a, b, c, e);
    store_parts(room.out, hn::Add(v8, a), hn::Add(v9, b), hn::Add(v10, c), hn::Add(v11, e), jobs, count,
                2 * part_bytes);
    load_parts(room.input, a, b, c, e);
    store_parts(room.out, hn::Add(v12, a), hn::Add(v13, b), hn::Add(v14, c), hn::Add(v15, e), jobs, count,
                3 * part_bytes);
}

template <bool subkey>
HWY_INLINE void all_blocks(const BlockJob* jobs, std::size_t count) {
    const std::size_t lanes = hn::Lanes(Lanes());
    Room room{};
    for (std::size_t from = 0; from < count; from += lanes)
        some_blocks<subkey>(jobs + from, count - from < lanes ? count - from : lanes, room);
    wipe(std::span(reinterpret_cast<std::uint8_t*>(&room), sizeof room));
}

void stream_many(const BlockJob* jobs, std::size_t count) {
    all_blocks<false>(jobs, count);
}
void subkey_many(const BlockJob* jobs, std::size_t count) {
    all_blocks<true>(jobs, count);
}

}  // namespace waymark::record::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace waymark::record {

HWY_EXPORT(stream_many);
HWY_EXPORT(subkey_many);

void stream_blocks(std::span<const BlockJob> jobs) {
    if (!jobs.empty()) HWY_DYNAMIC_DISPATCH(stream_many)(jobs.data(), jobs.size());
}
void subkey_blocks(std::span<const BlockJob> jobs) {
    if (!jobs.empty()) HWY_DYNAMIC_DISPATCH(subkey_many)(jobs.data(), jobs.size());
}

}  // namespace waymark::record
#endif
