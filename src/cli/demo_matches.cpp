// Pairs of records for the demonstration's front door: one that is merely alike, one that was set aside and about which
// there is news, one that was decided, and one that was joined and parted again with something written meanwhile.
#include <fmt/format.h>

#include "casework/matches.hpp"
#include "cli/demo.hpp"

namespace waymark::cli {
namespace {

using Decision = people::Registry::Decision;

record::Asker practitioner(const casework::Office& office, std::string_view role) {
    for (const auto& one : office.profile.practitioners) {
        if (one.role == role) return {one.key, one.agency, one.role, "triage", "command", "demo", "local"};
    }
    return sharing::operator_asker("demo", "operation");
}

// A record as another agency's register has it.
record::Draft held_by(const casework::Office& office, std::string_view agency_type, record::Identity identity,
                      const std::string& id, Instant at) {
    record::Draft draft;
    draft.kind = "identity.recorded";
    draft.at = {at, false};
    draft.agency = agency_of_type(office.profile, agency_type);
    draft.author = "import";
    draft.id = "demo-match-" + id;
    identity.source = std::string(agency_type) + "-list";
    identity.id = id;
    identity.more = {};
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.identity = std::move(identity);
    draft.subjects.push_back(std::move(subject));
    return draft;
}

// The same child with a slip in the name, of a year of birth only and without a home: too little to join, too much to
// pass over.
record::Identity with_slips(record::Identity identity) {
    if (identity.given_name.size() > 3) std::swap(identity.given_name[1], identity.given_name[2]);
    identity.dob_accuracy = "UUA";
    identity.address.clear();
    identity.postcode.clear();
    identity.nhs_number.clear();
    identity.upn.clear();
    return identity;
}

record::Draft visit_to(const casework::Office& office, ViewId person, Instant at) {
    record::Draft draft;
    const auto worker = practitioner(office, "social-worker");
    draft.kind = "visit.made";
    draft.at = {at, false};
    draft.agency = worker.agency;
    draft.author = worker.practitioner;
    draft.id = "demo-visit-of-both";
    draft.body = {{"seen", true}, {"seen_alone", false}};
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = person;
    draft.subjects.push_back(std::move(subject));
    return draft;
}

// As two people agreed to it.
record::Draft parted(const record::Asker& first, const record::Asker& second, const store::ViewRow& a,
                     const store::ViewRow& b, Instant at) {
    const auto words = [](const store::ViewRow& view) {
        return json::object{{"agency", view.agency}, {"source", view.source}, {"id", view.source_id}};
    };
    record::Draft draft;
    draft.kind = "identity.decided";
    draft.at = {at, false};
    draft.agency = first.agency;
    draft.author = first.practitioner;
    draft.id = "demo-parted";
    draft.body = {{"decision", "not-same"},
                  {"reason", "The school’s record is of a cousin at the same address."},
                  {"approved_by", second.practitioner},
                  {"identities", json::array{words(a), words(b)}}};
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = b.view;
    draft.subjects.push_back(std::move(subject));
    return draft;
}

}  // namespace

Result<void> demonstration_matches(const casework::Office& office, const std::vector<DemoChild>& children, Instant now,
                                   const TakeDrafts& take) {
    const auto front = practitioner(office, "front-door");
    const auto manager = practitioner(office, "social-care-manager");
    const auto decide = [&](const record::Asker& who, const char* key, ViewId a, ViewId b, Decision decision,
                            const char* reason) -> Result<void> {
        TRY_VOID(casework::decide_match(office, who, {key, a, b, decision, reason}));
        return {};
    };
    const auto waiting = TRY(casework::matches_to_look_at(office, front, 0, 3));
    if (waiting.lines.size() >= 3) {
        const auto& aside = waiting.lines[1];
        const auto& apart = waiting.lines[2];
        TRY_VOID(decide(manager, "demo-aside", aside.a.view.view, aside.b.view.view, Decision::not_yet,
                        "The school is asked for the names of both."));
        TRY_VOID(take({held_by(office, "health", aside.a.identity, "R1", now)}));
        TRY_VOID(decide(front, "demo-apart", apart.a.view.view, apart.b.view.view, Decision::not_same,
                        "Two children: the school knows both."));
    }
    if (children.size() >= 8) {
        TRY_VOID(take({held_by(office, "police", with_slips(children[6].social_care), "R2", now)}));
        std::vector<store::ViewKey> keys;
        const auto& child = children[7];
        keys.push_back({agency_of_type(office.profile, "social-care"), child.social_care.source, child.social_care.id});
        keys.push_back({agency_of_type(office.profile, "education"), child.school.source, child.school.id});
        std::vector<std::optional<store::ViewRow>> rows;
        TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
            rows = snapshot.views_by_key(office.partnership, keys);
            return {};
        }));
        if (rows[0] && rows[1]) {
            TRY_VOID(take({visit_to(office, rows[0]->view, now)}));
            TRY_VOID(take({parted(front, manager, *rows[0], *rows[1], now)}));
        }
    }
    return {};
}

}  // namespace waymark::cli
