#pragma once
// Entries: as they come from outside (Draft), as they are kept (Entry), and as rules see them (Fact).
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "content/content.hpp"
#include "record/identity.hpp"
#include "store/store.hpp"

namespace waymark::record {

// Stored as bits in cards: never renumber.
enum class Involvement : std::uint16_t {
    subject = 1,
    displayed = 2,
    affected = 4,
    witness = 8,
    parent = 16,
    carer = 32,
    sibling = 64,
    household = 128,
    peer = 256,
    person_of_concern = 512,
    other = 1024,
};
using Involvements = std::uint16_t;  // a set of them
constexpr bool has(Involvements set, Involvement one) {
    return (set & static_cast<std::uint16_t>(one)) != 0;
}
std::optional<Involvement> parse_involvement(std::string_view);
std::string_view to_string(Involvement);
std::vector<std::string> names_of(Involvements);
// Children's records: subject, displayed, affected, witness, sibling, peer. Adults (parent, carer, household,
// person-of-concern, other) go with each child's entry.
constexpr Involvements children_involvements = 1 | 2 | 4 | 8 | 64 | 256;

struct Happened {
    std::optional<Date> from;
    std::optional<Date> to;
    std::string accuracy;  // three of A, E, U
    bool operator==(const Happened&) const = default;
};

struct Subject {
    Involvements involvement = 0;
    std::optional<Identity> identity;
    std::optional<ViewId> person;
};

// ---- from outside -------------------------------------------------------------------------------------------------

// Section 2 of the outside contract, decoded and checked against its kind; references are still the source's words.
struct Draft {
    std::string kind;
    When at;
    std::optional<Happened> happened;
    std::optional<Instant> recorded;
    std::string agency;
    std::string author;
    std::vector<Subject> subjects;
    std::string incident;
    json::object body;
    ProtectedAddress protected_address;  // fields of the body that its kind protects; the body has them no more
    std::string about;
    std::string id;
    std::string case_key;
    std::string basis;
    std::string marking = "team";
    std::string supersedes;
};

struct DecodeLimits {
    std::size_t text_bytes = 256u << 10;  // of one text field
    std::size_t line_bytes = 2u << 20;
    std::size_t subjects = 50;
};

// Checks syntax, kind, fields, codes, dates (not in the future of `now`; not before birth: an unborn child has an
// expected date), UTF-8 and limits; collects every fault, each with its field as place ("body.about_what") and a mend.
tl::expected<Draft, std::vector<Fault>> decode_draft(std::string_view json_line, const content::Catalogue&, Instant now,
                                                     const Zone&, const DecodeLimits& = {});
tl::expected<Draft, std::vector<Fault>> decode_draft(const json::object&, const content::Catalogue&, Instant now,
                                                     const Zone&, const DecodeLimits& = {});
// The same checks on a draft that was built in memory (a form, a census).
std::vector<Fault> check(const Draft&, const content::Catalogue&, Instant now, const Zone&, const DecodeLimits& = {});

// One entry for each child, tied by `incident` (made by the caller's id where the source gave none). The first keeps
// the source's id, the n-th gets "id/n". Adults go with each. Where a text names another of the children (a whole word
// equal to a given or family name of three letters or more, case and diacritics folded), `body["withheld"]` lists those
// text fields: they are kept and shown to nobody until an entry that supersedes this one has redacted them.
std::vector<Draft> split_by_child(Draft, const std::string& incident_if_needed);

// SHA-256 over the canonical JSON of everything but `recorded`, and but `at` of an `identity.recorded` (which says only
// when a file brought it): two drafts with the same digest are the same entry.
Digest content_digest(const Draft&);
// The line of the outside contract; decode_draft takes it back. What is protected is not in it.
json::object encode(const Draft&);
// Puts what the kind protects out of reach. Reading a draft from outside does it, and so does casework's one door.
void protect(Draft&, const content::Catalogue&);

// ---- as kept ------------------------------------------------------------------------------------------------------

struct KeptSubject {
    Involvements involvement = 0;
    ViewId view;
    std::int32_t version = 0;  // of the view that this entry brought; 0: it named a person and brought no identity
    Digest identity{};         // SHA-256 of salt and the identity's canonical JSON; zero where version is 0
    ViewId person{};           // as the source named it; nil where it named none
};

struct Entry {
    store::EntryRow row;  // without its card once opened
    std::optional<Happened> happened;
    Involvements involvement = 0;  // of the child whose record this is
    std::vector<KeptSubject> subjects;
    json::object body;  // whole but for what is protected, or card fields only when read as a card
    ProtectedAddress protected_address;
    std::string basis;
    std::string case_key;  // as the source wrote it
    std::string about_given;
    std::string supersedes_given;
    bool whole = false;
};

// ---- as rules see it ----------------------------------------------------------------------------------------------

// A card, opened. Codes, dates and references; no text, no identity.
struct Fact {
    EntryId id;
    std::string kind;
    CaseId case_id;
    ViewId record;
    When at;
    Instant recorded;
    std::string agency;
    std::string author;
    EntryId about;
    EntryId supersedes;
    std::string incident;
    std::string marking;
    Involvements involvement = 0;
    std::optional<Happened> happened;
    json::object fields;  // of the body
};
// The fold order: (at, recorded, id).
bool folds_before(const Fact&, const Fact&);

// A case as its entries tell it. A case ends with case.closed, or with a triage of no-further-action or advice.
bool ends_case(std::string_view kind, const json::object& fields);

}  // namespace waymark::record
