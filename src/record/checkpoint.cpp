// C2SP tlog-checkpoint: origin, size and root, one a line, in a signed note. https://c2sp.org/tlog-checkpoint
#include <charconv>

#include <fmt/core.h>

#include "record/note.hpp"

namespace waymark::record {

namespace {

auto bad_checkpoint(std::string reason) {
    return invalid("checkpoint", std::move(reason), "use a checkpoint as this program wrote it, unchanged");
}

// The next line without its end; the text ends with a newline.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

// Decimal without leading zeros.
std::optional<std::int64_t> parse_size(std::string_view text) {
    std::int64_t size = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (status != std::errc() || end != text.data() + text.size() || size < 0) return std::nullopt;
    if (text.front() == '-' || (text.front() == '0' && text.size() > 1)) return std::nullopt;
    return size;
}

}  // namespace

std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key) {
    const auto text = fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root));
    return sign_note(text, checkpoint.origin, key);
}

Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view verifier) {
    const auto text = TRY(open_note(note, verifier));
    std::string_view rest = text;
    Checkpoint checkpoint;
    checkpoint.origin = take_line(rest);
    // The key's name is the log's origin, so that a note of another log by the same key is not taken for this one's.
    if (checkpoint.origin != TRY(name_of_verifier(verifier))) return bad_checkpoint("it is of another log");
    const auto size = parse_size(take_line(rest));
    if (!size) return bad_checkpoint("the size is not a number");
    checkpoint.size = *size;
    const auto root = from_base64(take_line(rest));
    if (!root || root->size() != checkpoint.root.size()) return bad_checkpoint("the root is not base64 of 32 bytes");
    std::copy(root->begin(), root->end(), checkpoint.root.begin());
    while (!rest.empty()) {
        if (take_line(rest).empty()) return bad_checkpoint("an empty line where an extension may stand");
    }
    return checkpoint;
}

}  // namespace waymark::record
