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
constexpr std::size_t least_at_once = 50;
constexpr std::size_t most_looked_through = 20'000;  // lines for one page
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
    return row != nullptr && row->appends.contains("supervision.recorded");
}

struct OpenLine {
    Look look;
    std::vector<record::Shown> shown;
};
OpenLine open_line(const Office& office, const store::AuditRow& row) {
    OpenLine out;
    auto& look = out.look;
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
    out.shown = std::move(line.shown);
    return out;
}

// The lines of a child's log as one reader may know them.
class Log {
public:
    // Nothing for `under`: the log alone, whole.
    Log(const Office& office, store::Snapshot& snapshot, const std::optional<record::Permit>& under)
        : office_(office), snapshot_(snapshot), under_(under) {}

    // Newest first, at most so many.
    std::vector<Look> lines(store::Snapshot::AuditFilter filter, std::size_t limit) {
        std::vector<Look> out;
        for (std::size_t looked_through = 0; out.size() < limit && looked_through < most_looked_through;) {
            const auto at_once = std::clamp<std::size_t>(limit * 2, least_at_once, most_looks);
            const auto rows = snapshot_.audit(office_.partnership, filter, at_once);
            looked_through += rows.size();
            std::vector<OpenLine> opened;
            for (const auto& row : rows) opened.push_back(open_line(office_, row));
            if (under_) tell_entries(opened);
            for (auto& one : opened) {
                if (out.size() < limit) out.push_back(std::move(one.look));
            }
            if (rows.size() < at_once) break;
            filter.before = {rows.back().at, rows.back().position};
        }
        return out;
    }
    std::vector<Look> of_moment(store::Snapshot::AuditFilter filter, Instant at) {
        if ((filter.from && at < *filter.from) || (filter.until && *filter.until <= at)) return {};
        filter.from = at;
        filter.until = at + std::chrono::microseconds(1);
        return lines(std::move(filter), most_looked_through);
    }
    std::vector<Look> older(store::Snapshot::AuditFilter filter, Instant at, std::size_t limit) {
        filter.until = filter.until ? std::min(*filter.until, at) : at;
        return lines(std::move(filter), limit);
    }

private:
    // Of what was shown, what the reader may know of: how many, and of which kinds. A count is a trace too, and so is a
    // line that has nothing else to tell.
    void tell_entries(std::vector<OpenLine>& lines) const {
        std::vector<EntryId> ids;
        for (const auto& line : lines) {
            for (const auto& one : line.shown) ids.push_back(one.entry);
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        std::unordered_map<EntryId, std::string> label_of;  // of those that the asker may know; empty: a date only
        for (const auto& entry : snapshot_.entries(office_.partnership, ids, store::Want::cards)) {
            if (!entry) continue;
            const auto depth = under_->depth(entry->row.kind, entry->row.marking, entry->row.agency);
            if (depth == record::Depth::none) continue;
            const auto* kind = office_.catalogue.find(entry->row.kind);
            label_of.emplace(entry->row.entry, depth == record::Depth::dates || kind == nullptr ? "" : kind->label);
        }
        for (auto& line : lines) {
            std::map<std::string, std::size_t> kinds;
            line.look.entries = 0;
            for (const auto& one : line.shown) {
                const auto known = label_of.find(one.entry);
                if (known == label_of.end()) continue;
                ++line.look.entries;
                if (!known->second.empty()) ++kinds[known->second];
            }
            line.look.kinds.assign(kinds.begin(), kinds.end());
            std::stable_sort(line.look.kinds.begin(), line.look.kinds.end(),
                             [](const auto& a, const auto& b) { return a.second > b.second; });
        }
        std::erase_if(lines, [](const OpenLine& line) {
            const bool of_entries_alone = line.look.fields.empty() || line.look.action == "append";
            return !line.shown.empty() && line.look.entries == 0 && of_entries_alone;
        });
    }

    const Office& office_;
    store::Snapshot& snapshot_;
    const std::optional<record::Permit>& under_;
};

// One page of it, from where the page before ended.
void read_page(Log& log, const store::Snapshot::AuditFilter& filter, const LookedQuery& query, LookedPage& page) {
    const auto limit = std::clamp<std::size_t>(query.limit, 1, most_looks);
    if (query.before) {
        auto rest = log.of_moment(filter, query.before->at);
        const auto gone = rest.size() - std::min(rest.size(), query.before->left);
        rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(gone));
        page.looks = std::move(rest);
        if (page.looks.size() < limit) {
            for (auto& one : log.older(filter, query.before->at, limit - page.looks.size()))
                page.looks.push_back(std::move(one));
        }
    } else {
        page.looks = log.lines(filter, limit);
    }
    if (page.looks.size() > limit) page.looks.resize(limit);
    if (page.looks.size() < limit) return;
    const auto& last = page.looks.back();
    const auto same = log.of_moment(filter, last.at);
    const auto left =
        std::count_if(same.begin(), same.end(), [&](const Look& one) { return one.position < last.position; });
    page.next = LookedPlace{last.at, static_cast<std::size_t>(left)};
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

std::vector<Look> newest_looks(const Office& office, store::Snapshot& snapshot, const record::Permit& under,
                               const std::vector<ViewId>& records, std::size_t limit) {
    store::Snapshot::AuditFilter filter;
    filter.records = records;
    filter.result = "allowed";
    const std::optional<record::Permit> permit(under);
    return Log(office, snapshot, permit).lines(std::move(filter), limit);
}

bool may_ask_who_looked(const Office& office, const record::Asker& asker, bool leads) {
    return sharing::is_operator(asker) || asker.role == log_reader || manages(office, asker.role) || leads;
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
            page.child.leads = knowing.leads(row->person);
            if (!may_ask_who_looked(office, asker, page.child.leads)) {
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
        const auto filter = filter_of(office, query, ids_of(snapshot.views_of_persons(p, std::vector{row->person})));
        if (!under) page.total = snapshot.count_audit(p, filter);
        Log log(office, snapshot, under);
        read_page(log, filter, query, page);
        seen.as(log_action);
        seen.add(page.child.relationship, page.person, {}, {}, log_only ? std::string() : std::string(name_fields));
        return page;
    });
}

}  // namespace waymark::casework
