#include "store/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"

namespace waymark::store {

namespace {

std::string holder_of(int fd) {
    std::array<char, 200> text{};
    const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
    const std::string holder(trim(std::string_view(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0)));
    return holder.empty() ? "another process" : "process " + holder;
}

// Only the name of the program: arguments may hold names of persons.
std::string program_name() {
    std::array<char, 64> text{};
    const int fd = ::open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return "waymark";
    const ssize_t n = ::read(fd, text.data(), text.size());
    ::close(fd);
    return std::string(trim(std::string_view(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0)));
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& database, Hold hold) {
    const std::string path = database + "-lock";
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && hold == Hold::shared && (errno == EACCES || errno == EROFS)) {
        fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0 && (errno == ENOENT || errno == EACCES)) return LockFile(-1);  // a medium on which nobody can write
    }
    if (fd < 0) {
        return fault(FaultKind::unavailable, path,
                     fmt::format("the lock file cannot be opened: {}", std::strerror(errno)),
                     "see that the folder exists and that this user may write in it");
    }
    LockFile lock(fd);
    while (::flock(fd, (hold == Hold::alone ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) {
            return fault(FaultKind::unavailable, path,
                         fmt::format("the file system cannot lock: {}", std::strerror(errno)),
                         "keep the store on a local disk");
        }
        return fault(FaultKind::conflict, database, fmt::format("the store is held by {}", holder_of(fd)),
                     "stop that process, or let it do the work: commands reach it through its local socket");
    }
    if (hold == Hold::alone) {
        const std::string text = fmt::format("{} {}\n", ::getpid(), program_name());
        if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
            // The lock holds without the text, which only tells people who has it.
        }
    }
    return lock;
}

bool LockFile::is_held(const std::string& database) {
    const int fd = ::open((database + "-lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(fd);
    return held;
}

LockFile::~LockFile() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace waymark::store
