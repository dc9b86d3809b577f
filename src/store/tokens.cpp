// Keyed tags under which views are found.
#include <bit>

#include "store/work.hpp"

namespace waymark::store {

namespace {
// Both engines know signed integers only; a tag is an opaque pattern of 64 bits.
Cell tag(std::uint64_t token) {
    return cell(std::bit_cast<std::int64_t>(token));
}
}  // namespace

std::vector<Work::TokenHits> Work::views_by_token(Partnership p, std::span<const std::uint64_t> tokens,
                                                  std::size_t limit_each) {
    std::vector<TokenHits> out(tokens.size());
    db_.run_many(
        "select view from token where partnership = $1 and token = $2 order by view limit $3", tokens.size(),
        [&](std::size_t i, Cells& cells) {
            cells = {cell(p), tag(tokens[i]), cell(limit_each + 1)};
        },
        [&](std::size_t i, CellView row) {
            if (out[i].views.size() == limit_each) {
                out[i].more = true;
            } else {
                out[i].views.push_back(Columns(row).id<ViewId>());
            }
        });
    return out;
}

void Work::insert_tokens(Partnership p, std::span<const TokenRow> rows) {
    db_.run_many("insert into token (partnership, token, view) values ($1, $2, $3) on conflict do nothing", rows.size(),
                 [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), tag(rows[i].token), cell(rows[i].view)};
                 });
}

void Work::delete_tokens_of(Partnership p, std::span<const ViewId> views) {
    db_.run_many("delete from token where partnership = $1 and view = $2", views.size(),
                 [&](std::size_t i, Cells& cells) {
                     cells = {cell(p), cell(views[i])};
                 });
}

}  // namespace waymark::store
