#pragma once
// What the tests of the batch engine share: tables from text, and the sets with known truth.
#include <fstream>
#include <sstream>
#include <string>

#include "people/batch/batch.hpp"

namespace waymark::people::batch::testing {

inline Result<TablePtr> read_text(const std::string& text, const Options& options = {},
                                  const std::string& name = "t.csv") {
    std::istringstream in(text);
    return read(in, name, options);
}

inline Result<TablePtr> read_set(const std::string& file, const Options& options) {
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/tests/data/linkage/" + file, std::ios::binary);
    return read(in, file, options);
}

inline std::vector<ColumnUse> uses(std::initializer_list<ColumnUse> all) {
    return all;
}

}  // namespace waymark::people::batch::testing
