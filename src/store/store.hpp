#pragma once
// The store: what the record keeps, on SQLite (embedded, the default) or PostgreSQL 15 (shared).
//
// This header is the whole of what other rooms know of SQL. Rows are plain structs; bodies, cards and identities are
// opaque bytes that the store never reads. Look-ups and inserts take spans, because an import works on thousands at
// once and a round trip for each would cost more than the work.
//
// Reading: `read` gives a snapshot: everything inside sees one state of the store.
// Writing: `write` queues a piece of work; one writer takes what is queued, runs each piece in a savepoint of one
// transaction (SERIALIZABLE on PostgreSQL, retried a bounded number of times), commits once, and only then do the
// callers return: a return without a fault means durable. A piece of work may therefore run more than once and must not
// act on anything but its Transaction. Bulk work gives way: it is taken only when no person's work is queued.
//
// Errors: Result faults of kind `unavailable` (nothing kept), `uncertain` (the answer to COMMIT was lost, or PostgreSQL
// warned that a synchronous standby did not confirm: ask again with the same key) or whatever the work itself returned.
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace waymark::store {

// One partnership in a store that may hold several; the first column of every key.
using Partnership = std::int16_t;

// ---- rows ---------------------------------------------------------------------------------------------------------

// Table `entry`, clustered by (partnership, record, at, recorded, entry): one child's record lies together and in
// order.
struct EntryRow {
    EntryId entry;
    ViewId record;   // the child's view whose record this is; nil for entries about the partnership, a place or a group
    CaseId case_id;  // nil where it belongs to no case
    std::int64_t case_seq = 0;  // 1, 2, 3 … without gaps inside a case; 0 without a case
    std::string agency;
    std::string author;
    std::string kind;
    std::string source_id;  // the source's own id; empty where it gave none. Unique by agency.
    When at;
    Instant recorded;  // when it was first written into any system
    Instant kept;      // when this store took it
    EntryId about;
    EntryId supersedes;
    std::string incident;
    std::string marking;
    Digest digest{};  // over the canonical content; what "the same entry" means
    std::array<std::uint8_t, 32> salt{};
    Bytes card;  // sealed: codes, dates and references; no text
};

// Table `entry_text`: the whole entry as given, apart from the card so that a fold never opens it.
struct TextRow {
    EntryId entry;
    Bytes text;  // sealed
};

struct SourceKey {
    std::string agency;
    std::string id;
};
struct KnownEntry {
    EntryId entry;
    ViewId record;
    CaseId case_id;
    std::string agency;
    std::string kind;
    Digest digest{};
};

// Table `view`: one row for each (agency, source, id); `view_version` keeps every identity that the agency ever wrote
// for it.
struct ViewRow {
    ViewId view;
    std::string agency;
    std::string source;
    std::string source_id;
    ViewId person;  // the oldest view of the cluster this view stands in; itself when alone. An index, rebuildable.
    std::int32_t version = 1;  // the latest
    Instant recorded;          // of the first version
    Bytes identity;            // sealed, latest version
};
struct ViewKey {
    std::string agency;
    std::string source;
    std::string id;
};
struct ViewVersion {
    ViewId view;
    std::int32_t version = 1;
    Instant recorded;
    EntryId entry;   // that brought it
    Bytes identity;  // sealed
};

// Table `token`: keyed tags under which a view may be found. An index, rebuildable.
struct TokenRow {
    std::uint64_t token = 0;
    ViewId view;
};

// Table `link`: what stands between two views, a < b. An index over the entries that made it, rebuildable.
enum class LinkState : std::int16_t {
    not_same = 0,
    review = 1,
    linked = 2,
    confirmed = 3
};  // stored values: never change
struct LinkRow {
    ViewId a;
    ViewId b;
    LinkState state = LinkState::review;
    double weight = 0;   // log2 of the odds that the engine gave; 0 for a person's decision
    EntryId decided_by;  // the identity.decided entry; nil while the engine only offers
    Bytes evidence;      // sealed JSON: what spoke for and against
    Instant when;
};

// Table `casefile`: a case belongs to a record. `closed` and `lead` are indexes over its entries, rebuildable: over
// those that are open to the team, where it has any.
struct CaseRow {
    CaseId case_id;
    ViewId record;
    std::string agency;      // whose case key this is; empty where it was opened here
    std::string source_key;  // the source's own case key
    std::string procedure;   // rulebook name
    Instant opened;
    std::optional<Instant> closed;
    std::int64_t next_seq = 1;
    std::string lead;              // practitioner or agency; empty where nobody was named
    std::string marking = "team";  // of the entry that opened it
};
// How a record is marked beside what is open to the team: kinds and agencies of its marked entries.
struct MarkedRow {
    ViewId record;
    std::string kind;
    std::string marking;
    std::string agency;
};
struct CaseKey {
    std::string agency;
    std::string key;
};

// Table `duty`: what lists and dashboards need fast; replaced whole for a case whenever the case is folded.
// Rebuildable.
struct DutyRow {
    CaseId case_id;
    ViewId record;
    std::string duty;  // rule id
    EntryId raised_by;
    Instant due;
    std::string owner;    // role, or agency/role
    std::string state;    // open, overdue (as of the fold: a list compares `due` with now), met, met-late, not-met
    std::string kind;     // of the entry that raised it
    std::string summary;  // codes only, for a list: "displayed-behaviour school immediate"
};

// Who has met in a case, as its fold last told it: columns `gathered…` of `casefile`. An index, rebuildable.
struct GatheringRow {
    enum class State : std::int16_t { not_counted = 0, decided = 1, undecided = 2, met = 3 };  // stored: never change
    CaseId case_id;
    ViewId record;  // read, not written
    // `not_counted`: closed, or nobody is required; `decided`: never met although past a decision to assess or to hold
    // a strategy discussion; `undecided`: never met, without one.
    State state = State::not_counted;
    std::optional<Instant> since;  // start of the day of the first concern or referral
    bool plain = true;             // every entry of the case is marked for all who may read
    std::optional<Instant> until;  // from then on it may be otherwise with no new entry
};
// Of one state, whether plain, and whether `until` has passed.
struct GatheringCount {
    GatheringRow::State state = GatheringRow::State::not_counted;
    bool plain = true;
    bool stale = false;
    std::size_t cases = 0;
};

// Table `prompt`: what interrupted a practitioner, last shown as new at.
struct PromptRow {
    std::string practitioner;
    CaseId case_id;
    std::string cue;
    Instant shown;
};

// Table `audit`: made and read by record::Auditor alone, where each part is explained.
struct AuditRow {
    std::int64_t position = 0;  // given by the store
    Instant at;
    Bytes who;  // keyed tag of the practitioner; empty where there was none
    std::string agency;
    std::string role;
    std::string strength;
    std::string action;
    std::string purpose;
    std::string relationship;
    std::string basis;
    std::string route;
    ViewId record;
    CaseId case_id;
    Bytes shown;  // which entries and how deep, packed
    std::string fields;
    std::string result;
    std::string rule;
    std::string policy;
    Bytes sealed;  // what is personal; empty in a line from before schema version 6
    struct Before {
        std::string practitioner;
        std::string session;
        std::string from;
        std::string entries;  // ids, separated by spaces
    } before;                 // what such a line holds instead; never written
};

struct SessionRow {
    Digest token{};  // SHA-256 of the cookie value; the value itself is kept nowhere
    std::string practitioner;
    Instant created;
    Instant seen;
    Instant expires;
    std::string csrf;
};

struct DraftRow {
    DraftId draft;
    std::string practitioner;
    std::string form;
    Instant saved;
    Instant expires;
    Bytes fields;  // sealed
};

// Table `leaf`: log_index is given after commit by the sequencer, in the order of the queue.
struct LeafRow {
    std::int64_t log_index = -1;
    EntryId entry;
    Digest leaf{};
};
struct LogState {
    std::int64_t size = 0;
    Bytes frontier;  // the compact range: 32 bytes for each one-bit of `size`, largest subtree first
    std::int64_t fence = 0;
};
struct CheckpointRow {
    std::int64_t size = 0;
    Instant at;
    std::string note;  // C2SP signed note
};

struct PartnershipRow {
    Partnership partnership = 0;
    std::string key;
    std::string name;
    std::string profile;  // TOML as adopted
    bool demonstration = false;
};

// Where sealed bytes are kept, and a row of any of them as a rotation of keys sees it.
enum class SealedPlace { entries, views, versions, links, drafts, secrets };
struct SealedRow {
    Uuid of;                   // entry, view, a, draft
    Uuid second;               // record of an entry; b of a link
    std::string name;          // kind of an entry, practitioner of a draft, name of a secret
    std::int32_t version = 0;  // of an identity
    Bytes sealed;
    Bytes other;  // text of an entry
};

enum class Want { cards, whole };
struct WholeEntry {
    EntryRow row;
    Bytes text;  // empty where only cards were wanted
};

// ---- reading ------------------------------------------------------------------------------------------------------

class Snapshot {
public:
    virtual ~Snapshot() = default;

    virtual std::vector<PartnershipRow> partnerships() = 0;

    // Entries of these records, each record's in the order (at, recorded, id), at most `limit` in all.
    virtual std::vector<WholeEntry> entries_of_records(Partnership, std::span<const ViewId>, Want,
                                                       std::size_t limit) = 0;
    // Of these records what one agency wrote, and what anybody wrote of these kinds, in the same order: id, record,
    // case, agency, author, kind, marking and when, with the card of these kinds alone; everything else is left out.
    virtual std::vector<EntryRow> ties_of_records(Partnership, std::span<const ViewId>, std::string_view agency,
                                                  std::span<const std::string_view> kinds, std::size_t limit) = 0;
    // Of these records what names this entry as what it is about, and what corrects any: cards, in the same order.
    virtual std::vector<WholeEntry> entries_about(Partnership, std::span<const ViewId>, EntryId about) = 0;
    virtual std::vector<std::optional<WholeEntry>> entries(Partnership, std::span<const EntryId>, Want) = 0;
    virtual std::vector<std::optional<KnownEntry>> entries_by_source(Partnership, std::span<const SourceKey>) = 0;
    // The same id from whichever agency; at most two, so that the caller can tell "one" from "several".
    virtual std::vector<KnownEntry> entries_by_source_id(Partnership, std::string_view id) = 0;
    // What this practitioner raised (`concern.raised`), newest first.
    virtual std::vector<EntryId> concerns_raised_by(Partnership, std::string_view agency, std::string_view author,
                                                    std::size_t limit) = 0;
    // Entries about the partnership (record nil) of one kind, oldest first.
    virtual std::vector<WholeEntry> partnership_entries(Partnership, std::string_view kind, Want) = 0;
    // Entries that say who may see a child's record, whosoever it is (restriction.set, .lifted and .reviewed,
    // access.granted, conflict.found and .cleared), oldest first; cards. An index of their own finds them.
    virtual std::vector<WholeEntry> access_entries(Partnership, std::size_t limit) = 0;
    // Of one kind of that index (also glass.broken, glass.reviewed, connection.declared, connection.ended,
    // approval.asked, .given and .used, look.answered, contact.set, advice.asked and .given), from a time on, newest
    // first; of one author where one is named.
    virtual std::vector<WholeEntry> access_entries_of(Partnership, std::string_view kind, Instant since, Want,
                                                      std::size_t limit, std::string_view author = {}) = 0;
    // Every entry, record by record, each record's in order; stops when the visitor returns false.
    virtual void scan_entries(Partnership, Want, const std::function<bool(const WholeEntry&)>&) = 0;
    virtual std::int64_t count_entries(Partnership) = 0;

    virtual std::vector<std::optional<ViewRow>> views(Partnership, std::span<const ViewId>) = 0;
    virtual std::vector<std::optional<ViewRow>> views_by_key(Partnership, std::span<const ViewKey>) = 0;
    virtual std::vector<ViewRow> views_of_persons(Partnership, std::span<const ViewId> persons) = 0;  // whole clusters
    virtual std::vector<ViewRow> views_of_agency(Partnership, std::string_view agency, std::size_t limit) = 0;
    virtual std::vector<ViewVersion> view_versions(Partnership, std::span<const ViewId>) = 0;
    // For each token the views that carry it, at most `limit_each`; `more` tells that there were others.
    struct TokenHits {
        std::vector<ViewId> views;
        bool more = false;
    };
    virtual std::vector<TokenHits> views_by_token(Partnership, std::span<const std::uint64_t>,
                                                  std::size_t limit_each) = 0;
    virtual std::vector<LinkRow> links_of(Partnership, std::span<const ViewId>) = 0;
    virtual std::vector<LinkRow> links_in_state(Partnership, LinkState, std::size_t limit) = 0;
    // Of one marking that is not `team`, each once, by record.
    virtual std::vector<MarkedRow> marked(Partnership, std::string_view marking, std::size_t limit) = 0;
    virtual void scan_views(Partnership, const std::function<bool(const ViewRow&)>&) = 0;
    virtual void scan_links(Partnership, const std::function<bool(const LinkRow&)>&) = 0;

    virtual std::vector<std::optional<CaseRow>> cases(Partnership, std::span<const CaseId>) = 0;
    virtual std::vector<std::optional<CaseRow>> cases_by_key(Partnership, std::span<const CaseKey>) = 0;
    virtual std::vector<CaseRow> cases_of_records(Partnership, std::span<const ViewId>) = 0;
    // Open cases that this practitioner or agency leads, the longest open first.
    virtual std::vector<CaseRow> cases_led_by(Partnership, std::string_view lead, std::size_t limit) = 0;
    // Unmet duties of the open cases that they lead, soonest due first.
    virtual std::vector<DutyRow> duties_of_lead(Partnership, std::string_view lead, std::size_t limit) = 0;
    virtual void scan_cases(Partnership, const std::function<bool(const CaseRow&)>&) = 0;  // by record

    struct DutyFilter {
        std::string duty;        // rule id; empty: any
        std::string owner;       // empty: any
        bool unmet_only = true;  // state open or overdue
        std::optional<Instant> due_before;
    };
    virtual std::vector<DutyRow> duties(Partnership, const DutyFilter&, std::size_t limit) = 0;  // soonest due first
    virtual std::vector<DutyRow> duties_of_case(Partnership, CaseId) = 0;

    // Counted over all cases; nothing where a case was not folded since the store has these columns.
    virtual std::optional<std::vector<GatheringCount>> count_gatherings(Partnership, Instant now) = 0;
    // Those that never met and are plain and not stale at `now`, past a decision first, then the longest open.
    virtual std::vector<GatheringRow> never_met(Partnership, Instant now, std::size_t from, std::size_t limit) = 0;
    // Those of which the row alone does not tell what an asker may know: not plain (and counted), or stale at `now`.
    virtual std::vector<GatheringRow> unsure_gatherings(Partnership, Instant now, std::size_t limit) = 0;

    // What interrupted this practitioner from `since` on, in the order in which it was shown.
    virtual std::vector<PromptRow> prompts_since(Partnership, std::string_view practitioner, Instant since) = 0;

    // Lines that meet all that is given, newest first. Of records and practitioners it needs one.
    struct AuditFilter {
        std::vector<ViewId> records = {};   // of any of these
        Bytes who = {};                     // tag of a practitioner
        std::optional<Instant> from = {};   // this moment too
        std::optional<Instant> until = {};  // this moment not
        std::string agency = {};
        std::string action = {};
        std::string result = {};
        std::optional<std::pair<Instant, std::int64_t>> before = {};  // (at, position): what comes after that line
    };
    virtual std::vector<AuditRow> audit(Partnership, const AuditFilter&, std::size_t limit) = 0;
    virtual std::int64_t count_audit(Partnership, const AuditFilter&) = 0;
    virtual std::int64_t count_audit(Partnership) = 0;
    // What a line says openly of who looked at whose record, in the order of time from `from` on; stops when the
    // visitor returns false. Answered from an index alone.
    struct AuditGlance {
        std::int64_t position = 0;
        Instant at;
        std::string_view who;  // tag; empty where there was none
        ViewId record;
        std::string_view action;
        std::string_view relationship;
        std::string_view route;
        std::string_view result;
    };
    virtual void scan_audit(Partnership, Instant from, const std::function<bool(const AuditGlance&)>&) = 0;
    // In the order of positions, from `after` on.
    virtual std::vector<AuditRow> audit_after(Partnership, std::int64_t after, std::size_t limit) = 0;
    // A number that rises with whatever may change who may see what.
    virtual std::int64_t access_epoch(Partnership) = 0;

    virtual std::optional<SessionRow> session(Partnership, const Digest& token) = 0;
    virtual std::optional<DraftRow> draft(Partnership, DraftId) = 0;
    virtual std::vector<DraftRow> drafts_of(Partnership, std::string_view practitioner, std::size_t limit) = 0;

    virtual std::optional<Bytes> secret(Partnership, std::string_view name) = 0;  // sealed

    // By key, from after the row given (a row of nothing: from the first).
    virtual std::vector<SealedRow> sealed_rows(Partnership, SealedPlace, const SealedRow& after, std::size_t limit) = 0;
    virtual std::uint64_t count_sealed(Partnership, SealedPlace) = 0;

    virtual LogState log_state(Partnership) = 0;
    virtual std::vector<LeafRow> leaves(Partnership, std::int64_t from, std::size_t limit) = 0;  // by log_index
    virtual std::optional<LeafRow> leaf_of(Partnership, EntryId) = 0;  // indexed or still queued (log_index -1)
    virtual std::int64_t queued_leaves(Partnership) = 0;
    virtual std::vector<LeafRow> take_queue(Partnership,
                                            std::size_t limit) = 0;  // the oldest queued leaves, in queue order
    // Queued leaves whose place in the queue is greater than `after`, with their places: with `leaves` before it, every
    // entry in the order in which it was kept.
    virtual std::vector<std::pair<std::int64_t, EntryId>> queued(Partnership, std::int64_t after,
                                                                 std::size_t limit) = 0;
    virtual std::optional<CheckpointRow> latest_checkpoint(Partnership) = 0;
};

// ---- writing ------------------------------------------------------------------------------------------------------

class Transaction : public Snapshot {
public:
    // Each entry brings its text and its leaf, which is queued for the log in the same transaction.
    virtual void insert_entries(Partnership, std::span<const EntryRow>, std::span<const TextRow>,
                                std::span<const LeafRow>) = 0;
    virtual void insert_views(Partnership,
                              std::span<const ViewRow>) = 0;  // with version 1 in view_version added by the caller
    virtual void add_view_versions(Partnership, std::span<const ViewVersion>) = 0;  // and makes each the view's latest
    virtual void set_persons(Partnership, std::span<const std::pair<ViewId, ViewId>> view_and_person) = 0;
    virtual void insert_tokens(Partnership, std::span<const TokenRow>) = 0;  // repeats are ignored
    virtual void delete_tokens_of(Partnership, std::span<const ViewId>) = 0;
    virtual void put_links(Partnership, std::span<const LinkRow>) = 0;  // replaces by (a, b)
    // With who has met in each, in the same order, where they were folded already; else that is unknown.
    virtual void insert_cases(Partnership, std::span<const CaseRow>, std::span<const GatheringRow> = {}) = 0;
    virtual void update_cases(Partnership, std::span<const CaseRow>) = 0;  // procedure, closed, next_seq, lead
    virtual void replace_duties(Partnership, std::span<const CaseId>, std::span<const DutyRow>) = 0;
    virtual void put_gatherings(Partnership, std::span<const GatheringRow>) = 0;
    virtual void put_prompts(Partnership, std::span<const PromptRow>) = 0;  // replaces by practitioner, case and cue
    virtual void insert_audit(Partnership, std::span<const AuditRow>) = 0;
    virtual void raise_access_epoch(Partnership) = 0;
    virtual void put_session(Partnership, const SessionRow&) = 0;
    virtual void delete_session(Partnership, const Digest& token) = 0;
    virtual void put_draft(Partnership, const DraftRow&) = 0;
    virtual void delete_draft(Partnership, DraftId) = 0;
    virtual void delete_expired(Partnership, Instant now) = 0;  // sessions, drafts, prompts of days past
    virtual void put_secret(Partnership, std::string_view name, ByteView sealed) = 0;
    virtual void put_sealed(Partnership, SealedPlace, std::span<const SealedRow>) = 0;  // the sealed bytes alone
    virtual void insert_partnership(const PartnershipRow&) = 0;
    virtual void update_profile(Partnership, std::string_view toml) = 0;

    // The sequencer. `append_leaves` moves what `take_queue` gave to the log if the fence is still `expected_fence`,
    // else it returns a `conflict`: another sequencer has taken over.
    virtual Result<void> append_leaves(Partnership, std::span<const LeafRow> indexed, const LogState& next,
                                       std::int64_t expected_fence) = 0;
    virtual std::int64_t raise_fence(Partnership) = 0;
    virtual void put_checkpoint(Partnership, const CheckpointRow&) = 0;
};

// ---- the store ----------------------------------------------------------------------------------------------------

enum class Engine { sqlite, postgresql };
enum class Pace { person, bulk };
enum class Opening { existing, create, read_only };

// "FILE", "sqlite:FILE" or "postgresql://…". The password of a URL is never printed.
struct Address {
    Engine engine = Engine::sqlite;
    std::string path_or_url;
    [[nodiscard]] std::string shown() const;  // without a password
};
Result<Address> parse_address(std::string_view);

struct Options {
    std::size_t readers = 4;                 // read connections
    std::chrono::milliseconds wait{10'000};  // for a reader, a lock, a queue place
    std::size_t queue = 4'096;               // pieces of work waiting; beyond it a writer is told `unavailable`
    std::size_t cache_kib = 65'536;          // SQLite page cache, writer
};

class Store {
public:
    virtual ~Store() = default;

    using Reading = std::function<Result<void>(Snapshot&)>;
    using Writing = std::function<Result<void>(Transaction&)>;
    virtual Result<void> read(const Reading&) = 0;
    virtual Result<void> write(const Writing&, Pace = Pace::person) = 0;

    [[nodiscard]] virtual Engine engine() const = 0;
    // For start-up: engine and version, journal mode and how durability is had, and for a SQLite older than 3.51.3 that
    // its WAL-reset fault is known and how it is avoided.
    [[nodiscard]] virtual std::vector<std::string> mode() const = 0;

    // A consistent copy while serving (SQLite: online back-up by the writing connection; PostgreSQL: a repeatable-read
    // copy into a SQLite file of the same schema), written beside FILE and renamed when it is whole and synced.
    virtual Result<void> backup(const std::string& file,
                                const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) = 0;
};

// Opens for writing: takes the lock file (SQLite), checks the schema version (a store of a newer version is refused
// with what to do), makes the schema when `create`. A SQLite file that another process holds is refused with who holds
// it.
Result<std::unique_ptr<Store>> open(const Address&, Opening, const Options& = {});
// Whether another process holds this SQLite file for writing (always false for PostgreSQL).
bool is_held(const Address&);
// Copies a back-up made by Store::backup into an empty store; refuses one that holds a record.
Result<void> restore(const std::string& backup_file, const Address& into,
                     const std::function<void(std::uint64_t, std::uint64_t)>& progress);

// The schema version that this program writes.
int schema_version();

}  // namespace waymark::store
