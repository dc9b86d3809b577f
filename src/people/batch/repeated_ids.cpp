#include "people/batch/repeated_ids.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "people/batch/parallel.hpp"

namespace waymark::people::batch {

namespace {

// Two records of one id in one file cannot be told apart in what is written out. Gives each that repeats an earlier
// one, and that earlier one; by position.
using Repeated = std::pair<std::uint32_t, std::uint32_t>;  // the later, the first
std::vector<Repeated> find_repeated_ids(const Table& table, unsigned threads) {
    constexpr std::size_t parts = 16;
    std::vector<std::vector<Repeated>> repeated(parts);
    parallel(parts, threads, [&](std::size_t p, unsigned) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> own;
        own.reserve(table.size / parts + table.size / 64 + 16);
        for (std::uint32_t i = 0; i < table.size; ++i) {
            if ((table.id_hash[i] >> 60) == p) own.emplace_back(table.id_hash[i], i);
        }
        std::sort(own.begin(), own.end());
        for (std::size_t i = 0; i < own.size();) {
            auto end = i + 1;
            while (end < own.size() && own[end].first == own[i].first) ++end;
            for (auto j = i + 1; j < end; ++j) {
                for (auto k = i; k < j; ++k) {  // one step, but for two ids of one hash
                    if (table.ids[own[k].second] != table.ids[own[j].second]) continue;
                    repeated[p].emplace_back(own[j].second, own[k].second);
                    break;
                }
            }
            i = end;
        }
    });
    std::vector<Repeated> all;
    for (const auto& each : repeated) all.insert(all.end(), each.begin(), each.end());
    std::sort(all.begin(), all.end());
    return all;
}

template <class T>
void leave_out(std::vector<T>& of_records, const std::vector<Repeated>& repeated) {
    if (of_records.empty()) return;
    std::size_t to = 0;
    auto next = repeated.begin();
    for (std::size_t i = 0; i < of_records.size(); ++i) {
        if (next != repeated.end() && next->first == i) {
            ++next;
            continue;
        }
        of_records[to++] = of_records[i];
    }
    of_records.resize(to);
}

// The first of each id stays.
void leave_out_repeated(Table& table, const std::vector<Repeated>& repeated) {
    for (auto& field : table.fields) {
        for (const auto& [later, first] : repeated) --field.count[field.code[later]];
        leave_out(field.code, repeated);
    }
    leave_out(table.former.list, repeated);
    leave_out(table.id_hash, repeated);
    leave_out(table.truth, repeated);
    leave_out(table.household, repeated);
    Strings ids;
    auto next = repeated.begin();
    for (std::uint32_t i = 0; i < table.size; ++i) {
        if (next != repeated.end() && next->first == i)
            ++next;
        else
            ids.add(table.ids[i]);
    }
    table.ids = std::move(ids);
    table.size -= repeated.size();
}

}  // namespace

Result<void> settle_repeated_ids(Table& table, const std::vector<std::uint64_t>& line_of, const Options& options,
                                 unsigned threads, Notices& notices) {
    const auto repeated = find_repeated_ids(table, threads);
    if (repeated.empty()) return {};
    if (!options.first_of_repeated) {
        const auto& [later, first] = repeated.front();
        return invalid(place(table.name, line_of[later]),
                       fmt::format("the id of this row stands on line {} too", line_of[first]),
                       "give every record an id of its own");
    }
    for (const auto& [later, first] : repeated) {
        const auto alike =
            std::all_of(table.fields.begin(), table.fields.end(),
                        [&, l = later, f = first](const auto& field) { return field.code[l] == field.code[f]; });
        if (alike && (!table.former.any() || table.former.list[later] == table.former.list[first])) {
            ++table.repeated_rows;
            continue;
        }
        ++table.refused_rows;
        notices.add_row(place(table.name, line_of[later]), "an earlier row has the same id and says something else",
                        "give every record an id of its own");
    }
    leave_out_repeated(table, repeated);
    return {};
}

}  // namespace waymark::people::batch
