// Columns, then lanes, then the order within each column, then heights, then where lines leave and arrive.
#include "procedure/layered.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace waymark::procedure {

namespace {

constexpr int ordering_sweeps = 24;
constexpr int placing_sweeps = 12;

// The longest way from a box that nothing leads to; a line that closes a ring leads nowhere.
std::vector<std::size_t> columns_of(std::size_t boxes, std::span<const LayeredLine> lines) {
    std::vector<std::vector<std::size_t>> next(boxes);
    for (const auto& line : lines) {
        if (line.orders && line.from != line.to) next[line.from].push_back(line.to);
    }
    enum class Seen { no, open, done };
    std::vector<Seen> seen(boxes, Seen::no);
    std::vector<std::size_t> order;  // later ones first
    std::vector<std::vector<std::size_t>> kept(boxes);
    for (std::size_t root = 0; root < boxes; ++root) {
        if (seen[root] != Seen::no) continue;
        std::vector<std::pair<std::size_t, std::size_t>> stack{{root, 0}};
        seen[root] = Seen::open;
        while (!stack.empty()) {
            const auto at = stack.back().first;
            if (stack.back().second == next[at].size()) {
                seen[at] = Seen::done;
                order.push_back(at);
                stack.pop_back();
                continue;
            }
            const auto to = next[at][stack.back().second++];
            if (seen[to] == Seen::open) continue;
            kept[at].push_back(to);
            if (seen[to] == Seen::no) {
                seen[to] = Seen::open;
                stack.emplace_back(to, 0);
            }
        }
    }
    std::vector<std::size_t> column(boxes, 0);
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        for (const auto to : kept[*at]) column[to] = std::max(column[to], column[*at] + 1);
    }
    return column;
}

class Layout {
public:
    Layout(std::span<const double> heights, std::span<const LayeredLine> lines, const LayeredSizes& sizes)
        : lines_(lines), sizes_(sizes), boxes_(heights.size()) {
        result_.column = columns_of(heights.size(), lines);
        for (std::size_t b = 0; b < boxes_; ++b) add(result_.column[b], heights[b]);
        add_lanes();
        order();
        place();
        route();
    }
    Layered take() { return std::move(result_); }

private:
    struct Vertex {  // a box, or the lane of a line
        std::size_t column = 0;
        double height = 0;
        double middle = 0;
        std::vector<std::size_t> beside;  // in a neighbouring column
    };

    std::size_t add(std::size_t column, double height) {
        vertices_.push_back({column, height, 0, {}});
        if (columns_.size() <= column) columns_.resize(column + 1);
        columns_[column].push_back(vertices_.size() - 1);
        return vertices_.size() - 1;
    }
    void join(std::size_t a, std::size_t b) {
        if (vertices_[a].column == vertices_[b].column) return;
        vertices_[a].beside.push_back(b);
        vertices_[b].beside.push_back(a);
    }
    void add_lanes() {
        for (const auto& line : lines_) {
            auto& lanes = lanes_.emplace_back();
            const auto to = result_.column[line.to];
            auto at = line.from;
            for (auto column = result_.column[line.from]; column != to;) {
                column = column < to ? column + 1 : column - 1;
                const auto next = column == to ? line.to : add(column, 0);
                if (column != to) lanes.push_back(next);
                join(at, next);
                at = next;
            }
        }
    }

    // Each towards the middle of those it is joined with; the order with the fewest crossings is kept.
    void order() {
        auto best = columns_;
        auto fewest = crossings();
        for (int sweep = 0; sweep < ordering_sweeps && fewest > 0; ++sweep) {
            const auto rank = ranks();
            for (std::size_t n = 0; n < columns_.size(); ++n) {
                auto& column = columns_[sweep % 2 == 0 ? n : columns_.size() - 1 - n];
                sort_by_neighbours(column, rank, sweep);
            }
            if (const auto now = crossings(); now < fewest) {
                fewest = now;
                best = columns_;
            }
        }
        columns_ = std::move(best);
    }
    [[nodiscard]] std::vector<double> ranks() const {
        std::vector<double> rank(vertices_.size(), 0);
        for (const auto& column : columns_) {
            for (std::size_t i = 0; i < column.size(); ++i)
                rank[column[i]] = (static_cast<double>(i) + 0.5) / static_cast<double>(column.size());
        }
        return rank;
    }
    // By those on the left in one sweep, on the right in the next, on both in the third.
    void sort_by_neighbours(std::vector<std::size_t>& column, const std::vector<double>& rank, int sweep) const {
        std::map<std::size_t, long long> key;  // whole numbers: the order is the same on every machine
        for (const auto v : column) {
            double sum = 0;
            double count = 0;
            for (const auto other : vertices_[v].beside) {
                const bool left = vertices_[other].column < vertices_[v].column;
                if (sweep % 3 == 0 && !left) continue;
                if (sweep % 3 == 1 && left) continue;
                sum += rank[other];
                ++count;
            }
            key[v] = std::llround((count == 0 ? rank[v] : sum / count) * 1e6);
        }
        std::stable_sort(column.begin(), column.end(),
                         [&](std::size_t a, std::size_t b) { return key.at(a) < key.at(b); });
    }
    [[nodiscard]] std::size_t crossings() const {
        std::vector<std::size_t> position(vertices_.size(), 0);
        for (const auto& column : columns_) {
            for (std::size_t i = 0; i < column.size(); ++i) position[column[i]] = i;
        }
        std::size_t all = 0;
        for (const auto& column : columns_) {
            std::vector<std::pair<std::size_t, std::size_t>> pairs;  // to the column on the right
            for (const auto v : column) {
                for (const auto other : vertices_[v].beside) {
                    if (vertices_[other].column > vertices_[v].column) pairs.emplace_back(position[v], position[other]);
                }
            }
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                for (std::size_t j = i + 1; j < pairs.size(); ++j) {
                    const auto& [a, b] = pairs[i];
                    const auto& [c, d] = pairs[j];
                    all += (a < c && b > d) || (a > c && b < d) ? 1 : 0;
                }
            }
        }
        return all;
    }

    [[nodiscard]] bool is_box(std::size_t v) const { return v < boxes_; }
    // From the middle of one to the middle of the next below it.
    [[nodiscard]] double apart(std::size_t above, std::size_t below) const {
        const double gap = is_box(above) && is_box(below)   ? sizes_.between_boxes
                           : is_box(above) || is_box(below) ? std::max(sizes_.lane, sizes_.between_boxes / 2)
                                                            : sizes_.lane;
        return vertices_[above].height / 2 + gap + vertices_[below].height / 2;
    }
    void place() {
        for (auto& column : columns_) {
            for (std::size_t i = 1; i < column.size(); ++i)
                vertices_[column[i]].middle = vertices_[column[i - 1]].middle + apart(column[i - 1], column[i]);
        }
        for (int sweep = 0; sweep < placing_sweeps; ++sweep) {
            for (std::size_t n = 0; n < columns_.size(); ++n)
                settle(columns_[sweep % 2 == 0 ? n : columns_.size() - 1 - n]);
        }
        double upmost = 0;
        double lowest = 0;
        bool first = true;
        for (const auto& v : vertices_) {
            upmost = first ? v.middle - v.height / 2 : std::min(upmost, v.middle - v.height / 2);
            lowest = first ? v.middle + v.height / 2 : std::max(lowest, v.middle + v.height / 2);
            first = false;
        }
        for (auto& v : vertices_) v.middle -= upmost;
        result_.height = lowest - upmost;
        result_.columns = columns_.size();
        for (std::size_t b = 0; b < boxes_; ++b)
            result_.place.push_back({left(vertices_[b].column), vertices_[b].middle - vertices_[b].height / 2});
    }
    // As near as their order and sizes allow to the middle of those each is joined with: least squares over a chain of
    // distances, by pooling neighbours that would stand too near (isotonic regression).
    void settle(const std::vector<std::size_t>& column) {
        struct Pool {
            double sum, count;
            std::size_t size;
        };
        std::vector<Pool> pools;
        double offset = 0;
        std::vector<double> offsets;
        for (std::size_t i = 0; i < column.size(); ++i) {
            if (i > 0) offset += apart(column[i - 1], column[i]);
            offsets.push_back(offset);
            const auto& v = vertices_[column[i]];
            double wanted = 0;
            for (const auto other : v.beside) wanted += vertices_[other].middle;
            wanted = v.beside.empty() ? v.middle : wanted / static_cast<double>(v.beside.size());
            pools.push_back({wanted - offset, 1, 1});
            while (pools.size() > 1) {
                const auto& below = pools.back();
                auto& above = pools[pools.size() - 2];
                if (above.sum / above.count <= below.sum / below.count) break;
                above = {above.sum + below.sum, above.count + below.count, above.size + below.size};
                pools.pop_back();
            }
        }
        std::size_t at = 0;
        for (const auto& pool : pools) {
            for (std::size_t n = 0; n < pool.size; ++n, ++at)
                vertices_[column[at]].middle = pool.sum / pool.count + offsets[at];
        }
    }

    [[nodiscard]] double left(std::size_t column) const {
        return static_cast<double>(column) * (sizes_.box_width + sizes_.between_columns);
    }
    [[nodiscard]] double side(std::size_t column, bool right) const {
        return left(column) + (right ? sizes_.box_width : 0);
    }

    // Where on its side of a box each line ends, in the order of the heights that it comes from.
    struct Port {
        std::size_t box;
        bool right;
        auto operator<=>(const Port&) const = default;
    };
    void route() {
        std::map<Port, std::vector<std::pair<double, std::size_t>>> ports;  // where from, 2 × line + which end
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const auto [from, to, orders] = lines_[i];
            const auto first = lanes_[i].empty() ? to : lanes_[i].front();
            const auto last = lanes_[i].empty() ? from : lanes_[i].back();
            ports[{from, goes_right(i)}].emplace_back(vertices_[first].middle, 2 * i);
            ports[{to, comes_from_right(i)}].emplace_back(vertices_[last].middle, 2 * i + 1);
        }
        std::vector<double> heights(2 * lines_.size(), 0);
        for (auto& [port, all] : ports) {
            const auto& box = vertices_[port.box];
            std::sort(all.begin(), all.end());
            for (std::size_t n = 0; n < all.size(); ++n) {
                heights[all[n].second] = box.middle - box.height / 2 +
                                         box.height * static_cast<double>(n + 1) / static_cast<double>(all.size() + 1);
            }
        }
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            auto& points = result_.routes.emplace_back();
            points.push_back({side(result_.column[lines_[i].from], goes_right(i)), heights[2 * i]});
            for (const auto lane : lanes_[i]) {
                const auto& v = vertices_[lane];
                points.push_back({side(v.column, !goes_right(i)), v.middle});
                points.push_back({side(v.column, goes_right(i)), v.middle});
            }
            points.push_back({side(result_.column[lines_[i].to], comes_from_right(i)), heights[2 * i + 1]});
        }
    }
    [[nodiscard]] bool goes_right(std::size_t line) const {
        return result_.column[lines_[line].to] >= result_.column[lines_[line].from];
    }
    [[nodiscard]] bool comes_from_right(std::size_t line) const {
        return result_.column[lines_[line].to] <= result_.column[lines_[line].from];
    }

    std::span<const LayeredLine> lines_;
    LayeredSizes sizes_;
    std::size_t boxes_;
    std::vector<Vertex> vertices_;                 // the boxes first
    std::vector<std::vector<std::size_t>> lanes_;  // of each line, from its start
    std::vector<std::vector<std::size_t>> columns_;
    Layered result_;
};

}  // namespace

Layered layered(std::span<const double> heights, std::span<const LayeredLine> lines, const LayeredSizes& sizes) {
    return Layout(heights, lines, sizes).take();
}

}  // namespace waymark::procedure
