// Tables from outside, people and extracts alike: no bytes bring the readers down, and all that they refuse they can
// tell.
#include "support/exchange_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto format =
        data[0] % 2 == 0 ? waymark::exchange::Format::people : waymark::exchange::Format::family_context;
    return waymark::testing::fuzz_reader(format, data + 1, size - 1);
}
