// What both engines promise alike of cases, their duties and who is prompted.
#include "support/scratch_store.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

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

TEST_CASE("open cases are found by who leads them, the longest open first, with the unmet duties of them all") {
    for_each_engine([](Store& store) {
        std::vector<CaseRow> rows = {sample_case(3, 10), sample_case(1, 11), sample_case(2, 12), sample_case(4, 13)};
        for (auto& row : rows) row.lead = "a.rahman";
        rows[2].closed = Instant{50};
        rows[3].lead.clear();
        std::vector<DutyRow> duties;
        for (std::size_t n = 0; n < rows.size(); ++n) {
            DutyRow duty;
            duty.case_id = rows[n].case_id;
            duty.record = rows[n].record;
            duty.duty = "referral-decision";
            duty.raised_by = sample_id<EntryId>(1);
            duty.due = Instant{static_cast<std::int64_t>(100 - n)};
            duty.owner = "front-door";
            duty.state = "open";
            duties.push_back(duty);
        }
        change(store, [&](Transaction& t) {
            t.insert_cases(here, rows);
            t.replace_duties(here, {}, duties);
        });
        const auto led = ask(store, [&](Snapshot& s) { return s.cases_led_by(here, "a.rahman", 10); });
        REQUIRE(led.size() == 2);
        CHECK(led[0].case_id == sample_id<CaseId>(1));
        CHECK(led[1].case_id == sample_id<CaseId>(3));
        const auto due = ask(store, [&](Snapshot& s) { return s.duties_of_lead(here, "a.rahman", 10); });
        REQUIRE(due.size() == 2);
        CHECK(due[0].case_id == sample_id<CaseId>(1));
        CHECK(ask(store, [&](Snapshot& s) { return s.cases_led_by(here, "a.rahman", 1); }).size() == 1);
        CHECK(ask(store, [&](Snapshot& s) { return s.cases_led_by(here, "", 10); }).empty());
        rows[0].lead = "t.okafor";
        change(store, [&](Transaction& t) { t.update_cases(here, std::span(rows).first(1)); });
        CHECK(ask(store, [&](Snapshot& s) { return s.cases_led_by(here, "a.rahman", 10); }).size() == 1);
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

TEST_CASE("a case that was folded before it is kept brings who has met in it, and one row for each case") {
    for_each_engine([](Store& store) {
        const std::vector<CaseRow> cases{sample_case(1, 10), sample_case(2, 11)};
        std::vector<GatheringRow> gathered(2);
        gathered[0] = {cases[0].case_id, {}, GatheringRow::State::decided, Instant{5}, true, Instant{200}};
        gathered[1] = {cases[1].case_id, {}, GatheringRow::State::met, Instant{6}, false, std::nullopt};
        const auto insert = [&](std::span<const GatheringRow> rows) {
            return store.write([&](Transaction& t) -> Result<void> {
                t.insert_cases(here, cases, rows);
                return {};
            });
        };
        const auto refused = insert(std::span(gathered).first(1));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::invalid);
        REQUIRE(insert(gathered));
        const auto never = ask(store, [&](Snapshot& s) { return s.never_met(here, {100}, 0, 10); });
        REQUIRE(never.size() == 1);
        CHECK(never[0].case_id == cases[0].case_id);
        CHECK(never[0].since == Instant{5});
        CHECK(never[0].until == Instant{200});
        const auto unsure = ask(store, [&](Snapshot& s) { return s.unsure_gatherings(here, {100}, 10); });
        REQUIRE(unsure.size() == 1);
        CHECK(unsure[0].case_id == cases[1].case_id);
    });
}
