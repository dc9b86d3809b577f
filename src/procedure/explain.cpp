// A rulebook in words.
#include <fmt/core.h>

#include "procedure/procedure.hpp"

namespace waymark::procedure {

namespace {

std::string label_of(const Rulebook& book, const std::string& id) {
    const auto* event = book.event(id);
    return event != nullptr && !event->label.empty() ? event->label : id;
}

std::string either(const Rulebook& book, const std::vector<std::string>& ids) {
    std::string out;
    for (const auto& id : ids) out += (out.empty() ? "\"" : " or \"") + label_of(book, id) + '"';
    return out;
}

std::string counted(const Rulebook& book, const Rule& rule) {
    switch (rule.counts_from) {
        case CountsFrom::referral:
            return ", counted from the referral";
        case CountsFrom::strategy:
            return ", counted from the strategy discussion";
        case CountsFrom::events:
            return ", counted from the latest " + either(book, rule.counts_from_events);
        case CountsFrom::raising:
            break;
    }
    return {};
}

std::string number(const Bound& bound) {
    return bound.parameter.empty() ? fmt::format("{}", bound.value) : "the " + bound.parameter;
}

// For whom, of what there may be many, and in which partnerships.
std::string limits(const Rulebook& book, const Rule& rule) {
    std::string out;
    if (rule.age.from && rule.age.to) {
        out += fmt::format(" For children from {} to {} years.", number(*rule.age.from), number(*rule.age.to));
    } else if (rule.age.from) {
        out += fmt::format(" For children of {} years and more.", number(*rule.age.from));
    } else if (rule.age.to) {
        out += fmt::format(" For children up to {} years.", number(*rule.age.to));
    }
    const auto* from = book.event(rule.from);
    const auto* to = book.event(rule.to);
    if (from != nullptr && to != nullptr && !(from->instance.empty() && to->instance.empty())) {
        const auto* type = book.instance(to->instance.empty() ? from->instance : to->instance);
        if (type != nullptr && from->instance == to->instance) out += fmt::format(" For each: {}.", type->label);
        if (type != nullptr && from->instance.empty()) out += fmt::format(" For each that is open: {}.", type->label);
    }
    for (const auto& [id, least] : rule.needs) out += fmt::format(" Where {} is {} or more.", id, least);
    return out;
}

std::string words(const Rulebook& book, const Rule& rule) {
    const auto from = label_of(book, rule.from);
    const auto to = label_of(book, rule.to);
    const auto each = rule.for_each == ForEach::earlier_concern ? " for each earlier concern" : "";
    auto sources = std::vector<std::string>{rule.from};
    sources.insert(sources.end(), rule.also_met_by.begin(), rule.also_met_by.end());
    switch (rule.relation) {
        case Relation::response: {
            auto met = std::vector<std::string>{rule.to};
            met.insert(met.end(), rule.also_met_by.begin(), rule.also_met_by.end());
            const auto within = rule.deadline ? content::to_string(*rule.deadline) : std::string("no set time");
            const auto by = rule.due_field.empty()
                                ? "within " + within
                                : fmt::format("by the date in {}, or within {}", rule.due_field, within);
            return fmt::format("After \"{}\"{}: {} owes \"{}\" {}{}, met by {}.", from, each,
                               content::role_label(rule.owner), rule.label, by, counted(book, rule), either(book, met));
        }
        case Relation::condition: {
            const auto again = rule.since.empty() ? std::string() : " since the latest " + either(book, rule.since);
            if (rule.deadline)
                return fmt::format("\"{}\" may not happen until {} after {}{}.", to, content::to_string(*rule.deadline),
                                   either(book, sources), again);
            return fmt::format("\"{}\" may not happen until {}{}{}.", to, either(book, sources), again, each);
        }
        case Relation::milestone:
            return fmt::format("\"{}\" may not happen while \"{}\" is owed.", to, from);
        case Relation::include:
            return fmt::format("\"{}\" makes \"{}\" part of the case.", from, to);
        case Relation::exclude:
            return fmt::format("After \"{}\" there is no \"{}\".", from, to);
    }
    return {};
}

}  // namespace

std::string explain(const Rulebook& book) {
    auto out = fmt::format("{}, version {} ({})\n", book.title, book.version, book.name);
    for (const auto& rule : book.rules) {
        out += fmt::format("\n{}: {}", rule.id, words(book, rule) + limits(book, rule));
        if (!rule.source.text.empty()) {
            out += fmt::format(" Source: {}{}{}, in force from {}.", rule.source.register_id,
                               rule.source.register_id.empty() ? "" : " ", rule.source.text,
                               format_date(rule.source.in_force));
        }
    }
    out += '\n';
    for (const auto& cue : book.cues) {
        out += fmt::format("\ncue {}: {}.", cue.id, cue.label);
        for (const auto& [name, value] : cue.parameters) out += fmt::format(" {} = {}.", name, value);
    }
    out += '\n';
    return out;
}

}  // namespace waymark::procedure
