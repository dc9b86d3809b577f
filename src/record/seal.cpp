// The seal that keeps bytes as they are, behind one format byte.
#include "record/journal.hpp"

namespace waymark::record {

namespace {

constexpr std::uint8_t plain_format = 0x00;

class PlainSeal final : public Seal {
public:
    [[nodiscard]] Bytes close(ByteView plain, const Bound&) const override {
        Bytes sealed;
        sealed.reserve(plain.size() + 1);
        sealed.push_back(plain_format);
        sealed.insert(sealed.end(), plain.begin(), plain.end());
        return sealed;
    }
    [[nodiscard]] Result<Bytes> open(ByteView sealed, const Bound& bound) const override {
        if (sealed.empty() || sealed.front() != plain_format) {
            return invalid(std::string(bound.what), "the kept bytes are not in a format that this seal wrote",
                           "run `waymark verify`, and restore from a back-up");
        }
        return Bytes(sealed.begin() + 1, sealed.end());
    }
};

}  // namespace

std::unique_ptr<Seal> plain_seal() {
    return std::make_unique<PlainSeal>();
}

}  // namespace waymark::record
