#pragma once
// What a raiser has answered so far: kept as typed in a draft on the server, and read with its checks into the request
// that casework takes. Each step can be read by itself, so that a page shows its own faults and the last page finds
// any.
#include <optional>
#include <string>
#include <vector>

#include "web/visit.hpp"

namespace waymark::web {

inline constexpr std::size_t most_children = 20;  // in one concern

// Answers by step, as typed. `sent` is the concern that this draft became.
struct Answers {
    DraftId draft;
    Form what;
    Form when;
    std::vector<Form> children;
    std::optional<EntryId> sent;
};

json::object to_json(const Answers&);
Answers to_answers(DraftId, const json::object&);

// The fields of each step, as kept.
json::object what_fields(const Form&);
json::object when_fields(const Form&);
json::object child_fields(const Form&);

// Reads a step into the request; faults are left in `typed`.
void read_what(Typed&, casework::RaiseRequest&);
struct Noticed {
    std::optional<Date> day;
};
Noticed read_when(const Visit&, Typed&, casework::RaiseRequest&);
void read_child(const Visit&, Typed&, const std::optional<Date>& noticed, casework::RaiseRequest::Child&);

// Everything, and the page to go back to where a step has a fault or is missing.
struct Complete {
    casework::RaiseRequest request;
    std::string fault_in;  // "what", "when", "children/2"; empty where all is well
};
Complete read_all(const Visit&, const Answers&);

inline constexpr const char* choice_none = "none";      // none of the children offered
inline constexpr const char* choice_unsure = "unsure";  // cannot tell

}  // namespace waymark::web
