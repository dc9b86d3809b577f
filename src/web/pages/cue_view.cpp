// Prompts: a few interrupt, the rest is there to look at; each says why it shows, whose it is and what ends it.
#include "web/pages/cue_view.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/cues.hpp"
#include "web/components/button.hpp"
#include "web/components/date_input.hpp"
#include "web/components/details.hpp"
#include "web/components/table.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/manual_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::vector<std::pair<std::string, std::string>> until_as_typed(const Typed& typed) {
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto* name : {"until-day", "until-month", "until-year"}) values.emplace_back(name, typed.value(name));
    return values;
}

std::string suffix_of(std::size_t n, std::size_t i) {
    return fmt::format("-cue-{}-{}", n, i);
}

std::size_t index_of(const procedure::Standing& standing, std::string_view id) {
    const auto at =
        std::find_if(standing.cues.begin(), standing.cues.end(), [&](const auto& cue) { return cue.id == id; });
    return static_cast<std::size_t>(at - standing.cues.begin());
}

DateInputItem part(const std::string& suffix, const char* name, const char* classes) {
    DateInputItem item;
    item.name = name;
    item.id = fmt::format("until-{}{}", name, suffix);
    item.classes = classes;
    return item;
}

Html aside_form(const Visit& visit, const casework::PersonPage& child, const procedure::Standing& standing,
                const procedure::Cue& cue, const std::string& suffix, const Returned& returned) {
    const auto about = cue_about(standing.case_id, cue.id);
    const bool back = returned.form == "cue" && returned.about == about;
    const Typed fresh;
    const Typed& typed = back ? returned.typed : fresh;
    Html content =
        paragraph("It then shows to nobody until the end of that day, or until something new is recorded about it.");
    content += textarea({.name = "reason",
                         .id = "reason" + suffix,
                         .label = {.text = "Why may it wait?"},
                         .hint = {.text = "Your name and the reason are kept."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 2,
                         .spellcheck = true});
    content += date_input(
        {.id = "until" + suffix,
         .name_prefix = "until",
         .fieldset = FieldsetOptions{.legend = {.text = "Until when?", .classes = "govuk-fieldset__legend--s"}},
         .hint = {.text = fmt::format("The latest is {}.", format_long(*cue.aside_until))},
         .error_message = typed.message("until"),
         .day = part(suffix, "day", "govuk-input--width-2"),
         .month = part(suffix, "month", "govuk-input--width-2"),
         .year = part(suffix, "year", "govuk-input--width-4"),
         .values = until_as_typed(typed)});
    content += button({.text = Html("Put aside") + visually_hidden(": " + cue.rule->label),
                       .classes = "govuk-button--secondary",
                       .prevent_double_click = true});
    const auto key = parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
    return details({.summary = Html("Put aside") + visually_hidden(": " + cue.rule->label),
                    .content = visit.form({.action = child_url(child.person) + "/standing",
                                           .key = key,
                                           .hidden = {{"case", to_string(standing.case_id)}, {"cue", cue.id}}},
                                          content),
                    .open = back});
}

Html one_prompt(const Visit& visit, const casework::PersonPage& child, std::size_t n, const procedure::Cue& cue,
                const Returned& returned) {
    const auto& standing = child.standings[n];
    Html content = heading(4, cue.rule->label, "s");
    content +=
        paragraph(Html(cue.why) + Html(" ") + manual_link(visit, *child.editions[n], cue.rule->source.paragraph));
    content += entry_links(visit, child, cue.entries);
    auto ends = fmt::format("To be looked at by: {}. It ends: {}", content::role_label(cue.owner), cue.ends);
    if (cue.expires) ends += fmt::format(" At the latest after {}.", format_long(*cue.expires));
    content += hint_paragraph(ends);
    if (!standing.closed && casework::may_dismiss(visit.office(), visit.asker(), cue))
        content += aside_form(visit, child, standing, cue, suffix_of(n, index_of(standing, cue.id)), returned);
    return content;
}

Html put_aside(const casework::PersonPage& child, const procedure::Standing& standing) {
    std::vector<Html> items;
    for (const auto& aside : standing.put_aside) {
        std::string words = fmt::format("{}: put aside until {}", aside.cue.rule->label, format_long(aside.until));
        if (const auto* line = line_of(child, aside.by)) {
            words += fmt::format(" by {}. {}", author_words(*line), string_or(line->entry.body, "reason", ""));
        }
        items.emplace_back(words);
    }
    return items.empty() ? Html() : details({.summary = "Prompts that were put aside", .content = bullets(items)});
}

std::string names_of(const Visit& visit, const std::vector<std::string>& agencies) {
    std::vector<std::string> names;
    names.reserve(agencies.size());
    for (const auto& key : agencies) names.push_back(agency_words(visit.office(), key));
    return names.empty() ? "Nobody" : waymark::join(names, ", ");
}

}  // namespace

Html entry_links(const Visit& visit, const casework::PersonPage& child, const std::vector<EntryId>& entries) {
    std::vector<Html> links;
    for (const EntryId& id : entries) {
        if (const auto* line = line_of(child, id)) {
            links.push_back(link(child_url(child.person) + "#entry-" + to_string(id),
                                 line->title + ", " + when_words(visit.zone(), line->entry.row.at)));
        }
    }
    return links.empty() ? Html() : bullets(links);
}

std::string cue_about(CaseId case_id, std::string_view cue) {
    return fmt::format("{} {}", to_string(case_id), cue);
}

std::string cue_suffix(const casework::PersonPage& child, std::string_view about) {
    for (std::size_t n = 0; n < child.standings.size(); ++n) {
        const auto& standing = child.standings[n];
        for (std::size_t i = 0; i < standing.cues.size(); ++i) {
            if (cue_about(standing.case_id, standing.cues[i].id) == about) return suffix_of(n, i);
        }
    }
    return {};
}

Html prompts(const Visit& visit, const casework::PersonPage& child, std::size_t n, const Returned& returned) {
    const auto& standing = child.standings[n];
    const auto& ranked = child.prompts.at(n);
    Html content;
    if (!ranked.interrupting.empty()) {
        content += heading(3, "Somebody must look at this", "s");
        for (const auto& cue : ranked.interrupting) content += one_prompt(visit, child, n, cue, returned);
    }
    if (!ranked.more.empty()) {
        Html more = hint_paragraph(
            fmt::format("At most {} prompts interrupt you in a day, over all the cases that you open. Danger and what "
                        "the law sets are not counted.",
                        procedure::interruptions_a_day));
        bool open = false;
        for (const auto& cue : ranked.more) {
            more += one_prompt(visit, child, n, cue, returned);
            open = open || (returned.form == "cue" && returned.about == cue_about(standing.case_id, cue.id));
        }
        content += details(
            {.summary = fmt::format("Also to look at ({})", ranked.more.size()), .content = more, .open = open});
    }
    return content + put_aside(child, standing);
}

std::string types_in_words(const std::vector<std::string>& types) {
    std::vector<std::string> words;
    for (const auto& type : types) {
        const auto colon = type.find(':');
        auto label = content::agency_type_label(type.substr(0, colon));
        if (colon != std::string::npos) label += fmt::format(" ({})", trim(type.substr(colon + 1)));
        words.push_back(std::move(label));
    }
    return waymark::join(words, ", ");
}

Html meetings_table(const Visit& visit, const procedure::Gathering& gathering) {
    Html content = heading(3, "Who has met", "s");
    if (gathering.all_met) {
        content += paragraph(fmt::format(
            "All required agencies were first at one meeting on {}{}.", format_long(*gathering.all_met),
            gathering.days
                ? fmt::format(", {} after the first concern",
                              count_words(static_cast<std::size_t>(std::max(0, *gathering.days)), "day", "days"))
                : std::string()));
    } else if (gathering.asked) {
        content += paragraph(fmt::format("The required agencies have never all been at one meeting. Missing: {}.",
                                         types_in_words(gathering.missing)));
    }
    if (gathering.meetings.empty()) return gathering.asked ? content : Html();
    TableOptions o;
    o.caption = "Meetings";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Meeting"},
              {.content = "Invited"},
              {.content = "Came"},
              {.content = "Sent apologies"},
              {.content = "Contributed without coming"},
              {.content = "Complete?"}};
    for (const auto& one : gathering.meetings) {
        const auto* kind = visit.office().catalogue.find(one.kind);
        std::vector<Html> state;
        state.emplace_back(one.all_required      ? std::string("All required agencies were there")
                           : one.missing.empty() ? std::string("No agency is required")
                                                 : "Missing: " + types_in_words(one.missing));
        state.emplace_back(one.quorate ? "Quorate" : "Not quorate");
        o.rows.push_back({{.content = Html(kind == nullptr ? one.kind : kind->label) + Html(", ") +
                                      Html(when_words(visit.zone(), one.at))},
                          labelled("Invited", one.invited.empty() ? "Not recorded" : names_of(visit, one.invited)),
                          labelled("Came", names_of(visit, one.attended)),
                          labelled("Sent apologies", names_of(visit, one.apologies)),
                          labelled("Contributed without coming", names_of(visit, one.contributed)),
                          labelled("Complete?", bullets(state))});
    }
    return content + table(o);
}

}  // namespace waymark::web
