// Drafts of forms: sealed, private to their author, kept 30 days.
#include "casework/access.hpp"
#include "casework/casework.hpp"

namespace waymark::casework {

namespace {

constexpr std::chrono::hours kept_for{30 * 24};
constexpr std::size_t most_bytes = 1u << 20;

record::Bound bound(DraftId draft, std::string_view practitioner) {
    return {"draft", draft.value, practitioner, 1};
}

// Whoever may write anything may keep a draft of it.
Result<record::Permit> permit_to_draft(const Office& office, const record::Asker& asker) {
    return permit_for(office, asker, record::Action::append);
}

auto no_such_draft() {
    return fault(FaultKind::missing, "draft", "There is no such draft, or it has expired.", "Begin the form again.");
}

}  // namespace

Result<DraftId> save_draft(const Office& office, const record::Asker& asker, std::optional<DraftId> known,
                           std::string_view form, const json::object& fields) {
    const auto permit = TRY(permit_to_draft(office, asker));
    const auto text = write_json(fields);
    if (text.size() > most_bytes)
        return invalid("draft", "The draft is longer than one mebibyte.", "Shorten the text.");
    const DraftId id = known.value_or(DraftId{make_uuid4(office.random)});
    return write_as<DraftId>(office, permit, "draft", [&](store::Transaction& tx) -> Result<DraftId> {
        const auto before = tx.draft(office.partnership, id);
        if (known && (!before || before->practitioner != asker.practitioner)) return no_such_draft();
        const auto now = office.clock.now();
        store::DraftRow row{id,  asker.practitioner, std::string(form),
                            now, now + kept_for,     office.seal->close(as_bytes(text), bound(id, asker.practitioner))};
        tx.put_draft(office.partnership, row);
        // One line where it begins; each pause in typing saves again and would bury the log.
        if (!before) {
            office.auditor->keep(tx, office.partnership,
                                 record::audit_line(permit, now, ViewId{}, CaseId{}, {}, "allowed"));
        }
        return id;
    });
}

namespace {

using Loaded = std::optional<json::object>;

Result<Loaded> own_draft(const Office& office, store::Snapshot& snapshot, const record::Asker& asker, DraftId id) {
    const auto row = snapshot.draft(office.partnership, id);
    if (!row || row->practitioner != asker.practitioner || row->expires <= office.clock.now()) return Loaded{};
    const auto plain = TRY(office.seal->open(row->fields, bound(id, asker.practitioner)));
    auto value = TRY(parse_json(as_text(plain)));
    if (!value.is_object()) return Loaded{};
    return Loaded{std::move(value.get_object())};
}

}  // namespace

Result<std::optional<json::object>> load_draft(const Office& office, const record::Asker& asker, DraftId id) {
    const auto permit = TRY(permit_to_draft(office, asker));
    return read_as<Loaded>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Loaded> {
        return own_draft(office, snapshot, asker, id);
    });
}

Result<std::optional<json::object>> draft_to_send(const Office& office, const record::Asker& asker, DraftId id) {
    TRY_VOID(office.gate->ask(asker, record::Action::append));
    Result<Loaded> loaded = Loaded{};
    TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        TRY_VOID(session_stands(office, snapshot, asker));
        loaded = own_draft(office, snapshot, asker, id);
        return {};
    }));
    return loaded;
}

Result<void> discard_draft(const Office& office, const record::Asker& asker, DraftId id) {
    const auto permit = TRY(permit_to_draft(office, asker));
    const auto gone = write_as<bool>(office, permit, "draft", [&](store::Transaction& tx) -> Result<bool> {
        const auto row = tx.draft(office.partnership, id);
        if (!row || row->practitioner != asker.practitioner) return no_such_draft();
        tx.delete_draft(office.partnership, id);
        office.auditor->keep(tx, office.partnership,
                             record::audit_line(permit, office.clock.now(), ViewId{}, CaseId{}, {}, "allowed"));
        return true;
    });
    TRY_VOID(gone);
    return {};
}

Result<std::vector<DraftLine>> my_drafts(const Office& office, const record::Asker& asker, std::size_t limit) {
    const auto permit = TRY(permit_to_draft(office, asker));
    using Lines = std::vector<DraftLine>;
    return read_as<Lines>(office, permit, [&](store::Snapshot& snapshot, Seen&) -> Result<Lines> {
        Lines lines;
        for (const auto& row : snapshot.drafts_of(office.partnership, asker.practitioner, limit)) {
            if (row.expires > office.clock.now()) lines.push_back({row.draft, row.form, row.saved});
        }
        return lines;
    });
}

}  // namespace waymark::casework
