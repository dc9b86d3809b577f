#pragma once
// Prompts of a case: what interrupts, what is also to look at, what was put aside, and the form that does it.
#include <string>
#include <string_view>
#include <vector>

#include "web/pages/desk_view.hpp"

namespace waymark::web {

// Links to these entries in the child's chronology; nothing where the reader may see none.
Html entry_links(const Visit&, const casework::PersonPage&, const std::vector<EntryId>&);

// The prompts of the n-th standing. `returned` is a form that came back with faults: form "cue", about `cue_about`.
Html prompts(const Visit&, const casework::PersonPage&, std::size_t n, const Returned&);
std::string cue_about(CaseId, std::string_view cue);
// What is added to the ids of that prompt's form.
std::string cue_suffix(const casework::PersonPage&, std::string_view about);

// Who met, who sent apologies, who was missing.
Html meetings_table(const Visit&, const procedure::Gathering&);
// "health, police" as a partnership calls them.
std::string types_in_words(const std::vector<std::string>& types);

}  // namespace waymark::web
