#pragma once
// What was typed into a form, and what is wrong with it. Nothing typed is ever dropped: a form with a fault is shown
// again with every value as it was, the faults in a summary, each beside its field, each with the way to mend it.
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "web/components/error_message.hpp"
#include "web/components/error_summary.hpp"

namespace waymark::web {

// How much one text may hold: what the record takes (record::DecodeLimits), said in characters on the page.
inline constexpr std::size_t most_characters = 60'000;

// Day, month and year as typed.
struct TypedDate {
    std::optional<Date> date;  // nothing where empty or wrong
    bool empty = false;
    std::string accuracy = "AAA";  // day, month, year: A as typed, U not known
};

class Typed {
public:
    Typed() = default;
    explicit Typed(Form form, std::set<std::string, std::less<>> damaged = {})
        : form_(std::move(form)), damaged_(std::move(damaged)) {}

    // An urlencoded body. Ill-formed UTF-8 and NUL become U+FFFD and mark their field as damaged, so that the text
    // comes back to its writer with a fault beside it; what cannot be read at all is a fault.
    static Result<Typed> parse(std::string_view body);

    [[nodiscard]] std::string value(std::string_view name) const { return std::string(form_.first(name)); }
    [[nodiscard]] const std::vector<std::string>& all(std::string_view name) const { return form_.all(name); }
    [[nodiscard]] bool has(std::string_view name) const { return form_.has(name); }
    [[nodiscard]] const Form& form() const { return form_; }

    // Reading with checks; each adds its fault. `field` is the name of the field, and its id on the page.
    std::string text(std::string_view field,
                     const std::string& what);  // trimmed; may be empty. "what you are worried about"
    std::string required_text(std::string_view field, const std::string& what, const std::string& if_empty);
    std::string choice(std::string_view field, const std::vector<std::string>& allowed, const std::string& if_none);
    // `prefix`-day, -month, -year. `what` begins a sentence: "The date". `parts_may_miss`: the day, or day and month,
    // may be empty.
    TypedDate date(const std::string& prefix, const std::string& what, bool parts_may_miss);

    void fault(std::string_view field, const std::string& message);
    [[nodiscard]] bool good() const { return faults_.empty(); }
    [[nodiscard]] ErrorMessageOptions message(std::string_view field) const;  // empty text where there is none
    [[nodiscard]] bool at_fault(std::string_view field) const;
    // `suffix` is added to each id: where a page has the same form several times.
    [[nodiscard]] std::vector<ErrorSummaryItem> summary(std::string_view suffix = {}) const;

private:
    struct FieldFault {
        std::string field;
        std::string target;  // the id to jump to
        std::string message;
    };
    std::string checked(std::string_view field, const std::string& what);
    Form form_;
    std::set<std::string, std::less<>> damaged_;
    std::vector<FieldFault> faults_;
};

// A draft keeps a form as an object of lists of text.
json::object to_json(const Form&, std::initializer_list<std::string_view> names);
Form to_form(const json::object&);

}  // namespace waymark::web
