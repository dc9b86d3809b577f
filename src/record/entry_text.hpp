#pragma once
// The text of an entry: the whole of it as given, but for identities, which live with their views.
// docs/formats/entry-text.md
#include <string>
#include <string_view>
#include <vector>

#include "record/card.hpp"
#include "record/entry.hpp"
#include "record/journal.hpp"

namespace waymark::record {

std::string write_entry_text(const Draft&, Instant recorded, const std::vector<KeptSubject>&,
                             const std::vector<CardField>& carded);

struct EntryText {
    json::object body;  // made by moving: assigning between memory resources would copy
    std::optional<Happened> happened;
    std::vector<KeptSubject> subjects;
    std::string basis;
    std::string case_key;
    std::string about;
    std::string supersedes;
    std::vector<std::string> carded;
    explicit EntryText(json::object&& given) : body(std::move(given)) {}
};
Result<EntryText> read_entry_text(std::string_view, json::storage_ptr storage = {});

// Of the child whose record it is; where no subject is that view, of the first child.
Involvements involvement_of(const std::vector<KeptSubject>&, ViewId record);

}  // namespace waymark::record
