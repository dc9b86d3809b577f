#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include <libxml/xmlschemas.h>

#include "exchange/exchange.hpp"
#include "support/told.hpp"

using namespace waymark;
using namespace waymark::exchange;
using waymark::testing::Collected;
using waymark::testing::Reader;

namespace {

std::string census(const std::string& children, const std::string& before = "") {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + before +
           "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</"
           "Year><ReferenceDate>2026-03-31</ReferenceDate>"
           "</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>201</LEA><DateTime>2026-05-23T11:14:05</"
           "DateTime></Source>"
           "</Header><Children>" +
           children + "</Children></Message>\n";
}
std::string child(const std::string& details,
                  const std::string& identifiers =
                      "<LAchildID>A1</LAchildID><PersonBirthDate>2015-03-27</PersonBirthDate><Sex>F</Sex>") {
    return "<Child><ChildIdentifiers>" + identifiers +
           "</ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>" + details +
           "</Child>";
}
Collected read_census(const std::string& xml) {
    Collected told;
    const auto result = Reader().read(Format::cin_census, xml, told);
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : describe(result.error())));
    return told;
}

}  // namespace

TEST_CASE("every sample of a census is read, and what is refused of it is in its golden list") {
    for (const std::string name :
         {"CIN2rows", "CIN_Census_2021", "CIN_Census_2024", "CIN_Census_2026", "BAR_cin_2022"}) {
        CAPTURE(name);
        const auto told = read_census(Reader::load_file("tests/data/cin-census/" + name + ".xml"));
        CHECK(told.count("identity.recorded") >= 1);
        std::string text = fmt::format("{} drafts, {} rows refused\n", told.rows.size(), told.rows_refused);
        for (const auto& row : told.rows) {
            text += fmt::format("{:>5}  {}  {}  {}\n", row.line, row.draft.kind, to_string(row.draft.at),
                                write_canonical(row.draft.body));
        }
        testing::check_golden(name + ".txt", text + told.text());
    }
}

TEST_CASE("the large sample is read, and what is refused of it is in its golden list") {
    const auto told = read_census(Reader::load_file("content/samples/fake_CIN_data.xml"));
    CHECK(told.count("identity.recorded") == 332);
    testing::check_golden(
        "fake_CIN_data.txt",
        fmt::format("{} drafts, {} rows refused\n", told.rows.size(), told.rows_refused) + told.text());
}

TEST_CASE("each part of a child's census becomes an entry of its kind on its date") {
    const auto told = read_census(census(child(
        "<CINdetails><CINreferralDate>2025-10-06</CINreferralDate><ReferralSource>2A</"
        "ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>"
        "<CINclosureDate>2026-02-27</CINclosureDate><ReasonForClosure>RC7</"
        "ReasonForClosure><DateOfInitialCPC>2025-11-06</DateOfInitialCPC>"
        "<Assessments><AssessmentActualStartDate>2025-10-07</"
        "AssessmentActualStartDate><AssessmentAuthorisationDate>2025-11-01</AssessmentAuthorisationDate>"
        "<FactorsIdentifiedAtAssessment><AssessmentFactors>19B</AssessmentFactors><AssessmentFactors>14A</"
        "AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>"
        "<CINPlanDates><CINPlanStartDate>2026-01-24</CINPlanStartDate><CINPlanEndDate>2026-01-26</CINPlanEndDate></"
        "CINPlanDates>"
        "<Section47><S47ActualStartDate>2025-10-10</S47ActualStartDate><InitialCPCtarget>2025-11-01</InitialCPCtarget>"
        "<DateOfInitialCPC>2025-11-06</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></"
        "Section47><ReferralNFA>0</ReferralNFA>"
        "<ChildProtectionPlans><CPPstartDate>2025-11-06</CPPstartDate><CPPendDate>2026-02-01</"
        "CPPendDate><InitialCategoryOfAbuse>SAB</InitialCategoryOfAbuse>"
        "<LatestCategoryOfAbuse>SAB</LatestCategoryOfAbuse><NumberOfPreviousCPP>1</"
        "NumberOfPreviousCPP><Reviews><CPPreviewDate>2026-01-15</CPPreviewDate></Reviews>"
        "</ChildProtectionPlans></CINdetails>")));
    CHECK(told.text() == "");
    std::string lines;
    for (const auto& row : told.rows) {
        lines += fmt::format("{} {} {} {}\n", row.draft.kind, to_string(row.draft.at), row.draft.id,
                             write_canonical(row.draft.body));
    }
    testing::check_golden("mapping.txt", lines);
    // The same conference in two places is one.
    CHECK(told.count("conference.held") == 1);
    const auto* completed = told.find("assessment.completed");
    REQUIRE(completed != nullptr);
    CHECK(completed->about == "cin:201:A1:Assessments:2025-10-07");
    CHECK(completed->case_key == "A1/2025-10-06");
    CHECK(completed->recorded == *parse_instant("2026-05-23T10:14:05Z"));  // local time, in summer
}

TEST_CASE("a referral without further action stays open until the census says that it was closed") {
    const auto told = read_census(census(child(
        "<CINdetails><CINreferralDate>2025-10-06</CINreferralDate><ReferralNFA>true</ReferralNFA></CINdetails>")));
    const auto* referral = told.find("referral.received");
    REQUIRE(referral != nullptr);
    CHECK(write_canonical(referral->body) == R"({"no_further_action":true})");
    CHECK(told.count("case.closed") == 0);
}

TEST_CASE("what a child can have had before birth is taken, and what it cannot is refused") {
    const auto told = read_census(census(
        child("<CINdetails><CINreferralDate>2014-12-01</CINreferralDate><ReferralNFA>0</ReferralNFA></CINdetails>"
              "<CINdetails><CINreferralDate>2013-12-01</CINreferralDate><ReferralNFA>0</ReferralNFA></CINdetails>")));
    CHECK(told.count("referral.received") == 1);
    REQUIRE(told.refusals.size() == 2);
    CHECK(told.refusals[0].reason == "more than 40 weeks before the child's birth");
    CHECK(told.refusals[1].place == "CINdetails/ReferralNFA");
}

TEST_CASE("dates against a rule are taken, dates that cannot be are refused") {
    const auto told = read_census(census(child(
        "<CINdetails><CINreferralDate>2025-10-06</CINreferralDate>"
        "<Assessments><AssessmentActualStartDate>2025-01-01</AssessmentActualStartDate></Assessments>"
        "<Assessments><AssessmentActualStartDate>2025-02-30</AssessmentActualStartDate></Assessments>"
        "<Assessments><AssessmentActualStartDate>2028-01-01</AssessmentActualStartDate></Assessments></CINdetails>")));
    CHECK(told.count("assessment.started") == 1);
    CHECK(told.rows_refused == 2);
}

TEST_CASE("a child whom nobody can name is refused whole, one with a UPN alone is not") {
    const auto nobody = read_census(census(child("", "<PersonBirthDate>2015-03-27</PersonBirthDate>")));
    CHECK(nobody.rows.empty());
    CHECK(nobody.rows_refused == 1);
    const auto by_upn = read_census(census(child("", "<UPN>H801200001001</UPN>")));
    CHECK(by_upn.count("identity.recorded") == 1);
}

TEST_CASE("a UPN that is none is kept as it is written and told") {
    const auto told = read_census(census(child("", "<LAchildID>A1</LAchildID><UPN>A123456789123</UPN>")));
    REQUIRE(told.refusals.size() == 1);
    CHECK(told.refusals[0].kept);
    CHECK(told.find("identity.recorded")->subjects.front().identity->upn == "A123456789123");
}

TEST_CASE("an identity that is mended leaves the child's other entries the same") {
    const std::string details =
        "<CINdetails><CINreferralDate>2025-10-06</CINreferralDate><ReferralNFA>0</ReferralNFA></CINdetails>";
    const auto before = read_census(census(child(details)));
    const auto after = read_census(
        census(child(details, "<LAchildID>A1</LAchildID><PersonBirthDate>2015-03-28</PersonBirthDate><Sex>F</Sex>")));
    CHECK(before.find("identity.recorded")->id != after.find("identity.recorded")->id);
    CHECK(record::content_digest(*before.find("referral.received")) ==
          record::content_digest(*after.find("referral.received")));
}

TEST_CASE("two of a kind on one day are two where they differ, and one where they do not") {
    const std::string same = "<CINPlanDates><CINPlanStartDate>2026-01-24</CINPlanStartDate></CINPlanDates>";
    const auto plan = [](const char* category) {
        return fmt::format(
            "<ChildProtectionPlans><CPPstartDate>2026-01-24</CPPstartDate><InitialCategoryOfAbuse>{}</"
            "InitialCategoryOfAbuse></ChildProtectionPlans>",
            category);
    };
    const auto told = read_census(census(child("<CINdetails><CINreferralDate>2025-10-06</CINreferralDate>" + same +
                                               same + plan("NEG") + plan("EMO") + "</CINdetails>")));
    std::vector<std::string> ids;
    for (const auto& row : told.rows) {
        if (row.draft.kind == "plan.agreed") ids.push_back(row.draft.id);
    }
    CHECK(ids == std::vector<std::string>{"cin:201:A1:CINPlanDates:2026-01-24", "cin:201:A1:CINPlanDates:2026-01-24",
                                          "cin:201:A1:ChildProtectionPlans:2026-01-24",
                                          "cin:201:A1:ChildProtectionPlans:2026-01-24:2"});
}

TEST_CASE("what no kind holds, what is no element of the census and what stands between elements is told") {
    const auto told = read_census(
        census(child("<CINdetails><CINreferralDate>2025-10-06</CINreferralDate>stray<Unheard>1</Unheard>"
                     "<PreProceedingsandFGDM><PPStartDate>2026-01-01</PPStartDate></PreProceedingsandFGDM></"
                     "CINdetails><Unheard><Of>1</Of></Unheard>") +
               "<Sibling><Name>x</Name></Sibling>"));
    std::vector<std::string> places;
    for (const auto& one : told.refusals) places.push_back(one.place);
    std::sort(places.begin(), places.end());
    CHECK(places == std::vector<std::string>{"CINdetails (text)", "CINdetails/PreProceedingsandFGDM",
                                             "CINdetails/Unheard", "Sibling", "Unheard"});
}

TEST_CASE("broken XML: what stood before it is taken, and the refusal names the line and the parser's reason") {
    const auto whole = census(child("<CINdetails><CINreferralDate>2025-10-06</CINreferralDate></CINdetails>") +
                              "\n<Child>\n<ChildIdentifiers>\n<LAchildID>A2</Wrong>");
    const auto told = read_census(whole);
    CHECK(told.count("referral.received") == 1);
    REQUIRE(told.refusals.size() == 1);
    CHECK(told.refusals[0].line == 5);
    CHECK(told.refusals[0].reason.find("tag mismatch") != std::string::npos);
    CHECK(told.refusals[0].reason.find("begins on line 3") != std::string::npos);
    // Cut off anywhere, nothing but the end is lost.
    const auto full = census(child("<CINdetails><CINreferralDate>2025-10-06</CINreferralDate></CINdetails>"));
    const auto end_of_child = full.find("</Child>") + 8;
    for (std::size_t length = end_of_child; length + 12 < full.size(); ++length) {
        CAPTURE(length);
        const auto cut = read_census(full.substr(0, length));
        CHECK(cut.count("referral.received") == 1);
        CHECK(cut.rows_refused == 1);
    }
}

TEST_CASE("bytes that are no UTF-8 end the reading with their line") {
    const auto told = read_census(census(child("") + "\n\n" + child("", "<LAchildID>\xFF\xFE</LAchildID>")));
    CHECK(told.count("identity.recorded") == 1);
    REQUIRE(told.rows_refused == 1);
    CHECK(told.refusals.back().line == 4);
}

TEST_CASE("a census in Latin-1 is read as what it says") {
    auto xml = census(child("", "<LAchildID>caf\xE9</LAchildID>"));
    xml.replace(xml.find("UTF-8"), 5, "ISO-8859-1");
    CHECK(read_census(xml).find("identity.recorded")->subjects.front().identity->la_child_id == "café");
}

TEST_CASE("a document type declaration ends the reading before anything is expanded or fetched") {
    const auto told = read_census(
        census(child("", "<LAchildID>&a;</LAchildID>"),
               "<!DOCTYPE Message [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b SYSTEM \"file:///etc/hostname\">]>\n"));
    CHECK(told.rows.empty());
    REQUIRE(told.refusals.size() == 1);
    CHECK(told.refusals[0].reason.find("document type declaration") != std::string::npos);
}

TEST_CASE("another kind of XML is not a census, and says so") {
    Collected told;
    const auto result = Reader().read(Format::cin_census, "<html><body/></html>", told);
    REQUIRE_FALSE(result);
    CHECK(result.error().reason.find("not a children in need census") != std::string::npos);
}

TEST_CASE("lines are right past 65,535") {
    const std::string lines(70'000, '\n');
    const auto told = read_census(
        census(child("") + lines +
               child("<CINdetails><CINreferralDate>bad</CINreferralDate></CINdetails>", "<LAchildID>A2</LAchildID>")));
    REQUIRE(told.refusals.size() == 1);
    CHECK(told.refusals[0].line == 70'002);
    CHECK(told.rows.back().line == 70'002);
}

TEST_CASE(
    "a generated census is valid against the census's schema, the same for the same seed, and read without a refusal") {
    std::ostringstream out;
    generate_census(out, 300, 7);
    const auto xml = out.str();
    std::ostringstream again;
    generate_census(again, 300, 7);
    CHECK(xml == again.str());

    const auto path = std::string(WAYMARK_SOURCE_DIR) + "/tests/data/cin-xsd/CIN_schema_2026.xsd";
    auto* parser = xmlSchemaNewParserCtxt(path.c_str());
    auto* schema = xmlSchemaParse(parser);
    REQUIRE(schema != nullptr);
    auto* document = xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr, XML_PARSE_NONET);
    auto* valid = xmlSchemaNewValidCtxt(schema);
    CHECK(xmlSchemaValidateDoc(valid, document) == 0);
    xmlSchemaFreeValidCtxt(valid);
    xmlFreeDoc(document);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);

    const auto told = read_census(xml);
    CHECK(told.text() == "");
    CHECK(told.count("identity.recorded") == 300);
    CHECK(told.rows.size() > 1'400);
}
