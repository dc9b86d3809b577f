#pragma once
// What the child's page shows of agency checks.
#include "web/pages/telling_view.hpp"

namespace waymark::web {

// Who has answered, who has not and how late, with the form to chase; and the way to ask.
Html checks_section(const Visit&, const casework::PersonPage&);

}  // namespace waymark::web
