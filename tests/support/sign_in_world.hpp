#pragma once
// A partnership of three people with a clock that the test sets, and passwords that cost little.
#include <doctest/doctest.h>

#include "accounts/accounts.hpp"
#include "record/journal.hpp"
#include "support/scratch_store.hpp"

namespace waymark::testing {

inline const accounts::Origin from_here{"192.0.2.1", "A browser", ""};

struct SignInWorld {
    explicit SignInWorld(store::Store& kept, accounts::PasswordCost cost = {1, 8u << 10}) : store(kept) {
        profile.key = "northbay";
        profile.name = "Northbay Partnership";
        profile.agencies = {{"school", "A School", "education"}, {"csc", "Social Care", "social-care"}};
        profile.practitioners = {{"t.mason", "T Mason", "school", "school-lead", ""},
                                 {"a.rahman", "A Rahman", "csc", "social-worker", ""},
                                 {"x.admin", "X Admin", "csc", "system-admin", ""}};
        REQUIRE(store.write([](store::Transaction& tx) -> Result<void> {
            tx.insert_partnership({1, "northbay", "Northbay", "", false});
            return {};
        }));
        auto opened = accounts::Keys::open(store, 1, *seal, random, cost);
        REQUIRE(opened);
        keys = std::make_unique<accounts::Keys>(std::move(*opened));
    }
    accounts::House house() { return {store, 1, profile, clock, random, auditor, *keys, demonstration}; }
    template <class Work>
    auto read(const Work& work) {
        std::optional<decltype(work(std::declval<store::Snapshot&>()))> found;
        REQUIRE(store.read([&](store::Snapshot& snapshot) -> Result<void> {
            found = work(snapshot);
            return {};
        }));
        return std::move(*found);
    }
    std::int64_t audit_lines() {
        return read([](store::Snapshot& snapshot) { return snapshot.count_audit(1); });
    }
    bool is_signed_in(std::string_view cookie) {
        const auto who = accounts::who_is(house(), cookie);
        REQUIRE(who);
        return who->has_value();
    }

    store::Store& store;
    std::unique_ptr<record::Seal> seal = record::plain_seal();
    const std::array<std::uint8_t, 16> audit_key{1};
    record::Auditor auditor{*seal, audit_key};
    content::Profile profile;
    SetClock clock{*parse_instant("2026-03-02T09:00:00Z")};
    SeededRandom random{7};
    std::unique_ptr<accounts::Keys> keys;
    bool demonstration = true;
};

}  // namespace waymark::testing
