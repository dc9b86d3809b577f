#include "record/staff.hpp"

#include "store/sign_ins.hpp"

namespace waymark::record {

void note_profile(store::Transaction& tx, store::Partnership partnership, const content::Profile& before,
                  const content::Profile& after) {
    const auto say = [&](const std::string& key, std::string agency, std::string role) {
        auto said = sign_ins(tx).engagement(partnership, key).value_or(store::EngagementRow{.practitioner = key});
        said.agency = std::move(agency);
        said.role = std::move(role);
        sign_ins(tx).put_engagement(partnership, said);
        sign_ins(tx).delete_sessions_of(partnership, key, std::nullopt);
    };
    for (const auto& old : before.practitioners) {
        const auto* now = after.practitioner(old.key);
        if (now == nullptr) {
            say(old.key, "", "");
        } else if (now->agency != old.agency || now->role != old.role) {
            say(old.key, now->agency, now->role);
        }
    }
    // Who comes back after having left: what was said of them stands no longer.
    for (const auto& now : after.practitioners) {
        if (before.practitioner(now.key) != nullptr) continue;
        auto said = sign_ins(tx).engagement(partnership, now.key);
        if (!said || !said->agency) continue;
        said->agency = now.agency;
        said->role = now.role;
        sign_ins(tx).put_engagement(partnership, *said);
    }
}

bool may_enter(store::Snapshot& snapshot, store::Partnership partnership, const content::Practitioner& known) {
    const auto said = store::sign_ins(snapshot).engagement(partnership, known.key);
    if (!said) return true;
    if (said->closed) return false;
    return !said->agency || (*said->agency == known.agency && said->role == known.role);
}

}  // namespace waymark::record
