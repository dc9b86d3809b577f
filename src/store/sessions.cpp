// Sessions, drafts and sealed secrets.
#include "store/work.hpp"

namespace waymark::store {

namespace {

DraftRow read_draft(CellView row) {
    Columns c(row);
    DraftRow out;
    out.draft = c.id<DraftId>();
    out.practitioner = c.text();
    out.form = c.text();
    out.saved = c.instant();
    out.expires = c.instant();
    out.fields = c.blob();
    return out;
}

}  // namespace

std::optional<SessionRow> Work::session(Partnership p, const Digest& token) {
    std::optional<SessionRow> out;
    db_.run(
        "select token, practitioner, created, seen, expires, csrf from session where partnership = $1 and token = $2",
        {cell(p), cell(token)}, [&](CellView row) {
            Columns c(row);
            SessionRow s;
            s.token = c.block();
            s.practitioner = c.text();
            s.created = c.instant();
            s.seen = c.instant();
            s.expires = c.instant();
            s.csrf = c.text();
            out = std::move(s);
        });
    return out;
}

void Work::put_session(Partnership p, const SessionRow& s) {
    db_.run(
        "insert into session (partnership, token, practitioner, created, seen, expires, csrf) values ($1, $2, $3, $4, "
        "$5, $6, $7) "
        "on conflict (partnership, token) do update set practitioner = excluded.practitioner, created = "
        "excluded.created, "
        "seen = excluded.seen, expires = excluded.expires, csrf = excluded.csrf",
        {cell(p), cell(s.token), cell(s.practitioner), cell(s.created), cell(s.seen), cell(s.expires), cell(s.csrf)});
}

void Work::delete_session(Partnership p, const Digest& token) {
    db_.run("delete from session where partnership = $1 and token = $2", {cell(p), cell(token)});
}

std::optional<DraftRow> Work::draft(Partnership p, DraftId id) {
    std::optional<DraftRow> out;
    db_.run("select draft, practitioner, form, saved, expires, fields from draft where partnership = $1 and draft = $2",
            {cell(p), cell(id)}, [&](CellView row) { out = read_draft(row); });
    return out;
}

std::vector<DraftRow> Work::drafts_of(Partnership p, std::string_view practitioner, std::size_t limit) {
    std::vector<DraftRow> out;
    db_.run(
        "select draft, practitioner, form, saved, expires, fields from draft where partnership = $1 and practitioner = "
        "$2 "
        "order by saved desc, draft limit $3",
        {cell(p), cell(practitioner), cell(limit)}, [&](CellView row) { out.push_back(read_draft(row)); });
    return out;
}

void Work::put_draft(Partnership p, const DraftRow& d) {
    db_.run(
        "insert into draft (partnership, draft, practitioner, form, saved, expires, fields) values ($1, $2, $3, $4, "
        "$5, $6, $7) "
        "on conflict (partnership, draft) do update set practitioner = excluded.practitioner, form = excluded.form, "
        "saved = excluded.saved, expires = excluded.expires, fields = excluded.fields",
        {cell(p), cell(d.draft), cell(d.practitioner), cell(d.form), cell(d.saved), cell(d.expires), cell(d.fields)});
}

void Work::delete_draft(Partnership p, DraftId id) {
    db_.run("delete from draft where partnership = $1 and draft = $2", {cell(p), cell(id)});
}

void Work::delete_expired(Partnership p, Instant now) {
    db_.run("delete from session where partnership = $1 and expires <= $2", {cell(p), cell(now)});
    db_.run("delete from draft where partnership = $1 and expires <= $2", {cell(p), cell(now)});
    delete_expired_sign_ins(p, now);
    constexpr std::int64_t two_days = std::int64_t{2} * 24 * 3'600 * 1'000'000;  // by then a day is over anywhere
    db_.run("delete from prompt where partnership = $1 and shown <= $2", {cell(p), cell(now.micros - two_days)});
}

std::optional<Bytes> Work::secret(Partnership p, std::string_view name) {
    std::optional<Bytes> out;
    db_.run("select sealed from secret where partnership = $1 and name = $2", {cell(p), cell(name)},
            [&](CellView row) { out = Columns(row).blob(); });
    return out;
}

void Work::put_secret(Partnership p, std::string_view name, ByteView sealed) {
    db_.run(
        "insert into secret (partnership, name, sealed) values ($1, $2, $3) "
        "on conflict (partnership, name) do update set sealed = excluded.sealed",
        {cell(p), cell(name), cell(sealed)});
}

}  // namespace waymark::store
