// The checks say what the record would refuse, before it has to.
#include "web/pages/raise_answers.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_name_characters = 200;
constexpr int most_days_unborn = 300;

record::Involvements involvement_of(const std::vector<std::string>& roles) {
    record::Involvements set = 0;
    for (const std::string& role : roles) {
        if (const auto one = record::parse_involvement(role)) {
            if (record::has(record::children_involvements, *one))
                set = static_cast<record::Involvements>(set | static_cast<record::Involvements>(*one));
        }
    }
    return set;
}

std::string name(Typed& typed, std::string_view field, const std::string& what) {
    std::string value = typed.text(field, what);
    if (count_characters(value) > most_name_characters) {
        typed.fault(field, fmt::format("Shorten {} to {} characters or fewer", what, most_name_characters));
    }
    return value;
}

void read_birth(const Visit& visit, Typed& typed, const std::optional<Date>& noticed, record::Identity& identity) {
    const bool unborn = typed.value("unborn") == "yes";
    const TypedDate born = typed.date("born", unborn ? "The expected date of birth" : "The date of birth", !unborn);
    if (!born.date) return;
    const Date today = visit.today();
    if (unborn) {
        if (*born.date > today + std::chrono::days(most_days_unborn)) {
            typed.fault("born", fmt::format("The expected date of birth must be before {}",
                                            format_long(today + std::chrono::days(most_days_unborn))));
        }
        if (*born.date < today - std::chrono::days(60)) {
            typed.fault(
                "born",
                "The expected date of birth has passed. If the child is born, remove the tick from ‘Not born yet’");
        }
        identity.expected_date_of_birth = born.date;
        return;
    }
    if (*born.date > today) {
        typed.fault(
            "born",
            "The date of birth must be today or in the past. If the child is not born yet, tick ‘Not born yet’");
    } else if (noticed && *born.date > *noticed) {
        typed.fault(
            "born",
            fmt::format(
                "The date of birth must be on or before the day you noticed this ({}). Change one of the two dates",
                format_long(*noticed)));
    } else if (*born.date < today - std::chrono::days(366 * 110)) {
        typed.fault("born", "The date of birth is more than 110 years ago. Check the year");
    }
    identity.date_of_birth = born.date;
    if (born.accuracy != "AAA") identity.dob_accuracy = born.accuracy;
}

}  // namespace

json::object what_fields(const Form& form) {
    return to_json(form, {"summary", "danger"});
}
json::object when_fields(const Form& form) {
    return to_json(form, {"about_what", "noticed", "setting", "on-day", "on-month", "on-year"});
}
json::object child_fields(const Form& form) {
    return to_json(form, {"given_name", "family_name", "born-day", "born-month", "born-year", "unborn", "sex",
                          "postcode", "role", "choice"});
}

json::object to_json(const Answers& answers) {
    json::object object;
    if (answers.sent) {
        object["sent"] = to_string(*answers.sent);
        return object;
    }
    object["what"] = what_fields(answers.what);
    object["when"] = when_fields(answers.when);
    json::array children;
    for (const Form& child : answers.children) children.push_back(child_fields(child));
    object["children"] = std::move(children);
    return object;
}

Answers to_answers(DraftId draft, const json::object& object) {
    Answers answers;
    answers.draft = draft;
    const auto form = [](const json::value* value) {
        return value != nullptr && value->is_object() ? to_form(value->get_object()) : Form();
    };
    answers.what = form(find(object, "what"));
    answers.when = form(find(object, "when"));
    if (const auto* children = find(object, "children"); children != nullptr && children->is_array()) {
        for (const json::value& child : children->get_array()) answers.children.push_back(form(&child));
    }
    if (const auto sent = parse_id<EntryId>(string_or(object, "sent", ""))) answers.sent = *sent;
    return answers;
}

void read_what(Typed& typed, casework::RaiseRequest& request) {
    request.summary =
        typed.required_text("summary", "what you saw or heard", "Say what you saw or heard. A few words are enough");
    request.immediate_danger = typed.choice("danger", {"yes", "no"}, "") == "yes";
}

Noticed read_when(const Visit& visit, Typed& typed, casework::RaiseRequest& request) {
    const auto& catalogue = visit.office().catalogue;
    const auto codes = [&](const char* field) { return codes_of(choices_of(catalogue, "concern.raised", field)); };
    request.about_what = typed.choice("about_what", codes("about_what"), "Choose what the concern is about");
    request.noticed = typed.choice("noticed", codes("noticed"), "");
    request.setting = typed.choice("setting", codes("setting"), "");
    const TypedDate on = typed.date("on", "The date you noticed this", false);
    if (on.empty) typed.fault("on", "Enter the date you noticed this. If you are not sure, enter today’s date");
    if (!on.date) return {};
    const Date today = visit.today();
    if (*on.date > today) typed.fault("on", "The date you noticed this must be today or in the past");
    // Noticed today means now; of another day the time is not known.
    if (*on.date < today)
        request.at = When{
            Instant{std::chrono::duration_cast<std::chrono::microseconds>(on.date->time_since_epoch()).count()}, true};
    return {on.date};
}

void read_child(const Visit& visit, Typed& typed, const std::optional<Date>& noticed,
                casework::RaiseRequest::Child& child) {
    record::Identity& identity = child.as_described;
    identity.given_name = name(typed, "given_name", "the first name or nickname");
    identity.family_name = name(typed, "family_name", "the last name");
    if (identity.given_name.empty() && identity.family_name.empty()) {
        typed.fault("given_name", "Enter a name. A nickname, or what others call the child, is enough");
    }
    read_birth(visit, typed, noticed, identity);
    const std::string sex = typed.choice("sex", {"F", "M", "unknown"}, "");
    if (sex != "unknown") identity.sex = sex;
    identity.postcode = name(typed, "postcode", "the postcode");
    child.involvement = involvement_of(typed.all("role"));
    if (child.involvement == 0) typed.fault("role", "Choose how this child is involved");
    if (const auto known = parse_id<ViewId>(typed.value("choice"))) child.known = *known;
}

Complete read_all(const Visit& visit, const Answers& answers) {
    Complete all;
    all.request.key = to_string(answers.draft);
    Typed what(answers.what);
    read_what(what, all.request);
    if (!what.good()) all.fault_in = "what";
    Typed when(answers.when);
    const Noticed noticed = read_when(visit, when, all.request);
    if (!when.good() && all.fault_in.empty()) all.fault_in = "when";
    std::size_t n = 0;
    for (const Form& form : answers.children) {
        Typed typed(form);
        casework::RaiseRequest::Child child;
        read_child(visit, typed, noticed.day, child);
        ++n;
        if (!typed.good() && all.fault_in.empty()) all.fault_in = fmt::format("children/{}", n);
        all.request.children.push_back(std::move(child));
    }
    if (answers.children.empty() && all.fault_in.empty()) all.fault_in = "children/1";
    return all;
}

}  // namespace waymark::web
