#pragma once
// The batch engine: one CSV file linked to itself, or two to each other, with no store and without anything said about
// the data but which column holds what. What a command calls is read(), dedupe() and link(); all that a report shows is
// in Results.
//
//   Options options;                                   // columns are guessed from the header where none are given
//   auto table = TRY(read(in, "children.csv", options));
//   auto found = TRY(dedupe(table, options));          // or link(table_a, table_b, options)
//   found.pairs, found.clusters, found.model, found.truth …
//
// The model is Fellegi and Sunter's with three classes of pair instead of two: one person, two of one household, two
// strangers. u is counted from the value frequencies, m and the household's shares are found by EM over the agreement
// patterns of blocks. So a shared household speaks for a twin as much as for the child itself, and only what tells the
// two apart (given name, sex, numbers) decides. Weights are fixed-point integers and sums over patterns: results are
// the same to the bit whatever the number of threads and the order of the rows.
#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "people/batch/model.hpp"
#include "people/people.hpp"

namespace waymark::people::batch {

// ---- columns and tables ---------------------------------------------------------------------------------------------

struct ColumnUse {
    std::string header;
    Kind kind = Kind::text;
};
// What the names of the columns say; what is not recognised is left out. An `id` column is always among them if there
// is one that is called so.
std::vector<ColumnUse> guess_columns(const std::vector<std::string>& header);

// What was not taken, or not whole: the place is "FILE:LINE column", never a value.
struct Notice {
    Fault fault;
    std::uint64_t times = 1;                  // the first place stands for all of one reason
    bool whole_row = false;                   // the row was refused; else one field of it is taken as missing
    std::vector<std::string> further_places;  // of refused rows, the next ones; a few
};

class Table;  // columnar, dictionary-encoded; see table.hpp
using TablePtr = std::shared_ptr<const Table>;

// ---- asking ---------------------------------------------------------------------------------------------------------

enum class Effort : std::uint8_t {
    quick,    // keys of two fields and more
    thorough  // every pair with one birth date besides, and wider keys: some 60 times the pairs
};

struct Label {  // a pair that a person has judged
    std::string id_l;
    std::string id_r;
    bool same = false;
};

struct Options {
    std::vector<ColumnUse> columns;      // empty: guess_columns()
    bool guess_others = false;           // guess what `columns` does not name, too, of the kinds that it does not name
    std::vector<std::string> leave_out;  // headers that are not to be guessed
    bool first_of_repeated = false;      // of rows with one id the first is taken; else the file is refused
    unsigned threads = 0;                // 0: as many as the machine has
    Effort effort = Effort::quick;
    std::uint64_t seed = 1;
    std::uint64_t most_pairs = 4'000'000'000;  // scored; more is refused with the rule that costs them
    std::uint32_t most_in_block = 10'000;      // a block with more records is left out and counted
    std::optional<double> threshold;           // posterior probability from which a pair is linked
    std::optional<double> precision;   // or: the precision wanted of what is linked, estimated by the model; else 0.999
    double review_probability = 0.05;  // from which a pair is offered and kept in `pairs`
    bool frequencies_of_left = false;  // link(): how common a value is, the first table says alone
    // Two of one birth date and household with another given name are never linked without a person. An analyst
    // may let the weight alone decide in a file where no two children of one household can be.
    bool twins_apart = true;
    const LinkageModel* model = nullptr;           // kept from before: nothing is estimated
    const NameVariants* given_variants = nullptr;  // content/names, see load_name_variants
    const NameVariants* family_variants = nullptr;
    // Pairs of one person teach m, each as much as one of the pairs that the model learns from by itself; all move the
    // prior to where they are likeliest. Ids that are not there are passed over. A kept model's m stays.
    std::vector<Label> labels;
    std::size_t examples = 40;
    std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)> progress;  // from one thread
};

// ---- answers --------------------------------------------------------------------------------------------------------

struct Pair {
    std::uint32_t l = 0;  // positions in the table; of link(): l in the first, r in the second table
    std::uint32_t r = 0;
    float weight = 0;  // log2 of the posterior odds
    Outcome outcome = Outcome::review;
    bool twin_or_sibling = false;  // one household, another given name: never linked by itself
    bool contradicted = false;     // two valid NHS numbers or UPNs
};

struct RuleCost {
    std::string name;                   // "family name (sound) + date of birth"
    std::uint64_t blocks = 0;           // with two records or more
    std::uint64_t pairs = 0;            // before those of earlier rules are taken out
    std::uint64_t scored = 0;           // that this rule was the first to find
    std::uint64_t true_scored = 0;      // of them, where the truth is known
    std::uint64_t blocks_left_out = 0;  // with more than `most_in_block` records
    std::uint64_t pairs_left_out = 0;   // with no blocks at all: of a wider rule that would have cost too much, about
    std::uint32_t largest = 0;          // records in the largest block kept
};
struct Stage {
    std::string name;
    double seconds = 0;
    std::uint64_t items = 0;  // rows, pairs, records: what the stage is about
};
struct Bin {  // pairs by weight
    double from = 0;
    std::uint64_t pairs = 0;
    std::uint64_t true_pairs = 0;  // where the truth is known
};
struct ExampleEvidence {
    std::string field;
    std::string words;
    std::string level;
    double weight = 0;
};
struct Example {  // close to a threshold
    Pair pair;
    std::vector<ExampleEvidence> evidence;  // last: what a household shares, or another child, takes away
};
struct AtThreshold {
    double weight = 0;
    double precision = 0;
    double recall = 0;
};
struct Truth {
    std::uint64_t true_pairs = 0;
    std::uint64_t true_pairs_scored = 0;  // that blocking kept
    std::vector<AtThreshold> curve;       // by falling weight, at most 400 points
    double best_f1 = 0;
    double best_f1_weight = 0;
    double recall_at_99 = 0;         // at precision 0.99 and more
    double recall_at_999 = 0;        // at precision 0.999 and more
    AtThreshold linked;              // of the pairs that are linked
    std::uint64_t twins_linked = 0;  // wrongly: another child of one birth date and household
    double cluster_precision = 0;    // over the pairs within clusters
    double cluster_recall = 0;
    double cluster_f1 = 0;
    std::uint64_t clusters = 0;  // true ones
};

struct Results {
    LinkageModel model;
    bool model_given = false;
    std::vector<Pair> pairs;                // linked and to be looked at; best first, then by id
    std::vector<std::uint32_t> cluster_of;  // by record: the smallest position in its cluster; dedupe only
    std::uint64_t clusters = 0;
    std::vector<RuleCost> rules;
    std::uint64_t pairs_scored = 0;
    std::vector<Bin> histogram;  // of all pairs that were scored in full
    std::vector<Example> examples;
    std::optional<Truth> truth;
    std::vector<Stage> stages;
    std::vector<Notice> notices;
    std::string engine;  // the processor instructions used: "AVX-512", "scalar"…
};

// Reads a table; `name` is used in places. Refused whole: an empty file, a header that lacks a column asked for or has
// one twice, no column to compare, a repeated id (but see first_of_repeated). Refused by row, with a notice: ill-formed
// UTF-8, a field over 1 MiB, an unclosed quote, too few or too many fields. Taken as missing, with a notice: a date,
// number or postcode that is none.
Result<TablePtr> read(std::istream&, const std::string& name, const Options&);

Result<Results> dedupe(const TablePtr&, const Options&);
Result<Results> link(const TablePtr& left, const TablePtr& right, const Options&);

// The evidence of one pair in words, as in Example.
Result<std::vector<ExampleEvidence>> explain(const TablePtr& left, std::uint32_t l, const TablePtr& right,
                                             std::uint32_t r, const LinkageModel&, const Options&);

// Of some pairs, with what would be decided of each at the model's thresholds. `r` is a position in `right`, or in
// `left` where there is no right table.
Result<std::vector<Example>> explain_pairs(const TablePtr& left, const TablePtr& right,
                                           const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs,
                                           const LinkageModel&, const Options&);

// Where a pair weighs less than its evidence adds up to, says why: another child of the household may be meant as well.
void account_for_weight(Example&, double prior);

// What a column holds, so that a reader sees what is missing and which value stands for "not known".
struct ColumnProfile {
    std::string header;
    Kind kind = Kind::text;
    std::uint64_t present = 0;                                     // records that have a value
    std::uint64_t distinct = 0;                                    // values
    std::vector<std::pair<std::string, std::uint64_t>> commonest;  // in their normal form, with their records
};
std::vector<ColumnProfile> profile(const Table&, std::size_t commonest);

struct RowCount {
    std::uint64_t rows = 0;  // below the header
    std::uint64_t taken = 0;
    std::uint64_t refused = 0;
    std::uint64_t repeated = 0;  // the same row again, word for word in what is compared: taken once
    bool numbered = false;       // there is no column of ids: records are named by their row
};
RowCount rows_of(const Table&);
std::size_t records(const Table&);
std::string_view id_of(const Table&, std::uint32_t record);
// The columns that are compared, one of former postcodes last, and the text of one record's field in the normal form in
// which it was compared.
std::vector<ColumnUse> columns_of(const Table&);
std::string value_of(const Table&, std::uint32_t record, std::size_t column);
// The same as a reader is shown it: a postcode with the former ones behind it.
std::string shown_value_of(const Table&, std::uint32_t record, std::size_t column);

// CSV as contract.md section 3 says: id_l,id_r,match_weight,match_probability; id,cluster (the id of the cluster's
// first record by id).
void write_pairs(std::ostream&, const Results&, const Table& left, const Table& right, bool linked_only);
void write_clusters(std::ostream&, const Results&, const Table&);

}  // namespace waymark::people::batch
