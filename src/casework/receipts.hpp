#pragma once
// Receipts for the verbs that end in one.
#include "casework/casework.hpp"

namespace waymark::casework {

// The receipt of a concern that the asker may see; the caller has checked whose it is. Reads cards and what was told.
Result<Receipt> receipt_of(const Office&, store::Snapshot&, const record::Entry& concern);

}  // namespace waymark::casework
