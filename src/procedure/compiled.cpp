// Names to indices.
#include "procedure/compiled.hpp"

#include <algorithm>
#include <charconv>

namespace waymark::procedure {

namespace {

constexpr std::pair<std::string_view, Part> parts[] = {
    {"concern.raised", Part::concern},     {"referral.received", Part::referral},
    {"triage.decided", Part::triage},      {"concern.classified", Part::classified},
    {"earlier.judged", Part::judged},      {"visit.made", Part::visit},
    {"action.completed", Part::action},    {"support.delivered", Part::support},
    {"disclosure.made", Part::disclosure}, {"charge.decided", Part::charge},
    {"sentence.passed", Part::sentence},   {"proceedings.ended", Part::proceedings},
    {"strategy.held", Part::strategy},     {"case.opened", Part::opened},
    {"case.closed", Part::closed},         {"cue.dismissed", Part::dismissed},
};

bool equals(const json::value& value, std::string_view code) {
    if (const auto* text = value.if_string()) return std::string_view(*text) == code;
    if (const auto* flag = value.if_bool()) return code == (*flag ? "true" : "false");
    if (value.is_int64() || value.is_uint64()) {
        char buffer[24];
        const auto end = value.is_int64() ? std::to_chars(buffer, buffer + sizeof buffer, value.get_int64()).ptr
                                          : std::to_chars(buffer, buffer + sizeof buffer, value.get_uint64()).ptr;
        return code == std::string_view(buffer, static_cast<std::size_t>(end - buffer));
    }
    if (const auto* list = value.if_array()) {
        return std::any_of(list->begin(), list->end(),
                           [&](const json::value& one) { return !one.is_array() && equals(one, code); });
    }
    return false;
}

}  // namespace

bool has_code(const json::value* value, const std::vector<std::string>& codes) {
    const bool present = value != nullptr && !value->is_null();
    return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
        if (code == "absent") return !present;
        if (code == "present") return present;
        return present && equals(*value, code);
    });
}

bool is_true(const json::object& fields, std::string_view field) {
    const auto* value = find(fields, field);
    return value != nullptr && value->is_bool() && value->get_bool();
}

Compiled::Compiled(const Rulebook& rulebook) : book(&rulebook) {
    for (const auto& [key, part] : parts) kinds[key].part = part;
    nodes.reserve(rulebook.events.size());
    for (const auto& event : rulebook.events) {
        auto& node = nodes.emplace_back();
        node.event = &event;
        for (const auto& [field, codes] : event.guard.fields) node.tests.push_back({field, &codes, false});
        for (const auto& [field, codes] : event.guard.except) node.tests.push_back({field, &codes, true});
        kinds[event.kind].events.push_back(static_cast<std::uint16_t>(nodes.size() - 1));
    }
    const auto index_of = [&](std::string_view id) {
        const auto at =
            std::find_if(rulebook.events.begin(), rulebook.events.end(), [&](const Event& e) { return e.id == id; });
        return static_cast<std::uint16_t>(at - rulebook.events.begin());
    };
    for (std::size_t index = 0; index < rulebook.rules.size(); ++index) {
        const auto r = static_cast<std::uint16_t>(index);
        const auto& rule = rulebook.rules[index];
        from.push_back(index_of(rule.from));
        to.push_back(index_of(rule.to));
        if (from.back() >= nodes.size() || to.back() >= nodes.size()) continue;  // the parser and `check` refuse it
        auto& source = nodes[from.back()];
        auto& target = nodes[to.back()];
        switch (rule.relation) {
            case Relation::response:
                source.raises.push_back(r);
                target.meets.push_back(r);
                if (rule.matched_by_about) kinds[target.event->kind].answers = true;
                for (const auto& other : rule.also_met_by) {
                    const auto also = index_of(other);
                    if (also < nodes.size()) nodes[also].meets.push_back(r);
                }
                break;
            case Relation::condition:
            case Relation::milestone:
                target.gates.push_back(r);
                break;
            case Relation::exclude:
                source.excludes.push_back(r);
                break;
            case Relation::include:
                source.includes.push_back(r);
                break;
        }
        if (triage_clock == nullptr && rule.relation == Relation::response && rule.deadline && rule.matched_by_about &&
            source.event->kind == "concern.raised" && source.tests.empty() && target.event->kind == "triage.decided") {
            triage_clock = &rule;
        }
    }
}

const KindInfo& Compiled::kind(std::string_view key) const {
    const auto at = kinds.find(key);
    return at == kinds.end() ? unknown : at->second;
}

bool Compiled::matches(const Node& node, const json::object& fields, record::Involvements involvement) const {
    const auto wanted = node.event->guard.involvement;
    if (wanted != 0 && (wanted & involvement) == 0) return false;
    return std::all_of(node.tests.begin(), node.tests.end(), [&](const Test& test) {
        return has_code(find(fields, test.field), *test.codes) != test.except;
    });
}

}  // namespace waymark::procedure
