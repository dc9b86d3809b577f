#pragma once
// The built style sheet, scripts and pictures, held in memory. Each name holds a digest of its bytes, so each may be
// kept for ever; a browser that takes gzip gets what was packed when they were built.
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "web/http.hpp"

namespace waymark::web {

class StaticFiles {
public:
    // Reads the style sheets, scripts and pictures that lie in the folder; at most 200 files, 4 MiB each.
    static Result<StaticFiles> load(const std::string& folder);
    // Nothing where there is no such file.
    [[nodiscard]] const Response* find(std::string_view name, bool takes_gzip) const;
    [[nodiscard]] const std::string& manifest() const { return manifest_; }

private:
    std::map<std::string, Response, std::less<>> plain_;
    std::map<std::string, Response, std::less<>> packed_;
    std::string manifest_;
};

}  // namespace waymark::web
