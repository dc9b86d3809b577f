#pragma once
// What the pages about one child share: the cluster of views as the asker may see it, entries as lines, facts by case.
#include <string>
#include <vector>

#include "casework/casework.hpp"
#include "casework/dossiers.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

std::vector<ViewId> ids_of(std::span<const store::ViewRow>);

// The child's facts as the permit lets them be known at a time, parted by case; the child's age from the views that are
// shown.
Result<Parted> dossiers_of(const Office&, store::Snapshot&, const KnownChild&,
                           std::optional<Instant> known_by = std::nullopt);

// The words of a list in a body; empty where there is none.
std::vector<std::string> strings_in(const json::object& body, std::string_view field);
// The day that a field of a body gives; nothing where it gives none.
std::optional<Date> day_in(const json::object& body, std::string_view field);
// Whether a field of a body says yes.
bool is_true(const json::object& body, std::string_view field);

std::string title_of(const Office&, const record::Entry&);
std::string words_of_code(const content::Kind*, std::string_view field, std::string_view code);
std::string agency_name(const Office&, std::string_view key);
std::string practitioner_name(const Office&, std::string_view key);
std::vector<Line> lines_of(const Office&, std::vector<record::Entry> entries);

// The page without its audit line.
Result<PersonPage> assemble_page(const Office&, store::Snapshot&, Knowing&, ViewId person,
                                 std::optional<Instant> as_of);
// For the audit: how deep an entry stands as it was read, all of a page's, and the names of an identity's fields that
// hold something that a page may show.
record::Shown shown_of(const record::Entry&);
std::vector<record::Shown> shown_of(const PersonPage&);
std::string fields_of(std::span<const record::Identity>);

// The name of each person, who is named by any of their views, from those views only that the asker may know; "Name not
// known" where there is none.
Result<std::vector<std::string>> names_of_persons(const Office&, store::Snapshot&, const record::Permit&,
                                                  std::span<const ViewId> persons);

// A concern that is decided on, and its child, as the asker may know them; `missing` at `place` where there is none.
struct ConcernInHand {
    record::Entry entry;  // its card
    KnownChild child;
};
Result<ConcernInHand> concern_in_hand(const Office&, store::Snapshot&, Knowing&, EntryId, const char* place);

// Views that stand open to be compared with one of these, each with its identity.
Result<std::vector<people::Offered>> open_matches(const Office&, store::Snapshot&, Knowing&, const record::Permit&,
                                                  std::span<const store::ViewRow>, std::size_t limit);

// Without pairs of which one side is the identity before an adoption and the other is not: of these there is no trace.
Result<std::vector<store::LinkRow>> without_adopted(const Office&, store::Snapshot&, std::vector<store::LinkRow>);

// Ids of the rules whose duty is met by an entry of this kind.
std::vector<std::string> duties_met_by(const Office&, std::string_view kind);

}  // namespace waymark::casework
