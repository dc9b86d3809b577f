// What content/ ships: every procedure is proved, every profile fits over its procedures, every rule has its paragraph.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

const std::string source_dir = WAYMARK_SOURCE_DIR;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::filesystem::path> files_in(const std::string& folder, std::string_view ending) {
    std::vector<std::filesystem::path> all;
    for (const auto& file : std::filesystem::directory_iterator(source_dir + folder)) {
        if (file.path().extension() == ending) all.push_back(file.path());
    }
    std::sort(all.begin(), all.end());
    return all;
}

Rulebook read(const std::filesystem::path& file) {
    auto book = parse_rulebook(text_of(file), file.filename().string(), catalogue());
    REQUIRE_MESSAGE(book.has_value(), (book ? std::string() : describe(book.error())));
    return *book;
}

void is_proved(const std::filesystem::path& file) {
    const auto found = check(read(file), england(), nullptr);
    CHECK_MESSAGE(found.answer == Check::Answer::proved, file.filename().string());
    for (const auto& fault : found.faults)
        MESSAGE(file.filename().string() << ' ' << fault.what << ' ' << fault.rule << ": " << fault.why);
}

// "2.1.1" of each line that begins so.
std::set<std::string> paragraphs_of_the_manual() {
    std::set<std::string> all;
    for (const auto& file : files_in("/content/manual", ".md")) {
        const auto text = text_of(file);
        for (const auto line : split(text, '\n')) {
            const auto end = line.find(' ');
            const auto number = line.substr(0, end);
            const bool is_number = end != std::string_view::npos && number.find('.') != std::string_view::npos &&
                                   number.find_first_not_of("0123456789.") == std::string_view::npos;
            if (!is_number) continue;
            CHECK_MESSAGE(all.insert(std::string(number)).second, "twice in the manual: " << number);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("every procedure that is shipped, and every sound one of the tests, is proved") {
    const auto shipped_ones = files_in("/content/procedures", ".toml");
    CHECK(shipped_ones.size() >= 7);
    for (const auto& file : shipped_ones) is_proved(file);
    const auto sound = files_in("/tests/procedures/sound", ".toml");
    CHECK(sound.size() >= 12);
    for (const auto& file : sound) is_proved(file);
}

TEST_CASE("every rule, cue and number of the shipped procedures names a paragraph that the manual has") {
    const auto paragraphs = paragraphs_of_the_manual();
    CHECK(paragraphs.size() > 150);
    const auto known = [&](const Source& source, const std::string& book, const std::string& id) {
        CHECK_MESSAGE(paragraphs.contains(source.paragraph), book << ' ' << id << ": \"" << source.paragraph << '"');
    };
    for (const auto& file : files_in("/content/procedures", ".toml")) {
        const auto book = read(file);
        for (const auto& rule : book.rules) known(rule.source, book.name, rule.id);
        for (const auto& cue : book.cues) known(cue.source, book.name, cue.id);
        for (const auto& parameter : book.parameters) known(parameter.source, book.name, parameter.id);
    }
}

TEST_CASE("every shipped profile lies over its procedures, and the clocks say whose numbers they are") {
    const auto paragraphs = paragraphs_of_the_manual();
    for (const auto& file : files_in("/content/profiles", ".toml")) {
        const auto name = file.filename().string();
        const auto profile = content::parse_profile(text_of(file), name);
        REQUIRE_MESSAGE(profile.has_value(), (profile ? std::string() : describe(profile.error())));
        std::vector<Rulebook> books;
        for (const auto& procedure : profile->procedures) books.push_back(shipped(procedure));
        auto whole = combine(std::move(books));
        REQUIRE_MESSAGE(whole.has_value(), (whole ? std::string() : describe(whole.error())));
        const auto book = with_profile(std::move(*whole), *profile, name);
        REQUIRE_MESSAGE(book.has_value(), (book ? std::string() : describe(book.error())));
        for (const auto& rule : book->rules) CHECK_MESSAGE(paragraphs.contains(rule.source.paragraph), rule.id);
        for (const auto& [rule, source] : profile->clock_sources)
            CHECK(book->rule(rule)->source.unsourced == (source.text.find("[U]") != std::string::npos));
    }
}

TEST_CASE("Wales and Guernsey change what their sources give, and say so where none was found") {
    const auto over = [](const std::string& name) {
        const auto file = source_dir + "/content/profiles/" + name + ".toml";
        const auto profile = content::parse_profile(text_of(file), file).value();
        std::vector<Rulebook> books;
        for (const auto& procedure : profile.procedures) books.push_back(shipped(procedure));
        return with_profile(combine(std::move(books)).value(), profile, file).value();
    };
    using Unit = content::ClockLength::Unit;
    const auto wales = over("wales");
    CHECK(wales.rule("core-group")->deadline == ClockLength{Unit::weeks, 6});
    CHECK(wales.rule("core-group")->source.paragraph == "10.3.3");
    CHECK_FALSE(wales.rule("core-group")->source.unsourced);
    CHECK(wales.rule("conference")->source.unsourced);
    const auto guernsey = over("guernsey");
    CHECK(guernsey.rule("conference")->deadline == ClockLength{Unit::calendar_days, 10});
    CHECK(guernsey.rule("conference")->source.register_id == "C11");
    CHECK(guernsey.rule("after-disposal-plan")->deadline == ClockLength{Unit::working_days, 15});
    CHECK_FALSE(guernsey.rule("after-disposal-plan")->source.unsourced);
    CHECK(guernsey.rule("challenge-reply")->source.unsourced);
    CHECK(over("northbay").rule("after-disposal-plan")->source.unsourced);
}
