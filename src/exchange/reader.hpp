#pragma once
// What readers of formats share: what they are told, and whom they hand on to what they have read.
#include <cstdint>
#include <memory>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "content/content.hpp"
#include "exchange/codes.hpp"
#include "exchange/exchange.hpp"
#include "record/entry.hpp"

namespace waymark::exchange {

// What a reader must know. Everything referred to outlives the reading.
struct Reading {
    std::string file;
    std::string agency;
    std::string source;  // empty: the format's own
    const content::Catalogue& catalogue;
    const Codes& codes;
    const Zone& zone;
    Instant now;
    std::vector<std::pair<std::string, std::string>> columns;
};

// Entries that come from files have no practitioner who wrote them here: this stands in `author`, so that the same file
// gives the same entries whoever imports it. Who did is in the audit.
constexpr std::string_view file_author = "import";

// A draft and where it stood.
struct Row {
    std::uint64_t line = 0;
    std::string place;  // element; empty where the line is the whole entry
    record::Draft draft;
};

class Sink {
public:
    virtual ~Sink() = default;
    virtual void take(Row) = 0;
    virtual void refuse_row(std::vector<Refusal>) = 0;            // one row, for all of these reasons
    virtual void refuse_field(Refusal) = 0;                       // a field left out, or (`kept`) a note on one
    [[nodiscard]] virtual bool stopped() const { return false; }  // true: nobody wants the rest
};

// Checks the draft against its kind first; a draft with a fault is a refused row.
void hand_on(const Reading&, Sink&, Row);
Refusal refusal_of(const Reading&, std::uint64_t line, const Fault&);

// Each reads to the end; a fault means that the file is not of this format at all, or could not be read.
Result<void> read_entries(std::streambuf&, const Reading&, Sink&);
Result<void> read_people(std::streambuf&, const Reading&, Sink&);
Result<void> read_family_context(std::streambuf&, const Reading&, Sink&);
Result<void> read_census(std::streambuf&, const Reading&, Sink&);
Result<void> read_format(Format, std::streambuf&, const Reading&, Sink&);

// "2022-10-15", and the same with a time of midnight behind it, as spreadsheets write it.
Result<Date> parse_loose_date(std::string_view);
// The first 16 hexadecimal digits of the SHA-256: enough to tell one version of a row from another.
std::string short_digest(std::string_view);

}  // namespace waymark::exchange
