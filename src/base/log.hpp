#pragma once
// One JSON object a line, UTC, for operators. Personal data cannot be logged: Personal<T> has no way to a log field.
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/system.hpp"

namespace waymark {

// Wraps what must never reach a log or an error message. There is no stream operator and no log overload; reveal() is
// the one way out and easy to search for.
template <class T>
class Personal {
public:
    Personal() = default;
    explicit Personal(T value) : value_(std::move(value)) {}
    [[nodiscard]] const T& reveal() const { return value_; }
    bool operator==(const Personal&) const = default;

private:
    T value_{};
};

class LogValue {
public:
    template <class T>
    requires std::is_integral_v<T> LogValue(T v)
        : value_(static_cast<std::int64_t>(v)) {}             // NOLINT(google-explicit-constructor)
    LogValue(double v) : value_(v) {}                         // NOLINT(google-explicit-constructor)
    LogValue(std::string_view v) : value_(std::string(v)) {}  // NOLINT(google-explicit-constructor)
    LogValue(const char* v) : value_(std::string(v)) {}       // NOLINT(google-explicit-constructor)
    LogValue(const std::string& v) : value_(v) {}             // NOLINT(google-explicit-constructor)
    template <class T>
    LogValue(const Personal<T>&) = delete;
    [[nodiscard]] const std::variant<std::int64_t, double, std::string>& value() const { return value_; }

private:
    std::variant<std::int64_t, double, std::string> value_;
};

using LogField = std::pair<std::string_view, LogValue>;

class Log {
public:
    enum class Level { debug, info, warning, error };
    Log(std::ostream& out, const Clock& clock, Level least = Level::info) : out_(out), clock_(clock), least_(least) {}
    void write(Level, std::string_view event, std::initializer_list<LogField> fields = {});
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(Level::info, event, fields);
    }
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(Level::warning, event, fields);
    }
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(Level::error, event, fields);
    }

private:
    std::ostream& out_;
    const Clock& clock_;
    Level least_;
    std::mutex mutex_;
};

}  // namespace waymark
