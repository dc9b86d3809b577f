// Every fault says what is wrong and what to write instead.
#include "web/forms.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace waymark::web {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
// A body may be as long as the server takes: a text that is too long for the record still comes back to its writer.
constexpr FormLimits limits{500, 200, 1u << 22};

// The urlencoded text with every byte that cannot stand replaced by an encoded U+FFFD.
std::string repaired(std::string_view encoded) {
    std::string bytes;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '%' && i + 2 < encoded.size()) {
            const int high = hex_digit_value(encoded[i + 1]);
            const int low = hex_digit_value(encoded[i + 2]);
            if (high >= 0 && low >= 0) {
                bytes += static_cast<char>(high * 16 + low);
                i += 2;
                continue;
            }
        }
        bytes += encoded[i] == '+' ? ' ' : encoded[i];
    }
    std::string out;
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const std::size_t bad = std::min(find_invalid_utf8(rest), rest.size());
        for (const char c : rest.substr(0, bad)) {
            if (c == '\0') {
                out += replacement;
            } else {
                out += c;
            }
        }
        if (bad == rest.size()) break;
        if (!out.ends_with(replacement)) out += replacement;
        rest.remove_prefix(bad + 1);
    }
    return percent_encode(out);
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

// "3", "03", "mar", "March".
std::optional<int> month_number(std::string_view text) {
    if (const auto value = number(text)) return value;
    static const std::vector<std::string> names{"january", "february", "march",     "april",   "may",      "june",
                                                "july",    "august",   "september", "october", "november", "december"};
    const std::string lower = to_lower_ascii(text);
    if (lower.size() < 3) return std::nullopt;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].starts_with(lower)) return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

}  // namespace

Result<Typed> Typed::parse(std::string_view body) {
    if (auto form = parse_form(body, limits)) return Typed(std::move(*form));
    std::string mended;
    std::set<std::string, std::less<>> damaged;
    for (const std::string_view pair : split(body, '&')) {
        if (!mended.empty()) mended += '&';
        if (parse_form(pair, limits)) {
            mended += pair;
            continue;
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name = parse_form(pair.substr(0, equals), limits);
        if (!name || name->fields().empty()) continue;
        damaged.insert(name->fields().begin()->first);
        mended += pair.substr(0, equals);
        mended += '=';
        mended += repaired(pair.substr(std::min(equals + 1, pair.size())));
    }
    Form form = TRY(parse_form(mended, limits));
    return Typed(std::move(form), std::move(damaged));
}

std::string Typed::checked(std::string_view field, const std::string& what) {
    const std::string_view raw = form_.first(field);
    if (damaged_.contains(field)) {
        fault(field, fmt::format("Some characters of {} could not be read. Look for � and type them again", what));
    }
    if (count_characters(raw) > most_characters) {
        fault(field, fmt::format("Shorten {} to 60,000 characters or fewer. You have {}", what, count_characters(raw)));
    }
    return std::string(trim(raw));
}

std::string Typed::text(std::string_view field, const std::string& what) {
    return checked(field, what);
}

std::string Typed::required_text(std::string_view field, const std::string& what, const std::string& if_empty) {
    std::string value = checked(field, what);
    if (value.empty()) fault(field, if_empty);
    return value;
}

std::string Typed::choice(std::string_view field, const std::vector<std::string>& allowed, const std::string& if_none) {
    const std::string_view value = form_.first(field);
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return std::string(value);
    if (!if_none.empty() || !value.empty())
        fault(field, if_none.empty() ? "Choose one of the answers on the page" : if_none);
    return {};
}

TypedDate Typed::date(const std::string& prefix, const std::string& what, bool parts_may_miss) {
    const std::string_view day = trim(form_.first(prefix + "-day"));
    const std::string_view month = trim(form_.first(prefix + "-month"));
    const std::string_view year = trim(form_.first(prefix + "-year"));
    TypedDate typed;
    typed.empty = day.empty() && month.empty() && year.empty();
    if (typed.empty) return typed;
    const auto wrong = [&](const char* part, std::string message) {
        faults_.push_back({prefix, fmt::format("{}-{}", prefix, part), std::move(message)});
        return typed;
    };
    if (year.empty()) return wrong("year", fmt::format("{} must include a year", what));
    if (month.empty() && (!parts_may_miss || !day.empty()))
        return wrong("month", fmt::format("{} must include a month", what));
    if (day.empty() && !parts_may_miss) return wrong("day", fmt::format("{} must include a day", what));
    const auto y = number(year);
    const auto m = month.empty() ? std::optional<int>(1) : month_number(month);
    const auto d = day.empty() ? std::optional<int>(1) : number(day);
    if (!y || year.size() != 4)
        return wrong("year", fmt::format("{} must have a year of four numbers, like 2019", what));
    if (!m || *m < 1 || *m > 12) return wrong("month", fmt::format("{} must have a month from 1 to 12", what));
    const auto parsed =
        d ? parse_date(fmt::format("{:04}-{:02}-{:02}", *y, *m, *d)) : Result<Date>(invalid("", "no day"));
    if (!parsed) return wrong("day", fmt::format("{} must be a real day of that month", what));
    typed.date = *parsed;
    typed.accuracy = fmt::format("{}{}A", day.empty() ? 'U' : 'A', month.empty() ? 'U' : 'A');
    return typed;
}

void Typed::fault(std::string_view field, const std::string& message) {
    if (!at_fault(field)) faults_.push_back({std::string(field), std::string(field), message});
}

bool Typed::at_fault(std::string_view field) const {
    return std::any_of(faults_.begin(), faults_.end(), [&](const FieldFault& f) { return f.field == field; });
}

ErrorMessageOptions Typed::message(std::string_view field) const {
    for (const FieldFault& f : faults_) {
        if (f.field == field) return {.text = f.message};
    }
    return {};
}

std::vector<ErrorSummaryItem> Typed::summary(std::string_view suffix) const {
    std::vector<ErrorSummaryItem> items;
    for (const FieldFault& f : faults_)
        items.push_back({.text = f.message, .href = "#" + f.target + std::string(suffix)});
    return items;
}

json::object to_json(const Form& form, std::initializer_list<std::string_view> names) {
    json::object object;
    for (const std::string_view name : names) {
        json::array values;
        for (const std::string& value : form.all(name)) values.emplace_back(value);
        if (!values.empty()) object[json::string_view(name.data(), name.size())] = std::move(values);
    }
    return object;
}

Form to_form(const json::object& object) {
    Form form;
    for (const auto& [name, values] : object) {
        if (!values.is_array()) continue;
        for (const json::value& value : values.get_array()) {
            if (value.is_string()) form.add(std::string(name), std::string(value.get_string()));
        }
    }
    return form;
}

}  // namespace waymark::web
