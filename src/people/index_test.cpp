// Search before create in memory, through people/index/index.hpp: one ranking with the batch engine, and no trace of
// people whom the asker may not see.
#include "people/index/index.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <sstream>
#include <thread>

#include <fmt/core.h>
#include <rapidcheck.h>

#include "people/batch/levels.hpp"
#include "people/similarity.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

const std::vector<std::string> some_given = {"Maryam", "Mariam", "Liz", "Elizabeth", "Tom",  "Thomas",
                                             "Oliver", "Olivia", "Jan", "Mary Ann",  "Anne", "Zoe",
                                             "Amir",   "Ameer",  "O",   ""};
const std::vector<std::string> some_family = {"Hussain",   "Husain",   "Smith",  "Smyth", "Jones-Reed",
                                              "Reed",      "Kowalska", "Brown",  "Tom",   "Green",
                                              "MacKenzie", "O'Neil",   "Achebe", ""};
const std::vector<std::string> postcodes = {"LS1 4AP", "LS1 4AB", "LS2 7EW", "B1 1BB", "SW1A 1AA", ""};

std::string pick(std::mt19937& random, const std::vector<std::string>& from) {
    return from[random() % from.size()];
}
std::string date(std::mt19937& random) {
    if (random() % 12 == 0) return "";
    if (random() % 20 == 0) return fmt::format("{}", 2010 + random() % 4);
    return fmt::format("{}-{:02}-{:02}", 2010 + random() % 4, 1 + random() % 12, 1 + random() % 28);
}
std::string nhs(std::mt19937& random) {
    return random() % 4 != 0 ? "" : std::vector<std::string>{"9434765919", "9434765870", "4505577104"}[random() % 3];
}
index::Values someone(std::mt19937& random) {
    return {pick(random, some_given),
            pick(random, some_given),
            pick(random, some_family),
            date(random),
            random() % 2 == 0 ? "F" : "M",
            pick(random, postcodes),
            nhs(random)};
}

constexpr const char* header = "id,given_name,other_names,family_name,date_of_birth,sex,postcode,nhs_number\n";

std::string line(std::string_view id, const index::Values& values) {
    std::string out(id);
    for (const auto& value : values) out += "," + value;
    return out + "\n";
}

struct Content {
    Model names;
    batch::Options options;
    Content() {
        REQUIRE(load_name_variants(WAYMARK_SOURCE_DIR "/content", names));
        options.given_variants = &names.given_variants;
        options.family_variants = &names.family_variants;
        options.threads = 2;
    }
    [[nodiscard]] batch::TablePtr table(const std::string& csv) const {
        std::istringstream in(csv);
        auto read = batch::read(in, "people.csv", options);
        REQUIRE(read);
        return *read;
    }
    [[nodiscard]] index::Options indexing() const {
        index::Options out;
        out.given_variants = options.given_variants;
        out.family_variants = options.family_variants;
        out.threads = 2;
        return out;
    }
};

struct Register {
    Content content;
    std::vector<index::Values> people;
    batch::TablePtr table;
    batch::LinkageModel model;
    std::unique_ptr<index::Index> index;

    explicit Register(unsigned size, unsigned seed = 1) {
        std::mt19937 random(seed);
        std::string csv = header;
        for (unsigned i = 0; i < size; ++i) {
            people.push_back(someone(random));
            csv += line(fmt::format("p{}", i), people.back());
        }
        table = content.table(csv);
        auto estimated = index::estimate(table, content.options);
        REQUIRE(estimated);
        model = *estimated;
        index = build();
    }
    [[nodiscard]] std::unique_ptr<index::Index> build() const {
        auto built = index::Index::build(table, model, content.indexing());
        REQUIRE(built);
        return std::move(*built);
    }
};

void check_same(const index::Found& a, const index::Found& b) {
    CHECK(a.more == b.more);
    CHECK(a.candidates == b.candidates);
    REQUIRE(a.answers.size() == b.answers.size());
    for (std::size_t i = 0; i < a.answers.size(); ++i) {
        CHECK(a.answers[i].record == b.answers[i].record);
        CHECK(a.answers[i].weight == b.answers[i].weight);
        CHECK(a.answers[i].outcome == b.answers[i].outcome);
    }
}

}  // namespace

TEST_CASE("Every answer has the weight, the marks and the evidence that the batch engine gives the pair") {
    const Register people(700);
    std::mt19937 random(5);
    std::string csv = header;
    std::vector<index::Values> asked;
    for (unsigned i = 0; i < 60; ++i) {
        asked.push_back(someone(random));
        if (i % 3 == 0) asked.back() = people.people[random() % people.people.size()];
        if (i % 4 == 1) asked.back()[0] += "x";  // names that nobody has
        if (i % 4 == 2) asked.back()[2] = "Q" + asked.back()[2];
        csv += line(fmt::format("q{}", i), asked.back());
    }
    const auto queries = people.content.table(csv);
    auto options = people.content.options;
    options.frequencies_of_left = true;
    std::size_t answers = 0;
    for (std::uint32_t q = 0; q < asked.size(); ++q) {
        const auto found = people.index->search(asked[q], 100);
        if (!found) continue;
        for (std::size_t k = 0; k < found->answers.size(); k += 7) {
            const auto& answer = found->answers[k];
            const auto expected = batch::explain(people.table, answer.record, queries, q, people.model, options);
            REQUIRE(expected);
            REQUIRE(answer.evidence.size() == expected->size());
            for (std::size_t e = 0; e < expected->size(); ++e) {
                CHECK(answer.evidence[e].words == (*expected)[e].words);
                CHECK(answer.evidence[e].weight == (*expected)[e].weight);
            }
            ++answers;
        }
    }
    CHECK(answers > 300);
}

TEST_CASE("What the batch engine offers of a pair, a search offers with the same weight, best first") {
    const Register people(1200, 3);
    std::mt19937 random(9);
    std::string csv = header;
    std::vector<index::Values> asked;
    for (unsigned i = 0; i < 40; ++i) {
        asked.push_back(people.people[random() % people.people.size()]);
        if (i % 2 == 0) asked.back()[random() % 6] = "";
        if (i % 3 == 0) asked.back()[2] += "s";
        csv += line(fmt::format("q{}", i), asked.back());
    }
    const auto queries = people.content.table(csv);
    auto options = people.content.options;
    options.frequencies_of_left = true;
    options.model = &people.model;
    const auto linked = batch::link(people.table, queries, options);
    REQUIRE(linked);
    REQUIRE(linked->pairs.size() > 20);
    std::size_t compared = 0;
    for (std::uint32_t q = 0; q < asked.size(); ++q) {
        const auto found = people.index->search(asked[q], 100);
        if (!found) continue;
        std::vector<batch::Pair> expected;
        for (const auto& pair : linked->pairs) {
            if (pair.r == q) expected.push_back(pair);
        }
        // The rules that find candidates differ; where both found a pair they agree.
        for (const auto& pair : expected) {
            const auto answer = std::find_if(found->answers.begin(), found->answers.end(),
                                             [&](const auto& each) { return each.record == pair.l; });
            if (answer == found->answers.end()) continue;
            CHECK(answer->weight == pair.weight);
            CHECK(answer->twin_or_sibling == pair.twin_or_sibling);
            CHECK(answer->contradicted == pair.contradicted);
            CHECK((answer->outcome == Outcome::linked) == (pair.outcome == Outcome::linked));
            ++compared;
        }
        CHECK(std::is_sorted(found->answers.begin(), found->answers.end(),
                             [](const auto& x, const auto& y) { return x.weight > y.weight; }));
    }
    CHECK(compared > 20);
}

TEST_CASE("The first answers are the same as the first of all that are found") {
    const Register people(1500, 7);
    std::mt19937 random(11);
    for (int i = 0; i < 150; ++i) {
        const auto asked = someone(random);
        const auto few = people.index->search(asked, 3);
        const auto many = people.index->search(asked, 100);
        REQUIRE(few.has_value() == many.has_value());
        if (!few) continue;
        REQUIRE(few->answers.size() == std::min<std::size_t>(3, many->answers.size()));
        for (std::size_t k = 0; k < few->answers.size(); ++k) {
            CHECK(few->answers[k].record == many->answers[k].record);
            CHECK(few->answers[k].weight == many->answers[k].weight);
        }
    }
}

TEST_CASE("People whom the asker may not see change nothing of what is found") {
    const Register people(600, 21);
    const auto with_hidden = people.build();
    std::mt19937 random(22);
    const auto built = static_cast<std::uint32_t>(people.people.size());
    std::vector<bool> hidden(built, false);
    auto open = people.build();
    for (unsigned i = 0; i < 400; ++i) {
        const auto person = someone(random);
        const bool hide = i % 3 != 0;
        REQUIRE(with_hidden->add(fmt::format("n{}", i), person));
        hidden.push_back(hide);
        if (!hide) REQUIRE(open->add(fmt::format("n{}", i), person));
    }
    const auto may_see = [&](std::uint32_t record) { return !hidden[record]; };
    for (int i = 0; i < 150; ++i) {
        const auto asked = someone(random);
        const auto a = with_hidden->search(asked, 20, may_see);
        const auto b = open->search(asked, 20);
        REQUIRE(a.has_value() == b.has_value());
        if (!a) continue;
        CHECK(a->more == b->more);
        CHECK(a->candidates == b->candidates);
        CHECK(a->compared == b->compared);
        REQUIRE(a->answers.size() == b->answers.size());
        for (std::size_t k = 0; k < a->answers.size(); ++k) {
            CHECK(with_hidden->id_of(a->answers[k].record) == open->id_of(b->answers[k].record));
            CHECK(a->answers[k].weight == b->answers[k].weight);
        }
    }
}

TEST_CASE("What may be looked at is bounded by the people who may be seen, and it is said that there are more") {
    Register people(1100, 30);
    auto options = people.content.indexing();
    options.most_candidates = 100;
    auto built = index::Index::build(people.table, people.model, options);
    REQUIRE(built);
    auto& index = **built;
    const index::Values same = {"Amina", "", "Osei", "2012-05-09", "F", "LS1 4AP", ""};
    for (int i = 0; i < 300; ++i) REQUIRE(index.add(fmt::format("s{}", i), same));
    const auto all = index.search(same, 10);
    REQUIRE(all);
    CHECK(all->more);
    CHECK(all->candidates == 100);
    const auto few = index.search(same, 10, [](std::uint32_t record) { return record % 10 == 0; });
    REQUIRE(few);
    CHECK(!few->more);
    CHECK(!few->answers.empty());
    for (const auto& answer : few->answers) CHECK(answer.record % 10 == 0);
}

TEST_CASE("In a small register everybody is looked at") {
    const Register people(300, 81);
    const auto found = people.index->search({"Nobody", "", "Thisname", "1950-01-02", "", "", ""}, 100);
    REQUIRE(found);
    CHECK(found->candidates == 300);
}

TEST_CASE("A search gives the same twice, and whatever the number of threads that built the index") {
    Register people(800, 31);
    auto options = people.content.indexing();
    options.threads = 1;
    const auto other = index::Index::build(people.table, people.model, options);
    REQUIRE(other);
    std::mt19937 random(32);
    for (int i = 0; i < 60; ++i) {
        const auto asked = someone(random);
        const auto first = people.index->search(asked, 10);
        const auto again = people.index->search(asked, 10);
        const auto there = (*other)->search(asked, 10);
        REQUIRE(first.has_value() == again.has_value());
        if (!first) continue;
        check_same(*first, *again);
        check_same(*first, *there);
    }
}

TEST_CASE("A child is found by part of what is known, by a nickname, and with slips") {
    Register people(400, 41);
    auto& index = *people.index;
    const auto child = index.add("sought", {"Elizabeth", "", "Featherstone", "2013-04-17", "F", "LS2 7EW", ""});
    REQUIRE(child);
    const auto among_ten = [&](const index::Values& asked) {
        const auto found = index.search(asked, 10);
        return found && std::any_of(found->answers.begin(), found->answers.end(),
                                    [&](const auto& answer) { return answer.record == *child; });
    };
    CHECK(among_ten({"Elizabeth", "", "Featherstone", "2013-04-17", "F", "LS2 7EW", ""}));
    CHECK(among_ten({"Liz", "", "Featherstone", "", "", "", ""}));                  // a nickname and a family name
    CHECK(among_ten({"", "", "Featherstone", "", "", "LS2 7EW", ""}));              // family name and postcode
    CHECK(among_ten({"Featherstone", "", "Elizabeth", "2013-04-17", "", "", ""}));  // names in each other's place
    CHECK(among_ten({"Elizabeth", "", "Featherston", "2013-04-11", "", "", ""}));   // a digit and a letter wrong
    CHECK(among_ten({"Elisabeth", "", "", "2013-04-17", "F", "", ""}));
    CHECK(among_ten({"Bess", "", "Fetherstone", "2013-17-04", "F", "", ""}));  // day and month in each other's place
    CHECK(among_ten({"", "", "Featherstone", "2013", "", "", ""}));
    // The given name and the year alone: among those who have them.
    const auto found = index.search({"Elizabeth", "", "", "2013", "", "", ""}, 100);
    REQUIRE(found);
    CHECK(std::any_of(found->answers.begin(), found->answers.end(), [&](const auto& a) { return a.record == *child; }));
}

TEST_CASE("What cannot be searched by is refused with what mends it") {
    const Register people(50, 51);
    const auto& index = *people.index;
    const auto refusal = [&](const index::Values& asked, std::size_t limit = 10) {
        const auto found = index.search(asked, limit);
        REQUIRE(!found);
        CHECK(!found.error().mend.empty());
        return found.error();
    };
    CHECK(refusal({"", "", "", "", "", "", ""}).reason == "There is too little to search by");
    CHECK(refusal({"", "", "", "", "F", "", ""}).reason == "There is too little to search by");
    CHECK(refusal({"Ann"}).mend == "Give one value for each column, empty where it is not known");
    CHECK(refusal({"Ann", "", "", "", "", "", ""}, 0).place == "limit");
    CHECK(refusal({"Ann", "", "", "", "", "", ""}, 101).place == "limit");
    CHECK(refusal({std::string(1001, 'a'), "", "", "", "", "", ""}).place == "given_name");
    CHECK(refusal({"\xff", "", "", "", "", "", ""}).place == "given_name");
    const auto odd_date = index.search({"Tom", "", "Smith", "never", "", "", ""}, 10);
    REQUIRE(odd_date);
    REQUIRE(odd_date->not_taken.size() == 1);
    CHECK(odd_date->not_taken.front().place == "date_of_birth");
    CHECK(!index.asked({{batch::Kind::upn, "A"}}));
    auto other = people.model;
    other.fields.pop_back();
    CHECK(!index::Index::build(people.table, other, people.content.indexing()));
}

TEST_CASE("An empty register finds nobody, and then who was added") {
    Register filled(200, 61);
    const auto table = filled.content.table(header);
    auto built = index::Index::build(table, filled.model, filled.content.indexing());
    REQUIRE(built);
    const index::Values person = {"Amir", "", "Achebe", "2012-02-03", "M", "B1 1BB", ""};
    const auto nobody = (*built)->search(person, 10);
    REQUIRE(nobody);
    CHECK(nobody->answers.empty());
    REQUIRE((*built)->add("first", person));
    const auto found = (*built)->search(person, 10);
    REQUIRE(found);
    REQUIRE(found->answers.size() == 1);
    CHECK((*built)->id_of(found->answers.front().record) == "first");
    CHECK((*built)->value_of(found->answers.front().record, 0) == "AMIR");
}

TEST_CASE("A second record of an id is refused and changes nothing of what is found") {
    const Register people(120, 63);
    auto& index = *people.index;
    const index::Values person = {"Amir", "", "Achebe", "2012-02-03", "M", "B1 1BB", ""};
    const auto refused = [&](std::string_view id) {
        const auto again = index.add(id, person);
        REQUIRE(!again);
        CHECK(again.error().kind == FaultKind::conflict);
        CHECK(again.error().place == "id");
    };
    const std::string built(index.id_of(17));
    refused(built);
    CHECK(index.size() == 120);
    REQUIRE(index.add("new", person));
    refused("new");
    refused(built);
    CHECK(index.size() == 121);
    const auto found = index.search(person, 100);
    REQUIRE(found);
    CHECK(std::count_if(found->answers.begin(), found->answers.end(), [&](const auto& answer) {
              return index.value_of(answer.record, 2) == "ACHEBE" && index.value_of(answer.record, 0) == "AMIR";
          }) == 1);
}

TEST_CASE("Searches go on while people are added, and each is found as soon as adding has returned") {
    Register people(300, 71);
    auto& index = *people.index;
    std::atomic<bool> done{false};
    std::atomic<std::size_t> searched{0};
    std::atomic<bool> odd{false};
    std::vector<std::thread> others;
    for (unsigned t = 0; t < 3; ++t) {
        others.emplace_back([&, t] {
            std::mt19937 random(t);
            while (!done.load()) {
                const auto found = index.search(someone(random), 10);
                if (!found) continue;
                const auto size = index.size();
                for (const auto& answer : found->answers) {
                    if (answer.record >= size || index.id_of(answer.record).empty()) odd = true;
                }
                ++searched;
            }
        });
    }
    std::mt19937 random(99);
    std::size_t found_at_once = 0;
    constexpr int added = 1500;
    for (int i = 0; i < added; ++i) {
        auto person = someone(random);
        for (const std::size_t name : {0u, 2u}) {
            person[name].clear();
            for (int k = 0; k < 6; ++k) person[name] += static_cast<char>('a' + random() % 26);
        }
        person[3] = fmt::format("2011-{:02}-{:02}", 1 + i % 12, 1 + i % 28);
        const auto record = index.add(fmt::format("a{}", i), person);
        REQUIRE(record);
        const auto found = index.search(person, 10);
        REQUIRE(found);
        for (const auto& answer : found->answers) found_at_once += answer.record == *record ? 1u : 0u;
    }
    done = true;
    for (auto& other : others) other.join();
    CHECK(found_at_once == added);
    CHECK(!odd.load());
    CHECK(searched.load() > 0);
}

namespace {

unsigned plain_edits(std::string_view a, std::string_view b) {
    std::vector<std::vector<unsigned>> d(a.size() + 1, std::vector<unsigned>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = static_cast<unsigned>(i + j);
                continue;
            }
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

TEST_CASE("The distance by words of bits is the one of the definition") {
    CHECK(rc::check("edits", [] {
        const auto letters = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ABC")));
        const auto a = *letters;
        const auto b = *letters;
        RC_ASSERT(batch::edits(a, b, 2) == std::min(plain_edits(a, b), 3u));
    }));
}
