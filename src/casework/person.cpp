// The child's home page: the joint chronology and what the procedure says of each case.
#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/telling.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_matches = 20;
constexpr double least_shown = -10;  // the weight from which a search shows somebody, as the registry has it

bool known_at(Instant recorded, Instant at, std::optional<Instant> as_of) {
    return !as_of || (recorded <= *as_of && at <= *as_of);
}

// Of whom no more than the name and the birth may be known is found and weighed by these alone: else somebody would
// learn an address or a number by asking for it.
void weigh_name_only(const Office& office, const record::Identity& query, people::Offered& one) {
    one.identity = name_only(one.identity);
    const auto& model = office.registry->model();
    one.comparison = people::compare(people::features_of(name_only(query)), people::features_of(one.identity), model);
    one.comparison.evidence.clear();
    one.outcome = people::decide(one.comparison, model);
}

// What the asker is told of their own access and of who else may not see this record: an end is said before it comes,
// and a restriction says when it must be looked at again (domain register 4.1).
void tell_of_access(const Office& office, const Knowing& knowing, const KnownChild& child, PersonPage& page) {
    const auto& lengths = office.gate->policy().lengths;
    const auto now = office.clock.now();
    if (child.until && *child.until <= now + std::chrono::hours(24 * lengths.warn_days)) page.access_ends = child.until;
    page.by_glass = child.relationship == sharing::Relationship::glass;
    const auto today = office.calendar->day_of(now);
    for (const auto* one : knowing.restrictions_of(child.views.front().person)) {
        const std::string level(sharing::to_string(one->level));
        page.restrictions.push_back({level, words_of_code(office.catalogue.find("restriction.set"), "level", level),
                                     one->review_by,
                                     one->review_by <= today + std::chrono::days(lengths.review_warn_days)});
    }
}

}  // namespace

std::optional<Date> day_in(const json::object& body, std::string_view field) {
    const auto date = parse_date(string_or(body, field, ""));
    return date ? std::optional(*date) : std::nullopt;
}

std::vector<std::string> strings_in(const json::object& body, std::string_view field) {
    std::vector<std::string> out;
    const auto* list = find(body, field);
    if (list == nullptr || !list->is_array()) return out;
    for (const auto& one : list->get_array()) {
        if (const auto* text = one.if_string()) out.emplace_back(text->data(), text->size());
    }
    return out;
}

bool is_true(const json::object& body, std::string_view field) {
    const auto* value = find(body, field);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<ViewId> ids_of(std::span<const store::ViewRow> views) {
    std::vector<ViewId> ids;
    for (const auto& view : views) ids.push_back(view.view);
    return ids;
}

namespace {

Result<Parted> dossiers_from(const Office& office, const KnownChild& child, std::vector<record::Fact> facts,
                             std::optional<Instant> known_by) {
    std::erase_if(facts, [&](const record::Fact& fact) { return !known_at(fact.recorded, fact.at.instant, known_by); });
    return Parted(child.person, std::move(facts), born_of(TRY(identities_of(office, child))));
}

}  // namespace

Result<Parted> dossiers_of(const Office& office, store::Snapshot& snapshot, const KnownChild& child,
                           std::optional<Instant> known_by) {
    auto facts = TRY(office.journal->facts(snapshot, office.partnership, child.permit, ids_of(child.views),
                                           most_entries_of_a_child));
    return dossiers_from(office, child, std::move(facts), known_by);
}

Result<std::vector<std::string>> names_of_persons(const Office& office, store::Snapshot& snapshot,
                                                  const record::Permit& permit, std::span<const ViewId> persons) {
    std::vector<std::string> names(persons.size(), record::shown_name({}));
    // Any view of a person stands for them: who reads their own agency's only is told no more than that.
    const auto rows = snapshot.views(office.partnership, persons);
    std::vector<ViewId> clusters;
    for (const auto& row : rows) {
        if (row) clusters.push_back(row->person);
    }
    std::sort(clusters.begin(), clusters.end());
    clusters.erase(std::unique(clusters.begin(), clusters.end()), clusters.end());
    // The oldest view that has a name: a census holds none.
    std::unordered_map<ViewId, std::string> name_of;
    for (const auto& view : snapshot.views_of_persons(office.partnership, clusters)) {
        if (name_of.contains(view.person)) continue;
        if (permit.own_views_only() && view.agency != permit.asker().agency) continue;
        const auto identity = TRY(office.journal->open_identity(view.identity, view.view, view.version));
        if (!identity.given_name.empty() || !identity.family_name.empty())
            name_of.emplace(view.person, record::shown_name(identity));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto found = rows[i] ? name_of.find(rows[i]->person) : name_of.end();
        if (found != name_of.end()) names[i] = found->second;
    }
    return names;
}

std::vector<std::string> duties_met_by(const Office& office, std::string_view kind) {
    const auto& rulebook = office.rulebook();
    std::vector<std::string> ids;
    for (const auto& rule : rulebook.rules) {
        if (rule.relation != procedure::Relation::response) continue;
        const auto* to = rulebook.event(rule.to);
        if (to == nullptr || to->kind != kind) continue;
        if (std::find(ids.begin(), ids.end(), rule.id) == ids.end()) ids.push_back(rule.id);
    }
    return ids;
}

Result<ConcernInHand> concern_in_hand(const Office& office, store::Snapshot& snapshot, Knowing& knowing, EntryId id,
                                      const char* place) {
    const auto no_such = fault(FaultKind::missing, place, "There is no such concern, or you may not know of it.",
                               "Choose one from the inbox.");
    const auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::cards).front();
    if (!row || !row->row.record || (row->row.kind != "concern.raised" && row->row.kind != "referral.received"))
        return no_such;
    // Why the record may not be seen would tell that there is such a concern.
    auto child = knowing.child(row->row.record);
    if (!child) return is_unseen(child.error()) ? no_such : tl::unexpected(child.error());
    auto found = TRY(
        office.journal->read_entries(snapshot, office.partnership, child->permit, std::vector{id}, store::Want::cards));
    if (found.empty() || found.front().row.kind != row->row.kind) return no_such;
    return ConcernInHand{std::move(found.front()), std::move(*child)};
}

Result<std::vector<people::Offered>> open_matches(const Office& office, store::Snapshot& snapshot, Knowing& knowing,
                                                  const record::Permit& permit, std::span<const store::ViewRow> views,
                                                  std::size_t limit) {
    std::unordered_set<ViewId> own;
    for (const auto& view : views) own.insert(view.view);
    std::vector<ViewId> others;
    std::vector<ViewId> offered_for;
    std::vector<people::Comparison> comparisons;
    for (const auto& view : views) {
        for (auto& [link, comparison] :
             TRY(office.registry->to_review(snapshot, office.partnership, view.view, limit))) {
            const auto other = link.a == view.view ? link.b : link.a;
            if (own.contains(other) || std::find(others.begin(), others.end(), other) != others.end()) continue;
            others.push_back(other);
            offered_for.push_back(view.view);
            comparisons.push_back(std::move(comparison));
        }
    }
    std::vector<people::Offered> offered;
    if (others.empty()) return offered;
    const auto rows = snapshot.views(office.partnership, others);
    const auto former = TRY(office.registry->former_persons(snapshot, office.partnership));
    const bool closed = !views.empty() && former.contains(views.front().person);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] && former.contains(rows[i]->person) != closed) continue;
        if (!rows[i] || (permit.own_views_only() && rows[i]->agency != permit.asker().agency)) continue;
        if (knowing.found(rows[i]->person) != Knowing::Found::yes) continue;
        auto identity = TRY(office.registry->identities(std::span(&*rows[i], 1)));
        offered.push_back({rows[i]->view, rows[i]->person, rows[i]->agency, std::move(identity.front()),
                           std::move(comparisons[i]), people::Outcome::review, offered_for[i]});
    }
    std::stable_sort(offered.begin(), offered.end(),
                     [](const auto& a, const auto& b) { return a.comparison.weight > b.comparison.weight; });
    if (offered.size() > limit) offered.resize(limit);
    return offered;
}

Result<std::vector<store::LinkRow>> without_adopted(const Office& office, store::Snapshot& snapshot,
                                                    std::vector<store::LinkRow> links) {
    const auto former = TRY(office.registry->former_persons(snapshot, office.partnership));
    if (former.empty() || links.empty()) return links;
    std::vector<ViewId> ids;
    for (const auto& link : links) {
        ids.push_back(link.a);
        ids.push_back(link.b);
    }
    std::unordered_set<ViewId> closed;
    for (const auto& row : snapshot.views(office.partnership, ids)) {
        if (row && former.contains(row->person)) closed.insert(row->view);
    }
    std::erase_if(links,
                  [&](const store::LinkRow& link) { return closed.contains(link.a) != closed.contains(link.b); });
    return links;
}

Result<PersonPage> assemble_page(const Office& office, store::Snapshot& snapshot, Knowing& knowing, ViewId person,
                                 std::optional<Instant> as_of) {
    PersonPage page;
    const auto child = TRY(knowing.child(person));
    page.views = child.shown;
    page.person = child.person;
    page.relationship = child.permit.relationship();
    page.leads = knowing.leads(child.views.front().person);
    tell_of_access(office, knowing, child, page);
    page.identities = TRY(identities_of(office, child));

    auto known = TRY(office.journal->read_and_facts(snapshot, office.partnership, child.permit, ids_of(child.views),
                                                    most_entries_of_a_child));
    auto& entries = known.entries;
    std::erase_if(entries, [&](const record::Entry& entry) {
        return !known_at(entry.row.recorded, entry.row.at.instant, as_of);
    });
    std::stable_sort(entries.begin(), entries.end(), [](const record::Entry& a, const record::Entry& b) {
        return std::tie(a.row.at, a.row.recorded, a.row.entry) < std::tie(b.row.at, b.row.recorded, b.row.entry);
    });
    page.lines = lines_of(office, std::move(entries));
    page.basis = TRY(reading_basis(office, child.permit.asker(), page.lines));

    const auto now = as_of.value_or(office.clock.now());
    auto dossiers = TRY(dossiers_from(office, child, std::move(known.facts), as_of));
    dossiers.each_case([&](const procedure::Dossier& dossier) {
        page.editions.push_back(&office.editions.of(dossier));
        page.standings.push_back(office.procedure_of(dossier).standing(*office.calendar, dossier, now));
    });
    std::reverse(page.standings.begin(), page.standings.end());
    std::reverse(page.editions.begin(), page.editions.end());
    page.to_review = TRY(open_matches(office, snapshot, knowing, child.permit, child.shown, most_matches));
    return page;
}

record::Shown shown_of(const record::Entry& entry) {
    return {entry.row.entry, entry.row.kind.empty() ? record::Depth::dates
                             : entry.whole          ? record::Depth::full
                                                    : record::Depth::summary};
}

std::vector<record::Shown> shown_of(const PersonPage& page) {
    std::vector<record::Shown> shown;
    shown.reserve(page.lines.size());
    for (const auto& line : page.lines) shown.push_back(shown_of(line.entry));
    return shown;
}

std::string fields_of(std::span<const record::Identity> identities) {
    std::string names;
    const auto add = [&](const char* name, const auto& holds) {
        if (!std::any_of(identities.begin(), identities.end(), holds)) return;
        if (!names.empty()) names += ' ';
        names += name;
    };
    using One = const record::Identity&;
    add("given_name", [](One one) { return !one.given_name.empty(); });
    add("family_name", [](One one) { return !one.family_name.empty(); });
    add("other_names", [](One one) { return !one.other_names.empty(); });
    add("date_of_birth", [](One one) { return one.date_of_birth || one.expected_date_of_birth; });
    add("sex", [](One one) { return !one.sex.empty(); });
    add("address", [](One one) { return record::shown_address(one).value_or("") != ""; });
    add("postcode", [](One one) { return !one.postcode.empty() && !one.address_protected; });
    add("nhs_number", [](One one) { return !one.nhs_number.empty(); });
    add("upn", [](One one) { return !one.upn.empty(); });
    add("la_child_id", [](One one) { return !one.la_child_id.empty(); });
    add("phone", [](One one) { return !one.phone.empty(); });
    add("email", [](One one) { return !one.email.empty(); });
    return names;
}

Result<PersonPage> person_page(const Office& office, const record::Asker& asker, ViewId person,
                               std::optional<Instant> as_of) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<PersonPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<PersonPage> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        TRY(knowing.named(person));
        auto page = TRY(assemble_page(office, snapshot, knowing, person, as_of));
        seen.add(page.relationship, page.person, {}, shown_of(page), fields_of(page.identities));
        seen.rests_on(page.basis);
        return page;
    });
}

Result<procedure::Standing> standing_of(const Office& office, const record::Asker& asker, CaseId case_id,
                                        Instant as_of) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    const auto work = [&](store::Snapshot& snapshot, Seen& seen) -> Result<procedure::Standing> {
        const auto no_such_case = fault(FaultKind::missing, "case", "There is no such case, or you may not know of it.",
                                        "Take the id from the child's page or from `waymark standing`.");
        const auto row = snapshot.cases(office.partnership, std::vector{case_id}).front();
        if (!row) return no_such_case;
        const auto child = known_child(office, snapshot, permit, row->record);
        if (!child) return is_unseen(child.error()) ? no_such_case : tl::unexpected(child.error());
        auto dossiers = TRY(dossiers_of(office, snapshot, *child, as_of));
        const auto& dossier = dossiers.of(case_id);
        if (dossier.own.empty()) return no_such_case;
        seen.add(child->permit.relationship(), row->record, case_id, {});
        return office.procedure_of(dossier).standing(*office.calendar, dossier, as_of);
    };
    return read_as<procedure::Standing>(office, permit, work);
}

Result<std::vector<people::Offered>> who_may_this_be(const Office& office, const record::Asker& asker,
                                                     const record::Identity& query, std::size_t limit, Among among) {
    constexpr std::size_t most_offered = 50;
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    using Found = std::vector<people::Offered>;
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        // Before anything is ranked: who may not be known takes no place among those that are offered.
        const auto among_those = [&](const store::ViewRow& view) {
            return !(permit.own_agency_only() || among == Among::own_agency) || view.agency == permit.asker().agency;
        };
        limit = std::min(limit, most_offered);
        const auto p = office.partnership;
        auto found = TRY(office.registry->search(
            snapshot, p, permit, query,
            [&](const store::ViewRow& view) {
                return among_those(view) && knowing.found(view.person) == Knowing::Found::yes;
            },
            limit));
        // Who may be known by name alone is looked for by name and birth alone: an address or a number that was asked
        // for must not tell whether it is theirs.
        if (!knowing.restrictions().empty()) {
            auto by_name = TRY(office.registry->search(
                snapshot, p, permit, name_only(query),
                [&](const store::ViewRow& view) {
                    return among_those(view) && knowing.found(view.person) == Knowing::Found::name_only;
                },
                limit));
            std::move(by_name.begin(), by_name.end(), std::back_inserter(found));
        }
        const auto former = TRY(office.registry->former_persons(snapshot, office.partnership));
        std::erase_if(found, [&](const people::Offered& one) { return former.contains(one.person); });
        for (auto& one : found) {
            const bool name_alone = knowing.found(one.person) == Knowing::Found::name_only;
            if (name_alone) weigh_name_only(office, query, one);
            seen.add(std::string(knowing.of_role()), one.view, {}, {}, fields_of(std::span(&one.identity, 1)));
        }
        std::erase_if(found, [&](const people::Offered& one) {
            return one.comparison.weight < least_shown && knowing.found(one.person) == Knowing::Found::name_only;
        });
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return a.comparison.weight > b.comparison.weight; });
        if (found.size() > limit) found.resize(limit);
        return found;
    });
}

}  // namespace waymark::casework
