#pragma once
// MoJ contextual date: a date with what it means today, in words first: "due tomorrow, 24 November 2026". Colour and
// border only repeat the words.
#include <string>

#include "base/time.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct ContextualDateOptions {
    Date date{};
    Date today{};
    std::string verb = "due";  // "due", "review", "expires"
    bool done = false;         // it happened in time: the date alone, without urgency
};

// "overdue by 3 days, 20 November 2026" · "due today, …" · "due tomorrow, …" · "due in 5 days, …" (up to two
// weeks) · "due 24 November 2026".
std::string describe_date(const ContextualDateOptions&);
Html contextual_date(const ContextualDateOptions&);

}  // namespace waymark::web
