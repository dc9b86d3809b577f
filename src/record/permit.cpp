// What a permit covers: nothing that it does not name.
#include "record/permit.hpp"

#include <algorithm>

namespace waymark::record {

std::string_view to_string(Action action) {
    switch (action) {
        case Action::read:
            return "read";
        case Action::append:
            return "append";
        case Action::search:
            return "search";
        case Action::decide_identity:
            return "decide-identity";
        case Action::export_record:
            return "export";
        case Action::fold:
            return "fold";
        case Action::administer:
            return "administer";
        case Action::oversee:
            return "oversee";
        case Action::reveal_address:
            return "reveal-address";
    }
    return "unknown";
}

std::string_view to_string(Depth depth) {
    constexpr std::array<std::string_view, 4> words{"none", "dates", "summary", "full"};
    return words.at(static_cast<std::size_t>(depth));
}

const std::array<std::string_view, 5>& markings() {
    static constexpr std::array<std::string_view, 5> all{"team", "named-only", "all-but-named", "hidden", "sealed"};
    return all;
}

Depth Permit::depth(std::string_view kind, std::string_view marking, std::string_view agency) const {
    const bool own = agency == asker_.agency;
    if (!sight_) {
        if (own_agency_only_ && !own) return Depth::none;
        if (!all_kinds_ && !kinds_.contains(kind)) return Depth::none;
        return markings_.contains(marking) ? Depth::full : Depth::none;
    }
    const auto& all = markings();
    const auto level = static_cast<std::size_t>(std::find(all.begin(), all.end(), marking) - all.begin());
    if (level >= all.size()) return Depth::none;
    const auto found = sight_->part_of->find(kind);
    const auto& part = found == sight_->part_of->end() ? sight_->parts.back() : sight_->parts.at(found->second);
    return (own ? part.own : part.others).at(level);
}

bool Permit::covers(std::string_view kind, std::string_view marking, std::string_view agency) const {
    return depth(kind, marking, agency) != Depth::none;
}

}  // namespace waymark::record
