// Vocabularies and other files of content/.
#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "base/text.hpp"
#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

std::string Vocabulary::label(std::string_view code) const {
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const auto& one) { return one.first == code; });
    return found == codes.end() ? std::string(code) : found->second;
}

bool Vocabulary::has(std::string_view code) const {
    return std::any_of(codes.begin(), codes.end(), [&](const auto& one) { return one.first == code; });
}

Result<Vocabulary> load_vocabulary(const std::string& content_dir, std::string_view name) {
    TRY_VOID(check_name(name, "vocabulary"));
    const std::string file = fmt::format("vocabularies/{}.toml", name);
    const std::string text = TRY(read_content(content_dir, file));
    const TomlReader in(file);
    const toml::table table = TRY(in.parse(text));
    TRY_VOID(in.only(table, {"name", "source", "codes"}));
    Vocabulary out;
    out.name = TRY(in.need_string(table, "name"));
    if (out.name != name)
        return invalid(in.place_of(table, "name"), fmt::format("the name is “{}”, but the file is {}", out.name, file));
    out.source = TRY(in.need_string(table, "source"));
    out.codes = TRY(in.code_pairs(table, "codes"));
    if (out.codes.empty()) return invalid(file, "there are no codes", "add codes = [[\"code\", \"Label\"], …]");
    return out;
}

Result<std::string> read_content(const std::string& content_dir, std::string_view relative_path) {
    for (const std::string_view part : split(relative_path, '/')) {
        const bool good = !part.empty() && part.front() != '.' && std::all_of(part.begin(), part.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                   c == '.';
        });
        if (!good)
            return invalid(std::string(relative_path), "is not a file of the content",
                           "name it by its path inside content/");
    }
    Result<std::string> text = read_text_file((std::filesystem::path(content_dir) / relative_path).string());
    if (!text) text.error().place = std::string(relative_path);
    return text;
}

}  // namespace waymark::content
