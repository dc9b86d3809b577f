#include "people/links.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

namespace waymark::people {

namespace {

// A child has tens of views; a component of thousands is a fault in the data that a person must look at.
constexpr std::size_t most_views = 20'000;

record::Bound bound_to(ViewId a, const std::string& b) {
    return {"evidence", a.value, b, 1};
}

}  // namespace

store::LinkRow link_row(const record::Journal& journal, ViewId x, ViewId y, store::LinkState state,
                        const Comparison& comparison, Instant when) {
    json::array evidence;
    for (const auto& each : comparison.evidence) {
        evidence.push_back(json::array{to_string(each.aspect), each.level, each.words, each.weight});
    }
    const json::object whole{{"weight", comparison.weight},
                             {"twin_or_sibling", comparison.twin_or_sibling},
                             {"contradicted", comparison.contradicted},
                             {"evidence", std::move(evidence)}};
    store::LinkRow row;
    row.a = std::min(x, y);
    row.b = std::max(x, y);
    row.state = state;
    row.weight = comparison.weight;
    row.evidence = journal.seal().close(as_bytes(write_json(whole)), bound_to(row.a, to_string(row.b)));
    row.when = when;
    return row;
}

Result<Comparison> open_evidence(const record::Journal& journal, const store::LinkRow& row) {
    Comparison out;
    if (row.evidence.empty()) return out;
    const auto unreadable = [] {
        return invalid("evidence", "The evidence of a link cannot be read",
                       "Run `waymark verify`, and restore from a back-up");
    };
    const auto plain = TRY(journal.seal().open(row.evidence, bound_to(row.a, to_string(row.b))));
    const auto value = parse_json(as_text(plain));
    if (!value || !value->is_object()) return unreadable();
    const auto& object = value->get_object();
    const auto* weight = find(object, "weight");
    const auto* evidence = find(object, "evidence");
    if (weight == nullptr || !weight->is_number() || evidence == nullptr || !evidence->is_array()) return unreadable();
    out.weight = weight->to_number<double>();
    out.probability = 1 / (1 + std::exp2(-out.weight));
    const auto flag = [&](std::string_view key) {
        const auto* found = find(object, key);
        return found != nullptr && found->is_bool() && found->get_bool();
    };
    out.twin_or_sibling = flag("twin_or_sibling");
    out.contradicted = flag("contradicted");
    for (const auto& each : evidence->get_array()) {
        if (!each.is_array() || each.get_array().size() != 4) return unreadable();
        const auto& parts = each.get_array();
        if (!parts[0].is_string() || !parts[1].is_string() || !parts[2].is_string() || !parts[3].is_number())
            return unreadable();
        for (std::size_t i = 0; i < aspect_count; ++i) {
            const auto aspect = static_cast<Aspect>(i);
            if (to_string(aspect) != std::string_view(parts[0].get_string())) continue;
            out.evidence.push_back({aspect, std::string(parts[1].get_string()), std::string(parts[2].get_string()),
                                    parts[3].to_number<double>()});
        }
    }
    return out;
}

Result<std::vector<ViewId>> recluster(store::Transaction& tx, store::Partnership p, std::span<const ViewId> seeds) {
    std::unordered_set<ViewId> seen(seeds.begin(), seeds.end());
    std::vector<ViewId> frontier(seen.begin(), seen.end());
    std::vector<store::LinkRow> links;
    while (!frontier.empty()) {
        std::vector<ViewId> next;
        for (auto& link : tx.links_of(p, frontier)) {
            if (link.state == store::LinkState::linked || link.state == store::LinkState::confirmed) {
                if (seen.insert(link.a).second) next.push_back(link.a);
                if (seen.insert(link.b).second) next.push_back(link.b);
            }
            links.push_back(std::move(link));  // a row seen from both its ends changes nothing
        }
        if (seen.size() > most_views) {
            return fault(FaultKind::conflict, "link", "Links join more than 20,000 views into one person",
                         "Undo a link between two large groups");
        }
        frontier = std::move(next);
    }
    std::vector<store::ViewRow> views;
    const std::vector<ViewId> ids(seen.begin(), seen.end());
    for (auto& view : tx.views(p, ids)) {
        if (view) views.push_back(std::move(*view));
    }
    const auto persons = Registry::clusters(links, views);
    std::set<ViewId> changed;
    std::vector<std::pair<ViewId, ViewId>> rows;
    for (const auto& view : views) {
        const ViewId person = persons.at(view.view);
        if (person == view.person) continue;
        rows.emplace_back(view.view, person);
        changed.insert(view.person);
        changed.insert(person);
    }
    tx.set_persons(p, rows);
    return std::vector<ViewId>(changed.begin(), changed.end());
}

}  // namespace waymark::people
