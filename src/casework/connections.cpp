// The conflict register: declared, compared, kept, cleared.
#include "casework/connections.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/glass.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view declared_kind = "connection.declared";
constexpr std::string_view ended_kind = "connection.ended";
constexpr std::string_view found_kind = "conflict.found";
constexpr std::string_view cleared_kind = "conflict.cleared";
constexpr std::size_t most_connections = 20'000;
constexpr std::size_t most_conflicts = 5'000;
constexpr std::size_t most_hits = 500;  // of one token

record::Identity declared_identity(const Declared& declared) {
    record::Identity identity;
    identity.source = identity.id = "connection";
    identity.given_name = declared.given_name;
    identity.family_name = declared.family_name;
    identity.date_of_birth = declared.date_of_birth;
    identity.address = declared.address;
    identity.postcode = declared.postcode;
    identity.phone = declared.phone;
    return identity;
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](const auto& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

std::vector<std::string> signs_between(const people::Features& mine, const people::Features& theirs) {
    std::vector<std::string> signs;
    const auto same = [](const std::string& a, const std::string& b) { return !a.empty() && a == b; };
    const bool family = share_one(mine.family, theirs.family);
    const bool born = mine.date_of_birth && theirs.date_of_birth && *mine.date_of_birth == *theirs.date_of_birth &&
                      theirs.dob_accuracy == "AAA";
    if (family && born && share_one(mine.given, theirs.given)) signs.emplace_back("person");
    if (family) signs.emplace_back("family-name");
    if (same(mine.address, theirs.address)) signs.emplace_back("address");
    if (same(mine.postcode, theirs.postcode)) signs.emplace_back("postcode");
    if (same(mine.phone, theirs.phone)) signs.emplace_back("phone");
    return signs;
}

Connection connection_of(const record::Entry& entry) {
    const auto text = [&](std::string_view name) { return std::string(string_or(entry.body, name, "")); };
    Connection one;
    one.entry = entry.row.entry;
    one.who = entry.row.author;
    one.at = entry.row.at.instant;
    auto& said = one.declared;
    said.relation = text("relation");
    said.given_name = text("given_name");
    said.family_name = text("family_name");
    if (const auto born = parse_date(text("date_of_birth"))) said.date_of_birth = *born;
    said.address = text("address");
    said.postcode = text("postcode");
    said.phone = text("phone");
    return one;
}

Result<std::vector<Connection>> connections_in(const Office& office, store::Snapshot& snapshot,
                                               std::string_view author = {}) {
    const auto p = office.partnership;
    const auto kept =
        snapshot.access_entries_of(p, declared_kind, Instant{}, store::Want::whole, most_connections, author);
    std::vector<Connection> out;
    if (kept.empty()) return out;
    std::unordered_map<EntryId, std::vector<std::pair<std::string, Instant>>> ended;  // by whom, when
    for (const auto& one : snapshot.access_entries_of(p, ended_kind, Instant{}, store::Want::cards, most_connections))
        ended[one.row.about].emplace_back(one.row.author, one.row.at.instant);
    for (const auto& one : kept) {
        const auto& said = ended[one.row.entry];
        const auto by_other = [&](const auto& by) { return by.first != one.row.author; };
        if (std::any_of(said.begin(), said.end(), by_other)) continue;
        out.push_back(connection_of(TRY(office.journal->open(one))));
        if (!said.empty()) out.back().said_ended = said.front().second;
    }
    return out;
}

struct Match {
    const Connection* connection = nullptr;
    ViewId record;
    std::vector<std::string> signs;
};

// One entry for each practitioner, connection and record, once.
Result<void> keep_conflicts(const Office& office, store::Transaction& tx, const std::vector<Match>& matches) {
    const auto p = office.partnership;
    std::vector<record::Ready> entries;
    std::vector<store::SourceKey> keys;
    std::set<std::string> in_hand;
    for (const auto& match : matches) {
        const auto id = fmt::format("conflict:{}:{}", to_string(match.connection->entry), to_string(match.record));
        if (!in_hand.insert(id).second) continue;
        record::Ready ready;
        ready.id = EntryId{make_uuid7(office.clock, office.random)};
        ready.record = match.record;
        record::KeptSubject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.view = match.record;
        ready.subjects.push_back(subject);
        auto& draft = ready.draft;
        draft.kind = found_kind;
        draft.at = {office.clock.now(), false};
        draft.agency = engine_agency;
        draft.author = engine_author;
        draft.id = id;
        draft.subjects.push_back({subject.involvement, std::nullopt, match.record});
        draft.body = {{"who", match.connection->who},
                      {"how", likeness_of(match.signs) == Likeness::person ? "declared" : "detected"},
                      {"signs", json::array(match.signs.begin(), match.signs.end())},
                      {"relation", match.connection->declared.relation}};
        ready.about = match.connection->entry;
        draft.about = to_string(match.connection->entry);
        ready.digest = record::content_digest(draft);
        keys.push_back({std::string(engine_agency), id});
        entries.push_back(std::move(ready));
    }
    if (entries.empty()) return {};
    const auto known = tx.entries_by_source(p, keys);
    std::vector<record::Ready> fresh;
    std::vector<EntryId> ids;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (known[i]) continue;
        ids.push_back(entries[i].id);
        fresh.push_back(std::move(entries[i]));
    }
    if (fresh.empty()) return {};
    const auto permit = office.gate->system("conflict-register", record::Action::append);
    return office.journal->append(tx, p, permit, fresh);
}

// Whoever is in the record already: found by tokens, in whosoever's record they stand.
Result<std::vector<Match>> matches_of(const Office& office, store::Snapshot& snapshot, const Connection& connection) {
    const auto p = office.partnership;
    std::vector<Match> out;
    std::vector<std::uint64_t> tokens;
    for (const auto& tag :
         people::search_tokens_of(people::features_of(declared_identity(connection.declared)), office.token_key))
        tokens.push_back(tag.token);
    std::set<ViewId> views;
    for (const auto& hit : snapshot.views_by_token(p, tokens, most_hits))
        views.insert(hit.views.begin(), hit.views.end());
    const std::vector<ViewId> ids(views.begin(), views.end());
    std::vector<ViewId> alike;
    std::unordered_map<ViewId, std::vector<std::string>> signs;
    for (const auto& row : snapshot.views(p, ids)) {
        if (!row) continue;
        const auto identity = TRY(office.journal->open_identity(row->identity, row->view, row->version));
        auto found = signs_of(connection.declared, identity);
        if (likeness_of(found) == Likeness::none) continue;
        alike.push_back(row->view);
        signs.emplace(row->view, std::move(found));
    }
    if (alike.empty()) return out;
    // A child's own record, and the records of children whose entries brought an adult.
    const auto versions = snapshot.view_versions(p, alike);
    std::vector<EntryId> brought_by;
    for (const auto& one : versions) brought_by.push_back(one.entry);
    const auto entries = snapshot.entries(p, brought_by, store::Want::cards);
    for (std::size_t i = 0; i < versions.size(); ++i) {
        if (entries[i] && entries[i]->row.record)
            out.push_back({&connection, entries[i]->row.record, signs[versions[i].view]});
    }
    return out;
}

bool oversees_of(const Office& office, const record::Permit& permit, const std::string& who) {
    if (!permit.own_agency_only()) return true;
    const auto* practitioner = office.profile.practitioner(who);
    return practitioner != nullptr && practitioner->agency == permit.asker().agency;
}

Result<std::vector<ConflictItem>> items_for(const Office& office, store::Snapshot& snapshot,
                                            const record::Permit& permit, const std::optional<record::Permit>& reads) {
    const auto p = office.partnership;
    std::vector<record::Entry> cleared;
    std::vector<ViewId> records;
    for (const auto& one : snapshot.access_entries_of(p, cleared_kind, Instant{}, store::Want::whole, most_conflicts)) {
        cleared.push_back(TRY(office.journal->open(one)));
        records.push_back(one.row.record);
    }
    std::vector<record::Entry> found;
    for (const auto& one : snapshot.access_entries_of(p, found_kind, Instant{}, store::Want::whole, most_conflicts)) {
        found.push_back(TRY(office.journal->open(one)));
        records.push_back(one.row.record);
    }
    std::unordered_map<ViewId, ViewId> person;
    for (const auto& view : snapshot.views(p, records)) {
        if (view) person[view->view] = view->person;
    }
    std::optional<Knowing> knowing;
    if (reads) knowing = TRY(Knowing::of(office, snapshot, *reads));
    const auto* kind = office.catalogue.find(found_kind);
    std::vector<ConflictItem> out;
    for (const auto& entry : found) {
        ConflictItem item;
        item.entry = entry.row.entry;
        item.reference = reference_of(entry.row);
        item.who = string_or(entry.body, "who", "");
        if (!oversees_of(office, permit, item.who)) continue;
        item.name = practitioner_name(office, item.who);
        if (const auto* one = office.profile.practitioner(item.who)) item.agency = agency_name(office, one->agency);
        item.declared = string_or(entry.body, "how", "") == "declared";
        item.relation =
            words_of_code(office.catalogue.find(declared_kind), "relation", string_or(entry.body, "relation", ""));
        if (const auto* signs = find(entry.body, "signs"); signs != nullptr && signs->is_array()) {
            for (const auto& one : signs->get_array()) {
                if (const auto* text = one.if_string())
                    item.signs.push_back(words_of_code(kind, "signs", std::string_view(text->data(), text->size())));
            }
        }
        item.at = entry.row.at.instant;
        const auto of = person[entry.row.record];
        if (knowing && knowing->may(of)) item.person = of;
        for (const auto& one : cleared) {
            if (one.row.about != entry.row.entry || one.row.author == item.who) continue;
            item.cleared = ConflictItem::Cleared{practitioner_name(office, one.row.author),
                                                 std::string(string_or(one.body, "reason", "")), one.row.at.instant};
        }
        out.push_back(std::move(item));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return !a.cleared.has_value() && b.cleared.has_value(); });
    return out;
}

std::optional<record::Permit> may_read(const Office& office, const record::Asker& asker) {
    auto permit = office.gate->ask(asker, record::Action::read);
    return permit ? std::optional(*permit) : std::nullopt;
}

}  // namespace

std::vector<std::string> signs_of(const Declared& declared, const record::Identity& identity) {
    return signs_between(people::features_of(declared_identity(declared)), people::features_of(identity));
}

Likeness likeness_of(std::span<const std::string> signs) {
    const auto has = [&](std::string_view sign) { return std::find(signs.begin(), signs.end(), sign) != signs.end(); };
    if (has("person")) return Likeness::person;
    const bool home = has("address") || has("postcode");
    if (has("phone") || (has("family-name") && home) || (has("address") && has("postcode"))) return Likeness::suspected;
    return Likeness::none;
}

Result<EntryId> declare_connection(const Office& office, const record::Asker& asker, const DeclareConnection& request) {
    TRY_VOID(key_stands(request.key));
    const auto& said = request.declared;
    TRY_VOID(given(said.relation, "relation", "Say who this is."));
    if (trim(said.family_name).empty() && trim(said.phone).empty()) {
        return invalid("family_name", "Without a last name or a telephone number nobody can be found.",
                       "Write the last name.");
    }
    const auto permit = TRY(permit_for(office, asker, record::Action::append, declared_kind));
    return write_as<EntryId>(office, permit, declared_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, declared_kind, request.key);
        const auto put = [&](std::string_view name, const std::string& value) {
            if (!trim(value).empty()) draft.body.emplace(json::string_view(name.data(), name.size()), trim(value));
        };
        put("relation", said.relation);
        put("given_name", said.given_name);
        put("family_name", said.family_name);
        if (said.date_of_birth) put("date_of_birth", format_date(*said.date_of_birth));
        put("address", said.address);
        put("postcode", said.postcode);
        put("phone", said.phone);
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto entry = TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
        const Connection connection{entry, asker.practitioner, said, office.clock.now()};
        TRY_VOID(keep_conflicts(office, tx, TRY(matches_of(office, tx, connection))));
        return entry;
    });
}

Result<std::vector<Connection>> my_connections(const Office& office, const record::Asker& asker) {
    using Found = std::vector<Connection>;
    const auto permit = TRY(permit_for(office, asker, record::Action::append, declared_kind));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Found> {
        return connections_in(office, snapshot, asker.practitioner);
    });
}

namespace {

Fault no_such_connection() {
    return {FaultKind::missing, "entry", "There is no such connection.", "Choose one from the list."};
}

// Those whom the asker answers for, and never their own.
bool may_end_of(const Office& office, const record::Asker& asker, const record::Permit& looks, const std::string& who) {
    return who != asker.practitioner && oversees_of(office, looks, who);
}

}  // namespace

Result<EntryId> end_connection(const Office& office, const record::Asker& asker, const EndConnection& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say since when it has ended, or what was wrong."));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, ended_kind));
    const auto looks = office.gate->ask(asker, record::Action::oversee);
    return write_as<EntryId>(office, permit, ended_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, ended_kind, request.key);
        draft.body = {{"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        const auto all = TRY(connections_in(office, tx));
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const Connection& one) { return one.entry == request.entry; });
        if (found == all.end()) return tl::unexpected(no_such_connection());
        const bool own = found->who == asker.practitioner;
        if (!own && !(looks && found->said_ended && may_end_of(office, asker, *looks, found->who)))
            return tl::unexpected(no_such_connection());
        if (own && found->said_ended) {
            return fault(FaultKind::conflict, "entry", "You have said so already.", "A manager answers it.");
        }
        draft.about = to_string(request.entry);
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<std::vector<EndedConnection>> ended_connections(const Office& office, const record::Asker& asker) {
    using Found = std::vector<EndedConnection>;
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Found> {
        Found out;
        std::unordered_map<EntryId, std::string> reasons;
        for (const auto& one : snapshot.access_entries_of(office.partnership, ended_kind, Instant{}, store::Want::whole,
                                                          most_connections)) {
            const auto entry = TRY(office.journal->open(one));
            reasons.emplace(one.row.about, std::string(string_or(entry.body, "reason", "")));
        }
        for (const auto& one : TRY(connections_in(office, snapshot))) {
            if (!one.said_ended || !may_end_of(office, asker, permit, one.who)) continue;
            out.push_back({one.entry, one.who, practitioner_name(office, one.who),
                           words_of_code(office.catalogue.find(declared_kind), "relation", one.declared.relation),
                           reasons[one.entry], one.at, *one.said_ended});
        }
        return out;
    });
}

Result<std::vector<ConflictItem>> conflicts(const Office& office, const record::Asker& asker) {
    using Found = std::vector<ConflictItem>;
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    const auto reads = may_read(office, asker);
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Found> {
        return items_for(office, snapshot, permit, reads);
    });
}

Result<ConflictItem> conflict_item(const Office& office, const record::Asker& asker, EntryId entry) {
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    const auto reads = may_read(office, asker);
    return read_as<ConflictItem>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<ConflictItem> {
        for (auto& one : TRY(items_for(office, snapshot, permit, reads))) {
            if (one.entry == entry) return std::move(one);
        }
        return fault(FaultKind::missing, "entry", "There is no such conflict.", "Choose one from the list.");
    });
}

Result<EntryId> clear_conflict(const Office& office, const record::Asker& asker, const ClearConflict& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say how you know that it is not so."));
    const auto looks = TRY(permit_for(office, asker, record::Action::oversee));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, cleared_kind));
    return write_as<EntryId>(office, permit, cleared_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        const auto nothing =
            fault(FaultKind::missing, "entry", "There is no such conflict.", "Choose one from the list.");
        const auto row = tx.entries(office.partnership, std::vector{request.entry}, store::Want::whole).front();
        if (!row || row->row.kind != found_kind) return nothing;
        const auto entry = TRY(office.journal->open(*row));
        const std::string who(string_or(entry.body, "who", ""));
        if (!oversees_of(office, looks, who)) return nothing;
        if (who == asker.practitioner) {
            return fault(FaultKind::forbidden, "own-conflict", "Nobody clears a conflict of their own.",
                         "Another manager looks into it.");
        }
        auto draft = draft_by(office, asker, cleared_kind, request.key);
        draft.body = {{"who", who}, {"reason", request.reason}};
        if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
        draft.about = to_string(request.entry);
        record::Subject subject;
        subject.involvement = static_cast<record::Involvements>(record::Involvement::subject);
        subject.person = row->row.record;
        draft.subjects.push_back(std::move(subject));
        return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
    });
}

Result<std::vector<Connection>> declared_connections(const Office& office, store::Snapshot& snapshot) {
    return connections_in(office, snapshot);
}

Result<void> note_conflicts(const Office& office, store::Transaction& tx, std::span<const Brought> brought) {
    const auto connections = TRY(connections_in(office, tx));
    if (connections.empty()) return {};
    std::vector<people::Features> declared;
    declared.reserve(connections.size());
    for (const auto& one : connections) declared.push_back(people::features_of(declared_identity(one.declared)));
    std::vector<Match> matches;
    for (const auto& one : brought) {
        const auto theirs = people::features_of(*one.identity);
        for (std::size_t i = 0; i < connections.size(); ++i) {
            auto signs = signs_between(declared[i], theirs);
            if (likeness_of(signs) != Likeness::none)
                matches.push_back({&connections[i], one.record, std::move(signs)});
        }
    }
    return keep_conflicts(office, tx, matches);
}

}  // namespace waymark::casework
