#pragma once
// The content's kinds, drafts, and a journal over a scratch store, for tests of the record and of the rooms above it.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "content/content.hpp"
#include "record/journal.hpp"
#include "record/log.hpp"
#include "support/scratch_store.hpp"
#include "support/store_samples.hpp"
#include "support/test_permit.hpp"

namespace waymark::testing {

inline const content::Catalogue& kinds_of_entry() {
    static const content::Catalogue catalogue = [] {
        auto loaded = content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content");
        if (!loaded) throw std::runtime_error("kinds: " + describe(loaded.error()));
        return std::move(*loaded);
    }();
    return catalogue;
}

inline Instant instant(std::string_view text) {
    return parse_instant(text).value();
}
inline Date date(std::string_view text) {
    return parse_date(text).value();
}
inline When when(std::string_view text) {
    return parse_when(text).value();
}
inline Instant sample_now() {
    return instant("2026-03-27T12:00:00Z");
}
inline json::object object(std::string_view text) {
    return parse_json(text).value().as_object();
}

constexpr record::Involvements set_of(record::Involvement one) {
    return static_cast<record::Involvements>(one);
}

inline record::Identity sample_identity(const std::string& id, const std::string& given = "Alma",
                                        const std::string& family = "Reyes") {
    record::Identity identity;
    identity.source = "liquid";
    identity.id = id;
    identity.given_name = given;
    identity.family_name = family;
    identity.date_of_birth = date("2014-06-01");
    return identity;
}

inline record::Draft sample_concern(const std::string& id, const std::string& child,
                                    std::string_view at = "2026-03-20T09:00:00Z") {
    record::Draft draft;
    draft.kind = "concern.raised";
    draft.at = when(at);
    draft.recorded = instant("2026-03-21T09:00:00Z");
    draft.agency = "csc";
    draft.author = "a.rahman";
    draft.subjects.push_back({set_of(record::Involvement::displayed), sample_identity(child), std::nullopt});
    draft.body = object(
        R"({"about_what": "displayed-behaviour", "setting": "school", "noticed": "reported", "summary": "Category 2.",
                            "immediate_danger": false})");
    draft.id = id;
    return draft;
}

// A record kept by the simplest rules: each identity is a view of its own, each child has one case.
class SampleRecord {
public:
    explicit SampleRecord(store::Store& store) {
        use(store);
        must(store_->write([&](store::Transaction& tx) -> Result<void> {
            tx.insert_partnership({partnership, "northbay", "Northbay", "", false});
            return {};
        }));
    }

    // Appends the drafts in one transaction and gives the ids; draft number n is about the record of its first subject.
    std::vector<EntryId> keep(const std::vector<record::Draft>& drafts, bool with_case = true) {
        std::vector<EntryId> ids;
        must(store_->write([&](store::Transaction& tx) -> Result<void> {
            ids.clear();
            std::vector<record::Ready> ready;
            for (const auto& draft : drafts) {
                ready.push_back(resolve(tx, draft, with_case));
                ids.push_back(ready.back().id);
            }
            return journal.append(tx, partnership, append_permit, ready);
        }));
        return ids;
    }

    // The same record in a store that was closed and opened again.
    void use(store::Store& store) {
        store_ = &store;
        sequencer.emplace(store, partnership, origin, key, clock);
    }

    Result<std::int64_t> sequence() { return sequencer->run(); }

    record::Verification verify(std::optional<std::string> older = std::nullopt) {
        record::Verification out;
        must(store_->read([&](store::Snapshot& snapshot) -> Result<void> {
            out = TRY(record::verify(snapshot, partnership, journal, key.verifier(origin), older, {}));
            return {};
        }));
        return out;
    }

    template <class Work>
    auto read(Work work) {
        decltype(work(std::declval<store::Snapshot&>())) out{};
        must(store_->read([&](store::Snapshot& snapshot) -> Result<void> {
            out = work(snapshot);
            return {};
        }));
        return out;
    }

    [[nodiscard]] ViewId view_of(const std::string& id) const { return views_.at(id).first; }

    static void must(const Result<void>& done) {
        if (!done) throw std::runtime_error(describe(done.error()));
    }

    static constexpr store::Partnership partnership = 1;
    static constexpr const char* origin = "waymark/northbay";
    SetClock clock{sample_now()};
    SeededRandom random{11};
    std::unique_ptr<record::Seal> seal = record::plain_seal();
    record::Journal journal{kinds_of_entry(), *seal, clock, random};
    record::SigningKey key = record::SigningKey::make(random);
    std::optional<record::Sequencer> sequencer;
    record::Permit append_permit = sharing::Gate::make(record::Action::append);
    record::Permit read_permit = sharing::Gate::make(record::Action::read);

private:
    record::Ready resolve(store::Transaction& tx, const record::Draft& draft, bool with_case) {
        record::Ready ready;
        ready.id = EntryId{make_uuid7(clock, random)};
        ready.draft = draft;
        for (const auto& subject : draft.subjects) ready.subjects.push_back(subject_of(tx, subject, ready.id));
        if (!ready.subjects.empty()) ready.record = ready.subjects.front().view;
        if (with_case && ready.record) open_case(tx, ready);
        return ready;
    }

    record::KeptSubject subject_of(store::Transaction& tx, const record::Subject& subject, EntryId entry) {
        record::KeptSubject kept;
        kept.involvement = subject.involvement;
        if (!subject.identity) {
            kept.view = *subject.person;
            return kept;
        }
        const auto& identity = *subject.identity;
        auto& [view, version] = views_[identity.id];
        if (view.is_nil()) view = ViewId{make_uuid7(clock, random)};
        ++version;
        const auto sealed = journal.seal_identity(identity, view, version);
        if (version == 1)
            tx.insert_views(partnership, std::vector<store::ViewRow>{{view, "csc", identity.source, identity.id, view,
                                                                      1, clock.now(), sealed}});
        tx.add_view_versions(partnership, std::vector<store::ViewVersion>{{view, version, clock.now(), entry, sealed}});
        kept.view = view;
        kept.version = version;
        return kept;
    }

    void open_case(store::Transaction& tx, record::Ready& ready) {
        auto& row = cases_[ready.record];
        if (row.case_id.is_nil()) {
            row.case_id = CaseId{make_uuid7(clock, random)};
            row.record = ready.record;
            row.opened = clock.now();
            row.procedure = "hsb-england";
            tx.insert_cases(partnership, std::span(&row, 1));
        }
        ready.case_id = row.case_id;
        ready.case_seq = row.next_seq++;
        tx.update_cases(partnership, std::span(&row, 1));
    }

    store::Store* store_ = nullptr;
    std::map<std::string, std::pair<ViewId, std::int32_t>> views_;
    std::map<ViewId, store::CaseRow> cases_;
};

constexpr auto sample_partnership = SampleRecord::partnership;

}  // namespace waymark::testing
