// Everything about telling that waits for one person, in one look.
#include "casework/tellings.hpp"

#include "casework/due.hpp"

namespace waymark::casework {

Result<Tellings> my_tellings(const Office& office, const record::Asker& asker, std::size_t limit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<Tellings>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<Tellings> {
        const Look look{office, snapshot, asker, seen};
        Tellings all;
        const bool searches = office.gate->ask(asker, record::Action::search).has_value();
        if (searches) all.to_answer = TRY(checks_to_answer(look, limit));
        all.asked = TRY(checks_asked(look, limit));
        all.reviews = TRY(reviews_waiting(look, limit));
        if (searches) all.challenges = TRY(challenges_waiting(look, limit));
        return all;
    });
}

}  // namespace waymark::casework
