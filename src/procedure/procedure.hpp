#pragma once
// What must happen by when, what may not happen yet, and what somebody must look at: computed, never stored.
//
// A rulebook is a timed DCR graph (Hildebrandt and Mukkamala 2010; time: Hildebrandt, Mukkamala, Slaats, Zanitti 2013):
// events (kinds of entry, with guards on their fields) and the relations condition, response with deadline, milestone,
// include and exclude. A response is shown as a duty, a condition or milestone as a gate. Each response is instantiated
// by the entry that raised it, so that two concerns raise two duties. Cues are patterns over the record, evaluated
// beside it. `standing` is a pure function. A fact that the graph forbade is applied and leaves a breach; only new
// decisions are held.
#include <map>
#include <memory>
#include <optional>
#include <set>
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
//
// Outside the span for which public holidays are listed or computed only weekends are left out: a date is always given,
// since a duty that is shown a day early does less harm than one that is not shown. Ask `covers` before relying on such
// a date. Immutable, and so shared by threads; it holds a table of its days, so make one and keep it.
class Calendar {
public:
    explicit Calendar(content::CalendarData data, Zone zone = Zone{});
    [[nodiscard]] bool covers(Date day) const { return day >= data_.first && day <= data_.last; }
    // Whether its holidays are computed: a day that was proclaimed since is not among them.
    [[nodiscard]] bool is_computed(Date day) const { return covers(day) && day > data_.listed_until; }
    [[nodiscard]] bool is_working_day(Date) const;
    [[nodiscard]] Date add_working_days(Date from, int n) const;       // n below 1: the day itself
    [[nodiscard]] Date subtract_working_days(Date from, int n) const;  // likewise, back
    [[nodiscard]] int working_days_between(Date from, Date to) const;  // working days after `from` up to and with `to`
    // The last instant at which it is in time: the last microsecond of the due day, or the hour itself for hours. A
    // limit in calendar days or months that ends on a Sunday ends on that Sunday. Hours from a day whose time is not
    // known run from the end of that day: a limit is not called missed where the time is not known.
    [[nodiscard]] Instant due(When trigger, ClockLength) const;
    // The day on which a limit in days or months ends.
    [[nodiscard]] Date due_day(Date trigger, ClockLength) const;
    // Counted back from a day to come, which is day 0: the last instant at which what must be done so long before is in
    // time. Hours run back from the end of that day, for no entry tells the hour of what is planned.
    [[nodiscard]] Instant due_before(Date day, ClockLength) const;
    // The day on which such a limit in days or months ends.
    [[nodiscard]] Date due_day_before(Date day, ClockLength) const;
    // The local day, quicker than asking the zone.
    [[nodiscard]] Date day_of(When) const;
    [[nodiscard]] Date day_of(Instant) const;
    [[nodiscard]] Instant start_of(Date) const;
    [[nodiscard]] const Zone& zone() const { return zone_; }
    [[nodiscard]] const std::string& name() const { return data_.name; }
    [[nodiscard]] Date first() const { return data_.first; }  // of the listed span
    [[nodiscard]] Date last() const { return data_.last; }

private:
    content::CalendarData data_;
    Zone zone_;
    Date table_first_;                  // of the two tables: the listed span and a day more
    std::vector<Instant> starts_;       // first instant of each local day
    std::vector<std::int32_t> worked_;  // working days of the span up to and with that day
    std::vector<Date> working_;         // the working days of the span
};

// ---- the rulebook -------------------------------------------------------------------------------------------------

// A whole number, or the name of a [[parameter]] whose number it is.
struct Bound {
    int value = 0;
    std::string parameter;
    auto operator<=>(const Bound&) const = default;
};
// The child's age in whole years on the day, both ends included. Where the record does not tell the age well enough to
// say that a limit is passed, the limit is taken as kept: a duty shown in doubt does less harm than one not shown.
struct AgeLimits {
    std::optional<Bound> from;
    std::optional<Bound> to;
    [[nodiscard]] bool any() const { return from || to; }
    auto operator<=>(const AgeLimits&) const = default;
};
// Who attended, measured by what the profile requires for this procedure and the child's age.
enum class Attendance { any, all_required, not_all_required, quorum, no_quorum };

// On fields of the body, involvement, age, agency and attendance; all must hold. {"outcome": ["assessment"]}.
struct Guard {
    // Any of these codes ("true"/"false" for booleans); the words "absent" and "present" stand for a field that is not,
    // or is, there with whatever code.
    std::map<std::string, std::vector<std::string>> fields;
    std::map<std::string, std::vector<std::string>> except;  // none of these codes
    std::set<std::string> by_type;         // of those fields: lists of agencies, whose codes are agency types
    std::set<std::string> inherited;       // of those fields: where absent, read from the entry that this one is about
    record::Involvements involvement = 0;  // any of these, of the record's child; 0: any
    std::vector<std::string> agencies;     // recorded by an agency of one of these types; empty: any
    AgeLimits age;                         // of the record's child on the day of the entry
    Attendance attendance = Attendance::any;  // of the entry's `attended`
    bool weekend = false;                     // true: only if the day of the entry is a Saturday or Sunday
    bool operator==(const Guard&) const = default;
};
// Parameters that must be at least so high: {"challenge-stages": 3}.
using Needs = std::map<std::string, int>;
struct Event {
    std::string id;
    std::string kind;  // empty where `missed` is set
    Guard guard;
    std::string label;
    bool included = true;  // at the start
    std::string missed;    // the event happens by itself when a duty of this rule passes its due time unmet
    std::string group;     // the innermost group, or empty
    std::string instance;  // the [[instance]] whose event it is, or empty
    Needs needs;
    std::string place;                    // file and line
    std::vector<std::string> procedures;  // that have it, by name: several once they are combined
    bool of_members = false;  // of a consultation of a plan's members: the profile may have no agency of the type
};
// Events that are included, excluded and waited for together; groups may lie in groups. A relation to or from a group
// is written out over its events when the rulebook is read (Hildebrandt, Mukkamala and Slaats 2011: flattening).
struct Group {
    std::string id;
    std::string label;
    std::string group;  // in which it lies
    std::string place;
};
// What there may be many of: a plan, an enquiry, a challenge. Each instance has markings and duties of its own.
struct InstanceType {
    std::string id;
    std::string label;
    std::vector<std::string> opened_by;  // event ids
    std::vector<std::string> closed_by;
    // A field, or "incident": entries with the same code belong together, and one instance a code is open at a time.
    // "case": one is open at a time.
    std::string key;
    std::string place;
};
enum class Relation { condition, response, milestone, include, exclude };

struct Source {
    std::string text;  // "Working Together to Safeguard Children 2023"; "[U]" where there is none
    bool unsourced = false;
    Date in_force;
    std::string register_id;  // clock register: "C01"
    std::string paragraph;    // of the manual
};
// A number that a profile may change.
struct Parameter {
    std::string id;
    std::string label;
    int value = 0;
    int least = 0;
    int most = 0;
    Source source;
    std::string place;
};
// What a rule is instantiated for, besides the entry that raised it.
enum class ForEach {
    once,
    // Each earlier concern about the child, before (and not of the same incident as) the concern that the decision is
    // about; its condition holds until that concern is judged, its response is met by an entry about that concern.
    earlier_concern,
};
// From when a clock runs.
enum class CountsFrom {
    raising,   // the entry that raised the duty
    referral,  // the concern or referral that the raising entry is about, else the latest of the case
    strategy,  // the latest strategy discussion of the case
    events,    // the latest entry that is one of `counts_from_events`, else the raising entry
};
// When a duty that is not met stops being owed and stands as not met.
enum class EndsWith {
    closing,      // when the case ends in any way
    case_closed,  // only with case.closed: a triage that ends the case leaves other concerns' decisions owed
    never,        // it is owed also after the case has ended
};
struct Rule {
    std::string id;  // "referral-decision"; rules written with several `from` or `to`, or with groups, share their id
    Relation relation = Relation::response;
    std::string from;                      // event id
    std::string to;                        // event id (for a response: what meets the duty)
    std::optional<ClockLength> deadline;   // of a response; of a condition: the delay
    bool matched_by_about = false;         // met only by an entry that is `about` the raising entry
    std::vector<std::string> also_met_by;  // other events that meet the duty, or satisfy the condition
    std::vector<std::string> since;        // of a condition: it must have happened again since the latest of these
    ForEach for_each = ForEach::once;
    CountsFrom counts_from = CountsFrom::raising;
    std::vector<std::string> counts_from_events;
    EndsWith ends_with = EndsWith::closing;
    bool single = false;    // while one is owed, no second is raised
    bool once = false;      // one is raised in a case (or instance), and never another
    std::string due_field;  // of the raising entry: the date by which it is due; the clock where there is none
    // The clock counts back from the date in `due_field`: "48 hours before the conference". See `Fold::raise_before`.
    bool before = false;
    AgeLimits age;  // its own, and those of the groups and events that it joins
    Needs needs;
    std::string owner;   // role that owes it
    std::string label;   // "Decide what happens next"
    std::string course;  // of a gate: the course of action it holds
    std::string urgent;  // words for the page: "Telephone now"
    Source source;
    std::string place;  // file and line
};
struct CueRule {
    std::string id;  // of contract section 5, or any other with `event`
    std::string label;
    std::map<std::string, int> parameters;  // {"days": 30}
    std::string event;                      // it shows the entries that are this event …
    std::vector<std::string> until;         // … and no later entry is one of these
    // It shows only those that came while an earlier one had not been ended by one of these.
    std::vector<std::string> overlaps_until;
    std::string owner;       // the role that looks at it
    bool statutory = false;  // what the law sets: it interrupts whatever else does
    Source source;
    std::string place;
};
// What a profile says of who must meet, as guards need it.
struct Attending {
    std::vector<content::Requirement> required;
    content::Quorum quorum;
    std::map<std::string, content::Quorum> by_meeting;
    std::map<std::string, std::string> type_of;  // agency key -> type; a key that is not here is taken as a type
};
// Who is at a meeting, held against what the profile asks of it, for a child of that age on that day.
struct Counting {
    std::vector<content::Requirement> required;  // who must be there, whoever came
    std::vector<content::Requirement> missing;   // of them
    content::Quorum quorum;                      // of this kind and type of meeting
    std::vector<std::string> lacking;            // types of the quorum of which nobody came
    int came = 0;                                // agencies
    bool quorate = false;
    bool as_an_exception = false;  // it would be, if it went ahead as an exception
};
struct Rulebook {
    std::string name;
    std::vector<std::string> names;  // of the procedures that it is made of, its own first
    std::string version;
    std::string title;
    std::string nation;
    std::vector<Event> events;
    std::vector<Rule> rules;
    std::vector<CueRule> cues;
    std::vector<Group> groups;
    std::vector<InstanceType> instances;
    std::vector<Parameter> parameters;
    std::vector<std::string> require;  // agency types that a profile may not leave out
    Attending attending;
    // "kind field" -> all codes of a field that must be there and has a closed list: what `check` need not imagine.
    std::map<std::string, std::vector<std::string>> complete;
    std::string text;  // as adopted
    [[nodiscard]] const Event* event(std::string_view id) const;
    [[nodiscard]] const Rule* rule(std::string_view id) const;
    [[nodiscard]] const InstanceType* instance(std::string_view id) const;
    [[nodiscard]] int value_of(const Bound&) const;
    [[nodiscard]] bool has(const Needs&) const;
    // The values of a field of a kind that wait while something else has not happened, e.g. the outcomes of a triage.
    [[nodiscard]] std::set<std::string> values_that_wait(std::string_view kind, const std::string& field) const;
};
// TOML; place is file and line. Refuses events of unknown kinds, guards on unknown fields or codes, relations between
// unknown events, clocks without a source, clocks of zero, conditions in a ring, two rules with one id, unknown cues,
// roles or register ids of the wrong form.
Result<Rulebook> parse_rulebook(std::string_view toml, const std::string& file, const content::Catalogue&);
// The profile's clocks over the procedure's defaults; an unknown rule id is a fault.
Result<Rulebook> with_clocks(Rulebook, const std::map<std::string, ClockLength>&);
// Several procedures that hold for the same cases, as one: events that are the same in two of them are one event, any
// other id may be used once. Name, version, title and nation are the first one's.
Result<Rulebook> combine(std::vector<Rulebook>);
// The profile over a rulebook (or over several, combined): clocks, parameters, who must meet. Refuses an unknown clock
// or parameter and a profile that leaves out an agency that the procedure requires; place is `profile_file` and line.
Result<Rulebook> with_profile(Rulebook, const content::Profile&, const std::string& profile_file = "profile");

// ---- standing -----------------------------------------------------------------------------------------------------

// The days between which a child was born. Of a day or month that is estimated or unknown, the whole month or year.
struct Born {
    Date earliest;
    Date latest;
};
// From a date and its accuracy (three of A, E, U: day, month, year; empty: AAA); nothing where the year is unknown.
std::optional<Born> born_on(Date, std::string_view accuracy = {});

struct Dossier {
    CaseId case_id;
    ViewId person;
    std::optional<Born> born;          // where the record tells
    std::vector<record::Fact> own;     // of the case, in the fold order
    std::vector<record::Fact> others;  // the linked person's other entries, whoever holds them, in the fold order
};

enum class DutyState { open, met, met_late, overdue, not_met };
std::string_view to_string(DutyState);
struct Duty {
    std::string id;  // rule id
    EntryId raised_by;
    When raised_at;  // from when its clock runs
    Instant due;
    std::optional<Date> due_day;   // of a clock in days or months
    bool beyond_calendar = false;  // the due day lies where no public holidays are listed
    bool at_once = false;  // it counts back from a date, and less time than that was left: due on the day it was raised
    EntryId about;         // the earlier concern, of a rule for each of them
    EntryId instance;      // the entry that opened the instance that it belongs to
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
    bool proposed = true;  // false: a course of action that nobody has proposed; nothing is owed before it
    std::string why;
    std::vector<EntryId> waits_for;  // e.g. the earlier concerns that are not yet judged
};
struct Cue {
    std::string id;
    std::string why;
    std::vector<EntryId> entries;  // on which it rests
    std::string owner;             // the role that looks at it
    std::string ends;              // what ends it, in words
    std::optional<Date> expires;   // the last day on which it shows if nothing more is recorded; none: no day ends it
    bool statutory = false;
    std::optional<Date> aside_until;  // the latest day to which it may be put aside today; none: it may not be
    const CueRule* rule = nullptr;    // into the rulebook that was folded with
};
// A cue that would show and was put aside, with a reason, until the end of a day.
struct PutAside {
    Cue cue;
    EntryId by;  // the entry that did it
    Date until;
};
// A strategy discussion, conference or meeting, with the agencies as their keys, by what the profile requires on its
// day.
struct Meeting {
    EntryId entry;
    When at;
    std::string kind;
    std::string type;
    std::vector<std::string> invited;  // where it was called by an entry that it is about
    std::vector<std::string> attended;
    std::vector<std::string> apologies;
    std::vector<std::string> contributed;  // without attending
    std::vector<std::string> missing;      // types ("health", or "health: school nursing") that had to be there
    bool all_required = false;
    bool quorate = false;
};
// Contract section 5, "All agencies met".
struct Gathering {
    bool asked = false;                // the profile requires somebody for this child now
    bool past_triage = false;          // a decision of assessment or strategy discussion stands
    std::optional<Date> since;         // the first concern or referral of the case
    std::optional<Date> all_met;       // first day on which all required agencies met
    EntryId all_met_at;                // that meeting
    std::optional<int> days;           // from `since` to `all_met`
    std::vector<std::string> missing;  // while they have not met: whom the fullest (and latest) meeting still lacked
    std::vector<Meeting> meetings;     // oldest first
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
    std::vector<PutAside> put_aside;
    Gathering gathering;
};

// Which cues interrupt a person on one look, and which are there to look at without interrupting. Danger and what the
// law sets always interrupt and are not counted; of the others at most `limit` do in a day, over all the cases that the
// person looks at: `today` is what interrupted them already, and goes on doing so without being counted again. The
// order: immediate danger; statutory; earlier concerns closed, earlier concerns, patterns; action without consultation;
// not all agencies met; no support; plan unreviewed, changed since its review; unanswered challenge; drift; harmed and
// displayed; no independent review; a rulebook's own. Of one kind the first given comes first. It orders what to read,
// and says nothing of the child.
constexpr std::size_t interruptions_a_day = 3;
struct Interruption {
    CaseId case_id;
    std::string cue;
    auto operator<=>(const Interruption&) const = default;
};
struct Ranked {
    std::vector<Cue> interrupting;
    std::vector<Cue> more;
};
struct Interruptions {
    std::vector<Ranked> cases;        // of each standing; of a closed case nothing
    std::vector<Interruption> taken;  // counted now for the first time: to be kept with those of today
};
Interruptions interrupting(std::span<const Standing>, std::span<const Interruption> today,
                           std::size_t limit = interruptions_a_day);

// Facts recorded after `now`, and facts dated after it, are not known at `now` and are left out.
Standing standing(const Rulebook&, const Calendar&, const Dossier&, Instant now);

// Whether a new decision may be made: the gates that hold this kind with these fields, empty when it may. `about` is
// the concern that it decides on; without it the oldest one that waits for a decision.
std::vector<Gate> held_by(const Rulebook&, const Calendar&, const Dossier&, Instant now, std::string_view kind,
                          const json::object& fields, EntryId about = {});

// Earlier concerns and referrals about the person, before (and other than) the given concern, effective ones only; each
// with its latest triage outcome, classification and judgement.
struct Earlier {
    const record::Fact* concern = nullptr;
    std::string closed_as;  // triage outcome, "no-further-action" of a referral, or empty where still open
    bool closed_without_action = false;
    std::string classification;                   // latest, or empty
    std::vector<const record::Fact*> judgements;  // earlier.judged about it, oldest first
    EntryId in_hand;                              // the concern for which it was looked up
    bool judged = false;                          // for that concern: judged at or after it was received
    [[nodiscard]] bool judged_for(EntryId id) const { return judged && id == in_hand; }
};
// Without a rulebook no clock is known: what has had no decision yet is not called closed without action.
std::vector<Earlier> earlier_concerns(const Dossier&, const record::Fact& concern);
std::vector<Earlier> earlier_concerns(const Rulebook&, const Calendar&, const Dossier&, const record::Fact& concern,
                                      Instant now);

// A rulebook made ready once and used for many cases, by any number of threads. The free functions above make it ready
// each time.
struct Compiled;
class Trace;
class Procedure {
public:
    explicit Procedure(Rulebook);
    ~Procedure();
    Procedure(Procedure&&) noexcept;
    Procedure& operator=(Procedure&&) noexcept;
    [[nodiscard]] const Rulebook& rulebook() const { return *rulebook_; }
    [[nodiscard]] Standing standing(const Calendar&, const Dossier&, Instant now) const;
    [[nodiscard]] std::vector<Gate> held_by(const Calendar&, const Dossier&, Instant now, std::string_view kind,
                                            const json::object& fields, EntryId about = {}) const;
    // `fields`: `attended`, `type` and `exceptional` of a meeting of this kind, held or still to be held.
    [[nodiscard]] Counting counted(std::string_view kind, const json::object& fields, const std::optional<Born>&,
                                   Date) const;

private:
    friend class Running;
    friend class Trace;
    std::unique_ptr<const Rulebook> rulebook_;  // its address is what duties point into
    std::unique_ptr<const Compiled> compiled_;
};

// A case kept folded: an entry that comes after those before it is added to what stands, and anything else (a
// correction, an entry of an earlier day) folds the case afresh. The standing is always what folding from the start
// gives. The procedure and the calendar must outlive it; one thread at a time.
class Running {
public:
    Running(const Procedure&, const Calendar&, Dossier);
    ~Running();
    Running(Running&&) noexcept;
    Running& operator=(Running&&) noexcept;
    void append(record::Fact, bool own);
    [[nodiscard]] Standing standing(Instant now) const;
    [[nodiscard]] std::size_t folded_afresh() const;  // how often

private:
    struct Kept;
    std::unique_ptr<Kept> kept_;
};

// ---- soundness ----------------------------------------------------------------------------------------------------

struct Unsound {
    std::string what;  // deadlock, time-lock, never, unreachable, unsourced, unknown-role, unknown-agency
    std::string rule;
    std::string why;
    std::vector<std::string> run = {};  // the shortest run that shows it, one event a line
    std::string place = {};             // file and line of the rule or event
};
struct Check {
    enum class Answer { proved, refuted, undecided } answer = Answer::proved;
    std::vector<Unsound> faults;
    std::vector<Unsound> notes;  // what somebody should know, though it is sound: clocks marked [U]
    std::size_t states = 0;
};
// Explores every reachable state of the graph. `undecided` where there are more states than `most_states`. An entry
// with several events is taken as all of them at once; each earlier concern as one that may or may not be there.
Check check(const Rulebook&, const Calendar&, const content::Profile* profile, std::size_t most_states = 400'000);

// The rulebook in words, one line a rule.
std::string explain(const Rulebook&);

json::object to_json(const Standing&);  // contract section 5

}  // namespace waymark::procedure
