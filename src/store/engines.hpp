#pragma once
// The two stores, and restoring into each.
#include "store/store.hpp"

namespace waymark::store {

Result<std::unique_ptr<Store>> open_sqlite(const std::string& file, Opening, const Options&);
Result<std::unique_ptr<Store>> open_postgresql(const Address&, Opening, const Options&);

using Progressing = std::function<void(std::uint64_t done, std::uint64_t total)>;
Result<void> restore_sqlite(const std::string& backup_file, const std::string& into, const Progressing&);
Result<void> restore_postgresql(const std::string& backup_file, const Address& into, const Progressing&);

}  // namespace waymark::store
