// init, adopt, verify, backup, restore, rebuild, settle: the store as a whole.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "casework/models.hpp"
#include "cli/late_bar.hpp"
#include "cli/roots.hpp"
#include "cli/session.hpp"
#include "jobs/jobs.hpp"
#include "record/log.hpp"

namespace waymark::cli {
namespace {

void print_mode(const store::Store& store, std::ostream& err) {
    for (const std::string& line : store.mode()) err << "store: " << line << "\n";
}

}  // namespace

int run_init(const World& world, const Arguments& a, Terminal& terminal) {
    const std::string profile_path = terminal.path(a.profile);
    auto text = read_text(profile_path);
    if (!text) return report(terminal.err, text.error());
    auto address = store::parse_address(a.db);
    if (!address) return report(terminal.err, address.error());
    auto root = root_to_found(world, a, *address, terminal);
    if (!root) return report_failure(terminal.err, root.error());
    auto store = store::open(*address, store::Opening::create);
    if (!store) return report(terminal.err, store.error());
    auto founded = casework::found_partnership(**store, world.content_dir, *text, profile_path, false, world.clock,
                                               world.random, root->get());
    if (!founded) return report(terminal.err, founded.error());
    print_mode(**store, terminal.err);
    if (a.json) {
        terminal.out << write_json(json::object{{"store", address->shown()}, {"root", (*root)->shown()}}) << "\n";
    } else {
        terminal.out << "an empty store stands at " << address->shown() << "\n";
        say_keep_the_key(**root, terminal.out);
    }
    return done;
}

int run_adopt(const Session& session) {
    const auto& a = session.arguments;
    std::optional<content::Profile> profile;
    if (!a.profile.empty()) {
        const auto path = session.terminal.path(a.profile);
        const auto text = read_text(path);
        if (!text) return session.refuse(text.error());
        auto read = content::parse_profile(*text, path);
        if (!read) return session.refuse(read.error());
        if (read->key != session.office.profile.key) {
            return session.refuse({FaultKind::invalid, path, "It is the profile of another partnership.",
                                   fmt::format("Keep key = \"{}\".", session.office.profile.key)});
        }
        profile = std::move(*read);
    }
    std::optional<casework::Adopted> model;
    if (a.shipped_model) model = casework::shipped_model();
    if (!a.linkage.model_file.empty()) {
        const auto text = read_text(session.terminal.path(a.linkage.model_file));
        if (!text) return session.refuse(text.error());
        auto read = casework::model_to_adopt(*text, a.linkage.model_file);
        if (!read) return session.refuse(read.error());
        model = std::move(*read);
    }
    const auto permit = session.office.gate->operator_of_machine(record::Action::append, "adopt", "operation");
    casework::two_persons::Leave leave;
    const auto adopted = casework::adopt(session.office, std::move(profile), std::move(model), permit, &leave);
    if (!adopted) return session.refuse(adopted.error());
    say_leave(session, leave);
    std::ostream& out = session.terminal.out;
    if (a.json) {
        json::array list;
        for (const auto& one : *adopted)
            list.push_back(json::object{{"what", one.what}, {"name", one.name}, {"version", one.version}});
        out << write_json(json::object{{"adopted", std::move(list)}}) << "\n";
        return done;
    }
    for (const auto& one : *adopted) out << fmt::format("{} {}, version {}\n", one.what, one.name, one.version);
    out << (adopted->empty()
                ? "nothing has changed: what is in the content folder is in force\n"
                : "adopted: new cases follow it once the server is started again; open cases keep what they have\n");
    return done;
}

int run_verify(const Session& session) {
    std::optional<std::string> older;
    if (!session.arguments.checkpoint.empty()) {
        auto text = read_text(session.terminal.path(session.arguments.checkpoint));
        if (!text) return session.refuse(text.error());
        older = std::move(*text);
    }
    LateBar bar(session.terminal, "verify");
    record::Verification result;
    auto read = session.store.read([&](store::Snapshot& snapshot) -> Result<void> {
        result = TRY(record::verify(snapshot, session.office.partnership, *session.office.journal,
                                    session.office.signing_key.verifier(session.office.origin), older, std::ref(bar)));
        return {};
    });
    if (!read) return session.refuse(read.error());
    std::ostream& out = session.terminal.out;
    if (session.arguments.json) {
        json::array findings;
        for (const record::Finding& f : result.findings) {
            findings.push_back(json::object{{"what", f.what}, {"where", f.where}, {"why", f.why}});
        }
        out << write_json(json::object{{"sound", result.sound()},
                                       {"entries", result.entries},
                                       {"indexed", result.indexed},
                                       {"queued", result.queued},
                                       {"root", to_hex(result.root)},
                                       {"findings", std::move(findings)}})
            << "\n";
    } else {
        out << fmt::format("{} entries; {} in the log, {} queued; root {}\n", result.entries, result.indexed,
                           result.queued, to_hex(result.root));
        for (const record::Finding& f : result.findings) out << fmt::format("{}: {}: {}\n", f.what, f.where, f.why);
        out << (result.sound() ? "the record agrees with its proofs\n" : "the record does NOT agree with its proofs\n");
    }
    return result.sound() ? done : fault_found;
}

int run_backup(const Session& session) {
    auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    asker->route = "backup";
    const auto leave = casework::two_persons::leave_to_back_up(session.office, *asker);
    if (!leave) return session.refuse(leave.error());
    say_leave(session, *leave);
    LateBar bar(session.terminal, "backup");
    const std::string file = session.terminal.path(session.arguments.out_file);
    auto saved = session.store.backup(file, std::ref(bar));
    if (!saved) return session.refuse(saved.error());
    if (session.arguments.json) {
        session.terminal.out << write_json(json::object{{"file", file}}) << "\n";
    } else {
        session.terminal.out << "a consistent copy stands at " << file << "\n";
    }
    return done;
}

int run_restore(const World&, const Arguments& a, Terminal& terminal) {
    auto address = store::parse_address(a.db);
    if (!address) return report(terminal.err, address.error());
    LateBar bar(terminal, "restore");
    auto restored = store::restore(terminal.path(a.out_file), *address, std::ref(bar));
    if (!restored) return report(terminal.err, restored.error());
    if (a.json) {
        terminal.out << write_json(json::object{{"store", address->shown()}}) << "\n";
    } else {
        terminal.out << "restored into " << address->shown() << "; now run: waymark verify --db " << address->shown()
                     << "\n";
    }
    return done;
}

int run_rebuild(const Session& session) {
    LateBar bar(session.terminal, "rebuild");
    const auto older = session.has_older_tokens();
    if (!older) return session.refuse(older.error());
    auto rebuilt = casework::rebuild(session.office, std::ref(bar));
    if (!rebuilt) return session.refuse(rebuilt.error());
    session.terminal.out << "the indexes were made again from the entries\n";
    if (*older) session.terminal.out << "what children are found by was of an older program, and is of this one now\n";
    return done;
}

int run_settle(const Session& session) {
    const casework::Office& office = session.office;
    const jobs::Charge charge{session.store, office.partnership, office.origin, office.signing_key,
                              session.world.clock};
    const std::string& file = session.arguments.checkpoint;
    auto status = jobs::settle(charge, file.empty() ? std::string{} : session.terminal.path(file));
    if (!status) return session.refuse(status.error());
    session.terminal.out << fmt::format("{} entries in the log, {} queued\n", status->log_size, status->queued);
    return done;
}

}  // namespace waymark::cli
