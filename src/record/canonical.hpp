#pragma once
// Canonical JSON of identities and drafts, written without building a tree: what digests are made over.
#include <string>

#include "record/entry.hpp"

namespace waymark::record {

// The same bytes as write_canonical(AtRest::encode(identity)): what is digested and sealed, and nothing else.
void append_identity(std::string& out, const Identity&);
std::string canonical_identity(const Identity&);
// The way of what is kept, whole, to its seal. Not for anything that anybody sees: tests/house_test.cpp has the files
// that may name it.
struct AtRest {
    static const ProtectedAddress::Plain& plain(const Identity& identity) { return identity.protected_address.plain_; }
    static Identity whole(const Identity&);
    static json::object encode(const Identity&);
    static json::object body(const Draft&);
    static bool hides(const Draft& draft) { return !draft.protected_address.plain_.more.empty(); }
};
// The same bytes as write_canonical(encode(draft)) for a draft without `recorded`.
std::string canonical_content(const Draft&);

}  // namespace waymark::record
