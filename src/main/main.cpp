// Waymark: read what was typed, find the places, run the command.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/secret.hpp"
#include "cli/arguments.hpp"
#include "cli/session.hpp"
#include "main/serve.hpp"

namespace {

using namespace waymark;

// An environment variable names the folder, else it is found from where the program lies: beside a build, or as
// installed.
std::string find_folder(const char* variable, std::initializer_list<const char*> candidates, const char* proof) {
    if (const char* named = std::getenv(variable); named != nullptr && *named != '\0') return named;
    std::error_code ignored;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    for (const char* candidate : candidates) {
        const std::filesystem::path folder = (program.parent_path() / candidate).lexically_normal();
        if (std::filesystem::exists(folder / proof, ignored)) return folder.string();
    }
    return {};
}

std::string from_environment(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? std::string() : std::string(value);
}

int run(const std::vector<std::string>& words) {
    leave_no_core_dump();
    const cli::Parsed parsed = cli::parse_arguments(words, std::getenv("WAYMARK_DB"));
    if (parsed.exit_code) {
        (*parsed.exit_code == 0 ? std::cout : std::cerr) << parsed.text;
        return *parsed.exit_code;
    }
    Places places;
    places.content_dir = find_folder("WAYMARK_CONTENT", {"../../content", "../share/waymark/content"}, "kinds");
    places.assets_dir = find_folder("WAYMARK_ASSETS", {"assets", "../share/waymark/assets"}, "manifest.json");
    if (places.content_dir.empty()) {
        std::cerr << "waymark: the content folder was not found. Set WAYMARK_CONTENT to it\n";
        return cli::failed;
    }
    const SystemClock clock;
    SystemRandom random;
    const cli::World world{clock,
                           random,
                           places.content_dir,
                           {from_environment("WAYMARK_KEY_FILE"), from_environment("WAYMARK_PASSPHRASE_FILE"),
                            from_environment("WAYMARK_KEY_TOKEN")}};
    cli::Terminal terminal{std::cout, std::cerr, ::isatty(STDERR_FILENO) != 0, {}, {}};
    switch (parsed.arguments.command) {
        case cli::Command::serve:
            return serve(world, places, parsed.arguments, terminal);
        case cli::Command::demo:
            return demo(world, places, parsed.arguments, terminal);
        default:
            return cli::run_command(world, parsed.arguments, words, terminal);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "waymark: " << error.what() << "\n";
        return waymark::cli::failed;
    }
}
