// What both engines promise alike: each case runs on SQLite and, where WAYMARK_TEST_PG names a server, on PostgreSQL.
#include <algorithm>

#include "support/scratch_store.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

constexpr Partnership elsewhere = 2;

bool same(const EntryRow& a, const EntryRow& b) {
    return a.entry == b.entry && a.record == b.record && a.case_id == b.case_id && a.case_seq == b.case_seq &&
           a.agency == b.agency && a.author == b.author && a.kind == b.kind && a.source_id == b.source_id &&
           a.at == b.at && a.recorded == b.recorded && a.kept == b.kept && a.about == b.about &&
           a.supersedes == b.supersedes && a.incident == b.incident && a.marking == b.marking && a.digest == b.digest &&
           a.salt == b.salt && a.card == b.card;
}

ViewRow sample_view(std::uint64_t n) {
    ViewRow v;
    v.view = sample_id<ViewId>(n);
    v.agency = "csc";
    v.source = "mosaic";
    v.source_id = std::to_string(n);
    v.person = v.view;
    v.recorded = {static_cast<std::int64_t>(n)};
    v.identity = sample_bytes("identity", n, 100);
    return v;
}

CaseRow sample_case(std::uint64_t n, std::uint64_t record) {
    CaseRow c;
    c.case_id = sample_id<CaseId>(n);
    c.record = sample_id<ViewId>(record);
    c.agency = "csc";
    c.source_key = "case-" + std::to_string(n);
    c.procedure = "hsb-england";
    c.opened = {static_cast<std::int64_t>(n)};
    return c;
}

}  // namespace

TEST_CASE("an entry comes back with every field as it was kept") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(7, 1);
        EntryRow& e = rows.entries[0];
        e.about = sample_id<EntryId>(3);
        e.supersedes = sample_id<EntryId>(4);
        e.incident = "incident ‘9’ — ź";
        REQUIRE(keep(store, rows));
        const std::vector<EntryId> ids = {sample_id<EntryId>(99), e.entry};
        const auto found = ask(store, [&](Snapshot& s) { return s.entries(here, ids, Want::whole); });
        CHECK_FALSE(found[0]);
        REQUIRE(found[1]);
        CHECK(same(found[1]->row, e));
        CHECK(found[1]->text == rows.texts[0].text);
    });
}

TEST_CASE("an entry without case, source id, about and text stays without") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(1, 2);
        for (std::size_t i = 0; i < 2; ++i) {
            rows.entries[i].case_id = {};
            rows.entries[i].source_id.clear();
            rows.entries[i].card.clear();
            rows.texts[i].text.clear();
        }
        REQUIRE(keep(store, rows));
        const std::vector<EntryId> ids = {rows.entries[0].entry};
        const auto found = ask(store, [&](Snapshot& s) { return s.entries(here, ids, Want::whole); });
        CHECK(same(found[0]->row, rows.entries[0]));
        CHECK(found[0]->text.empty());
    });
}

TEST_CASE("the entries of a record come in the order of at, recorded and id") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 6, 1);
        // Same at: recorded decides; same recorded too: the id. A time before 1970 comes first.
        const std::int64_t at[] = {50, 10, 10, 10, -5, 60};
        const std::int64_t recorded[] = {1, 9, 8, 9, 1, 1};
        for (std::size_t i = 0; i < 6; ++i) {
            rows.entries[i].at.instant = {at[i]};
            rows.entries[i].recorded = {recorded[i]};
        }
        REQUIRE(keep(store, rows));
        const std::vector<ViewId> records = {sample_id<ViewId>(0)};
        const auto found =
            ask(store, [&](Snapshot& s) { return s.entries_of_records(here, records, Want::cards, 100); });
        std::vector<std::size_t> order;
        for (const WholeEntry& w : found) {
            order.push_back(w.row.entry.value.octets[15]);
            CHECK(w.text.empty());
        }
        CHECK(order == std::vector<std::size_t>{4, 2, 1, 3, 0, 5});
    });
}

TEST_CASE("the limit on entries counts over all the records asked for") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 30, 3)));
        const std::vector<ViewId> records = {sample_id<ViewId>(2), sample_id<ViewId>(0), sample_id<ViewId>(9)};
        const auto found =
            ask(store, [&](Snapshot& s) { return s.entries_of_records(here, records, Want::whole, 15); });
        REQUIRE(found.size() == 15);
        CHECK(found[9].row.record == records[0]);
        CHECK(found[10].row.record == records[1]);
    });
}

TEST_CASE("a scan gives every entry record by record, in order, and stops when told to") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 5'000, 70)));
        for (const Want want : {Want::cards, Want::whole}) {
            std::vector<EntryRow> seen;
            std::size_t visits = 0;
            REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
                s.scan_entries(here, want, [&](const WholeEntry& w) {
                    seen.push_back(w.row);
                    CHECK(w.text.empty() == (want == Want::cards));
                    return true;
                });
                s.scan_entries(here, want, [&](const WholeEntry&) { return ++visits < 10; });
                return {};
            }));
            CHECK(seen.size() == 5'000);
            CHECK(visits == 10);
            CHECK(std::is_sorted(seen.begin(), seen.end(), [](const EntryRow& a, const EntryRow& b) {
                return std::tie(a.record, a.at.instant, a.recorded, a.entry) <
                       std::tie(b.record, b.at.instant, b.recorded, b.entry);
            }));
        }
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 5'000);
    });
}

TEST_CASE("a visitor of a scan may ask other questions, and scan again") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 50, 5)));
        int inner = 0;
        REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
            s.scan_entries(here, Want::cards, [&](const WholeEntry& w) {
                const std::vector<EntryId> ids = {w.row.entry};
                CHECK(s.entries(here, ids, Want::whole)[0]);
                s.scan_entries(here, Want::cards, [&](const WholeEntry&) { return ++inner % 50 != 0; });
                return true;
            });
            return {};
        }));
        CHECK(inner == 2'500);
    });
}

TEST_CASE("an entry is found by its source id with and without the agency") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 4);
        for (std::size_t i = 0; i < 3; ++i) rows.entries[i].source_id = "same";
        rows.entries[0].agency = "csc";
        rows.entries[1].agency = "police";
        rows.entries[2].agency = "health";
        REQUIRE(keep(store, rows));
        const std::vector<SourceKey> keys = {{"health", "same"}, {"health", "other"}, {"", ""}};
        const auto found = ask(store, [&](Snapshot& s) { return s.entries_by_source(here, keys); });
        REQUIRE(found[0]);
        CHECK(found[0]->entry == rows.entries[2].entry);
        CHECK(found[0]->digest == rows.entries[2].digest);
        CHECK(found[0]->kind == rows.entries[2].kind);
        CHECK_FALSE(found[1]);
        CHECK_FALSE(found[2]);
        CHECK(ask(store, [&](Snapshot& s) { return s.entries_by_source_id(here, "same"); }).size() == 2);
        CHECK(ask(store, [&](Snapshot& s) { return s.entries_by_source_id(here, "source-3"); }).size() == 1);
        CHECK(ask(store, [&](Snapshot& s) { return s.entries_by_source_id(here, ""); }).empty());
    });
}

TEST_CASE("the same source id of the same agency, or the same id, is refused as a conflict") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(1, 1)));
        SampleEntries again = sample_entries(2, 1);
        again.entries[0].agency = "police";
        again.entries[0].source_id = "source-1";
        const auto refused = keep(store, again);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::conflict);
        CHECK(keep(store, sample_entries(1, 1)).error().kind == FaultKind::conflict);
        // Many at once take another way into PostgreSQL.
        CHECK(keep(store, sample_entries(0, 100)).error().kind == FaultKind::conflict);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 1);
        CHECK(keep(store, sample_entries(2, 98)).has_value());
    });
}

TEST_CASE("partnerships in one store see nothing of each other") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(0, 10), here));
        REQUIRE(keep(store, sample_entries(0, 3), elsewhere));
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 10);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(elsewhere); }) == 3);
        CHECK(ask(store, [&](Snapshot& s) { return s.queued_leaves(elsewhere); }) == 3);
        const std::vector<EntryId> ids = {sample_id<EntryId>(5)};
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.entries(elsewhere, ids, Want::cards); })[0]);
    });
}

TEST_CASE("entries about the partnership are found by kind") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(0, 5);
        for (std::size_t i = 0; i < 3; ++i) rows.entries[i].record = {};
        rows.entries[0].kind = rows.entries[2].kind = "guidance.issued";
        REQUIRE(keep(store, rows));
        const auto found =
            ask(store, [&](Snapshot& s) { return s.partnership_entries(here, "guidance.issued", Want::whole); });
        REQUIRE(found.size() == 2);
        CHECK(found[1].row.entry == rows.entries[2].entry);
        CHECK(found[1].text == rows.texts[2].text);
    });
}

TEST_CASE("views are found by id, by key and by person, and keep every version") {
    for_each_engine([](Store& store) {
        const std::vector<ViewRow> rows = {sample_view(1), sample_view(2), sample_view(3)};
        std::vector<ViewVersion> firsts;
        for (const ViewRow& v : rows) firsts.push_back({v.view, 1, v.recorded, sample_id<EntryId>(1), v.identity});
        const std::vector<ViewVersion> second = {{rows[1].view, 2, {500}, {}, sample_bytes("new", 1, 50)}};
        change(store, [&](Transaction& t) {
            t.insert_views(here, rows);
            t.add_view_versions(here, firsts);
            t.add_view_versions(here, second);
            const std::vector<std::pair<ViewId, ViewId>> persons = {{rows[2].view, rows[1].view}};
            t.set_persons(here, persons);
        });
        const std::vector<ViewKey> keys = {{"csc", "mosaic", "2"}, {"csc", "other", "2"}};
        const auto by_key = ask(store, [&](Snapshot& s) { return s.views_by_key(here, keys); });
        REQUIRE(by_key[0]);
        CHECK(by_key[0]->view == rows[1].view);
        CHECK(by_key[0]->version == 2);
        CHECK(by_key[0]->identity == second[0].identity);
        CHECK(by_key[0]->recorded == rows[1].recorded);
        CHECK_FALSE(by_key[1]);
        const std::vector<ViewId> persons = {rows[1].view};
        const auto cluster = ask(store, [&](Snapshot& s) { return s.views_of_persons(here, persons); });
        REQUIRE(cluster.size() == 2);
        CHECK(cluster[0].view == rows[1].view);
        CHECK(cluster[1].view == rows[2].view);
        const auto versions = ask(store, [&](Snapshot& s) { return s.view_versions(here, persons); });
        REQUIRE(versions.size() == 2);
        CHECK(versions[0].identity == rows[1].identity);
        CHECK(versions[0].entry == sample_id<EntryId>(1));
        CHECK(versions[1].version == 2);
        CHECK(versions[1].entry.is_nil());
        int seen = 0;
        REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
            s.scan_views(here, [&](const ViewRow&) { return ++seen > 0; });
            return {};
        }));
        CHECK(seen == 3);
    });
}

TEST_CASE("tokens find views up to a limit, say when there are more, ignore repeats and go with their view") {
    for_each_engine([](Store& store) {
        const std::uint64_t high = 0xffff'ffff'ffff'fff0;
        std::vector<TokenRow> rows;
        for (std::uint64_t n = 0; n < 20; ++n) rows.push_back({high, sample_id<ViewId>(n)});
        rows.push_back({7, sample_id<ViewId>(3)});
        change(store, [&](Transaction& t) {
            t.insert_tokens(here, rows);
            t.insert_tokens(here, rows);
        });
        const std::vector<std::uint64_t> tokens = {7, high, 8};
        auto hits = ask(store, [&](Snapshot& s) { return s.views_by_token(here, tokens, 19); });
        CHECK(hits[0].views == std::vector<ViewId>{sample_id<ViewId>(3)});
        CHECK_FALSE(hits[0].more);
        CHECK(hits[1].views.size() == 19);
        CHECK(hits[1].more);
        CHECK(hits[2].views.empty());
        const std::vector<ViewId> gone = {sample_id<ViewId>(3)};
        change(store, [&](Transaction& t) { t.delete_tokens_of(here, gone); });
        hits = ask(store, [&](Snapshot& s) { return s.views_by_token(here, tokens, 19); });
        CHECK(hits[0].views.empty());
        CHECK(hits[1].views.size() == 19);
        CHECK_FALSE(hits[1].more);
    });
}

TEST_CASE("a link is replaced by its two views and found from either") {
    for_each_engine([](Store& store) {
        const auto link = [](std::uint64_t a, std::uint64_t b, LinkState state, double weight) {
            LinkRow l;
            l.a = sample_id<ViewId>(a);
            l.b = sample_id<ViewId>(b);
            l.state = state;
            l.weight = weight;
            l.evidence = sample_bytes("evidence", a, 60);
            l.when = {static_cast<std::int64_t>(100 - a)};
            return l;
        };
        const std::vector<LinkRow> rows = {link(1, 2, LinkState::review, -3.25), link(2, 3, LinkState::linked, 12.5),
                                           link(4, 5, LinkState::review, 1)};
        change(store, [&](Transaction& t) { t.put_links(here, rows); });
        std::vector<LinkRow> again = {link(1, 2, LinkState::confirmed, 0)};
        again[0].decided_by = sample_id<EntryId>(9);
        change(store, [&](Transaction& t) { t.put_links(here, again); });
        const std::vector<ViewId> asked = {sample_id<ViewId>(2), sample_id<ViewId>(3)};
        const auto found = ask(store, [&](Snapshot& s) { return s.links_of(here, asked); });
        REQUIRE(found.size() == 2);
        const auto& confirmed = found[0].a == sample_id<ViewId>(1) ? found[0] : found[1];
        CHECK(confirmed.state == LinkState::confirmed);
        CHECK(confirmed.decided_by == sample_id<EntryId>(9));
        CHECK(confirmed.evidence == again[0].evidence);
        const auto to_review = ask(store, [&](Snapshot& s) { return s.links_in_state(here, LinkState::review, 10); });
        REQUIRE(to_review.size() == 1);
        CHECK(to_review[0].weight == 1.0);
        CHECK(to_review[0].decided_by.is_nil());
        const std::vector<LinkRow> wrong = {link(6, 6, LinkState::review, 0)};
        CHECK(store
                  .write([&](Transaction& t) -> Result<void> {
                      t.put_links(here, wrong);
                      return {};
                  })
                  .error()
                  .kind == FaultKind::invalid);
    });
}

TEST_CASE("a case is found by id, key and record, and keeps what it is updated to") {
    for_each_engine([](Store& store) {
        std::vector<CaseRow> rows = {sample_case(1, 10), sample_case(2, 10), sample_case(3, 11)};
        rows[1].source_key.clear();
        rows[2].source_key.clear();
        change(store, [&](Transaction& t) { t.insert_cases(here, rows); });
        rows[0].closed = Instant{77};
        rows[0].next_seq = 9;
        change(store, [&](Transaction& t) { t.update_cases(here, std::span(rows).first(1)); });
        const std::vector<CaseKey> keys = {{"csc", "case-1"}, {"csc", ""}};
        const auto by_key = ask(store, [&](Snapshot& s) { return s.cases_by_key(here, keys); });
        REQUIRE(by_key[0]);
        CHECK(by_key[0]->closed == Instant{77});
        CHECK(by_key[0]->next_seq == 9);
        CHECK_FALSE(by_key[1]);
        const std::vector<ViewId> records = {sample_id<ViewId>(10)};
        const auto of_record = ask(store, [&](Snapshot& s) { return s.cases_of_records(here, records); });
        REQUIRE(of_record.size() == 2);
        CHECK_FALSE(of_record[1].closed);
        int seen = 0;
        REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
            s.scan_cases(here, [&](const CaseRow&) { return ++seen > 0; });
            return {};
        }));
        CHECK(seen == 3);
    });
}

TEST_CASE("the duties of a case are replaced whole and listed soonest first by owner, rule and due date") {
    for_each_engine([](Store& store) {
        const auto duty = [](std::uint64_t in, std::string rule, std::int64_t due, std::string owner,
                             std::string state) {
            DutyRow d;
            d.case_id = sample_id<CaseId>(in);
            d.record = sample_id<ViewId>(in);
            d.duty = std::move(rule);
            d.raised_by = sample_id<EntryId>(1);
            d.due = {due};
            d.owner = std::move(owner);
            d.state = std::move(state);
            d.kind = "concern.raised";
            d.summary = "displayed-behaviour school";
            return d;
        };
        const std::vector<CaseId> both = {sample_id<CaseId>(1), sample_id<CaseId>(2)};
        const std::vector<DutyRow> rows = {
            duty(1, "triage", 30, "front-door", "open"), duty(1, "triage", 30, "front-door", "open"),
            duty(2, "feedback", 10, "front-door", "overdue"), duty(2, "review", 5, "csc/lead", "met")};
        change(store, [&](Transaction& t) { t.replace_duties(here, both, rows); });
        const auto list = [&](const Snapshot::DutyFilter& filter) {
            return ask(store, [&](Snapshot& s) { return s.duties(here, filter, 10); });
        };
        auto unmet = list({});
        REQUIRE(unmet.size() == 3);
        CHECK(unmet[0].duty == "feedback");
        CHECK(unmet[0].summary == rows[2].summary);
        CHECK(list({.duty = "triage", .owner = "front-door", .unmet_only = true, .due_before = Instant{31}}).size() ==
              2);
        CHECK(list({.duty = "", .owner = "", .unmet_only = true, .due_before = Instant{30}}).size() == 1);
        CHECK(list({.duty = "", .owner = "csc/lead", .unmet_only = false, .due_before = {}}).size() == 1);
        CHECK(list({.duty = "", .owner = "csc/lead", .unmet_only = true, .due_before = {}}).empty());
        change(store,
               [&](Transaction& t) { t.replace_duties(here, std::span(both).first(1), std::span(rows).first(1)); });
        CHECK(ask(store, [&](Snapshot& s) { return s.duties_of_case(here, both[0]); }).size() == 1);
        CHECK(ask(store, [&](Snapshot& s) { return s.duties_of_case(here, both[1]); }).size() == 2);
    });
}

TEST_CASE("what interrupted a practitioner is found from a time on, in its order, and goes when its day is over") {
    for_each_engine([](Store& store) {
        const auto one = sample_id<CaseId>(1);
        const auto two = sample_id<CaseId>(2);
        change(store, [&](Transaction& t) {
            const std::vector<PromptRow> rows{{"a.rahman", two, "drift", {300}},
                                              {"a.rahman", one, "no-support", {200}},
                                              {"a.rahman", one, "drift", {50}},
                                              {"m.brennan", one, "drift", {250}}};
            t.put_prompts(here, rows);
        });
        const auto found = [&](std::int64_t since) {
            std::vector<std::string> words;
            for (const auto& row : ask(store, [&](Snapshot& s) { return s.prompts_since(here, "a.rahman", {since}); }))
                words.push_back((row.case_id == one ? "1 " : "2 ") + row.cue);
            return words;
        };
        CHECK(found(100) == std::vector<std::string>{"1 no-support", "2 drift"});
        CHECK(found(50).size() == 3);
        CHECK(ask(store, [&](Snapshot& s) { return s.prompts_since(elsewhere, "a.rahman", {0}); }).empty());
        change(store, [&](Transaction& t) {
            const std::vector<PromptRow> again{{"a.rahman", one, "drift", {400}}};
            t.put_prompts(here, again);
        });
        CHECK(found(100) == std::vector<std::string>{"1 no-support", "2 drift", "1 drift"});
        constexpr std::int64_t day = 24 * 3'600 * std::int64_t{1'000'000};
        change(store, [&](Transaction& t) { t.delete_expired(here, {2 * day + 300}); });
        CHECK(found(0) == std::vector<std::string>{"1 drift"});
    });
}

TEST_CASE("who never met is listed past a decision first and then the longest open, and counted whole or not at all") {
    for_each_engine([](Store& store) {
        using State = GatheringRow::State;
        std::vector<CaseRow> cases;
        for (std::uint64_t n = 1; n <= 7; ++n) cases.push_back(sample_case(n, 10 + n));
        const auto row = [&](std::uint64_t n, State state, std::int64_t since, bool plain = true,
                             std::optional<Instant> until = std::nullopt) {
            return GatheringRow{sample_id<CaseId>(n), {}, state, Instant{since}, plain, until};
        };
        change(store, [&](Transaction& t) { t.insert_cases(here, cases); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.count_gatherings(here, {100}); }));
        change(store, [&](Transaction& t) {
            const std::vector<GatheringRow> rows{row(1, State::undecided, 1),
                                                 row(2, State::decided, 9),
                                                 row(3, State::decided, 5),
                                                 row(4, State::decided, 2, false),
                                                 row(5, State::met, 1),
                                                 row(6, State::undecided, 3, true, Instant{90}),
                                                 row(7, State::not_counted, 0, true, Instant{200})};
            t.put_gatherings(here, rows);
        });
        const auto listed = [&](std::size_t from, std::size_t limit) {
            std::vector<CaseId> ids;
            for (const auto& one : ask(store, [&](Snapshot& s) { return s.never_met(here, {100}, from, limit); }))
                ids.push_back(one.case_id);
            return ids;
        };
        CHECK(listed(0, 10) == std::vector{sample_id<CaseId>(3), sample_id<CaseId>(2), sample_id<CaseId>(1)});
        CHECK(listed(1, 1) == std::vector{sample_id<CaseId>(2)});
        const auto unsure = ask(store, [&](Snapshot& s) { return s.unsure_gatherings(here, {100}, 10); });
        REQUIRE(unsure.size() == 2);
        CHECK(unsure[0].case_id == sample_id<CaseId>(4));
        CHECK(unsure[0].record == sample_id<ViewId>(14));
        CHECK(unsure[1].until == Instant{90});
        const auto counts = ask(store, [&](Snapshot& s) { return s.count_gatherings(here, {100}); });
        REQUIRE(counts);
        std::size_t all = 0;
        for (const auto& one : *counts) {
            all += one.cases;
            if (one.state == State::decided) CHECK(one.cases == (one.plain ? 2 : 1));
            if (one.state == State::undecided) CHECK(one.cases == 1);
        }
        CHECK(all == cases.size());
        cases[0].next_seq = 5;
        change(store, [&](Transaction& t) { t.update_cases(here, std::span(cases).first(1)); });
        CHECK(listed(2, 1) == std::vector{sample_id<CaseId>(1)});
    });
}

TEST_CASE("the audit of a record comes newest first, with every field") {
    for_each_engine([](Store& store) {
        AuditRow a{{5},
                   "a.rahman",
                   "csc",
                   "social-worker",
                   "ab12",
                   "read",
                   "safeguarding",
                   "s11",
                   "/person",
                   sample_id<ViewId>(1),
                   sample_id<CaseId>(2),
                   "e1 e2",
                   "allowed",
                   "own-team",
                   "7",
                   "local"};
        AuditRow b = a;
        b.at = {4};
        b.action = "append";
        b.case_id = {};
        AuditRow without = a;
        without.record = {};
        const std::vector<AuditRow> first = {a, without};
        const std::vector<AuditRow> then = {b};
        change(store, [&](Transaction& t) { t.insert_audit(here, first); });
        change(store, [&](Transaction& t) { t.insert_audit(here, then); });
        const auto found = ask(store, [&](Snapshot& s) { return s.audit_of_record(here, sample_id<ViewId>(1), 10); });
        REQUIRE(found.size() == 2);
        CHECK(found[0].action == "append");
        CHECK(found[0].case_id.is_nil());
        CHECK(found[1].session == "ab12");
        CHECK(found[1].from == "local");
        CHECK(found[1].entries == "e1 e2");
        CHECK(found[1].policy == "7");
        CHECK(ask(store, [&](Snapshot& s) { return s.count_audit(here); }) == 3);
    });
}

TEST_CASE("sessions and drafts are replaced by their key and go when they expire") {
    for_each_engine([](Store& store) {
        SessionRow session;
        session.token = sha256(as_bytes("one"));
        session.practitioner = "a.rahman";
        session.expires = {100};
        DraftRow draft{sample_id<DraftId>(1), "a.rahman", "raise", {5}, {200}, sample_bytes("draft", 1, 30)};
        change(store, [&](Transaction& t) {
            t.put_session(here, session);
            session.seen = {50};
            t.put_session(here, session);
            t.put_draft(here, draft);
            draft.form = "classify";
            t.put_draft(here, draft);
            t.delete_expired(here, {99});
        });
        CHECK(ask(store, [&](Snapshot& s) { return s.session(here, session.token); })->seen == Instant{50});
        CHECK(ask(store, [&](Snapshot& s) { return s.drafts_of(here, "a.rahman", 5); }).at(0).form == "classify");
        change(store, [&](Transaction& t) { t.delete_expired(here, {100}); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.session(here, session.token); }));
        CHECK(ask(store, [&](Snapshot& s) { return s.draft(here, draft.draft); })->fields == draft.fields);
        change(store, [&](Transaction& t) { t.delete_draft(here, draft.draft); });
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.draft(here, draft.draft); }));
    });
}

TEST_CASE("a secret is replaced by its name, a partnership keeps its profile") {
    for_each_engine([](Store& store) {
        const Bytes first = sample_bytes("secret", 1, 40);
        const Bytes second = sample_bytes("secret", 2, 40);
        change(store, [&](Transaction& t) {
            t.put_secret(here, "key", first);
            t.put_secret(here, "key", second);
            t.insert_partnership({here, "northbay", "Northbay", "a = 1", true});
            t.update_profile(here, "a = 2");
        });
        CHECK(ask(store, [&](Snapshot& s) { return s.secret(here, "key"); }) == second);
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.secret(here, "other"); }));
        const auto all = ask(store, [&](Snapshot& s) { return s.partnerships(); });
        REQUIRE(all.size() == 1);
        CHECK(all[0].profile == "a = 2");
        CHECK(all[0].demonstration);
    });
}

TEST_CASE("leaves leave the queue for the log in order, once, and only for the sequencer that holds the fence") {
    for_each_engine([](Store& store) {
        REQUIRE(keep(store, sample_entries(1, 30)));
        REQUIRE(keep(store, sample_entries(100, 5)));
        std::int64_t fence = 0;
        change(store, [&](Transaction& t) { fence = t.raise_fence(here); });
        CHECK(fence == 1);
        const auto sequence = [&](std::size_t limit, std::int64_t with_fence) {
            return store.write([&](Transaction& t) -> Result<void> {
                LogState state = t.log_state(here);
                std::vector<LeafRow> taken = t.take_queue(here, limit);
                for (LeafRow& leaf : taken) leaf.log_index = state.size++;
                state.frontier = sample_bytes("frontier", static_cast<std::uint64_t>(state.size), 64);
                return t.append_leaves(here, taken, state, with_fence);
            });
        };
        REQUIRE(sequence(20, 1));
        const auto found = ask(store, [&](Snapshot& s) { return s.leaves(here, 0, 100); });
        REQUIRE(found.size() == 20);
        for (std::size_t i = 0; i < 20; ++i) {
            CHECK(found[i].log_index == static_cast<std::int64_t>(i));
            CHECK(found[i].entry == sample_id<EntryId>(1 + i));
        }
        CHECK(ask(store, [&](Snapshot& s) { return s.queued_leaves(here); }) == 15);
        CHECK(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(20)); })->log_index == 19);
        CHECK(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(104)); })->log_index == -1);
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(999)); }));
        change(store, [&](Transaction& t) { t.raise_fence(here); });
        const auto overtaken = sequence(20, 1);
        REQUIRE_FALSE(overtaken);
        CHECK(overtaken.error().kind == FaultKind::conflict);
        CHECK(ask(store, [&](Snapshot& s) { return s.log_state(here).size; }) == 20);
        REQUIRE(sequence(100, 2));
        const LogState state = ask(store, [&](Snapshot& s) { return s.log_state(here); });
        CHECK(state.size == 35);
        CHECK(state.fence == 2);
        CHECK(state.frontier == sample_bytes("frontier", 35, 64));
        CHECK(ask(store, [&](Snapshot& s) { return s.queued_leaves(here); }) == 0);
        // The queue begins anew without giving a place twice.
        REQUIRE(keep(store, sample_entries(200, 2)));
        REQUIRE(sequence(1, 2));
        CHECK(ask(store, [&](Snapshot& s) { return s.leaf_of(here, sample_id<EntryId>(200)); })->log_index == 35);
    });
}

TEST_CASE("the latest checkpoint is the one of the largest log") {
    for_each_engine([](Store& store) {
        CHECK_FALSE(ask(store, [&](Snapshot& s) { return s.latest_checkpoint(here); }));
        change(store, [&](Transaction& t) {
            t.put_checkpoint(here, {20, {1}, "twenty"});
            t.put_checkpoint(here, {9, {2}, "nine"});
        });
        CHECK(ask(store, [&](Snapshot& s) { return s.latest_checkpoint(here); })->note == "twenty");
    });
}

TEST_CASE("text with a NUL is refused on both engines") {
    for_each_engine([](Store& store) {
        SampleEntries rows = sample_entries(1, 1);
        rows.entries[0].incident = std::string("a\0b", 3);
        const auto refused = keep(store, rows);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::invalid);
        CHECK(ask(store, [&](Snapshot& s) { return s.count_entries(here); }) == 0);
    });
}

TEST_CASE("what was kept is there after the store has been opened again") {
    for_each_scratch([](ScratchStore& scratch) {
        REQUIRE(keep(*scratch, sample_entries(0, 100)));
        scratch.close();
        scratch.open();
        CHECK(ask(*scratch, [&](Snapshot& s) { return s.count_entries(here); }) == 100);
    });
}
