#pragma once
// GOV.UK table.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct TableCell {
    Html content{};
    std::string format{};  // "numeric" aligns to the right
    std::string classes{};
    int colspan = 0;  // 0: not written
    int rowspan = 0;
    Attributes attributes{};
};

struct TableOptions {
    std::string caption{};
    std::string caption_classes{};
    std::vector<TableCell> head{};
    std::vector<std::vector<TableCell>> rows{};
    bool first_cell_is_header = false;  // of each row
    std::string classes{};
    Attributes attributes{};
};

Html table(const TableOptions&);

}  // namespace waymark::web
