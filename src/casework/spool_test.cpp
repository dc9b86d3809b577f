// The spool: what it has taken is on the disk, in order, once, whatever is cut off and whenever the machine stops.
#include "casework/spool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "support/failing_store.hpp"
#include "support/open_office.hpp"
#include "support/scratch_files.hpp"

using namespace waymark;
using namespace testing;
using casework::Spool;

namespace {

constexpr std::size_t small = 64u << 10;

casework::RaiseRequest concern(const std::string& key, const std::string& given = "Ada") {
    casework::RaiseRequest made;
    made.key = key;
    made.about_what = "displayed-behaviour";
    made.setting = "school";
    made.noticed = "observed";
    made.summary = "Category 4 on the school's list, " + key;
    record::Identity who;
    who.given_name = given;
    who.family_name = "Lindgren";
    who.date_of_birth = *parse_date("2012-04-05");
    made.children.push_back(
        {static_cast<record::Involvements>(record::Involvement::displayed), std::nullopt, std::move(who)});
    return made;
}

struct World {
    explicit World(store::Store& real) : store(real), office(store) {}
    FailingStore store;
    OpenOffice office;
    ScratchFolder folder;
    std::string file = folder / "spool";

    std::shared_ptr<Spool> open() { return must(Spool::open(file, *office.office().seal, office.random(), small)); }
    // When each concern with such a key was recorded, by key.
    std::map<std::string, std::vector<store::EntryRow>> raised() {
        return office.read([&](store::Snapshot& s) {
            std::map<std::string, std::vector<store::EntryRow>> found;
            s.scan_entries(office.office().partnership, store::Want::cards, [&](const store::WholeEntry& one) {
                if (one.row.kind == "concern.raised") found[one.row.source_id].push_back(one.row);
                return true;
            });
            return found;
        });
    }
};

Bytes bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void write_bytes(const std::string& file, const Bytes& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

TEST_CASE("a concern that the store cannot take is kept in the spool, and merged with its time when it can") {
    for_each_engine([](store::Store& real) {
        World world(real);
        world.office.give_spool(world.open());
        const auto& office = world.office.office();
        const auto school = world.office.asker("e.vasquez");
        world.store.broken = true;
        const auto sent = world.office.clock().now();
        const auto receipt = must(casework::raise(office, school, concern("form-1")));
        CHECK(receipt.spooled);
        CHECK(receipt.concern.is_nil());
        CHECK(must(casework::raise(office, school, concern("form-1"))).spooled);  // pressed twice
        world.office.clock().advance(std::chrono::minutes(3));
        must(casework::raise(office, world.office.asker("f.begum"), concern("form-2")));
        CHECK(office.spool->waiting() == 2);
        CHECK(world.raised().empty());
        CHECK(office.spool->merge(office).merged == 0);  // still away
        CHECK(office.spool->waiting() == 2);

        world.store.broken = false;
        world.office.clock().advance(std::chrono::hours(5));
        const auto merged = office.spool->merge(office);
        CHECK(merged.merged == 2);
        CHECK(merged.faults.empty());
        CHECK(office.spool->waiting() == 0);
        const auto raised = world.raised();
        REQUIRE(raised.at("form-1").size() == 1);
        const auto& row = raised.at("form-1").front();
        CHECK(row.recorded == sent);
        CHECK(row.at.instant == sent);
        CHECK(row.author == "e.vasquez");
        CHECK(row.agency == school.agency);
        CHECK(raised.at("form-2").front().recorded == sent + std::chrono::minutes(3));
        const auto line = world.office.audit_of(row.record).front();
        CHECK(line.route == "spool");
        // The raiser sees it among their own.
        CHECK(must(casework::my_concerns(office, school, 5)).size() == 1);
        // The same form sent again finds it.
        CHECK_FALSE(must(casework::raise(office, school, concern("form-1"))).spooled);
    });
}

TEST_CASE("what the record would refuse, or who may not raise, is refused and not spooled") {
    for_each_engine([](store::Store& real) {
        World world(real);
        world.office.give_spool(world.open());
        const auto& office = world.office.office();
        world.store.broken = true;
        auto wrong = concern("form-1");
        wrong.about_what = "no such code";
        const auto refused = casework::raise(office, world.office.asker("e.vasquez"), wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::invalid);
        for (const auto& one : office.profile.practitioners) {
            if (one.role == "board-chair")
                CHECK_FALSE(casework::raise(office, world.office.asker(one.key), concern("form-2")));
        }
        CHECK(office.spool->waiting() == 0);
        must(casework::raise(office, world.office.asker("e.vasquez"), concern("form-3")));
        auto other = concern("form-3");
        other.summary = "Something else";
        CHECK(casework::raise(office, world.office.asker("e.vasquez"), other).error().kind == FaultKind::conflict);
    });
}

TEST_CASE("a concern is not lost because its child or its raiser may not be known any more") {
    for_each_engine([](store::Store& real) {
        World world(real);
        world.office.give_spool(world.open());
        const auto& office = world.office.office();
        auto request = concern("form-1");
        request.children.front().known = ViewId{make_uuid4(world.office.random())};
        auto gone = world.office.asker("e.vasquez");
        gone.role = "a role that was";
        REQUIRE(office.spool->put(gone, request, world.office.clock().now()));
        CHECK(office.spool->merge(office).merged == 1);
        CHECK(world.raised().at("form-1").front().agency == gone.agency);
    });
}

TEST_CASE("a full spool says so and keeps what it has; another process may not open it") {
    ScratchStore scratch;
    World world(*scratch);
    const auto spool = world.open();
    const auto school = world.office.asker("e.vasquez");
    CHECK(Spool::open(world.file, *world.office.office().seal, world.office.random(), small).error().kind ==
          FaultKind::conflict);
    std::size_t kept = 0;
    Result<void> put;
    while ((put = spool->put(school, concern(fmt::format("k{}", kept)), world.office.clock().now()))) ++kept;
    CHECK(put.error().kind == FaultKind::unavailable);
    CHECK(kept > 20);
    CHECK(spool->waiting() == kept);
    CHECK(spool->merge(world.office.office()).merged == kept);
    CHECK(spool->put(school, concern("again"), world.office.clock().now()));
}

TEST_CASE("one that was damaged in the file is counted, and those behind it are kept") {
    ScratchStore scratch;
    World world(*scratch);
    {
        const auto spool = world.open();
        for (const char* key : {"one", "two", "three"})
            REQUIRE(spool->put(world.office.asker("e.vasquez"), concern(key), world.office.clock().now()));
    }
    auto bytes = bytes_of(world.file);
    CHECK(bytes.size() == small);
    const std::string_view mark = "CONCERN1";
    const auto first = std::search(bytes.begin(), bytes.end(), mark.begin(), mark.end());
    const auto second = std::search(first + 1, bytes.end(), mark.begin(), mark.end());
    REQUIRE(second != bytes.end());
    second[100] ^= 1;
    write_bytes(world.file, bytes);
    const auto spool = world.open();
    CHECK(spool->waiting() + spool->damaged() == 3);
    CHECK(spool->damaged() == 1);
    CHECK(spool->merge(world.office.office()).merged == 2);
    CHECK(spool->damaged() == 1);  // and the file is kept as it is
}

TEST_CASE("whatever is torn, cut off or stopped, none that was acknowledged is lost and none is doubled") {
    const int trials = std::getenv("WAYMARK_LONG") != nullptr ? 10'000 : 150;
    ScratchStore scratch;
    World world(*scratch);
    const auto& office = world.office.office();
    SeededRandom dice(11);
    const auto below = [&](std::size_t n) {
        std::array<std::uint8_t, 4> bytes{};
        dice.fill(bytes);
        return (std::size_t{bytes[0]} | std::size_t{bytes[1]} << 8 | std::size_t{bytes[2]} << 16) % n;
    };
    std::map<std::string, Instant> acknowledged;
    std::size_t torn_kept = 0;
    for (int trial = 0; trial < trials; ++trial) {
        auto spool = world.open();
        const auto school = world.office.asker("e.vasquez");
        const auto key_of = [&](std::size_t i) { return fmt::format("trial-{}-{}", trial, i); };
        std::size_t n = 0;
        for (const auto many = below(3); n < many; ++n) {
            world.office.clock().advance(std::chrono::seconds(1));
            REQUIRE(spool->put(school, concern(key_of(n), "Child" + key_of(n)), world.office.clock().now()));
            acknowledged[key_of(n)] = world.office.clock().now();
        }
        // The machine stops while the next is being written: any part of it, sector by sector or cut off, is there.
        const auto before = bytes_of(world.file);
        REQUIRE(spool->put(school, concern(key_of(n)), world.office.clock().now()));
        auto after = bytes_of(world.file);
        spool.reset();
        const auto first = std::mismatch(before.begin(), before.end(), after.begin()).first - before.begin();
        auto torn = before;
        const auto from = static_cast<std::size_t>(first);
        const auto reaches = from + below(1'200);
        switch (below(3)) {
            case 0:  // a beginning of it
                std::copy(after.begin() + first, after.begin() + static_cast<std::ptrdiff_t>(reaches),
                          torn.begin() + first);
                break;
            case 1:  // some of its sectors
                for (std::size_t at = from / 512 * 512; at < from + 2'048; at += 512) {
                    if (below(2) == 0)
                        std::copy_n(after.begin() + static_cast<std::ptrdiff_t>(at), 512,
                                    torn.begin() + static_cast<std::ptrdiff_t>(at));
                }
                break;
            default:  // the file ends in it
                torn = after;
                torn.resize(reaches);
        }
        write_bytes(world.file, torn);
        // It starts again; the store comes back, and stops again somewhere in the merging.
        spool = world.open();
        CHECK(spool->waiting() >= n);
        if (spool->waiting() > n) {
            acknowledged[key_of(n)] = world.office.clock().now();
            ++torn_kept;
        }
        world.store.until_broken = static_cast<int>(below(n + 2));
        spool->merge(office);
        world.store.until_broken = -1;
        world.store.broken = false;
        if (below(2) == 0) {
            spool.reset();
            spool = world.open();
        }
        const auto merged = spool->merge(office);
        CHECK(merged.left == 0);
        CHECK(merged.faults.empty());
    }
    const auto raised = world.raised();
    std::size_t lost = 0;
    std::size_t doubled = 0;
    std::size_t moved = 0;
    for (const auto& [key, at] : acknowledged) {
        const auto found = raised.find(key);
        if (found == raised.end()) {
            ++lost;
            continue;
        }
        if (found->second.size() > 1) ++doubled;
        if (found->second.front().recorded != at) ++moved;
    }
    MESSAGE(trials, " trials, ", acknowledged.size(), " concerns, ", torn_kept, " of them whole though never answered");
    CHECK(lost == 0);
    CHECK(doubled == 0);
    CHECK(moved == 0);
    CHECK(raised.size() == acknowledged.size());
}
