// Help and the accessibility statement: open to everybody.
#include "web/pages/pages.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

Result<Response> help(Visit& visit) {
    Page page = visit.page("Help");
    page.content = heading(1, "Help", "l");
    page.content += heading(2, "If a child is in danger now", "m") +
                    paragraph("Call 999 first. Raise the concern here when the child is safe.");
    page.content += heading(2, "Raise a concern", "m");
    page.content +=
        bullets({"You need only say what you saw or heard. “I do not know” is a good answer to the rest.",
                 "A nickname is enough if you do not know the child’s name.",
                 "What you type is saved as you go, and is kept for 30 days. Only you can see it until you send it.",
                 "You get a reference at once, and a date by which you will hear what happens."});
    page.content += heading(2, "At the front door", "m");
    page.content +=
        bullets({"The inbox puts immediate danger first, then what is due soonest.",
                 "Every earlier concern about the child is on the page, whoever holds it.",
                 "You can decide at once to protect a child. To close, give advice or offer early help, first judge "
                 "every earlier concern. Each judgement has your name and your reason."});
    page.content += heading(2, "A child’s record", "m");
    page.content +=
        bullets({"Nothing is ever changed or removed. A correction is a new entry, and the first one stays.",
                 "Each look at a record leaves a line that says who looked, when and why.",
                 "A gap of 28 days or more without an entry is shown as a row of its own."});
    page.content += heading(2, "If something does not work", "m") +
                    paragraph("Ask your agency’s administrator for Waymark. Do not put names of children in an email.");
    return visit.show(page);
}

Result<Response> accessibility(Visit& visit) {
    Page page = visit.page("Accessibility statement");
    page.content = heading(1, "Accessibility statement", "l");
    page.content +=
        paragraph("We want as many people as possible to be able to use this service. You should be able to:");
    page.content +=
        bullets({"use every page with a keyboard only, or with speech", "use every page with a screen reader",
                 "zoom in to 400% without scrolling from side to side", "use every page with scripts switched off",
                 "print every page"});
    page.content +=
        heading(2, "How accessible it is", "m") +
        paragraph(
            "The pages are built to meet the Web Content Accessibility Guidelines version 2.2 at level AA. Each page "
            "is checked by an automated tool, at the width of a desktop and of a small phone, with scripts on "
            "and off. It has not yet been tested with people who use assistive technology, so there may be "
            "problems that we do not know of.");
    page.content +=
        heading(2, "Tell us about a problem", "m") +
        paragraph("Ask your agency’s administrator for Waymark. Say which page it is on and what you use to read it.");
    return visit.show(page);
}

}  // namespace

std::vector<PageRoute> help_pages() {
    return {{{Method::get, "/help", Shows::nothing, "help", true}, help},
            {{Method::get, "/accessibility", Shows::nothing, "accessibility", true}, accessibility}};
}

}  // namespace waymark::web
