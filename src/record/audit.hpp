#pragma once
// The audit: the line that every read, every write and every refusal leaves. Who, on what ground, whose record, which
// entries and fields were shown, with what result; never contents.
//
// The Auditor is the one way in which lines are kept and read. What is personal in a line (the practitioner, the
// session, where from, who vouched for the sign-in, a typed reason) is sealed together and bound to the rest of the
// line; `who` is a keyed tag of the practitioner, so that a practitioner's lines are found without their name at rest.
// Stored form: docs/formats/audit.md.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "record/journal.hpp"
#include "record/permit.hpp"
#include "store/store.hpp"

namespace waymark::record {

// An entry, and how much of it was rendered: its date; its card's fields, which are those that its kind sends into
// cards; all of its fields.
struct Shown {
    EntryId entry;
    Depth depth = Depth::full;
    bool operator==(const Shown&) const = default;
};

struct AuditLine {
    std::int64_t position = 0;  // given when it is kept
    Instant at;
    // Who.
    std::string practitioner;
    std::string agency;
    std::string role;
    std::string session;   // hex digest of the session's token, or "command", "system"
    std::string strength;  // of the sign-in: as Asker::strength
    std::string issuer;    // who vouched for the sign-in
    std::string from;      // client address, or "local"
    // Why.
    std::string purpose;
    std::string relationship;  // as Permit::relationship
    std::string reason;        // as typed
    std::string basis;         // code of the lawful basis
    // What.
    std::string action;  // read, append, search, export, sign-in, …
    std::string route;   // of the router, or the command
    ViewId record;       // nil: no one child's
    CaseId case_id;
    std::vector<Shown> shown;
    std::size_t more = 0;  // entries beyond those that a line names
    std::string fields;    // names of the identity's fields that were shown, separated by spaces
    // With what result.
    std::string result;  // allowed, denied, refused
    std::string rule;    // id of the rule that decided
    std::string policy;  // version of the policy
};
// The lines of several readings that one answer shows: kept in one transaction, before any of it is shown.
struct Readings {
    struct One {
        std::optional<std::int64_t> epoch;  // of access, when it was read
        std::vector<AuditLine> lines;
    };
    std::vector<One> all;
};

// Entries that one line names; what is beyond is counted.
inline constexpr std::size_t most_shown_in_a_line = 1'000;

// A line with who asks, why and from where; what and result are the caller's.
AuditLine line_of(const Asker&, Instant at);
// Built from the permit, so that it cannot say other than what was allowed.
AuditLine shown_line(const Permit&, Instant at, ViewId record, CaseId case_id, std::vector<Shown> shown,
                     std::string_view result);
AuditLine audit_line(const Permit&, Instant at, ViewId record, CaseId case_id, std::span<const EntryId> whole,
                     std::string_view result);

class Auditor {
public:
    // The key is the partnership's for tokens; the audit's own is made from it.
    Auditor(const Seal& seal, std::span<const std::uint8_t, 16> token_key);

    void keep(store::Transaction&, store::Partnership, std::span<const AuditLine>) const;
    void keep(store::Transaction&, store::Partnership, const AuditLine&) const;
    // In two steps, so that the one thread that writes does not seal.
    [[nodiscard]] std::vector<store::AuditRow> seal(std::span<const AuditLine>) const;
    void keep(store::Transaction&, store::Partnership, std::span<const store::AuditRow>) const;

    // A fault where the line was altered since it was kept. Lines from before schema version 6 open too.
    [[nodiscard]] Result<AuditLine> open(const store::AuditRow&) const;
    // For AuditFilter::who.
    [[nodiscard]] Bytes tag_of(std::string_view practitioner) const;

private:
    const Seal& seal_;
    std::array<std::uint8_t, 32> key_{};
};

}  // namespace waymark::record
