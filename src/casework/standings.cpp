// The standing of every case.
#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/sweep.hpp"

namespace waymark::casework {

Result<void> standings_under(const Office& office, const record::Permit& permit, Instant as_of, unsigned threads,
                             const std::function<bool(const procedure::Standing&)>& visit) {
    return sweep<procedure::Standing>(
        office, permit, threads,
        [&](const procedure::Dossier& dossier) {
            return office.procedure_of(dossier).standing(*office.calendar, dossier, as_of);
        },
        visit);
}

Result<void> standings(const Office& office, const record::Asker& asker, Instant as_of, unsigned threads,
                       const std::function<bool(const procedure::Standing&)>& visit) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return standings_under(office, permit, as_of, threads, visit);
}

}  // namespace waymark::casework
