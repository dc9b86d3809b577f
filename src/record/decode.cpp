// From a line of the outside contract (section 2) to a Draft: types here, everything else in check.cpp.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "record/check.hpp"
#include "record/entry.hpp"
#include "record/shape.hpp"

namespace waymark::record {

namespace {

const std::vector<std::string>& line_fields() {
    static const std::vector<std::string> fields{"kind",   "at",       "happened", "recorded", "agency",
                                                 "author", "subjects", "incident", "body",     "about",
                                                 "id",     "case",     "basis",    "marking",  "supersedes"};
    return fields;
}

void refuse_unknown(const json::object& object, const std::vector<std::string>& known, std::string_view place,
                    Faults& faults) {
    for (const auto& member : object) {
        const auto name = view_of(member.key());
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const auto suggestion = nearest(name, known);
        faults.add(within(place, is_code(name) ? name : "?"), "not a field that is known here",
                   suggestion.empty() ? fmt::format("use one of: {}", join(known, ", "))
                                      : fmt::format("did you mean \"{}\"?", suggestion));
    }
}

class LineReader {
public:
    LineReader(const json::object& line, Faults& faults) : line_(line), faults_(faults), members_(line, "", faults) {}

    Draft read() {
        refuse_unknown(line_, line_fields(), "", faults_);
        Draft draft;
        draft.kind = members_.text("kind");
        draft.agency = members_.text("agency");
        draft.author = members_.text("author");
        draft.incident = members_.text("incident");
        draft.about = members_.text("about");
        draft.id = members_.text("id");
        draft.case_key = members_.text("case");
        draft.basis = members_.text("basis");
        draft.supersedes = members_.text("supersedes");
        if (auto marking = members_.text("marking"); !marking.empty()) draft.marking = std::move(marking);
        read_at(draft);
        read_recorded(draft);
        read_happened(draft);
        read_subjects(draft);
        read_body(draft);
        return draft;
    }
    [[nodiscard]] bool at_known() const { return at_known_; }

private:
    void read_at(Draft& draft) {
        const auto text = members_.text("at");
        if (faults_.has("at")) return;
        if (text.empty()) {
            faults_.add("at", "missing", "say when the act took place, as 2026-03-27T16:55:00Z or 2026-03-27");
            return;
        }
        const auto at = parse_when(text);
        if (!at) {
            faults_.add("at", at.error());
            return;
        }
        draft.at = *at;
        at_known_ = true;
    }

    void read_recorded(Draft& draft) {
        const auto text = members_.text("recorded");
        if (text.empty()) return;
        const auto recorded = parse_instant(text);
        if (recorded) {
            draft.recorded = *recorded;
        } else {
            faults_.add("recorded", recorded.error());
        }
    }

    void read_happened(Draft& draft) {
        static const std::vector<std::string> known{"from", "to", "accuracy"};
        const auto* value = members_.member("happened");
        if (value == nullptr) return;
        const auto* object = value->if_object();
        if (object == nullptr) {
            faults_.add("happened", "not an object",
                        R"(write it as {"from": "2026-03-01", "to": "2026-03-02", "accuracy": "AAA"})");
            return;
        }
        refuse_unknown(*object, known, "happened", faults_);
        Members members(*object, "happened", faults_);
        Happened happened;
        happened.from = members.date("from");
        happened.to = members.date("to");
        happened.accuracy = members.text("accuracy");
        draft.happened = std::move(happened);
    }

    void read_subjects(Draft& draft) {
        const auto* value = members_.member("subjects");
        if (value == nullptr) return;
        const auto* list = value->if_array();
        if (list == nullptr) {
            faults_.add("subjects", "not a list", R"(write it as [{"involvement": "…", "identity": {…}}])");
            return;
        }
        constexpr std::size_t most_read = 1'000;  // the limit itself is checked later
        for (std::size_t i = 0; i < std::min(list->size(), most_read); ++i) {
            draft.subjects.push_back(read_subject((*list)[i], fmt::format("subjects[{}]", i)));
        }
    }

    Subject read_subject(const json::value& value, const std::string& place) {
        static const std::vector<std::string> known{"involvement", "identity", "person"};
        Subject subject;
        const auto* object = value.if_object();
        if (object == nullptr) {
            faults_.add(place, "not an object", R"(write it as {"involvement": "…", "identity": {…}})");
            return subject;
        }
        refuse_unknown(*object, known, place, faults_);
        Members members(*object, place, faults_);
        if (const auto* involvement = members.member("involvement")) {
            subject.involvement = read_involvements(*involvement, within(place, "involvement"));
        }
        if (const auto* identity = members.member("identity")) {
            if (const auto* fields = identity->if_object()) {
                subject.identity = read_identity(*fields, within(place, "identity"), faults_);
            } else {
                faults_.add(within(place, "identity"), "not an object", R"(write it as {"source": "…", "id": "…"})");
            }
        }
        if (const auto person = members.text("person"); !person.empty()) {
            if (const auto id = parse_id<ViewId>(person)) {
                subject.person = *id;
            } else {
                faults_.add(within(place, "person"), id.error());
            }
        }
        return subject;
    }

    Involvements read_involvements(const json::value& value, const std::string& place) {
        Involvements set = 0;
        if (const auto* list = value.if_array()) {
            for (std::size_t i = 0; i < std::min<std::size_t>(list->size(), 11); ++i) {
                set = static_cast<Involvements>(set | read_involvement((*list)[i], place));
            }
            return set;
        }
        return read_involvement(value, place);
    }

    Involvements read_involvement(const json::value& value, const std::string& place) {
        const auto* text = value.if_string();
        const auto involvement = text != nullptr ? parse_involvement(view_of(*text)) : std::nullopt;
        if (involvement) return static_cast<Involvements>(*involvement);
        constexpr Involvements all = 2047;
        const auto known = names_of(all);
        const auto suggestion = text != nullptr ? nearest(view_of(*text), known) : std::string();
        faults_.add(place, "not an involvement",
                    suggestion.empty() ? fmt::format("write one of: {}", join(known, ", "))
                                       : fmt::format("did you mean \"{}\"?", suggestion));
        return 0;
    }

    void read_body(Draft& draft) {
        const auto* value = members_.member("body");
        if (value == nullptr) {
            faults_.add("body", "missing", "give the fields of the kind, or {} where there are none");
        } else if (const auto* object = value->if_object()) {
            draft.body = *object;
        } else {
            faults_.add("body", "not an object", "give the fields of the kind as {…}");
        }
    }

    const json::object& line_;
    Faults& faults_;
    Members members_;
    bool at_known_ = false;
};

}  // namespace

tl::expected<Draft, std::vector<Fault>> decode_draft(const json::object& line, const content::Catalogue& catalogue,
                                                     Instant now, const Zone& zone, const DecodeLimits& limits) {
    Faults faults;
    LineReader reader(line, faults);
    auto draft = reader.read();
    // What could not be read is not also called missing.
    for (auto& fault : check_draft(draft, catalogue, now, zone, limits, reader.at_known())) {
        if (!faults.has_around(fault.place)) faults.take({std::move(fault)});
    }
    if (!faults.empty()) return tl::unexpected(faults.release());
    protect(draft, catalogue);
    return draft;
}

void protect(Draft& draft, const content::Catalogue& catalogue) {
    const auto* kind = catalogue.find(draft.kind);
    if (kind != nullptr) protect(draft.body, *kind, draft.protected_address, {});
}

tl::expected<Draft, std::vector<Fault>> decode_draft(std::string_view json_line, const content::Catalogue& catalogue,
                                                     Instant now, const Zone& zone, const DecodeLimits& limits) {
    const auto value = parse_json(json_line, {.depth = 32, .bytes = limits.line_bytes});
    if (!value) return tl::unexpected(std::vector<Fault>{value.error()});
    if (const auto* object = value->if_object()) return decode_draft(*object, catalogue, now, zone, limits);
    return tl::unexpected(std::vector<Fault>{
        {FaultKind::invalid, "", "not a JSON object", R"(write each entry as {"kind": "…", …} on a line)"}});
}

}  // namespace waymark::record
