// Reviewed pairs as CSV: ours, and as Splink's labelling writes them.
#include <algorithm>
#include <charconv>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "exchange/linkage.hpp"

namespace waymark::exchange {
namespace {

constexpr std::size_t most_labels = 10'000'000;
constexpr auto none = static_cast<std::size_t>(-1);

std::size_t position_of(const std::vector<std::string>& header, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        for (std::size_t i = 0; i < header.size(); ++i) {
            if (to_lower_ascii(trim(header[i])) == name) return i;
        }
    }
    return none;
}

std::optional<bool> same_of(std::string_view text) {
    const std::string said = to_lower_ascii(trim(text));
    for (const auto* yes : {"yes", "true", "same", "y", "t"}) {
        if (said == yes) return true;
    }
    for (const auto* no : {"no", "false", "not-same", "different", "n", "f"}) {
        if (said == no) return false;
    }
    double score = 0;
    const auto [end, problem] = std::from_chars(said.data(), said.data() + said.size(), score);
    if (problem != std::errc{} || end != said.data() + said.size() || !(score >= 0 && score <= 1)) return std::nullopt;
    return score >= 0.5;
}

}  // namespace

Result<std::vector<people::batch::Label>> read_labels(std::istream& in, const std::string& name) {
    CsvReader reader(in);
    const auto located = [&](Fault what, std::uint64_t line) {
        what.place = name + ":" + std::to_string(line) + (what.place.empty() ? "" : " " + what.place);
        return tl::unexpected(std::move(what));
    };
    auto header = reader.next();
    if (!header) return located(header.error(), 1);
    if (!*header) return invalid(name, "the file is empty", "give a file with a header row");
    const auto& names = (*header)->fields;
    const auto l = position_of(names, {"id_l", "unique_id_l"});
    const auto r = position_of(names, {"id_r", "unique_id_r"});
    const auto same = position_of(names, {"same", "clerical_match_score"});
    if (l == none || r == none || same == none) {
        return invalid(name + ":1", "the header lacks id_l, id_r or same", "name the columns id_l,id_r,same");
    }
    const auto last = std::max({l, r, same});
    std::vector<people::batch::Label> labels;
    for (;;) {
        auto row = reader.next();
        if (!row) return located(row.error(), reader.line());
        if (!*row) return labels;
        const auto& fields = (*row)->fields;
        const std::string place = name + ":" + std::to_string((*row)->line);
        if (fields.size() <= last)
            return invalid(place, "the row has fewer fields than the header", "write every field");
        const auto said = same_of(fields[same]);
        if (!said) return invalid(place + " " + names[same], "it is neither yes nor no", "write yes or no, or 1 or 0");
        people::batch::Label label{std::string(trim(fields[l])), std::string(trim(fields[r])), *said};
        if (label.id_l.empty() || label.id_r.empty()) return invalid(place, "an id is empty", "write both ids");
        if (labels.size() == most_labels) return invalid(place, "there are too many labels", "give at most 10,000,000");
        labels.push_back(std::move(label));
    }
}

}  // namespace waymark::exchange
