// One small table under one lock; it is asked a few times a request.
#include "web/guests.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace waymark::web {

bool Guests::admit(const std::string& share) {
    const std::scoped_lock lock(mutex_);
    if (limits_.connections != 0) {
        const auto found = shares_.find(share);
        if (found != shares_.end() && found->second.connections >= limits_.connections) return false;
    }
    ++shares_[share].connections;
    return true;
}

void Guests::leave(const std::string& share) {
    const std::scoped_lock lock(mutex_);
    const auto found = shares_.find(share);
    if (found != shares_.end() && --found->second.connections == 0) shares_.erase(found);
}

bool Guests::hold(const std::string& share, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    const auto found = shares_.find(share);
    if (found == shares_.end()) return false;
    if (found->second.bytes + bytes > limits_.body_bytes || bytes_ + bytes > limits_.body_bytes_of_all) return false;
    found->second.bytes += bytes;
    bytes_ += bytes;
    return true;
}

void Guests::release(const std::string& share, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    const auto found = shares_.find(share);
    if (found == shares_.end()) return;
    found->second.bytes -= bytes;
    bytes_ -= bytes;
}

std::size_t Guests::connections(const std::string& share) const {
    const std::scoped_lock lock(mutex_);
    const auto found = shares_.find(share);
    return found == shares_.end() ? 0 : found->second.connections;
}

std::string share_of(std::string_view address) {
    std::array<std::uint8_t, 16> bytes{};
    const std::string text(address.substr(0, address.find('%')));
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
    static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
        std::array<char, INET_ADDRSTRLEN> shown{};
        ::inet_ntop(AF_INET, bytes.data() + mapped.size(), shown.data(), shown.size());
        return shown.data();
    }
    return to_hex(ByteView(bytes).first(8)) + "/64";
}

}  // namespace waymark::web
