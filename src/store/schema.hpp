#pragma once
// Numbered migrations, compiled in from schema/ENGINE/NNNN.sql.
#include <string_view>
#include <vector>

#include "store/sql.hpp"

namespace waymark::store {

const std::vector<std::string_view>& sqlite_migrations();
const std::vector<std::string_view>& postgresql_migrations();

// The version of the store behind this connection; 0 where nothing has been made yet.
int stored_version(Connection&);
// Runs the migrations that are missing, inside the caller's transaction.
void migrate(Connection&);
// A store of a newer version than this program knows is refused, and an empty one unless it may be made.
Result<void> check_version(int stored, Opening, std::string_view place);

}  // namespace waymark::store
