#pragma once
// People who have signed in, and what two of them agree to.
#include <string>

#include <fmt/format.h>

#include "casework/matches.hpp"
#include "support/open_office.hpp"

namespace waymark::testing {

// A practitioner who has signed in, for acts that a command may not do.
inline record::Asker signed_in(OpenOffice& world, std::string_view who, std::string_view purpose = "safeguarding",
                               std::string_view which = "a") {
    auto asker = world.asker(who, purpose);
    store::SessionRow row;
    row.token = sha256(as_bytes(fmt::format("{}/{}", who, which)));
    row.practitioner = asker.practitioner;
    row.created = row.seen = world.clock().now();
    row.expires = world.clock().now() + std::chrono::hours(24 * 400);
    const auto wrote = world.store().write([&](store::Transaction& tx) -> Result<void> {
        tx.put_session(world.office().partnership, row);
        return {};
    });
    if (!wrote) throw std::runtime_error("session: " + describe(wrote.error()));
    asker.session = to_hex(row.token);
    asker.strength = "two-factor";
    return asker;
}

// The decision of the first, and where it takes two the same by the second. The id of the decision.
inline EntryId decided_by_two(OpenOffice& world, const casework::MatchDecision& request,
                              std::string_view first = "m.brennan", std::string_view second = "d.kowalczyk") {
    const auto front = world.asker(first, "triage");
    must(casework::decide_match(world.office(), front, request));
    if (must(casework::match_page(world.office(), front, request.a, request.b)).waiting) {
        auto again = request;
        again.key += "/second";
        must(casework::decide_match(world.office(), signed_in(world, second, "triage"), again));
    }
    return must(casework::match_page(world.office(), front, request.a, request.b)).history.front().entry;
}
inline EntryId taken_back_by_two(OpenOffice& world, const casework::TakeBack& request,
                                 std::string_view second = "d.kowalczyk") {
    const auto front = world.asker("m.brennan", "triage");
    must(casework::take_back_match(world.office(), front, request));
    if (const auto waiting = must(casework::match_page(world.office(), front, request.a, request.b)).waiting) {
        must(casework::two_persons::approve(world.office(), signed_in(world, second, "triage"),
                                            {request.key + "/second", waiting->entry, true, ""}));
    }
    return must(casework::match_page(world.office(), front, request.a, request.b)).history.front().entry;
}

}  // namespace waymark::testing
