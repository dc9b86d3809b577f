// Writes the identity bar: name, badges, facts, actions.
#include "web/components/identity_bar.hpp"

namespace waymark::web {

Html identity_bar(const IdentityBarOptions& o) {
    Writer w;
    w.open("div").classes({"moj-identity-bar", o.classes}).attrs(o.attributes);
    w.open("div").classes({"moj-identity-bar__container"}).open("div").classes({"moj-identity-bar__details"});
    w.element("span", "moj-identity-bar__title", o.title);
    for (const BadgeOptions& mark : o.badges) w.literal(" ").add(badge(mark));
    if (!o.facts.empty()) {
        w.open("dl").classes({"waymark-identity__facts"});
        for (const auto& [what, says] : o.facts) {
            w.open("div").element("dt", "", what).literal(" ").element("dd", "", says).close("div").literal(" ");
        }
        w.close("dl");
    }
    w.close("div");
    if (!o.actions.empty()) w.element("div", "moj-identity-bar__actions", o.actions);
    w.close("div").close("div");
    return w.done();
}

}  // namespace waymark::web
