// Who may sign in, accounts of this store's own, the steps of a sign-in, and guesses counted.
#include "store/work.hpp"

namespace waymark::store {

namespace {

constexpr std::string_view session_text =
    "select token, practitioner, created, seen, expires, csrf, strength, issuer, subject, login, details from session ";

SignedInRow read_signed_in(CellView row) {
    Columns c(row);
    SignedInRow out;
    out.token = c.block();
    out.practitioner = c.text();
    out.created = c.instant();
    out.seen = c.instant();
    out.expires = c.instant();
    out.csrf = c.text();
    out.strength = c.text();
    out.issuer = c.text();
    out.subject = c.blob();
    out.login = c.blob();
    out.details = c.blob();
    return out;
}

EngagementRow read_engagement(CellView row) {
    const auto text_or_null = [](const Cell& c) { return c.null ? std::nullopt : std::optional(std::string(c.bytes)); };
    EngagementRow out;
    out.agency = text_or_null(row[1]);
    out.role = text_or_null(row[2]);
    Columns c(row);
    out.practitioner = c.text();
    c.text();
    c.text();
    out.closed = c.instant_or_null();
    out.last_sign_in = c.instant_or_null();
    out.last_issuer = c.text();
    out.last_strength = c.text();
    return out;
}

AccountRow read_account(CellView row) {
    Columns c(row);
    AccountRow out;
    out.practitioner = c.text();
    out.changed = c.instant();
    out.sealed = c.blob();
    return out;
}

Cell cell_or_null(const std::optional<std::string>& text) {
    Cell out = cell(std::string_view(text ? *text : std::string_view{}));
    out.null = !text;
    return out;
}

}  // namespace

SignInReading& sign_ins(Snapshot& snapshot) {
    return dynamic_cast<SignInReading&>(snapshot);
}
SignInWriting& sign_ins(Transaction& transaction) {
    return dynamic_cast<SignInWriting&>(transaction);
}

std::optional<SignedInRow> Work::signed_in(Partnership p, const Digest& token) {
    std::optional<SignedInRow> out;
    db_.run(std::string(session_text) + "where partnership = $1 and token = $2", {cell(p), cell(token)},
            [&](CellView row) { out = read_signed_in(row); });
    return out;
}

std::vector<SignedInRow> Work::sessions_of(Partnership p, std::string_view practitioner, std::size_t limit) {
    std::vector<SignedInRow> out;
    db_.run(std::string(session_text) +
                "where partnership = $1 and practitioner = $2 order by created desc, token limit $3",
            {cell(p), cell(practitioner), cell(limit)}, [&](CellView row) { out.push_back(read_signed_in(row)); });
    return out;
}

void Work::put_signed_in(Partnership p, const SignedInRow& row) {
    const SessionRow& s = row;
    db_.run(
        "insert into session (partnership, token, practitioner, created, seen, expires, csrf, strength, issuer, "
        "subject, login, details) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
        "on conflict (partnership, token) do update set practitioner = excluded.practitioner, created = "
        "excluded.created, seen = excluded.seen, expires = excluded.expires, csrf = excluded.csrf, strength = "
        "excluded.strength, issuer = excluded.issuer, subject = excluded.subject, login = excluded.login, details = "
        "excluded.details",
        {cell(p), cell(s.token), cell(s.practitioner), cell(s.created), cell(s.seen), cell(s.expires), cell(s.csrf),
         cell(row.strength), cell(row.issuer), cell(row.subject), cell(row.login), cell(row.details)});
}

std::int64_t Work::delete_sessions_of(Partnership p, std::string_view practitioner,
                                      const std::optional<Digest>& except) {
    // No digest is empty: without an exception nothing is spared.
    const ByteView spared = except ? ByteView(*except) : ByteView{};
    return db_.run("delete from session where partnership = $1 and practitioner = $2 and token <> $3",
                   {cell(p), cell(practitioner), cell(spared)});
}

std::int64_t Work::delete_sessions_at(Partnership p, std::string_view issuer, ByteView login, ByteView subject) {
    if (!login.empty())
        return db_.run("delete from session where partnership = $1 and issuer = $2 and login = $3",
                       {cell(p), cell(issuer), cell(login)});
    if (subject.empty()) return 0;
    return db_.run("delete from session where partnership = $1 and issuer = $2 and subject = $3",
                   {cell(p), cell(issuer), cell(subject)});
}

void Work::delete_expired_sign_ins(Partnership p, Instant now) {
    constexpr std::int64_t a_day = std::int64_t{24} * 3'600 * 1'000'000;
    db_.run("delete from sign_in_step where partnership = $1 and expires <= $2", {cell(p), cell(now)});
    db_.run("delete from sign_in_tally where partnership = $1 and last <= $2", {cell(p), cell(now.micros - a_day)});
}

std::optional<EngagementRow> Work::engagement(Partnership p, std::string_view practitioner) {
    std::optional<EngagementRow> out;
    db_.run(
        "select practitioner, agency, role, closed, last_sign_in, last_issuer, last_strength from engagement where "
        "partnership = $1 and practitioner = $2",
        {cell(p), cell(practitioner)}, [&](CellView row) { out = read_engagement(row); });
    return out;
}

std::vector<EngagementRow> Work::engagements(Partnership p, std::size_t limit) {
    std::vector<EngagementRow> out;
    db_.run(
        "select practitioner, agency, role, closed, last_sign_in, last_issuer, last_strength from engagement where "
        "partnership = $1 order by practitioner limit $2",
        {cell(p), cell(limit)}, [&](CellView row) { out.push_back(read_engagement(row)); });
    return out;
}

void Work::put_engagement(Partnership p, const EngagementRow& e) {
    db_.run(
        "insert into engagement (partnership, practitioner, agency, role, closed, last_sign_in, last_issuer, "
        "last_strength) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (partnership, practitioner) do update set "
        "agency = excluded.agency, role = excluded.role, closed = excluded.closed, last_sign_in = "
        "excluded.last_sign_in, last_issuer = excluded.last_issuer, last_strength = excluded.last_strength",
        {cell(p), cell(e.practitioner), cell_or_null(e.agency), cell_or_null(e.role), store::cell_or_null(e.closed),
         store::cell_or_null(e.last_sign_in), cell(e.last_issuer), cell(e.last_strength)});
}

std::optional<AccountRow> Work::account(Partnership p, std::string_view practitioner) {
    std::optional<AccountRow> out;
    db_.run("select practitioner, changed, sealed from account where partnership = $1 and practitioner = $2",
            {cell(p), cell(practitioner)}, [&](CellView row) { out = read_account(row); });
    return out;
}

std::vector<AccountRow> Work::accounts(Partnership p, std::size_t limit) {
    std::vector<AccountRow> out;
    db_.run("select practitioner, changed, sealed from account where partnership = $1 order by practitioner limit $2",
            {cell(p), cell(limit)}, [&](CellView row) { out.push_back(read_account(row)); });
    return out;
}

void Work::put_account(Partnership p, const AccountRow& a) {
    db_.run(
        "insert into account (partnership, practitioner, changed, sealed) values ($1, $2, $3, $4) "
        "on conflict (partnership, practitioner) do update set changed = excluded.changed, sealed = excluded.sealed",
        {cell(p), cell(a.practitioner), cell(a.changed), cell(a.sealed)});
}

void Work::delete_account(Partnership p, std::string_view practitioner) {
    db_.run("delete from account where partnership = $1 and practitioner = $2", {cell(p), cell(practitioner)});
}

std::optional<SignInStepRow> Work::sign_in_step(Partnership p, const Digest& token) {
    std::optional<SignInStepRow> out;
    db_.run("select token, kind, expires, sealed from sign_in_step where partnership = $1 and token = $2",
            {cell(p), cell(token)}, [&](CellView row) {
                Columns c(row);
                SignInStepRow s;
                s.token = c.block();
                s.kind = c.text();
                s.expires = c.instant();
                s.sealed = c.blob();
                out = std::move(s);
            });
    return out;
}

void Work::put_sign_in_step(Partnership p, const SignInStepRow& s) {
    db_.run(
        "insert into sign_in_step (partnership, token, kind, expires, sealed) values ($1, $2, $3, $4, $5) "
        "on conflict (partnership, token) do update set kind = excluded.kind, expires = excluded.expires, sealed = "
        "excluded.sealed",
        {cell(p), cell(s.token), cell(s.kind), cell(s.expires), cell(s.sealed)});
}

void Work::delete_sign_in_step(Partnership p, const Digest& token) {
    db_.run("delete from sign_in_step where partnership = $1 and token = $2", {cell(p), cell(token)});
}

std::optional<SignInTallyRow> Work::sign_in_tally(Partnership p, const Digest& tag) {
    std::optional<SignInTallyRow> out;
    db_.run("select tag, failures, last from sign_in_tally where partnership = $1 and tag = $2", {cell(p), cell(tag)},
            [&](CellView row) {
                Columns c(row);
                SignInTallyRow t;
                t.tag = c.block();
                t.failures = c.whole();
                t.last = c.instant();
                out = t;
            });
    return out;
}

void Work::put_sign_in_tally(Partnership p, const SignInTallyRow& t) {
    db_.run(
        "insert into sign_in_tally (partnership, tag, failures, last) values ($1, $2, $3, $4) "
        "on conflict (partnership, tag) do update set failures = excluded.failures, last = excluded.last",
        {cell(p), cell(t.tag), cell(t.failures), cell(t.last)});
}

void Work::delete_sign_in_tally(Partnership p, const Digest& tag) {
    db_.run("delete from sign_in_tally where partnership = $1 and tag = $2", {cell(p), cell(tag)});
}

}  // namespace waymark::store
