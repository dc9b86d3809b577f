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

#include "base/log.hpp"
#include "casework/casework.hpp"
#include "jobs/jobs.hpp"
#include "web/http.hpp"

namespace waymark::web {

struct AppOptions {
    std::string assets_dir;       // with manifest.json
    bool secure_cookies = false;  // behind TLS: __Host- cookie with Secure
    bool names_may_sign_in =
        false;  // the demonstration, or a trial on the loopback address: sign-in is a choice of names
};

enum class Shows { nothing, record };  // whether a route answers with record data
struct Route {
    Method method = Method::get;
    std::string pattern;  // "/concerns/:id/triage"
    Shows shows = Shows::record;
    std::string name;   // for audit lines: "concern.triage"
    bool open = false;  // may be seen without signing in
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
