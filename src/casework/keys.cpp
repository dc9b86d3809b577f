#include "casework/keys.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace waymark::casework {

namespace {

constexpr std::size_t part = 500;  // pieces renewed in one transaction: a few milliseconds of the writer
using store::SealedPlace;
constexpr SealedPlace every_place[] = {SealedPlace::secrets, SealedPlace::views,  SealedPlace::versions,
                                       SealedPlace::links,   SealedPlace::drafts, SealedPlace::entries};

auto not_sealed() {
    return fault(FaultKind::conflict, "keys", "The partnership's record is not sealed yet.",
                 "Seal it with `waymark keys seal`.");
}

Result<Bytes> kept_ring(store::Snapshot& snapshot, store::Partnership p) {
    auto kept = snapshot.secret(p, record::keyring_secret);
    if (!kept) return not_sealed();
    return std::move(*kept);
}

// The kept bytes of a row and what they are bound to. `text`: the other bytes of an entry.
record::Bound bound_of(SealedPlace place, const store::SealedRow& row, const std::string& second, bool text = false) {
    switch (place) {
        case SealedPlace::entries:
            return {text ? "text" : "card", row.of, row.name, 1, row.second};
        case SealedPlace::views:
        case SealedPlace::versions:
            return {"identity", row.of, "", row.version};
        case SealedPlace::links:
            return {"evidence", row.of, second, 1};
        case SealedPlace::drafts:
            return {"draft", row.of, row.name, 1};
        case SealedPlace::secrets:
            return {"secret", Uuid{}, row.name, 1};
    }
    return {};
}

bool is_ring(SealedPlace place, const store::SealedRow& row) {
    return place == SealedPlace::secrets && row.name == record::keyring_secret;
}

// Renews the bytes where they are of another generation; true where it did.
Result<bool> renew_one(const record::KeyedSeal& seal, Bytes& bytes, const record::Bound& bound, record::Renewal how) {
    if (bytes.empty()) return false;
    auto renewed = TRY(seal.renew(bytes, bound, how));
    if (!renewed) return false;
    bytes = std::move(*renewed);
    return true;
}

Result<bool> renew_row(const record::KeyedSeal& seal, SealedPlace place, store::SealedRow& row, record::Renewal how) {
    const std::string second = place == SealedPlace::links ? to_string(row.second) : std::string();
    bool changed = TRY(renew_one(seal, row.sealed, bound_of(place, row, second), how));
    if (place == SealedPlace::entries)
        changed = TRY(renew_one(seal, row.other, bound_of(place, row, second, true), how)) || changed;
    return changed;
}

Result<std::uint64_t> count_all(const Office& office) {
    std::uint64_t total = 0;
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        total = 0;
        for (const auto place : every_place) total += snapshot.count_sealed(office.partnership, place);
        return {};
    }));
    return total;
}

record::Permit key_permit(const Office& office, std::string_view what) {
    return office.gate->operator_of_machine(record::Action::administer, "keys " + std::string(what), "operation");
}

void note_in_audit(const Office& office, store::Transaction& tx, std::string_view what, const Leave* leave = nullptr) {
    auto line = record::audit_line(key_permit(office, what), office.clock.now(), ViewId{}, CaseId{}, {}, "allowed");
    if (leave != nullptr) line.reason = leave->words;
    office.auditor->keep(tx, office.partnership, line);
}

// Whether two people agree to this, in the transaction that does it; where not, that it is asked for is all it keeps.
Result<Leave> leave_for(const Office& office, store::Transaction& tx, std::string_view what) {
    return two_persons::leave_of_operator(office, tx, key_permit(office, what), two_persons::to_change_keys(what));
}

Result<void> told(const Leave& leave, Leave* out) {
    if (!leave.given()) return tl::unexpected(two_persons::waits_for_second_person(leave));
    if (out != nullptr) *out = leave;
    return {};
}

// Reads and changes the ring in one transaction, and works with it once that is durable. `change` gives the new ring,
// or nothing where the ring may stay.
using Change = std::function<Result<std::optional<record::KeyRing>>(const record::KeyRing&)>;
enum class Asks { no, two_people };
Result<void> change_ring(const Office& office, std::string_view what, const Change& change, Asks asks = Asks::no,
                         Leave* out = nullptr) {
    const std::scoped_lock lock(office.unlocked->mutex);
    if (office.unlocked->secret.empty()) return not_sealed();
    SystemRandom random;
    std::optional<record::KeyRing> next;
    std::optional<Leave> leave;
    TRY_VOID(office.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto p = office.partnership;
        leave.reset();
        const auto kept = TRY(kept_ring(tx, p));
        const auto now = TRY(record::KeyRing::opened(kept, office.unlocked->secret.view(), p));
        next = TRY(change(now));
        if (next && asks == Asks::two_people) leave = TRY(leave_for(office, tx, what));
        if (!next || (leave && !leave->given())) {
            next = now.copy();
            return {};
        }
        tx.put_secret(p, record::keyring_secret,
                      next->sealed(office.unlocked->header, office.unlocked->secret.view(), p, random));
        note_in_audit(office, tx, what, leave ? &*leave : nullptr);
        return {};
    }));
    office.seal->use(std::move(*next));
    return leave ? told(*leave, out) : Result<void>{};
}

// Everything that is not under the active generation, part by part.
Result<Renewed> renew_all(const Office& office, record::Renewal how, const KeyProgress& progress) {
    const auto total = TRY(count_all(office));
    Renewed done;
    for (const auto place : every_place) {
        store::SealedRow after;
        bool more = true;
        while (more) {
            std::uint64_t looked = 0;
            std::uint64_t renewed = 0;
            store::SealedRow last;
            TRY_VOID(office.store.write(
                [&](store::Transaction& tx) -> Result<void> {
                    auto rows = tx.sealed_rows(office.partnership, place, after, part);
                    looked = rows.size();
                    if (!rows.empty()) last = rows.back();
                    std::vector<store::SealedRow> changed;
                    for (auto& row : rows) {
                        if (!is_ring(place, row) && TRY(renew_row(*office.seal, place, row, how)))
                            changed.push_back(std::move(row));
                    }
                    renewed = changed.size();
                    tx.put_sealed(office.partnership, place, changed);
                    return {};
                },
                store::Pace::bulk));
            after = std::move(last);
            more = looked == part;
            done.looked_at += looked;
            done.renewed += renewed;
            if (progress) progress(done.looked_at, total);
        }
    }
    return done;
}

// Renews what is left to be renewed and says in the ring that it is done.
Result<Renewed> finish(const Office& office, record::Renewal how, const KeyProgress& progress) {
    auto done = TRY(renew_all(office, how, progress));
    TRY_VOID(change_ring(office, "renewed", [&](const record::KeyRing& ring) -> Result<std::optional<record::KeyRing>> {
        if (ring.renewal() == record::Renewal::none) return std::optional<record::KeyRing>{};
        return std::optional(ring.with_renewed());
    }));
    return done;
}

Result<Renewed> rotate(const Office& office, std::string_view what, record::Renewal how, const KeyProgress& progress,
                       Leave* leave) {
    bool resumed = false;
    auto doing = how;
    SystemRandom random;
    const Change change = [&](const record::KeyRing& ring) -> Result<std::optional<record::KeyRing>> {
        resumed = ring.renewal() != record::Renewal::none;
        if (resumed) {
            doing = std::max(how, ring.renewal());
            return std::optional<record::KeyRing>{};
        }
        doing = how;
        return std::optional(ring.with_new(random, office.clock.now(), how));
    };
    TRY_VOID(change_ring(office, what, change, Asks::two_people, leave));
    auto done = TRY(finish(office, doing, progress));
    done.resumed = resumed;
    return done;
}

}  // namespace

Result<Renewed> seal_partnership(const Office& office, const record::Root& root, const KeyProgress& progress,
                                 Leave* out) {
    bool resumed = false;
    {
        SystemRandom random;
        std::optional<Leave> leave;
        const std::scoped_lock lock(office.unlocked->mutex);
        resumed = !office.unlocked->secret.empty();
        if (!resumed) {
            auto made = TRY(root.make(random));
            auto ring = record::KeyRing::made_new(random, office.clock.now(), true);
            TRY_VOID(office.store.write([&](store::Transaction& tx) -> Result<void> {
                if (tx.secret(office.partnership, record::keyring_secret)) {
                    return fault(FaultKind::conflict, "keys", "Another process has sealed the partnership.",
                                 "Open the store again.");
                }
                leave = TRY(leave_for(office, tx, "seal"));
                if (!leave->given()) return {};
                tx.put_secret(office.partnership, record::keyring_secret,
                              ring.sealed(made.header, made.secret.view(), office.partnership, random));
                // Names first and all at once, so that whoever writes next finds what is known under its cover.
                record::KeyedSeal now(office.partnership);
                now.use(ring.copy());
                const auto cover = found_name_key(tx, office.partnership, now);
                store::cover_kept_names(tx, office.partnership, *cover);
                note_in_audit(office, tx, "seal", &*leave);
                store::cover_names(office.store, office.partnership, cover);
                return {};
            }));
            TRY_VOID(told(*leave, out));
            office.unlocked->header = std::move(made.header);
            office.unlocked->secret = std::move(made.secret);
            office.seal->use(std::move(ring));
        }
    }
    const auto* ring = office.seal->ring();
    if (resumed && ring->renewal() == record::Renewal::none) {
        return fault(FaultKind::conflict, "keys", "The partnership's record is sealed already.",
                     "See `waymark keys status`.");
    }
    // Twice: what was made plain just before and kept just after the first look is found by the second.
    auto done = TRY(renew_all(office, record::Renewal::whole, progress));
    TRY_VOID(finish(office, record::Renewal::whole, {}));
    done.resumed = resumed;
    return done;
}

Result<void> found_keys(store::Transaction& tx, store::Partnership p, const record::Root& root, Instant now,
                        bool takes_plain, record::KeyedSeal& seal) {
    SystemRandom random;
    const auto made = TRY(root.make(random));
    auto ring = record::KeyRing::made_new(random, now, takes_plain);
    tx.put_secret(p, record::keyring_secret, ring.sealed(made.header, made.secret.view(), p, random));
    seal.use(std::move(ring));
    return {};
}

std::shared_ptr<const store::NameCover> found_name_key(store::Transaction& tx, store::Partnership p,
                                                       const record::KeyedSeal& seal) {
    SystemRandom random;
    SecretBytes key(32);
    random.fill(key.span());
    tx.put_secret(p, record::name_secret, seal.close(key.view(), {"secret", Uuid{}, record::name_secret, 1}));
    return record::name_cover(key.view());
}

Result<void> cover_names(store::Store& store, store::Partnership p, const record::KeyedSeal& seal) {
    std::optional<Bytes> kept;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        kept = snapshot.secret(p, record::name_secret);
        return {};
    }));
    if (!kept) return {};
    auto key = TRY(seal.open(*kept, {"secret", Uuid{}, record::name_secret, 1}));
    store::cover_names(store, p, record::name_cover(key));
    wipe(key);
    return {};
}

Result<std::shared_ptr<Unlocked>> open_keys(store::Store& store, store::Partnership p, const record::Root* root,
                                            record::KeyedSeal& seal) {
    std::optional<Bytes> kept;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        kept = snapshot.secret(p, record::keyring_secret);
        return {};
    }));
    auto unlocked = std::make_shared<Unlocked>();
    if (!kept) return unlocked;
    auto header = TRY(record::KeyRing::header_of(*kept));
    if (root == nullptr) {
        return fault(FaultKind::unavailable, "keys",
                     fmt::format("The store is sealed, and its root key was not found (a {}, id {}).",
                                 string_or(header, "root", "key"), string_or(header, "id", "unknown")),
                     "Name it with --key-file FILE or WAYMARK_KEY_FILE, --passphrase-file or --key-token.");
    }
    unlocked->secret = TRY(root->unlock(header));
    unlocked->header = std::move(header);
    seal.use(TRY(record::KeyRing::opened(*kept, unlocked->secret.view(), p)));
    // Of a shared store another process may have made a newer generation meanwhile.
    seal.on_unknown([&store, p, unlocked]() -> std::optional<record::KeyRing> {
        // A rotation that is under way in this process waits for the writer, which may be the caller.
        const std::unique_lock lock(unlocked->mutex, std::chrono::seconds(2));
        std::optional<record::KeyRing> ring;
        if (!lock) return ring;
        (void)store.read([&](store::Snapshot& snapshot) -> Result<void> {
            const auto newest = TRY(kept_ring(snapshot, p));
            ring = TRY(record::KeyRing::opened(newest, unlocked->secret.view(), p));
            return {};
        });
        return ring;
    });
    return unlocked;
}

Result<void> refresh_keys(const Office& office) {
    std::optional<record::KeyRing> ring;
    const std::scoped_lock lock(office.unlocked->mutex);
    if (office.unlocked->secret.empty()) return {};
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        const auto kept = TRY(kept_ring(snapshot, office.partnership));
        ring = TRY(record::KeyRing::opened(kept, office.unlocked->secret.view(), office.partnership));
        return {};
    }));
    const auto* now = office.seal->ring();
    if (now == nullptr || ring->active() != now->active() || ring->generations().size() != now->generations().size() ||
        ring->takes_plain() != now->takes_plain())
        office.seal->use(std::move(*ring));
    return {};
}

Result<KeyStatus> key_status(const Office& office, const KeyProgress& progress) {
    KeyStatus status;
    const auto* ring = office.seal->ring();
    if (ring != nullptr) {
        status.sealed = true;
        status.takes_plain = ring->takes_plain();
        status.unfinished = ring->renewal() != record::Renewal::none;
        {
            const std::scoped_lock lock(office.unlocked->mutex);
            status.root = string_or(office.unlocked->header, "root", "");
            status.root_id = string_or(office.unlocked->header, "id", "");
        }
        for (const auto& one : ring->generations())
            status.generations.push_back({one, one.number == ring->active(), 0});
    }
    const auto total = TRY(count_all(office));
    std::uint64_t seen = 0;
    const auto count = [&](ByteView sealed) {
        if (sealed.empty()) return;
        const auto number = record::generation_of(sealed);
        const auto found = std::find_if(status.generations.begin(), status.generations.end(),
                                        [&](const auto& of) { return of.generation.number == number; });
        if (found != status.generations.end()) {
            ++found->kept;
        } else if (number == 0) {
            ++status.plain;
        } else {
            status.generations.push_back({{number, {}, {}}, false, 1});  // made by another process just now
        }
    };
    for (const auto place : every_place) {
        store::SealedRow after;
        for (bool more = true; more;) {
            std::vector<store::SealedRow> rows;
            TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
                rows = snapshot.sealed_rows(office.partnership, place, after, 2'000);
                return {};
            }));
            for (const auto& row : rows) {
                if (is_ring(place, row)) continue;
                count(row.sealed);
                count(row.other);
            }
            more = !rows.empty();
            if (more) after = std::move(rows.back());
            seen += rows.size();
            if (progress) progress(seen, total);
        }
    }
    return status;
}

Result<void> rotate_root(const Office& office, const record::Root& to, Leave* out) {
    SystemRandom random;
    auto made = TRY(to.make(random));
    const std::scoped_lock lock(office.unlocked->mutex);
    if (office.unlocked->secret.empty()) return not_sealed();
    std::optional<Leave> leave;
    TRY_VOID(office.store.write([&](store::Transaction& tx) -> Result<void> {
        const auto p = office.partnership;
        leave = TRY(leave_for(office, tx, "rotate root"));
        if (!leave->given()) return {};
        const auto kept = TRY(kept_ring(tx, p));
        const auto ring = TRY(record::KeyRing::opened(kept, office.unlocked->secret.view(), p));
        tx.put_secret(p, record::keyring_secret, ring.sealed(made.header, made.secret.view(), p, random));
        note_in_audit(office, tx, "rotate root", &*leave);
        return {};
    }));
    TRY_VOID(told(*leave, out));
    office.unlocked->header = std::move(made.header);
    office.unlocked->secret = std::move(made.secret);
    return {};
}

Result<Renewed> rotate_partnership(const Office& office, const KeyProgress& progress, Leave* leave) {
    return rotate(office, "rotate partnership", record::Renewal::wraps, progress, leave);
}

Result<Renewed> rotate_records(const Office& office, const KeyProgress& progress, Leave* leave) {
    return rotate(office, "rotate records", record::Renewal::whole, progress, leave);
}

Result<std::uint64_t> destroy_former(const Office& office, std::chrono::microseconds at_least,
                                     const KeyProgress& progress, Leave* leave) {
    // What a process with an older ring kept meanwhile is taken along first.
    TRY_VOID(finish(office, record::Renewal::wraps, progress));
    std::uint64_t destroyed = 0;
    const Change change = [&](const record::KeyRing& ring) -> Result<std::optional<record::KeyRing>> {
        auto left = ring.without_former(Instant{office.clock.now().micros - at_least.count()});
        destroyed = ring.generations().size() - left.generations().size();
        if (destroyed == 0) return std::optional<record::KeyRing>{};
        return std::optional(std::move(left));
    };
    TRY_VOID(change_ring(office, "destroy", change, Asks::two_people, leave));
    return destroyed;
}

}  // namespace waymark::casework
