#pragma once
// Break-glass: whoever needs a record now and may not open it says why and has it for some hours. It is never refused
// to a qualified role (whose row of the policy may append `glass.broken`), but for what a court has sealed, for who is
// named as shut out, and for somebody's own record or a relative's. Every use is told at once to those who lead the
// child's case, to the front door and to those who oversee the person's own agency, and is reviewed by somebody else.
//
// Sources: targets T-C7 (at most 24 hours, reviewed in a working day, unreviewed told further every day, unjustified
// is an incident); domain register 4.2 (legitimate relationship).
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// What the page that interrupts says, before anything is opened.
struct GlassOffer {
    ViewId person;
    std::string why;  // the record does not open without
    int most_hours = 24;
    bool strong_enough = false;  // this sign-in may
    std::string needed;          // strength of a sign-in
};
// `missing` where there is no such child, or one who does not open to anybody so; `conflict` where the record opens as
// it is; `forbidden` where the role may not break the glass, or it is a relative's record.
Result<GlassOffer> glass_offer(const Office&, const record::Asker&, ViewId person);

struct BreakGlass {
    std::string key;
    ViewId person;
    std::string reason;
    int hours = 24;  // at most the policy's
};
struct Broken {
    EntryId entry;
    Instant until;
};
Result<Broken> break_glass(const Office&, const record::Asker&, const BreakGlass&);

// One use, as those may know it who are told of it.
struct GlassUse {
    EntryId entry;
    std::string reference;         // random: names the use where the child may not be named
    std::optional<ViewId> person;  // of whom; nothing for those who see logs and not content
    std::string by;                // key of the practitioner
    std::string name;
    std::string agency;  // name
    std::string role;    // label
    std::string reason;
    std::string level;  // the restriction that it opened, in words; empty: none
    Instant at;
    Instant until;
    std::size_t looks = 0;  // how often they looked into the record in that time
    Date review_by;
    int days_late = 0;  // working days past that day without a review
    struct Review {
        std::string outcome;  // justified, not-justified
        std::string reason;
        std::string by;
        Instant at;
    };
    std::optional<Review> review;
};

// For My day: of the children whose case the asker leads, of every child for the front door, of the own agency's people
// for those who oversee them, and of all for a privacy officer. What is not reviewed yet, and what is of the last days.
Result<std::vector<GlassUse>> glass_notices(const Office&, const record::Asker&);

// Every use that waits for a review, the longest first, and then those that were reviewed of late; for those who
// oversee.
Result<std::vector<GlassUse>> glass_uses(const Office&, const record::Asker&, std::size_t limit);
Result<GlassUse> glass_use(const Office&, const record::Asker&, EntryId);

struct ReviewGlass {
    std::string key;
    EntryId entry;
    std::string outcome;  // justified, not-justified
    std::string reason;
};
// Nobody reviews their own use. `conflict` where it was reviewed already.
Result<EntryId> review_glass(const Office&, const record::Asker&, const ReviewGlass&);

// Ten letters and digits that tell nothing, out of an entry's salt: "WM-K3QXV-7TZ0A".
std::string reference_of(const store::EntryRow&);

}  // namespace waymark::casework
