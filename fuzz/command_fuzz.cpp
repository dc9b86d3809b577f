// Words of a command line, and a call over the local socket: whatever is typed is taken, or told how it is meant.
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/local_socket.hpp"
#include "support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark;
    using fuzzing::must;
    if (size > 4096) return 0;
    const auto text = fuzzing::text_of(data, size);
    std::vector<std::string> words;
    for (const auto& word : split(text, '\n')) {
        if (words.size() < 40) words.emplace_back(word.substr(0, word.find('\0')));
    }
    const auto parsed = cli::parse_arguments(words, nullptr);
    if (parsed.exit_code) {
        must(!parsed.text.empty());
    } else {
        must(parsed.arguments.command != cli::Command::none);
    }
    if (const auto call = cli::parse_call(text)) {
        const auto again = cli::parse_call(cli::write_call(*call));
        must(again && again->words == call->words && again->directory == call->directory &&
             again->terminal == call->terminal);
    }
    return 0;
}
