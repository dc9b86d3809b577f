#pragma once
// The tables and their columns, in the order of the schema: what inserts fill and back-ups copy.
#include <vector>

#include "store/sql.hpp"

namespace waymark::store::tables {

extern const Table partnership;
extern const Table entry;
extern const Table entry_text;
extern const Table view;
extern const Table view_version;
extern const Table token;
extern const Table link;
extern const Table casefile;
extern const Table duty;
extern const Table prompt;
extern const Table audit;
extern const Table access_epoch;
extern const Table session;
extern const Table engagement;
extern const Table account;
extern const Table sign_in_step;
extern const Table sign_in_tally;
extern const Table draft;
extern const Table secret;
extern const Table leaf_queue;
extern const Table leaf;
extern const Table log_state;
extern const Table checkpoint;

// All of them but `migration`.
const std::vector<const Table*>& all();

}  // namespace waymark::store::tables
