// Links between views as entries: those that the engine made are written down, those that come from outside or from a
// person are carried out.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "base/form.hpp"
#include "casework/intake.hpp"

namespace waymark::casework {

namespace {

using Decision = people::Registry::Decision;

// "decision": "same", or the booleans of the contract: "same": true.
std::optional<Decision> decision_of(const json::object& body) {
    const auto word = string_or(body, "decision", "");
    const auto flag = [&](std::string_view name) {
        const auto* value = find(body, name);
        return value != nullptr && value->is_bool() && value->get_bool();
    };
    if (word == "same" || (word.empty() && flag("same"))) return Decision::same;
    if (word == "not-same" || (word.empty() && flag("not-same"))) return Decision::not_same;
    if (word == "not-yet" || (word.empty() && flag("not-yet"))) return Decision::not_yet;
    return std::nullopt;
}

bool by_engine(const record::Draft& draft) {
    const auto* value = find(draft.body, "by_engine");
    return draft.agency == engine_agency && value != nullptr && value->is_bool() && value->get_bool();
}

// Each as {"agency", "source", "id"}, or as the uuid of a view.
struct Mentioned {
    std::optional<store::ViewKey> key;
    std::optional<ViewId> view;
};
std::vector<std::optional<Mentioned>> mentioned(const record::Draft& draft) {
    std::vector<std::optional<Mentioned>> found;
    const auto* list = find(draft.body, "identities");
    if (list == nullptr || !list->is_array()) return found;
    for (const auto& one : list->get_array()) {
        if (const auto* object = one.if_object()) {
            store::ViewKey key{std::string(string_or(*object, "agency", draft.agency)),
                               std::string(string_or(*object, "source", "")),
                               std::string(string_or(*object, "id", ""))};
            if (const auto person = string_or(*object, "person", ""); !person.empty()) {
                const auto uuid = parse_uuid(person);
                found.push_back(uuid ? std::optional(Mentioned{std::nullopt, ViewId{*uuid}}) : std::nullopt);
            } else {
                found.push_back(key.id.empty() ? std::nullopt : std::optional(Mentioned{std::move(key), std::nullopt}));
            }
        } else if (const auto* text = one.if_string()) {
            const auto uuid = parse_uuid(std::string_view(text->data(), text->size()));
            found.push_back(uuid ? std::optional(Mentioned{std::nullopt, ViewId{*uuid}}) : std::nullopt);
        } else {
            found.push_back(std::nullopt);
        }
    }
    return found;
}

// The engine's link out of another store stands here as the engine's, not as a person's confirmation.
void as_the_engine_left_it(store::Transaction& tx, store::Partnership partnership, const record::Draft& draft, ViewId a,
                           ViewId b) {
    const auto pair = std::minmax(a, b);
    for (auto& row : tx.links_of(partnership, std::vector{a})) {
        if (row.a != pair.first || row.b != pair.second || row.state != store::LinkState::confirmed) continue;
        row.state = store::LinkState::linked;
        const auto* weight = find(draft.body, "weight");
        if (weight != nullptr && weight->is_number()) row.weight = weight->to_number<double>();
        tx.put_links(partnership, std::vector{row});
    }
}

using KeyWords = std::tuple<std::string, std::string, std::string>;
KeyWords words_of(const store::ViewKey& key) {
    return {key.agency, key.source, key.id};
}

json::object identity_of(const store::ViewRow& view) {
    return {{"agency", view.agency}, {"source", view.source}, {"id", view.source_id}};
}

}  // namespace

std::string view_words(const store::ViewRow& view) {
    return fmt::format("{}/{}/{}", percent_encode(view.agency), percent_encode(view.source),
                       percent_encode(view.source_id));
}

std::string link_source_id(const store::ViewRow& a, const store::ViewRow& b) {
    auto one = view_words(a);
    auto other = view_words(b);
    if (other < one) std::swap(one, other);
    return fmt::format("link:{}|{}", one, other);
}

// A decision about an identity that neither the store nor this batch knows cannot be carried out, and is not kept
// unheeded.
Result<void> Intake::check_decisions() {
    std::vector<std::size_t> decisions;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (is_fresh(i) && draft(i).kind == "identity.decided") decisions.push_back(i);
    }
    if (decisions.empty()) return {};
    const auto former = TRY(office_.registry->former_persons(tx_, office_.partnership));
    std::set<KeyWords> brought;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        for (const auto& subject : draft(i).subjects) {
            if (subject.identity) brought.insert({draft(i).agency, subject.identity->source, subject.identity->id});
        }
    }
    std::vector<store::ViewKey> keys;
    std::vector<ViewId> views;
    for (const auto i : decisions) {
        for (const auto& one : mentioned(draft(i))) {
            if (one && one->key) keys.push_back(*one->key);
            if (one && one->view) views.push_back(*one->view);
        }
    }
    std::map<KeyWords, ViewId> person_of;
    for (const auto& row : tx_.views_by_key(office_.partnership, keys)) {
        if (!row) continue;
        brought.insert({row->agency, row->source, row->source_id});
        person_of.emplace(KeyWords{row->agency, row->source, row->source_id}, row->person);
    }
    std::unordered_map<ViewId, ViewId> known;  // and whose they are
    for (const auto& row : tx_.views(office_.partnership, views)) {
        if (row) known.emplace(row->view, row->person);
    }
    for (const auto i : decisions) {
        const auto list = mentioned(draft(i));
        if (!decision_of(draft(i).body)) {
            refuse(i, {FaultKind::invalid, "body.decision", "It does not say what was decided.",
                       "Write \"same\", \"not-same\" or \"not-yet\"."});
            continue;
        }
        if (list.size() < 2) {
            refuse(i, {FaultKind::invalid, "body.identities", "A decision on identity needs two identities at least.",
                       "Name each as {\"agency\", \"source\", \"id\"}."});
            continue;
        }
        for (std::size_t n = 0; n < list.size() && is_fresh(i); ++n) {
            const auto& one = list[n];
            const bool found = one && (one->key ? brought.contains(words_of(*one->key)) : known.contains(*one->view));
            if (found) continue;
            refuse(i, {FaultKind::invalid, fmt::format("body.identities[{}]", n), "No entry has brought this identity.",
                       "Send the entries that bring the identities first."});
        }
        if (!is_fresh(i) || decision_of(draft(i).body) != Decision::same) continue;
        std::size_t closed = 0;
        for (const auto& one : list) {
            const auto by_words = one->key ? person_of.find(words_of(*one->key)) : person_of.end();
            const auto by_id = one->view ? known.find(*one->view) : known.end();
            if (by_words != person_of.end() && former.contains(by_words->second)) ++closed;
            if (by_id != known.end() && former.contains(by_id->second)) ++closed;
        }
        if (closed != 0 && closed != list.size()) {
            refuse(i, {FaultKind::invalid, "body.identities", "These records may not be joined.",
                       "Ask whoever is responsible for the closed record."});
        }
    }
    return {};
}

Result<void> Intake::apply_decisions() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i) || draft(i).kind != "identity.decided") continue;
        if (find(draft(i).body, "assigned") != nullptr) continue;  // it says whose an entry is, not who is who
        std::vector<ViewId> views;
        for (const auto& one : mentioned(draft(i))) {
            if (one->view) {
                views.push_back(*one->view);
                continue;
            }
            const auto row = tx_.views_by_key(office_.partnership, std::vector{*one->key}).front();
            if (row) views.push_back(row->view);
        }
        const auto decision = *decision_of(draft(i).body);
        // Not yet, in the place of an earlier decision: that one is taken back, and the question is open.
        const bool takes_back = decision == Decision::not_yet && slots_[i].supersedes.has_value();
        for (std::size_t n = 1; n < views.size(); ++n) {
            if (views[0] == views[n]) continue;
            const auto when = draft(i).at.instant;
            const auto changed =
                TRY(takes_back
                        ? office_.registry->take_back(tx_, office_.partnership, views[0], views[n], ready(i).id, when)
                        : office_.registry->apply_decision(tx_, office_.partnership, views[0], views[n], decision,
                                                           ready(i).id, when));
            touched_.insert(touched_.end(), changed.begin(), changed.end());
            if (decision == Decision::same && by_engine(draft(i)))
                as_the_engine_left_it(tx_, office_.partnership, draft(i), views[0], views[n]);
        }
    }
    return {};
}

Result<void> Intake::record_engine_links() {
    if (engine_links_.empty()) return {};
    std::vector<ViewId> ids;
    for (const auto& link : engine_links_) {
        ids.push_back(link.a);
        ids.push_back(link.b);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::unordered_map<ViewId, store::ViewRow> views;
    for (auto& view : tx_.views(office_.partnership, ids)) {
        if (view) views.emplace(view->view, std::move(*view));
    }
    // A pair that was linked before (the same decision, out of an export) keeps the entry that it has.
    std::vector<store::SourceKey> keys;
    std::vector<const people::Registry::EngineLink*> made;
    std::set<std::string> in_hand;
    for (const auto& link : engine_links_) {
        auto id = link_source_id(views.at(link.a), views.at(link.b));
        if (!in_hand.insert(id).second) continue;
        made.push_back(&link);
        keys.push_back({std::string(engine_agency), std::move(id)});
    }
    const auto known = tx_.entries_by_source(office_.partnership, keys);

    std::vector<record::Ready> entries;
    std::map<std::pair<ViewId, ViewId>, EntryId> decided_by;
    for (std::size_t k = 0; k < made.size(); ++k) {
        const auto& link = *made[k];
        const auto pair = std::minmax(link.a, link.b);
        if (known[k]) {
            decided_by[pair] = known[k]->entry;
            continue;
        }
        const auto& a = views.at(pair.first);
        const auto& b = views.at(pair.second);
        const bool b_is_newer = std::pair(a.recorded, a.view) < std::pair(b.recorded, b.view);
        const auto& newer = b_is_newer ? b : a;
        const auto& older = b_is_newer ? a : b;
        record::Ready ready;
        ready.id = EntryId{make_uuid7(office_.clock, office_.random)};
        ready.record = newer.view;
        record::KeptSubject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.view = newer.view;
        ready.subjects.push_back(subject);
        auto& draft = ready.draft;
        draft.kind = "identity.decided";
        // The engine decides when the second of the two becomes known: the same on every import of the same entries.
        draft.at = {newer.recorded, false};
        draft.recorded = newer.recorded;
        draft.agency = engine_agency;
        draft.author = engine_author;
        draft.id = keys[k].id;
        draft.subjects.push_back({subject.involvement, std::nullopt, newer.view});
        draft.body = {{"decision", "same"},
                      {"by_engine", true},
                      {"weight", std::round(link.comparison.weight * 100) / 100},
                      {"identities", json::array{identity_of(older), identity_of(newer)}}};
        ready.digest = record::content_digest(draft);
        decided_by[pair] = ready.id;
        engine_entries_.push_back(ready.id);
        touched_.push_back(newer.view);
        entries.push_back(std::move(ready));
    }
    if (!entries.empty()) {
        const auto permit = office_.gate->system(permit_.asker().route, record::Action::append);
        TRY_VOID(office_.journal->append(tx_, office_.partnership, permit, entries));
    }
    std::vector<store::LinkRow> rows;
    for (auto& row : tx_.links_of(office_.partnership, ids)) {
        const auto found = decided_by.find({row.a, row.b});
        if (found == decided_by.end() || row.decided_by == found->second || row.state != store::LinkState::linked)
            continue;
        row.decided_by = found->second;
        rows.push_back(std::move(row));
    }
    if (!rows.empty()) tx_.put_links(office_.partnership, rows);
    return {};
}

}  // namespace waymark::casework
