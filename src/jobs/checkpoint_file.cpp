// Writing the checkpoint file so that no crash leaves half of one.
#include "jobs/checkpoint_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace waymark::jobs {

namespace {

class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

auto failed(const std::string& file) {
    return fault(FaultKind::unavailable, file, std::string("The checkpoint cannot be written: ") + std::strerror(errno),
                 "Make the folder writable, or give another place for it.");
}

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<void> write_checkpoint_file(const std::string& file, std::string_view note) {
    constexpr int readable_by_all = 0644;
    const auto beside = file + ".new";
    {
        const File out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, readable_by_all));
        if (!out || !write_all(out.get(), note) || ::fsync(out.get()) != 0) return failed(beside);
    }
    if (::rename(beside.c_str(), file.c_str()) != 0) return failed(file);
    auto folder = std::filesystem::path(file).parent_path();
    if (folder.empty()) folder = ".";
    const File kept(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!kept || ::fsync(kept.get()) != 0) return failed(folder.string());
    return {};
}

}  // namespace waymark::jobs
