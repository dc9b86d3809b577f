// What was adopted when, and which of it a case keeps to.
#include "casework/editions.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/scratch_files.hpp"
#include "support/two_agencies.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using namespace testing;
using casework::Adopted;
using casework::Editions;

namespace {

std::string content_dir() {
    return std::string(WAYMARK_SOURCE_DIR) + "/content";
}
content::Catalogue catalogue() {
    return *content::load_kinds(content_dir());
}
std::vector<Adopted> founded() {
    std::ifstream in(content_dir() + "/profiles/northbay.toml");
    std::stringstream text;
    text << in.rdbuf();
    return must(
        casework::content_for(content_dir(), must(content::parse_profile(text.str(), "northbay.toml")), catalogue()));
}
std::vector<Editions::At> all_at(Instant when, const std::vector<Adopted>& texts) {
    std::vector<Editions::At> all;
    for (const auto& one : texts) all.push_back({when, one});
    return all;
}
Adopted& procedure_of(std::vector<Adopted>& texts) {
    return *std::find_if(texts.begin(), texts.end(), [](const auto& one) { return one.what == "procedure"; });
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}
const auto monday = parse_instant("2026-03-02T09:00:00Z").value();

}  // namespace

TEST_CASE("the first edition counts for everything before it, and a newer one from its adoption on") {
    auto texts = founded();
    auto adopted = all_at(monday, texts);
    auto newer = procedure_of(texts);
    newer.text = replaced(newer.text, "version = \"" + newer.version + "\"", "version = \"next\"");
    adopted.push_back({monday + 48h, newer});
    const auto editions = must(Editions::of(adopted, catalogue()));
    CHECK(editions.size() == 2);
    CHECK(editions.at(monday - 1000h).procedure.rulebook().version != "next");
    CHECK(editions.at(monday + 47h).procedure.rulebook().version != "next");
    CHECK(editions.at(monday + 48h).procedure.rulebook().version == "next");
    CHECK(&editions.now() == &editions.at(monday + 1000h));
    CHECK(editions.left_out().empty());
}

TEST_CASE("a text that cannot be read any more makes no edition, and that is said") {
    auto texts = founded();
    auto adopted = all_at(monday, texts);
    auto broken = procedure_of(texts);
    broken.text = "name = 7";
    adopted.push_back({monday + 48h, broken});
    const auto editions = must(Editions::of(adopted, catalogue()));
    CHECK(editions.size() == 1);
    CHECK(editions.left_out().size() == 1);
    CHECK_FALSE(Editions::of({}, catalogue()));
    CHECK_FALSE(Editions::of({{monday, broken}}, catalogue()));
}

TEST_CASE("adopting writes what has changed, once, and a case that is open keeps its clocks") {
    for_each_engine([](store::Store& store) {
        ScratchFolder folder;
        const auto content = folder.path() / "content";
        std::filesystem::copy(content_dir(), content, std::filesystem::copy_options::recursive);
        OpenOffice world(store, 1, content.string());
        const auto& office = world.office();
        const auto permit = world.operator_permit();
        CHECK(must(casework::adopt(office, std::nullopt, permit)).empty());

        const auto before = known(world, "nursery", "n1", is_ada, {.at = "2026-03-01"});
        const auto name = office.rulebook().name;
        const auto file = content / "procedures" / (name + ".toml");
        std::string text;
        {
            std::ifstream in(file);
            std::stringstream whole;
            whole << in.rdbuf();
            text = replaced(whole.str(), "version = \"", "version = \"next-");
            const auto rule = text.find("id = \"referral-decision\"");
            REQUIRE(rule != std::string::npos);
            const auto clock = text.find("clock = \"1 working day\"", rule);
            REQUIRE(clock != std::string::npos);
            text.replace(clock, std::string("clock = \"1 working day\"").size(), "clock = \"5 working days\"");
        }
        std::ofstream(file) << text;
        world.clock().advance(24h);
        const auto adopted = must(casework::adopt(office, std::nullopt, permit));
        REQUIRE(adopted.size() == 1);
        CHECK(adopted[0].what == "procedure");
        CHECK(adopted[0].name == name);
        CHECK(must(casework::adopt(office, std::nullopt, permit)).empty());

        world.reopen();
        world.clock().advance(48h);
        const auto after = known(world, "nursery", "n2", is_olive, {.at = "2026-03-04"});
        const auto due = [&](const casework::Outcome& of) {
            const auto standing = must(casework::standing_of(world.office(), world.asker("m.brennan", "triage"),
                                                             of.cases[0], world.clock().now()));
            for (const auto& duty : standing.duties) {
                if (duty.id == "referral-decision") return *duty.due_day;
            }
            return Date{};
        };
        CHECK(due(before) == *parse_date("2026-03-02"));
        CHECK(due(after) == *parse_date("2026-03-11"));
        CHECK(world.read([&](store::Snapshot& s) {
            return s.partnership_entries(world.office().partnership, "content.adopted", store::Want::cards).size();
        }) == founded().size() + 1);
    });
}

TEST_CASE("content with a fault is not adopted, and the fault names its file and line") {
    for_each_engine([](store::Store& store) {
        ScratchFolder folder;
        const auto content = folder.path() / "content";
        std::filesystem::copy(content_dir(), content, std::filesystem::copy_options::recursive);
        OpenOffice world(store, 1, content.string());
        const auto file = content / "procedures" / (world.office().rulebook().name + ".toml");
        std::ofstream(file, std::ios::app) << "\n[[rule]]\nid = \"x\"\nrelation = \"wish\"\n";
        const auto refused = casework::adopt(world.office(), std::nullopt, world.operator_permit());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().place.find(".toml:") != std::string::npos);
        CHECK(must(Editions::of(all_at(monday, founded()), catalogue())).size() == 1);
    });
}
