// What both engines promise alike of views, tokens and links.
#include "support/scratch_store.hpp"
#include "support/store_steps.hpp"

using namespace waymark;
using namespace waymark::store;
using namespace waymark::testing;

namespace {

ViewRow sample_view(std::uint64_t n) {
    ViewRow v;
    v.view = sample_id<ViewId>(n);
    v.agency = "csc";
    v.source = "mosaic";
    v.source_id = std::to_string(n);
    v.person = v.view;
    v.recorded = {static_cast<std::int64_t>(n)};
    v.identity = sample_bytes("identity", n, 100);
    return v;
}

}  // namespace

TEST_CASE("views are found by id, by key and by person, and keep every version") {
    for_each_engine([](Store& store) {
        const std::vector<ViewRow> rows = {sample_view(1), sample_view(2), sample_view(3)};
        std::vector<ViewVersion> firsts;
        for (const ViewRow& v : rows) firsts.push_back({v.view, 1, v.recorded, sample_id<EntryId>(1), v.identity});
        const std::vector<ViewVersion> second = {{rows[1].view, 2, {500}, {}, sample_bytes("new", 1, 50)}};
        change(store, [&](Transaction& t) {
            t.insert_views(here, rows);
            t.add_view_versions(here, firsts);
            t.add_view_versions(here, second);
            const std::vector<std::pair<ViewId, ViewId>> persons = {{rows[2].view, rows[1].view}};
            t.set_persons(here, persons);
        });
        const std::vector<ViewKey> keys = {{"csc", "mosaic", "2"}, {"csc", "other", "2"}};
        const auto by_key = ask(store, [&](Snapshot& s) { return s.views_by_key(here, keys); });
        REQUIRE(by_key[0]);
        CHECK(by_key[0]->view == rows[1].view);
        CHECK(by_key[0]->version == 2);
        CHECK(by_key[0]->identity == second[0].identity);
        CHECK(by_key[0]->recorded == rows[1].recorded);
        CHECK_FALSE(by_key[1]);
        CHECK(ask(store, [&](Snapshot& s) { return s.views_of_agency(here, "csc", 2); }).size() == 2);
        CHECK(ask(store, [&](Snapshot& s) { return s.views_of_agency(here, "csc", 9); }).size() == 3);
        CHECK(ask(store, [&](Snapshot& s) { return s.views_of_agency(here, "police", 9); }).empty());
        const std::vector<ViewId> persons = {rows[1].view};
        const auto cluster = ask(store, [&](Snapshot& s) { return s.views_of_persons(here, persons); });
        REQUIRE(cluster.size() == 2);
        CHECK(cluster[0].view == rows[1].view);
        CHECK(cluster[1].view == rows[2].view);
        const auto versions = ask(store, [&](Snapshot& s) { return s.view_versions(here, persons); });
        REQUIRE(versions.size() == 2);
        CHECK(versions[0].identity == rows[1].identity);
        CHECK(versions[0].entry == sample_id<EntryId>(1));
        CHECK(versions[1].version == 2);
        CHECK(versions[1].entry.is_nil());
        int seen = 0;
        REQUIRE(store.read([&](Snapshot& s) -> Result<void> {
            s.scan_views(here, [&](const ViewRow&) { return ++seen > 0; });
            return {};
        }));
        CHECK(seen == 3);
    });
}

TEST_CASE("tokens find views up to a limit, say when there are more, ignore repeats and go with their view") {
    for_each_engine([](Store& store) {
        const std::uint64_t high = 0xffff'ffff'ffff'fff0;
        std::vector<TokenRow> rows;
        for (std::uint64_t n = 0; n < 20; ++n) rows.push_back({high, sample_id<ViewId>(n)});
        rows.push_back({7, sample_id<ViewId>(3)});
        change(store, [&](Transaction& t) {
            t.insert_tokens(here, rows);
            t.insert_tokens(here, rows);
        });
        const std::vector<std::uint64_t> tokens = {7, high, 8};
        auto hits = ask(store, [&](Snapshot& s) { return s.views_by_token(here, tokens, 19); });
        CHECK(hits[0].views == std::vector<ViewId>{sample_id<ViewId>(3)});
        CHECK_FALSE(hits[0].more);
        CHECK(hits[1].views.size() == 19);
        CHECK(hits[1].more);
        CHECK(hits[2].views.empty());
        const std::vector<ViewId> gone = {sample_id<ViewId>(3)};
        change(store, [&](Transaction& t) { t.delete_tokens_of(here, gone); });
        hits = ask(store, [&](Snapshot& s) { return s.views_by_token(here, tokens, 19); });
        CHECK(hits[0].views.empty());
        CHECK(hits[1].views.size() == 19);
        CHECK_FALSE(hits[1].more);
    });
}

TEST_CASE("a link is replaced by its two views and found from either") {
    for_each_engine([](Store& store) {
        const auto link = [](std::uint64_t a, std::uint64_t b, LinkState state, double weight) {
            LinkRow l;
            l.a = sample_id<ViewId>(a);
            l.b = sample_id<ViewId>(b);
            l.state = state;
            l.weight = weight;
            l.evidence = sample_bytes("evidence", a, 60);
            l.when = {static_cast<std::int64_t>(100 - a)};
            return l;
        };
        const std::vector<LinkRow> rows = {link(1, 2, LinkState::review, -3.25), link(2, 3, LinkState::linked, 12.5),
                                           link(4, 5, LinkState::review, 1)};
        change(store, [&](Transaction& t) { t.put_links(here, rows); });
        std::vector<LinkRow> again = {link(1, 2, LinkState::confirmed, 0)};
        again[0].decided_by = sample_id<EntryId>(9);
        change(store, [&](Transaction& t) { t.put_links(here, again); });
        const std::vector<ViewId> asked = {sample_id<ViewId>(2), sample_id<ViewId>(3)};
        const auto found = ask(store, [&](Snapshot& s) { return s.links_of(here, asked); });
        REQUIRE(found.size() == 2);
        const auto& confirmed = found[0].a == sample_id<ViewId>(1) ? found[0] : found[1];
        CHECK(confirmed.state == LinkState::confirmed);
        CHECK(confirmed.decided_by == sample_id<EntryId>(9));
        CHECK(confirmed.evidence == again[0].evidence);
        const auto to_review = ask(store, [&](Snapshot& s) { return s.links_in_state(here, LinkState::review, 10); });
        REQUIRE(to_review.size() == 1);
        CHECK(to_review[0].weight == 1.0);
        CHECK(to_review[0].decided_by.is_nil());
        const std::vector<LinkRow> wrong = {link(6, 6, LinkState::review, 0)};
        CHECK(store
                  .write([&](Transaction& t) -> Result<void> {
                      t.put_links(here, wrong);
                      return {};
                  })
                  .error()
                  .kind == FaultKind::invalid);
    });
}
