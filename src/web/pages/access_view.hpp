#pragma once
// What several pages say of who may see what: emergencies, restrictions, conflicts of interest.
#include "casework/glass.hpp"
#include "casework/restrictions.hpp"
#include "web/pages/parts.hpp"

namespace waymark::web {

std::vector<PageRoute> glass_pages();
std::vector<PageRoute> access_queue_pages();
std::vector<PageRoute> restriction_pages();
std::vector<PageRoute> approval_pages();
std::vector<PageRoute> connection_pages();
std::vector<PageRoute> look_alert_pages();

// "To review", "Review overdue by 2 working days", "Justified".
Html glass_state(const Visit&, const casework::GlassUse&);
// For My day: nothing where nobody broke the glass.
Result<Html> glass_told(Visit&);
// The same: nothing where no request waits for this person's answer.
Result<Html> approvals_waiting(Visit&);
// Whose sign-in was begun anew, for those who oversee.
Result<Html> let_in_told(Visit&);
// And nothing where nobody has a suspected conflict that is not cleared.
Html conflicts_told(Visit&);
Result<Html> conflicts_table(Visit&);
Result<Html> ended_connections_table(Visit&);
Html restrictions_table(const Visit&, const std::vector<casework::RestrictionItem>&, const char* caption);

}  // namespace waymark::web
