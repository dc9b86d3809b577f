#pragma once
// One agency's view of a person, as that agency wrote it (section 2 of the outside contract).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "record/protected_address.hpp"

namespace waymark::record {

// Of `adoption`: the identity that a child had before being adopted. It is closed: it is never offered for, compared
// with or linked to one that the child may have now (domain register 4.1: the two must not be linkable).
inline constexpr std::string_view former_identity = "former";

struct Identity {
    std::string source;  // the system it comes from; required
    std::string id;      // its id there; required
    std::string given_name;
    std::string family_name;
    std::vector<std::string> other_names;
    std::optional<Date> date_of_birth;
    std::optional<Date> expected_date_of_birth;  // of an unborn child
    std::string dob_accuracy;                    // three of A, E, U (day, month, year); empty: AAA
    std::string sex;                             // as written
    std::string address;                         // only through shown_address() to a page
    bool address_protected = false;              // never shown, never matched in sight of others
    ProtectedAddress protected_address;          // then address and postcode are here, and empty in their own places
    std::string postcode;
    std::string nhs_number;
    std::string upn;
    std::string la_child_id;
    std::string phone;
    std::string email;
    std::string adoption;  // empty or `former`; never shown
    json::object more;     // unknown columns of a file, kept as they were

    bool operator==(const Identity&) const = default;
};

// Collects every fault; places are "subjects[0].identity.date_of_birth".
tl::expected<Identity, std::vector<Fault>> decode_identity(const json::object&, const std::string& place, Date today);
// Only what is present; canonical order. What is protected is not in it.
json::object encode(const Identity&);
// Puts what says where somebody lives out of reach, where that is protected. Reading an identity does it; whoever makes
// one out of something else does it too.
void protect(Identity&);

// Whether it only names somebody whom the record holds: `source` and `id`, and perhaps the `agency` whose view it is
// where that is not the entry's own. It brings nothing, so it makes no new version of the view.
bool names_only(const Identity&);
// That agency, or `own` where none is named.
std::string agency_of(const Identity&, const std::string& own);

// The address for a page, or nothing where it is protected.
std::optional<std::string> shown_address(const Identity&);
// The address, the words that say that it is withheld, or nothing where none is known.
std::string address_words(const Identity&);
std::string shown_name(const Identity&);  // "Given Family", or "Name not known"

}  // namespace waymark::record
