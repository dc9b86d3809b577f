// Writes the group around a field and keeps the list of ids that describe it.
#include "web/components/form_group.hpp"

#include <utility>

namespace waymark::web {

void open_form_group(Writer& w, const FormGroupOptions& o, bool has_error) {
    w.open("div").classes({"govuk-form-group", has_error ? "govuk-form-group--error" : "", o.classes});
    w.attrs(o.attributes);
}

void close_form_group(Writer& w) {
    w.close("div");
}

std::string with_word(std::string words, std::string_view more) {
    if (!words.empty() && !more.empty()) words += ' ';
    words += more;
    return words;
}

std::string write_hint_and_error(Writer& w, std::string_view id, std::string described_by, HintOptions hint_options,
                                 ErrorMessageOptions error_options) {
    if (!hint_options.text.empty()) {
        hint_options.id = std::string(id) + "-hint";
        described_by = with_word(std::move(described_by), hint_options.id);
        w.add(hint(hint_options));
    }
    if (!error_options.text.empty()) {
        error_options.id = std::string(id) + "-error";
        described_by = with_word(std::move(described_by), error_options.id);
        w.add(error_message(error_options));
    }
    return described_by;
}

}  // namespace waymark::web
