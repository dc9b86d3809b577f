// From arguments to an exit code: open the store or hand the command to whoever holds it.
#include <unistd.h>

#include <filesystem>

#include "cli/local_socket.hpp"
#include "cli/roots.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

// Searches still answer, but find fewer of the children whose names are written otherwise.
void say_older_tokens(const Session& session) {
    if (session.has_older_tokens().value_or(false))
        session.terminal.err
            << "waymark: what children are found by was made by an older program: run `waymark rebuild`, "
               "so that a search misses fewer\n";
}

int run_with_store(const World& world, const Arguments& arguments, const store::Address& address, Terminal& terminal) {
    auto store = store::open(address, store::Opening::existing);
    if (!store) return report_failure(terminal.err, store.error());
    const auto root = root_to_open(world, arguments, address, terminal);
    if (!root) return report_failure(terminal.err, root.error());
    auto office = casework::open_office(**store, world.content_dir, arguments.partnership, world.clock, world.random,
                                        root->get());
    if (!office) return report_failure(terminal.err, office.error());
    const Session session{world, arguments, terminal, **store, **office, address};
    if (arguments.command != Command::rebuild) say_older_tokens(session);
    return run_in_session(session).value_or(wrong_usage);
}

}  // namespace

std::optional<int> run_in_session(const Session& session) {
    switch (session.arguments.command) {
        case Command::import:
            return run_import(session);
        case Command::export_:
            return run_export(session);
        case Command::people_search:
            return run_people_search(session);
        case Command::people_part:
            return run_people_part(session);
        case Command::people_parted:
            return run_people_parted(session);
        case Command::people_assign:
            return run_people_assign(session);
        case Command::restrict:
            return run_restrict(session);
        case Command::chronology:
            return run_chronology(session);
        case Command::looked:
            return run_looked(session);
        case Command::alerts:
            return run_alerts(session);
        case Command::standing:
            return run_standing(session);
        case Command::meetings:
            return run_meetings(session);
        case Command::checks:
            return run_checks(session);
        case Command::adopt:
            return run_adopt(session);
        case Command::procedure_replay:
            return run_procedure_replay(session);
        case Command::verify:
            return run_verify(session);
        case Command::backup:
            return run_backup(session);
        case Command::accounts_add:
        case Command::accounts_reset:
        case Command::accounts_close:
        case Command::accounts_open:
        case Command::accounts_list:
            return run_accounts(session);
        case Command::rebuild:
            return run_rebuild(session);
        case Command::settle:
            return run_settle(session);
        case Command::keys_status:
        case Command::keys_seal:
        case Command::keys_rotate_root:
        case Command::keys_rotate_partnership:
        case Command::keys_rotate_records:
        case Command::keys_destroy:
            return run_keys(session);
        default:
            return std::nullopt;
    }
}

int run_command(const World& world, const Arguments& arguments, const std::vector<std::string>& words,
                Terminal& terminal) {
    switch (arguments.command) {
        case Command::procedure_check:
            return run_procedure_check(world, arguments, terminal);
        case Command::procedure_explain:
            return run_procedure_explain(world, arguments, terminal);
        case Command::census:
            return run_census(world, arguments, terminal);
        case Command::people_dedupe:
        case Command::people_link:
            return run_people_linkage(world, arguments, words, terminal);
        case Command::people_explain:
            return run_people_explain(world, arguments, terminal);
        case Command::people_search_file:
            return run_people_search_file(world, arguments, terminal);
        default:
            break;
    }
    auto address = store::parse_address(arguments.db);
    if (!address) return report(terminal.err, address.error());
    if (arguments.command == Command::init) return run_init(world, arguments, terminal);
    if (arguments.command == Command::restore) return run_restore(world, arguments, terminal);

    auto secret = ask_for_secret(arguments, terminal);
    if (!secret) return report(terminal.err, secret.error());
    terminal.secret = std::move(*secret);
    if (store::is_held(*address)) {
        const Call there{words, std::filesystem::current_path().string(), terminal.progress, terminal.secret};
        if (auto code = call(socket_path(address->path_or_url), there, terminal.out, terminal.err)) return *code;
        terminal.err << "waymark: another process holds " << address->shown()
                     << " and does not answer on its local socket. Stop that process, or wait for it to end\n";
        return failed;
    }
    return run_with_store(world, arguments, *address, terminal);
}

}  // namespace waymark::cli
