// Protected addresses: told of to whoever may see the child, read by whoever the gate decides for.
#include "casework/addresses.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view identity_kind = "identity.recorded";
constexpr std::string_view shown_field = "protected_address";

// Where a protected address stands in what the asker sees of a child.
struct Place {
    WithheldAddress told;
    const record::ProtectedAddress* address = nullptr;
    std::string kind;
    std::string marking;
    std::string agency;  // key
    const record::Entry* entry = nullptr;
};

std::vector<Place> places_in(const Office& office, const PersonPage& child) {
    std::vector<Place> places;
    for (std::size_t i = 0; i < child.identities.size() && i < child.views.size(); ++i) {
        const auto& address = child.identities[i].protected_address;
        if (address.empty()) continue;
        const auto& view = child.views[i];
        auto agency = agency_name(office, view.agency);
        auto words = fmt::format("As {} knows the child", agency);
        places.push_back({{to_string(view.view), std::move(agency), std::move(words), false},
                          &address,
                          std::string(identity_kind),
                          "team",
                          view.agency,
                          nullptr});
    }
    for (const auto& line : child.lines) {
        const auto& entry = line.entry;
        if (entry.protected_address.empty() || line.superseded) continue;
        auto words =
            fmt::format("{}, {}, {}", line.title, format_long(office.calendar->day_of(entry.row.at)), line.source);
        places.push_back({{to_string(entry.row.entry), line.source, std::move(words), false},
                          &entry.protected_address,
                          entry.row.kind,
                          entry.row.marking,
                          entry.row.agency,
                          &entry});
    }
    return places;
}

// The permit to reveal of this child, where there is one.
Result<record::Permit> to_reveal(const Office& office, store::Snapshot& snapshot, const record::Permit& asked,
                                 const PersonPage& child) {
    auto knowing = TRY(Knowing::of(office, snapshot, asked));
    return knowing.person(child.views.front().person);
}

Result<record::AddressDecision> decided(const Office& office, const record::Permit& permit, const Place& place) {
    return office.gate->reveal_address(permit, *place.address, place.kind, place.marking, place.agency);
}

AddressPage told(PersonPage child, const std::vector<Place>& places) {
    AddressPage page;
    for (const auto& place : places) page.withheld.push_back(place.told);
    page.child = std::move(child);
    return page;
}

std::string label_in(const Office& office, const Place& place, std::string_view field) {
    const auto* kind = office.catalogue.find(place.kind);
    const auto* known = kind == nullptr || place.entry == nullptr ? nullptr : kind->field(field);
    return known == nullptr ? std::string(field) : known->label;
}

std::vector<std::pair<std::string, std::string>> lines_in(const Office& office, const Place& place,
                                                          const record::ProtectedAddress::Plain& plain) {
    std::vector<std::pair<std::string, std::string>> lines;
    if (!plain.address.empty()) lines.emplace_back("Address", plain.address);
    if (!plain.postcode.empty()) lines.emplace_back("Postcode", plain.postcode);
    for (const auto& field : plain.more) {
        const auto* text = field.value().if_string();
        lines.emplace_back(label_in(office, place, std::string_view(field.key().data(), field.key().size())),
                           text != nullptr ? std::string(text->data(), text->size()) : write_json(field.value()));
    }
    return lines;
}

}  // namespace

Result<AddressPage> withheld_addresses(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    const auto asked = office.gate->ask(asker, record::Action::reveal_address);
    return read_as<AddressPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<AddressPage> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        TRY(knowing.named(person));
        auto child = TRY(assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(child.relationship, child.person, {}, {}, std::string(name_fields));
        auto places = places_in(office, child);
        if (asked && !places.empty()) {
            const auto revealing = to_reveal(office, snapshot, *asked, child);
            for (auto& place : places) place.told.may = revealing && decided(office, *revealing, place);
        }
        return told(std::move(child), places);
    });
}

Result<RevealedAddress> reveal_address(const Office& office, const record::Asker& who, const RevealAddress& request) {
    auto asker = who;
    asker.reason = std::string(trim(request.reason));
    const auto reading = TRY(permit_for(office, asker, record::Action::read));
    const auto asked = TRY(permit_for(office, asker, record::Action::reveal_address));
    TRY_VOID(given(asker.reason, "reason", "Say why you need the address now."));
    return read_as<RevealedAddress>(
        office, asked, [&](store::Snapshot& snapshot, Seen& seen) -> Result<RevealedAddress> {
            auto knowing = TRY(Knowing::of(office, snapshot, reading));
            TRY(knowing.named(request.person));
            auto child = TRY(assemble_page(office, snapshot, knowing, request.person, std::nullopt));
            const auto permit = TRY(to_reveal(office, snapshot, asked, child));
            auto places = places_in(office, child);
            std::vector<const Place*> open;
            for (auto& place : places) {
                place.told.may = decided(office, permit, place).has_value();
                if (place.told.may) open.push_back(&place);
            }
            if (open.empty()) {
                return fault(FaultKind::forbidden, "address", std::string(record::withheld_words) + ".",
                             "Ask the agency that holds it, or your manager.");
            }
            const auto chosen = std::find_if(open.begin(), open.end(), [&](const Place* place) {
                return request.id.empty() ? open.size() == 1 : place->told.id == request.id;
            });
            if (chosen == open.end()) return invalid("address", "Choose which address.", "Choose one of the list.");
            const auto& place = **chosen;
            const auto decision = TRY(decided(office, permit, place));
            const auto plain = TRY(place.address->reveal(decision, permit.asker()));
            RevealedAddress out;
            out.words = place.told.words;
            out.lines = lines_in(office, place, plain);
            std::vector<record::Shown> shown;
            if (place.entry != nullptr) shown.push_back({place.entry->row.entry, record::Depth::full});
            seen.add(permit.relationship(), child.person, {}, std::move(shown),
                     fmt::format("{} {}", name_fields, shown_field));
            out.page = told(std::move(child), places);
            return out;
        });
}

}  // namespace waymark::casework
