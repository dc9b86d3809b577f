// CLI11 costs seconds to compile, so it is seen by this file alone.
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace waymark::cli {
namespace {

constexpr const char* version_text = "waymark 0.1.0";

void with_example(CLI::App* command, const std::string& example) {
    command->footer("Example:\n  " + example);
}

constexpr const char* agreed_by_two =
    "Once two who may agree (administrators and privacy officers) have signed in, this takes two practitioners: one\n"
    "asks on the page “Waiting for a second person” of the web application and another agrees, or the command puts it\n"
    "there and both agree; then it works once.";

// Options that every command reading or writing a record understands.
void add_common(CLI::App* command, Arguments& a) {
    command->add_option("--db", a.db, "The store: a file, sqlite:FILE or postgresql://… (or WAYMARK_DB)");
    command->add_option("--as", a.as, "Practitioner for whom this is done (default: the operator of the machine)");
    command->add_option("--purpose", a.purpose, "Why: a purpose code, recorded with every read and write");
    command->add_option("--partnership", a.partnership, "Key of the partnership, where the store holds several");
    command->add_flag("--json", a.json, "Machine output: one object, or one object a line");
    auto* file = command->add_option("--key-file", a.root.key_file,
                                     "The root key: a file (or WAYMARK_KEY_FILE; default: STORE.key, or a .key file "
                                     "beside the store)");
    auto* words = command->add_option("--passphrase-file", a.root.passphrase_file,
                                      "The root key: a passphrase in this file, - for standard input, fd:N for a "
                                      "descriptor (or WAYMARK_PASSPHRASE_FILE)");
    auto* token = command->add_option("--key-token", a.root.key_token,
                                      "The root key: a PKCS#11 URI, its PIN in pin-source=file:… (or "
                                      "WAYMARK_KEY_TOKEN)");
    file->excludes(words)->excludes(token);
    words->excludes(token);
}

void columns_option(CLI::App* command, Arguments& a, const char* help) {
    command->add_option_function<std::string>(
        "--columns",
        [&a](const std::string& text) {
            std::size_t begin = 0;
            while (begin <= text.size()) {
                std::size_t end = text.find(',', begin);
                if (end == std::string::npos) end = text.size();
                const std::string pair = text.substr(begin, end - begin);
                const std::size_t equals = pair.find('=');
                if (equals == std::string::npos || equals == 0) {
                    throw CLI::ValidationError("--columns", "write ours=theirs, for instance given_name=Forename");
                }
                a.columns.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
                begin = end + 1;
            }
        },
        help);
}

void declare_store_commands(CLI::App& app, Arguments& a) {
    auto* init = app.add_subcommand("init", "Make an empty store for a partnership");
    add_common(init, a);
    init->add_option("--profile", a.profile, "The partnership's profile (TOML)")->required();
    with_example(init, "waymark init --profile content/profiles/northbay.toml --db northbay.db");
    init->callback([&a] { a.command = Command::init; });

    auto* adopt = app.add_subcommand("adopt",
                                     "Take newer procedures, chapters of the manual, a profile or a model into force, "
                                     "once two practitioners agree on "
                                     "the page “Waiting for a second person”");
    add_common(adopt, a);
    adopt->add_option("--profile", a.profile, "The partnership's new profile (TOML)");
    auto* model =
        adopt->add_option("--model", a.linkage.model_file,
                          "The model that recognises people from now on, as `people dedupe --keep-model` writes it");
    adopt->add_flag("--shipped-model", a.shipped_model, "Go back to the model that comes with the program")
        ->excludes(model);
    adopt->footer(
        "Example:\n"
        "  waymark adopt --profile northbay-2027.toml --db northbay.db\n"
        "  waymark people dedupe register.csv --pairs p.csv --clusters c.csv --keep-model register.model.json\n"
        "  waymark adopt --model register.model.json --db northbay.db");
    adopt->callback([&a] { a.command = Command::adopt; });

    auto* verify = app.add_subcommand("verify", "Hold the whole record against its own proofs");
    add_common(verify, a);
    verify->add_option("--checkpoint", a.checkpoint,
                       "An older checkpoint kept elsewhere, to hold the record against as well");
    with_example(verify, "waymark verify --db northbay.db --checkpoint last-month.note");
    verify->callback([&a] { a.command = Command::verify; });

    auto* backup = app.add_subcommand("backup", "Write a consistent copy, also while serving");
    add_common(backup, a);
    backup->add_option("file", a.out_file, "The file to write")->required();
    backup->footer(
        "Once two who may agree (administrators and privacy officers) have signed in, this takes two practitioners: "
        "they\n"
        "agree on the page “Waiting for a second person” of the web application, and back-ups may then be written for "
        "the\n"
        "days that the access policy says (backup_days).\n"
        "Example:\n  waymark backup /safe/northbay-2026-03-27.db");
    backup->callback([&a] { a.command = Command::backup; });

    auto* restore = app.add_subcommand("restore", "Copy a back-up into a store that holds no record");
    add_common(restore, a);
    restore->add_option("file", a.out_file, "The back-up")->required();
    with_example(restore, "waymark restore /safe/northbay-2026-03-27.db --db new.db");
    restore->callback([&a] { a.command = Command::restore; });

    auto* rebuild = app.add_subcommand("rebuild", "Make the indexes again from the entries");
    add_common(rebuild, a);
    with_example(rebuild, "waymark rebuild --db northbay.db");
    rebuild->callback([&a] { a.command = Command::rebuild; });

    auto* settle = app.add_subcommand("settle", "Index what is queued for the log and sign a checkpoint");
    add_common(settle, a);
    settle->add_option("--checkpoint", a.checkpoint, "Write the checkpoint to this file");
    with_example(settle, "waymark settle --checkpoint northbay.note");
    settle->callback([&a] { a.command = Command::settle; });
}

void declare_keys(CLI::App& app, Arguments& a) {
    auto* keys = app.add_subcommand("keys", "The keys under which the record is sealed");
    keys->require_subcommand(1);
    keys->footer(agreed_by_two);
    const auto takes_two = [](CLI::App* command, const std::string& example) {
        command->footer(std::string(agreed_by_two) + "\nExample:\n  " + example);
    };
    auto* status = keys->add_subcommand("status", "Which keys there are and how much is under each");
    add_common(status, a);
    with_example(status, "waymark keys status --db northbay.db --json");
    status->callback([&a] { a.command = Command::keys_status; });

    auto* seal = keys->add_subcommand("seal", "Seal a record that was kept plain; also while serving");
    add_common(seal, a);
    takes_two(seal, "waymark keys seal --db northbay.db");
    seal->callback([&a] { a.command = Command::keys_seal; });

    auto* destroy = keys->add_subcommand("destroy", "Destroy former keys that nothing is under any more");
    add_common(destroy, a);
    destroy->add_option("--hours", a.hours, "Only keys that have been former for so long")->capture_default_str();
    takes_two(destroy, "waymark keys destroy --db northbay.db --hours 24");
    destroy->callback([&a] { a.command = Command::keys_destroy; });

    auto* rotate = keys->add_subcommand("rotate", "New keys in place of those in use; also while serving");
    rotate->require_subcommand(1);
    auto* root = rotate->add_subcommand("root", "A new root key: a file, a passphrase or a token");
    add_common(root, a);
    auto* file = root->add_option("--new-key-file", a.new_root.key_file, "The new root key: a file, made if missing");
    auto* words = root->add_option("--new-passphrase-file", a.new_root.passphrase_file, "A passphrase in this file");
    auto* token = root->add_option("--new-key-token", a.new_root.key_token, "A PKCS#11 URI");
    file->excludes(words)->excludes(token);
    words->excludes(token);
    takes_two(root, "waymark keys rotate root --db northbay.db --new-passphrase-file /run/secrets/northbay");
    root->callback([&a] { a.command = Command::keys_rotate_root; });
    auto* partnership =
        rotate->add_subcommand("partnership", "A new partnership key; each text's own key is wrapped anew");
    add_common(partnership, a);
    takes_two(partnership, "waymark keys rotate partnership --db northbay.db");
    partnership->callback([&a] { a.command = Command::keys_rotate_partnership; });
    auto* records = rotate->add_subcommand("records", "The same, and every text gets a new key of its own");
    add_common(records, a);
    takes_two(records, "waymark keys rotate records --db northbay.db");
    records->callback([&a] { a.command = Command::keys_rotate_records; });
}

// Sign-ins that the store itself keeps. A password is never among the words of a command: those stand in histories and
// in lists of processes.
void declare_accounts(CLI::App& app, Arguments& a) {
    auto* accounts = app.add_subcommand("accounts", "Who may sign in, where there is no identity provider");
    accounts->require_subcommand(1);
    const auto command = [&](const char* name, const char* help, Command which) {
        auto* one = accounts->add_subcommand(name, help);
        add_common(one, a);
        one->callback([&a, which] { a.command = which; });
        return one;
    };
    const auto with_person = [&](CLI::App* one) {
        one->add_option("practitioner", a.account.practitioner, "Their key in the profile")->required();
        return one;
    };
    const auto with_secret = [&](CLI::App* one) {
        one->add_flag("--starting-code", a.account.starting_code,
                      "Print a code for the person to begin with; they choose a password and set up their app "
                      "themselves");
        one->add_option("--password-fd", a.account.password_fd, "Read the password from this file descriptor")
            ->check(CLI::Range(0, 1023));
    };
    auto* add = with_person(
        command("add", "Make an account: a password and an authenticator app, always both", Command::accounts_add));
    with_secret(add);
    constexpr const char* let_in_by_two =
        "To let in somebody who has signed in before, or who may agree to what the operator does, takes two "
        "practitioners\n"
        "beside whoever runs this: they agree on the page “Waiting for a second person” of the web application. Nobody "
        "is\n"
        "one of the two for their own sign-in.";
    const auto takes_two = [&](CLI::App* one, const std::string& example) {
        one->footer(std::string(let_in_by_two) + "\nExample:\n  " + example);
    };
    accounts->footer(let_in_by_two);
    takes_two(add, "waymark accounts add a.rahman --starting-code");
    auto* reset = with_person(
        command("reset", "Begin an account anew: password, app and recovery codes", Command::accounts_reset));
    with_secret(reset);
    takes_two(reset, "waymark accounts reset a.rahman --starting-code");
    with_example(with_person(command("close", "End somebody's access, whichever way they sign in, and their sessions",
                                     Command::accounts_close)),
                 "waymark accounts close a.rahman");
    takes_two(
        with_person(command("open", "Let somebody sign in again whose access was closed", Command::accounts_open)),
        "waymark accounts open a.rahman");
    with_example(command("list", "Who has an account, and whose access is closed", Command::accounts_list),
                 "waymark accounts list --json");
}

void declare_serving(CLI::App& app, Arguments& a) {
    auto* serve = app.add_subcommand("serve", "The web application and HTTP API");
    add_common(serve, a);
    serve->add_option("--listen", a.listen, "Address and port")->capture_default_str();
    serve->add_option("--spool", a.spool,
                      "File for concerns that the store cannot take (beside a SQLite store by default)");
    serve->add_option("--sign-in", a.sign_in, "Identity providers and the public address (TOML)");
    serve->add_option("--checkpoint", a.checkpoint,
                      "Keep the newest checkpoint in this file (default: beside the store)");
    with_example(serve, "waymark serve --db northbay.db --listen 127.0.0.1:8080");
    serve->callback([&a] { a.command = Command::serve; });

    auto* demo = app.add_subcommand("demo", "A ready partnership with synthetic children, then serve");
    add_common(demo, a);
    demo->add_option("--listen", a.listen, "Address and port")->capture_default_str();
    demo->add_option("--profile", a.profile, "Instead: this partnership, with no children, to try it out");
    demo->add_flag("--no-serve", a.no_serve, "Make it and end");
    demo->add_flag("--fresh", a.fresh, "Throw an earlier demonstration away and make it anew");
    with_example(demo, "waymark demo --listen 127.0.0.1:8080");
    demo->callback([&a] { a.command = Command::demo; });
}

void declare_exchange(CLI::App& app, Arguments& a) {
    auto* import =
        app.add_subcommand("import", "Take in what agencies hold: entries, people, family-context, cin-census");
    add_common(import, a);
    import->add_option("format", a.format, "entries | people | family-context | cin-census")->required();
    import->add_option("files", a.files, "Files to read, in order")->required();
    import->add_option("--agency", a.agency, "Key of the agency whose file this is (entries name their own)");
    import->add_option("--source", a.source, "Name of the source system");
    import->add_flag("--strict", a.strict, "All or nothing: nothing is kept if anything is refused");
    columns_option(import, a, "Other names of columns: ours=theirs,…");
    with_example(import, "waymark import cin-census return.xml --agency csc");
    import->callback([&a] { a.command = Command::import;
});

auto* export_command = app.add_subcommand(
    "export",
    "Give back what `import entries` takes, or a table of codes and dates, once two practitioners agree on the page "
    "“Waiting for a second person”");
add_common(export_command, a);
export_command->add_option("format", a.format, "entries | csv")->required();
export_command->add_option("--out", a.out_file, "File to write (default: standard output)");
export_command->add_flag("--protected-addresses", a.protected_addresses,
                         "With the addresses that are protected; two practitioners agree to that by itself");
export_command->add_option("--basis", a.basis,
                           "On what lawful basis: an article of content/access/bases.toml, as public-task; kept in the "
                           "audit with --purpose");
with_example(export_command, "waymark export entries --out northbay.jsonl --purpose audit --basis public-task");
export_command->callback([&a] { a.command = Command::export_; });

auto* census = app.add_subcommand("census", "Write a synthetic census of any size, for measuring") -> group("");
census->add_option("--children", a.children, "How many children")->required();
census->add_option("--seed", a.seed, "The same seed gives the same file");
census->callback([&a] { a.command = Command::census; });
}  // namespace

constexpr const char* columns_help =
    "What columns hold, where their names do not say it: kind=header,… Kinds: given_name, family_name, other_names, "
    "date_of_birth, sex, postcode, former_postcode (several between ; or |), address, nhs_number, upn, number, email, "
    "text, accuracy, id; ignore=header leaves a column out";

// What dedupe, link and explain have in common.
void add_linkage(CLI::App* command, Arguments& a) {
    LinkageArguments& l = a.linkage;
    columns_option(command, a, columns_help);
    command->add_flag("--only", l.only_named_columns, "Compare the columns of --columns and no others");
    auto* threshold = command->add_option("--threshold", l.threshold, "Probability from which a pair is linked, 0 to 1")
                          ->check(CLI::Range(0.0, 1.0));
    command
        ->add_option("--precision", l.precision,
                     "Or: the share of right links that is wanted, as the model itself expects it")
        ->check(CLI::Range(0.0, 1.0))
        ->excludes(threshold);
    command->add_option("--model", l.model_file,
                        "Keep the model in this file: where the file exists it is read and nothing is estimated; where "
                        "not, the model is estimated and written there");
    command->add_option("--labels", l.labels_file,
                        "Reviewed pairs (CSV id_l,id_r,same) that the model learns from too");
    command->add_option("--threads", a.threads, "Threads; the result is the same for any number (default: all)")
        ->check(CLI::Range(0, 256));
    command->add_option("--seed", a.seed, "Of what is sampled; the same seed gives the same result");
    command->add_flag("--thorough", l.thorough, "Compare every pair with one birth date besides: slower, finds more");
    command->add_flag(
        "--twins-by-weight", l.twins_by_weight,
        "Let the weight alone decide on pairs that look like twins or siblings: only for files in which no two "
        "of one household can be mistaken for each other");
    command->add_flag("--json", a.json, "Machine output: one object");
}

void add_linkage_outputs(CLI::App* command, Arguments& a) {
    LinkageArguments& l = a.linkage;
    command->add_option("--pairs", l.pairs_file, "Write linked pairs: id_l,id_r,match_weight,match_probability")
        ->required();
    command->add_option("--offered", l.offered_file,
                        "Write pairs for a person to look at: the same columns and why; twins and siblings are here");
    command->add_option("--keep-model", l.keep_model_file, "Write the model to this file in any case");
    command->add_option("--report", l.report_file, "Write a report, one HTML file that needs no other");
    command->add_flag("--no-examples", l.no_examples, "Leave examples, which show personal data, out of the report");
    command->add_option("--weights", l.weights_file, "Write the chart of the model's weights (SVG)");
    command->add_option("--truth", l.truth_column,
                        "Column that says who each record truly is: never compared, gives precision and recall");
    command->add_option("--truth-household", l.household_column,
                        "Column that says which household each record truly is of: counts twins wrongly linked");
    command->add_flag("--strict", a.strict, "All or nothing: nothing is written if a row is refused");
}

void declare_linkage(CLI::App& people, Arguments& a) {
    auto* dedupe = people.add_subcommand("dedupe", "Which records of one file are one person? No store needed");
    dedupe->add_option("file", a.files, "A CSV file with a header row")->required()->expected(1);
    add_linkage(dedupe, a);
    add_linkage_outputs(dedupe, a);
    dedupe->add_option("--clusters", a.linkage.clusters_file, "Write who is whom: id,cluster")->required();
    dedupe->footer(
        "Example:\n"
        "  waymark people dedupe register.csv --pairs pairs.csv --clusters clusters.csv --report report.html\n"
        "  waymark people dedupe register.csv --columns given_name=forename,text=school --precision 0.999 \\\n"
        "      --model register.model.json --pairs pairs.csv --clusters clusters.csv\n"
        "Exit: 0 done, 1 done but rows were refused, 2 wrong usage or a file that cannot be taken, 3 system failure.");
    dedupe->callback([&a] { a.command = Command::people_dedupe; });

    auto* link = people.add_subcommand("link", "Which records of two files are one person? No store needed");
    link->add_option("files", a.files, "Two CSV files with a header row")->required()->expected(2);
    add_linkage(link, a);
    add_linkage_outputs(link, a);
    link->footer(
        "Example:\n"
        "  waymark people link social-care.csv police.csv --pairs pairs.csv --offered look.csv --report report.html\n"
        "Exit: 0 done, 1 done but rows were refused, 2 wrong usage or a file that cannot be taken, 3 system failure.");
    link->callback([&a] { a.command = Command::people_link; });

    auto* explain = people.add_subcommand("explain", "Why are two records of a file linked, offered, or neither?");
    explain->add_option("file", a.linkage.explained_file, "A CSV file with a header row")->required();
    explain->add_option("ids", a.linkage.ids, "The ids of two records")->required()->expected(2);
    explain->add_option("--with", a.linkage.with_file, "The file of the second record, where it is another");
    add_linkage(explain, a);
    with_example(explain, "waymark people explain register.csv 1047 2210 --model register.model.json");
    explain->callback([&a] { a.command = Command::people_explain; });
}

// Un-merging: the decision, what it leaves in doubt, and whose that is.
void declare_parting(CLI::App& people, Arguments& a) {
    PartingArguments& p = a.parting;
    const auto two = [&](CLI::App* command) {
        add_common(command, a);
        command->add_option("records", p.pair, "Two records: each an id, or agency/source/id")->required()->expected(2);
        return command;
    };
    auto* part = two(people.add_subcommand("part", "Two records that are one person are two people, for a reason"));
    part->add_option("--reason", p.reason, "What shows that they are two")->required();
    with_example(part,
                 "waymark people part csc/cms/71 school/mis/12 --reason \"Two birth certificates.\" \\\n"
                 "      --as m.brennan --purpose triage");
    part->callback([&a] { a.command = Command::people_part; });

    auto* parted = two(people.add_subcommand(
        "parted", "What was written while two records were one person, what went over the link, and who read it"));
    with_example(parted, "waymark people parted csc/cms/71 school/mis/12 --json");
    parted->callback([&a] { a.command = Command::people_parted; });

    auto* assign = two(
        people.add_subcommand("assign", "Say of which of two parted records an entry is; it keeps author and time"));
    assign->add_option("--entry", p.entry, "The entry's id, as `people parted` tells it")->required();
    assign->add_option("--to", p.to, "One of the two records")->required();
    assign->add_option("--reason", p.reason, "How that is known")->required();
    with_example(assign,
                 "waymark people assign csc/cms/71 school/mis/12 --to school/mis/12 \\\n"
                 "      --entry 019cae2c-9d53-7c43-8d0e-5f1f6d8a3f10 --reason \"It names the street.\" \\\n"
                 "      --as m.brennan --purpose triage");
    assign->callback([&a] { a.command = Command::people_assign; });
}

void declare_restricting(CLI::App& app, Arguments& a) {
    RestrictArguments& r = a.restricting;
    auto* command = app.add_subcommand(
        "restrict", "Who may not see a record: set a restriction, keep it, or ask a second person to lift it");
    add_common(command, a);
    command->add_option("person", a.person, "The person's id, or agency/source/id of one of their identities")
        ->required();
    auto* level = command->add_option("--level", r.level, "named-only | all-but-named | hidden | sealed");
    auto* named = command->add_option("--name", r.named, "Who is named: a key or a name, once for each")->needs(level);
    auto* reason = command->add_option("--reason", r.reason, "Why");
    command->add_option("--review-by", r.review_by, "When it must be looked at again, YYYY-MM-DD");
    auto* lift =
        command->add_option("--lift", r.lift, "The id of a restriction that is to be lifted: two people agree");
    auto* keep = command->add_option("--keep", r.keep, "The id of a restriction that was reviewed and stays");
    level->needs(named)->needs(reason)->excludes(lift)->excludes(keep);
    lift->needs(reason)->excludes(keep);
    keep->needs(reason);
    command->footer(
        "Whoever --as names sets it, and must be one who may; it holds at once. Two people lift it: the one named "
        "here\n"
        "asks, and another agrees on the page “Waiting for a second person” of the web application.\n"
        "Without --level, --lift or --keep: what is in force.\n"
        "Example:\n"
        "  waymark restrict csc/cms/71 --level named-only --name a.rahman --name s.iyer \\\n"
        "      --reason \"A relative works here.\" --as s.iyer\n"
        "  waymark restrict csc/cms/71 --lift 019cae2c-9d53-7c43-8d0e-5f1f6d8a3f10 --reason \"They have left.\" --as "
        "s.iyer");
    command->callback([&a] { a.command = Command::restrict; });
}

void declare_reading(CLI::App& app, Arguments& a) {
    auto* people = app.add_subcommand("people", "Who is this child?");
    people->require_subcommand(1);
    auto* search =
        people->add_subcommand("search", "Who is this likely to be? Ranked, with the evidence for and against");
    add_common(search, a);
    search->add_option("--given", a.given, "Given name");
    search->add_option("--family", a.family, "Family name");
    search->add_option("--dob", a.dob, "Date of birth, YYYY-MM-DD");
    search->add_option("--postcode", a.postcode, "Postcode");
    search->add_option("--nhs-number", a.nhs_number, "NHS number");
    search->add_option("--upn", a.upn, "Unique pupil number");
    search->add_option("--limit", a.limit, "At most this many")->check(CLI::Range(1, 200));
    with_example(search, "waymark people search --given Maryam --family Hussain --dob 2012-05-09");
    search->add_option("--in", a.linkage.in_file, "Search this CSV file and no store");
    search->add_option("--model", a.linkage.model_file,
                       "With --in: read the model from this file; where there is none, estimate it and keep it there");
    columns_option(search, a, columns_help);
    search->callback(
        [&a] { a.command = a.linkage.in_file.empty() ? Command::people_search : Command::people_search_file; });

    declare_linkage(*people, a);
    declare_parting(*people, a);
    declare_restricting(app, a);

    auto* chronology = app.add_subcommand("chronology", "The joint chronology of one person");
    add_common(chronology, a);
    chronology->add_option("person", a.person, "The person's id, or agency/source/id of one of their identities")
        ->required();
    chronology->add_option("--as-of", a.as_of, "What was known then: a date or a date-time");
    chronology->add_option("--html", a.html_file, "Write it as a page");
    chronology->add_option("--csv", a.csv_file, "Write it as a table");
    with_example(chronology, "waymark chronology csc/cms/7190247 --as-of 2026-03-27");
    chronology->callback([&a] { a.command = Command::chronology; });

    auto* looked = app.add_subcommand("looked", "Who has looked at the record of one person, newest first");
    add_common(looked, a);
    looked->add_option("person", a.person, "The person's id, or agency/source/id of one of their identities")
        ->required();
    looked->add_option("--from", a.from_day, "Only from this day on, YYYY-MM-DD");
    looked->add_option("--to", a.to_day, "Only until this day, YYYY-MM-DD");
    looked->add_option("--agency", a.agency, "Only this agency's practitioners");
    looked->add_option("--limit", a.limit, "At most so many lines");
    looked->add_option("--csv", a.csv_file, "Write it as a table");
    with_example(looked, "waymark looked csc/cms/7190247 --from 2026-03-01");
    looked->callback([&a] { a.command = Command::looked; });
    auto* alerts = app.add_subcommand("alerts", "Looks at records that seem wrong, for whoever oversees");
    add_common(alerts, a);
    alerts->add_option("--csv", a.csv_file, "Write it as a table");
    with_example(alerts, "waymark alerts --as p.whitlock");
    alerts->callback([&a] { a.command = Command::alerts; });

    auto* standing = app.add_subcommand("standing", "Duties, gates and cues of one case, or of all");
    add_common(standing, a);
    standing->add_option("case", a.case_id, "The case's id, or agency/key as its source has it");
    standing->add_flag("--overdue", a.overdue, "Only cases with an overdue duty");
    standing->add_option("--as-of", a.as_of, "As of then: a date or a date-time");
    standing->add_option("--threads", a.threads, "Threads to fold on");
    with_example(standing, "waymark standing --overdue --json");
    standing->callback([&a] { a.command = Command::standing; });

    auto* meetings = app.add_subcommand("meetings", "When all required agencies first met, of each open case");
    add_common(meetings, a);
    meetings->add_flag("--never", a.never, "Only cases in which they have never all been at one meeting");
    meetings->add_option("--as-of", a.as_of, "As of then: a date or a date-time");
    meetings->add_option("--threads", a.threads, "Threads to fold on");
    with_example(meetings, "waymark meetings --never --json");
    meetings->callback([&a] { a.command = Command::meetings; });

    auto* checks =
        app.add_subcommand("checks", "Agency checks that wait for an answer: who was asked, and how late it is");
    add_common(checks, a);
    with_example(checks, "waymark checks --json");
    checks->callback([&a] { a.command = Command::checks; });

    auto* procedure = app.add_subcommand("procedure", "Check, explain and replay a procedure");
    procedure->require_subcommand(1);
    auto* check = procedure->add_subcommand(
        "check", "Prove that it has no deadlock, no time-lock and nothing that can never happen");
    check->add_option("file", a.files, "The procedure (TOML)")->required()->expected(1);
    check->add_option("--profile", a.profile, "Check roles and agencies against this profile as well");
    check->add_flag("--json", a.json, "Machine output");
    with_example(check, "waymark procedure check content/procedures/hsb-england.toml");
    check->callback([&a] { a.command = Command::procedure_check; });
    auto* explain = procedure->add_subcommand("explain", "The same in plain words");
    explain->add_option("file", a.files, "The procedure (TOML)")->required()->expected(1);
    explain->add_option("--profile", a.profile, "With this profile's clocks and numbers");
    explain->add_option("--svg", a.svg_file, "Write a diagram of it (SVG)");
    explain->add_option("--html", a.html_file, "Write it as a page, with the diagram");
    with_example(explain, "waymark procedure explain content/procedures/hsb-england.toml --svg hsb.svg");
    explain->callback([&a] { a.command = Command::procedure_explain; });
    auto* replay = procedure->add_subcommand(
        "replay", "What another version would have required, held and shown, on the record as it is");
    add_common(replay, a);
    replay->add_option("file", a.files, "The other version (TOML)")->required()->expected(1);
    replay->add_option("--profile", a.profile, "Under this profile instead of the one in force");
    replay->add_option("--from", a.from_day, "Only what would have come on or after this day, YYYY-MM-DD");
    replay->add_option("--to", a.to_day, "Only what would have come on or before this day");
    replay->add_option("--as-of", a.as_of, "With what was known then: a date or a date-time");
    replay->add_option("--threads", a.threads, "Threads to fold on");
    with_example(replay, "waymark procedure replay hsb-england-next.toml --from 2025-04-01 --json");
    replay->callback([&a] { a.command = Command::procedure_replay; });
}

}  // namespace waymark::cli

Parsed parse_arguments(const std::vector<std::string>& words, const char* db_from_environment) {
    Parsed parsed;
    Arguments& a = parsed.arguments;
    CLI::App app{"The joint record of a safeguarding partnership", "waymark"};
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", version_text);
    app.footer(
        "Example:\n  waymark demo\nExit: 0 done, 1 a fault was found and reported, 2 wrong usage, 3 store or system "
        "failure.");
    declare_store_commands(app, a);
    declare_keys(app, a);
    declare_accounts(app, a);
    declare_serving(app, a);
    declare_exchange(app, a);
    declare_reading(app, a);

    std::vector<std::string> reversed(words.rbegin(), words.rend());
    try {
        app.parse(reversed);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        const int code = app.exit(error, out, out);
        parsed.text = out.str();
        parsed.exit_code = code == 0 ? 0 : 2;
        return parsed;
    }
    if (a.command == Command::none) {
        parsed.text = app.help();
        parsed.exit_code = 2;
        return parsed;
    }
    if (a.db.empty())
        a.db = db_from_environment != nullptr && *db_from_environment != '\0' ? db_from_environment : "waymark.db";
    return parsed;
}

}  // namespace waymark::cli
