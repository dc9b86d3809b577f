// What recording a look costs, and what it meets. One JSON object a measurement.
//
//     recorded_read_bench reads STORE [CHILDREN] [SECONDS]    a child's page, with and without its line; then many at
//     once recorded_read_bench beside STORE [CHILDREN] [SECONDS]   recorded pages while an import runs
//     recorded_read_bench reader STORE SECONDS                one reader stays; how long the write-ahead log grows
//     recorded_read_bench looked STORE LINES                  "who has looked" over so many lines
//     recorded_read_bench alerts STORE LINES [CHILDREN]       looks that seem wrong, out of so many lines
//
// STORE: a file to be made, or a libpq URL of an empty database.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "casework/access.hpp"
#include "casework/alerts.hpp"
#include "casework/child.hpp"
#include "casework/looked.hpp"
#include "casework/piece_size.hpp"
#include "sealed_root.hpp"

using namespace waymark;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;
constexpr int entries_each = 20;
constexpr int readers_at_once = 16;

template <class T>
T must(Result<T> result) {
    if (!result) {
        std::cerr << describe(result.error()) << "\n";
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct World {
    explicit World(const std::string& address) {
        store::Options options;
        options.readers = 8;
        store = must(store::open(must(store::parse_address(address)), store::Opening::create, options));
        const std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";
        std::ifstream in(content + "/profiles/northbay.toml");
        std::stringstream profile;
        profile << in.rdbuf();
        must(casework::found_partnership(*store, content, profile.str(), "northbay.toml", false, clock, random,
                                         root.get()));
        office = must(casework::open_office(*store, content, std::nullopt, clock, random, root.get()));
    }
    record::Asker front() const { return asker("m.brennan", "triage"); }
    record::Asker asker(std::string_view key, std::string_view purpose) const {
        const auto* known = office->profile.practitioner(key);
        return {known->key, known->agency, known->role, std::string(purpose), "command", "child.chronology", "local",
                "command",  "local",       {}};
    }
    std::vector<record::Draft> child(std::size_t n) const {
        std::vector<record::Draft> drafts;
        for (int i = 0; i < entries_each; ++i) {
            const auto line = fmt::format(
                R"({{"kind":"visit.made","at":"2025-{:02}-{:02}","recorded":"2025-{:02}-{:02}T12:00:00Z","agency":"csc",)"
                R"("author":"a.rahman","id":"v{}-{}","body":{{"seen":true,"text":"Seen at home, and at school."}},)"
                R"("subjects":[{{"involvement":"affected","identity":{{"source":"cms","id":"c{}","given_name":"Given{}",)"
                R"("family_name":"Family{}","date_of_birth":"2012-{:02}-{:02}"}}}}]}})",
                1 + i % 12, 1 + i, 1 + i % 12, 1 + i, n, i, n, n, n * 7919 % 100'003, 1 + n % 12, 1 + n % 28);
            auto draft = record::decode_draft(line, office->catalogue, clock.now(), office->calendar->zone());
            if (!draft) {
                std::cerr << describe(draft.error().front()) << "\n";
                std::exit(1);
            }
            drafts.push_back(std::move(*draft));
        }
        return drafts;
    }
    // Children from `from` on; their persons are kept. For how long the store was held.
    Steady::duration bring(std::size_t from, std::size_t many) {
        const auto permit = office->gate->operator_of_machine(record::Action::append, "import", "operation");
        std::vector<record::Draft> drafts;
        for (std::size_t n = from; n < from + many; ++n) {
            for (auto& one : child(n)) drafts.push_back(std::move(one));
        }
        auto prepared = casework::prepare(*office, std::move(drafts));
        auto began = Steady::now();
        must(store->write(
            [&](store::Transaction& tx) -> Result<void> {
                began = Steady::now();
                const auto outcomes = TRY(casework::take(*office, tx, permit, prepared, {}));
                for (std::size_t i = 0; i < outcomes.size(); i += entries_each)
                    persons.push_back(outcomes[i].records.front());
                return {};
            },
            store::Pace::bulk));
        return Steady::now() - began;
    }

    SystemClock clock;
    SystemRandom random;
    bench::BenchRoot root;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<casework::Office> office;
    std::vector<ViewId> persons;
};

struct Times {
    std::vector<double> ms;
    [[nodiscard]] double at(double share) {
        std::sort(ms.begin(), ms.end());
        return ms.empty()
                   ? 0
                   : ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
    }
};

double ms_of(const std::function<void()>& work) {
    const auto start = Steady::now();
    work();
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

void read_unrecorded(const World& world, ViewId person) {
    const auto permit = must(world.office->gate->ask(world.front(), record::Action::read));
    must(world.store->read([&](store::Snapshot& snapshot) -> Result<void> {
        auto knowing = TRY(casework::Knowing::of(*world.office, snapshot, permit));
        TRY_VOID(casework::assemble_page(*world.office, snapshot, knowing, person, std::nullopt));
        return {};
    }));
}

void read_recorded(const World& world, ViewId person) {
    must(casework::person_page(*world.office, world.front(), person, std::nullopt));
}

// The least that a look reads: what is left is the recording.
void record_alone(const World& world, ViewId person) {
    const auto permit = must(world.office->gate->ask(world.front(), record::Action::read));
    const std::function<Result<bool>(store::Snapshot&, casework::Seen&)> work =
        [&](store::Snapshot& snapshot, casework::Seen& seen) -> Result<bool> {
        const auto row = snapshot.views(world.office->partnership, std::vector{person}).front();
        seen.add("role", person, {}, std::vector<record::Shown>(entries_each), "given_name family_name");
        return row.has_value();
    };
    must(casework::read_as<bool>(*world.office, permit, work));
}

template <class Work>
Times repeat(const World& world, int seconds, const Work& work) {
    Times times;
    const auto end = Steady::now() + std::chrono::seconds(seconds);
    for (std::size_t i = 0; Steady::now() < end; ++i)
        times.ms.push_back(ms_of([&] { work(world, world.persons[i * 37 % world.persons.size()]); }));
    return times;
}

template <class Work>
void at_once(const World& world, int seconds, const char* what, const Work& work) {
    std::atomic<std::uint64_t> done{0};
    const auto end = Steady::now() + std::chrono::seconds(seconds);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < readers_at_once; ++t) {
        threads.emplace_back([&, t] {
            for (std::size_t i = t; Steady::now() < end; i += readers_at_once) {
                work(world, world.persons[i * 37 % world.persons.size()]);
                ++done;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    std::cout << fmt::format(R"({{"what":"{}","at_once":{},"per_second":{:.0f}}})", what, readers_at_once,
                             static_cast<double>(done) / seconds)
              << "\n";
}

void tell(const char* what, Times times) {
    std::cout << fmt::format(
                     R"({{"what":"{}","looks":{},"p50_ms":{:.3f},"p90_ms":{:.3f},"p99_ms":{:.3f},"p999_ms":{:.3f}}})",
                     what, times.ms.size(), times.at(0.5), times.at(0.9), times.at(0.99), times.at(0.999))
              << "\n";
}

void reads(const std::string& address, std::size_t children, int seconds) {
    World world(address);
    for (std::size_t n = 0; n < children; n += 100) world.bring(n, std::min<std::size_t>(100, children - n));
    repeat(world, 1, read_unrecorded);
    // Alternately, so that what else the machine does meets both.
    Times without;
    Times with;
    Times alone;
    for (int i = 0; i < seconds; ++i) {
        const auto add = [](Times& to, const Times& some) {
            to.ms.insert(to.ms.end(), some.ms.begin(), some.ms.end());
        };
        add(without, repeat(world, 1, read_unrecorded));
        add(with, repeat(world, 1, read_recorded));
        add(alone, repeat(world, 1, record_alone));
    }
    tell("page without its line", without);
    tell("page with its line", with);
    tell("the line alone", alone);
    at_once(world, seconds, "pages with their lines", read_recorded);
    at_once(world, seconds, "lines alone", record_alone);
}

void beside(const std::string& address, std::size_t children, int seconds) {
    World world(address);
    for (std::size_t n = 0; n < children; n += 100) world.bring(n, std::min<std::size_t>(100, children - n));
    const auto known = world.persons;
    std::atomic<bool> stop{false};
    std::atomic<std::size_t> brought{0};
    World* all = &world;
    std::thread import([&] {
        // In pieces as the command makes them where people are served.
        casework::PieceSize size(500, 5ms);
        for (std::size_t n = children; !stop;) {
            const auto piece = std::max<std::size_t>(1, size.now() / entries_each);
            size.took(piece * entries_each, all->bring(n, piece));
            n += piece;
            brought += piece;
        }
    });
    Times times;
    const auto end = Steady::now() + std::chrono::seconds(seconds);
    for (std::size_t i = 0; Steady::now() < end; ++i) {
        times.ms.push_back(ms_of([&] { read_recorded(world, known[i * 37 % known.size()]); }));
        std::this_thread::sleep_for(10ms);
    }
    stop = true;
    import.join();
    tell("page with its line beside an import", times);
    std::cout << fmt::format(R"({{"what":"imported meanwhile","entries_per_second":{}}})",
                             brought.load() * entries_each / static_cast<std::size_t>(seconds))
              << "\n";
}

void reader(const std::string& file, int seconds) {
    World world(file);
    world.bring(0, 100);
    std::atomic<bool> stop{false};
    std::thread looks([&] {
        for (std::size_t i = 0; !stop; ++i) {
            read_recorded(world, world.persons[i % world.persons.size()]);
            std::this_thread::sleep_for(5ms);
        }
    });
    std::uintmax_t most = 0;
    const auto size = [&] {
        std::error_code none;
        return std::filesystem::file_size(file + "-wal", none);
    };
    const auto ended = world.store->read([&](store::Snapshot& snapshot) -> Result<void> {
        const auto end = Steady::now() + std::chrono::seconds(seconds);
        while (Steady::now() < end) {
            static_cast<void>(snapshot.count_audit(1));
            most = std::max(most, size());
            std::this_thread::sleep_for(1s);
        }
        return {};
    });
    std::this_thread::sleep_for(10s);
    const auto after = size();
    stop = true;
    looks.join();
    std::cout << fmt::format(R"({{"what":"a reader of {} s","ended":"{}","wal_most_mib":{},"wal_after_mib":{}}})",
                             seconds, ended ? "by itself" : describe(ended.error()), most >> 20, after >> 20)
              << "\n";
}

void looked(const std::string& address, std::size_t lines) {
    World world(address);
    world.bring(0, 100);
    const auto person = world.persons.front();
    const auto& office = *world.office;
    const auto permit = must(office.gate->ask(world.front(), record::Action::read));
    const auto page = must(casework::person_page(office, world.front(), person, std::nullopt));
    const auto shown = casework::shown_of(page);
    const auto start = world.clock.now() - std::chrono::hours(24 * 3'000);
    for (std::size_t from = 0; from < lines; from += 10'000) {
        std::vector<record::AuditLine> some;
        for (std::size_t i = from; i < std::min(lines, from + 10'000); ++i) {
            // Half of all lines are of this one child: the worst that a list can be.
            auto line =
                record::shown_line(permit, start + std::chrono::minutes(4 * i),
                                   i % 2 == 0 ? person : world.persons[i % world.persons.size()], {}, shown, "allowed");
            line.agency = i % 1'000 == 0 ? "police" : "csc";
            line.fields = "given_name family_name date_of_birth";
            some.push_back(std::move(line));
        }
        must(world.store->write([&](store::Transaction& tx) -> Result<void> {
            office.auditor->keep(tx, office.partnership, some);
            return {};
        }));
    }
    const auto manager = [&] {
        for (const auto& one : office.profile.practitioners) {
            if (one.role == "social-care-manager") return world.asker(one.key, "supervision");
        }
        std::exit(1);
    }();
    const auto time = [&](const char* what, const casework::LookedQuery& query) {
        std::int64_t total = 0;
        Times times;
        for (int i = 0; i < 5; ++i)
            times.ms.push_back(
                ms_of([&] { total = must(casework::who_looked(office, manager, person, query)).total.value_or(-1); }));
        std::cout << fmt::format(R"({{"what":"{}","of_lines":{},"total":{},"median_ms":{:.1f},"most_ms":{:.1f}}})",
                                 what, lines, total, times.at(0.5), times.at(1.0))
                  << "\n";
    };
    time("the newest fifty", {});
    casework::LookedQuery agency;
    agency.agency = "police";
    time("of one agency, one line in a thousand", agency);
    casework::LookedQuery nobody;
    nobody.agency = "health";
    time("of an agency that never looked", nobody);
    casework::LookedQuery days;
    days.from = office.calendar->day_of(start + std::chrono::hours(24 * 1'000));
    days.to = *days.from + std::chrono::days(30);
    time("of thirty days", days);
}

// Every line within the days that are looked through, by everybody of the profile, at all of the children: half by who
// works there, half on the role alone.
void alerts(const std::string& address, std::size_t lines, std::size_t children) {
    World world(address);
    for (std::size_t n = 0; n < children; n += 100) world.bring(n, std::min<std::size_t>(100, children - n));
    const auto& office = *world.office;
    const auto permit = must(office.gate->ask(world.front(), record::Action::read));
    const auto& people = office.profile.practitioners;
    const auto days = std::chrono::hours(24 * (office.look_patterns.days - 1));
    const auto start = world.clock.now() - days;
    const auto step = std::chrono::duration_cast<std::chrono::microseconds>(days) / static_cast<std::int64_t>(lines);
    std::uint64_t state = 77;
    const auto draw = [&] {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state >> 33);
    };
    for (std::size_t from = 0; from < lines; from += 10'000) {
        std::vector<record::AuditLine> some;
        for (std::size_t i = from; i < std::min(lines, from + 10'000); ++i) {
            const auto& who = people[draw() % people.size()];
            auto line = record::shown_line(permit, start + step * static_cast<std::int64_t>(i),
                                           world.persons[draw() % world.persons.size()], {}, {}, "allowed");
            line.practitioner = who.key;
            line.agency = who.agency;
            line.role = who.role;
            line.relationship = draw() % 2 == 0 ? "allocated" : "role";
            line.route = "child.chronology";
            some.push_back(std::move(line));
        }
        must(world.store->write([&](store::Transaction& tx) -> Result<void> {
            office.auditor->keep(tx, office.partnership, some);
            return {};
        }));
    }
    const auto officer = world.asker("p.whitlock", "subject-access");
    std::size_t found = 0;
    Times times;
    for (int i = 0; i < 5; ++i)
        times.ms.push_back(ms_of([&] { found = must(casework::look_alerts(office, officer)).open.size(); }));
    std::cout
        << fmt::format(
               R"({{"what":"looks that seem wrong","of_lines":{},"children":{},"shown":{},"median_ms":{:.1f},"most_ms":{:.1f}}})",
               lines, children, found, times.at(0.5), times.at(1.0))
        << "\n";
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto number = [&](std::size_t at, int otherwise) {
        return words.size() > at ? std::stoi(words[at]) : otherwise;
    };
    if (words.size() >= 2 && words[0] == "reads") {
        reads(words[1], static_cast<std::size_t>(number(2, 2'000)), number(3, 5));
    } else if (words.size() >= 2 && words[0] == "beside") {
        beside(words[1], static_cast<std::size_t>(number(2, 2'000)), number(3, 15));
    } else if (words.size() >= 3 && words[0] == "alerts") {
        alerts(words[1], static_cast<std::size_t>(number(2, 1'000'000)), static_cast<std::size_t>(number(3, 5'000)));
    } else if (words.size() >= 2 && words[0] == "reader") {
        reader(words[1], number(2, 600));
    } else if (words.size() >= 2 && words[0] == "looked") {
        looked(words[1], static_cast<std::size_t>(number(2, 1'000'000)));
    } else {
        std::cerr << "recorded_read_bench reads|beside|reader|looked STORE [N] [SECONDS]\n";
        return 2;
    }
    return 0;
}
