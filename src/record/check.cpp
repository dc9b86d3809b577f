// What a draft must satisfy, wherever it came from: its kind, its dates, its people, its fields.
#include "record/check.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "record/shape.hpp"

namespace waymark::record {

namespace {

using content::Field;
using content::FieldType;

constexpr std::chrono::minutes clock_skew{5};
constexpr std::size_t word_bytes = 200;
constexpr std::size_t most_items = 1'000;
constexpr std::array<std::string_view, 5> markings{"team", "named-only", "all-but-named", "hidden", "sealed"};

class BodyChecker {
public:
    BodyChecker(const DecodeLimits& limits, Faults& faults) : limits_(limits), faults_(faults) {}

    void check(const json::object& body, const content::Kind& kind) {
        for (const auto& field : kind.fields) {
            const auto* value = find(body, field.name);
            const auto place = within("body", field.name);
            if (value == nullptr || value->is_null()) {
                if (field.required) faults_.add(place, "missing", mend_of_missing(field));
                continue;
            }
            check_field(*value, field, place);
        }
        for (const auto& member : body) {
            const auto name = view_of(member.key());
            if (kind.field(name) != nullptr) continue;
            const auto place = within("body", is_code(name) ? name : "?");
            if (const auto wrong = word_problem(name, word_bytes)) faults_.add(place, *wrong);
            check_any(member.value(), place, 0);
        }
    }

private:
    static std::string mend_of_missing(const Field& field) {
        if (!field.codes.empty()) return fmt::format("write one of: {}", join(field.codes, ", "));
        return field.label.empty() ? "give it" : fmt::format("answer: {}", field.label);
    }

    void check_field(const json::value& value, const Field& field, const std::string& place) {
        switch (field.type) {
            case FieldType::code: return check_code(value, field, place);
            case FieldType::codes: return check_codes(value, field, place);
            case FieldType::text: return check_text(value, place);
            case FieldType::boolean:
                if (!value.is_bool()) faults_.add(place, "neither true nor false", "write true or false, without quotation marks");
                return;
            case FieldType::integer:
                if (!value.is_int64() && !value.is_uint64()) faults_.add(place, "not a whole number", "write it as 12, without quotation marks");
                return;
            case FieldType::number:
                if (!value.is_number()) faults_.add(place, "not a number", "write it as 12 or 12.5, without quotation marks");
                return;
            case FieldType::date: return check_date(value, place);
            case FieldType::reference: return check_word(value, place, "write the id of what is meant, as text");
            case FieldType::agencies: return check_agencies(value, place);
            case FieldType::actions: return check_actions(value, place);
            case FieldType::list:
                if (!value.is_array()) faults_.add(place, "not a list", "write it as […]");
                return check_any(value, place, 0);
        }
    }

    void check_code(const json::value& value, const Field& field, const std::string& place) {
        const auto* text = value.if_string();
        if (text == nullptr) {
            faults_.add(place, "not a code", field.codes.empty() ? "write a code as text, such as early-help"
                                                                 : fmt::format("write one of: {}", join(field.codes, ", ")));
            return;
        }
        const auto code = view_of(*text);
        if (field.codes.empty()) {
            if (!is_code(code)) {
                faults_.add(place, "not a code", "write letters, digits, hyphens, points and underscores only, at most 64");
            }
            return;
        }
        if (std::find(field.codes.begin(), field.codes.end(), code) != field.codes.end()) return;
        const auto suggestion = nearest(code, field.codes);
        const auto list = fmt::format("write one of: {}", join(field.codes, ", "));
        faults_.add(place, "not one of the codes of this field",
                    suggestion.empty() ? list : fmt::format("did you mean \"{}\"? {}", suggestion, list));
    }

    void check_codes(const json::value& value, const Field& field, const std::string& place) {
        const auto* list = value.if_array();
        if (list == nullptr) {
            faults_.add(place, "not a list of codes", R"(write it as ["…", "…"])");
            return;
        }
        if (too_many(*list, place)) return;
        for (std::size_t i = 0; i < list->size(); ++i) check_code((*list)[i], field, fmt::format("{}[{}]", place, i));
    }

    void check_text(const json::value& value, const std::string& place) {
        if (const auto* text = value.if_string()) {
            if (const auto wrong = text_problem(view_of(*text), limits_.text_bytes)) faults_.add(place, *wrong);
        } else {
            faults_.add(place, "not text", "write it as text, in quotation marks");
        }
    }

    void check_word(const json::value& value, const std::string& place, std::string mend) {
        const auto* text = value.if_string();
        if (text == nullptr || text->empty()) {
            faults_.add(place, "not text", std::move(mend));
        } else if (const auto wrong = word_problem(view_of(*text), word_bytes)) {
            faults_.add(place, *wrong);
        }
    }

    void check_date(const json::value& value, const std::string& place) {
        const auto* text = value.if_string();
        const auto date = parse_date(text != nullptr ? view_of(*text) : std::string_view());
        if (!date) faults_.add(place, date.error());
    }

    void check_agencies(const json::value& value, const std::string& place) {
        const auto* list = value.if_array();
        if (list == nullptr) {
            faults_.add(place, "not a list of agencies", R"(write it as ["csc", {"agency": "nhs", "service": "nursing"}])");
            return;
        }
        if (too_many(*list, place)) return;
        for (std::size_t i = 0; i < list->size(); ++i) check_attendance((*list)[i], fmt::format("{}[{}]", place, i));
    }

    void check_attendance(const json::value& item, const std::string& place) {
        if (item.is_string()) return check_agency_key(item, place);
        const auto* object = item.if_object();
        if (object == nullptr) {
            faults_.add(place, "neither an agency key nor an object", R"(write "csc" or {"agency": "csc", "service": "…"})");
            return;
        }
        const auto* agency = find(*object, "agency");
        if (agency == nullptr) {
            faults_.add(within(place, "agency"), "missing", "give the agency's key");
        } else {
            check_agency_key(*agency, within(place, "agency"));
        }
        if (const auto* service = find(*object, "service"); service != nullptr && !service->is_null()) {
            check_word(*service, within(place, "service"), "write the service as a code");
        }
        if (const auto* contributed = find(*object, "contributed");
            contributed != nullptr && !contributed->is_bool() && !contributed->is_null()) {
            faults_.add(within(place, "contributed"), "neither true nor false", "write true or false, without quotation marks");
        }
        check_any(item, place, 0);
    }

    void check_agency_key(const json::value& value, const std::string& place) {
        const auto* text = value.if_string();
        if (text == nullptr || !is_code(view_of(*text))) faults_.add(place, "not an agency key", "write the key as the profile has it");
    }

    void check_actions(const json::value& value, const std::string& place) {
        const auto* list = value.if_array();
        if (list == nullptr) {
            faults_.add(place, "not a list of actions", R"(write it as [{"id": "1", "text": "…", "owner": "…", "due": "2026-03-27"}])");
            return;
        }
        if (too_many(*list, place)) return;
        std::set<std::string_view> ids;
        for (std::size_t i = 0; i < list->size(); ++i) check_action((*list)[i], fmt::format("{}[{}]", place, i), ids);
    }

    void check_action(const json::value& item, const std::string& place, std::set<std::string_view>& ids) {
        const auto* object = item.if_object();
        if (object == nullptr) {
            faults_.add(place, "not an object", R"(write it as {"id": "1", "text": "…", "owner": "…", "due": "2026-03-27"})");
            return;
        }
        const auto* id = find(*object, "id");
        if (id == nullptr) {
            faults_.add(within(place, "id"), "missing", "give each action an id of its own within the plan");
        } else {
            check_word(*id, within(place, "id"), "write the id as text");
            const auto* text = id->if_string();
            if (text != nullptr && !ids.insert(view_of(*text)).second) {
                faults_.add(within(place, "id"), "another action of this plan has it", "give each action an id of its own");
            }
        }
        if (const auto* owner = find(*object, "owner"); owner != nullptr && !owner->is_null()) {
            check_word(*owner, within(place, "owner"), "write who owns the action, as text");
        }
        if (const auto* due = find(*object, "due"); due != nullptr && !due->is_null()) check_date(*due, within(place, "due"));
        check_any(item, place, 0);
    }

    bool too_many(const json::array& list, const std::string& place) {
        if (list.size() <= most_items) return false;
        faults_.add(place, fmt::format("more than {} in the list", most_items), "divide it between entries");
        return true;
    }

    // What no kind names is kept as it is, if it can be kept at all.
    void check_any(const json::value& value, const std::string& place, int depth) {
        if (depth > 30) {
            faults_.add(place, "nested too deeply", "nest objects and lists less deeply");
        } else if (const auto* text = value.if_string()) {
            if (const auto wrong = text_problem(view_of(*text), limits_.text_bytes)) add_once(place, *wrong);
        } else if (const auto* list = value.if_array()) {
            for (const auto& item : *list) check_any(item, place, depth + 1);
        } else if (const auto* object = value.if_object()) {
            for (const auto& member : *object) {
                if (const auto wrong = text_problem(view_of(member.key()), word_bytes)) add_once(place, *wrong);
                check_any(member.value(), place, depth + 1);
            }
        }
    }

    void add_once(const std::string& place, const Fault& fault) {
        if (!faults_.has(place)) faults_.add(place, fault);
    }

    const DecodeLimits& limits_;
    Faults& faults_;
};

class DraftChecker {
public:
    DraftChecker(const Draft& draft, Instant now, const Zone& zone, const DecodeLimits& limits, bool at_known, Faults& faults)
        : draft_(draft), latest_(now + clock_skew), today_(zone.day_of(latest_)), zone_(zone), limits_(limits),
          at_known_(at_known), faults_(faults) {}

    void check(const content::Catalogue& catalogue) {
        check_words();
        check_times();
        check_subjects();
        const auto* kind = draft_.kind.empty() ? nullptr : catalogue.find(draft_.kind);
        if (kind != nullptr) {
            check_against(*kind);
        } else if (draft_.kind.empty()) {
            faults_.add("kind", "missing", "name the kind of entry, such as concern.raised");
        } else {
            const auto suggestion = catalogue.nearest(draft_.kind);
            faults_.add("kind", "not a kind of entry that is known",
                        suggestion.empty() ? "see the list of kinds" : fmt::format("did you mean \"{}\"?", suggestion));
        }
    }

private:
    void check_against(const content::Kind& kind) {
        if (kind.needs_subject && draft_.subjects.empty()) {
            faults_.add("subjects", "missing: an entry of this kind is about somebody",
                        R"(name at least one, as {"involvement": "…", "identity": {…}})");
        }
        if (kind.about_required && draft_.about.empty()) {
            faults_.add("about", "missing: an entry of this kind is about another",
                        kind.about.empty() ? "give the id of the entry that it is about"
                                           : fmt::format("give the id of the entry that it is about: {}", join(kind.about, ", ")));
        }
        BodyChecker(limits_, faults_).check(draft_.body, kind);
    }

    void check_words() {
        required_word(draft_.agency, "agency", "give the key of the agency whose entry this is");
        required_word(draft_.author, "author", "give the key of the practitioner who made it");
        if (!draft_.agency.empty() && !faults_.has("agency") && !is_code(draft_.agency)) {
            faults_.add("agency", "not an agency key", "write the key as the profile has it");
        }
        word(draft_.incident, "incident");
        word(draft_.about, "about");
        word(draft_.id, "id");
        word(draft_.case_key, "case");
        word(draft_.supersedes, "supersedes");
        if (!draft_.basis.empty() && !is_code(draft_.basis)) {
            faults_.add("basis", "not a code", "write the code of the lawful basis");
        }
        if (!draft_.id.empty() && draft_.id == draft_.supersedes) {
            faults_.add("supersedes", "the entry's own id", "give a correction an id of its own");
        }
        if (std::find(markings.begin(), markings.end(), draft_.marking) == markings.end()) {
            faults_.add("marking", "not a marking", "write one of: team, named-only, all-but-named, hidden, sealed");
        }
    }

    void word(std::string_view value, std::string_view place) {
        if (const auto wrong = word_problem(value, word_bytes)) faults_.add(place, *wrong);
    }
    void required_word(std::string_view value, std::string_view place, std::string mend) {
        if (value.empty()) {
            faults_.add(std::string(place), "missing", std::move(mend));
        } else {
            word(value, place);
        }
    }

    void check_times() {
        if (at_known_) {
            const bool later = draft_.at.date_only ? zone_.day_of(draft_.at) > today_ : draft_.at.instant > latest_;
            if (later) faults_.add("at", "in the future", "say when the act took place; what is planned is not an entry yet");
        }
        if (draft_.recorded && *draft_.recorded > latest_) {
            faults_.add("recorded", "in the future", "say when it was first written down, or leave it out");
        }
        if (!draft_.happened) return;
        const auto& happened = *draft_.happened;
        if (!happened.accuracy.empty() && !is_accuracy(happened.accuracy)) {
            faults_.add("happened.accuracy", "not three of A, E and U",
                        "write a letter each for day, month and year: A accurate, E estimated, U unknown; such as AAA or UAA");
        }
        if (happened.from && happened.to && *happened.to < *happened.from) {
            faults_.add("happened.to", "before happened.from", "exchange the two, or mend the one that is wrong");
        }
    }

    void check_subjects() {
        if (draft_.subjects.size() > limits_.subjects) {
            faults_.add("subjects", fmt::format("more than {}", limits_.subjects), "divide them between entries of one incident");
            return;
        }
        for (std::size_t i = 0; i < draft_.subjects.size(); ++i) {
            check_subject(draft_.subjects[i], fmt::format("subjects[{}]", i));
        }
    }

    void check_subject(const Subject& subject, const std::string& place) {
        if (subject.involvement == 0) {
            faults_.add(within(place, "involvement"), "missing", "say how this person is involved, such as subject or displayed");
        }
        if (!subject.identity && !subject.person) {
            faults_.add(within(place, "identity"), "missing", "give an identity, or the id of a person");
        }
        if (!subject.identity) return;
        const auto inside = within(place, "identity");
        check_identity(*subject.identity, inside, today_, faults_);
        check_born(subject, within(inside, "date_of_birth"));
    }

    // A child cannot be what an entry is about before birth, unless the identity says that the child was unborn.
    void check_born(const Subject& subject, const std::string& place) {
        const auto& identity = *subject.identity;
        if (!at_known_ || (subject.involvement & children_involvements) == 0) return;
        if (!identity.date_of_birth || identity.expected_date_of_birth || faults_.has(place)) return;
        const auto& accuracy = identity.dob_accuracy;
        if (!accuracy.empty() && !is_accuracy(accuracy)) return;
        if (!surely_before(zone_.day_of(draft_.at), *identity.date_of_birth, accuracy)) return;
        faults_.add(place, "after `at`: the child was not yet born",
                    "mend the one that is wrong; of a child who was unborn give expected_date_of_birth as well");
    }

    const Draft& draft_;
    Instant latest_;
    Date today_;
    const Zone& zone_;
    const DecodeLimits& limits_;
    bool at_known_;
    Faults& faults_;
};

}  // namespace

std::vector<Fault> check_draft(const Draft& draft, const content::Catalogue& catalogue, Instant now, const Zone& zone,
                               const DecodeLimits& limits, bool at_known) {
    Faults faults;
    DraftChecker(draft, now, zone, limits, at_known, faults).check(catalogue);
    return faults.release();
}

std::vector<Fault> check(const Draft& draft, const content::Catalogue& catalogue, Instant now, const Zone& zone,
                         const DecodeLimits& limits) {
    return check_draft(draft, catalogue, now, zone, limits, true);
}

}  // namespace waymark::record
