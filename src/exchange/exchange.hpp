#pragma once
// Formats of the outside: what agencies hold today comes in, and goes out again without loss.
//
// Every reader streams: memory does not grow with the file. A reader turns rows or elements into drafts; what it cannot
// take it refuses field by field, with file, line, element, reason and mend, and goes on. Reading and preparing runs
// beside the store's writer; batches are taken in the order of the file. The mapping to kinds of each format is
// docs/exchange.md.
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "casework/casework.hpp"
#include "casework/two_persons.hpp"

namespace waymark::exchange {

enum class Format { entries, people, family_context, cin_census };
std::optional<Format> parse_format(std::string_view);
const std::vector<std::string>& format_names();

struct Refusal {
    std::string file;
    std::uint64_t line = 0;
    std::string place;  // element, column or field
    std::string reason;
    std::string mend;
    bool whole_row = true;  // false: one field was left out and the rest of the row was taken
    bool kept = false;      // true: nothing was left out; what was written is kept as it is, and looks wrong
};

// rows: lines, CSV rows, or (census) drafts that the file's elements make. A row is taken, refused or repeated.
// `fields_refused` counts single fields left out of rows that were taken.
struct Tally {
    std::uint64_t rows = 0;
    std::uint64_t taken = 0;
    std::uint64_t refused = 0;
    std::uint64_t repeated = 0;
    std::uint64_t linked = 0;
    std::uint64_t to_review = 0;
    std::uint64_t fields_refused = 0;
};

struct ImportOptions {
    std::string agency;   // whose file this is; required but for `entries`
    std::string source;   // name of the source system for identities; default by format
    bool strict = false;  // all or nothing: one transaction, nothing kept if anything is refused
    std::vector<std::pair<std::string, std::string>> columns;  // `--columns ours=theirs`, people
    std::size_t batch = 8'000;                                 // drafts a transaction, at most
    std::chrono::milliseconds hold{0};  // for about how long a transaction may hold the store; 0: as long as it takes
    std::function<void(const Refusal&)> on_refusal;
    std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)> on_progress;
};

// A fault is returned only where the work as a whole cannot go on (no such file, a file that is not of this format,
// store unavailable); refused rows are told through on_refusal, on the caller's thread and in the order of the file,
// and counted. XML that is broken is such a refusal: what was read before it stands, and it says from which line on
// nothing was read.
Result<Tally> import_files(const casework::Office&, const record::Asker&, Format, const std::vector<std::string>& files,
                           const ImportOptions&);

// What `import entries` takes back: one JSON object a line, every entry with the identities it brought and the links
// that were decided, ordered so that what an entry is about comes before it. Both take two people
// (casework/two_persons.hpp): `held` until they agree; `begun` is told how that was, before a byte is written.
// Protected addresses are left out but where two people agreed to that too; `withheld` counts those. `basis`: an
// article of access/bases.toml, for the audit line beside the asker's purpose; it must be given once two people agree.
struct ExportOptions {
    bool protected_too = false;
    std::uint64_t* withheld = nullptr;
    std::string basis = {};
};
using Begun = std::function<void(const casework::two_persons::Leave&)>;
Result<std::uint64_t> export_entries(const casework::Office&, const record::Asker&, std::ostream&,
                                     const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                     const Begun& begun = {}, const ExportOptions& = {});
// One line an entry for spreadsheets: codes and dates, no identities, no text.
Result<std::uint64_t> export_csv(const casework::Office&, const record::Asker&, std::ostream&, const Begun& begun = {},
                                 const ExportOptions& = {});

// A census of `children` synthetic children, for measuring: valid where the samples are not. Deterministic for a seed.
void generate_census(std::ostream&, std::uint64_t children, std::uint64_t seed);

}  // namespace waymark::exchange
