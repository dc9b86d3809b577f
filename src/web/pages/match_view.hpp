#pragma once
// The parts of the page on which a person says whether two records are of one person.
#include <string>

#include "casework/matches.hpp"
#include "casework/models.hpp"
#include "web/pages/parts.hpp"

namespace waymark::web {

std::string match_url(ViewId a, ViewId b);

// Everything that the two agencies wrote, side by side; a protected address stays protected.
Html both_views(const Visit&, const casework::MatchPage&);
// What speaks for and against: in a sentence, as a table of words, and drawn.
Html weighing(const casework::MatchPage&);
// Which model weighs: since when and by whom, from which weight it links, and how much of that it expects to be right.
Html model_in_force(const Visit&);
// The same of an earlier moment, words only.
Html evidence_then(const people::Comparison&);
// Who decided what on the two, when and why.
Html decision_history(const Visit&, const casework::MatchPage&);
// "N. N. decided on …: two people. Reason. It stands until somebody changes it."
Html decided_before(const Visit&, const casework::PastDecision&);

std::string aspect_words(people::Aspect);  // "Given name"
// "strong for", "slightly against": what one piece of evidence says of whether the two are one person.
std::string strength_words(const people::Evidence&);
std::string decision_words(const casework::PastDecision&);

}  // namespace waymark::web
