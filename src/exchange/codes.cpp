#include "exchange/codes.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace waymark::exchange {

CodeList::CodeList(const content::Vocabulary& vocabulary) {
    for (const auto& [code, label] : vocabulary.codes) codes_.push_back(code);
    std::sort(codes_.begin(), codes_.end());
}

bool CodeList::has(std::string_view code) const {
    return std::binary_search(codes_.begin(), codes_.end(), code, std::less<>());
}

std::string CodeList::mend(std::string_view given) const {
    constexpr std::size_t most_listed = 25;
    if (codes_.size() <= most_listed) return fmt::format("write one of: {}", join(codes_, ", "));
    const auto upper = to_upper_ascii(given);
    if (has(upper)) return fmt::format("did you mean \"{}\"?", upper);
    return "write a code of the census's list";
}

Result<Codes> load_codes(const std::string& content_dir) {
    const auto list = [&](std::string_view name) -> Result<CodeList> {
        return CodeList(TRY(content::load_vocabulary(content_dir, name)));
    };
    Codes codes;
    codes.referral_source = TRY(list("referral-source"));
    codes.primary_need = TRY(list("primary-need"));
    codes.closure_reason = TRY(list("closure-reason"));
    codes.assessment_factor = TRY(list("assessment-factor"));
    codes.abuse_category = TRY(list("abuse-category"));
    codes.ethnicity = TRY(list("ethnicity"));
    codes.disability = TRY(list("disability"));
    return codes;
}

}  // namespace waymark::exchange
