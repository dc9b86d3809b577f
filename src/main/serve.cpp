// Serving, as a list of steps: open the store, say its mode, open the office, answer other commands on the local
// socket, answer people on the port, wait for the signal, and go down in the opposite order.
#include "main/serve.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <iostream>

#include "base/log.hpp"
#include "casework/meetings.hpp"
#include "cli/demo.hpp"
#include "cli/local_socket.hpp"
#include "jobs/jobs.hpp"
#include "web/app.hpp"

namespace waymark {
namespace {

// SIGINT and SIGTERM are blocked before any thread starts, so that they arrive here and nowhere else.
class StopSignal {
public:
    StopSignal() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        signal(SIGPIPE, SIG_IGN);
    }
    void wait() const {
        int which = 0;
        sigwait(&set_, &which);
    }

private:
    sigset_t set_{};
};

bool is_loopback(const std::string& address) {
    return address == "::1" || address.starts_with("127.");
}

std::string checkpoint_file(const cli::Arguments& arguments, const store::Address& address) {
    if (!arguments.checkpoint.empty()) return arguments.checkpoint;
    return address.engine == store::Engine::sqlite ? address.path_or_url + "-checkpoint" : std::string{};
}

// Runs a command that came over the local socket on the store that this process holds.
int answer_call(const cli::World& world, store::Store& store, casework::Office& office, const cli::Call& call,
                std::ostream& out, std::ostream& err) {
    const cli::Parsed parsed = cli::parse_arguments(call.words, nullptr);
    if (parsed.exit_code) {
        out << parsed.text;
        return *parsed.exit_code;
    }
    cli::Terminal terminal{out, err, call.terminal, call.directory};
    const cli::Session session{world, parsed.arguments, terminal, store, office};
    if (auto code = cli::run_in_session(session)) return *code;
    err << "waymark: this store is being served: stop the server first\n";
    return cli::failed;
}

void print_sign_in_names(const content::Profile& profile, std::ostream& out) {
    out << "Sign in as one of these (no password: this is a demonstration)\n";
    for (const content::Practitioner& p : profile.practitioners) {
        const content::Agency* agency = profile.agency(p.agency);
        out << fmt::format("  {:<14} {:<24} {:<26} {}\n", p.key, p.name, content::role_label(p.role),
                           agency == nullptr ? "" : agency->name);
    }
}

int serve_store(const cli::World& world, const Places& places, const cli::Arguments& arguments, cli::Terminal& terminal,
                const store::Address& address, store::Store& store, const StopSignal& stop) {
    auto office = casework::open_office(store, world.content_dir, arguments.partnership, world.clock, world.random);
    if (!office) return cli::report(terminal.err, office.error());
    auto listen = web::parse_listen(arguments.listen);
    if (!listen) return cli::report(terminal.err, listen.error());
    const bool by_name = (*office)->demonstration || is_loopback(listen->first);
    if (!by_name) {
        return cli::report(
            terminal.err,
            Fault{FaultKind::invalid, "--listen",
                  "sign-in is a choice of names, so a real partnership is served on the loopback address only",
                  "use --listen 127.0.0.1:8080"});
    }

    std::unique_ptr<cli::LocalServer> local;
    if (address.engine == store::Engine::sqlite) {
        auto started = cli::LocalServer::start(cli::socket_path(address.path_or_url),
                                               [&](const cli::Call& call, std::ostream& out, std::ostream& err) {
                                                   return answer_call(world, store, **office, call, out, err);
                                               });
        if (!started) return cli::report(terminal.err, started.error());
        local = std::move(*started);
    }

    Log log(terminal.err, world.clock);
    const jobs::Charge charge{store, (*office)->partnership, (*office)->origin, (*office)->signing_key, world.clock};
    jobs::Caretaker caretaker(charge, checkpoint_file(arguments, address), log);
    web::AppOptions app_options;
    app_options.assets_dir = places.assets_dir;
    app_options.names_may_sign_in = by_name;
    auto app = web::App::make(**office, app_options, log, [&caretaker] { return caretaker.status(); });
    if (!app) return cli::report(terminal.err, app.error());

    web::ServerOptions options;
    options.address = listen->first;
    options.port = listen->second;
    auto server = web::Server::start(options, [&app](const web::Request& request) { return (*app)->handle(request); });
    if (!server) return cli::report(terminal.err, server.error());

    if (const auto kept = casework::gatherings_are_kept(**office); kept && !*kept) {
        terminal.err
            << "store: an earlier version wrote it, so that the list of who has never met folds every case each "
               "time it is asked for, until this has run once: waymark rebuild\n";
    }
    for (const std::string& line : store.mode()) terminal.err << "store: " << line << "\n";
    const std::string host = listen->first.find(':') == std::string::npos ? listen->first : "[" + listen->first + "]";
    if ((*office)->demonstration) print_sign_in_names((*office)->profile, terminal.out);
    terminal.out << fmt::format("Waymark is at http://{}:{}/ (Ctrl-C ends it)\n", host, (*server)->port())
                 << std::flush;
    stop.wait();
    terminal.err << "stopping: what is being answered is answered first\n";
    server->reset();
    return cli::done;
}

bool exists(const store::Address& address) {
    return address.engine == store::Engine::postgresql || std::filesystem::exists(address.path_or_url);
}

void remove_store(const std::string& file) {
    for (const char* end : {"", "-wal", "-shm", "-lock", "-checkpoint"}) std::filesystem::remove(file + end);
}

// Whether the store holds the demonstration already; a fault where it holds a real partnership.
Result<bool> holds_demonstration(store::Store& store) {
    bool found = false;
    bool real = false;
    TRY_VOID(store.read([&](store::Snapshot& snapshot) -> Result<void> {
        for (const store::PartnershipRow& row : snapshot.partnerships()) (row.demonstration ? found : real) = true;
        return {};
    }));
    if (real) {
        return fault(FaultKind::conflict, "--db", "this store holds a partnership that is not a demonstration",
                     "name another file with --db");
    }
    return found;
}

}  // namespace

int serve(const cli::World& world, const Places& places, const cli::Arguments& arguments, cli::Terminal& terminal) {
    const StopSignal stop;
    auto address = store::parse_address(arguments.db);
    if (!address) return cli::report(terminal.err, address.error());
    auto store = store::open(*address, store::Opening::existing);
    if (!store) return cli::report_failure(terminal.err, store.error());
    return serve_store(world, places, arguments, terminal, *address, **store, stop);
}

int demo(const cli::World& world, const Places& places, const cli::Arguments& arguments, cli::Terminal& terminal) {
    const StopSignal stop;
    auto address = store::parse_address(arguments.db == "waymark.db" ? "waymark-demo.db" : arguments.db);
    if (!address) return cli::report(terminal.err, address.error());
    if (arguments.fresh && address->engine == store::Engine::sqlite && !store::is_held(*address))
        remove_store(address->path_or_url);
    // Made under another name and moved when it is whole: a demonstration that was cut short is never served.
    const bool making = address->engine == store::Engine::sqlite && !exists(*address);
    if (making) {
        store::Address part = *address;
        part.path_or_url += ".part";
        remove_store(part.path_or_url);
        {
            auto store = store::open(part, store::Opening::create);
            if (!store) return cli::report_failure(terminal.err, store.error());
            if (auto founded = cli::found_demonstration(world, **store); !founded)
                return cli::report(terminal.err, founded.error());
            auto office = casework::open_office(**store, world.content_dir, std::nullopt, world.clock, world.random);
            if (!office) return cli::report(terminal.err, office.error());
            if (auto made = cli::make_demonstration(world, **store, **office, terminal); !made)
                return cli::report(terminal.err, made.error());
            const jobs::Charge charge{**store, (*office)->partnership, (*office)->origin, (*office)->signing_key,
                                      world.clock};
            if (auto settled = jobs::settle(charge, {}); !settled) return cli::report(terminal.err, settled.error());
        }
        std::filesystem::rename(part.path_or_url, address->path_or_url);
        remove_store(part.path_or_url);
    }
    auto store = store::open(*address, store::Opening::create);
    if (!store) return cli::report_failure(terminal.err, store.error());
    auto holds = holds_demonstration(**store);
    if (!holds) return cli::report(terminal.err, holds.error());
    if (!*holds) {
        if (auto founded = cli::found_demonstration(world, **store); !founded)
            return cli::report(terminal.err, founded.error());
        auto office = casework::open_office(**store, world.content_dir, std::nullopt, world.clock, world.random);
        if (!office) return cli::report(terminal.err, office.error());
        if (auto made = cli::make_demonstration(world, **store, **office, terminal); !made)
            return cli::report(terminal.err, made.error());
    }
    if (arguments.no_serve) {
        terminal.out << "the demonstration stands at " << address->shown() << "\n";
        return cli::done;
    }
    return serve_store(world, places, arguments, terminal, *address, **store, stop);
}

}  // namespace waymark
