#pragma once
// What a person sees when something cannot be done: what happened, whether anything was lost, and what to do.
#include "base/error.hpp"
#include "web/visit.hpp"

namespace waymark::web {

Response problem(const Visit&, const Fault&);
Response not_found(const Visit&);
Response wrong_method(const Visit&, const std::vector<Method>& allowed);
Response forged(const Visit&);
Response not_a_form(const Visit&);  // 415                              // a form without this session's token
Response failed(const Visit&, std::string_view reference);  // 500; the reference stands in the log
unsigned status_of(FaultKind);

}  // namespace waymark::web
