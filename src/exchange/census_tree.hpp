#pragma once
// One element of a census with what stands in it: a Child, or the Header. Built while the file streams past, mapped,
// and built again in the same memory.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waymark::exchange {

class CensusTree {
public:
    using Index = std::uint32_t;
    static constexpr Index none = 0xFFFFFFFF;

    struct Node {
        std::string name;
        std::string text;  // of an element without elements in it; trimmed
        std::uint64_t line = 0;
        Index parent = none;
        Index first = none;  // child, next: in the order of the file
        Index last = none;
        Index next = none;
        bool used = false;  // it went into an entry, or was refused: nothing is lost without a word
        bool too_long = false;
        bool attributes = false;
    };
    struct Stray {  // text between elements
        Index in = none;
        std::uint64_t line = 0;
    };

    void begin(std::string_view name, std::uint64_t line);                  // the outermost element
    bool open(std::string_view name, std::uint64_t line, bool attributes);  // false: more elements than the limit
    void text(std::string_view piece, std::uint64_t line);                  // line: where the piece ends
    void close();                                                           // the innermost element
    [[nodiscard]] std::size_t depth() const { return depth_; }
    [[nodiscard]] bool overflowed() const { return overflowed_; }

    [[nodiscard]] Node& at(Index i) { return nodes_[i]; }
    [[nodiscard]] const Node& at(Index i) const { return nodes_[i]; }
    [[nodiscard]] const std::vector<Stray>& strays() const { return strays_; }
    static constexpr Index root = 0;

    // The next element of this name in `parent` that nothing has used yet, or none. Marks it used.
    Index take(Index parent, std::string_view name);
    // The same without marking.
    [[nodiscard]] Index find(Index parent, std::string_view name) const;
    // "CINdetails/Assessments/AssessmentActualStartDate", below the root.
    [[nodiscard]] std::string path(Index) const;
    [[nodiscard]] bool has_elements(Index i) const { return nodes_[i].first != none; }
    // How many elements without elements in them, but with text, stand in it (itself among them).
    [[nodiscard]] std::size_t values_in(Index) const;

private:
    static constexpr std::size_t most_nodes = 20'000;
    static constexpr std::size_t most_text = 4'096;
    static constexpr std::size_t most_strays = 100;

    Index add(std::string_view name, std::uint64_t line, Index parent);
    void settle_stray(Index);

    std::vector<Node> nodes_;  // kept larger than count_: their strings are used again
    std::size_t count_ = 0;
    std::vector<Stray> strays_;
    Index innermost_ = none;
    std::size_t depth_ = 0;
    std::uint64_t text_line_ = 0;
    std::size_t skipped_ = 0;  // open elements that were not kept
    bool overflowed_ = false;
};

}  // namespace waymark::exchange
