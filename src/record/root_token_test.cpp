// A root on a token: SoftHSM stands for the card or module that a partnership would have.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "record/keys.hpp"
#include "support/scratch_files.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

constexpr const char* module_path = "/usr/lib/softhsm/libsofthsm2.so";

bool made_token(const ScratchFolder& folder, const std::string& label) {
    return std::system(("softhsm2-util --init-token --free --label " + label + " --pin 4711 --so-pin 0815 > " +
                        (folder / "softhsm.log") + " 2>&1")
                           .c_str()) == 0;
}

}  // namespace

TEST_CASE("A token wraps the root secret and gives it back; another token, key or PIN does not") {
    if (!std::filesystem::exists(module_path)) {
        MESSAGE("SoftHSM is not installed: the root on a token is NOT tested");
        return;
    }
    const ScratchFolder folder;
    std::filesystem::create_directory(folder / "tokens");
    std::ofstream(folder / "softhsm2.conf")
        << "directories.tokendir = " << (folder / "tokens") << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
    REQUIRE(made_token(folder, "north"));
    REQUIRE(made_token(folder, "south"));
    std::ofstream(folder / "pin") << "4711\n";
    std::ofstream(folder / "wrong-pin") << "1234\n";
    const auto uri = [&](const std::string& token, const std::string& key, const std::string& pin) {
        return "pkcs11:token=" + token + ";object=" + key + "?module-path=" + module_path +
               "&pin-source=file:" + (folder / pin);
    };
    SystemRandom random;
    const auto root = token_root(uri("north", "root", "pin"));
    REQUIRE(root);
    const auto made = (*root)->make(random);
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : describe(made.error())));
    CHECK(write_json(made->header).find("\"token\"") != std::string::npos);
    const auto secret = (*root)->unlock(made->header);
    REQUIRE_MESSAGE(secret.has_value(), (secret ? "" : describe(secret.error())));
    CHECK(std::equal(secret->view().begin(), secret->view().end(), made->secret.view().begin()));
    // The key on the token is made once.
    const auto again = (*root)->make(random);
    REQUIRE(again);
    CHECK((*root)->unlock(made->header).has_value());
    CHECK_FALSE(std::equal(again->secret.view().begin(), again->secret.view().end(), made->secret.view().begin()));

    const auto refused = [&](const std::string& name) {
        const auto other = token_root(name);
        REQUIRE(other);
        const auto opened = (*other)->unlock(made->header);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == FaultKind::unavailable);
        CHECK_FALSE(opened.error().mend.empty());
    };
    refused(uri("nowhere", "root", "pin"));
    refused(uri("north", "other", "pin"));
    refused(uri("north", "root", "wrong-pin"));
    refused(uri("north", "root", "no-pin"));
    REQUIRE((*token_root(uri("south", "root", "pin")))->make(random));
    refused(uri("south", "root", "pin"));
    auto altered = made->header;
    altered["wrapped"] = "AAAA";
    CHECK_FALSE((*root)->unlock(altered));

    CHECK_FALSE(token_root("not a uri"));
    const auto seen = token_root("pkcs11:token=north?pin-value=4711");
    REQUIRE_FALSE(seen);
    CHECK(seen.error().reason.find("command line") != std::string::npos);
}
