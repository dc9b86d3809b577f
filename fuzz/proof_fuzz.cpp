// Signed notes and proofs from outside: nothing that the key has not signed is opened, and no proof holds but the true
// one.
#include <algorithm>
#include <array>

#include "record/log.hpp"
#include "record/note.hpp"
#include "support.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

Digest digest_of(std::size_t n) {
    Digest digest{};
    digest[0] = static_cast<std::uint8_t>(n);
    digest[1] = static_cast<std::uint8_t>(n >> 8);
    return record::leaf_hash(digest);
}

void proofs(ByteView bytes) {
    if (bytes.size() < 3) return;
    const std::size_t size = 1 + bytes[0] % 64;
    const std::size_t index = bytes[1] % size;
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < size; ++i) leaves.push_back(digest_of(i));
    const Digest root = record::root_of(leaves);
    auto proof = record::inclusion_proof(leaves, index);
    must(record::verify_inclusion(index, size, leaves[index], proof, root));
    const auto earlier = record::consistency_proof(leaves, index + 1);
    const Digest earlier_root = record::root_of(std::span(leaves).first(index + 1));
    must(record::verify_consistency(index + 1, size, earlier, earlier_root, root));

    // Digests as the bytes say, each true where they say nought.
    auto forged = proof;
    bytes = bytes.subspan(3);
    forged.resize(std::min<std::size_t>(bytes.size() / 2, 12));
    for (std::size_t i = 0; i < forged.size(); ++i) {
        const std::size_t from = bytes[2 * i];
        forged[i] = from < proof.size() ? proof[from] : digest_of(bytes[2 * i + 1]);
    }
    must(record::verify_inclusion(index, size, leaves[index], forged, root) == (forged == proof));
    if (forged != earlier) must(!record::verify_consistency(index + 1, size, forged, earlier_root, root));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string verifier = record::SigningKey{}.verifier("waymark/fuzz");
    static const std::string signed_note = record::sign_note("one line\n", "waymark/fuzz", record::SigningKey{});
    const auto text = fuzzing::text_of(data, size);
    const auto opened = record::open_note(text, verifier);
    fuzzing::must_tell(opened);
    if (opened) must(*opened == "one line\n");
    fuzzing::must_tell(record::open_note(signed_note, text));
    fuzzing::must_tell(record::name_of_verifier(text));
    // One byte changed: the text must not open as another.
    if (size >= 3) {
        std::string changed = signed_note;
        changed[(data[0] | static_cast<std::size_t>(data[1]) << 8u) % changed.size()] = static_cast<char>(data[2]);
        const auto other = record::open_note(changed, verifier);
        if (other) must(*other == "one line\n");
    }
    proofs({data, size});
    return 0;
}
