// Serving, as a list of steps: open the store, say its mode, open the office, answer other commands on the local
// socket, answer people on the port, wait for the signal, and go down in the opposite order.
#include "main/serve.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "casework/keys.hpp"
#include "casework/meetings.hpp"
#include "casework/spool.hpp"
#include "cli/demo.hpp"
#include "cli/local_socket.hpp"
#include "cli/roots.hpp"
#include "jobs/jobs.hpp"
#include "web/app.hpp"
#include "web/fetch.hpp"

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

// Other servers of a shared store may rotate its keys: what they make is known here soon after, before it is met.
class KeyWatch {
public:
    explicit KeyWatch(const casework::Office& office) : thread_([this, &office] { watch(office); }) {}
    ~KeyWatch() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    KeyWatch(const KeyWatch&) = delete;
    KeyWatch& operator=(const KeyWatch&) = delete;

private:
    void watch(const casework::Office& office) {
        constexpr auto between = std::chrono::seconds(2);
        std::unique_lock lock(mutex_);
        while (!wake_.wait_for(lock, between, [this] { return stopping_; })) {
            lock.unlock();
            (void)casework::refresh_keys(office);  // what fails now is tried again
            lock.lock();
        }
    }
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

bool is_loopback(const std::string& address) {
    return address == "::1" || address.starts_with("127.");
}

std::string checkpoint_file(const cli::Arguments& arguments, const store::Address& address) {
    if (!arguments.checkpoint.empty()) return arguments.checkpoint;
    return address.engine == store::Engine::sqlite ? address.path_or_url + "-checkpoint" : std::string{};
}

// Beside the store; where the store is a server's, in the folder in which this one runs.
std::string spool_file(const cli::Arguments& arguments, const store::Address& address, std::string_view partnership) {
    if (!arguments.spool.empty()) return arguments.spool;
    return address.engine == store::Engine::sqlite ? address.path_or_url + "-spool"
                                                   : fmt::format("waymark-{}-spool", partnership);
}

jobs::Charge::Spooled merge_spool(const casework::Office& office) {
    auto& spool = *office.spool;
    jobs::Charge::Spooled now;
    if (spool.waiting() > 0) {
        const auto merged = spool.merge(office);
        if (!merged.faults.empty()) now.fault = merged.faults.front().place;
    }
    now.waiting = spool.waiting();
    now.damaged = spool.damaged();
    return now;
}

// Runs a command that came over the local socket on the store that this process holds.
int answer_call(const cli::World& world, store::Store& store, casework::Office& office, const store::Address& address,
                const cli::Call& call, std::ostream& out, std::ostream& err) {
    const cli::Parsed parsed = cli::parse_arguments(call.words, nullptr);
    if (parsed.exit_code) {
        out << parsed.text;
        return *parsed.exit_code;
    }
    cli::Terminal terminal{out, err, call.terminal, call.directory, call.secret};
    const cli::Session session{world, parsed.arguments, terminal, store, office, address};
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

// Files are meant from where the settings lie.
Result<accounts::SignInSettings> sign_in_settings(const cli::Arguments& arguments, const content::Profile& profile) {
    if (arguments.sign_in.empty()) return accounts::SignInSettings{};
    const std::filesystem::path folder = std::filesystem::path(arguments.sign_in).parent_path();
    accounts::SecretSource source;
    source.file = [folder](const std::string& file) { return cli::read_text((folder / file).string()); };
    source.environment = [](const std::string& variable) -> std::optional<std::string> {
        const char* value = std::getenv(variable.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
    const std::string text = TRY(cli::read_text(arguments.sign_in));
    auto settings = TRY(accounts::parse_sign_in_settings(text, arguments.sign_in, source));
    TRY_VOID(accounts::check_against(settings, profile, arguments.sign_in));
    for (auto& issuer : settings.issuers) {
        if (!issuer.ca_file.empty()) issuer.ca_file = (folder / issuer.ca_file).string();
    }
    if (!settings.issuers.empty() && settings.public_url.empty()) {
        return invalid(arguments.sign_in, "there are identity providers and no public_url",
                       "write the https address to which they send people back");
    }
    return settings;
}

void apply(const accounts::SignInSettings& settings, web::AppOptions& options) {
    options.secure_cookies = !settings.public_url.empty();
    options.proxies = settings.proxies;
    options.accounts_may_sign_in = settings.accounts;
    options.to_administer = settings.to_administer;
    if (!settings.issuers.empty())
        options.providers = std::make_shared<const accounts::Providers>(settings, web::https_fetch());
}

int serve_store(const cli::World& world, const Places& places, const cli::Arguments& arguments, cli::Terminal& terminal,
                const store::Address& address, store::Store& store, const StopSignal& stop) {
    const auto root = cli::root_to_open(world, arguments, address, terminal);
    if (!root) return cli::report_failure(terminal.err, root.error());
    auto office =
        casework::open_office(store, world.content_dir, arguments.partnership, world.clock, world.random, root->get());
    if (!office) return cli::report_failure(terminal.err, office.error());
    auto listen = web::parse_listen(arguments.listen);
    if (!listen) return cli::report(terminal.err, listen.error());
    auto settings = sign_in_settings(arguments, (*office)->profile);
    if (!settings) return cli::report(terminal.err, settings.error());
    (*office)->to_break_glass = accounts::to_string(settings->to_break_glass);
    if (!(*office)->demonstration && !is_loopback(listen->first) && settings->public_url.empty()) {
        return cli::report(terminal.err, Fault{FaultKind::invalid, "--listen",
                                               "passwords and sessions would cross the network in the clear",
                                               "use --listen 127.0.0.1:8080, or say with --sign-in FILE at which https "
                                               "address a proxy with TLS serves it"});
    }

    std::unique_ptr<cli::LocalServer> local;
    if (address.engine == store::Engine::sqlite) {
        auto started = cli::LocalServer::start(cli::socket_path(address.path_or_url),
                                               [&](const cli::Call& call, std::ostream& out, std::ostream& err) {
                                                   return answer_call(world, store, **office, address, call, out, err);
                                               });
        if (!started) return cli::report(terminal.err, started.error());
        local = std::move(*started);
    }

    std::optional<KeyWatch> keys;
    if (address.engine == store::Engine::postgresql) keys.emplace(**office);

    Log log(terminal.err, world.clock);
    jobs::Charge charge{store, (*office)->partnership, (*office)->origin, (*office)->signing_key, world.clock};
    if (auto spool = casework::Spool::open(spool_file(arguments, address, (*office)->profile.key), *(*office)->seal,
                                           world.random)) {
        (*office)->spool = std::move(*spool);
        charge.merge_spool = [&office] { return merge_spool(**office); };
        terminal.err << fmt::format("spool: {} concerns wait\n", (*office)->spool->waiting());
    } else {
        // Served all the same: without it a concern waits for the store, and nothing else is the worse for it.
        cli::report(terminal.err, spool.error());
    }
    jobs::Caretaker caretaker(charge, checkpoint_file(arguments, address), log);
    web::AppOptions app_options;
    app_options.assets_dir = places.assets_dir;
    app_options.names_may_sign_in = (*office)->demonstration;
    apply(*settings, app_options);
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
    for (const char* end : {"", "-wal", "-shm", "-lock", "-checkpoint", "-spool"}) std::filesystem::remove(file + end);
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

// An empty partnership of this profile, in which nobody is real: to try Waymark out with one's own agencies.
Result<void> found_trial(const cli::World& world, store::Store& store, const std::string& file,
                         const record::Root* root) {
    const std::string text = TRY(cli::read_text(file));
    return casework::found_partnership(store, world.content_dir, text, file, true, world.clock, world.random, root);
}

// The partnership, and unless a profile was given its children.
Result<void> make_demo(const cli::World& world, const cli::Arguments& arguments, cli::Terminal& terminal,
                       store::Store& store, const record::Root* root) {
    if (!arguments.profile.empty()) return found_trial(world, store, terminal.path(arguments.profile), root);
    TRY_VOID(cli::found_demonstration(world, store, *root));
    const auto office =
        TRY(casework::open_office(store, world.content_dir, std::nullopt, world.clock, world.random, root));
    TRY_VOID(cli::make_demonstration(world, store, *office, terminal));
    const jobs::Charge charge{store, office->partnership, office->origin, office->signing_key, world.clock};
    TRY(jobs::settle(charge, {}));
    return {};
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
    const auto root = cli::root_to_found(world, arguments, *address, terminal);
    if (!root) return cli::report_failure(terminal.err, root.error());
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
            if (auto made = make_demo(world, arguments, terminal, **store, root->get()); !made)
                return cli::report(terminal.err, made.error());
        }
        std::filesystem::rename(part.path_or_url, address->path_or_url);
        remove_store(part.path_or_url);
    }
    auto store = store::open(*address, store::Opening::create);
    if (!store) return cli::report_failure(terminal.err, store.error());
    auto holds = holds_demonstration(**store);
    if (!holds) return cli::report(terminal.err, holds.error());
    if (!*holds) {
        if (auto made = make_demo(world, arguments, terminal, **store, root->get()); !made)
            return cli::report(terminal.err, made.error());
    }
    if (arguments.no_serve) {
        terminal.out << "the demonstration stands at " << address->shown() << "\n";
        return cli::done;
    }
    return serve_store(world, places, arguments, terminal, *address, **store, stop);
}

}  // namespace waymark
