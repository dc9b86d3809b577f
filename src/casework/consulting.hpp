#pragma once
// Consulting before a course of action: agencies are asked by name what they think of it, each answers with its view
// and may disagree with its reason, and the course waits until those have answered whom the procedure names; or
// somebody goes ahead without waiting, says why, and somebody else looks at that afterwards. Protection never waits.
//
// Which agencies, which course and the clock are the procedure's ([[consultation]], docs/formats/rulebook.md). Who is
// asked learns the child's name and birth and the question, and nothing of the record that their role does not show.
// Each step is an entry; an answer that changes is a further one. Sources: manual, chapter 3; domain register 2.5.
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

// ---- one consultation, as the lines that somebody is shown tell it --------------------------------------------------

struct AgencyView {
    EntryId request;
    std::string agency;  // key
    std::string agency_name;
    Instant due;
    bool overdue = false;           // no answer, and its day is past
    const Line* answer = nullptr;   // the newest; no reply is not a yes
    std::string position;           // code: agrees, disagrees, no-view; empty where an import says none
    std::string view;               // empty where the reader sees codes and dates only
    std::string dissent;            // the reason of a disagreement
    std::size_t changed_times = 0;  // answers before the newest
    [[nodiscard]] bool disagrees() const { return position == "disagrees" || !dissent.empty(); }
};
struct WentAhead {  // without waiting
    const Line* line = nullptr;
    std::string reason;
    const Line* reviewed = nullptr;
    std::optional<bool> upheld;
    std::string review;  // its reason
};
struct Consultation {
    EntryId consultation;  // the first of its requests
    const Line* asked = nullptr;
    std::string course;  // code
    std::string course_words;
    std::string question;
    std::string view;     // the asker's own
    std::string dissent;  // within the asker's agency
    std::vector<AgencyView> agencies;
    std::vector<WentAhead> overrides;
    const Line* taken = nullptr;
    EntryId newest;  // entry of all of these: what a form was opened with
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t disagreeing() const;
};
// The newest first. `lines` outlive what is returned.
std::vector<Consultation> consultations_in(const Office&, std::span<const Line> lines);

struct ConsultationPage {
    PersonPage child;
    Consultation of;
    std::vector<std::string> held;  // why the course may not be taken yet; empty: it may
};
// `missing` at `consultation` where the asker may not know of it.
Result<ConsultationPage> consultation_page(const Office&, const record::Asker&, EntryId consultation);

// ---- asking ---------------------------------------------------------------------------------------------------------

// What the procedure says of one course for this child today.
struct CourseToConsult {
    std::string course;
    std::string words;
    std::vector<std::string> types;  // of agencies that must be asked
    std::vector<std::string> waits;  // of them, those whose view does not stand yet
    bool protective = false;         // it never waits; the views fall due all the same
    const procedure::Rule* rule =
        {};  // of the first reply: clock, source, paragraph; nothing where nobody must be asked
};
struct CoursesToConsult {
    PersonPage child;
    std::vector<CourseToConsult> courses;  // in the order of the vocabulary
};
Result<CoursesToConsult> courses_to_consult(const Office&, const record::Asker&, ViewId child);

struct AskableAgency {
    std::string agency;
    std::string name;
    bool required = false;  // the course waits for its view
    bool named = false;     // the procedure names it for this course
    std::vector<std::string> people;
};
struct ToConsult {
    PersonPage child;
    CourseToConsult course;
    std::vector<AskableAgency> agencies;  // those that must be asked first
    std::optional<Date> usual;            // by when, by the procedure's clock
    bool own_view = false;                // the course waits for the view of the asker's own agency too
    bool named_only = false;              // the record is restricted: only those who are named get the question
};
Result<ToConsult> to_consult(const Office&, const record::Asker&, ViewId child, std::string_view course);

struct ConsultRequest {
    std::string key;
    ViewId child;
    std::string course;
    std::vector<std::string> agencies;
    std::string question;
    std::string view;
    std::string dissent;
    std::optional<Date> due;  // the clock's day where none is given
};
// One entry for each agency, each with its basis; gives the first. Where the course waits for the asker's own agency
// too, its view is given with it, and `invalid` at `view` where there is none.
Result<EntryId> ask_for_views(const Office&, const record::Asker&, const ConsultRequest&);

// ---- being asked ----------------------------------------------------------------------------------------------------

struct ViewToGive {
    EntryId request;
    record::Identity child;  // name and birth
    std::string from, from_agency;
    When asked;
    Instant due;
    bool overdue = false;
    std::string course_words;
    std::string question;
    std::string view;  // of who asks
    EntryId seen;      // the agency's newest answer; nil for none
    std::string position;
    std::string own_view;
    std::string own_dissent;
    std::string answered_by;
    std::optional<When> answered;
    std::vector<std::string> basis;  // in words; empty where none is written down
};
Result<ViewToGive> view_to_give(const Office&, const record::Asker&, EntryId request);

struct GiveView {
    std::string key;
    EntryId request;
    EntryId seen;
    std::string position;
    std::string view;
    std::string dissent;  // required with `disagrees`
};
// `conflict` at `seen` where a colleague has answered meanwhile.
Result<EntryId> give_view(const Office&, const record::Asker&, const GiveView&);

// ---- going ahead ----------------------------------------------------------------------------------------------------

struct GoAhead {
    std::string key;
    EntryId consultation;
    EntryId seen;        // `newest` of what the form was opened with
    std::string reason;  // of going ahead without waiting
};
// Records that the course is taken. `held` where the procedure still waits; `conflict` at `seen` where something has
// come in since.
Result<EntryId> take_course(const Office&, const record::Asker&, const GoAhead&);
// Opens the gate with a reason, which somebody else looks at; the course itself is recorded after it.
Result<EntryId> go_without_waiting(const Office&, const record::Asker&, const GoAhead&);

struct ReviewGoing {
    std::string key;
    EntryId override_entry;
    bool upheld = false;
    std::string reason;
};
// Not by whoever went ahead: `forbidden`.
Result<EntryId> review_going_ahead(const Office&, const record::Asker&, const ReviewGoing&);

// ---- My day ---------------------------------------------------------------------------------------------------------

struct ConsultationTask {
    enum class What { to_answer, not_answered, to_review } what = What::to_answer;
    EntryId entry;  // the request to answer, or the consultation
    std::string name;
    std::string course;
    std::string agency;  // that asks, that has not answered, or that went ahead
    Instant due;
    bool overdue = false;
};
// The soonest due first, at most `limit`.
Result<std::vector<ConsultationTask>> consultation_tasks(const Office&, const record::Asker&, std::size_t limit);

// Whoever of the agency answers: those whom the profile names, else those whose role may.
bool answers_for_agency(const Office&, const content::Agency&, const content::Practitioner&);

}  // namespace waymark::casework
