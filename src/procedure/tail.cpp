// Where a day without a time is among them, the order within that day is not the order in which the entries came.
#include "procedure/tail.hpp"

namespace waymark::procedure {

namespace {

constexpr std::int64_t micros_per_day = 86'400'000'000;

std::int64_t utc_day(const record::Fact& fact) {
    const auto t = fact.at.instant.micros;
    return t / micros_per_day - (t % micros_per_day < 0 ? 1 : 0);
}

}  // namespace

void Tail::note(const record::Fact& fact, const Known& known) {
    if (fact.about && known.find(fact.about) == Known::none) unanswered_.insert(fact.about);
    if (last_ == nullptr || utc_day(fact) > utc_day(*last_)) last_day_is_vague_ = false;
    if (last_ == nullptr || record::folds_before(*last_, fact)) last_ = &fact;
    if (utc_day(fact) == utc_day(*last_)) last_day_is_vague_ = last_day_is_vague_ || fact.at.date_only;
}

bool Tail::takes(const record::Fact& fact, const Known& known) const {
    if (fact.supersedes || unanswered_.contains(fact.id) || known.is_superseded(fact.id)) return false;
    if (last_ == nullptr) return true;
    if (utc_day(fact) == utc_day(*last_) && (last_day_is_vague_ || fact.at.date_only)) return false;
    return record::folds_before(*last_, fact);
}

}  // namespace waymark::procedure
