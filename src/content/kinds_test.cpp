// The kinds of the outside contract, and what is refused of a file of kinds.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "content/check.hpp"
#include "content/content.hpp"
#include "support/content_dir.hpp"

using namespace waymark;
using namespace waymark::content;
using testing::content_dir;

namespace {

struct Row {
    const char* kinds;   // separated by spaces
    const char* fields;  // separated by spaces; field=code|code for closed lists
};

// Section 4 of the outside contract, row by row.
const Row contract[] = {
    {"concern.raised",
     "about_what=displayed-behaviour|harmed|exploitation|other setting noticed=observed|reported|told-by-child summary "
     "immediate_danger"},
    {"referral.received", "source primary_need no_further_action"},
    {"concern.classified",
     "whose category=normal|inappropriate|problematic|abusive|violent|not-enough-information factors tool tool_version "
     "rationale"},
    {"triage.decided", "outcome=no-further-action|advice|early-help|assessment|strategy-discussion rationale"},
    {"earlier.judged", "judgement=counts|does-not-count|not-this-child reason"},
    {"feedback.given", "to outcome text"},
    {"consultation.requested", "of course view dissent"},
    {"consultation.given", "by course view dissent"},
    {"action.proposed action.taken", "course by"},
    {"gate.overridden", "course reason"},
    {"override.reviewed", "upheld"},
    {"strategy.held", "attended apologies decision section_47_considered support_for_affected_considered"},
    {"enquiry.opened enquiry.concluded", "type=section-47 outcome"},
    {"conference.held", "type=initial|review attended apologies decision"},
    {"meeting.convened", "type invited"},
    {"meeting.held", "type attended apologies decisions"},
    {"assessment.started assessment.contributed assessment.completed",
     "template domain co_worker judgement strengths needs"},
    {"plan.agreed plan.ended",
     "type=risk-management|safety|school|child-in-need|child-protection|care|intervention|after-disposal actions "
     "outcome"},
    {"action.completed", "action"},
    {"plan.reviewed review.independent", "type outcome changes agreed"},
    {"keep-apart.agreed keep-apart.ended", "setting review_by"},
    {"visit.made", "seen seen_alone"},
    {"views.recorded", "whose=child|parent|carer text"},
    {"characteristics.recorded", "ethnicity disability neurodiversity looked_after"},
    {"support.offered support.started support.delivered support.ended",
     "type=interim|intervention|therapeutic|practical provider response=accepted|declined"},
    {"disclosure.made", "to"},
    {"crime.recorded", "reference flags=csa|cse|hsb"},
    {"crime.outcome", "reference code cancelled"},
    {"investigation.opened investigation.closed", "lead outcome"},
    {"charge.decided", "decision=charge|out-of-court|no-charge diversion_considered reason"},
    {"hearing.held", "court"},
    {"proceedings.ended", "result=convicted|acquitted|discontinued|quashed"},
    {"conviction.recorded sentence.passed", "order length_months"},
    {"order.started order.breached order.completed", "order"},
    {"circumstance.changed", "type=placement|school|household|contact|relationship|health text"},
    {"incident.recorded", "category text"},
    {"missing.reported", "episode type=missing|away"},
    {"missing.found", "episode"},
    {"return-interview.held", "episode offered accepted independent"},
    {"disruption.decided", "power decision=considered|used|not-used reason against=person|place"},
    {"challenge.raised challenge.responded challenge.escalated challenge.resolved", "to about_what stage outcome"},
    {"supervision.recorded", "decision rationale"},
    {"outcome.recorded",
     "education relationships engagement=poor|partial|good|completed further=offence|recorded-crime|concern "
     "window_months"},
    {"case.opened case.transferred transfer.received case.closed", "lead to reason"},
    {"identity.decided", "same not-same not-yet reason identities"},
    {"restriction.set restriction.lifted",
     "level=team|named-only|all-but-named|hidden|sealed persons reason review_by"},
    {"sharing.requested", "purpose agreement"},
    {"sharing.decided", "decision=permit|deny|review|not-shared reason obligations review_by"},
    {"cue.dismissed", "cue reason until"},
    {"guidance.issued", "chapter version audiences"},
    {"guidance.read training.completed", ""},
    {"briefing.held", "audience=practitioner|manager attended"},
    {"audit.scored", "framework domain score"},
    {"recommendation.made", ""},
    {"recommendation.progressed", "status barrier barrier_owner evidence"},
};

Catalogue shipped() {
    Result<Catalogue> kinds = load_kinds(content_dir);
    REQUIRE_MESSAGE(kinds, (kinds ? std::string{} : describe(kinds.error())));
    return std::move(*kinds);
}

// A content folder of one file of kinds, in the order of its lines.
Fault fault_of(const std::string& toml) {
    namespace fs = std::filesystem;
    const fs::path dir =
        fs::temp_directory_path() / ("waymark-kinds-test-" + std::to_string(reinterpret_cast<std::uintptr_t>(&toml)));
    fs::create_directories(dir / "kinds");
    std::ofstream(dir / "kinds" / "mine.toml") << toml;
    Result<Catalogue> kinds = load_kinds(dir.string());
    fs::remove_all(dir);
    REQUIRE_FALSE(kinds);
    return kinds.error();
}

}  // namespace

TEST_CASE("every kind and field of the contract is there, and closed lists hold exactly its codes") {
    const Catalogue kinds = shipped();
    for (const Row& row : contract) {
        for (const std::string_view key : split(row.kinds, ' ')) {
            CAPTURE(key);
            const Kind* kind = kinds.find(key);
            REQUIRE(kind != nullptr);
            if (*row.fields == '\0') continue;
            for (const std::string_view spec : split(row.fields, ' ')) {
                const auto parts = split(spec, '=');
                CAPTURE(spec);
                const Field* field = kind->field(parts[0]);
                REQUIRE(field != nullptr);
                if (parts.size() == 1) continue;
                std::vector<std::string> codes;
                for (const std::string_view code : split(parts[1], '|')) codes.emplace_back(code);
                CHECK(field->codes == codes);
            }
        }
    }
}

TEST_CASE("only concerns and referrals open a case, and only what is about no child needs no subject") {
    std::vector<std::string> opens;
    std::vector<std::string> subjectless;
    const Catalogue kinds = shipped();
    for (const Kind& kind : kinds.kinds()) {
        if (kind.opens_case) opens.push_back(kind.key);
        const bool of_staff = kind.group == "access" || kind.group == "advice";  // a connection, a worry talked through
        if (!kind.needs_subject && kind.group != "partnership" && !of_staff) subjectless.push_back(kind.key);
        if (kind.group == "partnership") CHECK_FALSE(kind.needs_subject);
    }
    CHECK(opens == std::vector<std::string>{"concern.raised", "referral.received"});
    CHECK(subjectless == std::vector<std::string>{"incident.recorded", "disruption.decided"});
    CHECK(kinds.find("earlier.judged")->about_required);
}

TEST_CASE("every code has a label and every field a question") {
    const Catalogue kinds = shipped();
    for (const Kind& kind : kinds.kinds()) {
        for (const Field& field : kind.fields) {
            CAPTURE(kind.key);
            CAPTURE(field.name);
            CHECK_FALSE(field.label.empty());
            for (const std::string& code : field.codes) CHECK(field.code_labels.count(code) == 1);
            for (const std::string& code : field.suggested) CHECK(field.code_labels.count(code) == 1);
        }
    }
}

TEST_CASE("a vocabulary's codes are suggested in its order, with its labels") {
    const Catalogue kinds = shipped();
    const Field* source = kinds.find("referral.received")->field("source");
    CHECK(source->codes.empty());
    CHECK(source->suggested.front() == "1A");
    CHECK(source->code_label("6") == "Police");
    CHECK(source->code_label("unheard-of") == "unheard-of");
}

TEST_CASE("a misspelt kind is answered with the nearest") {
    CHECK(shipped().nearest("concern.rased") == "concern.raised");
    CHECK(shipped().find("concern.rased") == nullptr);
}

TEST_CASE("what is wrong in a file of kinds is named by file and line") {
    const std::string head = "[[kind]]\nkey = \"a.b\"\nlabel = \"A\"\ngroup = \"g\"\n";
    Fault fault = fault_of(head + "lable = \"x\"\n");
    CHECK(fault.place == "kinds/mine.toml:5");
    CHECK(fault.mend == "did you mean “label”?");
    fault = fault_of(head + "fields = [\n{name = \"x\", type = \"cod\", label = \"X\"}]\n");
    CHECK(fault.place == "kinds/mine.toml:6");
    CHECK(fault.mend.find("code") != std::string::npos);
    fault = fault_of(head + "about = [\"a.c\"]\n");
    CHECK(fault.place == "kinds/mine.toml:5");
    fault = fault_of(head + head);
    CHECK(fault.place == "kinds/mine.toml:5");
    CHECK(fault.reason == "the kind a.b is described twice");
    fault = fault_of("key = [");
    CHECK(fault.place == "kinds/mine.toml:1");
    fault = fault_of(head + "fields = [{name = \"x\", type = \"text\", label = \"X\", codes = [[\"a\", \"A\"]]}]\n");
    CHECK(fault.place == "kinds/mine.toml:5");
}

TEST_CASE("a folder without kinds is missing") {
    const Result<Catalogue> kinds = load_kinds("/nowhere");
    REQUIRE_FALSE(kinds);
    CHECK(kinds.error().kind == FaultKind::missing);
}
