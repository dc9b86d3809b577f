#pragma once
// Search before create: who of a register is this likely to be? In memory, over the people of one table, while others
// are added.
//
//   auto table = TRY(batch::read(in, "children.csv", options));
//   auto model = TRY(index::estimate(table, options));        // or batch::parse_linkage_model(…)
//   auto people = TRY(index::Index::build(table, model, {}));
//   auto asked = TRY(people->asked({{batch::Kind::given_name, "Liz"}, {batch::Kind::family_name, "Hussain"}}));
//   auto found = TRY(people->search(asked, 10));
//
// Weights and order are the batch engine's: of someone asked for and a record, batch::link() of the register with a
// file of that one person gives the same weight to the bit, with Options::frequencies_of_left. A name that nobody of
// the register has counts as rare.
//
// Candidates are found by composite keys (sounds of names, birth date, year, postcode, district, numbers), those asked
// for and what slips, nicknames and swaps would have made of them. Each is bounded from above by what its codes say;
// only what can still be among the first is compared in full. So the answer is the same as if every candidate were.
//
// Any number of threads search while one at a time adds; neither waits for the other.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "people/batch/batch.hpp"

namespace waymark::people::index {

inline constexpr std::size_t most_answers = 100;
inline constexpr std::size_t most_value_bytes = 1000;

struct Options {
    const NameVariants* given_variants = nullptr;  // must outlive the index
    const NameVariants* family_variants = nullptr;
    unsigned threads = 0;                  // to build with; 0: as many as the machine has
    std::uint32_t most_candidates = 4096;  // visible people looked at for one search; beyond, Found::more
};

// By the columns of the register, in their order; empty where not known.
using Values = std::vector<std::string>;
// Whether who asks may know of the record. Called before anything is ranked; what it refuses leaves no trace in what is
// found. How common names are and which years and nicknames there are is what the built table says: of people that some
// askers may not know of, build nothing, add them. Called often, and by the thread that searches: be quick.
using Visible = std::function<bool(std::uint32_t record)>;

struct Answer {
    std::uint32_t record = 0;
    float weight = 0;  // log2 of the posterior odds
    double probability = 0;
    Outcome outcome = Outcome::not_linked;
    bool twin_or_sibling = false;  // one household, another given name: never linked by itself
    bool contradicted = false;     // two valid NHS numbers or UPNs
    std::vector<batch::ExampleEvidence> evidence;
};
struct Found {
    std::vector<Answer> answers;   // best first
    bool more = false;             // more people fit what was asked than were looked at: say more about the person
    std::uint32_t candidates = 0;  // visible people looked at
    std::uint32_t compared = 0;    // of them, in full
    std::vector<Fault> not_taken;  // what was asked and could not be: a date that is none
};

class Index {
public:
    // Refused: a model for other columns.
    static Result<std::unique_ptr<Index>> build(batch::TablePtr, const batch::LinkageModel&, const Options&);
    ~Index();
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    // What is said by kind, as values of the columns. Refused: a kind that the register has no column of.
    [[nodiscard]] Result<Values> asked(const std::vector<std::pair<batch::Kind, std::string>>&) const;
    // Refused: values of other columns, ill-formed or too long ones, a limit that is none, too little to search by.
    [[nodiscard]] Result<Found> search(const Values&, std::size_t limit, const Visible& visible = {}) const;
    // Found by every search that begins after it returns. How common names are stays as it was when the index was
    // built. Gives the record's position. Refused: an id that a record of the index has.
    Result<std::uint32_t> add(std::string_view id, const Values&);

    [[nodiscard]] std::vector<batch::ColumnUse> columns() const;
    [[nodiscard]] std::size_t size() const;   // records
    [[nodiscard]] std::size_t bytes() const;  // held besides the table
    [[nodiscard]] std::string_view id_of(std::uint32_t record) const;
    // In the normal form in which it is compared.
    [[nodiscard]] std::string_view value_of(std::uint32_t record, std::size_t column) const;

private:
    class Body;
    explicit Index(std::unique_ptr<Body>);
    std::unique_ptr<Body> body_;
};

// A model for the table's columns, estimated from its records alone; a pair is linked from a probability of 0.95 and
// offered from 0.05.
Result<batch::LinkageModel> estimate(const batch::TablePtr&, const batch::Options&);

}  // namespace waymark::people::index
