#pragma once
// Errors as values: what was wrong, where, and how to mend it.
//
// Every refusal that reaches a person or a program carries a place (a field, a file and line), a reason in plain words
// and a mend. Exceptions are for what no caller can handle.
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace waymark {

// A new kind is added only where a caller reacts to it differently.
enum class FaultKind {
    invalid,      // the input is wrong; the mend says what to write instead
    missing,      // there is no such thing (or the asker may not know of it)
    conflict,     // it contradicts what the record already holds
    forbidden,    // the asker may not do this; the reason names the rule
    held,         // the procedure holds this decision until something else has happened
    unavailable,  // store, disk or network cannot serve it now; nothing was kept
    uncertain,    // it may or may not have been kept; asking again with the same key is safe
};

struct Fault {
    FaultKind kind = FaultKind::invalid;
    std::string place;   // field name, or "file:line element"; empty where the whole request is meant
    std::string reason;  // one sentence, no personal data
    std::string mend;    // what to do about it; may be empty

    bool operator==(const Fault&) const = default;
};

template <class T>
using Result = tl::expected<T, Fault>;

inline auto invalid(std::string place, std::string reason, std::string mend = {}) {
    return tl::unexpected(Fault{FaultKind::invalid, std::move(place), std::move(reason), std::move(mend)});
}
inline auto fault(FaultKind kind, std::string place, std::string reason, std::string mend = {}) {
    return tl::unexpected(Fault{kind, std::move(place), std::move(reason), std::move(mend)});
}

// "place: reason. mend" in one line, for terminals and logs.
std::string describe(const Fault&);

}  // namespace waymark

// TRY(x): the value of the Result x, or return its fault from the enclosing function. One may stand inside another,
// hence the counted name.
#define WM_CONCAT2(a, b) a##b
#define WM_CONCAT(a, b) WM_CONCAT2(a, b)
#define WM_TRY(expression, name)                                   \
    __extension__({                                                \
        auto&& name = (expression);                                \
        if (!name) return tl::unexpected(std::move(name).error()); \
        std::move(name).value();                                   \
    })
#define TRY(expression) WM_TRY(expression, WM_CONCAT(wm_result_, __COUNTER__))
// TRY_VOID(x): the same for Result<void>.
#define WM_TRY_VOID(expression, name)                              \
    do {                                                           \
        auto&& name = (expression);                                \
        if (!name) return tl::unexpected(std::move(name).error()); \
    } while (false)
#define TRY_VOID(expression) WM_TRY_VOID(expression, WM_CONCAT(wm_result_, __COUNTER__))
