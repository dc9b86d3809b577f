// Facts are moved between the dossiers of a person's cases, never copied.
#include "casework/dossiers.hpp"

#include <algorithm>
#include <unordered_set>

namespace waymark::casework {

std::vector<CaseId> cases_of(std::span<const record::Fact> facts) {
    std::vector<CaseId> found;
    for (const auto& fact : facts) {
        if (!fact.case_id || (!found.empty() && found.back() == fact.case_id)) continue;
        if (std::find(found.begin(), found.end(), fact.case_id) == found.end()) found.push_back(fact.case_id);
    }
    return found;
}

namespace {

std::unordered_set<EntryId> corrected_in(const procedure::Dossier& dossier) {
    std::unordered_set<EntryId> superseded;
    for (const auto* facts : {&dossier.own, &dossier.others}) {
        for (const auto& fact : *facts) {
            if (fact.supersedes) superseded.insert(fact.supersedes);
        }
    }
    return superseded;
}

}  // namespace

std::string led_by(const procedure::Dossier& dossier) {
    const auto leads = [](const record::Fact& fact) {
        return fact.kind == "case.opened" || fact.kind == "case.transferred" || fact.kind == "transfer.received";
    };
    if (std::none_of(dossier.own.begin(), dossier.own.end(), leads)) return {};
    const auto superseded = corrected_in(dossier);
    std::string lead;
    for (const auto& fact : dossier.own) {
        if (leads(fact) && !superseded.contains(fact.id)) lead = string_or(fact.fields, "lead", "");
    }
    return lead;
}

std::optional<Instant> closed_at(const procedure::Dossier& dossier) {
    const auto superseded = corrected_in(dossier);
    std::optional<Instant> closed;
    for (const auto& fact : dossier.own) {
        if (superseded.contains(fact.id)) continue;
        if (record::ends_case(fact.kind, fact.fields)) {
            closed = fact.at.instant;
        } else if (fact.kind == "concern.raised" || fact.kind == "referral.received" || fact.kind == "case.opened") {
            closed.reset();
        }
    }
    return closed;
}

std::optional<procedure::Born> born_of(const record::Identity& identity) {
    if (identity.date_of_birth) return procedure::born_on(*identity.date_of_birth, identity.dob_accuracy);
    if (identity.expected_date_of_birth) return procedure::born_on(*identity.expected_date_of_birth, "EEA");
    return std::nullopt;
}

std::optional<procedure::Born> together(const std::optional<procedure::Born>& a,
                                        const std::optional<procedure::Born>& b) {
    if (!a || !b) return a ? a : b;
    const auto later = std::max(a->earliest, b->earliest);
    const auto sooner = std::min(a->latest, b->latest);
    if (later <= sooner) return procedure::Born{later, sooner};
    return procedure::Born{std::min(a->earliest, b->earliest), std::max(a->latest, b->latest)};
}

std::optional<procedure::Born> born_of(std::span<const record::Identity> identities) {
    std::optional<procedure::Born> born;
    for (const auto& identity : identities) born = together(born, born_of(identity));
    return born;
}

Parted::Parted(ViewId person, std::vector<record::Fact> facts, std::optional<procedure::Born> born)
    : facts_(std::move(facts)) {
    dossier_.born = born;
    if (!std::is_sorted(facts_.begin(), facts_.end(), record::folds_before)) {
        std::sort(facts_.begin(), facts_.end(), record::folds_before);
    }
    dossier_.person = person;
}

const procedure::Dossier& Parted::take_out(CaseId id) {
    own_.assign(facts_.size(), false);
    dossier_.case_id = id;
    dossier_.own.clear();
    dossier_.others.clear();
    for (std::size_t i = 0; i < facts_.size(); ++i) {
        own_[i] = facts_[i].case_id == id;
        (own_[i] ? dossier_.own : dossier_.others).push_back(std::move(facts_[i]));
    }
    out_ = true;
    return dossier_;
}

void Parted::put_back() {
    if (!out_) return;
    auto own = dossier_.own.begin();
    auto others = dossier_.others.begin();
    for (std::size_t i = 0; i < facts_.size(); ++i) facts_[i] = std::move(own_[i] ? *own++ : *others++);
    out_ = false;
}

}  // namespace waymark::casework
