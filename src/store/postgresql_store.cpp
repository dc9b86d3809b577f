#include "store/engines.hpp"

namespace waymark::store {

Result<std::unique_ptr<Store>> open_postgresql(const Address& address, Opening, const Options&) {
    return fault(FaultKind::unavailable, address.shown(), "PostgreSQL is not served yet", "");
}
Result<void> restore_postgresql(const std::string&, const Address& into, const Progressing&) {
    return fault(FaultKind::unavailable, into.shown(), "PostgreSQL is not served yet", "");
}

}  // namespace waymark::store
