#pragma once
// The application: routes, pages and forms over casework's verbs. No rule of the domain lives here.
//
// Routes are a table, and the table says of each route whether it shows record data: such a route must answer from a
// casework read (which leaves its audit line before it returns) or the build's tests fail. Every answer carries the
// strict Content-Security-Policy and no-store; every POST carries the session's CSRF token.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/provider.hpp"
#include "base/log.hpp"
#include "casework/casework.hpp"
#include "jobs/jobs.hpp"
#include "web/http.hpp"

namespace waymark::web {

struct AppOptions {
    std::string assets_dir;            // with manifest.json
    bool secure_cookies = false;       // behind TLS: __Host- cookie with Secure
    bool names_may_sign_in = false;    // where the store is a demonstration's: sign-in is a choice of names
    bool accounts_may_sign_in = true;  // accounts of this store's own
    accounts::PasswordCost password_cost{};
    accounts::Strength to_administer = accounts::Strength::two_factor;  // least strength of a sign-in for that
    // Addresses of reverse proxies: what one of these says of the client's address (X-Forwarded-For, the last in it) is
    // believed.
    std::vector<std::string> proxies{};
    std::shared_ptr<const accounts::Providers> providers{};  // identity providers; nullptr where there are none
};

enum class Shows { nothing, record };  // whether a route answers with record data
struct Route {
    Method method = Method::get;
    std::string pattern;  // "/concerns/:id/triage"
    Shows shows = Shows::record;
    std::string name;    // for audit lines: "concern.triage"
    bool open = false;   // may be seen without signing in
    bool quiet = false;  // asked by a script and not by a person: no use of the session
};

class App {
public:
    // `health` gives what /health/readiness tells; may be empty.
    static Result<std::unique_ptr<App>> make(const casework::Office&, AppOptions, Log&,
                                             std::function<jobs::Status()> health);
    virtual ~App() = default;
    virtual Response handle(const Request&) = 0;  // thread-safe
    [[nodiscard]] virtual const std::vector<Route>& routes() const = 0;
};

}  // namespace waymark::web
