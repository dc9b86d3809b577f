// Any bytes as a file of the content: calendars, vocabularies, kinds, the access policy, templates of assessments,
// lawful bases, looks that seem wrong. Taken or refused with a place and a reason. The first byte says which; the
// readers of folders are given one.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "content/assessments.hpp"
#include "content/content.hpp"
#include "content/look_patterns.hpp"
#include "sharing/sharing.hpp"
#include "sharing/telling.hpp"
#include "support.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

struct Folder {
    std::filesystem::path path;
    Folder() {
        const std::filesystem::path memory = "/dev/shm";
        path = (std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path()) /
               ("waymark-fuzz-" + std::to_string(::getpid()));
        for (const char* name : {"calendars", "vocabularies", "kinds"})
            std::filesystem::create_directories(path / name);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void put(const char* file, std::string_view text) const { std::ofstream(path / file, std::ios::binary) << text; }
};

template <class T>
void must_place(const Result<T>& result) {
    if (!result) must(!result.error().reason.empty() && !result.error().place.empty());
}

const content::Catalogue& kinds_of_ours() {
    static const content::Catalogue catalogue =
        content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
    return catalogue;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    if (size == 0) return 0;
    const auto text = fuzzing::text_of(data + 1, size - 1);
    switch (data[0] % 7) {
        case 0: {
            folder.put("calendars/a.toml", text);
            const auto calendar = content::load_calendar(folder.path.string(), "a");
            must_place(calendar);
            if (calendar) must(calendar->name == "a" && calendar->first <= calendar->last);
            break;
        }
        case 1: {
            folder.put("vocabularies/a.toml", text);
            const auto vocabulary = content::load_vocabulary(folder.path.string(), "a");
            must_place(vocabulary);
            if (vocabulary) {
                must(!vocabulary->codes.empty());
                for (const auto& [code, label] : vocabulary->codes) must(vocabulary->has(code) && !label.empty());
            }
            break;
        }
        case 2: {
            folder.put("kinds/a.toml", text);
            const auto catalogue = content::load_kinds(folder.path.string());
            must_place(catalogue);
            if (catalogue) {
                for (const auto& kind : catalogue->kinds()) must(!kind.key.empty() && !kind.label.empty());
            }
            break;
        }
        case 3: {
            const auto policy = sharing::parse_policy(text, "matrix.toml", kinds_of_ours());
            must_place(policy);
            if (policy) must(policy->text == text);
            break;
        }
        case 5: {
            const auto assessment = content::parse_assessment(text, "a.toml");
            must_place(assessment);
            if (assessment) must(!assessment->sections.empty() && !assessment->sections.front().questions.empty());
            break;
        }
        case 6: {
            const auto looks = content::parse_look_patterns(text, "alerts.toml");
            must_place(looks);
            if (looks) must(looks->text == text && !looks->opens.empty());
            break;
        }
        default: {
            const auto bases = sharing::parse_bases(text, "bases.toml");
            must_place(bases);
            if (bases) must(bases->text == text);
            break;
        }
    }
    return 0;
}
