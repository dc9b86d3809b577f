#include "procedure/trace.hpp"

#include <algorithm>

namespace waymark::procedure {

namespace {

using record::Fact;

constexpr Instant before_all{-2'208'988'800'000'000};  // the year 1900
constexpr std::chrono::microseconds moment{1};

// As Known has it: a day without a time is known from the start of that local day.
Instant known_from(const Fact& fact, const Calendar& calendar) {
    const auto at =
        fact.at.date_only ? std::min(fact.at.instant, calendar.start_of(calendar.day_of(fact.at))) : fact.at.instant;
    return std::max(fact.recorded, at);
}

bool rests_on(const Cue& cue, EntryId entry) {
    return cue.entries.empty() ? !entry : std::find(cue.entries.begin(), cue.entries.end(), entry) != cue.entries.end();
}

}  // namespace

Trace::Folded::Folded(const Compiled& compiled, const Calendar& calendar, const Dossier& dossier, Instant now)
    : known(compiled, calendar, dossier, now), history(known), fold(compiled, calendar, known, history, dossier.born) {
    for (std::uint32_t i = 0; i < known.items().size(); ++i) {
        fold.take(i);
        tail.note(known.fact(i), known);
    }
}

Trace::Trace(const Procedure& procedure, const Calendar& calendar, const Dossier& dossier, Instant as_of,
             const std::vector<bool>& watched)
    : compiled_(*procedure.compiled_), calendar_(calendar), dossier_(dossier), as_of_(as_of) {
    for (std::uint32_t i = 0; i < watched.size(); ++i) {
        if (watched[i]) watched_.push_back(i);
    }
    folded_ = std::make_unique<Folded>(compiled_, calendar_, dossier_, before_all);
    const auto all = steps();
    for (std::size_t from = 0; from < all.size();) {
        auto to = from;
        while (to < all.size() && all[to].known_from == all[from].known_from) ++to;
        const auto now = all[from].known_from;
        take(all, from, to);
        find_owed(folded_->fold, now, now);
        look(now);
        pass(now, to < all.size() ? all[to].known_from - moment : as_of_);
        from = to;
    }
}

std::vector<Trace::Step> Trace::steps() const {
    std::vector<Step> all;
    all.reserve(dossier_.own.size() + dossier_.others.size());
    for (const auto* part : {&dossier_.own, &dossier_.others}) {
        for (const auto& fact : *part) {
            const auto known = known_from(fact, calendar_);
            if (known <= as_of_) all.push_back({known, &fact, part == &dossier_.own});
        }
    }
    std::sort(all.begin(), all.end(), [](const Step& a, const Step& b) {
        return a.known_from != b.known_from ? a.known_from < b.known_from : record::folds_before(*a.fact, *b.fact);
    });
    return all;
}

void Trace::take(const std::vector<Step>& all, std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i) {
        const auto& fact = *all[i].fact;
        if (!folded_->tail.takes(fact, folded_->known)) {
            folded_ = std::make_unique<Folded>(compiled_, calendar_, dossier_, all[i].known_from);
            looked_at_ = 0;
            return;
        }
        folded_->known.append(fact, compiled_.kind(fact.kind), all[i].own);
        const auto at = static_cast<std::uint32_t>(folded_->known.items().size() - 1);
        folded_->history.append(at);
        folded_->fold.take(at);
        folded_->tail.note(fact, folded_->known);
    }
}

// What time brings before the next entry is known.
void Trace::pass(Instant from, Instant to) {
    if (to <= from) return;
    if (folded_->fold.waits_until(to)) {
        auto later = folded_->fold;
        later.pass_to(to);
        const auto kept = looked_at_;
        find_owed(later, from, to);
        looked_at_ = kept;
    }
    if (calendar_.day_of(from) == calendar_.day_of(to)) return;
    for (const auto rule : watched_) {
        const auto& shape = compiled_.book->cues[rule];
        if (!shape.event.empty()) continue;  // it comes with an entry
        const auto expires = std::chrono::days(parameter(shape, "expires_days"));
        if (expires.count() > 0) {
            std::set<Instant> last_days;
            for (const auto& item : folded_->known.items()) {
                const auto last = end_of(calendar_.day_of(item.fact->at) + expires);
                if (last > from && last < to) last_days.insert(last);
            }
            for (const auto last : last_days) look_between(rule, from, last);
        }
        look_between(rule, from, to);
    }
}

void Trace::find_owed(const Fold& fold, Instant from, Instant to) {
    for (; looked_at_ < fold.owed().size(); ++looked_at_) {
        const auto& one = fold.owed()[looked_at_];
        const auto& rule = compiled_.book->rules[one.rule];
        if (!rule.deadline) continue;
        const auto id_of = [&](std::uint32_t at) { return at == Known::none ? EntryId{} : folded_->known.fact(at).id; };
        Owes owes;
        owes.rule = &rule;
        owes.raised_by = id_of(one.raised_by);
        owes.about = id_of(one.about);
        if (one.instance != Owed::whole_case) owes.instance = id_of(fold.opener_of(one.instance));
        const auto state = fold.state_of(one, to);
        if (!state && !one.ended && !one.withdrawn) continue;  // its event is not part of the case
        owes.first = std::clamp(one.from.instant, from, to);
        owes.due = *one.due;
        owes.due_day = one.due_day;
        if (known_owed_.insert({&rule, one.from.instant, owes.raised_by, owes.about, owes.instance}).second)
            owed_.push_back(owes);
    }
}

std::optional<Cue> Trace::cue(std::uint32_t rule, Instant at) const {
    const auto& f = *folded_;
    const auto today = calendar_.day_of(at);
    const auto look_at = [&](const Fold& fold) {
        Gathering gathering;
        if (compiled_.book->cues[rule].id == "not-all-agencies-met")
            gathering = gathering_of(compiled_, calendar_, f.known, fold, today);
        return cue_at({compiled_, calendar_, f.known, f.history, fold, gathering, at, today}, rule);
    };
    if (!f.fold.waits_until(at)) return look_at(f.fold);
    auto later = f.fold;
    later.pass_to(at);
    return look_at(later);
}

template <class Visit>
void Trace::each_new(std::uint32_t rule, Instant at, const Visit& visit) const {
    const auto found = cue(rule, at);
    if (!found) return;
    const auto one = [&](EntryId entry) {
        if (!known_shown_.contains({rule, entry})) visit(entry, *found);
    };
    if (found->entries.empty()) one({});
    for (const auto entry : found->entries) one(entry);
}

void Trace::look(Instant now) {
    for (const auto rule : watched_) {
        each_new(rule, now, [&](EntryId entry, const Cue& cue) {
            shown_.push_back({&compiled_.book->cues[rule], entry, now, cue.why});
            known_shown_.insert({rule, entry});
        });
    }
}

void Trace::look_between(std::uint32_t rule, Instant from, Instant to) {
    each_new(rule, to, [&](EntryId entry, const Cue&) {
        const auto first = first_shown(rule, entry, from, to);
        shown_.push_back({&compiled_.book->cues[rule], entry, first, cue(rule, first)->why});
        known_shown_.insert({rule, entry});
    });
}

Instant Trace::end_of(Date day) const {
    return calendar_.start_of(day + std::chrono::days{1}) - moment;
}

// The end of the first day on which it shows, or `to`. It does not show at `from` and does at `to`.
Instant Trace::first_shown(std::uint32_t rule, EntryId entry, Instant from, Instant to) const {
    const auto shows = [&](Date day) {
        const auto found = cue(rule, std::min(end_of(day), to));
        return found && rests_on(*found, entry);
    };
    auto low = calendar_.day_of(from);
    auto high = calendar_.day_of(to);
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if (shows(middle)) {
            high = middle;
        } else {
            low = middle + std::chrono::days{1};
        }
    }
    return std::min(end_of(low), to);
}

}  // namespace waymark::procedure
