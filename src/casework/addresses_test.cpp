// A protected address: told of, and read by whoever may, with a reason and a line.
#include "casework/addresses.hpp"

#include <doctest/doctest.h>

#include "support/ada.hpp"
#include "support/failing_store.hpp"

using namespace waymark;
using namespace testing;

namespace {

constexpr const char* wharf = "9 Quillon Wharf";

// Ada has moved to where social care says, and the school holds an address of hers that is protected too.
struct Sheltered : Ada {
    explicit Sheltered(OpenOffice& of) : Ada(of) {
        triaged();
        moved = add("circumstance.changed", "2026-02-06", R"({"type":"placement","address":"9 Quillon Wharf"})")
                    .entries.front();
        add("strategy.held", "2026-02-07", R"({"attended":["csc","education"],"decision":"assessment"})");
        add("case.opened", "2026-02-07", R"({"lead":"a.rahman"})");
        const auto held = world.take(
            R"({"kind":"identity.recorded","at":"2026-02-09","agency":"education","author":"e.vasquez","id":"held",)"
            R"("subjects":[{"involvement":"subject","identity":{"source":"mis","id":"ada","given_name":"Ada",)"
            R"("family_name":"Lindgren","address":"4 Quillon Wharf","postcode":"NB9 9QW","address_protected":true}}],)"
            R"("body":{}})");
        REQUIRE(held.taken == casework::Taken::taken);
        school_view = held.records.front();
        on("2026-02-10");
    }
    casework::AddressPage told(std::string_view who) {
        return must(casework::withheld_addresses(world.office(), world.asker(who), view));
    }
    Result<casework::RevealedAddress> reveal(std::string_view who, const std::string& id = {},
                                             const std::string& reason = "A visit today.") {
        return casework::reveal_address(world.office(), world.asker(who), {view, id, reason});
    }
    EntryId moved;
    ViewId school_view;
};

}  // namespace

TEST_CASE("a protected field of an entry is in nothing that is read of it but a word that it is withheld") {
    for_each_office([](OpenOffice& world) {
        Sheltered ada(world);
        const auto page = must(ada.read("a.rahman"));
        bool said = false;
        for (const auto& line : page.lines) {
            CHECK(write_json(line.entry.body).find("Quillon") == std::string::npos);
            for (const auto& [label, words] : line.details) {
                CHECK(words.find("Quillon") == std::string::npos);
                said = said || words == record::withheld_words;
            }
        }
        CHECK(said);
        for (const auto& line : world.exported()) CHECK(line.find("Quillon") == std::string::npos);
        // The same form again is one entry; with another address it is not the same.
        const auto line = [&](const char* address) {
            return fmt::format(
                R"({{"kind":"circumstance.changed","at":"2026-02-06","recorded":"2026-02-06T12:00:00Z","agency":"csc",)"
                R"("author":"m.brennan","id":"e2","body":{{"type":"placement","address":"{}"}},)"
                R"("subjects":[{{"involvement":"displayed","person":"{}"}}]}})",
                address, to_string(ada.view));
        };
        CHECK(world.take(line(wharf)).taken == casework::Taken::repeated);
        CHECK(world.take(line("1 Another Road")).taken == casework::Taken::refused);
    });
}

TEST_CASE("who works with the child reads what their own agency holds, with a reason, and a line names the field") {
    for_each_office([](OpenOffice& world) {
        Sheltered ada(world);
        const auto page = ada.told("a.rahman");
        REQUIRE(page.withheld.size() == 2);
        for (const auto& one : page.withheld) CHECK(one.may == (one.id == to_string(ada.moved)));
        CHECK(ada.reveal("a.rahman", {}, " ").error().place == "reason");
        const auto shown = must(ada.reveal("a.rahman"));
        REQUIRE(shown.lines.size() == 1);
        CHECK(shown.lines.front().second == wharf);
        record::AuditLine line;
        for (auto& one : world.audit_of(ada.view)) {
            if (one.action == "reveal-address" && one.result == "allowed") line = std::move(one);
        }
        CHECK(line.reason == "A visit today.");
        CHECK(line.fields == "given_name family_name protected_address");
        REQUIRE(line.shown.size() == 1);
        CHECK(line.shown.front().entry == ada.moved);
        CHECK(line.rule == "social-worker/reveal-address");

        const auto school = must(ada.reveal("e.vasquez"));
        REQUIRE(school.lines.size() == 2);
        CHECK(school.lines.front().second == "4 Quillon Wharf");
        CHECK(school.lines.back().second == "NB9 9QW");
    });
}

TEST_CASE("another agency's address, or one of a child whom nobody there works with, is revealed to nobody") {
    for_each_office([](OpenOffice& world) {
        Sheltered ada(world);
        CHECK(ada.reveal("a.rahman", to_string(ada.school_view)).error().place == "address");
        CHECK(ada.reveal("a.rahman", "no-such").error().place == "address");
        for (const char* who : {"j.mensah", "g.ferreira", "p.whitlock", "u.nwosu", "z.novak", "y.chen"}) {
            CAPTURE(who);
            const auto refused = ada.reveal(who);
            REQUIRE_FALSE(refused);
            CHECK(describe(refused.error()).find("Quillon") == std::string::npos);
        }
        // Everybody else of the agency where the record is restricted.
        ada.restricted("named-only", R"("s.iyer")");
        CHECK_FALSE(ada.reveal("a.rahman"));
        CHECK(ada.reveal("s.iyer"));
    });
}

TEST_CASE("where the line cannot be kept no address is shown") {
    for_each_engine([](store::Store& store) {
        FailingStore failing(store);
        OpenOffice world(failing);
        Sheltered ada(world);
        CHECK(ada.reveal("a.rahman"));
        failing.broken = true;
        const auto refused = ada.reveal("a.rahman");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == FaultKind::unavailable);
    });
}
