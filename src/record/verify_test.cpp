// Whoever holds the file can change it; nobody can do so unseen. Each class of tampering is done to a real SQLite file,
// past the store, and must be found.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include "record/leaf.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

class RawFile {
public:
    explicit RawFile(const std::string& path) { REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK); }
    ~RawFile() { sqlite3_close(db_); }
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    // Runs statements and says how many rows they changed.
    int run(const std::string& sql) {
        const int before = sqlite3_total_changes(db_);
        char* message = nullptr;
        const int status = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message);
        INFO((message != nullptr ? message : ""), " ", sql);
        REQUIRE(status == SQLITE_OK);
        return sqlite3_total_changes(db_) - before;
    }

private:
    sqlite3* db_ = nullptr;
};

// Forty entries in three records, sequenced, and three more still queued.
struct Kept {
    ScratchStore store;
    SampleRecord record{*store};
    std::vector<EntryId> ids;
    std::string checkpoint;

    explicit Kept(int queued = 0) {
        std::vector<Draft> drafts;
        for (int i = 0; i < 40; ++i)
            drafts.push_back(sample_concern("e-" + std::to_string(i), "C" + std::to_string(i % 3)));
        ids = record.keep(drafts);
        REQUIRE(record.sequence() == 40);
        checkpoint =
            record.read([](store::Snapshot& s) { return s.latest_checkpoint(sample_partnership).value().note; });
        drafts.clear();
        for (int i = 0; i < queued; ++i) drafts.push_back(sample_concern("q-" + std::to_string(i), "C1"));
        if (queued > 0) ids = record.keep(drafts);
    }

    // Changes the file behind the store's back, and verifies.
    Verification after(const std::string& sql, std::optional<std::string> older = std::nullopt) {
        tamper(sql);
        return record.verify(std::move(older));
    }
    void tamper(const std::string& sql) {
        store.close();
        CHECK(RawFile(store.address().path_or_url).run(sql) > 0);
        open();
    }
    void open() {
        store.open();
        record.use(*store);
    }
};

bool found(const Verification& v, std::string_view what) {
    for (const auto& finding : v.findings) {
        if (finding.what == what) return !finding.where.empty() && !finding.why.empty();
    }
    return false;
}

std::string blob(EntryId id) {
    return "x'" + to_hex(id.value.octets) + "'";
}

}  // namespace

TEST_CASE("A record that nobody touched is sound") {
    for_each_engine([](store::Store& store) {
        SampleRecord record(store);
        CHECK(record.verify().sound());
        record.keep({sample_concern("e-1", "A"), sample_concern("e-2", "B")});
        CHECK(record.verify().queued == 2);
        CHECK(record.sequence() == 2);
        auto again = sample_concern("e-3", "A");
        again.subjects[0].identity->given_name = "Almaa";  // a second version of the view
        record.keep({again});
        auto partnership_entry = sample_concern("e-4", "A");
        partnership_entry.kind = "guidance.issued";
        partnership_entry.subjects.clear();
        partnership_entry.body = object(R"({"chapter": "4.2", "version": "3"})");
        record.keep({partnership_entry});
        const auto v = record.verify();
        for (const auto& finding : v.findings) MESSAGE(finding.what, " ", finding.where, " ", finding.why);
        CHECK(v.sound());
        CHECK(v.entries == 4);
        CHECK(v.indexed == 2);
        CHECK(v.queued == 2);
        CHECK(v.root == open_checkpoint(v.checkpoint, record.key.verifier(SampleRecord::origin)).value().root);
    });
}

TEST_CASE("A sound record holds against an older checkpoint") {
    Kept kept;
    kept.record.keep({sample_concern("later", "C1")});
    REQUIRE(kept.record.sequence() == 1);
    CHECK(kept.record.verify(kept.checkpoint).sound());
}

TEST_CASE("Progress is told up to the whole") {
    Kept kept;
    std::uint64_t last = 0;
    SampleRecord::must(kept.store->read([&](store::Snapshot& s) -> Result<void> {
        TRY_VOID(verify(s, sample_partnership, kept.record.journal, kept.record.key.verifier(SampleRecord::origin),
                        std::nullopt, [&](std::uint64_t done, std::uint64_t total) {
                            last = done;
                            CHECK(total == 40);
                        }));
        return {};
    }));
    CHECK(last == 40);
}

TEST_CASE("A verifier that is not one is refused before anything is read") {
    Kept kept;
    CHECK_FALSE(kept.store->read([&](store::Snapshot& s) -> Result<void> {
        TRY_VOID(verify(s, sample_partnership, kept.record.journal, "nothing", std::nullopt, {}));
        return {};
    }));
}

TEST_CASE("An altered text is found") {
    Kept kept;
    const auto v = kept.after(
        "update entry_text set text = cast(replace(cast(text as text), 'Category 2', 'Category 1') as blob) where "
        "entry = " +
        blob(kept.ids[5]));
    CHECK(found(v, "altered"));
    CHECK(v.findings.front().where == to_string(kept.ids[5]));
    CHECK(v.findings.front().why.find("leaf") != std::string::npos);
}

TEST_CASE("A text in which nothing but its format byte was altered is found") {
    Kept kept;
    CHECK(found(kept.after("update entry_text set text = cast(x'01' || substr(text, 2) as blob) where entry = " +
                           blob(kept.ids[5])),
                "altered"));
}

TEST_CASE("An altered card is found") {
    Kept kept;
    const auto v = kept.after(
        "update entry set card = cast(replace(cast(card as text), 'school', 'street') as blob) where entry = " +
        blob(kept.ids[7]));
    CHECK(found(v, "card"));
    CHECK(v.findings.size() == 1);
}

TEST_CASE("A field taken out of a card is found") {
    Kept kept;
    CHECK(found(kept.after("update entry set card = cast(replace(cast(card as text), '\"setting\":\"school\"', '') as "
                           "blob) where entry = " +
                           blob(kept.ids[7])),
                "card"));
    Kept other;
    CHECK(found(other.after("update entry set card = cast(replace(cast(card as text), ',\"setting\":\"school\"', '') "
                            "as blob) where entry = " +
                            blob(other.ids[7])),
                "card"));
}

TEST_CASE("The cards of two entries exchanged are found where they differ") {
    Kept kept;
    const auto a = blob(kept.ids[1]);
    CHECK(found(
        kept.after("update entry set card = (select text from entry_text where entry = " + a + ") where entry = " + a),
        "card"));
}

TEST_CASE("Every clear column of an entry is held by its leaf") {
    const std::pair<const char*, const char*> columns[] = {
        {"at", "at + 1"},
        {"recorded", "recorded - 1"},
        {"kept", "kept + 1"},
        {"date_only", "1 - date_only"},
        {"agency", "'police'"},
        {"author", "'b.other'"},
        {"kind", "'incident.recorded'"},
        {"source_id", "'e-x'"},
        {"about", "entry"},
        {"supersedes", "entry"},
        {"incident", "'i-x'"},
        {"marking", "'hidden'"},
        {"digest", "salt"},
        {"case_seq", "case_seq + 100"},
        {"case_id", "entry"},
        {"record", "entry"},
    };
    Kept kept;
    for (const auto& [column, value] : columns) {
        CAPTURE(std::string(column));
        const auto where = " where entry = " + blob(kept.ids[9]);
        kept.store.close();
        {
            RawFile file(kept.store.address().path_or_url);
            file.run("create table saved as select * from entry" + where);
            CHECK(file.run("update entry set " + std::string(column) + " = " + value + where) == 1);
        }
        kept.open();
        CHECK(found(kept.record.verify(), "altered"));
        kept.tamper("delete from entry" + where + "; insert into entry select * from saved; drop table saved");
        CHECK(kept.record.verify().sound());
    }
}

TEST_CASE("An altered salt is found") {
    Kept kept;
    CHECK(found(kept.after("update entry set salt = digest where entry = " + blob(kept.ids[3])), "altered"));
}

TEST_CASE("An altered leaf is found, and the tree that it stands in") {
    Kept kept;
    const auto v = kept.after("update leaf set leaf = randomblob(32) where log_index = 11");
    CHECK(found(v, "altered"));
    CHECK(found(v, "reordered"));
    CHECK(found(v, "index"));
}

TEST_CASE("An entry altered together with its leaf is found by the tree") {
    // Who knows the format can make the leaf follow; the signed root does not.
    Kept kept;
    kept.tamper("update entry set author = 'b.other' where entry = " + blob(kept.ids[3]));
    const auto leaf = kept.record.read([&](store::Snapshot& s) {
        const auto whole = s.entries(sample_partnership, std::span(&kept.ids[3], 1), store::Want::whole).at(0).value();
        const auto text =
            kept.record.seal
                ->open(whole.text, {"text", whole.row.entry.value, whole.row.kind, 1, whole.row.record.value})
                .value();
        return to_hex(leaf_of(whole.row.salt, write_envelope(whole.row), as_text(text)));
    });
    const auto v = kept.after("update leaf set leaf = x'" + leaf + "' where entry = " + blob(kept.ids[3]));
    CHECK_FALSE(found(v, "altered"));
    CHECK(found(v, "reordered"));
}

TEST_CASE("A removed entry is found") {
    Kept kept;
    const auto v = kept.after("delete from entry where entry = " + blob(kept.ids[8]) +
                              "; delete from entry_text where entry = " + blob(kept.ids[8]));
    CHECK(found(v, "removed"));
    CHECK(found(v, "gap"));
}

TEST_CASE("A removed text is found") {
    Kept kept;
    CHECK_FALSE(kept.after("delete from entry_text where entry = " + blob(kept.ids[8])).sound());
}

TEST_CASE("An entry removed with its leaf is found") {
    Kept kept;
    const auto id = blob(kept.ids[8]);
    const auto v = kept.after("delete from entry where entry = " + id + "; delete from entry_text where entry = " + id +
                              "; delete from leaf where entry = " + id);
    CHECK(found(v, "removed"));
    CHECK(found(v, "index"));
}

TEST_CASE("An entry that was added without a leaf is found") {
    Kept kept;
    const auto v = kept.after(
        "insert into entry select partnership, record, at, recorded, x'0123456789abcdef0123456789abcdef', date_only, "
        "kept, null, 0, agency,"
        " author, kind, 'forged', about, supersedes, incident, marking, digest, salt, card from entry where entry = " +
        blob(kept.ids[2]) +
        "; insert into entry_text select partnership, x'0123456789abcdef0123456789abcdef', text from entry_text where "
        "entry = " +
        blob(kept.ids[2]));
    CHECK(found(v, "added"));
    CHECK(v.findings.size() == 1);
}

TEST_CASE("An entry that was added with a leaf at the end of the log is found by the checkpoint") {
    Kept kept;
    const auto v = kept.after(
        "insert into leaf (partnership, log_index, entry, leaf) values (1, 40, x'0123456789abcdef0123456789abcdef', "
        "randomblob(32))");
    CHECK(found(v, "added"));
}

TEST_CASE("Reordered leaves are found") {
    Kept kept;
    const auto v = kept.after(
        "update leaf set log_index = 1000 where log_index = 10; update leaf set log_index = 10 where log_index = 20;"
        "update leaf set log_index = 20 where log_index = 1000");
    CHECK(found(v, "reordered"));
    CHECK_FALSE(found(v, "altered"));
}

TEST_CASE("A log cut off at its end is found") {
    Kept kept;
    const auto v = kept.after("delete from leaf where log_index >= 30");
    CHECK(found(v, "removed"));
    CHECK(found(v, "added"));  // entries that now have no leaf
}

TEST_CASE("A log, its entries and its state cut off together are found by the newest checkpoint") {
    Kept kept;
    const auto v = kept.after(
        "delete from entry where entry in (select entry from leaf where log_index >= 30);"
        "delete from leaf where log_index >= 30");
    CHECK(found(v, "removed"));
}

TEST_CASE("A store rolled back to an earlier state is sound in itself and found by an older checkpoint") {
    Kept kept;
    kept.store.close();
    const auto path = kept.store.address().path_or_url;
    std::filesystem::copy_file(path, path + ".yesterday");
    kept.open();
    kept.record.keep({sample_concern("later", "C1")});
    REQUIRE(kept.record.sequence() == 1);
    const auto witnessed =
        kept.record.read([](store::Snapshot& s) { return s.latest_checkpoint(sample_partnership).value().note; });
    kept.store.close();
    for (const auto* suffix : {"-wal", "-shm"}) std::filesystem::remove(path + suffix);
    std::filesystem::copy_file(path + ".yesterday", path, std::filesystem::copy_options::overwrite_existing);
    kept.open();
    CHECK(kept.record.verify().sound());
    CHECK(kept.record.verify(kept.checkpoint).sound());
    CHECK(found(kept.record.verify(witnessed), "rolled-back"));
}

TEST_CASE("A log made anew over other entries is found by an older checkpoint, even with the signing key") {
    Kept kept;
    const auto witnessed = kept.checkpoint;
    ScratchStore other_store;
    SampleRecord other(*other_store);
    for (int i = 0; i < 41; ++i) other.keep({sample_concern("o-" + std::to_string(i), "C1")});
    Sequencer forger(*other_store, sample_partnership, SampleRecord::origin, kept.record.key, other.clock);
    REQUIRE(forger.run() == 41);
    const auto held = [&](std::optional<std::string> older) {
        Verification out;
        SampleRecord::must(other_store->read([&](store::Snapshot& s) -> Result<void> {
            out = TRY(verify(s, sample_partnership, other.journal, kept.record.key.verifier(SampleRecord::origin),
                             older, {}));
            return {};
        }));
        return out;
    };
    CHECK(held(std::nullopt).sound());
    CHECK(found(held(witnessed), "reordered"));
}

TEST_CASE("A checkpoint that was altered, re-signed by another key or taken away is found") {
    Kept kept;
    CHECK(found(kept.after("update checkpoint set note = replace(note, '40', '39')"), "checkpoint"));
    Kept other;
    SeededRandom random(5);
    const auto mine = sign_checkpoint({SampleRecord::origin, 40, other.record.verify().root}, SigningKey::make(random));
    CHECK(found(other.after("update checkpoint set note = '" + mine + "'"), "checkpoint"));
    Kept third;
    CHECK(found(third.after("delete from checkpoint"), "checkpoint"));
}

TEST_CASE("An altered log state is found") {
    Kept kept;
    CHECK(found(kept.after("update log_state set frontier = randomblob(length(frontier))"), "index"));
    Kept other;
    CHECK(found(other.after("update log_state set size = 41"), "index"));
}

TEST_CASE("A gap or a repeat in the numbers of a case is found") {
    Kept kept;
    CHECK(found(kept.after("update entry set case_seq = 5 where case_seq = 4"), "gap"));
    Kept other;
    CHECK(found(other.after("update entry set case_seq = case_seq + 1 where case_seq >= 4"), "gap"));
    Kept third;
    CHECK(found(third.after("update casefile set next_seq = next_seq + 1"), "gap"));
}

TEST_CASE("An identity that was changed is found, in its version and in what the view shows") {
    const std::string change = " set identity = cast(replace(cast(identity as text), 'Alma', 'Elma') as blob)";
    Kept kept;
    CHECK(found(kept.after("update view_version" + change + " where version = 2"), "identity"));
    Kept other;
    CHECK(found(other.after("update view" + change), "identity"));
    Kept both;
    CHECK(found(both.after("update view" + change + "; update view_version" + change), "identity"));
}

TEST_CASE("A version of an identity that was removed or added is found") {
    Kept kept;
    CHECK(found(kept.after("delete from view_version where version = 1"), "identity"));
    Kept other;
    CHECK(found(other.after("insert into view_version select partnership, view, version + 1, recorded, entry, identity "
                            "from view_version order by version desc limit 1"),
                "identity"));
    Kept third;
    CHECK(found(third.after("insert into view select partnership, x'0123456789abcdef0123456789abcdef', agency, source, "
                            "'forged', person, 1, recorded, identity from view limit 1;"
                            "insert into view_version select partnership, view, 1, recorded, person, identity from "
                            "view where source_id = 'forged'"),
                "identity"));
}

TEST_CASE("What is queued is checked as well, and how much could still be removed unseen is told") {
    Kept kept(3);
    CHECK(kept.record.verify().queued == 3);
    CHECK(kept.record.verify().sound());
    CHECK(found(kept.after("update entry set author = 'b.other' where entry = " + blob(kept.ids[1])), "altered"));
    Kept other(3);
    CHECK(found(other.after("delete from leaf_queue where entry = " + blob(other.ids[1])), "added"));
    Kept third(3);
    CHECK(found(third.after("delete from entry where entry = " + blob(third.ids[2])), "removed"));
    // An entry removed with its queued leaf is not in the log yet; the number of its case tells.
    Kept fourth(3);
    const auto id = blob(fourth.ids[2]);
    CHECK(found(fourth.after("delete from entry where entry = " + id + "; delete from entry_text where entry = " + id +
                             "; delete from leaf_queue where entry = " + id),
                "gap"));
}

TEST_CASE("No more than a thousand findings are listed") {
    ScratchStore store;
    SampleRecord record(*store);
    std::vector<Draft> drafts;
    for (int i = 0; i < 1'200; ++i) drafts.push_back(sample_concern("e-" + std::to_string(i), "C1"));
    record.keep(drafts);
    store.close();
    RawFile(store.address().path_or_url).run("update entry set author = 'b.other'");
    store.open();
    record.use(*store);
    CHECK(record.verify().findings.size() == 1'000);
}
