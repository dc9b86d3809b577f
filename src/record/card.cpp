#include "record/card.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "content/check.hpp"
#include "record/shape.hpp"
#include "record/writer.hpp"

namespace waymark::record {

namespace {

using content::FieldType;

// The content says what of a value is no text; what stands where another kind of value belongs stays out as well.
std::optional<json::value> card_value(const content::Field& field, const json::value& value) {
    switch (field.type) {
        case FieldType::boolean:
            if (!value.is_bool()) return std::nullopt;
            break;
        case FieldType::integer:
        case FieldType::number:
            if (!value.is_number()) return std::nullopt;
            break;
        case FieldType::date:
            if (!value.is_string() || !parse_date(view_of(value.get_string()))) return std::nullopt;
            break;
        default:
            break;
    }
    return content::for_card(field, value);
}

Fault not_a_card() {
    return {FaultKind::invalid, "card", "a kept card cannot be read",
            "run `waymark verify`, and restore from a back-up"};
}

}  // namespace

std::vector<CardField> card_fields(const json::object& body, const content::Kind& kind) {
    std::vector<CardField> fields;
    fields.reserve(body.size());
    for (const auto& member : body) {
        const auto name = view_of(member.key());
        const auto* field = kind.field(name);
        if (field == nullptr) continue;
        if (auto value = card_value(*field, member.value())) fields.push_back({name, std::move(*value)});
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
    for (const auto& field : fields) append_canonical(body.begin_escaped(field.name), field.value);
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

bool card_follows(std::string_view card, Involvements involvement, const std::optional<Happened>& happened,
                  std::string_view basis, const std::vector<CardField>& fields,
                  const std::vector<std::string_view>& carded) {
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
