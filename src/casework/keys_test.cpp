// Sealed under keys: what is kept, who can open it, and rotation at work.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "casework/keys.hpp"
#include "support/open_office.hpp"
#include "support/scratch_root.hpp"

using namespace waymark;
using namespace waymark::testing;

namespace {

const std::string content_dir = std::string(WAYMARK_SOURCE_DIR) + "/content";

std::string concern_line(int child, int nth) {
    return fmt::format(
        R"({{"kind":"concern.raised","id":"c-{0}-{1}","at":"2026-02-{2:02}T09:00:00Z","agency":"csc","author":"a.rahman",)"
        R"("subjects":[{{"involvement":"displayed","identity":{{"source":"liquid","id":"L{0}","given_name":"Alma{0}",)"
        R"("family_name":"Reyes","date_of_birth":"2014-06-{3:02}","postcode":"NB1 1AA"}}}}],)"
        R"("body":{{"about_what":"displayed-behaviour","setting":"school","summary":"What was reported, category {1}."}}}})",
        child, nth, 1 + nth % 27, 1 + child % 27);
}

void fill(OpenOffice& world, int children, int each = 3) {
    std::vector<std::string> lines;
    for (int child = 0; child < children; ++child) {
        for (int nth = 0; nth < each; ++nth) lines.push_back(concern_line(child, nth));
    }
    for (const auto& outcome : world.take_all(lines)) REQUIRE(outcome.taken != casework::Taken::refused);
}

record::Verification verified(OpenOffice& world) {
    const auto& office = world.office();
    record::Sequencer sequencer(world.store(), office.partnership, office.origin, office.signing_key, world.clock());
    must(sequencer.run());
    return world.read([&](store::Snapshot& s) {
        return must(record::verify(s, office.partnership, *office.journal, office.signing_key.verifier(office.origin),
                                   std::nullopt, {}));
    });
}

void check_all_under(OpenOffice& world, std::uint32_t generation) {
    const auto status = must(casework::key_status(world.office(), {}));
    CHECK(status.plain == 0);
    CHECK_FALSE(status.unfinished);
    for (const auto& of : status.generations) {
        CHECK(of.active == (of.generation.number == generation));
        CHECK((of.kept > 0) == of.active);
    }
}

}  // namespace

TEST_CASE("A sealed partnership works, keeps nothing plain, and opens with its root alone") {
    for_each_engine([](store::Store& store) {
        const ScratchRoot root;
        OpenOffice world(store, 1, content_dir, root.get());
        fill(world, 5);
        check_all_under(world, 1);
        const auto before = world.exported();
        CHECK(before.size() >= 15);  // and what the engine linked
        CHECK(verified(world).sound());
        world.reopen();
        CHECK(world.exported() == before);
        SetClock clock{world.clock().now()};
        SeededRandom random{2};
        const ScratchRoot other;
        const auto wrong = casework::open_office(store, content_dir, std::nullopt, clock, random, other.get());
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().kind == FaultKind::unavailable);
        CHECK(wrong.error().reason.find("Wrong root key") != std::string::npos);
        const auto missing = casework::open_office(store, content_dir, std::nullopt, clock, random);
        REQUIRE_FALSE(missing);
        CHECK(missing.error().kind == FaultKind::unavailable);
        CHECK(missing.error().mend.find("--key-file") != std::string::npos);
    });
}

TEST_CASE("Every level can be rotated: the record and its proofs stay, and nothing stays under a former key") {
    for_each_engine([](store::Store& store) {
        const ScratchRoot root;
        OpenOffice world(store, 1, content_dir, root.get());
        fill(world, 5);
        const auto asker = world.asker("a.rahman");
        const auto draft = must(casework::save_draft(world.office(), asker, std::nullopt, "raise", {{"a", "b"}}));
        const auto before = world.exported();
        const auto proof = verified(world);
        REQUIRE(proof.sound());
        const auto same = [&] {
            CHECK(world.exported() == before);
            const auto now = verified(world);
            CHECK(now.sound());
            CHECK(now.root == proof.root);
            CHECK(must(casework::load_draft(world.office(), asker, draft)) == json::object{{"a", "b"}});
        };
        const auto first = must(casework::rotate_partnership(world.office(), {}));
        CHECK(first.renewed > 15);
        CHECK_FALSE(first.resumed);
        check_all_under(world, 2);
        same();
        must(casework::rotate_records(world.office(), {}));
        check_all_under(world, 3);
        same();
        // Former keys go once they have been former for long enough, and not before.
        CHECK(must(casework::destroy_former(world.office(), std::chrono::hours(1), {})) == 0);
        world.clock().advance(std::chrono::hours(2));
        CHECK(must(casework::destroy_former(world.office(), std::chrono::hours(1), {})) == 2);
        CHECK(must(casework::key_status(world.office(), {})).generations.size() == 1);
        same();

        const ScratchRoot next;
        REQUIRE(casework::rotate_root(world.office(), *next));
        same();
        must(casework::rotate_partnership(world.office(), {}));  // goes on under the new root
        world.use_root(next.get());
        world.reopen();
        same();
        SetClock clock{world.clock().now()};
        SeededRandom random{2};
        CHECK_FALSE(casework::open_office(store, content_dir, std::nullopt, clock, random, root.get()));
    });
}

TEST_CASE("A record that was kept plain is sealed while it is worked with, and takes nothing plain afterwards") {
    for_each_engine([](store::Store& store) {
        OpenOffice world(store);
        fill(world, 5);
        const auto before = world.exported();
        const auto proof = verified(world);
        CHECK(must(casework::key_status(world.office(), {})).plain > 30);
        CHECK_FALSE(casework::rotate_partnership(world.office(), {}));
        const ScratchRoot root;
        const auto done = must(casework::seal_partnership(world.office(), *root, {}));
        CHECK(done.renewed > 15);
        check_all_under(world, 1);
        fill(world, 7);  // five of them are repeated
        CHECK_FALSE(casework::seal_partnership(world.office(), *root, {}));
        world.use_root(root.get());
        world.reopen();
        const auto after = world.exported();
        CHECK(after.size() >= before.size() + 6);
        CHECK(std::all_of(before.begin(), before.end(), [&](const auto& line) {
            return std::find(after.begin(), after.end(), line) != after.end();
        }));
        CHECK(verified(world).sound());
        CHECK(proof.sound());
        check_all_under(world, 1);
    });
}

TEST_CASE("While every level is rotated no read fails and nothing that is written is lost") {
    for_each_engine([](store::Store& store) {
        const ScratchRoot root;
        OpenOffice world(store, 1, content_dir, root.get());
        fill(world, 60, 10);
        const auto& office = world.office();
        const auto before = world.exported();
        std::atomic<bool> stop = false;
        std::atomic<std::uint64_t> reads = 0;
        std::atomic<std::uint64_t> failed = 0;
        std::vector<std::thread> readers;
        for (int i = 0; i < 2; ++i) {
            readers.emplace_back([&] {
                while (!stop) {
                    const auto done = office.store.read([&](store::Snapshot& s) -> Result<void> {
                        Result<void> all;
                        s.scan_entries(office.partnership, store::Want::whole, [&](const store::WholeEntry& kept) {
                            ++reads;
                            if (!office.journal->open(kept) || !office.journal->open_card(kept.row)) ++failed;
                            return true;
                        });
                        s.scan_views(office.partnership, [&](const store::ViewRow& row) {
                            if (!office.journal->open_identity(row.identity, row.view, row.version)) ++failed;
                            return true;
                        });
                        return all;
                    });
                    if (!done) ++failed;
                }
            });
        }
        const ScratchRoot next;
        for (int round = 0; round < 3; ++round) {
            must(casework::rotate_partnership(office, {}));
            world.take(concern_line(100 + round, 1));
            must(casework::rotate_records(office, {}));
            CHECK(casework::rotate_root(office, round % 2 == 0 ? *next : *root));
        }
        stop = true;
        for (auto& reader : readers) reader.join();
        CHECK(reads > 600);
        CHECK(failed == 0);
        CHECK(world.exported().size() >= before.size() + 3);
        check_all_under(world, 7);
        CHECK(verified(world).sound());
    });
}

TEST_CASE("A rotation that is killed at any point leaves a record that opens, and goes on where it stood") {
    ScratchStore scratch;
    const ScratchRoot root;
    std::vector<std::string> before;
    Digest proof{};
    {
        OpenOffice world(*scratch, 1, content_dir, root.get());
        fill(world, 120, 10);
        before = world.exported();
        proof = verified(world).root;
    }
    const SystemClock clock;
    SystemRandom random;
    std::size_t killed = 0;
    std::size_t cut_short = 0;
    for (int round = 0; round < 25; ++round) {
        scratch.close();
        int pipe[2];
        REQUIRE(::pipe(pipe) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(pipe[0]);
            auto store = store::open(scratch.address(), store::Opening::existing);
            if (!store) ::_exit(2);
            auto office = casework::open_office(**store, content_dir, std::nullopt, clock, random, root.get());
            if (!office) ::_exit(3);
            if (::write(pipe[1], "g", 1) != 1) ::_exit(4);
            for (;;) {
                if (!casework::rotate_partnership(**office, {})) ::_exit(5);
                if (!casework::rotate_records(**office, {})) ::_exit(6);
            }
        }
        ::close(pipe[1]);
        char go = 0;
        REQUIRE(::read(pipe[0], &go, 1) == 1);
        ::close(pipe[0]);
        ::usleep(static_cast<useconds_t>(1'000 + 7'919 * round % 60'000));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        killed += WIFSIGNALED(status) ? 1u : 0u;
        scratch.open();
        auto office = must(casework::open_office(*scratch, content_dir, std::nullopt, clock, random, root.get()));
        std::size_t opened = 0;
        REQUIRE(scratch->read([&](store::Snapshot& s) -> Result<void> {
            s.scan_entries(office->partnership, store::Want::whole, [&](const store::WholeEntry& kept) {
                opened += office->journal->open(kept) && office->journal->open_card(kept.row) ? 1u : 0u;
                return true;
            });
            return {};
        }));
        CHECK(opened >= before.size());
        const auto unfinished = office->seal->ring()->renewal() != record::Renewal::none;
        cut_short += unfinished ? 1u : 0u;
        if (round % 5 == 4) {
            const auto done = must(casework::rotate_partnership(*office, {}));
            CHECK(done.resumed == unfinished);
            const auto after = must(casework::key_status(*office, {}));
            CHECK_FALSE(after.unfinished);
            for (const auto& of : after.generations) CHECK((of.kept > 0) == of.active);
        }
    }
    CHECK(killed == 25);
    CHECK(cut_short > 5);
    auto office = must(casework::open_office(*scratch, content_dir, std::nullopt, clock, random, root.get()));
    REQUIRE(scratch->read([&](store::Snapshot& s) -> Result<void> {
        const auto result = TRY(record::verify(s, office->partnership, *office->journal,
                                               office->signing_key.verifier(office->origin), std::nullopt, {}));
        CHECK(result.sound());
        CHECK(result.root == proof);
        return {};
    }));
}
