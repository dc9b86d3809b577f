#pragma once
// The fields of a kind as questions of a form, and what was answered as the body of an entry. Which questions there are
// is the content's to say; how each type is asked is said here.
#include <string>
#include <vector>

#include "web/visit.hpp"

namespace waymark::web {

// An action of a plan in force, which `action.completed` may name.
struct OpenAction {
    EntryId plan;
    std::string id;
    std::string words;  // "Visit weekly (Northbay Children's Social Care), by 3 April 2026"
};

struct FieldSetting {
    const Visit& visit;
    const content::Kind& kind;
    std::vector<OpenAction> actions;
};

// The name of the field's control, apart from those of the form itself.
std::string control_of(const content::Field&);
// Every question of the kind, as it was answered so far.
Html field_inputs(const FieldSetting&, const Typed&);
// The body; what is wrong is left in `typed`. Fields that the form does not ask for are taken from `before`, so that a
// correction drops nothing.
json::object read_fields(const FieldSetting&, Typed&, const json::object& before);
// An entry's body as the form would have sent it: to begin a correction with.
Form form_of(const content::Kind&, const json::object& body);

inline constexpr std::size_t most_actions = 50;  // of one plan

}  // namespace waymark::web
