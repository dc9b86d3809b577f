// Which names are forms of one another, and how the table is read from content/names.
#include <algorithm>
#include <fstream>

#include "base/csv.hpp"
#include "people/people.hpp"

namespace waymark::people {

std::uint32_t NameVariants::group_of(const std::string& name) {
    const auto next = static_cast<std::uint32_t>(own_.size());
    const auto [at, is_new] = own_.try_emplace(name, next);
    if (is_new) groups_[name].push_back(next);
    return at->second;
}

void NameVariants::add(std::string_view name, std::string_view variant) {
    const auto group = group_of(std::string(name));
    for (const auto& each : {std::string(name), std::string(variant)}) {
        auto& groups = groups_[each];
        const auto at = std::lower_bound(groups.begin(), groups.end(), group);
        if (at == groups.end() || *at != group) groups.insert(at, group);
    }
}

bool NameVariants::related(const std::string& a, const std::string& b) const {
    const auto of_a = groups_.find(a);
    if (of_a == groups_.end()) return false;
    const auto of_b = groups_.find(b);
    if (of_b == groups_.end()) return false;
    auto i = of_a->second.begin();
    auto j = of_b->second.begin();
    while (i != of_a->second.end() && j != of_b->second.end()) {
        if (*i == *j) return true;
        if (*i < *j)
            ++i;
        else
            ++j;
    }
    return false;
}

namespace {

constexpr std::size_t most_variants = 200'000;

Result<void> load_table(const std::string& file, NameVariants& into) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fault(FaultKind::missing, file, "The table of name variants cannot be read",
                     "Restore the file from the release");
    CsvReader reader(in);
    bool header = true;
    std::size_t rows = 0;
    for (;;) {
        const auto row = TRY(reader.next());
        if (!row) return {};
        if (std::exchange(header, false)) {
            if (row->fields.size() < 2 || row->fields[0] != "name" || row->fields[1] != "variant") {
                return invalid(file + ":1", "The header is not name,variant", "Write name,variant in the first row");
            }
            continue;
        }
        const std::string place = file + ":" + std::to_string(row->line);
        if (row->fields.size() < 2) return invalid(place, "A row needs a name and a variant", "Write both");
        if (++rows > most_variants) return invalid(place, "The table has too many rows", "Keep it to names in use");
        const std::string name = normalise_name(row->fields[0]);
        const std::string variant = normalise_name(row->fields[1]);
        if (name.empty() || variant.empty())
            return invalid(place, "A name is empty", "Write both names or remove the row");
        into.add(name, variant);
    }
}

}  // namespace

Result<void> load_name_variants(const std::string& content_dir, Model& model) {
    TRY_VOID(load_table(content_dir + "/names/given-variants.csv", model.given_variants));
    return load_table(content_dir + "/names/family-variants.csv", model.family_variants);
}

}  // namespace waymark::people
