// Evidence in plain words. A weight says whether two records are of one person; it says nothing about a child.
#include "web/pages/match_view.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "web/components/comparison.hpp"
#include "web/components/details.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/waterfall.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using people::Aspect;

const char* protected_words = "Protected, not shown";

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : ", ") + one;
    return out;
}

std::string sex_words(const std::string& code) {
    return code == "F" ? "Female" : code == "M" ? "Male" : code;
}

// What the agency's own file had beside the known columns.
std::string other_columns(const record::Identity& identity) {
    std::string out;
    for (const auto& field : identity.more) {
        const std::string_view key(field.key().data(), field.key().size());
        if (key == "agency" || key == "adoption" || !field.value().is_string()) continue;
        const auto& text = field.value().get_string();
        if (text.empty()) continue;
        out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", key, std::string_view(text.data(), text.size()));
    }
    return out;
}

std::string odds_words(double weight) {
    const double odds = std::exp2(std::min(std::abs(weight), 20.0));
    if (odds < 1.5) return "about as likely one person as two";
    const std::string many = odds >= 1000 ? "more than 1,000" : fmt::format("about {:.0f}", odds);
    return weight > 0 ? many + " to 1 for one person" : many + " to 1 for two people";
}

std::string engine_words(const casework::MatchPage& page) {
    if (page.comparison.contradicted)
        return "The two have different numbers, where one person has only one. The engine never joins such records by "
               "itself.";
    if (page.comparison.twin_or_sibling)
        return "This may be a twin, a brother or a sister. The engine never joins such records by itself.";
    switch (page.engine) {
        case people::Outcome::linked:
            return "On this alone the engine would join the two.";
        case people::Outcome::review:
            return "This is too much to pass over and too little to join the two without a person.";
        case people::Outcome::not_linked:
            break;
    }
    return "On this alone the engine would not offer the two.";
}

Html evidence_table(const casework::MatchPage& page) {
    TableOptions o;
    o.caption = "What was found, and what it says";
    o.caption_classes = "govuk-table__caption--s";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Compared"},
              {.content = "What was found"},
              {.content = "What it says of one person"},
              {.content = "Total so far", .format = "numeric"}};
    double total = page.prior;
    const auto cell = [](const char* label, const Html& content, const char* format = "") {
        TableCell made = labelled(label, content);
        made.format = format;
        return made;
    };
    o.rows.push_back({{.content = "Before comparing"},
                      cell("Found", "Two records taken at random are hardly ever of one person"),
                      cell("Says", "the beginning"),
                      cell("Total so far", signed_number(total), "numeric")});
    for (const auto& each : page.comparison.evidence) {
        total += each.weight;
        o.rows.push_back({{.content = aspect_words(each.aspect)},
                          cell("Found", each.words.empty() ? std::string("Nothing") : each.words),
                          cell("Says", strength_words(each)),
                          cell("Total so far", signed_number(total), "numeric")});
    }
    o.rows.push_back({{.content = "All together"},
                      cell("Found", engine_words(page)),
                      cell("Says", page.comparison.twin_or_sibling || page.comparison.contradicted
                                       ? std::string("a person must say it, whatever the total")
                                       : odds_words(page.comparison.weight)),
                      cell("Total so far", signed_number(total), "numeric")});
    return table(o);
}

Html evidence_chart(const casework::MatchPage& page) {
    WaterfallOptions o;
    o.id = "evidence";
    o.title = "How the evidence adds up";
    o.start_label = "Before comparing";
    o.start = page.prior;
    for (const auto& each : page.comparison.evidence) o.steps.push_back({aspect_words(each.aspect), each.weight});
    o.total_label = "All together";
    o.marks = {{"a person is asked", page.review_at, true}, {"joined", page.link_at, false}};
    o.description = fmt::format(
        "From {} before comparing to {} with everything. A person is asked from {}, records are joined from {}. The "
        "table "
        "before this drawing says the same in words.",
        signed_number(page.prior), signed_number(page.comparison.weight), signed_number(page.review_at),
        signed_number(page.link_at));
    Writer w;
    w.open("figure").classes({"waymark-figure"});
    w.add(waterfall(o));
    w.open("figcaption").classes({"govuk-body-s"});
    w.text(
        "A full bar that points right speaks for one person. A hollow bar that points left speaks for two. Dashed "
        "line: from here a person is asked. Full line: from here the engine joins by itself, if nothing forbids it.");
    w.close("figcaption").close("figure");
    return w.done();
}

Html one_decision(const Visit& visit, const casework::PastDecision& one) {
    std::string head = decision_words(one);
    if (one.taken_back) head += " (taken back later)";
    Html out = paragraph(Writer().element("strong", "", head).done() +
                         Html(fmt::format(". {}, {}. {}.", one.by_engine ? std::string("The matching engine") : one.by,
                                          one.agency, when_words(visit.zone(), one.at))));
    if (!one.reason.empty()) out += paragraph("Reason: " + one.reason);
    if (!one.of_this_pair) out += paragraph("This was decided on other records of the same people.");
    if (one.evidence) {
        out += details({.summary = Html::raw("What the engine had found then") +
                                   visually_hidden(", for the decision of " + when_words(visit.zone(), one.at)),
                        .content = evidence_then(*one.evidence)});
    }
    return out;
}

}  // namespace

std::string match_url(ViewId a, ViewId b) {
    return fmt::format("/matches/{}/{}", to_string(a), to_string(b));
}

std::string aspect_words(Aspect aspect) {
    switch (aspect) {
        case Aspect::given_name:
            return "Given name";
        case Aspect::family_name:
            return "Family name";
        case Aspect::other_names:
            return "Other names";
        case Aspect::date_of_birth:
            return "Date of birth";
        case Aspect::address:
            return "Address";
        case Aspect::postcode:
            return "Postcode";
        case Aspect::sex:
            return "Sex";
        case Aspect::nhs_number:
            return "NHS number";
        case Aspect::upn:
            return "Pupil number";
        case Aspect::la_child_id:
            return "Council’s number";
        case Aspect::phone:
            return "Telephone";
        case Aspect::email:
            return "E-mail";
        case Aspect::household:
            return "One household";
    }
    return {};
}

std::string strength_words(const people::Evidence& evidence) {
    if (evidence.level == "missing") return "neither for nor against";
    const double size = std::abs(evidence.weight);
    if (size < 0.25) return "neither for nor against";
    const char* strength = size >= 6 ? "very strong " : size >= 3 ? "strong " : size >= 1 ? "" : "slightly ";
    return std::string(strength) + (evidence.weight > 0 ? "for" : "against");
}

std::string decision_words(const casework::PastDecision& one) {
    if (one.takes_back && one.decision == "not-yet") return "Decision taken back";
    if (one.decision == "same") return "One person";
    return one.decision == "not-same" ? "Two people" : "Cannot be told yet";
}

Html both_views(const Visit& visit, const casework::MatchPage& page) {
    const record::Identity& l = page.a.identity;
    const record::Identity& r = page.b.identity;
    ComparisonOptions o;
    o.caption = "What each agency wrote";
    o.left_heading = page.a.agency;
    o.right_heading = page.b.agency;
    if (page.a.agency == page.b.agency) {
        o.left_heading = page.a.agency + ", first record";
        o.right_heading = page.b.agency + ", second record";
    }
    std::string nowhere;  // what neither agency wrote, said in one line
    const auto row = [&](const char* label, Aspect aspect, const std::string& left, const std::string& right) {
        if (left.empty() && right.empty()) {
            nowhere += (nowhere.empty() ? "" : "; ") + std::string(label);
            return;
        }
        o.rows.push_back({.label = label,
                          .left = left,
                          .right = right,
                          .agreement = agreement_of(page.comparison, aspect, !left.empty(), !right.empty())});
    };
    // What is not weighed has no verdict; rows that neither agency filled in are left out.
    const auto plain = [&](const char* label, const std::string& left, const std::string& right) {
        if (left.empty() && right.empty()) return;
        o.rows.push_back({.label = label, .left = left, .right = right, .note = "Not compared"});
    };
    const auto unless_protected = [](const record::Identity& of, const std::string& value) {
        return of.address_protected ? std::string(protected_words) : value;
    };
    const auto born = [&](const record::Identity& of) {
        return of.date_of_birth || of.expected_date_of_birth ? born_words(of, visit.today()) : std::string();
    };
    row("Given name", Aspect::given_name, l.given_name, r.given_name);
    row("Family name", Aspect::family_name, l.family_name, r.family_name);
    plain("Other names", joined(l.other_names), joined(r.other_names));
    row("Date of birth", Aspect::date_of_birth, born(l), born(r));
    row("Sex", Aspect::sex, sex_words(l.sex), sex_words(r.sex));
    const auto guarded = [&](const char* label, Aspect aspect, const std::string& left, const std::string& right) {
        if (!l.address_protected && !r.address_protected) return row(label, aspect, left, right);
        o.rows.push_back({.label = label,
                          .left = unless_protected(l, left),
                          .right = unless_protected(r, right),
                          .note = "Not compared in sight of others"});
    };
    guarded("Address", Aspect::address, l.address, r.address);
    guarded("Postcode", Aspect::postcode, l.postcode, r.postcode);
    row("NHS number", Aspect::nhs_number, l.nhs_number, r.nhs_number);
    row("Pupil number", Aspect::upn, l.upn, r.upn);
    row("Council’s number", Aspect::la_child_id, l.la_child_id, r.la_child_id);
    guarded("Telephone", Aspect::phone, l.phone, r.phone);
    guarded("E-mail", Aspect::email, l.email, r.email);
    if (!l.address_protected && !r.address_protected) plain("Also on the register", other_columns(l), other_columns(r));
    const auto kept = [&](const casework::MatchSide& side) {
        std::string words = fmt::format("Since {}", format_long(visit.zone().day_of(side.view.recorded)));
        if (side.versions > 1) {
            words += fmt::format(". Written {} times, last on {}", side.versions,
                                 format_long(visit.zone().day_of(side.changed)));
        }
        return words;
    };
    plain("Known to that agency", kept(page.a), kept(page.b));
    plain("Joined with records of", joined(page.a.joined), joined(page.b.joined));
    Html out = comparison(o);
    if (!nowhere.empty()) out += paragraph("Neither agency wrote: " + nowhere + ".");
    return out;
}

Html weighing(const casework::MatchPage& page) {
    Html out = heading(2, "What speaks for and against", "m");
    out += paragraph(engine_words(page));
    out += evidence_table(page);
    out += paragraph(
        "A total of 0 means: as likely one person as two. Each step of 1 doubles the odds. The numbers say only "
        "whether "
        "two records are of one person. They say nothing about a child.");
    out += evidence_chart(page);
    return out;
}

Html model_in_force(const Visit& visit) {
    const auto model = casework::model_in_force(visit.office());
    const std::string who = model.by == "operator" ? "the operator of the machine" : model.by;
    std::vector<SummaryRow> rows;
    rows.push_back({.key = "Model",
                    .value = model.shipped ? std::string("The one that came with the program")
                                           : fmt::format("The partnership’s own, version {}", model.version)});
    rows.push_back({.key = "Adopted",
                    .value = model.adopted
                                 ? fmt::format("{}, by {}", format_long(visit.zone().day_of(*model.adopted)), who)
                                 : std::string("By nobody: it stands as long as no other is adopted")});
    rows.push_back({.key = "Joins by itself",
                    .value = fmt::format("from {}, {}", signed_number(model.link_at), odds_words(model.link_at))});
    rows.push_back({.key = "Asks a person",
                    .value = fmt::format("from {}, {}", signed_number(model.review_at), odds_words(model.review_at))});
    rows.push_back(
        {.key = "Expects to be right",
         .value = fmt::format("in {:.1f} of 100 pairs that it joins. This is its own word, and no measurement",
                              100 * model.expected_precision)});
    return details({.summary = "Which model weighs", .content = summary_list({.rows = std::move(rows)})});
}

Html evidence_then(const people::Comparison& comparison) {
    std::vector<SummaryRow> rows;
    for (const auto& each : comparison.evidence) {
        rows.push_back(
            {.key = aspect_words(each.aspect),
             .value = fmt::format("{} ({})", each.words.empty() ? "Nothing" : each.words, strength_words(each))});
    }
    rows.push_back({.key = "All together",
                    .value = fmt::format("{}, {}", signed_number(comparison.weight), odds_words(comparison.weight))});
    return summary_list({.rows = std::move(rows), .classes = "govuk-summary-list--no-border"});
}

Html decision_history(const Visit& visit, const casework::MatchPage& page) {
    Html out = heading(2, "What was decided", "m");
    if (page.history.empty()) return out + paragraph("Nobody has decided on these two records yet.");
    std::vector<Html> items;
    Writer w;
    w.open("ol").classes({"govuk-list waymark-history"});
    for (const auto& one : page.history) w.open("li").add(one_decision(visit, one)).close("li");
    w.close("ol");
    return out + w.done();
}

Html decided_before(const Visit& visit, const casework::PastDecision& one) {
    std::string words = fmt::format("{} ({}) decided on {}: {}.", one.by, one.agency, when_words(visit.zone(), one.at),
                                    one.decision == "same"       ? "one person"
                                    : one.decision == "not-same" ? "two people"
                                                                 : "it cannot be told yet");
    if (!one.agreed_by.empty()) words += fmt::format(" {} agreed.", one.agreed_by);
    Html out = paragraph(words);
    if (!one.reason.empty()) out += paragraph("Reason: " + one.reason);
    return out;
}

}  // namespace waymark::web
