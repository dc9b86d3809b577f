#pragma once
// Protected addresses of one child: which there are, and one of them read by whoever may, with a reason.
//
// An address that is protected is in no page, list, export or file (record/protected_address.hpp). It is shown to one
// person at a time, who says why: the gate decides on it for them alone (the row's `reveal_address` in the policy), and
// the audit line that names the field and the reason is kept before it is shown.
//
// Sources: domain register 4.2 (field level), targets T-C10.
#include <string>
#include <utility>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// An address that is kept apart, without a word of it.
struct WithheldAddress {
    std::string id;      // of the view or the entry that holds it
    std::string agency;  // name of whom to ask
    std::string words;   // where it stands: "As Northbay Police know the child"
    bool may = false;    // this asker may read it
};
struct AddressPage {
    PersonPage child;
    std::vector<WithheldAddress> withheld;
};
// `missing` and `forbidden` as the child's page. Shows no address.
Result<AddressPage> withheld_addresses(const Office&, const record::Asker&, ViewId person);

struct RevealAddress {
    ViewId person;
    std::string id;  // empty: the only one that the asker may read
    std::string reason;
};
struct RevealedAddress {
    AddressPage page;
    std::string words;
    std::vector<std::pair<std::string, std::string>> lines;  // label, value
};
// `forbidden` where the asker may read none, or not this one; `invalid` with place "reason" or "address" where it is
// not said why, or which.
Result<RevealedAddress> reveal_address(const Office&, const record::Asker&, const RevealAddress&);

}  // namespace waymark::casework
