// JSON Lines (section 2 of the outside contract). A line is decoded, checked and handed on; nothing is held but the
// line.
#include <cstring>

#include <fmt/core.h>

#include "base/text.hpp"
#include "exchange/reader.hpp"

namespace waymark::exchange {

namespace {

constexpr std::size_t block_bytes = std::size_t{64} * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Lines of at most `most` bytes; of a longer one only that it was too long is told.
class Lines {
public:
    Lines(std::streambuf& in, std::size_t most) : in_(in), most_(most), block_(block_bytes, '\0') {}

    // False at the end. The view holds until the next call.
    bool next() {
        line_.clear();
        too_long_ = false;
        bool any = false;
        for (;;) {
            if (at_ == end_ && !fill()) {
                if (any) ++number_;
                return any;
            }
            any = true;
            const char* from = block_.data() + at_;
            const auto* stop = static_cast<const char*>(std::memchr(from, '\n', end_ - at_));
            const auto length = stop != nullptr ? static_cast<std::size_t>(stop - from) : end_ - at_;
            if (line_.size() + length > most_) {
                too_long_ = true;
            } else if (!too_long_) {
                line_.append(from, length);
            }
            at_ += length;
            if (stop == nullptr) continue;
            ++at_;
            ++number_;
            return true;
        }
    }
    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] bool too_long() const { return too_long_; }
    [[nodiscard]] std::string_view text() const {
        std::string_view text = line_;
        if (number_ == 1 && text.substr(0, byte_order_mark.size()) == byte_order_mark)
            text.remove_prefix(byte_order_mark.size());
        return trim(text);
    }

private:
    bool fill() {
        const auto got = in_.sgetn(block_.data(), static_cast<std::streamsize>(block_.size()));
        at_ = 0;
        end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
        return end_ > 0;
    }

    std::streambuf& in_;
    std::size_t most_;
    std::string block_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::string line_;
    std::uint64_t number_ = 0;
    bool too_long_ = false;
};

}  // namespace

Result<void> read_entries(std::streambuf& in, const Reading& reading, Sink& sink) {
    const record::DecodeLimits limits;
    Lines lines(in, limits.line_bytes);
    while (!sink.stopped() && lines.next()) {
        if (lines.too_long()) {
            sink.refuse_row({{reading.file, lines.number(), "line",
                              fmt::format("longer than {} bytes", limits.line_bytes), "shorten its texts"}});
            continue;
        }
        const auto text = lines.text();
        if (text.empty()) continue;
        auto draft = record::decode_draft(text, reading.catalogue, reading.now, reading.zone, limits);
        if (draft) {
            sink.take({lines.number(), {}, std::move(*draft)});
            continue;
        }
        std::vector<Refusal> refusals;
        for (const auto& fault : draft.error()) refusals.push_back(refusal_of(reading, lines.number(), fault));
        sink.refuse_row(std::move(refusals));
    }
    return {};
}

}  // namespace waymark::exchange
