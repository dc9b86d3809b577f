#include "casework/spool.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "casework/spool_text.hpp"

namespace waymark::casework {

namespace {

constexpr std::size_t header_bytes = 4'096;
constexpr std::size_t slot_bytes = 512;
constexpr std::size_t grain = 64;  // a record begins at a multiple, so that one is found behind a damaged one
constexpr std::string_view header_mark = "WMSPOOL1";
constexpr std::string_view record_mark = "CONCERN1";
constexpr std::size_t fixed_bytes = 8 + 4 + 8 + 8 + 16;  // mark, length, number, at, id
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t most_sealed_bytes = 1u << 20;

void put_whole(Bytes& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
std::uint64_t whole_at(ByteView bytes, std::size_t at, int count) {
    std::uint64_t value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
}

auto cannot(const std::string& file, const char* what) {
    return fault(FaultKind::unavailable, file, fmt::format("The spool cannot be {}: {}", what, std::strerror(errno)),
                 "Make room on the disk, and see that the folder can be written.");
}

std::string key_of(const record::Asker& asker, const RaiseRequest& request) {
    return asker.agency + '\n' + asker.practitioner + '\n' + request.key;
}

}  // namespace

// The file under its lock.
class Spool::File {
public:
    File(std::string name, int descriptor, std::size_t size)
        : name_(std::move(name)), descriptor_(descriptor), size_(size) {}
    ~File() { ::close(descriptor_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const std::string& name() const { return name_; }

    Result<Bytes> read_all() const {
        Bytes out(size_);
        std::size_t done = 0;
        while (done < out.size()) {
            const auto got = ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return cannot(name_, "read");
            done += static_cast<std::size_t>(got);
        }
        return out;
    }
    Result<void> write(std::size_t at, ByteView bytes) const {
        while (!bytes.empty()) {
            const auto put = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) return cannot(name_, "written");
            at += static_cast<std::size_t>(put);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        }
        if (::fdatasync(descriptor_) != 0) return cannot(name_, "written");
        return {};
    }

private:
    std::string name_;
    int descriptor_;
    std::size_t size_;
};

namespace {

// Written whole and not only reserved: a reserved block still takes room of the file system when it is first written.
Result<void> fill(const std::string& file, int descriptor, std::size_t bytes) {
    if (const int failed = ::posix_fallocate(descriptor, 0, static_cast<off_t>(bytes)); failed != 0) {
        errno = failed;
        return cannot(file, "made");
    }
    const Bytes zeros(64 * 1024);
    for (std::size_t at = 0; at < bytes; at += zeros.size()) {
        const auto size = std::min(zeros.size(), bytes - at);
        if (::pwrite(descriptor, zeros.data(), size, static_cast<off_t>(at)) != static_cast<ssize_t>(size))
            return cannot(file, "made");
    }
    if (::fsync(descriptor) != 0) return cannot(file, "made");
    auto folder = std::filesystem::path(file).parent_path();
    if (folder.empty()) folder = ".";
    const int kept = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (kept < 0) return cannot(file, "made");
    ::fsync(kept);
    ::close(kept);
    return {};
}

}  // namespace

Spool::Spool(std::unique_ptr<File> file, const record::Seal& seal, Random& random)
    : file_(std::move(file)), seal_(seal), random_(random) {}
Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(const std::string& file, const record::Seal& seal, Random& random,
                                           std::size_t bytes) {
    constexpr int owner_only = 0600;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
    if (descriptor < 0) return cannot(file, "opened");
    struct stat found {};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return fault(FaultKind::conflict, file, "Another process has this spool open.",
                     "Stop it, or give this server a spool of its own.");
    }
    if (::fstat(descriptor, &found) != 0) {
        ::close(descriptor);
        return cannot(file, "opened");
    }
    const auto size = static_cast<std::size_t>(found.st_size);
    if (size < bytes) {
        // Longer: what stands is kept, and the rest is made. A file that a crash left half made is made whole.
        Bytes before(size);
        if (size > 0 && ::pread(descriptor, before.data(), size, 0) != static_cast<ssize_t>(size)) {
            ::close(descriptor);
            return cannot(file, "read");
        }
        auto made = fill(file, descriptor, bytes);
        if (made && size > 0 &&
            (::pwrite(descriptor, before.data(), size, 0) != static_cast<ssize_t>(size) || ::fsync(descriptor) != 0))
            made = cannot(file, "made");
        if (!made) {
            ::close(descriptor);
            return tl::unexpected(made.error());
        }
    }
    std::unique_ptr<Spool> spool(
        new Spool(std::make_unique<File>(file, descriptor, std::max(size, bytes)), seal, random));
    TRY_VOID(spool->read_back());
    return spool;
}

namespace {

struct HeaderSlot {
    std::uint64_t generation = 0;
    std::array<std::uint8_t, 16> cycle{};
};

Bytes slot_of(const HeaderSlot& slot) {
    Bytes out = to_bytes(header_mark);
    put_whole(out, slot.generation, 8);
    out.insert(out.end(), slot.cycle.begin(), slot.cycle.end());
    const auto digest = sha256(out);
    out.insert(out.end(), digest.begin(), digest.end());
    out.resize(slot_bytes);
    return out;
}

std::optional<HeaderSlot> slot_in(ByteView bytes) {
    constexpr std::size_t said = 8 + 8 + 16;
    if (as_text(bytes.first(8)) != header_mark) return std::nullopt;
    const auto digest = sha256(bytes.first(said));
    if (!std::equal(digest.begin(), digest.end(), bytes.begin() + said)) return std::nullopt;
    HeaderSlot slot;
    slot.generation = whole_at(bytes, 8, 8);
    std::copy_n(bytes.begin() + 16, 16, slot.cycle.begin());
    return slot;
}

}  // namespace

// Takes up every record of this cycle. One that does not check at the end was never acknowledged; one with others
// behind it was damaged since, and is counted.
Result<void> Spool::read_back() {
    const auto bytes = TRY(file_->read_all());
    const ByteView all(bytes);
    std::optional<HeaderSlot> newest;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto slot = slot_in(all.subspan(i * slot_bytes, slot_bytes));
        if (slot && (!newest || newest->generation < slot->generation)) newest = slot;
    }
    if (!newest) return empty();
    generation_ = newest->generation;
    cycle_ = newest->cycle;
    end_ = header_bytes;
    for (std::size_t at = header_bytes; at + fixed_bytes + digest_bytes <= all.size();) {
        const auto length = static_cast<std::size_t>(whole_at(all, at + 8, 4));
        const bool fits = as_text(all.subspan(at, 8)) == record_mark && length <= most_sealed_bytes &&
                          at + fixed_bytes + length + digest_bytes <= all.size();
        if (fits) {
            const auto said = all.subspan(at, fixed_bytes + length);
            const auto digest = sha256({ByteView(cycle_), said});
            const auto kept = all.subspan(at + fixed_bytes + length, digest_bytes);
            if (std::equal(digest.begin(), digest.end(), kept.begin())) {
                Waiting one;
                one.number = whole_at(said, 12, 8);
                one.at = Instant{static_cast<std::int64_t>(whole_at(said, 20, 8))};
                std::copy_n(said.begin() + 28, 16, one.id.octets.begin());
                one.sealed.assign(said.begin() + fixed_bytes, said.end());
                if (one.number > next_number_) damaged_ += static_cast<std::size_t>(one.number - next_number_);
                next_number_ = std::max(next_number_, one.number) + 1;
                if (const auto opened = open_spooled(seal_, one.sealed, one.id)) {
                    one.key = key_of(opened->asker, opened->request);
                    one.content = content_of(*opened);
                }
                waiting_.push_back(std::move(one));
                at += (fixed_bytes + length + digest_bytes + grain - 1) / grain * grain;
                end_ = at;
                continue;
            }
        }
        at += grain;
    }
    return {};
}

// A new cycle in the older slot: the newer one stands until this one is whole.
Result<void> Spool::empty() {
    HeaderSlot next;
    next.generation = generation_ + 1;
    random_.fill(next.cycle);
    TRY_VOID(file_->write((next.generation % 2) * slot_bytes, slot_of(next)));
    generation_ = next.generation;
    cycle_ = next.cycle;
    next_number_ = 1;
    end_ = header_bytes;
    waiting_.clear();
    return {};
}

Result<void> Spool::put(const record::Asker& asker, const RaiseRequest& request, Instant at) {
    const std::lock_guard lock(mutex_);
    const auto key = key_of(asker, request);
    const auto content = content_of({asker, request});
    for (const auto& one : waiting_) {
        if (one.key != key) continue;
        if (one.content == content) return {};
        return fault(FaultKind::conflict, "key", "This form was sent before, with other content.",
                     "What was sent first is kept; send a change as a new concern.");
    }
    Waiting one;
    one.number = next_number_;
    one.at = at;
    one.key = key;
    one.content = content;
    one.id = make_uuid4(random_);
    one.sealed = close_spooled(seal_, {asker, request}, one.id);
    const auto size = (fixed_bytes + one.sealed.size() + digest_bytes + grain - 1) / grain * grain;
    if (one.sealed.size() > most_sealed_bytes || end_ + size > file_->size()) {
        return fault(FaultKind::unavailable, file_->name(), "The spool is full.",
                     "Telephone the front door, and send this again when the record can be reached.");
    }
    Bytes bytes = to_bytes(record_mark);
    put_whole(bytes, one.sealed.size(), 4);
    put_whole(bytes, one.number, 8);
    put_whole(bytes, static_cast<std::uint64_t>(at.micros), 8);
    bytes.insert(bytes.end(), one.id.octets.begin(), one.id.octets.end());
    bytes.insert(bytes.end(), one.sealed.begin(), one.sealed.end());
    const auto digest = sha256({ByteView(cycle_), bytes});
    bytes.insert(bytes.end(), digest.begin(), digest.end());
    TRY_VOID(file_->write(end_, bytes));
    waiting_.push_back(std::move(one));
    ++next_number_;
    end_ += size;
    return {};
}

std::size_t Spool::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

std::size_t Spool::damaged() const {
    const std::lock_guard lock(mutex_);
    return damaged_;
}

Spool::Merged Spool::merge(const Office& office) {
    // A concern that comes meanwhile waits behind those that are here; it is not held up by them.
    std::vector<Waiting> now;
    {
        const std::lock_guard lock(mutex_);
        now = waiting_;
    }
    Merged merged;
    std::set<std::uint64_t> done;
    for (const auto& one : now) {
        const auto opened = open_spooled(seal_, one.sealed, one.id);
        if (!opened) {
            merged.faults.push_back(opened.error());
            continue;
        }
        const auto raised = raise_from_spool(office, opened->asker, opened->request, one.at);
        if (raised) {
            done.insert(one.number);
            continue;
        }
        const auto kind = raised.error().kind;
        merged.faults.push_back(raised.error());
        if (kind == FaultKind::unavailable || kind == FaultKind::uncertain) break;  // the store, and not this one
    }
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](const Waiting& one) { return done.contains(one.number); });
    merged.merged = done.size();
    merged.left = waiting_.size();
    if (waiting_.empty() && damaged_ == 0 && !now.empty()) {
        if (const auto emptied = empty(); !emptied) merged.faults.push_back(emptied.error());
    }
    return merged;
}

}  // namespace waymark::casework
