// Search before create through the store: the first sighting of every child of a file is imported, then the further,
// damaged sightings are searched for, by what they say.
//
//   registry_search_bench FILE.csv STORE [SEARCHES] [RECORDS]
//
// FILE: unique_id, person_id, first_name, middle_name, surname, dob, sex, postcode, is_dup. STORE: a file, or a
// postgresql:// address of a database; what is kept there already is not imported again.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <unordered_map>

#include "people/people.hpp"
#include "record/journal.hpp"
#include "support/test_permit.hpp"
#include "timing.hpp"

using namespace waymark;
using namespace waymark::people;

namespace {

struct Sighting {
    record::Identity identity;
    std::string person;
};

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
        if (c == ',') {
            cells.emplace_back();
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    return cells;
}

// The file is our own and holds no quotes.
void read(const std::string& path, std::size_t most, std::vector<Sighting>& first, std::vector<Sighting>& further) {
    std::ifstream in(path);
    std::string line;
    if (!std::getline(in, line)) throw std::runtime_error("the file cannot be read");
    std::unordered_map<std::string, std::size_t> column;
    for (const auto& name : split(line)) column.emplace(name, column.size());
    for (std::size_t n = 0; n < most && std::getline(in, line); ++n) {
        const auto cells = split(line);
        const auto cell = [&](const char* name) { return cells.at(column.at(name)); };
        Sighting one;
        one.person = cell("person_id");
        one.identity.source = "register";
        one.identity.id = cell("unique_id");
        one.identity.given_name = cell("first_name");
        one.identity.family_name = cell("surname");
        one.identity.sex = cell("sex");
        one.identity.postcode = cell("postcode");
        if (const auto date = parse_date(cell("dob"))) one.identity.date_of_birth = *date;
        (cell("is_dup") == "0" ? first : further).push_back(std::move(one));
    }
}

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct Searched {
    std::vector<double> times;  // ms
    std::size_t in_ten = 0;
    std::size_t first = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "registry_search_bench FILE.csv STORE [SEARCHES] [RECORDS]\n";
        return 2;
    }
    const std::size_t searches = argc > 3 ? std::stoul(argv[3]) : 10'000;
    std::vector<Sighting> first;
    std::vector<Sighting> further;
    read(argv[1], argc > 4 ? std::stoul(argv[4]) : SIZE_MAX, first, further);

    const std::string address = argv[2];
    const bool file = address.rfind("postgresql://", 0) != 0;
    const store::Address place{file ? store::Engine::sqlite : store::Engine::postgresql, address};
    const store::Options options{4, std::chrono::seconds(60), 4'096, 262'144};
    auto opened = store::open(place, store::Opening::existing, options);
    const bool kept = opened.has_value();
    if (!kept) opened = store::open(place, store::Opening::create, options);
    auto store = must(std::move(opened));
    SetClock clock{Instant{1'700'000'000'000'000}};
    SeededRandom random{3};
    const std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";
    auto catalogue = must(content::load_kinds(content));
    Model model = default_model();
    must(load_name_variants(content, model));
    const auto seal = record::plain_seal();
    const record::Journal journal{catalogue, *seal, clock, random};
    const Registry registry{journal, std::move(model), TokenKey{5}};

    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t from = kept ? first.size() : 0; from < first.size(); from += 25'000) {
        const auto to = std::min(first.size(), from + 25'000);
        std::vector<Arrived> batch;
        for (auto i = from; i < to; ++i) batch.push_back({"csc", first[i].identity, clock.now(), EntryId{}});
        must(store->write(
            [&](store::Transaction& tx) -> Result<void> {
                std::vector<Registry::EngineLink> links;
                TRY(registry.resolve(tx, 1, batch, clock.now(), links));
                return {};
            },
            store::Pace::bulk));
    }
    fmt::print("{}: {} children kept in {:.1f} s\n", file ? "SQLite" : "PostgreSQL", first.size(),
               bench::seconds_since(begin));

    // Of each child the persons of the register: a search answers one view of a person, and the import has joined a few
    // children with others.
    std::unordered_map<std::string, std::vector<ViewId>> records;
    must(store->read([&](store::Snapshot& snapshot) -> Result<void> {
        std::vector<store::ViewKey> keys;
        for (const auto& one : first) keys.push_back({"csc", one.identity.source, one.identity.id});
        const auto rows = snapshot.views_by_key(1, keys);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i]) records[first[i].person].push_back(rows[i]->person);
        }
        return {};
    }));
    const auto permit = sharing::Gate::make(record::Action::search);
    Searched done;
    // As many before that are not counted, so that the store's pages are where a running server has them.
    const std::size_t warm_up = std::min(searches, further.size() / 2);
    std::size_t asked = 0;
    for (std::size_t n = 0; n < further.size(); ++n) {
        if (n == warm_up) {
            done = {};
            asked = 0;
        }
        if (n >= warm_up && asked == searches) break;
        const auto& one = further[n];
        const auto known = records.find(one.person);
        if (known == records.end()) continue;
        ++asked;
        std::vector<Offered> found;
        const auto started = std::chrono::steady_clock::now();
        must(store->read([&](store::Snapshot& snapshot) -> Result<void> {
            found = TRY(registry.search(
                snapshot, 1, permit, one.identity, [](const store::ViewRow&) { return true; }, 10));
            return {};
        }));
        done.times.push_back(bench::seconds_since(started) * 1e3);
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto& persons = known->second;
            if (std::find(persons.begin(), persons.end(), found[i].person) == persons.end()) continue;
            ++done.in_ten;
            if (i == 0) ++done.first;
            break;
        }
    }
    std::sort(done.times.begin(), done.times.end());
    const auto centile = [&](double share) {
        return done.times[static_cast<std::size_t>(share * static_cast<double>(done.times.size() - 1))];
    };
    const auto share = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(asked); };
    fmt::print("{} searches: median {:.3f} ms, 99th centile {:.3f} ms, 99.9th {:.3f} ms, most {:.3f} ms\n", asked,
               centile(0.5), centile(0.99), centile(0.999), done.times.back());
    fmt::print("true child first {:.4f}, in the first ten {:.4f}\n", share(done.first), share(done.in_ten));
}
