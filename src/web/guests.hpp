#pragma once
// How much of the server each address holds, so that one that floods it takes no more than its share.
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace waymark::web {

struct GuestLimits {
    std::size_t connections = 500;               // of one address; 0: no limit
    std::size_t body_bytes = 64u << 20;          // of bodies that one address is sending
    std::size_t body_bytes_of_all = 256u << 20;  // of bodies that all are sending
};

class Guests {
public:
    explicit Guests(GuestLimits limits) : limits_(limits) {}

    // False where the address has its share already. Whoever is admitted leaves once.
    bool admit(const std::string& share);
    void leave(const std::string& share);
    // False, and nothing is held, where that would be more than the share or more than there is for all.
    bool hold(const std::string& share, std::size_t bytes);
    void release(const std::string& share, std::size_t bytes);
    [[nodiscard]] std::size_t connections(const std::string& share) const;

private:
    struct Share {
        std::size_t connections = 0;
        std::size_t bytes = 0;
    };
    GuestLimits limits_;
    mutable std::mutex mutex_;
    std::map<std::string, Share, std::less<>> shares_;
    std::size_t bytes_ = 0;
};

// Whom an address counts as: an IPv4 address itself, the /64 network of an IPv6 address, which one customer has whole.
std::string share_of(std::string_view address);

}  // namespace waymark::web
