// Lists, days, bases and drafts of the pages on telling.
#include "web/pages/telling_view.hpp"

#include <fmt/format.h>

#include "web/components/details.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/task_list.hpp"
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_tasks = 20;
constexpr std::size_t most_kept = 20;
json::object kept_fields(const Typed& typed, std::string_view url) {
    json::object form;
    for (const auto& [name, list] : typed.form().fields()) {
        if (name == "csrf" || name == "key") continue;
        json::array values;
        for (const auto& value : list) values.emplace_back(value);
        form[name] = std::move(values);
    }
    return {{"url", url}, {"form", std::move(form)}};
}

TaskStatus task_status(bool overdue, const char* words) {
    TaskStatus status;
    status.tag =
        TagOptions{.text = overdue ? "Overdue" : words, .classes = overdue ? "govuk-tag--red" : "govuk-tag--blue"};
    return status;
}

void add_task(TaskListOptions& list, const Visit& visit, const Html& title, const std::string& href, Instant due,
              bool overdue, const char* words) {
    list.items.push_back({.title = title,
                          .href = href,
                          .hint = due_date(visit.zone(), due, visit.now()),
                          .status = task_status(overdue, words)});
}

Html tasks(const char* title, const TaskListOptions& list) {
    return list.items.empty() ? Html() : heading(2, title, "m") + task_list(list);
}

}  // namespace

std::string telling_url(ViewId person) {
    return child_url(person) + "/telling";
}
std::string check_url(EntryId check) {
    return "/checks/" + to_string(check);
}
std::string challenge_url(EntryId challenge) {
    return "/challenges/" + to_string(challenge);
}
std::string challenge_form_url(EntryId decision) {
    return "/challenges/new/" + to_string(decision);
}

Result<Html> telling_tasks(Visit& visit) {
    if (!visit.may(record::Action::read)) return Html();
    const auto all = TRY(casework::my_tellings(visit.office(), visit.asker(), most_tasks));
    TaskListOptions answer{.id_prefix = "answer"};
    for (const auto& one : all.to_answer)
        add_task(answer, visit, fmt::format("{}: what does your agency hold?", record::shown_name(one.child)),
                 check_url(one.check), one.due, one.overdue, one.asked_for_time ? "Promised" : "To do");
    TaskListOptions challenges{.id_prefix = "challenge"};
    for (const auto& one : all.challenges) {
        const auto words = one.owed ? fmt::format("{} disagrees: {}", one.from, one.about_what)
                                    : fmt::format("You disagree with {}: {}", one.to, one.about_what);
        add_task(challenges, visit, words, challenge_url(one.challenge), one.due.value_or(one.at.instant), one.overdue,
                 one.owed ? "To do" : "Waiting");
    }
    TaskListOptions asked{.id_prefix = "asked"};
    for (const auto& one : all.asked)
        add_task(asked, visit, fmt::format("{}: {} has not answered", one.name, one.agency), telling_url(one.person),
                 one.due, one.overdue, "Waiting");
    TaskListOptions reviews{.id_prefix = "review"};
    for (const auto& one : all.reviews)
        add_task(reviews, visit, fmt::format("{}: decision not to share, by {}", one.name, one.by),
                 telling_url(one.person), one.due, one.overdue, "To come");
    Html out = tasks("Asked of your agency", answer) + tasks("Disagreements", challenges) +
               tasks("What you asked other agencies", asked) +
               tasks("Decisions not to share, to look at again", reviews);
    std::vector<Html> begun;
    if (visit.may(record::Action::append)) {
        for (const auto& draft : TRY(casework::my_drafts(visit.office(), visit.asker(), most_kept))) {
            if (draft.form.rfind("telling-", 0) != 0) continue;
            const auto kept = TRY(casework::load_draft(visit.office(), visit.asker(), draft.draft));
            if (!kept || string_or(*kept, "url", "").empty()) continue;
            begun.push_back(link(fmt::format("{}?draft={}", string_or(*kept, "url", ""), to_string(draft.draft)),
                                 "Carry on with what you began, saved " + moment_words(visit.zone(), draft.saved)));
        }
    }
    if (!begun.empty()) out += heading(2, "Begun and not sent yet", "m") + bullets(begun);
    return out;
}

std::vector<std::pair<std::string, std::string>> typed_day(const Typed& typed, const std::string& prefix,
                                                           std::optional<Date> offered) {
    std::vector<std::pair<std::string, std::string>> values;
    const bool is_typed = typed.has(prefix + "-day") || typed.has(prefix + "-month") || typed.has(prefix + "-year");
    if (!is_typed && offered) {
        const std::chrono::year_month_day day{*offered};
        return {{prefix + "-day", std::to_string(static_cast<unsigned>(day.day()))},
                {prefix + "-month", std::to_string(static_cast<unsigned>(day.month()))},
                {prefix + "-year", std::to_string(static_cast<int>(day.year()))}};
    }
    for (const char* part : {"-day", "-month", "-year"}) values.emplace_back(prefix + part, typed.value(prefix + part));
    return values;
}

Html day_question(const Typed& typed, const std::string& prefix, const Html& question, const Html& hint,
                  std::optional<Date> offered) {
    return date_input(
        {.id = prefix,
         .name_prefix = prefix,
         .fieldset = FieldsetOptions{.legend = {.text = question, .classes = "govuk-fieldset__legend--s"}},
         .hint = {.text = hint},
         .error_message = typed.message(prefix),
         .values = typed_day(typed, prefix, offered)});
}

std::optional<Date> day_to_come(const Visit& visit, Typed& typed, const std::string& prefix,
                                const std::string& if_empty) {
    const auto day = typed.date(prefix, "The day", false);
    if (day.empty) typed.fault(prefix, if_empty);
    if (day.date && *day.date < visit.today()) {
        typed.fault(prefix, "The day must be today or in the future");
        return std::nullopt;
    }
    return day.date;
}

Html basis_words(const sharing::Basis& basis) {
    std::vector<Html> sentences;
    for (const auto& one : basis.words()) sentences.emplace_back(one);
    Html content = bullets(sentences);
    if (basis.unsourced)
        content += hint_paragraph("No source settled every point of this. The partnership has to check it and set it.");
    return content;
}

std::vector<std::pair<std::string, std::string>> purposes_of(const Visit& visit) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto& policy = visit.office().gate->policy();
    const auto* row = policy.row(visit.asker().role);
    if (row == nullptr) return out;
    for (const auto& code : row->purposes) {
        const auto words = policy.purposes.find(code);
        out.emplace_back(code, words == policy.purposes.end() ? code : words->second);
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> other_agencies(const Visit& visit) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& agency : visit.office().profile.agencies) {
        if (agency.key != visit.asker().agency) out.emplace_back(agency.key, agency.name);
    }
    return out;
}

// ---- a form whose text is kept --------------------------------------------------------------------------------------

namespace {

std::string autosave_url(DraftId draft) {
    return "/telling/drafts/" + to_string(draft);
}

}  // namespace

Result<std::optional<KeptForm>> kept_form(const Visit& visit) {
    using Kept = std::optional<KeptForm>;
    const auto id = parse_id<DraftId>(visit.request().target.query.first("draft"));
    if (!id) return Kept{};
    const auto object = TRY(casework::load_draft(visit.office(), visit.asker(), *id));
    if (!object) return Kept{};
    KeptForm kept{*id, {}, autosave_url(*id), to_string(*id)};
    if (const auto* fields = find(*object, "form"); fields != nullptr && fields->is_object())
        kept.typed = Typed(to_form(fields->get_object()));
    return Kept{std::move(kept)};
}

Result<Response> begin_kept_form(Visit& visit, std::string_view form, const std::string& url) {
    const auto draft = TRY(casework::save_draft(visit.office(), visit.asker(), std::nullopt,
                                                "begun-" + std::string(form), json::object{{"url", url}}));
    return Visit::see(fmt::format("{}?draft={}", url, to_string(draft)));
}

Result<KeptForm> sent_kept_form(Visit& visit, std::string_view form, const std::string& url) {
    KeptForm sent{{}, visit.typed, {}, visit.form_key()};
    const auto id = parse_id<DraftId>(visit.typed.value("key"));
    if (!id) return sent;
    const auto saved = casework::save_draft(visit.office(), visit.asker(), *id, "telling-" + std::string(form),
                                            kept_fields(visit.typed, url));
    if (!saved && saved.error().kind != FaultKind::missing) return tl::unexpected(saved.error());
    if (saved) {
        sent.draft = *id;
        sent.autosave = autosave_url(*id);
    }
    return sent;
}

// A draft that stays behind expires by itself: what was sent is kept whatever becomes of it.
void forget_kept_form(const Visit& visit, const KeptForm& form) {
    if (form.draft) static_cast<void>(casework::discard_draft(visit.office(), visit.asker(), form.draft));
}

namespace {

struct Beside {
    DraftId draft;
    Form form;
};
Result<std::optional<Beside>> draft_beside(const Visit& visit, std::string_view form, const std::string& url) {
    using Found = std::optional<Beside>;
    for (const auto& line : TRY(casework::my_drafts(visit.office(), visit.asker(), most_kept))) {
        if (line.form != fmt::format("telling-{}", form)) continue;
        const auto object = TRY(casework::load_draft(visit.office(), visit.asker(), line.draft));
        if (!object || string_or(*object, "url", "") != url) continue;
        const auto* fields = find(*object, "form");
        return Found{
            Beside{line.draft, fields != nullptr && fields->is_object() ? to_form(fields->get_object()) : Form()}};
    }
    return Found{};
}

}  // namespace

Result<Typed> kept_beside(const Visit& visit, std::string_view form, const std::string& url) {
    auto found = TRY(draft_beside(visit, form, url));
    return found ? Typed(std::move(found->form)) : Typed();
}

Result<Response> keep_beside(Visit& visit, std::string_view form, const std::string& url) {
    const auto found = TRY(draft_beside(visit, form, url));
    TRY(casework::save_draft(visit.office(), visit.asker(), found ? std::optional(found->draft) : std::nullopt,
                             fmt::format("telling-{}", form), kept_fields(visit.typed, url)));
    Response response;
    response.status = 204;
    response.content_type = "text/plain; charset=utf-8";
    return response;
}

void forget_beside(const Visit& visit, std::string_view form, const std::string& url) {
    const auto found = draft_beside(visit, form, url);
    if (found && *found) static_cast<void>(casework::discard_draft(visit.office(), visit.asker(), (*found)->draft));
}

namespace {

Result<Response> autosave_telling(Visit& visit) {
    const auto draft = TRY(visit.id<DraftId>("draft"));
    const auto before = TRY(casework::load_draft(visit.office(), visit.asker(), draft));
    if (!before || string_or(*before, "url", "").empty())
        return fault(FaultKind::missing, "draft", "There is no such draft, or it has expired.",
                     "Begin the form again.");
    TRY(casework::save_draft(visit.office(), visit.asker(), draft, "telling-form",
                             kept_fields(visit.typed, string_or(*before, "url", ""))));
    Response response;
    response.status = 204;
    response.content_type = "text/plain; charset=utf-8";
    return response;
}

}  // namespace

std::vector<PageRoute> telling_draft_pages() {
    return {{{Method::post, "/telling/drafts/:draft", Shows::record, "telling.draft"}, autosave_telling}};
}

}  // namespace waymark::web
