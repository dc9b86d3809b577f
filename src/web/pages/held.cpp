// One meeting: its call and answers, who came, what was decided one by one, to whom the minutes went. From here it is
// recorded, minuted, sent and cancelled.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "casework/adding.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/components/timeline.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/add_fields.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/meeting_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using casework::MeetingPage;
using casework::MeetingStory;

std::string attendance_url(EntryId meeting) {
    return meeting_url(meeting) + "/attendance";
}

std::string fresh_key(const Visit& visit, const Typed& typed) {
    return parse_uuid(typed.value("key")) ? typed.value("key") : to_string(make_uuid4(visit.office().random));
}

// ---- what the page says ---------------------------------------------------------------------------------------------

Html answer_tag(const casework::Invited& one) {
    if (one.outcome == "coming") return tag({.text = "Comes", .classes = "govuk-tag--green"});
    if (one.outcome == "apologies") return tag({.text = "Sends somebody else", .classes = "govuk-tag--yellow"});
    if (one.outcome == "cannot") return tag({.text = "Cannot come", .classes = "govuk-tag--red"});
    return tag({.text = "No answer yet", .classes = "govuk-tag--blue"});
}

Html invited_table(const Visit& visit, const MeetingStory& story) {
    if (story.invited.empty()) return paragraph("Nobody was invited by name.");
    TableOptions o;
    o.caption = "Who is invited, and what they answered";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"}, {.content = "Agency"}, {.content = "Answer"}};
    for (const auto& one : story.invited) {
        Html answer = answer_tag(one);
        if (!one.instead.empty()) answer += Html(" " + one.instead + " comes instead");
        if (one.answered)
            answer += Html(fmt::format(" {}, {}", one.answered_by, when_words(visit.zone(), *one.answered)));
        if (!one.text.empty()) answer += paragraph(one.text);
        o.rows.push_back({{.content = one.name}, labelled("Agency", one.agency_name), labelled("Answer", answer)});
    }
    return table(o);
}

Html contributions_of(const Visit& visit, const MeetingStory& story) {
    Html out;
    for (const auto& one : story.contributions)
        out += details(
            {.summary = fmt::format("In writing from {}, {}, {}", one.by, one.agency, when_words(visit.zone(), one.at)),
             .content = paragraph(one.text.empty() ? Html("You may know that there is one, and not what it says.")
                                                   : Html(one.text)),
             .open = true});
    return out.empty() ? out : heading(2, "Sent in writing", "m") + out;
}

Html receipts_of(const Visit& visit, const MeetingStory& story) {
    if (story.sent.empty()) return paragraph("The minutes have not been sent yet.");
    TableOptions o;
    o.caption = "Who has had the minutes, and who has read them";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"}, {.content = "Sent"}, {.content = "Read"}};
    for (const auto& one : story.sent) {
        Html read = one.read ? tag({.text = "Read", .classes = "govuk-tag--green"}) +
                                   Html(" " + when_words(visit.zone(), *one.read))
                             : tag({.text = "Not yet", .classes = "govuk-tag--blue"});
        if (!one.remark.empty()) read += paragraph(one.remark);
        o.rows.push_back({{.content = one.name + ", " + one.agency_name},
                          labelled("Sent", when_words(visit.zone(), one.sent)),
                          labelled("Read", read)});
    }
    return table(o);
}

Html calls_of(const Visit& visit, const MeetingStory& story) {
    if (story.calls.size() < 2) return {};
    TimelineOptions o{.heading_level = 3};
    for (auto call = story.calls.rbegin(); call != story.calls.rend(); ++call) {
        const auto& line = **call;
        const auto changes = std::string(string_or(line.entry.body, "changes", ""));
        const auto day = parse_date(string_or(line.entry.body, "on", ""));
        o.items.push_back({.label = call + 1 == story.calls.rend() ? "Called" : "Called anew",
                           .byline = author_words(line),
                           .machine_date = machine_time(line.entry.row.recorded),
                           .shown_date = moment_words(visit.zone(), line.entry.row.recorded),
                           .content = paragraph(day ? "For " + format_long(*day) : std::string("No day given")) +
                                      (changes.empty() ? Html() : paragraph(changes))});
    }
    return heading(2, "How it was called", "m") + timeline(o);
}

// ---- small forms of the page ----------------------------------------------------------------------------------------

struct SmallForm {
    std::string which;  // of the address: "decisions", "actions", "dissent", "minutes", "cancel"
    const Typed* typed = nullptr;
};
const Typed nothing_typed;

Html text_of_form(const Typed& typed, const std::string& which, const Html& question, const Html& hint) {
    return textarea({.name = "text",
                     .id = "text-" + which,
                     .label = {.text = question, .classes = "govuk-label--s"},
                     .hint = {.text = hint},
                     .error_message = typed.message("text"),
                     .value = typed.value("text"),
                     .rows = 3,
                     .spellcheck = true});
}

Html small(const Visit& visit, const MeetingPage& page, const std::string& which, const Typed& typed, const Html& title,
           Html content, const char* send) {
    content += button({.text = send, .classes = "govuk-button--secondary", .prevent_double_click = true});
    const auto form =
        visit.form({.action = meeting_url(page.story.meeting) + "/" + which, .key = fresh_key(visit, typed)}, content);
    return details({.summary = title, .content = form, .open = !typed.good()});
}

std::vector<SelectItem> practitioner_items(const Visit& visit, const MeetingStory& story) {
    std::vector<SelectItem> items{{.text = "Nobody named", .value = ""}};
    for (const auto& [key, words] : casework::minutes_readers(visit.office(), story))
        items.push_back({.text = words, .value = key});
    return items;
}

Html action_form(const Visit& visit, const MeetingStory& story, const Typed& typed) {
    Html content = text_of_form(typed, "actions", "What is to be done?", "");
    std::vector<SelectItem> owners{{.text = "Choose an agency", .value = ""}};
    for (const auto& agency : visit.office().profile.agencies)
        owners.push_back({.text = agency.name, .value = agency.key});
    content += select({.name = "owner",
                       .label = {.text = "By which agency?", .classes = "govuk-label--s"},
                       .error_message = typed.message("owner"),
                       .items = std::move(owners),
                       .value = typed.value("owner")});
    content += select({.name = "practitioner",
                       .label = {.text = "By whom? (optional)", .classes = "govuk-label--s"},
                       .hint = {.text = "Where nobody is named, it stands on the My day of everybody of the agency."},
                       .error_message = typed.message("practitioner"),
                       .items = practitioner_items(visit, story),
                       .value = typed.value("practitioner")});
    return content + day_question(typed, "due", "By when?", "");
}

Html dissent_form(const MeetingStory& story, const Visit& visit, const Typed& typed) {
    std::vector<ChoiceItem> decisions;
    int n = 0;
    for (const auto& one : story.decisions)
        decisions.push_back({.text = fmt::format("Decision {}: {}", ++n, one.text.substr(0, 120)),
                             .value = to_string(one.line->entry.row.entry)});
    Html content =
        radios({.name = "decision",
                .fieldset =
                    FieldsetOptions{.legend = {.text = "With which decision?", .classes = "govuk-fieldset__legend--s"}},
                .error_message = typed.message("decision"),
                .items = std::move(decisions),
                .value = typed.value("decision"),
                .classes = "govuk-radios--small"});
    content += select({.name = "practitioner",
                       .id = "practitioner-dissent",
                       .label = {.text = "Who disagrees?", .classes = "govuk-label--s"},
                       .error_message = typed.message("practitioner"),
                       .items = practitioner_items(visit, story),
                       .value = typed.value("practitioner")});
    return content + text_of_form(typed, "dissent", "Why, in their words?", "");
}

Html send_form(const Visit& visit, const MeetingStory& story, const Typed& typed) {
    std::vector<ChoiceItem> items;
    std::vector<std::string> chosen = typed.all("people");
    std::set<std::string> had;
    for (const auto& one : story.sent) had.insert(one.practitioner);
    for (const auto& [key, words] : casework::minutes_readers(visit.office(), story)) {
        items.push_back({.text = words, .value = key, .hint = {.text = had.contains(key) ? "Has had them" : ""}});
        if (typed.good() && typed.all("people").empty() && !had.contains(key)) chosen.push_back(key);
    }
    return checkboxes(
        {.name = "people",
         .fieldset = FieldsetOptions{.legend = {.text = "To whom?", .classes = "govuk-fieldset__legend--s"}},
         .hint = {.text = "They see the minutes of this meeting, and nothing else of the record."},
         .error_message = typed.message("people"),
         .items = std::move(items),
         .values = std::move(chosen),
         .classes = "govuk-checkboxes--small"});
}

Html what_to_do(const Visit& visit, const MeetingPage& page, const SmallForm& returned) {
    const auto& story = page.story;
    const auto of = [&](const char* which) -> const Typed& {
        return returned.which == which && returned.typed != nullptr ? *returned.typed : nothing_typed;
    };
    const auto may = [&](std::string_view kind) { return visit.may(record::Action::append, kind); };
    const auto as = casework::held_as(story.type);
    Html out;
    if (story.cancelled != nullptr) return out;
    if (story.held == nullptr) {
        if (may(as.kind))
            out += button({.text = "Record the meeting: who came", .href = attendance_url(story.meeting)});
        if (story.call() != nullptr && may("meeting.convened")) {
            out += button({.text = "Change the day, the place or who is invited",
                           .href = meeting_url(story.meeting) + "/change",
                           .classes = "govuk-button--secondary"});
            out += small(
                visit, page, "cancel", of("cancel"), "Cancel the meeting",
                text_of_form(of("cancel"), "cancel", "Why is it cancelled?", "Everybody who was invited reads it."),
                "Cancel the meeting");
        }
        return out;
    }
    if (may("meeting.decided")) {
        out +=
            small(visit, page, "decisions", of("decisions"), "Minute a decision",
                  text_of_form(of("decisions"), "decisions", "What was decided, and why?", "One decision at a time."),
                  "Add the decision");
        out += small(visit, page, "actions", of("actions"), "Minute an action",
                     action_form(visit, story, of("actions")), "Add the action");
        if (!story.decisions.empty())
            out += small(visit, page, "dissent", of("dissent"), "Record that somebody disagrees",
                         dissent_form(story, visit, of("dissent")), "Record it");
        out += small(visit, page, "minutes", of("minutes"), "Send the minutes", send_form(visit, story, of("minutes")),
                     "Send the minutes");
    }
    if (story.call() != nullptr && may(as.kind))
        out += button(
            {.text = "Correct who came", .href = attendance_url(story.meeting), .classes = "govuk-button--secondary"});
    return out;
}

Response meeting_page_of(const Visit& visit, const MeetingPage& meeting, const SmallForm& returned, unsigned status) {
    const auto& story = meeting.story;
    Page page = child_frame(visit, meeting.child, "Meeting", ChildPart::meetings);
    page.back_link = BackLinkOptions{.href = meetings_url(meeting.child.person)};
    if (returned.typed != nullptr) {
        page.errors = returned.typed->summary();
        for (auto& one : page.errors)
            for (const char* name : {"#text", "#practitioner"})
                if (one.href == name && (returned.which != "actions" || one.href == "#text"))
                    one.href += "-" + returned.which;
    }
    page.content += heading(1, story.label, "l");
    if (story.cancelled != nullptr)
        page.content += warning_text({.text = "This meeting was cancelled: " +
                                              std::string(string_or(story.cancelled->entry.body, "reason", ""))});
    page.content += summary_list({.rows = call_rows(visit, story)});
    if (!story.without.empty())
        page.content += inset_text({.content = paragraph("A required agency is not invited: " + story.without)});
    if (story.held != nullptr) {
        page.content += counted_words(meeting.counting) + minutes_words(visit, story);
        std::vector<Html> entries;
        for (const auto& one : story.decisions)
            entries.push_back(
                link(entry_url(one.line->entry.row.entry), fmt::format("Decision {}", entries.size() + 1)));
        const auto decisions = entries.size();
        for (const auto& one : story.actions)
            entries.push_back(
                link(entry_url(one.line->entry.row.entry), fmt::format("Action {}", entries.size() - decisions + 1)));
        entries.push_back(link(entry_url(story.held->entry.row.entry), "The meeting as it was recorded"));
        page.content += details({.summary = "The entries, to read or to correct", .content = bullets(entries)});
        page.content += what_to_do(visit, meeting, returned);
        page.content += heading(2, "Who has had the minutes", "m") + receipts_of(visit, story);
    } else {
        page.content += what_to_do(visit, meeting, returned);
        page.content += heading(2, "Who must be there", "m") + required_words(visit, meeting.counting, story.label);
    }
    if (!story.calls.empty()) page.content += heading(2, "Who is invited", "m") + invited_table(visit, story);
    page.content += contributions_of(visit, story) + calls_of(visit, story);
    page.content += print_button();
    return visit.show(page, status);
}

Result<Response> show_meeting(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    return meeting_page_of(visit, TRY(casework::meeting_page(visit.office(), visit.asker(), id)), {}, 200);
}

// ---- minuting, one by one -------------------------------------------------------------------------------------------

// An entry about the meeting through the one verb for entries; what is wrong comes back to its form.
Result<Response> minute(Visit& visit, const std::string& which, const std::string& kind,
                        const std::function<json::object(const MeetingPage&, Typed&)>& read,
                        const std::function<EntryId(const MeetingPage&, Typed&)>& about) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    const auto page = TRY(casework::meeting_page(visit.office(), visit.asker(), id));
    Typed& typed = visit.typed;
    if (page.story.held == nullptr)
        return fault(FaultKind::conflict, "meeting", "The meeting is not recorded yet.", "Record who came first.");
    casework::AddRequest request;
    request.key = visit.form_key();
    request.person = page.child.person;
    request.kind = kind;
    request.body = read(page, typed);
    request.about = about(page, typed);
    if (typed.good()) {
        const auto done = casework::add_entry(visit.office(), visit.asker(), request);
        if (done) return Visit::see(meeting_url(page.story.meeting));
        if (!beside(typed, done.error(), {"text", "owner", "practitioner", "due"})) return tl::unexpected(done.error());
    }
    return meeting_page_of(visit, page, {which, &typed}, 422);
}

EntryId held_of(const MeetingPage& page, Typed&) {
    return page.story.held->entry.row.entry;
}

std::string one_of_readers(const Visit& visit, const MeetingPage& page, Typed& typed, const char* if_none) {
    const auto who = typed.value("practitioner");
    const auto readers = casework::minutes_readers(visit.office(), page.story);
    if (who.empty()) {
        if (if_none != nullptr) typed.fault("practitioner", if_none);
        return {};
    }
    if (std::none_of(readers.begin(), readers.end(), [&](const auto& one) { return one.first == who; }))
        typed.fault("practitioner", "Choose among the people on the page");
    return who;
}

Result<Response> take_decision(Visit& visit) {
    return minute(
        visit, "decisions", "meeting.decided",
        [](const MeetingPage&, Typed& typed) {
            return json::object{{"text", typed.required_text("text", "the decision", "Enter what was decided")}};
        },
        held_of);
}

Result<Response> take_action(Visit& visit) {
    return minute(
        visit, "actions", "action.agreed",
        [&](const MeetingPage& page, Typed& typed) {
            json::object body{{"text", typed.required_text("text", "what is to be done", "Enter what is to be done")}};
            std::vector<std::string> agencies;
            for (const auto& agency : visit.office().profile.agencies) agencies.push_back(agency.key);
            body["owner"] = typed.choice("owner", agencies, "Choose by which agency");
            if (const auto who = one_of_readers(visit, page, typed, nullptr); !who.empty()) {
                const auto* known = visit.office().profile.practitioner(who);
                if (known != nullptr && typed.good() && known->agency != typed.value("owner"))
                    typed.fault("practitioner",
                                "This person is of another agency. Choose one of the agency that does it");
                body["practitioner"] = who;
            }
            if (const auto due = day_to_come(visit, typed, "due", "Enter by when it is to be done"))
                body["due"] = format_date(*due);
            return body;
        },
        held_of);
}

Result<Response> take_dissent(Visit& visit) {
    EntryId decision;
    return minute(
        visit, "dissent", "dissent.recorded",
        [&](const MeetingPage& page, Typed& typed) {
            std::vector<std::string> decisions;
            for (const auto& one : page.story.decisions) decisions.push_back(to_string(one.line->entry.row.entry));
            const auto chosen = typed.choice("decision", decisions, "Choose the decision");
            if (const auto id = parse_id<EntryId>(chosen)) decision = *id;
            return json::object{{"practitioner", one_of_readers(visit, page, typed, "Choose who disagrees")},
                                {"text", typed.required_text("text", "the reason", "Enter why, in their words")}};
        },
        [&](const MeetingPage&, Typed&) { return decision; });
}

Result<Response> take_minutes(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    Typed& typed = visit.typed;
    if (typed.all("people").empty()) typed.fault("people", "Choose who gets the minutes");
    if (typed.good()) {
        const auto done =
            casework::send_minutes(visit.office(), visit.asker(), {visit.form_key(), id, typed.all("people")});
        if (done) return Visit::see(meeting_url(id));
        if (!beside(typed, done.error(), {"people"})) return tl::unexpected(done.error());
    }
    return meeting_page_of(visit, TRY(casework::meeting_page(visit.office(), visit.asker(), id)), {"minutes", &typed},
                           422);
}

Result<Response> take_cancel(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    Typed& typed = visit.typed;
    const auto reason = typed.required_text("text", "the reason", "Enter why it is cancelled");
    if (typed.good()) {
        const auto done = casework::cancel_meeting(visit.office(), visit.asker(), {visit.form_key(), id, reason});
        if (done) return Visit::see(meeting_url(id));
        return tl::unexpected(done.error());
    }
    return meeting_page_of(visit, TRY(casework::meeting_page(visit.office(), visit.asker(), id)), {"cancel", &typed},
                           422);
}

// ---- who came -------------------------------------------------------------------------------------------------------

struct AttendanceForm {
    const Visit& visit;
    const MeetingPage& page;
    content::Kind rest;  // what else this kind of meeting asks
};

AttendanceForm attendance_form(const Visit& visit, const MeetingPage& page) {
    AttendanceForm o{visit, page, {}};
    if (const auto* kind = visit.office().catalogue.find(casework::held_as(page.story.type).kind)) o.rest = *kind;
    std::erase_if(o.rest.fields, [](const content::Field& field) {
        return field.name == "attended" || field.name == "apologies" || field.name == "type" ||
               field.name == "exceptional" || field.name == "below_quorum" || field.name == "decisions";
    });
    return o;
}

// People first, by name; then agencies that came without an invitation.
std::vector<std::pair<std::string, std::string>> attendable(const AttendanceForm& o) {
    std::vector<std::pair<std::string, std::string>> out;
    std::set<std::string> agencies;
    for (const auto& one : o.page.story.invited) {
        agencies.insert(one.agency);
        out.emplace_back("p:" + one.practitioner, fmt::format("{}, {}", one.name, one.agency_name));
        if (!one.instead.empty())
            out.emplace_back("i:" + one.practitioner,
                             fmt::format("{}, {} (instead of {})", one.instead, one.agency_name, one.name));
    }
    for (const auto& agency : o.visit.office().profile.agencies) {
        out.emplace_back("a:" + agency.key,
                         agencies.contains(agency.key) ? agency.name + ": somebody else" : agency.name);
    }
    return out;
}

Form attendance_prefilled(const AttendanceForm& o) {
    Form form;
    const auto& story = o.page.story;
    if (story.held != nullptr) {
        form = form_of(o.rest, story.held->entry.body);
        form.add("below_quorum", std::string(string_or(story.held->entry.body, "below_quorum", "")));
        for (const char* field : {"attended", "apologies"}) {
            const auto* list = find(story.held->entry.body, field);
            if (list == nullptr || !list->is_array()) continue;
            for (const auto& value : list->get_array()) {
                const auto* object = value.if_object();
                const auto agency = object != nullptr   ? std::string(string_or(*object, "agency", ""))
                                    : value.is_string() ? std::string(value.get_string())
                                                        : std::string();
                const auto name = object == nullptr ? std::string_view() : string_or(*object, "name", "");
                std::string chosen = "a:" + agency;
                for (const auto& one : story.invited) {
                    if (one.agency != agency) continue;
                    if (one.instead == name && !name.empty()) chosen = "i:" + one.practitioner;
                    if (one.name == name) chosen = "p:" + one.practitioner;
                }
                form.add(field, chosen);
            }
        }
        const std::chrono::year_month_day day{o.visit.zone().day_of(story.held->entry.row.at)};
        form.add("on-day", std::to_string(static_cast<unsigned>(day.day())));
        form.add("on-month", std::to_string(static_cast<unsigned>(day.month())));
        form.add("on-year", std::to_string(static_cast<int>(day.year())));
        return form;
    }
    for (const auto& one : story.invited) {
        if (one.outcome == "cannot") form.add("apologies", "p:" + one.practitioner);
        if (one.outcome == "apologies") form.add("apologies", "p:" + one.practitioner);
    }
    return form;
}

json::array attendance_in(const AttendanceForm& o, Typed& typed, const char* field) {
    const auto allowed = codes_of(attendable(o));
    json::array out;
    for (const auto& value : typed.all(field)) {
        if (value.empty()) continue;
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            typed.fault(field, "Choose among those on the page");
            return {};
        }
        const auto key = value.substr(2);
        if (value[0] == 'a') {
            out.emplace_back(key);
            continue;
        }
        for (const auto& one : o.page.story.invited) {
            if (one.practitioner == key)
                out.push_back(json::object{{"agency", one.agency}, {"name", value[0] == 'i' ? one.instead : one.name}});
        }
    }
    return out;
}

struct Attendance {
    json::object body;
    procedure::Counting counting;
};
Attendance read_attendance(const AttendanceForm& o, Typed& typed) {
    Attendance out;
    out.body["attended"] = attendance_in(o, typed, "attended");
    if (auto apologies = attendance_in(o, typed, "apologies"); !apologies.empty())
        out.body["apologies"] = std::move(apologies);
    const auto& came = typed.all("attended");
    for (const auto& one : typed.all("apologies")) {
        if (std::find(came.begin(), came.end(), one) != came.end())
            typed.fault("apologies", "Somebody both came and sent apologies. Take them out of one of the two lists");
    }
    if (typed.value("goes_on") == "exception") out.body["exceptional"] = true;
    if (const auto why = typed.text("below_quorum", "the reason"); !why.empty()) out.body["below_quorum"] = why;
    out.counting = casework::counting_of(o.visit.office(), o.page.child, o.page.story.type, out.body);
    return out;
}

Html below_quorum_question(const procedure::Counting& counting, const Typed& typed) {
    std::vector<ChoiceItem> items{{.text = "It does not go on: call it again for another day", .value = "adjourn"}};
    if (counting.as_an_exception)
        items.push_back({.text = fmt::format("It goes on as an exception: {} agencies are enough then",
                                             counting.quorum.exceptionally),
                         .value = "exception"});
    items.push_back(
        {.text = "It goes on below its quorum, because a child must be protected now",
         .value = "go-on",
         .hint = {.text = "It is recorded as not quorate, and the next date is fixed at once (manual 8.2.5)."}});
    Html content = radios({.name = "goes_on",
                           .fieldset = FieldsetOptions{.legend = {.text = "It is below its quorum. What now?",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = typed.message("goes_on"),
                           .items = std::move(items),
                           .value = typed.value("goes_on")});
    content += textarea({.name = "below_quorum",
                         .label = {.text = "If it goes on: why can it not wait?", .classes = "govuk-label--s"},
                         .error_message = typed.message("below_quorum"),
                         .value = typed.value("below_quorum"),
                         .rows = 2,
                         .spellcheck = true});
    return content;
}

Response attendance_page(const AttendanceForm& o, const KeptForm& form, const procedure::Counting* counted,
                         unsigned status) {
    const auto& visit = o.visit;
    const auto& story = o.page.story;
    const bool fresh = !form.typed.has("sent") && form.typed.good();
    const Typed filled(with_today(attendance_prefilled(o), visit.today()));
    const Typed& typed = fresh ? filled : form.typed;
    Page page = child_frame(visit, o.page.child, "Record a meeting", ChildPart::meetings);
    page.back_link = BackLinkOptions{.href = meeting_url(story.meeting)};
    page.errors = typed.summary();
    page.content += heading(1, "Who came?", "l") + paragraph(story.label);
    if (counted != nullptr) page.content += counted_words(*counted);
    Html content = day_question(typed, "on", "When was it held?", "");
    const auto people = attendable(o);
    for (const auto& [name, question] :
         {std::pair("attended", "Who came?"), std::pair("apologies", "Who sent apologies?")})
        content += checkboxes(
            {.name = name,
             .fieldset = FieldsetOptions{.legend = {.text = question, .classes = "govuk-fieldset__legend--s"}},
             .error_message = typed.message(name),
             .items = radio_items(people),
             .values = typed.all(name),
             .classes = "govuk-checkboxes--small"});
    if (typed.has("goes_on") || typed.at_fault("goes_on") || (counted != nullptr && !counted->quorate) ||
        !typed.value("below_quorum").empty())
        content += below_quorum_question(counted != nullptr ? *counted : o.page.counting, typed);
    content += field_inputs({visit, o.rest, {}}, typed);
    content += button({.text = "Record the meeting", .prevent_double_click = true});
    content +=
        button({.text = "Count who is here", .name = "count", .value = "1", .classes = "govuk-button--secondary"});
    Visit::FormOptions options{.action = attendance_url(story.meeting), .key = form.key, .draft_url = form.autosave};
    const auto seen = form.typed.value("seen");
    options.hidden.emplace_back("seen", form.typed.has("seen")  ? seen
                                        : story.held == nullptr ? ""
                                                                : to_string(story.held->entry.row.entry));
    options.hidden.emplace_back("sent", "yes");
    page.content += visit.form(options, content);
    page.content += heading(2, "Who must be there", "m") + required_words(visit, o.page.counting, story.label);
    return visit.show(page, status);
}

// Somebody recorded it meanwhile: what stands, beside what was typed.
Response both_attendances(const AttendanceForm& o, const KeptForm& form, const Fault& why) {
    Page page = child_frame(o.visit, o.page.child, "Somebody recorded this before you", ChildPart::meetings);
    page.content += heading(1, "Somebody recorded this before you", "l");
    page.content += paragraph(why.reason + " Nothing that you typed is lost. Compare the two.");
    if (o.page.story.held != nullptr)
        page.content += heading(2, "What stands now", "m") + entry_summary(o.visit, *o.page.story.held);
    page.content += paragraph(link(attendance_url(o.page.story.meeting), "Correct what stands now"));
    page.content += heading(2, "What you typed", "m");
    std::vector<SummaryRow> rows;
    const auto people = attendable(o);
    for (const auto& [name, words] : {std::pair("attended", "Who came"), std::pair("apologies", "Apologies")}) {
        std::string list;
        for (const auto& value : form.typed.all(name)) {
            for (const auto& [key, label] : people)
                if (key == value) list += (list.empty() ? "" : "; ") + label;
        }
        if (!list.empty()) rows.push_back({.key = words, .value = list});
    }
    for (const auto& field : o.rest.fields) {
        std::string words;
        for (const auto& value : form.typed.all(control_of(field)))
            words += (words.empty() ? "" : "; ") + field.code_label(value);
        if (!words.empty()) rows.push_back({.key = field.label, .value = words});
    }
    page.content += summary_list({.rows = std::move(rows)});
    return o.visit.show(page, 409);
}

Result<Response> show_attendance(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    const auto page = TRY(casework::meeting_page(visit.office(), visit.asker(), id));
    if (page.story.call() == nullptr)
        return fault(FaultKind::missing, "meeting", "This meeting was not called here.",
                     "Open its entry to correct it.");
    const auto form = TRY(kept_form(visit));
    if (!form) return begin_kept_form(visit, "attendance", attendance_url(id));
    return attendance_page(attendance_form(visit, page), *form, nullptr, 200);
}

Result<Response> take_attendance(Visit& visit) {
    const auto id = TRY(visit.id<EntryId>("meeting"));
    auto form = TRY(sent_kept_form(visit, "attendance", attendance_url(id)));
    const auto page = TRY(casework::meeting_page(visit.office(), visit.asker(), id));
    const auto o = attendance_form(visit, page);
    Typed& typed = form.typed;
    auto read = read_attendance(o, typed);
    if (typed.has("count")) return attendance_page(o, form, &read.counting, 200);
    const auto goes_on = typed.value("goes_on");
    if (goes_on == "adjourn") return Visit::see(meeting_url(id) + "/change");
    if (typed.all("attended").empty()) typed.fault("attended", "Choose who came");
    const auto before = page.story.held == nullptr ? json::object{} : page.story.held->entry.body;
    json::object kept;
    for (const auto& field : o.rest.fields)
        if (const auto* value = find(before, field.name)) kept[field.name] = *value;
    const bool anything = std::any_of(o.rest.fields.begin(), o.rest.fields.end(),
                                      [&](const auto& field) { return !typed.value(control_of(field)).empty(); });
    if (anything)
        for (auto& member : read_fields({visit, o.rest, {}}, typed, {})) read.body[member.key()] = member.value();
    casework::HoldRequest request;
    request.key = form.key;
    request.meeting = id;
    if (const auto seen = parse_id<EntryId>(typed.value("seen"))) request.seen = *seen;
    const auto on = typed.date("on", "The day of the meeting", false);
    if (on.empty) typed.fault("on", "Enter the day on which it was held");
    if (on.date && *on.date > visit.today()) typed.fault("on", "The day must be today or in the past");
    request.at =
        on.date && *on.date < visit.today()
            ? When{Instant{std::chrono::duration_cast<std::chrono::microseconds>(on.date->time_since_epoch()).count()},
                   true}
            : When{visit.now(), false};
    request.body = read.body;
    request.goes_on = goes_on == "go-on" || goes_on == "exception";
    if (typed.good()) {
        const auto done = casework::hold_meeting(visit.office(), visit.asker(), request);
        if (done) {
            forget_kept_form(visit, form);
            return Visit::see(meeting_url(id));
        }
        const auto& why = done.error();
        if (why.kind == FaultKind::conflict && why.place == "seen") return both_attendances(o, form, why);
        if (why.kind == FaultKind::held && why.place == "attended") {
            typed.fault("goes_on", why.reason + " " + why.mend);
            return attendance_page(o, form, &read.counting, 409);
        }
        if (!beside(typed, why, {"attended", "below_quorum", "on"})) return tl::unexpected(why);
    }
    return attendance_page(o, form, &read.counting, 422);
}

}  // namespace

std::vector<PageRoute> held_pages() {
    return {{{Method::get, "/meetings/:meeting", Shows::record, "meeting"}, show_meeting},
            {{Method::get, "/meetings/:meeting/attendance", Shows::record, "meeting.hold"}, show_attendance},
            {{Method::post, "/meetings/:meeting/attendance", Shows::record, "meeting.hold"}, take_attendance},
            {{Method::post, "/meetings/:meeting/decisions", Shows::record, "meeting.minute"}, take_decision},
            {{Method::post, "/meetings/:meeting/actions", Shows::record, "meeting.minute"}, take_action},
            {{Method::post, "/meetings/:meeting/dissent", Shows::record, "meeting.minute"}, take_dissent},
            {{Method::post, "/meetings/:meeting/minutes", Shows::record, "meeting.send"}, take_minutes},
            {{Method::post, "/meetings/:meeting/cancel", Shows::record, "meeting.cancel"}, take_cancel}};
}

}  // namespace waymark::web
