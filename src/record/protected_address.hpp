#pragma once
// An address that must reach nobody by accident. It is put here as soon as an identity or an entry is read, before
// anything else can see it, and it has no way out but `reveal`: nothing prints, formats, logs, compares in sight or
// converts it, and it has no JSON but the one that is sealed. Who would read it needs a decision that was made for
// them: for this asker, this sign-in, this purpose and this identity.
//
// Source: domain register 4.2 (field level: the address of a victim, the address of a displaying child).
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "content/content.hpp"
#include "record/permit.hpp"

namespace waymark::record {

struct Identity;

// In the place of an address that is withheld.
inline constexpr std::string_view withheld_words = "Address withheld: ask the agency that holds it";

// Made by the gate alone, for one asker and one identity.
class AddressDecision {
private:
    friend class waymark::sharing::Gate;
    friend class ProtectedAddress;
    AddressDecision(const Asker& asker, std::string of)
        : practitioner_(asker.practitioner), session_(asker.session), purpose_(asker.purpose), of_(std::move(of)) {}
    std::string practitioner_;
    std::string session_;
    std::string purpose_;
    std::string of_;
};

class ProtectedAddress {
public:
    struct Plain {
        std::string address;
        std::string postcode;
        json::object more;  // columns of a file that say where somebody lives
        bool operator==(const Plain&) const = default;
    };
    ProtectedAddress() = default;
    [[nodiscard]] bool empty() const { return plain_ == Plain{}; }
    bool operator==(const ProtectedAddress& other) const { return plain_ == other.plain_; }
    // Whose it is: source and id of an identity, or an entry's own id. Never a word of the address.
    [[nodiscard]] const std::string& of() const { return of_; }
    // Of an entry: which of its fields it holds.
    [[nodiscard]] bool holds(std::string_view field) const {
        return plain_.more.contains(json::string_view(field.data(), field.size()));
    }
    // `forbidden`, without a word of it, where the decision was made for another asker, sign-in, purpose or identity.
    [[nodiscard]] Result<Plain> reveal(const AddressDecision&, const Asker&) const;

private:
    friend struct AtRest;
    friend void protect(Identity&);
    friend void protect(json::object& body, const content::Kind&, ProtectedAddress&, std::string of);
    Plain plain_;
    std::string of_;
};

// Moves the fields that the kind marks as protected out of the body of an entry.
void protect(json::object& body, const content::Kind&, ProtectedAddress&, std::string of);

}  // namespace waymark::record
