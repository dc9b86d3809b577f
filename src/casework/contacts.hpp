#pragma once
// "Who do I ring?": the people who work with a child, as far as the asker may know of them, each with the telephone,
// who stands in for them today, and why they are named; and the front door, in and out of hours.
//
// Nothing here is kept twice: who works with the child is read from the entries that the asker may see, numbers from
// the profile, and what somebody says of their own number and absence is an entry of their own, `contact.set`.
// Source: domain register, burdens 5 (who else is involved, with contact and when it was last confirmed).
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct Contact {
    std::string practitioner;  // key; empty where somebody is known by what an entry says alone
    std::string name;
    std::string role;               // label
    std::string agency;             // name
    std::vector<std::string> ties;  // why they stand here: "Leads the case", "Last entry on …"
    std::string telephone;          // theirs, else their agency's; empty: none is known
    bool of_the_agency = false;     // the number is the agency's
    Instant last;                   // of what names them
    struct Away {
        Date to;
        std::string cover;  // name; empty: nobody is named
        std::string telephone;
    };
    std::optional<Away> away;  // today
};
struct FrontDoorNow {
    std::string name;  // of the agency; empty: the profile says nothing
    std::string telephone;
    std::string hours;  // "9:00 to 17:00 on working days"
    std::string out_of_hours_name;
    std::string out_of_hours_telephone;
    bool open = false;  // at this moment
};
struct ContactSheet {
    PersonPage child;
    std::vector<Contact> people;  // who leads first, then by what they do
    FrontDoorNow front_door;
};
// `missing` and `forbidden` as the child's page.
Result<ContactSheet> who_to_ring(const Office&, const record::Asker&, ViewId person);
FrontDoorNow front_door_now(const Office&);

// ---- one's own ----
struct OwnContact {
    std::string telephone;
    std::string cover;  // key of a practitioner
    std::optional<Date> away_from;
    std::optional<Date> away_to;
    std::string of_profile;  // what stands where they set none
};
Result<OwnContact> my_contact(const Office&, const record::Asker&);
struct SetContact {
    std::string key;
    std::string telephone;
    std::string cover;
    std::optional<Date> away_from;
    std::optional<Date> away_to;
};
// Takes the place of what they said before.
Result<EntryId> set_contact(const Office&, const record::Asker&, const SetContact&);

}  // namespace waymark::casework
