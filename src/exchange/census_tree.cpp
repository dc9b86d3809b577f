#include "exchange/census_tree.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace waymark::exchange {

CensusTree::Index CensusTree::add(std::string_view name, std::uint64_t line, Index parent) {
    if (count_ == nodes_.size()) nodes_.emplace_back();
    auto& node = nodes_[count_];
    node.name.assign(name);
    node.text.clear();
    node.line = line;
    node.parent = parent;
    node.first = node.last = node.next = none;
    node.used = node.too_long = node.attributes = false;
    return static_cast<Index>(count_++);
}

void CensusTree::begin(std::string_view name, std::uint64_t line) {
    count_ = 0;
    strays_.clear();
    skipped_ = 0;
    overflowed_ = false;
    innermost_ = add(name, line, none);
    depth_ = 1;
}

bool CensusTree::open(std::string_view name, std::uint64_t line, bool attributes) {
    ++depth_;
    if (skipped_ > 0 || count_ >= most_nodes) {
        ++skipped_;
        overflowed_ = true;
        return false;
    }
    settle_stray(innermost_);
    const auto i = add(name, line, innermost_);
    nodes_[i].attributes = attributes;
    auto& parent = nodes_[innermost_];
    if (parent.last == none) {
        parent.first = i;
    } else {
        nodes_[parent.last].next = i;
    }
    parent.last = i;
    innermost_ = i;
    return true;
}

void CensusTree::text(std::string_view piece, std::uint64_t line) {
    if (skipped_ > 0 || innermost_ == none) return;
    auto& node = nodes_[innermost_];
    const auto start = node.text.empty() ? piece.find_first_not_of(" \t\r\n") : 0;
    if (start == std::string_view::npos) return;
    if (node.text.empty()) {
        text_line_ = line - static_cast<std::uint64_t>(
                                std::count(piece.begin() + static_cast<std::ptrdiff_t>(start), piece.end(), '\n'));
        piece.remove_prefix(start);
    }
    if (node.text.size() + piece.size() > most_text) {
        node.too_long = true;
        return;
    }
    node.text.append(piece);
}

// Text that stands beside elements is not a value of any.
void CensusTree::settle_stray(Index i) {
    auto& node = nodes_[i];
    if (node.text.empty()) return;
    if (strays_.size() < most_strays) strays_.push_back({i, text_line_});
    node.text.clear();
}

void CensusTree::close() {
    --depth_;
    if (skipped_ > 0) {
        --skipped_;
        return;
    }
    auto& node = nodes_[innermost_];
    if (node.first != none) {
        settle_stray(innermost_);
    } else {
        const auto trimmed = trim(node.text);
        if (trimmed.size() != node.text.size()) node.text.erase(trimmed.size());
    }
    innermost_ = node.parent;
}

CensusTree::Index CensusTree::find(Index parent, std::string_view name) const {
    if (parent == none) return none;
    for (auto i = nodes_[parent].first; i != none; i = nodes_[i].next) {
        if (!nodes_[i].used && nodes_[i].name == name) return i;
    }
    return none;
}

CensusTree::Index CensusTree::take(Index parent, std::string_view name) {
    const auto i = find(parent, name);
    if (i != none) nodes_[i].used = true;
    return i;
}

std::string CensusTree::path(Index i) const {
    if (i == none) return {};
    std::string path = nodes_[i].name;
    for (i = nodes_[i].parent; i != none && i != root; i = nodes_[i].parent) path.insert(0, nodes_[i].name + '/');
    return path;
}

std::size_t CensusTree::values_in(Index i) const {
    const auto& node = nodes_[i];
    if (node.first == none) return node.text.empty() ? 0 : 1;
    std::size_t sum = 0;
    for (auto child = node.first; child != none; child = nodes_[child].next) sum += values_in(child);
    return sum;
}

}  // namespace waymark::exchange
