#pragma once
// How somebody is reached, as several pages say it.
#include <string_view>

#include "casework/contacts.hpp"
#include "web/html.hpp"

namespace waymark::web {

Html telephone_link(std::string_view number);
Html front_door_words(const casework::FrontDoorNow&);

}  // namespace waymark::web
