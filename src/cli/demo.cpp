// The demonstration, step by step: found, import the extracts, name the census's children, take in two years of record.
#include "cli/demo.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "exchange/exchange.hpp"
#include "sharing/sharing.hpp"

namespace waymark::cli {
namespace {

constexpr std::uint64_t seed = 20'130'206;  // the joint inspection was published on 6 February 2013
constexpr std::size_t children_with_a_made_record = 160;

struct Extract {
    exchange::Format format;
    const char* file;
    const char* agency;
};
constexpr Extract extracts[] = {{exchange::Format::family_context, "csc.csv", "csc"},
                                {exchange::Format::family_context, "education.csv", "education"},
                                {exchange::Format::cin_census, "fake_CIN_data.xml", "csc"}};

record::Asker operator_of_demonstration() {
    record::Asker asker;
    asker.practitioner = "operator";
    asker.role = "operator";
    asker.purpose = "operation";
    asker.session = "command";
    asker.route = "demo";
    asker.from = "local";
    return asker;
}

Result<void> import_extract(const casework::Office& office, const std::string& samples, const Extract& extract,
                            Terminal& terminal) {
    exchange::ImportOptions options;
    options.agency = extract.agency;
    const auto tally = TRY(exchange::import_files(office, operator_of_demonstration(), extract.format,
                                                  {samples + "/" + extract.file}, options));
    terminal.err << fmt::format("  {}: {} rows, {} taken, {} refused, {} linked, {} for a person to look at\n",
                                extract.file, tally.rows, tally.taken, tally.refused, tally.linked, tally.to_review);
    return {};
}

struct Known {
    std::vector<DemoChild> in_both;        // linked by the engine across social care and education
    std::vector<record::Identity> census;  // without a name
};

Result<Known> known_children(store::Store& store, const casework::Office& office) {
    std::map<ViewId, std::vector<store::ViewRow>> people;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        people.clear();
        snapshot.scan_views(office.partnership, [&](const store::ViewRow& row) {
            people[row.person].push_back(row);
            return true;
        });
        return {};
    }));
    Known known;
    for (const auto& [person, views] : people) {
        DemoChild child;
        const auto identities = TRY(office.registry->identities(views));
        for (std::size_t i = 0; i < views.size(); ++i) {
            if (views[i].source == "family-context-csc") child.social_care = identities[i];
            if (views[i].source == "family-context-education") child.school = identities[i];
            if (identities[i].given_name.empty() && !identities[i].la_child_id.empty())
                known.census.push_back(identities[i]);
        }
        if (!child.social_care.id.empty() && !child.school.id.empty()) known.in_both.push_back(std::move(child));
    }
    // By the extract's own id, so that the same children are chosen every time.
    std::sort(known.in_both.begin(), known.in_both.end(),
              [](const DemoChild& a, const DemoChild& b) { return a.social_care.id < b.social_care.id; });
    std::sort(known.census.begin(), known.census.end(),
              [](const record::Identity& a, const record::Identity& b) { return a.id < b.id; });
    return known;
}

// Takes drafts in, in batches, and refuses to go on where one is refused: the made record must be right.
Result<void> take_all(store::Store& store, const casework::Office& office, const std::vector<record::Draft>& drafts) {
    constexpr std::size_t batch = 500;
    for (std::size_t begin = 0; begin < drafts.size(); begin += batch) {
        const std::span<const record::Draft> part(drafts.data() + begin, std::min(batch, drafts.size() - begin));
        TRY_VOID(store.write([&](store::Transaction& transaction) -> Result<void> {
            const auto permit = office.gate->operator_of_machine(record::Action::append, "demo", "operation");
            const auto outcomes = TRY(casework::take(office, transaction, permit, part));
            for (std::size_t i = 0; i < outcomes.size(); ++i) {
                if (outcomes[i].taken == casework::Taken::refused && !outcomes[i].faults.empty()) {
                    Fault first = outcomes[i].faults.front();
                    first.place = part[i].kind + " " + part[i].id + " " + first.place;
                    return tl::unexpected(std::move(first));
                }
            }
            return {};
        }));
    }
    return {};
}

}  // namespace

Result<void> found_demonstration(const World& world, store::Store& store, const record::Root& root) {
    const std::string file = world.content_dir + "/profiles/northbay.toml";
    const std::string profile = TRY(content::read_content(world.content_dir, "profiles/northbay.toml"));
    return casework::found_partnership(store, world.content_dir, profile, file, true, world.clock, world.random, &root);
}

Result<void> make_demonstration(const World& world, store::Store& store, casework::Office& office, Terminal& terminal) {
    terminal.err << "making the demonstration: six agencies, synthetic children, two years of record\n";
    const std::string samples = world.content_dir + "/samples";
    for (const Extract& extract : extracts) TRY_VOID(import_extract(office, samples, extract, terminal));

    Known known = TRY(known_children(store, office));
    SeededRandom random(seed);
    const Instant now = world.clock.now();
    TRY_VOID(take_all(store, office, names_for_census(office.profile, known.census, now, random)));

    if (known.in_both.size() > children_with_a_made_record) known.in_both.resize(children_with_a_made_record);
    const auto drafts = demonstration_record(office.profile, known.in_both, now, office.calendar->zone());
    TRY_VOID(take_all(store, office, drafts));
    TRY_VOID(demonstration_matches(office, known.in_both, now, [&](const std::vector<record::Draft>& more) {
        return take_all(store, office, more);
    }));
    terminal.err << fmt::format("  {} entries made for {} children\n", drafts.size(), known.in_both.size());
    return {};
}

}  // namespace waymark::cli
