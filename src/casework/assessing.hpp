#pragma once
// An assessment that agencies write together: each section is an entry of the agency that wrote it, the questions are a
// template's (content/assessment templates), and it is completed when the supervisor who is named has agreed.
//
// Who is asked for a section sees the child's name and birth, the questions, what their own agency wrote here and in
// the last assessment, and nothing that other agencies wrote. What others wrote is read on the child's record by those
// whose role shows it (part `assessment` of the access policy).
//
// Sources: domain register 2.3 (lead, co-worker, supervisor; needs in every case), C05 (45 working days, two counts).
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casework/casework.hpp"
#include "content/assessments.hpp"

namespace waymark::casework {

struct SectionAnswer {
    std::string id;
    std::string question;  // as it stood when it was answered
    std::string text;
    bool not_known = false;
    std::string carried_from;  // "12 March 2026, Northbay Health Trust"; empty where it was written here
    bool operator==(const SectionAnswer&) const = default;
};
struct WrittenSection {
    const Line* line = nullptr;
    std::string section;
    std::string agency;                  // key
    std::vector<SectionAnswer> answers;  // empty where the reader sees codes and dates only
};
struct AskedSection {
    const Line* line = nullptr;
    std::string section;
    std::string agency_name;
    std::string who;
    std::optional<Date> due;
    const Line* written = nullptr;
};
struct AssessmentStory {
    const Line* started = nullptr;
    std::string template_key;
    std::string co_worker, supervisor;  // keys, or as they were written
    std::vector<AskedSection> asked;
    std::vector<WrittenSection> written;  // what stands of each agency and section
    const Line* submitted = nullptr;      // the newest, and nothing written after it
    const Line* agreed = nullptr;         // the supervisor's agreement to that
    const Line* returned = nullptr;       // or what they sent it back with
    const Line* completed = nullptr;
};
// Of the templates that are here; others are plain entries. The newest first. `lines` outlive what is returned.
std::vector<AssessmentStory> assessments_in(const Office&, std::span<const Line> lines);
Result<content::AssessmentTemplate> assessment_template(const Office&, std::string_view key);

struct AssessmentPage {
    PersonPage child;
    AssessmentStory story;
    content::AssessmentTemplate form;
    std::vector<std::string> unwritten;  // titles of sections that nobody has written
};
Result<AssessmentPage> assessment_page(const Office&, const record::Asker&, EntryId assessment);

struct StartAssessment {
    std::string key;
    ViewId child;
    std::string template_key;
    std::string co_worker;
    std::string supervisor;  // required: somebody whose role looks over others' work
};
Result<EntryId> start_assessment(const Office&, const record::Asker&, const StartAssessment&);
// Of the asker's agency: key and words.
std::vector<std::pair<std::string, std::string>> supervisors_of(const Office&, const record::Asker&);
std::vector<std::pair<std::string, std::string>> co_workers_of(const Office&, const record::Asker&);
// Who may be asked for a section; those of the types that the section asks first.
std::vector<std::pair<std::string, std::string>> section_writers(const Office&, const content::AssessmentSection&);

struct AskForSection {
    std::string key;
    EntryId assessment;
    std::string section;
    std::string practitioner;
    std::optional<Date> due;  // required
};
Result<EntryId> ask_for_section(const Office&, const record::Asker&, const AskForSection&);

struct Carried {  // an answer of the last assessment that had this question
    SectionAnswer answer;
    std::string source;  // agency's name
    When at;
};
struct SectionToWrite {
    EntryId assessment;
    std::optional<EntryId> asked;
    record::Identity child;  // name and birth
    std::string from, from_agency;
    std::optional<Date> due;
    content::AssessmentTemplate form;
    content::AssessmentSection section;
    EntryId stands;                      // what the asker's agency wrote of it here; nil for nothing
    std::vector<SectionAnswer> answers;  // that
    std::string written_by;
    std::optional<When> written_at;
    std::vector<Carried> carried;
    bool completed = false;
};
// `id`: the request that asks this person or, for who may read the assessment, its start.
Result<SectionToWrite> section_to_write(const Office&, const record::Asker&, EntryId id, std::string_view section);

struct WriteSection {
    std::string key;
    EntryId id;  // as above
    std::string section;
    EntryId seen;  // what stood when the form was opened; nil for nothing
    std::vector<SectionAnswer> answers;
};
// Each question is answered or said not to be known; `invalid` at "q-<id>". `conflict` at `seen` where somebody of the
// agency has written it meanwhile. What is written after the supervisor agreed has to be agreed again.
Result<EntryId> write_section(const Office&, const record::Asker&, const WriteSection&);

// To the supervisor; `invalid` at `sections` while one is unwritten.
Result<EntryId> submit_assessment(const Office&, const record::Asker&, EntryId assessment, const std::string& key);
struct AgreeAssessment {
    std::string key;
    EntryId assessment;
    std::string outcome;  // agreed, returned
    std::string text;     // required with `returned`
};
// `forbidden` for everybody but the supervisor who is named.
Result<EntryId> agree_assessment(const Office&, const record::Asker&, const AgreeAssessment&);
struct CompleteAssessment {
    std::string key;
    EntryId assessment;
    std::string judgement;  // required
    std::vector<std::string> factors;
};
// Meets the procedure's duty; `held` at `judgement` until the supervisor has agreed to what stands.
Result<EntryId> complete_assessment(const Office&, const record::Asker&, const CompleteAssessment&);

struct AssessmentTask {
    bool to_agree = false;  // else a section to write
    EntryId entry;          // the request, or the assessment
    std::string section;    // id
    std::string name;
    std::string words;  // the section's title, or the assessment's
    Instant due;
    bool overdue = false;
};
Result<std::vector<AssessmentTask>> assessment_tasks(const Office&, const record::Asker&, std::size_t limit);

}  // namespace waymark::casework
