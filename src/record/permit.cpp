// What a permit covers: nothing that it does not name.
#include "record/permit.hpp"

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
    }
    return "unknown";
}

bool Permit::covers(std::string_view kind, std::string_view marking, std::string_view agency) const {
    if (own_agency_only_ && agency != asker_.agency) return false;
    if (!all_kinds_ && !kinds_.contains(kind)) return false;
    return markings_.contains(marking);
}

}  // namespace waymark::record
