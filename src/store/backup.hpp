#pragma once
// Copies between connections, table by table, and the care for a file that must appear whole or not at all.
#include <functional>
#include <string>

#include "store/sql.hpp"

namespace waymark::store {

using Progressing = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Every row of every table; both connections are inside a transaction. Counts rows.
void copy_tables(Connection& from, Connection& into, const Progressing&);

// Refuses a store that holds an entry; a store that holds none is emptied (its partnerships and settings) before a
// copy.
Result<void> refuse_record(Connection&, const std::string& place);
void empty_tables(Connection&);
// A back-up is a store that this program can read.
Result<void> check_backup(Connection&, const std::string& file);

// Syncs FILE.part and renames it to FILE, then syncs the folder.
Result<void> put_in_place(const std::string& part, const std::string& file);
// Refuses a FILE that is there already; removes a FILE.part that an earlier back-up left.
Result<void> clear_part(const std::string& part, const std::string& file);

}  // namespace waymark::store
