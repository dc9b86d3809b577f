#include "record/card.hpp"

#include <algorithm>
#include <exception>

#include "record/shape.hpp"
#include "record/writer.hpp"

namespace waymark::record {

namespace {

using content::FieldType;

constexpr std::size_t longest_reference = 200;

bool is_text(const json::value& value) { return value.is_string(); }

std::string_view text_of(const json::value& value) { return view_of(value.get_string()); }

bool is_code_value(const json::value& value) { return is_text(value) && is_code(text_of(value)); }

// A word that points at something and tells nothing: short, without white space.
bool is_reference(const json::value& value) {
    return is_text(value) && text_of(value).size() <= longest_reference && text_of(value).find_first_of(" \t\r\n") == std::string_view::npos;
}

bool is_scalar(const json::value& value) { return value.is_bool() || value.is_number(); }

// Only what has its field's shape goes into a card: a text that stands where a code belongs stays in the text.
bool fits(const json::value& value, FieldType type) {
    switch (type) {
        case FieldType::text: return false;
        case FieldType::code: return is_code_value(value);
        case FieldType::codes:
            return value.is_array() &&
                   std::all_of(value.get_array().begin(), value.get_array().end(), [](const auto& item) { return is_code_value(item); });
        case FieldType::boolean: return value.is_bool();
        case FieldType::integer: return value.is_int64() || value.is_uint64();
        case FieldType::number: return value.is_number();
        case FieldType::date: return is_text(value) && text_of(value).size() == 10;
        case FieldType::reference: return is_text(value) && text_of(value).size() <= longest_reference;
        case FieldType::agencies:
        case FieldType::actions:
        case FieldType::list: return value.is_array();
    }
    return false;
}

// Members of these names identify something; they may hold spaces, as names of systems do.
bool names_something(std::string_view name) {
    return name == "agency" || name == "source" || name == "id" || name == "person" || name == "owner" || name == "service";
}

void append_object(std::string& out, const json::object& object, std::initializer_list<std::string_view> names) {
    ObjectWriter json(out);
    for (const auto name : names) {
        const auto* value = find(object, name);
        if (value == nullptr) continue;
        const bool kept = is_scalar(*value) || is_reference(*value) ||
                          (names_something(name) && is_text(*value) && text_of(*value).size() <= longest_reference);
        if (kept) json.member(name, *value);
    }
    json.end();
}

void append_agencies(std::string& out, const json::array& list) {
    out += '[';
    bool first = true;
    for (const auto& item : list) {
        if (!is_code_value(item) && !item.is_object()) continue;
        if (!std::exchange(first, false)) out += ',';
        if (item.is_object()) {
            append_object(out, item.get_object(), {"agency", "contributed", "service"});
        } else {
            ObjectWriter json(out);
            json.text("agency", text_of(item));
            json.end();
        }
    }
    out += ']';
}

void append_actions(std::string& out, const json::array& list) {
    out += '[';
    bool first = true;
    for (const auto& item : list) {
        if (!item.is_object()) continue;
        if (!std::exchange(first, false)) out += ',';
        append_object(out, item.get_object(), {"due", "id", "owner"});
    }
    out += ']';
}

void append_list_object(std::string& out, const json::object& object) {
    std::vector<const json::key_value_pair*> members;
    for (const auto& member : object) {
        const auto& value = member.value();
        const bool kept = is_scalar(value) || is_reference(value) ||
                          (names_something(view_of(member.key())) && is_text(value) && text_of(value).size() <= longest_reference);
        if (kept) members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return view_of(a->key()) < view_of(b->key()); });
    ObjectWriter json(out);
    for (const auto* member : members) append_canonical(json.begin_escaped(view_of(member->key())), member->value());
    json.end();
}

void append_list(std::string& out, const json::array& list) {
    out += '[';
    bool first = true;
    for (const auto& item : list) {
        if (!is_scalar(item) && !is_reference(item) && !item.is_object()) continue;
        if (!std::exchange(first, false)) out += ',';
        if (item.is_object()) {
            append_list_object(out, item.get_object());
        } else {
            append_canonical(out, item);
        }
    }
    out += ']';
}

void append_field(std::string& out, const CardField& field) {
    switch (field.type) {
        case FieldType::agencies: return append_agencies(out, field.value->get_array());
        case FieldType::actions: return append_actions(out, field.value->get_array());
        case FieldType::list: return append_list(out, field.value->get_array());
        default: return append_canonical(out, *field.value);
    }
}

Fault not_a_card() {
    return {FaultKind::invalid, "card", "a kept card cannot be read", "run `waymark verify`, and restore from a back-up"};
}

}  // namespace

std::vector<CardField> card_fields(const json::object& body, const content::Kind& kind) {
    std::vector<CardField> fields;
    fields.reserve(body.size());
    for (const auto& member : body) {
        const auto name = view_of(member.key());
        const auto* field = kind.field(name);
        if (field != nullptr && fits(member.value(), field->type)) fields.push_back({name, &member.value(), field->type});
    }
    std::sort(fields.begin(), fields.end(), [](const CardField& a, const CardField& b) { return a.name < b.name; });
    return fields;
}

std::string write_card(Involvements involvement, const std::optional<Happened>& happened, std::string_view basis,
                       const std::vector<CardField>& fields) {
    std::string out;
    out.reserve(256);
    ObjectWriter card(out);
    card.text_if("basis", basis);
    ObjectWriter body(card.begin("body"));
    for (const auto& field : fields) append_field(body.begin_escaped(field.name), field);
    body.end();
    if (happened) append_happened(card.begin("happened"), *happened);
    card.number("involvement", involvement);
    card.end();
    return out;
}

Result<Card> read_card(std::string_view text, json::storage_ptr storage) {
    try {
        auto value = parse_own_json(text, std::move(storage));
        auto* object = value.if_object();
        auto* body = object != nullptr ? object->if_contains("body") : nullptr;
        const auto* involvement = object != nullptr ? object->if_contains("involvement") : nullptr;
        if (body == nullptr || !body->is_object() || involvement == nullptr || !involvement->is_int64()) {
            return tl::unexpected(not_a_card());
        }
        Card card(std::move(body->get_object()));
        card.involvement = static_cast<Involvements>(involvement->get_int64());
        card.basis = string_or(*object, "basis", "");
        if (const auto* happened = find(*object, "happened"); happened != nullptr && happened->is_object()) {
            card.happened = TRY(read_happened(happened->get_object()));
        }
        return card;
    } catch (const std::exception&) {
        return tl::unexpected(not_a_card());
    }
}

bool card_follows(std::string_view card, Involvements involvement, const std::optional<Happened>& happened, std::string_view basis,
                  const std::vector<CardField>& fields, const std::vector<std::string_view>& carded) {
    if (card == write_card(involvement, happened, basis, fields)) return true;
    const auto read = read_card(card);
    if (!read) return false;
    std::vector<CardField> held;
    for (const auto& field : fields) {
        if (find(read->fields, field.name) != nullptr) held.push_back(field);
    }
    for (const auto name : carded) {
        if (find(read->fields, name) == nullptr) return false;
    }
    return card == write_card(involvement, happened, basis, held);
}

void append_happened(std::string& out, const Happened& happened) {
    ObjectWriter json(out);
    json.text_if("accuracy", happened.accuracy);
    if (happened.from) json.plain("from", format_date(*happened.from));
    if (happened.to) json.plain("to", format_date(*happened.to));
    json.end();
}

Result<Happened> read_happened(const json::object& object) {
    Happened happened;
    happened.accuracy = string_or(object, "accuracy", "");
    if (const auto from = string_or(object, "from", ""); !from.empty()) happened.from = TRY(parse_date(from));
    if (const auto to = string_or(object, "to", ""); !to.empty()) happened.to = TRY(parse_date(to));
    return happened;
}

}  // namespace waymark::record
