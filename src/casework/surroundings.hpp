#pragma once
// Who and where is in a child's life: family, carers and others, the practitioners who work with the child with from
// and until, and the places where the child is or was, with what is on record of safety in each kind of place.
//
// Everything is read from the entries that the asker may see. Somebody who has a record of their own is named only to
// whom that record is open too: of a child who is hidden from the asker there is no line, no number and no gap. A
// protected address is never among the addresses; where one that is shown to the asker is protected, none is listed.
//
// Sources: targets 3.4, pages 16 and 17; domain register 2.3 (safety for each setting) and 4.1 (fields).
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// A relationship that somebody recorded.
struct Relation {
    EntryId entry;  // the newest version
    std::string relation;
    std::string who;      // as it was written; empty where it was not, or where only codes and dates are seen
    std::string contact;  // in words; empty where nothing was said
    std::string source;   // who says so, in words
    std::string by;       // agency
    When recorded;
    bool lives_with = false;
    bool responsibility = false;
    std::optional<Date> from;
    std::optional<Date> to;
    std::optional<EntryId> ended;  // the entry that says so
    [[nodiscard]] bool is_over(Date today) const { return ended || (to && *to <= today); }
};
// An adult whom entries name beside the child.
struct NamedBeside {
    std::string name;
    record::Involvements involvement = 0;
    std::string by;  // agencies
    Date first;
    Date last;
    EntryId newest;  // of the entries that name them
};
// A practitioner in this child's record.
struct Worker {
    std::string name;
    std::string role;  // label; empty where they are no colleague of today
    std::string agency;
    Date from;  // first entry
    Date last;  // last entry
    bool leads = false;
    std::vector<std::pair<Date, std::optional<Date>>> led;  // spans; the last has no end where they lead now
};
// A service that is said to be involved.
struct ServiceInvolved {
    EntryId entry;
    std::string service;
    std::string organisation;
    std::string status;
    std::optional<Date> from;
    std::optional<Date> to;
};
struct PeopleSheet {
    PersonPage child;
    std::vector<Relation> relations;  // those that last first
    std::vector<NamedBeside> named;   // the newest first
    std::vector<Worker> workers;      // who leads first, then the newest
    std::vector<ServiceInvolved> services;
};
// `missing` and `forbidden` as the child's page.
Result<PeopleSheet> people_around(const Office&, const record::Asker&, ViewId person);

// A place that somebody recorded.
struct PlaceOfChild {
    EntryId entry;
    std::string setting;  // code
    std::string setting_words;
    std::string name;
    std::string safety;
    std::string source;
    std::string by;  // agency
    When recorded;
    std::optional<Date> from;
    std::optional<Date> to;
    std::optional<EntryId> ended;
    [[nodiscard]] bool is_over(Date today) const { return ended || (to && *to <= today); }
};
// An address on an agency's register.
struct AddressKnown {
    std::string address;
    std::string agency;  // name
    Date from;           // when the register first said so
    std::optional<Date> until;
};
// What is on record of one kind of place.
struct SettingSafety {
    std::string setting;  // code
    std::string words;
    std::size_t concerns = 0;  // that name it, and are not corrected
    std::optional<Date> last_concern;
    std::optional<EntryId> newest_concern;
    std::size_t kept_apart = 0;  // arrangements in force
    std::optional<Date> review_by;
    std::vector<std::string> arranged;  // what is written of places of this kind that are in force
};
struct PlacesSheet {
    PersonPage child;
    std::vector<PlaceOfChild> places;     // those that last first
    std::vector<AddressKnown> addresses;  // the newest first
    std::vector<SettingSafety> safety;    // home, school, residential, community, then what else is on record
};
// Each version of the entries of a kind, with the newest of its chain. A correction may be dated before what it
// corrects.
std::unordered_map<EntryId, EntryId> newest_versions(std::span<const Line>, std::string_view kind);
Result<PlacesSheet> places_of(const Office&, const record::Asker&, ViewId person);

}  // namespace waymark::casework
