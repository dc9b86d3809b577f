#pragma once
// What is asked of somebody, and what they wait for, about telling: one look for My day.
#include <vector>

#include "casework/challenges.hpp"
#include "casework/checks.hpp"
#include "casework/telling.hpp"

namespace waymark::casework {

struct Tellings {
    std::vector<CheckToAnswer> to_answer;   // questions to the asker's agency
    std::vector<CheckAsked> asked;          // the agency's own questions that wait for an answer
    std::vector<ReviewLine> reviews;        // its decisions not to share that wait for a review
    std::vector<ChallengeLine> challenges;  // that the asker raised or owes an answer to
    [[nodiscard]] bool empty() const {
        return to_answer.empty() && asked.empty() && reviews.empty() && challenges.empty();
    }
};
// At most `limit` of each, the soonest due first. Needs the right to read.
Result<Tellings> my_tellings(const Office&, const record::Asker&, std::size_t limit);

}  // namespace waymark::casework
