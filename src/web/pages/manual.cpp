// The procedures manual, to be read: its contents, and a chapter with the paragraphs that duties point to.
//
// Everybody who is signed in may read it; no page of it shows a record. `?on=DATE` shows what was in force on a day.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/form.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/manual_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/parts.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

using content::Chapter;
using content::ChapterStatus;
using content::ManualBlock;
using content::ManualRun;

// What the address asks for: today's manual, or that of a day.
struct Asked {
    const casework::Edition* edition = nullptr;
    std::optional<Date> on;
};

Result<Asked> asked(const Visit& visit) {
    const auto& editions = visit.office().editions;
    const auto text = visit.request().target.query.first("on");
    if (text.empty()) return Asked{&editions.now(), std::nullopt};
    const auto day = parse_date(text);
    if (!day) return fault(FaultKind::missing, "on", "That is not a date.", "Write it as 2026-03-27.");
    // As it was when the day ended: what was adopted during the day counts.
    const auto end = visit.office().calendar->start_of(*day + std::chrono::days{1}) - std::chrono::microseconds{1};
    return Asked{&editions.at(end), *day};
}

std::string with_day(const std::string& url, const std::optional<Date>& on) {
    return on ? url + "?on=" + format_date(*on) : url;
}

std::string anchor(std::string_view number) {
    return fmt::format("p-{}", number);
}

Html status_tag(const Chapter& chapter, Date today) {
    switch (chapter.status) {
        case ChapterStatus::under_review:
            return tag({.text = "Under review", .classes = "govuk-tag--yellow"});
        case ChapterStatus::archived:
            return tag({.text = "Archived", .classes = "govuk-tag--grey"});
        case ChapterStatus::current:
            break;
    }
    if (chapter.review_due < today) return tag({.text = "Review overdue", .classes = "govuk-tag--red"});
    return tag({.text = "Current", .classes = "govuk-tag--green"});
}

Html old_edition_note(const Asked& asked) {
    if (!asked.on) return {};
    return inset_text({.content = paragraph("This is what was in force on " + format_long(*asked.on) + ".") +
                                  paragraph(link("/manual", "Read what is in force today"))});
}

Result<Response> chapters(Visit& visit) {
    const auto what = TRY(asked(visit));
    Page page = visit.page("Procedures manual");
    page.content = heading(1, "Procedures manual", "l") + old_edition_note(what);
    const auto& chapters = what.edition->manual.chapters();
    if (chapters.empty()) {
        page.content += paragraph("No chapter is in force. Ask your agency’s administrator for Waymark.");
        return visit.show(page);
    }
    page.content += paragraph(
        "What each duty and each stop in the record rests on, in plain words. Every limit names its source; where no "
        "source was found it says so, and the partnership sets it.");
    page.content += paragraph(link("/procedures", "Read the procedures themselves, as text and as drawings"));
    TableOptions o;
    o.caption = "Chapters";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Chapter"},
              {.content = "Version"},
              {.content = "Last updated"},
              {.content = "Review due"},
              {.content = "State"}};
    for (const auto& chapter : chapters) {
        o.rows.push_back({{.content = link(with_day("/manual/" + chapter.number, what.on),
                                           fmt::format("{} {}", chapter.number, chapter.title))},
                          labelled("Version", chapter.version),
                          labelled("Last updated", format_long(chapter.last_updated)),
                          labelled("Review due", format_long(chapter.review_due)),
                          labelled("State", status_tag(chapter, visit.today()))});
    }
    page.content += table(o);
    return visit.show(page);
}

// A chapter as it is shown: sources are numbered in the order in which they are first cited.
class ChapterView {
public:
    ChapterView(const content::Manual& manual, const Chapter& chapter, const std::optional<Date>& on)
        : manual_(manual), chapter_(chapter), on_(on) {}

    Html text() {
        Html all;
        for (const auto& block : chapter_.blocks) all += shown(block);
        return all;
    }
    [[nodiscard]] Html sources() const {
        if (cited_.empty()) return {};
        Writer w;
        w.open("ol").classes({"govuk-list", "govuk-list--number"});
        for (const auto* one : cited_) {
            w.open("li").attr("id", "source-" + one->key).text(one->text);
            if (!one->date.empty()) w.text(" (" + one->date + ")");
            w.text(".");
            if (one->archived) w.text(" ").element("strong", "", "Archived guidance.");
            w.close("li");
        }
        w.close("ol");
        return heading(2, "Sources", "m") + w.done();
    }

private:
    Html shown(const ManualBlock& block) {
        Writer w;
        const auto number = [&] {
            if (block.number.empty()) return;
            w.attr("id", anchor(block.number));
        };
        switch (block.kind) {
            case ManualBlock::Kind::heading:
                w.open("h2").classes({"govuk-heading-m"});
                number();
                if (!block.number.empty()) w.text(block.number + " ");
                return w.add(runs(block.text)).close("h2").done();
            case ManualBlock::Kind::subheading:
                w.open("h3").classes({"govuk-heading-s"});
                number();
                if (!block.number.empty()) w.text(block.number + " ");
                return w.add(runs(block.text)).close("h3").done();
            case ManualBlock::Kind::list: {
                std::vector<Html> items;
                for (const auto& item : block.items) items.push_back(runs(item));
                return bullets(items);
            }
            case ManualBlock::Kind::paragraph:
                break;
        }
        w.open("p").classes({"govuk-body"});
        number();
        if (!block.number.empty()) w.element("span", "waymark-paragraph-number", block.number).text(" ");
        return w.add(runs(block.text)).close("p").done();
    }

    Html runs(const content::ManualText& text) {
        Html all;
        for (const auto& run : text) {
            switch (run.kind) {
                case ManualRun::Kind::text:
                    all += run.text;
                    break;
                case ManualRun::Kind::strong:
                    all += Writer().element("strong", "", run.text).done();
                    break;
                case ManualRun::Kind::paragraph_link:
                    all += link(address_of(run.target), run.text);
                    break;
                case ManualRun::Kind::citation:
                    all += citation(run.target);
            }
        }
        return all;
    }

    std::string address_of(const std::string& number) const {
        const auto* chapter = manual_.chapter_of(number);
        if (chapter == &chapter_) return "#" + anchor(number);
        return with_day("/manual/" + (chapter == nullptr ? number : chapter->number), on_) + "#" + anchor(number);
    }

    Html citation(const std::string& key) {
        const auto* one = chapter_.citation(key);
        auto at = std::find(cited_.begin(), cited_.end(), one);
        if (at == cited_.end()) at = cited_.insert(cited_.end(), one);
        const auto n = std::distance(cited_.begin(), at) + 1;
        return Html("[") + link("#source-" + key, visually_hidden("source ") + Html(std::to_string(n))) + Html("]");
    }

    const content::Manual& manual_;
    const Chapter& chapter_;
    const std::optional<Date>& on_;
    std::vector<const content::Citation*> cited_;
};

Html about_chapter(const Chapter& chapter, Date today) {
    SummaryListOptions o;
    const auto row = [&](const char* key, const Html& value) { o.rows.push_back({.key = key, .value = value}); };
    row("State", status_tag(chapter, today));
    row("Version", chapter.version);
    row("Last updated", format_long(chapter.last_updated));
    row("Review due", format_long(chapter.review_due));
    row("Kept by", chapter.owner);
    return summary_list(o);
}

Result<Response> chapter(Visit& visit) {
    const auto what = TRY(asked(visit));
    const auto& manual = what.edition->manual;
    const auto* found = manual.chapter(visit.parameter("chapter"));
    if (found == nullptr) {
        return fault(FaultKind::missing, "chapter", "The manual has no such chapter.", "Choose one from its contents.");
    }
    Page page = visit.page(fmt::format("{} {}", found->number, found->title));
    page.content = paragraph(link(with_day("/manual", what.on), "All chapters"));
    page.content += heading(1, fmt::format("{} {}", found->number, found->title), "l") + old_edition_note(what);
    page.content += about_chapter(*found, visit.today());
    ChapterView view(manual, *found, what.on);
    page.content += view.text();
    page.content += view.sources();
    page.content += print_button();
    return visit.show(page);
}

}  // namespace

Html manual_link(const Visit& visit, const casework::Edition& edition, const std::string& paragraph) {
    const auto* chapter = paragraph.empty() ? nullptr : edition.manual.chapter_of(paragraph);
    if (chapter == nullptr) return {};
    // An older case's paragraph is shown as it was, where the chapter has changed since.
    const auto* today = visit.office().editions.now().manual.chapter(chapter->number);
    std::optional<Date> on;
    if (today == nullptr || today->source != chapter->source) on = visit.zone().day_of(edition.from);
    return link(with_day("/manual/" + chapter->number, on) + "#" + anchor(paragraph), "Manual " + paragraph);
}

Html manual_paragraph(const content::Chapter& chapter, const content::ManualBlock& block) {
    Html words;
    for (const auto& run : block.text) {
        switch (run.kind) {
            case ManualRun::Kind::text:
                words += run.text;
                break;
            case ManualRun::Kind::strong:
                words += Writer().element("strong", "", run.text).done();
                break;
            case ManualRun::Kind::paragraph_link:
                words += Html(run.text);
                break;
            case ManualRun::Kind::citation:
                break;
        }
    }
    const auto url = "/manual/" + chapter.number + "#" + anchor(block.number);
    return paragraph(link(url, "Manual " + block.number) + Html(" ") + words);
}

std::vector<PageRoute> manual_pages() {
    return {{{Method::get, "/manual", Shows::nothing, "manual.contents"}, chapters},
            {{Method::get, "/manual/:chapter", Shows::nothing, "manual.chapter"}, chapter}};
}

}  // namespace waymark::web
