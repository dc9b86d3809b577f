// How a file becomes a table: blocks are read by whichever thread is free, each thread numbers the values that it sees,
// and at the end the values of a column are brought together, put in normal form and into one order.
#include "people/batch/table.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/batch/notices.hpp"
#include "people/batch/parallel.hpp"
#include "people/batch/repeated_ids.hpp"
#include "people/batch/rows.hpp"

namespace waymark::people::batch {

namespace {

constexpr char with_accuracy = '\x1f';  // between a date and its accuracy letters
constexpr auto none = static_cast<std::size_t>(-1);

struct Layout {
    std::size_t width = 0;  // fields in the header
    std::vector<ColumnUse> compared;
    std::vector<std::size_t> position;  // in a row, of each compared column
    std::size_t id = none;
    std::size_t truth = none;
    std::size_t household = none;
    std::size_t accuracy = none;
    std::size_t expected = none;  // date of birth
    std::size_t date = none;      // of the compared, the one that the accuracy speaks of
    std::size_t postcode = none;  // of the compared, the one whose former ones are these
    std::vector<std::size_t> former;
    std::vector<std::string> former_headers;
};

struct BadRow {
    std::uint64_t line;
    Problem problem;
};
// What one block gave: codes are the thread's own.
struct Piece {
    unsigned worker = 0;
    std::uint64_t lines = 0;
    std::vector<std::vector<std::uint32_t>> codes;  // by column
    std::vector<std::uint32_t> former;
    std::vector<std::uint64_t> truth;  // hashes; 0: not known
    std::vector<std::uint64_t> household;
    std::vector<std::uint64_t> line_of;  // of each row, in the block
    Strings ids;
    std::vector<BadRow> bad;
};
struct Worker {
    std::vector<Pool> pools;  // by column
    Pool former;              // cells of former postcodes, as they are written
    std::string joined;
};

Result<std::size_t> position_of(const std::vector<std::string>& header, const std::string& column,
                                const std::string& name) {
    std::size_t found = none;
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (header[i] != column) continue;
        if (found != none)
            return invalid(place(name, 1), fmt::format("the header has two columns called {}", column),
                           "rename one of them");
        found = i;
    }
    if (found != none) return found;
    const auto near = nearest(column, header);
    return invalid(place(name, 1), fmt::format("there is no column called {}", column),
                   near.empty() ? "name the columns as the header does" : fmt::format("perhaps {} is meant", near));
}

bool is_compared(Kind kind) {
    return kind < Kind::accuracy;
}

Result<Layout> lay_out(const std::vector<std::string>& header, const std::string& name, const Options& options) {
    Layout layout;
    layout.width = header.size();
    auto uses = options.columns;
    const bool names_none =
        std::none_of(uses.begin(), uses.end(), [](const auto& use) { return is_compared(use.kind); });
    if (names_none || options.guess_others) {
        const auto named = uses;
        for (auto& guess : guess_columns(header)) {
            const bool asked =
                std::any_of(named.begin(), named.end(),
                            [&](const auto& use) {
                                return trim(use.header) == trim(guess.header) ||
                                       ((options.guess_others || !is_compared(guess.kind)) && use.kind == guess.kind);
                            }) ||
                std::find(options.leave_out.begin(), options.leave_out.end(), trim(guess.header)) !=
                    options.leave_out.end();
            if (!asked) uses.push_back(std::move(guess));
        }
    }
    for (const auto& each : options.leave_out) TRY(position_of(header, each, name));
    for (const auto& use : uses) {
        const auto at = TRY(position_of(header, std::string(trim(use.header)), name));
        auto* single = use.kind == Kind::id               ? &layout.id
                       : use.kind == Kind::truth          ? &layout.truth
                       : use.kind == Kind::household      ? &layout.household
                       : use.kind == Kind::accuracy       ? &layout.accuracy
                       : use.kind == Kind::expected_birth ? &layout.expected
                                                          : nullptr;
        if (use.kind == Kind::former_postcode) {
            layout.former.push_back(at);
            layout.former_headers.emplace_back(trim(use.header));
            continue;
        }
        if (single != nullptr) {
            if (*single != none)
                return invalid(place(name, 1), fmt::format("two columns are used as {}", to_string(use.kind)),
                               "name one of them");
            *single = at;
            continue;
        }
        if (use.kind == Kind::date_of_birth && layout.date == none) layout.date = layout.compared.size();
        if (use.kind == Kind::postcode && layout.postcode == none) layout.postcode = layout.compared.size();
        layout.compared.push_back({std::string(trim(use.header)), use.kind});
        layout.position.push_back(at);
    }
    if (layout.compared.empty())
        return invalid(place(name, 1), "no column is recognised as one to compare",
                       "say which column holds what, as in given_name=forename");
    if (!layout.former.empty() && layout.postcode == none) {
        const bool asked = std::any_of(options.columns.begin(), options.columns.end(),
                                       [](const auto& use) { return use.kind == Kind::former_postcode; });
        if (asked)
            return invalid(place(name, 1),
                           "former postcodes are compared with postcodes, and there is no column of these",
                           "say which column holds them, as in postcode=home_postcode");
        layout.former.clear();
    }
    if (layout.compared.size() > 12)
        return invalid(place(name, 1), "there are more than 12 columns to compare", "name the columns that matter");
    return layout;
}

std::uint64_t hash_known(std::string_view text) {
    return text.empty() ? 0 : hash_bytes(text, 3) | 1u;
}

void read_block(const Block& block, const Layout& layout, bool header_first, Worker& worker, Piece& piece) {
    Rows rows(block);
    Row row;
    const auto columns = layout.compared.size();
    piece.codes.resize(columns);
    bool header = header_first;
    // Values point into the block, so that some rows' can be numbered together; but for those that had to be put
    // together.
    const std::size_t together = block.plain && layout.accuracy == none && layout.expected == none ? 256 : 1;
    std::vector<std::vector<std::string_view>> held(columns);
    const auto number_held = [&] {
        for (std::size_t c = 0; c < columns; ++c) {
            worker.pools[c].intern_all(held[c], piece.codes[c]);
            held[c].clear();
        }
    };
    while (rows.next(row)) {
        if (std::exchange(header, false)) continue;
        if (row.problem.reason == nullptr && row.fields.size() != layout.width) {
            row.problem = row.fields.size() < layout.width
                              ? Problem{"the row has fewer fields than the header", "write every field, empty or not"}
                              : Problem{"the row has more fields than the header", "put fields with commas in quotes"};
        }
        if (row.problem.reason != nullptr) {
            piece.bad.push_back({row.line, row.problem});
            continue;
        }
        for (std::size_t c = 0; c < columns; ++c) {
            auto text = trim(row.fields[layout.position[c]]);
            if (c == layout.date && layout.expected != none && text.empty()) {
                worker.joined.assign(trim(row.fields[layout.expected]));
                if (!worker.joined.empty()) worker.joined += expected_mark;
                text = worker.joined;
            } else if (c == layout.date && layout.accuracy != none && !text.empty()) {
                worker.joined.assign(text);
                worker.joined += with_accuracy;
                worker.joined.append(trim(row.fields[layout.accuracy]));
                text = worker.joined;
            }
            held[c].push_back(text);
        }
        if (columns != 0 && held[0].size() >= together) number_held();
        if (!layout.former.empty()) {
            worker.joined.clear();
            for (const auto at : layout.former) worker.joined.append(trim(row.fields[at])) += ';';
            piece.former.push_back(worker.former.intern(worker.joined));
        }
        if (layout.truth != none) piece.truth.push_back(hash_known(trim(row.fields[layout.truth])));
        if (layout.household != none) piece.household.push_back(hash_known(trim(row.fields[layout.household])));
        if (layout.id != none) piece.ids.add(trim(row.fields[layout.id]));
        piece.line_of.push_back(row.line);
    }
    number_held();
    piece.lines = rows.lines();
}

struct Numbered {
    std::vector<std::vector<std::uint32_t>> of_worker;  // raw code to final code
    Strings values;                                     // by final code
    std::vector<bool> refused;                          // by worker's raw code, of the first worker that has it
    std::uint64_t refused_values = 0;
    std::vector<std::vector<bool>> refused_of_worker;
    FormerValues former;                                     // without the records
    std::vector<std::vector<std::uint32_t>> list_of_worker;  // a worker's cell to its list
    std::vector<std::vector<bool>> former_refused;           // by worker's cell
};

struct British {
    std::size_t said = 0;
    std::size_t british = 0;
    void look(std::string_view raw) {
        if (raw.empty()) return;
        ++said;
        if (normalise_postcode(raw)) ++british;
    }
    [[nodiscard]] bool mostly() const { return british * 2 > said; }
};

// Former postcodes in normal form among the current ones, so that both have one number; a cell with one that is none
// keeps the others.
struct FormerCells {
    std::vector<std::vector<std::uint32_t>> lists;  // by list, values by their first number; the first list is empty
    std::vector<std::vector<std::uint32_t>> list_of_worker;
    std::vector<std::vector<bool>> refused;

    FormerCells(const std::vector<Worker>& workers, bool british, Pool& normal) : lists(1) {
        std::map<std::vector<std::uint32_t>, std::uint32_t> known{{{}, 0}};
        for (const auto& worker : workers) {
            auto& of_worker = list_of_worker.emplace_back();
            auto& bad = refused.emplace_back();
            for (std::size_t i = 0; i < worker.former.size(); ++i) {
                std::vector<std::uint32_t> list;
                bad.push_back(false);
                for (const auto raw : former_in(worker.former.strings()[i])) {
                    bool none_such = false;
                    const auto value = normal_value(Kind::postcode, raw, british, none_such);
                    if (none_such) bad.back() = true;
                    // Half of one says no more than what many have in common.
                    if (value.size() < 5 || list.size() >= most_former) continue;
                    const auto code = normal.intern(value);
                    if (std::find(list.begin(), list.end(), code) == list.end()) list.push_back(code);
                }
                const auto [at, is_new] = known.try_emplace(list, static_cast<std::uint32_t>(lists.size()));
                if (is_new) lists.push_back(std::move(list));
                of_worker.push_back(at->second);
            }
        }
    }
};

// Brings the workers' values of one column together: normal form, then one order (by hash, so that it costs little).
Numbered number_values(std::vector<Worker>& workers, std::size_t column, Kind kind, bool with_former) {
    Pool raw;
    std::vector<std::vector<std::uint32_t>> to_raw(workers.size());
    for (std::size_t w = 0; w < workers.size(); ++w) {
        const auto& strings = workers[w].pools[column].strings();
        to_raw[w].reserve(strings.size());
        for (std::size_t i = 0; i < strings.size(); ++i) to_raw[w].push_back(raw.intern(strings[i]));
        workers[w].pools[column] = Pool();
    }
    British british_ones;
    if (kind == Kind::postcode) {
        for (std::size_t i = 0; i < raw.size(); ++i) british_ones.look(raw.strings()[i]);
        for (std::size_t w = 0; w < (british_ones.said == 0 && with_former ? workers.size() : 0); ++w) {
            for (std::size_t i = 0; i < workers[w].former.size(); ++i)
                for (const auto one : former_in(workers[w].former.strings()[i])) british_ones.look(one);
        }
    }
    const bool british = british_ones.mostly();
    Pool normal;
    std::vector<std::uint32_t> to_normal(raw.size());
    std::vector<bool> refused_raw(raw.size());
    normal.intern("");
    for (std::size_t i = 0; i < raw.size(); ++i) {
        bool refused = false;
        auto text = raw.strings()[i];
        std::string value;
        if (const auto cut = text.find(with_accuracy); kind == Kind::date_of_birth && cut != std::string_view::npos) {
            value = normal_date(text.substr(0, cut), text.substr(cut + 1), refused);
        } else {
            value = normal_value(kind, text, british, refused);
        }
        refused_raw[i] = refused;
        to_normal[i] = normal.intern(value);
    }
    std::optional<FormerCells> former;
    if (with_former) former.emplace(workers, british, normal);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    order.reserve(normal.size());
    for (std::uint32_t i = 1; i < normal.size(); ++i) order.emplace_back(hash_bytes(normal.strings()[i], 1), i);
    std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first < b.first;
        return normal.strings()[a.second] < normal.strings()[b.second];
    });
    Numbered out;
    std::vector<std::uint32_t> final_code(normal.size());
    out.values.add("");
    for (std::size_t i = 0; i < order.size(); ++i) {
        final_code[order[i].second] = static_cast<std::uint32_t>(i + 1);
        out.values.add(normal.strings()[order[i].second]);
    }
    out.of_worker.resize(workers.size());
    out.refused_of_worker.resize(workers.size());
    for (std::size_t w = 0; w < workers.size(); ++w) {
        for (const auto code : to_raw[w]) {
            out.of_worker[w].push_back(final_code[to_normal[code]]);
            out.refused_of_worker[w].push_back(refused_raw[code]);
        }
    }
    if (former) {
        out.former.starts.assign(1, 0);
        for (const auto& list : former->lists) {
            for (const auto code : list) out.former.codes.push_back(final_code[code]);
            out.former.starts.push_back(static_cast<std::uint32_t>(out.former.codes.size()));
        }
        out.list_of_worker = std::move(former->list_of_worker);
        out.former_refused = std::move(former->refused);
    }
    return out;
}

std::pair<const char*, const char*> refusal_words(Kind kind) {
    switch (kind) {
        case Kind::date_of_birth:
            return {"is no date that there is", "write dates as 2014-03-09"};
        case Kind::postcode:
            return {"is no postcode", "write postcodes as SW1A 1AA"};
        case Kind::nhs_number:
            return {"is no NHS number (its check digit)", "write ten digits"};
        case Kind::upn:
            return {"is no unique pupil number (its check letter)", "write a letter and twelve digits"};
        case Kind::sex:
            return {"is no sex that is known here", "write F or M"};
        case Kind::email:
            return {"is no e-mail address", "write addresses as name@example.org"};
        case Kind::phone:
            return {"is no telephone number", "write seven to fifteen digits"};
        case Kind::number:
            return {"has no digit or letter", "write the number as it is printed"};
        default:
            return {"has no letter or digit to compare", "write text, or leave it empty"};
    }
}

}  // namespace

Result<TablePtr> read(std::istream& in, const std::string& name, const Options& options) {
    const unsigned threads = thread_count(options.threads);
    Blocks blocks(in);
    Block first;
    if (!blocks.next(first)) return invalid(name, "the file is empty", "give a file with a header row");
    Layout layout;
    {
        Rows rows(first);
        Row header;
        if (first.problem.reason != nullptr) return invalid(place(name, 1), first.problem.reason, first.problem.mend);
        if (!rows.next(header)) return invalid(name, "the file is empty", "give a file with a header row");
        if (header.problem.reason != nullptr)
            return invalid(place(name, header.line), header.problem.reason, header.problem.mend);
        std::vector<std::string> names;
        for (const auto field : header.fields) names.emplace_back(trim(field));
        layout = TRY(lay_out(names, name, options));
    }
    const auto columns = layout.compared.size();

    std::vector<Worker> workers(threads);
    for (auto& worker : workers) worker.pools.resize(columns);
    std::vector<std::vector<std::pair<std::uint64_t, Piece>>> pieces(threads);
    std::mutex mutex;
    bool first_given = false;
    parallel(threads, threads, [&](std::size_t, unsigned w) {
        for (;;) {
            Block block;
            {
                const std::scoped_lock lock(mutex);
                if (!std::exchange(first_given, true)) {
                    block = std::exchange(first, {});
                } else if (!blocks.next(block)) {
                    return;
                }
            }
            Piece piece;
            piece.worker = w;
            if (block.problem.reason != nullptr) {
                piece.codes.resize(columns);
                piece.bad.push_back({1, block.problem});
                piece.lines = 1;
            } else {
                read_block(block, layout, block.number == 0, workers[w], piece);
            }
            pieces[w].emplace_back(block.number, std::move(piece));
        }
    });

    std::vector<Piece> in_order(0);
    {
        std::vector<std::pair<std::uint64_t, Piece*>> all;
        for (auto& of_worker : pieces) {
            for (auto& [number, piece] : of_worker) all.emplace_back(number, &piece);
        }
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [number, piece] : all) in_order.push_back(std::move(*piece));
    }
    auto table = std::make_shared<Table>();
    table->name = name;
    std::vector<std::size_t> row_from;
    std::vector<std::uint64_t> line_of;
    Notices notices;
    std::uint64_t lines = 0;
    for (const auto& piece : in_order) {
        row_from.push_back(table->size);
        table->size += piece.line_of.size();
        for (const auto line : piece.line_of) line_of.push_back(lines + line);
        for (const auto& bad : piece.bad)
            notices.add_row(place(name, lines + bad.line), bad.problem.reason, bad.problem.mend);
        table->refused_rows += piece.bad.size();
        lines += piece.lines;
    }
    if (table->size >= 0x7fffffffu) return invalid(name, "there are more than two thousand million rows", "split it");

    table->fields.resize(columns);
    std::vector<Notices> of_column(columns);
    parallel(columns, threads, [&](std::size_t c, unsigned) {
        const Kind kind = layout.compared[c].kind;
        const bool with_former = c == layout.postcode && !layout.former.empty();
        auto numbered = number_values(workers, c, kind, with_former);
        std::vector<std::uint32_t> codes(table->size);
        std::uint64_t refused = 0;
        std::size_t first_refused = none;
        for (std::size_t p = 0; p < in_order.size(); ++p) {
            auto& piece = in_order[p];
            const auto& to_final = numbered.of_worker[piece.worker];
            const auto& is_refused = numbered.refused_of_worker[piece.worker];
            for (std::size_t i = 0; i < piece.codes[c].size(); ++i) {
                const auto raw = piece.codes[c][i];
                codes[row_from[p] + i] = to_final[raw];
                if (is_refused[raw] && refused++ == 0) first_refused = row_from[p] + i;
            }
            piece.codes[c] = {};
        }
        auto& field = table->fields[c];
        field.header = layout.compared[c].header;
        field.kind = kind;
        field.values = std::move(numbered.values);
        field.count.assign(field.values.size(), 0);
        for (const auto code : codes) ++field.count[code];
        field.code = std::move(codes);
        const auto tell = [&](const std::string& header) {
            if (refused == 0) return;
            const auto [reason, mend] = refusal_words(kind);
            of_column[c].add(place(name, line_of[first_refused]) + " " + header, header + " " + reason, mend, refused);
        };
        tell(field.header);
        if (!with_former) return;
        table->former = std::move(numbered.former);
        table->former.header = join(layout.former_headers, ", ");
        table->former.list.resize(table->size);
        refused = 0;
        for (std::size_t p = 0; p < in_order.size(); ++p) {
            const auto& piece = in_order[p];
            for (std::size_t i = 0; i < piece.former.size(); ++i) {
                table->former.list[row_from[p] + i] = numbered.list_of_worker[piece.worker][piece.former[i]];
                if (numbered.former_refused[piece.worker][piece.former[i]] && refused++ == 0)
                    first_refused = row_from[p] + i;
            }
        }
        tell(table->former.header);
    });
    for (auto& each : of_column) {
        for (auto& notice : each.take())
            notices.add(notice.fault.place, notice.fault.reason, notice.fault.mend, notice.times);
    }
    for (const auto& piece : in_order) {
        table->ids.append(piece.ids);
        table->truth.insert(table->truth.end(), piece.truth.begin(), piece.truth.end());
        table->household.insert(table->household.end(), piece.household.begin(), piece.household.end());
    }
    table->numbered = layout.id == none;
    if (layout.id == none) {
        for (std::size_t i = 0; i < table->size; ++i) table->ids.add(std::to_string(i + 1));
    }
    table->id_hash.resize(table->size);
    parallel(threads, threads, [&](std::size_t t, unsigned) {
        const auto range = part(table->size, threads, t);
        for (auto i = range.from; i < range.to; ++i) table->id_hash[i] = hash_bytes(table->ids[i], 2);
    });
    if (layout.id != none) TRY_VOID(settle_repeated_ids(*table, line_of, options, threads, notices));
    table->notices = notices.take();
    return TablePtr(std::move(table));
}

std::vector<ColumnProfile> profile(const Table& table, std::size_t commonest) {
    std::vector<ColumnProfile> out;
    for (const auto& field : table.fields) {
        ColumnProfile column{field.header, field.kind, 0, 0, {}};
        std::vector<std::uint32_t> order;
        for (std::uint32_t code = 1; code < field.count.size(); ++code) {
            if (field.count[code] == 0) continue;
            column.present += field.count[code];
            ++column.distinct;
            order.push_back(code);
        }
        const auto shown = std::min(commonest, order.size());
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                          [&](std::uint32_t a, std::uint32_t b) {
                              if (field.count[a] != field.count[b]) return field.count[a] > field.count[b];
                              return field.values[a] < field.values[b];
                          });
        for (std::size_t i = 0; i < shown; ++i)
            column.commonest.emplace_back(field.values[order[i]], field.count[order[i]]);
        out.push_back(std::move(column));
    }
    if (!table.former.any()) return out;
    ColumnProfile former{table.former.header, Kind::former_postcode, 0, 0, {}};
    for (const auto list : table.former.list) former.present += list != 0 ? 1 : 0;
    const std::set<std::uint32_t> distinct(table.former.codes.begin(), table.former.codes.end());
    former.distinct = distinct.size();
    out.push_back(std::move(former));
    return out;
}

RowCount rows_of(const Table& table) {
    return {table.size + table.refused_rows + table.repeated_rows, table.size, table.refused_rows, table.repeated_rows,
            table.numbered};
}

std::size_t records(const Table& table) {
    return table.size;
}

std::string_view id_of(const Table& table, std::uint32_t record) {
    return table.ids[record];
}

std::vector<ColumnUse> columns_of(const Table& table) {
    std::vector<ColumnUse> out;
    for (const auto& field : table.fields) out.push_back({field.header, field.kind});
    if (table.former.any()) out.push_back({table.former.header, Kind::former_postcode});
    return out;
}

namespace {

const Field* postcodes_of(const Table& table) {
    const auto found = std::find_if(table.fields.begin(), table.fields.end(),
                                    [](const auto& field) { return field.kind == Kind::postcode; });
    return found == table.fields.end() ? nullptr : &*found;
}

std::string former_of(const Table& table, std::uint32_t record) {
    std::string out;
    for (const auto code : table.former.of(record)) {
        out += out.empty() ? "" : "; ";
        out += postcodes_of(table)->values[code];
    }
    return out;
}

}  // namespace

std::string value_of(const Table& table, std::uint32_t record, std::size_t column) {
    if (column >= table.fields.size()) return former_of(table, record);
    const auto& field = table.fields[column];
    return std::string(field.values[field.code[record]]);
}

std::string shown_value_of(const Table& table, std::uint32_t record, std::size_t column) {
    auto value = value_of(table, record, column);
    if (column >= table.fields.size() || &table.fields[column] != postcodes_of(table)) return value;
    const auto former = former_of(table, record);
    if (former.empty()) return value;
    return fmt::format("{}{}(before: {})", value, value.empty() ? "" : " ", former);
}

}  // namespace waymark::people::batch
