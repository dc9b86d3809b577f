#pragma once
// After a link between two records was undone: what was written on the joined person and must be assigned to one child
// or the other, and what had gone over the link. Entries and cases point at records and never at clusters, so each
// record has back what was its own by itself; only what people wrote about the joined person can be in the wrong one.
//
// An assignment is an `identity.decided` entry with `assigned`, `to` and a reason, in the record where the entry lies.
// Where the entry belongs to the other child the assignment supersedes it there, and the entry is written again, word
// for word, under its author's name and its time, in the other child's record. Nothing is lost: both stay readable.
#include <optional>
#include <string>
#include <vector>

#include "casework/matches.hpp"

namespace waymark::casework {

struct WrittenSince {
    Line line;
    bool in_first = false;  // it lies in the record of the first (older) side, else of the second
    struct Assigned {
        bool to_first = false;
        std::string reason;
        std::string by;
        When at;
    };
    std::optional<Assigned> assigned;
};

// Something that went over the link while it stood.
struct Routed {
    enum class How { into_case, answer, told, shared, met, duty } how = How::into_case;
    std::string what;  // title of the entry, or the duty's name
    std::string who;   // who wrote it, whom it went to, or who owes it
    When at;
    EntryId entry;
};

struct Reader {  // who opened one of the two while they were joined
    std::string name;
    std::string agency;
    Instant last;
    std::size_t times = 0;
};

struct Undone {
    MatchSide a;  // the older view first
    MatchSide b;
    bool was_joined = false;  // else there is nothing below
    Instant joined;
    Instant undone;
    std::vector<WrittenSince> written;  // oldest first
    std::size_t to_assign = 0;          // of them
    std::vector<Routed> routed;         // oldest first
    std::vector<Reader> readers;        // the latest first
    bool more = false;                  // there was more than is shown
};
// For those who may decide identity.
Result<Undone> undone_link(const Office&, const record::Asker&, ViewId a, ViewId b);

struct AssignRequest {
    std::string key;
    ViewId a;
    ViewId b;
    EntryId entry;
    ViewId to;  // a or b
    std::string reason;
};
// The id of the assignment. `missing` where the entry is not one that waits to be assigned.
Result<EntryId> assign_entry(const Office&, const record::Asker&, const AssignRequest&);

}  // namespace waymark::casework
