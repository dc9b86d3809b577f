// Deciding not to share, looking at it again, and recording what was shared.
#include "casework/telling.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/due.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr const char* decided_kind = "sharing.decided";
constexpr const char* reviewed_kind = "sharing.reviewed";
constexpr const char* shared_kind = "information.shared";

Result<void> day_to_come(const Office& office, const std::optional<Date>& day, const char* field) {
    if (!day) return invalid(field, "No day is given.", "Say on which day this is looked at again.");
    if (*day < office.calendar->day_of(office.clock.now()))
        return invalid(field, "That day is past.", "Give today or a later day.");
    return {};
}

// What a part of the record is in the table of bases; one that it does not name is as the rest of the record.
std::string_view content_of(const Office& office, std::string_view part) {
    if (part == "checks") return "check-answer";
    return office.bases.contents.contains(part) ? part : std::string_view("chronology");
}

// An entry of the asker's own about a child whom they may know, in the child's open case where there is one.
Result<EntryId> keep_about(const Office& office, const record::Asker& asker, ViewId child, record::Draft draft) {
    const auto permit = TRY(permit_for(office, asker, record::Action::append, draft.kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, draft.kind, [&](store::Transaction& tx) -> Result<EntryId> {
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto known = TRY(known_child(office, tx, reads, child));
        auto full = draft;
        full.subjects.push_back(the_child(known.views.front().view));
        return TRY(take_one(office, tx, permit, std::move(full), case_of(office, tx, known.views))).entries.front();
    });
}

std::string text_in(const Line& line, std::string_view field) {
    const auto withheld = find(line.entry.body, "withheld");
    if (withheld != nullptr && withheld->is_array()) {
        for (const auto& one : withheld->get_array()) {
            const auto* name = one.if_string();
            if (name != nullptr && std::string_view(name->data(), name->size()) == field) return {};
        }
    }
    return std::string(string_or(line.entry.body, field, ""));
}

Withheld withheld_from(const Office& office, const Line& line) {
    const auto* kind = office.catalogue.find(decided_kind);
    Withheld one;
    one.decision = one.latest = line.entry.row.entry;
    one.asked_by = agency_name(office, text_in(line, "asked_by"));
    one.asked_for = text_in(line, "asked_for");
    one.reason_words = words_of_code(kind, "reason_code", text_in(line, "reason_code"));
    one.reason = text_in(line, "reason");
    one.agency = line.source;
    one.by = line.author;
    one.at = line.entry.row.at;
    if (const auto day = parse_date(text_in(line, "review_by"))) one.review_by = *day;
    return one;
}

void look_again(const Office& office, const Line& line, Withheld& one) {
    const auto outcome = text_in(line, "outcome");
    one.latest = line.entry.row.entry;
    one.ended = outcome == "share";
    one.reviews.push_back({line.entry.row.at, line.author,
                           words_of_code(office.catalogue.find(reviewed_kind), "outcome", outcome),
                           text_in(line, "reason")});
    one.review_by.reset();
    if (const auto day = parse_date(text_in(line, "review_by"))) one.review_by = *day;
}

}  // namespace

Result<sharing::Basis> basis_between(const Office& office, std::string_view from, std::string_view to,
                                     std::string_view purpose, std::string_view content) {
    return sharing::basis_for(office.bases, {office.profile.agency(from), office.profile.agency(to), purpose, content,
                                             office.profile.nation, office.calendar->day_of(office.clock.now())});
}

Result<std::string> basis_code(const Office& office, std::string_view from, std::string_view to,
                               std::string_view purpose, std::string_view content) {
    const bool told = from != to && !from.empty() && !to.empty() && from != engine_agency && to != engine_agency;
    if (!told) return std::string();
    return TRY(basis_between(office, from, to, purpose, content)).code();
}

Result<std::string> reading_basis(const Office& office, const record::Asker& asker, std::span<const Line> lines) {
    std::set<std::pair<std::string_view, std::size_t>> pairs;
    const auto& policy = office.gate->policy();
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        const bool of_others = !row.agency.empty() && row.agency != engine_agency && row.agency != asker.agency;
        // An agency that has left the profile told when it was in it.
        if (of_others && office.profile.agency(row.agency) != nullptr) pairs.emplace(row.agency, policy.part(row.kind));
    }
    std::set<std::string> codes;
    for (const auto& [agency, part] : pairs)
        codes.insert(
            TRY(basis_code(office, agency, asker.agency, asker.purpose, content_of(office, policy.parts.at(part)))));
    codes.erase(std::string());
    return join(std::vector<std::string>(codes.begin(), codes.end()), " ");
}

Result<EntryId> decide_not_to_share(const Office& office, const record::Asker& asker, const NotShareRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.asked_by, "asked_by", "Say which agency asked."));
    TRY_VOID(given(request.asked_for, "asked_for", "Say what was asked for."));
    TRY_VOID(given(request.reason_code, "reason_code", "Choose a reason."));
    TRY_VOID(given(request.reason, "reason", "Say why, so that somebody else understands it later."));
    TRY_VOID(day_to_come(office, request.review_by, "review_by"));
    auto draft = draft_by(office, asker, decided_kind, request.key);
    draft.body = {{"decision", "not-shared"},       {"asked_by", request.asked_by},
                  {"asked_for", request.asked_for}, {"reason_code", request.reason_code},
                  {"reason", request.reason},       {"review_by", format_date(*request.review_by)}};
    return keep_about(office, asker, request.child, std::move(draft));
}

Result<EntryId> review_not_shared(const Office& office, const record::Asker& asker, const ReviewRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why."));
    const bool keeps = request.outcome == "keep";
    if (!keeps && request.outcome != "share")
        return invalid("outcome", "This is not an answer.", "Choose whether it is shared now.");
    if (keeps) TRY_VOID(day_to_come(office, request.review_by, "review_by"));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, reviewed_kind));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, reviewed_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, reviewed_kind, request.key);
        draft.body = {{"outcome", request.outcome}, {"reason", request.reason}};
        if (keeps) draft.body.emplace("review_by", format_date(*request.review_by));
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        auto knowing = TRY(Knowing::of(office, tx, reads));
        const auto chain =
            TRY(chain_of(office, tx, knowing, request.decision, decided_kind, reviewed_kind, "decision"));
        if (string_or(chain.first.body, "decision", "") != "not-shared")
            return invalid("decision", "This is not a decision not to share.", "Choose one from the child’s page.");
        if (string_or(chain.last.body, "outcome", "") == "share")
            return fault(FaultKind::conflict, "decision", "It was decided already to share this.",
                         "Open the page again.");
        draft.about = to_string(chain.last.row.entry);
        draft.subjects.push_back(the_child(chain.first.row.record));
        return TRY(take_one(office, tx, permit, std::move(draft), chain.first.row.case_id)).entries.front();
    });
}

Result<EntryId> record_sharing(const Office& office, const record::Asker& asker, const ShareRequest& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.to, "to", "Say with which agency."));
    TRY_VOID(given(request.items, "items", "Say what exactly was shared."));
    TRY_VOID(given(request.informed, "informed", "Say whether the person was told."));
    if (request.informed != "yes")
        TRY_VOID(given(request.not_informed, "not_informed", "Say why the person was not told."));
    if (request.to == asker.agency)
        return invalid("to", "That is your own agency.", "Choose another: within an agency nothing is shared here.");
    auto draft = draft_by(office, asker, shared_kind, request.key);
    draft.basis = TRY(basis_code(office, draft.agency, request.to, request.purpose, request.content));
    draft.body = {{"to", request.to},
                  {"purpose", request.purpose},
                  {"content", request.content},
                  {"items", request.items},
                  {"informed", request.informed}};
    if (request.informed != "yes") draft.body.emplace("not_informed", request.not_informed);
    if (!request.onward.empty()) draft.body.emplace("onward", request.onward);
    if (request.until) draft.body.emplace("until", format_date(*request.until));
    return keep_about(office, asker, request.child, std::move(draft));
}

Told told_of(const Office& office, const PersonPage& page) {
    Told told;
    std::unordered_map<EntryId, std::size_t> chain_of_entry;
    for (const auto& line : page.lines) {
        const auto& row = line.entry.row;
        if (line.superseded) continue;
        if (row.kind == decided_kind && string_or(line.entry.body, "decision", "") == "not-shared") {
            chain_of_entry[row.entry] = told.withheld.size();
            told.withheld.push_back(withheld_from(office, line));
        } else if (row.kind == reviewed_kind) {
            const auto found = chain_of_entry.find(row.about);
            if (found == chain_of_entry.end()) continue;
            chain_of_entry[row.entry] = found->second;
            look_again(office, line, told.withheld[found->second]);
        } else if (row.kind == shared_kind) {
            const auto* kind = office.catalogue.find(shared_kind);
            const auto& purposes = office.gate->policy().purposes;
            const auto purpose = purposes.find(text_in(line, "purpose"));
            told.released.push_back({row.entry, agency_name(office, text_in(line, "to")),
                                     purpose == purposes.end() ? text_in(line, "purpose") : purpose->second,
                                     text_in(line, "items"), words_of_code(kind, "informed", text_in(line, "informed")),
                                     text_in(line, "not_informed"), line.entry.basis, line.author, row.at});
        }
    }
    const auto today = office.calendar->day_of(office.clock.now());
    for (auto& one : told.withheld) one.overdue = !one.ended && one.review_by && *one.review_by < today;
    std::stable_sort(told.withheld.begin(), told.withheld.end(), [](const Withheld& a, const Withheld& b) {
        if (a.ended != b.ended) return !a.ended;
        if (!a.ended && a.review_by != b.review_by) return a.review_by < b.review_by;
        return b.at < a.at;
    });
    std::reverse(told.released.begin(), told.released.end());
    return told;
}

Result<std::vector<ReviewLine>> reviews_waiting(const Office& office, const record::Asker& asker, std::size_t limit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    using Lines = std::vector<ReviewLine>;
    return read_as<Lines>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Lines> {
        return reviews_waiting(Look{office, snapshot, asker, seen}, limit);
    });
}

Result<std::vector<ReviewLine>> reviews_waiting(const Look& look, std::size_t limit) {
    const auto& [office, snapshot, asker, seen] = look;
    const auto permit = TRY(office.gate->ask(asker, record::Action::read));
    auto knowing = TRY(Knowing::of(office, snapshot, permit));
    std::vector<ReviewLine> lines;
    std::vector<ViewId> persons;
    for (auto& one : TRY(owed_about(office, snapshot, reviewed_kind))) {
        if (lines.size() == limit) break;
        if (one.entry.row.agency != asker.agency) continue;
        const auto child = knowing.child(one.entry.row.record);
        const auto& row = one.entry.row;
        if (!child || child->permit.depth(row.kind, row.marking, row.agency) < record::Depth::summary) continue;
        lines.push_back({row.entry,
                         child->person,
                         {},
                         practitioner_name(office, row.author),
                         one.due,
                         one.due < office.clock.now()});
        persons.push_back(child->person);
        seen.add(child->permit.relationship(), row.record, row.case_id, {{row.entry, record::Depth::summary}},
                 std::string(name_fields));
    }
    auto names = TRY(names_of_persons(office, snapshot, permit, persons));
    for (std::size_t i = 0; i < lines.size(); ++i) lines[i].name = std::move(names[i]);
    return lines;
}

}  // namespace waymark::casework
