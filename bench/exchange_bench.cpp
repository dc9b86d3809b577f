// How fast a census is taken in, and in how much memory.
//
//     exchange_bench generate CHILDREN FILE        a census to import
//     exchange_bench read FILE                     reading, checking and preparing alone
//     exchange_bench import FILE STORE [BATCH]     into an empty store: a file path, or a libpq URL of an empty
//     database; sealed under a key of its own, or kept plain where WAYMARK_BENCH_PLAIN is set
//
// Prints one JSON object: rows, taken, refused, seconds, rows a second, and the peak resident memory in MiB.
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "base/system.hpp"
#include "exchange/exchange.hpp"
#include "exchange/input.hpp"
#include "exchange/reader.hpp"
#include "sealed_root.hpp"

namespace {

using namespace waymark;

const std::string content_dir = std::string(WAYMARK_SOURCE_DIR) + "/content";

template <class T>
T must(Result<T> result) {
    if (!result) {
        std::cerr << describe(result.error()) << "\n";
        std::exit(3);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double peak_mib() {
    struct rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

void tell(std::uint64_t rows, std::uint64_t taken, std::uint64_t refused, double seconds) {
    std::cout
        << fmt::format(
               R"({{"rows":{},"taken":{},"refused":{},"seconds":{:.2f},"rows_a_second":{:.0f},"peak_mib":{:.0f}}})",
               rows, taken, refused, seconds, static_cast<double>(rows) / seconds, peak_mib())
        << std::endl;
}

class Counting : public exchange::Sink {
public:
    void take(exchange::Row row) override {
        ++rows;
        digest ^= record::content_digest(row.draft)[0];
    }
    void refuse_row(std::vector<exchange::Refusal>) override { ++refused; }
    void refuse_field(exchange::Refusal) override {}
    std::uint64_t rows = 0;
    std::uint64_t refused = 0;
    std::uint8_t digest = 0;
};

int generate(std::uint64_t children, const std::string& file) {
    std::ofstream out(file, std::ios::binary);
    exchange::generate_census(out, children, 1);
    return out ? 0 : 3;
}

int read(const std::string& file) {
    const auto catalogue = must(content::load_kinds(content_dir));
    const auto codes = must(exchange::load_codes(content_dir));
    const Zone zone;
    const exchange::Reading reading{file, "csc", "", catalogue, codes, zone, SystemClock().now(), {}};
    auto input = must(exchange::InputFile::open(file));
    Counting counting;
    const auto start = std::chrono::steady_clock::now();
    must(exchange::read_census(*input, reading, counting));
    tell(counting.rows, 0, counting.refused,
         std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return 0;
}

int import(const std::string& file, const std::string& where, std::size_t batch) {
    const SystemClock clock;
    SystemRandom random;
    auto store = must(store::open(must(store::parse_address(where)), store::Opening::create, {}));
    std::ifstream profile(content_dir + "/profiles/northbay.toml");
    std::ostringstream text;
    text << profile.rdbuf();
    const bench::BenchRoot root;
    must(casework::found_partnership(*store, content_dir, text.str(), "northbay.toml", false, clock, random,
                                     root.get()));
    const auto office = must(casework::open_office(*store, content_dir, std::nullopt, clock, random, root.get()));
    exchange::ImportOptions options;
    options.agency = "csc";
    if (batch != 0) options.batch = batch;
    const auto start = std::chrono::steady_clock::now();
    const auto tally = must(exchange::import_files(*office, sharing::operator_asker("import", "operation"),
                                                   exchange::Format::cin_census, {file}, options));
    tell(tally.rows, tally.taken, tally.refused,
         std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "generate") return generate(std::stoull(words[1]), words[2]);
    if (words.size() == 2 && words[0] == "read") return read(words[1]);
    if (words.size() >= 3 && words[0] == "import")
        return import(words[1], words[2], words.size() > 3 ? std::stoull(words[3]) : 0);
    std::cerr << "exchange_bench generate CHILDREN FILE | read FILE | import FILE STORE [BATCH]\n";
    return 2;
}
