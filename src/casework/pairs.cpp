// Pairs of views and what was decided on them, read back from the entries.
#include "casework/pairs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view decided_kind = "identity.decided";
constexpr std::size_t most_shown = 100;

bool may_know(const record::Permit& permit, const store::ViewRow& view) {
    return !permit.own_views_only() || view.agency == permit.asker().agency;
}

std::string decision_word(const json::object& body) {
    const auto word = string_or(body, "decision", "");
    if (!word.empty()) return std::string(word);
    for (const auto* flag : {"same", "not-same", "not-yet"}) {
        const auto* value = find(body, flag);
        if (value != nullptr && value->is_bool() && value->get_bool()) return flag;
    }
    return {};
}

using Words = std::tuple<std::string, std::string, std::string>;  // agency, source, id

// The views of these people that a decision names.
std::vector<ViewId> named_views(const json::object& body, const std::string& agency,
                                const std::map<Words, ViewId>& by_words, const std::set<ViewId>& known) {
    std::vector<ViewId> out;
    const auto* list = find(body, "identities");
    if (list == nullptr || !list->is_array()) return out;
    const auto add_uuid = [&](std::string_view text) {
        const auto uuid = parse_uuid(text);
        if (uuid && known.contains(ViewId{*uuid})) out.push_back(ViewId{*uuid});
    };
    for (const auto& one : list->get_array()) {
        if (const auto* text = one.if_string()) add_uuid({text->data(), text->size()});
        const auto* object = one.if_object();
        if (object == nullptr) continue;
        if (const auto person = string_or(*object, "person", ""); !person.empty()) {
            add_uuid(person);
            continue;
        }
        const auto found =
            by_words.find({std::string(string_or(*object, "agency", agency)),
                           std::string(string_or(*object, "source", "")), std::string(string_or(*object, "id", ""))});
        if (found != by_words.end()) out.push_back(found->second);
    }
    return out;
}

}  // namespace

json::object words_for(const store::ViewRow& view) {
    return {{"agency", view.agency}, {"source", view.source}, {"id", view.source_id}};
}

Result<Pair> pair_of(const Office& office, store::Snapshot& snapshot, const record::Permit& permit, ViewId one,
                     ViewId other) {
    const auto rows = snapshot.views(office.partnership, std::vector{one, other});
    const auto former = TRY(office.registry->former_persons(snapshot, office.partnership));
    const bool apart = rows[0] && rows[1] && former.contains(rows[0]->person) != former.contains(rows[1]->person);
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    if (one == other || !rows[0] || !rows[1] || apart || !may_know(permit, *rows[0]) || !may_know(permit, *rows[1]) ||
        !knowing.may(rows[0]->person) || !knowing.may(rows[1]->person)) {
        return fault(FaultKind::missing, "person", "There are no such two records, or you may not know of them.",
                     "Choose a pair that was offered.");
    }
    const bool first_is_older =
        std::pair(rows[0]->recorded, rows[0]->view) < std::pair(rows[1]->recorded, rows[1]->view);
    const auto first = first_is_older ? 0u : 1u;
    const auto& a = *rows[first];
    const auto& b = *rows[1 - first];
    return Pair{a, b, knowing.relationship(a.person), knowing.relationship(b.person)};
}

Result<people::Comparison> compare_now(const Office& office, store::Snapshot& snapshot, const Pair& pair) {
    return office.registry->compare(snapshot, office.partnership, pair.a, pair.b);
}

json::array evidence_json(const people::Comparison& comparison) {
    json::array out;
    for (const auto& each : comparison.evidence) {
        out.push_back(json::object{{"about", people::to_string(each.aspect)},
                                   {"level", each.level},
                                   {"words", each.words},
                                   {"weight", std::round(each.weight * 100) / 100}});
    }
    return out;
}

std::optional<people::Comparison> evidence_in(const json::object& body) {
    const auto* list = find(body, "evidence");
    const auto* weight = find(body, "weight");
    if (list == nullptr || !list->is_array() || weight == nullptr || !weight->is_number()) return std::nullopt;
    people::Comparison out;
    out.weight = weight->to_number<double>();
    out.probability = 1 / (1 + std::exp2(-out.weight));
    for (const auto& one : list->get_array()) {
        const auto* object = one.if_object();
        if (object == nullptr) continue;
        const auto* part = find(*object, "weight");
        for (std::size_t aspect = 0; aspect < people::aspect_count; ++aspect) {
            const auto which = static_cast<people::Aspect>(aspect);
            if (people::to_string(which) != string_or(*object, "about", "")) continue;
            out.evidence.push_back({which, std::string(string_or(*object, "level", "")),
                                    std::string(string_or(*object, "words", "")),
                                    part != nullptr && part->is_number() ? part->to_number<double>() : 0});
        }
    }
    return out;
}

Result<MatchSide> side_of(const Office& office, store::Snapshot& snapshot, const record::Permit& permit,
                          const store::ViewRow& view) {
    MatchSide side;
    side.view = view;
    side.identity = TRY(office.registry->identities(std::span(&view, 1))).front();
    side.agency = agency_name(office, view.agency);
    side.versions = view.version;
    side.changed = view.recorded;
    for (const auto& version : snapshot.view_versions(office.partnership, std::vector{view.view}))
        side.changed = std::max(side.changed, version.recorded);
    for (const auto& other : snapshot.views_of_persons(office.partnership, std::vector{view.person})) {
        if (other.view != view.view && may_know(permit, other))
            side.joined.push_back(agency_name(office, other.agency));
    }
    std::sort(side.joined.begin(), side.joined.end());
    side.joined.erase(std::unique(side.joined.begin(), side.joined.end()), side.joined.end());
    return side;
}

Result<std::vector<PastDecision>> decisions_between(const Office& office, store::Snapshot& snapshot,
                                                    const record::Permit& permit, const Pair& pair) {
    const auto p = office.partnership;
    const bool one_person = pair.a.person == pair.b.person;
    std::vector<ViewId> persons{pair.a.person};
    if (!one_person) persons.push_back(pair.b.person);
    std::vector<store::ViewRow> views = snapshot.views_of_persons(p, persons);
    std::erase_if(views, [&](const store::ViewRow& view) { return !may_know(permit, view); });
    std::map<Words, ViewId> by_words;
    std::set<ViewId> known;
    std::unordered_map<ViewId, ViewId> person;
    for (const auto& view : views) {
        by_words.emplace(Words{view.agency, view.source, view.source_id}, view.view);
        known.insert(view.view);
        person[view.view] = view.person;
    }
    std::vector<EntryId> ids;
    for (const auto& one : snapshot.entries_of_records(p, ids_of(views), store::Want::cards, most_entries_of_a_child)) {
        if (one.row.kind == decided_kind) ids.push_back(one.row.entry);
    }
    auto entries = TRY(office.journal->read_entries(snapshot, p, permit, ids, store::Want::whole));
    std::set<EntryId> superseded;
    for (const auto& entry : entries) {
        if (entry.row.supersedes) superseded.insert(entry.row.supersedes);
    }
    std::vector<PastDecision> out;
    for (const auto& entry : entries) {
        if (find(entry.body, "assigned") != nullptr) continue;  // it says whose an entry is, not who is who
        const auto named = named_views(entry.body, entry.row.agency, by_words, known);
        if (named.size() < 2) continue;
        const auto names = [&](ViewId view) { return std::find(named.begin(), named.end(), view) != named.end(); };
        PastDecision one;
        one.of_this_pair = names(pair.a.view) && names(pair.b.view);
        const bool across =
            std::any_of(named.begin(), named.end(), [&](ViewId v) { return person[v] == pair.a.person; }) &&
            std::any_of(named.begin(), named.end(), [&](ViewId v) { return person[v] == pair.b.person; });
        const bool near = one_person ? names(pair.a.view) || names(pair.b.view) : across;
        if (!one.of_this_pair && !near) continue;
        one.entry = entry.row.entry;
        one.decision = decision_word(entry.body);
        one.reason = string_or(entry.body, "reason", "");
        one.by = practitioner_name(office, entry.row.author);
        one.agency = agency_name(office, entry.row.agency);
        one.at = entry.row.at;
        one.recorded = entry.row.recorded;
        one.by_engine = entry.row.agency == engine_agency && is_true(entry.body, "by_engine");
        if (const auto second = string_or(entry.body, "approved_by", ""); !second.empty())
            one.agreed_by = practitioner_name(office, second);
        one.takes_back = static_cast<bool>(entry.row.supersedes);
        one.taken_back = superseded.contains(entry.row.entry);
        one.evidence = evidence_in(entry.body);
        out.push_back(std::move(one));
    }
    std::stable_sort(out.begin(), out.end(), [](const PastDecision& x, const PastDecision& y) {
        return std::tie(x.at, x.recorded, x.entry) > std::tie(y.at, y.recorded, y.entry);
    });
    if (out.size() > most_shown) out.resize(most_shown);
    return out;
}

const PastDecision* MatchPage::standing() const {
    for (const auto& one : history) {
        if (!one.of_this_pair || one.by_engine || one.taken_back) continue;
        return one.takes_back && one.decision == "not-yet" ? nullptr : &one;
    }
    return nullptr;
}

}  // namespace waymark::casework
