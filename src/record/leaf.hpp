#pragma once
// What a leaf of the log is made of: docs/formats/log.md.
#include <string>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "store/store.hpp"

namespace waymark::record {

// Canonical JSON of the row's clear columns; what is empty is left out.
std::string write_envelope(const store::EntryRow&);
// The hash of salt ‖ length of envelope ‖ envelope ‖ plaintext as a leaf, without putting them together.
Digest leaf_of(ByteView salt, std::string_view envelope, std::string_view plaintext);

}  // namespace waymark::record
