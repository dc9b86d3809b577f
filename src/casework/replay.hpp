#pragma once
// The whole record under another version of a procedure, each case held against what was in force for it.
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/casework.hpp"
#include "procedure/replay.hpp"

namespace waymark::casework {

// The document in place of the one of its name (or beside the others, where the profile names none such), with the rest
// as it is in force today, under the profile in force or another one. `place` of a fault is file and line.
Result<procedure::Procedure> changed_procedure(const Office&, std::string_view toml, const std::string& file,
                                               const std::optional<content::Profile>& profile = std::nullopt,
                                               const std::string& profile_file = "profile");

struct ReplaySums {
    std::size_t cases = 0;  // with any of these
    std::size_t due = 0;
    std::size_t blocked = 0;
    std::size_t shown = 0;
    std::map<std::string, std::size_t> by_duty;
    std::map<std::string, std::size_t> by_rule;  // that blocked
    std::map<std::string, std::size_t> by_cue;
};
struct ReplayTotals {
    std::size_t cases = 0;  // read
    std::size_t changed = 0;
    std::size_t due = 0;
    std::size_t blocked = 0;
    std::size_t shown = 0;
    std::size_t earlier = 0;        // cases in which something would have come some days sooner
    std::int64_t earlier_days = 0;  // of those cases, each with its most
    int most_earlier_days = 0;
    std::map<std::string, std::size_t> by_duty;
    std::map<std::string, std::size_t> by_rule;  // that would have blocked
    std::map<std::string, std::size_t> by_cue;
    ReplaySums no_longer;  // required, blocked or shown in force, and never under the other version
    void add(const procedure::Replayed&);
};
json::object to_json(const ReplayTotals&);

// The text of this procedure in the content folder, as it would be adopted.
Result<std::string> procedure_in_folder(const Office&, std::string_view name);

// The visitor gets each case for which there is something to show, streamed as `standings` streams; cases of persons
// that the asker may not know are passed over. Its audit line stands before the first is told.
Result<ReplayTotals> replay(const Office&, const record::Asker&, const procedure::Procedure& changed,
                            const procedure::Period&, Instant as_of, unsigned threads,
                            const std::function<bool(const procedure::Replayed&)>& visit);

// For a page: the totals, and the first cases by name. Ends after `most_time`, and then says of how many it tells.
struct ReplayQuestion {
    procedure::Period period;
    std::optional<Date> on;  // with what was known at the end of that day; nothing: now
    std::size_t most_cases = 25;
    std::chrono::milliseconds most_time{20'000};
};
struct ReplayAnswer {
    struct Case {
        procedure::Replayed told;
        std::string name;  // or "Name not known"
    };
    ReplayTotals totals;
    std::vector<Case> cases;
    bool whole = true;  // every case was read
};
Result<ReplayAnswer> replay_answer(const Office&, const record::Asker&, const procedure::Procedure& changed,
                                   const ReplayQuestion&, unsigned threads);

}  // namespace waymark::casework
