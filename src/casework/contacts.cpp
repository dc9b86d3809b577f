// Who works with a child, and how they are reached today.
#include "casework/contacts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/knowing.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view set_kind = "contact.set";
constexpr std::size_t most_said = 10'000;
constexpr std::size_t most_contacts = 60;
constexpr std::array<std::string_view, 3> leading_kinds{"case.opened", "case.transferred", "transfer.received"};
constexpr std::array<std::string_view, 4> meeting_kinds{"meeting.held", "conference.held", "strategy.held",
                                                        "meeting.convened"};
constexpr std::array<std::string_view, 2> designated{"school-lead", "early-years-lead"};
// Whom one rings first.
constexpr std::array<std::string_view, 12> by_role{
    "social-worker",     "social-care-manager", "police-officer",       "health-practitioner",
    "school-lead",       "early-years-lead",    "youth-justice-worker", "youth-justice-manager",
    "reviewing-officer", "front-door",          "emergency-duty",       "educational-psychologist"};

template <class Names>
bool one_of_these(const Names& names, std::string_view one) {
    return std::find(names.begin(), names.end(), one) != names.end();
}

std::string clock_words(int minute) {
    return fmt::format("{}:{:02}", minute / 60, minute % 60);
}

// What colleagues said of themselves, the newest of each.
Result<std::map<std::string, OwnContact>> said_by_all(const Office& office, store::Snapshot& snapshot,
                                                      std::string_view author = {}) {
    std::map<std::string, OwnContact> out;
    const auto kept =
        snapshot.access_entries_of(office.partnership, set_kind, Instant{}, store::Want::whole, most_said, author);
    for (const auto& one : kept) {  // the newest first
        if (out.contains(one.row.author)) continue;
        const auto entry = TRY(office.journal->open(one));
        OwnContact said;
        said.telephone = string_or(entry.body, "telephone", "");
        said.cover = string_or(entry.body, "cover", "");
        if (const auto day = parse_date(string_or(entry.body, "away_from", ""))) said.away_from = *day;
        if (const auto day = parse_date(string_or(entry.body, "away_to", ""))) said.away_to = *day;
        out.emplace(entry.row.author, std::move(said));
    }
    return out;
}

class Sheet {
public:
    Sheet(const Office& office, std::map<std::string, OwnContact> said)
        : office_(office), said_(std::move(said)), today_(office.calendar->day_of(office.clock.now())) {}

    void read(const PersonPage& page) {
        const auto since =
            office_.clock.now() - std::chrono::hours(24 * 31 * office_.gate->policy().lengths.involved_months);
        const Line* lead = nullptr;
        for (const auto& line : page.lines) {  // oldest first
            const auto& row = line.entry.row;
            const auto* kind = office_.catalogue.find(row.kind);
            // An entry of which only the day is seen names nobody; who looked or restricted is nobody to ring.
            if (kind == nullptr || kind->group == "access" || kind->group == "identity" || line.superseded) continue;
            if (one_of_these(leading_kinds, row.kind) && !string_or(line.entry.body, "lead", "").empty()) lead = &line;
            if (row.kind == "case.closed") lead = nullptr;
            if (row.at.instant < since) continue;
            wrote(line);
            if (one_of_these(meeting_kinds, row.kind)) met(line);
        }
        if (lead != nullptr) {
            const std::string who(string_or(lead->entry.body, "lead", ""));
            auto& one = contact(who);
            one.ties.insert(one.ties.begin(), "Leads the case");
            one.last = std::max(one.last, lead->entry.row.at.instant);
            lead_ = who;
        }
        for (const auto& view : page.views) {
            for (const auto& one : office_.profile.practitioners) {
                if (one.agency != view.agency || !one_of_these(designated, one.role)) continue;
                auto& known = contact(one.key);
                if (known.ties.empty()) known.ties.emplace_back("Designated lead of an agency that knows the child");
            }
        }
    }

    std::vector<Contact> people() {
        std::vector<Contact> out;
        for (auto& [key, one] : contacts_) out.push_back(std::move(one));
        std::stable_sort(out.begin(), out.end(), [&](const Contact& a, const Contact& b) {
            return std::tuple(a.practitioner != lead_, rank(a), b.last) <
                   std::tuple(b.practitioner != lead_, rank(b), a.last);
        });
        if (out.size() > most_contacts) out.resize(most_contacts);
        return out;
    }

private:
    std::size_t rank(const Contact& one) const {
        const auto* known = office_.profile.practitioner(one.practitioner);
        if (known == nullptr) return by_role.size() + 1;
        return static_cast<std::size_t>(std::find(by_role.begin(), by_role.end(), known->role) - by_role.begin());
    }

    void wrote(const Line& line) {
        const auto& row = line.entry.row;
        if (row.author.empty() || row.agency == engine_agency) return;
        const auto* known = office_.profile.practitioner(row.author);
        // Whoever writes under a name that is no colleague's is reached at the agency.
        if (known == nullptr && office_.profile.agency(row.agency) == nullptr) return;
        auto& one = contact(known != nullptr ? row.author : row.agency + "/" + row.author, line.author, row.agency);
        const auto tie = fmt::format("Last entry on {}: {}", format_long(office_.calendar->day_of(row.at)), line.title);
        std::erase_if(one.ties, [](const std::string& old) { return old.starts_with("Last entry on "); });
        one.ties.push_back(tie);
        one.last = std::max(one.last, row.at.instant);
    }

    void met(const Line& line) {
        for (const char* field : {"attended", "invited"}) {
            const auto* list = find(line.entry.body, field);
            if (list == nullptr || !list->is_array()) continue;
            for (const auto& one : list->get_array()) {
                const auto* object = one.if_object();
                if (object == nullptr) continue;
                const std::string name(string_or(*object, "name", ""));
                const std::string agency(string_or(*object, "agency", ""));
                if (name.empty() || office_.profile.agency(agency) == nullptr) continue;
                const auto known = std::find_if(
                    office_.profile.practitioners.begin(), office_.profile.practitioners.end(),
                    [&](const auto& p) { return p.agency == agency && (p.name == name || p.key == name); });
                auto& contact_of = known == office_.profile.practitioners.end()
                                       ? contact(agency + "/" + name, name, agency)
                                       : contact(known->key);
                contact_of.last = std::max(contact_of.last, line.entry.row.at.instant);
                const auto tie =
                    fmt::format("{} {} on {}", std::string_view(field) == "attended" ? "Came to" : "Invited to",
                                to_lower_first(line.title), format_long(office_.calendar->day_of(line.entry.row.at)));
                if (std::find(contact_of.ties.begin(), contact_of.ties.end(), tie) == contact_of.ties.end())
                    contact_of.ties.push_back(tie);
            }
        }
    }
    static std::string to_lower_first(std::string text) {
        if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
        return text;
    }

    std::string number_of(const content::Practitioner& one) const {
        const auto said = said_.find(one.key);
        return said != said_.end() && !said->second.telephone.empty() ? said->second.telephone : one.telephone;
    }

    Contact& contact(const std::string& key, const std::string& name = {}, const std::string& agency = {}) {
        const auto [found, fresh] = contacts_.try_emplace(key);
        auto& one = found->second;
        if (!fresh) return one;
        const auto* known = office_.profile.practitioner(key);
        const auto agency_key = known != nullptr ? known->agency : agency.empty() ? key : agency;
        const auto* home = office_.profile.agency(agency_key);
        if (home != nullptr) one.agency = home->name;
        if (known != nullptr) {
            one.practitioner = known->key;
            one.name = known->name;
            one.role = content::role_label(known->role);
            one.telephone = number_of(*known);
            cover(one);
        } else {
            one.name = !name.empty() ? name : home != nullptr ? home->name : key;
        }
        if (one.telephone.empty() && home != nullptr && !home->telephone.empty()) {
            one.telephone = home->telephone;
            one.of_the_agency = true;
        }
        return one;
    }

    void cover(Contact& one) const {
        const auto said = said_.find(one.practitioner);
        if (said == said_.end()) return;
        const auto& own = said->second;
        if (!own.away_from || !own.away_to || today_ < *own.away_from || *own.away_to < today_) return;
        Contact::Away away;
        away.to = *own.away_to;
        if (const auto* other = office_.profile.practitioner(own.cover)) {
            away.cover = other->name;
            away.telephone = number_of(*other);
            const auto* home = office_.profile.agency(other->agency);
            if (away.telephone.empty() && home != nullptr) away.telephone = home->telephone;
        }
        one.away = std::move(away);
    }

    const Office& office_;
    std::map<std::string, OwnContact> said_;
    Date today_;
    std::map<std::string, Contact> contacts_;
    std::string lead_;
};

}  // namespace

FrontDoorNow front_door_now(const Office& office) {
    FrontDoorNow out;
    const auto& door = office.profile.front_door;
    if (door.agency.empty()) return out;
    out.name = agency_name(office, door.agency);
    out.telephone = door.telephone;
    out.hours = fmt::format("{} to {} on working days", clock_words(door.from_minute), clock_words(door.to_minute));
    out.out_of_hours_name = door.out_of_hours_name;
    out.out_of_hours_telephone = door.out_of_hours_telephone;
    const auto now = office.clock.now();
    const auto today = office.calendar->day_of(now);
    const auto& zone = office.calendar->zone();
    const auto from = zone.at(today, door.from_minute / 60, door.from_minute % 60);
    // Midnight is no hour of the day.
    const auto to =
        door.to_minute == 24 * 60 ? zone.end_of(today) : zone.at(today, door.to_minute / 60, door.to_minute % 60);
    out.open = office.calendar->is_working_day(today) && from <= now && now < to;
    return out;
}

Result<ContactSheet> who_to_ring(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<ContactSheet>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ContactSheet> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        TRY(knowing.named(person));
        ContactSheet sheet;
        sheet.child = TRY(assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(sheet.child.relationship, sheet.child.person, {}, shown_of(sheet.child),
                 fields_of(sheet.child.identities));
        seen.rests_on(sheet.child.basis);
        Sheet people(office, TRY(said_by_all(office, snapshot)));
        people.read(sheet.child);
        sheet.people = people.people();
        sheet.front_door = front_door_now(office);
        return sheet;
    });
}

Result<OwnContact> my_contact(const Office& office, const record::Asker& asker) {
    const auto permit = TRY(permit_for(office, asker, record::Action::append, set_kind));
    return read_as<OwnContact>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<OwnContact> {
        auto said = TRY(said_by_all(office, snapshot, asker.practitioner));
        auto own = std::move(said[asker.practitioner]);
        if (const auto* known = office.profile.practitioner(asker.practitioner)) own.of_profile = known->telephone;
        return own;
    });
}

Result<EntryId> set_contact(const Office& office, const record::Asker& asker, const SetContact& request) {
    TRY_VOID(key_stands(request.key));
    const auto number = std::string(trim(request.telephone));
    if (!number.empty() && !content::is_telephone(number))
        return invalid("telephone", "This is not a telephone number.", "Write it in digits, like 01632 960 001.");
    if (request.away_from.has_value() != request.away_to.has_value())
        return invalid(request.away_from ? "away_to" : "away_from", "One of the two days is missing.",
                       "Give the first and the last day.");
    if (request.away_from && *request.away_to < *request.away_from)
        return invalid("away_to", "The last day is before the first.", "Correct the days.");
    if (!request.cover.empty()) {
        const auto* cover = office.profile.practitioner(request.cover);
        if (cover == nullptr || cover->key == asker.practitioner)
            return invalid("cover", "This is no colleague who could stand in for you.", "Choose a colleague.");
        if (!request.away_from)
            return invalid("away_from", "It is not said when they stand in for you.", "Give the first and last day.");
    }
    const auto permit = TRY(permit_for(office, asker, record::Action::append, set_kind));
    return write_as<EntryId>(office, permit, set_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, set_kind, request.key);
        if (!number.empty()) draft.body.emplace("telephone", number);
        if (!request.cover.empty()) draft.body.emplace("cover", request.cover);
        if (request.away_from) {
            draft.body.emplace("away_from", format_date(*request.away_from));
            draft.body.emplace("away_to", format_date(*request.away_to));
        }
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

}  // namespace waymark::casework
