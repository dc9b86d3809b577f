// A case kept folded.
#include <deque>

#include "procedure/tail.hpp"
#include "procedure/view.hpp"

namespace waymark::procedure {

namespace {

using record::Fact;

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
        tail = Tail{};
        known_by = Instant{INT64_MIN};
        for (const auto* part : {&own, &others}) {
            for (const auto& fact : *part) known_by = std::max({known_by, fact.recorded, fact.at.instant});
        }
        for (const auto& item : folded->known.items()) tail.note(*item.fact, folded->known);
    }
    void append(Fact fact, bool is_own) {
        auto& part = is_own ? own : others;
        part.push_back(std::move(fact));
        const auto& kept = part.back();
        if (!tail.takes(kept, folded->known)) {
            fold_afresh();
            return;
        }
        known_by = std::max({known_by, kept.recorded, kept.at.instant});
        folded->known.append(kept, compiled->kind(kept.kind), is_own);
        const auto at = static_cast<std::uint32_t>(folded->known.items().size() - 1);
        folded->history.append(at);
        folded->fold.take(at);
        tail.note(kept, folded->known);
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
    Tail tail;
    Instant known_by;  // all of it, from then on
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
