// The partnerships of a store.
#include "store/tables.hpp"
#include "store/work.hpp"

namespace waymark::store {

std::vector<PartnershipRow> Work::partnerships() {
    std::vector<PartnershipRow> out;
    db_.run("select partnership, key, name, profile, demonstration from partnership order by partnership", {},
            [&](CellView row) {
                Columns c(row);
                PartnershipRow p;
                p.partnership = static_cast<Partnership>(c.whole());
                p.key = c.text();
                p.name = c.text();
                p.profile = c.text();
                p.demonstration = c.flag();
                out.push_back(std::move(p));
            });
    return out;
}

void Work::insert_partnership(const PartnershipRow& p) {
    db_.insert_many(tables::partnership, 1, [&](std::size_t, Cells& cells) {
        cells = {cell(p.partnership), cell(p.key), cell(p.name), cell(p.profile), cell(p.demonstration ? 1 : 0)};
    });
}

void Work::update_profile(Partnership p, std::string_view toml) {
    db_.run("update partnership set profile = $2 where partnership = $1", {cell(p), cell(toml)});
}

}  // namespace waymark::store
