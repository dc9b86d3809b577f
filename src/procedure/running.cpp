// A case kept folded.
#include <deque>
#include <unordered_set>

#include "procedure/view.hpp"

namespace waymark::procedure {

namespace {

using record::Fact;

constexpr std::int64_t micros_per_day = 86'400'000'000;

std::int64_t utc_day(const Fact& fact) {
    const auto t = fact.at.instant.micros;
    return t / micros_per_day - (t % micros_per_day < 0 ? 1 : 0);
}

}  // namespace

struct Running::Kept {
    struct Folded {
        Folded(const Kept& kept)
            : known(*kept.compiled, kept.own, kept.others),
              history(known),
              fold(*kept.compiled, *kept.calendar, known, history, kept.born) {
            for (std::uint32_t i = 0; i < known.items().size(); ++i) fold.take(i);
        }
        Folded(const Folded&) = delete;
        Folded& operator=(const Folded&) = delete;
        Known known;
        History history;
        Fold fold;
    };

    Kept(const Compiled& c, const Calendar& at, Dossier dossier)
        : compiled(&c), calendar(&at), case_id(dossier.case_id), person(dossier.person), born(dossier.born) {
        for (auto& fact : dossier.own) own.push_back(std::move(fact));
        for (auto& fact : dossier.others) others.push_back(std::move(fact));
        fold_afresh();
    }

    void fold_afresh() {
        folded = std::make_unique<Folded>(*this);
        ++times;
        last = nullptr;
        last_day_is_vague = false;
        unanswered.clear();
        known_by = Instant{INT64_MIN};
        for (const auto* part : {&own, &others}) {
            for (const auto& fact : *part) known_by = std::max({known_by, fact.recorded, fact.at.instant});
        }
        for (const auto& item : folded->known.items()) note(*item.fact);
    }
    // What decides whether a later entry may simply be added.
    void note(const Fact& fact) {
        if (fact.about && folded->known.find(fact.about) == Known::none) unanswered.insert(fact.about);
        if (last == nullptr || utc_day(fact) > utc_day(*last)) last_day_is_vague = false;
        if (last == nullptr || record::folds_before(*last, fact)) last = &fact;
        if (utc_day(fact) == utc_day(*last)) last_day_is_vague = last_day_is_vague || fact.at.date_only;
    }
    [[nodiscard]] bool comes_last(const Fact& fact) const {
        if (fact.supersedes || unanswered.contains(fact.id) || folded->known.is_superseded(fact.id)) return false;
        if (last == nullptr) return true;
        // Where a day without a time is among them, the order within that day is not the order in which they came.
        if (utc_day(fact) == utc_day(*last) && (last_day_is_vague || fact.at.date_only)) return false;
        return record::folds_before(*last, fact);
    }
    void append(Fact fact, bool is_own) {
        auto& part = is_own ? own : others;
        part.push_back(std::move(fact));
        const auto& kept = part.back();
        if (!comes_last(kept)) {
            fold_afresh();
            return;
        }
        known_by = std::max({known_by, kept.recorded, kept.at.instant});
        folded->known.append(kept, compiled->kind(kept.kind), is_own);
        const auto at = static_cast<std::uint32_t>(folded->known.items().size() - 1);
        folded->history.append(at);
        folded->fold.take(at);
        note(kept);
    }
    [[nodiscard]] Standing show(const Fold& fold, Instant now) const {
        return standing_of({*compiled, *calendar, folded->known, folded->history, fold, now}, case_id, person);
    }

    const Compiled* compiled;
    const Calendar* calendar;
    CaseId case_id;
    ViewId person;
    std::optional<Born> born;
    std::deque<Fact> own;  // whose addresses stay
    std::deque<Fact> others;
    std::unique_ptr<Folded> folded;
    const Fact* last = nullptr;  // in the fold order
    bool last_day_is_vague = false;
    std::unordered_set<EntryId> unanswered;  // what is spoken of and not there
    Instant known_by;                        // all of it, from then on
    std::size_t times = 0;
};

Running::Running(const Procedure& procedure, const Calendar& calendar, Dossier dossier)
    : kept_(std::make_unique<Kept>(*procedure.compiled_, calendar, std::move(dossier))) {}
Running::~Running() = default;
Running::Running(Running&&) noexcept = default;
Running& Running::operator=(Running&&) noexcept = default;

void Running::append(Fact fact, bool own) {
    kept_->append(std::move(fact), own);
}

std::size_t Running::folded_afresh() const {
    return kept_->times;
}

Standing Running::standing(Instant now) const {
    const auto& kept = *kept_;
    if (now < kept.known_by) {
        // Not all of it was known then.
        Dossier dossier;
        dossier.case_id = kept.case_id;
        dossier.person = kept.person;
        dossier.born = kept.born;
        dossier.own.assign(kept.own.begin(), kept.own.end());
        dossier.others.assign(kept.others.begin(), kept.others.end());
        return procedure::standing(*kept.compiled->book, *kept.calendar, dossier, now);
    }
    if (!kept.folded->fold.waits_until(now)) return kept.show(kept.folded->fold, now);
    auto later = kept.folded->fold;
    later.pass_to(now);
    return kept.show(later, now);
}

}  // namespace waymark::procedure
