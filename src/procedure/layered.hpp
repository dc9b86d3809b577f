#pragma once
// A graph laid out in columns from left to right, with its lines led between the boxes and never behind them (Sugiyama,
// Tagawa and Toda 1981): a line over several columns takes a lane of its own through each column between its ends, and
// lanes are ordered and placed like boxes. Pure: the same graph gives the same drawing.
#include <cstddef>
#include <span>
#include <vector>

namespace waymark::procedure {

struct Point {
    double x = 0;
    double y = 0;
};
struct LayeredLine {
    std::size_t from = 0;
    std::size_t to = 0;
    bool orders = true;  // what it leads to stands further right, unless it closes a ring
};
struct LayeredSizes {  // in the unit of the drawing
    double box_width = 0;
    double between_columns = 0;
    double between_boxes = 0;
    double lane = 0;  // from one lane to the next
};
struct Layered {
    std::vector<std::size_t> column;  // of each box
    std::vector<Point> place;         // the upper left corner of each box
    // Of each line: from the side of a box to the side of a box. The 1st and 2nd, 3rd and 4th … points stand on the two
    // sides of a space between columns (or both on the right of their own column), the 2nd and 3rd, 4th and 5th … on
    // the two sides of a column, at one height.
    std::vector<std::vector<Point>> routes;
    std::size_t columns = 0;
    double height = 0;  // from 0 to the lowest box or lane
};
Layered layered(std::span<const double> heights, std::span<const LayeredLine>, const LayeredSizes&);

}  // namespace waymark::procedure
