#pragma once
// Records of one file with one id.
#include "people/batch/notices.hpp"
#include "people/batch/table.hpp"

namespace waymark::people::batch {

// Refused, or the first of each id stays (Options::first_of_repeated). `line_of` by record, as the file has them.
Result<void> settle_repeated_ids(Table&, const std::vector<std::uint64_t>& line_of, const Options&, unsigned threads,
                                 Notices&);

}  // namespace waymark::people::batch
