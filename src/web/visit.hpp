#pragma once
// One request on its way through a page: who asks, what was typed, and the ways to answer. A handler takes a Visit and
// gives a Response, or a fault that becomes a page of its own (problems.hpp).
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/log.hpp"
#include "casework/casework.hpp"
#include "web/app.hpp"
#include "web/forms.hpp"
#include "web/page.hpp"
#include "web/router.hpp"

namespace waymark::web {

// What every page of this server shares. Immutable.
struct Setting {
    const casework::Office& office;
    AppOptions options;
    Assets assets;
    Log& log;
    std::function<jobs::Status()> health;
    accounts::Keys keys;  // of sign-in
};

// The place in the navigation that a page belongs to.
enum class Place { none, home, raise, inbox, caseload, matches, meetings, children, access, administration };

class Visit {
public:
    Visit(const Setting& setting, const Request& request, const Route& route, Parameters parameters)
        : setting_(setting),
          request_(request),
          route_(route),
          parameters_(std::move(parameters)),
          now_(setting.office.clock.now()) {}

    [[nodiscard]] const Setting& setting() const { return setting_; }
    [[nodiscard]] const casework::Office& office() const { return setting_.office; }
    [[nodiscard]] const Request& request() const { return request_; }
    [[nodiscard]] accounts::House house() const;
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] Date today() const { return zone().day_of(now_); }
    [[nodiscard]] const Zone& zone() const { return office().calendar->zone(); }

    // Where this sign-in, or what is done about one, comes from.
    [[nodiscard]] accounts::Origin origin() const;
    // Whether the sign-in was strong enough for this.
    [[nodiscard]] bool strong_enough(accounts::Strength needed) const {
        return who && accounts::suffices(who->strength, needed);
    }

    // Of a route that is not open this is always somebody.
    std::optional<accounts::Who> who;
    Typed typed;  // of a POST

    // For casework: the purpose is a code of the access policy.
    [[nodiscard]] record::Asker asker(std::string_view purpose = {}) const;  // default: the first of the role's
    // An answer that is read in several looks: their audit lines are kept in one transaction before it is given.
    Result<Response> together(const std::function<Result<Response>()>& answer);
    // What this person's role lets them try, for menus and buttons; casework asks again and keeps the line.
    [[nodiscard]] bool may(record::Action, std::string_view kind = {}) const;
    [[nodiscard]] bool may_raise() const { return may(record::Action::append, "concern.raised"); }
    [[nodiscard]] bool may_triage() const;

    [[nodiscard]] std::string_view parameter(std::string_view name) const;
    // A parameter that is an id; `missing` where it is not well formed.
    template <class T>
    [[nodiscard]] Result<T> id(std::string_view name) const {
        if (auto parsed = parse_id<T>(parameter(name))) return *parsed;
        return tl::unexpected(
            Fault{FaultKind::missing, std::string(name), "There is no such page.", "Check the address."});
    }

    // ---- answering --------------------------------------------------------------------------------------------------
    [[nodiscard]] Page page(std::string title, Place = Place::none) const;  // title: never a person's name
    [[nodiscard]] Response show(const Page&, unsigned status = 200) const;
    [[nodiscard]] static Response see(std::string path);  // 303: after a form, and never with a name in the address

    // A form that is sent here, with the session's token and, where given, the key that makes sending it twice the same
    // as once.
    struct FormOptions {
        std::string action{};
        std::string key{};
        std::string draft_url{};
        std::vector<std::pair<std::string, std::string>> hidden{};
    };
    [[nodiscard]] Html form(const FormOptions&, const Html& content) const;
    // What a form of this session carries: the session's secret and whose session it is.
    [[nodiscard]] std::string form_token() const;
    // Whose session the form was opened in, by the token that came with it.
    enum class Opened { now, before, elsewhere };  // this session; an earlier one of the same person; none of these
    [[nodiscard]] Opened form_opened() const;
    // The key that came with the form, or a new one.
    [[nodiscard]] std::string form_key() const;

private:
    const Setting& setting_;
    const Request& request_;
    const Route& route_;
    Parameters parameters_;
    Instant now_;
    record::Readings* readings_ = nullptr;
};

using Handle = Result<Response> (*)(Visit&);
struct PageRoute {
    Route route;
    Handle handle;
};

}  // namespace waymark::web
