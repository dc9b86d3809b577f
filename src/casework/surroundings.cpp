// The people around a child, from the entries that the asker sees.
#include "casework/surroundings.hpp"

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

constexpr std::size_t most_around = 200;  // of each list
constexpr std::array<std::string_view, 3> lead_kinds{"case.opened", "case.transferred", "transfer.received"};

template <class Rows>
void at_most(Rows& rows) {
    if (rows.size() > most_around) rows.resize(most_around);
}

std::vector<Relation> relations_in(const Office& office, const std::vector<Line>& lines) {
    std::vector<Relation> out;
    std::unordered_map<EntryId, std::size_t> at;  // the newest version -> out
    const auto versions = newest_versions(lines, "relationship.recorded");
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        const auto& body = line.entry.body;
        if (row.kind == "relationship.recorded" && !line.superseded) {
            const auto* kind = office.catalogue.find(row.kind);
            const auto words = [&](const char* field) {
                const auto code = string_or(body, field, "");
                return code.empty() ? std::string{} : words_of_code(kind, field, code);
            };
            Relation one;
            one.entry = row.entry;
            one.relation = words("relation");
            one.who = string_or(body, "who", "");
            one.contact = words("contact");
            one.source = words("source");
            one.by = line.source;
            one.recorded = row.at;
            one.lives_with = is_true(body, "lives_with");
            one.responsibility = is_true(body, "responsibility");
            one.from = day_in(body, "from");
            one.to = day_in(body, "to");
            at[row.entry] = out.size();
            out.push_back(std::move(one));
        }
    }
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        if (row.kind != "relationship.ended" || !row.about || line.superseded) continue;
        const auto newest = versions.find(row.about);
        const auto found = newest == versions.end() ? at.end() : at.find(newest->second);
        if (found == at.end()) continue;
        auto& one = out[found->second];
        one.ended = row.entry;
        one.to = day_in(line.entry.body, "to").value_or(office.calendar->day_of(row.at));
    }
    const auto today = office.calendar->day_of(office.clock.now());
    std::reverse(out.begin(), out.end());
    std::stable_partition(out.begin(), out.end(), [&](const Relation& one) { return !one.is_over(today); });
    at_most(out);
    return out;
}

std::vector<ServiceInvolved> services_in(const Office& office, const std::vector<Line>& lines) {
    std::vector<ServiceInvolved> out;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const auto& row = line->entry.row;
        if (row.kind != "involvement.recorded" || line->superseded) continue;
        const auto* kind = office.catalogue.find(row.kind);
        const auto& body = line->entry.body;
        // A service that the content has no words for is said by its code, which is words with hyphens.
        const auto words = [&](const char* field) {
            const auto code = std::string(string_or(body, field, ""));
            auto out_words = code.empty() ? code : words_of_code(kind, field, code);
            if (out_words == code) std::replace(out_words.begin(), out_words.end(), '-', ' ');
            return out_words;
        };
        out.push_back({row.entry, words("service"), std::string(string_or(body, "organisation", "")), words("status"),
                       day_in(body, "from"), day_in(body, "to")});
    }
    at_most(out);
    return out;
}

// Who wrote in the record, from when until when, and who led.
std::vector<Worker> workers_in(const Office& office, const std::vector<Line>& lines) {
    std::map<std::string, Worker> workers;
    std::map<CaseId, std::pair<std::string, Date>> leads;  // who leads each case now, and since when
    const auto worker = [&](const std::string& author, const std::string& agency, Date day) -> Worker& {
        const auto* known = office.profile.practitioner(author);
        const auto [found, fresh] = workers.try_emplace(known != nullptr ? author : agency + "/");
        auto& one = found->second;
        if (fresh) {
            one.name = practitioner_name(office, author);
            one.agency = agency_name(office, known != nullptr ? known->agency : agency);
            if (known != nullptr) one.role = content::role_label(known->role);
            // An agency that leads without anybody being named, or entries that came from its own system.
            if (known == nullptr) one.name = one.agency;
            one.from = one.last = day;
        }
        return one;
    };
    const auto end_lead = [&](CaseId id, Date day) {
        const auto found = leads.find(id);
        if (found == leads.end()) return;
        auto& led = workers.at(found->second.first).led;
        if (!led.empty() && !led.back().second) led.back().second = day;
        leads.erase(found);
    };
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        const auto* kind = office.catalogue.find(row.kind);
        if (kind == nullptr || kind->group == "access" || kind->group == "identity" || line.superseded) continue;
        const auto day = office.calendar->day_of(row.at);
        if (!row.author.empty() && row.agency != engine_agency) {
            auto& one = worker(row.author, row.agency, day);
            one.from = std::min(one.from, day);
            one.last = std::max(one.last, day);
        }
        const auto lead = std::string(string_or(line.entry.body, "lead", ""));
        if (std::find(lead_kinds.begin(), lead_kinds.end(), row.kind) != lead_kinds.end() && !lead.empty()) {
            const auto key = office.profile.practitioner(lead) != nullptr ? lead : lead + "/";
            const auto now = leads.find(row.case_id);
            if (now != leads.end() && now->second.first == key) continue;
            end_lead(row.case_id, day);
            auto& one = worker(lead, lead, day);
            one.led.emplace_back(day, std::nullopt);
            one.last = std::max(one.last, day);
            leads[row.case_id] = {key, day};
        } else if (row.kind == "case.closed") {
            end_lead(row.case_id, day);
        }
    }
    for (const auto& [id, lead] : leads) workers.at(lead.first).leads = true;
    std::vector<Worker> out;
    for (auto& [key, one] : workers) out.push_back(std::move(one));
    std::stable_sort(out.begin(), out.end(), [](const Worker& a, const Worker& b) {
        return std::tuple(!a.leads, b.last, a.name) < std::tuple(!b.leads, a.last, b.name);
    });
    at_most(out);
    return out;
}

// Adults whom entries bring beside the child, as far as the asker may know who they are. One who has a record of their
// own is left out where that record is not open to the asker: that they are in this one would tell of it.
class Beside {
public:
    Beside(const Office& office, store::Snapshot& snapshot, Knowing& knowing, const KnownChild& child)
        : office_(office), snapshot_(snapshot), knowing_(knowing), child_(child) {
        for (const auto& view : child.views) own_.insert(view.view);
    }

    Result<std::vector<NamedBeside>> of(const std::vector<Line>& lines) {
        for (const auto& line : lines) {
            if (line.superseded || !line.entry.whole) continue;
            for (const auto& subject : line.entry.subjects) {
                const auto adults =
                    static_cast<record::Involvements>(subject.involvement & ~record::children_involvements);
                if (adults != 0 && subject.view && !own_.contains(subject.view)) note(line, subject.view, adults);
            }
        }
        std::vector<ViewId> ids;
        for (const auto& [view, one] : found_) ids.push_back(view);
        std::map<ViewId, NamedBeside> persons;
        for (const auto& row : snapshot_.views(office_.partnership, ids)) {
            if (!row || !is_open(*row)) continue;
            const auto identity = TRY(office_.registry->identities(std::span(&*row, 1)));
            auto& seen = found_.at(row->view);
            seen.name = record::shown_name(identity.front());
            const auto [at, fresh] = persons.try_emplace(row->person, seen);
            if (fresh) continue;
            auto& one = at->second;
            one.involvement = static_cast<record::Involvements>(one.involvement | seen.involvement);
            one.first = std::min(one.first, seen.first);
            if (one.by.find(seen.by) == std::string::npos) one.by += ", " + seen.by;
            if (one.last < seen.last) {
                one.last = seen.last;
                one.newest = seen.newest;
            }
        }
        std::vector<NamedBeside> out;
        for (auto& [person, one] : persons) out.push_back(std::move(one));
        std::stable_sort(out.begin(), out.end(), [](const NamedBeside& a, const NamedBeside& b) {
            return std::tuple(b.last, a.name) < std::tuple(a.last, b.name);
        });
        at_most(out);
        return out;
    }

private:
    void note(const Line& line, ViewId view, record::Involvements involvement) {
        const auto day = office_.calendar->day_of(line.entry.row.at);
        const auto [at, fresh] = found_.try_emplace(view);
        auto& one = at->second;
        if (fresh) {
            one.first = one.last = day;
            one.by = line.source;
        }
        one.involvement = static_cast<record::Involvements>(one.involvement | involvement);
        one.first = std::min(one.first, day);
        one.last = std::max(one.last, day);
        one.newest = line.entry.row.entry;
        if (one.by.find(line.source) == std::string::npos) one.by += ", " + line.source;
    }
    bool is_open(const store::ViewRow& row) {
        if (child_.permit.own_views_only() && row.agency != child_.permit.asker().agency) return false;
        if (knowing_.found(row.person) != Knowing::Found::yes) return false;
        const auto views = snapshot_.views_of_persons(office_.partnership, std::vector{row.person});
        const bool has_record =
            !snapshot_.entries_of_records(office_.partnership, ids_of(views), store::Want::cards, 1).empty();
        return !has_record || knowing_.may(row.person);
    }

    const Office& office_;
    store::Snapshot& snapshot_;
    Knowing& knowing_;
    const KnownChild& child_;
    std::set<ViewId> own_;
    std::map<ViewId, NamedBeside> found_;
};

}  // namespace

std::unordered_map<EntryId, EntryId> newest_versions(std::span<const Line> lines, std::string_view kind) {
    std::unordered_map<EntryId, EntryId> next;
    for (const auto& line : lines) {
        const auto& row = line.entry.row;
        if (row.kind == kind && row.supersedes) next[row.supersedes] = row.entry;
    }
    std::unordered_map<EntryId, EntryId> newest;
    for (const auto& line : lines) {
        if (line.entry.row.kind != kind) continue;
        auto last = line.entry.row.entry;
        for (std::size_t n = 0; n < lines.size() && next.contains(last); ++n) last = next[last];
        newest[line.entry.row.entry] = last;
    }
    return newest;
}

Result<PeopleSheet> people_around(const Office& office, const record::Asker& asker, ViewId person) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<PeopleSheet>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<PeopleSheet> {
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        const auto child = TRY(knowing.named(person));
        PeopleSheet sheet;
        sheet.child = TRY(assemble_page(office, snapshot, knowing, person, std::nullopt));
        seen.add(sheet.child.relationship, sheet.child.person, {}, shown_of(sheet.child),
                 fields_of(sheet.child.identities));
        seen.rests_on(sheet.child.basis);
        const auto& lines = sheet.child.lines;
        sheet.relations = relations_in(office, lines);
        sheet.named = TRY(Beside(office, snapshot, knowing, child).of(lines));
        sheet.workers = workers_in(office, lines);
        sheet.services = services_in(office, lines);
        return sheet;
    });
}

}  // namespace waymark::casework
