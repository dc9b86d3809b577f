// keys status, seal, rotate, destroy.
#include <fmt/format.h>

#include <filesystem>

#include "casework/keys.hpp"
#include "cli/late_bar.hpp"
#include "cli/roots.hpp"

namespace waymark::cli {
namespace {

namespace fs = std::filesystem;

int tell_status(const Session& session, const casework::KeyStatus& status) {
    std::ostream& out = session.terminal.out;
    if (session.arguments.json) {
        json::array generations;
        for (const auto& one : status.generations) {
            json::object of{{"generation", one.generation.number},
                            {"made", to_string(one.generation.made)},
                            {"active", one.active},
                            {"kept", one.kept}};
            if (one.generation.former_since) of["former_since"] = to_string(*one.generation.former_since);
            generations.push_back(std::move(of));
        }
        out << write_json(json::object{{"sealed", status.sealed},
                                       {"root", status.root},
                                       {"root_id", status.root_id},
                                       {"unfinished", status.unfinished},
                                       {"plain", status.plain},
                                       {"generations", std::move(generations)}})
            << "\n";
        return done;
    }
    if (!status.sealed) {
        out << fmt::format("the record is NOT sealed: {} pieces are kept plain. Seal it with: waymark keys seal\n",
                           status.plain);
        return done;
    }
    out << fmt::format("root: {}, id {}\n", status.root, status.root_id);
    for (const auto& one : status.generations) {
        out << fmt::format("partnership key {}: made {}, {}, {} pieces under it\n", one.generation.number,
                           to_string(one.generation.made),
                           one.active                    ? std::string("in use")
                           : one.generation.former_since ? "former since " + to_string(*one.generation.former_since)
                                                         : std::string("of another process"),
                           one.kept);
    }
    if (status.plain > 0) out << fmt::format("{} pieces are kept plain\n", status.plain);
    if (status.unfinished) out << "a rotation was cut short: run it again and it goes on\n";
    return done;
}

int tell_renewed(const Session& session, const Result<casework::Renewed>& renewed, const casework::Leave& leave) {
    if (!renewed) return session.refuse(renewed.error());
    say_leave(session, leave);
    std::ostream& out = session.terminal.out;
    if (session.arguments.json) {
        out << write_json(json::object{
                   {"looked_at", renewed->looked_at}, {"renewed", renewed->renewed}, {"resumed", renewed->resumed}})
            << "\n";
        return done;
    }
    if (renewed->resumed) out << "what had been cut short was finished\n";
    out << fmt::format("{} of {} rows were sealed anew\n", renewed->renewed, renewed->looked_at);
    return done;
}

// The usual key file gives way to the one beside it that was made for the rotation; the former one keeps a name by
// which it is found for older back-ups. Each step may be the last: the store opens with any of the three names.
Result<void> put_in_place(const std::string& usual, const std::string& fresh, const std::string& former_id) {
    std::error_code wrong;
    if (fs::exists(usual, wrong)) {
        auto former = fs::path(usual);
        former.replace_extension();
        fs::rename(usual, fmt::format("{}.{}.key", former.string(), former_id), wrong);
    }
    if (!wrong) fs::rename(fresh, usual, wrong);
    if (wrong) {
        return fault(FaultKind::unavailable, usual,
                     fmt::format("The new key file is {}, and could not be renamed: {}.", fresh, wrong.message()),
                     "Rename it, or name it with --key-file.");
    }
    return {};
}

std::string held_id(const casework::Office& office) {
    const std::scoped_lock lock(office.unlocked->mutex);
    return std::string(string_or(office.unlocked->header, "id", ""));
}

// Without a name: the usual key file gets a new key.
Result<std::string> rotate_usual_root(const Session& session, casework::Leave& leave) {
    const auto usual = session.arguments.root.key_file.empty()
                           ? (session.world.roots.key_file.empty() ? default_key_file(session.address, session.terminal)
                                                                   : session.world.roots.key_file)
                           : session.terminal.path(session.arguments.root.key_file);
    const auto fresh = usual + ".new";
    std::error_code ignored;
    if (!fs::exists(fresh, ignored)) TRY_VOID(record::make_key_file(fresh, session.world.random));
    const auto root = record::file_root(fresh);
    const auto former_id = held_id(session.office);
    SystemRandom random;
    if (TRY(root->make(random)).header.at("id") != json::value(former_id)) {
        TRY_VOID(casework::rotate_root(session.office, *root, &leave));
        TRY_VOID(put_in_place(usual, fresh, former_id));
    } else {
        TRY_VOID(put_in_place(usual, fresh, "former"));
    }
    return "the key file " + usual;
}

Result<std::string> rotate_root(const Session& session, casework::Leave& leave) {
    if (!session.office.seal->ring())
        return fault(FaultKind::conflict, "keys", "The partnership's record is not sealed yet.",
                     "Seal it with `waymark keys seal`.");
    if (session.arguments.new_root.none()) return rotate_usual_root(session, leave);
    const auto root = TRY(named_root(session.arguments.new_root, session.world, session.terminal, true));
    TRY_VOID(casework::rotate_root(session.office, *root, &leave));
    return root->shown();
}

}  // namespace

int run_keys(const Session& session) {
    LateBar bar(session.terminal, "keys");
    casework::Leave leave;
    const auto rotated = [&](const Result<casework::Renewed>& renewed) {
        return tell_renewed(session, renewed, leave);
    };
    switch (session.arguments.command) {
        case Command::keys_status: {
            const auto status = casework::key_status(session.office, std::ref(bar));
            return status ? tell_status(session, *status) : session.refuse(status.error());
        }
        case Command::keys_seal: {
            const auto root = root_to_found(session.world, session.arguments, session.address, session.terminal);
            if (!root) return report_failure(session.terminal.err, root.error());
            const auto sealed = casework::seal_partnership(session.office, **root, std::ref(bar), &leave);
            const auto code = tell_renewed(session, sealed, leave);
            if (code == done && !session.arguments.json) say_keep_the_key(**root, session.terminal.out);
            return code;
        }
        case Command::keys_rotate_partnership:
            return rotated(casework::rotate_partnership(session.office, std::ref(bar), &leave));
        case Command::keys_rotate_records:
            return rotated(casework::rotate_records(session.office, std::ref(bar), &leave));
        case Command::keys_rotate_root: {
            const auto root = rotate_root(session, leave);
            if (!root) return session.refuse(root.error());
            say_leave(session, leave);
            if (session.arguments.json) {
                session.terminal.out << write_json(json::object{{"root", *root}}) << "\n";
            } else {
                session.terminal.out << "the store is now sealed under " << *root
                                     << ". Back-ups made before need the former one\n";
            }
            return done;
        }
        case Command::keys_destroy: {
            const auto destroyed = casework::destroy_former(session.office, std::chrono::hours(session.arguments.hours),
                                                            std::ref(bar), &leave);
            if (!destroyed) return session.refuse(destroyed.error());
            say_leave(session, leave);
            if (session.arguments.json) {
                session.terminal.out << write_json(json::object{{"destroyed", *destroyed}}) << "\n";
            } else {
                session.terminal.out << fmt::format("{} former keys were destroyed\n", *destroyed);
            }
            return done;
        }
        default:
            return wrong_usage;
    }
}

}  // namespace waymark::cli
