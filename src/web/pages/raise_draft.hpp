#pragma once
// The draft of a concern on the server, and the addresses of its steps.
#include <string>
#include <string_view>
#include <vector>

#include "web/pages/raise_answers.hpp"

namespace waymark::web {

inline constexpr const char* draft_form = "concern";
inline constexpr const char* begun_form = "concern-begun";
inline constexpr const char* sent_form = "concern-sent";

std::string step_url(DraftId, std::string_view step);
std::string child_url(DraftId, std::size_t n);
std::string receipt_url(EntryId);

Result<Answers> load(const Visit&);  // of the draft in the address; `missing` where it is nobody's or another's
Result<void> save(const Visit&, const Answers&);

std::vector<PageRoute> send_pages();  // check, send, throw away

}  // namespace waymark::web
