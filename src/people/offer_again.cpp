// A person's decision stands until a person changes it. But whoever decided "two people" or "cannot be told yet" knew
// what was known then: when the records say something else, the pair is offered again beside the decision.
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "people/links.hpp"

namespace waymark::people {

namespace {

// log2 of the odds: the evidence has become eight times stronger or weaker.
constexpr double clear_margin = 3;

bool stands_undisturbed(const store::LinkRow& row) {
    if (!row.decided_by || row.weight != 0) return false;
    return row.state == store::LinkState::review || row.state == store::LinkState::not_same;
}

// What a batch changed: views written anew, and views that have joined a person.
struct News {
    std::unordered_set<ViewId> rewritten;
    std::unordered_map<ViewId, std::vector<ViewId>> joined;  // by person
    std::unordered_map<ViewId, ViewId> person;               // of the members of those persons
    std::vector<ViewId> ask;                                 // whose links are looked at
};

News news_of(store::Transaction& tx, store::Partnership p, std::span<const Resolved> resolved) {
    News news;
    std::unordered_set<ViewId> brought;
    std::vector<ViewId> persons;
    for (const auto& one : resolved) {
        if (one.version == 0) continue;
        if (one.is_new) brought.insert(one.view);
        if (!one.is_new && news.rewritten.insert(one.view).second) news.ask.push_back(one.view);
        if (one.linked.empty()) continue;
        auto& views = news.joined[one.person];
        if (views.empty()) persons.push_back(one.person);
        views.push_back(one.view);
    }
    if (!persons.empty()) {
        for (const auto& row : tx.views_of_persons(p, persons)) {
            news.person[row.view] = row.person;
            // Nobody can have decided on what this batch brings.
            if (!brought.contains(row.view) && !news.rewritten.contains(row.view)) news.ask.push_back(row.view);
        }
    }
    return news;
}

class Weighing {
public:
    Weighing(const record::Journal& journal, const Comparer& comparer, const Model& model, store::Transaction& tx,
             store::Partnership p)
        : journal_(journal), comparer_(comparer), model_(model), tx_(tx), p_(p) {}

    Result<Comparison> compare(ViewId a, ViewId b) {
        const auto x = TRY(who(a));
        const auto y = TRY(who(b));
        return comparer_.compare(*x, *y);
    }
    [[nodiscard]] Outcome outcome(const Comparison& comparison) const { return decide(comparison, model_); }

private:
    Result<const Ready*> who(ViewId view) {
        const auto found = known_.find(view);
        if (found != known_.end()) return &found->second;
        const auto row = tx_.views(p_, std::span(&view, 1)).front();
        if (!row) return fault(FaultKind::missing, "view", "There is no such view", "Choose a view of the record");
        const auto features = TRY(features_of(journal_, tx_, p_, std::span(&*row, 1)));
        return &known_.emplace(view, comparer_.ready(features.front())).first->second;
    }
    const record::Journal& journal_;
    const Comparer& comparer_;
    const Model& model_;
    store::Transaction& tx_;
    const store::Partnership p_;
    std::unordered_map<ViewId, Ready> known_;
};

}  // namespace

Result<std::size_t> Registry::offer_again(store::Transaction& tx, store::Partnership p,
                                          std::span<const Resolved> resolved, Instant now) const {
    const auto news = news_of(tx, p, resolved);
    if (news.ask.empty()) return std::size_t{0};
    Weighing weighing(journal_, comparer_, *model_, tx, p);

    const auto rewritten_says_more = [&](const store::LinkRow& row, const Comparison& fresh) -> Result<bool> {
        if (!news.rewritten.contains(row.a) && !news.rewritten.contains(row.b)) return false;
        const auto then = TRY(open_evidence(journal_, row));
        return weighing.outcome(fresh) != weighing.outcome(then) || fresh.contradicted != then.contradicted ||
               std::abs(fresh.weight - then.weight) >= clear_margin;
    };
    // A view that has joined one side says something of the other: for what could not be told, always; for what was
    // found to be two, where it may be the other as well.
    const auto joined_says_more = [&](const store::LinkRow& row) -> Result<bool> {
        for (const auto& [end, other] : {std::pair(row.a, row.b), std::pair(row.b, row.a)}) {
            const auto person = news.person.find(end);
            if (person == news.person.end()) continue;
            const auto joined = news.joined.find(person->second);
            if (joined == news.joined.end()) continue;
            for (const auto view : joined->second) {
                if (view == end || view == other) continue;
                if (row.state == store::LinkState::review) return true;
                if (weighing.outcome(TRY(weighing.compare(view, other))) != Outcome::not_linked) return true;
            }
        }
        return false;
    };

    std::vector<store::LinkRow> again;
    for (const auto& row : tx.links_of(p, news.ask)) {
        if (!stands_undisturbed(row)) continue;
        const auto seen =
            std::any_of(again.begin(), again.end(), [&](const auto& one) { return one.a == row.a && one.b == row.b; });
        if (seen) continue;  // found from both its ends
        const auto fresh = TRY(weighing.compare(row.a, row.b));
        if (!TRY(rewritten_says_more(row, fresh)) && !TRY(joined_says_more(row))) continue;
        auto open = link_row(journal_, row.a, row.b, row.state, fresh, now);
        open.weight = open_weight(fresh.weight);
        open.decided_by = row.decided_by;
        again.push_back(std::move(open));
    }
    tx.put_links(p, again);
    return again.size();
}

}  // namespace waymark::people
