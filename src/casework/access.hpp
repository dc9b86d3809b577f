#pragma once
// How every read and every verb goes through the store: asked, done, recorded; or nothing at all.
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

constexpr std::size_t most_entries_of_a_child = 50'000;  // that one look reads

inline constexpr std::string_view name_fields = "given_name family_name";  // of one who stands in a list

// What was looked at, for the audit lines of one read.
class Seen {
public:
    Seen() = default;
    // From here on nothing about access may change until the lines are kept.
    Seen(const Office&, store::Snapshot&);
    // Of the moment of the snapshot; nothing where nothing was read yet that could be out of date.
    [[nodiscard]] const std::optional<std::int64_t>& epoch() const { return epoch_; }
    // `relationship`: on which reading this child rests. `shown`: the entries and how deep; `fields`: which of the
    // identity's.
    void add(std::string relationship, ViewId record, CaseId case_id, std::vector<record::Shown> shown,
             std::string fields = {}) {
        lines_.push_back({std::move(relationship), record, case_id, std::move(shown), std::move(fields)});
    }
    // What was done, where the permit's own action does not say it.
    void as(std::string_view action) { action_ = action; }
    [[nodiscard]] std::vector<record::AuditLine> lines(const record::Permit&, Instant now) const;
    // On what lawful bases this look at others' entries rests: codes.
    void rests_on(std::string basis) { basis_ = std::move(basis); }

private:
    struct Looked {
        std::string relationship;
        ViewId record;
        CaseId case_id;
        std::vector<record::Shown> shown;
        std::string fields;
    };
    std::vector<Looked> lines_;
    std::optional<std::int64_t> epoch_;
    std::string action_;
    std::string basis_;
};

// Faults `forbidden` where the session has ended since the request came in. A command has no session; the operator's
// and the machine's are what they are called.
Result<void> session_stands(const Office&, store::Snapshot&, const record::Asker&);

// The audit line of what was asked and not given. Kept before the refusal is returned.
Result<void> note_refusal(const Office&, const record::Asker&, record::Action, std::string_view kind, const Fault&);

// Asks the gate; a denial leaves its line.
Result<record::Permit> permit_for(const Office&, const record::Asker&, record::Action, std::string_view kind = {});

// The fault of a reading that cannot be recorded, and so is not shown.
tl::unexpected<Fault> reading_unavailable();
bool access_changed(const Fault&);

// Commits the lines of a read; until then nothing of it may be returned. `conflict` (access_changed) where something
// about access has changed since the read's snapshot: then nothing is kept, and what was read must be read again. With
// `also`, what it keeps is kept with them or not at all; it may run more than once.
Result<void> record_reading(const Office&, const record::Permit&, const Seen&,
                            const std::function<Result<void>(store::Transaction&)>& also = {});

// The same for all that was read for one answer.
Result<void> record_readings(const Office&, const record::Asker&, const record::Readings&);

// The standing of every case, under a permit to read, or to count without showing.
Result<void> standings_under(const Office&, const record::Permit&, Instant as_of, unsigned threads,
                             const std::function<bool(const procedure::Standing&)>& visit);

// Reads in a snapshot, then records the reading and, in the same transaction, what `keep` keeps of it, then returns
// what was read.
template <class T>
Result<T> read_and_keep(const Office& office, const record::Permit& permit,
                        const std::function<Result<T>(store::Snapshot&, Seen&)>& work,
                        const std::function<Result<void>(store::Transaction&, T&)>& keep) {
    constexpr int tries = 2;
    for (int i = 0; i < tries; ++i) {
        Seen seen;
        Result<T> answer = fault(FaultKind::unavailable, "", "The record cannot be read now.", "Try again.");
        TRY_VOID(office.store.read([&](store::Snapshot& snapshot) -> Result<void> {
            seen = Seen(office, snapshot);
            answer = work(snapshot, seen);
            return {};
        }));
        if (!answer) {
            TRY_VOID(note_refusal(office, permit.asker(), permit.action(), {}, answer.error()));
            return answer;
        }
        if (!keep && permit.asker().readings != nullptr) {
            permit.asker().readings->all.push_back({seen.epoch(), seen.lines(permit, office.clock.now())});
            return answer;
        }
        const auto kept = record_reading(office, permit, seen, [&](store::Transaction& tx) -> Result<void> {
            return keep ? keep(tx, *answer) : Result<void>{};
        });
        if (kept) return answer;
        if (!access_changed(kept.error())) return tl::unexpected(kept.error());
    }
    return reading_unavailable();
}

// The same with nothing kept but the audit lines.
template <class T>
Result<T> read_as(const Office& office, const record::Permit& permit,
                  const std::function<Result<T>(store::Snapshot&, Seen&)>& work) {
    return read_and_keep<T>(office, permit, work, {});
}

// An answer that is read in several looks (each by an asker who carries the Readings): their lines are kept together,
// in one transaction instead of one each, and only then is the answer returned. What was read before a fault is kept
// too.
template <class T>
Result<T> look_together(const Office& office, const record::Asker& asker,
                        const std::function<Result<T>(record::Readings&)>& work) {
    constexpr int tries = 2;
    for (int i = 0; i < tries; ++i) {
        record::Readings readings;
        auto answer = work(readings);
        const auto kept = record_readings(office, asker, readings);
        if (kept) return answer;
        if (!access_changed(kept.error())) return tl::unexpected(kept.error());
    }
    return reading_unavailable();
}

// Does the work in one transaction; a fault undoes it and leaves its line.
template <class T>
Result<T> write_as(const Office& office, const record::Permit& permit, std::string_view kind,
                   const std::function<Result<T>(store::Transaction&)>& work) {
    Result<T> answer = fault(FaultKind::unavailable, "", "The record cannot be written now.", "Try again.");
    const auto wrote = office.store.write([&](store::Transaction& tx) -> Result<void> {
        TRY_VOID(session_stands(office, tx, permit.asker()));
        answer = work(tx);
        if (!answer) return tl::unexpected(answer.error());
        return {};
    });
    if (wrote) return answer;
    const auto& why = wrote.error();
    if (why.kind != FaultKind::unavailable && why.kind != FaultKind::uncertain) {
        TRY_VOID(note_refusal(office, permit.asker(), permit.action(), kind, why));
    }
    return tl::unexpected(why);
}

}  // namespace waymark::casework
