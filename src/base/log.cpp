// One line is made whole before the lock is taken, so that lines never mix.
#include "base/log.hpp"

#include "base/json.hpp"

namespace waymark {

namespace {

std::string_view name_of(Log::Level level) {
    switch (level) {
        case Log::Level::debug:
            return "debug";
        case Log::Level::info:
            return "info";
        case Log::Level::warning:
            return "warning";
        case Log::Level::error:
            return "error";
    }
    return "error";
}

json::string_view for_json(std::string_view text) {
    return {text.data(), text.size()};
}

json::value to_json(const LogValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value.value())) return *number;
    if (const auto* real = std::get_if<double>(&value.value())) return *real;
    return json::value(for_json(std::get<std::string>(value.value())));
}

}  // namespace

void Log::write(Level level, std::string_view event, std::initializer_list<LogField> fields) {
    if (level < least_) return;
    json::object line;
    line.emplace("time", to_string(clock_.now()));
    line.emplace("level", for_json(name_of(level)));
    line.emplace("event", for_json(event));
    // emplace keeps what is there: a field cannot replace the time, the level or the event.
    for (const auto& [name, value] : fields) line.emplace(for_json(name), to_json(value));
    const auto text = write_json(line) + '\n';
    const std::lock_guard lock(mutex_);
    out_ << text << std::flush;
}

}  // namespace waymark
