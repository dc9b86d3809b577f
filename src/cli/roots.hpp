#pragma once
// Which root key a command works with: the one that was named, or the one that is found beside the store.
#include <memory>

#include "cli/session.hpp"
#include "record/keys.hpp"

namespace waymark::cli {

// "STORE.key" for a file; "waymark-DATABASE.key" in the working folder for PostgreSQL.
std::string default_key_file(const store::Address&, const Terminal&);

// As --key-file, --passphrase-file, --key-token or the environment say. Where nothing is named, whatever .key file
// beside the store the store's keys are under; what is a passphrase is asked for on the terminal.
Result<std::unique_ptr<record::Root>> root_to_open(const World&, const Arguments&, const store::Address&,
                                                   const Terminal&);
// For a new store: likewise, but a key file that does not stand yet is made, and is the default.
Result<std::unique_ptr<record::Root>> root_to_found(const World&, const Arguments&, const store::Address&,
                                                    const Terminal&);
// A root by its names; one of them is given. A key file is made where it does not stand, if `make`.
Result<std::unique_ptr<record::Root>> named_root(const RootNames&, const World&, const Terminal&, bool make);

void say_keep_the_key(const record::Root&, std::ostream&);

}  // namespace waymark::cli
