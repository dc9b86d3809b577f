#include "exchange/reader.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace waymark::exchange {

namespace {

constexpr std::array<std::pair<Format, std::string_view>, 4> names{{
    {Format::entries, "entries"},
    {Format::people, "people"},
    {Format::family_context, "family-context"},
    {Format::cin_census, "cin-census"},
}};

}  // namespace

std::optional<Format> parse_format(std::string_view text) {
    for (const auto& [format, name] : names) {
        if (name == text) return format;
    }
    return std::nullopt;
}

const std::vector<std::string>& format_names() {
    static const auto list = [] {
        std::vector<std::string> all;
        all.reserve(names.size());
        for (const auto& [format, name] : names) all.emplace_back(name);
        return all;
    }();
    return list;
}

Refusal refusal_of(const Reading& reading, std::uint64_t line, const Fault& fault) {
    return {reading.file, line, fault.place, fault.reason, fault.mend};
}

void hand_on(const Reading& reading, Sink& sink, Row row) {
    const auto faults = record::check(row.draft, reading.catalogue, reading.now, reading.zone);
    if (faults.empty()) return sink.take(std::move(row));
    std::vector<Refusal> refusals;
    for (const auto& fault : faults) {
        refusals.push_back(refusal_of(reading, row.line, fault));
        if (!row.place.empty()) refusals.back().place = fmt::format("{} ({})", row.place, fault.place);
    }
    sink.refuse_row(std::move(refusals));
}

Result<void> read_format(Format format, std::streambuf& in, const Reading& reading, Sink& sink) {
    switch (format) {
        case Format::entries:
            return read_entries(in, reading, sink);
        case Format::people:
            return read_people(in, reading, sink);
        case Format::family_context:
            return read_family_context(in, reading, sink);
        case Format::cin_census:
            return read_census(in, reading, sink);
    }
    return invalid(reading.file, "no such format");
}

Result<Date> parse_loose_date(std::string_view text) {
    constexpr std::size_t date_length = 10;
    if (text.size() > date_length && (text[date_length] == ' ' || text[date_length] == 'T')) {
        const auto time = text.substr(date_length + 1);
        if (time.substr(0, 8) == "00:00:00" && time.find_first_not_of("0.Z", 8) == std::string_view::npos) {
            text = text.substr(0, date_length);
        }
    }
    return parse_date(text);
}

std::string short_digest(std::string_view text) {
    return to_hex(sha256(as_bytes(text))).substr(0, 16);
}

}  // namespace waymark::exchange
