// Limits that count back from a date to come, what is due on the same day, and what is raised once.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include "procedure/explain.hpp"
#include "procedure/replay.hpp"
#include "support/sample_case.hpp"

namespace waymark::procedure::upcoming_limits {

using namespace waymark::testing;
using Unit = ClockLength::Unit;
using Words = std::vector<std::string>;

namespace {

constexpr std::string_view head =
    "name = \"p\"\nversion = \"1\"\ntitle = \"P\"\nnation = \"england\"\nin_force = 2020-01-01\n";

std::string text(std::string_view clock, std::string_view more = "") {
    return fmt::format(R"({}
[[event]]
id = "called"
kind = "meeting.convened"
label = "Conference called"
where = {{on = "present"}}
[[event]]
id = "report"
kind = "visit.made"
label = "Report sent"
[[event]]
id = "invited"
kind = "meeting.convened"
label = "Agencies invited"
where = {{invited = "present"}}
[[rule]]
id = "reports"
relation = "response"
from = "called"
to = "report"
before = "on"
clock = "{}"
owner = "social-worker"
label = "Send the reports"
source = "[D]"
{}
)",
                       head, clock, more);
}
Rulebook book(std::string_view clock, std::string_view more = "") {
    return rulebook_of(text(clock, more));
}
// The same in an instance that the conference itself closes.
Rulebook in_an_instance(std::string_view clock) {
    auto whole = text(clock, "single = true");
    const std::string instance = "instance = \"planned\"\n";
    for (const std::string id : {"called", "report"}) {
        const auto at = whole.find("id = \"" + id + "\"\n");
        whole.insert(at, instance);
    }
    return rulebook_of(whole + "[[event]]\nid = \"held\"\nkind = \"conference.held\"\n" + instance +
                       "[[instance]]\nid = \"planned\"\nlabel = \"A conference that is called\"\nkey = \"case\"\n"
                       "opened_by = \"called\"\nclosed_by = \"held\"\n");
}
Fault refusal(const std::string& text) {
    const auto read = parse_rulebook(text, "p.toml", catalogue());
    REQUIRE_FALSE(read.has_value());
    return read.error();
}
// "due 2026-03-10 23:59 open", by the moment.
Words duties(const Rulebook& rules, const SampleCase& sample, std::string_view now) {
    Words all;
    const auto shown = standing(rules, england(), sample.dossier, instant(now));
    for (const auto& one : shown.duties) {
        all.push_back(fmt::format("{} due {} {} {}{}", sample.name(one.raised_by),
                                  format_date(england().day_of(one.due)), england().zone().clock_time(one.due),
                                  to_string(one.state), one.at_once ? " at once" : ""));
    }
    return all;
}
SampleCase called_for(std::string_view day) {
    SampleCase sample;
    sample.add("plan", "2026-03-02T09:00:00Z", "meeting.convened", fmt::format(R"({{"on": "{}"}})", day));
    return sample;
}

}  // namespace

TEST_CASE(
    "a limit may count back from the date that an entry carries: in hours, working days, days, weeks and months") {
    // Thursday 30 April 2026. Good Friday is 3 April, Easter Monday 6 April.
    const auto sample = called_for("2026-04-30");
    const std::string now = "2026-03-02T10:00:00Z";
    CHECK(duties(book("48 hours"), sample, now) == Words{"plan due 2026-04-28 23:59 open"});
    CHECK(duties(book("3 working days"), sample, now) == Words{"plan due 2026-04-27 23:59 open"});
    CHECK(duties(book("20 working days"), sample, now) == Words{"plan due 2026-03-31 23:59 open"});
    CHECK(duties(book("5 days"), sample, now) == Words{"plan due 2026-04-25 23:59 open"});
    CHECK(duties(book("4 weeks"), sample, now) == Words{"plan due 2026-04-02 23:59 open"});
    CHECK(duties(book("1 month"), sample, now) == Words{"plan due 2026-03-30 23:59 open"});
    CHECK(duties(book("same day"), sample, now) == Words{"plan due 2026-04-30 23:59 open"});
}

TEST_CASE("what is done before the limit is in time, after it late, and never: overdue") {
    const auto rules = book("48 hours");
    auto sample = called_for("2026-03-12");
    CHECK(duties(rules, sample, "2026-03-10T23:59:59Z") == Words{"plan due 2026-03-10 23:59 open"});
    CHECK(duties(rules, sample, "2026-03-11T00:00:01Z") == Words{"plan due 2026-03-10 23:59 overdue"});
    auto late = sample;
    sample.add("report", "2026-03-10T18:00:00Z", "visit.made");
    CHECK(duties(rules, sample, "2026-03-13T09:00:00Z") == Words{"plan due 2026-03-10 23:59 met"});
    late.add("report", "2026-03-11T09:00:00Z", "visit.made");
    CHECK(duties(rules, late, "2026-03-13T09:00:00Z") == Words{"plan due 2026-03-10 23:59 met-late"});
}

TEST_CASE("where less time is left than the limit it is due at once: by the end of the day that set the date") {
    const auto rules = book("20 working days");
    const auto sample = called_for("2026-03-12");
    CHECK(duties(rules, sample, "2026-03-02T10:00:00Z") == Words{"plan due 2026-03-02 23:59 open at once"});
    CHECK(duties(rules, sample, "2026-03-03T00:00:01Z") == Words{"plan due 2026-03-02 23:59 overdue at once"});
    // Also of a date that is past when it is written.
    CHECK(duties(rules, called_for("2026-02-12"), "2026-03-02T10:00:00Z") ==
          Words{"plan due 2026-03-02 23:59 open at once"});
    const auto json = to_json(standing(rules, england(), sample.dossier, instant("2026-03-02T10:00:00Z")));
    CHECK(json.at("duties").at(0).at("at_once") == true);
    CHECK(json.at("duties").at(0).at("due") == "2026-03-02");
    // On the last day on which the limit can be kept it is due that day, and nobody is told that it was short.
    CHECK(duties(book("2 days"), called_for("2026-03-04"), "2026-03-02T10:00:00Z") ==
          Words{"plan due 2026-03-02 23:59 open"});
}

TEST_CASE("without a date nothing can be counted, and nothing is owed") {
    SampleCase sample;
    sample.add("plan", "2026-03-02T09:00:00Z", "meeting.convened", "{}");
    CHECK(duties(book("48 hours"), sample, "2026-03-02T10:00:00Z").empty());
    SampleCase odd;
    odd.add("plan", "2026-03-02T09:00:00Z", "meeting.convened", R"({"on": "next week"})");
    CHECK(duties(book("48 hours"), odd, "2026-03-02T10:00:00Z").empty());
}

TEST_CASE("a corrected date is the date: what was owed for the wrong one is not there") {
    auto sample = called_for("2026-03-12");
    SampleCase::More more;
    more.supersedes = "plan";
    more.recorded = "2026-03-03T09:00:00Z";
    sample.add("corrected", "2026-03-02T09:00:00Z", "meeting.convened", R"({"on": "2026-03-19"})", more);
    CHECK(duties(book("48 hours"), sample, "2026-03-03T10:00:00Z") == Words{"corrected due 2026-03-17 23:59 open"});
    CHECK(duties(book("48 hours"), sample, "2026-03-02T10:00:00Z") == Words{"plan due 2026-03-10 23:59 open"});
}

TEST_CASE("a further date for the same meeting moves what is owed; what was missed by then stays missed") {
    const auto rules = book("48 hours");
    auto sample = called_for("2026-03-12");
    auto too_late = sample;
    sample.about("plan", "moved", "2026-03-09T09:00:00Z", "meeting.convened", R"({"on": "2026-03-26"})");
    CHECK(duties(rules, sample, "2026-03-20T09:00:00Z") == Words{"moved due 2026-03-24 23:59 open"});
    // To an earlier day, at short notice.
    sample.about("moved", "earlier", "2026-03-20T09:00:00Z", "meeting.convened", R"({"on": "2026-03-21"})");
    CHECK(duties(rules, sample, "2026-03-20T10:00:00Z") == Words{"earlier due 2026-03-20 23:59 open at once"});
    too_late.about("plan", "moved", "2026-03-11T09:00:00Z", "meeting.convened", R"({"on": "2026-03-26"})");
    CHECK(duties(rules, too_late, "2026-03-20T09:00:00Z") ==
          Words{"plan due 2026-03-10 23:59 not-met", "moved due 2026-03-24 23:59 open"});
}

TEST_CASE("what was met for the first date stays met when the meeting moves, and is not asked for again") {
    const auto rules = book("48 hours");
    auto sample = called_for("2026-03-12");
    sample.add("report", "2026-03-09T09:00:00Z", "visit.made");
    sample.about("plan", "moved", "2026-03-09T10:00:00Z", "meeting.convened", R"({"on": "2026-03-26"})");
    CHECK(duties(rules, sample, "2026-03-20T09:00:00Z") == Words{"plan due 2026-03-10 23:59 met"});
}

TEST_CASE("another meeting that says nothing of the first has its own limit, unless only one is planned at a time") {
    auto sample = called_for("2026-03-12");
    sample.add("other", "2026-03-03T09:00:00Z", "meeting.convened", R"({"on": "2026-03-26"})");
    CHECK(duties(book("48 hours"), sample, "2026-03-04T09:00:00Z") ==
          Words{"plan due 2026-03-10 23:59 open", "other due 2026-03-24 23:59 open"});
    CHECK(duties(book("48 hours", "single = true"), sample, "2026-03-04T09:00:00Z") ==
          Words{"other due 2026-03-24 23:59 open"});
}

TEST_CASE("when the meeting is held, what was owed before it is not owed any more, and stands as missed if it was") {
    const auto rules = in_an_instance("48 hours");
    auto sample = called_for("2026-03-12");
    sample.about("plan", "moved", "2026-03-03T09:00:00Z", "meeting.convened", R"({"on": "2026-03-19"})");
    auto early = sample;
    sample.about("moved", "held", "2026-03-19T14:00:00Z", "conference.held");
    CHECK(duties(rules, sample, "2026-03-20T09:00:00Z") == Words{"moved due 2026-03-17 23:59 not-met"});
    // Held before the limit: nothing was missed.
    early.about("moved", "held", "2026-03-13T14:00:00Z", "conference.held");
    CHECK(duties(rules, early, "2026-03-20T09:00:00Z").empty());
    // The next one that is called starts afresh.
    sample.add("next", "2026-05-05T09:00:00Z", "meeting.convened", R"({"on": "2026-06-11"})");
    CHECK(duties(rules, sample, "2026-05-06T09:00:00Z") ==
          Words{"moved due 2026-03-17 23:59 not-met", "next due 2026-06-09 23:59 open"});
}

TEST_CASE("an entry that sets the date and does what is owed before it is in time or late by its own day") {
    const auto rules = rulebook_of(text("20 working days") +
                                   "[[rule]]\nid = \"invitations\"\nrelation = \"response\"\nfrom = \"called\"\nto = "
                                   "\"invited\"\nbefore = \"on\"\nclock = \"10 working days\"\nowner = "
                                   "\"social-worker\"\nlabel = \"Invite\"\nsource = \"[D]\"\n");
    const auto invitations = [&](std::string_view day) {
        SampleCase sample;
        sample.add("plan", "2026-03-02T09:00:00Z", "meeting.convened",
                   fmt::format(R"({{"on": "{}", "invited": ["police"]}})", day));
        Words all;
        for (const auto& one : standing(rules, england(), sample.dossier, instant("2026-06-01T09:00:00Z")).duties) {
            if (one.id == "invitations")
                all.push_back(fmt::format("{}{}", to_string(one.state), one.at_once ? " at once" : ""));
        }
        return all;
    };
    CHECK(invitations("2026-04-30") == Words{"met"});
    CHECK(invitations("2026-03-05") == Words{"met at once"});
}

TEST_CASE("a meeting whose day is known without its hour, planned on a day without a time, counts the same days") {
    SampleCase sample;
    sample.add("plan", "2026-03-02", "meeting.convened", R"({"on": "2026-03-12"})");
    CHECK(duties(book("48 hours"), sample, "2026-03-03T09:00:00Z") == Words{"plan due 2026-03-10 23:59 open"});
    CHECK(duties(book("20 working days"), sample, "2026-03-02T09:00:00Z") ==
          Words{"plan due 2026-03-02 23:59 open at once"});
}

TEST_CASE(
    "a replay says how many days earlier another limit before a date would have been due, also after the date moved") {
    auto sample = called_for("2026-03-19");
    sample.about("plan", "moved", "2026-03-05T09:00:00Z", "meeting.convened", R"({"on": "2026-03-26"})");
    const auto as_of = instant("2026-04-10T09:00:00Z");
    const Procedure in_force(book("48 hours"));
    const auto found = replay(in_force, Procedure(book("5 days")), england(), sample.dossier, as_of);
    REQUIRE(found.due.size() == 2);
    CHECK(found.due[0].raised_by == sample.id("plan"));
    CHECK(found.due[0].due == parse_date("2026-03-14").value());
    CHECK(found.due[1].raised_by == sample.id("moved"));
    CHECK(found.due[1].due == parse_date("2026-03-21").value());
    CHECK(found.due[1].due_in_force == parse_date("2026-03-24").value());
    CHECK(found.due[1].earlier_days == 3);
    CHECK(found.no_longer.empty());
    CHECK(replay(in_force, Procedure(book("48 hours")), england(), sample.dossier, as_of).empty());
}

TEST_CASE("a limit before a date is said in words, on the drawing and in its table") {
    const auto rules = book("3 working days");
    CHECK(
        explain(rules).find("no later than 3 working days before the day that this sets, or on the day on which it is "
                            "set where less time is left") != std::string::npos);
    CHECK(diagram(rules).find("3 working days before that day") != std::string::npos);
    CHECK(arrows_of(rules).front().clock == "3 working days before that day");
    CHECK(explain(book("same day")).find("by the end of the day that this sets") != std::string::npos);
    CHECK(arrows_of(book("same day")).front().clock == "on that day");
}

TEST_CASE("a limit before a date that means nothing is refused with its line and a mend") {
    const auto with = [](std::string whole, std::string_view from, std::string_view to) {
        const auto at = whole.find(from);
        REQUIRE(at != std::string::npos);
        return whole.replace(at, from.size(), to);
    };
    const auto whole = text("48 hours");
    auto fault = refusal(with(whole, "before = \"on\"", "before = \"place\""));
    CHECK(fault.reason == "meeting.convened has no date \"place\"");
    CHECK(fault.place == "p.toml:26");
    fault = refusal(with(whole, "where = {on = \"present\"}", ""));
    CHECK(fault.reason == "\"called\" may come without the date \"on\"");
    CHECK(fault.mend == "write where = {on = \"present\"} in that [[event]]");
    fault = refusal(with(whole, "to = \"report\"", "to = \"called\""));
    CHECK(fault.reason == "\"called\" would meet what it raises itself");
    for (const auto* more : {"due_field = \"on\"", "counts_from = \"called\"", "repeats = \"4 weeks\"", "once = true",
                             "for_each = \"earlier-concern\""}) {
        fault = refusal(text("48 hours", more));
        CHECK(fault.reason ==
              fmt::format("{} beside before", std::string_view(more).substr(0, std::string_view(more).find(' '))));
        CHECK(fault.place == "p.toml:31");
    }
    fault = refusal(with(whole, "relation = \"response\"", "relation = \"condition\""));
    CHECK(fault.reason.find("belongs to a response only") != std::string::npos);
}

// ---- the same day -------------------------------------------------------------------------------------------------

namespace {
std::string at_once(std::string_view more = "") {
    return fmt::format(
        "{}[[event]]\nid = \"a\"\nkind = \"concern.raised\"\n[[event]]\nid = \"b\"\nkind = "
        "\"visit.made\"\n[[rule]]\nid = \"see\"\nrelation = \"response\"\nfrom = \"a\"\nto = "
        "\"b\"\nclock = \"same day\"\nowner = \"social-worker\"\nlabel = \"See\"\nsource = "
        "\"[D]\"\n{}\n",
        head, more);
}
}  // namespace

TEST_CASE("what is due at once is due by the end of the day, whatever the day") {
    const auto rules = rulebook_of(at_once());
    SampleCase sample;
    sample.add("a", "2026-03-29T20:00:00Z", "concern.raised");  // a Sunday, on which the clocks change
    CHECK(duties(rules, sample, "2026-03-29T22:59:00Z") == Words{"a due 2026-03-29 23:59 open"});
    CHECK(duties(rules, sample, "2026-03-29T23:00:00Z") == Words{"a due 2026-03-29 23:59 overdue"});
    CHECK(explain(rules).find("\"See\" by the end of the same day, met by") != std::string::npos);
    auto profile = with_clocks(rules, {{"see", ClockLength{Unit::working_days, 1}}});
    REQUIRE(profile.has_value());
    CHECK(duties(*profile, sample, "2026-03-29T23:00:00Z") == Words{"a due 2026-03-30 23:59 open"});
    CHECK(with_clocks(*profile, {{"see", ClockLength{Unit::calendar_days, 0}}}).has_value());
    CHECK_FALSE(with_clocks(*profile, {{"see", ClockLength{Unit::working_days, 0}}}).has_value());
}

TEST_CASE("the same day is refused where there is none: after what time brings, as a delay, and as a repetition") {
    CHECK(refusal(at_once("repeats = \"same day\"")).reason == "again on the same day, for ever");
    CHECK(refusal(at_once("[[rule]]\nid = \"wait\"\nrelation = \"condition\"\nfrom = \"a\"\nto = \"b\"\nclock = \"same "
                          "day\"\nsource = \"[D]\"\n"))
              .reason == "a delay of no time");
    CHECK(refusal(at_once("[[event]]\nid = \"late\"\nmissed = \"see\"\n[[rule]]\nid = \"tell\"\nrelation = "
                          "\"response\"\nfrom = \"late\"\nto = \"b\"\nclock = \"same day\"\nowner = "
                          "\"social-worker\"\nlabel = \"Tell\"\nsource = \"[D]\"\n"))
              .mend == "write \"1 day\" or \"1 working day\"");
    auto text = at_once();
    CHECK(refusal(text.replace(text.find("same day"), 8, "0 days")).reason == "a clock of zero");
}

// ---- once ---------------------------------------------------------------------------------------------------------

TEST_CASE("a duty that is raised once, to several events, is raised once for each of them") {
    const auto rules = rulebook_of(std::string(head) +
                                   "[[event]]\nid = \"a\"\nkind = \"concern.raised\"\n[[event]]\nid = \"b\"\nkind = "
                                   "\"visit.made\"\n[[event]]\nid = \"c\"\nkind = \"strategy.held\"\n[[rule]]\nid = "
                                   "\"see\"\nrelation = \"response\"\nfrom = \"a\"\nto = [\"b\", \"c\"]\nonce = "
                                   "true\nclock = \"1 day\"\nowner = \"social-worker\"\nlabel = \"See\"\nsource = "
                                   "\"[D]\"\n");
    SampleCase sample;
    sample.add("a", "2026-03-02T09:00:00Z", "concern.raised");
    sample.add("again", "2026-03-03T09:00:00Z", "concern.raised");
    CHECK(duties(rules, sample, "2026-03-03T10:00:00Z") ==
          Words{"a due 2026-03-03 23:59 open", "a due 2026-03-03 23:59 open"});
}

}  // namespace waymark::procedure::upcoming_limits
