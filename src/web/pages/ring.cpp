// "Who do I ring?": one page of a child with the people who work with them and how they are reached today; and where
// each practitioner says how they are reached themselves.
#include <fmt/format.h>

#include "casework/contacts.hpp"
#include "web/components/button.hpp"
#include "web/components/date_input.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/select.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/ring_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr const char* own_url = "/my/contact";

Html who_cell(const casework::Contact& one) {
    Html out(one.name);
    std::string more = one.role;
    if (!one.agency.empty() && one.agency != one.name) more += (more.empty() ? "" : ", ") + one.agency;
    if (!more.empty()) out += Html::raw("<br>") + Writer().element("span", "govuk-body-s", more).done();
    return out;
}

Html number_cell(const casework::Contact& one) {
    Html out = one.telephone.empty() ? Html("No number is known") : telephone_link(one.telephone);
    if (one.of_the_agency) out += Html(" (their agency)");
    if (one.away) {
        out = Html(fmt::format("Away until {}.", format_long(one.away->to)));
        if (one.away->cover.empty()) {
            out += Html(" Nobody stands in. ");
            if (!one.telephone.empty()) out += telephone_link(one.telephone);
        } else {
            out += Html(" Ring " + one.away->cover + ": ");
            out += one.away->telephone.empty() ? Html("no number is known") : telephone_link(one.away->telephone);
        }
    }
    return out;
}

Html contacts_table(const std::vector<casework::Contact>& people) {
    TableOptions o;
    o.caption = "Who works with this child";
    o.caption_classes = "govuk-table__caption--m";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Who"}, {.content = "Telephone today"}, {.content = "Why they are here"}};
    for (const auto& one : people) {
        std::vector<Html> ties(one.ties.begin(), one.ties.end());
        o.rows.push_back({{.content = who_cell(one)},
                          labelled("Telephone today", number_cell(one)),
                          labelled("Why they are here", ties.empty() ? Html() : bullets(ties))});
    }
    return table(o);
}

Result<Response> ring(Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    const auto sheet = TRY(casework::who_to_ring(visit.office(), visit.asker(), person));
    Page page = child_frame(visit, sheet.child, "Who do I ring?", ChildPart::ring);
    page.content += heading(1, "Who do I ring?", "l");
    page.content += paragraph("If a child is in immediate danger, call 999.");
    page.content += front_door_words(sheet.front_door);
    page.content += sheet.people.empty() ? heading(2, "Who works with this child", "m") +
                                               paragraph("Nobody is named in what you may see. Ring the front door.")
                                         : contacts_table(sheet.people);
    page.content += paragraph(
        "They are named by the entries that you may see; others may work with the child too. Numbers and absences are "
        "what each person or agency gave.");
    page.content += print_button();
    return visit.show(page);
}

// ---- one's own ------------------------------------------------------------------------------------------------------

Html own_form(const Visit& visit, const Typed& typed) {
    const auto& me = *visit.who->practitioner;
    std::vector<SelectItem> colleagues{{.text = "Nobody", .value = ""}};
    for (const auto& one : visit.office().profile.practitioners) {
        if (one.agency == me.agency && one.key != me.key) colleagues.push_back({.text = one.name, .value = one.key});
    }
    Html content = input({.name = "telephone",
                          .label = {.text = "Telephone number at work", .classes = "govuk-label--s"},
                          .hint = {.text = "The number on which colleagues of every agency can reach you."},
                          .error_message = typed.message("telephone"),
                          .type = "tel",
                          .value = typed.value("telephone"),
                          .classes = "govuk-input--width-20",
                          .autocomplete = "tel"});
    const auto day = [&](const char* name, const char* legend) {
        content +=
            date_input({.id = name,
                        .name_prefix = name,
                        .fieldset = FieldsetOptions{.legend = {.text = legend, .classes = "govuk-fieldset__legend--s"}},
                        .error_message = typed.message(name),
                        .values = date_values(typed, name)});
    };
    content += heading(2, "When you are away", "m");
    day("away_from", "First day away (optional)");
    day("away_to", "Last day away (optional)");
    content += select({.name = "cover",
                       .label = {.text = "Who stands in for you?", .classes = "govuk-label--s"},
                       .error_message = typed.message("cover"),
                       .items = colleagues,
                       .value = typed.value("cover")});
    content += button({.text = "Save", .prevent_double_click = true});
    return visit.form({.action = own_url, .key = visit.form_key()}, content);
}

Response own_page(const Visit& visit, const Typed& typed, bool saved) {
    Page page = visit.page("How colleagues reach you");
    page.errors = typed.summary();
    if (saved) page.content += notification_banner({.content = Html("It is saved."), .type = "success"});
    page.content += heading(1, "How colleagues reach you", "l");
    page.content += paragraph(
        "This stands on “Who do I ring?” of the children you work with, for those who may see that you do. It is kept "
        "as an entry under your name.");
    page.content += own_form(visit, typed);
    return visit.show(page, typed.good() ? 200 : 422);
}

void put_day(Form& form, const std::string& name, const std::optional<Date>& day) {
    if (!day) return;
    const std::chrono::year_month_day ymd{*day};
    form.add(name + "-day", std::to_string(static_cast<unsigned>(ymd.day())));
    form.add(name + "-month", std::to_string(static_cast<unsigned>(ymd.month())));
    form.add(name + "-year", std::to_string(static_cast<int>(ymd.year())));
}

Result<Response> show_own(Visit& visit) {
    const auto own = TRY(casework::my_contact(visit.office(), visit.asker()));
    Form form;
    form.add("telephone", own.telephone.empty() ? own.of_profile : own.telephone);
    form.add("cover", own.cover);
    put_day(form, "away_from", own.away_from);
    put_day(form, "away_to", own.away_to);
    return own_page(visit, Typed(std::move(form)), visit.request().target.query.has("saved"));
}

Result<Response> save_own(Visit& visit) {
    Typed& typed = visit.typed;
    casework::SetContact request;
    request.key = visit.form_key();
    request.telephone = typed.text("telephone", "the telephone number");
    request.cover = typed.text("cover", "the colleague");
    request.away_from = typed.date("away_from", "The first day", false).date;
    request.away_to = typed.date("away_to", "The last day", false).date;
    if (typed.good()) {
        const auto done = casework::set_contact(visit.office(), visit.asker(), request);
        if (done) return Visit::see(std::string(own_url) + "?saved=1");
        if (done.error().kind != FaultKind::invalid) return tl::unexpected(done.error());
        const auto& place = done.error().place;
        const bool a_field = place == "telephone" || place == "cover" || place == "away_from" || place == "away_to";
        typed.fault(a_field ? place : "telephone", done.error().reason + " " + done.error().mend);
    }
    return own_page(visit, typed, false);
}

}  // namespace

Html telephone_link(std::string_view number) {
    std::string digits;
    for (const char c : number) {
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
        if (c == 'e' || c == 'x') break;  // an extension is dialled by hand
    }
    return Writer()
        .open("a")
        .href("tel:" + digits)
        .classes({"govuk-link", "waymark-telephone"})
        .text(number)
        .close("a")
        .done();
}

Html front_door_words(const casework::FrontDoorNow& door) {
    if (door.name.empty())
        return paragraph("The partnership’s profile names no front door. Ask your manager for its number.");
    SummaryListOptions o;
    o.classes = "govuk-summary-list--no-border waymark-glance";
    const auto row = [&o](std::string key, Html value) {
        o.rows.push_back({.key = Html(key), .value = std::move(value)});
    };
    const auto number = [](const std::string& text) {
        return text.empty() ? Html("No number is given") : telephone_link(text);
    };
    row(door.open ? "Front door, open now" : "Front door, closed now",
        number(door.telephone) + Html(fmt::format(" ({}), {}", door.name, door.hours)));
    if (!door.out_of_hours_name.empty())
        row(door.open ? "Out of hours" : "Ring now, out of hours",
            number(door.out_of_hours_telephone) + Html(fmt::format(" ({})", door.out_of_hours_name)));
    return summary_list(o);
}

std::vector<PageRoute> ring_pages() {
    return {{{Method::get, "/children/:person/ring", Shows::record, "child.ring"}, ring},
            {{Method::get, "/my/contact", Shows::nothing, "my.contact"}, show_own},
            {{Method::post, "/my/contact", Shows::nothing, "my.contact-save"}, save_own}};
}

}  // namespace waymark::web
