#pragma once
// The journal: the one way in which entries are read and appended. Both demand a Permit, both go through the seal.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/system.hpp"
#include "content/content.hpp"
#include "record/entry.hpp"
#include "record/permit.hpp"
#include "store/store.hpp"

namespace waymark::record {

// The one sealing point. Associated data binds the bytes to what they are: a body cannot be passed for another's.
struct Bound {
    std::string_view what;  // card, text, identity, draft, secret, evidence, audit, spool
    Uuid of;                // entry, view or draft
    std::string_view kind;  // of an entry; whose a draft is; the name of a secret
    std::int32_t version = 1;
    Uuid record{};  // of a card or text: the child's record that the entry belongs to, whose key it is sealed under
};
class Seal {
public:
    virtual ~Seal() = default;
    [[nodiscard]] virtual Bytes close(ByteView plain, const Bound&) const = 0;
    [[nodiscard]] virtual Result<Bytes> open(ByteView sealed, const Bound&) const = 0;  // fault where it was altered

    // Many at once, which costs a seal with keys less. `each` is given the place in the span and what was opened, in
    // order, and sees it during the call only; the first that does not open ends it with its fault.
    struct Piece {
        ByteView bytes;
        Bound bound;
    };
    using OnOpened = std::function<Result<void>(std::size_t place, ByteView plain)>;
    virtual Result<void> open_each(std::span<const Piece> sealed, const OnOpened& each) const;
    [[nodiscard]] virtual std::vector<Bytes> close_each(std::span<const Piece> plain) const;
};
// Keeps the bytes as they are behind one format byte (0x00), for stores without keys: tests, and what was kept before
// sealing. The seal with keys is in record/keys.hpp.
std::unique_ptr<Seal> plain_seal();

// An entry ready to be kept: everything resolved.
struct Ready {
    EntryId id;
    Draft draft;
    ViewId record;  // nil for entries about the partnership
    CaseId case_id;
    std::int64_t case_seq = 0;
    EntryId about;
    EntryId supersedes;
    std::vector<KeptSubject> subjects;  // in the order of draft.subjects; `identity` digests are filled in by append
    Digest digest{};
};

enum class Naming { brought, all };

class Journal {
public:
    Journal(const content::Catalogue& catalogue, const Seal& seal, const Clock& clock, Random& random)
        : catalogue_(catalogue), seal_(seal), clock_(clock), random_(random) {}

    // Seals card and text, makes salt and leaf, inserts, queues the leaf: all in the caller's transaction. A permit
    // that does not cover a kind refuses the whole call. What may change who may see what raises the access epoch.
    // `kept` is given the rows as they were written, part by part,
    // on the caller's thread.
    using Kept = std::function<void(std::vector<store::EntryRow>)>;
    Result<void> append(store::Transaction&, store::Partnership, const Permit&, std::span<const Ready>,
                        const Kept& kept = {}) const;

    // The entries of these records that the permit covers, in the fold order, each as deep as it shows them: whole;
    // with the card's fields only (`whole` is false); or with no kind, agency, author or body, where only the date is
    // seen. `limit` bounds what is read.
    Result<std::vector<Entry>> read(store::Snapshot&, store::Partnership, const Permit&,
                                    std::span<const ViewId> records, store::Want, std::size_t limit = 50'000) const;
    Result<std::vector<Entry>> read_entries(store::Snapshot&, store::Partnership, const Permit&,
                                            std::span<const EntryId>, store::Want) const;
    // For folding: cards only, system permit (Action::fold) or a person's.
    Result<std::vector<Fact>> facts(store::Snapshot&, store::Partnership, const Permit&,
                                    std::span<const ViewId> records, std::size_t limit = 50'000) const;

    // Both of the same entries, which are fetched once.
    struct Known {
        std::vector<Entry> entries;  // whole, as `read` gives them
        std::vector<Fact> facts;
    };
    Result<Known> read_and_facts(store::Snapshot&, store::Partnership, const Permit&, std::span<const ViewId> records,
                                 std::size_t limit = 50'000) const;

    // The same of rows that were read already, which may be done beside the reading of others.
    [[nodiscard]] Result<std::vector<Fact>> open_cards(const Permit&, std::vector<store::WholeEntry>) const;

    [[nodiscard]] Result<Entry> open(const store::WholeEntry&) const;
    [[nodiscard]] Result<Fact> open_card(const store::EntryRow&) const;
    // The contract's JSON of an entry, with the identities it brought: what `import entries` takes back. Whom it
    // brought no identity of, it names by source and id. `Naming::all` names so also those whom the entry knew by a
    // person's id, so that another store can take them; it is for the export of the whole record, never for a page.
    // A protected address is in it only where `reveal` gives it, under a decision.
    using Reveal = std::function<std::optional<ProtectedAddress::Plain>(const ProtectedAddress&, std::string_view kind,
                                                                        std::string_view marking)>;
    [[nodiscard]] Result<json::object> to_contract(store::Snapshot&, store::Partnership, const Entry&,
                                                   Naming = Naming::brought, const Reveal& reveal = {}) const;

    [[nodiscard]] Bytes seal_identity(const Identity&, ViewId, std::int32_t version) const;
    [[nodiscard]] Result<Identity> open_identity(ByteView sealed, ViewId, std::int32_t version) const;
    [[nodiscard]] const content::Catalogue& catalogue() const { return catalogue_; }
    [[nodiscard]] const Seal& seal() const { return seal_; }

private:
    [[nodiscard]] Result<std::vector<Entry>> open_under(const Permit&, std::span<store::WholeEntry>) const;

    const content::Catalogue& catalogue_;
    const Seal& seal_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace waymark::record
