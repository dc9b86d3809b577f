#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "people/batch/batch_test.hpp"
#include "people/batch/blocking.hpp"
#include "people/batch/bound.hpp"
#include "people/batch/linkage_model.hpp"
#include "people/batch/pattern.hpp"
#include "people/similarity.hpp"
#include "support/children.hpp"

using namespace waymark;
using namespace waymark::people;
using namespace waymark::people::batch;
using namespace waymark::people::batch::testing;

namespace {

const std::string header = "id,person,household,given_name,family_name,date_of_birth,sex,postcode\n";

std::vector<std::string> children(std::uint64_t records, std::uint64_t seed) {
    std::vector<std::string> rows;
    waymark::testing::Children(seed).write(records, [&](const std::string& row) { rows.push_back(row); });
    return rows;
}

std::string joined(const std::vector<std::string>& rows) {
    std::string text = header;
    for (const auto& row : rows) text += row;
    return text;
}

Options with_truth() {
    Options options;
    options.columns = uses({{"person", Kind::truth}, {"household", Kind::household}});
    return options;
}

// Every pair and cluster by id, with the bits of the weight.
std::map<std::pair<std::string, std::string>, std::uint32_t> pairs_by_id(const Table& table, const Results& results) {
    std::map<std::pair<std::string, std::string>, std::uint32_t> out;
    for (const auto& pair : results.pairs) {
        std::string l(id_of(table, pair.l));
        std::string r(id_of(table, pair.r));
        if (r < l) std::swap(l, r);
        std::uint32_t bits = 0;
        std::memcpy(&bits, &pair.weight, sizeof bits);
        out[{l, r}] = bits * 4 + static_cast<std::uint32_t>(pair.outcome);
    }
    return out;
}
std::set<std::set<std::string>> clusters_by_id(const Table& table, const Results& results) {
    std::map<std::uint32_t, std::set<std::string>> clusters;
    for (std::uint32_t i = 0; i < results.cluster_of.size(); ++i)
        clusters[results.cluster_of[i]].insert(std::string(id_of(table, i)));
    std::set<std::set<std::string>> out;
    for (auto& [first, members] : clusters) out.insert(std::move(members));
    return out;
}

}  // namespace

TEST_CASE("results are the same to the bit for any number of threads and any order of the rows") {
    auto rows = children(6000, 3);
    Options options = with_truth();
    options.threads = 1;
    const auto table = read_text(joined(rows), options).value();
    const auto one = dedupe(table, options).value();
    REQUIRE(one.pairs.size() > 1000);
    const auto expected = pairs_by_id(*table, one);
    const auto clusters = clusters_by_id(*table, one);
    for (const unsigned threads : {2u, 7u}) {
        options.threads = threads;
        std::reverse(rows.begin(), rows.end());
        std::rotate(rows.begin(), rows.begin() + 777, rows.end());
        const auto other = read_text(joined(rows), options).value();
        const auto found = dedupe(other, options).value();
        CHECK(found.model.link_at == one.model.link_at);
        CHECK(write_linkage_model(found.model) == write_linkage_model(one.model));
        CHECK(pairs_by_id(*other, found) == expected);
        CHECK(clusters_by_id(*other, found) == clusters);
    }
}

TEST_CASE("on synthetic children little is linked wrongly, twins hardly ever, and most is found") {
    const auto options = with_truth();
    const auto table = read_text(joined(children(30000, 5)), options).value();
    const auto found = dedupe(table, options).value();
    REQUIRE(found.truth);
    CHECK(found.truth->linked.precision > 0.99);
    CHECK(found.truth->linked.recall > 0.85);
    CHECK(found.truth->twins_linked <= 12);
    CHECK(std::abs(found.model.expected_precision - found.truth->linked.precision) < 0.01);
}

TEST_CASE("twins are never linked by themselves, and always offered") {
    auto rows = children(3000, 9);
    rows.push_back("t1,900001,900001,Marcus,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("t2,900002,900001,Oliver,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("t3,900001,900001,Markus,Featherby,2015-05-05,M,LS1 4AB\n");
    const auto options = with_truth();
    const auto table = read_text(joined(rows), options).value();
    const auto found = dedupe(table, options).value();
    std::map<std::set<std::string>, Pair> by_id;
    for (const auto& pair : found.pairs)
        by_id[{std::string(id_of(*table, pair.l)), std::string(id_of(*table, pair.r))}] = pair;
    REQUIRE(by_id.count({"t1", "t2"}) == 1);
    CHECK(by_id[{"t1", "t2"}].outcome == Outcome::review);
    CHECK(by_id[{"t1", "t2"}].twin_or_sibling);
    REQUIRE(by_id.count({"t1", "t3"}) == 1);
    CHECK(by_id[{"t1", "t3"}].outcome == Outcome::linked);
    const auto clusters = clusters_by_id(*table, found);
    CHECK(clusters.count({"t1", "t3"}) == 1);
    CHECK(clusters.count({"t2"}) == 1);
}

TEST_CASE("a record without a given name is linked to neither of two twins, and to an only child") {
    auto rows = children(3000, 19);
    rows.push_back("t1,900001,900001,Marcus,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("t2,900002,900001,Oliver,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("t3,900001,900001,,Featherby,2015-05-05,M,LS1 4AB\n");
    const auto options = with_truth();
    const auto table = read_text(joined(rows), options).value();
    const auto found = dedupe(table, options).value();
    int seen = 0;
    for (const auto& pair : found.pairs) {
        if (id_of(*table, pair.l) != "t3" && id_of(*table, pair.r) != "t3") continue;
        ++seen;
        CHECK(pair.outcome == Outcome::review);
    }
    CHECK(seen == 2);
}

TEST_CASE("judged pairs move the weights their way") {
    const auto rows = joined(children(4000, 23));
    Options options = with_truth();
    const auto table = read_text(rows, options).value();
    const auto before = dedupe(table, options).value();
    for (const bool same : {false, true}) {
        options.labels.clear();
        for (const auto& pair : before.pairs) {
            if (std::abs(pair.weight) < 4)
                options.labels.push_back(
                    {std::string(id_of(*table, pair.l)), std::string(id_of(*table, pair.r)), same});
        }
        options.labels.push_back({"not", "there", same});
        REQUIRE(options.labels.size() > 5);
        const auto after = dedupe(table, options).value();
        CHECK((after.model.prior > before.model.prior) == same);
    }
}

TEST_CASE("judged pairs of one person teach m, and the pairs that nobody judged hold it") {
    const auto rows = joined(children(4000, 29));
    Options options = with_truth();
    const auto table = read_text(rows, options).value();
    const auto before = dedupe(table, options).value();
    const auto shares = [](const LinkageModel& model) {
        for (const auto& field : model.fields) {
            if (field.kind == Kind::date_of_birth) return field.levels;
        }
        return std::vector<LevelWeight>();
    };
    // Some of the pairs that are linked with a slip in the date: a judge who saw no others.
    for (const auto& pair : before.pairs) {
        if (pair.outcome != Outcome::linked || options.labels.size() == 40) continue;
        const auto evidence = explain(table, pair.l, table, pair.r, before.model, options).value();
        const auto date = std::find_if(evidence.begin(), evidence.end(),
                                       [](const auto& each) { return each.field == "date_of_birth"; });
        if (date->level == "same" || date->level == "missing") continue;
        options.labels.push_back({std::string(id_of(*table, pair.l)), std::string(id_of(*table, pair.r)), true});
    }
    REQUIRE(options.labels.size() > 10);
    const auto few = dedupe(table, options).value();
    const auto once = options.labels;
    for (int i = 0; i < 9; ++i) options.labels.insert(options.labels.end(), once.begin(), once.end());
    const auto many = dedupe(table, options).value();
    const auto m = [&](const Results& of) { return shares(of.model).front().m; };  // of the same date
    CHECK(m(few) < m(before));
    CHECK(m(many) < m(few));
    CHECK(m(few) > m(before) / 2);  // and not what the judge saw, where no date was the same
    std::reverse(options.labels.begin(), options.labels.end());
    CHECK(write_linkage_model(dedupe(table, options).value().model) == write_linkage_model(many.model));
}

TEST_CASE("two different valid NHS numbers are never linked, whatever else agrees") {
    std::string text = "id,given_name,family_name,date_of_birth,postcode,nhs_number\n";
    for (int i = 0; i < 40; ++i) {
        const std::string who = "Na" + std::string(1, static_cast<char>('a' + i % 26)) + "ra,Be" +
                                std::string(1, static_cast<char>('a' + i % 23)) + "kum,2014-0" +
                                std::to_string(1 + i % 9) + "-1" + std::to_string(i % 10) + ",LS1 4A" +
                                std::string(1, static_cast<char>('A' + i % 8));
        text += std::to_string(2 * i) + "," + who + ",\n" + std::to_string(2 * i + 1) + "," + who + ",\n";
    }
    text += "x,Zadie,Quill,2014-07-07,LS9 9ZZ,9434765919\ny,Zadie,Quill,2014-07-07,LS9 9ZZ,9434765870\n";
    const auto table = read_text(text).value();
    const auto found = dedupe(table, {}).value();
    bool seen = false;
    for (const auto& pair : found.pairs) {
        if (id_of(*table, pair.l) != "x" || id_of(*table, pair.r) != "y") continue;
        seen = true;
        CHECK(pair.contradicted);
        CHECK(pair.outcome != Outcome::linked);
    }
    CHECK(seen);
}

TEST_CASE("the fast way to levels and the bound agree with the plain scorer on every pair") {
    auto rows = children(1200, 11);
    rows.push_back("s1,900001,900001,Featherby,Marcus,2015-05-05,M,LS1 4AB\n");
    rows.push_back("s2,900001,900001,Marcus,Featherby,2015-05-05,M,LS1 4AB\n");
    Options options = with_truth();
    const auto table = read_text(joined(rows), options).value();
    const auto all = prepare(*table, nullptr, options).value();
    const Weights weights(all, fit_model(all, options));
    const double keep = -4.25;
    const Bound bound(all, weights, static_cast<Weight>(keep * unit) - 1);
    Comparing comparing(all);
    std::size_t wrong = 0;
    std::size_t passed_over = 0;
    for (std::uint32_t a = 0; a < all.size; ++a) {
        for (std::uint32_t b = a + 1; b < all.size; ++b) {
            Levels fast{};
            Levels plain{};
            Levels turned{};
            comparing.levels(a, b, fast);
            plain_levels(all, a, b, plain);
            plain_levels(all, b, a, turned);
            wrong += fast != plain || plain != turned ? 1u : 0u;
            if (comparing.levels_reaching(a, b, weights, static_cast<Weight>(keep * unit) - 1, fast))
                wrong += fast != plain ? 1u : 0u;
            else
                wrong += weights.weigh(all.row(a), plain) >= keep ? 1u : 0u;
            if (bound.may_reach(a, b)) continue;
            ++passed_over;
            wrong += weights.weigh(all.row(a), plain) >= keep ? 1u : 0u;
        }
    }
    // A block at once says the same as pair by pair, or less boldly.
    std::vector<std::uint32_t> block(all.size);
    for (std::uint32_t i = 0; i < all.size; ++i) block[i] = i;
    BlockMarks marks;
    bound.load(block, marks);
    std::vector<std::uint32_t> hits(all.size);
    std::size_t passed_over_at_once = 0;
    for (std::uint32_t i = 0; i < all.size; ++i) {
        const auto found = Bound::reach(marks, i, hits.data());
        std::size_t next = 0;
        for (std::uint32_t j = i + 1; j < all.size; ++j) {
            const bool hit = next < found && hits[next] == j;
            next += hit ? 1u : 0u;
            wrong += bound.may_reach(i, j) && !hit ? 1u : 0u;
            passed_over_at_once += hit ? 0u : 1u;
        }
        wrong += next != found ? 1u : 0u;
    }
    CHECK(wrong == 0);
    CHECK(passed_over_at_once > passed_over * 9 / 10);
    CHECK(passed_over > all.size * all.size / 4);
}

TEST_CASE("with more agreement the weight rises") {
    const auto options = with_truth();
    auto rows = children(8000, 13);
    rows.push_back("a,1000001,1000001,Marcus,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("b,1000001,1000001,Marcus,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("c,1000001,1000001,Markus,Featherby,2015-05-05,M,LS1 4AB\n");
    rows.push_back("d,1000001,1000001,Oliver,Smith,2009-01-30,F,N4 2XX\n");
    const auto table = read_text(joined(rows), options).value();
    const auto all = prepare(*table, nullptr, options).value();
    const Weights weights(all, fit_model(all, options));
    const auto weigh = [&](std::uint32_t a, std::uint32_t b) {
        Levels levels{};
        plain_levels(all, a, b, levels);
        return weights.weigh(all.row(a), levels);
    };
    CHECK(weigh(8000, 8001) > weigh(8000, 8002));
    CHECK(weigh(8000, 8002) > weigh(8000, 8003));
    // Field by field: the same weighs more than anything else, nothing said weighs nothing.
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
        const auto code = all.row(8000)[f];
        const auto same = weights.field_weight(f, code, same_code(all.fields[f], code));
        CHECK(same > 0);
        CHECK(same > weights.field_weight(f, code, different_level(all.fields[f].kind)));
        CHECK(weights.field_weight(f, 0, 0) == 0);
        CHECK(weights.household_weight(f, 0, 0) == 0);
    }
}

TEST_CASE("a kept model gives the same results, and is refused for other columns") {
    const auto options = with_truth();
    const auto table = read_text(joined(children(4000, 17)), options).value();
    const auto first = dedupe(table, options).value();
    const auto kept = parse_linkage_model(write_linkage_model(first.model));
    REQUIRE(kept);
    Options again = options;
    again.model = &*kept;
    const auto second = dedupe(table, again).value();
    CHECK(second.model_given);
    CHECK(pairs_by_id(*table, second) == pairs_by_id(*table, first));

    const auto other = read_text("id,given_name,family_name\n1,a,b\n2,a,b\n").value();
    Options wrong;
    wrong.model = &*kept;
    const auto refused = dedupe(other, wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().place == "model");
}

TEST_CASE("a model that is not one is refused with the place") {
    for (const char* text :
         {"", "[]", "{}", R"({"format":"waymark-identity-model","version":1})",
          R"({"format":"waymark-identity-model","version":2,"prior":-3})",
          R"({"format":"waymark-identity-model","version":2,"prior":-3,"household_prior":-4,"link_at":1,
                                 "review_at":2,"expected_precision":1,"fields":[]})"}) {
        CHECK_FALSE(parse_linkage_model(text));
    }
}

TEST_CASE("the likeness that marks allow is never less than the likeness itself") {
    CHECK(rc::check("bound above Jaro and Winkler", [] {
        const auto letters =
            rc::gen::container<std::string>(rc::gen::element('A', 'B', 'C', 'N', 'E', 'R', ' ', '7', '2'));
        const auto a = *letters;
        const auto b = *letters;
        const int apart = std::popcount(letter_marks(a) ^ letter_marks(b));
        RC_ASSERT(most_alike(a, b, apart) >= jaro_winkler(a, b));
        if (apart > 4) RC_ASSERT(edits(a, b, 2) == 3);
    }));
}

TEST_CASE("the distance between texts counts neighbours that changed places once") {
    CHECK(edits("MARCUS", "MARCUS", 2) == 0);
    CHECK(edits("MARCUS", "MARKUS", 2) == 1);
    CHECK(edits("MARCUS", "MACRUS", 2) == 1);
    CHECK(edits("MARCUS", "MRACSU", 2) == 2);
    CHECK(edits("MARCUS", "OLIVER", 2) == 3);
    CHECK(edits("", "AB", 2) == 2);
    CHECK(rc::check("symmetric",
                    [](const std::string& a, const std::string& b) { RC_ASSERT(edits(a, b, 3) == edits(b, a, 3)); }));
}

TEST_CASE("what is written out names the ids, best first") {
    const auto table = read_text(
                           "id,given_name,family_name,date_of_birth,postcode\n10,Ann,Lee,2014-01-02,LS1 4AB\n"
                           "9,Ann,Lee,2014-01-02,LS1 4AB\n8,Bo,Fry,2012-05-06,N1 1AA\n")
                           .value();
    Options options;
    options.threshold = 0.5;
    const auto found = dedupe(table, options).value();
    std::ostringstream clusters;
    write_clusters(clusters, found, *table);
    CHECK(clusters.str().starts_with("id,cluster\r\n"));
    std::ostringstream pairs;
    write_pairs(pairs, found, *table, *table, false);
    CHECK(pairs.str().starts_with("id_l,id_r,match_weight,match_probability\r\n"));
    if (!found.pairs.empty()) CHECK(pairs.str().find("10,9,") != std::string::npos);
}

TEST_CASE("what a rule costs is expected rightly where its blocks are too small to show in a sample") {
    // 120,000 records in families of three: 120,000 pairs, in blocks that the sample of a quarter holds one or two of.
    std::string text = header;
    for (int i = 0; i < 120'000; ++i) text += fmt::format("{},{},,Ada,name{},,,\n", i, i, i / 3);
    const auto options = with_truth();
    const auto table = read_text(text, options).value();
    const auto all = prepare(*table, nullptr, options).value();
    Rule by_family;
    by_family.parts = {{all.family, KeyPart::whole}};
    by_family.most_in_block = 5;
    const auto pairs = expected_pairs(all, std::span(&by_family, 1), 500, 2).at(0);
    CHECK(pairs > 110'000);
    CHECK(pairs < 130'000);
    by_family.parts = {{all.given, KeyPart::whole}};  // one block of them all, which is left out
    CHECK(expected_pairs(all, std::span(&by_family, 1), 500, 2).at(0) == 0);
}
