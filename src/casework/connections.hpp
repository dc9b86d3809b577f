#pragma once
// The conflict register: what people who work here have to do with people in the record. Whoever declares a connection,
// or whose declared details match a child or somebody else in a child's record, may not open that record: the conflict
// goes over every role, relationship and emergency. A match of name and birth date is a declared conflict, a match of
// family name and home, or of a telephone, a suspected one; either stands until a manager clears it with a reason.
//
// The case to design against: Ali v Luton (a worker in a relationship with the person suspected read the reports and
// passed them on). What is declared is kept sealed, is compared by the engine alone, and is never told to whoever
// declares: nobody learns from it who is in the record. A protected address is compared with nothing.
//
// Sources: domain register 4.1 (own record, relatives, same address), targets T-C6.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct Declared {
    std::string relation;  // a code of `connection.declared`
    std::string given_name;
    std::string family_name;
    std::optional<Date> date_of_birth;
    std::string address;
    std::string postcode;
    std::string phone;
};
struct Connection {
    EntryId entry;
    std::string who;  // key of the practitioner
    Declared declared;
    Instant at;
    // Who declared it says that it has ended. It is compared all the same until a manager agrees.
    std::optional<Instant> said_ended = {};
};

// What of a declared person and an identity is the same: person, family-name, address, postcode, phone.
std::vector<std::string> signs_of(const Declared&, const record::Identity&);
// Whether these make a conflict, and whether it is a declared one.
enum class Likeness { none, suspected, person };
Likeness likeness_of(std::span<const std::string> signs);

struct DeclareConnection {
    std::string key;
    Declared declared;
};
Result<EntryId> declare_connection(const Office&, const record::Asker&, const DeclareConnection&);
Result<std::vector<Connection>> my_connections(const Office&, const record::Asker&);

// Who declared it says that it has ended, or was declared by mistake; a manager agrees, never to their own. Only then
// is it compared with nothing that comes; a conflict that it made stands until it is cleared.
struct EndConnection {
    std::string key;
    EntryId entry;
    std::string reason;
};
Result<EntryId> end_connection(const Office&, const record::Asker&, const EndConnection&);
// What waits for a manager's answer: of the own agency's people. No more of it than what they are to each other.
struct EndedConnection {
    EntryId entry;  // the connection
    std::string who;
    std::string name;
    std::string relation;  // in words
    std::string reason;    // as its declarer gave it
    Instant since;
    Instant said;
};
Result<std::vector<EndedConnection>> ended_connections(const Office&, const record::Asker&);

struct ConflictItem {
    EntryId entry;
    std::string reference;
    std::optional<ViewId> person;  // nothing for those who see logs and not content
    std::string who;
    std::string name;
    std::string agency;  // name
    bool declared = false;
    std::string relation;  // in words
    std::vector<std::string> signs;
    Instant at;
    struct Cleared {
        std::string by;
        std::string reason;
        Instant at;
    };
    std::optional<Cleared> cleared;
};
// For those who oversee: of all, or of the own agency's people. What stands first, the newest first.
Result<std::vector<ConflictItem>> conflicts(const Office&, const record::Asker&);
Result<ConflictItem> conflict_item(const Office&, const record::Asker&, EntryId);

struct ClearConflict {
    std::string key;
    EntryId entry;
    std::string reason;
};
// By a manager who may know the child; never one's own.
Result<EntryId> clear_conflict(const Office&, const record::Asker&, const ClearConflict&);

// ---- for the door -------------------------------------------------------------------------------------------------

// An identity that an entry brings, and the child in whose record it stands.
struct Brought {
    const record::Identity* identity = nullptr;
    ViewId record;
};
// What is declared and has not ended, for the machine's own comparisons: shown to nobody.
Result<std::vector<Connection>> declared_connections(const Office&, store::Snapshot&);
// Holds what is brought against every connection; what matches is kept as `conflict.found`.
Result<void> note_conflicts(const Office&, store::Transaction&, std::span<const Brought>);

}  // namespace waymark::casework
