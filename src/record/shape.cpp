#include "record/shape.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace waymark::record {

namespace {

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

Fault problem(std::string reason, std::string mend) {
    return {FaultKind::invalid, "", std::move(reason), std::move(mend)};
}

}  // namespace

bool is_code(std::string_view text) {
    if (text.empty() || text.size() > 64 || !is_alphanumeric(text.front())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
}

bool is_accuracy(std::string_view text) {
    return text.size() == 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c == 'A' || c == 'E' || c == 'U'; });
}

std::optional<Fault> text_problem(std::string_view text, std::size_t most_bytes) {
    if (text.size() > most_bytes) {
        return problem(fmt::format("longer than {} bytes", most_bytes), "shorten it, or divide it between entries");
    }
    if (const auto broken = find_invalid_utf8(text); broken != std::string_view::npos) {
        return problem(fmt::format("not well-formed UTF-8 at byte {}", broken), "send the text as UTF-8");
    }
    if (text.find('\0') != std::string_view::npos) return problem("holds a NUL character", "leave it out");
    return std::nullopt;
}

std::optional<Fault> word_problem(std::string_view text, std::size_t most_bytes) {
    if (auto wrong = text_problem(text, most_bytes)) return wrong;
    if (std::any_of(text.begin(), text.end(), is_control)) return problem("holds a control character", "leave it out");
    if (trim(text).size() != text.size())
        return problem("begins or ends with white space", "leave the white space out");
    return std::nullopt;
}

bool surely_before(Date day, Date birth, std::string_view accuracy) {
    const std::chrono::year_month_day a(day);
    const std::chrono::year_month_day b(birth);
    const auto accurate = [&](std::size_t part) { return accuracy.empty() || accuracy[part] == 'A'; };
    if (!accurate(2)) return false;
    if (a.year() != b.year() || !accurate(1)) return a.year() < b.year();
    if (a.month() != b.month() || !accurate(0)) return a.month() < b.month();
    return a.day() < b.day();
}

std::string within(std::string_view place, std::string_view name) {
    if (place.empty()) return std::string(name);
    return fmt::format("{}.{}", place, name);
}

const json::value* Members::member(std::string_view name) const {
    const auto* found = find(object_, name);
    return found != nullptr && found->is_null() ? nullptr : found;
}

std::string Members::text(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return {};
    if (const auto* string = found->if_string()) return std::string(view_of(*string));
    faults_.add(at(name), "not text", found->is_number() ? "write it in quotation marks" : "write it as text");
    return {};
}

std::optional<Date> Members::date(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return std::nullopt;
    const auto* string = found->if_string();
    if (string == nullptr) {
        faults_.add(at(name), "not a date", "write it as 2026-03-27, in quotation marks");
        return std::nullopt;
    }
    if (string->empty()) return std::nullopt;
    auto date = parse_date(view_of(*string));
    if (date) return *date;
    faults_.add(at(name), date.error());
    return std::nullopt;
}

bool Members::boolean(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return false;
    if (const auto* value = found->if_bool()) return *value;
    faults_.add(at(name), "neither true nor false", "write true or false, without quotation marks");
    return false;
}

}  // namespace waymark::record
