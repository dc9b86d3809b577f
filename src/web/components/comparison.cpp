// Writes a comparison; each cell repeats its column's heading for screens on which the columns become lines.
#include "web/components/comparison.hpp"

namespace waymark::web {

namespace {

const std::string& word(const ComparisonWords& words, Agreement agreement) {
    switch (agreement) {
        case Agreement::same:
            return words.same;
        case Agreement::similar:
            return words.similar;
        case Agreement::differs:
            return words.differs;
        case Agreement::one_missing:
            return words.one_missing;
        case Agreement::both_missing:
            break;
    }
    return words.both_missing;
}

void write_row(Writer& w, const ComparisonOptions& o, const ComparisonRow& row) {
    const auto cell = [&w](const Html& heading, const Html& content) {
        w.open("td").classes({"govuk-table__cell"});
        // Narrow screens show the cells one below the other, each with the heading of its column.
        w.open("span").classes({"waymark-comparison__column"}).attr("aria-hidden", "true").add(heading).close("span");
        w.add(content).close("td");
    };
    const Html missing = o.words.not_recorded;
    const bool differs = row.agreement == Agreement::differs;
    w.open("tr").classes({"govuk-table__row", differs ? "waymark-comparison__row--differs" : ""});
    w.open("th").attr("scope", "row").classes({"govuk-table__header"}).add(row.label).close("th");
    cell(o.left_heading, row.left.empty() ? missing : row.left);
    cell(o.right_heading, row.right.empty() ? missing : row.right);
    cell(o.words.verdict, row.note.empty() ? Html(word(o.words, row.agreement)) : row.note);
    w.close("tr");
}

}  // namespace

Html comparison(const ComparisonOptions& o) {
    Writer w;
    w.open("table").classes({"govuk-table waymark-comparison waymark-stacks"});
    if (!o.caption.empty()) {
        w.open("caption").classes({"govuk-table__caption", o.caption_classes}).text(o.caption).close("caption");
    }
    w.open("thead").classes({"govuk-table__head"}).open("tr").classes({"govuk-table__row"});
    for (const Html& heading : {Html(o.words.fact), o.left_heading, o.right_heading, Html(o.words.verdict)}) {
        w.open("th").attr("scope", "col").classes({"govuk-table__header"}).add(heading).close("th");
    }
    w.close("tr").close("thead").open("tbody").classes({"govuk-table__body"});
    for (const ComparisonRow& row : o.rows) write_row(w, o, row);
    w.close("tbody").close("table");
    return w.done();
}

}  // namespace waymark::web
