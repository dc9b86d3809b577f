// The list of pairs that wait for a person, the page of one pair, and the decisions on it.
#include "casework/matches.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/agreed.hpp"
#include "casework/child.hpp"
#include "casework/pairs.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_a_page = 100;
constexpr std::size_t most_waiting = 2'000;  // pairs that are looked through at once

std::string_view word_of(people::Registry::Decision decision) {
    switch (decision) {
        case people::Registry::Decision::same:
            return "same";
        case people::Registry::Decision::not_same:
            return "not-same";
        case people::Registry::Decision::not_yet:
            break;
    }
    return "not-yet";
}

// The entry lies in the record of the view that became known later, with what the engine had found at that moment.
record::Draft decision_on(const Office& office, const record::Asker& asker, const std::string& key, const Pair& pair,
                          std::string_view decision, const std::string& reason, const people::Comparison& evidence) {
    auto draft = draft_by(office, asker, "identity.decided", key);
    draft.body = {{"decision", decision},
                  {"reason", reason},
                  {"identities", json::array{words_for(pair.a), words_for(pair.b)}},
                  {"weight", std::round(evidence.weight * 100) / 100},
                  {"evidence", evidence_json(evidence)}};
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = pair.b.view;
    draft.subjects.push_back(std::move(subject));
    return draft;
}

using Decision = people::Registry::Decision;

json::object exact_of(const Pair& pair, std::string_view decision, std::optional<EntryId> supersedes) {
    json::object exact{{"a", to_string(pair.a.view)}, {"b", to_string(pair.b.view)}, {"decision", decision}};
    if (supersedes) exact.emplace("supersedes", to_string(*supersedes));
    return exact;
}

bool is_of_pair(const two_persons::Pending& one, ViewId a, ViewId b) {
    if (one.act != two_persons::Act::join && one.act != two_persons::Act::part) return false;
    const auto first = string_or(one.exact, "a", "");
    const auto second = string_or(one.exact, "b", "");
    const auto x = to_string(a);
    const auto y = to_string(b);
    return (first == x && second == y) || (first == y && second == x);
}

Result<std::optional<two_persons::Pending>> waiting_on(const Office& office, store::Snapshot& snapshot, ViewId a,
                                                       ViewId b) {
    for (auto& one : TRY(two_persons::all(office, snapshot, true))) {
        if (is_of_pair(one, a, b)) return std::optional(std::move(one));
    }
    return std::optional<two_persons::Pending>{};
}

bool weighs_more(const people::Evidence& x, const people::Evidence& y) {
    return std::abs(x.weight) > std::abs(y.weight);
}

}  // namespace

Result<MatchList> matches_to_look_at(const Office& office, const record::Asker& asker, std::size_t from,
                                     std::size_t limit) {
    TRY_VOID(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    limit = std::min(limit, most_a_page);
    return read_as<MatchList>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<MatchList> {
        const auto p = office.partnership;
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto links = people::Registry::offered(snapshot, p, most_waiting);
        MatchList list;
        list.more = links.size() >= most_waiting;
        std::vector<ViewId> ids;
        for (const auto& link : links) {
            ids.push_back(link.a);
            ids.push_back(link.b);
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        std::unordered_map<ViewId, store::ViewRow> views;
        for (auto& view : snapshot.views(p, ids)) {
            if (view && (!permit.own_views_only() || view->agency == permit.asker().agency) &&
                knowing.may(view->person))
                views.emplace(view->view, std::move(*view));
        }
        const auto former = TRY(office.registry->former_persons(snapshot, p));
        // A pair that is one person by other links needs nobody; one that the asker may not know of leaves no trace.
        std::erase_if(links, [&](const store::LinkRow& link) {
            const auto a = views.find(link.a);
            const auto b = views.find(link.b);
            return a == views.end() || b == views.end() || a->second.person == b->second.person ||
                   former.contains(a->second.person) != former.contains(b->second.person);
        });
        list.total = links.size();
        const auto asked = TRY(two_persons::all(office, snapshot, true));
        for (std::size_t i = from; i < links.size() && list.lines.size() < limit; ++i) {
            const auto pair = TRY(pair_of(office, snapshot, permit, links[i].a, links[i].b));
            MatchLine line;
            line.a = TRY(side_of(office, snapshot, permit, pair.a));
            line.b = TRY(side_of(office, snapshot, permit, pair.b));
            line.offered = links[i].when;
            for (const auto& one : asked) {
                if (is_of_pair(one, pair.a.view, pair.b.view)) line.waiting_for = one.name;
            }
            line.comparison = TRY(compare_now(office, snapshot, pair));
            std::stable_sort(line.comparison.evidence.begin(), line.comparison.evidence.end(), weighs_more);
            if (links[i].decided_by) {
                for (auto& past : TRY(decisions_between(office, snapshot, permit, pair))) {
                    if (!past.of_this_pair || past.by_engine || past.takes_back) continue;
                    line.decided = std::move(past);
                    break;
                }
            }
            seen.add(pair.a_by, pair.a.view, {}, {}, fields_of(std::span(&line.a.identity, 1)));
            seen.add(pair.b_by, pair.b.view, {}, {}, fields_of(std::span(&line.b.identity, 1)));
            list.lines.push_back(std::move(line));
        }
        return list;
    });
}

Result<MatchPage> match_page(const Office& office, const record::Asker& asker, ViewId a, ViewId b) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<MatchPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<MatchPage> {
        const auto pair = TRY(pair_of(office, snapshot, permit, a, b));
        MatchPage page;
        page.a = TRY(side_of(office, snapshot, permit, pair.a));
        page.b = TRY(side_of(office, snapshot, permit, pair.b));
        page.one_person = pair.a.person == pair.b.person;
        page.comparison = TRY(compare_now(office, snapshot, pair));
        page.engine = people::decide(page.comparison, office.registry->model());
        page.prior = page.comparison.weight;
        for (const auto& each : page.comparison.evidence) page.prior -= each.weight;
        page.waiting = TRY(waiting_on(office, snapshot, pair.a.view, pair.b.view));
        if (page.waiting) page.waiting->own = page.waiting->by == asker.practitioner;
        page.review_at = office.registry->model().review_at;
        page.link_at = office.registry->model().link_at;
        page.history = TRY(decisions_between(office, snapshot, permit, pair));
        // Told by the decisions: some time one said that they are one, and they are not.
        page.parted = !page.one_person && std::any_of(page.history.begin(), page.history.end(),
                                                      [](const PastDecision& one) { return one.decision == "same"; });
        std::vector<record::Shown> decisions;
        for (const auto& one : page.history) decisions.push_back({one.entry, record::Depth::full});
        const auto least = std::min(pair.a.view, pair.b.view);
        const auto other = std::max(pair.a.view, pair.b.view);
        for (const auto& link : snapshot.links_of(office.partnership, std::vector{least})) {
            if (link.a == least && link.b == other) page.offered = !page.one_person && people::is_offered(link);
        }
        seen.add(pair.a_by, pair.a.view, {}, std::move(decisions), fields_of(std::span(&page.a.identity, 1)));
        seen.add(pair.b_by, pair.b.view, {}, {}, fields_of(std::span(&page.b.identity, 1)));
        return page;
    });
}

Result<std::vector<DecidedLine>> decided_matches(const Office& office, const record::Asker& asker, ViewId person) {
    constexpr std::size_t most_shown = 50;
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    using Lines = std::vector<DecidedLine>;
    return read_as<Lines>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Lines> {
        const auto child = TRY(TRY(Knowing::of(office, snapshot, permit)).named(person));
        const auto& views = child.shown;
        std::unordered_map<ViewId, store::ViewRow> own;
        for (const auto& view : views) own.emplace(view.view, view);
        auto links = snapshot.links_of(office.partnership, ids_of(views));
        std::erase_if(links, [](const store::LinkRow& link) {
            // What a person said and what stands; the engine's own links say `linked`.
            return !link.decided_by || link.state == store::LinkState::linked || people::is_offered(link);
        });
        std::sort(links.begin(), links.end(),
                  [](const auto& x, const auto& y) { return std::tie(y.when, x.a, x.b) < std::tie(x.when, y.a, y.b); });
        links.erase(std::unique(links.begin(), links.end(),
                                [](const auto& x, const auto& y) { return x.a == y.a && x.b == y.b; }),
                    links.end());
        Lines lines;
        for (const auto& link : links) {
            if (lines.size() >= most_shown) break;
            const bool a_is_own = own.contains(link.a);
            const auto pair = pair_of(office, snapshot, permit, link.a, link.b);
            if (!pair) continue;  // the other is not for this asker: no trace of it
            const auto mine = a_is_own ? link.a : link.b;
            const auto& first = pair->a.view == mine ? pair->a : pair->b;
            const auto& second = pair->a.view == mine ? pair->b : pair->a;
            lines.push_back({TRY(side_of(office, snapshot, permit, first)),
                             TRY(side_of(office, snapshot, permit, second)), link.state, link.when});
            const auto& other = lines.back().other.identity;
            seen.add(a_is_own ? pair->b_by : pair->a_by, second.view, {}, {}, fields_of(std::span(&other, 1)));
        }
        seen.add(child.permit.relationship(), views.front().view, {}, {}, std::string(name_fields));
        return lines;
    });
}

namespace {

// The same form again, where its first answer was a request or an agreement.
std::optional<EntryId> asked_before(const Office& office, store::Snapshot& snapshot, const record::Asker& asker,
                                    const std::string& key) {
    const auto known =
        snapshot.entries_by_source(office.partnership, std::vector{store::SourceKey{asker.agency, key}}).front();
    if (!known || !known->kind.starts_with("approval.")) return std::nullopt;
    return known->entry;
}

Result<EntryId> ask_second(const Office& office, store::Transaction& tx, const record::Asker& asker,
                           const std::string& key, two_persons::Act act, const Pair& pair, json::object exact,
                           const std::string& reason) {
    const auto permit = TRY(office.gate->ask(asker, record::Action::append, "approval.asked"));
    two_persons::Request request;
    request.act = act;
    request.exact = std::move(exact);
    request.person = pair.b.view;
    request.words = fmt::format(
        "{}: {}, {}", act == two_persons::Act::join ? "Join two records of one person" : "Two people, not one",
        agency_name(office, pair.a.agency), agency_name(office, pair.b.agency));
    request.reason = reason;
    return two_persons::ask(office, tx, permit, key, request);
}

}  // namespace

Result<EntryId> decide_match(const Office& office, const record::Asker& asker, const MatchDecision& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say what speaks for it or against it."));
    const auto decides = TRY(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "identity.decided"));
    // What another asked for: the same decision is the second person's yes, another one their no.
    std::optional<two_persons::Pending> waiting;
    std::optional<EntryId> sent;
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        sent = asked_before(office, snapshot, asker, request.key);
        waiting = TRY(waiting_on(office, snapshot, request.a, request.b));
        return {};
    }));
    if (sent) return *sent;
    if (waiting) {
        const bool agree = string_or(waiting->exact, "decision", "") == word_of(request.decision);
        if (agree && waiting->by != asker.practitioner)
            return two_persons::approve(office, asker, {request.key, waiting->entry, true, request.reason});
        if (!agree)
            TRY_VOID(two_persons::approve(office, asker, {request.key + ":no", waiting->entry, false, request.reason}));
    }
    return write_as<EntryId>(office, permit, "identity.decided", [&](store::Transaction& tx) -> Result<EntryId> {
        const auto pair = TRY(pair_of(office, tx, decides, request.a, request.b));
        const auto evidence = TRY(compare_now(office, tx, pair));
        auto draft = decision_on(office, asker, request.key, pair, word_of(request.decision), request.reason, evidence);
        const bool one_person = pair.a.person == pair.b.person;
        const bool joins = request.decision == Decision::same && !one_person;
        const bool parts = request.decision != Decision::same && one_person;
        if (joins || parts) {
            return ask_second(office, tx, asker, request.key, joins ? two_persons::Act::join : two_persons::Act::part,
                              pair, exact_of(pair, word_of(request.decision), std::nullopt), request.reason);
        }
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<EntryId> take_back_match(const Office& office, const record::Asker& asker, const TakeBack& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why the decision no longer stands."));
    const auto decides = TRY(permit_for(office, asker, record::Action::decide_identity));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, "identity.decided"));
    const auto reads = TRY(permit_for(office, asker, record::Action::read));
    return write_as<EntryId>(office, permit, "identity.decided", [&](store::Transaction& tx) -> Result<EntryId> {
        if (const auto before = asked_before(office, tx, asker, request.key)) return *before;
        const auto pair = TRY(pair_of(office, tx, decides, request.a, request.b));
        const auto evidence = TRY(compare_now(office, tx, pair));
        auto draft = decision_on(office, asker, request.key, pair, "not-yet", request.reason, evidence);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        MatchPage page;
        page.history = TRY(decisions_between(office, tx, reads, pair));
        const auto* standing = page.standing();
        if (standing == nullptr) {
            return fault(FaultKind::missing, "decision", "No decision of a person stands on these two records.",
                         "Open the pair again to see what was decided.");
        }
        if (pair.a.person == pair.b.person && standing->decision == "same") {
            return ask_second(office, tx, asker, request.key, two_persons::Act::part, pair,
                              exact_of(pair, "not-yet", standing->entry), request.reason);
        }
        draft.supersedes = to_string(standing->entry);
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

// ---- agreed by two --------------------------------------------------------------------------------------------------

namespace {

Result<Pair> pair_asked_for(const Office& office, store::Snapshot& snapshot, const record::Permit& permit,
                            const two_persons::Pending& asked) {
    const auto a = TRY(parse_id<ViewId>(string_or(asked.exact, "a", "")));
    const auto b = TRY(parse_id<ViewId>(string_or(asked.exact, "b", "")));
    return pair_of(office, snapshot, permit, a, b);
}

}  // namespace

Result<void> may_decide(const Office& office, store::Snapshot& snapshot, const two_persons::Pending& asked,
                        const record::Asker& asker) {
    const auto decides = TRY(office.gate->ask(asker, record::Action::decide_identity));
    TRY_VOID(office.gate->ask(asker, record::Action::append, "identity.decided"));
    const auto pair = TRY(pair_asked_for(office, snapshot, decides, asked));
    auto knowing = TRY(Knowing::of(office, snapshot, decides));
    for (const auto person : {pair.a.person, pair.b.person}) {
        if (knowing.standing_of(person).relationship == sharing::Relationship::glass) {
            return fault(FaultKind::forbidden, "glass", "You opened this record in an emergency.",
                         "Somebody who may open it without answers this.");
        }
    }
    return {};
}

Result<EntryId> decide_as_agreed(const Office& office, store::Transaction& tx, const two_persons::Pending& asked,
                                 const record::Asker& second) {
    const auto decides = TRY(office.gate->ask(second, record::Action::decide_identity));
    const auto pair = TRY(pair_asked_for(office, tx, decides, asked));
    const auto evidence = TRY(compare_now(office, tx, pair));
    auto draft = draft_as_agreed(office, asked, second, "identity.decided");
    draft.body.emplace("decision", string_or(asked.exact, "decision", ""));
    draft.body.emplace("identities", json::array{words_for(pair.a), words_for(pair.b)});
    draft.body.emplace("weight", std::round(evidence.weight * 100) / 100);
    draft.body.emplace("evidence", evidence_json(evidence));
    record::Subject subject;
    subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
    subject.person = pair.b.view;
    draft.subjects.push_back(std::move(subject));
    draft.supersedes = string_or(asked.exact, "supersedes", "");
    const auto machine = office.gate->system("second-person", record::Action::append);
    return TRY(take_one(office, tx, machine, std::move(draft), std::nullopt)).entries.front();
}

}  // namespace waymark::casework
