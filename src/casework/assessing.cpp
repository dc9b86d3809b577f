// Starting, asking, writing, agreeing and completing; and how an assessment is put together from its entries.
#include "casework/assessing.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/adding.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* started_kind = "assessment.started";
constexpr const char* asked_section_kind = "assessment.asked";
constexpr const char* section_kind = "assessment.section";
constexpr const char* submitted_kind = "assessment.submitted";
constexpr const char* agreed_kind = "assessment.agreed";
constexpr const char* completed_kind = "assessment.completed";
constexpr std::size_t most_offered = 200;

std::vector<SectionAnswer> answers_of(const json::object& body) {
    std::vector<SectionAnswer> out;
    const auto* list = find(body, "answers");
    if (list == nullptr || !list->is_array()) return out;
    for (const auto& value : list->get_array()) {
        const auto* one = value.if_object();
        if (one == nullptr || string_or(*one, "id", "").empty()) continue;
        out.push_back({std::string(string_or(*one, "id", "")), std::string(string_or(*one, "question", "")),
                       std::string(string_or(*one, "text", "")), is_true(*one, "not_known"),
                       std::string(string_or(*one, "carried_from", ""))});
    }
    return out;
}

json::array as_answers(const std::vector<SectionAnswer>& answers) {
    json::array out;
    for (const auto& one : answers) {
        json::object answer{{"id", one.id}, {"question", one.question}};
        if (one.not_known) answer["not_known"] = true;
        if (!one.text.empty()) answer["text"] = one.text;
        if (!one.carried_from.empty()) answer["carried_from"] = one.carried_from;
        out.push_back(std::move(answer));
    }
    return out;
}

Fault no_such_assessment() {
    return Fault{FaultKind::missing, "assessment", "There is no such assessment, or you may not know of it.",
                 "Open it from the child’s record or from My day."};
}

bool appends_kind(const Office& office, const content::Practitioner& who, std::string_view kind) {
    const auto* row = office.gate->policy().row(who.role);
    return row != nullptr && row->appends.contains(kind);
}

AssessmentStory* story_with(std::vector<AssessmentStory>& stories, EntryId id) {
    for (auto& one : stories) {
        if (one.started->entry.row.entry == id) return &one;
    }
    return nullptr;
}

struct AssessmentInHand {
    PersonPage child;
    AssessmentStory story;
    CaseId case_id;
    ViewId record;
};
Result<AssessmentInHand> assessment_in_hand(const Office& office, store::Snapshot& snapshot, Knowing& knowing,
                                            EntryId id) {
    const auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::cards).front();
    if (!row || !row->row.record || row->row.kind != started_kind) return tl::unexpected(no_such_assessment());
    auto child = assemble_page(office, snapshot, knowing, row->row.record, std::nullopt);
    if (!child && is_unseen(child.error())) return tl::unexpected(no_such_assessment());
    AssessmentInHand out;
    out.child = TRY(std::move(child));
    out.case_id = row->row.case_id;
    out.record = row->row.record;
    auto stories = assessments_in(office, out.child.lines);
    auto* story = story_with(stories, id);
    if (story == nullptr) return tl::unexpected(no_such_assessment());
    out.story = std::move(*story);
    return out;
}

std::vector<std::string> unwritten_in(const content::AssessmentTemplate& form, const AssessmentStory& story) {
    std::vector<std::string> out;
    for (const auto& section : form.sections) {
        if (std::none_of(story.written.begin(), story.written.end(),
                         [&](const WrittenSection& one) { return one.section == section.id; }))
            out.push_back(section.title);
    }
    return out;
}

Result<void> is_open(const AssessmentStory& story, const char* place) {
    if (story.completed == nullptr) return {};
    return fault(FaultKind::conflict, place, "This assessment has been completed.", "Start another one.");
}

}  // namespace

// ---- reading --------------------------------------------------------------------------------------------------------

Result<content::AssessmentTemplate> assessment_template(const Office& office, std::string_view key) {
    for (auto& one : TRY(content::load_assessments(office.content_dir))) {
        if (one.key == key) return std::move(one);
    }
    return fault(FaultKind::missing, "template", "There is no such template.", "Choose one from the child’s record.");
}

std::vector<AssessmentStory> assessments_in(const Office& office, std::span<const Line> lines) {
    std::vector<AssessmentStory> stories;
    std::vector<const Line*> order;
    for (const auto& line : lines) {
        if (!line.superseded) order.push_back(&line);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const Line* a, const Line* b) { return a->entry.row.recorded < b->entry.row.recorded; });
    std::unordered_map<EntryId, EntryId> start_of;
    for (const auto* line : order) {
        const auto& row = line->entry.row;
        const auto& body = line->entry.body;
        if (row.kind == started_kind) {
            AssessmentStory story;
            story.started = line;
            story.template_key = std::string(string_or(body, "template", ""));
            story.co_worker = std::string(string_or(body, "co_worker", ""));
            story.supervisor = std::string(string_or(body, "supervisor", ""));
            stories.push_back(std::move(story));
            start_of[row.entry] = row.entry;
            continue;
        }
        const auto start = start_of.find(row.about);
        auto* story = start == start_of.end() ? nullptr : story_with(stories, start->second);
        if (story == nullptr) continue;
        start_of[row.entry] = start->second;
        const auto section = std::string(string_or(body, "domain", ""));
        if (row.kind == asked_section_kind) {
            const auto day = parse_date(string_or(body, "due", ""));
            story->asked.push_back({line, section, agency_name(office, string_or(body, "to", "")),
                                    practitioner_name(office, string_or(body, "practitioner", "")),
                                    day ? std::optional(*day) : std::nullopt, nullptr});
        } else if (row.kind == section_kind) {
            std::erase_if(story->written, [&](const WrittenSection& one) {
                return one.section == section && one.agency == row.agency;
            });
            story->written.push_back({line, section, row.agency, answers_of(body)});
            for (auto& one : story->asked) {
                if (one.section == section && string_or(one.line->entry.body, "to", "") == row.agency)
                    one.written = line;
            }
            story->submitted = story->agreed = story->returned = nullptr;
        } else if (row.kind == submitted_kind) {
            story->submitted = line;
            story->agreed = story->returned = nullptr;
        } else if (row.kind == agreed_kind && story->submitted != nullptr) {
            (string_or(body, "outcome", "") == "agreed" ? story->agreed : story->returned) = line;
        } else if (row.kind == completed_kind) {
            story->completed = line;
        }
    }
    std::reverse(stories.begin(), stories.end());
    return stories;
}

Result<AssessmentPage> assessment_page(const Office& office, const record::Asker& asker, EntryId assessment) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<AssessmentPage>(office, permit,
                                   [&](store::Snapshot& snapshot, Seen& seen) -> Result<AssessmentPage> {
                                       auto knowing = TRY(Knowing::of(office, snapshot, permit));
                                       auto in_hand = TRY(assessment_in_hand(office, snapshot, knowing, assessment));
                                       AssessmentPage page;
                                       page.child = std::move(in_hand.child);
                                       page.story = std::move(in_hand.story);
                                       page.form = TRY(assessment_template(office, page.story.template_key));
                                       page.unwritten = unwritten_in(page.form, page.story);
                                       seen.add(page.child.relationship, in_hand.record, in_hand.case_id,
                                                shown_of(page.child), std::string(name_fields));
                                       seen.rests_on(page.child.basis);
                                       return page;
                                   });
}

// ---- starting and asking --------------------------------------------------------------------------------------------

std::vector<std::pair<std::string, std::string>> supervisors_of(const Office& office, const record::Asker& asker) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& one : office.profile.practitioners) {
        if (out.size() < most_offered && one.agency == asker.agency && one.key != asker.practitioner &&
            appends_kind(office, one, "supervision.recorded"))
            out.emplace_back(one.key, fmt::format("{}, {}", one.name, content::role_label(one.role)));
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> co_workers_of(const Office& office, const record::Asker& asker) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& one : office.profile.practitioners) {
        if (out.size() < most_offered && one.key != asker.practitioner && appends_kind(office, one, started_kind))
            out.emplace_back(one.key, fmt::format("{}, {}", one.name, agency_name(office, one.agency)));
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> section_writers(const Office& office,
                                                                 const content::AssessmentSection& section) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const bool first : {true, false}) {
        for (const auto& one : office.profile.practitioners) {
            const auto* agency = office.profile.agency(one.agency);
            const auto* row = office.gate->policy().row(one.role);
            if (agency == nullptr || row == nullptr || !row->appends.contains(section_kind) ||
                out.size() == most_offered || row->scope(record::Action::search) == sharing::Scope::none ||
                stands_in(section.asks, agency->type) != first)
                continue;
            out.emplace_back(one.key,
                             fmt::format("{}, {} ({})", one.name, agency->name, content::role_label(one.role)));
        }
    }
    return out;
}

Result<EntryId> start_assessment(const Office& office, const record::Asker& asker, const StartAssessment& request) {
    TRY(assessment_template(office, request.template_key));
    const auto among = [](const auto& people, const std::string& key) {
        return std::any_of(people.begin(), people.end(), [&](const auto& one) { return one.first == key; });
    };
    if (!among(supervisors_of(office, asker), request.supervisor))
        return invalid("supervisor", "No supervisor is named.", "Choose who agrees to it in the end.");
    if (!request.co_worker.empty() && !among(co_workers_of(office, asker), request.co_worker))
        return invalid("co_worker", "This person cannot work on it.", "Choose among those that are offered.");
    AddRequest add;
    add.key = request.key;
    add.person = request.child;
    add.kind = started_kind;
    add.body = {{"template", request.template_key}, {"supervisor", request.supervisor}};
    if (!request.co_worker.empty()) add.body["co_worker"] = request.co_worker;
    return add_entry(office, asker, add);
}

Result<EntryId> ask_for_section(const Office& office, const record::Asker& asker, const AskForSection& request) {
    TRY_VOID(key_stands(request.key));
    if (!request.due || *request.due < office.calendar->day_of(office.clock.now()))
        return invalid("due", "No day to come is given.", "Say by when you need it.");
    const auto permit = TRY(permit_for(office, asker, record::Action::append, asked_section_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, asked_section_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, asked_section_kind, request.key);
        const auto* who = office.profile.practitioner(request.practitioner);
        if (who == nullptr) return invalid("practitioner", "Nobody is chosen.", "Choose who writes it.");
        draft.body = {{"to", who->agency},
                      {"practitioner", who->key},
                      {"domain", request.section},
                      {"due", format_date(*request.due)}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(assessment_in_hand(office, tx, knowing, request.assessment));
        TRY_VOID(is_open(in_hand.story, "section"));
        const auto form = TRY(assessment_template(office, in_hand.story.template_key));
        const auto* section = form.section(request.section);
        if (section == nullptr) return invalid("section", "There is no such section.", "Choose one from the page.");
        const auto writers = section_writers(office, *section);
        const auto person = person_of(office, tx, in_hand.record);
        const bool offered =
            std::any_of(writers.begin(), writers.end(), [&](const auto& one) { return one.first == who->key; });
        if (!offered || !person || !is_named(knowing.restrictions_of(*person), who->key))
            return invalid("practitioner", "This person cannot be asked about this child.", "Choose somebody else.");
        auto basis = basis_code(office, draft.agency, who->agency, asker.purpose, "name");
        if (!basis) return invalid("practitioner", basis.error().reason, basis.error().mend);
        draft.basis = std::move(*basis);
        draft.about = to_string(request.assessment);
        draft.subjects.push_back(the_child(in_hand.record));
        return TRY(take_one(office, tx, permit, std::move(draft), in_hand.case_id)).entries.front();
    });
}

// ---- writing --------------------------------------------------------------------------------------------------------

namespace {

struct SectionInHand {
    SectionToWrite shown;
    record::Entry started;
    std::string to_agency;  // that asked
};

// What stands of the agency in this assessment, and what was last answered before it: from the entries whole, of which
// only the agency's own are taken where the asker was asked and may read no more.
void fill_in(const Office& office, const record::Asker& asker, const std::vector<record::Entry>& entries,
             const std::string& section_id, SectionToWrite& out) {
    std::set<EntryId> gone;
    std::unordered_map<EntryId, EntryId> about;
    for (const auto& one : entries) {
        about[one.row.entry] = one.row.about;
        if (one.row.supersedes) gone.insert(one.row.supersedes);
    }
    const auto starts = [&](EntryId id) {
        for (int n = 0; n < 5 && id; ++n) {
            if (id == out.assessment) return true;
            const auto next = about.find(id);
            id = next == about.end() ? EntryId{} : next->second;
        }
        return false;
    };
    std::vector<const record::Entry*> order;
    for (const auto& one : entries) {
        if (one.row.kind == section_kind && !gone.contains(one.row.entry) && one.whole) order.push_back(&one);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* a, const auto* b) { return a->row.recorded < b->row.recorded; });
    std::unordered_map<std::string, Carried> last;
    for (const auto* one : order) {
        const bool here = starts(one->row.about);
        if (here && one->row.agency == asker.agency && string_or(one->body, "domain", "") == section_id) {
            out.stands = one->row.entry;
            out.answers = answers_of(one->body);
            out.written_by = practitioner_name(office, one->row.author);
            out.written_at = one->row.at;
        } else if (!here) {
            for (auto& answer : answers_of(one->body)) {
                if (!answer.not_known && !answer.text.empty())
                    last[answer.id] = {answer, agency_name(office, one->row.agency), one->row.at};
            }
        }
    }
    for (const auto& question : out.section.questions) {
        const auto found = last.find(question.id);
        if (found != last.end()) out.carried.push_back(found->second);
    }
}

Result<SectionInHand> section_in_hand(const Office& office, store::Snapshot& snapshot, const record::Asker& asker,
                                      EntryId id, std::string_view section) {
    const auto row = snapshot.entries(office.partnership, std::vector{id}, store::Want::whole).front();
    if (!row || !row->row.record) return tl::unexpected(no_such_assessment());
    SectionInHand out;
    auto entry = TRY(office.journal->open(*row));
    auto& shown = out.shown;
    std::vector<record::Entry> entries;
    std::string section_id(section);
    const auto person = person_of(office, snapshot, row->row.record);
    if (!person) return tl::unexpected(no_such_assessment());
    if (entry.row.kind == asked_section_kind) {
        const auto knowing = TRY(Knowing::of(office, snapshot, TRY(office.gate->ask(asker, record::Action::search))));
        if (string_or(entry.body, "practitioner", "") != asker.practitioner || !not_shut_out(knowing, *person))
            return tl::unexpected(no_such_assessment());
        section_id = std::string(string_or(entry.body, "domain", ""));
        shown.asked = id;
        shown.from = practitioner_name(office, entry.row.author);
        shown.from_agency = agency_name(office, entry.row.agency);
        if (const auto day = parse_date(string_or(entry.body, "due", ""))) shown.due = *day;
        out.to_agency = entry.row.agency;
        const auto before =
            snapshot.entries(office.partnership, std::vector{entry.row.about}, store::Want::whole).front();
        if (!before) return tl::unexpected(no_such_assessment());
        out.started = TRY(office.journal->open(*before));
        // The agency's own entries, and nobody else's.
        const auto views = ids_of(snapshot.views_of_persons(office.partnership, std::vector{*person}));
        std::vector<EntryId> own;
        for (const auto& one :
             snapshot.entries_of_records(office.partnership, views, store::Want::cards, most_entries_of_a_child)) {
            const bool links = one.row.kind == asked_section_kind || one.row.kind == completed_kind;
            if (one.row.kind.starts_with("assessment.") && (one.row.agency == asker.agency || links))
                own.push_back(one.row.entry);
        }
        entries = TRY(office.journal->read_entries(snapshot, office.partnership, office.gate->system("section"), own,
                                                   store::Want::whole));
        for (const auto& one : entries)
            shown.completed =
                shown.completed || (one.row.kind == completed_kind && one.row.about == out.started.row.entry);
        std::erase_if(entries, [&](const record::Entry& one) {
            return one.row.agency != asker.agency && one.row.kind != asked_section_kind;
        });
    } else if (entry.row.kind == started_kind) {
        auto knowing = TRY(Knowing::of(office, snapshot, TRY(office.gate->ask(asker, record::Action::read))));
        auto in_hand = TRY(assessment_in_hand(office, snapshot, knowing, id));
        out.started = std::move(entry);
        shown.completed = in_hand.story.completed != nullptr;
        out.to_agency = out.started.row.agency;
        for (auto& line : in_hand.child.lines) entries.push_back(std::move(line.entry));
    } else {
        return tl::unexpected(no_such_assessment());
    }
    shown.assessment = out.started.row.entry;
    shown.form = TRY(assessment_template(office, string_or(out.started.body, "template", "")));
    const auto* found = shown.form.section(section_id);
    if (found == nullptr) return tl::unexpected(no_such_assessment());
    shown.section = *found;
    shown.child = TRY(name_of_record(office, snapshot, row->row.record));
    fill_in(office, asker, entries, section_id, shown);
    return out;
}

}  // namespace

Result<SectionToWrite> section_to_write(const Office& office, const record::Asker& asker, EntryId id,
                                        std::string_view section) {
    TRY_VOID(permit_for(office, asker, record::Action::append, section_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<SectionToWrite>(office, permit,
                                   [&](store::Snapshot& snapshot, Seen& seen) -> Result<SectionToWrite> {
                                       auto in_hand = TRY(section_in_hand(office, snapshot, asker, id, section));
                                       std::vector<record::Shown> shown{{id, record::Depth::full}};
                                       if (in_hand.shown.stands)
                                           shown.push_back({in_hand.shown.stands, record::Depth::full});
                                       seen.add("asked", in_hand.started.row.record, in_hand.started.row.case_id,
                                                std::move(shown), std::string(name_fields));
                                       return std::move(in_hand.shown);
                                   });
}

Result<EntryId> write_section(const Office& office, const record::Asker& asker, const WriteSection& request) {
    TRY_VOID(key_stands(request.key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, section_kind));
    return write_as<EntryId>(office, permit, section_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto in_hand = TRY(section_in_hand(office, tx, asker, request.id, request.section));
        const auto& shown = in_hand.shown;
        auto draft = draft_by(office, asker, section_kind, request.key);
        json::array not_known;
        for (const auto& question : shown.section.questions) {
            const auto answer = std::find_if(request.answers.begin(), request.answers.end(),
                                             [&](const SectionAnswer& one) { return one.id == question.id; });
            const bool none = answer == request.answers.end() || (trim(answer->text).empty() && !answer->not_known);
            if (none)
                return invalid("q-" + question.id, "This question is not answered.",
                               "Answer it, or say that it is not known.");
            if (answer->not_known && !trim(answer->text).empty())
                return invalid("q-" + question.id, "There is an answer, and it is said not to be known.",
                               "Take one of the two away.");
            if (answer->not_known) not_known.emplace_back(question.id);
        }
        draft.body = {{"template", shown.form.key},
                      {"domain", shown.section.id},
                      {"not_known", std::move(not_known)},
                      {"answers", as_answers(request.answers)}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        if (shown.completed)
            return fault(FaultKind::conflict, "assessment", "This assessment has been completed.",
                         "What is new goes into the record as an entry.");
        if (shown.stands != request.seen)
            return fault(FaultKind::conflict, "seen",
                         "Somebody of your agency has written this section since you opened it.",
                         "Compare the two, and send yours again if it says more.");
        if (shown.stands) draft.supersedes = to_string(shown.stands);
        draft.basis = TRY(basis_code(office, asker.agency, in_hand.to_agency, asker.purpose, "chronology"));
        draft.about = to_string(shown.asked.value_or(shown.assessment));
        draft.subjects.push_back(the_child(in_hand.started.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), in_hand.started.row.case_id)).entries.front();
    });
}

// ---- agreeing and completing ----------------------------------------------------------------------------------------

namespace {

Result<EntryId> step(const Office& office, const record::Asker& asker, EntryId assessment, const char* kind,
                     const std::string& key, json::object body,
                     const std::function<Result<void>(const AssessmentInHand&)>& may,
                     const std::function<EntryId(const AssessmentInHand&)>& about) {
    TRY_VOID(key_stands(key));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, kind, key);
        draft.body = body;
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto in_hand = TRY(assessment_in_hand(office, tx, knowing, assessment));
        TRY_VOID(is_open(in_hand.story, "assessment"));
        TRY_VOID(may(in_hand));
        draft.about = to_string(about(in_hand));
        draft.subjects.push_back(the_child(in_hand.record));
        // What is decided waits for what the procedure asks for first.
        if (in_hand.case_id) {
            const auto known = TRY(knowing.child(in_hand.record));
            auto dossiers = TRY(dossiers_of(office, tx, known));
            TRY_VOID(not_held(office, dossiers.of(in_hand.case_id), draft, EntryId{}));
        }
        return TRY(take_one(office, tx, permit, std::move(draft), in_hand.case_id)).entries.front();
    });
}

}  // namespace

Result<EntryId> submit_assessment(const Office& office, const record::Asker& asker, EntryId assessment,
                                  const std::string& key) {
    return step(
        office, asker, assessment, submitted_kind, key, {},
        [&](const AssessmentInHand& in_hand) -> Result<void> {
            if (in_hand.story.submitted != nullptr && in_hand.story.returned == nullptr)
                return fault(FaultKind::conflict, "sections", "It is with the supervisor already.",
                             "Open the page again.");
            const auto missing =
                unwritten_in(TRY(assessment_template(office, in_hand.story.template_key)), in_hand.story);
            if (missing.empty()) return {};
            return invalid("sections", "Nobody has written: " + join(missing, "; ") + ".",
                           "Write it, or ask somebody to. What is not known is said so.");
        },
        [](const AssessmentInHand& in_hand) { return in_hand.story.started->entry.row.entry; });
}

Result<EntryId> agree_assessment(const Office& office, const record::Asker& asker, const AgreeAssessment& request) {
    if (request.outcome == "returned") TRY_VOID(given(request.text, "text", "Say what is missing."));
    json::object body{{"outcome", request.outcome}};
    if (!trim(request.text).empty()) body["text"] = request.text;
    return step(
        office, asker, request.assessment, agreed_kind, request.key, std::move(body),
        [&](const AssessmentInHand& in_hand) -> Result<void> {
            if (in_hand.story.supervisor != asker.practitioner)
                return fault(FaultKind::forbidden, "assessment", "Another supervisor is named for this assessment.",
                             "Ask them to agree, or whoever leads it to name you.");
            if (in_hand.story.submitted == nullptr || in_hand.story.agreed != nullptr)
                return fault(FaultKind::conflict, "outcome", "There is nothing to agree to now.",
                             "Open the page again.");
            return {};
        },
        [](const AssessmentInHand& in_hand) { return in_hand.story.submitted->entry.row.entry; });
}

Result<EntryId> complete_assessment(const Office& office, const record::Asker& asker,
                                    const CompleteAssessment& request) {
    TRY_VOID(given(request.judgement, "judgement", "Say what your judgement is."));
    // The template and the co-worker are those of the start.
    const auto page = TRY(assessment_page(office, asker, request.assessment));
    json::object body{{"template", page.story.template_key}, {"judgement", request.judgement}};
    if (!page.story.co_worker.empty()) body["co_worker"] = page.story.co_worker;
    if (!request.factors.empty()) {
        json::array factors;
        for (const auto& one : request.factors) factors.emplace_back(one);
        body["factors"] = std::move(factors);
    }
    return step(
        office, asker, request.assessment, completed_kind, request.key, std::move(body),
        [](const AssessmentInHand& in_hand) -> Result<void> {
            if (in_hand.story.agreed != nullptr) return {};
            return fault(FaultKind::held, "judgement", "The supervisor has not agreed to what stands.",
                         "Send it to the supervisor first.");
        },
        [](const AssessmentInHand& in_hand) { return in_hand.story.started->entry.row.entry; });
}

// ---- My day ---------------------------------------------------------------------------------------------------------

Result<std::vector<AssessmentTask>> assessment_tasks(const Office& office, const record::Asker& asker,
                                                     std::size_t limit) {
    using Tasks = std::vector<AssessmentTask>;
    if (!office.gate->ask(asker, record::Action::search) ||
        !office.gate->ask(asker, record::Action::append, section_kind))
        return Tasks{};
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    return read_as<Tasks>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Tasks> {
        const auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto templates = TRY(content::load_assessments(office.content_dir));
        Tasks tasks;
        const auto add = [&](const OwedEntry& owed, const record::Entry& started, bool to_agree) -> Result<void> {
            const auto person = person_of(office, snapshot, owed.entry.row.record);
            if (!person || !not_shut_out(knowing, *person)) return {};
            AssessmentTask task;
            task.to_agree = to_agree;
            task.entry = to_agree ? started.row.entry : owed.entry.row.entry;
            task.section = std::string(string_or(owed.entry.body, "domain", ""));
            task.name = record::shown_name(TRY(name_of_record(office, snapshot, owed.entry.row.record)));
            for (const auto& one : templates) {
                if (one.key != string_or(started.body, "template", "")) continue;
                const auto* section = one.section(task.section);
                task.words = to_agree || section == nullptr ? one.title : section->title;
            }
            task.due = owed.due;
            task.overdue = owed.due < office.clock.now();
            seen.add("asked", owed.entry.row.record, owed.entry.row.case_id,
                     {{owed.entry.row.entry, record::Depth::summary}}, std::string(name_fields));
            tasks.push_back(std::move(task));
            return {};
        };
        const auto start_of = [&](const record::Entry& entry) -> Result<std::optional<record::Entry>> {
            using Found = std::optional<record::Entry>;
            const auto row =
                snapshot.entries(office.partnership, std::vector{entry.row.about}, store::Want::cards).front();
            if (!row) return Found{};
            return Found{TRY(office.journal->open(*row))};
        };
        for (const auto& owed : TRY(owed_about(office, snapshot, section_kind))) {
            if (tasks.size() == limit) break;
            if (string_or(owed.entry.body, "practitioner", "") != asker.practitioner) continue;
            if (const auto started = TRY(start_of(owed.entry))) TRY_VOID(add(owed, *started, false));
        }
        for (const auto& owed : TRY(owed_about(office, snapshot, agreed_kind))) {
            if (tasks.size() == limit) break;
            const auto started = TRY(start_of(owed.entry));
            if (started && string_or(started->body, "supervisor", "") == asker.practitioner)
                TRY_VOID(add(owed, *started, true));
        }
        return tasks;
    });
}

}  // namespace waymark::casework
