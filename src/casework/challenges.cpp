// Raising a challenge, answering it, taking it on and ending it; and what each side sees of it.
#include "casework/challenges.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/telling.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* raised_kind = "challenge.raised";
constexpr const char* responded_kind = "challenge.responded";
constexpr const char* escalated_kind = "challenge.escalated";
constexpr const char* resolved_kind = "challenge.resolved";
constexpr std::string_view challenge_content = "challenge";

auto no_such_challenge() {
    return fault(FaultKind::missing, "challenge", "There is no such challenge, or you may not know of it.",
                 "Choose one from My day.");
}
auto no_such_decision() {
    return fault(FaultKind::missing, "decision", "There is no such decision, or you may not know of it.",
                 "Choose one from the child’s page, or from your own concerns.");
}

// Rules of a stage end with its number; the first stage's have none.
int stage_of_rule(std::string_view rule) {
    return !rule.empty() && rule.back() >= '1' && rule.back() <= '9' ? rule.back() - '0' : 1;
}

int stages_of(const Office& office) {
    for (const auto& one : office.rulebook().parameters) {
        if (one.id == "challenge-stages") return one.value;
    }
    return 1;
}

// By whom an answer is given: the role that owes it, or whoever of the agency may where nobody has that role.
bool gives_it(const Office& office, const record::Asker& asker, std::string_view agency, std::string_view owner) {
    if (asker.agency != agency || !office.gate->ask(asker, record::Action::append, responded_kind)) return false;
    const auto& all = office.profile.practitioners;
    const bool has_owner = std::any_of(all.begin(), all.end(), [&](const content::Practitioner& one) {
        return one.agency == agency && one.role == owner;
    });
    return !has_owner || asker.role == owner;
}

// The challenge that this entry is, or is a step of.
Result<std::optional<record::Entry>> challenge_behind(const Office& office, store::Snapshot& snapshot, EntryId id) {
    constexpr int most_steps = 50;
    using Found = std::optional<record::Entry>;
    for (int n = 0; n < most_steps; ++n) {
        const auto kept = snapshot.entries(office.partnership, std::vector{id}, store::Want::whole).front();
        if (!kept) return Found{};
        if (kept->row.kind == raised_kind) return Found(TRY(office.journal->open(*kept)));
        if (kept->row.kind.rfind("challenge.", 0) != 0) return Found{};
        id = kept->row.about;
    }
    return Found{};
}

enum class Side { none, raiser, challenged, reader };

struct Sides {
    Knowing reading;
    Knowing searching;
};
Result<Sides> sides_of(const Office& office, store::Snapshot& snapshot, const record::Asker& asker) {
    const auto reads = TRY(office.gate->ask(asker, record::Action::read));
    const auto searches = TRY(office.gate->ask(asker, record::Action::search));
    return Sides{TRY(Knowing::of(office, snapshot, reads)), TRY(Knowing::of(office, snapshot, searches))};
}

Side side_of(const Office& office, store::Snapshot& snapshot, Sides& sides, const record::Asker& asker,
             const record::Entry& challenge) {
    const auto& row = challenge.row;
    if (row.agency == asker.agency && row.author == asker.practitioner) return Side::raiser;
    const auto view = snapshot.views(office.partnership, std::vector{row.record}).front();
    if (!view) return Side::none;
    if (string_or(challenge.body, "to", "") == asker.agency && not_shut_out(sides.searching, view->person) &&
        office.gate->ask(asker, record::Action::append, responded_kind))
        return Side::challenged;
    const auto child = sides.reading.child(row.record);
    if (child && child->permit.depth(row.kind, row.marking, row.agency) == record::Depth::full) return Side::reader;
    return Side::none;
}

std::vector<procedure::Duty> duties_of_challenge(const Office& office, store::Snapshot& snapshot,
                                                 const record::Entry& challenge) {
    const auto machine = office.gate->system("challenge", record::Action::read);
    const auto child = known_child(office, snapshot, machine, challenge.row.record);
    if (!child) return {};
    auto dossiers = dossiers_of(office, snapshot, *child);
    if (!dossiers) return {};
    const auto& dossier = dossiers->of(challenge.row.case_id);
    if (dossier.own.empty()) return {};
    auto duties = office.procedure_of(dossier).standing(*office.calendar, dossier, office.clock.now()).duties;
    std::erase_if(duties, [&](const procedure::Duty& one) { return one.instance != challenge.row.entry; });
    return duties;
}

struct Challenged {
    record::Entry entry;
    std::string agency;  // that is challenged
    bool own_concern = false;
};

// Whose decision on a concern it was; where there is none yet, the agency of the front door.
std::string decider_of(const Office& office, store::Snapshot& snapshot, const record::Entry& concern) {
    std::string agency;
    if (const auto story = story_of(office, snapshot, concern)) {
        for (const auto& one : *story) {
            if (one.row.kind == "triage.decided") agency = one.row.agency;
        }
    }
    if (!agency.empty()) return agency;
    for (const auto& one : office.profile.practitioners) {
        if (one.role == "front-door") return one.agency;
    }
    return concern.row.agency;
}

Result<Challenged> target_for(const Office& office, store::Snapshot& snapshot, Knowing& knowing,
                              const record::Asker& asker, EntryId id) {
    const auto kept = snapshot.entries(office.partnership, std::vector{id}, store::Want::cards).front();
    if (!kept || !kept->row.record) return no_such_decision();
    Challenged target{TRY(office.journal->open(*kept)), kept->row.agency, false};
    const auto& row = target.entry.row;
    if (row.kind == "concern.raised" && row.agency == asker.agency && row.author == asker.practitioner) {
        target.own_concern = true;
        target.agency = decider_of(office, snapshot, target.entry);
        return target;
    }
    const auto child = knowing.child(row.record);
    if (!child || child->permit.depth(row.kind, row.marking, row.agency) < record::Depth::summary)
        return no_such_decision();
    if (row.kind == "concern.raised" || row.kind == "referral.received")
        target.agency = decider_of(office, snapshot, target.entry);
    // Silence is the asked agency's: "no reply" is challenged there.
    if (row.kind == "consultation.requested") {
        for (const auto& agency : strings_in(target.entry.body, "of")) target.agency = agency;
    }
    if (office.profile.agency(target.agency) == nullptr)
        return invalid("decision", "This was written by no agency of the partnership.",
                       "Challenge a decision of an agency.");
    return target;
}

ChallengeStep step_of(const Office& office, const record::Entry& entry) {
    return {entry.row.kind,
            title_of(office, entry),
            std::string(string_or(entry.body, "text", "")),
            agency_name(office, entry.row.agency),
            practitioner_name(office, entry.row.author),
            entry.row.at};
}

int stage_in(const record::Entry& entry) {
    const auto text = string_or(entry.body, "stage", "");
    return text.size() == 1 && text[0] >= '1' && text[0] <= '9' ? text[0] - '0' : 1;
}

bool is_owed(const procedure::Duty& duty) {
    return duty.state == procedure::DutyState::open || duty.state == procedure::DutyState::overdue;
}

Result<Challenge> tell_of(const Office& office, store::Snapshot& snapshot, Sides& sides, const record::Asker& asker,
                          const record::Entry& entry, Side side) {
    Challenge out;
    const auto& row = entry.row;
    out.challenge = row.entry;
    out.decision = row.about;
    const auto to = std::string(string_or(entry.body, "to", ""));
    out.about_what =
        words_of_code(office.catalogue.find(raised_kind), "about_what", string_or(entry.body, "about_what", ""));
    out.to = agency_name(office, to);
    out.from = agency_name(office, row.agency);
    out.raised_by = practitioner_name(office, row.author);
    out.at = row.at;
    out.basis = entry.basis;
    out.stages = stages_of(office);
    for (const auto& step : TRY(story_of(office, snapshot, entry))) {
        if (step.row.kind.rfind("challenge.", 0) != 0) continue;
        out.steps.push_back(step_of(office, step));
        out.resolved = out.resolved || step.row.kind == resolved_kind;
        out.stage = std::max(out.stage, stage_in(step));
    }
    out.duties = duties_of_challenge(office, snapshot, entry);
    for (const auto& duty : out.duties) {
        out.stage = std::max(out.stage, std::min(stage_of_rule(duty.id), out.stages));
        if (!is_owed(duty) || out.resolved || (out.due && *out.due <= duty.due)) continue;
        out.due = duty.due;
        out.owed = duty.label;
        out.overdue = duty.due < office.clock.now();
    }
    if (const auto what = snapshot.entries(office.partnership, std::vector{row.about}, store::Want::cards).front()) {
        const auto& target = what->row;
        const bool own = target.agency == asker.agency && target.author == asker.practitioner;
        if (own && target.kind == "concern.raised") out.concern = target.entry;
        const auto* kind = office.catalogue.find(target.kind);
        if (kind != nullptr && (own || side != Side::raiser)) out.about = kind->label;
    }
    // A page that is reached from a receipt names nobody, as the receipt does.
    if (!out.concern) {
        if (const auto child = sides.reading.child(row.record)) out.person = child->person;
        if (side != Side::raiser || out.person) out.name = TRY(name_of_record(office, snapshot, row.record));
    }
    const bool raisers = row.agency == asker.agency;
    const auto may = [&](const char* kind) {
        return office.gate->ask(asker, record::Action::append, kind).has_value();
    };
    out.may_answer = !out.resolved && asker.agency == to && may(responded_kind);
    out.may_escalate = !out.resolved && raisers && out.stage < out.stages && may(escalated_kind);
    out.may_resolve = !out.resolved && (raisers || asker.agency == to) && may(resolved_kind);
    return out;
}

// The challenge, and what somebody adds to it.
struct StepRule {
    const char* kind;
    bool by_challenged;  // the agency that is challenged makes it
    bool by_raiser;
    bool needs_outcome;
};

Result<EntryId> add_step(const Office& office, const record::Asker& asker, const ChallengeStepRequest& request,
                         const StepRule& step) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.text, "text", "Say why."));
    if (step.needs_outcome) TRY_VOID(given(request.outcome, "outcome", "Choose an answer."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, step.kind));
    return write_as<EntryId>(office, permit, step.kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto entry = TRY(challenge_behind(office, tx, request.challenge));
        if (!entry) return no_such_challenge();
        auto sides = TRY(sides_of(office, tx, asker));
        const auto side = side_of(office, tx, sides, asker, *entry);
        if (side == Side::none) return no_such_challenge();
        const auto told = TRY(tell_of(office, tx, sides, asker, *entry, side));
        const auto to = std::string(string_or(entry->body, "to", ""));
        const bool escalates = std::string_view(step.kind) == escalated_kind;
        auto draft = draft_by(office, asker, step.kind, request.key);
        draft.body = {{"to", asker.agency == to ? entry->row.agency : to}, {"text", request.text}};
        if (step.needs_outcome) draft.body.emplace("outcome", request.outcome);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const bool may =
            (step.by_challenged && asker.agency == to) || (step.by_raiser && asker.agency == entry->row.agency);
        if (!may)
            return fault(FaultKind::forbidden, "challenge", "This step is not yours to take.",
                         "The agency that is challenged answers; the agency that raised it takes it on.");
        if (told.resolved)
            return fault(FaultKind::conflict, "challenge", "This challenge has ended.", "Raise a new one.");
        if (escalates && told.stage >= told.stages)
            return fault(FaultKind::conflict, "challenge", "This is the last stage.",
                         "Wait for the answer of the partnership, or end the challenge.");
        draft.body.emplace("stage", std::to_string(escalates ? told.stage + 1 : told.stage));
        draft.basis = TRY(basis_code(office, asker.agency, asker.agency == to ? entry->row.agency : to, asker.purpose,
                                     challenge_content));
        const auto story = TRY(story_of(office, tx, *entry));
        auto about = entry->row.entry;
        for (const auto& one : story) {
            const bool asks = one.row.kind == raised_kind || one.row.kind == escalated_kind;
            if (asks || (!step.by_challenged && one.row.kind == responded_kind)) about = one.row.entry;
        }
        draft.about = to_string(about);
        draft.subjects.push_back(the_child(entry->row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), entry->row.case_id)).entries.front();
    });
}

ChallengeLine line_from(const Challenge& story, const Office& office, const record::Asker& asker,
                        const record::Entry& entry) {
    ChallengeLine line{story.challenge, story.about_what, story.to, story.from, story.at, story.due, story.overdue};
    line.mine = entry.row.author == asker.practitioner && entry.row.agency == asker.agency;
    const auto to = string_or(entry.body, "to", "");
    for (const auto& duty : story.duties) {
        if (is_owed(duty)) line.owed = line.owed || gives_it(office, asker, to, duty.owner);
    }
    return line;
}

}  // namespace

Result<EntryId> raise_challenge(const Office& office, const record::Asker& asker, const ChallengeRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.about_what, "about_what", "Choose what it is about."));
    TRY_VOID(given(request.text, "text", "Say what you ask for, and why."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, raised_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, raised_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto target = TRY(target_for(office, tx, knowing, asker, request.decision));
        auto draft = draft_by(office, asker, raised_kind, request.key);
        draft.body = {
            {"to", target.agency}, {"about_what", request.about_what}, {"stage", "1"}, {"text", request.text}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        draft.basis = TRY(basis_code(office, asker.agency, target.agency, asker.purpose, challenge_content));
        draft.about = to_string(request.decision);
        draft.subjects.push_back(the_child(target.entry.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), target.entry.row.case_id)).entries.front();
    });
}

Result<EntryId> answer_challenge(const Office& office, const record::Asker& asker,
                                 const ChallengeStepRequest& request) {
    return add_step(office, asker, request, {responded_kind, true, false, true});
}
Result<EntryId> escalate_challenge(const Office& office, const record::Asker& asker,
                                   const ChallengeStepRequest& request) {
    return add_step(office, asker, request, {escalated_kind, false, true, false});
}
Result<EntryId> resolve_challenge(const Office& office, const record::Asker& asker,
                                  const ChallengeStepRequest& request) {
    return add_step(office, asker, request, {resolved_kind, true, true, true});
}

Result<Challenge> challenge_story(const Office& office, const record::Asker& asker, EntryId challenge) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Challenge>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Challenge> {
        const auto entry = TRY(challenge_behind(office, snapshot, challenge));
        if (!entry) return no_such_challenge();
        auto sides = TRY(sides_of(office, snapshot, asker));
        const auto side = side_of(office, snapshot, sides, asker, *entry);
        if (side == Side::none) return no_such_challenge();
        seen.add("challenge", entry->row.record, entry->row.case_id, {{entry->row.entry, record::Depth::full}});
        return tell_of(office, snapshot, sides, asker, *entry, side);
    });
}

Result<std::vector<ChallengeLine>> challenges_waiting(const Office& office, const record::Asker& asker,
                                                      std::size_t limit) {
    using Lines = std::vector<ChallengeLine>;
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Lines>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Lines> {
        return challenges_waiting(Look{office, snapshot, asker, seen}, limit);
    });
}

Result<std::vector<ChallengeLine>> challenges_waiting(const Look& look, std::size_t limit) {
    const auto& [office, snapshot, asker, seen] = look;
    std::vector<ChallengeLine> lines;
    if (!office.gate->ask(asker, record::Action::append, raised_kind)) return lines;
    auto sides = TRY(sides_of(office, snapshot, asker));
    std::set<EntryId> taken;
    for (const auto* kind : {responded_kind, resolved_kind}) {
        for (const auto& owed : TRY(owed_about(office, snapshot, kind))) {
            if (lines.size() == limit) break;
            const auto entry = TRY(challenge_behind(office, snapshot, owed.entry.row.entry));
            if (!entry || !taken.insert(entry->row.entry).second) continue;
            const bool concerns = entry->row.agency == asker.agency || string_or(entry->body, "to", "") == asker.agency;
            if (!concerns) continue;
            const auto side = side_of(office, snapshot, sides, asker, *entry);
            if (side != Side::raiser && side != Side::challenged) continue;
            const auto story = TRY(tell_of(office, snapshot, sides, asker, *entry, side));
            if (story.resolved) continue;
            auto line = line_from(story, office, asker, *entry);
            if (!line.mine && !line.owed) continue;
            lines.push_back(std::move(line));
            seen.add("challenge", entry->row.record, entry->row.case_id, {{entry->row.entry, record::Depth::full}});
        }
    }
    std::stable_sort(lines.begin(), lines.end(), [](const ChallengeLine& a, const ChallengeLine& b) {
        if (a.due.has_value() != b.due.has_value()) return a.due.has_value();
        return a.due < b.due;
    });
    return lines;
}

std::vector<ChallengeLine> challenges_of(const Office& office, const PersonPage& page) {
    std::vector<ChallengeLine> lines;
    for (const auto& line : page.lines) {
        const auto& entry = line.entry;
        if (entry.row.kind != raised_kind || line.superseded) continue;
        ChallengeLine one;
        one.challenge = entry.row.entry;
        one.about_what =
            words_of_code(office.catalogue.find(raised_kind), "about_what", string_or(entry.body, "about_what", ""));
        one.to = agency_name(office, string_or(entry.body, "to", ""));
        one.from = line.source;
        one.at = entry.row.at;
        for (const auto& standing : page.standings) {
            for (const auto& duty : standing.duties) {
                if (duty.instance != entry.row.entry || !is_owed(duty) || (one.due && *one.due <= duty.due)) continue;
                one.due = duty.due;
                one.overdue = duty.due < office.clock.now();
            }
        }
        lines.push_back(std::move(one));
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

Result<Challengeable> challengeable(const Office& office, const record::Asker& asker, EntryId decision) {
    TRY_VOID(permit_for(office, asker, record::Action::append, raised_kind));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Challengeable>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Challengeable> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto target = TRY(target_for(office, snapshot, knowing, asker, decision));
        Challengeable out;
        const auto* kind = office.catalogue.find(target.entry.row.kind);
        out.what = target.own_concern ? "What was decided on your concern"
                   : kind == nullptr  ? target.entry.row.kind
                                      : title_of(office, target.entry);
        out.to = agency_name(office, target.agency);
        if (target.own_concern) out.concern = decision;
        if (const auto child = knowing.child(target.entry.row.record)) out.person = child->person;
        seen.add("challenge", target.entry.row.record, target.entry.row.case_id, {{decision, record::Depth::summary}});
        return out;
    });
}

}  // namespace waymark::casework
