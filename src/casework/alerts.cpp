// What of the looks seems wrong, and what was said of it.
#include "casework/alerts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/connections.hpp"
#include "casework/knowing.hpp"
#include "casework/look_tally.hpp"
#include "casework/verb.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view log_alone = "privacy-officer";
constexpr std::string_view answered_kind = "look.answered";
constexpr std::size_t most_alerts = 500;
constexpr std::size_t most_answers = 5'000;
constexpr std::size_t most_conflicts = 5'000;
constexpr std::size_t most_compared = 30'000;  // children whose names and homes are compared with who looked
constexpr int answers_days = 400;

using content::LookPattern;

std::string times(std::size_t count) {
    return count == 1 ? "once" : count == 2 ? "twice" : fmt::format("{} times", count);
}
std::string so_many(std::size_t count, const char* one, const char* more) {
    return fmt::format("{} {}", count, count == 1 ? one : more);
}
std::string hour_words(int hour) {
    return fmt::format("{:02}:00", hour);
}

// A window that slides over what happened: the most different things within a length, and when the fullest one began
// and ended.
struct Fullest {
    std::size_t count = 0;
    std::size_t from = 0;
    std::size_t to = 0;  // the last, itself in it
};
template <class When, class What>
Fullest fullest(std::size_t size, std::chrono::microseconds within, const When& when, const What& what) {
    using Key = std::decay_t<decltype(what(0))>;
    std::map<Key, std::size_t> inside;
    Fullest best;
    for (std::size_t to = 0, from = 0; to < size; ++to) {
        ++inside[what(to)];
        while (when(to) - when(from) > within) {
            const auto found = inside.find(what(from));
            if (--found->second == 0) inside.erase(found);
            ++from;
        }
        if (inside.size() > best.count) best = {inside.size(), from, to};
    }
    return best;
}

// An alert before it is told to anybody.
struct Raw {
    const LookPattern* pattern = nullptr;
    std::optional<std::uint32_t> who;
    ViewId person;  // nil: of several
    std::string said;
    std::size_t count = 0;
    Instant first, last;
};

struct Conflicts {
    std::map<std::pair<std::string, ViewId>, bool> of;               // practitioner and person -> stands still
    std::map<ViewId, std::set<std::string>> practitioners_close_to;  // a record
};

class Patterns {
public:
    Patterns(const Office& office, store::Snapshot& snapshot, const Looks& looks)
        : office_(office), snapshot_(snapshot), looks_(looks) {}

    Result<std::vector<Raw>> run() {
        TRY_VOID(learn_conflicts());
        TRY_VOID(learn_leads());
        TRY_VOID(learn_identities());
        for (const auto& pair : looks_.pairs) of_pair(pair);
        for (std::uint32_t who = 0; who < looks_.people.size(); ++who) of_person(who);
        crowds();
        TRY_VOID(of_lines(looks_.moved, "two-places"));
        TRY_VOID(of_lines(looks_.shut_out, "shut-out"));
        return std::move(out_);
    }

private:
    const LookPattern* pattern(std::string_view key) const { return office_.look_patterns.pattern(key); }
    const content::Practitioner* known(std::uint32_t who) const { return looks_.people[who].known; }
    bool is_apart(const LookPattern& one, std::uint32_t who) const {
        const auto* practitioner = known(who);
        return practitioner != nullptr &&
               std::find(one.roles_apart.begin(), one.roles_apart.end(), practitioner->role) != one.roles_apart.end();
    }
    bool leads(const LookPair& pair) const {
        const auto* practitioner = known(pair.who);
        return practitioner != nullptr && leads_.contains({practitioner->key, pair.person});
    }
    bool works(const LookPair& pair) const { return pair.worked || leads(pair); }
    void add(const LookPattern& one, const LookPair& pair, std::size_t count, std::string said) {
        out_.push_back({&one, pair.who, pair.person, std::move(said), count, pair.first, pair.last});
    }

    // ---- what is looked up once ----
    Result<void> learn_conflicts() {
        const auto p = office_.partnership;
        std::set<EntryId> cleared;
        for (const auto& one :
             snapshot_.access_entries_of(p, "conflict.cleared", Instant{}, store::Want::cards, most_conflicts))
            cleared.insert(one.row.about);
        std::vector<record::Entry> found;
        std::vector<ViewId> records;
        for (const auto& one :
             snapshot_.access_entries_of(p, "conflict.found", Instant{}, store::Want::whole, most_conflicts)) {
            found.push_back(TRY(office_.journal->open(one)));
            records.push_back(one.row.record);
        }
        const auto views = snapshot_.views(p, records);
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (!views[i]) continue;
            const std::string who(string_or(found[i].body, "who", ""));
            auto& stands = conflicts_.of[{who, views[i]->person}];
            stands = stands || !cleared.contains(found[i].row.entry);
            conflicts_.practitioners_close_to[views[i]->person].insert(who);
        }
        return {};
    }

    // Of the records that somebody looked at without working with the child as far as the audit tells: who leads, and
    // when a case was open.
    Result<void> learn_leads() {
        std::vector<ViewId> persons;
        for (const auto& pair : looks_.pairs) {
            if (pair.looks > 0 && !pair.worked) persons.push_back(pair.person);
        }
        std::sort(persons.begin(), persons.end());
        persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
        if (persons.size() > most_compared) persons.resize(most_compared);
        views_ = snapshot_.views_of_persons(office_.partnership, persons);
        std::vector<ViewId> ids;
        std::unordered_map<ViewId, ViewId> person_of;
        for (const auto& view : views_) {
            ids.push_back(view.view);
            person_of.emplace(view.view, view.person);
        }
        for (auto& one : snapshot_.cases_of_records(office_.partnership, ids)) {
            const auto person = person_of[one.record];
            if (!one.closed && !one.lead.empty()) leads_.insert({one.lead, person});
            cases_[person].push_back({one.opened, one.closed});
        }
        return {};
    }

    Result<void> learn_identities() {
        if (pattern("own-name") == nullptr && pattern("own-address") == nullptr) return {};
        for (std::uint32_t who = 0; who < looks_.people.size(); ++who) {
            const auto* practitioner = known(who);
            if (practitioner == nullptr) continue;
            record::Identity named;
            named.family_name = practitioner->name.substr(practitioner->name.rfind(' ') + 1);
            for (auto& part : people::features_of(named).family) names_[who].push_back(std::move(part));
        }
        for (const auto& one : TRY(declared_connections(office_, snapshot_))) {
            record::Identity home;
            home.address = one.declared.address;
            home.postcode = one.declared.postcode;
            if (home.address.empty()) continue;
            homes_[one.who].push_back(people::features_of(home));
        }
        for (const auto& view : views_) {
            const auto identity = TRY(office_.journal->open_identity(view.identity, view.view, view.version));
            auto features = people::features_of(identity);
            auto& person = who_is_[view.person];
            for (auto& name : features.family) person.family.push_back(std::move(name));
            if (!identity.address_protected && !features.address.empty())
                person.homes.emplace_back(std::move(features.address), std::move(features.postcode));
        }
        return {};
    }

    // ---- one person at one record ----
    void of_pair(const LookPair& pair) {
        if (pair.looks + pair.by_glass == 0) return;
        close_to(pair);
        if (pair.looks == 0 || works(pair)) return of_worker(pair);
        const auto* one = pattern("no-work");
        if (one != nullptr && !is_apart(*one, pair.who)) no_work(*one, pair);
        one = pattern("many-looks");
        if (one != nullptr && pair.looks >= at_least(*one) && pair.days >= 2 && !is_apart(*one, pair.who))
            add(*one, pair, pair.looks,
                fmt::format("Opened it {} on {}, and wrote nothing in it.", times(pair.looks),
                            so_many(pair.days, "day", "days")));
        colleague(pair);
        of_worker(pair);
    }
    static std::size_t at_least(const LookPattern& one) { return static_cast<std::size_t>(one.least); }

    // Whoever works with the child may look too late, or at night.
    void of_worker(const LookPair& pair) {
        const auto* one = pattern("after-end");
        if (one != nullptr && pair.after >= at_least(*one) && !leads(pair))
            add(*one, pair, pair.after,
                fmt::format("Opened it {} after they last had its case, and wrote nothing in it since.",
                            times(pair.after)));
        one = pattern("odd-hours");
        if (one == nullptr || pair.odd < at_least(*one) || is_apart(*one, pair.who)) return;
        const auto& person = looks_.people[pair.who];
        if (one->usual_days > 0 && person.odd_days >= static_cast<std::size_t>(one->usual_days)) return;
        add(*one, pair, pair.odd,
            fmt::format("Opened it {} between {} and {}.", times(pair.odd), hour_words(one->from_hour),
                        hour_words(one->to_hour)));
        out_.back().last = pair.odd_last;
    }

    void no_work(const LookPattern& one, const LookPair& pair) {
        const auto& lengths = office_.gate->policy().lengths;
        const auto after = std::chrono::hours(24 * lengths.after_close_days);
        const auto found = cases_.find(pair.person);
        std::size_t count = 0;
        Instant first;
        Instant last;
        for (const auto at : pair.unfounded) {
            const bool worked_on =
                found != cases_.end() && std::any_of(found->second.begin(), found->second.end(), [&](const auto& span) {
                    return span.first <= at && (!span.second || at <= *span.second + after);
                });
            if (worked_on) continue;
            if (count++ == 0) first = at;
            last = at;
        }
        if (count < at_least(one)) return;
        add(one, pair, count,
            fmt::format("Opened it {} while no case was open, and wrote nothing in it.", times(count)));
        out_.back().first = first;
        out_.back().last = last;
    }

    void close_to(const LookPair& pair) {
        const auto* practitioner = known(pair.who);
        if (practitioner == nullptr) return;
        const auto looks = pair.looks + pair.by_glass;
        const auto* one = pattern("connection");
        const auto conflict = conflicts_.of.find({practitioner->key, pair.person});
        if (conflict != conflicts_.of.end()) {
            if (one != nullptr && looks >= at_least(*one))
                add(*one, pair, looks,
                    fmt::format("Opened it {}. A personal connection with somebody in it is on the register{}.",
                                times(looks), conflict->second ? "" : ", and was cleared"));
            return;
        }
        if (works(pair)) return;
        const auto known_as = who_is_.find(pair.person);
        if (known_as == who_is_.end()) return;
        one = pattern("own-name");
        const auto names = names_.find(pair.who);
        if (one != nullptr && looks >= at_least(*one) && names != names_.end() && !is_apart(*one, pair.who) &&
            share(names->second, known_as->second.family))
            add(*one, pair, looks,
                fmt::format("Opened it {}. The child has the same family name as they, and they have written nothing "
                            "in it.",
                            times(looks)));
        one = pattern("own-address");
        const auto homes = homes_.find(practitioner->key);
        if (one == nullptr || looks < at_least(*one) || homes == homes_.end()) return;
        const auto& theirs = known_as->second.homes;
        const bool same = std::any_of(homes->second.begin(), homes->second.end(), [&](const people::Features& mine) {
            return std::any_of(theirs.begin(), theirs.end(), [&](const auto& home) {
                return home.first == mine.address &&
                       (mine.postcode.empty() || home.second.empty() || home.second == mine.postcode);
            });
        });
        if (same)
            add(*one, pair, looks,
                fmt::format("Opened it {}. The child lives at an address that they declared.", times(looks)));
    }
    static bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
        return std::any_of(a.begin(), a.end(),
                           [&](const auto& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
    }

    void colleague(const LookPair& pair) {
        const auto* one = pattern("colleague");
        const auto* practitioner = known(pair.who);
        if (one == nullptr || practitioner == nullptr || pair.looks < at_least(*one) || is_apart(*one, pair.who))
            return;
        const auto close = conflicts_.practitioners_close_to.find(pair.person);
        if (close == conflicts_.practitioners_close_to.end() || close->second.contains(practitioner->key)) return;
        const bool of_theirs = std::any_of(close->second.begin(), close->second.end(), [&](const std::string& key) {
            const auto* other = office_.profile.practitioner(key);
            return other != nullptr && other->agency == practitioner->agency;
        });
        if (of_theirs)
            add(*one, pair, pair.looks,
                fmt::format("Opened it {}. Somebody in it is close to a colleague of the same agency.",
                            times(pair.looks)));
    }

    // ---- one person at many records ----
    void of_person(std::uint32_t who) {
        const auto& person = looks_.people[who];
        run_of(pattern("many-children"), who, person.opened, "Opened the records of {} different children within {}.");
        run_of(pattern("copies"), who, person.copied,
               "Printed or took out the records of {} different children within {}.");
        const auto* one = pattern("search-only");
        if (one == nullptr || is_apart(*one, who)) return;
        // Searches between one opening and the next.
        std::size_t at = 0;
        Fullest best;
        std::size_t best_at = 0;
        for (std::size_t i = 0; i <= person.opened.size() && at < person.searched.size(); ++i) {
            const auto from = at;
            while (at < person.searched.size() &&
                   (i == person.opened.size() || person.searched[at] <= person.opened[i].at))
                ++at;
            const auto run = fullest(
                at - from, std::chrono::minutes(one->minutes), [&](std::size_t n) { return person.searched[from + n]; },
                [&](std::size_t n) { return n; });
            if (run.count > best.count) {
                best = run;
                best_at = from;
            }
        }
        if (best.count < at_least(*one)) return;
        out_.push_back({one, who, ViewId{},
                        fmt::format("Searched {} within {} and opened no record.", times(best.count),
                                    so_many(static_cast<std::size_t>(one->minutes), "minute", "minutes")),
                        best.count, person.searched[best_at + best.from], person.searched[best_at + best.to]});
    }
    void run_of(const LookPattern* one, std::uint32_t who, const std::vector<LookPerson::Opened>& list,
                const char* said) {
        if (one == nullptr || list.size() < at_least(*one) || is_apart(*one, who)) return;
        const auto run = fullest(
            list.size(), std::chrono::minutes(one->minutes), [&](std::size_t n) { return list[n].at; },
            [&](std::size_t n) { return list[n].person; });
        if (run.count < at_least(*one)) return;
        out_.push_back({one, who, ViewId{},
                        fmt::format(fmt::runtime(said), run.count,
                                    so_many(static_cast<std::size_t>(one->minutes), "minute", "minutes")),
                        run.count, list[run.from].at, list[run.to].at});
    }

    // ---- many people at one record ----
    void crowds() {
        const auto* one = pattern("crowd");
        if (one == nullptr) return;
        std::unordered_map<ViewId, std::vector<const LookPair*>> of;
        for (const auto& pair : looks_.pairs) {
            if (pair.looks > 0 && !works(pair) && !is_apart(*one, pair.who)) of[pair.person].push_back(&pair);
        }
        for (const auto& [person, pairs] : of) {
            if (pairs.size() < at_least(*one)) continue;
            std::vector<std::pair<Instant, std::uint32_t>> looks;
            for (const auto* pair : pairs) {
                for (const auto at : pair->moments) looks.emplace_back(at, pair->who);
            }
            std::sort(looks.begin(), looks.end());
            const auto run = fullest(
                looks.size(), std::chrono::hours(24 * std::max(1, one->days)),
                [&](std::size_t n) { return looks[n].first; }, [&](std::size_t n) { return looks[n].second; });
            if (run.count < at_least(*one)) continue;
            out_.push_back({one, std::nullopt, person,
                            fmt::format("{} people opened it within {}. None of them wrote in it or leads its case.",
                                        run.count, so_many(static_cast<std::size_t>(one->days), "day", "days")),
                            run.count, looks[run.from].first, looks[run.to].first});
        }
    }

    // ---- lines whose sealed part says more ----
    Result<void> of_lines(const std::vector<std::int64_t>& positions, std::string_view key) {
        const auto* one = pattern(key);
        if (one == nullptr || positions.empty()) return {};
        // By the sign-in, or by the person alone.
        std::map<std::pair<std::string, std::string>, std::vector<Instant>> moments;
        for (const auto position : positions) {
            const auto rows = snapshot_.audit_after(office_.partnership, position - 1, 1);
            if (rows.empty() || rows.front().position != position) continue;
            const auto line = office_.auditor->open(rows.front());
            if (!line) continue;  // altered: `waymark verify` says so
            if (key == "shut-out" && !line->rule.ends_with("/conflict")) continue;
            moments[{line->practitioner, key == "shut-out" ? std::string() : line->session}].push_back(line->at);
        }
        for (const auto& [whose, list] : moments) {
            const auto within = one->minutes > 0 ? std::chrono::minutes(one->minutes)
                                                 : std::chrono::minutes(24 * 60 * office_.look_patterns.days);
            const auto run = fullest(
                list.size(), within, [&](std::size_t n) { return list[n]; }, [](std::size_t n) { return n; });
            if (run.count < at_least(*one)) continue;
            const auto who = index_of(whose.first);
            if (!who) continue;
            auto said =
                key == "shut-out"
                    ? fmt::format("Was shut out from a record by a personal connection {}.", times(run.count))
                    : fmt::format("The address from which one sign-in was used changed {} within {}.", times(run.count),
                                  so_many(static_cast<std::size_t>(one->minutes), "minute", "minutes"));
            out_.push_back({one, who, ViewId{}, std::move(said), run.count, list[run.from], list[run.to]});
        }
        return {};
    }
    std::optional<std::uint32_t> index_of(const std::string& key) const {
        for (std::uint32_t who = 0; who < looks_.people.size(); ++who) {
            if (known(who) != nullptr && known(who)->key == key) return who;
        }
        return std::nullopt;
    }

    struct Known {
        std::vector<std::string> family;
        std::vector<std::pair<std::string, std::string>> homes;  // address and postcode
    };
    const Office& office_;
    store::Snapshot& snapshot_;
    const Looks& looks_;
    Conflicts conflicts_;
    std::set<std::pair<std::string, ViewId>> leads_;
    std::unordered_map<ViewId, std::vector<std::pair<Instant, std::optional<Instant>>>> cases_;
    std::vector<store::ViewRow> views_;
    std::unordered_map<ViewId, Known> who_is_;
    std::unordered_map<std::uint32_t, std::vector<std::string>> names_;
    std::unordered_map<std::string, std::vector<people::Features>> homes_;
    std::vector<Raw> out_;
};

Bytes digest_of_parts(const Office& office, std::string_view what, const Bytes& tag, ViewId person) {
    Bytes text;
    const auto put = [&](ByteView bytes) {
        text.insert(text.end(), bytes.begin(), bytes.end());
        text.push_back(0);
    };
    put(as_bytes(what));
    put(tag);
    put(person.value.octets);
    const auto digest = keyed_digest(office.token_key, text);
    return {digest.begin(), digest.end()};
}

std::string record_reference(const Office& office, ViewId person) {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const auto digest = digest_of_parts(office, "waymark looked-at record", {}, person);
    std::string out = "Record ";
    for (std::size_t i = 0; i < 6; ++i) out += letters[digest[i] % letters.size()];
    return out;
}

Result<std::map<std::string, LookAlert::Answer>> answers_of(const Office& office, store::Snapshot& snapshot) {
    std::map<std::string, LookAlert::Answer> out;
    const auto since = office.clock.now() - std::chrono::hours(24 * answers_days);
    for (const auto& kept :
         snapshot.access_entries_of(office.partnership, answered_kind, since, store::Want::whole, most_answers)) {
        const auto entry = TRY(office.journal->open(kept));
        LookAlert::Answer answer;
        answer.outcome = string_or(entry.body, "outcome", "");
        answer.reason = string_or(entry.body, "reason", "");
        answer.by = practitioner_name(office, entry.row.author);
        answer.at = entry.row.at.instant;
        if (const auto until = parse_instant(string_or(entry.body, "until", ""))) answer.until = *until;
        out.emplace(std::string(string_or(entry.body, "alert", "")), std::move(answer));  // the newest stands first
    }
    return out;
}

// Every alert that this asker may be told of.
class Telling {
public:
    Telling(const Office& office, const record::Permit& permit, std::optional<Knowing> reads)
        : office_(office), permit_(permit), reads_(std::move(reads)) {}

    Result<std::vector<LookAlert>> tell(store::Snapshot& snapshot, const Looks& looks, const std::vector<Raw>& raws) {
        const auto answers = TRY(answers_of(office_, snapshot));
        std::vector<LookAlert> out;
        std::vector<ViewId> named;
        for (const auto& raw : raws) {
            LookAlert one;
            if (!about_whom(looks, raw, one) || !of_whose(raw, one)) continue;
            one.pattern = raw.pattern->key;
            one.words = raw.pattern->words;
            one.said = raw.said;
            one.count = raw.count;
            one.first = raw.first;
            one.last = raw.last;
            const auto digest =
                digest_of_parts(office_, raw.pattern->key, raw.who ? looks.people[*raw.who].tag : Bytes{}, raw.person);
            std::copy_n(digest.begin(), one.id.octets.size(), one.id.octets.begin());
            const auto answer = answers.find(to_string(one.id));
            if (answer != answers.end()) one.answer = answer->second;
            named.push_back(reads_ && one.person ? *one.person : ViewId{});
            out.push_back(std::move(one));
        }
        if (reads_) {
            const auto names = TRY(names_of_persons(office_, snapshot, *read_permit_, named));
            for (std::size_t i = 0; i < out.size(); ++i) {
                if (out[i].person) out[i].child = names[i];
            }
        }
        std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.last > b.last; });
        return out;
    }
    void names_under(const record::Permit& permit) { read_permit_ = permit; }

private:
    bool about_whom(const Looks& looks, const Raw& raw, LookAlert& one) const {
        if (!raw.who) {
            one.name = so_many(raw.count, "person", "people");
            return !permit_.own_agency_only();
        }
        const auto* practitioner = looks.people[*raw.who].known;
        if (practitioner == nullptr) {
            one.name = "Somebody who has left";
            return !permit_.own_agency_only();
        }
        if (practitioner->key == permit_.asker().practitioner) return false;
        if (permit_.own_agency_only() && practitioner->agency != permit_.asker().agency) return false;
        one.who = practitioner->key;
        one.name = practitioner->name;
        one.role = content::role_label(practitioner->role);
        one.agency = agency_name(office_, practitioner->agency);
        return true;
    }
    bool of_whose(const Raw& raw, LookAlert& one) {
        if (raw.person.is_nil()) {
            one.child =
                raw.pattern->key == "many-children" || raw.pattern->key == "copies" ? "Several" : "No one child’s";
            return true;
        }
        if (!reads_) {
            one.person = raw.person;
            one.child = record_reference(office_, raw.person);
            return true;
        }
        const auto may = reads_->person(raw.person);
        if (may) {
            one.person = raw.person;
            return true;
        }
        one.child = "A record that does not open to you";
        return may.error().kind == FaultKind::forbidden;
    }

    const Office& office_;
    const record::Permit& permit_;
    std::optional<Knowing> reads_;
    std::optional<record::Permit> read_permit_;
};

// What somebody who reads records themselves may not be told of does not count among "several" either.
void leave_out_untold(const Office& office, const Knowing& reads, Looks& looks) {
    std::unordered_set<ViewId> untold;
    for (const auto& one : reads.restrictions()) {
        const auto& level = office.gate->policy().levels[static_cast<std::size_t>(one.level)];
        if (!level.told) untold.insert(one.person);
    }
    if (untold.empty()) return;
    for (auto& person : looks.people) {
        for (auto* list : {&person.opened, &person.copied})
            std::erase_if(*list, [&](const auto& one) { return untold.contains(one.person); });
    }
}

struct Found {
    std::vector<LookAlert> alerts;
    bool log_only = false;
};
Result<Found> find_alerts(const Office& office, store::Snapshot& snapshot, const record::Permit& permit) {
    Found found;
    const auto from = office.calendar->start_of(office.calendar->day_of(office.clock.now()) -
                                                std::chrono::days(office.look_patterns.days));
    auto looks = TRY(tally_looks(office, snapshot, from));
    found.log_only = permit.asker().role == log_alone;
    std::optional<record::Permit> read;
    std::optional<Knowing> reads;
    if (!found.log_only && !sharing::is_operator(permit.asker())) {
        read = TRY(office.gate->ask(permit.asker(), record::Action::read));
        reads = TRY(Knowing::of(office, snapshot, *read));
        leave_out_untold(office, *reads, looks);
    }
    const auto raws = TRY(Patterns(office, snapshot, looks).run());
    Telling telling(office, permit, std::move(reads));
    if (read) telling.names_under(*read);
    found.alerts = TRY(telling.tell(snapshot, looks, raws));
    return found;
}

}  // namespace

Result<LookAlerts> look_alerts(const Office& office, const record::Asker& asker) {
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    return read_as<LookAlerts>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<LookAlerts> {
        auto found = TRY(find_alerts(office, snapshot, permit));
        LookAlerts out;
        out.days = office.look_patterns.days;
        out.since = office.calendar->day_of(office.clock.now()) - std::chrono::days(out.days);
        out.log_only = found.log_only;
        for (auto& one : found.alerts) {
            auto& list = one.is_new() ? out.open : one.answer->outcome == "taken-up" ? out.taken_up : out.explained;
            if (list.size() < most_alerts)
                list.push_back(std::move(one));
            else
                out.more = true;
        }
        seen.as("read-log");
        return out;
    });
}

Result<LookAlert> look_alert(const Office& office, const record::Asker& asker, const Uuid& id) {
    const auto permit = TRY(permit_for(office, asker, record::Action::oversee));
    return read_as<LookAlert>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<LookAlert> {
        for (auto& one : TRY(find_alerts(office, snapshot, permit)).alerts) {
            if (one.id != id) continue;
            seen.as("read-log");
            if (one.person) seen.add("oversight", *one.person, {}, {});
            return std::move(one);
        }
        return fault(FaultKind::missing, "alert", "There are no such looks.", "Choose some from the list.");
    });
}

Result<EntryId> answer_looks(const Office& office, const record::Asker& asker, const AnswerLooks& request) {
    TRY_VOID(key_stands(request.key));
    TRY_VOID(given(request.reason, "reason", "Say why, so that it can be understood later."));
    const auto oversees = TRY(permit_for(office, asker, record::Action::oversee));
    const auto permit = TRY(permit_for(office, asker, record::Action::append, answered_kind));
    return write_as<EntryId>(office, permit, answered_kind, [&](store::Transaction& tx) -> Result<EntryId> {
        auto draft = draft_by(office, asker, answered_kind, request.key);
        draft.body = {{"alert", to_string(request.alert)},
                      {"until", to_string(request.until)},
                      {"outcome", request.outcome},
                      {"reason", request.reason}};
        const auto put_pattern = [&](const LookAlert& one) {
            draft.body.insert_or_assign("pattern", one.pattern);
            if (!one.who.empty()) draft.body.insert_or_assign("who", one.who);
        };
        for (const auto& one : TRY(find_alerts(office, tx, oversees)).alerts) {
            if (one.id != request.alert) continue;
            put_pattern(one);
            if (const auto before = TRY(sent_before(office, tx, draft))) return before->row.entry;
            if (!one.is_new()) {
                return fault(FaultKind::conflict, "outcome", "Somebody has answered for these looks already.",
                             "Open them again and read that answer.");
            }
            if (request.until > one.last) {
                return invalid("until", "This is no look that was shown.", "Open the page again.");
            }
            return TRY(take_one(office, tx, permit, std::move(draft), std::nullopt)).entries.front();
        }
        return fault(FaultKind::missing, "alert", "There are no such looks.", "Choose some from the list.");
    });
}

}  // namespace waymark::casework
