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
           action == Action::append || action == Action::reveal_address;
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

Bound card_bound(const store::EntryRow& row) {
    return {"card", row.entry.value, row.kind, format_version, row.record.value};
}
Bound text_bound(const store::EntryRow& row) {
    return {"text", row.entry.value, row.kind, format_version, row.record.value};
}

// The card and text of an entry on its way into the store: they are sealed many at a time.
struct Unsealed {
    std::string card;
    std::string text;
};

Result<Unsealed> prepare_one(const Ready& ready, const content::Kind& kind, Instant kept,
                             std::span<const std::uint8_t, 32> salt, Prepared& out) {
    const auto subjects = TRY(with_digests(ready, salt));
    const auto carded = card_fields(ready.draft.body, kind);
    auto row = row_of(ready, kept, salt);
    Unsealed one;
    one.text = write_entry_text(ready.draft, row.recorded, subjects, carded);
    one.card = write_card(involvement_of(subjects, ready.record), ready.draft.happened, ready.draft.basis, carded);
    out.leaves.push_back({-1, ready.id, leaf_of(row.salt, write_envelope(row), one.text)});
    out.rows.push_back(std::move(row));
    return one;
}

// Seals the cards and texts of the newest rows.
void seal_newest(const Seal& seal, std::span<const Unsealed> some, Prepared& out) {
    const auto rows = std::span(out.rows).last(some.size());
    std::vector<Seal::Piece> pieces;
    pieces.reserve(2 * some.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
        pieces.push_back({as_bytes(some[i].card), card_bound(rows[i])});
        pieces.push_back({as_bytes(some[i].text), text_bound(rows[i])});
    }
    auto sealed = seal.close_each(pieces);
    for (std::size_t i = 0; i < some.size(); ++i) {
        rows[i].card = std::move(sealed[2 * i]);
        out.texts.push_back({rows[i].entry, std::move(sealed[2 * i + 1])});
    }
}

// What of a row goes into a fact is taken from it, or copied.
template <class Row>
Result<Fact> fact_of(Row&& row, ByteView card_bytes, json::storage_ptr storage) {
    auto card = TRY(read_card(as_text(card_bytes), std::move(storage)));
    return Fact{row.entry,
                std::forward<Row>(row).kind,
                row.case_id,
                row.record,
                row.at,
                row.recorded,
                std::forward<Row>(row).agency,
                std::forward<Row>(row).author,
                row.about,
                row.supersedes,
                std::forward<Row>(row).incident,
                std::forward<Row>(row).marking,
                card.involvement,
                std::move(card.happened),
                std::move(card.fields)};
}

// Rows come in the fold order from one record; from several they are put into it.
template <class Items, class Before>
void put_in_order(Items& items, Before before) {
    if (!std::is_sorted(items.begin(), items.end(), before)) std::sort(items.begin(), items.end(), before);
}

// The facts of one call share one arena: they are made together and mostly thrown away together. Of what is seen by its
// date only, no rule may tell more.
template <class Taken>
Result<std::vector<Fact>> facts_of(const Permit& permit, const Seal& seal, std::span<store::WholeEntry> rows,
                                   Taken taken) {
    const auto arena = json::make_shared_resource<json::monotonic_resource>();
    std::vector<std::size_t> shown;
    std::vector<Seal::Piece> cards;
    shown.reserve(rows.size());
    cards.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i].row;
        if (permit.depth(row.kind, row.marking, row.agency) < Depth::summary) continue;
        shown.push_back(i);
        cards.push_back({row.card, card_bound(row)});
    }
    std::vector<Fact> facts;
    facts.reserve(shown.size());
    TRY_VOID(seal.open_each(cards, [&](std::size_t i, ByteView plain) -> Result<void> {
        facts.push_back(TRY(fact_of(taken(rows[shown[i]].row), plain, arena)));
        return {};
    }));
    put_in_order(facts, folds_before);
    return facts;
}

Seal::Piece piece_of(const store::WholeEntry& kept) {
    if (kept.text.empty()) return {kept.row.card, card_bound(kept.row)};
    return {kept.text, text_bound(kept.row)};
}

// What card or text say, which were opened.
Result<void> fill_in(const content::Catalogue& catalogue, Entry& entry, bool whole, ByteView plain) {
    if (!whole) {
        auto card = TRY(read_card(as_text(plain)));
        entry.happened = std::move(card.happened);
        entry.involvement = card.involvement;
        entry.body = std::move(card.fields);
        entry.basis = std::move(card.basis);
        return {};
    }
    auto text = TRY(read_entry_text(as_text(plain)));
    entry.happened = std::move(text.happened);
    entry.involvement = involvement_of(text.subjects, entry.row.record);
    entry.subjects = std::move(text.subjects);
    entry.body = std::move(text.body);
    entry.basis = std::move(text.basis);
    entry.case_key = std::move(text.case_key);
    entry.about_given = std::move(text.about);
    entry.supersedes_given = std::move(text.supersedes);
    if (const auto* kind = catalogue.find(entry.row.kind))
        protect(entry.body, *kind, entry.protected_address, to_string(entry.row.entry));
    entry.whole = true;
    return {};
}

// That there is an entry, and when.
void fill_in_dates(Entry& entry, const store::EntryRow& row) {
    entry.row.entry = row.entry;
    entry.row.record = row.record;
    entry.row.at = row.at;
    entry.row.recorded = row.recorded;
    entry.row.marking = row.marking;
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
    constexpr std::size_t sealed_at_once = 64;
    std::vector<Unsealed> unsealed;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto* kind = catalogue.find(entries[i].draft.kind);
        if (kind == nullptr) return invalid("kind", "not a kind of entry that is known", "see the list of kinds");
        const std::span<const std::uint8_t, salt_bytes> salt(salts.data() + i * salt_bytes, salt_bytes);
        unsealed.push_back(TRY(prepare_one(entries[i], *kind, kept, salt, prepared)));
        if (unsealed.size() < sealed_at_once && i + 1 < entries.size()) continue;
        seal_newest(seal, unsealed, prepared);
        unsealed.clear();
    }
    return prepared;
}

Result<Fact> open_fact(store::EntryRow row, const Seal& seal, json::storage_ptr storage) {
    const auto plain = TRY(seal.open(row.card, card_bound(row)));
    return fact_of(std::move(row), plain, std::move(storage));
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
    auto rows = snapshot.entries_of_records(partnership, records, want, limit);
    auto entries = TRY(open_under(permit, rows));
    put_in_order(entries, in_fold_order);
    return entries;
}

Result<Journal::Known> Journal::read_and_facts(store::Snapshot& snapshot, store::Partnership partnership,
                                               const Permit& permit, std::span<const ViewId> records,
                                               std::size_t limit) const {
    if (!may_read(permit.action())) return refuse(permit, "read");
    auto rows = snapshot.entries_of_records(partnership, records, store::Want::whole, limit);
    Known known;
    known.facts = TRY(facts_of(
        permit, seal_, rows, [](const store::EntryRow& row) -> const auto& { return row; }));
    known.entries = TRY(open_under(permit, rows));
    put_in_order(known.entries, in_fold_order);
    return known;
}

// What there is not and what may not be seen are left out alike.
Result<std::vector<Entry>> Journal::read_entries(store::Snapshot& snapshot, store::Partnership partnership,
                                                 const Permit& permit, std::span<const EntryId> ids,
                                                 store::Want want) const {
    if (!may_read(permit.action())) return refuse(permit, "read");
    std::vector<store::WholeEntry> rows;
    rows.reserve(ids.size());
    for (auto& kept : snapshot.entries(partnership, ids, want)) {
        if (kept) rows.push_back(std::move(*kept));
    }
    return open_under(permit, rows);
}

Result<std::vector<Fact>> Journal::facts(store::Snapshot& snapshot, store::Partnership partnership,
                                         const Permit& permit, std::span<const ViewId> records,
                                         std::size_t limit) const {
    if (!may_read(permit.action())) return refuse(permit, "fold");
    return open_cards(permit, snapshot.entries_of_records(partnership, records, store::Want::cards, limit));
}

Result<std::vector<Fact>> Journal::open_cards(const Permit& permit, std::vector<store::WholeEntry> rows) const {
    if (!may_read(permit.action())) return refuse(permit, "fold");
    return facts_of(
        permit, seal_, rows, [](store::EntryRow & row) -> auto&& { return std::move(row); });
}

Result<Fact> Journal::open_card(const store::EntryRow& row) const {
    return open_fact(row, seal_, {});
}

// As much of each as the permit shows: all of it; its card; or its date.
Result<std::vector<Entry>> Journal::open_under(const Permit& permit, std::span<store::WholeEntry> rows) const {
    struct Place {
        std::size_t row;
        std::size_t entry;
    };
    std::vector<Entry> entries;
    std::vector<Seal::Piece> pieces;
    std::vector<Place> places;
    entries.reserve(rows.size());
    pieces.reserve(rows.size());
    places.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& kept = rows[i];
        const auto depth = permit.depth(kept.row.kind, kept.row.marking, kept.row.agency);
        if (depth == Depth::none) continue;
        auto& entry = entries.emplace_back();
        if (depth == Depth::dates) {
            fill_in_dates(entry, kept.row);
            continue;
        }
        if (depth == Depth::summary) kept.text.clear();
        pieces.push_back(piece_of(kept));
        places.push_back({i, entries.size() - 1});
    }
    TRY_VOID(seal_.open_each(pieces, [&](std::size_t i, ByteView plain) -> Result<void> {
        auto& kept = rows[places[i].row];
        auto& entry = entries[places[i].entry];
        entry.row = std::move(kept.row);
        entry.row.card.clear();
        return fill_in(catalogue_, entry, !kept.text.empty(), plain);
    }));
    return entries;
}

Result<Entry> Journal::open(const store::WholeEntry& kept) const {
    const auto [sealed, bound] = piece_of(kept);
    const auto plain = TRY(seal_.open(sealed, bound));
    Entry entry;
    entry.row = kept.row;
    entry.row.card.clear();
    TRY_VOID(fill_in(catalogue_, entry, !kept.text.empty(), plain));
    return entry;
}

Result<json::object> Journal::to_contract(store::Snapshot& snapshot, store::Partnership partnership, const Entry& entry,
                                          Naming naming, const Reveal& reveal) const {
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
    auto body = entry.body;
    if (reveal && !entry.protected_address.empty()) {
        if (const auto plain = reveal(entry.protected_address, row.kind, row.marking)) {
            for (const auto& field : plain->more) body.insert_or_assign(field.key(), field.value());
        }
    }
    Line line{row.kind, row.at, &entry.happened, row.recorded, row.agency,  row.author, {}, row.incident, &body,
              about,    id,     entry.case_key,  entry.basis,  row.marking, supersedes};
    std::vector<std::optional<ProtectedAddress::Plain>> revealed(entry.subjects.size());
    for (std::size_t i = 0; i < entry.subjects.size(); ++i) {
        const auto& subject = entry.subjects[i];
        if (reveal && identities[i] && !identities[i]->protected_address.empty()) {
            revealed[i] = reveal(identities[i]->protected_address, "identity.recorded", row.marking);
        }
        line.subjects.push_back({subject.involvement, identities[i] ? &*identities[i] : nullptr,
                                 revealed[i] ? &*revealed[i] : nullptr,
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
