#pragma once
// What a partnership may change is data: kinds of entry, vocabularies, calendars and the profile, all TOML under
// content/.
//
// Nothing here knows a rule. Loading checks everything once; what is returned is complete and immutable. Faults carry
// "file:line" as their place.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace waymark::content {

// How a field of a body is written in JSON, and so how a form asks for it.
enum class FieldType {
    code,   // one of `codes`; any string where `codes` is empty (only what has the shape of a code enters the card)
    codes,  // list of code
    text,   // free text: never in a card
    boolean,
    integer,
    number,
    date,       // "2026-03-27"
    reference,  // another entry: its source's id or its uuid
    agencies,   // `attended`, `invited`, `apologies`: agency keys or {"agency","service","name","contributed"}
    actions,    // of a plan: {"id","text","owner","due"}
    list,       // anything else that is a list
    person,     // an id, or {"source","id"}: never in a card
};

struct Field {
    std::string name;
    FieldType type = FieldType::text;
    std::vector<std::string> codes;  // closed list; empty: open
    std::map<std::string, std::string> code_labels;
    std::vector<std::string> suggested;  // of an open list, in the order of the form; labels in `code_labels`
    std::string vocabulary;              // where `suggested` comes from; may be empty
    bool on_form = true;                 // false: taken from other systems, not asked for
    bool required = false;
    // Says where somebody lives who is to be kept safe: text that leaves the body as soon as the entry is read and is
    // told to nobody but by a decision for them (record/protected_address.hpp).
    bool is_protected = false;
    std::string label;  // the question on the form
    std::string hint;
    [[nodiscard]] bool in_card() const { return type != FieldType::text && type != FieldType::person; }
    [[nodiscard]] std::string code_label(std::string_view code) const;  // the code itself where unknown
};

struct Kind {
    std::string key;    // "concern.raised"
    std::string label;  // "Concern raised"
    std::string
        group;  // for the chronology's marks: concern, decision, assessment, plan, meeting, justice, identity, …
    bool needs_subject = true;       // false: may be about the partnership, a place or a group
    bool opens_case = false;         // concern.raised, referral.received
    bool own_flow = false;           // has pages of its own: not offered among what can be added by a plain form
    std::vector<std::string> about;  // kinds it may be about; empty: any or none
    bool about_required = false;
    std::vector<Field> fields;
    [[nodiscard]] const Field* field(std::string_view name) const;
};

class Catalogue {
public:
    explicit Catalogue(std::vector<Kind> kinds);
    [[nodiscard]] const Kind* find(std::string_view key) const;
    [[nodiscard]] std::span<const Kind> kinds() const { return kinds_; }
    [[nodiscard]] std::string nearest(std::string_view key) const;  // "did you mean"

private:
    std::vector<Kind> kinds_;
    std::map<std::string, std::size_t, std::less<>> by_key_;
};

// content/kinds/*.toml
Result<Catalogue> load_kinds(const std::string& content_dir);

struct Agency {
    std::string key;
    std::string name;
    std::string type;  // contract section 6
    // Under which law and on which article it holds and tells, where that is not its type's: ids of access/bases.toml.
    std::string regime = {};
    std::string article = {};
    std::vector<std::string> checks = {};  // practitioners who answer agency checks; empty: whoever of it may
    std::string telephone = {};            // of the office; empty: not given
};
struct Practitioner {
    std::string key;
    std::string name;
    std::string agency;
    std::string role;
    std::string team;
    std::string telephone = {};  // at work; empty: not given
};
// Who answers at the front door: in working hours, and outside them.
struct FrontDoor {
    std::string agency;  // key; empty: the profile says nothing
    std::string telephone;
    int from_minute = 0;  // of a working day, in the partnership's zone
    int to_minute = 0;
    std::string out_of_hours_name;
    std::string out_of_hours_telephone;
    bool operator==(const FrontDoor&) const = default;
};
struct ClockLength {
    enum class Unit { working_days, calendar_days, hours, months, weeks } unit = Unit::working_days;
    int count = 0;
    auto operator<=>(const ClockLength&) const = default;
    // By the end of the day itself: what sources write as "at once".
    [[nodiscard]] bool is_same_day() const { return unit == Unit::calendar_days && count == 0; }
};
// "3 working days", "24 hours", "15 days", "4 weeks", "6 months", "same day"
Result<ClockLength> parse_clock_length(std::string_view);
std::string to_string(const ClockLength&);

// A type that must meet, and when: by procedure, age or service where the profile narrows it.
struct Requirement {
    std::string type;
    std::string service;          // empty: any
    std::string procedure;        // empty: every procedure
    std::optional<int> age_from;  // whole years, both ends included
    std::optional<int> age_to;
    bool operator==(const Requirement&) const = default;
};
struct Quorum {
    std::vector<std::string> types;
    int at_least = 0;
    int exceptionally = 0;  // enough where the entry says that it went ahead as an exception; 0: there is none
    bool operator==(const Quorum&) const = default;
};

// Where a partnership's own length of a clock comes from; empty: it says nothing.
struct ClockSource {
    std::string text;         // "[U] …" where none was found
    std::string register_id;  // clock register: "C15"
    std::string paragraph;    // of the manual
    bool operator==(const ClockSource&) const = default;
};

struct Profile {
    std::string key;
    std::string name;
    std::string nation;
    std::string calendar;
    std::vector<std::string> procedures;
    std::vector<std::string> require;       // agency types that must meet whatever the procedure, age or service
    std::vector<Requirement> requirements;  // all of them, those of `require` among them
    std::vector<std::string> quorum_types;
    int quorum_at_least = 0;
    int quorum_exceptionally = 0;
    std::map<std::string, Quorum> quorum_by_meeting;   // meeting type -> its own quorum
    std::map<std::string, ClockLength> clocks;         // rule id -> length, over the procedures' defaults
    std::map<std::string, ClockSource> clock_sources;  // rule id -> source, over the procedures' own
    std::map<std::string, int> parameters;             // over the procedures' defaults
    std::vector<Agency> agencies;
    std::vector<Practitioner> practitioners;
    FrontDoor front_door;
    std::string text;  // the TOML itself, as adopted

    [[nodiscard]] const Agency* agency(std::string_view key) const;
    [[nodiscard]] const Practitioner* practitioner(std::string_view key) const;
};
// Digits, spaces and what stands between them: "01632 960 001", "+44 1632 960 001 ext 7".
bool is_telephone(std::string_view);
// Section 6 of the outside contract. Unknown keys, unknown roles and types, a practitioner of no agency, a duplicate
// key are refused; `place` is the file and line.
Result<Profile> parse_profile(std::string_view toml, const std::string& file);
const std::vector<std::string>& agency_types();
const std::vector<std::string>& roles();
std::string role_label(std::string_view role);         // "Front door"
std::string agency_type_label(std::string_view type);  // "Children's social care"

// A holiday that comes every year: so many days after Easter Sunday, the n-th (or last) Monday of a month, or a date;
// one that falls on a weekend may move to the next day that is neither weekend nor holiday.
struct YearlyHoliday {
    std::string name;
    std::optional<int> easter;  // days after Easter Sunday
    int month = 0;
    int day = 0;                                         // a date, where above 0
    std::chrono::weekday weekday = std::chrono::Monday;  // else this day of the week,
    int nth = 0;                                         // the n-th of the month; -1: the last
    bool substitute = false;                             // of a date
};
std::set<Date> holidays_of(std::span<const YearlyHoliday>, std::chrono::year);
Date easter_sunday(std::chrono::year);  // Gregorian

// content/calendars/*.toml: weekends and the days on which nobody works. Listed days up to `listed_until`, whole years;
// after it the yearly ones are computed up to `last`. A day that is proclaimed later is not among the computed ones.
struct CalendarData {
    std::string name;
    std::set<Date> holidays;
    Date first;  // of the span; outside it only weekends are left out
    Date last;
    std::string source;
    Date listed_until{};  // at or before `last`; the epoch where everything is listed
    std::vector<YearlyHoliday> yearly = {};
};
Result<CalendarData> load_calendar(const std::string& content_dir, std::string_view name);

// content/vocabularies/*.toml: code -> label, e.g. referral sources, assessment factors, primary needs.
struct Vocabulary {
    std::string name;
    std::string source;
    std::vector<std::pair<std::string, std::string>> codes;
    [[nodiscard]] std::string label(std::string_view code) const;  // the code itself where unknown
    [[nodiscard]] bool has(std::string_view code) const;
};
Result<Vocabulary> load_vocabulary(const std::string& content_dir, std::string_view name);

// The text of a content file (a procedure, a template) for the room that understands it.
Result<std::string> read_content(const std::string& content_dir, std::string_view relative_path);

}  // namespace waymark::content
