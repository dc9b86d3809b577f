#pragma once
// The verbs of practitioners. Each takes a request, asks sharing and procedure whether it may, appends entries and
// refolds every case it touched, in one transaction; a refusal is a value and leaves its audit line.
//
// The way of one concern: raise -> people (who may this be) -> record (append, seal, log) -> procedure (duties, cues)
// -> triage with every earlier concern -> judge each -> decide -> feedback.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/system.hpp"
#include "casework/editions.hpp"
#include "content/content.hpp"
#include "content/look_patterns.hpp"
#include "people/people.hpp"
#include "procedure/procedure.hpp"
#include "record/audit.hpp"
#include "record/entry.hpp"
#include "record/journal.hpp"
#include "record/keys.hpp"
#include "record/log.hpp"
#include "sharing/sharing.hpp"
#include "store/store.hpp"

namespace waymark::casework {

// The agency and author of what the machine itself writes: links of the matching engine, adopted content.
inline constexpr std::string_view engine_agency = "waymark";
inline constexpr std::string_view engine_author = "engine";

// Under what the partnership's key ring is sealed: kept in locked memory so that the ring can be read and written anew.
// Changed by a rotation of the root (casework/keys.hpp).
struct Unlocked {
    std::timed_mutex mutex;
    json::object header;
    SecretBytes secret;  // empty: the partnership is kept plain
};
class Spool;  // spool.hpp

// A partnership that is open for work: everything that the verbs need, made once by `open_office`. Immutable and shared
// by threads but for the store, which guards itself.
struct Office {
    store::Store& store;
    store::Partnership partnership = 0;
    content::Catalogue catalogue;
    content::Profile profile;
    bool demonstration = false;
    Editions editions;
    std::unique_ptr<procedure::Calendar> calendar;
    std::unique_ptr<record::KeyedSeal> seal;
    const Clock& clock;
    Random& random;
    std::unique_ptr<record::Journal> journal;
    std::unique_ptr<record::Auditor> auditor;
    std::unique_ptr<people::Registry> registry;
    std::unique_ptr<sharing::Gate> gate;
    record::SigningKey signing_key;
    people::TokenKey token_key{};
    std::string origin;  // of checkpoints: "waymark/<key>"
    std::string content_dir;
    std::shared_ptr<Unlocked> unlocked;
    std::shared_ptr<Spool> spool = {};  // where a concern goes when the store cannot take it; a server has one
    sharing::Bases bases{};             // on what basis agencies tell each other
    std::string to_break_glass{};       // strength of a sign-in, by this server's settings; the policy's may be more
    content::LookPatterns look_patterns{};  // which looks seem wrong

    // In force for new cases.
    [[nodiscard]] const procedure::Rulebook& rulebook() const { return editions.now().procedure.rulebook(); }
    // In force when the case was opened.
    [[nodiscard]] const procedure::Procedure& procedure_of(const procedure::Dossier& dossier) const {
        return editions.of(dossier).procedure;
    }
};

// `waymark init`: makes the partnership, its keys, and the adoption entries (content.adopted) of profile, procedure,
// calendar, policy and kinds. `conflict` where the store already holds that partnership. Everything is sealed under the
// root; without one it is kept plain, which is for tests.
Result<void> found_partnership(store::Store&, const std::string& content_dir, std::string_view profile_toml,
                               const std::string& profile_file, bool demonstration, const Clock&, Random&,
                               const record::Root* root = nullptr);
// Opens the only partnership of the store, or the one with `key`. `unavailable` where the partnership is sealed and the
// root is missing or wrong.
Result<std::unique_ptr<Office>> open_office(store::Store&, const std::string& content_dir,
                                            std::optional<std::string> key, const Clock&, Random&,
                                            const record::Root* root = nullptr);
// `waymark adopt`: what the content folder (and a new profile, where one is given) holds otherwise than it was last
// adopted becomes an entry each, all of one moment. Cases that are open keep what was in force when they were opened;
// an office that is open already keeps what it has until it is opened again. Returns what was adopted; nothing where
// all is the same. The permit must be the operator's, for Action::append.
Result<std::vector<Adopted>> adopt(const Office&, std::optional<content::Profile>, const record::Permit&);

// ---- intake: the one door for entries ------------------------------------------------------------------------------

enum class Taken { taken, repeated, refused };
struct Outcome {
    Taken taken = Taken::refused;
    std::vector<Fault> faults;     // of a refusal
    std::vector<EntryId> entries;  // one for each child's record
    std::vector<ViewId> records;
    std::vector<CaseId> cases;
    int linked = 0;  // views that the engine linked
    int to_review = 0;
};
// Drafts made ready outside the transaction: split by child, digested, with their ids. Opaque; may be taken again when
// a transaction is run again.
struct Prepared {
    struct Part {
        std::size_t draft = 0;  // index of the draft it came from
        std::size_t nth = 0;    // among that draft's children
        record::Ready ready;    // draft, id and digest; take() fills in the rest
        // Of subjects that name a `person`: the identity that came with it. It brings nothing; it finds the person in a
        // store that knows them under another id.
        std::vector<std::optional<record::Identity>> named;
    };
    std::vector<Part> parts;
    std::vector<std::vector<Fault>> refused;  // by draft; empty where nothing was wrong so far
};
// Pure but for the ids it makes, and thread-safe: an import prepares on one thread while another commits. The drafts
// have passed record::decode_draft or record::check; an agency that is not in the profile is refused here.
Prepared prepare(const Office&, std::vector<record::Draft>);

struct TakeOptions {
    bool refresh =
        true;  // false: the caller refreshes the persons of what was taken itself, before its transaction ends
    bool by_verb = false;        // made by the verb whose entry it is: see has_its_own_way
    std::optional<CaseId> into;  // for verbs: the case of the entry that is answered, over the rule for placing
};

// Who may look, who is who and what two people agree to is decided by verbs that check more than an entry can say of
// itself: a person's entry of such a kind comes from its verb or not at all.
bool has_its_own_way(const content::Catalogue&, const record::Draft&);

// Splits, checks ids, resolves identities, links, places into cases, appends and refolds: all in the caller's
// transaction. Each draft stands alone: a refusal leaves the others. The permit must cover each kind and each draft's
// agency must be the asker's, except for an import by the operator. Costs a handful of store calls whatever the number
// of drafts.
Result<std::vector<Outcome>> take(const Office&, store::Transaction&, const record::Permit&, Prepared&,
                                  const TakeOptions& = {});
Result<std::vector<Outcome>> take(const Office&, store::Transaction&, const record::Permit&,
                                  std::span<const record::Draft>);

// Refolds the cases of these persons (any view of each will do) and rewrites what lists need: unmet duties, when a case
// ended. Part of every append and every change of link.
// To `marked_only` only entries came that are not open to the team: what is kept for everybody stays as it is.
Result<void> refresh(const Office&, store::Transaction&, std::span<const ViewId> persons,
                     std::span<const ViewId> marked_only = {});
// Throws all indexes away (duties, persons, tokens, closed) and makes them again from the entries.
Result<void> rebuild(const Office&, const std::function<void(std::uint64_t, std::uint64_t)>& progress);

// ---- reading -------------------------------------------------------------------------------------------------------

// Every read below runs in a snapshot, and its audit line joins the next group commit before anything is returned:
// where the line cannot be kept the answer is a fault `unavailable` and no byte of record.

struct Line {  // of a chronology
    record::Entry entry;
    std::string title;                                         // "Triage: no further action"
    std::vector<std::pair<std::string, std::string>> details;  // label, value: what the permit lets be shown
    std::string source;                                        // agency's name
    std::string author;
    bool late = false;        // recorded more than a working day after it took place
    int gap_days_before = 0;  // days without any entry before this one, where more than 28
    bool superseded = false;
    bool withheld = false;  // a text waits for redaction
};
struct RestrictionLine {
    std::string level;  // a marking
    std::string words;  // "Only the people named"
    Date review_by;
    bool review_due = false;  // soon, or past
};
struct PersonPage {
    ViewId person;
    std::vector<store::ViewRow> views;
    std::vector<record::Identity> identities;    // in the order of views
    std::vector<Line> lines;                     // oldest first
    std::vector<procedure::Standing> standings;  // of each case, newest first
    std::vector<const Edition*> editions;        // of each standing: what was in force when its case was opened
    std::vector<procedure::Ranked> prompts;      // of each standing; only on a `prompted_page`
    std::vector<people::Offered> to_review;      // views offered as perhaps the same child
    std::optional<Instant> access_ends;          // where the asker's access to this record ends soon
    std::vector<RestrictionLine> restrictions;   // in force on this record, as the asker may know them
    std::string relationship;                    // on which the asker's reading rests, for the audit
    bool leads = false;                          // the asker leads an open case of this child
    bool by_glass = false;                       // the asker broke the glass: `access_ends` says until when
    std::string basis = {};                      // codes of the lawful bases on which others' entries are read
};
Result<PersonPage> person_page(const Office&, const record::Asker&, ViewId person, std::optional<Instant> as_of);

// Dossier and standing of one case or of every case, as of a time. The visitor gets each standing; cases of persons
// that the asker may not know are passed over. Bulk: streams record by record, folds on `threads` threads.
Result<procedure::Standing> standing_of(const Office&, const record::Asker&, CaseId, Instant as_of);
Result<void> standings(const Office&, const record::Asker&, Instant as_of, unsigned threads,
                       const std::function<bool(const procedure::Standing&)>& visit);

struct InboxItem {
    EntryId concern;
    CaseId case_id;
    ViewId person;
    std::string name;  // or "Name not known"
    std::string from_agency;
    std::string about_what;
    bool immediate_danger = false;
    When received;
    Instant due;
    bool overdue = false;
    std::size_t earlier = 0;  // earlier concerns and referrals, whoever holds them
    std::size_t possible_matches = 0;
};
Result<std::vector<InboxItem>> inbox(const Office&, const record::Asker&, std::size_t limit);

struct EarlierItem {
    record::Entry concern;
    std::string agency_name;
    std::string title;
    std::string closed_as;  // in words
    bool closed_without_action = false;
    std::string classification;
    struct Judgement {
        std::string judgement;
        std::string reason;
        std::string by;
        When at;
        bool for_this = false;
    };
    std::vector<Judgement> judgements;
    bool judged = false;  // for the concern in hand
};
struct Desk {  // what the front door needs to triage one concern
    record::Entry concern;
    PersonPage child;
    std::vector<EarlierItem> earlier;
    std::vector<people::Offered> matches;  // possible matches, side by side
    procedure::Standing standing;
    std::optional<record::Entry> decided;
    bool may_close = false;  // every earlier concern is judged
};
Result<Desk> triage_desk(const Office&, const record::Asker&, EntryId concern);

// What the raiser may see of their own concern: reference, when, outcome code and feedback, never free text of others.
struct Receipt {
    EntryId concern;
    std::string reference;  // random: tells nothing
    When received;
    Instant feedback_due;
    std::string outcome;  // code or empty
    std::vector<std::pair<When, std::string>> feedback;
    bool immediate_danger = false;
    // Kept in the spool: it has no entry yet and is in nobody's list until the store answers again.
    bool spooled = false;
    std::vector<EntryId> challenges = {};  // the raiser's own, of what was decided on it
};
Result<Receipt> receipt(const Office&, const record::Asker&, EntryId concern);
Result<std::vector<Receipt>> my_concerns(const Office&, const record::Asker&, std::size_t limit);

// `own_agency`: only whom the asker's own agency knows, whatever else they may see: what a raiser is offered.
enum class Among { all_that_may_be_seen, own_agency };
Result<std::vector<people::Offered>> who_may_this_be(const Office&, const record::Asker&, const record::Identity& query,
                                                     std::size_t limit, Among = Among::all_that_may_be_seen);

// ---- verbs ---------------------------------------------------------------------------------------------------------

// Every verb takes the form's key, so that a form sent twice is one entry (repeated: the first answer again).
struct RaiseRequest {
    std::string key;
    std::string about_what;
    std::string setting;
    std::string noticed;
    std::string summary;
    bool immediate_danger = false;
    std::optional<When> at;  // when it was noticed; default now
    struct Child {
        record::Involvements involvement = static_cast<record::Involvements>(record::Involvement::displayed);
        std::optional<ViewId> known;    // chosen from those the raiser's own agency knows
        record::Identity as_described;  // what the raiser knows; may be a nickname only
    };
    std::vector<Child> children;
};
// Where the store cannot take it, it is kept in the office's spool, and the receipt says so.
Result<Receipt> raise(const Office&, const record::Asker&, const RaiseRequest&);

struct JudgeRequest {
    std::string key;
    EntryId concern;  // in hand
    EntryId earlier;  // that is judged
    std::string judgement;
    std::string reason;
};
Result<EntryId> judge(const Office&, const record::Asker&, const JudgeRequest&);

struct TriageRequest {
    std::string key;
    EntryId concern;
    std::string outcome;
    std::string rationale;
};
// `held` with the gate's reason where earlier concerns wait to be judged; protective outcomes are never held.
// `conflict` where a decision on this concern stands already.
Result<EntryId> triage(const Office&, const record::Asker&, const TriageRequest&);

struct FeedbackRequest {
    std::string key;
    EntryId concern;
    std::string outcome;
    std::string text;
};
Result<EntryId> give_feedback(const Office&, const record::Asker&, const FeedbackRequest&);

// Drafts of forms, sealed, private to their author, kept 30 days.
Result<DraftId> save_draft(const Office&, const record::Asker&, std::optional<DraftId>, std::string_view form,
                           const json::object& fields);
Result<std::optional<json::object>> load_draft(const Office&, const record::Asker&, DraftId);
// The asker's own draft, to be sent on and not to be shown: it leaves no line of its own.
Result<std::optional<json::object>> draft_to_send(const Office&, const record::Asker&, DraftId);
Result<void> discard_draft(const Office&, const record::Asker&, DraftId);
struct DraftLine {
    DraftId draft;
    std::string form;
    Instant saved;
};
// The asker's own drafts, the newest first.
Result<std::vector<DraftLine>> my_drafts(const Office&, const record::Asker&, std::size_t limit);

}  // namespace waymark::casework
