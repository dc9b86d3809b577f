#pragma once
// What was typed, read once and checked: names of section 1 of the outside contract. The only part that knows CLI11.
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waymark::cli {

enum class Command {
    none,
    init,
    adopt,
    demo,
    serve,
    import,
    people_search,
    chronology,
    standing,
    meetings,
    checks,
    export_,
    verify,
    backup,
    restore,
    procedure_check,
    procedure_explain,
    procedure_replay,
    rebuild,
    settle,
    census,
    people_dedupe,
    people_link,
    people_explain,
    people_search_file,
    people_part,
    people_parted,
    people_assign,
    restrict,
    keys_status,
    keys_seal,
    keys_rotate_root,
    keys_rotate_partnership,
    keys_rotate_records,
    keys_destroy,
    looked,
    alerts,
    accounts_add,
    accounts_reset,
    accounts_close,
    accounts_open,
    accounts_list,
};

// people dedupe, link and explain: bare files, no store.
struct LinkageArguments {
    std::string pairs_file;
    std::string clusters_file;
    std::string offered_file;
    std::optional<double> threshold;
    std::optional<double> precision;
    std::string model_file;       // read where it exists, else written
    std::string keep_model_file;  // written
    std::string labels_file;
    std::string report_file;
    std::string weights_file;
    std::string truth_column;
    std::string household_column;
    bool thorough = false;
    bool twins_by_weight = false;
    bool only_named_columns = false;
    bool no_examples = false;
    std::string explained_file;    // explain: of the first record
    std::vector<std::string> ids;  // explain: of two records
    std::string with_file;         // explain: the file of the second
    std::string in_file;           // search: a bare file instead of the store
};

// people part, parted and assign: two records that were one person.
struct PartingArguments {
    std::vector<std::string> pair;
    std::string entry;
    std::string to;
    std::string reason;
};

// restrict: one of level, lift and keep, or none of them.
struct RestrictArguments {
    std::string level;
    std::vector<std::string> named;
    std::string lift;  // a restriction's id
    std::string keep;
    std::string reason;
    std::string review_by;
};

// Where a root key is: at most one is given.
struct RootNames {
    std::string key_file;
    std::string passphrase_file;  // "-": standard input; "fd:N": a file descriptor
    std::string key_token;        // a pkcs11: URI
    [[nodiscard]] bool none() const { return key_file.empty() && passphrase_file.empty() && key_token.empty(); }
};

// accounts: sign-ins that the store itself keeps.
struct AccountArguments {
    std::string practitioner;
    bool starting_code = false;
    int password_fd = -1;  // -1: asked for on the terminal
};

struct Arguments {
    Command command = Command::none;
    std::string db;                 // --db or WAYMARK_DB; default waymark.db
    std::optional<std::string> as;  // --as PRACTITIONER
    RootNames root{};               // --key-file, --passphrase-file, --key-token
    RootNames new_root{};           // keys rotate root
    std::string purpose{};          // --purpose CODE; empty: the usual one of who asks
    std::optional<std::string> partnership;
    bool json = false;
    bool strict = false;
    std::string profile;                    // init
    std::string listen = "127.0.0.1:8080";  // serve, demo
    bool no_serve = false;                  // demo: make it and end
    bool fresh = false;                     // demo: make it anew
    std::string sign_in;                    // serve: settings of sign-in (TOML)
    std::string checkpoint;  // serve: file kept with the newest checkpoint; verify: an older one to hold against
    std::string spool;       // serve: file for concerns that the store cannot take
    std::string format;      // import, export
    std::vector<std::string> files;
    std::string agency;
    std::string source;
    std::vector<std::pair<std::string, std::string>> columns;   // --columns ours=theirs,…
    std::string given, family, dob, postcode, nhs_number, upn;  // people search
    std::size_t limit = 20;
    std::string person;   // chronology
    std::string case_id;  // standing
    bool overdue = false;
    bool never = false;          // meetings
    bool shipped_model = false;  // adopt
    std::string as_of;
    std::string from_day, to_day;      // procedure replay
    bool protected_addresses = false;  // of an export
    std::string basis;                 // of an export
    std::string html_file, csv_file, svg_file, out_file;
    LinkageArguments linkage;
    PartingArguments parting;
    AccountArguments account;
    RestrictArguments restricting;
    unsigned threads = 0;        // 0: as many as the machine has
    unsigned hours = 1;          // keys destroy
    std::uint64_t children = 0;  // census
    std::uint64_t seed = 1;
};

// What to do with what was typed: run it, or print `text` and end with `exit_code` (help, version, wrong usage).
struct Parsed {
    Arguments arguments;
    std::optional<int> exit_code;
    std::string text;
};
Parsed parse_arguments(const std::vector<std::string>& words, const char* db_from_environment);

}  // namespace waymark::cli
