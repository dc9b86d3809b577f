#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/system.hpp"
#include "base/text.hpp"
#include "exchange/exchange.hpp"
#include "support/scratch_store.hpp"
#include "support/told.hpp"

using namespace waymark;
using namespace waymark::exchange;
using waymark::testing::Reader;
using waymark::testing::ScratchFolder;
using waymark::testing::ScratchStore;

namespace {

std::string sample(const std::string& name) {
    return std::string(WAYMARK_SOURCE_DIR) + "/" + name;
}

// A partnership on a scratch store.
struct Bench {
    explicit Bench(store::Engine engine = store::Engine::sqlite)
        : scratch(engine), clock(*parse_instant("2026-11-22T12:00:00Z")) {
        std::ifstream profile(Reader::dir() + "/profiles/northbay.toml");
        std::ostringstream text;
        text << profile.rdbuf();
        const auto founded =
            casework::found_partnership(*scratch, Reader::dir(), text.str(), "northbay.toml", false, clock, random);
        REQUIRE_MESSAGE(founded.has_value(), (founded ? "" : describe(founded.error())));
        auto opened = casework::open_office(*scratch, Reader::dir(), std::nullopt, clock, random);
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : describe(opened.error())));
        office = std::move(*opened);
    }
    Tally import(Format format, const std::vector<std::string>& files, bool strict = false,
                 std::string agency = "csc") {
        ImportOptions options;
        options.agency = format == Format::entries ? "" : std::move(agency);
        options.strict = strict;
        options.batch = batch;
        options.on_refusal = [&](const Refusal& refusal) { refusals.push_back(refusal); };
        auto tally = import_files(*office, operator_asker(), format, files, options);
        REQUIRE_MESSAGE(tally.has_value(), (tally ? "" : describe(tally.error())));
        return *tally;
    }
    std::string export_all() {
        std::ostringstream out;
        const auto written = export_entries(*office, operator_asker(), out, {});
        REQUIRE_MESSAGE(written.has_value(), (written ? "" : describe(written.error())));
        return out.str();
    }
    std::int64_t entries() {
        std::int64_t count = 0;
        REQUIRE(scratch->read([&](store::Snapshot& snapshot) -> Result<void> {
            count = snapshot.count_entries(office->partnership);
            return {};
        }));
        return count;
    }
    // Who stands together: each view, and the first name of its cluster. (Which of two views that were recorded at the
    // same instant is the older, and so gives the person its id, is a store's own matter.)
    std::map<std::string, std::string> persons() {
        std::map<ViewId, std::set<std::string>> clusters;
        REQUIRE(scratch->read([&](store::Snapshot& snapshot) -> Result<void> {
            snapshot.scan_views(office->partnership, [&](const store::ViewRow& row) {
                clusters[row.person].insert(row.agency + "/" + row.source + "/" + row.source_id);
                return true;
            });
            return {};
        }));
        std::map<std::string, std::string> out;
        for (const auto& [person, names] : clusters) {
            for (const auto& name : names) out[name] = *names.begin();
        }
        return out;
    }
    // What every case asks for, without the ids that differ from store to store.
    std::string standings() {
        std::vector<std::string> lines;
        const auto done =
            casework::standings(*office, operator_asker(), clock.now(), 1, [&](const procedure::Standing& standing) {
                std::string line;
                for (const auto& duty : standing.duties)
                    line += fmt::format("{} {} {};", duty.id, to_string(duty.due), static_cast<int>(duty.state));
                for (const auto& cue : standing.cues) line += fmt::format("{};", cue.id);
                lines.push_back(std::move(line));
                return true;
            });
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : describe(done.error())));
        std::sort(lines.begin(), lines.end());
        return join(lines, "\n");
    }
    static record::Asker operator_asker() { return sharing::operator_asker("import", "operation"); }

    ScratchStore scratch;
    SetClock clock;
    SystemRandom random;
    std::unique_ptr<casework::Office> office;
    std::vector<Refusal> refusals;
    std::size_t batch = 150;
};

std::string write_file(const ScratchFolder& folder, const std::string& name, const std::string& text) {
    const auto path = folder / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

void for_each_engine(const std::function<void(store::Engine)>& test) {
    for (const auto engine : testing::engines_to_test()) {
        INFO((engine == store::Engine::sqlite ? "on SQLite" : "on PostgreSQL"));
        test(engine);
    }
}

const std::string first_line =
    R"({"kind":"concern.raised","at":"2026-10-01","agency":"csc","author":"a.rahman","id":"c1","subjects":[{"involvement":"displayed","identity":{"source":"s","id":"1"}}],"body":{"about_what":"displayed-behaviour"}})";

}  // namespace

TEST_CASE("each sample is taken, counted, and changes nothing when it comes again") {
    for_each_engine([](store::Engine engine) {
        Bench bench(engine);
        struct Sample {
            Format format;
            std::string file;
            std::string agency;
        };
        const std::vector<Sample> samples{{Format::family_context, "content/samples/csc.csv", "csc"},
                                          {Format::family_context, "content/samples/education.csv", "education"},
                                          {Format::cin_census, "content/samples/fake_CIN_data.xml", "csc"},
                                          {Format::cin_census, "tests/data/cin-census/CIN2rows.xml", "csc"}};
        for (const auto& [format, file, agency] : samples) {
            CAPTURE(file);
            const auto tally = bench.import(format, {sample(file)}, false, agency);
            CHECK(tally.rows == tally.taken + tally.refused + tally.repeated);
            CHECK(tally.taken > 0);
            const auto entries = bench.entries();
            const auto again = bench.import(format, {sample(file)}, false, agency);
            CHECK(bench.entries() == entries);
            CHECK(again.taken == 0);
            CHECK(again.rows == tally.rows);
            CHECK(again.refused == tally.refused);
            CHECK(again.repeated == tally.taken + tally.repeated);
        }
    });
}

TEST_CASE("rows that are refused are told in the order of the file, and the rest is taken") {
    Bench bench;
    bench.batch = 2;
    ScratchFolder folder;
    auto unknown_agency = first_line;
    unknown_agency.replace(unknown_agency.find("\"csc\""), 5, "\"nope\"");
    auto other_content = first_line;
    other_content.replace(other_content.find("2026-10-01"), 10, "2026-10-02");
    const auto file =
        write_file(folder, "e.jsonl",
                   first_line + "\nbroken\n" + first_line + "\n" + unknown_agency + "\n" + other_content + "\n");
    const auto tally = bench.import(Format::entries, {file});
    CHECK(tally.rows == 5);
    CHECK(tally.taken == 1);
    CHECK(tally.repeated == 1);
    CHECK(tally.refused == 3);
    REQUIRE(bench.refusals.size() == 3);
    CHECK(bench.refusals[0].line == 2);
    CHECK(bench.refusals[1].line == 4);
    CHECK(bench.refusals[1].place == "agency");
    CHECK(bench.refusals[2].line == 5);
    CHECK(bench.refusals[2].place == "id");
}

TEST_CASE("strict takes all or nothing, whether the reader or the record refuses") {
    for_each_engine([](store::Engine engine) {
        Bench bench(engine);
        ScratchFolder folder;
        const auto before = bench.entries();
        const auto broken = write_file(folder, "broken.jsonl", first_line + "\nbroken\n");
        auto tally = bench.import(Format::entries, {broken}, true);
        CHECK(tally.refused == 1);
        CHECK(tally.taken == 0);
        auto other_content = first_line;
        other_content.replace(other_content.find("2026-10-01"), 10, "2026-10-02");
        const auto conflict = write_file(folder, "conflict.jsonl", first_line + "\n" + other_content + "\n");
        tally = bench.import(Format::entries, {conflict}, true);
        CHECK(tally.refused == 1);
        CHECK(tally.taken == 0);
        CHECK(bench.entries() == before);
        CHECK(bench.refusals.size() == 2);
        tally = bench.import(Format::family_context, {sample("content/samples/csc.csv")}, true);
        CHECK(tally.taken == 500);
        CHECK(bench.entries() > before + 499);
    });
}

TEST_CASE("a file that is not there, or is not of the format, is a fault before or after which nothing is taken") {
    Bench bench;
    ImportOptions options;
    options.agency = "csc";
    const auto asker = Bench::operator_asker();
    const auto missing = import_files(*bench.office, asker, Format::people, {"/nonexistent.csv"}, options);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == FaultKind::missing);
    CHECK_FALSE(
        import_files(*bench.office, asker, Format::people, {sample("content/samples/fake_CIN_data.xml")}, options));
    options.agency = "nobody";
    const auto agency =
        import_files(*bench.office, asker, Format::people, {sample("content/samples/csc.csv")}, options);
    REQUIRE_FALSE(agency);
    CHECK(agency.error().place == "--agency");
}

TEST_CASE("a changed row of people is another entry and a second version of the same view") {
    Bench bench;
    ScratchFolder folder;
    const auto one = write_file(folder, "1.csv", "id,given_name,family_name\n7,Ann,Bell\n");
    const auto two = write_file(folder, "2.csv", "id,given_name,family_name\n7,Anna,Bell\n");
    CHECK(bench.import(Format::people, {one}).taken == 1);
    bench.clock.advance(std::chrono::hours{48});
    CHECK(bench.import(Format::people, {one}).repeated == 1);
    CHECK(bench.import(Format::people, {two}).taken == 1);
    CHECK(bench.persons().size() == 1);
}

TEST_CASE("a census child whose identity is mended next year keeps its entries, and only what is new is taken") {
    Bench bench;
    ScratchFolder folder;
    auto census = Reader::load_file("tests/data/cin-census/CIN2rows.xml");
    const auto first = bench.import(Format::cin_census, {write_file(folder, "1.xml", census)});
    CHECK(first.refused == 0);
    census.replace(census.find("<GenderCurrent>1"), 16, "<GenderCurrent>2");
    const auto second = bench.import(Format::cin_census, {write_file(folder, "2.xml", census)});
    CHECK(second.taken == 1);
    CHECK(second.refused == 0);
    CHECK(bench.persons().size() == 1);
}

TEST_CASE("exported, taken into an empty store and exported again, the record is the same to the byte") {
    for_each_engine([](store::Engine engine) {
        Bench from(engine);
        from.import(Format::family_context, {sample("content/samples/csc.csv")}, false, "csc");
        from.import(Format::family_context, {sample("content/samples/education.csv")}, false, "education");
        from.import(Format::cin_census, {sample("content/samples/fake_CIN_data.xml")});
        const auto exported = from.export_all();

        ScratchFolder folder;
        const auto file = write_file(folder, "all.jsonl", exported);
        Bench into(engine);
        into.batch = 70;
        into.clock.advance(std::chrono::hours{30});
        const auto tally = into.import(Format::entries, {file});
        std::string why;
        for (const auto& one : into.refusals) why += testing::written(one);
        CHECK(why == "");
        CHECK(tally.refused == 0);
        CHECK(from.entries() == into.entries());
        CHECK(from.persons() == into.persons());
        const auto again = into.export_all();
        CHECK((again == exported));
        into.clock.set(from.clock.now());
        CHECK((into.standings() == from.standings()));
        // And to where it came from it brings nothing.
        const auto back = from.import(Format::entries, {file});
        CHECK(back.taken == 0);
        CHECK(back.refused == 0);
    });
}

TEST_CASE("as a table, every entry is a line, without a name in it") {
    Bench bench;
    bench.import(Format::family_context, {sample("content/samples/csc.csv")});
    std::ostringstream out;
    const auto written = export_csv(*bench.office, Bench::operator_asker(), out);
    REQUIRE(written.has_value());
    CHECK(static_cast<std::int64_t>(*written) == bench.entries());
    const auto text = out.str();
    CHECK(text.find("involvement.recorded") != std::string::npos);
    CHECK(text.find("Martin") == std::string::npos);
    CHECK(text.find("Daviesmouth") == std::string::npos);
    CHECK(text.find("Chambers") == std::string::npos);
}
TEST_CASE(
    "the audit line of an export names its purpose and its lawful basis, and one that is not known takes nothing out") {
    Bench bench;
    bench.import(Format::family_context, {sample("content/samples/csc.csv")});
    auto asker = Bench::operator_asker();
    asker.purpose = "audit";
    std::ostringstream out;
    ExportOptions options;
    options.basis = "because";
    const auto refused = export_csv(*bench.office, asker, out, {}, options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().place == "--basis");
    CHECK(out.str().empty());
    options.basis = "public-task";
    REQUIRE(export_csv(*bench.office, asker, out, {}, options).has_value());
    record::AuditLine line;
    REQUIRE(bench.scratch->read([&](store::Snapshot& snapshot) -> Result<void> {
        store::Snapshot::AuditFilter filter;
        filter.who = bench.office->auditor->tag_of(asker.practitioner);
        filter.action = "export";
        const auto lines = snapshot.audit(bench.office->partnership, filter, 1);
        if (!lines.empty()) line = TRY(bench.office->auditor->open(lines.front()));
        return {};
    }));
    CHECK(line.action == "export");
    CHECK(line.purpose == "audit");
    CHECK(line.basis == "public-task.sch1-18.art-10_" + bench.office->bases.version);
}
