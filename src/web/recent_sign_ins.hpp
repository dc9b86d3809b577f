#pragma once
// Who was signed in a moment ago, for the one page that must work when the store cannot be read: raising a concern.
// Nothing else is opened by it.
#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "accounts/accounts.hpp"
#include "base/hash.hpp"

namespace waymark::web {

class RecentSignIns {
public:
    void note(std::string_view cookie, const std::optional<accounts::Who>& who, Instant now) {
        const std::lock_guard lock(mutex_);
        if (!who) {
            known_.erase(key_of(cookie));
            return;
        }
        if (known_.size() >= most) known_.clear();
        known_[key_of(cookie)] = {*who, now};
    }
    [[nodiscard]] std::optional<accounts::Who> find(std::string_view cookie, Instant now) const {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(key_of(cookie));
        if (found == known_.end() || now - found->second.seen > kept_for) return std::nullopt;
        return found->second.who;
    }

private:
    static constexpr std::size_t most = 10'000;
    static constexpr std::chrono::minutes kept_for{30};  // as long as a session without use
    struct Seen {
        accounts::Who who;
        Instant seen;
    };
    // The digest and not the cookie: memory may be written to a disk.
    static std::uint64_t key_of(std::string_view cookie) {
        const auto digest = sha256(as_bytes(cookie));
        std::uint64_t key = 0;
        for (int i = 0; i < 8; ++i) key = key << 8 | digest[static_cast<std::size_t>(i)];
        return key;
    }
    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, Seen> known_;
};

}  // namespace waymark::web
