// The model as JSON, tokens, and name variants.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "people/people.hpp"
#include "support/people_samples.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

bool meet(const record::Identity& a, const record::Identity& b) {
    const TokenKey key{7};
    const auto x = import_tokens_of(features_of(a), key);
    const auto y = import_tokens_of(features_of(b), key);
    return std::any_of(x.begin(), x.end(), [&](auto token) { return std::find(y.begin(), y.end(), token) != y.end(); });
}
std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a model written is the model read") {
    const auto model = default_model();
    const auto text = batch::write_linkage_model(model);
    const auto back = batch::parse_linkage_model(text);
    REQUIRE(back.has_value());
    CHECK(batch::write_linkage_model(*back) == text);
    CHECK(back->prior == model.prior);
    CHECK(back->fields[1].shares->of == model.fields[1].shares->of);
    Model again;
    static_cast<batch::LinkageModel&>(again) = *back;
    const auto a = features_of(testing::child_named("Noor", "Hart", "2014-03-25"));
    CHECK(compare(a, a, again).weight == compare(a, a, model).weight);
}

TEST_CASE("a model that is not whole is refused with its place") {
    const auto text = batch::write_linkage_model(default_model());
    const auto place = [](const std::string& json) {
        const auto model = batch::parse_linkage_model(json);
        return model ? std::string("accepted") : model.error().place;
    };
    CHECK(place(text) == "accepted");
    CHECK(place(replaced(text, "waymark-identity-model", "other")) == "format");
    CHECK(place(replaced(text, "\"version\":4", "\"version\":1")) == "version");
    CHECK(place(replaced(text, "\"version\":4", "\"version\":5")) == "version");
    CHECK(place(replaced(text, "\"level\":\"nickname\"", "\"level\":\"nick\"")) == "fields[0].levels[4].level");
    CHECK(place(replaced(text, "\"kind\":\"sex\"", "\"kind\":\"sax\"")) == "fields[6].kind");
    CHECK(place(replaced(text, "\"SMITH\":", "\"Smith\":")) == "fields[1].shares");
    CHECK(place("{") == parse_json("{").error().place);
    CHECK(place("[]") == "");
}

TEST_CASE("a model of version 3, which knew no former postcodes, is read with the shipped weight of one") {
    const auto model = default_model();
    auto text = replaced(batch::write_linkage_model(model), "\"version\":4", "\"version\":3");
    const auto from = text.find("{\"level\":\"former\"");
    REQUIRE(from != std::string::npos);
    text.erase(from, text.find("},", from) + 2 - from);
    const auto read = batch::parse_linkage_model(text);
    REQUIRE(read.has_value());
    const auto& was = model.fields[5].levels;
    const auto& is = read->fields[5].levels;
    REQUIRE(is.size() == was.size());
    CHECK(is[4].id == "former");
    CHECK(is[4].weight == was[4].weight);
    CHECK(batch::parse_linkage_model(replaced(text, "\"version\":3", "\"version\":4")).error().place ==
          "fields[5].levels[4].level");
}

TEST_CASE("a model of version 2, which knew no expected dates, is read as it was") {
    auto model = default_model();
    for (auto& field : model.fields) field.shares = nullptr;
    auto text = replaced(batch::write_linkage_model(model), "\"version\":4", "\"version\":2");
    for (const char* level : {"{\"level\":\"expected-near\"", "{\"level\":\"expected-far\"", "{\"level\":\"former\""}) {
        const auto from = text.find(level);
        REQUIRE(from != std::string::npos);
        text.erase(from, text.find("},", from) + 2 - from);
    }
    const auto read = batch::parse_linkage_model(text);
    REQUIRE(read.has_value());
    REQUIRE(read->fields.size() == model.fields.size());
    for (std::size_t l = 0; l < model.fields[3].levels.size(); ++l)
        CHECK(read->fields[3].levels[l].id == model.fields[3].levels[l].id);
    CHECK(batch::write_linkage_model(*read).find("\"version\":4") != std::string::npos);
}

TEST_CASE("pairs that disagree in one thing still meet under a token") {
    auto base = testing::child_named("Katherine", "Okonkwo", "2014-03-25");
    base.postcode = "NB4 7QT";
    const auto with = [&](auto change) {
        auto other = base;
        change(other);
        return meet(base, other);
    };
    CHECK(with([](auto& i) { i.given_name = "Cathryn"; }));
    CHECK(with([](auto& i) { i.given_name = "Kit"; }));
    CHECK(with([](auto& i) { i.family_name = "Hart"; }));
    CHECK(with([](auto& i) { i.date_of_birth = parse_date("2011-01-02").value(); }));
    CHECK(with([](auto& i) { i.date_of_birth.reset(); }));
    CHECK(with([](auto& i) { std::swap(i.given_name, i.family_name); }));
    CHECK(with([](auto& i) {
        std::swap(i.given_name, i.family_name);
        i.postcode.clear();
    }));
    CHECK(with([](auto& i) {
        i.postcode = "XY1 1AA";
        i.date_of_birth = parse_date("2014-03-26").value();
    }));
    CHECK_FALSE(meet(base, testing::child_named("Ottilie", "Vandermeer", "2011-01-02")));
}

TEST_CASE("a name alone is found by a person's search and not by an import") {
    const TokenKey key{7};
    const auto a = features_of(testing::child_named("Katherine", "Okonkwo", ""));
    const auto b = features_of(testing::child_named("Katherine", "Okonkwo", "2014-03-25"));
    CHECK(import_tokens_of(a, key).empty());
    const auto of_a = search_tokens_of(a, key);
    const auto of_b = tokens_of(b, key);
    REQUIRE(of_a.size() == 1);
    CHECK(std::find(of_b.begin(), of_b.end(), of_a[0].token) != of_b.end());
}

TEST_CASE("what is looked up says what a view that is found under it has in common with who is asked for") {
    const TokenKey key{7};
    const auto asked = features_of(testing::child_named("Katherine", "Okonkwo", "2014-03-05"));
    const auto in_common = [&](const record::Identity& kept, const std::vector<SearchTag>& tags) {
        const auto tokens = tokens_of(features_of(kept), key);
        int alike = 0;
        for (const auto& tag : tags) {
            if (std::find(tokens.begin(), tokens.end(), tag.token) != tokens.end()) alike |= tag.alike;
        }
        return alike;
    };
    const auto first = search_tokens_of(asked, key);
    const auto second = wider_tokens_of(asked, key);
    constexpr int names = alike_given | alike_family;
    const auto named = [](const char* given, const char* family, const char* born) {
        return testing::child_named(given, family, born);
    };
    CHECK(in_common(named("Katherine", "Okonkwo", "2014-03-05"), first) == (names | alike_date | alike_year));
    CHECK(in_common(named("Katherine", "Okonkwo", "2014-05-03"), first) == (names | alike_slipped_date | alike_year));
    CHECK(in_common(named("Katherine", "Okonkwo", "2014-11-20"), first) == (names | alike_year));
    CHECK(in_common(named("Katherine", "Okonkwo", "2015-11-20"), first) == names);
    CHECK(in_common(named("Ottilie", "Okonkwo", "2014-03-05"), first) == (alike_family | alike_date));
    CHECK(in_common(named("Karim", "Vandermeer", "2014-03-05"), second) == alike_date);
    CHECK(in_common(named("Karim", "Okonkwo", "2001-11-20"), second) == alike_family);
    CHECK(in_common(named("Katherine", "Vandermeer", "2015-03-05"), second) == (alike_given | alike_slipped_date));
    CHECK(in_common(named("Ottilie", "Vandermeer", "2001-11-20"), second) == 0);
}

TEST_CASE("tokens under another key tell nothing of these") {
    const auto features = features_of(testing::child_named("Katherine", "Okonkwo", "2014-03-25"));
    const auto x = tokens_of(features, TokenKey{1});
    const auto y = tokens_of(features, TokenKey{2});
    CHECK(
        std::none_of(x.begin(), x.end(), [&](auto token) { return std::find(y.begin(), y.end(), token) != y.end(); }));
    CHECK(std::is_sorted(x.begin(), x.end()));
    CHECK(std::adjacent_find(x.begin(), x.end()) == x.end());
}

TEST_CASE("names are forms of one another through the name they share, and no further") {
    NameVariants variants;
    variants.add("ALFRED", "FREDDIE");
    variants.add("FREDERICK", "FREDDIE");
    variants.add("ALFRED", "ALFIE");
    CHECK(variants.related("ALFRED", "FREDDIE"));
    CHECK(variants.related("ALFIE", "FREDDIE"));
    CHECK_FALSE(variants.related("ALFRED", "FREDERICK"));
    CHECK_FALSE(variants.related("ALFRED", "OTTILIE"));
}

TEST_CASE("the name variants of the content load, and are refused where they are missing") {
    Model model = default_model();
    REQUIRE(load_name_variants(std::string(WAYMARK_SOURCE_DIR) + "/content", model).has_value());
    CHECK(model.given_variants.size() > 3000);
    CHECK(model.given_variants.related("BILL", "WILLIAM"));
    CHECK(model.family_variants.related("THOMSON", "THOMPSON"));
    const auto missing = load_name_variants("/nowhere", model);
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().kind == FaultKind::missing);
}
