// Entries in plain words: the chronology's titles and details, from the labels of the content.
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/child.hpp"
#include "casework/gaps.hpp"

namespace waymark::casework {

namespace {

constexpr std::array<std::string_view, 9> telling{"outcome", "decision", "judgement", "category", "about_what",
                                                  "type",    "course",   "status",    "result"};

std::string_view text_of(const json::value& value) {
    const auto* text = value.if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

std::string label_of(const content::Field& field, std::string_view code) {
    const auto found = field.code_labels.find(std::string(code));
    return found == field.code_labels.end() ? std::string(code) : found->second;
}

std::string of_agency(const Office& office, const json::value& value) {
    if (value.is_string()) return agency_name(office, text_of(value));
    const auto* object = value.if_object();
    if (object == nullptr) return {};
    auto words = agency_name(office, string_or(*object, "agency", ""));
    for (const auto* extra : {"service", "name"}) {
        const auto more = string_or(*object, extra, "");
        if (!more.empty()) words += fmt::format(", {}", more);
    }
    return words;
}

std::string of_action(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return std::string(text_of(value));
    auto words = std::string(string_or(*object, "text", string_or(*object, "id", "")));
    if (const auto owner = string_or(*object, "owner", ""); !owner.empty()) words += fmt::format(" ({})", owner);
    if (const auto due = parse_date(string_or(*object, "due", ""))) words += fmt::format(", by {}", format_long(*due));
    return words;
}

// Of a section of an assessment: the question with what was answered. What else is a list is not said in words.
std::string of_answer(const json::value& value) {
    const auto* object = value.if_object();
    const auto question = object == nullptr ? std::string_view() : string_or(*object, "question", "");
    if (question.empty()) return {};
    return fmt::format("{} {}", question,
                       is_true(*object, "not_known") ? "Not known." : string_or(*object, "text", ""));
}

std::string of_list(const json::value& value, const std::function<std::string(const json::value&)>& one) {
    const auto* list = value.if_array();
    if (list == nullptr) return one(value);
    std::vector<std::string> words;
    for (const auto& item : *list) {
        auto word = one(item);
        if (!word.empty()) words.push_back(std::move(word));
    }
    return join(words, "; ");
}

std::string plain(const json::value& value) {
    if (value.is_string()) return std::string(text_of(value));
    if (value.is_bool()) return value.get_bool() ? "Yes" : "No";
    if (value.is_null()) return {};
    if (value.is_array()) return of_list(value, plain);
    if (value.is_object()) return {};
    return write_json(value);
}

bool is_person(std::string_view field) {
    return field == "practitioner" || field == "instead" || field == "chair" || field == "minute_taker" ||
           field == "co_worker" || field == "supervisor";
}

std::string detail(const Office& office, const content::Field& field, const json::value& value) {
    switch (field.type) {
        case content::FieldType::code:
            if (field.name == "to" || field.name == "asked_by" || field.name == "owner")
                return agency_name(office, text_of(value));
            if (field.codes.empty() && is_person(field.name)) return practitioner_name(office, text_of(value));
            return label_of(field, text_of(value));
        case content::FieldType::codes:
            return of_list(value, [&](const json::value& one) { return label_of(field, text_of(one)); });
        case content::FieldType::agencies:
            return of_list(value, [&](const json::value& one) { return of_agency(office, one); });
        case content::FieldType::actions:
            return of_list(value, of_action);
        case content::FieldType::date: {
            const auto date = parse_date(text_of(value));
            return date ? format_long(*date) : std::string(text_of(value));
        }
        case content::FieldType::list:
            return of_list(value, of_answer);
        case content::FieldType::reference:
            return {};
        default:
            return plain(value);
    }
}

std::unordered_set<std::string> withheld_fields(const json::object& body) {
    std::unordered_set<std::string> fields;
    const auto* list = find(body, "withheld");
    if (list == nullptr || !list->is_array()) return fields;
    for (const auto& one : list->get_array()) fields.emplace(text_of(one));
    return fields;
}

bool is_late(const Office& office, const record::Entry& entry) {
    const auto took_place = office.calendar->day_of(entry.row.at);
    return office.calendar->day_of(entry.row.recorded) > office.calendar->add_working_days(took_place, 1);
}

}  // namespace

std::string agency_name(const Office& office, std::string_view key) {
    if (const auto* agency = office.profile.agency(key)) return agency->name;
    if (key == engine_agency) return "Waymark";
    // An agency type where an agency is meant, as returns write it.
    return std::string(key);
}

std::string practitioner_name(const Office& office, std::string_view key) {
    const auto* practitioner = office.profile.practitioner(key);
    return practitioner == nullptr ? std::string(key) : practitioner->name;
}

std::string words_of_code(const content::Kind* kind, std::string_view field, std::string_view code) {
    const auto* found = kind == nullptr ? nullptr : kind->field(field);
    return found == nullptr ? std::string(code) : label_of(*found, code);
}

std::string title_of(const Office& office, const record::Entry& entry) {
    const auto* kind = office.catalogue.find(entry.row.kind);
    if (kind == nullptr) return entry.row.kind.empty() ? "An entry of another agency" : entry.row.kind;
    for (const auto name : telling) {
        const auto* field = kind->field(name);
        if (field == nullptr || field->type != content::FieldType::code) continue;
        const auto code = string_or(entry.body, name, "");
        if (!code.empty()) return fmt::format("{}: {}", kind->label, label_of(*field, code));
    }
    return kind->label;
}

std::vector<Line> lines_of(const Office& office, std::vector<record::Entry> entries) {
    std::unordered_set<EntryId> superseded;
    for (const auto& entry : entries) {
        if (entry.row.supersedes) superseded.insert(entry.row.supersedes);
    }
    std::vector<Line> lines;
    lines.reserve(entries.size());
    std::optional<Date> before;
    for (auto& entry : entries) {
        Line line;
        line.title = title_of(office, entry);
        if (!entry.row.agency.empty()) line.source = agency_name(office, entry.row.agency);
        line.author = practitioner_name(office, entry.row.author);
        line.late = is_late(office, entry);
        line.superseded = superseded.contains(entry.row.entry);
        const auto withheld = withheld_fields(entry.body);
        line.withheld = !withheld.empty() && !line.superseded;
        if (const auto* kind = office.catalogue.find(entry.row.kind)) {
            for (const auto& field : kind->fields) {
                if (entry.protected_address.holds(field.name))
                    line.details.emplace_back(field.label, record::withheld_words);
                const auto* value = find(entry.body, field.name);
                if (value == nullptr || withheld.contains(field.name)) continue;
                auto words = detail(office, field, *value);
                if (!words.empty())
                    line.details.emplace_back(field.label.empty() ? field.name : field.label, std::move(words));
            }
        }
        // What waits for redaction is shown to nobody: not by the page, not by who takes the entry from it.
        for (const auto& field : withheld) entry.body.erase(field);
        const auto day = office.calendar->day_of(entry.row.at);
        if (before && (day - *before).count() > shown_silence_days)
            line.gap_days_before = static_cast<int>((day - *before).count());
        before = day;
        line.entry = std::move(entry);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace waymark::casework
