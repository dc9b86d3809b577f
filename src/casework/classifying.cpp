// Classifying, and what is shown beside the question.
#include "casework/classifying.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/knowing.hpp"
#include "casework/reach.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* classified_kind = "concern.classified";
constexpr const char* not_enough = "not-enough-information";

Fault no_such_concern() {
    return Fault{FaultKind::missing, "concern", "There is no such concern, or you may not know of it.",
                 "Open it from the child’s record."};
}

bool may_be_classified(const Office& office, std::string_view kind) {
    const auto* classified = office.catalogue.find(classified_kind);
    return classified != nullptr &&
           std::find(classified->about.begin(), classified->about.end(), kind) != classified->about.end();
}

// Said to have been harmed, or to have seen it, and nothing else: that record is not where the behaviour is classified.
bool did_not_display(record::Involvements involvement) {
    using record::Involvement;
    const bool other =
        record::has(involvement, Involvement::affected) || record::has(involvement, Involvement::witness);
    return other && !record::has(involvement, Involvement::displayed);
}

// ---- beside the question --------------------------------------------------------------------------------------------

// The paragraph of the rule whose duty a classification meets, in the edition of the case.
std::string paragraph_of_duty(const procedure::Rulebook& book) {
    for (const auto& rule : book.rules) {
        const auto* to = book.event(rule.to);
        if (rule.relation == procedure::Relation::response && to != nullptr && to->kind == classified_kind &&
            !rule.source.paragraph.empty())
            return rule.source.paragraph;
    }
    return {};
}

void quote_manual(const Edition& edition, DecisionAid& aid) {
    const auto named = paragraph_of_duty(edition.procedure.rulebook());
    aid.chapter = named.empty() ? nullptr : edition.manual.chapter_of(named);
    if (aid.chapter == nullptr) return;
    const auto section = named.substr(0, named.rfind('.') + 1);
    for (const auto& block : aid.chapter->blocks) {
        if (!block.number.starts_with(section)) continue;
        const auto stage = std::find_if(aid.chapter->stages.begin(), aid.chapter->stages.end(),
                                        [&](const auto& one) { return one.paragraph == block.number; });
        if (stage == aid.chapter->stages.end()) {
            aid.paragraphs.push_back(&block);
            continue;
        }
        const bool of_age = !aid.least || (stage->from <= *aid.most && *aid.least <= stage->to);
        if (of_age) aid.stages.push_back(&block);
    }
}

std::vector<Counted> count_record(const Office& office, const PersonPage& child, const Line& concern) {
    Counted others{"Other concerns and referrals about this child", {}};
    Counted displayed{"Of them, said to have displayed behaviour", {}};
    Counted harmed{"Of them, said to have been harmed", {}};
    Counted incidents{"Incidents in the 12 months before", {}};
    Counted classified{"Classifications of other concerns", {}};
    Counted views{"Times that the child’s own views were recorded", {}};
    Counted changes{"Changes of circumstances", {}};
    const auto day = office.calendar->day_of(concern.entry.row.at);
    for (const auto& line : child.lines) {
        const auto& row = line.entry.row;
        if (line.superseded || row.kind.empty() || row.entry == concern.entry.row.entry) continue;
        const auto involvement = line.entry.involvement;
        if (row.kind == "concern.raised" || row.kind == "referral.received") {
            others.lines.push_back(&line);
            if (record::has(involvement, record::Involvement::displayed)) displayed.lines.push_back(&line);
            if (record::has(involvement, record::Involvement::affected)) harmed.lines.push_back(&line);
        }
        const auto of = office.calendar->day_of(row.at);
        if (row.kind == "incident.recorded" && of <= day && day - of <= std::chrono::days(365))
            incidents.lines.push_back(&line);
        if (row.kind == classified_kind && row.about != concern.entry.row.entry) classified.lines.push_back(&line);
        if (row.kind == "views.recorded" && string_or(line.entry.body, "whose", "") == "child")
            views.lines.push_back(&line);
        if (row.kind == "circumstance.changed") changes.lines.push_back(&line);
    }
    return {std::move(others),     std::move(displayed), std::move(harmed), std::move(incidents),
            std::move(classified), std::move(views),     std::move(changes)};
}

DecisionAid aid_for(const Office& office, const PersonPage& child, const Line& concern) {
    DecisionAid aid;
    aid.on = office.calendar->day_of(concern.entry.row.at);
    if (const auto born = born_of(child.identities)) {
        aid.least = std::max(0, whole_years_on(born->latest, *aid.on));
        aid.most = std::max(0, whole_years_on(born->earliest, *aid.on));
    }
    quote_manual(child.editions.empty() ? office.editions.now() : *child.editions.front(), aid);
    aid.counted = count_record(office, child, concern);
    return aid;
}

}  // namespace

std::vector<ConcernClassified> classifications_in(const Office& office, std::span<const Line> lines) {
    std::vector<ConcernClassified> all;
    for (const auto& line : lines) {
        if (line.superseded || !may_be_classified(office, line.entry.row.kind)) continue;
        ConcernClassified one{&line, {}};
        for (const auto& other : lines) {
            if (other.superseded || other.entry.row.kind != classified_kind ||
                other.entry.row.about != line.entry.row.entry)
                continue;
            Classified said{&other, std::string(string_or(other.entry.body, "category", "")), {}, {}, {}};
            said.words = words_of_code(office.catalogue.find(classified_kind), "category", said.category);
            said.enough = std::string(string_or(other.entry.body, "enough", ""));
            said.why = std::string(string_or(other.entry.body, "rationale", ""));
            one.said.push_back(std::move(said));
        }
        std::stable_sort(one.said.begin(), one.said.end(), [](const Classified& a, const Classified& b) {
            return std::tie(b.line->entry.row.at, b.line->entry.row.recorded) <
                   std::tie(a.line->entry.row.at, a.line->entry.row.recorded);
        });
        const bool concern = line.entry.row.kind == "concern.raised" || line.entry.row.kind == "referral.received";
        if (!one.said.empty() || (concern && !did_not_display(line.entry.involvement))) all.push_back(std::move(one));
    }
    std::reverse(all.begin(), all.end());
    return all;
}

Result<ToClassify> to_classify(const Office& office, const record::Asker& asker, EntryId concern) {
    TRY_VOID(permit_for(office, asker, record::Action::append, classified_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<ToClassify>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<ToClassify> {
        const auto row = snapshot.entries(office.partnership, std::vector{concern}, store::Want::cards).front();
        if (!row || !row->row.record || !may_be_classified(office, row->row.kind))
            return tl::unexpected(no_such_concern());
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto child = assemble_page(office, snapshot, knowing, row->row.record, std::nullopt);
        if (!child && is_unseen(child.error())) return tl::unexpected(no_such_concern());
        ToClassify out;
        out.child = TRY(std::move(child));
        const auto line = std::find_if(out.child.lines.begin(), out.child.lines.end(), [&](const Line& one) {
            return one.entry.row.entry == concern && !one.entry.row.kind.empty();
        });
        if (line == out.child.lines.end()) return tl::unexpected(no_such_concern());
        out.of.concern = &*line;
        for (auto& one : classifications_in(office, out.child.lines)) {
            if (one.concern == out.of.concern) out.of = std::move(one);
        }
        out.aid = aid_for(office, out.child, *line);
        seen.add(out.child.relationship, out.child.person, row->row.case_id, shown_of(out.child),
                 fields_of(out.child.identities));
        seen.rests_on(out.child.basis);
        return out;
    });
}

Result<EntryId> classify(const Office& office, const record::Asker& asker, const ClassifyRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.category, "category", "Choose one."));
    TRY_VOID(given(request.rationale, "rationale", "Say why."));
    const bool lacks = request.category == not_enough;
    if (lacks) TRY_VOID(given(request.enough, "enough", "Say what would be enough, and who finds it out."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, classified_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, classified_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, classified_kind, request.key);
        json::array factors;
        for (const auto& one : request.factors) factors.emplace_back(one);
        draft.body = {{"category", request.category}, {"rationale", request.rationale}};
        if (!factors.empty()) draft.body.emplace("factors", std::move(factors));
        if (!request.tool.empty()) draft.body.emplace("tool", request.tool);
        if (!request.tool_version.empty()) draft.body.emplace("tool_version", request.tool_version);
        if (lacks) draft.body.emplace("enough", request.enough);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;

        const auto row = tx.entries(office.partnership, std::vector{request.concern}, store::Want::whole).front();
        if (!row || !row->row.record || !may_be_classified(office, row->row.kind))
            return tl::unexpected(no_such_concern());
        auto knowing = TRY(Knowing::of(office, tx, reads));
        auto child = knowing.child(row->row.record);
        if (!child && is_unseen(child.error())) return tl::unexpected(no_such_concern());
        const auto known = TRY(std::move(child));
        if (known.permit.depth(row->row.kind, row->row.marking, row->row.agency) < record::Depth::summary)
            return tl::unexpected(no_such_concern());
        auto writing = TRY(Knowing::of(office, tx, permit));
        TRY(writing.person(known.views.front().person));
        const auto concern = TRY(office.journal->open(*row));
        if (did_not_display(concern.involvement))
            return invalid("concern", "In this concern the child is not said to have displayed what happened.",
                           "Classify it in the record of the child who is.");
        EntryId newest;
        for (const auto& one : TRY(story_of(office, tx, concern))) {
            if (one.row.kind == classified_kind && one.row.about == request.concern) newest = one.row.entry;
        }
        if (newest != request.seen)
            return fault(FaultKind::conflict, "seen", "Somebody has classified this since you opened the page.",
                         "Compare the two, and send yours again if it still holds.");
        record::Subject subject;
        subject.involvement = concern.involvement != 0
                                  ? concern.involvement
                                  : static_cast<record::Involvements>(record::Involvement::subject);
        subject.person = row->row.record;
        draft.subjects.push_back(std::move(subject));
        draft.about = to_string(request.concern);
        TRY_VOID(well_formed(office, draft));
        if (row->row.case_id) {
            auto dossiers = TRY(dossiers_of(office, tx, known));
            TRY_VOID(not_held(office, dossiers.of(row->row.case_id), draft, request.concern));
        }
        return TRY(take_one(office, tx, permit, std::move(draft), row->row.case_id)).entries.front();
    });
}

}  // namespace waymark::casework
