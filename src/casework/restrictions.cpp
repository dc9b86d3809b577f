// Restrictions: set by one, reviewed by one, lifted by two.
#include "casework/restrictions.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/agreed.hpp"
#include "casework/child.hpp"
#include "casework/glass.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view set_kind = "restriction.set";
constexpr std::string_view lifted_kind = "restriction.lifted";
constexpr std::string_view reviewed_kind = "restriction.reviewed";
constexpr std::size_t most_named = 200;

record::Subject restricted_child(ViewId record) {
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = record;
    return subject;
}

json::object lift_of(EntryId restriction) {
    return {{"restriction", to_string(restriction)}};
}

// Who looks into restrictions: all of them by their logs, or those of children whom they may know.
struct Looking {
    record::Permit permit;
    bool logs_only = false;
};
Result<Looking> looking(const Office& office, const record::Asker& asker) {
    const auto oversees = office.gate->ask(asker, record::Action::oversee);
    if (oversees && !oversees->own_agency_only())
        return Looking{TRY(permit_for(office, asker, record::Action::oversee)), true};
    TRY_VOID(permit_for(office, asker, record::Action::append, set_kind));
    return Looking{TRY(permit_for(office, asker, record::Action::read)), false};
}

struct FoundRestrictions {
    std::vector<RestrictionItem> items;
    std::vector<ViewId> records;  // of each
};

Result<FoundRestrictions> restrictions_for(const Office& office, store::Snapshot& snapshot, const Looking& by,
                                           std::optional<ViewId> of_person = std::nullopt) {
    auto knowing = TRY(Knowing::of(office, snapshot, by.permit));
    const auto& lengths = office.gate->policy().lengths;
    const auto today = office.calendar->day_of(office.clock.now());
    const auto* kind = office.catalogue.find(set_kind);
    std::unordered_map<EntryId, const two_persons::Pending*> asked;
    const auto requests = TRY(two_persons::all(office, snapshot, true));
    for (const auto& one : requests) {
        if (one.act != two_persons::Act::unrestrict) continue;
        if (const auto id = parse_id<EntryId>(string_or(one.exact, "restriction", ""))) asked.emplace(*id, &one);
    }
    std::vector<EntryId> ids;
    std::vector<const Restriction*> kept;
    for (const auto& one : knowing.restrictions()) {
        if (of_person && one.person != *of_person) continue;
        if (!by.logs_only && !knowing.may(one.person)) continue;
        ids.push_back(one.entry);
        kept.push_back(&one);
    }
    FoundRestrictions found;
    const auto entries = snapshot.entries(office.partnership, ids, store::Want::whole);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (!entries[i]) continue;
        const auto entry = TRY(office.journal->open(*entries[i]));
        RestrictionItem item;
        item.entry = kept[i]->entry;
        item.reference = reference_of(entry.row);
        if (!by.logs_only) item.person = kept[i]->person;
        item.level = sharing::to_string(kept[i]->level);
        item.words = words_of_code(kind, "level", item.level);
        for (const auto& name : kept[i]->names) item.names.push_back(practitioner_name(office, name));
        item.reason = string_or(entry.body, "reason", "");
        item.by = practitioner_name(office, kept[i]->by);
        item.agency = agency_name(office, entry.row.agency);
        item.since = kept[i]->since;
        item.review_by = kept[i]->review_by;
        item.late = item.review_by < today;
        item.due = item.review_by <= today + std::chrono::days(lengths.review_warn_days);
        if (const auto at = asked.find(item.entry); at != asked.end()) {
            item.lift_asked = at->second->entry;
            item.lift_asked_by = at->second->name;
        }
        found.items.push_back(std::move(item));
        found.records.push_back(entry.row.record);
    }
    return found;
}

Result<void> review_day(const Office& office, const std::optional<Date>& given) {
    if (!given) return {};
    const auto today = office.calendar->day_of(office.clock.now());
    const auto latest = today + std::chrono::days(office.gate->policy().lengths.review_days);
    if (*given > today && *given <= latest) return {};
    return invalid("review_by", "A restriction is looked at again in time.",
                   fmt::format("Give a day after today and up to {}.", format_long(latest)));
}

Result<RestrictionItem> item_of(const Office& office, store::Snapshot& snapshot, const Looking& by, EntryId entry,
                                ViewId* record = nullptr) {
    auto found = TRY(restrictions_for(office, snapshot, by));
    for (std::size_t i = 0; i < found.items.size(); ++i) {
        if (found.items[i].entry != entry) continue;
        if (record != nullptr) *record = found.records[i];
        return std::move(found.items[i]);
    }
    return fault(FaultKind::missing, "entry", "There is no such restriction in force.", "Choose one from the list.");
}

}  // namespace

Result<std::vector<RestrictionItem>> restrictions_in_force(const Office& office, const record::Asker& asker,
                                                           bool due_only) {
    using Items = std::vector<RestrictionItem>;
    const auto by = TRY(looking(office, asker));
    return read_as<Items>(office, by.permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Items> {
        auto found = TRY(restrictions_for(office, snapshot, by));
        for (std::size_t i = 0; i < found.items.size(); ++i)
            seen.add("oversight", found.records[i], {}, {{found.items[i].entry, record::Depth::summary}});
        if (due_only) std::erase_if(found.items, [](const RestrictionItem& one) { return !one.due; });
        std::stable_sort(found.items.begin(), found.items.end(),
                         [](const auto& a, const auto& b) { return a.review_by < b.review_by; });
        return std::move(found.items);
    });
}

Result<std::vector<RestrictionItem>> restrictions_of_child(const Office& office, const record::Asker& asker,
                                                           ViewId person) {
    using Items = std::vector<RestrictionItem>;
    TRY_VOID(permit_for(office, asker, record::Action::append, set_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Items>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Items> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto child = TRY(knowing.named(person));
        seen.add(child.permit.relationship(), child.person, {}, {});
        const auto row = snapshot.views(office.partnership, std::vector{person}).front();
        return TRY(restrictions_for(office, snapshot, {permit, false}, row->person)).items;
    });
}

Result<RestrictionItem> restriction_item(const Office& office, const record::Asker& asker, EntryId entry) {
    const auto by = TRY(looking(office, asker));
    return read_as<RestrictionItem>(office, by.permit,
                                    [&](store::Snapshot& snapshot, Seen& seen) -> Result<RestrictionItem> {
                                        ViewId record;
                                        auto item = TRY(item_of(office, snapshot, by, entry, &record));
                                        seen.add("oversight", record, {}, {{entry, record::Depth::full}});
                                        return item;
                                    });
}

Result<std::vector<std::string>> practitioners_named(const Office& office, std::string_view text) {
    std::vector<std::string> keys;
    std::string unknown;
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto end = std::min(text.find_first_of("\n,;", from), text.size());
        const auto word = trim(text.substr(from, end - from));
        from = end + 1;
        if (word.empty()) continue;
        const auto& all = office.profile.practitioners;
        const auto found = std::find_if(all.begin(), all.end(), [&](const content::Practitioner& one) {
            return one.key == word || to_lower_ascii(one.name) == to_lower_ascii(word);
        });
        if (found == all.end()) {
            unknown += fmt::format("{}“{}”", unknown.empty() ? "" : ", ", word);
        } else if (std::find(keys.begin(), keys.end(), found->key) == keys.end()) {
            keys.push_back(found->key);
        }
    }
    if (!unknown.empty())
        return invalid("persons", fmt::format("Nobody here is called {}.", unknown),
                       "Write each name as it is in Waymark.");
    if (keys.size() > most_named)
        return invalid("persons", "These are too many people to name.", "Choose another level of restriction.");
    return keys;
}

Result<EntryId> set_restriction(const Office& office, const record::Asker& asker, const SetRestriction& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why this record is restricted."));
    TRY_VOID(review_day(office, request.review_by));
    const auto level = sharing::parse_level(request.level);
    if (!level || *level == sharing::Level::team)
        return invalid("level", "This is no restriction.", "Choose who may see the record.");
    if (request.persons.empty())
        return invalid("persons", "Nobody is named.",
                       *level == sharing::Level::all_but_named
                           ? "Name those who may not see the record."
                           : "Name those who go on seeing the record: the work with the child goes on.");
    for (const auto& one : request.persons) {
        if (office.profile.practitioner(one) == nullptr)
            return invalid("persons", "Somebody is named who does not work here.", "Name people who do.");
    }
    const auto permit = TRY(permit_for(office, asker, record::Action::append, set_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, set_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, set_kind, request.key);
        draft.body = {{"level", request.level},
                      {"persons", json::array(request.persons.begin(), request.persons.end())},
                      {"reason", request.reason}};
        if (request.review_by) draft.body.emplace("review_by", format_date(*request.review_by));
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto child = TRY(known_child(office, tx, reads, request.person));
        draft.subjects.push_back(restricted_child(child.views.front().view));
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<EntryId> review_restriction(const Office& office, const record::Asker& asker, const ReviewRestriction& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why it stays, or why it is to be lifted."));
    if (!request.lift) TRY_VOID(review_day(office, request.review_by));
    const auto by = TRY(looking(office, asker));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, reviewed_kind));
    const auto asks = TRY(permit_for(office, asker, record::Action::append, "approval.asked"));
    return write_as<EntryId>(office, permit, reviewed_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, reviewed_kind, request.key);
        draft.body = {{"outcome", request.lift ? "lift-asked" : "kept"}, {"reason", request.reason}};
        if (!request.lift && request.review_by) draft.body.emplace("review_by", format_date(*request.review_by));
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        ViewId record;
        const auto item = TRY(item_of(office, tx, by, request.entry, &record));
        draft.about = to_string(request.entry);
        draft.subjects.push_back(restricted_child(record));
        if (request.lift) {
            two_persons::Request lift;
            lift.act = two_persons::Act::unrestrict;
            lift.exact = lift_of(request.entry);
            lift.person = record;
            lift.words = fmt::format("Lift a restriction ({}), reference {}", item.words, item.reference);
            lift.reason = request.reason;
            TRY_VOID(two_persons::ask(office, tx, asks, request.key + ":lift", lift));
        }
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

// ---- lifting, agreed by two -----------------------------------------------------------------------------------------

Result<void> may_lift(const Office& office, store::Snapshot& snapshot, const two_persons::Pending& asked,
                      const record::Asker& asker) {
    const auto oversees = office.gate->ask(asker, record::Action::oversee);
    if (oversees && !oversees->own_agency_only()) return {};
    const auto permit = TRY(office.gate->ask(asker, record::Action::append, lifted_kind));
    const auto row = snapshot.views(office.partnership, std::vector{asked.record}).front();
    if (!row) return tl::unexpected(sharing::no_such_child());
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    TRY_VOID(knowing.person(row->person));
    if (knowing.standing_of(row->person).relationship == sharing::Relationship::glass) {
        return fault(FaultKind::forbidden, "glass", "You opened this record in an emergency.",
                     "Somebody who may open it without answers this.");
    }
    return {};
}

Result<EntryId> lift_as_agreed(const Office& office, store::Transaction& tx, const two_persons::Pending& asked,
                               const record::Asker& second) {
    const auto id = TRY(parse_id<EntryId>(string_or(asked.exact, "restriction", "")));
    const auto row = tx.entries(office.partnership, std::vector{id}, store::Want::cards).front();
    const auto machine = office.gate->system("second-person", record::Action::append);
    auto knowing =
        TRY(Knowing::of(office, tx, TRY(office.gate->ask(second, record::Action::append, "approval.given"))));
    const auto& all = knowing.restrictions();
    const auto stands = std::find_if(all.begin(), all.end(), [&](const Restriction& one) { return one.entry == id; });
    if (!row || stands == all.end())
        return fault(FaultKind::conflict, "entry", "This restriction is not in force any more.",
                     "Open the list again.");
    auto draft = draft_as_agreed(office, asked, second, lifted_kind);
    draft.body.emplace("level", sharing::to_string(stands->level));
    draft.about = to_string(id);
    draft.subjects.push_back(restricted_child(asked.record));
    return TRY(take_one(office, tx, machine, std::move(draft), std::nullopt)).entries.front();
}

}  // namespace waymark::casework
