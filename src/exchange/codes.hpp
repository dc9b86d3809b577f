#pragma once
// The code lists that census fields are held against.
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "content/content.hpp"

namespace waymark::exchange {

class CodeList {
public:
    CodeList() = default;
    explicit CodeList(const content::Vocabulary&);
    [[nodiscard]] bool has(std::string_view code) const;
    // "write one of: …", or the nearest code where there is one and the list is long.
    [[nodiscard]] std::string mend(std::string_view given) const;

private:
    std::vector<std::string> codes_;  // sorted
};

struct Codes {
    CodeList referral_source;
    CodeList primary_need;
    CodeList closure_reason;
    CodeList assessment_factor;
    CodeList abuse_category;
    CodeList ethnicity;
    CodeList disability;
};
Result<Codes> load_codes(const std::string& content_dir);

}  // namespace waymark::exchange
