// Earlier concerns: the heart of what must not be lost.
#include "procedure/history.hpp"

#include <algorithm>

namespace waymark::procedure {

namespace {

using record::Fact;
using record::Involvement;

constexpr record::Involvements about_the_child = static_cast<record::Involvements>(Involvement::subject) |
                                                 static_cast<record::Involvements>(Involvement::displayed) |
                                                 static_cast<record::Involvements>(Involvement::affected);

}  // namespace

History::History(const Known& known) : known_(&known) {
    const auto n = static_cast<std::uint32_t>(known.items().size());
    for (std::uint32_t i = 0; i < n; ++i) take_concern(i);
    for (std::uint32_t i = 0; i < n; ++i) take_rest(i);
}

void History::append(std::uint32_t at) {
    take_concern(at);
    take_rest(at);
}

void History::take_concern(std::uint32_t at) {
    const auto& item = known_->items()[at];
    const auto part = item.kind->part;
    if (part != Part::concern && part != Part::referral) return;
    const auto involvement = item.fact->involvement;
    auto& line = lines_.emplace_back();
    line.at = at;
    line.own = item.own;
    line.referral = part == Part::referral;
    line.about_child = involvement == 0 || (involvement & about_the_child) != 0;
}

void History::take_rest(std::uint32_t i) {
    const auto& fact = known_->fact(i);
    switch (known_->items()[i].kind->part) {
        case Part::triage:
            take_triage(i);
            break;
        case Part::classified:
            if (auto* line = mutable_line(known_->find(fact.about))) {
                line->classification = i;
            } else if (!fact.about) {
                // An import that does not say: the latest concern of the same case before it.
                for (auto at = lines_.rbegin(); at != lines_.rend(); ++at) {
                    if (at->at < i && known_->fact(at->at).case_id == fact.case_id) {
                        at->classification = i;
                        break;
                    }
                }
            }
            break;
        case Part::judged:
            if (auto* line = mutable_line(known_->find(fact.about))) line->judgements.push_back(i);
            break;
        default:
            break;
    }
}

void History::take_triage(std::uint32_t at) {
    const auto& fact = known_->fact(at);
    auto* line = mutable_line(known_->find(fact.about));
    if (line == nullptr && !fact.about) {
        // An import that does not say: the oldest concern of the same case that waits for a decision.
        while (undecided_from_ < lines_.size() && lines_[undecided_from_].first_triage != Known::none)
            ++undecided_from_;
        for (auto i = undecided_from_; i < lines_.size() && lines_[i].at < at; ++i) {
            if (lines_[i].first_triage == Known::none && known_->fact(lines_[i].at).case_id == fact.case_id) {
                line = &lines_[i];
                break;
            }
        }
    }
    if (line == nullptr) return;
    if (line->first_triage == Known::none) line->first_triage = at;
    line->latest_triage = at;
}

History::Line* History::mutable_line(std::uint32_t at) {
    const auto line =
        std::lower_bound(lines_.begin(), lines_.end(), at, [](const Line& l, std::uint32_t key) { return l.at < key; });
    return line != lines_.end() && line->at == at ? &*line : nullptr;
}

const History::Line* History::line_of(EntryId id) const {
    const auto find_line = [&](std::uint32_t at) -> const Line* {
        const auto line = std::lower_bound(lines_.begin(), lines_.end(), at,
                                           [](const Line& l, std::uint32_t key) { return l.at < key; });
        return line != lines_.end() && line->at == at ? &*line : nullptr;
    };
    const auto at = known_->find(id);
    if (at == Known::none) return nullptr;
    if (const auto* line = find_line(at)) return line;
    return find_line(known_->find(known_->fact(at).about));
}

const History::Line* History::decided_on(EntryId about, std::uint32_t before) const {
    if (about) return line_of(about);
    const Line* latest = nullptr;
    for (const auto& line : lines_) {
        if (line.at >= before) break;
        if (!line.own) continue;
        // The decision in hand may itself be the first one on the concern.
        if (line.first_triage == Known::none || line.first_triage >= before) return &line;
        latest = &line;
    }
    return latest;
}

bool History::is_earlier(const Line& earlier, const Line& in_hand, bool with_referrals) const {
    if (earlier.at >= in_hand.at || !earlier.about_child || (earlier.referral && !with_referrals)) return false;
    const auto& a = known_->fact(earlier.at);
    const auto& b = known_->fact(in_hand.at);
    return a.incident.empty() || a.incident != b.incident;
}

bool History::judged(const Line& earlier, const Fact& in_hand, When by) const {
    return std::any_of(earlier.judgements.begin(), earlier.judgements.end(), [&](std::uint32_t at) {
        const auto when = known_->fact(at).at;
        return not_after(in_hand.at, when) && not_after(when, by);
    });
}

std::vector<std::uint32_t> History::unjudged(const Line& in_hand, When decided, Instant on_record) const {
    std::vector<std::uint32_t> found;
    const auto& concern = known_->fact(in_hand.at);
    for (const auto& line : lines_) {
        if (line.at >= in_hand.at) break;
        if (!is_earlier(line, in_hand, false) || known_->fact(line.at).recorded > on_record) continue;
        if (!judged(line, concern, decided)) found.push_back(line.at);
    }
    return found;
}

std::vector<std::uint32_t> History::unjudged_of_case(When decided, Instant on_record, std::uint32_t before) const {
    // From the newest to the oldest: whoever is judged for the latest concern after it, of another incident, is judged
    // for all.
    std::vector<std::uint32_t> found;
    const Line* latest = nullptr;  // of the case
    const Line* other = nullptr;   // the latest of the case that is of another incident than `latest`
    for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
        if (line->at >= before) continue;
        const Line* in_hand = nullptr;
        for (const auto* candidate : {latest, other}) {
            if (candidate != nullptr && is_earlier(*line, *candidate, false)) {
                in_hand = candidate;
                break;
            }
        }
        if (in_hand != nullptr && known_->fact(line->at).recorded <= on_record &&
            !judged(*line, known_->fact(in_hand->at), decided)) {
            found.push_back(line->at);
        }
        if (!line->own || line->referral) continue;
        if (latest == nullptr) {
            latest = &*line;
        } else if (other == nullptr && (known_->fact(line->at).incident != known_->fact(latest->at).incident)) {
            other = &*line;
        }
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::string_view History::closed_as(const Line& line) const {
    if (line.latest_triage != Known::none) return string_or(known_->fact(line.latest_triage).fields, "outcome", "");
    if (line.referral && is_true(known_->fact(line.at).fields, "no_further_action")) return "no-further-action";
    return "";
}

bool History::undecided_in_time(const Line& line, const Calendar& calendar, const Rule* clock, Instant now) const {
    if (clock == nullptr || (line.referral && find(known_->fact(line.at).fields, "no_further_action") != nullptr))
        return false;
    const auto due = calendar.due(known_->fact(line.at).at, *clock->deadline);
    if (line.first_triage != Known::none) return known_->fact(line.first_triage).at.instant > due;
    return now > due;
}

bool History::closed_without_action(const Line& line, const Calendar* calendar, const Rule* clock, Instant now) const {
    const auto outcome = closed_as(line);
    if (outcome == "no-further-action" || outcome == "advice") return true;
    return calendar != nullptr && undecided_in_time(line, *calendar, clock, now);
}

}  // namespace waymark::procedure
