#pragma once
// What the pages of a meeting share: its addresses, its facts in words, who must be there, and the list for My day.
#include <string>
#include <utility>
#include <vector>

#include "casework/convening.hpp"
#include "web/components/summary_list.hpp"
#include "web/pages/telling_view.hpp"

namespace waymark::web {

std::string meeting_url(EntryId meeting);
std::string meetings_url(ViewId person);

// Invitations, actions and minutes that wait for this person; empty where nothing does.
Result<Html> meeting_tasks_shown(Visit&);

// What, when, where, who chairs: as rows of a summary.
std::vector<SummaryRow> call_rows(const Visit&, const casework::MeetingStory&);
// Who must be there and why, with its source.
Html required_words(const Visit&, const procedure::Counting&, const std::string& label);
// "3 agencies came: it is quorate", or who is missing.
Html counted_words(const procedure::Counting&);
// Attendance, decisions with who disagreed, and actions: what minutes are.
Html minutes_words(const Visit&, const casework::MeetingStory&);
Html actions_of_meeting(const Visit&, const casework::MeetingStory&);

// A refusal of casework beside its field where the form has it.
bool beside(Typed&, const Fault&, std::initializer_list<std::string_view> fields);
// One person of the partnership out of a few.
Html person_question(const Typed&, const std::string& name, const Html& question, const Html& hint,
                     const std::vector<std::pair<std::string, std::string>>& people, const char* none);

}  // namespace waymark::web
