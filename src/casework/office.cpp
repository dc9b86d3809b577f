// Founding a partnership, opening it for work, and adopting newer content.
#include <algorithm>

#include <fmt/format.h>

#include "casework/keys.hpp"
#include "casework/models.hpp"
#include "casework/two_persons.hpp"
#include "record/staff.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view signing_secret = "signing-key";
constexpr std::string_view token_secret = "token-key";
constexpr std::string_view adopted_kind = "content.adopted";

record::Bound secret_bound(std::string_view name) {
    return {"secret", Uuid{}, name, 1};
}

record::Ready adoption(const Adopted& adopted, Instant now, const Clock& clock, Random& random) {
    record::Ready ready;
    ready.id = EntryId{make_uuid7(clock, random)};
    ready.draft.kind = adopted_kind;
    ready.draft.at = {now, false};
    ready.draft.recorded = now;
    ready.draft.agency = engine_agency;
    ready.draft.author = "operator";
    ready.draft.id = fmt::format("adopted:{}:{}:{}", adopted.what, adopted.name, to_string(now));
    ready.draft.body = {{"what", adopted.what},
                        {"name", adopted.name},
                        {"version", adopted.version},
                        {"text", adopted.text},
                        {"digest", to_hex(sha256(as_bytes(adopted.text)))}};
    ready.digest = record::content_digest(ready.draft);
    return ready;
}

std::vector<record::Ready> adoptions(std::span<const Adopted> adopted, const Clock& clock, Random& random) {
    const auto now = clock.now();
    std::vector<record::Ready> entries;
    for (const auto& one : adopted) entries.push_back(adoption(one, now, clock, random));
    return entries;
}

std::vector<EntryId> ids_of(std::span<const record::Ready> entries) {
    std::vector<EntryId> ids;
    for (const auto& one : entries) ids.push_back(one.id);
    return ids;
}

// Everything that was ever adopted, as the record holds it.
Result<std::vector<Editions::At>> adopted_in(store::Snapshot& snapshot, store::Partnership partnership,
                                             const record::Journal& journal) {
    std::vector<Editions::At> all;
    for (const auto& kept : snapshot.partnership_entries(partnership, adopted_kind, store::Want::whole)) {
        const auto entry = TRY(journal.open(kept));
        all.push_back(
            {entry.row.at.instant,
             {std::string(string_or(entry.body, "what", "")), std::string(string_or(entry.body, "name", "")),
              std::string(string_or(entry.body, "version", "")), std::string(string_or(entry.body, "text", ""))},
             entry.row.author});
    }
    return all;
}

Result<Bytes> open_secret(store::Snapshot& snapshot, store::Partnership partnership, const record::Seal& seal,
                          std::string_view name, std::size_t size) {
    const auto sealed = snapshot.secret(partnership, name);
    if (!sealed) {
        return fault(FaultKind::missing, std::string(name), "The store holds no such key.",
                     "Restore the store from a back-up, or make it again with `waymark init`.");
    }
    auto plain = TRY(seal.open(*sealed, secret_bound(name)));
    if (plain.size() != size) {
        return fault(FaultKind::conflict, std::string(name), "The key in the store is not of the right length.",
                     "Restore the store from a back-up.");
    }
    return plain;
}

Result<store::PartnershipRow> choose(const std::vector<store::PartnershipRow>& rows,
                                     const std::optional<std::string>& key) {
    if (rows.empty()) {
        return fault(FaultKind::missing, "partnership", "The store holds no partnership yet.",
                     "Make one with `waymark init --profile FILE`.");
    }
    if (!key) {
        if (rows.size() == 1) return rows.front();
        return invalid("partnership", "The store holds several partnerships.", "Name one with --partnership KEY.");
    }
    for (const auto& row : rows) {
        if (row.key == *key) return row;
    }
    return fault(FaultKind::missing, "partnership", "The store holds no partnership with that key.",
                 "Check --partnership, or make it with `waymark init`.");
}

}  // namespace

Result<void> found_partnership(store::Store& store, const std::string& content_dir, std::string_view profile_toml,
                               const std::string& profile_file, bool demonstration, const Clock& clock, Random& random,
                               const record::Root* root) {
    const auto catalogue = TRY(content::load_kinds(content_dir));
    const auto profile = TRY(content::parse_profile(profile_toml, profile_file));
    const auto adopted = TRY(content_for(content_dir, profile, catalogue));

    const sharing::Gate gate(TRY(load_policy(content_dir, catalogue)), profile);
    const auto signing_key = record::SigningKey::make(random);
    people::TokenKey token_key{};
    random.fill(token_key);

    return store.write([&](store::Transaction& tx) -> Result<void> {
        store::PartnershipRow row{1, profile.key, profile.name, std::string(profile_toml), demonstration};
        for (const auto& other : tx.partnerships()) {
            if (other.key == profile.key) {
                return fault(FaultKind::conflict, "partnership", "The store already holds this partnership.",
                             "Open it with `waymark serve`, or choose another store with --db.");
            }
            row.partnership =
                std::max<store::Partnership>(row.partnership, static_cast<store::Partnership>(other.partnership + 1));
        }
        tx.insert_partnership(row);
        record::KeyedSeal seal(row.partnership);
        if (root != nullptr) {
            TRY_VOID(found_keys(tx, row.partnership, *root, clock.now(), false, seal));
            store::cover_names(store, row.partnership, found_name_key(tx, row.partnership, seal));
        }
        const record::Journal journal(catalogue, seal, clock, random);
        tx.put_secret(row.partnership, signing_secret, seal.close(signing_key.seed, secret_bound(signing_secret)));
        tx.put_secret(row.partnership, token_secret, seal.close(token_key, secret_bound(token_secret)));
        people::note_tokens(seal, tx, row.partnership);
        const record::Auditor auditor(seal, token_key);

        const auto entries = adoptions(adopted, clock, random);
        const auto permit = gate.operator_of_machine(record::Action::append, "init", "operation");
        TRY_VOID(journal.append(tx, row.partnership, permit, entries));
        auditor.keep(tx, row.partnership,
                     record::audit_line(permit, clock.now(), ViewId{}, CaseId{}, ids_of(entries), "allowed"));
        return {};
    });
}

Result<std::unique_ptr<Office>> open_office(store::Store& store, const std::string& content_dir,
                                            std::optional<std::string> key, const Clock& clock, Random& random,
                                            const record::Root* root) {
    store::PartnershipRow row;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        row = TRY(choose(snapshot.partnerships(), key));
        return {};
    }));
    auto seal = std::make_unique<record::KeyedSeal>(row.partnership);
    auto unlocked = TRY(open_keys(store, row.partnership, root, *seal));
    TRY_VOID(cover_names(store, row.partnership, *seal));
    Bytes signing_seed;
    Bytes token_key;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        signing_seed = TRY(open_secret(snapshot, row.partnership, *seal, signing_secret, 32));
        token_key = TRY(open_secret(snapshot, row.partnership, *seal, token_secret, 16));
        return {};
    }));

    auto catalogue = TRY(content::load_kinds(content_dir));
    std::vector<Editions::At> adopted;
    const record::Journal journal(catalogue, *seal, clock, random);
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        adopted = TRY(adopted_in(snapshot, row.partnership, journal));
        return {};
    }));
    auto editions = TRY(Editions::of(std::move(adopted), catalogue));
    auto profile = editions.now().profile;
    auto calendar = TRY(content::load_calendar(content_dir, profile.calendar));
    auto policy = TRY(load_policy(content_dir, catalogue));
    auto bases = TRY(load_bases(content_dir, profile));
    auto look_patterns = TRY(content::load_look_patterns(content_dir));

    // What follows holds references into the office itself, so it is put together in its final place.
    auto office = std::unique_ptr<Office>(new Office{store,
                                                     row.partnership,
                                                     std::move(catalogue),
                                                     std::move(profile),
                                                     row.demonstration,
                                                     std::move(editions),
                                                     nullptr,
                                                     std::move(seal),
                                                     clock,
                                                     random,
                                                     nullptr,
                                                     nullptr,
                                                     nullptr,
                                                     nullptr,
                                                     {},
                                                     {},
                                                     {},
                                                     content_dir,
                                                     std::move(unlocked),
                                                     {},
                                                     std::move(bases),
                                                     {},
                                                     std::move(look_patterns)});
    std::copy(signing_seed.begin(), signing_seed.end(), office->signing_key.seed.begin());
    std::copy(token_key.begin(), token_key.end(), office->token_key.begin());
    wipe(signing_seed);
    wipe(token_key);
    office->origin = fmt::format("waymark/{}", office->profile.key);
    office->calendar = std::make_unique<procedure::Calendar>(std::move(calendar));
    office->journal = std::make_unique<record::Journal>(office->catalogue, *office->seal, clock, random);
    office->auditor = std::make_unique<record::Auditor>(*office->seal, office->token_key);
    auto model = model_in_force(office->editions.newest());
    TRY_VOID(people::load_name_variants(content_dir, model));
    office->registry = std::make_unique<people::Registry>(*office->journal, std::move(model), office->token_key);
    office->gate = std::make_unique<sharing::Gate>(std::move(policy), office->profile);
    return office;
}

Result<std::vector<Adopted>> adopt(const Office& office, std::optional<content::Profile> profile,
                                   const record::Permit& permit) {
    return adopt(office, std::move(profile), std::nullopt, permit, nullptr);
}

Result<std::vector<Adopted>> adopt(const Office& office, std::optional<content::Profile> profile,
                                   std::optional<Adopted> model, const record::Permit& permit,
                                   two_persons::Leave* out) {
    auto texts = TRY(content_for(office.content_dir, profile ? *profile : office.profile, office.catalogue));
    if (model) texts.push_back(std::move(*model));
    std::vector<Adopted> changed;
    std::optional<two_persons::Leave> leave;
    const auto wrote = office.store.write([&](store::Transaction& tx) -> Result<void> {
        // What is in force is read again here: another command may have adopted meanwhile.
        auto before = TRY(adopted_in(tx, office.partnership, *office.journal));
        const auto editions = TRY(Editions::of(before, office.catalogue));
        changed.clear();
        leave.reset();
        for (const auto& one : texts) {
            const auto& newest = editions.newest();
            const bool stands = std::find(newest.begin(), newest.end(), one) != newest.end();
            // The shipped model stands where none was ever adopted.
            const bool shipped = one == shipped_model() && adopted_text(newest, one.what, one.name) == nullptr;
            if (!stands && !shipped) changed.push_back(one);
        }
        if (changed.empty()) return {};
        // Nothing is adopted that this program could not open again.
        const auto now = office.clock.now();
        for (const auto& one : changed) before.push_back({now, one});
        const auto after = TRY(Editions::of(std::move(before), office.catalogue));
        if (after.left_out().size() > editions.left_out().size()) return tl::unexpected(after.left_out().back());
        leave = TRY(two_persons::leave_of_operator(office, tx, permit, two_persons::to_adopt(changed)));
        if (!leave->given()) return {};
        record::note_profile(tx, office.partnership, editions.now().profile, after.now().profile);
        const auto entries = adoptions(changed, office.clock, office.random);
        TRY_VOID(office.journal->append(tx, office.partnership, permit, entries));
        auto line = record::audit_line(permit, now, ViewId{}, CaseId{}, ids_of(entries), "allowed");
        line.reason = leave->words;
        office.auditor->keep(tx, office.partnership, line);
        return {};
    });
    if (!wrote) return tl::unexpected(wrote.error());
    if (leave && !leave->given()) return tl::unexpected(two_persons::waits_for_second_person(*leave));
    if (leave && out != nullptr) *out = std::move(*leave);
    return changed;
}

}  // namespace waymark::casework
