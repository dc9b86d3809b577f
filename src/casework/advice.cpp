// A worry talked through before it is a concern.
#include "casework/advice.hpp"

#include <algorithm>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view asked_kind = "advice.asked";
constexpr std::string_view given_kind = "advice.given";
constexpr std::string_view to_front_door = "front-door";
constexpr std::string_view to_own_lead = "own-lead";
constexpr std::size_t most_asked = 2'000;
constexpr int kept_days = 400;  // how far back the lists look

bool may_append(const Office& office, const record::Asker& asker, std::string_view kind) {
    return office.gate->ask(asker, record::Action::append, kind).has_value();
}
// The front door's side is whoever decides on concerns.
bool is_front_door(const Office& office, const record::Asker& asker) {
    return may_append(office, asker, "triage.decided");
}

bool answers(const Office& office, const record::Asker& asker, const store::EntryRow& asked, std::string_view to) {
    if (asked.author == asker.practitioner || !may_append(office, asker, given_kind)) return false;
    if (to == to_front_door) return is_front_door(office, asker);
    return asked.agency == asker.agency && !is_front_door(office, asker);
}

auto no_such_advice() {
    return fault(FaultKind::missing, "advice", "There is no such worry, or it was not put to you.",
                 "Choose one from the list.");
}

class Talk {
public:
    static Result<Talk> of(const Office& office, store::Snapshot& snapshot, const record::Asker& asker) {
        Talk talk(office, asker);
        const auto p = office.partnership;
        const auto since = office.clock.now() - std::chrono::hours(24 * kept_days);
        for (const auto& kept : snapshot.access_entries_of(p, given_kind, since, store::Want::whole, most_asked))
            talk.given_[kept.row.about].push_back(TRY(office.journal->open(kept)));
        for (auto& kept : snapshot.access_entries_of(p, asked_kind, since, store::Want::whole, most_asked))
            talk.asked_.push_back(TRY(office.journal->open(kept)));
        return talk;
    }

    [[nodiscard]] const std::vector<record::Entry>& asked() const { return asked_; }  // newest first
    [[nodiscard]] Advice advice(const record::Entry& entry) const {
        Advice one;
        one.entry = entry.row.entry;
        one.to = string_or(entry.body, "to", "");
        one.to_words = words_of_code(office_->catalogue.find(asked_kind), "to", one.to);
        one.text = string_or(entry.body, "text", "");
        one.by = practitioner_name(*office_, entry.row.author);
        one.agency = agency_name(*office_, entry.row.agency);
        one.at = entry.row.at.instant;
        one.mine = entry.row.author == asker_->practitioner;
        one.may_answer = answers(*office_, *asker_, entry.row, one.to);
        const auto found = given_.find(entry.row.entry);
        if (found == given_.end()) return one;
        for (auto given = found->second.rbegin(); given != found->second.rend(); ++given) {
            Advice::Given said;
            said.advice = string_or(given->body, "advice", "");
            said.words = words_of_code(office_->catalogue.find(given_kind), "advice", said.advice);
            said.text = string_or(given->body, "text", "");
            said.by = practitioner_name(*office_, given->row.author);
            said.at = given->row.at.instant;
            one.given.push_back(std::move(said));
        }
        return one;
    }

private:
    Talk(const Office& office, const record::Asker& asker) : office_(&office), asker_(&asker) {}
    const Office* office_;
    const record::Asker* asker_;
    std::vector<record::Entry> asked_;
    std::unordered_map<EntryId, std::vector<record::Entry>> given_;  // newest first
};

void note_shown(Seen& seen, const Advice& one) {
    seen.add("", ViewId{}, CaseId{}, {{one.entry, record::Depth::full}});
}

}  // namespace

bool gives_advice(const Office& office, const record::Asker& asker) {
    return may_append(office, asker, given_kind);
}

std::vector<std::string> advisers_for(const Office& office, const record::Asker& asker) {
    std::vector<std::string> out;
    if (!may_append(office, asker, asked_kind)) return out;
    out.emplace_back(to_front_door);
    const bool lead =
        std::any_of(office.profile.practitioners.begin(), office.profile.practitioners.end(), [&](const auto& one) {
            if (one.agency != asker.agency || one.key == asker.practitioner) return false;
            auto other = asker;
            other.practitioner = one.key;
            other.role = one.role;
            other.purpose = office.gate->policy().default_purpose(one.role);
            return may_append(office, other, given_kind) && !is_front_door(office, other);
        });
    if (lead) out.emplace_back(to_own_lead);
    return out;
}

Result<EntryId> ask_advice(const Office& office, const record::Asker& asker, const AskAdvice& request) {
    const auto permit = TRY(permit_for(office, asker, record::Action::append, asked_kind));
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.text, "text", "Say what you are worried about."));
    const auto offered = advisers_for(office, asker);
    if (std::find(offered.begin(), offered.end(), request.to) == offered.end())
        return invalid("to", "Nobody answers there.", "Choose who you want to talk it through with.");
    return write_as<EntryId>(office, permit, asked_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, asked_kind, request.key);
        draft.body = {{"to", request.to}, {"text", request.text}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<EntryId> give_advice(const Office& office, const record::Asker& asker, const GiveAdvice& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.text, "text", "Say what you advise."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, given_kind));
    return write_as<EntryId>(office, permit, given_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto kept = tx.entries(office.partnership, std::vector{request.entry}, store::Want::whole).front();
        if (!kept || kept->row.kind != asked_kind) return no_such_advice();
        const auto asked = TRY(office.journal->open(*kept));
        if (!answers(office, asker, asked.row, string_or(asked.body, "to", ""))) return no_such_advice();
        auto draft = draft_by(office, asker, given_kind, request.key);
        draft.body = {{"advice", request.advice}, {"text", request.text}};
        draft.about = to_string(request.entry);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<std::vector<Advice>> my_advice(const Office& office, const record::Asker& asker, std::size_t limit) {
    using Found = std::vector<Advice>;
    const auto permit = TRY(permit_for(office, asker, record::Action::append, asked_kind));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        seen.as("read");
        const auto talk = TRY(Talk::of(office, snapshot, asker));
        Found found;
        for (const auto& entry : talk.asked()) {
            if (entry.row.author != asker.practitioner || found.size() == limit) continue;
            found.push_back(talk.advice(entry));
            note_shown(seen, found.back());
        }
        return found;
    });
}

Result<std::vector<Advice>> advice_inbox(const Office& office, const record::Asker& asker, std::size_t limit) {
    using Found = std::vector<Advice>;
    const auto permit = TRY(permit_for(office, asker, record::Action::append, given_kind));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        seen.as("read");
        const auto talk = TRY(Talk::of(office, snapshot, asker));
        Found found;
        for (const auto& entry : talk.asked()) {
            auto one = talk.advice(entry);
            if (one.may_answer) found.push_back(std::move(one));
        }
        std::stable_sort(found.begin(), found.end(), [](const Advice& a, const Advice& b) {
            if (a.given.empty() != b.given.empty()) return a.given.empty();
            return a.given.empty() ? a.at < b.at : a.at > b.at;
        });
        if (found.size() > limit) found.resize(limit);
        for (const auto& one : found) note_shown(seen, one);
        return found;
    });
}

Result<Advice> advice_page(const Office& office, const record::Asker& asker, EntryId entry) {
    const bool asks = may_append(office, asker, asked_kind);
    const auto permit = TRY(permit_for(office, asker, record::Action::append, asks ? asked_kind : given_kind));
    return read_as<Advice>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Advice> {
        seen.as("read");
        const auto talk = TRY(Talk::of(office, snapshot, asker));
        for (const auto& one : talk.asked()) {
            if (one.row.entry != entry) continue;
            auto found = talk.advice(one);
            if (!found.mine && !found.may_answer) break;
            note_shown(seen, found);
            return found;
        }
        return no_such_advice();
    });
}

}  // namespace waymark::casework
