// Writes a timeline.
#include "web/components/timeline.hpp"

namespace waymark::web {

Html timeline(const TimelineOptions& o) {
    Writer w;
    w.open("div").classes({"moj-timeline", o.classes}).attrs(o.attributes);
    for (const TimelineItem& item : o.items) {
        w.open("div").classes({"moj-timeline__item", item.classes}).attrs(item.attributes);
        w.open("div").classes({"moj-timeline__header"});
        w.open_heading(o.heading_level).classes({"moj-timeline__title"}).add(item.label).close_heading(o.heading_level);
        if (!item.byline.empty()) {
            w.literal(" ").open("p").classes({"moj-timeline__byline"}).text(o.by).literal(" ");
            w.add(item.byline).close("p");
        }
        w.close("div");
        w.open("p").classes({"moj-timeline__date"}).open("time").attr_if("datetime", item.machine_date);
        w.add(item.shown_date).close("time").close("p");
        if (!item.content.empty()) w.element("div", "moj-timeline__description", item.content);
        w.close("div");
    }
    w.close("div");
    return w.done();
}

}  // namespace waymark::web
