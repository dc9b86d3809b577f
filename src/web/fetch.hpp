#pragma once
// The one way in which this program asks another server: HTTPS with the certificate checked, one answer, no redirect, a
// bound on its size and on the time in all. For identity providers.
#include "accounts/provider.hpp"

namespace waymark::web {

// Blocks for at most the request's time. Thread-safe.
accounts::Fetch https_fetch();

}  // namespace waymark::web
