// A census from outside: no bytes bring the reader down, and all that it refuses it can tell.
#include "support/exchange_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return waymark::testing::fuzz_reader(waymark::exchange::Format::cin_census, data, size);
}
