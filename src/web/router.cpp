// The table is short: a walk over it costs less than the cleverness that would avoid it.
#include "web/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace waymark::web {

namespace {

bool is_parameter(std::string_view segment) {
    return !segment.empty() && segment.front() == ':';
}

std::vector<std::string> segments_of(std::string_view pattern) {
    std::vector<std::string> segments;
    for (const std::string_view segment : split(pattern, '/')) {
        if (!segment.empty()) segments.emplace_back(segment);
    }
    return segments;
}

bool same_shape(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const std::string& x, const std::string& y) {
        return x == y || (is_parameter(x) && is_parameter(y));
    });
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
    return std::equal(pattern.begin(), pattern.end(), segments.begin(), segments.end(),
                      [](const std::string& expected, const std::string& given) {
                          return is_parameter(expected) || expected == given;
                      });
}

// Literals first, compared from the left.
bool more_literal(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (is_parameter(a[i]) != is_parameter(b[i])) return is_parameter(b[i]);
    }
    return false;
}

}  // namespace

Router::Router(const std::vector<Route>& routes) {
    for (const Route& route : routes) {
        Line line{route.method, segments_of(route.pattern)};
        for (const Line& other : lines_) {
            if (other.method == line.method && same_shape(other.segments, line.segments)) {
                throw std::logic_error("two routes answer " + route.pattern);
            }
        }
        lines_.push_back(std::move(line));
    }
}

Found Router::find(Method method, const std::vector<std::string>& segments) const {
    const Method wanted = method == Method::head ? Method::get : method;
    Found found;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (!matches(lines_[i].segments, segments)) continue;
        if (lines_[i].method != wanted) {
            found.allowed.push_back(lines_[i].method);
            continue;
        }
        if (!found.route || more_literal(lines_[i].segments, lines_[*found.route].segments)) found.route = i;
    }
    if (!found.route) return found;
    const auto& pattern = lines_[*found.route].segments;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_parameter(pattern[i])) found.parameters.emplace_back(pattern[i].substr(1), segments[i]);
    }
    return found;
}

std::string_view to_string(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
    }
    return "GET";
}

}  // namespace waymark::web
