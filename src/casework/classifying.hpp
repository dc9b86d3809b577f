#pragma once
// Classifying what happened, by the categories of the contract, with who, when, with which tool and why. A later
// classification is a further entry about the same concern: the earlier ones stay and are shown. Nobody classifies a
// child (manual, section 2.2; domain register 2.13).
//
// What is shown beside the question counts what is on record and quotes the manual for the child's age. It adds nothing
// up, weighs nothing and suggests no answer.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

struct Classified {
    const Line* line = nullptr;
    std::string category;  // code
    std::string words;
    std::string enough;  // what would be enough, where there is not enough information; empty where it is not shown
    std::string why;     // likewise
};
struct ConcernClassified {
    const Line* concern = nullptr;
    std::vector<Classified> said;  // newest first; the first stands
};
// Concerns in which the child is said to have displayed behaviour, and whatever else has been classified; the newest
// first. `lines` outlive what is returned.
std::vector<ConcernClassified> classifications_in(const Office&, std::span<const Line> lines);

struct Counted {
    std::string words;  // "Other concerns and referrals about this child"
    std::vector<const Line*> lines;
};
struct DecisionAid {
    std::optional<Date> on;    // the day of what is classified
    std::optional<int> least;  // the child's age in whole years on that day: from
    std::optional<int> most;   // to; the same where the day of birth is known
    const content::Chapter* chapter = nullptr;
    std::vector<const content::ManualBlock*> paragraphs;  // of the section that the duty to classify names
    std::vector<const content::ManualBlock*> stages;      // of it, for this age; all where the age is not known
    std::vector<Counted> counted;
};
struct ToClassify {
    PersonPage child;
    ConcernClassified of;
    DecisionAid aid;
};
// `missing` at `concern` where there is no such entry for the asker, or one that is not classified.
Result<ToClassify> to_classify(const Office&, const record::Asker&, EntryId concern);

struct ClassifyRequest {
    std::string key;
    EntryId concern;
    EntryId seen;  // the newest classification that the writer was shown; nil for none
    std::string category;
    std::string enough;  // required with not-enough-information
    std::vector<std::string> factors;
    std::string tool;
    std::string tool_version;
    std::string rationale;
};
// `conflict` at `seen` where somebody has classified it meanwhile; `invalid` at `concern` where the child is not said
// to have displayed what happened.
Result<EntryId> classify(const Office&, const record::Asker&, const ClassifyRequest&);

}  // namespace waymark::casework
