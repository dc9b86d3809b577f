#pragma once
// MoJ timeline: the history of one thing, the most recent first, short descriptions, at most about fifty. A child's
// chronology is a table instead. A time of day that is not known is not shown.
#include <string>
#include <vector>

#include "web/html.hpp"

namespace waymark::web {

struct TimelineItem {
    Html label{};
    Html byline{};               // who did it
    std::string machine_date{};  // "2026-11-24" or an RFC 3339 instant
    Html shown_date{};           // "24 November 2026 at 14:03"
    Html content{};
    std::string classes{};
    Attributes attributes{};
};

struct TimelineOptions {
    std::vector<TimelineItem> items{};
    int heading_level = 2;
    std::string by = "by";  // the word before the byline
    std::string classes{};
    Attributes attributes{};
};

Html timeline(const TimelineOptions&);

}  // namespace waymark::web
