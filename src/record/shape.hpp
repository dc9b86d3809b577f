#pragma once
// What words from outside must look like, and the gathering of faults. Reasons never repeat what was written: it may be
// a name.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "record/identity.hpp"

namespace waymark::record {

class Faults {
public:
    void add(std::string place, std::string reason, std::string mend) {
        if (list_.size() < most)
            list_.push_back({FaultKind::invalid, std::move(place), std::move(reason), std::move(mend)});
    }
    void add(std::string_view place, const Fault& fault) { add(std::string(place), fault.reason, fault.mend); }
    void take(std::vector<Fault> others) {
        for (auto& other : others) {
            if (list_.size() < most) list_.push_back(std::move(other));
        }
    }
    [[nodiscard]] bool has(std::string_view place) const {
        for (const auto& fault : list_) {
            if (fault.place == place) return true;
        }
        return false;
    }
    // Whether this place, or what it lies in, has a fault already.
    [[nodiscard]] bool has_around(std::string_view place) const {
        for (const auto& fault : list_) {
            const auto& outer = fault.place;
            if (!place.starts_with(outer) || outer.empty()) continue;
            if (place.size() == outer.size() || place[outer.size()] == '.' || place[outer.size()] == '[') return true;
        }
        return false;
    }
    [[nodiscard]] bool empty() const { return list_.empty(); }
    std::vector<Fault> release() { return std::move(list_); }

private:
    static constexpr std::size_t most = 200;  // of one line: who sent more mends these first
    std::vector<Fault> list_;
};

inline std::string_view view_of(const json::string& text) {
    return {text.data(), text.size()};
}
inline std::string_view view_of(json::string_view text) {
    return {text.data(), text.size()};
}

// [a-z0-9A-Z][-a-z0-9A-Z._]*, at most 64.
bool is_code(std::string_view);
// Three of A, E, U.
bool is_accuracy(std::string_view);
// Ill-formed UTF-8, NUL or too long: a fault without a place.
std::optional<Fault> text_problem(std::string_view, std::size_t most_bytes);
// The same, and control characters and white space at the ends: ids, keys and names of things.
std::optional<Fault> word_problem(std::string_view, std::size_t most_bytes);

// Whether `day` lies before a date of birth whose accuracy is given (A accurate, E estimated, U unknown for day, month,
// year), by those parts only that are accurate, from the year on.
bool surely_before(Date day, Date birth, std::string_view accuracy);

// The place of a member: "subjects[0]" and "identity" give "subjects[0].identity".
std::string within(std::string_view place, std::string_view name);

// Reads members of an object from outside; null stands for absent. Each gives nothing where the member is absent or
// faulty.
class Members {
public:
    Members(const json::object& object, std::string place, Faults& faults)
        : object_(object), place_(std::move(place)), faults_(faults) {}

    [[nodiscard]] const json::value* member(std::string_view name) const;
    std::string text(std::string_view name);
    std::optional<Date> date(std::string_view name);
    bool boolean(std::string_view name);
    [[nodiscard]] std::string at(std::string_view name) const { return within(place_, name); }

private:
    const json::object& object_;
    std::string place_;
    Faults& faults_;
};

// The checks of an identity that was decoded, or built in memory.
void check_identity(const Identity&, const std::string& place, Date today, Faults&);
// Types only.
Identity read_identity(const json::object&, const std::string& place, Faults&);

}  // namespace waymark::record
