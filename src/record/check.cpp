// What a draft must satisfy, wherever it came from: its kind, its dates, its people, its fields.
#include "record/check.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "content/check.hpp"
#include "record/shape.hpp"

namespace waymark::record {

namespace {

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
    static std::string mend_of_missing(const content::Field& field) {
        if (!field.codes.empty()) return fmt::format("write one of: {}", join(field.codes, ", "));
        return field.label.empty() ? "give it" : fmt::format("answer: {}", field.label);
    }

    void check_field(const json::value& value, const content::Field& field, const std::string& place) {
        if (const auto* list = value.if_array(); list != nullptr && list->size() > most_items) {
            return faults_.add(place, fmt::format("more than {} in the list", most_items), "divide it between entries");
        }
        const auto fine = content::check_value(field, value, place);
        if (!fine) faults_.add(fine.error().place, fine.error().reason, mend_of(fine.error(), field));
        if (field.type == content::FieldType::actions && fine) check_action_ids(value.get_array(), place);
        check_any(value, place, 0);
    }

    // Where a code was refused, all that would have been taken.
    static std::string mend_of(const Fault& fault, const content::Field& field) {
        if (field.codes.empty() || fault.mend.find(field.codes.front()) != std::string::npos) return fault.mend;
        return fmt::format("{} Use one of: {}", fault.mend, join(field.codes, ", "));
    }

    void check_action_ids(const json::array& list, const std::string& place) {
        std::set<std::string> ids;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const auto* id = find(list[i].get_object(), "id");
            if (id == nullptr || id->is_null() || ids.insert(write_json(*id)).second) continue;
            faults_.add(fmt::format("{}[{}].id", place, i), "another action of this plan has it",
                        "give each action an id of its own");
        }
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
    DraftChecker(const Draft& draft, Instant now, const Zone& zone, const DecodeLimits& limits, bool at_known,
                 Faults& faults)
        : draft_(draft),
          latest_(now + clock_skew),
          today_(zone.day_of(latest_)),
          zone_(zone),
          limits_(limits),
          at_known_(at_known),
          faults_(faults) {}

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
                        kind.about.empty()
                            ? "give the id of the entry that it is about"
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
            if (later)
                faults_.add("at", "in the future", "say when the act took place; what is planned is not an entry yet");
        }
        if (draft_.recorded && *draft_.recorded > latest_) {
            faults_.add("recorded", "in the future", "say when it was first written down, or leave it out");
        }
        if (!draft_.happened) return;
        const auto& happened = *draft_.happened;
        if (!happened.accuracy.empty() && !is_accuracy(happened.accuracy)) {
            faults_.add(
                "happened.accuracy", "not three of A, E and U",
                "write a letter each for day, month and year: A accurate, E estimated, U unknown; such as AAA or UAA");
        }
        if (happened.from && happened.to && *happened.to < *happened.from) {
            faults_.add("happened.to", "before happened.from", "exchange the two, or mend the one that is wrong");
        }
    }

    void check_subjects() {
        if (draft_.subjects.size() > limits_.subjects) {
            faults_.add("subjects", fmt::format("more than {}", limits_.subjects),
                        "divide them between entries of one incident");
            return;
        }
        for (std::size_t i = 0; i < draft_.subjects.size(); ++i) {
            check_subject(draft_.subjects[i], fmt::format("subjects[{}]", i));
        }
    }

    void check_subject(const Subject& subject, const std::string& place) {
        if (subject.involvement == 0) {
            faults_.add(within(place, "involvement"), "missing",
                        "say how this person is involved, such as subject or displayed");
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
