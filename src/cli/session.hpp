#pragma once
// What a command works with: an open store, the partnership's office, and where to print.
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "base/system.hpp"
#include "casework/casework.hpp"
#include "casework/two_persons.hpp"
#include "cli/arguments.hpp"
#include "store/store.hpp"

namespace waymark::cli {

// Where results and messages go. Results to `out`; progress and messages to `err`.
struct Terminal {
    std::ostream& out;
    std::ostream& err;
    bool progress = false;       // whether to draw progress bars
    std::string directory = {};  // file names are meant from here; empty: the process's own
    std::string secret = {};     // a password that was asked for before the command ran; never shown
    [[nodiscard]] std::string path(const std::string& file) const;
};

enum ExitCode : int { done = 0, fault_found = 1, wrong_usage = 2, failed = 3 };

// Things that only the composition root knows.
struct World {
    const Clock& clock;
    Random& random;
    std::string content_dir;
    RootNames roots{};  // from the environment: WAYMARK_KEY_FILE, WAYMARK_PASSPHRASE_FILE, WAYMARK_KEY_TOKEN
};

// Who looks, as of when, and on how many threads.
struct Look {
    record::Asker asker;
    Instant as_of;
    unsigned threads = 1;
};

struct Session {
    const World& world;
    const Arguments& arguments;
    Terminal& terminal;
    store::Store& store;
    casework::Office& office;
    store::Address address{};  // of the store

    // Who asks and why, as --as and --purpose say; the operator of the machine by default.
    [[nodiscard]] Result<record::Asker> asker() const;
    // The same for a command that looks over the cases on this route, as of --as-of.
    [[nodiscard]] Result<Look> look(std::string_view route) const;
    // Whether what children are found by was made by an older program.
    [[nodiscard]] Result<bool> has_older_tokens() const;
    // Prints "waymark: place: reason. mend" to standard error and gives the exit code for its kind.
    int refuse(const Fault&) const;
};

// Who agreed to an act of the operator, or that nobody was asked: to standard error.
void say_leave(const Session&, const casework::two_persons::Leave&);

int report(std::ostream& err, const Fault&);
// The same where a store cannot be opened: always a store or system failure.
int report_failure(std::ostream& err, const Fault&);
// A person or one record of theirs: by id, or by agency/source/id of one of their identities.
Result<ViewId> find_view(const Session&, const std::string& text);
// A whole file; the fault names it.
Result<std::string> read_text(const std::string& path);
// A date means the end of that local day.
Result<std::optional<Instant>> parse_as_of(const std::string&, const Zone&);

// The password that this command needs, from the terminal or a file descriptor; empty where it needs none.
Result<std::string> ask_for_secret(const Arguments&, Terminal&);

// ---- the commands; each returns an exit code ------------------------------------------------------------------------

int run_import(const Session&);
int run_export(const Session&);
int run_people_search(const Session&);
int run_people_part(const Session&);
int run_people_parted(const Session&);
int run_people_assign(const Session&);
int run_restrict(const Session&);
int run_chronology(const Session&);
int run_looked(const Session&);
int run_alerts(const Session&);
int run_standing(const Session&);
int run_meetings(const Session&);
int run_checks(const Session&);
int run_adopt(const Session&);
int run_procedure_replay(const Session&);
int run_verify(const Session&);
int run_backup(const Session&);
int run_accounts(const Session&);
int run_rebuild(const Session&);
int run_settle(const Session&);
int run_keys(const Session&);
int run_init(const World&, const Arguments&, Terminal&);
int run_restore(const World&, const Arguments&, Terminal&);
int run_procedure_check(const World&, const Arguments&, Terminal&);
int run_procedure_explain(const World&, const Arguments&, Terminal&);
int run_census(const World&, const Arguments&, Terminal&);
int run_people_linkage(const World&, const Arguments&, const std::vector<std::string>& words, Terminal&);
int run_people_explain(const World&, const Arguments&, Terminal&);
int run_people_search_file(const World&, const Arguments&, Terminal&);

// A command that works on an open store; nullopt where the command is not of that sort.
std::optional<int> run_in_session(const Session&);
// The whole of a command: opens the store, or hands the command to the process that holds it, and runs it.
// `serve` and `demo` are the composition root's.
int run_command(const World&, const Arguments&, const std::vector<std::string>& words, Terminal&);

}  // namespace waymark::cli
