// Pieces that several pages show.
#include "web/pages/parts.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "web/components/button.hpp"
#include "web/components/identity_bar.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

int whole_years(Date born, Date today) {
    const std::chrono::year_month_day from{born};
    const std::chrono::year_month_day to{today};
    int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
    if (std::pair(to.month(), to.day()) < std::pair(from.month(), from.day())) --years;
    return years;
}

std::size_t told(const record::Identity& identity) {
    return std::size_t{2} * !identity.given_name.empty() + std::size_t{2} * !identity.family_name.empty() +
           identity.date_of_birth.has_value() + !identity.postcode.empty();
}

std::string dob_words(const record::Identity& identity) {
    if (identity.date_of_birth) return format_long(*identity.date_of_birth);
    if (identity.expected_date_of_birth) return "Expected " + format_long(*identity.expected_date_of_birth);
    return {};
}

}  // namespace

Html danger_panel() {
    return urgent_panel(
        {.heading = "Telephone now",
         .content = "A child is said to be in immediate danger. Do not wait for an answer on this page. Call:",
         .telephone = "999"});
}

Html print_button() {
    Writer w;
    w.open("button")
        .attr("type", "button")
        .classes({"govuk-button govuk-button--secondary"})
        .flag("hidden", true)
        .flag("data-print", true);
    return w.text("Print this page").close("button").done();
}

TableCell labelled(const char* label, const Html& content) {
    return {.content = content, .attributes = {{"data-label", label}}};
}

std::string born_words(const record::Identity& identity, Date today) {
    if (!identity.date_of_birth)
        return identity.expected_date_of_birth ? dob_words(identity) : std::string("Not known");
    const int years = whole_years(*identity.date_of_birth, today);
    std::string date = format_long(*identity.date_of_birth);
    if (identity.dob_accuracy.starts_with("UU"))
        date = "in " + date.substr(date.rfind(' ') + 1);
    else if (identity.dob_accuracy.starts_with("U"))
        date = "in " + date.substr(date.find(' ') + 1);
    return fmt::format("{} ({} {} old)", date, years, years == 1 ? "year" : "years");
}

std::string agency_words(const casework::Office& office, std::string_view key) {
    const content::Agency* agency = office.profile.agency(key);
    return agency == nullptr ? (key == casework::engine_agency ? std::string("Waymark") : std::string(key))
                             : agency->name;
}

std::string author_words(const casework::Line& line) {
    if (line.entry.row.agency == casework::engine_agency) return "Matching engine";
    return line.author == "import" ? "Imported" : line.author;
}

const record::Identity* best_identity(const casework::PersonPage& page) {
    const auto best = std::max_element(page.identities.begin(), page.identities.end(),
                                       [](const auto& a, const auto& b) { return told(a) < told(b); });
    return best == page.identities.end() ? nullptr : &*best;
}

Html whose_record(const Visit& visit, const casework::PersonPage& page) {
    const record::Identity* identity = best_identity(page);
    std::set<std::string> agencies;
    for (const auto& view : page.views) {
        if (view.agency != casework::engine_agency) agencies.insert(agency_words(visit.office(), view.agency));
    }
    std::string known_to;
    for (const std::string& agency : agencies) known_to += (known_to.empty() ? "" : ", ") + agency;
    IdentityBarOptions o;
    o.title = identity == nullptr ? std::string("Name not known") : record::shown_name(*identity);
    if (identity != nullptr) o.facts.emplace_back("Born", born_words(*identity, visit.today()));
    if (!known_to.empty()) o.facts.emplace_back("Known to", known_to);
    if (page.identities.size() > 1) {
        std::set<std::string> others;
        for (const auto& other : page.identities) {
            const std::string name = record::shown_name(other);
            if (identity != nullptr && name != record::shown_name(*identity)) others.insert(name);
        }
        std::string also;
        for (const std::string& name : others) also += (also.empty() ? "" : ", ") + name;
        if (!also.empty()) o.facts.emplace_back("Also written as", also);
    }
    return identity_bar(o);
}

Agreement agreement_of(const people::Comparison& comparison, people::Aspect aspect, bool left, bool right) {
    if (!left && !right) return Agreement::both_missing;
    if (!left || !right) return Agreement::one_missing;
    for (const people::Evidence& evidence : comparison.evidence) {
        if (evidence.aspect != aspect) continue;
        if (evidence.level == "same") return Agreement::same;
        return evidence.weight > 0 ? Agreement::similar : Agreement::differs;
    }
    return Agreement::similar;
}

Html evidence_words(const people::Comparison& comparison) {
    std::vector<Html> speaks_for;
    std::vector<Html> against;
    for (const people::Evidence& evidence : comparison.evidence) {
        if (evidence.level == "missing" || evidence.words.empty() || evidence.weight == 0) continue;
        (evidence.weight > 0 ? speaks_for : against).emplace_back(evidence.words);
    }
    if (comparison.twin_or_sibling) against.emplace_back("This may be a twin, a brother or a sister");
    if (comparison.contradicted) against.emplace_back("The two have different numbers, where one child has only one");
    Writer w;
    const auto part = [&w](const char* title, const std::vector<Html>& items) {
        w.open("p").classes({"govuk-body govuk-!-margin-bottom-1"}).element("strong", "", title).close("p");
        if (items.empty())
            w.add(paragraph("Nothing"));
        else
            w.add(bullets(items));
    };
    part("What speaks for the same child", speaks_for);
    part("What speaks against", against);
    return w.done();
}

Html side_by_side(const Visit&, const record::Identity& left, const std::string& left_heading,
                  const people::Offered& right, const std::string& right_heading, const std::string& caption) {
    using people::Aspect;
    ComparisonOptions o;
    o.caption = caption;
    o.caption_classes = "govuk-table__caption--s";
    o.left_heading = left_heading;
    o.right_heading = right_heading;
    const auto row = [&](const char* label, Aspect aspect, const std::string& l, const std::string& r) {
        o.rows.push_back({.label = label,
                          .left = l,
                          .right = r,
                          .agreement = agreement_of(right.comparison, aspect, !l.empty(), !r.empty())});
    };
    const record::Identity& r = right.identity;
    row("Given name", Aspect::given_name, left.given_name, r.given_name);
    row("Family name", Aspect::family_name, left.family_name, r.family_name);
    row("Date of birth", Aspect::date_of_birth, dob_words(left), dob_words(r));
    row("Sex", Aspect::sex, left.sex, r.sex);
    row("Address", Aspect::address, record::address_words(left), record::address_words(r));
    row("Postcode", Aspect::postcode, left.postcode, r.postcode);
    row("NHS number", Aspect::nhs_number, left.nhs_number, r.nhs_number);
    row("Pupil number", Aspect::upn, left.upn, r.upn);
    return comparison(o) + evidence_words(right.comparison);
}

tl::expected<Date, std::string> past_day(const Visit& visit, std::string_view text) {
    const auto day = parse_date(text);
    if (!day) return tl::unexpected<std::string>("Enter a date, like 2026-03-27");
    if (*day > visit.today()) return tl::unexpected<std::string>("The date must be today or in the past");
    return *day;
}

std::vector<std::pair<std::string, std::string>> date_values(const Typed& typed, const std::string& prefix) {
    std::vector<std::pair<std::string, std::string>> values;
    for (const char* part : {"-day", "-month", "-year"}) values.emplace_back(prefix + part, typed.value(prefix + part));
    return values;
}

Form with_today(Form form, Date today) {
    if (form.has("on-day") || form.has("on-month") || form.has("on-year")) return form;
    const std::chrono::year_month_day day{today};
    form.add("on-day", std::to_string(static_cast<unsigned>(day.day())));
    form.add("on-month", std::to_string(static_cast<unsigned>(day.month())));
    form.add("on-year", std::to_string(static_cast<int>(day.year())));
    return form;
}

}  // namespace waymark::web
