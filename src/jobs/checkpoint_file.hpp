#pragma once
// The newest checkpoint as a file, for witnesses to copy away.
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace waymark::jobs {

// The file holds the old checkpoint or the new one, whole, whatever happens: written beside, synced, renamed, folder
// synced. Whoever copies it away holds the store to what it said.
Result<void> write_checkpoint_file(const std::string& file, std::string_view note);

}  // namespace waymark::jobs
