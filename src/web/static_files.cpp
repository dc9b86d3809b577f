// Reads the folder once; serving touches no disk.
#include "web/static_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace waymark::web {

namespace {

constexpr std::size_t most_files = 200;
constexpr std::uintmax_t most_bytes = 4u << 20;

// Empty for what no page links to.
std::string type_of(std::string_view name) {
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    if (name.ends_with(".png")) return "image/png";
    return {};
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
    const auto missing = [&](const char* what) {
        return fault(FaultKind::missing, folder.empty() ? "assets" : folder, what,
                     "build them with ./run, or set WAYMARK_ASSETS to their folder");
    };
    std::error_code error;
    if (folder.empty() || !std::filesystem::is_directory(folder, error))
        return missing("the built style sheet and scripts are not there");
    StaticFiles files;
    for (const auto& one : std::filesystem::directory_iterator(folder, error)) {
        std::string name = one.path().filename().string();
        if (name.starts_with('.') || !one.is_regular_file(error) || one.file_size(error) > most_bytes) continue;
        std::ifstream in(one.path(), std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        if (name == "manifest.json") {
            files.manifest_ = std::move(bytes);
            continue;
        }
        if (type_of(name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name).empty()) continue;
        if (files.plain_.size() + files.packed_.size() >= most_files)
            return missing("there are too many files in the folder");
        const bool packed = name.ends_with(".gz");
        if (packed) name.resize(name.size() - 3);
        Response response;
        response.content_type = type_of(name);
        response.body = std::move(bytes);
        response.headers = {{"Cache-Control", "public, max-age=31536000, immutable"}, {"Vary", "Accept-Encoding"}};
        if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
        (packed ? files.packed_ : files.plain_).emplace(std::move(name), std::move(response));
    }
    if (files.manifest_.empty()) return missing("manifest.json is not there");
    return files;
}

const Response* StaticFiles::find(std::string_view name, bool takes_gzip) const {
    if (takes_gzip) {
        if (const auto it = packed_.find(name); it != packed_.end()) return &it->second;
    }
    const auto it = plain_.find(name);
    return it == plain_.end() ? nullptr : &it->second;
}

}  // namespace waymark::web
