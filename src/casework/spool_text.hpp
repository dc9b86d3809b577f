#pragma once
// A spooled concern as sealed text: who sent it and what they wrote.
#include "casework/casework.hpp"

namespace waymark::casework {

struct Spooled {
    record::Asker asker;
    RaiseRequest request;
};
Bytes close_spooled(const record::Seal&, const Spooled&, const Uuid& id);
Digest content_of(const Spooled&);  // of what was written, whoever sends it from where
Result<Spooled> open_spooled(const record::Seal&, ByteView sealed, const Uuid& id);

}  // namespace waymark::casework
