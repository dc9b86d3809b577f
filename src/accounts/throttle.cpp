// A leaking bucket in one row: how full it was, and when.
#include "accounts/throttle.hpp"

#include <algorithm>

namespace waymark::accounts {

std::optional<std::chrono::seconds> take_turn(store::Transaction& tx, store::Partnership partnership, const Keys& keys,
                                              const Bucket& bucket, std::string_view of, Instant now) {
    const Digest tag = keys.tag(bucket.name, of);
    store::SignInTallyRow row =
        sign_ins(tx).sign_in_tally(partnership, tag).value_or(store::SignInTallyRow{tag, 0, now});
    const auto passed = std::max(now - row.last, std::chrono::microseconds{0});
    const std::int64_t leaked = passed / bucket.leak;
    if (leaked > 0 || row.failures == 0) {
        row.failures = std::max<std::int64_t>(0, row.failures - leaked);
        // What has passed of the next drop's time still counts.
        row.last = row.failures == 0 ? now : row.last + leaked * std::chrono::microseconds(bucket.leak);
    }
    if (row.failures >= bucket.holds) {
        const auto left = row.last + bucket.leak - now;
        return std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds{1});
    }
    ++row.failures;
    sign_ins(tx).put_sign_in_tally(partnership, row);
    return std::nullopt;
}

void forget_turns(store::Transaction& tx, store::Partnership partnership, const Keys& keys, const Bucket& bucket,
                  std::string_view of) {
    sign_ins(tx).delete_sign_in_tally(partnership, keys.tag(bucket.name, of));
}

}  // namespace waymark::accounts
