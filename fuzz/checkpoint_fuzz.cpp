// Checkpoints from outside: nothing that the key has not signed is taken, and nothing breaks the reader.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "record/log.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark;
    static const std::string verifier = record::SigningKey{}.verifier("waymark/fuzz");
    static const std::string signed_note = record::sign_checkpoint({"waymark/fuzz", 7, {}}, record::SigningKey{});
    const auto text = as_text({data, size});
    const auto opened = record::open_checkpoint(text, verifier);
    // Who has not the key can only repeat what was signed, with other signatures beside it.
    const auto body = signed_note.substr(0, signed_note.find("\n\n") + 1);
    if (opened && !text.starts_with(body)) std::abort();
    (void)record::open_checkpoint(signed_note, text);
    (void)record::Frontier::parse(static_cast<std::int64_t>(size), {data, size});
    return 0;
}
