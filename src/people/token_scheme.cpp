// By which rules a store's tokens were made, kept beside them.
#include "people/people.hpp"

namespace waymark::people {

namespace {

constexpr std::string_view scheme_name = "token-scheme";

record::Bound bound() {
    return {"secret", Uuid{}, scheme_name, 1};
}

}  // namespace

Result<bool> tokens_are_older(const record::Seal& seal, store::Snapshot& snapshot, store::Partnership p) {
    const auto sealed = snapshot.secret(p, scheme_name);
    if (!sealed) return true;  // the first rules left no note
    return as_text(TRY(seal.open(*sealed, bound()))) != std::to_string(token_scheme);
}

void note_tokens(const record::Seal& seal, store::Transaction& tx, store::Partnership p) {
    const auto text = std::to_string(token_scheme);
    tx.put_secret(p, scheme_name, seal.close(as_bytes(text), bound()));
}

}  // namespace waymark::people
