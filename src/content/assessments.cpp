// content/assessments/*.toml
#include "content/assessments.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

namespace {

constexpr std::size_t most_sections = 20;
constexpr std::size_t most_questions = 40;  // of one section

class AssessmentReader {
public:
    explicit AssessmentReader(const std::string& file) : in_(file) {}

    Result<AssessmentTemplate> read(std::string_view text) {
        const toml::table root = TRY(in_.parse(text));
        TRY_VOID(in_.only(root, {"key", "title", "version", "source", "section"}));
        AssessmentTemplate out;
        out.key = TRY(id_of(root, "key"));
        out.title = TRY(in_.need_string(root, "title"));
        out.version = TRY(in_.need_string(root, "version"));
        out.source = TRY(in_.need_string(root, "source"));
        const auto sections = TRY(in_.tables(root, "section"));
        if (sections.empty() || sections.size() > most_sections)
            return invalid(in_.place_of(root, "section"), "a template has sections",
                           fmt::format("write one to {} [[section]]", most_sections));
        for (const auto* table : sections) out.sections.push_back(TRY(section(*table)));
        return out;
    }

private:
    Result<std::string> id_of(const toml::table& table, const char* key) {
        auto id = TRY(in_.need_string(table, key));
        if (const auto good = check_name(id, key); !good)
            return invalid(in_.place_of(table, key), good.error().reason, good.error().mend);
        return id;
    }
    Result<void> once(const toml::table& table, const std::string& id) {
        if (ids_.insert(id).second) return {};
        return invalid(in_.place_of(table, "id"), fmt::format("“{}” stands twice", id), "give each an id of its own");
    }

    Result<AssessmentSection> section(const toml::table& table) {
        TRY_VOID(in_.only(table, {"id", "title", "hint", "asks", "question"}));
        AssessmentSection out;
        out.id = TRY(id_of(table, "id"));
        TRY_VOID(once(table, "section/" + out.id));
        out.title = TRY(in_.need_string(table, "title"));
        out.hint = TRY(in_.string(table, "hint"));
        out.asks = TRY(in_.strings(table, "asks"));
        for (const auto& type : out.asks) {
            const auto& known = agency_types();
            if (std::find(known.begin(), known.end(), type) != known.end()) continue;
            return invalid(in_.place_of(table, "asks"), fmt::format("“{}” is not a type of agency", type),
                           fmt::format("use: {}", join(known, ", ")));
        }
        const auto questions = TRY(in_.tables(table, "question"));
        if (questions.empty() || questions.size() > most_questions)
            return invalid(in_.place_of(table, "question"), "a section has questions",
                           fmt::format("write one to {} [[section.question]]", most_questions));
        for (const auto* one : questions) out.questions.push_back(TRY(question(*one)));
        return out;
    }

    Result<AssessmentQuestion> question(const toml::table& table) {
        TRY_VOID(in_.only(table, {"id", "label", "hint", "about"}));
        AssessmentQuestion out;
        out.id = TRY(id_of(table, "id"));
        TRY_VOID(once(table, out.id));
        out.label = TRY(in_.need_string(table, "label"));
        out.hint = TRY(in_.string(table, "hint"));
        out.about = TRY(in_.string(table, "about"));
        if (!out.about.empty() && out.about != "strengths" && out.about != "needs")
            return invalid(in_.place_of(table, "about"),
                           fmt::format("“{}” is not what a question can be about", out.about),
                           "write strengths or needs, or leave it out");
        return out;
    }

    TomlReader in_;
    std::set<std::string> ids_;
};

}  // namespace

const AssessmentSection* AssessmentTemplate::section(std::string_view id) const {
    const auto found = std::find_if(sections.begin(), sections.end(), [&](const auto& one) { return one.id == id; });
    return found == sections.end() ? nullptr : &*found;
}

Result<AssessmentTemplate> parse_assessment(std::string_view toml, const std::string& file) {
    return AssessmentReader(file).read(toml);
}

Result<std::vector<AssessmentTemplate>> load_assessments(const std::string& content_dir) {
    const std::filesystem::path folder = std::filesystem::path(content_dir) / "assessments";
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
        if (file.path().extension() == ".toml") files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<AssessmentTemplate> out;
    for (const auto& file : files) {
        const auto name = "assessments/" + file.filename().string();
        auto one = TRY(parse_assessment(TRY(read_text_file(file.string())), name));
        if (one.key != file.stem().string())
            return invalid(name, fmt::format("the key is “{}”", one.key), "give the file the name of its key");
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace waymark::content
