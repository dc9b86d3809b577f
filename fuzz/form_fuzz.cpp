// Addresses, forms, cookies and listening addresses from outside. What is taken holds no NUL, no broken UTF-8, no dot
// segment, and is decoded once: written again and read again it is the same.
#include "base/form.hpp"
#include "base/text.hpp"
#include "support.hpp"
#include "web/forms.hpp"
#include "web/guests.hpp"
#include "web/http.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

void must_be_text(std::string_view text) {
    must(is_valid_utf8(text) && text.find('\0') == std::string_view::npos);
}

std::string written(const Form& form) {
    std::string out;
    for (const auto& [name, values] : form.fields()) {
        must_be_text(name);
        for (const auto& value : values) {
            must_be_text(value);
            out += percent_encode(name) + "=" + percent_encode(value) + "&";
        }
    }
    return out;
}

void forms(std::string_view text) {
    const auto form = parse_form(text);
    fuzzing::must_tell(form);
    if (form) {
        const auto again = parse_form(written(*form));
        // CR LF inside a value became LF, and may again where CR CR LF was sent: what is written is read as it stands.
        must(again.has_value() && again->fields().size() == form->fields().size());
    }
    auto typed = web::Typed::parse(text);
    fuzzing::must_tell(typed);
    if (!typed) return;
    if (form) must(typed->form().fields() == form->fields());
    written(typed->form());
    typed->date("born", "The date", true);
    typed->date("on", "The date", false);
    typed->text("summary", "what you saw");
    typed->choice("danger", {"yes", "no"}, "choose");
    for (const auto& item : typed->summary("-1")) must(!item.text.empty() && item.href.starts_with("#"));
    web::to_form(web::to_json(typed->form(), {"summary", "born-day"}));
}

void targets(std::string_view text) {
    const auto target = parse_target(text);
    fuzzing::must_tell(target);
    if (!target) return;
    std::string path;
    for (const auto& segment : target->segments) {
        must_be_text(segment);
        must(!segment.empty() && segment != "." && segment != ".." && segment.find('/') == std::string::npos);
        path += "/" + percent_encode(segment);
    }
    const auto again = parse_target(path.empty() ? "/" : path);
    must(again.has_value() && again->segments == target->segments);
    written(target->query);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzzing::text_of(data, size);
    forms(text);
    targets(text);
    targets("/" + std::string(text));
    for (const auto& [name, value] : parse_cookies(text)) must(!name.empty() && value.find(';') == std::string::npos);
    must(parse_cookies(text).size() <= 50);
    const auto plain = parse_form(percent_encode(text) + "=" + percent_encode(text));
    if (plain && text.find('\r') == std::string_view::npos && !text.empty()) must(plain->first(text) == text);
    fuzzing::must_tell(web::parse_listen(text));
    web::share_of(text);
    return 0;
}
