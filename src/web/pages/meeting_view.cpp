// A meeting in words.
#include "web/pages/meeting_view.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "casework/child.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/select.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/task_list.hpp"
#include "web/pages/cue_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_meeting_tasks = 30;

std::string agencies_in(const Visit& visit, const casework::Line& held, std::string_view field) {
    std::string words;
    const auto* list = find(held.entry.body, field);
    if (list == nullptr || !list->is_array()) return words;
    for (const auto& value : list->get_array()) {
        std::string one;
        if (const auto* text = value.if_string()) {
            one = agency_words(visit.office(), std::string_view(text->data(), text->size()));
        } else if (const auto* object = value.if_object()) {
            one = agency_words(visit.office(), string_or(*object, "agency", ""));
            if (const auto name = string_or(*object, "name", ""); !name.empty()) one += fmt::format(" ({})", name);
        }
        words += (words.empty() ? "" : "; ") + one;
    }
    return words;
}

std::string person_words(const Visit& visit, const std::string& key) {
    const auto* who = visit.office().profile.practitioner(key);
    return who == nullptr ? key : fmt::format("{}, {}", who->name, agency_words(visit.office(), who->agency));
}

std::string required_reason(const content::Requirement& one) {
    std::string words = "The partnership’s profile requires it at every meeting";
    if (!one.procedure.empty())
        words = fmt::format("The partnership’s profile requires it in the procedure {}", one.procedure);
    if (one.age_from && one.age_to) {
        words += fmt::format(" about a child aged {} to {}", *one.age_from, *one.age_to);
    } else if (one.age_from) {
        words += fmt::format(" about a child aged {} or over", *one.age_from);
    } else if (one.age_to) {
        words += fmt::format(" about a child aged {} or under", *one.age_to);
    } else {
        words += " about a child";
    }
    if (!one.service.empty()) words += fmt::format(" ({})", one.service);
    return words + ".";
}

Html action_tag(const Visit& visit, const casework::MeetingAction& action) {
    if (action.outcome == "done") return tag({.text = "Done", .classes = "govuk-tag--green"});
    if (action.outcome == "cannot") return tag({.text = "Cannot be done", .classes = "govuk-tag--grey"});
    if (action.overdue(visit.today())) return tag({.text = "Overdue", .classes = "govuk-tag--red"});
    if (action.outcome == "later") return tag({.text = "More time", .classes = "govuk-tag--yellow"});
    return tag({.text = "To do", .classes = "govuk-tag--blue"});
}

}  // namespace

std::string meeting_url(EntryId meeting) {
    return "/meetings/" + to_string(meeting);
}
std::string meetings_url(ViewId person) {
    return child_url(person) + "/meetings";
}

Result<Html> meeting_tasks_shown(Visit& visit) {
    const auto all = TRY(casework::meeting_tasks(visit.office(), visit.asker(), most_meeting_tasks));
    TaskListOptions lists[3] = {{.id_prefix = "invitation"}, {.id_prefix = "action"}, {.id_prefix = "minutes"}};
    for (const auto& one : all) {
        using What = casework::MeetingTask::What;
        const auto n = static_cast<std::size_t>(one.what);
        TaskStatus status;
        status.tag = TagOptions{.text = one.overdue ? "Overdue" : "To do",
                                .classes = one.overdue ? "govuk-tag--red" : "govuk-tag--blue"};
        const auto title = one.what == What::invitation ? fmt::format("{}: {}", one.name, one.words)
                           : one.what == What::action   ? fmt::format("{}: what a meeting agreed", one.name)
                                                        : fmt::format("{}: minutes to read", one.name);
        const auto href = (one.what == What::invitation ? "/invitations/"
                           : one.what == What::action   ? "/actions/"
                                                        : "/minutes/") +
                          to_string(one.entry);
        lists[n].items.push_back({.title = title,
                                  .href = href,
                                  .hint = due_date(visit.zone(), one.due, visit.now()),
                                  .status = std::move(status)});
    }
    Html out;
    const char* const titles[3] = {"You are invited", "Yours to do, agreed at a meeting", "Minutes to read"};
    for (std::size_t n = 0; n < 3; ++n) {
        if (!lists[n].items.empty()) out += heading(2, titles[n], "m") + task_list(lists[n]);
    }
    return out;
}

std::vector<SummaryRow> call_rows(const Visit& visit, const casework::MeetingStory& story) {
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "What", .value = story.label});
    if (story.on) {
        auto when = format_long(*story.on);
        if (!story.starts.empty()) when += " at " + story.starts;
        rows.push_back({.key = "When", .value = when});
    }
    if (!story.place.empty()) rows.push_back({.key = "Where", .value = story.place});
    if (!story.link.empty()) rows.push_back({.key = "To join from elsewhere", .value = story.link});
    if (!story.chair.empty()) rows.push_back({.key = "Chair", .value = person_words(visit, story.chair)});
    if (!story.minute_taker.empty())
        rows.push_back({.key = "Minutes", .value = person_words(visit, story.minute_taker)});
    if (!story.purpose.empty()) rows.push_back({.key = "What it is for", .value = story.purpose});
    return rows;
}

Html required_words(const Visit& visit, const procedure::Counting& counting, const std::string& label) {
    TableOptions o;
    o.caption = "Who must be there";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Agency"}, {.content = "Why"}, {.content = "Source"}};
    for (const auto& one : counting.required) {
        o.rows.push_back({{.content = content::agency_type_label(one.type)},
                          labelled("Why", required_reason(one)),
                          labelled("Source", Html("The profile of ") + Html(visit.office().profile.name) + Html("; ") +
                                                 link("/manual/8#8.2.2", "manual 8.2.2"))});
    }
    Html out;
    if (!o.rows.empty()) out += table(o);
    std::string types;
    for (const auto& type : counting.quorum.types)
        types += (types.empty() ? "" : " and ") + content::agency_type_label(type);
    if (counting.quorum.at_least > 0)
        out += paragraph(Html(fmt::format("Quorum ({}): at least {} {}{}. ", label, counting.quorum.at_least,
                                          counting.quorum.at_least == 1 ? "agency" : "agencies",
                                          types.empty() ? std::string() : ", " + types + " among them")) +
                         Html("It is the partnership’s own: ") + link("/manual/8#8.2.3", "manual 8.2.3") + Html("."));
    return out;
}

Html counted_words(const procedure::Counting& counting) {
    std::string words =
        counting.came == 1 ? std::string("1 agency came") : fmt::format("{} agencies came", counting.came);
    words += counting.quorate ? ": it was quorate." : ": it was not quorate.";
    if (!counting.quorate && counting.quorum.at_least > 0)
        words += fmt::format(" At least {} have to be there.", counting.quorum.at_least);
    std::vector<std::string> types;
    for (const auto& one : counting.missing) types.push_back(one.type);
    Html out = paragraph(tag({.text = counting.quorate ? "Quorate" : "Not quorate",
                              .classes = counting.quorate ? "govuk-tag--green" : "govuk-tag--red"}) +
                         Html(" ") + Html(words));
    if (!types.empty())
        out += paragraph(Html("Missing of those that are required: ") + types_in_words(types) + Html("."));
    return out;
}

Html actions_of_meeting(const Visit& visit, const casework::MeetingStory& story) {
    if (story.actions.empty()) return paragraph("No action is minuted.");
    TableOptions o;
    o.caption = "Actions of the meeting";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "What"}, {.content = "By whom"}, {.content = "By when"}, {.content = "State"}};
    for (const auto& one : story.actions) {
        Html state = action_tag(visit, one);
        if (one.answered)
            state += Html(fmt::format(" {}, {}", one.answered_by, when_words(visit.zone(), *one.answered)));
        if (!one.answer.empty()) state += paragraph(one.answer);
        o.rows.push_back({{.content = one.text.empty() ? std::string("An action") : one.text},
                          labelled("By whom", one.who.empty() ? one.owner : one.who + ", " + one.owner),
                          labelled("By when", one.due ? format_long(*one.due) : std::string("No day given")),
                          labelled("State", state)});
    }
    return table(o);
}

Html minutes_words(const Visit& visit, const casework::MeetingStory& story) {
    Html out = heading(2, "Who came", "m");
    std::vector<SummaryRow> rows;
    const auto add = [&](const char* key, const std::string& words) {
        if (!words.empty()) rows.push_back({.key = key, .value = words});
    };
    add("Held", when_words(visit.zone(), story.held->entry.row.at));
    add("Came", agencies_in(visit, *story.held, "attended"));
    add("Apologies", agencies_in(visit, *story.held, "apologies"));
    for (const auto& [label, value] : story.held->details) {
        const auto* kind = visit.office().catalogue.find(story.held->entry.row.kind);
        const auto is = [&](const char* name) {
            const auto* field = kind == nullptr ? nullptr : kind->field(name);
            return field != nullptr && field->label == label;
        };
        if (!is("attended") && !is("apologies") && !is("type")) rows.push_back({.key = label, .value = value});
    }
    out += summary_list({.rows = std::move(rows)});
    out += heading(2, "What was decided", "m");
    if (story.decisions.empty()) out += paragraph("No decision is minuted.");
    int n = 0;
    for (const auto& one : story.decisions) {
        ++n;
        out += heading(3, fmt::format("Decision {}", n), "s") +
               paragraph(one.text.empty() ? Html("You may know that there is one, and not what it says.")
                                          : Html(one.text));
        for (const auto& dissent : one.dissents)
            out += inset_text({.content = paragraph(fmt::format("{} disagrees: {}", dissent.who, dissent.text))});
    }
    return out + heading(2, "Who does what by when", "m") + actions_of_meeting(visit, story);
}

bool beside(Typed& typed, const Fault& fault, std::initializer_list<std::string_view> fields) {
    if (fault.kind != FaultKind::invalid && fault.kind != FaultKind::held) return false;
    for (const auto field : fields) {
        if (fault.place != field) continue;
        typed.fault(field, fault.reason + " " + fault.mend);
        return true;
    }
    return false;
}

Html person_question(const Typed& typed, const std::string& name, const Html& question, const Html& hint,
                     const std::vector<std::pair<std::string, std::string>>& people, const char* none) {
    std::vector<SelectItem> items{{.text = none, .value = ""}};
    for (const auto& [key, words] : people) items.push_back({.text = words, .value = key});
    return select({.name = name,
                   .label = {.text = question, .classes = "govuk-label--s"},
                   .hint = {.text = hint},
                   .error_message = typed.message(name),
                   .items = std::move(items),
                   .value = typed.value(name)});
}

}  // namespace waymark::web
