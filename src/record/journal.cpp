// Appending and reading entries. What is kept, in which form: docs/formats/.
#include "record/journal.hpp"

#include <algorithm>
#include <future>

#include <fmt/core.h>

#include "record/canonical.hpp"
#include "record/card.hpp"
#include "record/contract_line.hpp"
#include "record/entry_text.hpp"
#include "record/leaf.hpp"
#include "record/prepare.hpp"
#include "record/shape.hpp"

namespace waymark::record {

namespace {

constexpr std::int32_t format_version = 1;
constexpr std::size_t part = 1'000;  // entries that are sealed at a time

auto refuse(const Permit& permit, std::string_view what) {
    return fault(FaultKind::forbidden, std::string(what), fmt::format("not allowed by rule {}", permit.rule()),
                 "ask somebody whose role may");
}

bool may_read(Action action) {
    return action == Action::read || action == Action::search || action == Action::export_record ||
           action == Action::fold || action == Action::decide_identity || action == Action::administer ||
           action == Action::append;
}

// The row of an entry, all but its card.
store::EntryRow row_of(const Ready& ready, Instant kept, std::span<const std::uint8_t, 32> salt) {
    const auto& draft = ready.draft;
    store::EntryRow row;
    row.entry = ready.id;
    row.record = ready.record;
    row.case_id = ready.case_id;
    row.case_seq = ready.case_seq;
    row.agency = draft.agency;
    row.author = draft.author;
    row.kind = draft.kind;
    row.source_id = draft.id;
    row.at = draft.at;
    row.recorded = draft.recorded.value_or(kept);
    row.kept = kept;
    row.about = ready.about;
    row.supersedes = ready.supersedes;
    row.incident = draft.incident;
    row.marking = draft.marking;
    row.digest = ready.digest == Digest{} ? content_digest(draft) : ready.digest;
    std::copy(salt.begin(), salt.end(), row.salt.begin());
    return row;
}

Digest identity_digest(std::span<const std::uint8_t, 32> salt, const Identity& identity) {
    std::string canonical;
    append_identity(canonical, identity);
    return sha256({salt, as_bytes(canonical)});
}

Result<std::vector<KeptSubject>> with_digests(const Ready& ready, std::span<const std::uint8_t, 32> salt) {
    const auto& given = ready.draft.subjects;
    if (given.size() != ready.subjects.size()) {
        return invalid("subjects", "not every subject has been resolved to a view",
                       "resolve them in the order of the draft");
    }
    auto subjects = ready.subjects;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (given[i].person) subjects[i].person = *given[i].person;
        if (subjects[i].version == 0) continue;
        if (!given[i].identity)
            return invalid("subjects", "a version without the identity that it is of", "give the identity");
        subjects[i].identity = identity_digest(salt, *given[i].identity);
    }
    return subjects;
}

Result<void> prepare_one(const Ready& ready, const content::Kind& kind, const Seal& seal, Instant kept,
                         std::span<const std::uint8_t, 32> salt, Prepared& out) {
    const auto subjects = TRY(with_digests(ready, salt));
    const auto carded = card_fields(ready.draft.body, kind);
    auto row = row_of(ready, kept, salt);
    const auto text = write_entry_text(ready.draft, row.recorded, subjects, carded);
    const auto card =
        write_card(involvement_of(subjects, ready.record), ready.draft.happened, ready.draft.basis, carded);
    row.card =
        seal.close(as_bytes(card), {"card", ready.id.value, ready.draft.kind, format_version, ready.record.value});
    out.leaves.push_back({-1, ready.id, leaf_of(row.salt, write_envelope(row), text)});
    out.texts.push_back({ready.id, seal.close(as_bytes(text), {"text", ready.id.value, ready.draft.kind, format_version,
                                                               ready.record.value})});
    out.rows.push_back(std::move(row));
    return {};
}

// What may change who may see what. Links of the matching engine join no restricted child to another quietly: they come
// with the child's first entries, and raising it for each would make every reading beside an import be done again.
bool changes_access(const Permit& permit, std::string_view kind) {
    for (const std::string_view prefix : {"restriction.", "access.", "conflict.", "connection.", "glass."}) {
        if (kind.starts_with(prefix)) return true;
    }
    return kind == "content.adopted" || (kind == "identity.decided" && permit.asker().role != "system");
}

bool in_fold_order(const Entry& a, const Entry& b) {
    return std::tie(a.row.at.instant, a.row.recorded, a.row.entry) <
           std::tie(b.row.at.instant, b.row.recorded, b.row.entry);
}

// How an entry is named outside: by its source's id, or by its own where it has none.
std::string outside_name(const store::EntryRow& row) {
    return row.source_id.empty() ? to_string(row.entry) : row.source_id;
}

// A view by name: who it is at the agency that holds it.
Identity name_of(const store::ViewRow& view, const std::string& agency) {
    Identity name;
    name.source = view.source;
    name.id = view.source_id;
    if (view.agency != agency) name.more.emplace("agency", view.agency);
    return name;
}

// A reference as it was given; where it was given as our own id, or not at all, as the entry is named outside.
std::string reference(store::Snapshot& snapshot, store::Partnership partnership, EntryId to, const std::string& given) {
    if (!to || (!given.empty() && given != to_string(to))) return given;
    const auto found = snapshot.entries(partnership, std::span(&to, 1), store::Want::cards);
    return found.empty() || !found.front() ? to_string(to) : outside_name(found.front()->row);
}

}  // namespace

Result<Prepared> prepare(std::span<const Ready> entries, const content::Catalogue& catalogue, const Seal& seal,
                         Instant kept, Random& random) {
    constexpr std::size_t salt_bytes = 32;
    Bytes salts(entries.size() * salt_bytes);
    random.fill(salts);
    Prepared prepared;
    prepared.rows.reserve(entries.size());
    prepared.texts.reserve(entries.size());
    prepared.leaves.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto* kind = catalogue.find(entries[i].draft.kind);
        if (kind == nullptr) return invalid("kind", "not a kind of entry that is known", "see the list of kinds");
        const std::span<const std::uint8_t, salt_bytes> salt(salts.data() + i * salt_bytes, salt_bytes);
        TRY_VOID(prepare_one(entries[i], *kind, seal, kept, salt, prepared));
    }
    return prepared;
}

Result<Fact> open_fact(store::EntryRow row, const Seal& seal, json::storage_ptr storage) {
    const auto plain = TRY(seal.open(row.card, {"card", row.entry.value, row.kind, format_version, row.record.value}));
    auto card = TRY(read_card(as_text(plain), std::move(storage)));
    return Fact{row.entry,
                std::move(row.kind),
                row.case_id,
                row.record,
                row.at,
                row.recorded,
                std::move(row.agency),
                std::move(row.author),
                row.about,
                row.supersedes,
                std::move(row.incident),
                std::move(row.marking),
                card.involvement,
                std::move(card.happened),
                std::move(card.fields)};
}

Result<void> Journal::append(store::Transaction& tx, store::Partnership partnership, const Permit& permit,
                             std::span<const Ready> entries, const Kept& on_kept) const {
    if (permit.action() != Action::append && permit.action() != Action::decide_identity &&
        permit.action() != Action::administer) {
        return refuse(permit, "append");
    }
    for (const auto& ready : entries) {
        const auto& draft = ready.draft;
        if (!permit.covers(draft.kind, draft.marking, draft.agency)) return refuse(permit, draft.kind);
    }
    if (std::any_of(entries.begin(), entries.end(),
                    [&](const Ready& ready) { return changes_access(permit, ready.draft.kind); })) {
        tx.raise_access_epoch(partnership);
    }
    // Of many entries a part is sealed and hashed beside the inserting of the part before it.
    const auto kept = clock_.now();
    const auto sealed = [this, kept](std::span<const Ready> some) {
        return prepare(some, catalogue_, seal_, kept, random_);
    };
    auto next = sealed(entries.first(std::min(entries.size(), part)));
    for (std::size_t from = 0; from < entries.size(); from += part) {
        auto prepared = TRY(std::move(next));
        std::future<Result<Prepared>> beside;
        if (from + part < entries.size()) {
            const auto some = entries.subspan(from + part, std::min(part, entries.size() - from - part));
            beside = std::async(std::launch::async, sealed, some);
        }
        tx.insert_entries(partnership, prepared.rows, prepared.texts, prepared.leaves);
        if (on_kept) on_kept(std::move(prepared.rows));
        if (beside.valid()) next = beside.get();
    }
    return {};
}

Result<std::vector<Entry>> Journal::read(store::Snapshot& snapshot, store::Partnership partnership,
                                         const Permit& permit, std::span<const ViewId> records, store::Want want,
                                         std::size_t limit) const {
    if (!may_read(permit.action())) return refuse(permit, "read");
    std::vector<Entry> entries;
    for (auto& kept : snapshot.entries_of_records(partnership, records, want, limit)) {
        if (auto entry = TRY(open_under(permit, kept))) entries.push_back(std::move(*entry));
    }
    std::sort(entries.begin(), entries.end(), in_fold_order);
    return entries;
}

// What there is not and what may not be seen are left out alike.
Result<std::vector<Entry>> Journal::read_entries(store::Snapshot& snapshot, store::Partnership partnership,
                                                 const Permit& permit, std::span<const EntryId> ids,
                                                 store::Want want) const {
    if (!may_read(permit.action())) return refuse(permit, "read");
    std::vector<Entry> entries;
    for (auto& kept : snapshot.entries(partnership, ids, want)) {
        if (!kept) continue;
        if (auto entry = TRY(open_under(permit, *kept))) entries.push_back(std::move(*entry));
    }
    return entries;
}

// The facts of one call share one arena: they are made together and mostly thrown away together.
Result<std::vector<Fact>> Journal::facts(store::Snapshot& snapshot, store::Partnership partnership,
                                         const Permit& permit, std::span<const ViewId> records,
                                         std::size_t limit) const {
    if (!may_read(permit.action())) return refuse(permit, "fold");
    return open_cards(permit, snapshot.entries_of_records(partnership, records, store::Want::cards, limit));
}

Result<std::vector<Fact>> Journal::open_cards(const Permit& permit, std::vector<store::WholeEntry> rows) const {
    if (!may_read(permit.action())) return refuse(permit, "fold");
    const auto arena = json::make_shared_resource<json::monotonic_resource>();
    std::vector<Fact> facts;
    facts.reserve(rows.size());
    for (auto& kept : rows) {
        // Of what is seen by its date only, no rule may tell more.
        if (permit.depth(kept.row.kind, kept.row.marking, kept.row.agency) < Depth::summary) continue;
        facts.push_back(TRY(open_fact(std::move(kept.row), seal_, arena)));
    }
    std::sort(facts.begin(), facts.end(), folds_before);
    return facts;
}

// As much as the permit shows: all of it; its card; or that there is an entry, and when.
Result<std::optional<Entry>> Journal::open_under(const Permit& permit, store::WholeEntry& kept) const {
    const auto depth = permit.depth(kept.row.kind, kept.row.marking, kept.row.agency);
    if (depth == Depth::none) return std::optional<Entry>{};
    if (depth == Depth::summary) kept.text.clear();
    if (depth != Depth::dates) return std::optional(TRY(open(kept)));
    Entry entry;
    entry.row.entry = kept.row.entry;
    entry.row.record = kept.row.record;
    entry.row.at = kept.row.at;
    entry.row.recorded = kept.row.recorded;
    entry.row.marking = kept.row.marking;
    return std::optional(std::move(entry));
}

Result<Fact> Journal::open_card(const store::EntryRow& row) const {
    return open_fact(row, seal_, {});
}

Result<Entry> Journal::open(const store::WholeEntry& kept) const {
    Entry entry;
    entry.row = kept.row;
    entry.row.card.clear();
    if (kept.text.empty()) {
        auto card = TRY(read_card(as_text(TRY(seal_.open(
            kept.row.card, {"card", kept.row.entry.value, kept.row.kind, format_version, kept.row.record.value})))));
        entry.happened = std::move(card.happened);
        entry.involvement = card.involvement;
        entry.body = std::move(card.fields);
        entry.basis = std::move(card.basis);
        return entry;
    }
    const auto plain = TRY(
        seal_.open(kept.text, {"text", kept.row.entry.value, kept.row.kind, format_version, kept.row.record.value}));
    auto text = TRY(read_entry_text(as_text(plain)));
    entry.happened = std::move(text.happened);
    entry.involvement = involvement_of(text.subjects, kept.row.record);
    entry.subjects = std::move(text.subjects);
    entry.body = std::move(text.body);
    entry.basis = std::move(text.basis);
    entry.case_key = std::move(text.case_key);
    entry.about_given = std::move(text.about);
    entry.supersedes_given = std::move(text.supersedes);
    entry.whole = true;
    return entry;
}

Result<json::object> Journal::to_contract(store::Snapshot& snapshot, store::Partnership partnership, const Entry& entry,
                                          Naming naming) const {
    if (!entry.whole) return invalid("entry", "only its card was read", "read the whole entry");
    std::vector<std::optional<Identity>> identities(entry.subjects.size());
    for (std::size_t i = 0; i < entry.subjects.size(); ++i) {
        const auto& subject = entry.subjects[i];
        if (subject.version != 0) {
            for (const auto& version : snapshot.view_versions(partnership, std::span(&subject.view, 1))) {
                if (version.version == subject.version)
                    identities[i] = TRY(open_identity(version.identity, version.view, version.version));
            }
            if (!identities[i])
                return invalid("subjects", "an identity that the entry brought is gone", "run `waymark verify`");
        } else if (naming == Naming::all || !subject.person) {
            // It brought nothing: it named a view that is held.
            const auto view = snapshot.views(partnership, std::span(&subject.view, 1));
            if (!view.empty() && view.front()) identities[i] = name_of(*view.front(), entry.row.agency);
        }
    }
    const auto& row = entry.row;
    const auto about = reference(snapshot, partnership, row.about, entry.about_given);
    const auto supersedes = reference(snapshot, partnership, row.supersedes, entry.supersedes_given);
    const auto id = outside_name(row);
    Line line{row.kind, row.at, &entry.happened, row.recorded, row.agency,  row.author, {}, row.incident, &entry.body,
              about,    id,     entry.case_key,  entry.basis,  row.marking, supersedes};
    for (std::size_t i = 0; i < entry.subjects.size(); ++i) {
        const auto& subject = entry.subjects[i];
        line.subjects.push_back({subject.involvement, identities[i] ? &*identities[i] : nullptr,
                                 subject.person ? to_string(subject.person) : std::string()});
    }
    return write_line(line);
}

Bytes Journal::seal_identity(const Identity& identity, ViewId view, std::int32_t version) const {
    std::string canonical;
    append_identity(canonical, identity);
    return seal_.close(as_bytes(canonical), {"identity", view.value, "", version});
}

Result<Identity> Journal::open_identity(ByteView sealed, ViewId view, std::int32_t version) const {
    const auto plain = TRY(seal_.open(sealed, {"identity", view.value, "", version}));
    const auto unreadable = [] {
        return invalid("identity", "a kept identity cannot be read",
                       "run `waymark verify`, and restore from a back-up");
    };
    const auto value = parse_json(as_text(plain));
    if (!value || !value->is_object()) return unreadable();
    Faults faults;
    auto identity = read_identity(value->get_object(), "identity", faults);
    if (!faults.empty()) return unreadable();
    return identity;
}

}  // namespace waymark::record
