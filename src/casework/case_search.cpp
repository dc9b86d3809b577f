// Candidates by number and by child; each stands the test of reading before it is among what is found.
#include "casework/case_search.hpp"

#include <algorithm>
#include <set>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t most_number_bytes = 128;
constexpr std::size_t most_children_asked = 20;

class CaseSearch {
public:
    CaseSearch(const Office& office, store::Snapshot& snapshot, Knowing& knowing, const record::Asker& asker)
        : office_(office), snapshot_(snapshot), knowing_(knowing), asker_(asker) {}

    Result<void> by_number(const std::string& number) {
        if (number.empty() || number.size() > most_number_bytes) return {};
        std::vector<store::CaseKey> keys;
        for (const auto& agency : office_.profile.agencies) keys.push_back({agency.key, number});
        std::vector<store::CaseRow> rows;
        for (const auto& row : snapshot_.cases_by_key(office_.partnership, keys)) {
            if (row) rows.push_back(*row);
        }
        if (const auto id = parse_id<CaseId>(number)) {
            const auto row = snapshot_.cases(office_.partnership, std::vector{*id}).front();
            if (row) rows.push_back(*row);
        }
        for (const auto& row : rows) {
            const auto child = knowing_.child(row.record);
            if (!child && !is_unseen(child.error())) return tl::unexpected(child.error());
            // A number of another agency's system is a name that agency gave: whoever sees its own agency's view of the
            // child alone does not know it.
            const bool by_key = to_string(row.case_id) != number;
            if (!child || (by_key && child->permit.own_views_only() && row.agency != asker_.agency)) continue;
            TRY_VOID(add(*child, row.case_id));
        }
        return {};
    }

    Result<void> of_child(ViewId view) {
        const auto child = knowing_.named(view);
        if (!child) return is_unseen(child.error()) ? Result<void>{} : tl::unexpected(child.error());
        return add(*child, std::nullopt);
    }

    std::vector<FoundCase> found(std::size_t limit, Seen& seen) {
        std::stable_sort(found_.begin(), found_.end(), [](const FoundCase& a, const FoundCase& b) {
            return std::tuple(a.closed.has_value(), b.opened) < std::tuple(b.closed.has_value(), a.opened);
        });
        if (found_.size() > limit) found_.resize(limit);
        for (const auto& one : found_)
            seen.add(relationship_[one.case_id], one.person, one.case_id, {}, std::string(name_fields));
        return std::move(found_);
    }

private:
    // When it began and ended, and who leads: as the entries that the asker sees have it, not as it is kept for lists.
    FoundCase as_told(const std::vector<record::Fact>& own) const {
        FoundCase one;
        one.opened = own.front().at.instant;
        for (const auto& fact : own) {
            const auto lead = string_or(fact.fields, "lead", "");
            if (!lead.empty()) {
                one.lead = practitioner_name(office_, lead);
                if (one.lead == lead) one.lead = agency_name(office_, lead);
            }
            if (record::ends_case(fact.kind, fact.fields)) one.closed = fact.at.instant;
            if (fact.kind == "case.opened") one.closed.reset();
        }
        return one;
    }
    // The child's cases, or the one; each of which the asker sees an entry at least.
    Result<void> add(const KnownChild& child, std::optional<CaseId> only) {
        const auto person = child.views.front().person;
        std::optional<Parted> dossiers;
        std::string name;
        for (const auto& row : snapshot_.cases_of_records(office_.partnership, ids_of(child.views))) {
            if ((only && row.case_id != *only) || relationship_.contains(row.case_id)) continue;
            if (knowing_.is_kept_from(row.marking, person)) continue;
            if (!dossiers) dossiers.emplace(TRY(dossiers_of(office_, snapshot_, child)));
            const auto& own = dossiers->of(row.case_id).own;
            if (own.empty()) continue;
            if (name.empty())
                name = TRY(names_of_persons(office_, snapshot_, child.permit, std::vector{child.person})).front();
            FoundCase one = as_told(own);
            one.case_id = row.case_id;
            one.person = child.person;
            one.name = name;
            if (!child.permit.own_views_only() || row.agency == asker_.agency) one.number = row.source_key;
            relationship_[row.case_id] = child.permit.relationship();
            found_.push_back(std::move(one));
        }
        return {};
    }

    const Office& office_;
    store::Snapshot& snapshot_;
    Knowing& knowing_;
    const record::Asker& asker_;
    std::vector<FoundCase> found_;
    std::map<CaseId, std::string> relationship_;
};

}  // namespace

Result<std::vector<FoundCase>> find_cases(const Office& office, const record::Asker& asker, const FindCases& request,
                                          std::size_t limit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::search));
    using Found = std::vector<FoundCase>;
    const auto reads = office.gate->ask(asker, record::Action::read);
    return read_as<Found>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Found> {
        if (!reads) return Found{};
        auto knowing = TRY(Knowing::of(office, snapshot, *reads));
        CaseSearch search(office, snapshot, knowing, asker);
        TRY_VOID(search.by_number(request.number));
        for (std::size_t i = 0; i < std::min(request.children.size(), most_children_asked); ++i)
            TRY_VOID(search.of_child(request.children[i]));
        return search.found(limit, seen);
    });
}

}  // namespace waymark::casework
