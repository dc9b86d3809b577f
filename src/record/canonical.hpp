#pragma once
// Canonical JSON of identities and drafts, written without building a tree: what digests are made over.
#include <string>

#include "record/entry.hpp"

namespace waymark::record {

void append_identity(std::string& out, const Identity&);  // the same bytes as write_canonical(encode(identity))
// The same bytes as write_canonical(encode(draft)) for a draft without `recorded`.
std::string canonical_content(const Draft&);

}  // namespace waymark::record
