#pragma once
// Where two children's records bring them together: the same place at the same time, as places are recorded, plans
// arrange them and registers give an address. Two names of a place are the same where they differ in case, accents,
// spaces and signs only; a protected address is compared with nothing.
#include <optional>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct SharedPlace {
    std::string key;       // the same while nothing about it changes in either record
    std::string setting;   // a code of `place.recorded`; `home` of an address
    std::string name;      // of the place, as the first record writes it; empty of an address
    bool by_plan = false;  // one of the plans says so
    EntryId one;           // in the first record; nil of an address
    EntryId other;
    std::optional<Date> from;  // from when both are there, where that is still to come
    bool kept_apart = false;  // in one of the records an arrangement to keep children apart in such a place is in force
};
// As both pages show it to whoever asked for them. What has ended by `today` is left out; the soonest first.
std::vector<SharedPlace> shared_places(const Office&, const PersonPage& one, const PersonPage& other, Date today);

}  // namespace waymark::casework
