// The registry, the engine over files and the index in memory are one: for the same two people and the same model the
// same weight to the bit, and the same ranking.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "people/batch/batch.hpp"
#include "people/index/index.hpp"
#include "people/people.hpp"
#include "support/people_samples.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::people;
using waymark::testing::SampleRecord;

namespace {

template <class... Text>
std::string one_of(Text... texts) {
    return *rc::gen::elementOf(std::vector<std::string>{texts...});
}

// People who have much in common, so that every level comes about: slips, nicknames, halves of dates, initials, place-
// holders, twins, numbers that fail their check, addresses without a street, postcodes that are no more.
record::Identity someone() {
    record::Identity who;
    who.given_name = one_of("Maria", "Mariah", "Anna Maria", "Anna Marai", "Marie", "M", "Liz", "Elizabeth", "Beth",
                            "George", "Georgia", "Mohammed Ali", "Mohammed Hassan", "Baby", "Okonkwo", "Zo\u00eb", "");
    who.family_name = one_of("Okonkwo", "Okonkwo-Reed", "Reed", "Read", "de la Cruz", "Delacruz", "Smith", "Smyth",
                             "O'Neil", "Maria", "Not known", "");
    if (*rc::gen::inRange(0, 3) == 0) who.other_names = {one_of("Okonkwo", "Marie Anne", "Reed", "Hassan")};
    if (*rc::gen::inRange(0, 3) == 0) who.other_names.push_back(one_of("Maria", "Jane", "Smith"));
    const auto born = one_of("2014-03-05", "2014-05-03", "2014-03-06", "2014-03-01", "2014-01-01", "2015-03-05",
                             "2013-11-28", "1970-01-01", "");
    if (!born.empty()) who.date_of_birth = parse_date(born).value();
    if (born.empty() && *rc::gen::inRange(0, 2) == 0) who.expected_date_of_birth = parse_date("2014-03-20").value();
    who.dob_accuracy = one_of("", "AAA", "UAA", "UUA", "EEE", "UUU");
    who.sex = one_of("F", "M", "female", "2", "");
    who.address =
        one_of("12 High Street", "14 High St", "12 High Steet", "12", "Flat 2, 9 Orchard Way", "9 Orchard Way", "");
    who.postcode = one_of("NB4 7QT", "NB4 7QT", "NB4 7QX", "nb47qt", "NB4 2AA", "SW1A 1AA", "NB4", "");
    who.more["former_postcode"] = one_of("NB4 7QT", "NB4 7QX; SW1A 1AA", "NB4 2AA|LS1 1AB", "NB4", "none", "", "");
    who.nhs_number = one_of("9434765919", "943 476 5919", "4010232137", "4010232138", "", "");
    who.upn = one_of("X012345678901", "", "", "");
    who.source = one_of("liquid", "Mosaic");
    who.la_child_id = one_of("55", "56", "a1207", "", "");
    who.phone = one_of("0161 496 0000", "+44 161 496 0000", "0161 496 0001", "", "");
    who.email = one_of("home@example.org", "Home@Example.org", "other@example.org", "", "");
    who.address_protected = *rc::gen::inRange(0, 8) == 0;
    return who;
}

std::vector<record::Identity> some_people(std::size_t count) {
    std::vector<record::Identity> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(someone());
        out.back().id = std::to_string(i);
    }
    return out;
}

// As one file has them.
std::string file_of(const std::vector<record::Identity>& all) {
    std::string csv =
        "id,given_name,family_name,other_names,date_of_birth,address,postcode,sex,nhs_number,upn,la_child_id,phone,"
        "email,"
        "dob_accuracy,expected_date_of_birth,former_postcode\n";
    for (const auto& each : all) {
        const auto date = [](const std::optional<Date>& d) { return d ? format_date(*d) : std::string(); };
        const auto shown = [&](const std::string& text) { return each.address_protected ? std::string() : text; };
        for (const auto& text :
             {each.id, each.given_name, each.family_name, join(each.other_names, " "), date(each.date_of_birth),
              shown(each.address), shown(each.postcode), each.sex, each.nhs_number, each.upn,
              each.la_child_id.empty() ? std::string() : each.source + "/" + each.la_child_id, each.phone, each.email,
              each.dob_accuracy, date(each.expected_date_of_birth),
              shown(std::string(string_or(each.more, "former_postcode", "")))})
            csv += csv_field(text) + ",";
        csv.back() = '\n';
    }
    return csv;
}

batch::Options options() {
    batch::Options out;
    out.given_variants = &testing::shipped_model().given_variants;
    out.family_variants = &testing::shipped_model().family_variants;
    out.model = &testing::shipped_model();
    out.threads = 1;
    return out;
}
batch::TablePtr table_of(const std::vector<record::Identity>& all) {
    std::istringstream in(file_of(all));
    auto read = batch::read(in, "people.csv", options());
    RC_ASSERT(read.has_value());
    return *read;
}

// The value of every column of one person, as the file has it.
index::Values values_of(const batch::Table& table, std::uint32_t record) {
    index::Values out;
    for (std::size_t f = 0; f < testing::shipped_model().fields.size(); ++f)
        out.push_back(batch::value_of(table, record, f));
    return out;
}

}  // namespace

TEST_CASE("the registry weighs two people as the engine over files does, to the bit") {
    CHECK(rc::check("registry and file", [] {
        auto all = some_people(10);
        // What says of the column that its postcodes are British.
        for (std::size_t i = 0; i < 12; ++i) {
            record::Identity filler;
            filler.id = "f" + std::to_string(i);
            filler.postcode = "LS1 " + std::to_string(i % 9 + 1) + "AB";
            all.push_back(filler);
        }
        const auto table = table_of(all);
        RC_ASSERT(batch::columns_of(*table).size() == testing::shipped_model().fields.size() + 1);
        std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
        for (std::uint32_t a = 0; a < 10; ++a) {
            for (std::uint32_t b = a + 1; b < 10; ++b) pairs.emplace_back(a, b);
        }
        const auto explained = batch::explain_pairs(table, table, pairs, testing::shipped_model(), options());
        RC_ASSERT(explained.has_value());
        const Comparer comparer(testing::shipped_model());
        for (const auto& example : *explained) {
            const auto a = features_of(all[example.pair.l]);
            const auto b = features_of(all[example.pair.r]);
            const auto compared = comparer.compare(a, b);
            if (static_cast<float>(compared.weight) != example.pair.weight) {
                for (const auto& each : compared.evidence)
                    RC_LOG() << to_string(each.aspect) << " " << each.level << " " << each.weight << "\n";
                for (const auto& each : example.evidence)
                    RC_LOG() << "file: " << each.field << " " << each.level << " " << each.weight << "\n";
            }
            RC_ASSERT(static_cast<float>(compared.weight) == example.pair.weight);
            RC_ASSERT(comparer.compare(b, a).weight == compared.weight);
            RC_ASSERT(compared.contradicted == example.pair.contradicted);
            // The registry is more careful, never bolder.
            const auto outcome = decide(compared, testing::shipped_model());
            RC_ASSERT(outcome != Outcome::linked || example.pair.outcome == Outcome::linked);
            // Twins whose numbers tell them apart are not asked about.
            RC_ASSERT(outcome != Outcome::not_linked || example.pair.outcome == Outcome::not_linked ||
                      (compared.contradicted && compared.twin_or_sibling));
            RC_ASSERT(outcome == comparer.weigh(a, b).outcome);
        }
    }));
}

TEST_CASE("the index in memory gives the registry's weights and ranking, also of people it was not built with") {
    CHECK(rc::check("registry and index", [] {
        auto all = some_people(14);
        for (auto& each : all) {
            if (each.postcode.empty() || each.postcode == "NB4") each.postcode = "NB4 7QT";
            each.address_protected = false;
        }
        // Of who is asked for or added only what the columns hold is taken.
        for (std::size_t i = 8; i < all.size(); ++i) all[i].more.clear();
        const auto table = table_of(std::vector(all.begin(), all.begin() + 8));
        index::Options indexing;
        indexing.given_variants = &testing::shipped_model().given_variants;
        indexing.family_variants = &testing::shipped_model().family_variants;
        indexing.threads = 1;
        auto built = index::Index::build(table, testing::shipped_model(), indexing);
        RC_ASSERT(built.has_value());
        // Some are added later, and one is asked for: read as a file's rows first.
        const auto later = table_of(std::vector(all.begin() + 8, all.end()));
        for (std::uint32_t i = 0; i < 5; ++i)
            RC_ASSERT((*built)->add("later" + std::to_string(i), values_of(*later, i)).has_value());
        const auto found = (*built)->search(values_of(*later, 5), 13);
        if (!found) return;  // too little to search by
        const Comparer comparer(testing::shipped_model());
        const auto asked = comparer.ready(features_of(all[13]));
        std::vector<double> weights;
        for (const auto& answer : found->answers) {
            const auto weight = comparer.weigh(asked, comparer.ready(features_of(all[answer.record]))).weight;
            if (static_cast<float>(weight) != answer.weight) {
                for (const auto& each :
                     comparer.compare(asked, comparer.ready(features_of(all[answer.record]))).evidence)
                    RC_LOG() << to_string(each.aspect) << " " << each.level << " " << each.weight << "\n";
                for (const auto& each : answer.evidence)
                    RC_LOG() << "index: " << each.field << " " << each.level << " " << each.weight << "\n";
            }
            RC_ASSERT(static_cast<float>(weight) == answer.weight);
            weights.push_back(weight);
        }
        RC_ASSERT(std::is_sorted(weights.rbegin(), weights.rend(),
                                 [](double x, double y) { return static_cast<float>(x) < static_cast<float>(y); }));
    }));
}

TEST_CASE("a search of the registry ranks whom it finds as the engine over files does") {
    waymark::testing::for_each_engine([](store::Store& store) {
        SampleRecord record(store);
        const Registry registry(record.journal, testing::shipped_model(), TokenKey{3});
        std::vector<record::Identity> all;
        const auto add = [&](const char* given, const char* family, const char* born, const char* postcode) {
            record::Identity who;
            who.source = "liquid";
            who.id = std::to_string(all.size());
            who.given_name = given;
            who.family_name = family;
            who.date_of_birth = parse_date(born).value();
            who.postcode = postcode;
            all.push_back(who);
        };
        add("Katherine", "Okonkwo", "2014-03-05", "NB4 7QT");
        add("Kate", "Okonkwo", "2014-05-03", "NB4 7QX");
        add("Adaeze", "Okonkwo", "2014-03-05", "NB4 7QT");
        add("Catherine", "Okonkwu", "2014-03-05", "SW1A 1AA");
        add("Katherine", "Okonkwo", "2013-11-28", "NB4 7QT");
        add("Okonkwo", "Katherine", "2014-03-05", "LS1 4AP");
        std::vector<Arrived> arrived;
        for (const auto& who : all) arrived.push_back({"csc", who, record.clock.now(), EntryId{}});
        std::vector<Registry::EngineLink> links;
        std::map<ViewId, std::uint32_t> number;
        SampleRecord::must(store.write([&](store::Transaction& tx) -> Result<void> {
            links.clear();
            const auto resolved =
                TRY(registry.resolve(tx, SampleRecord::partnership, arrived, record.clock.now(), links));
            for (std::uint32_t i = 0; i < resolved.size(); ++i) number[resolved[i].view] = i;
            return {};
        }));
        auto query = all[0];
        query.given_name = "Katharine";
        const auto found = record.read([&](store::Snapshot& snapshot) {
            return registry
                .search(
                    snapshot, SampleRecord::partnership, sharing::Gate::make(record::Action::search), query,
                    [](const store::ViewRow&) { return true; }, 10)
                .value();
        });
        REQUIRE(found.size() >= 4);
        all.push_back(query);
        all.back().id = "asked";
        std::istringstream in(file_of(all));
        const auto table = batch::read(in, "people.csv", options()).value();
        std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
        for (const auto& each : found)
            pairs.emplace_back(number.at(each.view), static_cast<std::uint32_t>(all.size() - 1));
        const auto explained = batch::explain_pairs(table, table, pairs, testing::shipped_model(), options()).value();
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(static_cast<float>(found[i].comparison.weight) == explained[i].pair.weight);
            if (i != 0) CHECK(explained[i - 1].pair.weight >= explained[i].pair.weight);
        }
    });
}
