// accounts: make, begin anew, close and list sign-ins, and ask for a password where nobody looks over a shoulder.
#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "accounts/local.hpp"
#include "casework/two_persons.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

constexpr std::size_t most_secret = 4'096;

Result<std::string> read_line_from(int file) {
    std::string line;
    char c = 0;
    while (line.size() < most_secret) {
        const auto got = ::read(file, &c, 1);
        if (got < 0) return invalid("--password-fd", "the file descriptor cannot be read");
        if (got == 0 || c == '\n') return line;
        line += c;
    }
    return invalid("password", "it is far too long");
}

// A terminal that does not show what is typed, for as long as this lives.
class Quiet {
public:
    explicit Quiet(int file) : file_(file) {
        ::tcgetattr(file_, &before_);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(file_, TCSAFLUSH, &quiet);
    }
    ~Quiet() { ::tcsetattr(file_, TCSAFLUSH, &before_); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    int file_;
    termios before_{};
};

Result<std::string> ask_terminal(Terminal& terminal) {
    const int tty = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty < 0) {
        return invalid("password", "there is no terminal to ask for it on",
                       "use --starting-code, or --password-fd N with the password on that file descriptor");
    }
    const Quiet quiet(tty);
    terminal.err << "Password: " << std::flush;
    auto first = read_line_from(tty);
    terminal.err << "\nOnce more: " << std::flush;
    auto second = read_line_from(tty);
    terminal.err << "\n";
    ::close(tty);
    if (!first) return first;
    if (!second || *first != *second) return invalid("password", "the two are not the same", "type it again");
    return first;
}

int print_enrolment(const Session& session, const accounts::Enrolment& made) {
    std::ostream& out = session.terminal.out;
    const std::string& who = session.arguments.account.practitioner;
    if (session.arguments.json) {
        json::array codes;
        for (const auto& code : made.recovery) codes.emplace_back(code);
        out << write_json(json::object{{"practitioner", who},
                                       {"secret", made.secret},
                                       {"otpauth", made.otpauth},
                                       {"recovery", std::move(codes)}})
            << "\n";
        return done;
    }
    out << fmt::format("{} may sign in. What follows is shown once.\n\n", who)
        << "For an authenticator app, the key:\n  " << made.secret << "\nor the same as an address:\n  " << made.otpauth
        << "\n\nRecovery codes, each good once:\n";
    for (const auto& code : made.recovery) out << "  " << code << "\n";
    return done;
}

int print_starting_code(const Session& session, const std::string& code) {
    std::ostream& out = session.terminal.out;
    const std::string& who = session.arguments.account.practitioner;
    if (session.arguments.json) {
        out << write_json(json::object{{"practitioner", who}, {"starting_code", code}}) << "\n";
    } else {
        out << fmt::format(
            "{} may begin with this code instead of a password, once, within {}:\n\n  {}\n\n"
            "Give it to them in person or by telephone. They choose a password and set up their app.\n",
            who, session.arguments.command == Command::accounts_reset ? "an hour" : "seven days", code);
    }
    return done;
}

// Whoever has signed in before, or may agree to what the operator does, is let in (again) by two people alone, and then
// by a code: nobody but its person chooses a password in an account that two people have opened.
accounts::Allow by_two(const Session& session, bool always, bool by_code, casework::two_persons::Leave& leave) {
    return [&session, always, by_code, &leave](store::Transaction& tx) -> Result<std::optional<Fault>> {
        namespace two = casework::two_persons;
        const auto& office = session.office;
        const auto& who = session.arguments.account.practitioner;
        if (!always && !two::is_let_in_by_two(office, tx, who)) return std::optional<Fault>{};
        if (!by_code && TRY(two::needed(office, tx))) {
            return invalid("--starting-code", "an account is begun anew by its person, with a code",
                           "add --starting-code");
        }
        const auto permit =
            office.gate->operator_of_machine(record::Action::administer, "accounts let in", "operation");
        leave = TRY(two::leave_of_operator(office, tx, permit, two::to_let_in(who)));
        return leave.given() ? std::optional<Fault>{} : std::optional(two::waits_for_second_person(leave));
    };
}

int make(const Session& session, const accounts::House& house, accounts::Making making, const std::string& by) {
    const auto& a = session.arguments.account;
    casework::two_persons::Leave leave;
    const auto allow = by_two(session, making == accounts::Making::reset, a.starting_code, leave);
    if (a.starting_code) {
        const auto code = accounts::make_starting_code(house, making, a.practitioner, by, allow);
        if (!code) return session.refuse(code.error());
        say_leave(session, leave);
        return print_starting_code(session, *code);
    }
    const auto made = accounts::make_account(house, making, a.practitioner, session.terminal.secret, by, allow);
    if (made) say_leave(session, leave);
    return made ? print_enrolment(session, *made) : session.refuse(made.error());
}

int close(const Session& session, const accounts::House& house, const std::string& by) {
    const std::string& who = session.arguments.account.practitioner;
    if (auto closed = accounts::close_access(house, who, by, "local"); !closed) return session.refuse(closed.error());
    if (auto removed = accounts::remove_account(house, who, by); !removed && removed.error().kind != FaultKind::missing)
        return session.refuse(removed.error());
    if (session.arguments.json)
        session.terminal.out << write_json(json::object{{"closed", who}}) << "\n";
    else
        session.terminal.out << who << " has no access any more; their sessions are ended\n";
    return done;
}

int open(const Session& session, const accounts::House& house, const std::string& by) {
    const std::string& who = session.arguments.account.practitioner;
    casework::two_persons::Leave leave;
    if (auto opened = accounts::reopen_access(house, who, by, "local", by_two(session, true, true, leave)); !opened)
        return session.refuse(opened.error());
    say_leave(session, leave);
    if (session.arguments.json)
        session.terminal.out << write_json(json::object{{"opened", who}}) << "\n";
    else
        session.terminal.out << who << " may sign in again, with an account or an identity provider\n";
    return done;
}

int list(const Session& session, const accounts::House& house) {
    const auto lines = accounts::accounts_of(house);
    if (!lines) return session.refuse(lines.error());
    const auto colleagues = accounts::colleagues(house);
    if (!colleagues) return session.refuse(colleagues.error());
    const auto is_closed = [&](const std::string& key) {
        for (const auto& one : *colleagues) {
            if (one.practitioner->key == key) return one.closed.has_value();
        }
        return true;  // works here no longer
    };
    std::ostream& out = session.terminal.out;
    for (const auto& line : *lines) {
        const bool closed = is_closed(line.practitioner);
        if (session.arguments.json) {
            out << write_json(json::object{{"practitioner", line.practitioner},
                                           {"changed", to_string(line.changed)},
                                           {"waiting", line.waiting},
                                           {"closed", closed},
                                           {"recovery_left", line.recovery_left}})
                << "\n";
        } else {
            out << fmt::format("{:<16} {:<28} {}\n", line.practitioner, line.name,
                               closed         ? "closed"
                               : line.waiting ? "has not begun yet"
                                              : fmt::format("{} recovery codes left", line.recovery_left));
        }
    }
    if (!session.arguments.json && lines->empty()) out << "nobody has an account\n";
    return done;
}

}  // namespace

Result<std::string> ask_for_secret(const Arguments& a, Terminal& terminal) {
    if (a.command != Command::accounts_add && a.command != Command::accounts_reset) return std::string{};
    if (a.account.starting_code) return std::string{};
    return a.account.password_fd >= 0 ? read_line_from(a.account.password_fd) : ask_terminal(terminal);
}

int run_accounts(const Session& session) {
    const auto asker = session.asker();
    if (!asker) return session.refuse(asker.error());
    if (session.arguments.as && asker->role != "system-admin") {
        return session.refuse({FaultKind::forbidden, "--as", "Only a system administrator may do this.",
                               "Leave --as out to do it as the operator of the machine."});
    }
    const auto& office = session.office;
    const auto keys = accounts::Keys::open(session.store, office.partnership, *office.seal, session.world.random);
    if (!keys) return session.refuse(keys.error());
    const accounts::House house{session.store,        office.partnership, office.profile, session.world.clock,
                                session.world.random, *office.auditor,    *keys,          office.demonstration};
    const std::string& by = asker->practitioner;
    switch (session.arguments.command) {
        case Command::accounts_add:
            return make(session, house, accounts::Making::add, by);
        case Command::accounts_reset:
            return make(session, house, accounts::Making::reset, by);
        case Command::accounts_close:
            return close(session, house, by);
        case Command::accounts_open:
            return open(session, house, by);
        default:
            return list(session, house);
    }
}

}  // namespace waymark::cli
