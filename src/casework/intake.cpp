// The steps of the one door, but for references, cases and identity, which have files of their own.
#include "casework/intake.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

namespace waymark::casework {

namespace {

bool keeps_a_child(record::Involvements set) {
    return (set & record::children_involvements) != 0;
}

const record::KeptSubject* record_of(const record::Ready& ready, const content::Kind* kind) {
    for (std::size_t i = 0; i < ready.subjects.size(); ++i) {
        if (keeps_a_child(ready.subjects[i].involvement)) return &ready.subjects[i];
    }
    // An adult alone, where the kind is about somebody: the record is theirs.
    if (!ready.subjects.empty() && (kind == nullptr || kind->needs_subject)) return &ready.subjects.front();
    return nullptr;
}

Fault other_content(const char* place) {
    return {FaultKind::conflict, place, "This id from this agency is already taken, with other content.",
            "Send a correction as a new entry with its own id that says `supersedes`."};
}

}  // namespace

Intake::Intake(const Office& office, store::Transaction& tx, const record::Permit& permit, Prepared& prepared,
               const TakeOptions& options)
    : office_(office),
      tx_(tx),
      permit_(permit),
      prepared_(prepared),
      options_(options),
      now_(office.clock.now()),
      slots_(prepared.parts.size()),
      outcomes_(prepared.refused.size()),
      newcomers_(office) {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) outcomes_[i].faults = prepared_.refused[i];
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        // A transaction may run again: what an earlier run filled in does not count.
        auto& part = ready(i);
        part.record = {};
        part.case_id = {};
        part.case_seq = 0;
        part.about = {};
        part.supersedes = {};
        part.subjects.clear();
        for (auto& subject : part.draft.subjects) {
            if (subject.person) subject.identity.reset();
        }
    }
}

Result<std::vector<Outcome>> Intake::run() {
    admit();
    find_known();
    TRY_VOID(find_references());
    TRY_VOID(check_targets());
    TRY_VOID(check_persons());
    TRY_VOID(check_decisions());
    TRY_VOID(resolve_people());
    to_the_same_child();
    TRY_VOID(check_children());
    TRY_VOID(place());
    const auto brought = brought_here();
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].marked = draft(i).marking != "team";
    TRY_VOID(keep());
    TRY_VOID(note_conflicts(office_, tx_, brought));
    TRY_VOID(apply_decisions());
    TRY_VOID(record_engine_links());
    if (options_.refresh) TRY_VOID(refold());
    report();
    if (!asked_by_machine()) {
        // With whom somebody was joined is not told to who brought them: it may be a child of whom they may not know.
        for (auto& outcome : outcomes_) outcome.linked = outcome.to_review = 0;
    }
    write_audit();
    return std::move(outcomes_);
}

// A draft is taken whole or not at all.
void Intake::refuse(std::size_t part, Fault fault) {
    const auto index = prepared_.parts[part].draft;
    outcomes_[index].faults.push_back(std::move(fault));
    for (auto at = part + 1; at-- > 0 && prepared_.parts[at].draft == index;) slots_[at].state = Slot::State::refused;
    for (auto at = part; at < slots_.size() && prepared_.parts[at].draft == index; ++at) {
        slots_[at].state = Slot::State::refused;
    }
}

bool Intake::asked_by_machine() const {
    return permit_.rule() == "system" || sharing::is_operator(permit_.asker());
}

void Intake::admit() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        const auto& one = draft(i);
        if (!asked_by_machine() && one.agency != permit_.asker().agency) {
            refuse(i, {FaultKind::forbidden, "agency", "An entry may be made only for one's own agency.",
                       "Send it as a practitioner of that agency, or let the operator import it."});
        } else if (!asked_by_machine() && !options_.by_verb && has_its_own_way(office_.catalogue, one)) {
            refuse(i, {FaultKind::forbidden, "kind", "Such an entry is made on its own page, with the checks it needs.",
                       "Make it there."});
        } else if (!permit_.covers(one.kind, one.marking, one.agency)) {
            refuse(i, {FaultKind::forbidden, "kind", "The role may not make such an entry, or not with this marking.",
                       "Ask somebody whose role may."});
        }
    }
}

// The same id from the same agency again is the same entry, taken once; with other content it is refused.
void Intake::find_known() {
    std::vector<store::SourceKey> keys;
    std::vector<std::size_t> asked;
    sources_.reserve(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto& one = draft(i);
        if (!is_fresh(i) || one.id.empty()) continue;
        const auto [first, is_first] = sources_.try_emplace({one.agency, one.id}, i);
        if (is_first) {
            keys.push_back({one.agency, one.id});
            asked.push_back(i);
        } else if (ready(first->second).digest == ready(i).digest) {
            slots_[i].state = Slot::State::repeated;
            slots_[i].same_as = first->second;
        } else {
            refuse(i, other_content("id"));
        }
    }
    const auto found = keys.empty() ? std::vector<std::optional<store::KnownEntry>>{}
                                    : tx_.entries_by_source(office_.partnership, keys);
    for (std::size_t k = 0; k < found.size(); ++k) {
        const auto i = asked[k];
        if (!found[k] || !is_fresh(i)) continue;
        // The engine says the same again with the weights of the day; that is still the same decision.
        const bool by_engine = draft(i).agency == engine_agency && draft(i).kind == "identity.decided";
        if (found[k]->digest == ready(i).digest || (by_engine && found[k]->kind == draft(i).kind) ||
            is_same_but_for_naming(i, *found[k])) {
            slots_[i].state = Slot::State::repeated;
            slots_[i].known = found[k];
        } else {
            refuse(i, other_content("id"));
        }
    }
    find_known_by_uuid();
    // Of a draft with several children either all are new or all are known: else its content has changed.
    for (std::size_t i = 1; i < slots_.size(); ++i) {
        if (prepared_.parts[i].draft == prepared_.parts[i - 1].draft && slots_[i].state != slots_[i - 1].state &&
            slots_[i].state != Slot::State::refused && slots_[i - 1].state != Slot::State::refused) {
            refuse(i, other_content("id"));
        }
    }
}

// What was written here names another entry by its uuid; exported, it names it by the source's own id.
bool Intake::is_same_but_for_naming(std::size_t i, const store::KnownEntry& known) {
    auto content = draft(i);
    if (content.about.empty() && content.supersedes.empty()) return false;
    const auto kept = tx_.entries(office_.partnership, std::vector{known.entry}, store::Want::cards).front();
    if (!kept) return false;
    const auto name_by_uuid = [&](EntryId to, std::string& text) {
        if (!to || text.empty()) return;
        const auto target = tx_.entries(office_.partnership, std::vector{to}, store::Want::cards).front();
        if (target && target->row.source_id == text) text = to_string(to);
    };
    name_by_uuid(kept->row.about, content.about);
    name_by_uuid(kept->row.supersedes, content.supersedes);
    return record::content_digest(content) == known.digest;
}

// An entry that had no id of its own is exported under its uuid: it may come back to where it was made.
void Intake::find_known_by_uuid() {
    std::vector<EntryId> ids;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto& id = draft(i).id;
        if (!is_fresh(i) || id.size() != 36) continue;
        if (const auto uuid = parse_uuid(id)) {
            ids.push_back(EntryId{*uuid});
            asked.push_back(i);
        }
    }
    if (ids.empty()) return;
    const auto found = tx_.entries(office_.partnership, ids, store::Want::cards);
    for (std::size_t k = 0; k < found.size(); ++k) {
        if (!found[k] || found[k]->row.agency != draft(asked[k]).agency) continue;
        const auto& row = found[k]->row;
        auto without_id = draft(asked[k]);
        without_id.id.clear();
        if (row.source_id.empty() && row.digest == record::content_digest(without_id)) {
            slots_[asked[k]].state = Slot::State::repeated;
            slots_[asked[k]].known =
                store::KnownEntry{row.entry, row.record, row.case_id, row.agency, row.kind, row.digest};
        } else {
            refuse(asked[k], other_content("id"));
        }
    }
}

Result<void> Intake::resolve_people() {
    // Many entries of a batch are of one child: each identity is looked at once.
    std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::vector<std::size_t>> seen;
    std::vector<people::Arrived> arrived;
    std::vector<std::size_t> brought_by;
    struct Use {
        std::size_t part;
        std::size_t subject;
        std::size_t arrival;
    };
    std::vector<Use> uses;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        const auto& subjects = draft(i).subjects;
        for (std::size_t s = 0; s < subjects.size(); ++s) {
            record::KeptSubject kept;
            kept.involvement = subjects[s].involvement;
            if (subjects[s].person && known_persons_.contains(*subjects[s].person)) kept.view = *subjects[s].person;
            ready(i).subjects.push_back(kept);
            if (subjects[s].person || !subjects[s].identity) continue;
            const auto& identity = *subjects[s].identity;
            // Nearly always it is the child of the entry before.
            if (!arrived.empty() && arrived.back().agency == draft(i).agency && arrived.back().identity == identity) {
                uses.push_back({i, s, arrived.size() - 1});
                continue;
            }
            auto& same_key = seen[{draft(i).agency, identity.source, identity.id}];
            const auto same = std::find_if(same_key.begin(), same_key.end(),
                                           [&](std::size_t a) { return arrived[a].identity == identity; });
            if (same != same_key.end()) {
                uses.push_back({i, s, *same});
                continue;
            }
            same_key.push_back(arrived.size());
            uses.push_back({i, s, arrived.size()});
            arrived.push_back({draft(i).agency, identity, draft(i).recorded.value_or(now_), ready(i).id});
            brought_by.push_back(i);
        }
    }
    if (!arrived.empty()) {
        const auto resolved = TRY(resolve(arrived));
        for (const auto& use : uses) {
            auto& kept = ready(use.part).subjects[use.subject];
            kept.view = resolved[use.arrival].view;
            kept.version = resolved[use.arrival].version;
        }
        for (std::size_t a = 0; a < resolved.size(); ++a) {
            auto& outcome = outcomes_[prepared_.parts[brought_by[a]].draft];
            outcome.linked += static_cast<int>(resolved[a].linked.size());
            outcome.to_review += static_cast<int>(resolved[a].to_review.size());
        }
    }
    TRY_VOID(find_named());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        const auto* of = record_of(ready(i), office_.catalogue.find(draft(i).kind));
        if (of != nullptr) ready(i).record = of->view;
    }
    return {};
}

// The registry's part, and what must be right before and after it: records that are closed by an adoption stay together
// and apart from all others, and pairs on which there is news are offered again.
Result<std::vector<people::Resolved>> Intake::resolve(std::span<const people::Arrived> arrived) {
    const auto p = office_.partnership;
    const auto& registry = *office_.registry;
    std::vector<store::ViewKey> closing;
    for (const auto& one : arrived) {
        if (one.identity.adoption == record::former_identity)
            closing.push_back({one.agency, one.identity.source, one.identity.id});
    }
    if (!closing.empty()) {
        std::vector<ViewId> views;
        for (const auto& row : tx_.views_by_key(p, closing)) {
            if (row) views.push_back(row->view);
        }
        registry.hold_together(tx_, p, views);
    }
    auto resolved = TRY(registry.resolve(tx_, p, arrived, now_, engine_links_));
    std::vector<ViewId> former;
    std::vector<ViewId> others;
    for (std::size_t i = 0; i < arrived.size(); ++i) {
        if (resolved[i].version == 0) continue;  // only named: it says nothing
        const bool closed = arrived[i].identity.adoption == record::former_identity;
        if (closed || !resolved[i].is_new) (closed ? former : others).push_back(resolved[i].view);
    }
    TRY_VOID(registry.note_former(tx_, p, former, others));
    TRY_VOID(registry.offer_again(tx_, p, resolved, now_));
    newcomers_.learn(arrived, resolved);
    return resolved;
}

// An entry out of another store names a person by that store's id and writes the identity beside it: the view is found
// by its source and id, whichever agency's it is; else the entry brings it.
Result<void> Intake::find_named() {
    struct Named {
        std::size_t part;
        std::size_t subject;
    };
    std::vector<Named> named;
    std::vector<store::ViewKey> keys;
    std::vector<std::string_view> agencies;
    for (const auto& agency : office_.profile.agencies) agencies.push_back(agency.key);
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        for (std::size_t s = 0; s < draft(i).subjects.size(); ++s) {
            if (ready(i).subjects[s].view || !draft(i).subjects[s].person) continue;
            const auto& identity = *prepared_.parts[i].named[s];
            named.push_back({i, s});
            for (const auto agency : agencies) keys.push_back({std::string(agency), identity.source, identity.id});
        }
    }
    if (named.empty()) return {};
    const auto found = tx_.views_by_key(office_.partnership, keys);
    std::vector<people::Arrived> arrived;
    std::vector<Named> brings;
    for (std::size_t n = 0; n < named.size(); ++n) {
        const auto& [part, subject] = named[n];
        const auto whose = record::agency_of(*prepared_.parts[part].named[subject], draft(part).agency);
        const store::ViewRow* view = nullptr;
        for (std::size_t a = 0; a < agencies.size(); ++a) {
            const auto& row = found[n * agencies.size() + a];
            if (row && (view == nullptr || agencies[a] == whose)) view = &*row;
        }
        if (view != nullptr) {
            ready(part).subjects[subject].view = view->view;
            continue;
        }
        auto& identity = draft(part).subjects[subject].identity;
        identity = prepared_.parts[part].named[subject];
        arrived.push_back({draft(part).agency, *identity, draft(part).recorded.value_or(now_), ready(part).id});
        brings.push_back(named[n]);
    }
    if (arrived.empty()) return {};
    const auto resolved = TRY(resolve(arrived));
    for (std::size_t n = 0; n < brings.size(); ++n) {
        auto& kept = ready(brings[n].part).subjects[brings[n].subject];
        kept.view = resolved[n].view;
        kept.version = resolved[n].version;
    }
    return {};
}

// Who is brought into whose record, for the conflict register. Drafts keep their place until the work is done.
std::vector<Brought> Intake::brought_here() {
    std::vector<Brought> out;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i) || !ready(i).record) continue;
        for (const auto& subject : draft(i).subjects) {
            if (subject.identity && !record::names_only(*subject.identity))
                out.push_back({&*subject.identity, ready(i).record});
        }
    }
    return out;
}

// The journal wants one row of entries: what is fresh is moved there and back.
Result<void> Intake::keep() {
    std::vector<record::Ready> entries;
    std::vector<std::size_t> from;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        if (slots_[i].about) ready(i).about = slots_[i].about->entry;
        if (slots_[i].supersedes) ready(i).supersedes = slots_[i].supersedes->entry;
        from.push_back(i);
    }
    if (from.empty()) return {};
    entries.reserve(from.size());
    struct Back {
        Intake& intake;
        std::vector<record::Ready>& entries;
        const std::vector<std::size_t>& from;
        ~Back() {  // also when the store gives up half-way: the drafts are needed when the work runs again
            for (std::size_t k = 0; k < entries.size(); ++k) intake.ready(from[k]) = std::move(entries[k]);
        }
    } back{*this, entries, from};
    for (const auto i : from) entries.push_back(std::move(ready(i)));
    return office_.journal->append(tx_, office_.partnership, permit_, entries,
                                   [this](std::vector<store::EntryRow> rows) { newcomers_.kept(std::move(rows)); });
}

Result<void> Intake::refold() {
    std::vector<ViewId> marked_only;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto record = ready(i).record;
        if (is_fresh(i) && record && !newcomers_.contains(record))
            (slots_[i].marked ? marked_only : touched_).push_back(record);
    }
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    if (!touched_.empty() || !marked_only.empty()) TRY_VOID(refresh(office_, tx_, touched_, marked_only));
    return newcomers_.write(tx_);
}

void Intake::report() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        auto& outcome = outcomes_[prepared_.parts[i].draft];
        if (slots_[i].state == Slot::State::refused) continue;
        EntryId entry = ready(i).id;
        ViewId record = ready(i).record;
        CaseId case_id = ready(i).case_id;
        if (slots_[i].known) {
            entry = slots_[i].known->entry;
            record = slots_[i].known->record;
            case_id = slots_[i].known->case_id;
        } else if (slots_[i].same_as) {
            const auto first = *slots_[i].same_as;
            const auto& known = slots_[first].known;
            if (slots_[first].state == Slot::State::refused) {
                outcome.faults = outcomes_[prepared_.parts[first].draft].faults;
                outcome.taken = Taken::refused;
                continue;
            }
            entry = known ? known->entry : ready(first).id;
            record = known ? known->record : ready(first).record;
            case_id = known ? known->case_id : ready(first).case_id;
        }
        outcome.taken = slots_[i].state == Slot::State::repeated ? Taken::repeated : Taken::taken;
        outcome.entries.push_back(entry);
        outcome.records.push_back(record);
        outcome.cases.push_back(case_id);
    }
}

// One line for each record of a person's write; one for a whole batch of an import, with its count.
void Intake::write_audit() {
    constexpr std::size_t most_lines = 20;
    std::map<std::pair<ViewId, CaseId>, std::vector<EntryId>> by_record;
    std::vector<EntryId> all;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        all.push_back(ready(i).id);
        if (by_record.size() <= most_lines) by_record[{ready(i).record, ready(i).case_id}].push_back(ready(i).id);
    }
    std::vector<record::AuditLine> lines;
    if (by_record.size() > most_lines) {
        lines.push_back(record::audit_line(permit_, now_, ViewId{}, CaseId{}, all, "allowed"));
    } else {
        for (const auto& [of, entries] : by_record) {
            lines.push_back(record::audit_line(permit_, now_, of.first, of.second, entries, "allowed"));
        }
    }
    const bool any_refused =
        std::any_of(outcomes_.begin(), outcomes_.end(), [](const Outcome& one) { return one.taken == Taken::refused; });
    if (any_refused) lines.push_back(record::audit_line(permit_, now_, ViewId{}, CaseId{}, {}, "refused"));
    if (!engine_entries_.empty()) {
        const auto engine = office_.gate->system(permit_.asker().route, record::Action::append);
        lines.push_back(record::audit_line(engine, now_, ViewId{}, CaseId{}, engine_entries_, "allowed"));
    }
    if (!lines.empty()) office_.auditor->keep(tx_, office_.partnership, lines);
}

Result<std::vector<Outcome>> take(const Office& office, store::Transaction& tx, const record::Permit& permit,
                                  Prepared& prepared, const TakeOptions& options) {
    return Intake(office, tx, permit, prepared, options).run();
}

Result<std::vector<Outcome>> take(const Office& office, store::Transaction& tx, const record::Permit& permit,
                                  std::span<const record::Draft> drafts) {
    auto prepared = prepare(office, {drafts.begin(), drafts.end()});
    return take(office, tx, permit, prepared, {});
}

}  // namespace waymark::casework
