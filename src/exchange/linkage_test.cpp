// Reviewed pairs as they come in, and the report as it goes out: well-formed, self-contained, readable without sight.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <libxml/parser.h>

#include <functional>
#include <memory>
#include <set>
#include <sstream>

#include "exchange/linkage.hpp"

namespace waymark::exchange {
namespace {

namespace batch = people::batch;

Result<std::vector<batch::Label>> labels_of(const std::string& text) {
    std::istringstream in(text);
    return read_labels(in, "labels.csv");
}

// A small register with damaged further sightings, twins, and values that a page must not take for markup.
std::string register_of(const std::string& hostile) {
    const std::vector<std::string> given = {"Amina", "Oscar",  "Freya",  "Rohan", "Elsie",
                                            "Jonah", "Maryam", "Callum", "Niamh"};
    const std::vector<std::string> family = {"Okafor", "Bennett", "Hussain", "Kowalska", "Price", "Nguyen", "Doherty"};
    std::string out = "id,given_name,family_name,date_of_birth,postcode,person\n";
    std::uint64_t state = 11;
    const auto any = [&](std::uint64_t n) { return (state = state * 48271 % 2147483647) % n; };
    for (int i = 0; i < 120; ++i) {
        const auto name = given[any(given.size())];
        const auto whole = (i == 7 ? hostile : family[any(family.size())]) +
                           fmt::format(",20{:02}-{:02}-{:02},NB{} {}AA", 5 + any(12), 1 + any(12), 1 + any(28),
                                       1 + any(9), 1 + any(9));
        out += fmt::format("R{},{},{},P{}\n", i, name, whole, i);
        if (i % 3 == 1) out += fmt::format("S{},{},{},P{}\n", i, name.substr(0, 3), whole, i);
        if (i % 7 == 0) out += fmt::format("T{},Zebedee,{},PT{}\n", i, whole, i);
    }
    return out;
}

struct Made {
    batch::TablePtr table;
    batch::Results results;
    LinkageFigures figures;
    std::string report;
};
Made make(const std::string& csv, bool with_truth, bool show_records) {
    batch::Options options;
    options.guess_others = true;
    options.threads = 1;
    options.threshold = 0.9;
    if (with_truth) options.columns.push_back({"person", batch::Kind::truth});
    std::istringstream in(csv);
    auto table = batch::read(in, "register.csv", options);
    REQUIRE(table.has_value());
    auto results = batch::dedupe(*table, options);
    REQUIRE(results.has_value());
    Made made{*table, std::move(*results), {}, {}};
    made.figures = figures_of(made.results, *made.table, nullptr);
    LinkageRun run{made.results, *made.table, nullptr, made.figures, {"some <where>/register & more.csv"}};
    run.command = "waymark people dedupe 'some <where>/register & more.csv' --threshold 0.9";
    run.made = "22 November 2026, 09:00";
    run.show_records = show_records;
    made.report = linkage_report(run);
    return made;
}

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;
Document parse(const std::string& text) {
    return {xmlReadMemory(text.data(), static_cast<int>(text.size()), "report.html", nullptr,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
            xmlFreeDoc};
}
std::string name_of(const xmlNode* node) {
    return node->name == nullptr ? "" : std::string(reinterpret_cast<const char*>(node->name));
}
std::string attribute(xmlNode* node, const char* name) {
    xmlChar* value = xmlGetProp(node, reinterpret_cast<const xmlChar*>(name));
    if (value == nullptr) return "";
    std::string out(reinterpret_cast<const char*>(value));
    xmlFree(value);
    return out;
}
void each_element(xmlNode* node, const std::function<void(xmlNode*)>& work) {
    for (; node != nullptr; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) continue;
        work(node);
        each_element(node->children, work);
    }
}
bool has_child(xmlNode* node, const std::string& name) {
    for (xmlNode* child = node->children; child != nullptr; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && name_of(child) == name) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("reviewed pairs are read as ours and as Splink writes them") {
    const auto ours = labels_of("id_r,comment,id_l,same\nb,fine,a,yes\nd,,c,0\n");
    REQUIRE(ours.has_value());
    REQUIRE(ours->size() == 2);
    CHECK(ours->at(0).id_l == "a");
    CHECK(ours->at(0).id_r == "b");
    CHECK(ours->at(0).same);
    CHECK_FALSE(ours->at(1).same);
    const auto theirs = labels_of(
        "unique_id_l,source_dataset_l,unique_id_r,source_dataset_r,clerical_match_score\n0,f,1,f,1.0\n0,f,2,f,0.1\n");
    REQUIRE(theirs.has_value());
    CHECK(theirs->at(0).same);
    CHECK_FALSE(theirs->at(1).same);
}

TEST_CASE("reviewed pairs that are misread are refused with their line") {
    for (const auto& [text, place] : std::vector<std::pair<std::string, std::string>>{
             {"", "labels.csv"},
             {"id_l,id_r\na,b\n", "labels.csv:1"},
             {"id_l,id_r,same\na,b,yes\nc,d,perhaps\n", "labels.csv:3 same"},
             {"id_l,id_r,same\na,b\n", "labels.csv:2"},
             {"id_l,id_r,same\na,,yes\n", "labels.csv:2"},
             {"id_l,id_r,same\na,b,1.5\n", "labels.csv:2 same"}}) {
        const auto labels = labels_of(text);
        REQUIRE_FALSE(labels.has_value());
        CHECK(labels.error().place == place);
        CHECK_FALSE(labels.error().reason.empty());
    }
}

TEST_CASE("the figures count each pair once and every record in one cluster") {
    const auto made = make(register_of("Price"), true, true);
    const auto& f = made.figures;
    CHECK(f.records == batch::records(*made.table));
    CHECK(f.linked + f.offered == made.results.pairs.size());
    CHECK(f.pairs_possible == f.records * (f.records - 1) / 2);
    std::uint64_t records = 0;
    std::uint64_t clusters = 0;
    for (const auto& [size, count] : f.cluster_sizes) {
        records += size * count;
        clusters += count;
    }
    CHECK(records == f.records);
    CHECK(clusters == made.results.clusters);
    CHECK(f.twins > 0);
}

TEST_CASE("the report is well-formed, whatever stands in the values") {
    for (const std::string hostile :
         {"<script>alert(1)</script>", "\"]]>&amp;'", "a\x01\x1f\x7f", "\xEF\xBF\xBE\xEF\xBF\xBF", "</td></table>"}) {
        std::string quoted = hostile;
        for (std::size_t i = 0; (i = quoted.find('"', i)) != std::string::npos; i += 2) quoted.insert(i, "\"");
        const auto made = make(register_of("\"" + quoted + "\""), true, true);
        const auto document = parse(made.report);
        REQUIRE(document != nullptr);
        CHECK(made.report.find("<script") == std::string::npos);
    }
}

TEST_CASE("the report needs no other file and runs nothing") {
    const auto made = make(register_of("Price"), true, true);
    const auto document = parse(made.report);
    REQUIRE(document != nullptr);
    each_element(xmlDocGetRootElement(document.get()), [](xmlNode* node) {
        const auto name = name_of(node);
        CHECK(name != "script");
        CHECK(name != "link");
        CHECK(name != "iframe");
        CHECK(name != "img");
        for (xmlAttr* each = node->properties; each != nullptr; each = each->next) {
            const std::string key(reinterpret_cast<const char*>(each->name));
            CHECK(key.rfind("on", 0) != 0);
            if (key == "href") CHECK(attribute(node, "href").rfind("#", 0) == 0);
            CHECK(key != "src");
        }
    });
    CHECK(made.report.find("@import") == std::string::npos);
}

TEST_CASE(
    "the report can be read without sight: headings in order, tables with captions and scopes, charts with words") {
    const auto made = make(register_of("Price"), true, true);
    const auto document = parse(made.report);
    REQUIRE(document != nullptr);
    int level = 0;
    std::set<std::string> ids;
    std::vector<std::string> wanted;
    std::size_t charts = 0;
    each_element(xmlDocGetRootElement(document.get()), [&](xmlNode* node) {
        const auto name = name_of(node);
        if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
            CHECK(name[1] - '0' <= level + 1);
            level = name[1] - '0';
        }
        if (name == "table") CHECK(has_child(node, "caption"));
        if (name == "th") CHECK_FALSE(attribute(node, "scope").empty());
        if (name == "svg") {
            ++charts;
            CHECK(attribute(node, "role") == "img");
            CHECK(has_child(node, "title"));
            CHECK(has_child(node, "desc"));
        }
        if (const auto id = attribute(node, "id"); !id.empty()) CHECK(ids.insert(id).second);
        if (name == "a") wanted.push_back(attribute(node, "href").substr(1));
    });
    CHECK(charts > 8);
    for (const auto& id : wanted) CHECK(ids.count(id) == 1);
}

TEST_CASE("a report without examples shows no value of any record") {
    const auto shown = make(register_of("Unmistakable"), true, true);
    CHECK(shown.report.find("ZEBEDEE") != std::string::npos);
    CHECK(shown.report.find("holds personal data") != std::string::npos);
    const auto hidden = make(register_of("Unmistakable"), true, false);
    CHECK(hidden.report.find("ZEBEDEE") == std::string::npos);
    CHECK(hidden.report.find("UNMISTAKABLE") == std::string::npos);
    CHECK(hidden.report.find("holds personal data") == std::string::npos);
}

TEST_CASE("without the truth the report claims no precision") {
    const auto made = make(register_of("Price"), false, true);
    REQUIRE(parse(made.report) != nullptr);
    CHECK(made.report.find("no measurement") != std::string::npos);
    CHECK(made.report.find("id=\"truth\"") == std::string::npos);
    CHECK(make(register_of("Price"), true, true).report.find("id=\"truth\"") != std::string::npos);
}

TEST_CASE("the weights chart names every field and level of the model") {
    const auto made = make(register_of("Price"), false, false);
    const auto chart = weights_chart(made.results.model);
    const auto document = parse(chart);
    REQUIRE(document != nullptr);
    for (const auto& field : made.results.model.fields) CHECK(chart.find(">" + field.name + " (") != std::string::npos);
}

}  // namespace waymark::exchange
