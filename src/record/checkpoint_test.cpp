#include <doctest/doctest.h>

#include "record/log.hpp"
#include "record/note.hpp"

using namespace waymark;
using namespace waymark::record;

namespace {

// The key and the note of the example in golang.org/x/mod/sumdb/note (BSD licence), which other implementations use as
// well.
SigningKey published_key() {
    const auto typed = *from_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    SigningKey key;
    std::copy(typed.begin() + 1, typed.end(), key.seed.begin());
    return key;
}
constexpr std::string_view published_verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view published_text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
constexpr std::string_view published_note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

SigningKey some_key(std::uint64_t seed = 7) {
    SeededRandom random(seed);
    return SigningKey::make(random);
}
constexpr const char* origin = "waymark/northbay";
Checkpoint some_checkpoint() {
    return {origin, 1234, sha256(as_bytes("root"))};
}

}  // namespace

TEST_CASE("A verifier is written as the published example has it") {
    CHECK(published_key().verifier("PeterNeumann") == published_verifier);
}

TEST_CASE("A note is signed as the published example has it") {
    CHECK(sign_note(published_text, "PeterNeumann", published_key()) == published_note);
}

TEST_CASE("The published note opens with its verifier") {
    const auto text = open_note(published_note, published_verifier);
    REQUIRE(text);
    CHECK(*text == published_text);
}

TEST_CASE("A checkpoint says origin, size and root, one a line") {
    const auto note = sign_checkpoint(some_checkpoint(), some_key());
    CHECK(note.starts_with("waymark/northbay\n1234\n" + to_base64(sha256(as_bytes("root"))) +
                           "\n\n\xE2\x80\x94 waymark/northbay "));
    CHECK(note.ends_with("\n"));
    const auto read = open_checkpoint(note, some_key().verifier(origin));
    REQUIRE(read);
    CHECK(read->origin == origin);
    CHECK(read->size == 1234);
    CHECK(read->root == some_checkpoint().root);
}

TEST_CASE("A checkpoint in which any byte was changed is refused") {
    const auto note = sign_checkpoint(some_checkpoint(), some_key());
    const auto verifier = some_key().verifier(origin);
    for (std::size_t i = 0; i < note.size(); ++i) {
        for (const unsigned flip : {0x01u, 0x20u, 0x80u}) {
            auto changed = note;
            changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ flip);
            INFO("byte ", i);
            CHECK_FALSE(open_checkpoint(changed, verifier));
        }
    }
}

TEST_CASE("A checkpoint cut off anywhere is refused") {
    const auto note = sign_checkpoint(some_checkpoint(), some_key());
    for (std::size_t n = 0; n < note.size(); ++n)
        CHECK_FALSE(open_checkpoint(note.substr(0, n), some_key().verifier(origin)));
}

TEST_CASE("A checkpoint by another key, or of another log by the same key, is refused") {
    const auto note = sign_checkpoint(some_checkpoint(), some_key());
    CHECK_FALSE(open_checkpoint(note, some_key(8).verifier(origin)));
    CHECK_FALSE(open_checkpoint(note, some_key().verifier("waymark/southbay")));
    const auto foreign = sign_note("waymark/southbay\n1\n" + to_base64(Digest{}) + "\n", origin, some_key());
    CHECK_FALSE(open_checkpoint(foreign, some_key().verifier(origin)));
}

TEST_CASE("Signatures by unknown keys beside the known one are passed over") {
    const auto note = sign_checkpoint(some_checkpoint(), some_key());
    const auto body = note.substr(0, note.find("\n\n") + 1);
    const auto witness = sign_note(body, "witness.example", some_key(99));
    const auto line = witness.substr(witness.find("\n\n") + 2);
    CHECK(open_checkpoint(note + line, some_key().verifier(origin)));
    CHECK(open_checkpoint(body + "\n" + line + note.substr(note.find("\n\n") + 2), some_key().verifier(origin)));
    CHECK_FALSE(open_checkpoint(body + "\n" + line, some_key().verifier(origin)));
}

TEST_CASE("Extension lines are taken, an ill-written size or root is not") {
    const auto root = to_base64(Digest{});
    const auto opened = [&](const std::string& text) {
        return open_checkpoint(sign_note(text, origin, some_key()), some_key().verifier(origin)).has_value();
    };
    const std::string begin = std::string(origin) + "\n";
    CHECK(opened(begin + "0\n" + root + "\n"));
    CHECK(opened(begin + "7\n" + root + "\nextension\n"));
    for (const auto* size : {"", "-1", "+1", "01", "1.0", "one", "99999999999999999999"})
        CHECK_FALSE(opened(begin + size + "\n" + root + "\n"));
    CHECK_FALSE(opened(begin + "7\n" + root.substr(4) + "\n"));
    CHECK_FALSE(opened(begin + "7\n"));
    CHECK_FALSE(opened(begin));
}

TEST_CASE("A verifier that is not one is refused with the reason") {
    const auto good = some_key().verifier(origin);
    CHECK(name_of_verifier(good));
    for (const std::string& bad : {std::string(), std::string("name"), std::string("+12345678+AAAA"),
                                   good.substr(0, good.size() - 4), "other" + good, good + "AAAA"}) {
        const auto read = name_of_verifier(bad);
        REQUIRE_FALSE(read);
        CHECK_FALSE(read.error().reason.empty());
        CHECK_FALSE(read.error().mend.empty());
    }
}
