// Sets with known truth: figures that may not fall. What the peers give on them is in bench/README.md.
#include <doctest/doctest.h>

#include "people/batch/batch_test.hpp"

using namespace waymark;
using namespace waymark::people;
using namespace waymark::people::batch;
using namespace waymark::people::batch::testing;

namespace {

struct Variants {
    Model model;
    Variants() { REQUIRE(load_name_variants(std::string(WAYMARK_SOURCE_DIR) + "/content", model)); }
};

Options options_for(std::vector<ColumnUse> columns, const Variants& variants) {
    Options options;
    options.columns = std::move(columns);
    options.given_variants = &variants.model.given_variants;
    options.family_variants = &variants.model.family_variants;
    return options;
}

const std::vector<ColumnUse> febrl = {{"rec_id", Kind::id},
                                      {"truth", Kind::truth},
                                      {"given_name", Kind::given_name},
                                      {"surname", Kind::family_name},
                                      {"street_number", Kind::text},
                                      {"address_1", Kind::address},
                                      {"address_2", Kind::text},
                                      {"suburb", Kind::text},
                                      {"postcode", Kind::postcode},
                                      {"date_of_birth", Kind::date_of_birth},
                                      {"soc_sec_id", Kind::number}};

}  // namespace

TEST_CASE("febrl3 is linked no worse than before") {
    const Variants variants;
    auto options = options_for(febrl, variants);
    options.twins_apart = false;  // there are no households in it
    const auto found = dedupe(read_set("febrl3.csv", options).value(), options).value();
    REQUIRE(found.truth);
    MESSAGE("best F1 " << found.truth->best_f1 << ", clusters F1 " << found.truth->cluster_f1);
    CHECK(found.truth->true_pairs == 6538);
    CHECK(found.truth->best_f1 >= 0.999);
    CHECK(found.truth->cluster_f1 >= 0.999);
}

TEST_CASE("febrl4 is linked no worse than before") {
    const Variants variants;
    auto options = options_for(febrl, variants);
    options.twins_apart = false;  // there are no households in it
    const auto found =
        link(read_set("febrl4a.csv", options).value(), read_set("febrl4b.csv", options).value(), options).value();
    REQUIRE(found.truth);
    MESSAGE("best F1 " << found.truth->best_f1);
    CHECK(found.truth->true_pairs == 5000);
    CHECK(found.truth->best_f1 >= 0.9997);
    CHECK(found.truth->linked.precision >= 0.9995);
}

TEST_CASE("fake_1000 is linked no worse than before") {
    const Variants variants;
    const auto options = options_for({{"unique_id", Kind::id}, {"cluster", Kind::truth}}, variants);
    const auto found = dedupe(read_set("fake_1000.csv", options).value(), options).value();
    REQUIRE(found.truth);
    MESSAGE("best F1 " << found.truth->best_f1 << ", clusters F1 " << found.truth->cluster_f1);
    CHECK(found.truth->best_f1 >= 0.92);
    CHECK(found.truth->cluster_f1 >= 0.89);
}

TEST_CASE("historical records are linked no worse than before") {
    const Variants variants;
    const auto options = options_for({{"unique_id", Kind::id},
                                      {"cluster", Kind::truth},
                                      {"first_name", Kind::given_name},
                                      {"surname", Kind::family_name},
                                      {"dob", Kind::date_of_birth},
                                      {"postcode_fake", Kind::postcode},
                                      {"birth_place", Kind::text},
                                      {"occupation", Kind::text},
                                      {"gender", Kind::sex}},
                                     variants);
    const auto found = dedupe(read_set("historical_8k.csv", options).value(), options).value();
    REQUIRE(found.truth);
    MESSAGE("best F1 " << found.truth->best_f1 << ", clusters F1 " << found.truth->cluster_f1);
    CHECK(found.truth->best_f1 >= 0.875);
    CHECK(found.truth->cluster_f1 >= 0.87);
}
