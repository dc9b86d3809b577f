// Add to a child's record: what may be added, and one page for each kind, made from the content. Everything typed is
// kept in a draft on the server, named in the address by a random id, which is also the key that makes sending twice
// once.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/adding.hpp"
#include "web/components/button.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/date_input.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/summary_list.hpp"
#include "web/pages/add_fields.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/desk_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr const char* begun_entry = "entry-begun";
constexpr const char* entry_form = "entry";
constexpr const char* sent_entry = "entry-sent";
constexpr std::size_t most_about = 30;  // the newest
constexpr std::size_t most_about_radios = 5;

// ---- the draft ------------------------------------------------------------------------------------------------------

struct Begun {
    DraftId draft;
    ViewId person;
    std::string kind;
    std::optional<EntryId> corrects;
    Form form;
    std::optional<EntryId> sent;
};

std::string draft_url(DraftId draft) {
    return "/entries/drafts/" + to_string(draft);
}

json::object kept(const Begun& begun) {
    json::object fields;
    for (const auto& [name, values] : begun.form.fields()) {
        if (name == "csrf" || name == "key" || name == "more" || name == "later") continue;
        json::array list;
        for (const auto& value : values) list.emplace_back(value);
        fields[name] = std::move(list);
    }
    json::object object{{"person", to_string(begun.person)}, {"kind", begun.kind}, {"form", std::move(fields)}};
    if (begun.corrects) object["corrects"] = to_string(*begun.corrects);
    if (begun.sent) object["sent"] = to_string(*begun.sent);
    return object;
}

Result<Begun> load_begun(const Visit& visit) {
    const auto draft = TRY(visit.id<DraftId>("draft"));
    const auto object = TRY(casework::load_draft(visit.office(), visit.asker(), draft));
    const auto gone = fault(FaultKind::missing, "draft", "There is no such draft, or it has expired.",
                            "Begin again from the child’s record.");
    if (!object) return gone;
    const auto person = parse_id<ViewId>(string_or(*object, "person", ""));
    if (!person) return gone;
    Begun begun{draft, *person, std::string(string_or(*object, "kind", "")), std::nullopt, {}, std::nullopt};
    if (const auto id = parse_id<EntryId>(string_or(*object, "corrects", ""))) begun.corrects = *id;
    if (const auto id = parse_id<EntryId>(string_or(*object, "sent", ""))) begun.sent = *id;
    if (const auto* form = find(*object, "form"); form != nullptr && form->is_object())
        begun.form = to_form(form->get_object());
    return begun;
}

Result<void> save_begun(const Visit& visit, const Begun& begun) {
    TRY(casework::save_draft(visit.office(), visit.asker(), begun.draft, begun.sent ? sent_entry : entry_form,
                             kept(begun)));
    return {};
}

// ---- what may be added ----------------------------------------------------------------------------------------------

Result<Response> show_kinds(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto adding = TRY(casework::adding_page(visit.office(), visit.asker(), person));
    Page page = child_frame(visit, adding.child, "Add to the record", ChildPart::add);
    page.content += heading(1, "Add to the record", "l");
    if (adding.kinds.empty()) {
        page.content += paragraph("Your role adds nothing to this record. If something has happened, raise a concern.");
        page.content += button({.text = "Raise a concern", .href = "/concerns/new"});
        return visit.show(page);
    }
    for (const auto& [group, name] : group_names()) {
        std::vector<Html> links;
        for (const auto* kind : adding.kinds) {
            if (kind->group == group) links.push_back(link(add_url(adding.child.person, kind->key), kind->label));
        }
        if (!links.empty()) page.content += heading(2, name, "m") + bullets(links);
    }
    std::vector<Html> others;
    for (const auto* kind : adding.kinds) {
        const auto named = std::any_of(group_names().begin(), group_names().end(),
                                       [&](const auto& group) { return group.first == kind->group; });
        if (!named) others.push_back(link(add_url(adding.child.person, kind->key), kind->label));
    }
    if (!others.empty()) page.content += heading(2, "Other", "m") + bullets(others);
    return visit.show(page);
}

// ---- the form -------------------------------------------------------------------------------------------------------

struct EntryForm {
    const Visit& visit;
    const casework::PersonPage& child;
    const content::Kind& kind;
    const Begun& begun;
    FieldSetting fields;
    std::vector<const casework::Line*> about;   // what it may be about, the newest first
    const casework::Line* corrected = nullptr;  // the line that it corrects
};

std::vector<OpenAction> open_actions(const Visit& visit, const casework::PersonPage& child) {
    std::vector<OpenAction> open;
    for (auto line = child.lines.rbegin(); line != child.lines.rend(); ++line) {
        const auto& entry = line->entry;
        if (line->superseded || entry.row.kind != "plan.agreed") continue;
        const auto* list = find(entry.body, "actions");
        if (list == nullptr || !list->is_array()) continue;
        for (const auto& value : list->get_array()) {
            const auto* action = value.if_object();
            const auto id = action == nullptr ? std::string_view() : string_or(*action, "id", "");
            if (id.empty()) continue;
            const bool done = std::any_of(child.lines.begin(), child.lines.end(), [&](const auto& other) {
                return other.entry.row.kind == "action.completed" && other.entry.row.about == entry.row.entry &&
                       !other.superseded && string_or(other.entry.body, "action", "") == id;
            });
            if (done) continue;
            auto words = std::string(string_or(*action, "text", id));
            if (const auto owner = string_or(*action, "owner", ""); !owner.empty())
                words += fmt::format(" ({})", agency_words(visit.office(), owner));
            if (const auto due = parse_date(string_or(*action, "due", "")))
                words += fmt::format(", by {}", format_long(*due));
            open.push_back({entry.row.entry, std::string(id), std::move(words)});
        }
    }
    return open;
}

EntryForm form_for(const Visit& visit, const casework::PersonPage& child, const content::Kind& kind,
                   const Begun& begun) {
    EntryForm form{visit, child, kind, begun, {visit, kind, {}}, {}, nullptr};
    const bool of_actions = kind.key == "action.completed";
    if (of_actions) form.fields.actions = open_actions(visit, child);
    for (auto line = child.lines.rbegin(); line != child.lines.rend() && form.about.size() < most_about; ++line) {
        const auto& known = line->entry.row.kind;
        if (line->superseded || std::find(kind.about.begin(), kind.about.end(), known) == kind.about.end()) continue;
        form.about.push_back(&*line);
    }
    // An action says by itself of which plan it is.
    if (!form.fields.actions.empty()) form.about.clear();
    if (begun.corrects) form.corrected = line_of(child, *begun.corrects);
    return form;
}

std::string about_words(const Visit& visit, const casework::Line& line) {
    return fmt::format("{}, {}, {}", line.title, when_words(visit.zone(), line.entry.row.at), line.source);
}

Html about_input(const EntryForm& o, const Typed& typed) {
    if (o.about.empty()) return {};
    const char* question = "Which entry is this about?";
    if (o.about.size() <= most_about_radios) {
        std::vector<ChoiceItem> items;
        for (const auto* line : o.about)
            items.push_back({.text = about_words(o.visit, *line), .value = to_string(line->entry.row.entry)});
        if (!o.kind.about_required) {
            items.push_back({.divider = "or"});
            items.push_back({.text = "None of these", .value = "none"});
        }
        return radios(
            {.name = "about",
             .fieldset = FieldsetOptions{.legend = {.text = question, .classes = "govuk-fieldset__legend--s"}},
             .error_message = typed.message("about"),
             .items = std::move(items),
             .value = typed.value("about")});
    }
    std::vector<SelectItem> items{{.text = o.kind.about_required ? "Choose one" : "None of these", .value = ""}};
    for (const auto* line : o.about)
        items.push_back({.text = about_words(o.visit, *line), .value = to_string(line->entry.row.entry)});
    return select({.name = "about",
                   .label = {.text = question, .classes = "govuk-label--s"},
                   .hint = {.text = "The newest first."},
                   .error_message = typed.message("about"),
                   .items = std::move(items),
                   .value = typed.value("about")});
}

Html when_input(const Typed& typed) {
    std::vector<std::pair<std::string, std::string>> values;
    for (const char* part : {"on-day", "on-month", "on-year"}) values.emplace_back(part, typed.value(part));
    Html content = date_input({.id = "on",
                               .name_prefix = "on",
                               .fieldset = FieldsetOptions{.legend = {.text = "When did it take place?",
                                                                      .classes = "govuk-fieldset__legend--s"}},
                               .hint = {.text = "We have filled in today’s date. Change it if it was another day."},
                               .error_message = typed.message("on"),
                               .values = std::move(values)});
    content += input({.name = "time",
                      .label = {.text = "At what time? (optional)"},
                      .hint = {.text = "For example, 14:30 or 2:30pm."},
                      .error_message = typed.message("time"),
                      .value = typed.value("time"),
                      .classes = "govuk-input--width-5",
                      .autocomplete = "off"});
    return content;
}

Html held_input(const Typed& typed) {
    if (!typed.at_fault("has_happened") && typed.value("has_happened").empty()) return {};
    return checkboxes(
        {.name = "has_happened",
         .fieldset = FieldsetOptions{.legend = {.text = "The procedure asks for something else first",
                                                .classes = "govuk-fieldset__legend--s"}},
         .error_message = typed.message("has_happened"),
         .items = {{.text = "It has taken place all the same: keep it, and show that it went before", .value = "yes"}},
         .values = typed.all("has_happened")});
}

Html corrected_words(const EntryForm& o) {
    if (o.corrected == nullptr) return {};
    return inset_text({.content = paragraph(fmt::format(
                           "You correct: {}. The entry stays in the record and shows that it was corrected.",
                           about_words(o.visit, *o.corrected)))});
}

Response form_page(const EntryForm& o, const Typed& typed, unsigned status) {
    const auto& label = o.kind.label;
    Page page =
        child_frame(o.visit, o.child, o.begun.corrects ? "Correct an entry" : "Add to the record", ChildPart::add);
    page.back_link =
        BackLinkOptions{.href = o.begun.corrects ? entry_url(*o.begun.corrects) : child_url(o.child.person) + "/add"};
    page.errors = typed.summary();
    page.content += heading(1, label, "l") + corrected_words(o);
    Html content = about_input(o, typed);
    content += when_input(typed);
    content += field_inputs(o.fields, typed);
    content += held_input(typed);
    // The first button is what the Enter key presses.
    Writer buttons;
    buttons.open("div").classes({"govuk-button-group"});
    buttons.add(
        button({.text = o.begun.corrects ? "Save the correction" : "Add to the record", .prevent_double_click = true}));
    buttons.add(
        button({.text = "Save and finish later", .name = "later", .value = "1", .classes = "govuk-button--secondary"}));
    content += buttons.close("div").done();
    const auto url = draft_url(o.begun.draft);
    page.content += o.visit.form({.action = url, .draft_url = url + "/autosave"}, content);
    page.content += o.visit.form({.action = url + "/discard"},
                                 button({.text = "Throw this away", .classes = "govuk-button--secondary"}));
    return o.visit.show(page, status);
}

// What there is no form for is not there; what the asker may not add is refused by casework, with its line.
Result<const content::Kind*> kind_of(const Visit& visit, std::string_view key) {
    const auto* kind = visit.office().catalogue.find(key);
    if (kind == nullptr || kind->own_flow || !kind->needs_subject)
        return fault(FaultKind::missing, "kind", "There is no such form.",
                     "Choose what to add from the child’s record.");
    return kind;
}

Result<Response> begin(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto* kind = TRY(kind_of(visit, visit.parameter("kind")));
    const auto adding = TRY(casework::adding_page(visit.office(), visit.asker(), person));
    if (std::find(adding.kinds.begin(), adding.kinds.end(), kind) == adding.kinds.end()) {
        return fault(FaultKind::forbidden, "kind", "Your role does not add this to the record.",
                     "Ask somebody whose role does, or raise a concern.");
    }
    const auto& query = visit.request().target.query;
    Begun begun{{}, person, kind->key, std::nullopt, {}, std::nullopt};
    if (const auto id = parse_id<EntryId>(query.first("corrects"))) {
        const auto* line = line_of(adding.child, *id);
        if (line == nullptr || line->entry.row.kind != kind->key || !line->entry.whole)
            return fault(FaultKind::missing, "corrects", "There is no such entry.", "Open it from the record.");
        begun.corrects = *id;
        begun.form = form_of(*kind, line->entry.body);
        const std::chrono::year_month_day day{visit.zone().day_of(line->entry.row.at)};
        begun.form.add("on-day", std::to_string(static_cast<unsigned>(day.day())));
        begun.form.add("on-month", std::to_string(static_cast<unsigned>(day.month())));
        begun.form.add("on-year", std::to_string(static_cast<int>(day.year())));
        if (!line->entry.row.at.date_only) begun.form.add("time", visit.zone().clock_time(line->entry.row.at.instant));
        if (line->entry.row.about) begun.form.add("about", to_string(line->entry.row.about));
    } else if (const auto about = parse_id<EntryId>(query.first("about"))) {
        begun.form.add("about", to_string(*about));
    }
    begun.draft = TRY(casework::save_draft(visit.office(), visit.asker(), std::nullopt, begun_entry, kept(begun)));
    return Visit::see(draft_url(begun.draft));
}

struct Opened {
    Begun begun;
    const content::Kind* kind = nullptr;
    casework::PersonPage child;
};
Result<Opened> open_draft(const Visit& visit) {
    Opened opened;
    opened.begun = TRY(load_begun(visit));
    opened.kind = TRY(kind_of(visit, opened.begun.kind));
    opened.child = TRY(casework::person_page(visit.office(), visit.asker(), opened.begun.person, std::nullopt));
    return opened;
}

Result<Response> show_form(Visit& visit) {
    const auto opened = TRY(open_draft(visit));
    if (opened.begun.sent) return Visit::see(entry_url(*opened.begun.sent));
    const Typed typed(with_today(opened.begun.form, visit.today()));
    return form_page(form_for(visit, opened.child, *opened.kind, opened.begun), typed, 200);
}

// "14:30", "2.30pm", "2pm"; of an empty text, nothing.
std::optional<std::pair<int, int>> read_time(Typed& typed) {
    const auto text = to_lower_ascii(typed.text("time", "the time"));
    if (text.empty()) return std::nullopt;
    const auto wrong = [&]() -> std::optional<std::pair<int, int>> {
        typed.fault("time", "Enter a time, like 14:30 or 2:30pm");
        return std::nullopt;
    };
    int hour = 0;
    int minute = 0;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    auto read = std::from_chars(at, end, hour);
    if (read.ec != std::errc{} || read.ptr - at > 2) return wrong();
    at = read.ptr;
    if (at != end && (*at == ':' || *at == '.')) {
        read = std::from_chars(at + 1, end, minute);
        if (read.ec != std::errc{} || read.ptr - at != 3) return wrong();
        at = read.ptr;
    }
    const auto half = trim(std::string_view(at, static_cast<std::size_t>(end - at)));
    if (half == "am" || half == "pm") {
        if (hour < 1 || hour > 12) return wrong();
        hour = hour % 12 + (half == "pm" ? 12 : 0);
    } else if (!half.empty()) {
        return wrong();
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return wrong();
    return std::pair(hour, minute);
}

// Of today without a time it is now; of another day the time is not known.
std::optional<When> read_when(const Visit& visit, Typed& typed) {
    const auto on = typed.date("on", "The date it took place", false);
    const auto time = read_time(typed);
    if (on.empty) typed.fault("on", "Enter the date on which it took place");
    if (!on.date) return std::nullopt;
    if (*on.date > visit.today()) {
        typed.fault("on", "The date it took place must be today or in the past");
        return std::nullopt;
    }
    if (time) {
        const auto at = visit.zone().at(*on.date, time->first, time->second);
        if (at > visit.now()) typed.fault("time", "The time must be in the past");
        return When{at, false};
    }
    if (*on.date == visit.today()) return std::nullopt;
    return When{Instant{std::chrono::duration_cast<std::chrono::microseconds>(on.date->time_since_epoch()).count()},
                true};
}

std::optional<EntryId> read_about(const EntryForm& o, Typed& typed) {
    if (!o.fields.actions.empty()) {
        // The value of the action names its plan: read_fields says what is wrong with it.
        const auto* field = o.kind.field("action");
        const auto value = field == nullptr ? std::string() : typed.value(control_of(*field));
        const auto plan = parse_id<EntryId>(value.substr(0, value.find('/')));
        return plan ? std::optional(*plan) : std::nullopt;
    }
    if (o.about.empty()) {
        if (o.kind.about_required) typed.fault("about", "There is nothing in the record that this could be about");
        return std::nullopt;
    }
    std::vector<std::string> allowed{"none"};
    for (const auto* line : o.about) allowed.push_back(to_string(line->entry.row.entry));
    const auto chosen =
        typed.choice("about", allowed, o.kind.about_required ? "Choose the entry that this is about" : "");
    const auto id = parse_id<EntryId>(chosen);
    return id ? std::optional(*id) : std::nullopt;
}

// Somebody corrected it meanwhile: what stands now, beside what was typed, which stays in its draft.
Response both_versions(const EntryForm& o, const Typed& typed) {
    Page page = child_frame(o.visit, o.child, "Somebody corrected this before you", ChildPart::add);
    page.content += heading(1, "Somebody corrected this before you", "l");
    page.content += paragraph("Your correction was not added, and nothing that you typed is lost. Compare the two.");
    const casework::Line* newest = o.corrected;
    for (bool moved = true; moved && newest != nullptr;) {
        moved = false;
        for (const auto& line : o.child.lines) {
            if (line.entry.row.supersedes == newest->entry.row.entry) {
                newest = &line;
                moved = true;
                break;
            }
        }
    }
    if (newest != nullptr) {
        page.content += heading(2, "What stands now", "m") + entry_summary(o.visit, *newest);
        page.content +=
            paragraph(link(add_url(o.child.person, o.kind.key) + "?corrects=" + to_string(newest->entry.row.entry),
                           "Correct what stands now instead"));
    }
    page.content += heading(2, "What you typed", "m");
    std::vector<SummaryRow> rows;
    for (const auto& field : o.kind.fields) {
        std::string words;
        for (const auto& value : typed.all(control_of(field)))
            words += (words.empty() ? "" : "; ") +
                     (field.codes.empty() && field.suggested.empty() ? value : field.code_label(value));
        if (!words.empty()) rows.push_back({.key = field.label, .value = words});
    }
    page.content += summary_list({.rows = std::move(rows)});
    return o.visit.show(page, 409);
}

Result<Response> refused(const EntryForm& o, Typed& typed, const Fault& fault) {
    if (fault.kind == FaultKind::conflict && fault.place == "supersedes") return both_versions(o, typed);
    if (fault.kind == FaultKind::held) {
        typed.fault("has_happened", fault.reason + (fault.reason.ends_with('.') ? " " : ". ") +
                                        "If it has taken place already, say so here");
        return form_page(o, typed, 409);
    }
    if (fault.kind == FaultKind::invalid) {
        const auto* field = o.kind.field(fault.place);
        const auto place = field != nullptr      ? control_of(*field)
                           : fault.place == "at" ? std::string("on")
                                                 : fault.place;
        typed.fault(place, fault.reason + " " + fault.mend);
        return form_page(o, typed, 422);
    }
    return tl::unexpected(fault);
}

Result<Response> take_form(Visit& visit) {
    auto opened = TRY(open_draft(visit));
    auto& begun = opened.begun;
    if (begun.sent) return Visit::see(entry_url(*begun.sent));
    begun.form = visit.typed.form();
    Typed& typed = visit.typed;
    const auto o = form_for(visit, opened.child, *opened.kind, begun);
    TRY_VOID(save_begun(visit, begun));
    if (typed.has("later")) return Visit::see(child_url(opened.child.person) + "?saved=later");
    if (typed.has("more")) return form_page(o, typed, 200);

    casework::AddRequest request;
    request.key = to_string(begun.draft);
    request.person = begun.person;
    request.kind = opened.kind->key;
    request.about = read_about(o, typed);
    request.body = read_fields(o.fields, typed, o.corrected == nullptr ? json::object{} : o.corrected->entry.body);
    request.at = read_when(visit, typed);
    request.supersedes = begun.corrects;
    request.has_happened = typed.value("has_happened") == "yes";
    if (!typed.good()) return form_page(o, typed, 422);
    const auto added = casework::add_entry(visit.office(), visit.asker(), request);
    if (!added) return refused(o, typed, added.error());
    begun.sent = *added;
    begun.form = Form{};
    TRY_VOID(save_begun(visit, begun));
    return Visit::see(entry_url(*added) + "?added=yes");
}

Result<Response> autosave(Visit& visit) {
    auto begun = TRY(load_begun(visit));
    if (begun.sent) return fault(FaultKind::conflict, "draft", "This has been added to the record.", "Add another.");
    begun.form = visit.typed.form();
    TRY_VOID(save_begun(visit, begun));
    Response response;
    response.status = 204;
    response.content_type = "text/plain; charset=utf-8";
    return response;
}

Result<Response> discard(Visit& visit) {
    const auto begun = TRY(load_begun(visit));
    if (begun.sent) return Visit::see(entry_url(*begun.sent));
    TRY_VOID(casework::discard_draft(visit.office(), visit.asker(), begun.draft));
    return Visit::see(child_url(begun.person));
}

}  // namespace

std::string add_url(ViewId person, std::string_view kind) {
    return fmt::format("{}/add/{}", child_url(person), kind);
}

std::vector<PageRoute> add_pages() {
    return {{{Method::get, "/children/:person/add", Shows::record, "child.add"}, show_kinds},
            {{Method::get, "/children/:person/add/:kind", Shows::record, "child.add"}, begin},
            {{Method::get, "/entries/drafts/:draft", Shows::record, "entry.draft"}, show_form},
            {{Method::post, "/entries/drafts/:draft", Shows::record, "entry.add"}, take_form},
            {{Method::post, "/entries/drafts/:draft/autosave", Shows::record, "entry.draft"}, autosave},
            {{Method::post, "/entries/drafts/:draft/discard", Shows::record, "entry.draft"}, discard}};
}

}  // namespace waymark::web
