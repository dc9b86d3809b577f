// The registry on a store: what is linked, offered and left, and that what a person decides holds.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "base/csv.hpp"
#include "people/people.hpp"
#include "support/people_samples.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::people;
using waymark::testing::SampleRecord;

namespace {

record::Identity child(const std::string& id, const std::string& given, const std::string& family,
                       const std::string& born = "2014-03-25") {
    record::Identity identity = testing::child_named(given, family, born);
    identity.id = id;
    identity.address = "12 Mill Lane";
    identity.postcode = "NB4 7QT";
    return identity;
}

// A registry over a scratch store.
struct Fixture {
    explicit Fixture(store::Store& s)
        : store(s), record(s), registry(record.journal, testing::shipped_model(), TokenKey{3}) {}

    std::vector<Resolved> resolve(const std::vector<Arrived>& arrived) {
        std::vector<Resolved> out;
        SampleRecord::must(store.write([&](store::Transaction& tx) -> Result<void> {
            engine_links.clear();
            out = TRY(registry.resolve(tx, SampleRecord::partnership, arrived, record.clock.now(), engine_links));
            return {};
        }));
        record.clock.advance(std::chrono::seconds(1));
        return out;
    }
    Resolved resolve_one(const std::string& agency, const record::Identity& identity) {
        return resolve({arrival(agency, identity)}).front();
    }
    Arrived arrival(const std::string& agency, const record::Identity& identity) {
        return {agency, identity, Instant{record.clock.now().micros + ++arrivals}, EntryId{}};
    }
    std::vector<ViewId> decide(ViewId a, ViewId b, Registry::Decision decision) {
        std::vector<ViewId> changed;
        SampleRecord::must(store.write([&](store::Transaction& tx) -> Result<void> {
            const EntryId entry{make_uuid7(record.clock, record.random)};
            changed =
                TRY(registry.apply_decision(tx, SampleRecord::partnership, a, b, decision, entry, record.clock.now()));
            return {};
        }));
        record.clock.advance(std::chrono::seconds(1));
        return changed;
    }
    ViewId person(ViewId view) {
        return record.read([&](store::Snapshot& snapshot) {
            return std::vector<ViewId>(
                registry.persons(snapshot, SampleRecord::partnership, std::span(&view, 1)).value());
        })[0];
    }
    std::vector<std::pair<store::LinkRow, Comparison>> to_review(std::optional<ViewId> of = std::nullopt) {
        return record.read([&](store::Snapshot& snapshot) {
            return registry.to_review(snapshot, SampleRecord::partnership, of, 1000).value();
        });
    }
    std::vector<Offered> search(
        const record::Identity& query, const Visible& visible = [](const store::ViewRow&) { return true; },
        const record::Permit& permit = sharing::Gate::make(record::Action::search)) {
        return record.read([&](store::Snapshot& snapshot) {
            return registry.search(snapshot, SampleRecord::partnership, permit, query, visible, 10).value();
        });
    }
    // Whether the stored persons are what the links say.
    bool consistent() {
        return record.read([&](store::Snapshot& snapshot) {
            std::vector<store::ViewRow> views;
            std::vector<store::LinkRow> links;
            snapshot.scan_views(SampleRecord::partnership, [&](const auto& row) {
                views.push_back(row);
                return true;
            });
            snapshot.scan_links(SampleRecord::partnership, [&](const auto& row) {
                links.push_back(row);
                return true;
            });
            const auto wanted = Registry::clusters(links, views);
            return std::all_of(views.begin(), views.end(),
                               [&](const auto& view) { return wanted.at(view.view) == view.person; });
        });
    }

    store::Store& store;
    SampleRecord record;
    Registry registry;
    std::vector<Registry::EngineLink> engine_links;
    std::int64_t arrivals = 0;
};

void on_each_engine(const std::function<void(Fixture&)>& test) {
    waymark::testing::for_each_engine([&](store::Store& store) {
        Fixture fixture(store);
        test(fixture);
        CHECK(fixture.consistent());
    });
}

}  // namespace

TEST_CASE("the same child from two agencies is one person, the oldest view's") {
    on_each_engine([](Fixture& f) {
        const auto first = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        const auto second = f.resolve_one("school", child("77", "Ottilie", "Vandermeer"));
        CHECK(first.is_new);
        CHECK(first.person == first.view);
        CHECK(second.linked == std::vector<ViewId>{first.view});
        CHECK(second.person == first.view);
        CHECK(f.person(second.view) == first.view);
        REQUIRE(f.engine_links.size() == 1);
        CHECK(f.engine_links[0].comparison.weight > testing::shipped_model().link_at);
    });
}

TEST_CASE("candidates of the same batch are found, and the order given decides who is oldest") {
    on_each_engine([](Fixture& f) {
        const auto resolved = f.resolve({f.arrival("csc", child("1", "Ottilie", "Vandermeer")),
                                         f.arrival("school", child("77", "Ottilie", "Vandermeer")),
                                         f.arrival("police", child("9", "Ottilie", "Vandemeer")),
                                         f.arrival("csc", child("2", "Ambrose", "Okonkwo", "2011-01-09"))});
        CHECK(resolved[1].person == resolved[0].view);
        CHECK(resolved[2].person == resolved[0].view);
        CHECK(resolved[3].person == resolved[3].view);
    });
}

TEST_CASE("an older view that arrives later gives the person its id") {
    on_each_engine([](Fixture& f) {
        const auto newer = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        auto arrival = f.arrival("school", child("77", "Ottilie", "Vandermeer"));
        arrival.recorded = arrival.recorded - std::chrono::hours(24 * 365);
        const auto older = f.resolve({arrival}).front();
        CHECK(older.person == older.view);
        CHECK(f.person(newer.view) == older.view);
        CHECK(std::find(older.persons_changed.begin(), older.persons_changed.end(), newer.view) !=
              older.persons_changed.end());
    });
}

TEST_CASE("the same view again is the same view, and changed content is another version") {
    on_each_engine([](Fixture& f) {
        auto identity = child("1", "Ottilie", "Vandermeer");
        const auto first = f.resolve_one("csc", identity);
        const auto again = f.resolve_one("csc", identity);
        CHECK(again.view == first.view);
        CHECK_FALSE(again.is_new);
        CHECK(again.version == 1);
        identity.postcode = "XY1 1AA";
        const auto changed = f.resolve({f.arrival("csc", identity), f.arrival("csc", identity)});
        CHECK(changed[0].version == 2);
        CHECK(changed[1].version == 2);
        CHECK(f.resolve_one("school", identity).view != first.view);
        const auto versions = f.record.read(
            [&](store::Snapshot& s) { return s.view_versions(SampleRecord::partnership, std::span(&first.view, 1)); });
        REQUIRE(versions.size() == 2);
        CHECK(f.record.journal.open_identity(versions[1].identity, first.view, 2).value() == identity);
    });
}

TEST_CASE("a link that changed content no longer bears is offered again, and says so") {
    on_each_engine([](Fixture& f) {
        const auto first = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        const auto second = f.resolve_one("school", child("77", "Ottilie", "Vandermeer"));
        REQUIRE(f.person(second.view) == first.view);
        const auto corrected = f.resolve_one("school", child("77", "Ambrose", "Vandermeer"));
        CHECK(corrected.unlinked == std::vector<ViewId>{first.view});
        CHECK(corrected.person == second.view);
        CHECK(f.person(second.view) == second.view);
        CHECK(f.to_review().size() == 1);
    });
}

TEST_CASE("twins are offered and not linked, and not through a third view either") {
    on_each_engine([](Fixture& f) {
        const auto martin = f.resolve_one("csc", child("1", "Martin", "Taylor"));
        const auto damian = f.resolve_one("school", child("77", "Damian", "Taylor"));
        CHECK(damian.linked.empty());
        CHECK(damian.to_review == std::vector<ViewId>{martin.view});
        // One that both would be linked with: its given name is an initial of one and it has the other's as another
        // name.
        auto chain = child("9", "M", "Taylor");
        chain.other_names = {"Damian"};
        const auto third = f.resolve_one("police", chain);
        CHECK(third.linked.size() == 1);
        CHECK(f.person(martin.view) != f.person(damian.view));
        REQUIRE_FALSE(third.to_review.empty());
    });
}

TEST_CASE("a chain does not go around two different NHS numbers") {
    on_each_engine([](Fixture& f) {
        auto one = child("1", "Ottilie", "Vandermeer");
        auto two = child("2", "Ottilie", "Vandermeer");
        one.nhs_number = "9434765919";
        two.nhs_number = "4010232137";
        const auto a = f.resolve_one("csc", one);
        const auto b = f.resolve_one("health", two);
        const auto c = f.resolve_one("school", child("3", "Ottilie", "Vandermeer"));
        CHECK(b.linked.empty());
        CHECK(c.linked.size() == 1);
        CHECK(c.to_review.size() == 1);
        CHECK(f.person(a.view) != f.person(b.view));
    });
}

TEST_CASE("a person may confirm even twins, and take it back") {
    on_each_engine([](Fixture& f) {
        const auto a = f.resolve_one("csc", child("1", "Martin", "Taylor"));
        const auto b = f.resolve_one("school", child("77", "Damian", "Taylor"));
        const auto changed = f.decide(a.view, b.view, Registry::Decision::same);
        CHECK(changed.size() == 2);
        CHECK(f.person(b.view) == a.view);
        CHECK(f.consistent());
        CHECK(f.to_review().empty());
        f.decide(b.view, a.view, Registry::Decision::not_same);
        CHECK(f.person(b.view) == b.view);
    });
}

TEST_CASE("what a person parted stays apart when it arrives again and when a third view links to both") {
    on_each_engine([](Fixture& f) {
        const auto a = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        const auto b = f.resolve_one("school", child("77", "Ottilie", "Vandermeer"));
        REQUIRE(f.person(b.view) == a.view);
        f.decide(a.view, b.view, Registry::Decision::not_same);
        CHECK(f.person(b.view) == b.view);
        auto moved = child("77", "Ottilie", "Vandermeer");
        moved.phone = "0161 496 0000";
        CHECK(f.resolve_one("school", moved).linked.empty());
        const auto c = f.resolve_one("police", child("9", "Ottilie", "Vandermeer"));
        CHECK(c.linked.size() == 1);
        CHECK(f.person(a.view) != f.person(b.view));
        CHECK(f.consistent());
    });
}

TEST_CASE("not yet undoes a link, is not asked again until something is new, and keeps what spoke for and against") {
    on_each_engine([](Fixture& f) {
        const auto a = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        const auto b = f.resolve_one("school", child("77", "Ottilie", "Vandermeer"));
        f.decide(a.view, b.view, Registry::Decision::not_yet);
        CHECK(f.person(b.view) == b.view);
        CHECK(f.to_review(a.view).empty());
        CHECK(f.to_review().empty());
        const auto links = f.record.read(
            [&](store::Snapshot& s) { return s.links_of(SampleRecord::partnership, std::vector{a.view}); });
        REQUIRE(links.size() == 1);
        CHECK(links[0].state == store::LinkState::review);
        const auto evidence = f.registry.evidence_of(links[0]).value();
        CHECK_FALSE(evidence.evidence.empty());
        CHECK(evidence.weight > testing::shipped_model().review_at);
    });
}

TEST_CASE("a decision that is taken back opens the question again, with the evidence of now") {
    on_each_engine([](Fixture& f) {
        const auto a = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        const auto b = f.resolve_one("school", child("77", "Ottilie", "Vandermeer"));
        f.decide(a.view, b.view, Registry::Decision::not_same);
        CHECK(f.to_review().empty());
        SampleRecord::must(f.store.write([&](store::Transaction& tx) -> Result<void> {
            const EntryId entry{make_uuid7(f.record.clock, f.record.random)};
            TRY_VOID(f.registry.take_back(tx, SampleRecord::partnership, b.view, a.view, entry, f.record.clock.now()));
            return {};
        }));
        const auto open = f.to_review();
        REQUIRE(open.size() == 1);
        CHECK(open[0].first.weight == doctest::Approx(open[0].second.weight));
        CHECK(f.person(b.view) == b.view);  // whoever took it back has not said that they are one
    });
}

TEST_CASE("a decision about one view, or about none of the record, is refused") {
    on_each_engine([](Fixture& f) {
        const auto a = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        const auto refused = f.store.write([&](store::Transaction& tx) -> Result<void> {
            CHECK_FALSE(f.registry.apply_decision(tx, SampleRecord::partnership, a.view, a.view,
                                                  Registry::Decision::same, EntryId{}, Instant{}));
            const auto nobody = f.registry.apply_decision(tx, SampleRecord::partnership, a.view, ViewId{},
                                                          Registry::Decision::same, EntryId{}, Instant{});
            REQUIRE_FALSE(nobody.has_value());
            CHECK(nobody.error().kind == FaultKind::missing);
            return {};
        });
        CHECK(refused.has_value());
    });
}

TEST_CASE("a search ranks the right child first and shows each person once") {
    on_each_engine([](Fixture& f) {
        const auto right = f.resolve_one("csc", child("1", "Katherine", "Okonkwo"));
        f.resolve_one("school", child("77", "Kate", "Okonkwo"));
        f.resolve_one("csc", child("2", "Adaeze", "Okonkwo", "2011-01-09"));
        auto query = child("", "Katy", "Okonkwo");
        query.source = "";
        auto found = f.search(query);
        REQUIRE_FALSE(found.empty());
        CHECK(found[0].person == right.view);
        CHECK(std::count_if(found.begin(), found.end(), [&](const auto& each) { return each.person == right.view; }) ==
              1);
        query.date_of_birth.reset();
        query.postcode.clear();
        found = f.search(query);
        REQUIRE_FALSE(found.empty());
        CHECK(found[0].person == right.view);
    });
}

TEST_CASE("of many who have a little in common with who is asked for, those who have most are looked at") {
    on_each_engine([](Fixture& f) {
        std::vector<Arrived> many;
        // Namesakes of the year, whom three tags find; and the child, with names that sound otherwise, whom one does.
        for (int n = 0; n < 90; ++n) {
            auto one = child(std::to_string(n), "Katherine", "Okonkwo", "2014-0" + std::to_string(4 + n / 28) + "-15");
            one.postcode = "ZZ9 9ZZ";
            many.push_back(f.arrival("csc", one));
        }
        many.push_back(f.arrival("csc", child("right", "Ottilie", "Vandermeer")));
        f.resolve(many);
        const auto found = f.search(child("", "Katherine", "Okonkwo"));
        CHECK(std::any_of(found.begin(), found.end(), [](const auto& each) { return each.identity.id == "right"; }));
    });
}

TEST_CASE("a search shows nothing that the asker may not see, and asks for a permit to search") {
    on_each_engine([](Fixture& f) {
        const auto ours = f.resolve_one("csc", child("1", "Ottilie", "Vandermeer"));
        f.resolve_one("police", child("9", "Ottilie", "Vandermeer"));
        f.resolve_one("police", child("10", "Ottilie", "Vandermeers", "2011-01-09"));
        const auto only =
            f.search(child("", "Ottilie", "Vandermeer"), [](const store::ViewRow& row) { return row.agency == "csc"; });
        REQUIRE(only.size() == 1);
        CHECK(only[0].view == ours.view);
        const auto own = f.search(
            child("", "Ottilie", "Vandermeer"), [](const store::ViewRow&) { return true; },
            sharing::Gate::own_agency_only(sharing::Gate::make(record::Action::search)));
        REQUIRE(own.size() == 1);
        CHECK(own[0].agency == "csc");
        f.record.read([&](store::Snapshot& snapshot) {
            const auto refused = f.registry.search(
                snapshot, SampleRecord::partnership, f.record.read_permit, child("", "A", "B"),
                [](const store::ViewRow&) { return true; }, 10);
            REQUIRE_FALSE(refused.has_value());
            CHECK(refused.error().kind == FaultKind::forbidden);
            return 0;
        });
    });
}

TEST_CASE("a protected address neither finds its child nor shows in the evidence") {
    on_each_engine([](Fixture& f) {
        auto hidden = child("1", "Ottilie", "Vandermeer");
        hidden.address_protected = true;
        f.resolve_one("csc", hidden);
        auto by_place = child("", "", "Vandermeer", "");
        CHECK(f.search(by_place).empty());
        const auto found = f.search(child("", "Ottilie", "Vandermeer"));
        REQUIRE(found.size() == 1);
        for (const auto& each : found[0].comparison.evidence) {
            if (each.aspect == Aspect::address || each.aspect == Aspect::postcode) CHECK(each.level == "missing");
        }
    });
}

// ---- Family Context's sample extracts ---------------------------------------------------------------------------

namespace {

struct Extract {
    std::string id, given, family, born, address;
    auto key() const { return std::tie(given, family, born); }
};

std::vector<Extract> extract(const char* file) {
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/tests/data/family-context/" + file, std::ios::binary);
    CsvReader reader(in);
    std::vector<Extract> out;
    bool header = true;
    for (;;) {
        const auto row = reader.next().value();
        if (!row) return out;
        if (!std::exchange(header, false))
            out.push_back({row->fields[0], row->fields[1], row->fields[2], row->fields[3], row->fields[5]});
    }
}

record::Identity identity_of(const Extract& row) {
    record::Identity identity = child(row.id, row.given, row.family, row.born);
    const auto last = row.address.rfind('\n');  // the postcode is the last line
    identity.address = row.address.substr(0, last);
    identity.postcode = row.address.substr(last + 1);
    return identity;
}

}  // namespace

TEST_CASE("the extracts of two agencies: every child once, no false link, and the twins offered") {
    on_each_engine([](Fixture& f) {
        const auto csc = extract("csc.csv");
        const auto education = extract("education.csv");
        REQUIRE(csc.size() == 500);
        REQUIRE(education.size() == 500);
        std::vector<Arrived> arrived;
        for (const auto& row : csc) arrived.push_back(f.arrival("csc", identity_of(row)));
        for (const auto& row : education) arrived.push_back(f.arrival("school", identity_of(row)));
        const auto first = f.resolve({arrived.begin(), arrived.begin() + 300});  // a batch border inside one extract
        const auto rest = f.resolve({arrived.begin() + 300, arrived.end()});
        std::vector<Resolved> resolved = first;
        resolved.insert(resolved.end(), rest.begin(), rest.end());

        std::size_t exact = 0, moved = 0, next_day = 0, twins = 0, wrongly_linked = 0, not_linked = 0, not_offered = 0;
        const auto open = f.to_review();
        std::vector<ViewId> persons;
        for (const auto& each : resolved) persons.push_back(f.person(each.view));
        for (std::size_t i = 0; i < 500; ++i) {
            for (std::size_t j = 0; j < 500; ++j) {
                const auto& a = csc[i];
                const auto& b = education[j];
                const auto& x = resolved[i];
                const auto& y = resolved[500 + j];
                const bool one = persons[i] == persons[500 + j];
                const bool same_name = a.given == b.given && a.family == b.family;
                if (a.key() == b.key()) {
                    ++(a.address == b.address ? exact : moved);
                    if (!one) ++not_linked;
                } else if (same_name && a.address == b.address) {  // nine birth dates are one day off
                    ++next_day;
                    if (!one) ++not_linked;
                } else if (a.family == b.family && a.born == b.born && a.address == b.address) {
                    ++twins;
                    const bool offered = std::any_of(open.begin(), open.end(), [&](const auto& each) {
                        return std::minmax(each.first.a, each.first.b) == std::minmax(x.view, y.view);
                    });
                    if (!offered) ++not_offered;
                    if (one) ++wrongly_linked;
                } else if (one) {
                    ++wrongly_linked;
                }
            }
        }
        CHECK(exact == 474);
        CHECK(moved == 7);
        CHECK(next_day == 9);
        CHECK(twins == 10);
        CHECK(not_linked == 0);
        CHECK(not_offered == 0);
        CHECK(wrongly_linked == 0);
        CHECK(open.size() == 10);
        CHECK(f.consistent());

        // The same extracts once more change nothing.
        const auto again = f.resolve(arrived);
        CHECK(f.engine_links.empty());
        CHECK(std::none_of(again.begin(), again.end(), [](const auto& each) {
            return each.is_new || !each.to_review.empty() || each.version != 1;
        }));
    });
}

// ---- properties ----------------------------------------------------------------------------------------------------

TEST_CASE("whatever arrives and whatever people decide, the stored persons are what the links say") {
    CHECK(rc::check("persons are clusters", [] {
        waymark::testing::ScratchStore scratch;
        Fixture f(*scratch);
        std::vector<ViewId> views;
        const auto some = [](std::initializer_list<const char*> of) {
            return std::string(*rc::gen::elementOf(std::vector<const char*>(of)));
        };
        const int steps = *rc::gen::inRange(3, 14);
        int next = 0;
        for (int step = 0; step < steps; ++step) {
            const int what = *rc::gen::inRange(0, 5);
            if (what < 2 || views.size() < 2) {
                std::vector<Arrived> batch;
                const int count = *rc::gen::inRange(1, 5);
                for (int i = 0; i < count; ++i) {
                    const bool known = next > 0 && *rc::gen::inRange(0, 4) == 0;
                    const int id = known ? *rc::gen::inRange(0, next) : next++;
                    auto identity = child(std::to_string(id), some({"Ottilie", "Otilie", "Ambrose", "O"}),
                                          some({"Vandermeer", "Vandermere"}), some({"2014-03-25", "2014-03-26"}));
                    identity.nhs_number = some({"", "", "9434765919", "4010232137"});
                    auto arrival = f.arrival("csc", identity);
                    arrival.recorded = arrival.recorded - std::chrono::hours(*rc::gen::inRange(0, 50));
                    batch.push_back(arrival);
                }
                for (const auto& each : f.resolve(batch)) {
                    if (std::find(views.begin(), views.end(), each.view) == views.end()) views.push_back(each.view);
                }
            } else {
                const auto a = views[*rc::gen::inRange<std::size_t>(0, views.size())];
                const auto b = views[*rc::gen::inRange<std::size_t>(0, views.size())];
                if (a == b) continue;
                const auto decision = *rc::gen::element(Registry::Decision::same, Registry::Decision::not_same,
                                                        Registry::Decision::not_yet);
                f.decide(a, b, decision);
                if (decision == Registry::Decision::not_same) RC_ASSERT(f.person(a) != f.person(b));
            }
            RC_ASSERT(f.consistent());
        }
    }));
}

TEST_CASE("clusters do not depend on the order of rows, keep decisions, and are led by the oldest view") {
    CHECK(rc::check("clusters", [] {
        const int count = *rc::gen::inRange(1, 9);
        std::vector<store::ViewRow> views(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            views[static_cast<std::size_t>(i)].view.value.octets[15] = static_cast<std::uint8_t>(i + 1);
            views[static_cast<std::size_t>(i)].recorded = Instant{*rc::gen::inRange(0, 3)};
        }
        std::map<std::pair<int, int>, store::LinkRow> by_pair;
        const int edges = *rc::gen::inRange(0, 12);
        for (int i = 0; i < edges; ++i) {
            const int a = *rc::gen::inRange(0, count);
            const int b = *rc::gen::inRange(0, count);
            if (a >= b) continue;
            store::LinkRow row;
            row.a = views[static_cast<std::size_t>(a)].view;
            row.b = views[static_cast<std::size_t>(b)].view;
            row.state = static_cast<store::LinkState>(*rc::gen::inRange(0, 4));
            row.weight = *rc::gen::inRange(0, 3);
            by_pair[{a, b}] = row;
        }
        std::vector<store::LinkRow> links;
        for (const auto& each : by_pair) links.push_back(each.second);
        const auto persons = Registry::clusters(links, views);
        auto shuffled = links;
        std::reverse(shuffled.begin(), shuffled.end());
        auto turned = views;
        std::reverse(turned.begin(), turned.end());
        RC_ASSERT(Registry::clusters(shuffled, turned) == persons);
        for (const auto& link : links) {
            if (link.state == store::LinkState::not_same) RC_ASSERT(persons.at(link.a) != persons.at(link.b));
        }
        for (const auto& view : views) {
            const auto person = persons.at(view.view);
            RC_ASSERT(persons.at(person) == person);
            const auto oldest =
                std::find_if(views.begin(), views.end(), [&](const auto& each) { return each.view == person; });
            RC_ASSERT(std::pair(oldest->recorded, oldest->view) <= std::pair(view.recorded, view.view));
        }
    }));
}

TEST_CASE("a child who moved is found and linked by the postcode that the record held before") {
    on_each_engine([](Fixture& f) {
        auto moved = child("1", "Ottilie", "Vandermeer");
        const auto before = f.resolve_one("csc", moved);
        moved.postcode = "LS1 4AP";
        moved.address = "3 Orchard Way";
        const auto after = f.resolve_one("csc", moved);
        REQUIRE(after.view == before.view);
        REQUIRE(after.version == 2);

        // Another agency holds the old home, and no birth date.
        auto asked = child("77", "Ottilie", "Vandermeer");
        asked.date_of_birth.reset();
        const auto found = f.search(asked);
        REQUIRE(found.size() == 1);
        CHECK(found.front().view == before.view);
        const auto& evidence = found.front().comparison.evidence;
        const auto postcode = std::find_if(evidence.begin(), evidence.end(),
                                           [](const auto& each) { return each.aspect == Aspect::postcode; });
        REQUIRE(postcode != evidence.end());
        CHECK(postcode->level == "former");
        CHECK(postcode->weight > 5);
        CHECK(f.resolve_one("school", child("77", "Ottilie", "Vandermeer")).linked == std::vector{before.view});
    });
}

TEST_CASE("a family name of before is compared, and found by") {
    on_each_engine([](Fixture& f) {
        auto renamed = child("1", "Ottilie", "Vandermeer");
        const auto view = f.resolve_one("csc", renamed).view;
        renamed.family_name = "Achterberg";
        renamed.postcode = "LS1 4AP";
        f.resolve_one("csc", renamed);
        auto asked = child("77", "Ottilie", "Vandermeer");
        asked.postcode.clear();
        asked.address.clear();
        asked.date_of_birth.reset();
        const auto found = f.search(asked);
        REQUIRE(found.size() == 1);
        CHECK(found.front().view == view);
        const auto& evidence = found.front().comparison.evidence;
        CHECK(std::any_of(evidence.begin(), evidence.end(), [](const auto& each) {
            return each.aspect == Aspect::family_name && each.level == "other-name";
        }));
    });
}

TEST_CASE(
    "what one version says is not carried over where it speaks of another, is protected, or was before adoption") {
    const auto now = child("1", "Ottilie", "Vandermeer");
    auto then = now;
    then.postcode = "LS1 4AP";
    then.family_name = "Achterberg";
    const auto former = [&](const record::Identity& version, const record::Identity& latest) {
        const auto features = features_of(latest, std::span(&version, 1));
        return std::pair(features.former_postcodes.size(), features.former_family.size());
    };
    CHECK(former(then, now) == std::pair<std::size_t, std::size_t>(1, 1));
    auto another = then;
    another.given_name = "Wilhelmina";
    CHECK(former(another, now) == std::pair<std::size_t, std::size_t>(1, 0));  // the name may be a twin's
    another.date_of_birth = parse_date("2011-11-02").value();
    CHECK(former(another, now) == std::pair<std::size_t, std::size_t>(0, 0));
    auto hidden = then;
    hidden.address_protected = true;
    CHECK(former(hidden, now).first == 0);
    auto hidden_now = now;
    hidden_now.address_protected = true;
    CHECK(former(then, hidden_now).first == 0);
    auto adopted = then;
    adopted.adoption = record::former_identity;
    CHECK(former(adopted, now) == std::pair<std::size_t, std::size_t>(0, 0));
}

TEST_CASE("twins whose names an agency once mixed up are still only offered") {
    on_each_engine([](Fixture& f) {
        auto one = child("1", "Ottilie", "Vandermeer");
        f.resolve_one("csc", one);
        one.given_name = "Wilhelmina";
        const auto view = f.resolve_one("csc", one).view;
        const auto other = f.resolve_one("school", child("77", "Ottilie", "Vandermeer"));
        CHECK(other.linked.empty());
        CHECK(other.to_review == std::vector{view});
    });
}

TEST_CASE("a former postcode that another system writes beside the postcode is compared") {
    on_each_engine([](Fixture& f) {
        auto moved = child("1", "Ottilie", "Vandermeer");
        moved.postcode = "LS1 4AP";
        moved.address.clear();
        moved.more["former_postcode"] = "BS1 1AA; NB4 7QT";
        f.resolve_one("csc", moved);
        auto asked = child("77", "Ottilie", "Vandermeer");
        asked.date_of_birth.reset();
        asked.address.clear();
        const auto found = f.search(asked);
        REQUIRE(found.size() == 1);
        const auto& evidence = found.front().comparison.evidence;
        CHECK(std::any_of(evidence.begin(), evidence.end(),
                          [](const auto& each) { return each.aspect == Aspect::postcode && each.level == "former"; }));
    });
}

TEST_CASE(
    "a child both of whose names are written otherwise is found by the birth date, also one a year off at the same "
    "home") {
    on_each_engine([](Fixture& f) {
        auto kept = child("1", "Georgina", "Halm", "2013-11-26");
        kept.address.clear();
        f.resolve_one("csc", kept);
        auto asked = child("?", "George", "Thornbury", "2013-11-26");
        asked.address.clear();
        asked.postcode = "LS1 4AP";
        const auto by_date = f.search(asked);
        CHECK(by_date.size() == 1);
        asked = child("?", "Eorgina", "Ham", "2012-11-26");
        asked.address.clear();
        CHECK(f.search(asked).size() == 1);
    });
}

TEST_CASE(
    "a child is found whose birth date is a year off, or the first of its month, and one of whose names is another") {
    on_each_engine([](Fixture& f) {
        auto kept = child("1", "Malcolm", "Vandermeer", "2013-08-01");
        kept.address.clear();
        f.resolve_one("csc", kept);
        for (const char* born : {"2014-08-01", "2012-08-01", "2013-08-24"}) {
            auto asked = child("?", "Amlcolm", "Vandermeer", born);
            asked.address.clear();
            asked.postcode = "LS1 4AP";
            CHECK(f.search(asked).size() == 1);
        }
    });
}
