// A rulebook as a partnership adopts it: looked up, combined with others, and under its profile.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "procedure/procedure.hpp"

namespace waymark::procedure {

namespace {

template <class T>
const T* with_id(const std::vector<T>& all, std::string_view id) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
    return at == all.end() ? nullptr : &*at;
}

// The line of the profile on which a key stands, as it was written.
std::string place_in(const content::Profile& profile, const std::string& file, std::string_view section,
                     std::string_view key) {
    std::size_t number = 0;
    bool inside = false;
    for (const auto whole : split(profile.text, '\n')) {
        ++number;
        const auto line = trim(whole);
        if (!line.empty() && line.front() == '[') inside = line == section;
        if (!inside || line.substr(0, key.size()) != key) continue;
        const auto rest = trim(line.substr(key.size()));
        if (!rest.empty() && rest.front() == '=') return fmt::format("{}:{}", file, number);
    }
    return file;
}

std::string mend_for(std::string_view id, const std::vector<std::string>& known, std::string_view what) {
    const auto near = nearest(id, known);
    return near.empty() ? fmt::format("{}: {}", what, join(known, ", ")) : fmt::format("did you mean \"{}\"?", near);
}

Result<void> set_clock(Rulebook& book, const std::string& id, const ClockLength& length, const std::string& place) {
    if (length.count == 0 && !length.is_same_day())
        return invalid(place, "a clock of zero", "write the shortest time that can be kept");
    bool found = false;
    for (auto& rule : book.rules) {
        if (rule.id != id || !rule.deadline) continue;
        const auto* from = book.event(rule.from);
        const bool by_time = from != nullptr && !from->missed.empty();
        if (length.is_same_day() && (by_time || rule.relation == Relation::condition || rule.from == rule.to))
            return invalid(place, fmt::format("\"{}\" cannot be a clock of the same day", id), "write \"1 day\"");
        rule.deadline = length;
        found = true;
    }
    if (found) return {};
    std::vector<std::string> ids;
    for (const auto& rule : book.rules) {
        if (rule.deadline && (ids.empty() || ids.back() != rule.id)) ids.push_back(rule.id);
    }
    return invalid(place, fmt::format("{} has no clock \"{}\"", book.name, id), mend_for(id, ids, "its clocks are"));
}

// A number that the profile sets is not the procedure's source's any more.
Result<void> set_source(Rulebook& book, const std::string& id, const content::ClockSource& source,
                        const std::string& place) {
    bool found = false;
    for (auto& rule : book.rules) {
        if (rule.id != id || !rule.deadline) continue;
        rule.source.text = source.text;
        rule.source.unsourced = source.text.find("[U]") != std::string::npos;
        if (!source.register_id.empty()) rule.source.register_id = source.register_id;
        if (!source.paragraph.empty()) rule.source.paragraph = source.paragraph;
        found = true;
    }
    if (found) return {};
    return invalid(place, fmt::format("{} has no clock \"{}\"", book.name, id), "name a rule that has a clock");
}

bool same(const Event& a, const Event& b) {
    return a.kind == b.kind && a.guard == b.guard && a.included == b.included && a.missed == b.missed &&
           a.instance == b.instance && a.needs == b.needs;
}

}  // namespace

const Event* Rulebook::event(std::string_view id) const {
    return with_id(events, id);
}
const Rule* Rulebook::rule(std::string_view id) const {
    return with_id(rules, id);
}
const InstanceType* Rulebook::instance(std::string_view id) const {
    return with_id(instances, id);
}
int Rulebook::value_of(const Bound& bound) const {
    if (bound.parameter.empty()) return bound.value;
    const auto* parameter = with_id(parameters, bound.parameter);
    return parameter == nullptr ? bound.value : parameter->value;
}
bool Rulebook::has(const Needs& needs) const {
    return std::all_of(needs.begin(), needs.end(), [&](const auto& need) {
        const auto* parameter = with_id(parameters, need.first);
        return parameter == nullptr || parameter->value >= need.second;
    });
}
std::set<std::string> Rulebook::values_that_wait(std::string_view kind, const std::string& field) const {
    std::set<std::string> values;
    for (const auto& rule : rules) {
        if (rule.relation != Relation::condition && rule.relation != Relation::milestone) continue;
        const auto* waiting = event(rule.to);
        if (waiting == nullptr || waiting->kind != kind) continue;
        const auto guard = waiting->guard.fields.find(field);
        if (guard != waiting->guard.fields.end()) values.insert(guard->second.begin(), guard->second.end());
    }
    return values;
}

Result<Rulebook> with_clocks(Rulebook book, const std::map<std::string, ClockLength>& clocks) {
    for (const auto& [id, length] : clocks) TRY_VOID(set_clock(book, id, length, "clocks." + id));
    return book;
}

Result<Rulebook> combine(std::vector<Rulebook> books) {
    if (books.empty()) return invalid({}, "there is no procedure to combine", "name at least one");
    auto whole = std::move(books.front());
    for (std::size_t i = 1; i < books.size(); ++i) {
        auto& next = books[i];
        for (auto& event : next.events) {
            const auto there = std::find_if(whole.events.begin(), whole.events.end(),
                                            [&](const Event& one) { return one.id == event.id; });
            if (there == whole.events.end()) {
                whole.events.push_back(std::move(event));
            } else if (same(*there, event)) {
                there->procedures.insert(there->procedures.end(), event.procedures.begin(), event.procedures.end());
            } else {
                return invalid(event.place, fmt::format("another procedure has another event \"{}\"", event.id),
                               fmt::format("give it an id of its own, or write it as {} has it", there->place));
            }
        }
        std::set<std::string> taken;
        for (const auto& rule : whole.rules) taken.insert(rule.id);
        for (auto& rule : next.rules) {
            if (taken.contains(rule.id))
                return invalid(rule.place, fmt::format("another procedure has a rule \"{}\"", rule.id),
                               "give it an id of its own");
            whole.rules.push_back(std::move(rule));
        }
        // The outer procedure's group, instance, parameter or cue of the same id stands.
        const auto add = [](auto& all, auto& more) {
            for (auto& one : more) {
                if (with_id(all, one.id) == nullptr) all.push_back(std::move(one));
            }
        };
        add(whole.groups, next.groups);
        add(whole.parameters, next.parameters);
        add(whole.cues, next.cues);
        for (auto& type : next.instances) {
            const auto* there = whole.instance(type.id);
            if (there == nullptr) {
                whole.instances.push_back(std::move(type));
            } else if (there->opened_by != type.opened_by || there->closed_by != type.closed_by ||
                       there->key != type.key) {
                return invalid(type.place, fmt::format("another procedure has another instance \"{}\"", type.id),
                               "give it an id of its own");
            }
        }
        for (auto& type : next.require) {
            if (std::find(whole.require.begin(), whole.require.end(), type) == whole.require.end())
                whole.require.push_back(std::move(type));
        }
        whole.complete.merge(next.complete);
        whole.names.insert(whole.names.end(), next.names.begin(), next.names.end());
    }
    return whole;
}

Result<Rulebook> with_profile(Rulebook book, const content::Profile& profile, const std::string& profile_file) {
    for (const auto& [id, length] : profile.clocks) {
        const auto place = place_in(profile, profile_file, "[clocks]", id);
        TRY_VOID(set_clock(book, id, length, place));
        if (!profile.clock_sources.contains(id))
            TRY_VOID(set_source(book, id, {fmt::format("set by {}", profile.name), {}, {}}, place));
    }
    for (const auto& [id, source] : profile.clock_sources)
        TRY_VOID(set_source(book, id, source, place_in(profile, profile_file, "[clocks]", id)));
    for (const auto& given : profile.parameters) {
        const auto& id = given.first;
        const auto value = given.second;
        const auto place = place_in(profile, profile_file, "[parameters]", id);
        const auto at =
            std::find_if(book.parameters.begin(), book.parameters.end(), [&](const auto& one) { return one.id == id; });
        if (at == book.parameters.end()) {
            std::vector<std::string> ids;
            for (const auto& one : book.parameters) ids.push_back(one.id);
            return invalid(place, fmt::format("{} has no parameter \"{}\"", book.name, id),
                           mend_for(id, ids, "its parameters are"));
        }
        if (value < at->least || value > at->most)
            return invalid(place, fmt::format("{} is not from {} to {}", id, at->least, at->most),
                           fmt::format("write {}", at->value));
        at->value = value;
    }
    book.attending = {};
    for (const auto& one : profile.requirements) {
        const bool of_one = std::find(book.names.begin(), book.names.end(), one.procedure) != book.names.end();
        if (one.procedure.empty() || of_one) book.attending.required.push_back(one);
    }
    for (const auto& type : book.require) {
        const bool kept = std::any_of(book.attending.required.begin(), book.attending.required.end(),
                                      [&](const auto& one) { return one.type == type; });
        if (kept) continue;
        return invalid(place_in(profile, profile_file, "[partnership]", "require"),
                       fmt::format("{} requires {}, and the profile leaves it out", book.name, type),
                       fmt::format("add \"{}\" to require", type));
    }
    book.attending.quorum = {profile.quorum_types, profile.quorum_at_least, profile.quorum_exceptionally};
    book.attending.by_meeting = profile.quorum_by_meeting;
    for (const auto& agency : profile.agencies) book.attending.type_of[agency.key] = agency.type;
    return book;
}

}  // namespace waymark::procedure
