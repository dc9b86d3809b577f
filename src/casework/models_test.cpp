// The model by which the registry weighs: adopted like the rest of the content, refused where it is for other columns.
#include "casework/models.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "support/two_agencies.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using namespace testing;
using casework::Adopted;
using casework::Editions;

namespace {

// The shipped model, but that one birth date says less.
std::string another_model() {
    people::batch::LinkageModel model = people::default_model();
    for (auto& field : model.fields) {
        field.shares = nullptr;
        for (auto& level : field.levels) {
            if (field.kind == people::batch::Kind::date_of_birth && level.id == "same") level.m /= 4;
        }
    }
    return people::batch::write_linkage_model(model);
}
std::string weighed_by(const Editions& editions) {
    return people::batch::write_linkage_model(casework::model_in_force(editions.newest()));
}
std::vector<people::Offered> ada_found(OpenOffice& world) {
    record::Identity query;
    query.given_name = "Ada";
    query.family_name = "Lindgren";
    query.date_of_birth = parse_date("2012-04-05").value();
    return must(casework::who_may_this_be(world.office(), world.asker("m.brennan", "triage"), query, 5));
}

std::vector<Editions::At> founded_at(Instant when) {
    const std::string folder = std::string(WAYMARK_SOURCE_DIR) + "/content";
    std::ifstream in(folder + "/profiles/northbay.toml");
    std::stringstream text;
    text << in.rdbuf();
    const auto texts = must(casework::content_for(folder, must(content::parse_profile(text.str(), "northbay.toml")),
                                                  *content::load_kinds(folder)));
    std::vector<Editions::At> all;
    for (const auto& one : texts) all.push_back({when, one});
    return all;
}

}  // namespace

TEST_CASE("a model that is adopted weighs in the registry from the next start on, and its words stay") {
    for_each_office([](OpenOffice& world) {
        known(world, "nursery", "n1", is_ada);
        const auto before = ada_found(world);
        REQUIRE(before.size() == 1);
        const auto model = must(casework::model_to_adopt(another_model(), "m.json"));
        const auto adopted = must(casework::adopt(world.office(), std::nullopt, model, world.operator_permit()));
        REQUIRE(adopted.size() == 1);
        CHECK(adopted[0].what == "model");
        CHECK(ada_found(world)[0].comparison.weight == before[0].comparison.weight);
        CHECK(must(casework::adopt(world.office(), std::nullopt, model, world.operator_permit())).empty());

        world.clock().advance(1h);
        world.reopen();
        const auto after = ada_found(world);
        REQUIRE(after.size() == 1);
        CHECK(after[0].comparison.weight < before[0].comparison.weight - 1);
        REQUIRE(after[0].comparison.evidence.size() == before[0].comparison.evidence.size());
        for (std::size_t i = 0; i < after[0].comparison.evidence.size(); ++i)
            CHECK(after[0].comparison.evidence[i].words == before[0].comparison.evidence[i].words);
        // Newer procedures do not take the model away.
        CHECK(must(casework::adopt(world.office(), std::nullopt, world.operator_permit())).empty());

        CHECK(must(casework::adopt(world.office(), std::nullopt, casework::shipped_model(), world.operator_permit()))
                  .size() == 1);
        world.reopen();
        CHECK(ada_found(world)[0].comparison.weight == before[0].comparison.weight);
    });
}

TEST_CASE("the shipped model needs no adopting where none was adopted") {
    for_each_office([](OpenOffice& world) {
        CHECK(must(casework::adopt(world.office(), std::nullopt, casework::shipped_model(), world.operator_permit()))
                  .empty());
    });
}

TEST_CASE("a model for other columns is not adopted, and the one in force stays") {
    auto text = another_model();
    const std::string kind = "\"kind\":\"phone\"";
    REQUIRE(text.find(kind) != std::string::npos);
    text.replace(text.find(kind), kind.size(), "\"kind\":\"number\"");
    const auto refused = casework::model_to_adopt(text, "m.json");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().place == "m.json fields[10]");
    CHECK(refused.error().reason.find("phone") != std::string::npos);
    CHECK_FALSE(refused.error().mend.empty());
    CHECK(casework::model_to_adopt("{}", "m.json").error().place == "m.json format");
    CHECK_FALSE(casework::model_to_adopt(std::string(2u << 20, ' '), "m.json"));

    for_each_office([&](OpenOffice& world) {
        known(world, "nursery", "n1", is_ada);
        const auto good = must(casework::model_to_adopt(another_model(), "m.json"));
        must(casework::adopt(world.office(), std::nullopt, good, world.operator_permit()));
        world.reopen();
        const auto weight = ada_found(world)[0].comparison.weight;
        const Adopted bad{"model", "identity", "bad", text};
        const auto entries = world.entries();
        CHECK_FALSE(casework::adopt(world.office(), std::nullopt, bad, world.operator_permit()));
        CHECK(world.entries() == entries);
        world.reopen();
        CHECK(ada_found(world)[0].comparison.weight == weight);
    });
}

TEST_CASE("a model in the record that cannot be read any more leaves the one before, and that is said") {
    const auto start = parse_instant("2026-03-02T09:00:00Z").value();
    const auto catalogue = *content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content");
    auto adopted = founded_at(start);
    adopted.push_back({start + 24h, must(casework::model_to_adopt(another_model(), "m.json"))});
    const auto good = weighed_by(must(Editions::of(adopted, catalogue)));
    CHECK(good != people::batch::write_linkage_model(people::default_model()));
    adopted.push_back({start + 48h, {"model", "identity", "old", "{}"}});
    const auto editions = must(Editions::of(adopted, catalogue));
    CHECK(editions.left_out().size() == 1);
    CHECK(weighed_by(editions) == good);
    CHECK(editions.size() == 1);
}
