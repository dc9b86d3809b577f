// Writes a badge.
#include "web/components/badge.hpp"

namespace waymark::web {

Html badge(const BadgeOptions& o) {
    Writer w;
    w.open("span").classes({"moj-badge", o.classes}).attrs(o.attributes).add(o.text).close("span");
    return w.done();
}

}  // namespace waymark::web
