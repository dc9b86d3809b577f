// Writes a tag.
#include "web/components/tag.hpp"

namespace waymark::web {

Html tag(const TagOptions& o) {
    Writer w;
    w.open("strong").classes({"govuk-tag", o.classes}).attrs(o.attributes).add(o.text).close("strong");
    return w.done();
}

}  // namespace waymark::web
