// Sealed bytes that were changed: nothing opens but what was sealed, for what it was sealed for; and a key ring from
// the store is opened by its own root alone.
#include <algorithm>
#include <array>

#include "base/system.hpp"
#include "record/keys.hpp"
#include "support.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

struct Keys {
    SystemRandom random;
    record::KeyedSeal seal{1};
    Keys() { seal.use(record::KeyRing::made_new(random, Instant{}, false)); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Keys keys;
    static const std::array<const char*, 5> purposes{"card", "text", "identity", "draft", "secret"};
    if (size < 4) return 0;
    const record::Bound bound{purposes[data[0] % purposes.size()], Uuid{}, "concern.raised", 1, Uuid{}};
    const ByteView rest = ByteView(data, size).subspan(4);
    const auto opened = keys.seal.open(rest, bound);
    must(!opened && !opened.error().reason.empty());

    const Bytes sealed = keys.seal.close(rest, bound);
    const auto back = keys.seal.open(sealed, bound);
    must(back && std::equal(back->begin(), back->end(), rest.begin(), rest.end()));
    // Many at once are what each is by itself.
    const std::vector<record::Seal::Piece> pieces{{rest, bound}, {rest.first(rest.size() / 2), bound}, {rest, bound}};
    const auto together = keys.seal.close_each(pieces);
    std::vector<record::Seal::Piece> kept;
    for (std::size_t i = 0; i < pieces.size(); ++i) kept.push_back({together[i], bound});
    std::size_t given = 0;
    const auto compared = [&](std::size_t at, ByteView plain) -> Result<void> {
        must(at == given++ && std::equal(plain.begin(), plain.end(), pieces[at].bytes.begin(), pieces[at].bytes.end()));
        return {};
    };
    must(keys.seal.open_each(kept, compared) && given == pieces.size());
    kept[1].bytes = rest;  // nothing that was sealed
    given = 0;
    must(!keys.seal.open_each(kept, compared) && given == 1);
    // One byte changed, cut short, or made longer.
    Bytes changed = sealed;
    const std::size_t at = (data[1] | static_cast<std::size_t>(data[2]) << 8u) % changed.size();
    if (data[3] != 0) {
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ data[3]);
        must(!keys.seal.open(changed, bound));
    }
    changed.assign(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(at));
    must(!keys.seal.open(changed, bound));
    changed = sealed;
    changed.push_back(data[1]);
    must(!keys.seal.open(changed, bound));
    // For something else.
    record::Bound other = bound;
    other.version = 2;
    must(!keys.seal.open(sealed, other));
    other = bound;
    other.what = purposes[(data[0] + 1u) % purposes.size()];
    must(!keys.seal.open(sealed, other));

    const std::array<std::uint8_t, 32> root{};
    fuzzing::must_tell(record::KeyRing::header_of(rest));
    must(!record::KeyRing::opened(rest, root, 1));
    return 0;
}
