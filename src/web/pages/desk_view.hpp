#pragma once
// The page on which one concern is triaged: the concern, who the child may be, every earlier concern with its
// judgements, and the decision.
#include <string>
#include <string_view>

#include "web/pages/parts.hpp"

namespace waymark::web {

// A form of the page that came back with faults; the others are shown fresh.
struct Returned {
    std::string form;   // "judge", "match", "decide", "feedback"; empty: none
    std::string about;  // which earlier concern or match
    Typed typed;
};

Response desk_page(const Visit&, EntryId concern, const casework::Desk&, const Returned&);

std::string desk_url(EntryId concern);

// The chronology's line of an entry; nothing where the reader may not see it.
const casework::Line* line_of(const casework::PersonPage&, EntryId);
Html details_list(const casework::Line&);

// "Is it the same child?": the three answers and the reason.
Html match_form(const Visit&, const std::string& action, ViewId a, ViewId b, std::size_t n, const Returned&);

}  // namespace waymark::web
