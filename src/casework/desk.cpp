// The front door: what came in, how urgent it is, and one concern with every earlier one.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/known_duties.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view immediate_danger = "immediate-danger";
constexpr std::size_t most_facts = 1'000'000;

struct Waiting {
    store::DutyRow duty;  // the one that is due first
    bool immediate = false;
};

// Unmet duties to decide, one for each concern or referral, the most urgent first.
Result<std::vector<Waiting>> waiting_for_triage(const Office& office, KnownDuties& known_duties, std::size_t limit) {
    std::vector<Waiting> found;
    std::unordered_map<EntryId, std::size_t> by_entry;
    auto rules = duties_met_by(office, "triage.decided");
    // Danger first: where there are more than a page can show, these must be on it.
    std::stable_partition(rules.begin(), rules.end(), [](const auto& rule) { return rule == immediate_danger; });
    for (const auto& rule : rules) {
        for (auto& [duty, person, name] : TRY(known_duties.of_rule(rule, limit))) {
            const bool immediate = rule == immediate_danger;
            const auto [at, is_new] = by_entry.try_emplace(duty.raised_by, found.size());
            if (is_new) {
                found.push_back({std::move(duty), immediate});
                continue;
            }
            auto& known = found[at->second];
            known.immediate = known.immediate || immediate;
            if (duty.due < known.duty.due) known.duty = std::move(duty);
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Waiting& a, const Waiting& b) {
        if (a.immediate != b.immediate) return a.immediate;
        return std::tie(a.duty.due, a.duty.raised_by) < std::tie(b.duty.due, b.duty.raised_by);
    });
    if (found.size() > limit) found.resize(limit);
    return found;
}

std::string name_of(const record::Identity& identity) {
    return record::shown_name(identity);
}

std::string closed_words(const Office& office, const procedure::Earlier& earlier) {
    if (earlier.closed_as.empty()) return earlier.closed_without_action ? "No decision within the time for it" : "";
    return words_of_code(office.catalogue.find("triage.decided"), "outcome", earlier.closed_as);
}

EarlierItem earlier_item(const Office& office, const procedure::Earlier& earlier, EntryId in_hand,
                         const PersonPage& page) {
    EarlierItem item;
    const auto line_of = [&](EntryId id) -> const Line* {
        const auto found = std::find_if(page.lines.begin(), page.lines.end(),
                                        [&](const Line& line) { return line.entry.row.entry == id; });
        return found == page.lines.end() ? nullptr : &*found;
    };
    if (const auto* line = line_of(earlier.concern->id)) {
        item.concern = line->entry;
        item.title = line->title;
        item.agency_name = line->source;
    }
    item.closed_as = closed_words(office, earlier);
    item.closed_without_action = earlier.closed_without_action;
    item.classification =
        words_of_code(office.catalogue.find("concern.classified"), "category", earlier.classification);
    item.judged = earlier.judged_for(in_hand);
    const auto in_hand_line = line_of(in_hand);
    for (const auto* fact : earlier.judgements) {
        EarlierItem::Judgement judgement;
        judgement.judgement = words_of_code(office.catalogue.find("earlier.judged"), "judgement",
                                            string_or(fact->fields, "judgement", ""));
        if (const auto* line = line_of(fact->id)) judgement.reason = string_or(line->entry.body, "reason", "");
        judgement.by = practitioner_name(office, fact->author);
        judgement.at = fact->at;
        judgement.for_this = in_hand_line != nullptr && fact->at >= in_hand_line->entry.row.at;
        item.judgements.push_back(std::move(judgement));
    }
    return item;
}

// Pairs of which one side is a child whom the asker may not know are not even counted.
void without_unknown(const Office& office, store::Snapshot& snapshot, const Knowing& knowing,
                     std::vector<store::LinkRow>& links) {
    std::vector<ViewId> ends;
    for (const auto& link : links) {
        ends.push_back(link.a);
        ends.push_back(link.b);
    }
    std::unordered_map<ViewId, bool> unknown;
    for (const auto& view : snapshot.views(office.partnership, ends)) {
        if (view) unknown[view->view] = knowing.found(view->person) != Knowing::Found::yes;
    }
    std::erase_if(links, [&](const store::LinkRow& link) { return unknown[link.a] || unknown[link.b]; });
}

}  // namespace

Result<std::vector<InboxItem>> inbox(const Office& office, const record::Asker& asker, std::size_t limit) {
    constexpr std::size_t most = 500;
    constexpr std::size_t most_looked_through = 4 * most;  // so that what is left out takes nobody's place
    limit = std::min(limit, most);
    TRY_VOID(permit_for(office, asker, record::Action::append, "triage.decided"));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    using Items = std::vector<InboxItem>;
    return read_as<Items>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Items> {
        const auto p = office.partnership;
        // Children whom the asker may not know leave no trace, nor do entries of others that are not for the asker.
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto known = TRY(KnownDuties::of(office, snapshot, knowing));
        const auto waiting = TRY(waiting_for_triage(office, known, most_looked_through));
        std::vector<EntryId> ids;
        ids.reserve(waiting.size());
        for (const auto& one : waiting) ids.push_back(one.duty.raised_by);
        const auto kept = snapshot.entries(p, ids, store::Want::cards);
        std::vector<ViewId> records;
        for (const auto& one : kept) {
            if (one) records.push_back(one->row.record);
        }
        std::unordered_map<ViewId, store::ViewRow> views;
        std::vector<ViewId> persons;
        for (auto& view : snapshot.views(p, records)) {
            if (!view || !knowing.may(view->person)) continue;
            persons.push_back(view->person);
            views.emplace(view->view, std::move(*view));
        }
        const auto seen_by = [&](ViewId person, std::string_view kind, std::string_view marking,
                                 std::string_view agency) {
            const auto of_child = knowing.person(person);
            return of_child && of_child->depth(kind, marking, agency) >= record::Depth::summary;
        };
        std::unordered_map<EntryId, record::Entry> entries;
        for (const auto& one : kept) {
            const auto view = one ? views.find(one->row.record) : views.end();
            if (view == views.end() || !seen_by(view->second.person, one->row.kind, one->row.marking, one->row.agency))
                continue;
            entries.emplace(one->row.entry, TRY(office.journal->open(*one)));
        }

        // Every cluster and its facts at once.
        std::sort(persons.begin(), persons.end());
        persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
        std::unordered_map<ViewId, ViewId> person_of;
        std::vector<ViewId> all_views;
        std::unordered_map<ViewId, std::vector<record::Identity>> identities;
        for (const auto& view : snapshot.views_of_persons(p, persons)) {
            person_of[view.view] = view.person;
            all_views.push_back(view.view);
            identities[view.person].push_back(
                TRY(office.journal->open_identity(view.identity, view.view, view.version)));
        }
        std::unordered_map<ViewId, std::vector<record::Fact>> facts;
        for (auto& fact :
             TRY(office.journal->facts(snapshot, p, office.gate->system("inbox"), all_views, most_facts))) {
            const auto person = person_of[fact.record];
            if (seen_by(person, fact.kind, fact.marking, fact.agency)) facts[person].push_back(std::move(fact));
        }
        auto open = snapshot.links_of(p, all_views);
        std::erase_if(open, [&](const store::LinkRow& link) {
            return !people::is_offered(link) || person_of[link.a] == person_of[link.b];
        });
        open = TRY(without_adopted(office, snapshot, std::move(open)));
        without_unknown(office, snapshot, knowing, open);
        std::unordered_map<ViewId, std::size_t> open_links;
        for (const auto& link : open) {
            for (const auto end : {link.a, link.b}) {
                if (const auto person = person_of.find(end); person != person_of.end()) ++open_links[person->second];
            }
        }
        std::unordered_map<ViewId, Parted> dossiers;
        for (auto& [person, of] : facts) {
            dossiers.emplace(person, Parted(person, std::move(of), born_of(identities[person])));
        }

        Items items;
        const auto now = office.clock.now();
        for (const auto& one : waiting) {
            const auto found = entries.find(one.duty.raised_by);
            if (found == entries.end()) continue;  // not for this asker
            if (items.size() == limit) break;
            const auto& entry = found->second;
            const auto person = person_of[entry.row.record];
            InboxItem item;
            item.concern = entry.row.entry;
            item.case_id = entry.row.case_id;
            item.person = person;
            const auto view = views.find(entry.row.record);
            if (view != views.end()) {
                item.name = name_of(TRY(office.registry->identities(std::span(&view->second, 1))).front());
            }
            item.from_agency = agency_name(office, entry.row.agency);
            item.about_what = words_of_code(office.catalogue.find(entry.row.kind), "about_what",
                                            string_or(entry.body, "about_what", ""));
            item.immediate_danger = one.immediate || is_true(entry.body, "immediate_danger");
            item.received = entry.row.at;
            item.due = one.duty.due;
            item.overdue = one.duty.due < now;
            if (const auto of = dossiers.find(person); of != dossiers.end()) {
                const auto& dossier = of->second.of(entry.row.case_id);
                const auto fact = std::find_if(dossier.own.begin(), dossier.own.end(),
                                               [&](const auto& candidate) { return candidate.id == item.concern; });
                if (fact != dossier.own.end()) item.earlier = procedure::earlier_concerns(dossier, *fact).size();
            }
            item.possible_matches = open_links[person];
            seen.add(knowing.relationship(person), entry.row.record, entry.row.case_id,
                     {{item.concern, record::Depth::summary}}, std::string(name_fields));
            items.push_back(std::move(item));
        }
        return items;
    });
}

Result<Desk> triage_desk(const Office& office, const record::Asker& asker, EntryId concern) {
    TRY_VOID(permit_for(office, asker, record::Action::append, "triage.decided"));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Desk>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Desk> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto in_hand = TRY(concern_in_hand(office, snapshot, knowing, concern, "concern"));
        Desk desk;
        desk.concern = in_hand.entry;
        const auto record = in_hand.entry.row.record;
        desk.child = TRY(assemble_page(office, snapshot, knowing, record, std::nullopt));
        for (const auto& line : desk.child.lines) {
            if (line.entry.row.entry == concern) desk.concern = line.entry;
            if (line.entry.row.kind == "triage.decided" && line.entry.row.about == concern && !line.superseded) {
                desk.decided = line.entry;
            }
        }
        const auto case_id = desk.concern.row.case_id;
        for (const auto& standing : desk.child.standings) {
            if (standing.case_id == case_id) desk.standing = standing;
        }
        desk.matches = desk.child.to_review;

        const auto now = office.clock.now();
        auto dossiers = TRY(dossiers_of(office, snapshot, in_hand.child));
        const auto& dossier = dossiers.of(case_id);
        const auto fact =
            std::find_if(dossier.own.begin(), dossier.own.end(), [&](const auto& one) { return one.id == concern; });
        if (fact != dossier.own.end()) {
            for (const auto& earlier : procedure::earlier_concerns(office.procedure_of(dossier).rulebook(),
                                                                   *office.calendar, dossier, *fact, now)) {
                desk.earlier.push_back(earlier_item(office, earlier, concern, desk.child));
            }
        }
        desk.may_close =
            office.procedure_of(dossier)
                .held_by(*office.calendar, dossier, now, "triage.decided", {{"outcome", "no-further-action"}}, concern)
                .empty();
        seen.add(desk.child.relationship, record, case_id, shown_of(desk.child), fields_of(desk.child.identities));
        seen.rests_on(desk.child.basis);
        return desk;
    });
}

}  // namespace waymark::casework
