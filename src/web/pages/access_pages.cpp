// The pages about who may see what.
#include <iterator>

#include "web/pages/access_view.hpp"
#include "web/pages/pages.hpp"

namespace waymark::web {

std::vector<PageRoute> access_pages() {
    std::vector<PageRoute> all;
    for (auto pages :
         {glass_pages, access_queue_pages, restriction_pages, approval_pages, connection_pages, look_alert_pages}) {
        auto some = pages();
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
}

}  // namespace waymark::web
