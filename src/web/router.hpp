#pragma once
// Which route answers an address. A literal segment wins over a parameter (":id"); a parameter is any one segment.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/app.hpp"

namespace waymark::web {

using Parameters = std::vector<std::pair<std::string, std::string>>;  // name without the colon, value

struct Found {
    std::optional<std::size_t> route;  // index into the table
    Parameters parameters;
    std::vector<Method> allowed;  // where the address exists but not for this method
};

class Router {
public:
    // Throws std::logic_error where two routes would answer the same request.
    explicit Router(const std::vector<Route>&);
    // A HEAD is answered by the GET.
    [[nodiscard]] Found find(Method, const std::vector<std::string>& segments) const;

private:
    struct Line {
        Method method;
        std::vector<std::string> segments;
    };
    std::vector<Line> lines_;
};

std::string_view to_string(Method);

}  // namespace waymark::web
