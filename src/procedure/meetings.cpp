// Who met, who was asked to, and when all who are required were first at one meeting (outside contract, section 5:
// "All agencies met").
#include <algorithm>

#include "procedure/scene.hpp"

namespace waymark::procedure {

namespace {

std::string words_of(const content::Requirement& required) {
    return required.service.empty() ? required.type : required.type + ": " + required.service;
}

bool is_meeting(Part part) {
    return part == Part::strategy || part == Part::conference || part == Part::meeting;
}

void add_once(std::vector<std::string>& list, std::string_view agency) {
    if (!agency.empty() && std::find(list.begin(), list.end(), agency) == list.end()) list.emplace_back(agency);
}

class Gatherer {
public:
    Gatherer(const Compiled& compiled, const Calendar& calendar, const Known& known, const Fold& fold)
        : compiled_(compiled), calendar_(calendar), known_(known), fold_(fold) {}

    Gathering gather(Date today) const {
        Gathering all;
        const json::object nobody;
        all.asked = !compiled_.missing(fold_.candidate(nobody, {}, compiled_.unknown, today)).empty();
        const auto& items = known_.items();
        for (std::uint32_t i = 0; i < items.size(); ++i) {
            if (!items[i].own) continue;
            const auto part = items[i].kind->part;
            if (part == Part::triage) {
                const auto outcome = string_or(items[i].fact->fields, "outcome", "");
                all.past_triage = all.past_triage || outcome == "assessment" || outcome == "strategy-discussion";
            } else if ((part == Part::concern || part == Part::referral) && !all.since) {
                all.since = calendar_.day_of(items[i].fact->at);
            } else if (is_meeting(part)) {
                all.meetings.push_back(meeting(items[i]));
                if (!all.meetings.back().all_required || all.all_met) continue;
                all.all_met = calendar_.day_of(items[i].fact->at);
                all.all_met_at = items[i].fact->id;
                if (all.since) all.days = static_cast<int>((*all.all_met - *all.since).count());
            }
        }
        if (all.asked && !all.all_met) all.missing = who_is_missing(all.meetings, today);
        return all;
    }

private:
    [[nodiscard]] std::vector<std::string> lacking(const json::object& fields, Date day) const {
        const auto candidate = fold_.candidate(fields, {}, compiled_.unknown, day);
        std::vector<std::string> types;
        for (const auto* required : compiled_.missing(candidate)) types.push_back(words_of(*required));
        return types;
    }

    [[nodiscard]] std::vector<std::string> who_is_missing(const std::vector<Meeting>& meetings, Date today) const {
        const Meeting* fullest = nullptr;
        for (const auto& one : meetings) {
            if (fullest == nullptr || one.missing.size() <= fullest->missing.size()) fullest = &one;
        }
        return fullest != nullptr && !fullest->missing.empty() ? fullest->missing : lacking(json::object{}, today);
    }

    [[nodiscard]] Meeting meeting(const Known::Item& item) const {
        const auto& fact = *item.fact;
        Meeting one;
        one.entry = fact.id;
        one.at = fact.at;
        one.kind = fact.kind;
        one.type = string_or(fact.fields, "type", "");
        for (const auto& agency : listed(find(fact.fields, "attended")))
            add_once(agency.only_sent ? one.contributed : one.attended, agency.agency);
        for (const auto& agency : listed(find(fact.fields, "apologies"))) {
            add_once(one.apologies, agency.agency);
            if (agency.contributed) add_once(one.contributed, agency.agency);
        }
        const auto called = known_.find(fact.about);
        if (called != Known::none && known_.items()[called].kind->part == Part::convened) {
            for (const auto& agency : listed(find(known_.fact(called).fields, "invited"))) {
                add_once(one.invited, agency.agency);
                if (agency.contributed) add_once(one.contributed, agency.agency);
            }
        }
        std::erase_if(one.contributed, [&](const std::string& agency) {
            return std::find(one.attended.begin(), one.attended.end(), agency) != one.attended.end();
        });
        const auto candidate = fold_.candidate(fact, *item.kind);
        for (const auto* required : compiled_.missing(candidate)) one.missing.push_back(words_of(*required));
        one.all_required = !compiled_.book->attending.required.empty() &&
                           compiled_.attended(Attendance::all_required, candidate, fact.kind);
        one.quorate = compiled_.attended(Attendance::quorum, candidate, fact.kind);
        return one;
    }

    const Compiled& compiled_;
    const Calendar& calendar_;
    const Known& known_;
    const Fold& fold_;
};

}  // namespace

Counting Procedure::counted(std::string_view kind, const json::object& fields, const std::optional<Born>& born,
                            Date day) const {
    const auto& compiled = *compiled_;
    const json::object nobody;
    Candidate candidate;
    candidate.day = day;
    candidate.born = &born;
    Counting counting;
    candidate.fields = &nobody;
    for (const auto* one : compiled.missing(candidate)) counting.required.push_back(*one);
    candidate.fields = &fields;
    for (const auto* one : compiled.missing(candidate)) counting.missing.push_back(*one);
    counting.quorum = compiled.quorum_of(kind, fields);
    counting.quorate = compiled.attended(Attendance::quorum, candidate, kind);
    std::vector<std::string> agencies;
    std::vector<std::string> types;
    for (const auto& one : listed(find(fields, "attended"))) {
        if (one.only_sent) continue;
        add_once(agencies, one.agency);
        add_once(types, compiled.type_of(one.agency));
    }
    counting.came = static_cast<int>(agencies.size());
    for (const auto& type : counting.quorum.types) {
        if (std::find(types.begin(), types.end(), type) == types.end()) counting.lacking.push_back(type);
    }
    counting.as_an_exception =
        counting.quorum.exceptionally > 0 && counting.lacking.empty() && counting.came >= counting.quorum.exceptionally;
    return counting;
}

Gathering gathering_of(const Compiled& compiled, const Calendar& calendar, const Known& known, const Fold& fold,
                       Date today) {
    return Gatherer(compiled, calendar, known, fold).gather(today);
}

}  // namespace waymark::procedure
