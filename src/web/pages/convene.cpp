// A child's meetings, and calling one: who must be there is filled in, people are invited by name. What was called is
// called anew, never overwritten.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/details.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

std::string call_url(ViewId person, const std::string& type) {
    return meetings_url(person) + "/new/" + type;
}
std::string change_url(EntryId meeting) {
    return meeting_url(meeting) + "/change";
}

Html meeting_state(const Visit& visit, const casework::MeetingStory& story) {
    if (story.held != nullptr)
        return tag({.text = "Held", .classes = "govuk-tag--green"}) + Html(" ") +
               Html(when_words(visit.zone(), story.held->entry.row.at));
    if (story.cancelled != nullptr) return tag({.text = "Cancelled", .classes = "govuk-tag--grey"});
    if (story.on && *story.on < visit.today()) return tag({.text = "Not recorded", .classes = "govuk-tag--red"});
    return tag({.text = "To come", .classes = "govuk-tag--blue"});
}

// ---- the list -------------------------------------------------------------------------------------------------------

Result<Response> show_meetings_of(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto child = TRY(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    const auto stories = casework::meetings_in(visit.office(), child.lines);
    Page page = child_frame(visit, child, "Meetings", ChildPart::meetings);
    page.content += heading(1, "Meetings", "l");
    if (stories.empty()) page.content += paragraph("No meeting is in the record.");
    TableOptions o;
    o.caption = "Meetings about this child, the newest first";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Meeting"}, {.content = "Day"}, {.content = "State"}, {.content = "Actions"}};
    for (const auto& one : stories) {
        const auto open = std::count_if(one.actions.begin(), one.actions.end(),
                                        [](const casework::MeetingAction& action) { return !action.ended(); });
        o.rows.push_back(
            {{.content = link(meeting_url(one.meeting), one.label)},
             labelled("Day", one.on ? Html(format_long(*one.on)) : Html("Not given")),
             labelled("State", meeting_state(visit, one)),
             labelled("Actions", one.actions.empty() ? std::string("None")
                                                     : fmt::format("{} of {} to do", open, one.actions.size()))});
    }
    if (!o.rows.empty()) page.content += table(o);
    if (visit.may(record::Action::append, "meeting.convened")) {
        std::vector<Html> types;
        for (const auto& [code, words] : choices_of(visit.office().catalogue, "meeting.convened", "type"))
            types.push_back(link(call_url(child.person, code), words));
        page.content += heading(2, "Call a meeting", "m") + bullets(types);
    }
    return visit.show(page);
}

// ---- the call -------------------------------------------------------------------------------------------------------

struct CallForm {
    const Visit& visit;
    const casework::ToCall& to_call;
    std::string type;
    std::string label;
    std::string url;
    const casework::MeetingStory* before = nullptr;  // of a call that changes one
};

Html invitees(const CallForm& o, const Typed& typed) {
    Html content;
    for (const auto required : {true, false}) {
        std::vector<ChoiceItem> items;
        for (const auto& agency : o.to_call.agencies) {
            if (agency.required != required) continue;
            for (const auto& one : agency.people) {
                items.push_back({.text = fmt::format("{}, {}", one.name, agency.name),
                                 .value = one.practitioner,
                                 .hint = {.text = one.role + (one.works_with ? ": works with this child" : "")},
                                 .id = "people-" + one.practitioner});
            }
        }
        if (items.empty()) continue;
        content += checkboxes(
            {.name = "people",
             .id_prefix = required ? "people" : "more-people",
             .fieldset = FieldsetOptions{.legend = {.text = required ? "Whom do you invite of those that must be there?"
                                                                     : "Whom else do you invite?",
                                                    .classes = "govuk-fieldset__legend--s"}},
             .hint = {.text = required
                                  ? "Somebody of each agency is chosen already. They see the child’s name and date "
                                    "of birth, and this page’s answers."
                                  : ""},
             .error_message = required ? typed.message("people") : ErrorMessageOptions{},
             .items = std::move(items),
             .values = typed.all("people"),
             .classes = "govuk-checkboxes--small"});
    }
    return content;
}

Html text_question(const Typed& typed, const std::string& name, const Html& question, const Html& hint, int rows = 0) {
    if (rows == 0)
        return input({.name = name,
                      .label = {.text = question, .classes = "govuk-label--s"},
                      .hint = {.text = hint},
                      .error_message = typed.message(name),
                      .value = typed.value(name),
                      .autocomplete = "off"});
    return textarea({.name = name,
                     .label = {.text = question, .classes = "govuk-label--s"},
                     .hint = {.text = hint},
                     .error_message = typed.message(name),
                     .value = typed.value(name),
                     .rows = rows,
                     .spellcheck = true});
}

// Of each required agency the first who is offered; those who were invited before.
Form prefilled(const CallForm& o) {
    Form form;
    if (o.before != nullptr) {
        for (const auto& one : o.before->invited) form.add("people", one.practitioner);
        for (const auto& [name, value] :
             {std::pair("starts", o.before->starts), std::pair("place", o.before->place),
              std::pair("link", o.before->link), std::pair("chair", o.before->chair),
              std::pair("minute_taker", o.before->minute_taker), std::pair("purpose", o.before->purpose),
              std::pair("without", o.before->without)})
            form.add(name, value);
        if (o.before->on) {
            const std::chrono::year_month_day day{*o.before->on};
            form.add("on-day", std::to_string(static_cast<unsigned>(day.day())));
            form.add("on-month", std::to_string(static_cast<unsigned>(day.month())));
            form.add("on-year", std::to_string(static_cast<int>(day.year())));
        }
        return form;
    }
    for (const auto& agency : o.to_call.agencies) {
        if (agency.required) form.add("people", agency.people.front().practitioner);
    }
    return form;
}

Html call_fields(const CallForm& o, const Typed& typed) {
    Html content = day_question(typed, "on", "When is the meeting?", "For example, 27 3 2026.");
    content += input({.name = "starts",
                      .label = {.text = "At what time?", .classes = "govuk-label--s"},
                      .hint = {.text = "For example, 14:30 or 2:30pm."},
                      .error_message = typed.message("starts"),
                      .value = typed.value("starts"),
                      .classes = "govuk-input--width-5",
                      .autocomplete = "off"});
    content += text_question(typed, "place", "Where?", "A room, or “online”. Do not write the child’s name.");
    content += text_question(typed, "link", "Link or telephone number to join from elsewhere (optional)", "");
    content += person_question(typed, "chair", "Who chairs it?", "", o.to_call.chairs, "Not decided yet");
    content += person_question(typed, "minute_taker", "Who takes the minutes?", "", o.to_call.minute_takers,
                               "Not decided yet");
    content += invitees(o, typed);
    content += text_question(typed, "without", "If a required agency is not invited: why? (optional)", "", 2);
    content += text_question(typed, "purpose", "What is it for? (optional)",
                             "Everybody who is invited reads this. A sentence, and nothing of the record.", 2);
    if (o.before != nullptr)
        content +=
            text_question(typed, "changes", "What changes, and why?", "Everybody who is invited is asked again.", 2);
    return content;
}

Response call_page(const CallForm& o, const KeptForm& form, unsigned status) {
    const auto& visit = o.visit;
    const bool fresh = !form.typed.has("purpose") && form.typed.good();
    const Typed filled(prefilled(o));
    const Typed& typed = fresh ? filled : form.typed;
    Page page = child_frame(visit, o.to_call.child, o.before == nullptr ? "Call a meeting" : "Change a meeting",
                            ChildPart::meetings);
    page.back_link = BackLinkOptions{.href = o.before == nullptr ? meetings_url(o.to_call.child.person)
                                                                 : meeting_url(o.before->meeting)};
    page.errors = typed.summary();
    page.content += heading(1, o.label, "l");
    if (o.before != nullptr)
        page.content +=
            inset_text({.content = paragraph("The first call stays in the record and shows that it was changed.")});
    if (o.to_call.named_only)
        page.content += inset_text({.content = paragraph("Access to this record is restricted. Only the people who are "
                                                         "named for it can be invited.")});
    page.content += heading(2, "Who must be there", "m") + required_words(visit, o.to_call.counting, o.label);
    if (o.to_call.agencies.empty()) {
        page.content += paragraph("There is nobody who could be invited.");
        return visit.show(page);
    }
    Html content = call_fields(o, typed);
    content +=
        button({.text = o.before == nullptr ? "Call the meeting" : "Change the meeting", .prevent_double_click = true});
    Visit::FormOptions options{.action = o.url, .key = form.key, .draft_url = form.autosave};
    if (o.before != nullptr) {
        const auto seen = form.typed.value("seen");
        options.hidden.emplace_back("seen", seen.empty() ? to_string(o.before->call()->entry.row.entry) : seen);
    }
    page.content += visit.form(options, content);
    return visit.show(page, status);
}

// "14:30", "2.30pm": as it is read, so that everybody reads the same.
std::string read_start(Typed& typed) {
    const auto text = to_lower_ascii(typed.text("starts", "the time"));
    if (text.empty()) {
        typed.fault("starts", "Enter at what time the meeting starts, like 14:30");
        return {};
    }
    int hour = -1;
    int minute = 0;
    std::size_t at = 0;
    const auto digits = [&](int& into) {
        std::size_t n = 0;
        for (into = 0; at < text.size() && n < 2 && text[at] >= '0' && text[at] <= '9'; ++at, ++n)
            into = into * 10 + (text[at] - '0');
        return n > 0;
    };
    bool good = digits(hour);
    if (good && at < text.size() && (text[at] == ':' || text[at] == '.')) {
        ++at;
        const auto from = at;
        good = digits(minute) && at - from == 2;
    }
    const auto half = trim(std::string_view(text).substr(at));
    if (half == "am" || half == "pm") {
        good = good && hour >= 1 && hour <= 12;
        hour = hour % 12 + (half == "pm" ? 12 : 0);
    } else {
        good = good && half.empty();
    }
    if (!good || hour > 23 || minute > 59) {
        typed.fault("starts", "Enter a time, like 14:30 or 2:30pm");
        return {};
    }
    return fmt::format("{}:{:02}", hour, minute);
}

casework::CallRequest read_call(const CallForm& o, KeptForm& form) {
    Typed& typed = form.typed;
    casework::CallRequest request;
    request.key = form.key;
    request.child = o.to_call.child.person;
    request.type = o.type;
    request.on = day_to_come(o.visit, typed, "on", "Enter the day of the meeting");
    request.starts = read_start(typed);
    request.place = typed.text("place", "the place");
    request.link = typed.text("link", "the link");
    if (request.place.empty() && request.link.empty()) typed.fault("place", "Enter where the meeting is");
    request.chair = typed.value("chair");
    request.minute_taker = typed.value("minute_taker");
    const auto known = [](const auto& list, const std::string& key) {
        return key.empty() || std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.first == key; });
    };
    if (!known(o.to_call.chairs, request.chair)) typed.fault("chair", "Choose among the people on the page");
    if (!known(o.to_call.minute_takers, request.minute_taker))
        typed.fault("minute_taker", "Choose among the people on the page");
    request.purpose = typed.text("purpose", "what it is for");
    request.without = typed.text("without", "the reason");
    request.people = typed.all("people");
    if (request.people.empty()) typed.fault("people", "Choose who is invited");
    if (o.before != nullptr) {
        request.meeting = o.before->meeting;
        request.changes = typed.required_text("changes", "what changes", "Enter what changes, and why");
        if (const auto seen = parse_id<EntryId>(typed.value("seen"))) request.seen = *seen;
    }
    return request;
}

// Somebody changed, held or cancelled it meanwhile: what stands, beside what was typed, which can be sent again.
Response both_calls(const CallForm& o, const KeptForm& form, const Fault& why) {
    Page page = child_frame(o.visit, o.to_call.child, "Somebody changed this before you", ChildPart::meetings);
    page.content += heading(1, "Somebody changed this before you", "l");
    page.content += paragraph(why.reason + " Nothing that you typed is lost. Compare the two.");
    page.content += heading(2, "What stands now", "m") + summary_list({.rows = call_rows(o.visit, *o.before)});
    page.content += paragraph(link(meeting_url(o.before->meeting), "Open the meeting as it stands"));
    page.content += heading(2, "What you typed", "m");
    std::vector<SummaryRow> rows;
    const auto& typed = form.typed;
    rows.push_back({.key = "When",
                    .value = fmt::format("{} {} {} at {}", typed.value("on-day"), typed.value("on-month"),
                                         typed.value("on-year"), typed.value("starts"))});
    for (const auto& [name, words] :
         {std::pair("place", "Where"), std::pair("link", "To join from elsewhere"),
          std::pair("purpose", "What it is for"), std::pair("changes", "What changes, and why")})
        if (!typed.value(name).empty()) rows.push_back({.key = words, .value = typed.value(name)});
    page.content += summary_list({.rows = std::move(rows)});
    if (o.before->held == nullptr && o.before->cancelled == nullptr && o.before->call() != nullptr) {
        Visit::FormOptions options{.action = o.url, .key = form.key};
        options.hidden.emplace_back("seen", to_string(o.before->call()->entry.row.entry));
        for (const auto& [name, values] : typed.form().fields()) {
            if (name == "csrf" || name == "key" || name == "seen") continue;
            for (const auto& value : values) options.hidden.emplace_back(name, value);
        }
        page.content += o.visit.form(
            options, button({.text = "Send what you typed all the same", .classes = "govuk-button--secondary"}));
    }
    return o.visit.show(page, 409);
}

Result<Response> take_call(const CallForm& o, KeptForm& form) {
    const auto& visit = o.visit;
    const auto request = read_call(o, form);
    if (form.typed.good()) {
        const auto done = casework::call_meeting(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(meeting_url(*done));
        }
        if (done.error().kind == FaultKind::conflict && done.error().place == "seen")
            return both_calls(o, form, done.error());
        if (!beside(form.typed, done.error(), {"on", "place", "people", "without", "changes"}))
            return tl::unexpected(done.error());
    }
    return call_page(o, form, 422);
}

Result<std::string> type_called(const Visit& visit, const std::string& type) {
    for (const auto& [code, words] : choices_of(visit.office().catalogue, "meeting.convened", "type"))
        if (code == type) return words;
    return fault(FaultKind::missing, "type", "There is no such kind of meeting.",
                 "Choose one from the child’s meetings.");
}

Result<Response> show_new_call(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const std::string type(visit.parameter("type"));
    const auto label = TRY(type_called(visit, type));
    const auto to_call = TRY(casework::meeting_to_call(visit.office(), visit.asker(), person, type));
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "call", call_url(person, type));
    return call_page({visit, to_call, type, label, call_url(person, type)}, *form, 200);
}

Result<Response> take_new_call(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const std::string type(visit.parameter("type"));
    const auto label = TRY(type_called(visit, type));
    auto form = TRY(sent_kept_form(visit, "call", call_url(person, type)));
    const auto to_call = TRY(casework::meeting_to_call(visit.office(), visit.asker(), person, type));
    return take_call({visit, to_call, type, label, call_url(person, type)}, form);
}

Result<Response> with_change(Visit& visit, bool taken) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    const auto page = TRY(casework::meeting_page(visit.office(), visit.asker(), id));
    if (page.story.call() == nullptr)
        return fault(FaultKind::missing, "meeting", "This meeting was not called here.",
                     "Open it from the child’s record.");
    const auto to_call =
        TRY(casework::meeting_to_call(visit.office(), visit.asker(), page.child.person, page.story.type));
    const CallForm o{
        visit, to_call, page.story.type, "Change: " + page.story.label, change_url(page.story.meeting), &page.story};
    if (taken) {
        auto form = TRY(sent_kept_form(visit, "call", o.url));
        return take_call(o, form);
    }
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "call", o.url);
    return call_page(o, *form, 200);
}

Result<Response> show_change(Visit& visit) {
    return with_change(visit, false);
}
Result<Response> take_change(Visit& visit) {
    return with_change(visit, true);
}

}  // namespace

std::vector<PageRoute> convene_pages() {
    return {{{Method::get, "/children/:person/meetings", Shows::record, "child.meetings"}, show_meetings_of},
            {{Method::get, "/children/:person/meetings/new/:type", Shows::record, "meeting.call"}, show_new_call},
            {{Method::post, "/children/:person/meetings/new/:type", Shows::record, "meeting.call"}, take_new_call},
            {{Method::get, "/meetings/:meeting/change", Shows::record, "meeting.change"}, show_change},
            {{Method::post, "/meetings/:meeting/change", Shows::record, "meeting.change"}, take_change}};
}

}  // namespace waymark::web
