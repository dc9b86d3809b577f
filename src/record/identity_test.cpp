#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "record/canonical.hpp"
#include "record/identity.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

const Date today = date("2026-03-27");

std::vector<Fault> faults_of(std::string_view text) {
    const auto decoded = decode_identity(object(text), "identity", today);
    return decoded ? std::vector<Fault>{} : decoded.error();
}
bool refuses(std::string_view text, std::string_view place) {
    const auto faults = faults_of(text);
    return faults.size() == 1 && faults.front().place == place && !faults.front().reason.empty() &&
           !faults.front().mend.empty();
}

Identity full_identity() {
    Identity i;
    i.source = "liquid";
    i.id = "C-1";
    i.given_name = "Zoë";
    i.family_name = "O'Neil-Ng";
    i.other_names = {"Zoey", "Z."};
    i.date_of_birth = date("2012-02-29");
    i.expected_date_of_birth = date("2012-03-05");
    i.dob_accuracy = "EAA";
    i.sex = "F";
    i.address = "1 Some Street";
    i.address_protected = true;
    i.adoption = "former";
    i.postcode = "NB1 1AA";
    i.nhs_number = "9434765919";
    i.upn = "A123";
    i.la_child_id = "77";
    i.phone = "0";
    i.email = "e@example.org";
    i.more = object(R"({"b": [1, 2], "a": null})");
    protect(i);
    return i;
}

}  // namespace

TEST_CASE("An identity with every field is read back as it was written") {
    const auto decoded = decode_identity(AtRest::encode(full_identity()), "identity", today);
    REQUIRE(decoded);
    CHECK(*decoded == full_identity());
}

TEST_CASE("Only what is present is written") {
    Identity i;
    i.source = "s";
    i.id = "1";
    CHECK(write_canonical(encode(i)) == R"({"id":"1","source":"s"})");
}

TEST_CASE("The quick canonical form of an identity is the canonical form") {
    for (auto identity : {full_identity(), sample_identity("7"), Identity{}}) {
        for (const bool more : {true, false}) {
            if (!more) identity.more.clear();
            std::string quick;
            append_identity(quick, identity);
            CHECK(quick == write_canonical(AtRest::encode(identity)));
        }
    }
}

TEST_CASE("Whatever texts an identity holds, its canonical form comes back") {
    CHECK(rc::check("round trip",
                    [](const std::string& a, const std::string& b, const std::vector<std::string>& names, bool prot) {
                        const auto utf8 = [](std::string text) {
                            for (auto& c : text) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7f);
                            text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
                            return text;
                        };
                        Identity i = sample_identity("1");
                        i.given_name = utf8(a);
                        i.address = utf8(b);
                        i.address_protected = prot;
                        protect(i);
                        for (const auto& name : names) i.other_names.push_back(utf8(name));
                        if (i.other_names.size() > 50) i.other_names.resize(50);
                        std::string quick;
                        append_identity(quick, i);
                        const auto read = decode_identity(object(quick), "", today);
                        RC_ASSERT(read.has_value());
                        RC_ASSERT(*read == i);
                    }));
}

TEST_CASE("Source and id must be there") {
    const auto faults = faults_of(R"({"given_name": "Alma"})");
    REQUIRE(faults.size() == 2);
    CHECK(faults[0].place == "identity.source");
    CHECK(faults[1].place == "identity.id");
    CHECK(faults_of(R"({"source": "s", "id": 17})").empty());
    CHECK(refuses(R"({"source": "s", "id": " 17"})", "identity.id"));
    CHECK(refuses(R"({"source": "s", "id": "1\u0007"})", "identity.id"));
    CHECK(refuses(R"({"source": "s", "id": "1", "given_name": "\u0000"})", "identity.given_name"));
}

TEST_CASE("A date of birth in the future is refused, unless the part that says so is an estimate") {
    CHECK(refuses(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-28"})", "identity.date_of_birth"));
    CHECK(faults_of(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-27"})").empty());
    CHECK(faults_of(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-28", "dob_accuracy": "EAA"})").empty());
    CHECK(refuses(R"({"source": "s", "id": "1", "date_of_birth": "2026-04-28", "dob_accuracy": "EAA"})",
                  "identity.date_of_birth"));
    CHECK(faults_of(R"({"source": "s", "id": "1", "date_of_birth": "2026-12-31", "dob_accuracy": "UUA"})").empty());
    CHECK(refuses(R"({"source": "s", "id": "1", "date_of_birth": "2027-01-01", "dob_accuracy": "UUA"})",
                  "identity.date_of_birth"));
    CHECK(faults_of(R"({"source": "s", "id": "1", "date_of_birth": "2031-01-01", "dob_accuracy": "UUU"})").empty());
    CHECK(faults_of(R"({"source": "s", "id": "1", "expected_date_of_birth": "2026-08-01"})").empty());
}

TEST_CASE("Each kind of wrong value is named with its place and a mend") {
    CHECK(refuses(R"({"source": "s", "id": "1", "date_of_birth": "30/02/2011"})", "identity.date_of_birth"));
    CHECK(refuses(R"({"source": "s", "id": "1", "date_of_birth": "2011-02-30"})", "identity.date_of_birth"));
    CHECK(refuses(R"({"source": "s", "id": "1", "date_of_birth": 2011})", "identity.date_of_birth"));
    CHECK(refuses(R"({"source": "s", "id": "1", "dob_accuracy": "AAX"})", "identity.dob_accuracy"));
    CHECK(refuses(R"({"source": "s", "id": "1", "dob_accuracy": "AA"})", "identity.dob_accuracy"));
    CHECK(refuses(R"({"source": "s", "id": "1", "address_protected": "yes"})", "identity.address_protected"));
    CHECK(refuses(R"({"source": "s", "id": "1", "adoption": "adopted"})", "identity.adoption"));
    CHECK(refuses(R"({"source": "s", "id": "1", "nhs_number": 9434765919})", "identity.nhs_number"));
    CHECK(refuses(R"({"source": "s", "id": "1", "other_names": {"a": 1}})", "identity.other_names"));
    CHECK(refuses(R"({"source": "s", "id": "1", "other_names": ["a", 2]})", "identity.other_names[1]"));
}

TEST_CASE("A fault never repeats what was written") {
    for (const auto& fault :
         faults_of(R"({"source": "s", "id": "1", "date_of_birth": "Almareyes", "dob_accuracy": "Almareyes"})")) {
        CHECK(describe(fault).find("Almareyes") == std::string::npos);
    }
}

TEST_CASE("Null and the empty text stand for what is not known") {
    const auto decoded = decode_identity(
        object(R"({"source": "s", "id": "1", "given_name": null, "date_of_birth": "", "other_names": null})"),
        "identity", today);
    REQUIRE(decoded);
    CHECK(decoded->given_name.empty());
    CHECK_FALSE(decoded->date_of_birth);
}

TEST_CASE("A protected address is never shown") {
    auto identity = full_identity();
    CHECK_FALSE(shown_address(identity));
    CHECK(identity.address.empty());
    CHECK(identity.postcode.empty());
    CHECK(address_words(identity) == withheld_words);
    identity.address_protected = false;
    identity.address = "1 Some Street";
    CHECK(shown_address(identity) == "1 Some Street");
    CHECK(address_words(identity) == "1 Some Street");
    identity.address.clear();
    CHECK_FALSE(shown_address(identity));
}

TEST_CASE("A name is shown with what is known of it") {
    CHECK(shown_name(full_identity()) == "Zoë O'Neil-Ng");
    Identity i;
    CHECK(shown_name(i) == "Name not known");
    i.given_name = "Zoë";
    CHECK(shown_name(i) == "Zoë");
}
