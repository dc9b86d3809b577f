// What lists need is an index over the entries: thrown away and made again it is what it was.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <fmt/format.h>

#include <atomic>
#include <set>

#include "support/open_office.hpp"

using namespace waymark;
using namespace std::chrono_literals;
using testing::OpenOffice;

namespace {

constexpr int most_runs = 25;
const std::vector<std::string> agencies{"csc", "police", "health", "education", "nursery"};
const std::vector<std::string> outcomes{"no-further-action", "advice", "early-help", "assessment",
                                        "strategy-discussion"};
const std::vector<std::pair<std::string, std::string>> names{
    {"Ada", "Lindgren"}, {"Ben", "Okonkwo"},    {"Cleo", "Marsden"},   {"Dara", "Whitlock"},
    {"Edda", "Farrow"},  {"Finn", "Castellan"}, {"Greta", "Holloway"}, {"Hugo", "Pemberton"}};

std::string subject(std::size_t child, const std::string& agency, int twin) {
    const auto& [given, family] = names[child];
    return fmt::format(
        R"({{"involvement":"displayed","identity":{{"source":"{}-mis","id":"{}-{}","given_name":"{}","family_name":"{}",)"
        R"("date_of_birth":"2012-0{}-11","postcode":"NB{} 4AA","address":"{} Harbour Lane"}}}})",
        agency, child, twin, twin == 0 ? given : "Olive", family, child + 1, child + 1, child + 1);
}

// A random history: concerns, decisions, closings, judgements, visits, corrections, in no order.
std::vector<std::string> history(std::uint64_t seed, std::size_t count) {
    SeededRandom random(seed);
    std::vector<std::string> lines;
    std::vector<std::pair<std::string, std::string>> concerns;  // agency, id
    for (std::size_t n = 0; n < count; ++n) {
        const auto agency = agencies[random.below(agencies.size())];
        const auto child = random.below(names.size());
        const auto day = format_date(make_date(2025, 6, 1) + std::chrono::days(random.below(250)));
        const auto id = fmt::format("e{}", n);
        const auto who = subject(child, agency, random.below(6) == 0 ? 1 : 0);
        const auto add = [&](const std::string& kind, const std::string& body, const std::string& more) {
            lines.push_back(fmt::format(
                R"({{"kind":"{}","at":"{}","recorded":"{}T12:00:00Z","agency":"{}","author":"someone","subjects":[{}],"body":{},"id":"{}"{}}})",
                kind, day, day, agency, who, body, id, more));
        };
        const auto about = [&](const auto& of) { return fmt::format(R"(,"about":"{}/{}")", of.first, of.second); };
        switch (concerns.empty() ? 0 : random.below(9)) {
            case 0:
            case 1:
                add("concern.raised", R"({"about_what":"displayed-behaviour"})", "");
                concerns.emplace_back(agency, id);
                break;
            case 2:
            case 3:
                add("triage.decided", fmt::format(R"({{"outcome":"{}"}})", outcomes[random.below(outcomes.size())]),
                    about(concerns[random.below(concerns.size())]));
                break;
            case 4:
                add("case.closed", R"({})", "");
                break;
            case 5:
                add("earlier.judged", R"({"judgement":"counts","reason":"Why."})",
                    about(concerns[random.below(concerns.size())]));
                break;
            case 6:
                add("referral.received", R"({"source":"2A"})", R"(,"case":"K)" + std::to_string(child) + R"(")");
                break;
            case 7:
                add("case.opened", fmt::format(R"({{"lead":"{}"}})", random.below(2) == 0 ? "a.rahman" : "police"), "");
                break;
            default:
                add("concern.raised", R"({"about_what":"other"})",
                    fmt::format(R"(,"supersedes":"{}/{}")", concerns[random.below(concerns.size())].first,
                                concerns.back().second));
                break;
        }
    }
    return lines;
}

struct Indexes {
    std::vector<std::string> duties;
    std::vector<std::string> persons;
    std::vector<std::string> closed;
    std::vector<std::string> gathered;
    std::set<std::string> found;  // by token
    bool operator==(const Indexes&) const = default;
};

Indexes indexes(OpenOffice& world) {
    const auto p = world.office().partnership;
    Indexes all;
    world.read([&](store::Snapshot& s) {
        s.scan_cases(p, [&](const store::CaseRow& row) {
            all.closed.push_back(fmt::format("{} {} {} {}", to_string(row.case_id), row.next_seq,
                                             row.closed ? to_string(*row.closed) : "open", row.lead));
            for (const auto& duty : s.duties_of_case(p, row.case_id)) {
                all.duties.push_back(fmt::format("{} {} {} {} {} {} {} {}", to_string(duty.case_id), duty.duty,
                                                 to_string(duty.raised_by), to_string(duty.due), duty.owner, duty.state,
                                                 duty.kind, duty.summary));
            }
            return true;
        });
        const auto counts = s.count_gatherings(p, Instant{});
        REQUIRE(counts.has_value());  // every case has been folded
        for (const auto& count : *counts) {
            all.gathered.push_back(fmt::format("{} {} {}", static_cast<int>(count.state), count.plain, count.cases));
        }
        for (const auto& row : s.never_met(p, Instant{}, 0, 1'000)) {
            all.gathered.push_back(fmt::format("{} since {} until {}", to_string(row.case_id),
                                               row.since ? to_string(*row.since) : "-",
                                               row.until ? to_string(*row.until) : "-"));
        }
        std::vector<store::ViewRow> views;
        s.scan_views(p, [&](const store::ViewRow& row) {
            views.push_back(row);
            all.persons.push_back(to_string(row.view) + " " + to_string(row.person));
            return true;
        });
        for (const auto& view : views) {
            const auto identity = *world.office().journal->open_identity(view.identity, view.view, view.version);
            const auto tokens = people::tokens_of(people::features_of(identity), world.office().token_key);
            for (const auto& hits : s.views_by_token(p, tokens, 100)) {
                for (const auto& hit : hits.views) all.found.insert(to_string(view.view) + " finds " + to_string(hit));
            }
        }
        return true;
    });
    std::sort(all.duties.begin(), all.duties.end());
    std::sort(all.persons.begin(), all.persons.end());
    std::sort(all.closed.begin(), all.closed.end());
    std::sort(all.gathered.begin(), all.gathered.end());
    return all;
}

void damage(OpenOffice& world) {
    const auto p = world.office().partnership;
    std::vector<store::CaseRow> cases;
    std::vector<ViewId> views;
    std::vector<std::pair<ViewId, ViewId>> alone;
    world.read([&](store::Snapshot& s) {
        s.scan_cases(p, [&](const store::CaseRow& row) {
            cases.push_back(row);
            return true;
        });
        s.scan_views(p, [&](const store::ViewRow& row) {
            views.push_back(row.view);
            alone.emplace_back(row.view, row.view);
            return true;
        });
        return true;
    });
    std::vector<CaseId> ids;
    for (auto& row : cases) {
        ids.push_back(row.case_id);
        row.closed = row.closed ? std::nullopt : std::optional(Instant{1});
        row.lead = "nobody";
    }
    REQUIRE(world.store().write([&](store::Transaction& tx) -> Result<void> {
        tx.update_cases(p, cases);
        tx.replace_duties(p, ids, {});
        tx.delete_tokens_of(p, views);
        tx.set_persons(p, alone);
        return {};
    }));
}

}  // namespace

TEST_CASE("the indexes made again from the entries are those that every append and link had written") {
    for (const auto engine : testing::engines_to_test()) {
        int runs = 0;
        CHECK(rc::check("rebuild gives what refresh gave", [&](std::uint32_t seed) {
            if (++runs > most_runs) return;  // each makes a store of its own
            testing::ScratchStore scratch(engine);
            OpenOffice world(*scratch, seed + 1);
            const auto lines = history(seed, 40);
            std::size_t taken = 0;
            for (std::size_t from = 0; from < lines.size();) {
                const auto at_most = seed % 3 == 0 ? lines.size() : 1 + (seed + from) % 7;
                const auto count = std::min<std::size_t>(at_most, lines.size() - from);
                for (const auto& outcome :
                     world.take_all({lines.begin() + static_cast<std::ptrdiff_t>(from),
                                     lines.begin() + static_cast<std::ptrdiff_t>(from + count)})) {
                    taken += outcome.taken == casework::Taken::taken ? 1 : 0;
                }
                from += count;
            }
            RC_ASSERT(taken > 10);
            const auto before = indexes(world);
            RC_ASSERT_FALSE(before.closed.empty());
            damage(world);
            RC_ASSERT(indexes(world).closed != before.closed);
            RC_ASSERT(casework::rebuild(world.office(), {}).has_value());
            const auto after = indexes(world);
            RC_ASSERT(after.persons == before.persons);
            RC_ASSERT(after.closed == before.closed);
            RC_ASSERT(after.duties == before.duties);
            RC_ASSERT(after.gathered == before.gathered);
            RC_ASSERT(after.found == before.found);
        }));
    }
}

TEST_CASE("the entries of a case are numbered without a gap whatever the batches were") {
    for (const auto engine : testing::engines_to_test()) {
        int runs = 0;
        CHECK(rc::check("case_seq is gapless", [&](std::uint32_t seed) {
            if (++runs > most_runs) return;  // each makes a store of its own
            testing::ScratchStore scratch(engine);
            OpenOffice world(*scratch, seed + 1);
            const auto lines = history(seed, 60);
            const auto half = lines.begin() + static_cast<std::ptrdiff_t>(seed % lines.size());
            world.take_all({lines.begin(), half});
            world.take_all({half, lines.end()});
            std::map<CaseId, std::vector<std::int64_t>> by_case;
            world.read([&](store::Snapshot& s) {
                s.scan_entries(world.office().partnership, store::Want::cards, [&](const store::WholeEntry& entry) {
                    if (entry.row.case_id) by_case[entry.row.case_id].push_back(entry.row.case_seq);
                    return true;
                });
                return true;
            });
            RC_ASSERT_FALSE(by_case.empty());
            for (auto& [id, sequence] : by_case) {
                std::sort(sequence.begin(), sequence.end());
                for (std::size_t n = 0; n < sequence.size(); ++n)
                    RC_ASSERT(sequence[n] == static_cast<std::int64_t>(n + 1));
            }
        }));
    }
}

TEST_CASE("the standing of all cases is the standing of each, in one order however many threads fold") {
    testing::for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        world.take_all(history(7, 200));
        const auto now = world.clock().now() + 24h * 30;
        const auto all = [&](unsigned threads) {
            std::vector<std::string> told;
            REQUIRE(
                casework::standings(office, world.operator_(), now, threads, [&](const procedure::Standing& standing) {
                    told.push_back(write_json(procedure::to_json(standing)));
                    return true;
                }));
            return told;
        };
        const auto one = all(1);
        CHECK(one.size() > 4);
        CHECK(all(4) == one);
        std::multiset<std::string> each;
        std::vector<CaseId> ids;
        world.read([&](store::Snapshot& s) {
            s.scan_cases(office.partnership, [&](const store::CaseRow& row) {
                ids.push_back(row.case_id);
                return true;
            });
            return true;
        });
        for (const auto id : ids) {
            const auto standing = casework::standing_of(office, world.operator_(), id, now);
            REQUIRE(standing);
            each.insert(write_json(procedure::to_json(*standing)));
        }
        CHECK(each == std::multiset<std::string>(one.begin(), one.end()));
        // A visitor that has seen enough is told no more.
        std::atomic<int> seen = 0;
        REQUIRE(casework::standings(office, world.operator_(), now, 4,
                                    [&](const procedure::Standing&) { return ++seen < 3; }));
        CHECK(seen == 3);
    });
}

TEST_CASE("a store whose search tags other rules made says so until it is rebuilt") {
    testing::for_each_office([](OpenOffice& world) {
        const auto& office = world.office();
        const auto older = [&] {
            bool answer = false;
            REQUIRE(office.store
                        .read([&](store::Snapshot& snapshot) -> Result<void> {
                            answer = TRY(people::tokens_are_older(*office.seal, snapshot, office.partnership));
                            return {};
                        })
                        .has_value());
            return answer;
        };
        CHECK_FALSE(older());
        REQUIRE(office.store
                    .write([&](store::Transaction& tx) -> Result<void> {
                        const record::Bound bound{"secret", Uuid{}, "token-scheme", 1};
                        tx.put_secret(office.partnership, "token-scheme", office.seal->close(as_bytes("1"), bound));
                        return {};
                    })
                    .has_value());
        CHECK(older());
        REQUIRE(casework::rebuild(office, {}).has_value());
        CHECK_FALSE(older());
    });
}
