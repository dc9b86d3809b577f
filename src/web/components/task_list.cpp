// Writes a task list; a task's link is described by its hint and its status.
#include "web/components/task_list.hpp"

namespace waymark::web {

namespace {

void write_item(Writer& w, const TaskListItem& item, const std::string& id) {
    w.open("li").classes(
        {"govuk-task-list__item", item.href.empty() ? "" : "govuk-task-list__item--with-link", item.classes});
    w.open("div").classes({"govuk-task-list__name-and-hint"});
    if (item.href.empty()) {
        w.element("div", item.title_classes, item.title);
    } else {
        w.open("a").classes({"govuk-link govuk-task-list__link", item.title_classes}).href(item.href);
        w.attr("aria-describedby", (item.hint.empty() ? std::string() : id + "-hint ") + id + "-status");
        w.add(item.title).close("a");
    }
    if (!item.hint.empty()) {
        w.open("div").attr("id", id + "-hint").classes({"govuk-task-list__hint"}).add(item.hint).close("div");
    }
    w.close("div");
    w.open("div").classes({"govuk-task-list__status", item.status.classes}).attr("id", id + "-status");
    w.add(item.status.tag ? tag(*item.status.tag) : item.status.text).close("div").close("li");
}

}  // namespace

Html task_list(const TaskListOptions& o) {
    Writer w;
    w.open("ul").classes({"govuk-task-list", o.classes}).attrs(o.attributes);
    std::size_t index = 0;
    for (const TaskListItem& item : o.items) {
        ++index;
        if (item.when) write_item(w, item, o.id_prefix + "-" + std::to_string(index));
    }
    w.close("ul");
    return w.done();
}

}  // namespace waymark::web
