// Askers, faults and times, as every command needs them.
#include "cli/session.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/text.hpp"

namespace waymark::cli {

std::string Terminal::path(const std::string& file) const {
    const std::filesystem::path given(file);
    return given.is_absolute() || directory.empty() ? file : (std::filesystem::path(directory) / given).string();
}

void say_leave(const Session& session, const casework::two_persons::Leave& leave) {
    if (!leave.words.empty()) session.terminal.err << "two persons: " << leave.words << "\n";
}

int report(std::ostream& err, const Fault& what) {
    err << "waymark: " << describe(what) << "\n";
    switch (what.kind) {
        case FaultKind::unavailable:
        case FaultKind::uncertain:
            return failed;
        case FaultKind::invalid:
            return wrong_usage;
        case FaultKind::missing:
        case FaultKind::conflict:
        case FaultKind::forbidden:
        case FaultKind::held:
            return fault_found;
    }
    return failed;
}

int report_failure(std::ostream& err, const Fault& what) {
    report(err, what);
    return failed;
}

Result<bool> Session::has_older_tokens() const {
    bool older = false;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        older = TRY(people::tokens_are_older(*office.seal, snapshot, office.partnership));
        return {};
    }));
    return older;
}

int Session::refuse(const Fault& what) const {
    return report(terminal.err, what);
}

Result<record::Asker> Session::asker() const {
    record::Asker asker;
    asker.session = "command";
    asker.from = "local";
    asker.strength = "command";
    asker.issuer = "local";
    asker.purpose = arguments.purpose.empty() ? "operation" : arguments.purpose;
    if (!arguments.as) {
        asker.practitioner = "operator";
        asker.role = "operator";
        return asker;
    }
    const content::Practitioner* practitioner = office.profile.practitioner(*arguments.as);
    if (practitioner == nullptr) {
        return invalid("--as", "there is no practitioner '" + *arguments.as + "' in the profile",
                       "name one by key, as the profile has it");
    }
    asker.practitioner = practitioner->key;
    asker.agency = practitioner->agency;
    asker.role = practitioner->role;
    if (arguments.purpose.empty()) asker.purpose = office.gate->policy().default_purpose(asker.role);
    return asker;
}

Result<Look> Session::look(std::string_view route) const {
    const auto as_of = TRY(parse_as_of(arguments.as_of, office.calendar->zone()));
    auto asker = TRY(this->asker());
    asker.route = route;
    const unsigned threads =
        arguments.threads > 0 ? arguments.threads : std::max(1u, std::thread::hardware_concurrency());
    return Look{std::move(asker), as_of.value_or(world.clock.now()), threads};
}

Result<ViewId> find_view(const Session& session, const std::string& text) {
    if (auto id = parse_id<ViewId>(text)) return *id;
    const auto parts = split(text, '/');
    if (parts.size() < 3) {
        return invalid("person", "'" + text + "' is neither an id nor agency/source/id",
                       "take the id from `waymark people search`");
    }
    // The source's name and id may hold slashes themselves (a census names its authority): every division is tried.
    std::vector<store::ViewKey> keys;
    const std::string agency(parts[0]);
    const std::string rest = text.substr(agency.size() + 1);
    for (std::size_t at = rest.find('/'); at != std::string::npos; at = rest.find('/', at + 1)) {
        keys.push_back({agency, rest.substr(0, at), rest.substr(at + 1)});
    }
    std::optional<ViewId> found;
    auto read = session.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        for (const auto& row : snapshot.views_by_key(session.office.partnership, keys)) {
            if (row) found = row->view;
        }
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    if (found) return *found;
    // Who asks for somebody is answered as for a child of whom they may not know: by a look at nobody.
    if (session.arguments.as) return ViewId{};
    return fault(FaultKind::missing, "person", "no identity stands under '" + text + "'");
}

Result<std::string> read_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return invalid(path, "there is no such file, or it cannot be read");
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

Result<std::optional<Instant>> parse_as_of(const std::string& text, const Zone& zone) {
    if (text.empty()) return std::optional<Instant>{};
    auto when = parse_when(text);
    if (!when) return invalid("--as-of", when.error().reason, "write 2026-03-27 or 2026-03-27T16:55:00Z");
    if (when->date_only) return std::optional<Instant>{zone.end_of(zone.day_of(*when)) - std::chrono::microseconds{1}};
    return std::optional<Instant>{when->instant};
}

}  // namespace waymark::cli
