// Lines of entries from outside: whatever comes, they are refused with places, reasons and mends, or taken; and what is
// taken is written out and taken again as the same entry, also when it is split.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "record/entry.hpp"

namespace {

using namespace waymark;

const content::Catalogue& kinds() {
    static const content::Catalogue catalogue =
        content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
    return catalogue;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Zone zone;
    const Instant now{1'774'612'800'000'000};
    const auto draft = record::decode_draft(as_text({data, size}), kinds(), now, zone);
    if (!draft) {
        if (draft.error().empty()) std::abort();
        for (const auto& fault : draft.error()) {
            if (fault.reason.empty()) std::abort();
        }
        return 0;
    }
    if (!record::check(*draft, kinds(), now, zone).empty()) std::abort();
    const auto again = record::decode_draft(write_json(record::encode(*draft)), kinds(), now, zone);
    if (!again) std::abort();
    // A protected address is not in what is handed out.
    const bool whole = draft->protected_address.empty() &&
                       std::none_of(draft->subjects.begin(), draft->subjects.end(), [](const auto& subject) {
                           return subject.identity && !subject.identity->protected_address.empty();
                       });
    if (whole && record::content_digest(*again) != record::content_digest(*draft)) std::abort();
    for (const auto& one : record::split_by_child(*draft, "incident")) {
        if (record::split_by_child(one, "other").size() != 1) std::abort();
    }
    return 0;
}
