// The places of a child, their addresses, and what is on record of safety in each kind of place.
#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/knowing.hpp"
#include "casework/plans.hpp"
#include "casework/surroundings.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_places = 200;  // of each list
// Of which something is said whether or not anything is on record: the safety plans of domain register 2.3.
constexpr std::array<std::string_view, 4> settings_asked{"home", "school", "residential", "community"};

std::optional<Date> date_of(const json::object& body, std::string_view field) {
    const auto day = parse_date(string_or(body, field, ""));
    return day ? std::optional(*day) : std::nullopt;
}

std::vector<PlaceOfChild> places_in(const Office& office, const std::vector<Line>& lines) {
    std::vector<PlaceOfChild> out;
    std::unordered_map<EntryId, std::size_t> at;  // the newest version -> out
    const auto versions = newest_versions(lines, "place.recorded");
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        const auto& body = line.entry.body;
        if (row.kind == "place.recorded" && !line.superseded) {
            const auto* kind = office.catalogue.find(row.kind);
            PlaceOfChild one;
            one.entry = row.entry;
            one.setting = string_or(body, "setting", "");
            one.setting_words = words_of_code(kind, "setting", one.setting);
            one.name = string_or(body, "name", "");
            one.safety = string_or(body, "safety", "");
            one.source = words_of_code(kind, "source", string_or(body, "source", ""));
            one.by = line.source;
            one.recorded = row.at;
            one.from = date_of(body, "from");
            one.to = date_of(body, "to");
            at[row.entry] = out.size();
            out.push_back(std::move(one));
        }
    }
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        if (row.kind != "place.ended" || !row.about || line.superseded) continue;
        const auto newest = versions.find(row.about);
        const auto found = newest == versions.end() ? at.end() : at.find(newest->second);
        if (found == at.end()) continue;
        auto& one = out[found->second];
        one.ended = row.entry;
        one.to = date_of(line.entry.body, "to").value_or(office.calendar->day_of(row.at));
    }
    const auto today = office.calendar->day_of(office.clock.now());
    std::reverse(out.begin(), out.end());
    std::stable_partition(out.begin(), out.end(), [&](const PlaceOfChild& one) { return !one.is_over(today); });
    if (out.size() > most_places) out.resize(most_places);
    return out;
}

// Each register's addresses one after the other. What is protected now, or was in any version, leaves no address at
// all: an older one would say where to look.
Result<std::vector<AddressKnown>> addresses_of(const Office& office, store::Snapshot& snapshot, const PersonPage& page,
                                               bool name_only) {
    std::vector<AddressKnown> out;
    if (name_only) return out;
    std::unordered_map<ViewId, std::string> agency_of;
    for (const auto& view : page.views) agency_of[view.view] = agency_name(office, view.agency);
    for (const auto& one : page.identities) {
        if (one.address_protected) return out;
    }
    auto versions = snapshot.view_versions(office.partnership, ids_of(page.views));
    std::stable_sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
        return std::tie(a.view, a.version) < std::tie(b.view, b.version);
    });
    std::optional<std::size_t> stands;  // of this view, in `out`
    ViewId view;
    for (const auto& one : versions) {
        const auto identity = TRY(office.journal->open_identity(one.identity, one.view, one.version));
        if (identity.address_protected) return std::vector<AddressKnown>{};
        if (one.view != view) stands.reset();
        view = one.view;
        const auto address = record::shown_address(identity).value_or("");
        if (address.empty() || (stands && out[*stands].address == address)) continue;
        const auto day = office.calendar->day_of(one.recorded);
        if (stands) out[*stands].until = day;
        stands = out.size();
        out.push_back({address, agency_of[one.view], day, std::nullopt});
    }
    std::stable_sort(out.begin(), out.end(), [](const AddressKnown& a, const AddressKnown& b) {
        return std::tuple(a.until.has_value(), b.from) < std::tuple(b.until.has_value(), a.from);
    });
    if (out.size() > most_places) out.resize(most_places);
    return out;
}

std::vector<SettingSafety> safety_in(const Office& office, const PersonPage& page,
                                     const std::vector<PlaceOfChild>& places) {
    const auto* kind = office.catalogue.find("place.recorded");
    const auto today = office.calendar->day_of(office.clock.now());
    std::vector<SettingSafety> out;
    const auto of = [&](std::string_view setting) -> SettingSafety& {
        const auto found =
            std::find_if(out.begin(), out.end(), [&](const auto& one) { return one.setting == setting; });
        if (found != out.end()) return *found;
        SettingSafety one;
        one.setting = setting;
        one.words = words_of_code(kind, "setting", setting);
        out.push_back(std::move(one));
        return out.back();
    };
    for (const auto setting : settings_asked) of(setting);
    for (const auto& line : page.lines) {
        if (line.entry.row.kind != "concern.raised" || line.superseded) continue;
        const auto setting = string_or(line.entry.body, "setting", "");
        if (setting.empty()) continue;
        auto& one = of(setting);
        ++one.concerns;
        one.last_concern = office.calendar->day_of(line.entry.row.at);
        one.newest_concern = line.entry.row.entry;
    }
    for (const auto& apart : plans_of(office, page.lines).apart) {
        const auto setting = string_or(apart.agreed->entry.body, "setting", "");
        if (apart.ended != nullptr || setting.empty()) continue;
        auto& one = of(setting);
        ++one.kept_apart;
        if (apart.review_by && (!one.review_by || *apart.review_by < *one.review_by)) one.review_by = apart.review_by;
    }
    for (const auto& place : places) {
        if (place.is_over(today) || place.setting.empty()) continue;
        auto& one = of(place.setting);
        if (!place.safety.empty())
            one.arranged.push_back(place.name.empty() ? place.safety : place.name + ": " + place.safety);
    }
    return out;
}

}  // namespace

Result<PlacesSheet> places_of(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<PlacesSheet>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<PlacesSheet> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto child = TRY(knowing.named(person));
        PlacesSheet sheet;
        sheet.child = TRY(assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(sheet.child.relationship, sheet.child.person, {}, shown_of(sheet.child),
                 fields_of(sheet.child.identities));
        seen.rests_on(sheet.child.basis);
        sheet.places = places_in(office, sheet.child.lines);
        sheet.addresses = TRY(addresses_of(office, snapshot, sheet.child, child.name_only));
        sheet.safety = safety_in(office, sheet.child, sheet.places);
        return sheet;
    });
}

}  // namespace waymark::casework
