#pragma once
// One person's facts, parted into the dossier of each of their cases.
#include <optional>
#include <span>
#include <vector>

#include "procedure/procedure.hpp"
#include "record/entry.hpp"

namespace waymark::casework {

// Ids of the cases that these facts belong to, in the order of their first fact.
std::vector<CaseId> cases_of(std::span<const record::Fact>);

// When the case ended, as its effective entries tell it: the last that ends a case, unless a later one opened it again.
std::optional<Instant> closed_at(const procedure::Dossier&);

// Who leads the case, as the last effective entry tells it that opens, hands over or takes over a case; empty where
// none names anybody.
std::string led_by(const procedure::Dossier&);

// Between which days the person was born, as far as these identities tell together: where two agree in part, what both
// allow; where they contradict each other, all that either allows, since nobody has said which is right.
std::optional<procedure::Born> born_of(std::span<const record::Identity>);
std::optional<procedure::Born> born_of(const record::Identity&);
std::optional<procedure::Born> together(const std::optional<procedure::Born>&, const std::optional<procedure::Born>&);

// Puts the facts into the fold order and calls `visit(const procedure::Dossier&)` for each case. Facts are moved to and
// fro between `own` and `others` and never copied: a fold of a whole partnership does little else.
class Parted {
public:
    Parted(ViewId person, std::vector<record::Fact> facts, std::optional<procedure::Born> born);

    template <class Visit>
    void each_case(const Visit& visit) {
        for (const auto& id : cases_of(facts_)) {
            const auto& dossier = take_out(id);
            visit(dossier);
            put_back();
        }
    }
    // The dossier of one case; empty `own` where it has no entry.
    const procedure::Dossier& of(CaseId id) {
        put_back();
        return take_out(id);
    }
    [[nodiscard]] std::vector<CaseId> cases() {
        put_back();
        return cases_of(facts_);
    }

private:
    const procedure::Dossier& take_out(CaseId);
    void put_back();

    std::vector<record::Fact> facts_;
    std::vector<bool> own_;
    procedure::Dossier dossier_;
    bool out_ = false;
};

}  // namespace waymark::casework
