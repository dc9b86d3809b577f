#include "exchange/input.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace waymark::exchange {

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path) {
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) {
        if (errno == ENOENT) return fault(FaultKind::missing, path, "there is no such file", "check the name");
        return fault(FaultKind::unavailable, path, fmt::format("cannot be opened: {}", std::strerror(errno)));
    }
    struct stat about {};
    if (::fstat(handle, &about) != 0 || S_ISDIR(about.st_mode)) {
        ::close(handle);
        return fault(FaultKind::unavailable, path, "is not a file", "name a file");
    }
    const auto size = S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
    return std::unique_ptr<InputFile>(new InputFile(handle, size));
}

InputFile::~InputFile() {
    ::close(handle_);
}

std::streamsize InputFile::read_some(char* to, std::size_t count) {
    for (;;) {
        const auto got = ::read(handle_, to, count);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            error_ = errno;
            return 0;
        }
        done_ += static_cast<std::uint64_t>(got);
        return got;
    }
}

InputFile::int_type InputFile::underflow() {
    const auto got = read_some(block_.data(), block_.size());
    if (got <= 0) return traits_type::eof();
    setg(block_.data(), block_.data(), block_.data() + got);
    return traits_type::to_int_type(block_[0]);
}

// What underflow has left first; then straight into the caller's block. May give less than was asked for.
std::streamsize InputFile::xsgetn(char* to, std::streamsize count) {
    const auto left = egptr() - gptr();
    if (left > 0) {
        const auto some = std::min<std::streamsize>(left, count);
        std::memcpy(to, gptr(), static_cast<std::size_t>(some));
        gbump(static_cast<int>(some));
        return some;
    }
    return read_some(to, static_cast<std::size_t>(count));
}

}  // namespace waymark::exchange
