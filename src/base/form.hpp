#pragma once
// Strict decoding of URLs and of application/x-www-form-urlencoded bodies: percent-decoded once, UTF-8 checked.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace waymark {

struct FormLimits {
    std::size_t fields = 500;
    std::size_t name_bytes = 200;
    std::size_t value_bytes = 1u << 20;
};

// Field name to values, in the order sent.
class Form {
public:
    void add(std::string name, std::string value);
    [[nodiscard]] std::string_view first(std::string_view name) const;  // empty where absent
    [[nodiscard]] const std::vector<std::string>& all(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] const std::map<std::string, std::vector<std::string>, std::less<>>& fields() const { return fields_; }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> fields_;
};

// Refuses a bad escape, a NUL, ill-formed UTF-8 and whatever passes the limits. CRLF in values becomes LF.
Result<Form> parse_form(std::string_view body, const FormLimits& = {});

struct Target {
    std::string path;  // decoded, begins with '/'; no "." or ".." segment, no encoded slash, no NUL
    std::vector<std::string> segments;
    Form query;
};
Result<Target> parse_target(std::string_view raw, const FormLimits& = {});

// Of a Cookie header: name to value as sent; of a name that stands twice the first, and of more than 50 the first 50.
using Cookies = std::map<std::string, std::string, std::less<>>;
Cookies parse_cookies(std::string_view header);

std::string percent_encode(std::string_view);  // everything but RFC 3986 unreserved

}  // namespace waymark
