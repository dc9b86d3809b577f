// Plain words.
#include "web/words.hpp"

#include <charconv>

#include <fmt/format.h>

#include "web/components/contextual_date.hpp"

namespace waymark::web {

namespace {

// "14:03" -> "2:03pm"; midnight and noon are said in words.
std::string hour_words(std::string_view clock_time) {
    if (clock_time == "00:00") return "midnight";
    if (clock_time == "12:00") return "midday";
    int hour = 0;
    std::from_chars(clock_time.data(), clock_time.data() + 2, hour);
    return fmt::format("{}:{}{}", hour % 12 == 0 ? 12 : hour % 12, clock_time.substr(3, 2), hour < 12 ? "am" : "pm");
}

}  // namespace

std::string moment_words(const Zone& zone, Instant t) {
    return fmt::format("{} at {}", format_long(zone.day_of(t)), hour_words(zone.clock_time(t)));
}

std::string when_words(const Zone& zone, When when) {
    return when.date_only ? format_long(zone.day_of(when)) : moment_words(zone, when.instant);
}

std::string machine_time(Instant at) {
    const auto second = std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds{at.micros});
    return to_string(Instant{std::chrono::microseconds(second).count()});
}

std::string machine_time(const When& when) {
    return when.date_only ? to_string(when) : machine_time(when.instant);
}

Html due_date(const Zone& zone, Instant due, Instant now) {
    const Date day = zone.day_of(due);
    const Date today = zone.day_of(now);
    const std::string time = zone.clock_time(due);
    // The end of a day is what a duty counted in days means; any other time is an hour that matters.
    const bool by_hour = time != "23:59";
    if (!by_hour || (day != today && due >= now)) {
        Html words = contextual_date({.date = day, .today = today});
        return by_hour ? words + Html(" by " + hour_words(time)) : words;
    }
    if (day != today) return contextual_date({.date = day, .today = today});
    Writer w;
    w.open("time").attr("datetime", machine_time(due));
    w.classes({"waymark-date", due < now ? "waymark-date--overdue" : "waymark-date--today"});
    w.text(fmt::format("{} {}, today", due < now ? "overdue since" : "due by", hour_words(time))).close("time");
    return w.done();
}

std::string count_words(std::size_t n, std::string_view one, std::string_view many) {
    if (n == 0) return fmt::format("No {}", many);
    return n == 1 ? fmt::format("1 {}", one) : fmt::format("{} {}", n, many);
}

std::string code_words(const content::Catalogue& catalogue, std::string_view kind, std::string_view field,
                       std::string_view code) {
    const content::Kind* known = catalogue.find(kind);
    const content::Field* of = known == nullptr ? nullptr : known->field(field);
    return of == nullptr ? std::string(code) : of->code_label(code);
}

std::vector<std::pair<std::string, std::string>> choices_of(const content::Catalogue& catalogue, std::string_view kind,
                                                            std::string_view field) {
    std::vector<std::pair<std::string, std::string>> choices;
    const content::Kind* known = catalogue.find(kind);
    const content::Field* of = known == nullptr ? nullptr : known->field(field);
    if (of == nullptr) return choices;
    for (const std::string& code : of->codes.empty() ? of->suggested : of->codes)
        choices.emplace_back(code, of->code_label(code));
    return choices;
}

std::vector<std::string> codes_of(const std::vector<std::pair<std::string, std::string>>& choices) {
    std::vector<std::string> codes;
    codes.reserve(choices.size());
    for (const auto& [code, label] : choices) codes.push_back(code);
    return codes;
}

std::vector<ChoiceItem> radio_items(const std::vector<std::pair<std::string, std::string>>& choices) {
    std::vector<ChoiceItem> items;
    items.reserve(choices.size());
    for (const auto& [code, label] : choices) items.push_back({.text = label, .value = code});
    return items;
}

Html heading(int level, const Html& text, std::string_view size) {
    Writer w;
    w.open_heading(level).classes({"govuk-heading-" + std::string(size)}).add(text).close_heading(level);
    return w.done();
}

Html paragraph(const Html& content) {
    return Writer().element("p", "govuk-body", content).done();
}
Html hint_paragraph(const Html& content) {
    return Writer().element("p", "govuk-hint", content).done();
}

Html link(std::string_view href, const Html& text) {
    return Writer().open("a").classes({"govuk-link"}).href(href).add(text).close("a").done();
}

Html visually_hidden(std::string_view text) {
    return Writer().element("span", "govuk-visually-hidden", text).done();
}

Html bullets(const std::vector<Html>& items) {
    Writer w;
    w.open("ul").classes({"govuk-list govuk-list--bullet"});
    for (const Html& item : items) w.element("li", "", item);
    return w.close("ul").done();
}

}  // namespace waymark::web
