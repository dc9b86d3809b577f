// Any text on a page: a parser that is not ours (libxml2's, of HTML and of XML) reads back the same text, one element
// and no other; and an address that passes runs no script.
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "base/markup.hpp"
#include "base/text.hpp"
#include "support.hpp"
#include "web/html.hpp"

namespace {

using namespace waymark;
using fuzzing::must;

std::string attribute(xmlNode* node, const char* name) {
    xmlChar* value = xmlGetProp(node, reinterpret_cast<const xmlChar*>(name));
    std::string out = value == nullptr ? "" : reinterpret_cast<const char*>(value);
    xmlFree(value);
    return out;
}
std::string content(xmlNode* node) {
    xmlChar* value = xmlNodeGetContent(node);
    std::string out = value == nullptr ? "" : reinterpret_cast<const char*>(value);
    xmlFree(value);
    return out;
}

// The one element of that name anywhere below; counts every element.
xmlNode* seek(xmlNode* node, const char* name, int& elements) {
    xmlNode* found = nullptr;
    for (; node != nullptr; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) continue;
        ++elements;
        if (xmlStrEqual(node->name, reinterpret_cast<const xmlChar*>(name))) found = node;
        if (xmlNode* inner = seek(node->children, name, elements)) found = inner;
    }
    return found;
}

std::string shown_as(std::string_view text) {
    // What the escape does to control characters, and what both parsers do to line ends.
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && text[i] != '\t' && text[i] != '\n' && text[i] != '\r') || byte == 0x7f) {
            out += "\xEF\xBF\xBD";
        } else {
            out += text[i];
        }
    }
    return out;
}

void in_xml(const std::string& text) {
    web::Writer w;
    w.open("root").open("p").attr("title", text).text(text).close("p").close("root");
    const std::string page = w.done().markup();
    xmlDoc* document = xmlReadMemory(page.data(), static_cast<int>(page.size()), "page", "UTF-8",
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    must(document != nullptr);
    int elements = 0;
    xmlNode* p = seek(xmlDocGetRootElement(document), "p", elements);
    must(p != nullptr && elements == 2);
    // Line ends: XML makes CR LF and CR into LF, and every white space of an attribute into a space.
    std::string expected;
    const std::string shown = shown_as(text);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (shown[i] == '\r') {
            if (i + 1 < shown.size() && shown[i + 1] == '\n') continue;
            expected += '\n';
        } else {
            expected += shown[i];
        }
    }
    must(content(p) == expected);
    for (char& c : expected) {
        if (c == '\n' || c == '\t') c = ' ';
    }
    must(attribute(p, "title") == expected);
    xmlFreeDoc(document);
}

void in_html(const std::string& text) {
    web::Writer w;
    w.literal("<!DOCTYPE html><html><body><div>");
    w.open("p").attr("title", text).text(text).close("p");
    w.literal("</div></body></html>");
    const std::string page = w.done().markup();
    xmlDoc* document = htmlReadMemory(page.data(), static_cast<int>(page.size()), "page", "UTF-8",
                                      HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    must(document != nullptr);
    int elements = 0;
    xmlNode* p = seek(xmlDocGetRootElement(document), "p", elements);
    must(p != nullptr && elements == 4);  // html, body, div, p
    must(p->children == nullptr || (p->children->type == XML_TEXT_NODE && p->children->next == nullptr));
    int attributes = 0;
    for (const xmlAttr* one = p->properties; one != nullptr; one = one->next) ++attributes;
    must(attributes == 1);
    xmlFreeDoc(document);
}

void addresses(std::string_view text) {
    const auto safe = web::safe_href(text);
    must(safe == text || safe == "#");
    // As a browser reads it: white space and control characters skipped, letters alike.
    std::string scheme;
    for (const char c : safe) {
        if (static_cast<unsigned char>(c) > 0x20) scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    for (const char* bad : {"javascript:", "data:", "vbscript:", "blob:", "file:", "about:"})
        must(!scheme.starts_with(bad));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto raw = fuzzing::text_of(data, size);
    const std::string text = well_formed(raw);
    must(is_valid_utf8(text));
    addresses(raw);
    in_xml(text);
    in_html(text);
    return 0;
}
