// Two years of made record. Each child is given one course of events; a course is a list of steps in days before today.
// What is written is category and code; where a text is wanted it says that it is a demonstration and nothing more.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "cli/demo.hpp"

namespace waymark::cli {
namespace {

using std::chrono::days;

constexpr std::string_view demonstration_text =
    "Demonstration entry: recorded by category and code, no description is held.";

std::string author_in(const content::Profile& profile, std::string_view agency_type, std::string_view role) {
    const content::Practitioner* any = nullptr;
    for (const content::Practitioner& p : profile.practitioners) {
        const content::Agency* agency = profile.agency(p.agency);
        if (agency == nullptr || agency->type != agency_type) continue;
        if (p.role == role) return p.key;
        if (any == nullptr) any = &p;
    }
    return any == nullptr ? std::string("unknown") : any->key;
}

// Makes drafts about one child. Every agency refers to the child by its own identity of them.
class Teller {
public:
    Teller(const content::Profile& profile, const DemoChild& child, Instant now, const Zone& zone, SeededRandom& random,
           std::vector<record::Draft>& out)
        : profile_(profile), child_(child), now_(now), zone_(zone), random_(random), out_(out) {}

    // An entry `days_ago` days before today, in working hours; returns its id.
    std::string tell(int days_ago, std::string_view agency_type, std::string_view role, std::string_view kind,
                     json::object body, std::string about = {},
                     record::Involvement involvement = record::Involvement::subject, std::string incident = {}) {
        record::Draft draft;
        draft.kind = kind;
        draft.at = {moment(days_ago), false};
        draft.recorded = draft.at.instant + std::chrono::minutes(5 + random_.below(50));
        draft.agency = agency_of_type(profile_, agency_type);
        draft.author = author_in(profile_, agency_type, role);
        draft.body = std::move(body);
        draft.about = std::move(about);
        draft.incident = std::move(incident);
        draft.id = "demo-" + child_.social_care.id + "-" + std::to_string(++count_);
        record::Subject subject;
        subject.involvement = static_cast<record::Involvements>(involvement);
        subject.identity = identity_for(agency_type);
        draft.subjects.push_back(std::move(subject));
        out_.push_back(std::move(draft));
        return out_.back().agency + "/" + out_.back().id;
    }

    std::string concern(int days_ago, std::string_view agency_type, std::string_view role, std::string_view about_what,
                        std::string_view setting, bool danger = false,
                        record::Involvement involvement = record::Involvement::displayed, std::string incident = {}) {
        return tell(days_ago, agency_type, role, "concern.raised",
                    {{"about_what", about_what},
                     {"setting", setting},
                     {"noticed", "observed"},
                     {"summary", demonstration_text},
                     {"immediate_danger", danger}},
                    {}, involvement, std::move(incident));
    }
    void triage(int days_ago, const std::string& about, std::string_view outcome) {
        tell(days_ago, "social-care", "front-door", "triage.decided",
             {{"outcome", outcome}, {"rationale", demonstration_text}}, about);
    }
    void feedback(int days_ago, const std::string& about, std::string_view outcome, std::string_view to_type) {
        tell(days_ago, "social-care", "front-door", "feedback.given",
             {{"to", agency_of_type(profile_, to_type)}, {"outcome", outcome}}, about);
    }
    // A social worker leads the case from here on.
    void led(int days_ago) {
        tell(days_ago, "social-care", "social-worker", "case.opened",
             {{"lead", author_in(profile_, "social-care", "social-worker")}});
    }
    json::object action(const char* id, std::string_view owner_type, int days_ahead) const {
        return {{"id", id},
                {"text", demonstration_text},
                {"owner", agency_of_type(profile_, owner_type)},
                {"due", due(days_ahead)}};
    }
    json::array agencies(std::initializer_list<std::string_view> types) const {
        json::array list;
        for (const std::string_view type : types) list.emplace_back(agency_of_type(profile_, type));
        return list;
    }
    [[nodiscard]] std::string date(int days_ago) const { return format_date(zone_.day_of(now_) - days(days_ago)); }
    [[nodiscard]] std::string due(int days_ahead) const { return date(-days_ahead); }

private:
    Instant moment(int days_ago) {
        Date day = zone_.day_of(now_) - days(days_ago);
        if (days_ago > 3) {
            while (is_weekend(day)) day -= days(1);
        }
        Instant then = zone_.at(day, 9, static_cast<int>(random_.below(60)));
        // Steps follow each other in the order they are told, and none is in the future.
        then = std::max(then, last_ + std::chrono::minutes(25));
        if (then > now_ - std::chrono::minutes(10))
            then = std::max(last_ + std::chrono::minutes(1), now_ - std::chrono::minutes(60));
        last_ = then;
        return then;
    }
    record::Identity identity_for(std::string_view agency_type) const {
        if (agency_type == "social-care") return child_.social_care;
        if (agency_type == "education") return child_.school;
        // The other agencies hold the child under numbers of their own.
        record::Identity own = child_.social_care;
        own.source = std::string(agency_type) + "-register";
        own.id = "N" + child_.social_care.id;
        own.more = {};
        return own;
    }

    const content::Profile& profile_;
    const DemoChild& child_;
    Instant now_;
    const Zone& zone_;
    SeededRandom& random_;
    std::vector<record::Draft>& out_;
    int count_ = 0;
    Instant last_;
};

// Twice reported, twice closed, never put together.
void course_closed_twice(Teller& t, int shift) {
    const auto first = t.concern(500 + shift, "education", "school-lead", "displayed-behaviour", "school");
    t.triage(499 + shift, first, "no-further-action");
    const auto second = t.concern(160 + shift, "health", "health-practitioner", "displayed-behaviour", "home");
    t.triage(158 + shift, second, "advice");
    t.feedback(157 + shift, second, "advice", "health");
}

// The procedure as it should go: strategy for the child, assessment, plan, visits, reviews.
void course_through(Teller& t, int shift) {
    const auto concern = t.concern(300 + shift, "education", "school-lead", "displayed-behaviour", "school");
    t.triage(299 + shift, concern, "strategy-discussion");
    t.feedback(299 + shift, concern, "strategy-discussion", "education");
    t.tell(298 + shift, "social-care", "social-care-manager", "strategy.held",
           {{"attended", t.agencies({"social-care", "police", "health", "education", "youth-justice"})},
            {"decision", "section-47"},
            {"section_47_considered", true},
            {"support_for_affected_considered", true}});
    t.tell(297 + shift, "social-care", "social-worker", "enquiry.opened", {{"type", "section-47"}});
    t.led(297 + shift);
    t.tell(296 + shift, "social-care", "social-worker", "assessment.started", {{"template", "child-and-family"}});
    t.tell(280 + shift, "social-care", "social-worker", "visit.made", {{"seen", true}, {"seen_alone", true}});
    t.tell(270 + shift, "social-care", "social-worker", "concern.classified",
           {{"category", "problematic"}, {"tool", "continuum"}, {"rationale", demonstration_text}}, concern);
    t.tell(250 + shift, "social-care", "social-worker", "assessment.completed", {{"template", "child-and-family"}});
    const auto plan = t.tell(
        245 + shift, "social-care", "social-worker", "plan.agreed",
        {{"type", "safety"},
         {"review_by", t.due(30 - shift)},
         {"actions", json::array{t.action("a1", "social-care", -230 - shift), t.action("a2", "education", -10 - shift),
                                 t.action("a3", "health", 21 + shift)}}});
    t.tell(238 + shift, "social-care", "social-worker", "action.completed", {{"action", "a1"}}, plan);
    t.tell(237 + shift, "education", "school-lead", "keep-apart.agreed",
           {{"setting", "school"}, {"review_by", t.due(14)}});
    for (int day = 230 + shift; day > 20; day -= 28) {
        t.tell(day, "social-care", "social-worker", "visit.made", {{"seen", true}, {"seen_alone", day % 3 == 0}});
    }
    t.tell(150 + shift, "social-care", "reviewing-officer", "plan.reviewed",
           {{"type", "safety"}, {"outcome", "continues"}});
    t.tell(60, "social-care", "reviewing-officer", "plan.reviewed", {{"type", "safety"}, {"outcome", "continues"}});
    t.tell(15, "health", "health-practitioner", "support.delivered", {{"type", "therapeutic"}});
}

// Disclosure, crime, and then months in which little is done.
void course_waiting(Teller& t, int shift) {
    const auto concern = t.concern(240 + shift, "police", "police-officer", "displayed-behaviour", "community");
    t.triage(239 + shift, concern, "assessment");
    t.led(238 + shift);
    t.tell(236 + shift, "police", "police-officer", "disclosure.made", {{"to", "police"}});
    t.tell(235 + shift, "police", "police-officer", "crime.recorded", {{"flags", json::array{"hsb"}}});
    t.tell(230 + shift, "social-care", "social-worker", "assessment.started", {{"template", "child-and-family"}});
    t.tell(190 + shift, "social-care", "social-worker", "assessment.completed", {{"template", "child-and-family"}});
    t.tell(170 + shift, "youth-justice", "youth-justice-worker", "support.offered",
           {{"type", "interim"}, {"provider", "youth justice service"}, {"response", "accepted"}});
    t.tell(150 + shift, "youth-justice", "youth-justice-worker", "support.delivered", {{"type", "interim"}});
    t.tell(95, "police", "police-officer", "charge.decided", {{"decision", "charge"}, {"diversion_considered", true}});
}

// A referral that became early help and ended well.
void course_ended(Teller& t, int shift) {
    const auto concern =
        t.concern(420 + shift, "early-years", "early-years-lead", "displayed-behaviour", "early-years");
    t.triage(419 + shift, concern, "early-help");
    t.feedback(418 + shift, concern, "early-help", "early-years");
    t.tell(400 + shift, "education", "school-lead", "support.started", {{"type", "practical"}});
    t.tell(330 + shift, "education", "school-lead", "support.ended", {{"type", "practical"}});
    t.tell(320 + shift, "social-care", "social-care-manager", "case.closed", {{"reason", "needs met"}});
}

// Somebody who was harmed, in an incident of two children.
void course_affected(Teller& t, int shift) {
    const auto concern = t.concern(120 + shift, "education", "school-lead", "harmed", "school", false,
                                   record::Involvement::affected, "demo-incident-" + std::to_string(shift));
    t.triage(119 + shift, concern, "assessment");
    t.led(118 + shift);
    t.tell(110 + shift, "social-care", "social-worker", "assessment.started", {{"template", "child-and-family"}});
    t.tell(80, "social-care", "social-worker", "visit.made", {{"seen", true}, {"seen_alone", true}});
    t.tell(75, "health", "health-practitioner", "support.started", {{"type", "therapeutic"}});
    t.tell(10, "health", "health-practitioner", "support.delivered", {{"type", "therapeutic"}});
}

// Two agencies asked what they hold: one has answered, one is late. A decision not to share that is due for review.
void course_telling(Teller& t, const content::Profile& profile) {
    t.tell(30, "social-care", "social-care-manager", "sharing.decided",
           {{"decision", "not-shared"},
            {"asked_by", agency_of_type(profile, "voluntary")},
            {"asked_for", demonstration_text},
            {"reason_code", "not-necessary"},
            {"reason", demonstration_text},
            {"review_by", t.date(2)}});
    const auto ask = [&](std::string_view type) {
        return t.tell(4, "social-care", "front-door", "check.requested",
                      {{"to", agency_of_type(profile, type)},
                       {"request", "demonstration-check"},
                       {"purpose", "triage"},
                       {"due", t.date(1)},
                       {"text", demonstration_text}});
    };
    ask("police");
    const auto health = ask("health");
    t.tell(2, "health", "health-practitioner", "check.answered", {{"holds", "nothing"}}, health);
}

// Somebody who raised a concern disagrees with its being closed.
void course_challenge(Teller& t, const content::Profile& profile) {
    const auto concern = t.concern(9, "early-years", "early-years-lead", "displayed-behaviour", "early-years");
    t.triage(8, concern, "no-further-action");
    t.feedback(8, concern, "no-further-action", "early-years");
    t.tell(1, "early-years", "early-years-lead", "challenge.raised",
           {{"to", agency_of_type(profile, "social-care")},
            {"about_what", "threshold"},
            {"stage", "1"},
            {"text", demonstration_text}},
           concern);
}

struct Waiting {  // for the front door, today
    int days_ago;
    const char* agency_type;
    const char* role;
    const char* about_what;
    const char* setting;
    bool danger;
};
constexpr std::array<Waiting, 10> waiting{
    {{0, "education", "school-lead", "displayed-behaviour", "school", true},
     {0, "early-years", "early-years-lead", "displayed-behaviour", "early-years", false},
     {0, "health", "health-practitioner", "harmed", "home", false},
     {1, "police", "police-officer", "exploitation", "online", false},
     {1, "education", "school-lead", "displayed-behaviour", "transport", false},
     {1, "youth-justice", "youth-justice-worker", "displayed-behaviour", "community", false},
     {2, "education", "school-lead", "displayed-behaviour", "online", false},
     {4, "health", "health-practitioner", "displayed-behaviour", "home", false},
     {5, "education", "school-lead", "harmed", "school", false},
     {6, "early-years", "early-years-lead", "other", "home", false}}};

// The course of the n-th child. The first ten have a concern waiting at the front door; most of those have earlier
// ones.
void tell_child(Teller& t, const content::Profile& profile, std::size_t n, SeededRandom& random) {
    const int shift = static_cast<int>(random.below(60));
    switch (n % 8) {
        case 0:
            course_closed_twice(t, shift);
            break;
        case 1:
            course_through(t, shift);
            break;
        case 2:
            course_waiting(t, shift);
            break;
        case 3:
            course_ended(t, shift);
            break;
        case 4:
            course_affected(t, shift);
            break;
        case 5:
            course_closed_twice(t, shift + 40);
            break;
        default:
            break;  // known to two agencies, nothing more
    }
    if (n == 17) course_telling(t, profile);    // a child with an open case and no concern that waits
    if (n == 14) course_challenge(t, profile);  // a child who was known and nothing more
    if (n < waiting.size()) {
        const Waiting& w = waiting[n];
        t.concern(w.days_ago, w.agency_type, w.role, w.about_what, w.setting, w.danger);
    }
}

constexpr std::array<std::string_view, 24> given_names{
    "Aisha", "Oliver", "Zofia", "Mohammed", "Grace", "Tomos", "Ngozi", "Callum", "Priya",  "Jakub", "Niamh",  "Kwame",
    "Elif",  "Harry",  "Siân",  "Arjun",    "Megan", "Yusuf", "Chloë", "Dmitri", "Hannah", "Kofi",  "Amelia", "Rhys"};
constexpr std::array<std::string_view, 24> family_names{
    "Begum",     "Harrison", "Nowak",   "Hussain",  "Okafor", "Davies",   "McKenzie", "Patel",
    "O’Brien",   "Mensah",   "Yılmaz",  "Fletcher", "Sharma", "Kowalski", "Ellis",    "Rahman",
    "Whitfield", "Petrov",   "Ashdown", "Adeyemi",  "Bevan",  "Khan",     "Lowther",  "Quinn"};

}  // namespace

std::string agency_of_type(const content::Profile& profile, std::string_view type) {
    for (const content::Agency& agency : profile.agencies) {
        if (agency.type == type) return agency.key;
    }
    return {};
}

std::vector<record::Draft> demonstration_record(const content::Profile& profile, const std::vector<DemoChild>& children,
                                                Instant now, const Zone& zone) {
    std::vector<record::Draft> drafts;
    SeededRandom random(7);
    for (std::size_t n = 0; n < children.size(); ++n) {
        Teller teller(profile, children[n], now, zone, random, drafts);
        tell_child(teller, profile, n, random);
    }
    std::stable_sort(drafts.begin(), drafts.end(),
                     [](const record::Draft& a, const record::Draft& b) { return a.at < b.at; });
    return drafts;
}

std::vector<record::Draft> names_for_census(const content::Profile& profile,
                                            const std::vector<record::Identity>& census, Instant now,
                                            SeededRandom& random) {
    std::vector<record::Draft> drafts;
    for (const record::Identity& child : census) {
        record::Draft draft;
        draft.kind = "identity.recorded";
        draft.at = {now - std::chrono::hours(24), false};
        draft.agency = agency_of_type(profile, "social-care");
        draft.author = author_in(profile, "social-care", "front-door");
        draft.id = "demo-name-" + child.id;
        record::Identity named = child;
        named.source = "social-care-register";
        named.given_name = given_names[random.below(given_names.size())];
        named.family_name = family_names[random.below(family_names.size())];
        record::Subject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.identity = std::move(named);
        draft.subjects.push_back(std::move(subject));
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

}  // namespace waymark::cli
