#pragma once
// Markup that is safe to send: the type Html.
//
// Text becomes Html by being escaped, which happens implicitly; markup becomes Html only through Html::raw, which a
// reviewer can search for. So text of a person can reach a page in one way only, and a std::string that holds markup
// shows its tags on the page instead of running them.
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/markup.hpp"

namespace waymark::web {

// The address itself, or "#" where its scheme is none of http, https, mailto and tel: the others can run a script.
// Relative addresses pass.
std::string_view safe_href(std::string_view url);

class Html {
public:
    Html() = default;
    // Escaped. Implicit on purpose: the short way to write is the safe way.
    Html(const char* text) : Html(std::string_view(text)) {}
    Html(const std::string& text) : Html(std::string_view(text)) {}
    Html(std::string_view text) { append_escaped(markup_, text); }

    // Trusted markup: a literal of ours, or the output of another component. Never anything a person typed.
    static Html raw(std::string markup);

    [[nodiscard]] const std::string& markup() const { return markup_; }
    [[nodiscard]] bool empty() const { return markup_.empty(); }
    // True where it was made from text alone: some components wrap text in a paragraph and leave markup as it is.
    [[nodiscard]] bool is_text() const { return text_; }
    // Without white space at the ends.
    [[nodiscard]] Html trimmed() const;

    Html& operator+=(const Html& more);
    friend Html operator+(Html a, const Html& b) { return a += b; }
    bool operator==(const Html& other) const { return markup_ == other.markup_; }

private:
    std::string markup_;
    bool text_ = true;
};

Html join(const std::vector<Html>& parts, const Html& separator);

// An attribute of an element; without a value it is written as its name alone.
struct Attribute {
    std::string name;
    std::optional<std::string> value{};
};
using Attributes = std::vector<Attribute>;

// Writes elements one after the other into one string. Attributes belong to the element opened last; the first
// content or tag after them ends its start tag.
//
//     Writer w;
//     w.open("p").classes({"govuk-body", extra}).add(text).close("p");
class Writer {
public:
    Writer() { out_.reserve(512); }

    Writer& open(std::string_view tag);
    Writer& open_heading(int level) { return open(heading(level)); }
    Writer& close(std::string_view tag);
    Writer& close_heading(int level) { return close(heading(level)); }

    Writer& attr(std::string_view name, std::string_view value);
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) Writer& attr(std::string_view name, Number number) {
        return attr(name, std::string_view(std::to_string(number)));
    }
    Writer& attr(std::string_view name, bool) = delete;  // there or not: flag(); "true" or "false": yes_no()
    Writer& attr(std::string_view name, const char* value) { return attr(name, std::string_view(value)); }
    Writer& attr_if(std::string_view name, std::string_view value);     // left out where empty
    Writer& yes_no(std::string_view name, const std::optional<bool>&);  // ="true", ="false", or left out
    Writer& flag(std::string_view name, bool present);
    Writer& href(std::string_view url) { return attr("href", safe_href(url)); }
    Writer& classes(std::initializer_list<std::string_view> names);  // empty ones are skipped
    Writer& attrs(const Attributes&);

    Writer& add(const Html&);
    Writer& text(std::string_view);
    template <std::size_t N>
    Writer& literal(const char (&markup)[N]) {  // markup written in the program
        end_tag();
        out_.append(markup, N - 1);
        return *this;
    }
    // A whole element with one class (none where empty).
    Writer& element(std::string_view tag, std::string_view class_name, const Html& content);

    [[nodiscard]] Html done();

private:
    static std::string_view heading(int level);
    void end_tag();
    std::string out_;
    bool in_tag_ = false;
};

}  // namespace waymark::web
