// Writes the document around a page's content.
#include "web/page.hpp"

#include "web/components/generic_header.hpp"
#include "web/components/skip_link.hpp"

namespace waymark::web {

namespace {

void write_head(Writer& w, const Page& page, const Assets& assets) {
    std::string title = page.errors.empty() ? std::string() : page.words.error_prefix;
    title += page.title;
    if (!page.service_name.empty()) title += " – " + page.service_name;
    title += " – " + page.product;
    w.open("head").literal("<meta charset=\"utf-8\">").element("title", "", title);
    w.literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">");
    w.literal("<meta name=\"theme-color\" content=\"#1b4f5c\">");
    w.open("link").attr("rel", "icon").href(assets.icon).attr("type", "image/svg+xml");
    w.open("link").attr("rel", "stylesheet").href(assets.style);
    w.open("link").attr("rel", "modulepreload").href(assets.library);
    // Painting waits for the script, so that what it hides or moves is never seen to jump.
    w.open("script").attr("type", "module").attr("src", safe_href(assets.script)).attr("blocking", "render");
    w.close("script").close("head");
}

Html signed_in_line(const Page& page) {
    if (!page.signed_in) return {};
    const SignedIn& who = *page.signed_in;
    Writer w;
    w.open("div").classes({"waymark-signed-in"});
    w.element("span", "govuk-visually-hidden", page.words.signed_in_as).literal(" ");
    w.open("span").text(who.name);
    if (!who.agency.empty()) w.literal(", ").text(who.agency);
    w.close("span").literal(" ");
    w.open("form").attr("method", "post").attr("action", safe_href(who.sign_out_url));
    if (!who.form_token.empty()) {
        w.open("input").attr("type", "hidden").attr("name", who.form_token_name).attr("value", who.form_token);
    }
    w.open("button").classes({"waymark-link-button"}).attr("type", "submit").text(page.words.sign_out).close("button");
    w.close("form").close("div");
    return w.done();
}

// One search box on every page.
Html search_box(const Page& page) {
    if (!page.signed_in || page.has_own_search) return {};
    const SignedIn& who = *page.signed_in;
    Writer w;
    w.open("form").classes({"waymark-search waymark-screen-only"}).attr("method", "post").attr("role", "search");
    w.attr("action", safe_href(who.search_url));
    w.open("input").attr("type", "hidden").attr("name", who.form_token_name).attr("value", who.form_token);
    w.open("label").classes({"govuk-label govuk-visually-hidden"}).attr("for", "search-everything");
    w.text(page.words.search_label).close("label");
    w.open("input").classes({"govuk-input waymark-search__input"}).attr("id", "search-everything").attr("name", "q");
    w.attr("type", "search").attr("autocomplete", "off").attr("spellcheck", "false");
    w.open("button").classes({"govuk-button govuk-button--secondary waymark-search__button"}).attr("type", "submit");
    w.text(page.words.search_button)
        .add(Writer().element("span", "govuk-visually-hidden", page.words.search_everything).done());
    w.close("button").close("form");
    return w.done();
}

void write_header(Writer& w, const Page& page) {
    w.open("header").classes({"govuk-template__header"});
    w.add(generic_header({.logo = page.product, .url = page.home_url}));
    const Html line = signed_in_line(page) + search_box(page);
    if (!page.service_name.empty() || !page.navigation.empty() || !line.empty()) {
        w.add(service_navigation({.service_name = page.service_name,
                                  .service_url = page.home_url,
                                  .items = page.navigation,
                                  .menu_button_text = page.words.menu,
                                  .aria_label = page.words.service_information,
                                  .end = line,
                                  .end_inline = true}));
    }
    if (page.demonstration) {
        w.open("div").classes({"waymark-demonstration"}).open("div").classes({"govuk-width-container"});
        w.open("p").element("strong", "", page.words.demonstration).close("p").close("div").close("div");
    }
    if (page.back_link) w.open("div").classes({"govuk-width-container"}).add(back_link(*page.back_link)).close("div");
    w.close("header");
}

// The line at the foot, and what the script reads.
Html session_line(const Page& page) {
    if (!page.signed_in || page.signed_in->ends.seconds <= 0) return {};
    const SessionEnd& end = page.signed_in->ends;
    Writer w;
    w.open("p").classes({"govuk-body-s waymark-session"}).attr("data-session-seconds", end.seconds);
    w.attr("data-session-warn", end.warn).attr("data-session-left-url", end.left_url);
    w.attr("data-session-extend-url", end.extend_url).attr("data-session-token", page.signed_in->form_token);
    w.attr("data-session-extends", end.extends ? "yes" : "no");
    if (end.extends) {
        w.text("If you do nothing until ")
            .text(end.at)
            .text(", you are signed out; what you type into a form is kept. ");
        w.open("a").classes({"govuk-footer__link"}).href(end.page_url).attr("target", "_blank");
        w.text("Stay signed in").element("span", "govuk-visually-hidden", " (opens in a new tab)").close("a");
    } else {
        w.text("You have been signed in for nearly twelve hours. You are signed out at ").text(end.at);
        w.text(" and can sign in again at once; what you type into a form is kept.");
    }
    w.close("p");
    return w.done();
}

void write_body(Writer& w, const Page& page) {
    w.open("body").classes({"govuk-template__body", page.wide ? "waymark-wide" : ""});
    w.add(skip_link({.text = page.words.skip_to_content, .href = "#main-content"}));
    write_header(w, page);
    w.open("div").classes({"govuk-width-container"});
    if (!page.breadcrumbs.empty()) {
        w.add(
            breadcrumbs({.items = page.breadcrumbs, .collapse_on_mobile = true, .label_text = page.words.breadcrumb}));
    }
    w.open("main").classes({"govuk-main-wrapper"}).attr("id", "main-content");
    if (!page.errors.empty()) {
        w.add(error_summary({.title = page.words.error_title, .errors = page.errors}));
    }
    w.add(page.before_main).add(page.content);
    if (!page.print_note.empty()) w.element("div", "waymark-print-only", page.print_note);
    w.close("main").close("div");
    w.open("footer").classes({"govuk-template__footer"});
    w.add(footer({.meta = {.visually_hidden_title = page.words.support_links,
                           .items = page.footer_links,
                           .content = page.footer_note + session_line(page)}}));
    w.close("footer").close("body");
}

}  // namespace

std::string render(const Page& page, const Assets& assets) {
    Writer w;
    w.literal("<!DOCTYPE html>\n").open("html").attr("lang", page.lang).classes({"govuk-template"});
    write_head(w, page, assets);
    write_body(w, page);
    w.close("html").literal("\n");
    return w.done().markup();
}

Html draft_status(const Html& words) {
    Writer w;
    w.open("p").classes({"waymark-saved"}).attr("role", "status").flag("data-draft-status", true);
    w.add(words).close("p");
    return w.done();
}

Html urgent_panel(const UrgentPanel& o) {
    Writer w;
    w.open("div").classes({"waymark-urgent"});
    w.open_heading(o.heading_level).classes({"govuk-heading-m"}).add(o.heading).close_heading(o.heading_level);
    if (!o.content.empty() && o.content.is_text()) {
        w.element("p", "govuk-body", o.content);
    } else {
        w.add(o.content);
    }
    if (!o.telephone.empty()) {
        std::string digits;
        for (const char c : o.telephone) {
            if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
        }
        w.open("p").classes({"govuk-body"}).open("a").classes({"govuk-link waymark-urgent__number"});
        w.href("tel:" + digits).text(o.telephone).close("a").close("p");
    }
    w.close("div");
    return w.done();
}

}  // namespace waymark::web
