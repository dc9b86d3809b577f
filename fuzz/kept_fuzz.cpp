// What the store holds, changed behind the program's back: cards, texts and identities of entries are read or refused.
#include <string>

#include "base/json.hpp"
#include "record/card.hpp"
#include "record/entry_text.hpp"
#include "record/identity.hpp"
#include "support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark;
    const auto text = fuzzing::text_of(data, size);
    fuzzing::must_tell(record::read_card(text));
    fuzzing::must_tell(record::read_entry_text(text));
    const auto value = parse_json(text);
    if (value && value->is_object()) {
        const auto identity =
            record::decode_identity(value->get_object(), "identity", parse_date("2026-11-22").value());
        if (!identity) fuzzing::must(!identity.error().empty());
    }
    return 0;
}
