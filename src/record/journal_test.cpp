#include <doctest/doctest.h>

#include "record/leaf.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;
using sharing::Gate;

namespace {

std::vector<Entry> read_record(SampleRecord& record, const Permit& permit, const std::vector<ViewId>& records,
                               store::Want want) {
    return record.read(
        [&](store::Snapshot& s) { return record.journal.read(s, sample_partnership, permit, records, want).value(); });
}

std::string export_all(SampleRecord& record, Naming naming = Naming::brought) {
    return record.read([&](store::Snapshot& s) {
        std::string out;
        s.scan_entries(sample_partnership, store::Want::whole, [](const store::WholeEntry&) { return true; });
        std::vector<store::WholeEntry> all;
        s.scan_entries(sample_partnership, store::Want::whole, [&](const store::WholeEntry& e) {
            all.push_back(e);
            return true;
        });
        for (const auto& kept : all) {
            const auto entry = record.journal.open(kept).value();
            out += write_json(record.journal.to_contract(s, sample_partnership, entry, naming).value()) + "\n";
        }
        return out;
    });
}

}  // namespace

TEST_CASE("What was appended is read back whole and as a card") {
    for_each_engine([](store::Store& store) {
        SampleRecord record(store);
        auto draft = sample_concern("e-1", "A");
        draft.happened = Happened{date("2026-03-18"), std::nullopt, "AAA"};
        const auto ids = record.keep({draft});
        const auto whole = read_record(record, record.read_permit, {record.view_of("A")}, store::Want::whole);
        REQUIRE(whole.size() == 1);
        CHECK(whole[0].row.entry == ids[0]);
        CHECK(whole[0].whole);
        CHECK(whole[0].body == draft.body);
        CHECK(whole[0].involvement == set_of(Involvement::displayed));
        CHECK(whole[0].row.kept == sample_now());
        CHECK(whole[0].row.recorded == *draft.recorded);
        CHECK(whole[0].row.digest == content_digest(draft));
        CHECK(whole[0].row.card.empty());
        const auto cards = read_record(record, record.read_permit, {record.view_of("A")}, store::Want::cards);
        REQUIRE(cards.size() == 1);
        CHECK_FALSE(cards[0].whole);
        CHECK(cards[0].happened == draft.happened);
        CHECK(cards[0].body.if_contains("summary") == nullptr);
        CHECK(string_or(cards[0].body, "setting", "") == "school");
    });
}

TEST_CASE("Facts come in the fold order, over several records") {
    ScratchStore store;
    SampleRecord record(*store);
    auto late = sample_concern("e-3", "B", "2026-03-22T09:00:00Z");
    auto same_at_recorded_later = sample_concern("e-2", "A");
    same_at_recorded_later.recorded = instant("2026-03-25T09:00:00Z");
    record.keep({late, same_at_recorded_later, sample_concern("e-1", "A"), sample_concern("e-0", "B", "2026-03-20")});
    const auto facts = record.read([&](store::Snapshot& s) {
        const std::vector<ViewId> records{record.view_of("A"), record.view_of("B")};
        return record.journal.facts(s, sample_partnership, Gate::make(Action::fold), records).value();
    });
    REQUIRE(facts.size() == 4);
    CHECK(facts[0].at.date_only);
    CHECK(facts[1].recorded < facts[2].recorded);
    CHECK(facts[3].at == late.at);
    CHECK(std::is_sorted(facts.begin(), facts.end(), folds_before));
    CHECK(facts[1].kind == "concern.raised");
    CHECK(facts[1].agency == "csc");
    CHECK(facts[1].author == "a.rahman");
    CHECK(facts[1].involvement == set_of(Involvement::displayed));
    CHECK(string_or(facts[1].fields, "about_what", "") == "displayed-behaviour");
}

TEST_CASE("Without `recorded` it is when the store took it") {
    ScratchStore store;
    SampleRecord record(*store);
    auto draft = sample_concern("e-1", "A");
    draft.recorded.reset();
    record.keep({draft});
    CHECK(read_record(record, record.read_permit, {record.view_of("A")}, store::Want::cards)[0].row.recorded ==
          sample_now());
}

TEST_CASE("A permit that does not cover an entry keeps all of the call out") {
    ScratchStore store;
    SampleRecord record(*store);
    const auto only_concerns = Gate::with_kinds(Gate::make(Action::append), {"concern.raised"});
    auto other = sample_concern("e-2", "A");
    other.kind = "incident.recorded";
    const auto try_to_keep = [&](const Permit& permit, const Draft& draft) {
        return store->write([&](store::Transaction& tx) -> Result<void> {
            std::vector<Ready> ready(2);
            ready[0].id = EntryId{make_uuid7(record.clock, record.random)};
            ready[0].draft = sample_concern("e-1", "A");
            ready[1].id = EntryId{make_uuid7(record.clock, record.random)};
            ready[1].draft = draft;
            for (auto& one : ready) one.draft.subjects.clear();
            return record.journal.append(tx, sample_partnership, permit, ready);
        });
    };
    const auto refused = try_to_keep(only_concerns, other);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == FaultKind::forbidden);
    CHECK(refused.error().reason.find("test") != std::string::npos);
    CHECK_FALSE(try_to_keep(Gate::make(Action::read), sample_concern("e-2", "A")));
    CHECK(record.read([](store::Snapshot& s) { return s.count_entries(sample_partnership) + 1; }) == 1);
    CHECK(record.read([](store::Snapshot& s) { return s.queued_leaves(sample_partnership) + 1; }) == 1);
    CHECK(try_to_keep(only_concerns, sample_concern("e-2", "A")));
}

TEST_CASE("What a permit does not cover leaves no trace in what is read") {
    ScratchStore store;
    SampleRecord record(*store);
    auto hidden = sample_concern("e-2", "A");
    hidden.marking = "hidden";
    auto theirs = sample_concern("e-3", "A");
    theirs.agency = "police";
    const auto ids = record.keep({sample_concern("e-1", "A"), hidden, theirs});
    const std::vector<ViewId> child{record.view_of("A")};
    CHECK(read_record(record, Gate::make(Action::read), child, store::Want::whole).size() == 3);
    CHECK(read_record(record, Gate::with_markings(Gate::make(Action::read), {"team"}), child, store::Want::whole)
              .size() == 2);
    const auto own = read_record(record, Gate::own_agency_only(Gate::make(Action::read)), child, store::Want::cards);
    REQUIRE(own.size() == 2);
    CHECK(own[0].row.agency == "csc");
    const auto found = record.read([&](store::Snapshot& s) {
        return record.journal
            .read_entries(s, sample_partnership, Gate::with_markings(Gate::make(Action::read), {"team"}), ids,
                          store::Want::whole)
            .value();
    });
    REQUIRE(found.size() == 2);
    CHECK(found[0].row.entry == ids[0]);
    CHECK(found[1].row.entry == ids[2]);
    const auto facts = record.read([&](store::Snapshot& s) {
        return record.journal.facts(s, sample_partnership, Gate::own_agency_only(Gate::make(Action::read)), child)
            .value();
    });
    CHECK(facts.size() == 2);
}

TEST_CASE("Each entry has a salt of its own, and its leaf is over salt, envelope and text") {
    ScratchStore store;
    SampleRecord record(*store);
    record.keep({sample_concern("e-1", "A"), sample_concern("e-2", "A")});
    record.read([&](store::Snapshot& s) {
        std::vector<store::WholeEntry> all;
        s.scan_entries(sample_partnership, store::Want::whole, [&](const store::WholeEntry& e) {
            all.push_back(e);
            return true;
        });
        REQUIRE(all.size() == 2);
        CHECK(all[0].row.salt != all[1].row.salt);
        const auto queued = s.take_queue(sample_partnership, 10);
        REQUIRE(queued.size() == 2);
        for (const auto& kept : all) {
            const auto envelope = write_envelope(kept.row);
            CHECK(envelope == write_canonical(parse_json(envelope).value()));
            const auto text =
                record.seal->open(kept.text, {"text", kept.row.entry.value, kept.row.kind, 1, kept.row.record.value})
                    .value();
            Bytes data(kept.row.salt.begin(), kept.row.salt.end());
            for (int shift = 24; shift >= 0; shift -= 8)
                data.push_back(static_cast<std::uint8_t>(envelope.size() >> shift));
            for (const char c : envelope) data.push_back(static_cast<std::uint8_t>(c));
            data.insert(data.end(), text.begin(), text.end());
            const auto leaf = s.leaf_of(sample_partnership, kept.row.entry);
            REQUIRE(leaf);
            CHECK(leaf->leaf == leaf_hash(data));
        }
        return 0;
    });
}

TEST_CASE("An entry that names a person and one that brings an identity are both written out") {
    ScratchStore store;
    SampleRecord record(*store);
    record.keep({sample_concern("e-1", "A")});
    auto second = sample_concern("", "A");
    second.subjects[0].identity.reset();
    second.subjects[0].person = record.view_of("A");
    second.recorded = instant("2026-03-26T09:00:00Z");
    const auto ids = record.keep({second});
    const auto lines = export_all(record);
    CHECK(lines.find(R"("id":")" + to_string(ids[0]) + "\"") != std::string::npos);
    CHECK(lines.find(R"("person":")" + to_string(record.view_of("A")) + R"("}])") != std::string::npos);
    const auto with_all = export_all(record, Naming::all);
    // By name: the entry that brought the identity gives the rest.
    CHECK(with_all.find(R"("identity":{"source":)", with_all.find(to_string(ids[0])) - 400) != std::string::npos);
    CHECK(with_all.find("Alma") == with_all.rfind("Alma"));
    CHECK(with_all.find(R"("recorded":"2026-03-26T09:00:00Z")") != std::string::npos);
}

TEST_CASE("Export, import and export again give the same bytes") {
    ScratchStore first_store;
    SampleRecord first(*first_store);
    auto full = sample_concern("e-1", "A");
    full.happened = Happened{date("2026-03-18"), date("2026-03-19"), "EAA"};
    full.incident = "i-1";
    full.basis = "public-task";
    full.marking = "named-only";
    full.case_key = "k-1";
    full.subjects[0].identity->more = object(R"({"ward": "Pier", "a": [1.5, null]})");
    full.body["own"] = object(R"({"z": 1, "a": "é"})");
    auto date_only = sample_concern("", "B", "2026-03-19");
    first.keep({full, date_only});
    const auto first_ids = first.read([&](store::Snapshot& s) {
        std::vector<EntryId> ids;
        s.scan_entries(sample_partnership, store::Want::cards, [&](const store::WholeEntry& e) {
            if (e.row.source_id.empty()) ids.push_back(e.row.entry);
            return true;
        });
        return ids;
    });
    auto about = sample_concern("e-3", "B", "2026-03-21");
    about.kind = "triage.decided";
    about.about = to_string(first_ids.at(0));
    about.body = object(R"({"outcome": "advice", "rationale": "Words."})");
    first.keep({about});
    const auto exported = export_all(first, Naming::all);

    ScratchStore second_store;
    SampleRecord second(*second_store);
    std::istringstream lines(exported);
    const Zone zone;
    for (std::string line; std::getline(lines, line);) {
        auto draft = decode_draft(line, kinds_of_entry(), sample_now(), zone);
        REQUIRE(draft);
        second.clock.advance(std::chrono::hours(1));
        second.keep({*draft});
    }
    auto sorted = [](const std::string& text) {
        std::vector<std::string> all;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) all.push_back(line);
        std::sort(all.begin(), all.end());
        return all;
    };
    CHECK(sorted(export_all(second, Naming::all)) == sorted(exported));
    CHECK(sorted(exported).size() == 3);
}

TEST_CASE("A reference to an entry by our id is written out as its source's id") {
    ScratchStore store;
    SampleRecord record(*store);
    const auto ids = record.keep({sample_concern("e-1", "A")});
    std::vector<Ready> ready(1);
    ready[0].id = EntryId{make_uuid7(record.clock, record.random)};
    ready[0].draft = sample_concern("e-2", "A");
    ready[0].draft.about = to_string(ids[0]);
    ready[0].draft.subjects.clear();
    ready[0].about = ids[0];
    ready[0].supersedes = ids[0];
    SampleRecord::must(store->write([&](store::Transaction& tx) {
        return record.journal.append(tx, sample_partnership, record.append_permit, ready);
    }));
    const auto lines = export_all(record);
    CHECK(lines.find(R"("about":"e-1")") != std::string::npos);
    CHECK(lines.find(R"("supersedes":"e-1")") != std::string::npos);
}

TEST_CASE("A card or text that another entry's seal wrote, or nobody's, is not opened") {
    const auto seal = plain_seal();
    const Bytes plain{1, 2, 3};
    CHECK(seal->open(seal->close(plain, {"card", {}, "k", 1}), {"card", {}, "k", 1}).value() == plain);
    CHECK_FALSE(seal->open({}, {"card", {}, "k", 1}));
    CHECK_FALSE(seal->open(plain, {"card", {}, "k", 1}));
}
