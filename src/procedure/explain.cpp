// A rulebook in words.
#include <fmt/core.h>

#include "procedure/procedure.hpp"

namespace waymark::procedure {

namespace {

std::string label_of(const Rulebook& book, const std::string& id) {
    const auto* event = book.event(id);
    return event != nullptr && !event->label.empty() ? event->label : id;
}

std::string words(const Rulebook& book, const Rule& rule) {
    const auto from = label_of(book, rule.from);
    const auto to = label_of(book, rule.to);
    const auto each = rule.for_each == ForEach::earlier_concern ? " for each earlier concern" : "";
    switch (rule.relation) {
        case Relation::response: {
            std::string counted;
            if (rule.counts_from == CountsFrom::referral) counted = ", counted from the referral";
            if (rule.counts_from == CountsFrom::strategy) counted = ", counted from the strategy discussion";
            if (rule.counts_from == CountsFrom::events) {
                counted = ", counted from the latest";
                for (const auto& id : rule.counts_from_events) {
                    counted += (&id == &rule.counts_from_events.front() ? " \"" : " or \"") + label_of(book, id) + '"';
                }
            }
            std::string met = to;
            for (const auto& other : rule.also_met_by) met += " or " + label_of(book, other);
            return fmt::format("After \"{}\"{}: {} owes \"{}\" within {}{}, met by \"{}\".", from, each,
                               content::role_label(rule.owner), rule.label,
                               rule.deadline ? content::to_string(*rule.deadline) : std::string("no set time"), counted,
                               met);
        }
        case Relation::condition:
            if (rule.deadline)
                return fmt::format("\"{}\" may not happen until {} after \"{}\".", to,
                                   content::to_string(*rule.deadline), from);
            return fmt::format("\"{}\" may not happen until \"{}\"{}.", to, from, each);
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
        out += fmt::format("\n{}: {}", rule.id, words(book, rule));
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
