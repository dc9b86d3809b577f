// The components, and the writer itself, each with the text in every field that takes one.
#include "door/positions.hpp"

#include "web/components/accordion.hpp"
#include "web/components/badge.hpp"
#include "web/components/breadcrumbs.hpp"
#include "web/components/button.hpp"
#include "web/components/character_count.hpp"
#include "web/components/checkboxes.hpp"
#include "web/components/comparison.hpp"
#include "web/components/details.hpp"
#include "web/components/error_summary.hpp"
#include "web/components/identity_bar.hpp"
#include "web/components/input.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/notification_banner.hpp"
#include "web/components/pagination.hpp"
#include "web/components/panel.hpp"
#include "web/components/radios.hpp"
#include "web/components/select.hpp"
#include "web/components/service_navigation.hpp"
#include "web/components/sub_navigation.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tabs.hpp"
#include "web/components/tag.hpp"
#include "web/components/task_list.hpp"
#include "web/components/textarea.hpp"
#include "web/components/timeline.hpp"
#include "web/components/warning_text.hpp"
#include "web/components/waterfall.hpp"
#include "web/page.hpp"
#include "web/words.hpp"

namespace waymark::door {

namespace {

using namespace web;

class Blocks {
public:
    explicit Blocks(std::size_t number) : number_(std::to_string(number)) {}
    void put(const char* at, const Html& content) {
        out_.open("div").attr("data-at", at).attr("data-n", number_).add(content).close("div");
    }
    // An id of its own for each component that needs one.
    [[nodiscard]] std::string id(const char* name) const { return std::string(name) + "-" + number_; }
    Html done() { return out_.done(); }

private:
    std::string number_;
    Writer out_;
};

void plain(Blocks& b, const std::string& p) {
    Writer text, attribute, address, list, hidden, svg, data;
    b.put("text", text.open("p").text(p).close("p").done());
    b.put("attribute", attribute.open("p").attr("title", p).text("x").close("p").done());
    b.put("address", address.open("a").href(p).text("x").close("a").done());
    b.put("attributes", list.open("p").attrs({{"lang", p}, {"data-any", p}}).text("x").close("p").done());
    b.put("hidden", hidden.open("input").attr("type", "hidden").attr("name", p).attr("value", p).done());
    b.put("data", data.open("form").attr("data-draft-url", p).attr("data-label", p).close("form").done());
    svg.open("svg").attr("viewBox", "0 0 9 9").attr("width", 9).attr("role", "img").attr("aria-label", p);
    svg.open("title").text(p).close("title").open("desc").text(p).close("desc");
    svg.open("text").attr("x", 1).attr("data-of", p).text(p).close("text").close("svg");
    b.put("svg", svg.done());
    b.put("link", link(p, p));
    b.put("heading", heading(2, p, "m") + paragraph(p) + hint_paragraph(p) + bullets({p, p}) + visually_hidden(p));
}

void fields(Blocks& b, const std::string& p) {
    const LabelOptions label{.text = p};
    const HintOptions hint{.text = p};
    const ErrorMessageOptions message{.text = p};
    b.put("input", input({.name = b.id("input"),
                          .label = label,
                          .hint = hint,
                          .error_message = message,
                          .value = p,
                          .prefix = {.text = p},
                          .suffix = {.text = p}}));
    b.put("textarea",
          textarea({.name = b.id("textarea"), .label = label, .hint = hint, .error_message = message, .value = p}));
    b.put("count", character_count({.name = b.id("count"),
                                    .label = label,
                                    .value = p,
                                    .max_length = 9,
                                    .textarea_description_text = p,
                                    .characters_under_limit_text = {{"other", p}},
                                    .characters_at_limit_text = p,
                                    .characters_over_limit_text = {{"other", p}}}));
    b.put(
        "select",
        select({.name = b.id("select"), .label = label, .items = {{.text = p, .value = p}, {.text = p}}, .value = p}));
    const ChoiceItem choice{.text = p, .value = p, .hint = hint, .conditional = p};
    b.put("radios", radios({.name = b.id("radios"),
                            .fieldset = FieldsetOptions{.legend = {.text = p}},
                            .hint = hint,
                            .error_message = message,
                            .items = {choice, {.divider = p}, choice},
                            .value = p}));
    b.put("checkboxes", checkboxes({.name = b.id("checkboxes"),
                                    .fieldset = FieldsetOptions{.legend = {.text = p}},
                                    .items = {choice, choice},
                                    .values = {p}}));
    b.put("button", button({.text = p, .name = p, .value = p}) + button({.text = p, .href = p}));
}

void facts(Blocks& b, const std::string& p) {
    const SummaryAction action{.text = p, .href = p, .visually_hidden_text = p};
    b.put("summary", summary_list({.rows = {{.key = p, .value = p, .actions = {.items = {action, action}}}},
                                   .card = SummaryCard{.title = p, .actions = {.items = {action}}}}));
    b.put("table", table({.caption = p,
                          .head = {{.content = p}},
                          .rows = {{{.content = p}, {.content = p, .attributes = {{"data-of", p}}}}},
                          .first_cell_is_header = true}));
    b.put("tag", tag({.text = p}) + badge({.text = p}));
    b.put("identity", identity_bar({.title = p, .badges = {{.text = p}}, .facts = {{p, p}}, .actions = p}));
    b.put("timeline",
          timeline({.items = {{.label = p, .byline = p, .machine_date = p, .shown_date = p, .content = p}}, .by = p}));
    b.put("comparison",
          comparison({.caption = p,
                      .left_heading = p,
                      .right_heading = p,
                      .rows = {{.label = p, .left = p, .right = p, .agreement = Agreement::differs, .note = p}}}));
    b.put("waterfall", waterfall({.id = b.id("waterfall"),
                                  .title = p,
                                  .description = p,
                                  .start_label = p,
                                  .start = 1,
                                  .steps = {{p, 2.0}, {p, -1.0}},
                                  .total_label = p,
                                  .marks = {{p, 1.0}}}));
    b.put("tasks", task_list({.items = {{.title = p, .href = p, .hint = p, .status = {.text = p}}},
                              .id_prefix = b.id("tasks")}));
}

void frames(Blocks& b, const std::string& p) {
    b.put("errors", error_summary({.title = p,
                                   .description = p,
                                   .errors = {{.text = p, .href = p}, {.text = p, .href = "#" + p}},
                                   .disable_auto_focus = true}));
    b.put("details", details({.summary = p, .content = p, .open = true}));
    b.put("inset", inset_text({.content = p}) + warning_text({.text = p}));
    b.put("banner",
          notification_banner({.content = p, .title = p, .title_id = b.id("banner"), .disable_auto_focus = true}));
    b.put("panel", panel({.title = p, .content = p, .heading_level = 2}));
    b.put("interruption", panel({.title = p,
                                 .content = p,
                                 .heading_level = 2,
                                 .classes = "govuk-panel--interruption",
                                 .actions = PanelActions{.items = {{.text = p, .href = p}}}}));
    b.put("accordion", accordion({.id = b.id("accordion"),
                                  .items = {{.heading = p, .summary = p, .content = p}},
                                  .remember_expanded = false,
                                  .hide_section_text = p,
                                  .show_section_text = p,
                                  .show_section_aria_label_text = p}));
    b.put("tabs", tabs({.items = {{.label = p, .id = b.id("tab"), .panel = p}}, .id = b.id("tabs"), .title = p}));
    b.put("breadcrumbs", breadcrumbs({.items = {{.text = p, .href = p}, {.text = p}}, .label_text = p}));
    b.put("pages", pagination({.previous = {.href = p, .text = p, .label_text = p},
                               .next = {.href = p, .text = p},
                               .items = {{.number = p, .href = p, .visually_hidden_text = p}},
                               .landmark_label = p}));
    b.put("sections", sub_navigation({.items = {{.text = p, .href = p}}, .label = p}));
    b.put("navigation", service_navigation({.service_name = p,
                                            .service_url = p,
                                            .items = {{.text = p, .href = p}, {.text = p, .href = p}},
                                            .navigation_id = b.id("navigation"),
                                            .menu_button_text = p,
                                            .menu_button_label = p,
                                            .aria_label = p}));
    b.put("urgent", urgent_panel({.heading = p, .content = p, .telephone = p}));
}

}  // namespace

Html positions(const std::string& payload, std::size_t number) {
    Blocks blocks(number);
    plain(blocks, payload);
    fields(blocks, payload);
    facts(blocks, payload);
    frames(blocks, payload);
    return blocks.done();
}

}  // namespace waymark::door
