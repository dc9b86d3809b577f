#pragma once
// The typed operations, written once for both engines over a Connection. One object serves one transaction.
//
// By subject: entries.cpp, views.cpp, tokens.cpp, cases.cpp, gatherings.cpp, prompts.cpp, leaves.cpp (the log),
// audit.cpp, sealed.cpp, sessions.cpp, sign_ins.cpp, partnerships.cpp.
#include <array>

#include "store/names.hpp"
#include "store/sign_ins.hpp"
#include "store/sql.hpp"

namespace waymark::store {

std::array<Cell, 4> gathered_cells(const GatheringRow&);  // columns `gathered…` of `casefile`

class Work final : public Transaction, public SignInWriting {
public:
    Work(Connection& connection, const NameCovers& covers) : db_(connection), covers_(covers) {}

    std::vector<PartnershipRow> partnerships() override;

    std::vector<WholeEntry> entries_of_records(Partnership, std::span<const ViewId>, Want, std::size_t limit) override;
    std::vector<EntryRow> ties_of_records(Partnership, std::span<const ViewId>, std::string_view agency,
                                          std::span<const std::string_view> kinds, std::size_t limit) override;
    std::vector<WholeEntry> entries_about(Partnership, std::span<const ViewId>, EntryId about) override;
    std::vector<std::optional<WholeEntry>> entries(Partnership, std::span<const EntryId>, Want) override;
    std::vector<std::optional<KnownEntry>> entries_by_source(Partnership, std::span<const SourceKey>) override;
    std::vector<KnownEntry> entries_by_source_id(Partnership, std::string_view id) override;
    std::vector<EntryId> concerns_raised_by(Partnership, std::string_view agency, std::string_view author,
                                            std::size_t limit) override;
    std::vector<WholeEntry> partnership_entries(Partnership, std::string_view kind, Want) override;
    std::vector<MarkedRow> marked(Partnership, std::string_view marking, std::size_t limit) override;
    std::vector<WholeEntry> access_entries(Partnership, std::size_t limit) override;
    std::vector<WholeEntry> access_entries_of(Partnership, std::string_view kind, Instant since, Want,
                                              std::size_t limit, std::string_view author) override;
    void scan_entries(Partnership, Want, const std::function<bool(const WholeEntry&)>&) override;
    std::int64_t count_entries(Partnership) override;

    std::vector<std::optional<ViewRow>> views(Partnership, std::span<const ViewId>) override;
    std::vector<std::optional<ViewRow>> views_by_key(Partnership, std::span<const ViewKey>) override;
    std::vector<ViewRow> views_of_persons(Partnership, std::span<const ViewId> persons) override;
    std::vector<ViewRow> views_of_agency(Partnership, std::string_view agency, std::size_t limit) override;
    std::vector<ViewVersion> view_versions(Partnership, std::span<const ViewId>) override;
    std::vector<TokenHits> views_by_token(Partnership, std::span<const std::uint64_t>, std::size_t limit_each) override;
    std::vector<LinkRow> links_of(Partnership, std::span<const ViewId>) override;
    std::vector<LinkRow> links_in_state(Partnership, LinkState, std::size_t limit) override;
    void scan_views(Partnership, const std::function<bool(const ViewRow&)>&) override;
    void scan_links(Partnership, const std::function<bool(const LinkRow&)>&) override;

    std::vector<std::optional<CaseRow>> cases(Partnership, std::span<const CaseId>) override;
    std::vector<std::optional<CaseRow>> cases_by_key(Partnership, std::span<const CaseKey>) override;
    std::vector<CaseRow> cases_of_records(Partnership, std::span<const ViewId>) override;
    std::vector<CaseRow> cases_led_by(Partnership, std::string_view lead, std::size_t limit) override;
    std::vector<DutyRow> duties_of_lead(Partnership, std::string_view lead, std::size_t limit) override;
    void scan_cases(Partnership, const std::function<bool(const CaseRow&)>&) override;

    std::vector<DutyRow> duties(Partnership, const DutyFilter&, std::size_t limit) override;
    std::vector<DutyRow> duties_of_case(Partnership, CaseId) override;

    std::optional<std::vector<GatheringCount>> count_gatherings(Partnership, Instant now) override;
    std::vector<GatheringRow> never_met(Partnership, Instant now, std::size_t from, std::size_t limit) override;
    std::vector<GatheringRow> unsure_gatherings(Partnership, Instant now, std::size_t limit) override;

    std::vector<PromptRow> prompts_since(Partnership, std::string_view practitioner, Instant since) override;

    std::vector<AuditRow> audit(Partnership, const AuditFilter&, std::size_t limit) override;
    std::int64_t count_audit(Partnership, const AuditFilter&) override;
    std::int64_t count_audit(Partnership) override;
    void scan_audit(Partnership, Instant from, const std::function<bool(const AuditGlance&)>&) override;
    std::vector<AuditRow> audit_after(Partnership, std::int64_t after, std::size_t limit) override;
    std::int64_t access_epoch(Partnership) override;

    std::optional<SessionRow> session(Partnership, const Digest& token) override;
    std::optional<SignedInRow> signed_in(Partnership, const Digest& token) override;
    std::vector<SignedInRow> sessions_of(Partnership, std::string_view practitioner, std::size_t limit) override;
    std::optional<EngagementRow> engagement(Partnership, std::string_view practitioner) override;
    std::vector<EngagementRow> engagements(Partnership, std::size_t limit) override;
    std::optional<AccountRow> account(Partnership, std::string_view practitioner) override;
    std::vector<AccountRow> accounts(Partnership, std::size_t limit) override;
    std::optional<SignInStepRow> sign_in_step(Partnership, const Digest& token) override;
    std::optional<SignInTallyRow> sign_in_tally(Partnership, const Digest& tag) override;
    std::optional<DraftRow> draft(Partnership, DraftId) override;
    std::vector<DraftRow> drafts_of(Partnership, std::string_view practitioner, std::size_t limit) override;

    std::optional<Bytes> secret(Partnership, std::string_view name) override;

    std::vector<SealedRow> sealed_rows(Partnership, SealedPlace, const SealedRow& after, std::size_t limit) override;
    std::uint64_t count_sealed(Partnership, SealedPlace) override;

    LogState log_state(Partnership) override;
    std::vector<LeafRow> leaves(Partnership, std::int64_t from, std::size_t limit) override;
    std::optional<LeafRow> leaf_of(Partnership, EntryId) override;
    std::int64_t queued_leaves(Partnership) override;
    std::vector<std::pair<std::int64_t, EntryId>> queued(Partnership, std::int64_t after, std::size_t limit) override;
    std::optional<CheckpointRow> latest_checkpoint(Partnership) override;

    void insert_entries(Partnership, std::span<const EntryRow>, std::span<const TextRow>,
                        std::span<const LeafRow>) override;
    void insert_views(Partnership, std::span<const ViewRow>) override;
    void add_view_versions(Partnership, std::span<const ViewVersion>) override;
    void set_persons(Partnership, std::span<const std::pair<ViewId, ViewId>> view_and_person) override;
    void insert_tokens(Partnership, std::span<const TokenRow>) override;
    void delete_tokens_of(Partnership, std::span<const ViewId>) override;
    void put_links(Partnership, std::span<const LinkRow>) override;
    void insert_cases(Partnership, std::span<const CaseRow>, std::span<const GatheringRow>) override;
    void update_cases(Partnership, std::span<const CaseRow>) override;
    void replace_duties(Partnership, std::span<const CaseId>, std::span<const DutyRow>) override;
    void put_gatherings(Partnership, std::span<const GatheringRow>) override;
    void put_prompts(Partnership, std::span<const PromptRow>) override;
    void insert_audit(Partnership, std::span<const AuditRow>) override;
    void raise_access_epoch(Partnership) override;
    void put_session(Partnership, const SessionRow&) override;
    void delete_session(Partnership, const Digest& token) override;
    void put_signed_in(Partnership, const SignedInRow&) override;
    void delete_expired_sign_ins(Partnership, Instant now) override;
    std::int64_t delete_sessions_of(Partnership, std::string_view practitioner,
                                    const std::optional<Digest>& except) override;
    std::int64_t delete_sessions_at(Partnership, std::string_view issuer, ByteView login, ByteView subject) override;
    void put_engagement(Partnership, const EngagementRow&) override;
    void put_account(Partnership, const AccountRow&) override;
    void delete_account(Partnership, std::string_view practitioner) override;
    void put_sign_in_step(Partnership, const SignInStepRow&) override;
    void delete_sign_in_step(Partnership, const Digest& token) override;
    void put_sign_in_tally(Partnership, const SignInTallyRow&) override;
    void delete_sign_in_tally(Partnership, const Digest& tag) override;
    void put_draft(Partnership, const DraftRow&) override;
    void delete_draft(Partnership, DraftId) override;
    void delete_expired(Partnership, Instant now) override;
    void put_secret(Partnership, std::string_view name, ByteView sealed) override;
    void cover_all(Partnership, const NameCover&);
    void mask_newly_sealed(Partnership, std::span<const SealedRow>);
    void put_sealed(Partnership, SealedPlace, std::span<const SealedRow>) override;
    void insert_partnership(const PartnershipRow&) override;
    void update_profile(Partnership, std::string_view toml) override;

    std::vector<LeafRow> take_queue(Partnership, std::size_t limit) override;
    Result<void> append_leaves(Partnership, std::span<const LeafRow> indexed, const LogState& next,
                               std::int64_t expected_fence) override;
    std::int64_t raise_fence(Partnership) override;
    void put_checkpoint(Partnership, const CheckpointRow&) override;

private:
    // One look-up for each key, the answers in the order of the keys.
    template <class Row, class Key, class Bind, class Read>
    std::vector<std::optional<Row>> find_each(std::string_view sql, std::span<const Key> keys, const Bind& bind,
                                              const Read& read) {
        std::vector<std::optional<Row>> out(keys.size());
        db_.run_many(
            sql, keys.size(), [&](std::size_t i, Cells& cells) { bind(keys[i], cells); },
            [&](std::size_t i, CellView row) { out[i] = read(row); });
        return out;
    }

    [[nodiscard]] std::shared_ptr<const NameCover> cover_of(Partnership p) const { return covers_.of(p); }

    Connection& db_;
    const NameCovers& covers_;
};

}  // namespace waymark::store
