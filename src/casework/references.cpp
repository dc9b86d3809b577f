// What an entry points at: `about`, `supersedes`, `person`. A source writes them in its own words; an unknown one is
// refused by the name of its field, one that could mean several is refused with how to say which.
#include <algorithm>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include "casework/intake.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

namespace {

using Words = std::pair<std::string, std::string>;  // agency, id

struct Lookup {
    std::map<Words, std::optional<store::KnownEntry>> by_source;
    std::unordered_map<EntryId, store::KnownEntry> by_uuid;

    const store::KnownEntry* find(const Words& words) const {
        const auto found = by_source.find(words);
        return found == by_source.end() || !found->second ? nullptr : &*found->second;
    }
};

// "agency/id" in words, where the first part is an agency.
std::optional<Words> qualified(const Office& office, const std::string& reference) {
    const auto slash = reference.find('/');
    if (slash == std::string::npos) return std::nullopt;
    auto agency = reference.substr(0, slash);
    if (agency != engine_agency && office.profile.agency(agency) == nullptr) return std::nullopt;
    return Words{std::move(agency), reference.substr(slash + 1)};
}

// The n-th child's entry is about the n-th child's, where the source knows both under one id.
std::string for_child(const std::string& reference, std::size_t nth) {
    return nth == 0 ? std::string{} : fmt::format("{}/{}", reference, nth + 1);
}

void look_up(store::Snapshot& snapshot, store::Partnership partnership, const std::set<Words>& words, Lookup& into) {
    std::vector<store::SourceKey> keys;
    for (const auto& one : words) {
        if (!into.by_source.contains(one)) keys.push_back({one.first, one.second});
    }
    if (keys.empty()) return;
    auto found = snapshot.entries_by_source(partnership, keys);
    for (std::size_t k = 0; k < keys.size(); ++k) {
        into.by_source[{std::move(keys[k].agency), std::move(keys[k].id)}] = std::move(found[k]);
    }
}

// What somebody who writes may point at: what they may see, and what they wrote themselves.
class Readable {
public:
    static Result<Readable> of(const Office& office, store::Snapshot& snapshot, const record::Permit& writes,
                               bool everything) {
        Readable readable(office, snapshot, writes.asker(), everything);
        if (everything) return readable;
        const auto reads = office.gate->ask(writes.asker(), record::Action::read);
        if (reads) readable.knowing_.emplace(TRY(Knowing::of(office, snapshot, *reads)));
        return readable;
    }
    // Whether the asker may know that there is this record of a child. What may be searched for may be named.
    bool knows_of(const store::ViewRow& view) {
        if (everything_) return true;
        if (!knowing_) return view.agency == asker_.agency;
        const auto child = knowing_->named(view.view);
        return child || child.error().kind != FaultKind::missing;
    }
    bool sees(const store::EntryRow& row) {
        if (everything_ || (row.agency == asker_.agency && row.author == asker_.practitioner)) return true;
        const auto view = snapshot_->views(office_->partnership, std::vector{row.record}).front();
        if (!knowing_ || !view) return false;
        const auto permit = knowing_->person(view->person);
        return permit && permit->depth(row.kind, row.marking, row.agency) != record::Depth::none;
    }

private:
    Readable(const Office& office, store::Snapshot& snapshot, record::Asker asker, bool everything)
        : office_(&office), snapshot_(&snapshot), asker_(std::move(asker)), everything_(everything) {}

    const Office* office_;
    store::Snapshot* snapshot_;
    record::Asker asker_;
    bool everything_;
    std::optional<Knowing> knowing_;
};

Target target_of(const store::KnownEntry& known) {
    return {known.entry, known.record, known.case_id, std::nullopt};
}

}  // namespace

Result<void> Intake::leave_readable(std::vector<Target>& targets) {
    auto readable = TRY(Readable::of(office_, tx_, permit_, false));
    std::vector<EntryId> ids;
    for (const auto& one : targets) ids.push_back(one.entry);
    std::unordered_set<EntryId> seen;
    for (const auto& entry : tx_.entries(office_.partnership, ids, store::Want::cards)) {
        if (entry && readable.sees(entry->row)) seen.insert(entry->row.entry);
    }
    std::erase_if(targets, [&](const Target& one) { return !one.part && !seen.contains(one.entry); });
    return {};
}

Result<void> Intake::find_references() {
    struct Reference {
        std::size_t part;
        const std::string* text;
        std::optional<Target> Slot::*into;
        const char* place;
    };
    std::vector<Reference> references;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        if (!draft(i).about.empty()) references.push_back({i, &draft(i).about, &Slot::about, "about"});
        if (!draft(i).supersedes.empty())
            references.push_back({i, &draft(i).supersedes, &Slot::supersedes, "supersedes"});
    }
    if (references.empty()) return {};

    // An earlier entry of the batch, by its agency and id.
    const auto in_batch = [&](const Words& words, std::size_t before) -> std::optional<Target> {
        const auto found = sources_.find({words.first, words.second});
        if (found == sources_.end() || found->second >= before) return std::nullopt;
        const auto part = found->second;
        if (slots_[part].state == Slot::State::refused) return std::nullopt;
        if (slots_[part].known) return target_of(*slots_[part].known);
        return Target{ready(part).id, {}, {}, part};
    };

    Lookup lookup;
    {
        std::set<Words> words;
        std::vector<EntryId> uuids;
        for (const auto& [part, text, into, place] : references) {
            const auto nth = prepared_.parts[part].nth;
            if (nth > 0) words.insert({draft(part).agency, for_child(*text, nth)});
            if (!in_batch({draft(part).agency, *text}, part)) words.insert({draft(part).agency, *text});
            if (auto full = qualified(office_, *text)) words.insert(std::move(*full));
            if (const auto uuid = text->size() == 36 ? parse_uuid(*text) : Result<Uuid>(invalid("", ""))) {
                uuids.push_back(EntryId{*uuid});
            }
        }
        look_up(tx_, office_.partnership, words, lookup);
        const auto found = uuids.empty() ? std::vector<std::optional<store::WholeEntry>>{}
                                         : tx_.entries(office_.partnership, uuids, store::Want::cards);
        for (const auto& one : found) {
            if (!one) continue;
            const auto& row = one->row;
            lookup.by_uuid[row.entry] = {row.entry, row.record, row.case_id, row.agency, row.kind, row.digest};
        }
    }

    const auto named = [&](const Words& words, std::size_t before) -> std::optional<Target> {
        if (auto found = in_batch(words, before)) return found;
        if (const auto* known = lookup.find(words)) return target_of(*known);
        return std::nullopt;
    };
    const auto find = [&](const Reference& reference) -> std::optional<Target> {
        const auto& [part, text, into, place] = reference;
        const auto& agency = draft(part).agency;
        if (const auto nth = prepared_.parts[part].nth; nth > 0) {
            if (auto found = named({agency, for_child(*text, nth)}, part)) return found;
        }
        if (auto found = named({agency, *text}, part)) return found;
        if (text->size() == 36) {
            if (const auto uuid = parse_uuid(*text)) {
                const auto found = lookup.by_uuid.find(EntryId{*uuid});
                if (found != lookup.by_uuid.end()) return target_of(found->second);
            }
        }
        const auto full = qualified(office_, *text);
        return full ? named(*full, part) : std::nullopt;
    };

    // An answer that is made in the same microsecond as what it answers still folds after it.
    const auto after = [&](EntryId& id, EntryId answered) {
        constexpr int most_tries = 64;
        for (int n = 0; id < answered && n < most_tries; ++n) id = EntryId{make_uuid7(office_.clock, office_.random)};
    };

    // In the order of the batch, so that a reference to what has just been refused is refused too. What is found under
    // no name of the agency's own may be another agency's; those are looked up together, once.
    std::vector<std::string_view> agencies;
    for (const auto& agency : office_.profile.agencies) agencies.push_back(agency.key);
    std::set<Words> elsewhere;
    for (const auto& reference : references) {
        if (find(reference)) continue;
        for (const auto agency : agencies) elsewhere.insert({std::string(agency), *reference.text});
    }
    look_up(tx_, office_.partnership, elsewhere, lookup);

    for (const auto& reference : references) {
        if (!is_fresh(reference.part)) continue;
        auto found = find(reference);
        std::vector<Target> others;
        if (!found) {
            for (const auto agency : agencies) {
                if (auto other = named({std::string(agency), *reference.text}, reference.part))
                    others.push_back(std::move(*other));
            }
            // Which of several is meant is asked of who may know that there are several.
            if (others.size() > 1 && !asked_by_machine()) TRY_VOID(leave_readable(others));
            if (!others.empty()) found = others.front();
        }
        if (others.size() > 1) {
            refuse(reference.part, {FaultKind::invalid, reference.place, "Several agencies have an entry with this id.",
                                    "Write it as \"agency/id\", or give the entry's uuid."});
        } else if (!found) {
            refuse(reference.part, {FaultKind::invalid, reference.place, "There is no entry with this id.",
                                    "Send that entry first, or write \"agency/id\" where another agency made it."});
        } else {
            after(ready(reference.part).id, found->entry);
            slots_[reference.part].*reference.into = found;
        }
    }
    return {};
}

// A person is named by an id that the asker may know: of another's it is said that there is none. A verb has looked
// already at whom it may be about, which for an answer is more than its writer may read.
Result<void> Intake::check_persons() {
    std::vector<ViewId> ids;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i)) continue;
        for (const auto& subject : draft(i).subjects) {
            if (subject.person) ids.push_back(*subject.person);
        }
    }
    if (ids.empty()) return {};
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    auto readable = TRY(Readable::of(office_, tx_, permit_, asked_by_machine() || options_.by_verb));
    for (const auto& view : tx_.views(office_.partnership, ids)) {
        if (view && readable.knows_of(*view)) known_persons_.insert(view->view);
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        for (std::size_t s = 0; is_fresh(i) && s < draft(i).subjects.size(); ++s) {
            const auto& person = draft(i).subjects[s].person;
            if (!person || known_persons_.contains(*person) || prepared_.parts[i].named[s]) continue;
            refuse(i, {FaultKind::invalid, fmt::format("subjects[{}].person", s), "There is no person with this id.",
                       "Give the person's identity instead."});
        }
    }
    return {};
}

// A source that knows an incident with several children under one id means, for each child, that child's entry.
void Intake::to_the_same_child() {
    constexpr std::size_t most_children = 9;
    const auto record_of = [&](const Target& target) {
        return target.part ? ready(*target.part).record : target.record;
    };
    std::vector<std::size_t> mismatched;
    std::set<ViewId> views;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!is_fresh(i) || !slots_[i].about || !ready(i).record) continue;
        const auto of = record_of(*slots_[i].about);
        if (!of || of == ready(i).record) continue;
        mismatched.push_back(i);
        views.insert(of);
        views.insert(ready(i).record);
    }
    if (mismatched.empty()) return;

    std::unordered_map<ViewId, ViewId> person;
    const auto learn = [&](const std::set<ViewId>& ids) {
        const std::vector<ViewId> asked(ids.begin(), ids.end());
        for (const auto& view : tx_.views(office_.partnership, asked)) {
            if (view) person[view->view] = view->person;
        }
    };
    learn(views);
    std::set<Words> words;
    const auto siblings = [&](std::size_t i) {
        const auto full = qualified(office_, draft(i).about);
        std::vector<Words> of;
        for (std::size_t n = 1; n < most_children; ++n) {
            of.push_back({draft(i).agency, for_child(draft(i).about, n)});
            if (full) of.push_back({full->first, for_child(full->second, n)});
        }
        return of;
    };
    std::erase_if(mismatched,
                  [&](std::size_t i) { return person[record_of(*slots_[i].about)] == person[ready(i).record]; });
    for (const auto i : mismatched) {
        for (auto& one : siblings(i)) words.insert(std::move(one));
    }
    Lookup lookup;
    look_up(tx_, office_.partnership, words, lookup);
    views.clear();
    for (const auto& [key, known] : lookup.by_source) {
        if (known && known->record) views.insert(known->record);
    }
    for (const auto& [key, part] : sources_) {
        if (ready(part).record) views.insert(ready(part).record);
    }
    learn(views);
    for (const auto i : mismatched) {
        for (const auto& key : siblings(i)) {
            Target target;
            if (const auto* known = lookup.find(key)) {
                target = target_of(*known);
            } else if (const auto part = sources_.find({key.first, key.second});
                       part != sources_.end() && part->second < i && is_fresh(part->second)) {
                target = {ready(part->second).id, ready(part->second).record, {}, part->second};
            } else {
                continue;
            }
            if (target.record && person[target.record] == person[ready(i).record]) {
                slots_[i].about = target;
                break;
            }
        }
    }
}

// What may always be told may be told of whoever it is.
bool Intake::asks_about_child(std::size_t part) {
    return is_fresh(part) && !office_.gate->policy().always.contains(draft(part).kind);
}

// Refers to nothing that the asker may not see, whatever the kind: there is no such entry. A verb has looked already.
Result<void> Intake::check_targets() {
    if (asked_by_machine() || options_.by_verb) return {};
    std::vector<EntryId> ids;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        for (const auto& target : {slots_[i].about, slots_[i].supersedes}) {
            if (is_fresh(i) && target && target->record && !target->part) ids.push_back(target->entry);
        }
    }
    if (ids.empty()) return {};
    auto readable = TRY(Readable::of(office_, tx_, permit_, false));
    std::unordered_set<EntryId> seen;
    for (const auto& entry : tx_.entries(office_.partnership, ids, store::Want::cards)) {
        if (entry && readable.sees(entry->row)) seen.insert(entry->row.entry);
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto check = [&](const std::optional<Target>& target, const char* place) {
            if (!is_fresh(i) || !target || !target->record || target->part || seen.contains(target->entry)) return;
            refuse(i, {FaultKind::invalid, place, "There is no entry with this id.",
                       "Send that entry first, or write \"agency/id\" where another agency made it."});
        };
        check(slots_[i].about, "about");
        check(slots_[i].supersedes, "supersedes");
    }
    return {};
}

// Whether the asker may write in these children's records. A child of whom the asker may not know is answered as one
// who is not there: by an id, that there is none; by a name, as if the child were new.
Result<void> Intake::check_children() {
    if (asked_by_machine()) return {};
    std::vector<ViewId> records;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (asks_about_child(i) && ready(i).record) records.push_back(ready(i).record);
    }
    if (records.empty()) return {};
    std::unordered_map<ViewId, ViewId> person;
    for (const auto& view : tx_.views(office_.partnership, records)) {
        if (view) person[view->view] = view->person;
    }
    auto knowing = TRY(Knowing::of(office_, tx_, permit_));
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!asks_about_child(i) || !ready(i).record) continue;
        // The entry that breaks the glass is asked for as if it were broken.
        const auto child = person[ready(i).record];
        const auto permit = draft(i).kind == "glass.broken" ? knowing.if_broken(child) : knowing.person(child);
        if (permit) continue;
        if (permit.error().kind != FaultKind::missing) {
            refuse(i, permit.error());
            continue;
        }
        const auto& subjects = draft(i).subjects;
        const bool by_id = std::any_of(subjects.begin(), subjects.end(), [&](const record::Subject& subject) {
            return subject.person && person[*subject.person] == person[ready(i).record];
        });
        if (by_id) {
            refuse(i, {FaultKind::invalid, "subjects[0].person", "There is no person with this id.",
                       "Give the person's identity instead."});
        } else if (!knowing.reaches_everybody()) {
            sharing::Standing as_new;
            as_new.relationship = sharing::Relationship::known;
            if (const auto allowed = office_.gate->narrow(permit_, as_new); !allowed) refuse(i, allowed.error());
        }
    }
    return {};
}

}  // namespace waymark::casework
