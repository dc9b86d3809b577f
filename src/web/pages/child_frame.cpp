// The frame of every page of a child's record: whose it is, its parts, and what the reader must know of their own
// access.
#include <algorithm>

#include <fmt/format.h>

#include "casework/looked.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/sub_navigation.hpp"
#include "web/pages/child_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

// Said at the head of each page of the record: who else may not see it, and when one's own access ends.
Html access_words(const Visit& visit, const casework::PersonPage& child) {
    Html out;
    for (const auto& one : child.restrictions) {
        const auto words =
            fmt::format("Access to this record is restricted: {}. {} {}.", one.words,
                        one.review_due ? "Review due by" : "To be reviewed by", format_long(one.review_by));
        out += inset_text({.content = paragraph(words)});
    }
    if (child.access_ends && child.by_glass) {
        const auto words = fmt::format(
            "You opened this record in an emergency. It closes to you on {}. That you opened it, and why, stands in "
            "the "
            "chronology.",
            moment_words(visit.zone(), *child.access_ends));
        out += inset_text({.content = paragraph(words)});
    } else if (child.access_ends) {
        const auto words =
            fmt::format("Your access to this record ends on {}. If you still need it, ask whoever leads the case.",
                        moment_words(visit.zone(), *child.access_ends));
        out += inset_text({.content = paragraph(words)});
    }
    return out;
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& group_names() {
    static const std::vector<std::pair<std::string, std::string>> names{{"concern", "Concerns"},
                                                                        {"decision", "Decisions"},
                                                                        {"assessment", "Assessments"},
                                                                        {"plan", "Plans"},
                                                                        {"meeting", "Meetings"},
                                                                        {"contact", "Visits and views"},
                                                                        {"support", "Support"},
                                                                        {"justice", "Police and courts"},
                                                                        {"challenge", "Challenges"},
                                                                        {"consultation", "Consultation"},
                                                                        {"case", "The case"},
                                                                        {"identity", "Who the child is"},
                                                                        {"circumstance", "Circumstances"},
                                                                        {"outcome", "Outcomes"},
                                                                        {"sharing", "Sharing"}};
    return names;
}

bool adds_entries(const Visit& visit) {
    const auto kinds = visit.office().catalogue.kinds();
    return std::any_of(kinds.begin(), kinds.end(), [&](const content::Kind& kind) {
        return !kind.own_flow && kind.needs_subject && visit.may(record::Action::append, kind.key);
    });
}

std::string child_url(ViewId person) {
    return "/children/" + to_string(person);
}

Page child_frame(const Visit& visit, const casework::PersonPage& child, const std::string& title, ChildPart part) {
    Page page = visit.page(title, Place::children);
    page.wide = true;
    const std::string url = child_url(child.person);
    SubNavigationOptions o{.label = "Parts of the record"};
    o.items.push_back({.text = "Chronology", .href = url, .current = part == ChildPart::chronology});
    o.items.push_back({.text = "Standing", .href = url + "/standing", .current = part == ChildPart::standing});
    o.items.push_back({.text = "People", .href = url + "/people", .current = part == ChildPart::people});
    o.items.push_back({.text = "Places", .href = url + "/places", .current = part == ChildPart::places});
    o.items.push_back({.text = "Plans", .href = url + "/plans", .current = part == ChildPart::plans});
    o.items.push_back(
        {.text = "Classification", .href = url + "/classifications", .current = part == ChildPart::classification});
    o.items.push_back(
        {.text = "Consultation", .href = url + "/consultations", .current = part == ChildPart::consultation});
    o.items.push_back({.text = "Meetings", .href = url + "/meetings", .current = part == ChildPart::meetings});
    o.items.push_back({.text = "Assessments", .href = url + "/assessments", .current = part == ChildPart::assessments});
    o.items.push_back({.text = "Police and courts", .href = url + "/justice", .current = part == ChildPart::justice});
    o.items.push_back({.text = "Sharing and checks", .href = url + "/telling", .current = part == ChildPart::telling});
    o.items.push_back({.text = "Who do I ring?", .href = url + "/ring", .current = part == ChildPart::ring});
    std::string matches = "Possible matches";
    if (!child.to_review.empty()) matches += fmt::format(" ({})", child.to_review.size());
    o.items.push_back({.text = matches, .href = url + "/matches", .current = part == ChildPart::matches});
    if (part == ChildPart::add || adds_entries(visit))
        o.items.push_back({.text = "Add to the record", .href = url + "/add", .current = part == ChildPart::add});
    if (casework::may_ask_who_looked(visit.office(), visit.asker(), child.leads))
        o.items.push_back({.text = "Who has looked", .href = url + "/looked", .current = part == ChildPart::looked});
    page.before_main = whose_record(visit, child) + sub_navigation(o);
    page.content += access_words(visit, child);
    const bool withholds = std::any_of(child.identities.begin(), child.identities.end(),
                                       [](const auto& one) { return !one.protected_address.empty(); }) ||
                           std::any_of(child.lines.begin(), child.lines.end(), [](const casework::Line& line) {
                               return !line.entry.protected_address.empty() && !line.superseded;
                           });
    if (part == ChildPart::chronology && withholds && visit.may(record::Action::reveal_address))
        page.content += paragraph(link(url + "/address", "Read a protected address"));
    if (part == ChildPart::chronology && visit.may(record::Action::append, "restriction.set"))
        page.content += paragraph(link(url + "/restrictions", "Restrict this record"));
    if (part == ChildPart::chronology && visit.may(record::Action::append, "pairing.recorded"))
        page.content +=
            paragraph(link(url + "/separate", "Link it with another child’s record, and keep them separate"));
    return page;
}

}  // namespace waymark::web
