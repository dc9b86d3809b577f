// The house rules, kept by a test and not by a page: floors, where SQL may stand, what a file says of itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path root = WAYMARK_SOURCE_DIR;

// Bottom to top. A room includes only rooms on floors below its own; base is open to all, and store may use base.
const std::map<std::string, int> floors{{"base", 0},     {"store", 0},     {"content", 1}, {"record", 2},
                                        {"people", 3},   {"procedure", 4}, {"sharing", 4}, {"casework", 5},
                                        {"accounts", 5}, {"jobs", 5},      {"picture", 6}, {"learning", 6},
                                        {"exchange", 7}, {"web", 8},       {"cli", 8},     {"main", 9}};

struct SourceFile {
    std::string path;  // from the root
    std::string room;
    std::vector<std::string> lines;
};

std::vector<SourceFile> sources_under(const char* folder) {
    std::vector<SourceFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const std::string extension = entry.path().extension().string();
        if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp")) continue;
        SourceFile file;
        const fs::path relative = entry.path().lexically_relative(root);
        file.path = relative.string();
        auto part = relative.begin();
        if (++part != relative.end()) file.room = part->string();
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) file.lines.push_back(line);
        files.push_back(std::move(file));
    }
    return files;
}

bool is_test(const SourceFile& file) {
    return file.path.ends_with("_test.cpp");
}

// "file:line what", one a line, so that a failure says where.
std::string listed(const std::vector<std::string>& faults) {
    std::ostringstream out;
    for (const std::string& fault : faults) out << "\n  " << fault;
    return out.str();
}

std::vector<std::string> matching_lines(const std::vector<SourceFile>& files, const std::regex& pattern) {
    std::vector<std::string> found;
    for (const SourceFile& file : files) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (std::regex_search(file.lines[i], pattern))
                found.push_back(file.path + ":" + std::to_string(i + 1) + " " + file.lines[i]);
        }
    }
    return found;
}

std::string read_all(const fs::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a room includes only rooms on the floors below it") {
    const std::regex include("^#include \"([a-z_]+)/");
    std::vector<std::string> faults;
    int seen = 0;
    for (const SourceFile& file : sources_under("src")) {
        REQUIRE_MESSAGE(floors.contains(file.room), file.path, " stands in a room that the plan does not know");
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            std::smatch match;
            if (!std::regex_search(file.lines[i], match, include)) continue;
            const auto other = floors.find(match[1].str());
            if (other == floors.end() || other->first == file.room) continue;  // generated kinds/, tests' support/
            ++seen;
            const bool below = other->second < floors.at(file.room) || (other->first == "base" && file.room == "store");
            if (!below) faults.push_back(file.path + ":" + std::to_string(i + 1) + " " + file.lines[i]);
        }
    }
    CHECK(seen > 100);
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("SQL stands in the store and nowhere else") {
    std::vector<SourceFile> files;
    for (SourceFile& file : sources_under("src")) {
        if (file.room != "store" && !is_test(file)) files.push_back(std::move(file));
    }
    const auto faults = matching_lines(
        files, std::regex("(SELECT .* FROM|INSERT INTO|DELETE FROM|UPDATE [a-z_]+ SET|CREATE TABLE|sqlite3_|PQexec)"));
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("Boost.Beast is seen by the server's file and the client's alone, and CLI11 by the arguments' file alone") {
    std::vector<std::string> faults;
    for (const std::string& line : matching_lines(sources_under("src"), std::regex("#include <boost/(beast|asio)"))) {
        if (!line.starts_with("src/web/server.cpp:") && !line.starts_with("src/web/fetch.cpp:")) faults.push_back(line);
    }
    for (const std::string& line : matching_lines(sources_under("src"), std::regex("#include <CLI/"))) {
        if (!line.starts_with("src/cli/arguments.cpp:")) faults.push_back(line);
    }
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("what only newer compilers know, and coroutines, are not used") {
    const auto faults = matching_lines(
        sources_under("src"), std::regex("#include <(format|expected|source_location|coroutine)>|co_await|co_return"));
    std::vector<std::string> real;
    for (const std::string& line : faults) {
        if (line.find("//") == std::string::npos) real.push_back(line);
    }
    CHECK_MESSAGE(real.empty(), listed(real));
}

TEST_CASE("only base's system clock and generator ask the machine for time or chance") {
    std::vector<SourceFile> files;
    for (SourceFile& file : sources_under("src")) {
        if (file.room != "base" && !is_test(file)) files.push_back(std::move(file));
    }
    const auto faults = matching_lines(
        files, std::regex("system_clock::now|randombytes|std::random_device|\\brand\\(\\)|time\\(nullptr\\)"));
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("nothing is left half done in the code") {
    std::vector<SourceFile> files;
    for (const char* folder : {"src", "tests", "bench", "fuzz"}) {
        if (!fs::exists(root / folder)) continue;
        for (SourceFile& file : sources_under(folder)) {
            if (file.path != "tests/house_test.cpp") files.push_back(std::move(file));
        }
    }
    const auto faults = matching_lines(files, std::regex("\\b(TODO|FIXME|HACK)\\b|// ?XXX"));
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("every header says what it is for, and so does every source without a header of its own") {
    std::vector<std::string> faults;
    for (const SourceFile& file : sources_under("src")) {
        if (is_test(file) || file.lines.empty()) continue;
        const std::size_t begin = file.lines[0] == "#pragma once" ? 1 : 0;
        const bool says = file.lines.size() > begin && file.lines[begin].starts_with("//");
        const bool has_header =
            file.path.ends_with(".cpp") && file.lines[0].starts_with("#include \"" + file.room + "/");
        if (!says && !has_header) faults.push_back(file.path);
    }
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("a source file keeps to one subject: at most 700 lines") {
    std::vector<std::string> faults;
    for (const SourceFile& file : sources_under("src")) {
        if (file.lines.size() > 700)
            faults.push_back(file.path + " has " + std::to_string(file.lines.size()) + " lines");
    }
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("every outside library that the build names has its line in docs/dependencies.md") {
    const std::string build = read_all(root / "cmake/Dependencies.cmake");
    const std::string page = read_all(root / "docs/dependencies.md");
    const std::regex declared("waymark_dependency\\(([a-z0-9_]+)");
    const std::map<std::string, std::string> shown{
        {"json", "Boost.JSON"},   {"boost", "Boost.Beast"}, {"fmt", "fmt"},         {"crypto", "OpenSSL"},
        {"tls", "OpenSSL"},       {"sodium", "libsodium"},  {"sqlite", "SQLite"},   {"pq", "libpq"},
        {"utf8proc", "utf8proc"}, {"xml", "libxml2"},       {"toml", "toml++"},     {"date", "date"},
        {"threads", "threads"},   {"highway", "Highway"},   {"malloc", "jemalloc"}, {"p11", "p11-kit"},
        {"cmark", "cmark"}};
    int seen = 0;
    for (std::sregex_iterator it(build.begin(), build.end(), declared), end; it != end; ++it) {
        const std::string name = (*it)[1].str();
        ++seen;
        REQUIRE_MESSAGE(shown.contains(name), name, " is not known to this test");
        CHECK_MESSAGE(page.find(shown.at(name)) != std::string::npos, name, " has no line in docs/dependencies.md");
    }
    CHECK(seen >= 10);
}

TEST_CASE("lines of the audit are kept in one place alone") {
    std::vector<SourceFile> files;
    for (SourceFile& file : sources_under("src")) {
        if (!is_test(file) && file.room != "store" && file.path != "src/record/audit.cpp")
            files.push_back(std::move(file));
    }
    const auto faults = matching_lines(files, std::regex("insert_audit"));
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("pages carry no inline style and no inline script") {
    std::vector<SourceFile> files;
    for (SourceFile& file : sources_under("src")) {
        if (file.room == "web" && !is_test(file)) files.push_back(std::move(file));
    }
    const auto faults = matching_lines(files, std::regex("style=\\\\?\"|<style|<script>|onclick=|javascript:"));
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("every reader of what comes from outside has a fuzz target, and every target a corpus") {
    std::map<std::string, std::vector<std::string>> listed_readers;
    std::istringstream table(read_all(root / "fuzz/parsers.txt"));
    for (std::string line; std::getline(table, line);) {
        std::istringstream words(line);
        std::string name;
        if (!(words >> name) || name.front() == '#') continue;
        std::vector<std::string> rest;
        for (std::string word; words >> word;) rest.push_back(word);
        REQUIRE_MESSAGE(!rest.empty(), line);
        listed_readers[name] = rest;
    }
    std::vector<std::string> faults;
    std::set<std::string> seen;
    const std::regex reader(
        "\\b((parse|decode|read)_[a-z0-9_]+) *\\(|\\bstatic [A-Za-z:<>]+ (parse)\\(|Result<toml::table> (parse)\\(");
    for (const SourceFile& file : sources_under("src")) {
        if (!file.path.ends_with(".hpp") || file.path.ends_with("_test.hpp")) continue;
        for (const std::string& line : file.lines) {
            const std::string code = line.substr(0, line.find("//"));
            for (std::sregex_iterator it(code.begin(), code.end(), reader), end; it != end; ++it) {
                const bool bare = !(*it)[1].matched;
                const std::string name = bare ? fs::path(file.path).filename().string() + ":parse" : (*it)[1].str();
                seen.insert(name);
                if (!listed_readers.contains(name))
                    faults.push_back(name + " of " + file.path + " is not in fuzz/parsers.txt");
            }
        }
    }
    for (const auto& [name, rest] : listed_readers) {
        if (rest[0] == "-") {
            if (rest.size() < 3) faults.push_back(name + " is excused without a reason");
            continue;
        }
        const std::string target = read_all(root / ("fuzz/" + rest[0] + "_fuzz.cpp"));
        const std::size_t colon = name.find(':');
        const std::string called = rest.size() > 2 ? rest[2] : colon == std::string::npos ? name : "::parse";
        if (target.find(called) == std::string::npos)
            faults.push_back(rest[0] + "_fuzz.cpp does not name " + called + " (" + name + ")");
    }
    CHECK(seen.size() > 50);
    for (const auto& entry : fs::directory_iterator(root / "fuzz")) {
        const std::string file = entry.path().filename().string();
        if (!file.ends_with("_fuzz.cpp")) continue;
        const fs::path corpus = root / "fuzz/corpus" / file.substr(0, file.size() - 9);
        if (!fs::is_directory(corpus) || fs::is_empty(corpus)) faults.push_back(file + " has no corpus");
    }
    CHECK_MESSAGE(faults.empty(), listed(faults));
}

TEST_CASE("only what seals and digests names the way of a protected address to its seal") {
    const std::set<std::string> may{"src/record/canonical.hpp",         "src/record/digest.cpp",
                                    "src/record/entry_text.cpp",        "src/record/identity.cpp",
                                    "src/record/protected_address.hpp", "src/casework/spool_text.cpp"};
    std::set<std::string> do_so;
    for (const auto& file : sources_under("src")) {
        if (is_test(file)) continue;
        for (const auto& line : file.lines) {
            if (line.find("AtRest") != std::string::npos) do_so.insert(file.path);
        }
    }
    CHECK(do_so == may);
}
