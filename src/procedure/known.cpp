// Leaves out what was not known or does not count, and puts the rest in order.
#include "procedure/known.hpp"

#include <algorithm>
#include <cstring>

namespace waymark::procedure {

namespace {

using record::Fact;

constexpr std::int64_t micros_per_day = 86'400'000'000;

std::int64_t utc_day(Instant t) {
    return t.micros / micros_per_day - (t.micros % micros_per_day < 0 ? 1 : 0);
}

std::size_t slot_of(EntryId id, std::size_t mask) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, id.value.octets.data(), 8);
    std::memcpy(&low, id.value.octets.data() + 8, 8);
    const std::uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15ULL)) * 0xbf58476d1ce4e5b9ULL;
    return static_cast<std::size_t>(mixed >> 20) & mask;
}

bool by_fold_order(const Known::Item& a, const Known::Item& b) {
    return record::folds_before(*a.fact, *b.fact);
}

}  // namespace

bool not_after(When a, When b) {
    if (a.date_only || b.date_only) return utc_day(a.instant) <= utc_day(b.instant);
    return a.instant <= b.instant;
}

Known::Known(const Compiled& compiled, const Calendar& calendar, const Dossier& dossier, Instant now) {
    // A day without a time is known from the start of that local day.
    const Instant today{calendar.day_of(now).time_since_epoch().count() * micros_per_day};
    gather(compiled, dossier.own, dossier.others, [&](const Fact& fact) {
        return fact.recorded <= now && fact.at.instant <= (fact.at.date_only ? std::max(today, now) : now);
    });
}

Known::Known(const Compiled& compiled, const std::deque<Fact>& own, const std::deque<Fact>& others) {
    gather(compiled, own, others, [](const Fact&) { return true; });
}

template <class Facts, class IsKnown>
void Known::gather(const Compiled& compiled, const Facts& own, const Facts& others, const IsKnown& known) {
    for (const auto* part : {&own, &others}) {
        for (const auto& fact : *part) {
            if (fact.supersedes && known(fact)) superseded_.emplace_back(fact.supersedes, fact.id);
        }
    }
    if (!superseded_.empty()) std::sort(superseded_.begin(), superseded_.end());
    items_.reserve(own.size() + others.size());
    for (const auto& fact : own) {
        if (known(fact) && !is_superseded(fact.id)) items_.push_back({&fact, &compiled.kind(fact.kind), true});
    }
    const auto middle = static_cast<std::ptrdiff_t>(items_.size());
    for (const auto& fact : others) {
        if (known(fact) && !is_superseded(fact.id)) items_.push_back({&fact, &compiled.kind(fact.kind), false});
    }
    if (!std::is_sorted(items_.begin(), items_.begin() + middle, by_fold_order)) {
        std::sort(items_.begin(), items_.begin() + middle, by_fold_order);
    }
    if (!std::is_sorted(items_.begin() + middle, items_.end(), by_fold_order)) {
        std::sort(items_.begin() + middle, items_.end(), by_fold_order);
    }
    std::inplace_merge(items_.begin(), items_.begin() + middle, items_.end(), by_fold_order);
    index();
    place_after_what_they_are_about();
}

bool Known::is_superseded(EntryId id) const {
    if (superseded_.empty()) return false;
    const auto at = std::lower_bound(superseded_.begin(), superseded_.end(), std::pair{id, EntryId{}});
    return at != superseded_.end() && at->first == id;
}

void Known::append(const Fact& fact, const KindInfo& kind, bool own) {
    items_.push_back({&fact, &kind, own});
    if (items_.size() * 2 > slots_.size()) {
        index();
    } else {
        insert(static_cast<std::uint32_t>(items_.size() - 1));
    }
}

void Known::index() {
    std::size_t size = 16;
    while (size < items_.size() * 2) size *= 2;
    slots_.assign(size, none);
    for (std::uint32_t i = 0; i < items_.size(); ++i) insert(i);
}

void Known::insert(std::uint32_t at) {
    auto slot = slot_of(items_[at].fact->id, slots_.size() - 1);
    while (slots_[slot] != none) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = at;
}

// The entry after which this one is placed, or `none` where it may stay.
std::uint32_t Known::follows(std::uint32_t at) const {
    const auto& item = items_[at];
    if (!item.fact->at.date_only) return none;
    const auto same_day = [&](std::uint32_t other) {
        return utc_day(items_[other].fact->at.instant) == utc_day(item.fact->at.instant);
    };
    if (item.fact->about) {
        const auto target = find(item.fact->about);
        return target != none && target > at && same_day(target) ? target : none;
    }
    // An answer that does not say to what: to a concern of that day, rather than to none.
    if (!item.kind->answers) return none;
    auto target = none;
    for (auto i = at + 1; i < items_.size() && same_day(i); ++i) {
        const auto part = items_[i].kind->part;
        if ((part == Part::concern || part == Part::referral) && items_[i].fact->case_id == item.fact->case_id)
            target = i;
    }
    return target;
}

void Known::place_after_what_they_are_about() {
    std::vector<std::vector<std::uint32_t>> waiting;  // by target; empty while nothing has to move
    std::vector<bool> moves;
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
        const auto target = follows(i);
        if (target == none) continue;
        if (waiting.empty()) {
            waiting.resize(items_.size());
            moves.resize(items_.size());
        }
        waiting[target].push_back(i);
        moves[i] = true;
    }
    if (waiting.empty()) return;
    std::vector<Item> ordered;
    ordered.reserve(items_.size());
    std::vector<std::uint32_t> stack;
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
        if (moves[i]) continue;  // it comes with its target, which is later
        stack.assign(1, i);
        while (!stack.empty()) {
            const auto next = stack.back();
            stack.pop_back();
            ordered.push_back(items_[next]);
            stack.insert(stack.end(), waiting[next].rbegin(), waiting[next].rend());
        }
    }
    items_ = std::move(ordered);
    index();
}

EntryId Known::standing_for(EntryId id) const {
    // Bounded: a ring of corrections (refused at the door) must not hang a fold.
    for (std::size_t steps = 0; steps <= superseded_.size(); ++steps) {
        const auto after = std::upper_bound(superseded_.begin(), superseded_.end(), id,
                                            [](EntryId key, const auto& pair) { return key < pair.first; });
        if (after == superseded_.begin() || std::prev(after)->first != id) return id;
        id = std::prev(after)->second;
    }
    return id;
}

std::uint32_t Known::find(EntryId id) const {
    if (id.is_nil()) return none;
    if (!superseded_.empty()) id = standing_for(id);
    for (auto slot = slot_of(id, slots_.size() - 1); slots_[slot] != none; slot = (slot + 1) & (slots_.size() - 1)) {
        if (items_[slots_[slot]].fact->id == id) return slots_[slot];
    }
    return none;
}

}  // namespace waymark::procedure
