#pragma once
// Where a concern goes when the store cannot take it: a file of its own, made and filled when the server starts, so
// that it needs no room when there is none. Each concern is sealed, numbered and timed, and on the disk before its
// raiser is told that it is kept. When the store answers again they are merged in their order, with their times; the
// form's key makes merging twice the same as once, so that a crash at any point loses none and doubles none.
//
// Nothing is read from it but by the merge. Form of the file: docs/formats/spool.md.
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "casework/casework.hpp"

namespace waymark::casework {

class Spool {
public:
    static constexpr std::size_t usual_bytes = 8u << 20;  // a few thousand concerns

    // Opens the file, or makes it with all its bytes written. `conflict` where another process has it open;
    // `unavailable` where there is no room to make it.
    static Result<std::unique_ptr<Spool>> open(const std::string& file, const record::Seal&, Random&,
                                               std::size_t bytes = usual_bytes);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    // On the disk when it returns. The same asker's form with the same key is kept once. `unavailable` where the file
    // is full or the disk fails: then nothing was kept.
    Result<void> put(const record::Asker&, const RaiseRequest&, Instant at);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t damaged() const;  // that were found altered on opening; they stay in the file

    // Raises what waits, the oldest first, until the store refuses. Empties the file when all is merged. What the
    // record refuses as it is stays, with the fault; the others go on.
    struct Merged {
        std::size_t merged = 0;
        std::size_t left = 0;
        std::vector<Fault> faults;
    };
    Merged merge(const Office&);

private:
    struct Waiting {
        std::uint64_t number = 0;
        Instant at;
        std::string key;  // of the asker and the form
        Digest content{};
        Uuid id;
        Bytes sealed;
    };
    class File;
    Spool(std::unique_ptr<File>, const record::Seal&, Random&);
    Result<void> read_back();
    Result<void> empty();

    std::unique_ptr<File> file_;
    const record::Seal& seal_;
    Random& random_;
    mutable std::mutex mutex_;
    std::vector<Waiting> waiting_;
    std::size_t damaged_ = 0;
    std::uint64_t next_number_ = 1;
    std::size_t end_ = 0;  // where the next goes
    std::uint64_t generation_ = 0;
    std::array<std::uint8_t, 16> cycle_{};  // what was left from before the last emptying does not count
};

// The same raising as of a form, for what waited in a spool: under the asker's own rights, with the time at which it
// was sent. Where the asker may not raise any more, or a chosen child may not be known any more, it is taken all the
// same, as the machine's operator takes an import: nothing that somebody was told is kept may be lost.
Result<Receipt> raise_from_spool(const Office&, const record::Asker&, const RaiseRequest&, Instant sent);

}  // namespace waymark::casework
