#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "record/keys.hpp"
#include "support/scratch_files.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

constexpr store::Partnership here = 1;

KeyRing new_ring(bool takes_plain = false) {
    SystemRandom random;
    return KeyRing::made_new(random, Instant{1}, takes_plain);
}

std::unique_ptr<KeyedSeal> keyed(KeyRing ring, store::Partnership p = here) {
    auto seal = std::make_unique<KeyedSeal>(p);
    seal->use(std::move(ring));
    return seal;
}

Uuid id(std::uint8_t n) {
    Uuid out;
    out.octets.fill(n);
    return out;
}

const Bytes& words() {
    static const Bytes all = to_bytes("what nobody may read who has only the disk");
    return all;
}

const std::vector<Bound>& kinds_of_bound() {
    static const std::vector<Bound> all{{"card", id(1), "visit.made", 1, id(9)},
                                        {"text", id(1), "visit.made", 1, id(9)},
                                        {"identity", id(1), "", 2},
                                        {"draft", id(1), "a.rahman", 1},
                                        {"evidence", id(1), "b", 1},
                                        {"secret", Uuid{}, "token-key", 1},
                                        {"audit", id(1), "", 1},
                                        {"anything else", id(1), "k", 1}};
    return all;
}

}  // namespace

TEST_CASE("Whatever was sealed opens again as what it is, and shows nothing") {
    const auto seal = keyed(new_ring());
    CHECK(rc::check("sealed and opened", [&](const Bytes& plain, const std::string& kind, const std::string& what) {
        for (auto bound : kinds_of_bound()) {
            RC_ASSERT(seal->open(seal->close(plain, bound), bound).value() == plain);
            bound.kind = kind;
            RC_ASSERT(seal->open(seal->close(plain, bound), bound).value() == plain);
        }
        const Bound other{what, id(3), kind, 7, id(4)};
        RC_ASSERT(seal->open(seal->close(plain, other), other).value() == plain);
    }));
    for (const auto& bound : kinds_of_bound()) {
        const auto sealed = seal->close(words(), bound);
        CHECK(std::search(sealed.begin(), sealed.end(), words().begin(), words().begin() + 8) == sealed.end());
    }
    const Bytes none;
    CHECK(seal->open(seal->close(none, kinds_of_bound()[1]), kinds_of_bound()[1]).value().empty());
}

TEST_CASE("Sealed bytes are opened as nothing but what they were sealed as") {
    const auto seal = keyed(new_ring());
    const auto elsewhere = keyed(seal->ring()->copy(), 2);
    for (const auto& bound : kinds_of_bound()) {
        const auto sealed = seal->close(words(), bound);
        for (const auto& other : kinds_of_bound()) {
            if (other.what != bound.what) CHECK_FALSE(seal->open(sealed, other));
        }
        auto wrong = bound;
        wrong.of = id(2);
        CHECK_FALSE(seal->open(sealed, wrong));
        wrong = bound;
        wrong.kind = "another";
        CHECK_FALSE(seal->open(sealed, wrong));
        wrong = bound;
        ++wrong.version;
        CHECK_FALSE(seal->open(sealed, wrong));
        wrong = bound;
        wrong.record = id(8);
        CHECK_FALSE(seal->open(sealed, wrong));
        CHECK_FALSE(elsewhere->open(sealed, bound));
        CHECK_FALSE(keyed(new_ring())->open(sealed, bound));
    }
}

TEST_CASE("Many pieces sealed and opened at once are what each is by itself, of every kind, length and generation") {
    SystemRandom random;
    const auto seal = keyed(new_ring(true));
    CHECK(rc::check("many", [&](const std::vector<std::uint16_t>& sizes) {
        std::vector<Bytes> plain;
        std::vector<Seal::Piece> pieces;
        for (const auto size : sizes) {
            plain.emplace_back(size % 5'000);
            random.fill(plain.back());
        }
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            auto bound = kinds_of_bound()[*rc::gen::inRange<std::size_t>(0, kinds_of_bound().size())];
            bound.of = id(static_cast<std::uint8_t>(i));
            bound.record = id(static_cast<std::uint8_t>(sizes[i] % 3));
            pieces.push_back({plain[i], bound});
        }
        auto sealed = seal->close_each(pieces);
        RC_ASSERT(sealed.size() == pieces.size());
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            RC_ASSERT(seal->open(sealed[i], pieces[i].bound).value() == plain[i]);
            if (*rc::gen::inRange(0, 3) == 0) sealed[i] = seal->close(plain[i], pieces[i].bound);
            if (*rc::gen::inRange(0, 9) == 0) sealed[i] = plain_seal()->close(plain[i], pieces[i].bound);
            pieces[i].bytes = sealed[i];
            if (*rc::gen::inRange(0, 20) == 0) seal->use(seal->ring()->with_new(random, Instant{5}, Renewal::whole));
        }
        std::size_t next = 0;
        const auto opened = seal->open_each(pieces, [&](std::size_t at, ByteView bytes) -> Result<void> {
            RC_ASSERT(at == next++);
            RC_ASSERT(Bytes(bytes.begin(), bytes.end()) == plain[at]);
            return {};
        });
        RC_ASSERT(opened.has_value());
        RC_ASSERT(next == pieces.size());
    }));
}

TEST_CASE("Of many pieces those before one that was altered or moved are given, and it with its fault ends the rest") {
    const auto seal = keyed(new_ring());
    for (const auto& bound : kinds_of_bound()) {
        std::vector<Bytes> sealed;
        std::vector<Seal::Piece> pieces;
        for (std::size_t i = 0; i < 40; ++i) sealed.push_back(seal->close(words(), bound));
        for (const auto& one : sealed) pieces.push_back({one, bound});
        const auto given = [&] {
            std::size_t count = 0;
            const auto done = seal->open_each(pieces, [&](std::size_t, ByteView) -> Result<void> {
                ++count;
                return {};
            });
            CHECK_FALSE(done);
            return count;
        };
        for (std::size_t byte = 0; byte < sealed[35].size(); ++byte) {
            sealed[35][byte] ^= 1;
            REQUIRE(given() == 35);
            sealed[35][byte] ^= 1;
        }
        pieces[20].bound.version = 9;
        CHECK(given() == 20);
        pieces[7].bytes = pieces[7].bytes.first(pieces[7].bytes.size() - 1);
        CHECK(given() == 7);
        pieces[3].bytes = {};
        CHECK(given() == 3);
    }
    const auto& bound = kinds_of_bound()[1];
    const auto sealed = seal->close(words(), bound);
    std::size_t count = 0;
    const auto stopped = seal->open_each(std::vector<Seal::Piece>(9, {sealed, bound}), [&](std::size_t, ByteView) {
        return ++count == 4 ? Result<void>(fault(FaultKind::invalid, "here", "enough", "stop")) : Result<void>();
    });
    CHECK_FALSE(stopped);
    CHECK(count == 4);
}

TEST_CASE("Every flipped bit of sealed bytes is refused, and every shorter piece") {
    const auto seal = keyed(new_ring());
    for (const auto& bound : kinds_of_bound()) {
        const auto sealed = seal->close(words(), bound);
        std::size_t opened = 0;
        for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
            auto altered = sealed;
            altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1u << bit % 8));
            opened += seal->open(altered, bound) ? 1u : 0u;
        }
        for (std::size_t size = 0; size < sealed.size(); ++size)
            opened += seal->open(ByteView(sealed).first(size), bound) ? 1u : 0u;
        auto longer = sealed;
        longer.push_back(0);
        opened += seal->open(longer, bound) ? 1u : 0u;
        CHECK(opened == 0);
    }
}

TEST_CASE("What is kept plain is taken only until everything has been sealed") {
    const auto bound = kinds_of_bound()[0];
    const auto plain = plain_seal()->close(words(), bound);
    const auto before = keyed(new_ring(true));
    CHECK(before->open(plain, bound).value() == words());
    CHECK_FALSE(keyed(before->ring()->with_renewed())->open(plain, bound));
    CHECK_FALSE(keyed(new_ring())->open(plain, bound));
    const KeyedSeal none(here);  // without keys all is plain
    CHECK(none.close(words(), bound) == plain);
    CHECK(none.open(plain, bound).value() == words());
    CHECK_FALSE(none.open(before->close(words(), bound), bound));
}

TEST_CASE("No nonce and no key of a text comes twice") {
    const auto seal = keyed(new_ring());
    std::set<Bytes> seen;
    constexpr std::size_t times = 20'000;
    const auto part = [](const Bytes& sealed, std::ptrdiff_t from, std::ptrdiff_t size) {
        return Bytes(sealed.begin() + from, sealed.begin() + from + size);
    };
    for (std::size_t i = 0; i < times; ++i) {
        seen.insert(part(seal->close({}, kinds_of_bound()[0]), 5, 24));
        const auto text = seal->close({}, kinds_of_bound()[1]);
        seen.insert(part(text, 5, 24));
        seen.insert(part(text, 29, 48));
        seen.insert(part(text, 77, 24));
    }
    CHECK(seen.size() == 4 * times);
    seen.clear();
    const std::vector<Seal::Piece> pieces(times, {{}, kinds_of_bound()[1]});
    for (const auto& text : seal->close_each(pieces)) {
        seen.insert(part(text, 5, 24));
        seen.insert(part(text, 29, 48));
        seen.insert(part(text, 77, 24));
    }
    CHECK(seen.size() == 3 * times);
}

TEST_CASE(
    "A rotated ring opens what was sealed before, renews it once, and cannot open it any more without the former") {
    SystemRandom random;
    const auto seal = keyed(new_ring());
    const auto former = keyed(seal->ring()->copy());
    for (const auto how : {Renewal::wraps, Renewal::whole}) {
        std::vector<Bytes> sealed;
        for (const auto& bound : kinds_of_bound()) sealed.push_back(seal->close(words(), bound));
        seal->use(seal->ring()->with_new(random, Instant{5}, how));
        std::vector<Bytes> renewed;
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            const auto& bound = kinds_of_bound()[i];
            CHECK(seal->open(sealed[i], bound).value() == words());
            if (is_lasting(bound.what)) {  // stays as it is, and opens with every later ring
                CHECK_FALSE(seal->renew(sealed[i], bound, how).value().has_value());
                renewed.push_back(sealed[i]);
                continue;
            }
            renewed.push_back(seal->renew(sealed[i], bound, how).value().value());
            CHECK(generation_of(renewed[i]) == seal->ring()->active());
            CHECK(seal->open(renewed[i], bound).value() == words());
            CHECK_FALSE(seal->renew(renewed[i], bound, how).value().has_value());
            if (bound.what == "text") {
                // Rewrapping leaves the sealed text itself as it was.
                const bool same = std::equal(renewed[i].begin() + 77, renewed[i].end(), sealed[i].begin() + 77);
                CHECK(same == (how == Renewal::wraps));
            }
        }
        const auto left = keyed(seal->ring()->without_former(Instant{6}));
        CHECK(left->ring()->generations().size() == 1);
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            CHECK(left->open(renewed[i], kinds_of_bound()[i]).value() == words());
            if (is_lasting(kinds_of_bound()[i].what)) continue;
            CHECK_FALSE(left->open(sealed[i], kinds_of_bound()[i]));
            CHECK_FALSE(former->open(renewed[i], kinds_of_bound()[i]));
        }
        CHECK(seal->ring()->without_former(Instant{4}).generations().size() == (how == Renewal::wraps ? 2 : 3));
    }
}

TEST_CASE("A text whose own key was destroyed cannot be opened again") {
    const auto seal = keyed(new_ring());
    const auto& bound = kinds_of_bound()[1];
    auto sealed = seal->close(words(), bound);
    std::fill(sealed.begin() + 5, sealed.begin() + 77, std::uint8_t{0});
    CHECK_FALSE(seal->open(sealed, bound));
}

TEST_CASE("A ring opens under its root, and under no other, for no other partnership, and with no bit flipped") {
    SystemRandom random;
    SecretBytes root(32);
    random.fill(root.span());
    const json::object header{{"root", "key file"}, {"id", root_id(root.view())}};
    const auto ring = new_ring().with_new(random, Instant{7}, Renewal::whole);
    const auto sealed = ring.sealed(header, root.view(), here, random);
    const auto again = KeyRing::opened(sealed, root.view(), here).value();
    CHECK(again.active() == 2);
    CHECK(again.renewal() == Renewal::whole);
    CHECK(again.generations().size() == 2);
    CHECK(again.generations()[0].former_since == Instant{7});
    CHECK(std::equal(again.key(1).begin(), again.key(1).end(), ring.key(1).begin()));
    CHECK(KeyRing::header_of(sealed).value() == header);
    CHECK_FALSE(KeyRing::opened(sealed, root.view(), 2));
    SecretBytes other(32);
    random.fill(other.span());
    CHECK_FALSE(KeyRing::opened(sealed, other.view(), here));
    std::size_t opened = 0;
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto altered = sealed;
        altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1u << bit % 8));
        opened += KeyRing::opened(altered, root.view(), here) ? 1u : 0u;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        opened += KeyRing::opened(ByteView(sealed).first(size), root.view(), here) ? 1u : 0u;
    CHECK(opened == 0);
}

TEST_CASE("A key file is made once, for its owner alone, and what is not one is refused by name") {
    const ScratchFolder folder;
    SystemRandom random;
    const auto path = folder / "root.key";
    REQUIRE(make_key_file(path, random));
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    CHECK(facts.st_size == 32);
    const auto again = make_key_file(path, random);
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == FaultKind::unavailable);

    const auto made = file_root(path)->make(random);
    REQUIRE(made);
    const auto secret = file_root(path)->unlock(made->header);
    REQUIRE(secret);
    CHECK(std::equal(secret->view().begin(), secret->view().end(), made->secret.view().begin()));

    REQUIRE(make_key_file(folder / "other.key", random));
    const auto wrong = file_root(folder / "other.key")->unlock(made->header);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == FaultKind::unavailable);
    CHECK(wrong.error().reason.find("Wrong root key") != std::string::npos);
    CHECK_FALSE(file_root(folder / "none.key")->unlock(made->header));
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    const auto open_to_others = file_root(path)->unlock(made->header);
    REQUIRE_FALSE(open_to_others);
    CHECK(open_to_others.error().mend.find("chmod 600") != std::string::npos);
    std::ofstream(folder / "short.key") << "short";
    REQUIRE(::chmod((folder / "short.key").c_str(), 0600) == 0);
    CHECK_FALSE(file_root(folder / "short.key")->unlock(made->header));
}

TEST_CASE("A passphrase opens what it closed, and another does not") {
    SystemRandom random;
    const auto root = [](std::string words) {
        return passphrase_root([words]() -> Result<SecretBytes> { return SecretBytes::copy_of(as_bytes(words)); });
    };
    const auto made = root("four words for northbay")->make(random);
    REQUIRE(made);
    const auto secret = root("four words for northbay")->unlock(made->header);
    REQUIRE(secret);
    CHECK(std::equal(secret->view().begin(), secret->view().end(), made->secret.view().begin()));
    const auto wrong = root("five words for northbay")->unlock(made->header);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == FaultKind::unavailable);
    // A header that would have us work for ever is refused before any work.
    auto endless = made->header;
    endless["operations"] = 1'000'000'000;
    CHECK_FALSE(root("four words for northbay")->unlock(endless));
    CHECK_FALSE(file_root("/nowhere")->unlock(made->header));
}
