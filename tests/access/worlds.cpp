// The script of a pair of worlds, out of a seed.
#include "worlds.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "base/system.hpp"

namespace waymark::twins {

namespace {

using record::Action;
using record::Depth;
using sharing::Level;
using sharing::Relationship;
using sharing::RoleRow;
using sharing::Scope;

// Board totals count everybody, and so does who counts and shows nothing.
bool counts(const RoleRow& row) {
    return row.reach == 0 && row.scope(Action::fold) != Scope::none;
}
bool finds_everybody(const RoleRow& row) {
    return row.scope(Action::search) == Scope::all;
}
bool reaches_everybody(const RoleRow& row) {
    return row.reaches(Relationship::none);
}

bool hidden_child(const RoleRow& row) {
    return !counts(row) && !row.sees(Level::hidden);
}
bool sealed_child(const RoleRow& row) {
    return !counts(row);
}
// By what the part of their row says, they see nothing at all of others' entries that are marked.
bool marked_hidden(const RoleRow& row) {
    return !counts(row) && !row.sees(Level::hidden);
}
bool named_only(const RoleRow& row) {
    return !counts(row) && !row.sees(Level::named_only);
}
bool out_of_reach(const RoleRow& row) {
    return !counts(row) && finds_everybody(row) && !reaches_everybody(row);
}
bool of_others_only(const RoleRow& row) {
    return !counts(row) && !finds_everybody(row);
}
bool joined(const RoleRow& row) {
    return !counts(row) && !reaches_everybody(row) && row.beyond != Depth::none;
}
bool always(const RoleRow&) {
    return true;
}
// Logs are for a privacy officer, who oversees every agency: who has looked is theirs to know.
bool look(const RoleRow& row) {
    return counts(row) && row.scope(Action::oversee) == Scope::none;
}
// Who gives access sees who signed in, and when.
bool session(const RoleRow& row) {
    return row.scope(Action::administer) == Scope::none;
}

struct Draw {
    SeededRandom random;
    explicit Draw(std::uint64_t seed) : random(seed) {}
    std::uint64_t below(std::uint64_t n) { return random.below(n); }
    bool chance(unsigned in_hundred) { return below(100) < in_hundred; }
    template <class Items>
    const auto& one(const Items& items) {
        return items[below(items.size())];
    }
};

constexpr std::array given_names{"Ada",   "Bo",    "Cyra", "Dev",  "Elif", "Finn", "Greta", "Hal",
                                 "Ines",  "Jonah", "Kaya", "Luca", "Mina", "Noor", "Oona",  "Pia",
                                 "Quinn", "Rafi",  "Sana", "Tove", "Uma",  "Veda", "Wren",  "Yusuf"};
constexpr std::array family_names{"Lindgren", "Abara", "Castellan", "Dhillon", "Eklund", "Faraday", "Gant", "Holm"};
constexpr std::array agencies{"csc", "police", "yjs", "health", "education", "nursery", "voluntary"};

std::string nhs_number(Draw& draw) {
    for (;;) {
        std::string digits;
        int sum = 0;
        for (int i = 0; i < 9; ++i) {
            const int digit = i == 0 ? 9 : static_cast<int>(draw.below(10));
            digits += static_cast<char>('0' + digit);
            sum += digit * (10 - i);
        }
        const int check = (11 - sum % 11) % 11;
        if (check < 10) return digits + static_cast<char>('0' + check);
    }
}

class Writer {
public:
    Writer(std::uint64_t seed, const content::Profile& profile, const sharing::Policy& policy)
        : draw_(seed * 0x9e3779b97f4a7c15ull + 77), profile_(profile), policy_(policy) {
        script_.seed = seed;
    }

    Script write() {
        std::vector<const content::Practitioner*> people;
        for (const auto& one : profile_.practitioners) {
            if (const auto* row = policy_.row(one.role); row != nullptr && !row->purposes.empty())
                people.push_back(&one);
        }
        script_.who = *draw_.one(people);
        row_ = policy_.row(script_.who.role);
        choose();
        known_children();
        for (const auto& name : script_.kept) tell(name);
        std::stable_sort(script_.moments.begin(), script_.moments.end(),
                         [](const Moment& a, const Moment& b) { return a.day < b.day; });
        std::stable_sort(script_.children.begin(), script_.children.end(),
                         [](const Child& a, const Child& b) { return a.secret < b.secret; });
        return std::move(script_);
    }

private:
    void choose() {
        std::vector<std::string> possible;
        for (const auto& one : secrets()) {
            if (one.kept_from(*row_)) possible.emplace_back(one.name);
        }
        const auto n = 1 + draw_.below(3);
        for (std::uint64_t i = 0; i < n; ++i) {
            const auto& name = draw_.one(possible);
            if (std::find(script_.kept.begin(), script_.kept.end(), name) == script_.kept.end())
                script_.kept.push_back(name);
        }
    }
    bool keeps(std::string_view name) const {
        return std::find(script_.kept.begin(), script_.kept.end(), name) != script_.kept.end();
    }

    // ---- who ------------------------------------------------------------------------------------------------------
    Child child(const std::string& agency) {
        Child out;
        out.given = given_names.at((next_name_ += 1 + draw_.below(2)) % given_names.size());
        out.family = draw_.one(family_names);
        out.born = fmt::format("{}-{:02}-{:02}", 2009 + draw_.below(9), 1 + draw_.below(12), 1 + draw_.below(28));
        out.sex = draw_.chance(50) ? "F" : "M";
        out.postcode = fmt::format("NB{} {}{}", 1 + draw_.below(9), 1 + draw_.below(9), draw_.chance(50) ? "AA" : "BD");
        out.address = fmt::format("{} Harbour Lane", 1 + draw_.below(90));
        out.nhs_number = nhs_number(draw_);
        out.agency = agency;
        out.id = fmt::format("k{}", ++last_child_);
        return out;
    }
    static std::string identity(const Child& one) {
        return fmt::format(R"({{"source":"mis","id":"{}","given_name":"{}","family_name":"{}","date_of_birth":"{}",)"
                           R"("sex":"{}","postcode":"{}","address":"{}","nhs_number":"{}"}})",
                           one.id, one.given, one.family, one.born, one.sex, one.postcode, one.address, one.nhs_number);
    }
    // Another practitioner of that agency, or somebody whom the profile does not know.
    std::string author(const std::string& agency) {
        std::vector<std::string> others;
        for (const auto& one : profile_.practitioners) {
            if (one.agency == agency && one.key != script_.who.key) others.push_back(one.key);
        }
        return others.empty() ? "somebody" : draw_.one(others);
    }
    std::string other_agency() {
        for (;;) {
            const std::string one = draw_.one(agencies);
            if (one != script_.who.agency) return one;
        }
    }
    std::string day(unsigned from, unsigned to) {
        const auto n = from + draw_.below(to - from + 1);  // days of 2026, from 1 January
        return n <= 31   ? fmt::format("2026-01-{:02}", n)
               : n <= 59 ? fmt::format("2026-02-{:02}", n - 31)
                         : fmt::format("2026-03-{:02}", n - 59);
    }

    // ---- what -----------------------------------------------------------------------------------------------------
    struct Said {
        std::string kind;
        std::string body;
        std::string more{};
    };
    std::string line(const Child& about, const std::string& agency, const std::string& on, const Said& said,
                     const std::string& by = {}) {
        const auto id = fmt::format("e{}", ++last_entry_);
        script_.entries.push_back(agency + "/" + id);
        last_id_ = agency + "/" + id;
        return fmt::format(
            R"({{"kind":"{}","at":"{}","recorded":"{}T12:{:02}:00Z","agency":"{}","author":"{}","id":"{}","body":{},)"
            R"("subjects":[{{"involvement":"{}","identity":{}}}]{}}})",
            said.kind, on, on, last_entry_ % 60, agency, by.empty() ? author(agency) : by, id, said.body,
            draw_.chance(50) ? "displayed" : "affected", identity(about), said.more);
    }
    Said anything(const std::string& with) {
        switch (draw_.below(11)) {
            case 0:
                return {"concern.raised", R"({"about_what":"harmed","summary":"Category 3."})"};
            case 1:
                return {"visit.made", R"({"seen":true,"text":"Seen at home."})"};
            case 2:
                return {"views.recorded", R"({"whose":"child","text":"Views as said."})"};
            case 3:
                return {"strategy.held",
                        fmt::format(R"({{"attended":["csc","police"{}],"decision":"section-47"}})", with)};
            case 4:
                return {"meeting.held",
                        fmt::format(R"({{"type":"core-group","attended":["csc"{}],"decisions":"As minuted."}})", with)};
            case 5:
                return {
                    "plan.agreed",
                    R"({"type":"safety","members":["csc","education"],"text":"Plan.","actions":[{"id":"a1","text":"Visit","owner":"csc","due":"2026-03-20"}]})"};
            case 6:
                return {"assessment.started", R"({"template":"child-and-family"})"};
            case 7:
                return {"crime.recorded", R"({"reference":"NB/1","flags":["hsb"]})"};
            case 8:
                // Whose agency is asked for its view knows of the question.
                return {"consultation.requested", fmt::format(R"({{"of":["{}"],"course":"charge","view":"As said."}})",
                                                              script_.who.agency == "police" ? "yjs" : "police")};
            case 9:
                return {"enquiry.opened", R"({})"};
            default:
                return {"incident.recorded", R"({"category":"2","text":"As noted."})"};
        }
    }
    void moment(bool secret, const std::string& on, std::vector<std::string> lines) {
        script_.moments.push_back({secret, on, std::move(lines), {}});
    }
    static Said marked(Said said, std::string_view level) {
        said.more += fmt::format(R"(,"marking":"{}")", level);
        return said;
    }
    // What decides, ends and hands over: it changes what is owed, by whom, and where later entries are put.
    Said turning(const std::string& about) {
        const auto more = fmt::format(R"(,"about":"{}")", about);
        switch (draw_.below(5)) {
            case 0:
                return {"triage.decided", R"({"outcome":"no-further-action","rationale":"Weighed."})", more};
            case 1:
                return {"triage.decided", R"({"outcome":"strategy-discussion","rationale":"Weighed."})", more};
            case 2:
                return {"case.closed", R"({"reason":"needs met"})"};
            case 3:
                return {"case.transferred",
                        fmt::format(R"({{"lead":"{}"}})", draw_.chance(50) ? script_.who.key : "somebody")};
            default:
                return {"feedback.given", R"({"outcome":"assessment","text":"Told."})", more};
        }
    }
    static Said concern() { return {"concern.raised", R"({"about_what":"other","summary":"Category 1."})"}; }

    // ---- the known part -----------------------------------------------------------------------------------------
    void known_children() {
        const auto& own = script_.who.agency;
        const bool is_of_care = std::find(agencies.begin(), agencies.end(), own) != agencies.end();
        // One whom the agency works with.
        worked_ = child(draw_.chance(50) && is_of_care ? own : other_agency());
        const auto with = own == "csc" || own == "police" ? std::string{} : fmt::format(R"(,"{}")", own);
        moment(false, "2026-01-05", {line(worked_, worked_.agency, "2026-01-05", concern())});
        const auto first = last_id_;
        first_of_[worked_.id] = first;
        std::vector<std::string> lines;
        lines.push_back(line(worked_, "csc", "2026-01-06",
                             {"triage.decided", R"({"outcome":"assessment","rationale":"Weighed."})",
                              fmt::format(R"(,"about":"{}")", first)}));
        lines.push_back(
            line(worked_, "csc", "2026-01-07",
                 {"case.opened", fmt::format(R"({{"lead":"{}"}})", draw_.chance(40) ? script_.who.key : own)}));
        lines.push_back(
            line(worked_, "csc", "2026-01-08",
                 {"strategy.held", fmt::format(R"({{"attended":["csc","police"{}],"decision":"assessment"}})", with)}));
        if (row_->reaches(Relationship::task))
            lines.push_back(
                line(worked_, "csc", "2026-03-20",
                     {"access.granted", fmt::format(R"({{"to":"{}","reason":"Case audit."}})", script_.who.key)}));
        moment(false, "2026-01-08", {lines.begin(), lines.begin() + 3});
        if (lines.size() > 3) moment(false, "2026-03-20", {lines.back()});
        for (std::uint64_t i = 0, n = 1 + draw_.below(4); i < n; ++i) {
            const auto on = day(12, 80);
            moment(false, on,
                   {line(worked_, draw_.chance(40) && is_of_care ? own : other_agency(), on, anything(with))});
        }
        if (is_of_care && draw_.chance(40)) {
            const auto on = day(20, 80);
            moment(false, on, {line(worked_, own, on, concern(), script_.who.key)});
        }
        views_of_worked_.insert(views_of_worked_.end(), {worked_.agency, "csc"});
        script_.children.push_back(worked_);
        // One who is no more than known to the agency; its own concern waits.
        known_ = child(is_of_care ? own : other_agency());
        moment(false, "2026-01-14",
               {line(known_, known_.agency, "2026-01-14", concern(),
                     is_of_care && draw_.chance(30) ? script_.who.key : std::string{})});
        first_of_[known_.id] = last_id_;
        if (draw_.chance(50)) moment(false, "2026-02-14", {line(known_, known_.agency, "2026-02-14", concern())});
        script_.children.push_back(known_);
        // One of whom there is no case at first: what is marked may open one, and what is open to all opens another.
        if ((keeps("marked-entry") || keeps("sealed-entry")) && draw_.chance(30)) {
            plain_ = child(is_of_care ? own : other_agency());
            moment(false, "2026-01-15",
                   {line(*plain_, plain_->agency, "2026-01-15", {"visit.made", R"({"seen":true})"})});
            if (draw_.chance(60)) moment(false, "2026-03-16", {line(*plain_, plain_->agency, "2026-03-16", concern())});
            if (draw_.chance(40))
                moment(false, "2026-03-18",
                       {line(*plain_, plain_->agency, "2026-03-18", {"visit.made", R"({"seen":true})"})});
            script_.children.push_back(*plain_);
        }
        // One whom only others know, and one for named people only.
        other_ = child(other_agency());
        if (finds_everybody(*row_) || !keeps("unknown-child")) {
            moment(false, "2026-01-16", {line(other_, other_.agency, "2026-01-16", concern())});
            script_.children.push_back(other_);
        }
        if (keeps("named-only")) {
            named_ = child(other_agency());
            moment(false, "2026-01-18",
                   {line(named_, named_.agency, "2026-01-18", concern()),
                    line(named_, "csc", "2026-01-18",
                         {"restriction.set", R"({"level":"named-only","persons":["nobody.here"]})"})});
            script_.children.push_back(named_);
        }
        if (keeps("more-of-hidden")) {
            hidden_ = like_a_known_one(draw_.chance(50) && is_of_care ? own : other_agency());
            hide(hidden_, false, "hidden");
        }
    }

    // A brother or sister, a twin, a namesake, or a stranger.
    Child like_a_known_one(const std::string& agency) {
        auto out = child(agency);
        const auto& near = draw_.one(script_.children);
        const auto kind = draw_.below(4);
        if (kind <= 1) {
            out.family = near.family;
            out.postcode = near.postcode;
            out.address = near.address;
        }
        if (kind == 1) out.born = near.born;
        if (kind == 2) {
            out.given = near.given;
            out.family = near.family;
        }
        out.secret = true;
        return out;
    }
    void hide(const Child& one, bool secret, std::string_view level) {
        const auto on = day(10, 40);
        moment(secret, on,
               {line(one, one.agency, on, concern()),
                line(one, "csc", on,
                     {"restriction.set", fmt::format(R"({{"level":"{}","persons":["{}"]}})", level,
                                                     script_.who.key == "t.okafor" ? "a.rahman" : "t.okafor")})});
        auto copy = one;
        copy.secret = true;
        script_.children.push_back(copy);
    }
    void more_of(const Child& one, bool secret, const std::string& with, std::vector<std::string> by = {}) {
        if (by.empty()) by.assign(agencies.begin(), agencies.end());
        for (std::uint64_t i = 0, n = 1 + draw_.below(6); i < n; ++i) {
            const auto on = day(42, 82);
            moment(secret, on, {line(one, draw_.one(by), on, anything(with))});
        }
    }

    // ---- the secrets ----------------------------------------------------------------------------------------------
    void tell(const std::string& name) {
        const auto& own = script_.who.agency;
        const bool is_of_care = std::find(agencies.begin(), agencies.end(), own) != agencies.end();
        const auto with = own == "csc" || own == "police" ? std::string{} : fmt::format(R"(,"{}")", own);
        if (name == "hidden-child" || name == "sealed-child") {
            const auto one = like_a_known_one(draw_.chance(40) && is_of_care ? own : other_agency());
            hide(one, true, name == "hidden-child" ? "hidden" : "sealed");
            more_of(one, true, with);
        } else if (name == "more-of-hidden") {
            more_of(hidden_, true, with);
        } else if (name == "marked-entry" || name == "sealed-entry") {
            const std::string_view level = name == "sealed-entry" ? "sealed" : "hidden";
            if (plain_) {
                const auto on = day(32, 70);
                moment(true, on, {line(*plain_, plain_->agency, on, marked(concern(), level))});
            }
            const auto& one = draw_.chance(60) ? worked_ : known_;
            for (std::uint64_t i = 0, n = 1 + draw_.below(3); i < n; ++i) {
                const auto on = day(20, 82);
                moment(true, on,
                       {line(one, one.id == worked_.id ? draw_.one(views_of_worked_) : one.agency, on,
                             marked(draw_.chance(40) ? turning(first_of_.at(one.id)) : anything(with), level))});
            }
        } else if (name == "named-only") {
            more_of_others(named_);
        } else if (name == "out-of-reach") {
            more_of_others(other_);
        } else if (name == "unknown-child") {
            other_ = like_a_known_one(other_agency());
            moment(true, "2026-01-16", {line(other_, other_.agency, "2026-01-16", concern())});
            more_of_others(other_);
            script_.children.push_back(other_);
        } else if (name == "joined") {
            // Another agency's record of the same child, and what it wrote there.
            auto theirs = known_;
            theirs.agency = other_agency();
            theirs.id = fmt::format("k{}", ++last_child_);
            // What they have otherwise is not told either, nor what follows from it.
            if (draw_.chance(30)) theirs.born = theirs.born.substr(0, 5) + (draw_.chance(50) ? "02" : "11") + "-28";
            const auto on = day(16, 30);
            moment(true, on, {line(theirs, theirs.agency, on, concern())});
            more_of_others(theirs);
        } else {
            script_.moments.push_back({true, "2026-03-2" + std::to_string(draw_.below(4)), {}, name});
        }
    }
    // Nothing in which the own agency takes part: that would be a relationship.
    void more_of_others(const Child& one) {
        for (std::uint64_t i = 0, n = 1 + draw_.below(5); i < n; ++i) {
            const auto on = day(42, 82);
            auto said = anything({});
            if (said.kind == "strategy.held") said.body = R"({"attended":["nobody"],"decision":"assessment"})";
            if (said.kind == "meeting.held") said.body = R"({"type":"core-group","attended":["nobody"]})";
            moment(true, on, {line(one, one.agency == script_.who.agency ? other_agency() : one.agency, on, said)});
        }
    }

    Draw draw_;
    const content::Profile& profile_;
    const sharing::Policy& policy_;
    const RoleRow* row_ = nullptr;
    Script script_;
    Child worked_, known_, other_, named_, hidden_;
    std::optional<Child> plain_;
    std::map<std::string, std::string> first_of_;  // child -> the concern that opened the case
    std::vector<std::string> views_of_worked_;
    std::size_t next_name_ = 0;
    int last_child_ = 0;
    int last_entry_ = 0;
    std::string last_id_;
};

}  // namespace

const std::vector<Secret>& secrets() {
    static const std::vector<Secret> all{
        {"hidden-child", "a hidden child, with concerns, meetings, plans, cases", hidden_child},
        {"sealed-child", "a child whose record a court has sealed", sealed_child},
        {"more-of-hidden", "how much there is of a hidden child", hidden_child},
        {"marked-entry", "an entry of an open record that is for named people only, hidden from all others",
         marked_hidden},
        {"sealed-entry", "an entry of an open record that is sealed", sealed_child},
        {"named-only", "what is in a record for named people, of whom one knows that it is there", named_only},
        {"out-of-reach", "what is in the record of a child with whom the own agency does not work", out_of_reach},
        {"unknown-child", "a child whom the own agency does not know", of_others_only},
        {"joined", "that another agency knows the same child, and what it wrote", joined},
        {"draft", "what another has begun to write", always},
        {"look",
         "that another looked at a record, where one opens none and oversees nobody: who sees a record sees who has "
         "looked, and so does a privacy officer",
         look},
        {"session", "that another is signed in, for who does not administer: they see the last sign-in", session},
    };
    return all;
}

Script script(std::uint64_t seed, const content::Profile& profile, const sharing::Policy& policy) {
    return Writer(seed, profile, policy).write();
}

}  // namespace waymark::twins
