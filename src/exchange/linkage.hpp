#pragma once
// Linkage of bare files, as the outside sees it: reviewed pairs in; a chart of the weights and a report out.
#include <istream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "people/batch/batch.hpp"

namespace waymark::exchange {

// Reviewed pairs: CSV with a header that has id_l, id_r and same (yes/no, true/false, 1/0, same/not-same), other columns
// ignored. Splink's names are taken too: unique_id_l, unique_id_r, clerical_match_score (from 0.5: the same). Taken whole
// or refused with file and line: a label that is misread teaches the model something wrong. At most 10,000,000 rows.
Result<std::vector<people::batch::Label>> read_labels(std::istream&, const std::string& name);

}  // namespace waymark::exchange
