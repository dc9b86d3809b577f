// From request to answer: files, route, session, token, page; then the headers that every answer carries.
#include "web/app.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "accounts/accounts.hpp"
#include "base/text.hpp"
#include "web/csp_reports.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/raise_now.hpp"
#include "web/problems.hpp"
#include "web/recent_sign_ins.hpp"
#include "web/router.hpp"
#include "web/security.hpp"
#include "web/static_files.hpp"
#include "web/visit.hpp"

namespace waymark::web {

namespace {

// The client's address as a known proxy tells it; nothing where it is not told.
std::optional<std::string> client_behind(const Request& request, const std::vector<std::string>& proxies) {
    if (std::find(proxies.begin(), proxies.end(), request.peer) == proxies.end()) return std::nullopt;
    const std::string_view said = request.header("x-forwarded-for");
    const std::string_view last = trim(said.substr(said.rfind(',') + 1));
    const bool is_address = !last.empty() && last.size() <= 45 &&
                            last.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
    return is_address ? std::optional(std::string(last)) : std::nullopt;
}

// What our pages send; with a charset other than UTF-8 it would be read as what it is not.
bool is_form(std::string_view content_type) {
    const std::string lower = to_lower_ascii(content_type);
    const std::size_t end = std::min(lower.find(';'), lower.size());
    if (trim(std::string_view(lower).substr(0, end)) != "application/x-www-form-urlencoded") return false;
    const std::size_t charset = lower.find("charset=", end);
    return charset == std::string::npos || std::string_view(lower).substr(charset + 8).starts_with("utf-8") ||
           std::string_view(lower).substr(charset + 8).starts_with("\"utf-8\"");
}

class Application final : public App {
public:
    Application(Setting setting, StaticFiles files, std::vector<PageRoute> pages)
        : setting_(std::move(setting)),
          files_(std::move(files)),
          pages_(std::move(pages)),
          table_(table_of(pages_)),
          router_(table_),
          csp_reports_(setting_.log) {}

    Response handle(const Request& request) override {
        Response response;
        if (auto client = client_behind(request, setting_.options.proxies)) {
            Request told = request;
            told.peer = std::move(*client);
            response = answer(told);
        } else {
            response = answer(request);
        }
        secure(response, setting_.options.secure_cookies);
        return response;
    }
    [[nodiscard]] const std::vector<Route>& routes() const override { return table_; }

private:
    static std::vector<Route> table_of(const std::vector<PageRoute>& pages) {
        std::vector<Route> table;
        table.reserve(pages.size());
        for (const PageRoute& page : pages) table.push_back(page.route);
        return table;
    }

    Response answer(const Request& request) {
        const auto& segments = request.target.segments;
        if (request.method == Method::post && segments.size() == 1 && segments[0] == "csp-report")
            return csp_reports_.take(request, setting_.office.clock.now());
        if (segments.size() == 2 && segments[0] == "assets" && request.method != Method::post) {
            const bool gzip = request.header("accept-encoding").find("gzip") != std::string_view::npos;
            if (const Response* file = files_.find(segments[1], gzip)) return *file;
        }
        Found found = router_.find(request.method, segments);
        static const Route nowhere{Method::get, "", Shows::nothing, "nowhere", true};
        const Route& route = found.route ? table_[*found.route] : nowhere;
        Visit visit(setting_, request, route, std::move(found.parameters));
        try {
            return answer(visit, found, route);
        } catch (const std::exception& error) {
            // What went wrong may hold personal data: only its type goes to the log.
            const std::string reference = to_string(make_uuid4(setting_.office.random)).substr(0, 8);
            setting_.log.error("request failed",
                               {{"route", route.name}, {"reference", reference}, {"type", typeid(error).name()}});
            return failed(visit, reference);
        }
    }

    Response answer(Visit& visit, const Found& found, const Route& route) const {
        const Request& request = visit.request();
        const std::string_view cookie = request.cookie(session_cookie(setting_.options));
        if (!cookie.empty()) {
            auto who =
                accounts::who_is(visit.house(), cookie, route.quiet ? accounts::Look::peek : accounts::Look::use);
            if (who) {
                recent_.note(cookie, *who, visit.now());
                visit.who = std::move(*who);
                if (visit.who && !route.quiet) {
                    const auto noted = accounts::note_place(visit.house(), *visit.who, visit.origin().from);
                    if (!noted) setting_.log.error("place of a session not noted", {{"route", route.name}});
                }
            } else if (who.error().kind == FaultKind::unavailable && route.pattern.starts_with("/concerns/now")) {
                visit.who = recent_.find(cookie, visit.now());
            } else {
                return problem(visit, who.error());
            }
        }
        if (!found.route) return found.allowed.empty() ? not_found(visit) : wrong_method(visit, found.allowed);
        if (request.method == Method::post) {
            if (!from_our_own_pages(request)) return forged(visit);
            if (!request.body.empty() && !is_form(request.header("content-type"))) return not_a_form(visit);
            auto typed = Typed::parse(request.body);
            if (!typed) return problem(visit, typed.error());
            visit.typed = std::move(*typed);
        }
        if (!route.open) {
            if (!visit.who) return ask_to_sign_in(visit);
            if (request.method == Method::post) {
                const auto opened = visit.form_opened();
                if (opened == Visit::Opened::before) return signed_in_anew(visit);
                if (opened != Visit::Opened::now) return forged(visit);
            }
        }
        auto response = pages_[*found.route].handle(visit);
        if (response) return std::move(*response);
        if (response.error().kind == FaultKind::unavailable) {
            setting_.log.error("answer withheld", {{"route", route.name}, {"place", response.error().place}});
            if (may_raise_anyway(visit, route)) return raise_anyway(visit);
        }
        return problem(visit, response.error());
    }

    Setting setting_;
    mutable RecentSignIns recent_;
    StaticFiles files_;
    std::vector<PageRoute> pages_;
    std::vector<Route> table_;
    Router router_;
    CspReports csp_reports_;
};

}  // namespace

Result<std::unique_ptr<App>> App::make(const casework::Office& office, AppOptions options, Log& log,
                                       std::function<jobs::Status()> health) {
    StaticFiles files = TRY(StaticFiles::load(options.assets_dir));
    Assets assets = TRY(read_assets(files.manifest()));
    auto keys =
        TRY(accounts::Keys::open(office.store, office.partnership, *office.seal, office.random, options.password_cost));
    return std::make_unique<Application>(
        Setting{office, std::move(options), std::move(assets), log, std::move(health), std::move(keys)},
        std::move(files), all_pages());
}

}  // namespace waymark::web
