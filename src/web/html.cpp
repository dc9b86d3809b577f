// The writer keeps track of an unfinished start tag.
#include "web/html.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace waymark::web {

namespace {

constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view safe_href(std::string_view url) {
    // Browsers skip control characters and spaces inside a scheme, so an address that has any is not trusted at all.
    for (const char c : url) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return "#";
    }
    const auto end = url.find_first_of(":/?#");
    if (end == std::string_view::npos || url[end] != ':') return url;
    std::string scheme(url.substr(0, end));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), lower);
    return scheme == "http" || scheme == "https" || scheme == "mailto" || scheme == "tel" ? url : "#";
}

Html Html::raw(std::string markup) {
    Html html;
    html.markup_ = std::move(markup);
    html.text_ = false;
    return html;
}

Html Html::trimmed() const {
    std::size_t first = 0;
    std::size_t last = markup_.size();
    while (first < last && is_space(markup_[first])) ++first;
    while (last > first && is_space(markup_[last - 1])) --last;
    Html html;
    html.markup_ = markup_.substr(first, last - first);
    html.text_ = text_;
    return html;
}

Html& Html::operator+=(const Html& more) {
    markup_ += more.markup_;
    text_ = text_ && more.text_;
    return *this;
}

Html join(const std::vector<Html>& parts, const Html& separator) {
    Html joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) joined += separator;
        joined += parts[i];
    }
    return joined;
}

void Writer::end_tag() {
    if (in_tag_) out_ += '>';
    in_tag_ = false;
}

std::string_view Writer::heading(int level) {
    static constexpr std::array<std::string_view, 6> tags{"h1", "h2", "h3", "h4", "h5", "h6"};
    return tags[static_cast<std::size_t>(std::clamp(level, 1, 6) - 1)];
}

Writer& Writer::open(std::string_view tag) {
    end_tag();
    out_ += '<';
    out_ += tag;
    in_tag_ = true;
    return *this;
}

Writer& Writer::close(std::string_view tag) {
    end_tag();
    out_ += "</";
    out_ += tag;
    out_ += '>';
    return *this;
}

Writer& Writer::attr(std::string_view name, std::string_view value) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    append_escaped(out_, value);
    out_ += '"';
    return *this;
}

Writer& Writer::attr_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : attr(name, value);
}

Writer& Writer::yes_no(std::string_view name, const std::optional<bool>& value) {
    return value ? attr(name, std::string_view(*value ? "true" : "false")) : *this;
}

Writer& Writer::flag(std::string_view name, bool present) {
    if (present) {
        out_ += ' ';
        out_ += name;
    }
    return *this;
}

Writer& Writer::classes(std::initializer_list<std::string_view> names) {
    out_ += " class=\"";
    bool first = true;
    for (const std::string_view name : names) {
        if (name.empty()) continue;
        if (!first) out_ += ' ';
        append_escaped(out_, name);
        first = false;
    }
    out_ += '"';
    return *this;
}

Writer& Writer::attrs(const Attributes& attributes) {
    for (const Attribute& a : attributes) {
        const std::string name = escape_markup(a.name);
        if (a.value) {
            attr(name, *a.value);
        } else {
            flag(name, true);
        }
    }
    return *this;
}

Writer& Writer::add(const Html& html) {
    end_tag();
    out_ += html.markup();
    return *this;
}

Writer& Writer::text(std::string_view text) {
    end_tag();
    append_escaped(out_, text);
    return *this;
}

Writer& Writer::element(std::string_view tag, std::string_view class_name, const Html& content) {
    return open(tag).attr_if("class", class_name).add(content).close(tag);
}

Html Writer::done() {
    end_tag();
    return Html::raw(std::move(out_));
}

}  // namespace waymark::web
