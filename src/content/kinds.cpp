// content/kinds/*.toml: the kinds of entry and the fields of their bodies.
#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "content/check.hpp"
#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

namespace {

constexpr std::array<std::pair<std::string_view, FieldType>, 12> type_names{{
    {"code", FieldType::code},
    {"codes", FieldType::codes},
    {"text", FieldType::text},
    {"boolean", FieldType::boolean},
    {"integer", FieldType::integer},
    {"number", FieldType::number},
    {"date", FieldType::date},
    {"reference", FieldType::reference},
    {"agencies", FieldType::agencies},
    {"actions", FieldType::actions},
    {"list", FieldType::list},
    {"person", FieldType::person},
}};

Result<FieldType> type_of(const TomlReader& in, const toml::table& table) {
    const std::string name = TRY(in.need_string(table, "type"));
    std::vector<std::string> known;
    for (const auto& [text, type] : type_names) {
        if (text == name) return type;
        known.emplace_back(text);
    }
    const std::string near = nearest(name, known);
    return invalid(
        in.place_of(table, "type"), fmt::format("“{}” is not a type of field", name),
        near.empty() ? fmt::format("use one of: {}", join(known, ", ")) : fmt::format("did you mean “{}”?", near));
}

// Field names and the parts of a kind's key: what a struct and a form can be made from.
bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

bool is_kind_key(std::string_view text) {
    const auto parts = split(text, '.');
    return parts.size() == 2 && is_word(parts[0]) && is_word(parts[1]);
}

Result<Field> read_field(const TomlReader& in, const toml::table& table, const std::string& content_dir) {
    TRY_VOID(in.only(table, {"name", "type", "required", "label", "hint", "codes", "suggested", "vocabulary", "on_form",
                             "protected"}));
    Field field;
    field.name = TRY(in.need_string(table, "name"));
    if (!is_word(field.name)) {
        return invalid(in.place_of(table, "name"), fmt::format("“{}” cannot name a field", field.name),
                       "use lower-case letters, digits, “_” and “-”, beginning with a letter");
    }
    field.type = TRY(type_of(in, table));
    field.required = TRY(in.boolean(table, "required", false));
    field.on_form = TRY(in.boolean(table, "on_form", true));
    field.is_protected = TRY(in.boolean(table, "protected", false));
    if (field.is_protected && (field.type != FieldType::text || field.required)) {
        return invalid(in.place_of(table, "protected"), fmt::format("{} cannot be protected", field.name),
                       "only a text that may be left out is");
    }
    field.label = TRY(in.need_string(table, "label"));
    field.hint = TRY(in.string(table, "hint"));
    field.vocabulary = TRY(in.string(table, "vocabulary"));
    CodePairs closed = TRY(in.code_pairs(table, "codes"));
    CodePairs open = TRY(in.code_pairs(table, "suggested"));
    const int lists = (closed.empty() ? 0 : 1) + (open.empty() ? 0 : 1) + (field.vocabulary.empty() ? 0 : 1);
    if (lists > 0 && field.type != FieldType::code && field.type != FieldType::codes) {
        return invalid(in.place(table), fmt::format("{} has codes, but its type is not code or codes", field.name));
    }
    if (lists > 1) {
        return invalid(in.place(table), fmt::format("{} has more than one list of codes", field.name),
                       "keep one of codes, suggested and vocabulary");
    }
    if (!field.vocabulary.empty()) {
        Result<Vocabulary> vocabulary = load_vocabulary(content_dir, field.vocabulary);
        if (!vocabulary) {
            return invalid(
                in.place_of(table, "vocabulary"),
                fmt::format("the vocabulary “{}” cannot be used: {}", field.vocabulary, describe(vocabulary.error())));
        }
        open = std::move(vocabulary->codes);
    }
    for (auto& [code, label] : closed) {
        field.codes.push_back(code);
        field.code_labels.emplace(code, std::move(label));
    }
    for (auto& [code, label] : open) {
        field.suggested.push_back(code);
        field.code_labels.emplace(code, std::move(label));
    }
    return field;
}

// Kinds with where each stands, so that what is wrong between them can be placed too.
struct Placed {
    Kind kind;
    std::string place;
    std::string about_place;
};

Result<Placed> read_kind(const TomlReader& in, const toml::table& table, const std::string& content_dir) {
    TRY_VOID(in.only(table, {"key", "label", "group", "needs_subject", "opens_case", "own_flow", "about",
                             "about_required", "fields"}));
    Placed out;
    Kind& kind = out.kind;
    out.place = in.place(table);
    out.about_place = in.place_of(table, "about");
    kind.key = TRY(in.need_string(table, "key"));
    if (!is_kind_key(kind.key)) {
        return invalid(in.place_of(table, "key"), fmt::format("“{}” cannot be the key of a kind", kind.key),
                       "write what.happened in lower case: \"concern.raised\"");
    }
    kind.label = TRY(in.need_string(table, "label"));
    kind.group = TRY(in.need_string(table, "group"));
    kind.needs_subject = TRY(in.boolean(table, "needs_subject", true));
    kind.opens_case = TRY(in.boolean(table, "opens_case", false));
    kind.own_flow = TRY(in.boolean(table, "own_flow", false));
    kind.about = TRY(in.strings(table, "about"));
    kind.about_required = TRY(in.boolean(table, "about_required", false));
    if (kind.about_required && kind.about.empty()) {
        return invalid(out.place, fmt::format("{} must be about something, but not about what", kind.key),
                       "add about = [\"…\"]");
    }
    const std::vector<const toml::table*> fields = TRY(in.tables(table, "fields"));
    for (const toml::table* field : fields) {
        Field one = TRY(read_field(in, *field, content_dir));
        if (kind.field(one.name) != nullptr)
            return invalid(in.place(*field), fmt::format("{} has the field {} twice", kind.key, one.name));
        kind.fields.push_back(std::move(one));
    }
    return out;
}

Result<void> check_together(const std::vector<Placed>& all) {
    std::set<std::string> keys;
    std::vector<std::string> names;
    for (const Placed& one : all) {
        if (!keys.insert(one.kind.key).second)
            return invalid(one.place, fmt::format("the kind {} is described twice", one.kind.key));
        names.push_back(one.kind.key);
    }
    for (const Placed& one : all) {
        for (const std::string& about : one.kind.about) {
            if (keys.count(about) != 0) continue;
            const std::string near = nearest(about, names);
            return invalid(one.about_place,
                           fmt::format("{} may be about “{}”, which is not a kind", one.kind.key, about),
                           near.empty() ? std::string{} : fmt::format("did you mean “{}”?", near));
        }
    }
    return {};
}

}  // namespace

const Field* Kind::field(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

std::string Field::code_label(std::string_view code) const {
    const auto found = code_labels.find(std::string(code));
    return found == code_labels.end() ? std::string(code) : found->second;
}

Catalogue::Catalogue(std::vector<Kind> kinds) : kinds_(std::move(kinds)) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) by_key_.emplace(kinds_[i].key, i);
}

const Kind* Catalogue::find(std::string_view key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &kinds_[found->second];
}

std::string Catalogue::nearest(std::string_view key) const {
    std::vector<std::string> names;
    for (const Kind& kind : kinds_) names.push_back(kind.key);
    return waymark::nearest(key, names);
}

Result<Catalogue> load_kinds(const std::string& content_dir) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(content_dir) / "kinds";
    std::error_code error;
    std::vector<std::string> files;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() == ".toml") files.push_back(it->path().filename().string());
    }
    if (error || files.empty()) {
        return fault(FaultKind::missing, folder.string(), "there are no kinds of entry here",
                     "name the folder that holds kinds/*.toml");
    }
    std::sort(files.begin(), files.end());
    std::vector<Placed> all;
    for (const std::string& file : files) {
        const TomlReader in("kinds/" + file);
        const std::string text = TRY(read_text_file((folder / file).string()));
        const toml::table table = TRY(in.parse(text));
        TRY_VOID(in.only(table, {"kind"}));
        const std::vector<const toml::table*> kinds = TRY(in.tables(table, "kind"));
        for (const toml::table* one : kinds) all.push_back(TRY(read_kind(in, *one, content_dir)));
    }
    TRY_VOID(check_together(all));
    std::vector<Kind> kinds;
    kinds.reserve(all.size());
    for (Placed& one : all) kinds.push_back(std::move(one.kind));
    return Catalogue(std::move(kinds));
}

}  // namespace waymark::content
