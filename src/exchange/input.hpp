#pragma once
// A file of the outside, read block by block and counted, so that progress can be told in bytes.
#include <array>
#include <cstdint>
#include <memory>
#include <streambuf>
#include <string>

#include "base/error.hpp"

namespace waymark::exchange {

class InputFile final : public std::streambuf {
public:
    // `missing` where there is no such file, `unavailable` where it cannot be read; the place is the file.
    static Result<std::unique_ptr<InputFile>> open(const std::string& path);
    ~InputFile() override;
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }  // 0 where it is not known (a pipe)
    [[nodiscard]] std::uint64_t done() const { return done_; }  // bytes handed out so far
    [[nodiscard]] int error() const { return error_; }          // errno of a read that failed, or 0

protected:
    int_type underflow() override;
    std::streamsize xsgetn(char* to, std::streamsize count) override;

private:
    InputFile(int handle, std::uint64_t size) : handle_(handle), size_(size) {}
    std::streamsize read_some(char* to, std::size_t count);

    int handle_;
    std::uint64_t size_;
    std::uint64_t done_ = 0;
    int error_ = 0;
    std::array<char, std::size_t{64} * 1024> block_{};
};

}  // namespace waymark::exchange
