#include "procedure/explain.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace waymark::procedure {

namespace {

// Rules that were written as one, with lists or groups: they share id and relation.
struct Written {
    const Rule* rule = nullptr;  // the first
    std::vector<std::string> froms;
    std::vector<std::string> tos;
};

void add_once(std::vector<std::string>& all, const std::string& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

std::vector<Written> written(const Rulebook& book) {
    std::vector<Written> all;
    for (const auto& rule : book.rules) {
        auto same = std::find_if(all.begin(), all.end(), [&](const Written& one) {
            return one.rule->id == rule.id && one.rule->relation == rule.relation;
        });
        if (same == all.end()) same = all.insert(all.end(), Written{&rule, {}, {}});
        add_once(same->froms, rule.from);
        add_once(same->tos, rule.to);
    }
    return all;
}

std::string listed(const Rulebook& book, const std::vector<std::string>& ids, std::string_view between) {
    std::string out;
    for (const auto& id : ids) out += fmt::format("{}\"{}\"", out.empty() ? "" : between, event_label(book, id));
    return out;
}
std::string either(const Rulebook& book, const std::vector<std::string>& ids) {
    return listed(book, ids, " or ");
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

std::string duty_words(const Rulebook& book, const Written& one) {
    const auto& rule = *one.rule;
    const auto each = rule.for_each == ForEach::earlier_concern ? " for each earlier concern" : "";
    auto within = rule.deadline ? content::to_string(*rule.deadline) : std::string("no set time");
    if (rule.deadline && rule.deadline->is_same_day() && !rule.before) within = "by the end of the same day";
    const auto by = [&] {
        if (rule.due_field.empty()) return rule.deadline && rule.deadline->is_same_day() ? within : "within " + within;
        if (!rule.before) return fmt::format("by the date in {}, or within {}", rule.due_field, within);
        const auto when = rule.deadline && rule.deadline->is_same_day()
                              ? std::string("by the end of the day that this sets")
                              : fmt::format("no later than {} before the day that this sets", within);
        return when + ", or on the day on which it is set where less time is left";
    }();
    const auto met = [&] {
        if (one.tos.size() > 1) {
            return fmt::format("one for each of {}{}", listed(book, one.tos, ", "),
                               rule.also_met_by.empty() ? "" : ", each also met by " + either(book, rule.also_met_by));
        }
        auto events = one.tos;
        events.insert(events.end(), rule.also_met_by.begin(), rule.also_met_by.end());
        return "met by " + either(book, events);
    }();
    return fmt::format("After {}{}: {} owes \"{}\" {}{}, {}.", either(book, one.froms), each,
                       content::role_label(rule.owner), rule.label, by, counted(book, rule), met);
}

std::string gate_words(const Rulebook& book, const Written& one) {
    const auto& rule = *one.rule;
    const auto tos = listed(book, one.tos, " and ");
    if (rule.relation == Relation::milestone)
        return fmt::format("{} may not happen while {} is owed.", tos, either(book, one.froms));
    const auto again = rule.since.empty() ? std::string() : " since the latest " + either(book, rule.since);
    const auto each = rule.for_each == ForEach::earlier_concern ? " for each earlier concern" : "";
    auto needed = listed(book, one.froms, " and ");
    if (!rule.also_met_by.empty())
        needed += (one.froms.size() > 1 ? ", or instead of any of these " : " or ") + either(book, rule.also_met_by);
    if (rule.deadline)
        return fmt::format("{} may not happen until {} after {}{}.", tos, content::to_string(*rule.deadline), needed,
                           again);
    return fmt::format("{} may not happen until {}{}{}.", tos, needed, again, each);
}

std::string words(const Rulebook& book, const Written& one) {
    switch (one.rule->relation) {
        case Relation::response:
            return duty_words(book, one);
        case Relation::condition:
        case Relation::milestone:
            return gate_words(book, one);
        case Relation::include:
            return fmt::format("{} makes {} part of the case.", either(book, one.froms),
                               listed(book, one.tos, " and "));
        case Relation::exclude:
            return fmt::format("After {} there is no {}.", either(book, one.froms), either(book, one.tos));
    }
    return {};
}

std::string source_words(const Source& source) {
    if (source.text.empty()) return {};
    return fmt::format("{}{}{}, in force from {}", source.register_id, source.register_id.empty() ? "" : " ",
                       source.text, format_date(source.in_force));
}

Statement statement(std::string id, std::string words, const Source& source, bool cue) {
    return {std::move(id), std::move(words), source.paragraph, source_words(source), source.unsourced, cue};
}

std::string cue_words(const CueRule& cue) {
    auto out = fmt::format("Somebody must look: {}.", cue.label);
    for (const auto& [name, value] : cue.parameters) out += fmt::format(" {} = {}.", name, value);
    return out;
}

// "10.2" after "9.10", as numbers and not as text.
std::vector<int> numbers_in(std::string_view paragraph) {
    std::vector<int> all;
    int n = 0;
    for (const char c : paragraph) {
        if (c == '.') {
            all.push_back(n);
            n = 0;
        } else if (c >= '0' && c <= '9' && n < 100'000) {
            n = n * 10 + (c - '0');
        }
    }
    if (!paragraph.empty()) all.push_back(n);
    return all;
}

void place(Explanation& out, const content::Manual& manual, Statement one) {
    ExplainedChapter wanted;
    const auto* chapter = one.paragraph.empty() ? nullptr : manual.chapter_of(one.paragraph);
    if (chapter != nullptr) {
        wanted.number = chapter->number;
        wanted.title = chapter->title;
    } else if (!one.paragraph.empty()) {
        wanted.number = one.paragraph.substr(0, one.paragraph.find('.'));
    }
    auto at = std::find_if(out.chapters.begin(), out.chapters.end(),
                           [&](const ExplainedChapter& other) { return other.number == wanted.number; });
    if (at == out.chapters.end()) at = out.chapters.insert(out.chapters.end(), std::move(wanted));
    at->statements.push_back(std::move(one));
}

std::string said(const Statement& one) {
    auto out = fmt::format("{}: {}", one.id, one.words);
    if (!one.paragraph.empty()) out += fmt::format(" Paragraph {}.", one.paragraph);
    if (one.unsourced) out += " No source was found for this: the partnership sets it.";
    if (!one.source.empty()) out += fmt::format(" Source: {}.", one.source);
    return out;
}

}  // namespace

std::string event_label(const Rulebook& book, std::string_view id) {
    const auto* event = book.event(id);
    return event != nullptr && !event->label.empty() ? event->label : std::string(id);
}

std::string clock_words(const Rule& rule) {
    if (!rule.deadline) return {};
    const auto length = content::to_string(*rule.deadline);
    if (!rule.before) return length;
    return rule.deadline->is_same_day() ? "on that day" : length + " before that day";
}

Explanation explanation(const Rulebook& book, const content::Manual& manual) {
    Explanation out;
    out.name = book.name;
    out.version = book.version;
    out.title = book.title;
    for (const auto& one : written(book))
        place(out, manual,
              statement(one.rule->id, words(book, one) + limits(book, *one.rule), one.rule->source, false));
    for (const auto& cue : book.cues) place(out, manual, statement(cue.id, cue_words(cue), cue.source, true));
    const auto before = [](const std::string& a, const std::string& b) {
        if (a.empty() != b.empty()) return b.empty();
        return numbers_in(a) < numbers_in(b);
    };
    std::stable_sort(out.chapters.begin(), out.chapters.end(),
                     [&](const auto& a, const auto& b) { return before(a.number, b.number); });
    for (auto& chapter : out.chapters) {
        std::stable_sort(chapter.statements.begin(), chapter.statements.end(),
                         [&](const auto& a, const auto& b) { return before(a.paragraph, b.paragraph); });
    }
    for (const auto& one : book.parameters) {
        out.numbers.push_back(fmt::format("{}: {} ({} to {}). Source: {}.", one.label, one.value, one.least, one.most,
                                          source_words(one.source)));
    }
    for (const auto& one : book.instances) {
        out.manifold.push_back(
            fmt::format("{}: each begins with {}{}.", one.label, either(book, one.opened_by),
                        one.closed_by.empty() ? " and stays open" : " and ends with " + either(book, one.closed_by)));
    }
    return out;
}

std::string to_text(const Explanation& all) {
    auto out = fmt::format("{}, version {} ({})\n", all.title, all.version, all.name);
    for (const auto& chapter : all.chapters) {
        out += chapter.number.empty() ? std::string("\nIn no chapter of the manual\n")
                                      : fmt::format("\nChapter {} {}\n", chapter.number, chapter.title);
        for (const auto& one : chapter.statements) out += fmt::format("\n{}\n", said(one));
    }
    const auto list = [&](const char* heading, const std::vector<std::string>& lines) {
        if (lines.empty()) return;
        out += fmt::format("\n{}\n\n", heading);
        for (const auto& line : lines) out += line + '\n';
    };
    list("Numbers that a partnership may change", all.numbers);
    list("What there may be many of", all.manifold);
    return out;
}

std::string explain(const Rulebook& book) {
    return to_text(explanation(book, content::Manual{}));
}

}  // namespace waymark::procedure
