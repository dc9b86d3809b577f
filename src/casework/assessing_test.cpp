// An assessment that two agencies write together, each without what it may not see, to the supervisor's agreement.
#include "casework/assessing.hpp"

#include <doctest/doctest.h>

#include "support/open_office.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::for_each_office;
using testing::must;
using testing::OpenOffice;

namespace {

constexpr auto concern_to_assess =
    R"({"kind":"concern.raised","at":"2026-03-02","agency":"education","author":"e.vasquez","id":"c-1",
        "subjects":[{"involvement":"displayed","identity":{"source":"school","id":"7","given_name":"Ada",
        "family_name":"Lindgren","date_of_birth":"2012-04-05"}}],
        "body":{"about_what":"displayed-behaviour","setting":"school","noticed":"observed","summary":"Category 4."}})";

ViewId child_to_assess(OpenOffice& world) {
    return world.take(concern_to_assess).records.front();
}
// As another system started it, with the supervisor herself at work on it.
EntryId begun(OpenOffice& world, ViewId child, const char* key = "start-1") {
    return world
        .take(
            std::string(R"({"kind":"assessment.started","at":"2026-03-02","agency":"csc","author":"a.rahman","id":")") +
            key + R"(","subjects":[{"involvement":"subject","person":")" + to_string(child) +
            R"("}],"body":{"template":"hsb-structured","co_worker":"a.rahman","supervisor":"s.iyer"}})")
        .entries.front();
}
std::vector<casework::SectionAnswer> all_answered(const content::AssessmentSection& section, const std::string& text) {
    std::vector<casework::SectionAnswer> out;
    for (const auto& one : section.questions) out.push_back({one.id, one.label, text, text.empty(), {}});
    return out;
}
casework::AssessmentPage page_of(OpenOffice& world, EntryId id) {
    return must(casework::assessment_page(world.office(), world.asker("s.iyer"), id));
}
EntryId asked_of(OpenOffice& world, EntryId assessment, const char* who, const char* section) {
    return must(casework::ask_for_section(
        world.office(), world.asker("s.iyer"),
        {std::string("ask-") + who + section, assessment, section, who, *parse_date("2026-03-16")}));
}
Result<EntryId> written(OpenOffice& world, const char* who, EntryId id, const std::string& section,
                        const std::string& text, EntryId seen = {}, std::string key = {}) {
    const auto asker = world.asker(who);
    const auto to_write = must(casework::section_to_write(world.office(), asker, id, section));
    if (key.empty()) key = to_string(id) + section + text;
    return casework::write_section(world.office(), asker,
                                   {key, id, to_write.section.id, seen, all_answered(to_write.section, text)});
}

}  // namespace

TEST_CASE("an agency that is asked writes its section, and sees the name and its own words alone") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_assess(world);
        const auto id = begun(world, child);
        must(written(world, "s.iyer", id, "family", "By category, ours."));
        const auto asked = asked_of(world, id, "y.chen", "development");
        const auto tasks = must(casework::assessment_tasks(world.office(), world.asker("y.chen"), 20));
        REQUIRE(tasks.size() == 1);
        CHECK(tasks[0].words == "Development, health and learning");
        CHECK(tasks[0].entry == asked);
        CHECK_FALSE(casework::section_to_write(world.office(), world.asker("r.macleod"), asked, {}).has_value());
        const auto section = must(casework::section_to_write(world.office(), world.asker("y.chen"), asked, {}));
        CHECK(section.child.family_name == "Lindgren");
        CHECK(section.answers.empty());
        CHECK(section.carried.empty());
        must(written(world, "y.chen", asked, {}, "By category, health."));
        CHECK(must(casework::assessment_tasks(world.office(), world.asker("y.chen"), 20)).empty());
        const auto page = page_of(world, id);
        REQUIRE(page.story.written.size() == 2);
        CHECK(page.unwritten.size() == 2);
    });
}

TEST_CASE("an assessment is started with a template that is here and a supervisor who may agree to it") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_assess(world);
        const auto place = [&](const char* form, const char* supervisor) {
            const auto done = casework::start_assessment(world.office(), world.asker("s.iyer"),
                                                         {"start", child, form, {}, supervisor});
            return done ? std::string("taken") : done.error().place;
        };
        CHECK(place("no-such", "s.iyer") == "template");
        CHECK(place("hsb-structured", "") == "supervisor");
        CHECK(place("hsb-structured", "y.chen") == "supervisor");
        CHECK(casework::supervisors_of(world.office(), world.asker("a.rahman")).size() == 1);
    });
}

TEST_CASE("each question is answered or said not to be known, and not both") {
    for_each_office([](OpenOffice& world) {
        const auto id = begun(world, child_to_assess(world));
        const auto asker = world.asker("s.iyer");
        const auto form = must(casework::section_to_write(world.office(), asker, id, "family")).section;
        const auto at = [&](std::vector<casework::SectionAnswer> answers) {
            const auto done =
                casework::write_section(world.office(), asker, {"w", id, "family", {}, std::move(answers)});
            return done ? std::string("taken") : done.error().place;
        };
        auto answers = all_answered(form, "By category.");
        answers[1].text.clear();
        CHECK(at(answers) == "q-" + form.questions[1].id);
        answers[1].not_known = true;
        answers[0].not_known = true;
        CHECK(at(answers) == "q-" + form.questions[0].id);
        answers[0].text.clear();
        CHECK(at(answers) == "taken");
        CHECK(at(answers) == "taken");
        CHECK(page_of(world, id).story.written.size() == 1);
    });
}

TEST_CASE("two of one agency on one section: the second is a conflict, and nothing of the first is lost") {
    for_each_office([](OpenOffice& world) {
        const auto id = begun(world, child_to_assess(world));
        const auto first = must(written(world, "s.iyer", id, "family", "First."));
        world.clock().advance(1min);
        const auto second = written(world, "s.iyer", id, "family", "Second.");
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().kind == FaultKind::conflict);
        CHECK(second.error().place == "seen");
        must(written(world, "s.iyer", id, "family", "Second.", first));
        const auto page = page_of(world, id);
        REQUIRE(page.story.written.size() == 1);
        CHECK(page.story.written[0].answers[0].text == "Second.");
    });
}

TEST_CASE("what was answered last time is carried forward with its source and day") {
    for_each_office([](OpenOffice& world) {
        const auto child = child_to_assess(world);
        const auto before = begun(world, child);
        must(written(world, "s.iyer", before, "family", "Then."));
        world.clock().advance(1min);
        const auto now = begun(world, child, "start-2");
        const auto section = must(casework::section_to_write(world.office(), world.asker("s.iyer"), now, "family"));
        REQUIRE(!section.carried.empty());
        CHECK(section.carried[0].answer.text == "Then.");
        CHECK(section.carried[0].source == "Northbay Children’s Social Care");
        CHECK_FALSE(section.stands);
    });
}

TEST_CASE("completion waits for every section and for the supervisor who is named, and meets the duty") {
    for_each_office([](OpenOffice& world) {
        const auto id = begun(world, child_to_assess(world));
        const auto asker = world.asker("s.iyer");
        const auto place = [](const Result<EntryId>& done) { return done ? std::string("taken") : done.error().place; };
        CHECK(place(casework::submit_assessment(world.office(), asker, id, "s-0")) == "sections");
        for (const char* section : {"behaviour", "development", "family", "surroundings"})
            must(written(world, "s.iyer", id, section, std::string("By category: ") + section));
        world.clock().advance(1min);
        CHECK(place(casework::complete_assessment(world.office(), asker, {"c-0", id, "Done.", {}})) == "judgement");
        must(casework::submit_assessment(world.office(), asker, id, "s-1"));
        CHECK(must(casework::assessment_tasks(world.office(), asker, 20)).size() == 1);
        world.clock().advance(1min);
        CHECK(place(casework::agree_assessment(world.office(), asker, {"g-0", id, "returned", " "})) == "text");
        must(casework::agree_assessment(world.office(), asker, {"g-1", id, "agreed", {}}));
        world.clock().advance(1min);
        must(casework::complete_assessment(world.office(), asker, {"c-1", id, "By category.", {}}));
        const auto page = page_of(world, id);
        CHECK(page.story.completed != nullptr);
        for (const auto& duty : page.child.standings.front().duties) {
            if (duty.id == "assessment-from-start") CHECK(duty.state == procedure::DutyState::met);
        }
        CHECK_FALSE(written(world, "s.iyer", id, "family", "After.").has_value());
    });
}
