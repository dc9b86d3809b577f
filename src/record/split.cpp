// An entry belongs to one child's record (section 2 of the outside contract, `incident`): what concerns several
// children is divided at the door.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "record/entry.hpp"
#include "record/shape.hpp"

namespace waymark::record {

namespace {

bool is_child(const Subject& subject) {
    return (subject.involvement & children_involvements) != 0;
}

bool same_person(const Subject& a, const Subject& b) {
    if (a.person && b.person) return *a.person == *b.person;
    return a.identity && b.identity && a.identity->source == b.identity->source && a.identity->id == b.identity->id;
}

// A child may be named more than once, each time in another involvement.
std::vector<std::vector<Subject>> group_children(const std::vector<Subject>& subjects) {
    std::vector<std::vector<Subject>> children;
    for (const auto& subject : subjects) {
        if (!is_child(subject)) continue;
        const auto known = std::find_if(children.begin(), children.end(),
                                        [&](const auto& child) { return same_person(child.front(), subject); });
        if (known != children.end()) {
            known->push_back(subject);
        } else {
            children.push_back({subject});
        }
    }
    return children;
}

// Where a word of folded text ends: ASCII that is no letter or digit, Latin-1 signs (U+0080 to U+00BF) and general
// punctuation (U+2000 to U+206F). The length of the separator at `at`, or 0.
std::size_t separator_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto first = byte(at);
    if (first < 0x80) {
        const bool in_word =
            (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || (first >= '0' && first <= '9');
        return in_word ? 0 : 1;
    }
    if (first == 0xC2) return 2;
    if (first == 0xE2 && (byte(at + 1) == 0x80 || byte(at + 1) == 0x81)) return 3;
    return 0;
}

using Words = std::set<std::string, std::less<>>;

template <class Visit>
void each_word(std::string_view text, Visit visit) {
    const auto folded = fold_case(strip_diacritics(text));
    std::size_t from = 0;
    for (std::size_t at = 0; at < folded.size();) {
        const auto separator = separator_at(folded, at);
        if (separator == 0) {
            ++at;
            continue;
        }
        if (at > from) visit(std::string_view(folded).substr(from, at - from));
        at += separator;
        from = std::min(at, folded.size());
    }
    if (from < folded.size()) visit(std::string_view(folded).substr(from));
}

Words names_of_children(const std::vector<std::vector<Subject>>& children, std::size_t but) {
    constexpr std::size_t shortest = 3;
    Words names;
    const auto add = [&](std::string_view name) {
        each_word(name, [&](std::string_view word) {
            if (count_characters(word) >= shortest) names.emplace(word);
        });
    };
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (i == but) continue;
        for (const auto& subject : children[i]) {
            if (!subject.identity) continue;
            add(subject.identity->given_name);
            add(subject.identity->family_name);
            for (const auto& name : subject.identity->other_names) add(name);
        }
    }
    return names;
}

bool names_one_of(const json::value& value, const Words& names) {
    if (const auto* text = value.if_string()) {
        bool found = false;
        each_word(view_of(*text), [&](std::string_view word) { found = found || names.contains(word); });
        return found;
    }
    if (const auto* list = value.if_array()) {
        return std::any_of(list->begin(), list->end(), [&](const auto& item) { return names_one_of(item, names); });
    }
    if (const auto* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(),
                           [&](const auto& member) { return names_one_of(member.value(), names); });
    }
    return false;
}

// In the order of the alphabet, so that the same entry always gives the same list.
void withhold(json::object& body, const Words& names) {
    std::set<std::string> fields;
    if (const auto* already = find(body, "withheld"); already != nullptr && already->is_array()) {
        for (const auto& field : already->get_array()) {
            if (const auto* name = field.if_string()) fields.emplace(view_of(*name));
        }
    }
    for (const auto& member : body) {
        if (view_of(member.key()) != "withheld" && names_one_of(member.value(), names))
            fields.emplace(view_of(member.key()));
    }
    if (fields.empty()) return;
    json::array list;
    for (const auto& field : fields) list.emplace_back(field);
    body["withheld"] = std::move(list);
}

}  // namespace

std::vector<Draft> split_by_child(Draft draft, const std::string& incident_if_needed) {
    const auto children = group_children(draft.subjects);
    std::vector<Draft> drafts;
    if (children.size() < 2) {
        drafts.push_back(std::move(draft));
        return drafts;
    }
    if (draft.incident.empty()) draft.incident = incident_if_needed;
    const auto subjects = std::exchange(draft.subjects, {});
    for (std::size_t i = 0; i < children.size(); ++i) {
        Draft one = draft;
        one.subjects = children[i];
        std::copy_if(subjects.begin(), subjects.end(), std::back_inserter(one.subjects),
                     [](const auto& s) { return !is_child(s); });
        if (i > 0 && !draft.id.empty()) one.id = fmt::format("{}/{}", draft.id, i + 1);
        withhold(one.body, names_of_children(children, i));
        drafts.push_back(std::move(one));
    }
    return drafts;
}

}  // namespace waymark::record
