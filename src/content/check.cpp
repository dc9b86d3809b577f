// Values against fields.
#include "content/check.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "base/text.hpp"
#include "base/time.hpp"

namespace waymark::content {

namespace {

std::string_view text_of(const json::value& value) {
    const json::string& text = value.get_string();
    return {text.data(), text.size()};
}

bool is_scalar(const json::value& value) {
    return value.is_string() || value.is_bool() || value.is_number();
}

Result<void> check_code(const Field& field, const json::value& value, const std::string& place) {
    if (field.codes.empty()) {
        if (value.is_string() || value.is_int64() || value.is_uint64()) return {};
        return invalid(place, "is not a code", "write a short code in quotation marks");
    }
    if (value.is_string() && std::find(field.codes.begin(), field.codes.end(), text_of(value)) != field.codes.end())
        return {};
    const std::string near = value.is_string() ? nearest(text_of(value), field.codes) : std::string{};
    return invalid(place, "is not one of the codes of this field",
                   near.empty() ? fmt::format("use one of: {}", join(field.codes, ", "))
                                : fmt::format("did you mean “{}”?", near));
}

// A text may also come as a list of texts (one a line) or as a plain value.
Result<void> check_text(const json::value& value, const std::string& place) {
    if (is_scalar(value)) return {};
    if (value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(), is_scalar)) return {};
    return invalid(place, "is not text", "write text in quotation marks");
}

Result<void> check_whole(const json::value& value, const std::string& place) {
    if (value.is_int64() || value.is_uint64()) return {};
    if (value.is_double() && std::nearbyint(value.get_double()) == value.get_double()) return {};
    return invalid(place, "is not a whole number", "write digits without quotation marks");
}

Result<void> check_date(const json::value& value, const std::string& place) {
    if (value.is_string() && parse_date(text_of(value))) return {};
    return invalid(place, "is not a date", "write the date as 2026-03-27");
}

Result<void> check_agency(const json::value& value, const std::string& place) {
    if (value.is_string() && !value.get_string().empty()) return {};
    if (value.is_object()) {
        const json::object& object = value.get_object();
        const json::value* agency = waymark::find(object, "agency");
        if (agency == nullptr || !agency->is_string() || agency->get_string().empty()) {
            return invalid(place + ".agency", "is missing", "name the agency by its key");
        }
        for (const char* key : {"service", "name"}) {
            const json::value* text = waymark::find(object, key);
            if (text != nullptr && !text->is_string() && !text->is_null())
                return invalid(fmt::format("{}.{}", place, key), "is not text");
        }
        return {};
    }
    return invalid(place, "is not an agency", "write its key, or {\"agency\": …, \"service\": …, \"name\": …}");
}

Result<void> check_action(const json::value& value, const std::string& place) {
    if (!value.is_object())
        return invalid(place, "is not an action", "write {\"id\": …, \"text\": …, \"owner\": …, \"due\": …}");
    const json::object& object = value.get_object();
    for (const char* key : {"id", "text", "owner"}) {
        const json::value* part = waymark::find(object, key);
        if (part != nullptr && !is_scalar(*part) && !part->is_null())
            return invalid(fmt::format("{}.{}", place, key), "is not text");
    }
    const json::value* due = waymark::find(object, "due");
    if (due != nullptr && !due->is_null()) TRY_VOID(check_date(*due, place + ".due"));
    return {};
}

Result<void> check_person(const json::value& value, const std::string& place) {
    if (value.is_string() && !value.get_string().empty()) return {};
    if (value.is_object() && waymark::find(value.get_object(), "id") != nullptr) return {};
    return invalid(place, "is not a person", "write the person’s id, or {\"source\": …, \"id\": …}");
}

template <class Check>
Result<void> check_each(const json::value& value, const std::string& place, bool one_will_do, Check&& check) {
    if (!value.is_array()) {
        if (one_will_do) return check(value, place);
        return invalid(place, "is not a list", "write [ … ]");
    }
    std::size_t i = 0;
    for (const json::value& element : value.get_array()) TRY_VOID(check(element, fmt::format("{}[{}]", place, i++)));
    return {};
}

bool fits_card(const json::value& value) {
    return !value.is_string() ? is_scalar(value) : is_code(text_of(value));
}

// Of an object, the members named (all, where none is) that a card may hold.
json::object members_for_card(const json::object& object, std::initializer_list<std::string_view> names) {
    json::object out;
    for (const auto& member : object) {
        const std::string_view key{member.key().data(), member.key().size()};
        const bool named = names.size() == 0 || std::find(names.begin(), names.end(), key) != names.end();
        if (named && fits_card(member.value())) out.emplace(member.key(), member.value());
    }
    return out;
}

json::array elements_for_card(const json::value& value, std::initializer_list<std::string_view> names) {
    json::array out;
    const auto take = [&](const json::value& element) {
        if (element.is_object()) {
            json::object members = members_for_card(element.get_object(), names);
            if (!members.empty()) out.push_back(std::move(members));
        } else if (fits_card(element)) {
            out.push_back(element);
        }
    };
    if (!value.is_array()) {
        take(value);
    } else {
        for (const json::value& element : value.get_array()) take(element);
    }
    return out;
}

}  // namespace

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-' || c == ':' || c == '/';
    });
}

Result<void> check_value(const Field& field, const json::value& value, const std::string& place) {
    if (value.is_null()) return {};
    switch (field.type) {
        case FieldType::code:
            return check_code(field, value, place);
        case FieldType::codes:
            return check_each(value, place, true, [&](const json::value& one, const std::string& at) {
                return check_code(field, one, at);
            });
        case FieldType::text:
            return check_text(value, place);
        case FieldType::boolean:
            if (value.is_bool()) return {};
            return invalid(place, "is neither true nor false", "write true or false without quotation marks");
        case FieldType::integer:
            return check_whole(value, place);
        case FieldType::number:
            if (value.is_number()) return {};
            return invalid(place, "is not a number", "write digits without quotation marks");
        case FieldType::date:
            return check_date(value, place);
        case FieldType::reference:
            if (value.is_string() && !value.get_string().empty()) return {};
            return invalid(place, "is not the id of an entry", "write the id in quotation marks");
        case FieldType::agencies:
            return check_each(value, place, true, check_agency);
        case FieldType::actions:
            return check_each(value, place, false, check_action);
        case FieldType::list:
            if (value.is_array()) return {};
            return invalid(place, "is not a list", "write [ … ]");
        case FieldType::person:
            return check_person(value, place);
    }
    return {};
}

std::optional<json::value> for_card(const Field& field, const json::value& value) {
    if (!field.in_card() || value.is_null()) return std::nullopt;
    switch (field.type) {
        case FieldType::code:
            if (!fits_card(value)) return std::nullopt;
            if (value.is_string()) return value;
            return json::value(json::serialize(value));
        case FieldType::codes:
            return json::value(elements_for_card(value, {"-"}));
        case FieldType::reference:
            if (!fits_card(value)) return std::nullopt;
            return value;
        case FieldType::agencies:
            return json::value(elements_for_card(value, {"agency", "service", "contributed", "attended"}));
        case FieldType::actions:
            return json::value(elements_for_card(value, {"id", "owner", "due"}));
        case FieldType::list:
            return json::value(elements_for_card(value, {}));
        default:
            return value;
    }
}

}  // namespace waymark::content
