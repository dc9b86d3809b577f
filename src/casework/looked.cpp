#include "casework/looked.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/knowing.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view log_reader = "privacy-officer";
constexpr std::string_view log_action = "read-log";
constexpr std::size_t most_looks = 1'000;
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> grounds{{
    {"none", "No relationship with the child"},
    {"known", "Their agency knows the child"},
    {"ended", "Their agency’s last case ended not long ago"},
    {"episode", "Their agency works an open case"},
    {"task", "The record was given to them for a task"},
    {"involved", "Wrote in the record in the last months"},
    {"allocated", "Leads an open case"},
    {"glass", "Broke the glass"},
    {"conflict", "A personal connection"},
    {"role", "Their role opens every record that nothing restricts"},
    {"raiser", "Raised the concern themselves"},
    {"", ""},
}};

bool manages(const Office& office, std::string_view role) {
    const auto* row = office.gate->policy().row(role);
    return row != nullptr && row->appends.contains("gate.overridden");
}

Look look_of(const Office& office, const store::AuditRow& row) {
    Look look;
    record::AuditLine line;
    if (auto opened = office.auditor->open(row)) {
        line = std::move(*opened);
    } else {
        look.unreadable = true;
        line.at = row.at;
        line.position = row.position;
        line.agency = row.agency;
        line.role = row.role;
        line.action = row.action;
        line.route = row.route;
        line.purpose = row.purpose;
        line.relationship = row.relationship;
        line.result = row.result;
    }
    look.position = line.position;
    look.at = line.at;
    look.practitioner = line.practitioner;
    const bool machine = line.role == "system";
    look.name = machine                     ? std::string("The system itself")
                : line.role == "operator"   ? std::string("The operator of the machine")
                : line.practitioner.empty() ? std::string("Not known")
                                            : practitioner_name(office, line.practitioner);
    look.role = machine || line.role == "operator" ? std::string() : std::string(content::role_label(line.role));
    look.agency = line.agency.empty() ? std::string() : agency_name(office, line.agency);
    look.strength = line.strength;
    look.action = line.action;
    look.route = line.route;
    const auto& purposes = office.gate->policy().purposes;
    const auto purpose = purposes.find(line.purpose);
    look.purpose = purpose == purposes.end() ? line.purpose : purpose->second;
    look.relationship = line.relationship;
    look.ground = ground_in_words(line.relationship);
    look.reason = line.reason;
    look.basis = line.basis;
    look.entries = line.shown.size() + line.more;
    look.fields = line.fields;
    look.result = line.result;
    return look;
}

// Of what was shown, what the asker may know of: how many, and of which kinds. A count is a trace too.
Result<void> tell_entries(const Office& office, store::Snapshot& snapshot, const record::Permit& permit,
                          const std::vector<store::AuditRow>& rows, std::vector<Look>& looks) {
    std::vector<std::vector<record::Shown>> shown(rows.size());
    std::vector<EntryId> ids;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto line = office.auditor->open(rows[i])) shown[i] = std::move(line->shown);
        for (const auto& one : shown[i]) ids.push_back(one.entry);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::unordered_map<EntryId, std::string> label_of;  // of those that the asker may know; empty: a date only
    const auto entries = snapshot.entries(office.partnership, ids, store::Want::cards);
    for (const auto& entry : entries) {
        if (!entry) continue;
        const auto depth = permit.depth(entry->row.kind, entry->row.marking, entry->row.agency);
        if (depth == record::Depth::none) continue;
        const auto* kind = office.catalogue.find(entry->row.kind);
        label_of.emplace(entry->row.entry, depth == record::Depth::dates || kind == nullptr ? "" : kind->label);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::map<std::string, std::size_t> kinds;
        looks[i].entries = 0;
        for (const auto& one : shown[i]) {
            const auto known = label_of.find(one.entry);
            if (known == label_of.end()) continue;
            ++looks[i].entries;
            if (!known->second.empty()) ++kinds[known->second];
        }
        looks[i].kinds.assign(kinds.begin(), kinds.end());
        std::stable_sort(looks[i].kinds.begin(), looks[i].kinds.end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
    }
    return {};
}

store::Snapshot::AuditFilter filter_of(const Office& office, const LookedQuery& query, std::vector<ViewId> records) {
    store::Snapshot::AuditFilter filter;
    filter.records = std::move(records);
    if (query.from) filter.from = office.calendar->start_of(*query.from);
    if (query.to) filter.until = office.calendar->start_of(*query.to + std::chrono::days(1));
    filter.agency = query.agency;
    filter.action = query.action;
    filter.result = "allowed";
    return filter;
}

}  // namespace

std::string ground_in_words(std::string_view relationship) {
    const auto found =
        std::find_if(grounds.begin(), grounds.end(), [&](const auto& one) { return one.first == relationship; });
    return std::string(found == grounds.end() ? relationship : found->second);
}

bool may_ask_who_looked(const Office& office, const record::Asker& asker, std::string_view relationship) {
    return sharing::is_operator(asker) || asker.role == log_reader || manages(office, asker.role) ||
           relationship == "allocated";
}

Result<LookedPage> who_looked(const Office& office, const record::Asker& asker, ViewId person,
                              const LookedQuery& query) {
    const bool log_only = asker.role == log_reader;
    const auto permit = TRY(permit_for(office, asker, log_only ? record::Action::fold : record::Action::read));
    return read_as<LookedPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<LookedPage> {
        const auto p = office.partnership;
        LookedPage page;
        page.log_only = log_only;
        std::optional<record::Permit> under;
        const auto row = snapshot.views(p, std::vector{person}).front();
        if (!row) return tl::unexpected(sharing::no_such_child());
        page.person = row->person;
        if (!log_only) {
            auto knowing = TRY(Knowing::of(office, snapshot, permit));
            const auto child = TRY(knowing.named(person));
            if (!may_ask_who_looked(office, asker, child.permit.relationship())) {
                return fault(FaultKind::forbidden, "looked",
                             "Who has looked is for those who manage, lead the case or answer for privacy.",
                             "Ask your manager, or your agency’s privacy officer.");
            }
            under = child.permit;
            page.person = child.person;
            page.child.person = child.person;
            page.child.views = child.shown;
            page.child.relationship = child.permit.relationship();
            page.child.identities = TRY(identities_of(office, child));
        }
        // Of every view, whoever holds it: a look at one of them is a look at the child.
        auto filter = filter_of(office, query, ids_of(snapshot.views_of_persons(p, std::vector{row->person})));
        page.total = snapshot.count_audit(p, filter);
        filter.before = query.before;
        const auto limit = std::clamp<std::size_t>(query.limit, 1, most_looks);
        const auto rows = snapshot.audit(p, filter, limit);
        for (const auto& one : rows) page.looks.push_back(look_of(office, one));
        if (under) TRY_VOID(tell_entries(office, snapshot, *under, rows, page.looks));
        if (rows.size() == limit) page.next = {rows.back().at, rows.back().position};
        seen.as(log_action);
        seen.add(page.child.relationship, page.person, {}, {}, log_only ? std::string() : std::string(name_fields));
        return page;
    });
}

}  // namespace waymark::casework
