// Reads the manifest of the built assets; a name that could lead elsewhere is refused.
#include "web/assets.hpp"

#include "base/json.hpp"

namespace waymark::web {

namespace {

Result<std::string> address(const json::object& manifest, std::string_view name, std::string_view prefix) {
    const std::string_view file = string_or(manifest, name, "");
    // The name goes into a page and, on the server, to a folder: letters, digits, dot and hyphen only.
    bool plain = !file.empty() && file.front() != '.';
    for (const char c : file) {
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-');
    }
    if (!plain) {
        return invalid("manifest.json", "it names no file for " + std::string(name), "build the assets again");
    }
    return std::string(prefix) + std::string(file);
}

}  // namespace

Result<Assets> read_assets(std::string_view manifest_json, std::string_view prefix) {
    const json::value manifest = TRY(parse_json(manifest_json));
    if (!manifest.is_object()) return invalid("manifest.json", "it is not an object", "build the assets again");
    const json::object& names = manifest.get_object();
    Assets assets;
    assets.style = TRY(address(names, "waymark.css", prefix));
    assets.script = TRY(address(names, "waymark.js", prefix));
    assets.library = TRY(address(names, "govuk-frontend.js", prefix));
    assets.icon = TRY(address(names, "waymark.svg", prefix));
    return assets;
}

}  // namespace waymark::web
