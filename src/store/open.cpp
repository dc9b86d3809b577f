// Opening and restoring, by the engine that the address names.
#include "store/engines.hpp"
#include "store/lock_file.hpp"

#include <filesystem>

namespace waymark::store {

Result<std::unique_ptr<Store>> open(const Address& address, Opening opening, const Options& options) {
    return address.engine == Engine::sqlite ? open_sqlite(address.path_or_url, opening, options)
                                            : open_postgresql(address, opening, options);
}

bool is_held(const Address& address) {
    if (address.engine != Engine::sqlite) return false;
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(address.path_or_url, error), error);
    return !error && LockFile::is_held(path.string());
}

Result<void> restore(const std::string& backup_file, const Address& into,
                     const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(backup_file, error)) {
        return fault(FaultKind::missing, backup_file, "there is no such file",
                     "name a file that `waymark backup` made");
    }
    return into.engine == Engine::sqlite ? restore_sqlite(backup_file, into.path_or_url, progress)
                                         : restore_postgresql(backup_file, into, progress);
}

}  // namespace waymark::store
