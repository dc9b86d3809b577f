#pragma once
// The card of an entry: what rules and measures need, apart from its text. docs/formats/card.md
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "content/content.hpp"
#include "record/entry.hpp"

namespace waymark::record {

struct CardField {
    std::string_view name;
    json::value value;
};
// The fields of the body that go into the card, by name.
std::vector<CardField> card_fields(const json::object& body, const content::Kind&);

std::string write_card(Involvements, const std::optional<Happened>&, std::string_view basis,
                       const std::vector<CardField>&);

struct Card {
    json::object fields;  // first, and made by moving: assigning between memory resources would copy
    Involvements involvement = 0;
    std::optional<Happened> happened;
    std::string basis;
    explicit Card(json::object&& body) : fields(std::move(body)) {}
};
Result<Card> read_card(std::string_view, json::storage_ptr storage = {});

// Whether a card says what the entry's text says. Kinds gain fields: a card may lack a field that its kind has gained
// since it was written, but none of those that the entry names as carded.
bool card_follows(std::string_view card, Involvements, const std::optional<Happened>&, std::string_view basis,
                  const std::vector<CardField>& fields, const std::vector<std::string_view>& carded);

// Shared with the entry's text: {"accuracy","from","to"}.
void append_happened(std::string& out, const Happened&);
Result<Happened> read_happened(const json::object&);

}  // namespace waymark::record
