// The routing table, put together.
#include "web/pages/pages.hpp"

#include <iterator>

namespace waymark::web {

std::vector<PageRoute> all_pages() {
    std::vector<PageRoute> all;
    for (auto pages :
         {sign_in_pages,       home_pages,       raise_pages,          receipt_pages,      inbox_pages,
          desk_pages,          child_pages,      child_print_pages,    caseload_pages,     child_plans_pages,
          child_justice_pages, add_pages,        entry_pages,          standing_pages,     telling_pages,
          telling_draft_pages, check_pages,      challenge_pages,      meeting_pages,      manual_pages,
          procedure_pages,     replay_pages,     match_pages,          match_review_pages, match_undone_pages,
          search_pages,        search_all_pages, help_pages,           health_pages,       raise_now_pages,
          looked_pages,        access_pages,     convene_pages,        held_pages,         invitation_pages,
          assess_pages,        ring_pages,       advice_pages,         classify_pages,     child_people_pages,
          child_places_pages,  consult_pages,    consult_answer_pages, separate_pages,     address_pages}) {
        auto some = pages();
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
}

}  // namespace waymark::web
