#pragma once
// Who is this child? Views are kept as each agency wrote them; what links them is decided here, always with its
// evidence, always reversible.
//
// One engine weighs the registry's views, a file's records (people/batch) and a register in memory (people/index):
// Fellegi and Sunter (1969) with three classes of pair. Each field's agreement has a level; its weight is log2(m/u), m
// the chance of that level among pairs of one person, u among strangers; the weights add up with the prior to the odds,
// and what a household explains as well says less. Missing is neither for nor against. Candidates come from keyed
// tokens (several blocking rules united), never from a full scan. Same birth date, family name and address and another
// given name (twins, siblings) is always offered, never linked by itself.
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "people/batch/model.hpp"
#include "record/identity.hpp"
#include "record/journal.hpp"
#include "record/permit.hpp"
#include "store/store.hpp"

namespace waymark::people {

namespace batch {
struct Someone;
}

// ---- normalising --------------------------------------------------------------------------------------------------

// One name or name part: upper case, diacritics folded, apostrophes dropped, hyphens to spaces, data-entry markers
// ("MIG_ERROR_", "NO_SHOW_", "DUPLICATE_", "NOT ENTERED", "NAMAMC"…) removed as the cleaning vectors require.
std::string normalise_name(std::string_view);
std::vector<std::string> name_parts(std::string_view);  // particles joined: "MC KENZIE" -> "MCKENZIE"
// "sw1a 1aa" -> "SW1A1AA"; nothing where it is not a UK postcode or is a place-holder (NF1 1NF).
std::optional<std::string> normalise_postcode(std::string_view);
std::string outcode(std::string_view normalised_postcode);          // "SW1A"
std::string sector(std::string_view normalised_postcode);           // "SW1A1"
std::optional<std::string> normalise_nhs_number(std::string_view);  // ten digits, modulus 11
std::optional<std::string> normalise_upn(std::string_view);         // 13 characters, check letter
std::string phonetic(std::string_view normalised_name);             // sound key of one name part

// What is compared; made once for a view.
struct Features {
    std::vector<std::string> given;          // parts of the given name, first first
    std::vector<std::string> family;         // parts of the family name
    std::vector<std::string> other;          // other and previous names, normalised whole
    std::vector<std::string> former_family;  // parts of family names of before; they stand in `other` too
    std::optional<Date> date_of_birth;
    bool expected_birth = false;  // the date is an expected one
    std::string dob_accuracy = "AAA";
    std::string sex;       // "F", "M" or empty
    std::string address;   // first line, normalised; empty when protected in sight of others
    std::string postcode;  // normalised; a district alone ("SW1A") or another country's where it is no more
    std::vector<std::string> former_postcodes;  // normalised, latest first, without that of now
    std::string nhs_number;
    std::string upn;
    std::string la_child_id;  // "source/id"
    std::string phone;
    std::string email;
    bool former = false;  // the identity that an adopted child had before: compared with such others only
};
Features features_of(const record::Identity&);
// With what the view said before, oldest first: the postcodes and family names that it had. Nothing is carried over
// from a version of another person (another given name and another birth date: the agency wrote over its record), nor
// between an adopted child's two identities; no given name, which would make one child of twins that were once mixed
// up; and no postcode where any of the versions is protected.
Features features_of(const record::Identity& now, std::span<const record::Identity> before);
// Of each of these views, earlier versions included; in their order.
Result<std::vector<Features>> features_of(const record::Journal&, store::Snapshot&, store::Partnership,
                                          std::span<const store::ViewRow>);

// ---- comparing ----------------------------------------------------------------------------------------------------

enum class Aspect : std::uint8_t {
    given_name,
    family_name,
    other_names,
    date_of_birth,
    address,
    postcode,
    sex,
    nhs_number,
    upn,
    la_child_id,
    phone,
    email,
    household  // what all fields together say less because a household shares them
};
inline constexpr std::size_t aspect_count = 13;
std::string_view to_string(Aspect);

struct Evidence {
    Aspect aspect;
    std::string
        level;  // id of the level: "same", "nickname", "one-letter", "swapped-day-month", "different", "missing"
    std::string words;  // "Same family name, a rare one"; never the value itself
    double weight = 0;  // log2; above 0 speaks for, below 0 against
};
struct Comparison {
    double weight = 0;       // log2 of the posterior odds
    double probability = 0;  // of being one person
    std::vector<Evidence> evidence;
    bool twin_or_sibling = false;  // same birth date or address and family name, another given name
    bool contradicted = false;     // two different valid NHS numbers or UPNs
};
enum class Outcome { linked, review, not_linked };
std::string_view to_string(Outcome);  // "linked", "review", "not-linked"

// Which names are forms of one another. Names that share a group are: "Liz" and "Beth" are both in that of "Elizabeth".
class NameVariants {
public:
    void add(std::string_view name, std::string_view variant);  // both normalised; the group is `name`'s
    [[nodiscard]] bool related(const std::string& a, const std::string& b) const;
    [[nodiscard]] bool knows(const std::string& name) const { return groups_.find(name) != groups_.end(); }
    [[nodiscard]] std::size_t size() const { return groups_.size(); }
    // Sorted; two names are related where they share one.
    [[nodiscard]] std::span<const std::uint32_t> groups_of(const std::string& name) const {
        const auto found = groups_.find(name);
        return found == groups_.end() ? std::span<const std::uint32_t>{} : found->second;
    }

private:
    std::uint32_t group_of(const std::string& name);
    std::unordered_map<std::string, std::uint32_t> own_;
    std::unordered_map<std::string, std::vector<std::uint32_t>> groups_;  // sorted
};

// The model of the registry's fields, each named as its aspect, with the forms of names beside it.
struct Model : batch::LinkageModel {
    NameVariants given_variants;  // content, not part of the JSON: see load_name_variants
    NameVariants family_variants;
};
// Set by hand from what is published on children's records, never from the records of a partnership; every number has
// its reason beside it. Without name variants. As a batch::LinkageModel it serves files with these columns too.
Model default_model();
// Reads names/given-variants.csv and names/family-variants.csv of the content folder into the model.
Result<void> load_name_variants(const std::string& content_dir, Model&);

// The result without words, for where thousands of pairs are weighed.
struct Weighed {
    double weight = 0;
    bool twin_or_sibling = false;
    bool contradicted = false;
    Outcome outcome = Outcome::not_linked;
};

// Features made ready to be weighed many times by one model.
struct Ready {
    std::shared_ptr<const batch::Someone> someone;
    bool former = false;
};

// A model made ready for many comparisons. Keeps references to the model's variants, which must outlive it.
class Comparer {
public:
    explicit Comparer(const Model&);  // throws std::invalid_argument for a model that says no shares of values
    [[nodiscard]] Ready ready(const Features&) const;
    [[nodiscard]] Weighed weigh(const Ready&, const Ready&) const;
    [[nodiscard]] Comparison compare(const Ready&, const Ready&) const;
    [[nodiscard]] Weighed weigh(const Features&, const Features&) const;
    [[nodiscard]] Comparison compare(const Features&, const Features&) const;

private:
    struct Body;
    std::shared_ptr<const Body> body_;
};

Comparison compare(const Features&, const Features&, const Model&);
// Linked only where nothing forbids it: a contradiction, or another given name, is for a person to look at. Twins (same
// birth date, family name and household, another given name) are always offered, however much or little they weigh.
Outcome decide(const Comparison&, const Model&);

// ---- blocking -----------------------------------------------------------------------------------------------------

using TokenKey = std::array<std::uint8_t, 16>;
// Keyed tags under which these features may be found; the union of several blocking rules, without repeats.
std::vector<std::uint64_t> tokens_of(const Features&, const TokenKey&);
// The part of them that an import looks up: without the name alone, which finds too many among hundreds of thousands.
std::vector<std::uint64_t> import_tokens_of(const Features&, const TokenKey&);
// What a view that is found under a tag has in common with who is asked for: bits, united over all its tags. A name is
// alike where it sounds the same.
enum Alike : std::uint16_t {
    alike_date = 1,
    alike_slipped_date = 2,  // a slip or a place-holder apart
    alike_year = 4,
    alike_given = 8,
    alike_family = 16,
    alike_place = 32,
    alike_number = 64,    // NHS number, UPN, number of the child
    alike_contact = 128,  // telephone, e-mail
};
struct SearchTag {
    std::uint64_t token = 0;
    std::uint16_t alike = 0;
};
// What a person's search looks up: besides, those of a date with day and month swapped and of a year more or less.
std::vector<SearchTag> search_tokens_of(const Features&, const TokenKey&);
// And where those find nobody surely: the date or the family name with a first letter, and dates that slips make.
std::vector<SearchTag> wider_tokens_of(const Features&, const TokenKey&);
// Which rules make a store's tokens; another number where they change. A store of an older one is searched as well as
// its tokens allow until it is rebuilt (tokens_are_older).
inline constexpr std::int32_t token_scheme = 2;
// Whether a store's tokens were made by other rules, so that a search misses more; and that they are now by these.
Result<bool> tokens_are_older(const record::Seal&, store::Snapshot&, store::Partnership);
void note_tokens(const record::Seal&, store::Transaction&, store::Partnership);

// ---- the registry: views in the store -------------------------------------------------------------------------------

struct Offered {
    ViewId view;
    ViewId person;
    std::string agency;
    record::Identity identity;
    Comparison comparison;
    Outcome outcome = Outcome::review;
    ViewId of{};  // the view it is offered for; nil where it answers a search
};

// Whether a person is asked about this pair now: the engine offers it and nobody has decided, or somebody has and new
// evidence has come since, or the decision was taken back. A decision that stands leaves weight 0 in the row; whatever
// opens the question again leaves the engine's weight, which is then never 0.
bool is_offered(const store::LinkRow&);

struct Arrived {
    std::string agency;
    record::Identity identity;
    Instant recorded;
    EntryId entry;  // that brings it
};
struct Resolved {
    ViewId view;
    std::int32_t version = 0;
    ViewId person;
    bool is_new = false;            // the view was not known before
    std::vector<ViewId> linked;     // views that the engine linked it to now
    std::vector<ViewId> to_review;  // views offered to a person now
    std::vector<ViewId> unlinked;   // engine links that a change of this view's content no longer bears; now offered
    std::vector<ViewId>
        persons_changed;  // persons whose clusters this view's links changed, itself included where it is known
};

// Whether a view may take part in what the asker is shown. Applied before ranking.
using Visible = std::function<bool(const store::ViewRow&)>;

class Registry {
public:
    Registry(const record::Journal& journal, Model model, TokenKey key)
        : journal_(journal), model_(std::make_shared<const Model>(std::move(model))), comparer_(*model_), key_(key) {}

    // Keeps each identity as its agency wrote it, finds candidates, links above the threshold, offers the rest. In the
    // order given; the same (agency, source, id) twice is one view, with another version where its content changed. An
    // identity that only names a view which is known (record::names_only) brings no version: it is answered with
    // version 0. Engine links are returned for the caller to append as `identity.decided` entries; the link rows are
    // written here. They are added at the end of `engine_links`, so work that may be run again must empty it first. A
    // link joins two clusters only where no member of one contradicts one of the other or may be its twin or sibling:
    // such a pair is offered instead. An import calls it best with 10,000 to 25,000 at a time: the index of tokens is
    // written in order, and fewer batches write fewer of its pages twice.
    struct EngineLink {
        ViewId a;
        ViewId b;
        Comparison comparison;
    };
    Result<std::vector<Resolved>> resolve(store::Transaction&, store::Partnership, std::span<const Arrived>,
                                          Instant now, std::vector<EngineLink>& engine_links) const;

    // Search before create: ranked, best first, at most `limit`; of each person the best view that the asker may see.
    // The permit must be for Action::search.
    Result<std::vector<Offered>> search(store::Snapshot&, store::Partnership, const record::Permit&,
                                        const record::Identity& query, const Visible&, std::size_t limit) const;
    // What stands open for a person to look at, and what was offered about this view.
    Result<std::vector<std::pair<store::LinkRow, Comparison>>> to_review(store::Snapshot&, store::Partnership,
                                                                         std::optional<ViewId> of,
                                                                         std::size_t limit) const;

    // Every pair that a person is asked about, the longest waiting first; at most about `most` are looked at.
    static std::vector<store::LinkRow> offered(store::Snapshot&, store::Partnership, std::size_t most);
    // What spoke for and against when the pair was last weighed, or when a person decided on it.
    Result<Comparison> evidence_of(const store::LinkRow&) const;

    // The person (cluster) of each view; and every view of a person, oldest first.
    Result<std::vector<ViewId>> persons(store::Snapshot&, store::Partnership, std::span<const ViewId>) const;
    Result<std::vector<store::ViewRow>> views_of(store::Snapshot&, store::Partnership, ViewId person) const;
    Result<std::vector<record::Identity>> identities(std::span<const store::ViewRow>) const;
    // Two views as they are weighed now, with what they said before.
    Result<Comparison> compare(store::Snapshot&, store::Partnership, const store::ViewRow&,
                               const store::ViewRow&) const;

    // A person's decision about two views; outweighs the engine. Links, un-links and re-clusters; returns the persons
    // whose clusters changed, so that the caller can refold their cases. Confirming is what lets a twin's or sibling's
    // link stand.
    enum class Decision { same, not_same, not_yet };
    Result<std::vector<ViewId>> apply_decision(store::Transaction&, store::Partnership, ViewId a, ViewId b, Decision,
                                               EntryId decided_by, Instant when) const;

    // Nobody's decision stands any more: the pair is open again and offered with the evidence of now. What the engine
    // had linked before is not linked again by this: that, too, a person says.
    Result<std::vector<ViewId>> take_back(store::Transaction&, store::Partnership, ViewId a, ViewId b, EntryId by,
                                          Instant when) const;

    // Pairs that a person found to be two, or could not tell yet, are offered again where what a batch brought says
    // something new of them: one of the two was written anew and the comparison has another outcome or has changed by a
    // clear margin, or another view has joined one of them. The decision stands meanwhile. Returns how many.
    Result<std::size_t> offer_again(store::Transaction&, store::Partnership, std::span<const Resolved>,
                                    Instant now) const;

    // The identities that adopted children had before. The views themselves; the persons in whose clusters one stands;
    // and keeping the list, an index beside the views: `others` are views that are not marked, or no more.
    Result<std::vector<ViewId>> former_views(store::Snapshot&, store::Partnership) const;
    Result<std::set<ViewId>> former_persons(store::Snapshot&, store::Partnership) const;
    Result<void> note_former(store::Transaction&, store::Partnership, std::span<const ViewId> former,
                             std::span<const ViewId> others) const;
    // Before a view of these is marked: what the engine has joined with it stays joined, though it is compared with
    // nothing any more. The old record is closed as it stands.
    void hold_together(store::Transaction&, store::Partnership, std::span<const ViewId> views) const;

    // Clusters from link rows alone: connected components over linked and confirmed links that do not chain through a
    // contradiction. What `view.person` must equal (verify and rebuild use it).
    static std::unordered_map<ViewId, ViewId> clusters(std::span<const store::LinkRow>,
                                                       std::span<const store::ViewRow>);

    [[nodiscard]] const Model& model() const { return *model_; }
    [[nodiscard]] const Comparer& comparer() const { return comparer_; }

private:
    const record::Journal& journal_;
    std::shared_ptr<const Model> model_;
    Comparer comparer_;
    TokenKey key_;
};

}  // namespace waymark::people
