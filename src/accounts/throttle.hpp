#pragma once
// Guesses are slowed, people are not locked out. Each place that can be guessed at has a bucket: a try fills it by one,
// a right answer empties it, and it leaks at a steady pace; while it is full nothing is tried. So a guesser gets the
// pace of the leak and no more, and whoever waits for one drop may try again. Nothing here tells whether a name exists:
// buckets are found by a keyed tag of what was typed.
#include <chrono>
#include <optional>
#include <string_view>

#include "accounts/keys.hpp"
#include "store/sign_ins.hpp"

namespace waymark::accounts {

struct Bucket {
    std::string_view name;
    std::int64_t holds = 0;
    std::chrono::seconds leak{0};  // one drop in this time
};
// A name at which passwords are guessed, from browsers that it never signed in on; and from one that it did.
inline constexpr Bucket strangers{"strangers", 10, std::chrono::minutes{5}};
inline constexpr Bucket device{"device", 10, std::chrono::minutes{5}};
// An account whose password was right and whose one-time code is guessed: 144 codes a day, of which three are right at
// any time.
inline constexpr Bucket codes{"codes", 5, std::chrono::minutes{10}};
// An address, behind which a whole council may sit.
inline constexpr Bucket address{"address", 60, std::chrono::seconds{5}};

// Counts the try before it is made, so that many at once cannot pass together. How long until there is room, where
// there is none; the try must not be made then.
std::optional<std::chrono::seconds> take_turn(store::Transaction&, store::Partnership, const Keys&, const Bucket&,
                                              std::string_view of, Instant now);
// After a right answer.
void forget_turns(store::Transaction&, store::Partnership, const Keys&, const Bucket&, std::string_view of);

}  // namespace waymark::accounts
