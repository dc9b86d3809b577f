// One-time codes against the vectors of the standards.
#include "accounts/totp.hpp"

#include <doctest/doctest.h>

using namespace waymark;

TEST_CASE("codes are those of RFC 6238, appendix B") {
    const Bytes secret = to_bytes("12345678901234567890");
    const auto at = [&](std::int64_t seconds) {
        return accounts::totp_code(secret, accounts::totp_step(Instant{seconds * 1'000'000}));
    };
    // The RFC shows eight digits; six are the last six.
    CHECK(at(59) == "287082");
    CHECK(at(1111111109) == "081804");
    CHECK(at(1111111111) == "050471");
    CHECK(at(1234567890) == "005924");
    CHECK(at(2000000000) == "279037");
    CHECK(at(20000000000) == "353130");
}

TEST_CASE("base32 is that of RFC 4648, section 10, without padding") {
    const auto text = [](const char* in) { return accounts::to_base32(as_bytes(in)); };
    CHECK(text("") == "");
    CHECK(text("f") == "MY");
    CHECK(text("fo") == "MZXQ");
    CHECK(text("foo") == "MZXW6");
    CHECK(text("foob") == "MZXW6YQ");
    CHECK(text("fooba") == "MZXW6YTB");
    CHECK(text("foobar") == "MZXW6YTBOI");
}

TEST_CASE("a code is of now, the step before or the step after, and later than the last") {
    const Bytes secret = to_bytes("12345678901234567890");
    const Instant now{1111111111ll * 1'000'000};
    const auto step = accounts::totp_step(now);
    const auto match = [&](std::int64_t of, std::int64_t last) {
        return accounts::totp_match(secret, accounts::totp_code(secret, of), now, last);
    };
    CHECK(match(step, 0) == step);
    CHECK(match(step - 1, 0) == step - 1);
    CHECK(match(step + 1, 0) == step + 1);
    CHECK_FALSE(match(step - 2, 0));
    CHECK_FALSE(match(step + 2, 0));
    CHECK_FALSE(match(step, step));
    CHECK_FALSE(match(step - 1, step));
    CHECK(match(step + 1, step) == step + 1);
    CHECK(accounts::totp_match(secret, " 050 471", now, 0) == step);
    CHECK_FALSE(accounts::totp_match(secret, "05047", now, 0));
    CHECK_FALSE(accounts::totp_match(secret, "0504711", now, 0));
}
