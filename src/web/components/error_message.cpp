// Writes an error message.
#include "web/components/error_message.hpp"

namespace waymark::web {

Html error_message(const ErrorMessageOptions& o) {
    Writer w;
    w.open("p").attr_if("id", o.id).classes({"govuk-error-message", o.classes}).attrs(o.attributes);
    if (!o.visually_hidden_text.empty()) {
        w.open("span").classes({"govuk-visually-hidden"}).text(o.visually_hidden_text).literal(":").close("span");
        w.literal(" ");
    }
    w.add(o.text).close("p");
    return w.done();
}

}  // namespace waymark::web
