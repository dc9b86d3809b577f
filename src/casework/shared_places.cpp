// Each record as stays in places, then every stay of one held against every stay of the other.
#include "casework/shared_places.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/child.hpp"
#include "casework/plans.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_stays = 200;  // of one child, the newest

struct Stay {
    EntryId entry;
    std::string setting;
    std::string name;
    std::string same;  // what is compared
    bool by_plan = false;
    Date from;
    std::optional<Date> to;  // no longer there on this day
};

// Letters and digits alone: neither ASCII's signs nor the dashes and quotes of U+2000 to U+207F.
std::string compared(std::string_view name) {
    const auto folded = strip_diacritics(fold_case(name));
    std::string out;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const auto byte = static_cast<unsigned char>(folded[i]);
        const auto next = i + 1 < folded.size() ? static_cast<unsigned char>(folded[i + 1]) : 0;
        if (byte == 0xE2 && (next == 0x80 || next == 0x81)) {
            i += 2;
        } else if (byte >= 0x80 || std::isalnum(byte) != 0) {
            out += folded[i];
        }
    }
    return out;
}

std::optional<Stay> stay_of(const Zone& zone, const Line& line) {
    const auto& body = line.entry.body;
    Stay stay;
    stay.entry = line.entry.row.entry;
    stay.by_plan = line.entry.row.kind == "plan.agreed";
    stay.setting = string_or(body, "setting", "");
    stay.name = trim(string_or(body, stay.by_plan ? "place" : "name", ""));
    stay.same = compared(stay.name);
    if (stay.same.empty()) return std::nullopt;
    stay.from = day_in(body, "from").value_or(zone.day_of(line.entry.row.at));
    stay.to = day_in(body, "to");
    return stay;
}

void end_places(const Zone& zone, const PersonPage& child, std::vector<Stay>& stays) {
    for (const auto& line : child.lines) {
        if (line.superseded || line.entry.row.kind != "place.ended") continue;
        for (auto& stay : stays) {
            if (stay.entry != line.entry.row.about) continue;
            stay.to = day_in(line.entry.body, "to").value_or(zone.day_of(line.entry.row.at));
        }
    }
}

void end_plans(const Zone& zone, const Plans& plans, std::vector<Stay>& stays) {
    for (const auto& plan : plans.plans) {
        if (plan.ended == nullptr) continue;
        for (auto& stay : stays) {
            if (stay.entry == plan.agreed->entry.row.entry) stay.to = zone.day_of(plan.ended->entry.row.at);
        }
    }
}

std::vector<Stay> stays_of(const Zone& zone, const PersonPage& child, const Plans& plans, Date today) {
    std::vector<Stay> stays;
    for (auto line = child.lines.rbegin(); line != child.lines.rend() && stays.size() < most_stays; ++line) {
        const auto& kind = line->entry.row.kind;
        if (line->superseded || (kind != "place.recorded" && kind != "plan.agreed")) continue;
        if (auto stay = stay_of(zone, *line)) stays.push_back(std::move(*stay));
    }
    end_places(zone, child, stays);
    end_plans(zone, plans, stays);
    stays.erase(
        std::remove_if(stays.begin(), stays.end(), [&](const Stay& stay) { return stay.to && *stay.to <= today; }),
        stays.end());
    return stays;
}

std::set<std::string> settings_apart(const Plans& plans) {
    std::set<std::string> settings;
    for (const auto& one : plans.apart) {
        if (one.ended == nullptr) settings.insert(std::string(string_or(one.agreed->entry.body, "setting", "")));
    }
    return settings;
}

std::set<std::string> addresses_of(const PersonPage& child) {
    std::set<std::string> addresses;
    for (const auto& identity : child.identities) {
        const auto address = record::shown_address(identity);
        if (!address || address->empty() || identity.postcode.empty()) continue;
        addresses.insert(compared(*address) + "|" + compared(identity.postcode));
    }
    return addresses;
}

}  // namespace

std::vector<SharedPlace> shared_places(const Office& office, const PersonPage& one, const PersonPage& other,
                                       Date today) {
    const auto& zone = office.calendar->zone();
    const auto plans_one = plans_of(office, one.lines);
    const auto plans_other = plans_of(office, other.lines);
    auto apart = settings_apart(plans_one);
    apart.merge(settings_apart(plans_other));

    std::vector<SharedPlace> found;
    for (const auto& mine : stays_of(zone, one, plans_one, today)) {
        for (const auto& theirs : stays_of(zone, other, plans_other, today)) {
            if (mine.same != theirs.same) continue;
            const auto from = std::max(mine.from, theirs.from);
            if ((mine.to && *mine.to <= from) || (theirs.to && *theirs.to <= from)) continue;
            SharedPlace place;
            place.key = fmt::format("{}/{}", to_string(mine.entry), to_string(theirs.entry));
            place.setting = mine.setting.empty() ? theirs.setting : mine.setting;
            place.name = mine.name;
            place.by_plan = mine.by_plan || theirs.by_plan;
            place.one = mine.entry;
            place.other = theirs.entry;
            if (from > today) place.from = from;
            place.kept_apart = apart.contains(mine.setting) || apart.contains(theirs.setting);
            found.push_back(std::move(place));
        }
    }
    const auto theirs = addresses_of(other);
    const auto mine = addresses_of(one);
    if (std::any_of(mine.begin(), mine.end(), [&](const auto& address) { return theirs.contains(address); }))
        found.push_back({"address", "home", "", false, EntryId{}, EntryId{}, std::nullopt, apart.contains("home")});
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.from.has_value() != b.from.has_value() ? !a.from : a.from && *a.from < *b.from;
    });
    return found;
}

}  // namespace waymark::casework
