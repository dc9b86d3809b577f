// One walk over the audit in the order of time.
#include "casework/look_tally.hpp"

#include <algorithm>

namespace waymark::casework {

namespace {

constexpr std::string_view moved_action = "session-moved";

bool begins_with_one(std::string_view route, const std::vector<std::string>& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string& one) { return route.starts_with(one); });
}

// The hour and the day of the partnership's clock: the lines come in the order of time, so that each hour is reckoned
// once.
class LocalHours {
public:
    explicit LocalHours(const Zone& zone) : zone_(zone) {}
    void at(Instant moment) {
        const auto hour = moment.micros / in_an_hour;
        if (hour == hour_) return;
        hour_ = hour;
        day = zone_.day_of(moment);
        of_day = static_cast<int>((moment.micros - zone_.start_of(day).micros) / in_an_hour);
    }
    Date day;
    int of_day = 0;

private:
    static constexpr std::int64_t in_an_hour = std::int64_t{3'600} * 1'000'000;
    const Zone& zone_;
    std::int64_t hour_ = -1;
};

struct PairKey {
    std::uint32_t who = 0;
    ViewId record;
    bool operator==(const PairKey&) const = default;
};
struct PairHash {
    std::size_t operator()(const PairKey& key) const noexcept { return std::hash<ViewId>{}(key.record) * 31 + key.who; }
};

class Tally {
public:
    Tally(const Office& office, Instant from) : office_(office), from_(from), hours_(office.calendar->zone()) {
        const auto* odd = office.look_patterns.pattern("odd-hours");
        if (odd != nullptr) odd_ = *odd;
        for (const auto& one : office.profile.practitioners) {
            const auto tag = office.auditor->tag_of(one.key);
            by_tag_.emplace(std::string(as_text(tag)), static_cast<std::uint32_t>(looks_.people.size()));
            LookPerson person;
            person.tag = tag;
            person.known = &one;
            looks_.people.push_back(std::move(person));
        }
    }

    // Every view of a child counts as the child, whichever of them a line names.
    Result<Looks> run(store::Snapshot& snapshot) {
        snapshot.scan_audit(office_.partnership, from_, [&](const store::Snapshot::AuditGlance& line) {
            take(line);
            return true;
        });
        join_views(snapshot);
        return std::move(looks_);
    }

private:
    void take(const store::Snapshot::AuditGlance& line) {
        if (line.who.empty()) return;
        if (line.action == moved_action) return keep_newest(looks_.moved, line.position);
        if (line.result == "denied") return keep_newest(looks_.shut_out, line.position);
        if (line.result != "allowed") return;
        const bool search = line.action == "search";
        const bool wrote = line.action == "append" || line.action == "decide-identity";
        const bool look = line.action == "read" || line.action == "export";
        if (!search && !wrote && !look) return;
        const auto who = person_of(line);
        auto& person = looks_.people[who];
        if (search) {
            if (person.searched.empty() || person.searched.back() != line.at) person.searched.push_back(line.at);
            return;
        }
        if (line.record.is_nil()) return;
        const bool copies = begins_with_one(line.route, office_.look_patterns.copies);
        if (!wrote && !copies && !begins_with_one(line.route, office_.look_patterns.opens)) return;
        auto& pair = pair_of(who, line.record);
        if (wrote) {
            pair.wrote = pair.worked = true;
            pair.wrote_last = line.at;
            pair.after = 0;
            return;
        }
        look_at(line, person, pair, copies);
    }

    void look_at(const store::Snapshot::AuditGlance& line, LookPerson& person, LookPair& pair, bool copies) {
        hours_.at(line.at);
        if (pair.looks + pair.by_glass == 0) pair.first = line.at;
        pair.last = line.at;
        if (line.relationship == "glass") {
            ++pair.by_glass;
            return;
        }
        ++pair.looks;
        if (pair.looks == 1 || pair.last_day != hours_.day) ++pair.days;
        pair.last_day = hours_.day;
        person.opened.push_back({line.at, line.record});
        if (copies) person.copied.push_back({line.at, line.record});
        keep_newest(pair.moments, line.at);
        const bool has = line.relationship == "allocated" || line.relationship == "task";
        if (has || line.relationship == "involved") pair.worked = true;
        if (has) {
            pair.had_until = line.at;
            pair.after = 0;
        } else if (pair.had_until) {
            ++pair.after;
        }
        const bool unfounded = line.relationship == "role" || line.relationship == "known" ||
                               line.relationship == "none" || line.relationship == "ended";
        if (unfounded) keep_newest(pair.unfounded, line.at);
        if (is_odd(hours_.of_day)) {
            ++pair.odd;
            pair.odd_last = line.at;
            if (person.odd_days == 0 || person.odd_last_day != hours_.day) ++person.odd_days;
            person.odd_last_day = hours_.day;
        }
    }

    [[nodiscard]] bool is_odd(int hour) const {
        if (odd_.from_hour == odd_.to_hour) return false;
        return odd_.from_hour < odd_.to_hour ? hour >= odd_.from_hour && hour < odd_.to_hour
                                             : hour >= odd_.from_hour || hour < odd_.to_hour;
    }

    std::uint32_t person_of(const store::Snapshot::AuditGlance& line) {
        const auto found = by_tag_.find(line.who);
        if (found != by_tag_.end()) {
            looks_.people[found->second].position = line.position;
            return found->second;
        }
        const auto index = static_cast<std::uint32_t>(looks_.people.size());
        by_tag_.emplace(std::string(line.who), index);
        LookPerson person;
        const auto bytes = as_bytes(line.who);
        person.tag.assign(bytes.begin(), bytes.end());
        person.position = line.position;
        looks_.people.push_back(std::move(person));
        return index;
    }

    // By record and then among the few who looked at it: one table of all pairs would lie all over the memory.
    LookPair& pair_of(std::uint32_t who, ViewId record) {
        auto& seen = seen_[record];
        for (const auto& one : seen) {
            if (one.who == who) return looks_.pairs[one.pair];
        }
        seen.push_back({who, static_cast<std::uint32_t>(looks_.pairs.size())});
        auto& pair = looks_.pairs.emplace_back();
        pair.who = who;
        pair.person = record;
        return pair;
    }

    template <class T>
    static void keep_newest(std::vector<T>& list, T one) {
        constexpr std::size_t most = std::is_same_v<T, Instant> ? most_moments : most_lines_to_open;
        if (list.size() >= most) list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(most / 4));
        list.push_back(one);
    }

    void join_views(store::Snapshot& snapshot) {
        std::vector<ViewId> records;
        records.reserve(looks_.pairs.size());
        for (const auto& pair : looks_.pairs) records.push_back(pair.person);
        std::sort(records.begin(), records.end());
        records.erase(std::unique(records.begin(), records.end()), records.end());
        std::unordered_map<ViewId, ViewId> other;  // views that are not their person's oldest
        constexpr std::size_t at_once = 5'000;
        for (std::size_t from = 0; from < records.size(); from += at_once) {
            const auto some = std::span(records).subspan(from, std::min(at_once, records.size() - from));
            for (const auto& row : snapshot.views(office_.partnership, some)) {
                if (row && row->person != row->view) other.emplace(row->view, row->person);
            }
        }
        if (other.empty()) return;
        std::vector<LookPair> pairs;
        std::unordered_map<PairKey, std::size_t, PairHash> index;
        for (auto& pair : looks_.pairs) {
            if (const auto found = other.find(pair.person); found != other.end()) pair.person = found->second;
            const auto [at, fresh] = index.try_emplace(PairKey{pair.who, pair.person}, pairs.size());
            if (fresh)
                pairs.push_back(std::move(pair));
            else
                join(pairs[at->second], pair);
        }
        looks_.pairs = std::move(pairs);
        for (auto& person : looks_.people) {
            for (auto* list : {&person.opened, &person.copied}) {
                for (auto& one : *list) {
                    if (const auto found = other.find(one.person); found != other.end()) one.person = found->second;
                }
            }
        }
    }

    static void join_moments(std::vector<Instant>& into, const std::vector<Instant>& from) {
        into.insert(into.end(), from.begin(), from.end());
        std::sort(into.begin(), into.end());
        if (into.size() > most_moments)
            into.erase(into.begin(), into.end() - static_cast<std::ptrdiff_t>(most_moments));
    }
    static void join(LookPair& into, const LookPair& from) {
        const bool any = into.looks + into.by_glass > 0;
        if (from.looks + from.by_glass > 0) {
            into.first = any ? std::min(into.first, from.first) : from.first;
            into.last = any ? std::max(into.last, from.last) : from.last;
        }
        into.looks += from.looks;
        into.by_glass += from.by_glass;
        into.days = std::max(into.days, from.days);
        into.odd += from.odd;
        into.odd_last = std::max(into.odd_last, from.odd_last);
        into.wrote = into.wrote || from.wrote;
        into.worked = into.worked || from.worked;
        into.wrote_last = std::max(into.wrote_last, from.wrote_last);
        if (from.had_until) into.had_until = std::max(into.had_until.value_or(*from.had_until), *from.had_until);
        join_moments(into.moments, from.moments);
        join_moments(into.unfounded, from.unfounded);
        into.after = 0;
        if (into.had_until) {
            const auto since = std::max(*into.had_until, into.wrote_last);
            into.after = static_cast<std::size_t>(
                std::count_if(into.moments.begin(), into.moments.end(), [&](Instant at) { return at > since; }));
        }
    }

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };

    const Office& office_;
    Instant from_;
    LocalHours hours_;
    content::LookPattern odd_;
    Looks looks_;
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> by_tag_;
    struct SeenBy {
        std::uint32_t who = 0;
        std::uint32_t pair = 0;
    };
    std::unordered_map<ViewId, std::vector<SeenBy>> seen_;
};

}  // namespace

Result<Looks> tally_looks(const Office& office, store::Snapshot& snapshot, Instant from) {
    return Tally(office, from).run(snapshot);
}

}  // namespace waymark::casework
