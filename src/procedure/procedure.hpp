#pragma once
// What must happen by when, what may not happen yet, and what somebody must look at: computed, never stored.
//
// A rulebook is a timed DCR graph (Hildebrandt and Mukkamala 2010; time: Hildebrandt, Mukkamala, Slaats, Zanitti 2013):
// events (kinds of entry, with guards on their fields) and the relations condition, response with deadline, milestone,
// include and exclude. A response is shown as a duty, a condition or milestone as a gate. Each response is instantiated by
// the entry that raised it, so that two concerns raise two duties. Cues are patterns over the record, evaluated beside it.
// `standing` is a pure function. A fact that the graph forbade is applied and leaves a breach; only new decisions are held.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "content/content.hpp"
#include "record/entry.hpp"

namespace waymark::procedure {

using content::ClockLength;

// Working days of one place. Day of trigger is day 0; a duty of n working days is met on the n-th working day.
class Calendar {
public:
    explicit Calendar(content::CalendarData data, Zone zone = Zone{}) : data_(std::move(data)), zone_(zone) {}
    [[nodiscard]] bool is_working_day(Date) const;
    [[nodiscard]] Date add_working_days(Date from, int n) const;
    [[nodiscard]] int working_days_between(Date from, Date to) const;  // working days after `from` up to and with `to`
    // The last instant at which it is in time: the end of the due day, or the hour itself for hours.
    [[nodiscard]] Instant due(When trigger, ClockLength) const;
    [[nodiscard]] const Zone& zone() const { return zone_; }
    [[nodiscard]] const std::string& name() const { return data_.name; }

private:
    content::CalendarData data_;
    Zone zone_;
};

// ---- the rulebook -------------------------------------------------------------------------------------------------

// On fields of the body, involvement and agency type; all must hold. {"outcome": ["assessment"]}.
struct Guard {
    std::map<std::string, std::vector<std::string>> fields;  // any of these codes ("true"/"false" for booleans)
    record::Involvements involvement = 0;                    // any of these, of the record's child; 0: any
};
struct Event {
    std::string id;
    std::string kind;
    Guard guard;
    std::string label;
    bool included = true;  // at the start
};
enum class Relation { condition, response, milestone, include, exclude };

struct Source {
    std::string text;      // "Working Together to Safeguard Children 2023"; "[U]" where there is none
    bool unsourced = false;
    Date in_force;
    std::string register_id;  // clock register: "C01"
    std::string paragraph;    // of the manual
};
struct Rule {
    std::string id;  // "referral-decision"
    Relation relation = Relation::response;
    std::string from;  // event id
    std::string to;    // event id (for a response: what meets the duty)
    std::optional<ClockLength> deadline;    // of a response; of a condition: the delay
    bool matched_by_about = false;          // met only by an entry that is `about` the raising entry
    std::string owner;                      // role that owes it
    std::string label;                      // "Decide what happens next"
    std::string course;                     // of a gate: the course of action it holds
    std::string urgent;                     // words for the page: "Telephone now"
    Source source;
};
struct CueRule {
    std::string id;  // of contract section 5
    std::string label;
    std::map<std::string, int> parameters;  // {"days": 30}
    Source source;
};
struct Rulebook {
    std::string name;
    std::string version;
    std::string title;
    std::string nation;
    std::vector<Event> events;
    std::vector<Rule> rules;
    std::vector<CueRule> cues;
    std::string text;  // as adopted
    [[nodiscard]] const Event* event(std::string_view id) const;
    [[nodiscard]] const Rule* rule(std::string_view id) const;
};
// TOML; place is file and line. Refuses events of unknown kinds, guards on unknown fields or codes, relations between unknown
// events, clocks without a source, unknown cues, roles or register ids of the wrong form.
Result<Rulebook> parse_rulebook(std::string_view toml, const std::string& file, const content::Catalogue&);
// The profile's clocks over the procedure's defaults; an unknown rule id is a fault.
Result<Rulebook> with_clocks(Rulebook, const std::map<std::string, ClockLength>&);

// ---- standing -----------------------------------------------------------------------------------------------------

struct Dossier {
    CaseId case_id;
    ViewId person;
    std::vector<record::Fact> own;     // of the case, in the fold order
    std::vector<record::Fact> others;  // the linked person's other entries, whoever holds them, in the fold order
};

enum class DutyState { open, met, met_late, overdue, not_met };
std::string_view to_string(DutyState);
struct Duty {
    std::string id;     // rule id
    EntryId raised_by;
    When raised_at;
    Instant due;
    DutyState state = DutyState::open;
    EntryId met_by;
    std::string owner;
    std::string escalated_to;
    std::string label;
    std::string urgent;
    const Rule* rule = nullptr;  // into the rulebook that was folded with
};
struct Breach {
    EntryId entry;
    std::string rule;
    std::string why;
};
struct Gate {
    std::string rule;
    std::string course;  // event id or course of action
    bool open = false;
    std::string why;
    std::vector<EntryId> waits_for;  // e.g. the earlier concerns that are not yet judged
};
struct Cue {
    std::string id;
    std::string why;
    std::vector<EntryId> entries;
};
struct Standing {
    CaseId case_id;
    ViewId person;
    std::string procedure;
    std::string version;
    bool closed = false;
    std::vector<Duty> duties;
    std::vector<Breach> breaches;
    std::vector<Gate> gates;
    std::vector<Cue> cues;
};

// Facts recorded after `now`, and facts dated after it, are not known at `now` and are left out.
Standing standing(const Rulebook&, const Calendar&, const Dossier&, Instant now);

// Whether a new decision may be made: the gates that hold this kind with these fields, empty when it may.
std::vector<Gate> held_by(const Rulebook&, const Calendar&, const Dossier&, Instant now, std::string_view kind,
                          const json::object& fields);

// Earlier concerns and referrals about the person, before (and other than) the given concern, effective ones only; each with
// its latest triage outcome, classification and judgement.
struct Earlier {
    const record::Fact* concern = nullptr;
    std::string closed_as;       // triage outcome, "no-further-action" of a referral, or empty where still open
    bool closed_without_action = false;
    std::string classification;  // latest, or empty
    std::vector<const record::Fact*> judgements;  // earlier.judged about it, oldest first
    [[nodiscard]] bool judged_for(EntryId) const;  // judged at or after that concern was received
};
std::vector<Earlier> earlier_concerns(const Dossier&, const record::Fact& concern);

// ---- soundness ----------------------------------------------------------------------------------------------------

struct Unsound {
    std::string what;  // deadlock, time-lock, never, unreachable, unsourced, unknown-role
    std::string rule;
    std::string why;
    std::vector<std::string> run;  // the shortest run that shows it, one event a line
};
struct Check {
    enum class Answer { proved, refuted, undecided } answer = Answer::proved;
    std::vector<Unsound> faults;
    std::size_t states = 0;
};
Check check(const Rulebook&, const Calendar&, const content::Profile* profile);

json::object to_json(const Standing&);  // contract section 5

}  // namespace waymark::procedure
