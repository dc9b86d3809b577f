// What a thief of the disk reads: unique words are put wherever a person is told of, and looked for in every file. That
// the search finds what is there is shown on a partnership that is kept plain.
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/keys.hpp"
#include "support/open_office.hpp"
#include "support/scratch_root.hpp"

using namespace waymark;
using namespace waymark::testing;

namespace {

const std::string content_dir = std::string(WAYMARK_SOURCE_DIR) + "/content";

const std::vector<std::string>& canaries() {
    static const std::vector<std::string> all{
        "Qzgivenname",   "Qzfamilyname", "Qzformername", "Qzaddressline", "ZQ19 7QZ",     "9434765919",
        "Q801200001001", "QzLaChild77",  "01632960999",  "qzmail",        "QzSystemId55", "qzotherfield",
        "qzsummary",     "qzbodyfield",  "qzentryid",    "qzcasekey",     "qzincident",   "qzdraftword"};
    return all;
}

std::string line(const std::string& source, const std::string& id, const std::string& entry) {
    return fmt::format(
        R"({{"kind":"concern.raised","id":"{2}","at":"2026-02-03T09:00:00Z","agency":"csc","author":"a.rahman","case":"qzcasekey-{2}","incident":"qzincident-1",)"
        R"("subjects":[{{"involvement":"displayed","identity":{{"source":"{0}","id":"{1}","given_name":"Qzgivenname","family_name":"Qzfamilyname",)"
        R"("other_names":["Qzformername"],"date_of_birth":"2014-06-01","address":"3 Qzaddressline Road","postcode":"ZQ19 7QZ","nhs_number":"9434765919",)"
        R"("upn":"Q801200001001","la_child_id":"QzLaChild77","phone":"01632960999","email":"qzmail@example.org","remark":"qzotherfield"}}}}],)"
        R"("body":{{"about_what":"displayed-behaviour","setting":"school","summary":"qzsummary, by code.","more":"qzbodyfield"}}}})",
        source, id, entry);
}

void fill_with_canaries(OpenOffice& world) {
    for (const auto& outcome : world.take_all(
             {line("liquid", "QzSystemId55", "qzentryid-1"), line("paper", "QzSystemId55-b", "qzentryid-2")})) {
        REQUIRE_MESSAGE(outcome.taken == casework::Taken::taken,
                        (outcome.faults.empty() ? "" : describe(outcome.faults.front())));
    }
    must(casework::save_draft(world.office(), world.asker("a.rahman"), std::nullopt, "raise",
                              {{"summary", "qzdraftword"}}));
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// The words of these that stand in the bytes, whatever their case, as they are or in hexadecimal.
void look(const std::string& bytes, std::vector<std::string>& found) {
    const auto there = lower(bytes);
    for (const auto& word : canaries()) {
        const auto small = lower(word);
        if (there.find(small) != std::string::npos || there.find(to_hex(as_bytes(word))) != std::string::npos)
            found.push_back(word);
    }
}

std::string whole(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> found_in(const std::filesystem::path& folder) {
    std::vector<std::string> found;
    std::error_code ignored;
    for (std::filesystem::recursive_directory_iterator it(folder, ignored), end; !ignored && it != end;
         it.increment(ignored)) {
        std::vector<std::string> here;
        if (it->is_regular_file(ignored)) look(whole(it->path()), here);
        for (auto& word : here) found.push_back(word + " in " + it->path().filename().string());
    }
    return found;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += word + "; ";
    return out;
}

// Where the server that the tests use keeps its files.
std::string data_directory() {
    const char* url = std::getenv("WAYMARK_TEST_PG");
    if (url == nullptr) return {};
    const std::string command = fmt::format("psql '{}' -Atc 'checkpoint; show data_directory' 2>/dev/null", url);
    std::string out;
    if (auto* pipe = ::popen(command.c_str(), "r")) {
        char part[512];
        while (std::fgets(part, sizeof part, pipe) != nullptr) out = part;
        ::pclose(pipe);
    }
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

// What is looked through is copied to memory that no core dump holds: the search must not find its own copy.
struct LookedThrough {
    static constexpr unsigned long step = 1ul << 20;
    static constexpr unsigned long overlap = 64;
    void* bytes = ::mmap(nullptr, step + overlap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    LookedThrough() {
        REQUIRE(bytes != MAP_FAILED);
        REQUIRE(::madvise(bytes, step + overlap, MADV_DONTDUMP) == 0);
    }
    ~LookedThrough() { ::munmap(bytes, step + overlap); }
    LookedThrough(const LookedThrough&) = delete;
    LookedThrough& operator=(const LookedThrough&) = delete;
};

// Of the memory that a core dump would hold, whether these bytes stand in it.
bool would_be_dumped(ByteView secret) {
    const LookedThrough copy;
    std::ifstream maps("/proc/self/smaps");
    std::string text;
    unsigned long from = 0;
    unsigned long to = 0;
    bool readable = false;
    while (std::getline(maps, text)) {
        unsigned long a = 0;
        unsigned long b = 0;
        char rights[8] = {};
        if (std::sscanf(text.c_str(), "%lx-%lx %7s", &a, &b, rights) == 3) {
            from = a;
            to = b;
            readable = rights[0] == 'r';
        }
        if (!text.starts_with("VmFlags:") || !readable || text.find(" dd") != std::string::npos) continue;
        if (text.find(" io") != std::string::npos || text.find(" pf") != std::string::npos) continue;
        for (unsigned long at = from; at < to; at += copy.step) {
            const auto size = std::min(copy.step + copy.overlap, to - at);
            iovec ours{copy.bytes, size};
            iovec theirs{reinterpret_cast<void*>(at), size};  // NOLINT
            const auto got = ::process_vm_readv(::getpid(), &ours, 1, &theirs, 1, 0);
            if (got < static_cast<ssize_t>(secret.size())) continue;
            if (::memmem(copy.bytes, static_cast<std::size_t>(got), secret.data(), secret.size()) != nullptr)
                return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("Nothing of a person can be read from a copy of the database, its log, a back-up or temporary files") {
    for (const bool sealed : {false, true}) {
        for_each_scratch([&](ScratchStore& scratch) {
            // Pages of a dropped database stay on the server's disk: nothing plain is ever put there.
            if (!sealed && scratch.address().engine == store::Engine::postgresql) return;
            const ScratchRoot root;
            const ScratchFolder backup;
            OpenOffice world(*scratch, 1, content_dir, sealed ? root.get() : nullptr);
            fill_with_canaries(world);
            // The evidence of a link and what is read for it.
            CHECK(world.read([&](store::Snapshot& s) {
                std::size_t links = 0;
                s.scan_links(world.office().partnership, [&](const store::LinkRow&) {
                    ++links;
                    return true;
                });
                return links;
            }) > 0);
            REQUIRE(scratch->backup(backup / "copy.db", {}));
            std::vector<std::string> open;
            if (scratch.address().engine == store::Engine::sqlite) open = found_in(scratch.folder().path());
            const auto copied = found_in(backup.path());
            std::vector<std::string> server;
            if (scratch.address().engine == store::Engine::postgresql) {
                const auto folder = data_directory();
                if (folder.empty() || ::access(folder.c_str(), R_OK | X_OK) != 0) {
                    MESSAGE("PostgreSQL's own files cannot be read here: only the back-up from it was looked through");
                } else {
                    server = found_in(folder);
                }
            }
            if (sealed) {
                CHECK_MESSAGE(open.empty(), joined(open));
                CHECK_MESSAGE(copied.empty(), joined(copied));
                CHECK_MESSAGE(server.empty(), joined(server));
            } else {
                for (const auto& word : canaries()) {
                    CHECK_MESSAGE(std::any_of(copied.begin(), copied.end(),
                                              [&](const auto& found) { return found.starts_with(word); }),
                                  word, " is not even found where it is kept plain");
                }
            }
        });
    }
}

TEST_CASE("What was kept plain is nowhere to be read once it has been sealed and the file made anew") {
    ScratchStore scratch;
    const ScratchRoot root;
    const ScratchFolder backup;
    OpenOffice world(*scratch);
    fill_with_canaries(world);
    const auto before = world.exported();
    must(casework::seal_partnership(world.office(), *root, {}));
    CHECK(world.exported() == before);
    // A back-up is a copy of the pages in use; free pages and the log may still hold what was overwritten.
    world.use_root(root.get());
    world.reopen();
    CHECK(world.exported() == before);
    std::vector<std::string> rows;
    world.read([&](store::Snapshot& s) {
        for (const auto place : {store::SealedPlace::entries, store::SealedPlace::views, store::SealedPlace::versions,
                                 store::SealedPlace::links, store::SealedPlace::drafts, store::SealedPlace::secrets}) {
            for (const auto& row : s.sealed_rows(world.office().partnership, place, {}, 1'000)) {
                look(std::string(as_text(row.sealed)), rows);
                look(std::string(as_text(row.other)), rows);
            }
        }
        return 0;
    });
    CHECK_MESSAGE(rows.empty(), joined(rows));
    // Known under their names as before: nothing is taken twice.
    const auto again = world.take(line("liquid", "QzSystemId55", "qzentryid-1"));
    CHECK(again.taken == casework::Taken::repeated);
}

TEST_CASE("No key stands in memory that a core dump would hold") {
    ScratchStore scratch;
    const ScratchRoot root;
    OpenOffice world(*scratch, 1, content_dir, root.get());
    fill_with_canaries(world);
    must(casework::rotate_records(world.office(), {}));
    CHECK(world.exported().size() >= 2);
    const auto& office = world.office();
    const auto* ring = office.seal->ring();
    for (std::size_t place = 0; place < ring->generations().size(); ++place) {
        CHECK_FALSE(would_be_dumped(ring->key(place)));
        for (std::size_t purpose = 0; purpose < record::purposes(); ++purpose)
            CHECK_FALSE(would_be_dumped({ring->purpose_key(place, purpose), 32}));
    }
    CHECK_FALSE(would_be_dumped(office.unlocked->secret.view()));
    const Bytes elsewhere(ring->key(0).begin(), ring->key(0).end());  // the search finds what is there
    CHECK(would_be_dumped(elsewhere));
}
