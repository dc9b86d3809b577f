// The one door for entries: repeated, split, referred to, placed.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <atomic>

#include "support/open_office.hpp"

using namespace waymark;
using casework::Outcome;
using casework::Taken;
using testing::for_each_office;
using testing::OpenOffice;

namespace {

struct Child {
    std::string id;
    std::string given;
    std::string family;
    std::string dob;
    std::string more;
};
const Child ada{"1", "Ada", "Lindgren", "2012-04-05", R"(,"postcode":"NB1 4AA","nhs_number":"9434765919")"};
const Child ben{"2", "Ben", "Okonkwo", "2011-09-17", R"(,"postcode":"NB2 7QT")"};

std::string subject(const Child& child, std::string_view involvement = "displayed", std::string_view source = "mis") {
    return fmt::format(
        R"({{"involvement":"{}","identity":{{"source":"{}","id":"{}","given_name":"{}","family_name":"{}",)"
        R"("date_of_birth":"{}"{}}}}})",
        involvement, source, child.id, child.given, child.family, child.dob, child.more);
}
struct Words {
    std::string kind = "concern.raised";
    std::string at = "2026-02-02T10:00:00Z";
    std::string agency = "education";
    std::string subjects;
    std::string body = R"({"about_what":"displayed-behaviour"})";
    std::string more;  // further members, each beginning with a comma
};
std::string line(const Words& words) {
    return fmt::format(R"({{"kind":"{}","at":"{}","agency":"{}","author":"someone","subjects":[{}],"body":{}{}}})",
                       words.kind, words.at, words.agency, words.subjects, words.body, words.more);
}
std::string concern(const std::string& id, const Child& child = ada, const std::string& at = "2026-02-02T10:00:00Z",
                    const std::string& agency = "education") {
    return line({"concern.raised", at, agency, subject(child),
                 R"({"about_what":"displayed-behaviour","summary":"Code 4."})", fmt::format(R"(,"id":"{}")", id)});
}
std::string triage(const std::string& id, const std::string& about, const std::string& outcome,
                   const Child& child = ada, const std::string& at = "2026-02-03T10:00:00Z",
                   const std::string& agency = "education") {
    return line({"triage.decided", at, agency, subject(child), fmt::format(R"({{"outcome":"{}"}})", outcome),
                 fmt::format(R"(,"id":"{}","about":"{}")", id, about)});
}

store::EntryRow row_of(OpenOffice& world, EntryId id) {
    return world.read([&](store::Snapshot& s) {
        return s.entries(world.office().partnership, std::vector{id}, store::Want::cards).front()->row;
    });
}
std::vector<std::int64_t> sequence_of(OpenOffice& world, CaseId id, const std::vector<ViewId>& records) {
    std::vector<std::int64_t> found;
    for (const auto& entry : world.read([&](store::Snapshot& s) {
             return s.entries_of_records(world.office().partnership, records, store::Want::cards, 10'000);
         })) {
        if (entry.row.case_id == id) found.push_back(entry.row.case_seq);
    }
    std::sort(found.begin(), found.end());
    return found;
}
// As the machine's: no two looks at it tell the same time.
class TickingClock final : public Clock {
public:
    explicit TickingClock(Instant start) : micros_(start.micros) {}
    [[nodiscard]] Instant now() const override { return {++micros_}; }

private:
    mutable std::atomic<std::int64_t> micros_;
};

const Fault& only_fault(const Outcome& outcome) {
    REQUIRE(outcome.taken == Taken::refused);
    REQUIRE_FALSE(outcome.faults.empty());
    return outcome.faults.front();
}

}  // namespace

TEST_CASE("the same entry again is the same entry, taken once") {
    for_each_office([](OpenOffice& world) {
        const auto first = world.take(concern("c1"));
        REQUIRE(first.taken == Taken::taken);
        const auto before = world.entries();
        const auto again = world.take(concern("c1"));
        CHECK(again.taken == Taken::repeated);
        CHECK(again.entries == first.entries);
        CHECK(again.cases == first.cases);
        CHECK(world.entries() == before);
    });
}

TEST_CASE("the same id with other content is refused, with the way to correct it") {
    for_each_office([](OpenOffice& world) {
        REQUIRE(world.take(concern("c1")).taken == Taken::taken);
        const auto other = world.take(concern("c1", ada, "2026-02-09T10:00:00Z"));
        CHECK(only_fault(other).kind == FaultKind::conflict);
        CHECK(only_fault(other).place == "id");
        CHECK(only_fault(other).mend.find("supersedes") != std::string::npos);
        // Another agency's id of the same name is another entry.
        CHECK(world.take(concern("c1", ada, "2026-02-09T10:00:00Z", "health")).taken == Taken::taken);
    });
}

TEST_CASE("a repeat inside one batch is taken once, and a contradiction inside it is refused") {
    for_each_office([](OpenOffice& world) {
        const auto outcomes = world.take_all({concern("c1"), concern("c1"), concern("c1", ben), concern("c2")});
        CHECK(outcomes[0].taken == Taken::taken);
        CHECK(outcomes[1].taken == Taken::repeated);
        CHECK(outcomes[1].entries == outcomes[0].entries);
        CHECK(only_fault(outcomes[2]).place == "id");
        CHECK(outcomes[3].taken == Taken::taken);
    });
}

TEST_CASE("what concerns two children is one entry in each child's record, and neither carries the other") {
    for_each_office([](OpenOffice& world) {
        Words words;
        words.subjects = subject(ada) + "," + subject(ben, "affected");
        words.body = R"({"about_what":"displayed-behaviour","summary":"Ben was there."})";
        words.more = R"(,"id":"c1")";
        const auto taken = world.take(line(words));
        REQUIRE(taken.taken == Taken::taken);
        REQUIRE(taken.entries.size() == 2);
        CHECK(taken.records[0] != taken.records[1]);
        CHECK(taken.cases[0] != taken.cases[1]);
        CHECK(taken.cases[0]);
        CHECK(taken.cases[1]);
        const auto one = row_of(world, taken.entries[0]);
        const auto other = row_of(world, taken.entries[1]);
        CHECK_FALSE(one.incident.empty());
        CHECK(one.incident == other.incident);
        CHECK(other.source_id == "c1/2");
        const auto permit = world.operator_permit(record::Action::read);
        const auto entries = world.read([&](store::Snapshot& s) {
            return world.office().journal->read_entries(s, world.office().partnership, permit, taken.entries,
                                                        store::Want::whole);
        });
        REQUIRE(entries);
        for (const auto& entry : *entries) CHECK(entry.subjects.size() == 1);
        // And the whole is the same entry again, in both records.
        CHECK(world.take(line(words)).taken == Taken::repeated);
        // Its text names Ben: withheld in Ada's record until somebody has redacted it.
        const auto page = casework::person_page(world.office(), world.operator_(), taken.records[0], std::nullopt);
        REQUIRE(page);
        REQUIRE(page->lines.size() == 1);
        CHECK(page->lines[0].withheld);
        for (const auto& [label, value] : page->lines[0].details) CHECK(value.find("Ben") == std::string::npos);
        CHECK(write_json(page->lines[0].entry.body).find("Ben") == std::string::npos);
    });
}

TEST_CASE("for each child an entry about the incident is about that child's entry") {
    for_each_office([](OpenOffice& world) {
        Words words;
        words.subjects = subject(ada) + "," + subject(ben, "affected");
        words.more = R"(,"id":"c1")";
        const auto raised = world.take(line(words));
        REQUIRE(raised.entries.size() == 2);
        const auto for_ben = world.take(triage("t1", "c1", "assessment", ben));
        REQUIRE(for_ben.taken == Taken::taken);
        CHECK(row_of(world, for_ben.entries[0]).about == raised.entries[1]);
        CHECK(for_ben.cases[0] == raised.cases[1]);
        const auto for_ada = world.take(triage("t2", "c1", "assessment", ada));
        REQUIRE(for_ada.taken == Taken::taken);
        CHECK(row_of(world, for_ada.entries[0]).about == raised.entries[0]);
    });
}

TEST_CASE(
    "a reference finds its entry by the agency's id, by uuid, by agency and id, and by an id that only one agency "
    "has") {
    for_each_office([](OpenOffice& world) {
        const auto raised = world.take(concern("c1"));
        REQUIRE(raised.taken == Taken::taken);
        const auto id = raised.entries[0];
        int n = 0;
        const auto about = [&](const std::string& reference, const std::string& agency) {
            const auto taken =
                world.take(triage(fmt::format("t{}", ++n), reference, "assessment", ada, "2026-02-03", agency));
            REQUIRE(taken.taken == Taken::taken);
            return row_of(world, taken.entries[0]).about;
        };
        CHECK(about("c1", "education") == id);
        CHECK(about(to_string(id), "health") == id);
        CHECK(about("education/c1", "csc") == id);
        CHECK(about("c1", "csc") == id);
    });
}

TEST_CASE("an unknown reference is refused by its field, and one that several agencies have with how to say which") {
    for_each_office([](OpenOffice& world) {
        const auto before = world.entries();
        const auto unknown = world.take(triage("t1", "nothing", "assessment"));
        CHECK(only_fault(unknown).place == "about");
        CHECK(world.entries() == before);
        // Nothing of what was refused was kept: not even who it was about.
        CHECK(world.read([&](store::Snapshot& s) {
            return s.views_by_key(world.office().partnership, std::vector{store::ViewKey{"education", "mis", "1"}})
                .front()
                .has_value();
        }) == false);
        REQUIRE(world.take(concern("c1")).taken == Taken::taken);
        REQUIRE(world.take(concern("c1", ada, "2026-02-02", "health")).taken == Taken::taken);
        const auto several = world.take(triage("t1", "c1", "assessment", ada, "2026-02-03", "csc"));
        CHECK(only_fault(several).place == "about");
        CHECK(only_fault(several).mend.find("agency/id") != std::string::npos);
        CHECK(world.take(triage("t1", "health/c1", "assessment", ada, "2026-02-03", "csc")).taken == Taken::taken);
    });
}

TEST_CASE("a reference may be to an earlier entry of the same batch, but not to one that was refused there") {
    for_each_office([](OpenOffice& world) {
        const auto good = world.take_all({concern("c1"), triage("t1", "c1", "assessment")});
        REQUIRE(good[1].taken == Taken::taken);
        CHECK(row_of(world, good[1].entries[0]).about == good[0].entries[0]);
        const auto bad = world.take_all(
            {triage("t2", "nothing", "advice"), line({"feedback.given", "2026-02-04", "education", subject(ada),
                                                      R"({"to":"someone"})", R"(,"id":"f1","about":"t2")"})});
        CHECK(only_fault(bad[0]).place == "about");
        CHECK(only_fault(bad[1]).place == "about");
        const auto later = world.take_all({triage("t3", "c9", "assessment"), concern("c9")});
        CHECK(only_fault(later[0]).place == "about");
        CHECK(later[1].taken == Taken::taken);
    });
}

TEST_CASE("a correction names what it corrects, and the first stays in the record") {
    for_each_office([](OpenOffice& world) {
        const auto first = world.take(concern("c1"));
        auto corrected = concern("c2", ada, "2026-02-01T10:00:00Z");
        corrected.insert(corrected.size() - 1, R"(,"supersedes":"c1")");
        const auto second = world.take(corrected);
        REQUIRE(second.taken == Taken::taken);
        CHECK(row_of(world, second.entries[0]).supersedes == first.entries[0]);
        const auto page = casework::person_page(world.office(), world.operator_(), first.records[0], std::nullopt);
        REQUIRE(page);
        REQUIRE(page->lines.size() == 2);
        CHECK_FALSE(page->lines[0].superseded);
        CHECK(page->lines[1].superseded);
        auto wrong = concern("c3");
        wrong.insert(wrong.size() - 1, R"(,"supersedes":"nothing")");
        CHECK(only_fault(world.take(wrong)).place == "supersedes");
    });
}

TEST_CASE("a concern opens a case, the next joins it, a closing decision ends it and the next concern opens another") {
    for_each_office([](OpenOffice& world) {
        const auto outcomes =
            world.take_all({concern("c1", ada, "2026-01-05"), concern("c2", ada, "2026-01-06"),
                            triage("t1", "c1", "advice", ada, "2026-01-08"), concern("c3", ada, "2026-01-20")});
        for (const auto& outcome : outcomes) REQUIRE(outcome.taken == Taken::taken);
        const auto one = outcomes[0].cases[0];
        const auto two = outcomes[3].cases[0];
        CHECK(one);
        CHECK(outcomes[1].cases[0] == one);
        CHECK(outcomes[2].cases[0] == one);
        CHECK(two);
        CHECK(two != one);
        CHECK(sequence_of(world, one, outcomes[0].records) == std::vector<std::int64_t>{1, 2, 3});
        CHECK(sequence_of(world, two, outcomes[0].records) == std::vector<std::int64_t>{1});
        const auto cases = world.read([&](store::Snapshot& s) {
            return s.cases(world.office().partnership, std::vector{one, two});
        });
        CHECK(cases[0]->closed == parse_when("2026-01-08")->instant);
        CHECK_FALSE(cases[1]->closed);
        CHECK(cases[0]->next_seq == 4);
        // The same when each entry comes alone.
        const auto late = world.take(line({"feedback.given", "2026-01-21", "education", subject(ada),
                                           R"({"to":"someone"})", R"(,"id":"f3","about":"c3")"}));
        CHECK(late.cases[0] == two);
    });
}

TEST_CASE("a protective decision and a case that is still open keep their case") {
    for_each_office([](OpenOffice& world) {
        const auto outcomes =
            world.take_all({concern("c1", ada, "2026-01-05"), triage("t1", "c1", "assessment", ada, "2026-01-06"),
                            concern("c2", ada, "2026-01-20")});
        CHECK(outcomes[2].cases[0] == outcomes[0].cases[0]);
    });
}

TEST_CASE("an entry with no case open belongs to none, unless it is about an entry that has one") {
    for_each_office([](OpenOffice& world) {
        const auto visit = world.take(line({"visit.made", "2026-01-05", "csc", subject(ada), R"({"seen":true})", ""}));
        REQUIRE(visit.taken == Taken::taken);
        CHECK_FALSE(visit.cases[0]);
        CHECK(row_of(world, visit.entries[0]).case_seq == 0);
        const auto closed = world.take_all(
            {concern("c1", ada, "2026-01-10"), triage("t1", "c1", "no-further-action", ada, "2026-01-12")});
        const auto told = world.take(line(
            {"feedback.given", "2026-01-13", "education", subject(ada), R"({"to":"someone"})", R"(,"about":"c1")"}));
        CHECK(told.cases[0] == closed[0].cases[0]);
        const auto after = world.take(line({"visit.made", "2026-01-15", "csc", subject(ada), R"({"seen":true})", ""}));
        CHECK_FALSE(after.cases[0]);
    });
}

TEST_CASE("a source's case key holds its entries together, for each child apart") {
    for_each_office([](OpenOffice& world) {
        const auto with_key = [](std::string entry) {
            entry.insert(entry.size() - 1, R"(,"case":"K-1")");
            return entry;
        };
        const auto first = world.take(with_key(concern("c1", ada)));
        const auto second =
            world.take(with_key(line({"visit.made", "2026-02-10", "education", subject(ada), R"({"seen":true})", ""})));
        CHECK(first.cases[0]);
        CHECK(second.cases[0] == first.cases[0]);
        const auto other = world.take(with_key(concern("c2", ben)));
        CHECK(other.cases[0]);
        CHECK(other.cases[0] != first.cases[0]);
        const auto again =
            world.take(with_key(line({"visit.made", "2026-02-11", "education", subject(ben), R"({"seen":true})", ""})));
        CHECK(again.cases[0] == other.cases[0]);
        // Another agency's key of the same name is another case.
        const auto elsewhere = world.take(with_key(concern("c3", ada, "2026-02-12", "health")));
        CHECK(elsewhere.cases[0] != first.cases[0]);
    });
}

TEST_CASE("history that arrives late joins the case that is open, and never one that has ended") {
    for_each_office([](OpenOffice& world) {
        const auto now = world.take(concern("c2", ada, "2026-02-02"));
        const auto earlier = world.take(concern("c1", ada, "2026-01-02"));
        CHECK(earlier.cases[0] == now.cases[0]);
        REQUIRE(world.take(triage("t2", "c2", "no-further-action", ada, "2026-02-10")).taken == Taken::taken);
        const auto between = world.take(concern("c3", ada, "2026-02-05"));
        CHECK(between.cases[0]);
        CHECK(between.cases[0] != now.cases[0]);
        const auto visit = world.take(line({"visit.made", "2026-02-03", "csc", subject(ada), R"({"seen":true})", ""}));
        CHECK(visit.cases[0] == now.cases[0]);
    });
}

TEST_CASE("a practitioner may make entries only for their own agency and only of their own kinds") {
    for_each_office([](OpenOffice& world) {
        const auto permit =
            world.office().gate->ask(world.asker("e.vasquez"), record::Action::append);  // a school's lead
        REQUIRE(permit);
        const auto outcomes = world.take_drafts({world.draft(concern("c1", ada, "2026-02-02", "health")),
                                                 world.draft(concern("c2")), world.draft(triage("t1", "c2", "advice"))},
                                                *permit);
        CHECK(only_fault(outcomes[0]).kind == FaultKind::forbidden);
        CHECK(only_fault(outcomes[0]).place == "agency");
        CHECK(outcomes[1].taken == Taken::taken);
        CHECK(only_fault(outcomes[2]).kind == FaultKind::forbidden);
        CHECK(only_fault(outcomes[2]).place == "kind");
    });
}

TEST_CASE("an agency that the profile does not have is refused with the nearest one") {
    for_each_office([](OpenOffice& world) {
        const auto outcome = world.take(concern("c1", ada, "2026-02-02", "eduction"));
        CHECK(only_fault(outcome).place == "agency");
        CHECK(only_fault(outcome).mend.find("education") != std::string::npos);
    });
}

TEST_CASE("a person who is named by an unknown id is refused; one with an identity beside it is found by that") {
    for_each_office([](OpenOffice& world) {
        const std::string stranger = "0190a0b0-0000-7000-8000-000000000001";
        Words words;
        words.subjects = fmt::format(R"({{"involvement":"displayed","person":"{}"}})", stranger);
        CHECK(only_fault(world.take(line(words))).place == "subjects[0].person");
        const auto known = world.take(concern("c1"));
        auto with_identity = subject(ada);
        with_identity.insert(with_identity.size() - 1, fmt::format(R"(,"person":"{}")", stranger));
        words.agency = "csc";  // not the agency whose view it is
        words.subjects = with_identity;
        const auto found = world.take(line(words));
        REQUIRE(found.taken == Taken::taken);
        CHECK(found.records == known.records);
    });
}

TEST_CASE("an import of many leaves one audit line, a few leave one for each record") {
    for_each_office([](OpenOffice& world) {
        const auto before = world.audit_lines();
        std::vector<std::string> lines;
        for (int n = 0; n < 100; ++n) {
            auto child = ben;
            child.id = fmt::format("many-{}", n);
            child.given = fmt::format("Given{}", static_cast<char>('a' + n % 26));
            child.family = fmt::format("Family{}{}", static_cast<char>('a' + n % 26), static_cast<char>('a' + n / 26));
            child.dob = fmt::format("20{:02}-0{}-1{}", 8 + n % 10, 1 + n % 9, n % 10);
            child.more.clear();
            lines.push_back(concern(fmt::format("m{}", n), child));
        }
        for (const auto& outcome : world.take_all(lines)) REQUIRE(outcome.taken == Taken::taken);
        CHECK(world.audit_lines() == before + 1);
        const auto one = world.take(concern("c1"));
        CHECK(world.audit_lines() == before + 2);
        const auto of_record = world.audit_of(one.records[0]);
        REQUIRE(of_record.size() == 1);
        CHECK(of_record[0].action == "append");
        CHECK(of_record[0].result == "allowed");
        CHECK(of_record[0].practitioner == "operator");
        REQUIRE(of_record[0].shown.size() == 1);
        CHECK(of_record[0].shown[0].entry == one.entries[0]);
        // A refusal leaves its line too.
        only_fault(world.take(triage("t9", "nothing", "advice")));
        CHECK(world.audit_lines() == before + 3);
    });
}

TEST_CASE("entries of one day that come in one batch fold in the order in which they came") {
    for_each_office([](OpenOffice& world) {
        std::vector<std::string> lines;
        for (int n = 0; n < 20; ++n) {
            auto child = ben;
            child.id = fmt::format("d{}", n);
            lines.push_back(concern(fmt::format("c{}", n), child, "2026-02-02"));
            lines.push_back(triage(fmt::format("t{}", n), fmt::format("c{}", n), "assessment", child, "2026-02-02"));
        }
        const auto outcomes = world.take_all(lines);
        for (std::size_t n = 1; n < outcomes.size(); ++n) CHECK(outcomes[n - 1].entries[0] < outcomes[n].entries[0]);
        store::Snapshot::DutyFilter decisions;
        decisions.duty = "referral-decision";
        CHECK(world.read([&](store::Snapshot& s) { return s.duties(world.office().partnership, decisions, 50); })
                  .empty());
    });
}

TEST_CASE("a concern about a child of whom nothing was known owes a decision from the moment at which it is kept") {
    for (const auto engine : testing::engines_to_test()) {
        testing::ScratchStore scratch(engine);
        OpenOffice world(*scratch);  // founds the partnership
        const TickingClock clock(world.clock().now());
        const auto office = casework::open_office(*scratch, std::string(WAYMARK_SOURCE_DIR) + "/content", std::nullopt,
                                                  clock, world.random());
        REQUIRE(office);
        const std::vector drafts{world.draft(concern("c1"))};
        std::vector<Outcome> outcomes;
        REQUIRE(scratch->write([&](store::Transaction& tx) -> Result<void> {
            outcomes = TRY(casework::take(**office, tx, world.operator_permit(), drafts));
            return {};
        }));
        REQUIRE(outcomes.front().taken == Taken::taken);
        const auto duties = world.read([&](store::Snapshot& s) {
            return s.duties_of_case((*office)->partnership, outcomes.front().cases.front());
        });
        CHECK(std::any_of(duties.begin(), duties.end(),
                          [&](const auto& duty) { return duty.raised_by == outcomes.front().entries.front(); }));
    }
}
