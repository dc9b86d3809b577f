#pragma once
// From the elements of one child of a census to entries (docs/exchange.md).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/census_tree.hpp"
#include "exchange/reader.hpp"

namespace waymark::exchange {

// What the file's header says of all of it.
struct CensusHeader {
    std::string authority;           // LEA
    std::optional<Instant> written;  // DateTime
    std::optional<Date> reference;   // ReferenceDate
};

class CensusMapper {
public:
    CensusMapper(const Reading& reading, Sink& sink);

    void header(CensusTree&);
    void child(CensusTree&);

private:
    using Index = CensusTree::Index;
    struct Told {  // a value of a field, or why there is none
        Index node = CensusTree::none;
        std::optional<Date> date;
    };

    // of the child in hand
    bool read_key(Index identifiers);
    record::Identity read_identity(Index identifiers);
    void read_births(Index identifiers, record::Identity&);
    void note_upn(Index, std::string_view);
    void characteristics(Index);
    void cin_details(Index, std::size_t nth);
    std::string referral(Index, std::optional<Date>, Index date_node);
    void assessment(Index, std::size_t nth);
    void plan_dates(Index);
    void section47(Index);
    void conference(Index);
    void protection_plan(Index);
    void closure(Index);
    void sweep(Index);
    void sweep_children(Index);

    // fields
    std::optional<Date> take_date(Index parent, std::string_view name, Index* node = nullptr);
    std::optional<Date> date_of(Index, bool whole_row);
    void put_code(json::object& body, std::string_view field, Index parent, std::string_view name, const CodeList&);
    std::optional<std::string> code_of(Index, const CodeList&);
    json::array codes_of(Index list, std::string_view name, const CodeList&);
    std::optional<bool> take_flag(Index parent, std::string_view name);

    // entries
    record::Draft draft(std::string_view kind, Date at, std::string_view element) const;
    std::string emit(Index node, record::Draft);  // its id
    void refuse(Index, std::string reason, std::string mend, bool whole_row, bool kept = false);
    void orphans(Index, std::string_view of);

    const Reading& reading_;
    Sink& sink_;
    CensusHeader header_;
    Date today_;
    std::string base_source_;

    CensusTree* tree_ = nullptr;
    std::string child_;  // its key in the file: LAchildID, or "upn:" and the UPN
    std::string case_key_;
    std::optional<Date> earliest_;                             // nothing of this child can be dated before
    std::map<std::string, std::string, std::less<>> emitted_;  // id -> what it said
};

}  // namespace waymark::exchange
