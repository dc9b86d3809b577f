// Writes a table.
#include "web/components/table.hpp"

namespace waymark::web {

namespace {

void write_spans(Writer& w, const TableCell& cell) {
    if (cell.colspan > 0) w.attr("colspan", cell.colspan);
    if (cell.rowspan > 0) w.attr("rowspan", cell.rowspan);
    w.attrs(cell.attributes);
}

void write_cell(Writer& w, const TableCell& cell, bool header) {
    if (header) {
        w.open("th").attr("scope", "row").classes({"govuk-table__header", cell.classes});
    } else {
        const std::string format = cell.format.empty() ? "" : "govuk-table__cell--" + cell.format;
        w.open("td").classes({"govuk-table__cell", format, cell.classes});
    }
    write_spans(w, cell);
    w.add(cell.content).close(header ? "th" : "td");
}

}  // namespace

Html table(const TableOptions& o) {
    Writer w;
    w.open("table").classes({"govuk-table", o.classes}).attrs(o.attributes);
    if (!o.caption.empty()) {
        w.open("caption").classes({"govuk-table__caption", o.caption_classes}).text(o.caption).close("caption");
    }
    if (!o.head.empty()) {
        w.open("thead").classes({"govuk-table__head"}).open("tr").classes({"govuk-table__row"});
        for (const TableCell& cell : o.head) {
            const std::string format = cell.format.empty() ? "" : "govuk-table__header--" + cell.format;
            w.open("th").attr("scope", "col").classes({"govuk-table__header", format, cell.classes});
            write_spans(w, cell);
            w.add(cell.content).close("th");
        }
        w.close("tr").close("thead");
    }
    w.open("tbody").classes({"govuk-table__body"});
    for (const std::vector<TableCell>& row : o.rows) {
        w.open("tr").classes({"govuk-table__row"});
        bool first = true;
        for (const TableCell& cell : row) {
            write_cell(w, cell, first && o.first_cell_is_header);
            first = false;
        }
        w.close("tr");
    }
    w.close("tbody").close("table");
    return w.done();
}

}  // namespace waymark::web
