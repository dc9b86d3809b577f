// One page for each way in which a request can end badly.
#include "web/problems.hpp"

#include <fmt/format.h>

#include "web/components/button.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Html sentence(std::string text) {
    if (!text.empty() && text.back() != '.' && text.back() != '?') text += '.';
    return text.empty() ? Html() : paragraph(text);
}

// Kinds of entry by their labels: a fault names them by their keys.
std::string in_labels(const Visit& visit, std::string text) {
    for (const content::Kind& kind : visit.office().catalogue.kinds()) {
        const std::string quoted = "\"" + kind.key + "\"";
        if (const std::size_t at = text.find(quoted); at != std::string::npos)
            text.replace(at, quoted.size(), "“" + kind.label + "”");
    }
    return text;
}

// The way to a record that does not open, where the role may go it in an emergency.
Html in_an_emergency(const Visit& visit, const Fault& fault) {
    const bool shut = fault.place.ends_with("/read/relationship") || fault.place.ends_with("/read/restriction");
    const auto person = visit.parameter("person");
    if (!shut || !parse_uuid(person) || !visit.may(record::Action::append, "glass.broken")) return {};
    return heading(2, "If a child may not be safe", "m") +
           paragraph("You can open this record now, with a reason. Others are told, and look into it.") +
           button({.text = "Open it in an emergency",
                   .href = fmt::format("/children/{}/glass", person),
                   .classes = "govuk-button--secondary"});
}

Response told(const Visit& visit, unsigned status, const std::string& title, const Html& content) {
    Page page = visit.page(title);
    page.content = heading(1, title, "l") + content;
    if (visit.who) page.content += paragraph(link("/", "Go to My day"));
    return visit.show(page, status);
}

}  // namespace

unsigned status_of(FaultKind kind) {
    switch (kind) {
        case FaultKind::invalid:
            return 400;
        case FaultKind::missing:
            return 404;
        case FaultKind::conflict:
        case FaultKind::held:
            return 409;
        case FaultKind::forbidden:
            return 403;
        case FaultKind::unavailable:
        case FaultKind::uncertain:
            return 503;
    }
    return 500;
}

Response problem(const Visit& visit, const Fault& fault) {
    const unsigned status = status_of(fault.kind);
    switch (fault.kind) {
        case FaultKind::invalid:
            return told(visit, status, "There is a problem with what was sent",
                        sentence(fault.reason) + sentence(fault.mend) +
                            paragraph("Nothing was recorded. Go back: what you typed is still in the form."));
        case FaultKind::missing:
            return not_found(visit);
        case FaultKind::conflict:
            return told(visit, status, "This does not fit what is already recorded",
                        sentence(fault.reason) + sentence(fault.mend));
        case FaultKind::held:
            return told(visit, status, "This decision has to wait", sentence(fault.reason) + sentence(fault.mend));
        case FaultKind::forbidden:
            return told(visit, status, "You may not do this",
                        sentence(in_labels(visit, fault.reason)) + sentence(fault.mend) +
                            paragraph("If you think that you should be able to, ask your manager or your agency’s "
                                      "administrator for Waymark. Say the time and what you tried to do.") +
                            paragraph("That you asked has been recorded.") + in_an_emergency(visit, fault));
        case FaultKind::unavailable:
            return told(
                visit, status, "This could not be recorded, so it is not shown",
                paragraph("Every look at the record leaves a line that says who looked. That line could not be kept "
                          "just now, so nothing can be shown. Nothing was changed.") +
                    paragraph("Try again in a few minutes. If a child is in immediate danger, call 999 now."));
        case FaultKind::uncertain:
            return told(
                visit, status, "We cannot yet say whether this was recorded",
                paragraph("Send the same form again: go back and press the button once more. It will not be recorded "
                          "twice.") +
                    paragraph("If a child is in immediate danger, call 999 now."));
    }
    return failed(visit, {});
}

Response not_found(const Visit& visit) {
    return told(visit, 404, "Page not found",
                paragraph("There is no such page, or it is not one that you may see.") +
                    paragraph("If you typed the address, check it. If you followed a link, the page may have moved."));
}

Response wrong_method(const Visit& visit, const std::vector<Method>& allowed) {
    Response response = told(visit, 405, "This address is not used in that way",
                             paragraph("Start from My day and use the links and buttons there."));
    std::string names;
    for (const Method method : allowed) {
        names += names.empty() ? "" : ", ";
        names += to_string(method);
        if (method == Method::get) names += ", HEAD";
    }
    response.headers.emplace_back("Allow", names);
    return response;
}

Response forged(const Visit& visit) {
    return told(
        visit, 403, "This form could not be taken",
        paragraph("It did not come from a page that you opened while signed in as you are now. This can happen when "
                  "somebody else has signed in in another tab. Nothing was recorded.") +
            paragraph(
                "Go back, load the page again and send the form. Copy long text first, so that you do not type it "
                "twice."));
}

Response not_a_form(const Visit& visit) {
    return told(visit, 415, "This could not be read",
                paragraph("Pages take what their own forms send, and nothing else. Nothing was recorded.") +
                    paragraph("Go back, load the page again and send the form."));
}

Response failed(const Visit& visit, std::string_view reference) {
    Html content = paragraph(
        "Something went wrong on our side. What you sent before and got an answer to is safe. What you sent "
        "just now may not have been kept: go back and send it again. It will not be recorded twice.");
    if (!reference.empty()) {
        content += paragraph(fmt::format("If it happens again, tell your administrator this number: {}.", reference));
    }
    return told(visit, 500, "Sorry, there is a problem", content);
}

}  // namespace waymark::web
