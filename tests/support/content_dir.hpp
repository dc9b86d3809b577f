#pragma once
// The content that is shipped: kinds, codes, calendars, profiles, procedures and the manual.
#include <string>

namespace waymark::testing {

inline const std::string content_dir = std::string(WAYMARK_SOURCE_DIR) + "/content";

}  // namespace waymark::testing
