#pragma once
// The keys of a partnership at work: founding and opening them, and their rotation while the record is served.
//
// Every step is one transaction and every step may be the last: what is kept says by itself under which generation it
// is, so a rotation that was cut short goes on where it stood. Nothing here moves a leaf of the log: those are over the
// plaintext.
#include "casework/casework.hpp"
#include "casework/two_persons.hpp"
#include "record/names.hpp"

namespace waymark::casework {

// A new ring under the root, kept in the caller's transaction; the seal works with it from now on.
// `takes_plain`: what is kept plain so far stays readable until everything has been sealed.
Result<void> found_keys(store::Transaction&, store::Partnership, const record::Root&, Instant now, bool takes_plain,
                        record::KeyedSeal&);
// The key of outside names, made and kept sealed in the caller's transaction; it does not change with rotations.
std::shared_ptr<const store::NameCover> found_name_key(store::Transaction&, store::Partnership,
                                                       const record::KeyedSeal&);
// Has the store cover them from now on, where there is such a key.
Result<void> cover_names(store::Store&, store::Partnership, const record::KeyedSeal&);
// Gives the seal its ring, where there is one.
Result<std::shared_ptr<Unlocked>> open_keys(store::Store&, store::Partnership, const record::Root* root,
                                            record::KeyedSeal&);

struct KeyStatus {
    bool sealed = false;
    bool takes_plain = false;  // some may be kept plain still
    std::string root;          // "key file", "passphrase", "token"
    std::string root_id;
    bool unfinished = false;  // a rotation was cut short: the next goes on with it
    struct Of {
        record::Generation generation;
        bool active = false;
        std::uint64_t kept = 0;  // pieces under it
    };
    std::vector<Of> generations;
    std::uint64_t plain = 0;
};
using KeyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;
// Counts everything that is kept.
Result<KeyStatus> key_status(const Office&, const KeyProgress&);

struct Renewed {
    std::uint64_t looked_at = 0;
    std::uint64_t renewed = 0;
    bool resumed = false;  // a rotation that had been cut short was finished; no new generation was made
};
// What changes keys takes two people (two_persons.hpp): `held` until they agree. What was cut short goes on without
// asking again. `leave` is told how it was given.
using two_persons::Leave;
// The ring under another root. Nothing else that is kept changes.
Result<void> rotate_root(const Office&, const record::Root& to, Leave* leave = nullptr);
// A new generation of the partnership's key; every text keeps its own key, which is wrapped anew.
Result<Renewed> rotate_partnership(const Office&, const KeyProgress&, Leave* leave = nullptr);
// The same, and every text gets a new key of its own and is sealed anew.
Result<Renewed> rotate_records(const Office&, const KeyProgress&, Leave* leave = nullptr);
// Seals a partnership that was kept plain.
Result<Renewed> seal_partnership(const Office&, const record::Root&, const KeyProgress&, Leave* leave = nullptr);
// Destroys the former generations that nothing kept is under any more and that have been former for `at_least`, which
// must be longer than any process works with a ring that it read earlier. Returns how many were destroyed.
Result<std::uint64_t> destroy_former(const Office&, std::chrono::microseconds at_least, const KeyProgress&,
                                     Leave* leave = nullptr);

// What the other processes of a shared store have done to the ring since.
Result<void> refresh_keys(const Office&);

}  // namespace waymark::casework
