#pragma once
// Where the built style sheet and scripts are, by the manifest that the assets build writes beside them.
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace waymark::web {

// Addresses on this server. Each holds a digest of its file, so each may be cached for ever.
struct Assets {
    std::string style;
    std::string script;   // an ES module, which imports the library
    std::string library;  // GOV.UK Frontend's script; named so that it can be fetched at the same time
    std::string icon;
};

// `prefix` is put before every name; it ends with a slash.
Result<Assets> read_assets(std::string_view manifest_json, std::string_view prefix = "/assets/");

}  // namespace waymark::web
