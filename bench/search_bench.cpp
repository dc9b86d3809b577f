// Search before create, measured: every search is a damaged further sighting whose true child is in the index, and the
// answer is the first ten with their evidence.
//
// search_bench FILE.csv            the file's `is_dup` column parts sightings (1) from the register (0); truth:
// person_id
// search_bench --children N        N children of bench/children.hpp, and sightings of some of them
//   [--searches N] [--columns header=kind,…] [--model FILE] [--keep-model FILE] [--missed N] [--slowest N]
//   [--check N] [--threads N]
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unordered_map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/index/index.hpp"
#include "support/children.hpp"
#include "timing.hpp"

using namespace waymark;
using namespace waymark::people;
using bench::fail;
using bench::seconds_since;
using bench::Steady;

namespace {

struct Arguments {
    std::string file;
    std::size_t children = 0;
    std::size_t searches = 20'000;
    std::size_t missed = 0;   // of the sightings whose child was not found, so many are shown
    std::size_t slowest = 0;  // searches shown
    std::size_t check = 0;    // so many are asked for a hundred answers too
    std::string model;
    std::string keep_model;
    batch::Options options;
};

// A register as CSV, the truth of its rows, and sightings with theirs.
struct Material {
    std::string whole;  // register and sightings: what the model is estimated from
    std::string people;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> sightings;
    std::vector<std::uint32_t> child;  // of each sighting: position in the register
};

Material from_file(const std::string& name) {
    Material out;
    std::ifstream in(name, std::ios::binary);
    std::string line;
    std::getline(in, line);
    out.whole = out.people = line + "\n";
    std::size_t person = 0;
    std::size_t is_dup = 0;
    for (const auto column : split(line, ',')) {
        if (column == "person_id") person = out.header.size();
        if (column == "is_dup") is_dup = out.header.size();
        out.header.emplace_back(trim(column));
    }
    std::unordered_map<std::string, std::uint32_t> position;
    while (std::getline(in, line)) {
        const auto fields = split(line, ',');
        out.whole += line + "\n";
        if (trim(fields[is_dup]) == "0") {
            out.people += line + "\n";
            position.emplace(fields[person], static_cast<std::uint32_t>(position.size()));
        } else {
            out.sightings.emplace_back(fields.begin(), fields.end());
        }
    }
    for (const auto& sighting : out.sightings) out.child.push_back(position.at(sighting[person]));
    return out;
}

// The first record of each child is the register's, some of the others are searched for. The model is estimated from
// the first million records.
Material from_generator(std::size_t children, std::size_t searches) {
    constexpr std::size_t most_whole = 1'000'000;
    constexpr double records_of_child = 1.43;
    Material out;
    const std::string header = testing::Children::header();
    out.whole = out.people = header;
    for (const auto column : split(trim(header), ',')) out.header.emplace_back(column);
    std::vector<std::uint32_t> position;  // by person, one more than it
    std::uint32_t people = 0;
    std::size_t records = 0;
    std::size_t others = 0;
    const std::size_t keep =
        std::max<std::size_t>(1, static_cast<std::size_t>(0.4 * static_cast<double>(children)) / searches);
    testing::Children generator(7);
    generator.write(static_cast<std::uint64_t>(static_cast<double>(children) * records_of_child),
                    [&](const std::string& row) {
                        const auto line = trim(row);
                        if (records++ < most_whole) out.whole.append(line).push_back('\n');
                        const auto fields = split(line, ',');
                        const auto person = static_cast<std::size_t>(std::stoull(std::string(fields[1])));
                        if (person >= position.size()) position.resize(person + 1000, 0);
                        if (position[person] == 0) {
                            position[person] = ++people;
                            out.people.append(line).push_back('\n');
                        } else if (others++ % keep == 0) {
                            out.sightings.emplace_back(fields.begin(), fields.end());
                            out.child.push_back(position[person] - 1);
                        }
                    });
    return out;
}

using bench::percentile;

void print_times(const char* what, std::vector<double>& times) {
    std::sort(times.begin(), times.end());
    fmt::print("{}: p50 {:.1f} us, p90 {:.1f}, p99 {:.1f}, p99.9 {:.1f}, most {:.1f}\n", what,
               percentile(times, 0.5) * 1e6, percentile(times, 0.9) * 1e6, percentile(times, 0.99) * 1e6,
               percentile(times, 0.999) * 1e6, times.back() * 1e6);
}

double resident_mib() {
    std::ifstream in("/proc/self/statm");
    double pages = 0;
    in >> pages >> pages;
    return pages * 4096 / 1048576;
}

struct Asked {
    index::Values values;
    std::uint32_t child = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Arguments a;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        const auto next = [&] { return i + 1 < argc ? argv[++i] : ""; };
        if (arg == "--children") {
            a.children = static_cast<std::size_t>(std::atoll(next()));
        } else if (arg == "--searches") {
            a.searches = static_cast<std::size_t>(std::atoll(next()));
        } else if (arg == "--missed") {
            a.missed = static_cast<std::size_t>(std::atoll(next()));
        } else if (arg == "--check") {
            a.check = static_cast<std::size_t>(std::atoll(next()));
        } else if (arg == "--slowest") {
            a.slowest = static_cast<std::size_t>(std::atoll(next()));
        } else if (arg == "--model") {
            a.model = next();
        } else if (arg == "--keep-model") {
            a.keep_model = next();
        } else if (arg == "--threads") {
            a.options.threads = static_cast<unsigned>(std::atoi(next()));
        } else if (arg == "--columns") {
            for (const auto each : split(next(), ',')) {
                const auto cut = each.find('=');
                const auto kind = batch::kind_of(each.substr(cut + 1));
                if (!kind) return fail({FaultKind::invalid, std::string(each), "there is no such kind", ""});
                a.options.columns.push_back({std::string(each.substr(0, cut)), *kind});
            }
        } else {
            a.file = arg;
        }
    }
    Model variants;
    if (const auto loaded = load_name_variants(WAYMARK_SOURCE_DIR "/content", variants); !loaded)
        return fail(loaded.error());
    a.options.given_variants = &variants.given_variants;
    a.options.family_variants = &variants.family_variants;

    auto material = a.children != 0 ? from_generator(a.children, a.searches) : from_file(a.file);
    batch::LinkageModel model;
    if (!a.model.empty()) {
        std::ifstream in(a.model);
        std::stringstream text;
        text << in.rdbuf();
        auto read = batch::parse_linkage_model(text.str());
        if (!read) return fail(read.error());
        model = *read;
    } else {
        const auto from = Steady::now();
        std::istringstream in(material.whole);
        const auto table = batch::read(in, "whole", a.options);
        if (!table) return fail(table.error());
        auto estimated = index::estimate(*table, a.options);
        if (!estimated) return fail(estimated.error());
        model = *estimated;
        fmt::print("model estimated in {:.2f} s from {} records\n", seconds_since(from), batch::records(**table));
    }
    if (!a.keep_model.empty()) std::ofstream(a.keep_model) << batch::write_linkage_model(model);
    material.whole = {};

    auto from = Steady::now();
    batch::TablePtr table;
    {
        std::istringstream in(std::move(material.people));
        auto read = batch::read(in, "people", a.options);
        if (!read) return fail(read.error());
        table = *read;
    }
    const double reading = seconds_since(from);
    const double before = resident_mib();
    from = Steady::now();
    index::Options options;
    options.given_variants = a.options.given_variants;
    options.family_variants = a.options.family_variants;
    options.threads = a.options.threads;
    auto built = index::Index::build(table, model, options);
    if (!built) return fail(built.error());
    auto& people = **built;
    fmt::print(
        "register of {} read in {:.2f} s, index built in {:.2f} s; index {:.0f} MiB, resident {:.0f} MiB before and "
        "{:.0f} after\n",
        people.size(), reading, seconds_since(from), static_cast<double>(people.bytes()) / 1048576, before,
        resident_mib());

    std::vector<std::size_t> position;
    for (const auto& column : people.columns()) {
        const auto at = std::find(material.header.begin(), material.header.end(), column.header);
        position.push_back(static_cast<std::size_t>(at - material.header.begin()));
    }
    std::vector<Asked> asked;
    const std::size_t step = std::max<std::size_t>(1, material.sightings.size() / a.searches);
    for (std::size_t i = 0; i < material.sightings.size() && asked.size() < a.searches; i += step) {
        Asked one;
        for (const auto at : position) one.values.push_back(material.sightings[i][at]);
        one.child = material.child[i];
        asked.push_back(std::move(one));
    }

    std::vector<double> times;
    std::size_t first = 0;
    std::size_t in_ten = 0;
    std::size_t more = 0;
    std::size_t refused = 0;
    std::uint64_t candidates = 0;
    std::uint64_t compared = 0;
    std::vector<double> candidate_counts;
    std::vector<const Asked*> missed;
    struct Slow {
        double took = 0;
        const Asked* asked = nullptr;
        std::uint32_t candidates = 0;
        std::uint32_t compared = 0;
    };
    std::vector<Slow> slow;
    for (const int round : {0, 1}) {  // the first warms the caches
        for (const auto& one : asked) {
            const auto begin = Steady::now();
            const auto found = people.search(one.values, 10);
            const double took = seconds_since(begin);
            if (round == 0) continue;
            times.push_back(took);
            if (!found) {
                ++refused;
                missed.push_back(&one);
                continue;
            }
            slow.push_back({took, &one, found->candidates, found->compared});
            candidates += found->candidates;
            compared += found->compared;
            more += found->more ? 1u : 0u;
            candidate_counts.push_back(static_cast<double>(found->candidates));
            bool hit = false;
            for (std::size_t k = 0; k < found->answers.size(); ++k) {
                if (found->answers[k].record != one.child) continue;
                hit = true;
                first += k == 0 ? 1u : 0u;
            }
            in_ten += hit ? 1u : 0u;
            if (!hit) missed.push_back(&one);
        }
    }
    const auto n = static_cast<double>(asked.size());
    std::sort(candidate_counts.begin(), candidate_counts.end());
    fmt::print(
        "{} searches: true child first {:.4f}, in the first ten {:.4f}; candidates {:.0f} on average, {:.0f} at p99, "
        "compared {:.0f}; more {:.4f}, refused {}\n",
        asked.size(), static_cast<double>(first) / n, static_cast<double>(in_ten) / n,
        static_cast<double>(candidates) / n, percentile(candidate_counts, 0.99), static_cast<double>(compared) / n,
        static_cast<double>(more) / n, refused);
    print_times("search, one thread", times);

    std::sort(slow.begin(), slow.end(), [](const Slow& x, const Slow& y) { return x.took > y.took; });
    for (std::size_t i = 0; i < std::min(a.slowest, slow.size()); ++i) {
        for (const auto& value : slow[i].asked->values) fmt::print("{:14} ", value);
        fmt::print("| {:.1f} us, {} candidates, {} compared\n", slow[i].took * 1e6, slow[i].candidates,
                   slow[i].compared);
    }

    for (std::size_t i = 0; i < std::min(a.missed, missed.size()); ++i) {
        for (const auto& value : missed[i]->values) fmt::print("{:14} ", value);
        fmt::print("| ");
        for (std::size_t c = 0; c < position.size(); ++c) fmt::print("{:14} ", people.value_of(missed[i]->child, c));
        const auto found = people.search(missed[i]->values, 10);
        if (found) {
            fmt::print("| best {:.1f} tenth {:.1f}, {} candidates",
                       found->answers.empty() ? 0.0 : double{found->answers.front().weight},
                       found->answers.empty() ? 0.0 : double{found->answers.back().weight}, found->candidates);
        }
        fmt::print("\n");
    }

    // What a bound passes over would show as another first ten.
    std::size_t others = 0;
    for (std::size_t i = 0; i < std::min(a.check, asked.size()); ++i) {
        const auto ten = people.search(asked[i].values, 10);
        const auto hundred = people.search(asked[i].values, index::most_answers);
        if (!ten || !hundred) continue;
        for (std::size_t k = 0; k < ten->answers.size(); ++k) {
            others += ten->answers[k].record != hundred->answers[k].record ? 1u : 0u;
        }
    }
    if (a.check != 0) fmt::print("first ten and first hundred: {} answers are not the same\n", others);

    // Until an added person is found.
    std::vector<double> adding;
    std::size_t found_at_once = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(2000, asked.size()); ++i) {
        auto values = asked[i].values;
        const auto begin = Steady::now();
        const auto added = people.add(fmt::format("added {}", i), values);
        const auto found = people.search(values, 10);
        adding.push_back(seconds_since(begin));
        if (!added || !found) continue;
        for (const auto& answer : found->answers) found_at_once += answer.record == *added ? 1u : 0u;
    }
    fmt::print("added and found by the next search: {} of {}\n", found_at_once, adding.size());
    print_times("add and find", adding);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("peak of the process {:.0f} MiB\n", static_cast<double>(usage.ru_maxrss) / 1024);
    return 0;
}
