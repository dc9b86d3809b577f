// A model made from a file, as the registry takes it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "people/batch/batch.hpp"
#include "people/registry_model.hpp"
#include "support/people_samples.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

std::size_t field_of(const batch::LinkageModel& model, batch::Kind kind) {
    for (std::size_t f = 0; f < model.fields.size(); ++f) {
        if (model.fields[f].kind == kind) return f;
    }
    FAIL("no such field");
    return 0;
}
// As a file's model is: other names of columns, in another order, some missing, without shares of values.
batch::LinkageModel as_of_file() {
    batch::LinkageModel model = default_model();
    std::erase_if(model.fields, [](const auto& field) {
        return field.kind == batch::Kind::upn || field.kind == batch::Kind::la_child_id;
    });
    std::reverse(model.fields.begin(), model.fields.end());
    for (auto& field : model.fields) {
        field.name = "my " + field.name;
        field.shares = nullptr;
    }
    return model;
}
std::string place_of(const batch::LinkageModel& model) {
    const auto taken = registry_model(model);
    return taken ? "accepted" : taken.error().place;
}

}  // namespace

TEST_CASE("a model that says what the shipped one says weighs as it does, whatever its columns are called") {
    const auto taken = registry_model(as_of_file());
    REQUIRE(taken.has_value());
    CHECK(batch::write_linkage_model(*taken) == batch::write_linkage_model(default_model()));
}

TEST_CASE("what a file has learned of a field moves that field's evidence and no other's, in the same words") {
    auto kept = as_of_file();
    auto& birth = kept.fields[field_of(kept, batch::Kind::date_of_birth)];
    for (auto& level : birth.levels) {
        if (level.id == "different") level.m *= 4;
    }
    const auto taken = registry_model(kept);
    REQUIRE(taken.has_value());
    const auto a = features_of(testing::child_named("Noor", "Hart", "2014-03-25"));
    const auto b = features_of(testing::child_named("Noor", "Hart", "2009-11-02"));
    const auto before = compare(a, b, default_model());
    const auto after = compare(a, b, *taken);
    REQUIRE(before.evidence.size() == after.evidence.size());
    for (std::size_t i = 0; i < before.evidence.size(); ++i) {
        CHECK(before.evidence[i].words == after.evidence[i].words);
        if (before.evidence[i].aspect == Aspect::household) continue;
        const double gained = after.evidence[i].weight - before.evidence[i].weight;
        CHECK(std::abs(gained - (before.evidence[i].aspect == Aspect::date_of_birth ? 2 : 0)) < 0.01);
    }
}

TEST_CASE("a model of columns that the registry does not compare is refused with its place and what to do") {
    auto text = as_of_file();
    text.fields[2].kind = batch::Kind::text;
    const auto refused = registry_model(text);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().place == "fields[2]");
    CHECK(refused.error().reason.find("text") != std::string::npos);
    CHECK(refused.error().mend.find("given_name, family_name") != std::string::npos);

    auto twice = as_of_file();
    twice.fields.push_back(twice.fields.front());
    CHECK(place_of(twice) == "fields[" + std::to_string(twice.fields.size() - 1) + "]");
    for (const auto kind : {batch::Kind::given_name, batch::Kind::family_name, batch::Kind::date_of_birth}) {
        auto lacking = as_of_file();
        std::erase_if(lacking.fields, [&](const auto& field) { return field.kind == kind; });
        CHECK(place_of(lacking) == "fields");
    }
    auto loose = as_of_file();
    loose.link_at = -0.5;
    loose.review_at = -4;
    CHECK(place_of(loose) == "link_at");
}

TEST_CASE("no model lets the registry link twins, or two valid numbers that differ, without a person") {
    auto eager = as_of_file();
    eager.prior = 0;
    eager.household_prior = -60;
    eager.link_at = 0;
    const auto model = registry_model(eager);
    REQUIRE(model.has_value());
    auto one = testing::child_named("Ada", "Lindgren");
    one.postcode = "NB1 4AA";
    auto twin = one;
    twin.given_name = "Olive";
    auto same = one;
    one.nhs_number = "9434765919";
    same.nhs_number = "4010232137";
    CHECK(decide(compare(features_of(one), features_of(twin), *model), *model) == Outcome::review);
    CHECK(decide(compare(features_of(one), features_of(same), *model), *model) == Outcome::review);
}

TEST_CASE("a model estimated from a file is one that the registry takes") {
    std::string csv = "ref,forename,surname,dob,postcode\n";
    std::uint64_t state = 7;
    const auto any = [&](std::uint64_t n) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return (state >> 33) % n;
    };
    const std::vector<std::string> given{"Amina", "Oscar", "Freya", "Rohan", "Elsie", "Jonah", "Maryam", "Callum"};
    const std::vector<std::string> family{"Okafor", "Bennett", "Hussain", "Price", "Nguyen", "Doherty", "Marsh"};
    for (int n = 0; n < 600; ++n) {
        const auto row = given[any(8)] + "," + family[any(7)] + ",20" + std::to_string(10 + any(8)) + "-0" +
                         std::to_string(1 + any(9)) + "-" + std::to_string(10 + any(18)) + ",NB" +
                         std::to_string(1 + any(9)) + " " + std::to_string(1 + any(8)) + "AB\n";
        csv += "a" + std::to_string(n) + "," + row;
        if (n % 3 == 0) csv += "b" + std::to_string(n) + "," + row;
    }
    std::istringstream in(csv);
    batch::Options options;
    options.threads = 1;
    const auto table = batch::read(in, "register.csv", options);
    REQUIRE(table.has_value());
    const auto found = batch::dedupe(*table, options);
    REQUIRE(found.has_value());
    const auto model = registry_model(found->model);
    REQUIRE_MESSAGE(model.has_value(), (model ? "" : describe(model.error())));
    auto child = testing::child_named("Freya", "Nguyen");
    child.postcode = "NB4 7QT";
    const auto a = features_of(child);
    CHECK(decide(compare(a, a, *model), *model) == Outcome::linked);
    CHECK(decide(compare(a, features_of(testing::child_named("Oscar", "Marsh", "2011-08-09")), *model), *model) ==
          Outcome::not_linked);
}
