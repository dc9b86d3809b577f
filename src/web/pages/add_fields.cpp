// Each type of field has one way to be asked and one to be read; the two stand side by side.
#include "web/pages/add_fields.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/date_input.hpp"
#include "web/components/input.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using content::Field;
using content::FieldType;

constexpr std::size_t most_radios = 7;  // beyond, a list that opens
constexpr std::size_t most_code_characters = 100;
constexpr const char* legend_s = "govuk-fieldset__legend--s";

using Choices = std::vector<std::pair<std::string, std::string>>;

Choices agencies_of(const Visit& visit);

// An agency or a person of the partnership has its name to be chosen by, and no list of its own in the content.
Choices choices_of_field(const Visit& visit, const Field& field) {
    Choices choices;
    if (field.name == "owner") return agencies_of(visit);
    if (field.name == "practitioner") {
        for (const auto& one : visit.office().profile.practitioners)
            choices.emplace_back(one.key, fmt::format("{}, {}", one.name, agency_words(visit.office(), one.agency)));
        return choices;
    }
    for (const auto& code : field.codes.empty() ? field.suggested : field.codes)
        choices.emplace_back(code, field.code_label(code));
    return choices;
}

// A question that may be left out says so; one that must not is not marked.
std::string question(const Field& field) {
    const auto& words = field.label.empty() ? field.name : field.label;
    return field.required ? words : words + " (optional)";
}

FieldsetOptions legend(const Field& field) {
    return {.legend = {.text = question(field), .classes = legend_s}};
}

HintOptions hint(const Field& field) {
    return {.text = field.hint};
}

void add_date(Form& form, const std::string& prefix, std::string_view value) {
    const auto date = parse_date(value);
    if (!date) return;
    const std::chrono::year_month_day day{*date};
    form.add(prefix + "-day", std::to_string(static_cast<unsigned>(day.day())));
    form.add(prefix + "-month", std::to_string(static_cast<unsigned>(day.month())));
    form.add(prefix + "-year", std::to_string(static_cast<int>(day.year())));
}

// ---- one of a list --------------------------------------------------------------------------------------------------

Html choose_one(const Field& field, const Choices& choices, const Typed& typed) {
    const auto name = control_of(field);
    if (choices.empty()) {
        return input({.name = name,
                      .label = {.text = question(field), .classes = "govuk-label--s"},
                      .hint = hint(field),
                      .error_message = typed.message(name),
                      .value = typed.value(name),
                      .classes = "govuk-input--width-20"});
    }
    if (choices.size() <= most_radios) {
        return radios({.name = name,
                       .fieldset = legend(field),
                       .hint = hint(field),
                       .error_message = typed.message(name),
                       .items = radio_items(choices),
                       .value = typed.value(name)});
    }
    std::vector<SelectItem> items{{.text = "Choose one", .value = ""}};
    for (const auto& [code, label] : choices) items.push_back({.text = label, .value = code});
    return select({.name = name,
                   .label = {.text = question(field), .classes = "govuk-label--s"},
                   .hint = hint(field),
                   .error_message = typed.message(name),
                   .items = std::move(items),
                   .value = typed.value(name)});
}

std::string read_one(const Field& field, const Choices& choices, Typed& typed) {
    const auto name = control_of(field);
    const auto missing = field.required ? "Answer the question: " + field.label : std::string();
    if (!choices.empty()) return typed.choice(name, codes_of(choices), missing);
    auto value = typed.text(name, "the answer");
    if (value.empty() && field.required) typed.fault(name, missing);
    if (count_characters(value) > most_code_characters)
        typed.fault(name, fmt::format("Shorten the answer to {} characters or fewer", most_code_characters));
    return value;
}

// ---- several of a list
// -----------------------------------------------------------------------------------------------

Html choose_some(const Field& field, const Choices& choices, const Typed& typed) {
    const auto name = control_of(field);
    std::vector<ChoiceItem> items = radio_items(choices);
    return checkboxes({.name = name,
                       .fieldset = legend(field),
                       .hint = field.hint.empty() ? HintOptions{.text = "Choose all that apply."} : hint(field),
                       .error_message = typed.message(name),
                       .items = std::move(items),
                       .values = typed.all(name),
                       .classes = choices.size() > most_radios ? "govuk-checkboxes--small" : ""});
}

json::array read_some(const Field& field, const Choices& choices, Typed& typed) {
    const auto name = control_of(field);
    const auto allowed = codes_of(choices);
    json::array list;
    for (const auto& value : typed.all(name)) {
        if (value.empty()) continue;
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            typed.fault(name, "Choose among the answers on the page");
            return {};
        }
        list.emplace_back(value);
    }
    if (list.empty() && field.required) typed.fault(name, "Answer the question: " + field.label);
    return list;
}

Choices agencies_of(const Visit& visit) {
    Choices choices;
    for (const auto& agency : visit.office().profile.agencies) choices.emplace_back(agency.key, agency.name);
    return choices;
}

// ---- numbers
// ---------------------------------------------------------------------------------------------------------

void read_number(const Field& field, Typed& typed, json::object& body) {
    const auto name = control_of(field);
    const auto text = typed.text(name, "the number");
    if (text.empty()) {
        if (field.required) typed.fault(name, "Enter a number");
        return;
    }
    if (field.type == FieldType::integer) {
        std::int64_t whole = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
        if (error != std::errc{} || end != text.data() + text.size() || whole < 0)
            return typed.fault(name, "Enter a whole number, like 12");
        body[json::string_view(field.name.data(), field.name.size())] = whole;
        return;
    }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return typed.fault(name, "Enter a number, like 3.5");
    body[json::string_view(field.name.data(), field.name.size())] = number;
}

// ---- the actions of a plan
// --------------------------------------------------------------------------------------------

std::string action_part(std::size_t n, const char* part) {
    return fmt::format("action-{}-{}", n, part);
}

std::size_t rows_asked(const Typed& typed) {
    const auto text = typed.value("rows");
    std::size_t rows = 0;
    std::from_chars(text.data(), text.data() + text.size(), rows);
    if (typed.has("more")) ++rows;
    return std::clamp<std::size_t>(rows, 1, most_actions);
}

Html action_inputs(const FieldSetting& o, const Field& field, const Typed& typed) {
    const auto rows = rows_asked(typed);
    Choices owners = agencies_of(o.visit);
    Html content;
    for (std::size_t n = 1; n <= rows; ++n) {
        const auto text = action_part(n, "text");
        const auto owner = action_part(n, "owner");
        const auto due = action_part(n, "due");
        Html row = textarea({.name = text,
                             .label = {.text = "What is to be done?"},
                             .error_message = typed.message(text),
                             .value = typed.value(text),
                             .rows = 2});
        std::vector<SelectItem> items{{.text = "Choose an agency", .value = ""}};
        for (const auto& [key, label] : owners) items.push_back({.text = label, .value = key});
        row += select({.name = owner,
                       .label = {.text = "By whom?"},
                       .error_message = typed.message(owner),
                       .items = std::move(items),
                       .value = typed.value(owner)});
        row += date_input({.id = due,
                           .name_prefix = due,
                           .fieldset = FieldsetOptions{.legend = {.text = "By when?"}},
                           .error_message = typed.message(due),
                           .values = date_values(typed, due)});
        row += Writer()
                   .open("input")
                   .attr("type", "hidden")
                   .attr("name", action_part(n, "id"))
                   .attr("value", typed.value(action_part(n, "id")))
                   .done();
        content += fieldset({.legend = {.text = fmt::format("Action {}", n), .classes = legend_s}, .content = row});
    }
    content += Writer().open("input").attr("type", "hidden").attr("name", "rows").attr("value", rows).done();
    if (rows < most_actions)
        content +=
            button({.text = "Add another action", .name = "more", .value = "1", .classes = "govuk-button--secondary"});
    return fieldset({.legend = {.text = question(field), .classes = "govuk-fieldset__legend--m"}, .content = content});
}

json::array read_actions(const FieldSetting& o, Typed& typed) {
    json::array list;
    const auto owners = codes_of(agencies_of(o.visit));
    std::size_t highest = 0;
    for (std::size_t n = 1; n <= rows_asked(typed); ++n) {
        const auto id = typed.value(action_part(n, "id"));
        std::size_t number = 0;
        if (id.size() > 1 && id.front() == 'a') std::from_chars(id.data() + 1, id.data() + id.size(), number);
        highest = std::max(highest, number);
    }
    for (std::size_t n = 1; n <= rows_asked(typed); ++n) {
        const auto text = typed.text(action_part(n, "text"), "the action");
        const auto owner = typed.choice(action_part(n, "owner"), owners, "");
        const auto due = typed.date(action_part(n, "due"), "The day", false);
        if (text.empty() && owner.empty() && due.empty) continue;
        if (text.empty()) typed.fault(action_part(n, "text"), "Say what is to be done, or clear the whole action");
        if (owner.empty()) typed.fault(action_part(n, "owner"), "Choose who does it");
        auto id = typed.value(action_part(n, "id"));
        if (id.empty()) id = fmt::format("a{}", ++highest);
        json::object action{{"id", id}, {"text", text}, {"owner", owner}};
        if (due.date) action["due"] = format_date(*due.date);
        list.push_back(std::move(action));
    }
    return list;
}

// ---- an action that was done
// -------------------------------------------------------------------------------------------

std::string action_value(const OpenAction& action) {
    return to_string(action.plan) + "/" + action.id;
}

Html done_action_input(const FieldSetting& o, const Field& field, const Typed& typed) {
    Choices choices;
    for (const auto& action : o.actions) choices.emplace_back(action_value(action), action.words);
    const auto name = control_of(field);
    return radios({.name = name,
                   .fieldset = legend(field),
                   .hint = hint(field),
                   .error_message = typed.message(name),
                   .items = radio_items(choices),
                   .value = typed.value(name)});
}

bool asks_for_action(const FieldSetting& o, const Field& field) {
    return field.name == "action" && field.type == FieldType::code && field.codes.empty() && !o.actions.empty();
}

// ---- one field ------------------------------------------------------------------------------------------------------

Html field_input(const FieldSetting& o, const Field& field, const Typed& typed) {
    const auto name = control_of(field);
    switch (field.type) {
        case FieldType::code:
            return asks_for_action(o, field) ? done_action_input(o, field, typed)
                                             : choose_one(field, choices_of_field(o.visit, field), typed);
        case FieldType::codes:
            return choose_some(field, choices_of_field(o.visit, field), typed);
        case FieldType::agencies:
            return choose_some(field, agencies_of(o.visit), typed);
        case FieldType::text:
            return textarea({.name = name,
                             .label = {.text = question(field), .classes = "govuk-label--s"},
                             .hint = hint(field),
                             .error_message = typed.message(name),
                             .value = typed.value(name),
                             .spellcheck = !field.is_protected});
        case FieldType::boolean:
            return radios({.name = name,
                           .fieldset = legend(field),
                           .hint = hint(field),
                           .error_message = typed.message(name),
                           .items = {{.text = "Yes", .value = "yes"}, {.text = "No", .value = "no"}},
                           .value = typed.value(name),
                           .classes = "govuk-radios--inline"});
        case FieldType::integer:
        case FieldType::number:
            return input({.name = name,
                          .label = {.text = question(field), .classes = "govuk-label--s"},
                          .hint = hint(field),
                          .error_message = typed.message(name),
                          .value = typed.value(name),
                          .classes = "govuk-input--width-5",
                          .inputmode = field.type == FieldType::integer ? "numeric" : "decimal"});
        case FieldType::date:
            return date_input({.id = name,
                               .name_prefix = name,
                               .fieldset = legend(field),
                               .hint = hint(field),
                               .error_message = typed.message(name),
                               .values = date_values(typed, name)});
        case FieldType::actions:
            return action_inputs(o, field, typed);
        case FieldType::reference:
        case FieldType::list:
        case FieldType::person:
            return {};  // what these hold is not asked for in words
    }
    return {};
}

bool asked(const Field& field) {
    return field.on_form && field.type != FieldType::reference && field.type != FieldType::list &&
           field.type != FieldType::person;
}

void read_field(const FieldSetting& o, const Field& field, Typed& typed, json::object& body) {
    const auto name = control_of(field);
    const auto put = [&](json::value value) {
        body[json::string_view(field.name.data(), field.name.size())] = std::move(value);
    };
    const auto put_text = [&](const std::string& text) {
        if (!text.empty()) put(json::value(text));
    };
    switch (field.type) {
        case FieldType::code: {
            if (!asks_for_action(o, field)) return put_text(read_one(field, choices_of_field(o.visit, field), typed));
            Choices choices;
            for (const auto& action : o.actions) choices.emplace_back(action_value(action), action.words);
            const auto chosen = read_one(field, choices, typed);
            return put_text(chosen.substr(std::min(chosen.size(), chosen.find('/') + 1)));
        }
        case FieldType::codes:
            if (auto list = read_some(field, choices_of_field(o.visit, field), typed); !list.empty())
                put(std::move(list));
            return;
        case FieldType::agencies:
            if (auto list = read_some(field, agencies_of(o.visit), typed); !list.empty()) put(std::move(list));
            return;
        case FieldType::text:
            return put_text(field.required
                                ? typed.required_text(name, "the answer", "Answer the question: " + field.label)
                                : typed.text(name, "the answer"));
        case FieldType::boolean: {
            const auto answer =
                typed.choice(name, {"yes", "no"}, field.required ? "Answer the question: " + field.label : "");
            if (!answer.empty()) put(answer == "yes");
            return;
        }
        case FieldType::integer:
        case FieldType::number:
            return read_number(field, typed, body);
        case FieldType::date: {
            const auto date = typed.date(name, "The date", false);
            if (date.empty && field.required) typed.fault(name, "Answer the question: " + field.label);
            if (date.date) put(json::value(format_date(*date.date)));
            return;
        }
        case FieldType::actions:
            if (auto list = read_actions(o, typed); !list.empty()) put(std::move(list));
            return;
        case FieldType::reference:
        case FieldType::list:
        case FieldType::person:
            return;
    }
}

// Whoever cannot be there cannot have taken part.
void check_attendance(const content::Kind& kind, Typed& typed) {
    const auto* attended = kind.field("attended");
    const auto* apologies = kind.field("apologies");
    if (attended == nullptr || apologies == nullptr) return;
    const auto& there = typed.all(control_of(*attended));
    for (const auto& agency : typed.all(control_of(*apologies))) {
        if (std::find(there.begin(), there.end(), agency) != there.end())
            return typed.fault(control_of(*apologies),
                               "An agency both took part and sent apologies. Take it out of one of the two lists");
    }
}

std::string as_typed(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(text->data(), text->size());
    if (value.is_bool()) return value.get_bool() ? "yes" : "no";
    if (value.is_number()) return write_json(value);
    return {};
}

std::string agency_key(const json::value& value) {
    const auto* object = value.if_object();
    return object == nullptr ? as_typed(value) : std::string(string_or(*object, "agency", ""));
}

// Who took part for an agency is not asked for again: what an earlier entry said of an agency that still stands is
// kept.
void keep_who(const Field& field, const json::object& before, json::object& body) {
    const auto* had = find(before, field.name);
    auto* has = body.if_contains(json::string_view(field.name.data(), field.name.size()));
    if (had == nullptr || !had->is_array() || has == nullptr || !has->is_array()) return;
    for (auto& one : has->get_array()) {
        for (const auto& other : had->get_array()) {
            if (other.is_object() && agency_key(other) == agency_key(one)) {
                one = other;
                break;
            }
        }
    }
}

void add_actions(Form& form, const json::array& list) {
    std::size_t n = 0;
    for (const auto& value : list) {
        const auto* action = value.if_object();
        if (action == nullptr || n == most_actions) continue;
        ++n;
        for (const char* part : {"id", "text", "owner"})
            form.add(action_part(n, part), std::string(string_or(*action, part, "")));
        add_date(form, action_part(n, "due"), string_or(*action, "due", ""));
    }
    form.add("rows", std::to_string(std::max<std::size_t>(n, 1)));
}

}  // namespace

std::string control_of(const Field& field) {
    return "f-" + field.name;
}

Html field_inputs(const FieldSetting& o, const Typed& typed) {
    Html content;
    for (const auto& field : o.kind.fields) {
        if (asked(field)) content += field_input(o, field, typed);
    }
    return content;
}

json::object read_fields(const FieldSetting& o, Typed& typed, const json::object& before) {
    json::object body;
    const Field* first = nullptr;
    for (const auto& field : o.kind.fields) {
        if (!asked(field)) continue;
        if (first == nullptr) first = &field;
        read_field(o, field, typed, body);
        if (field.type == FieldType::agencies) keep_who(field, before, body);
    }
    if (first != nullptr && body.empty() && typed.good())
        typed.fault(control_of(*first), "Answer at least one question: an entry that says nothing is not kept");
    for (const auto& member : before) {
        const std::string_view name{member.key().data(), member.key().size()};
        const auto* field = o.kind.field(name);
        if ((field == nullptr || !asked(*field)) && name != "withheld") body.emplace(member.key(), member.value());
    }
    check_attendance(o.kind, typed);
    return body;
}

Form form_of(const content::Kind& kind, const json::object& body) {
    Form form;
    for (const auto& field : kind.fields) {
        const auto* value = find(body, field.name);
        if (value == nullptr || !asked(field)) continue;
        const auto name = control_of(field);
        const auto* list = value->if_array();
        if (field.type == FieldType::actions && list != nullptr) {
            add_actions(form, *list);
        } else if (field.type == FieldType::date) {
            add_date(form, name, as_typed(*value));
        } else if (field.type == FieldType::agencies && list != nullptr) {
            for (const auto& one : *list) form.add(name, agency_key(one));
        } else if (list != nullptr) {
            for (const auto& one : *list) form.add(name, as_typed(one));
        } else {
            form.add(name, as_typed(*value));
        }
    }
    return form;
}

}  // namespace waymark::web
