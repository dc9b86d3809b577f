#pragma once
// A store whose writes can be made to fail, as when a disk is full: at once, or after some more.
#include <atomic>

#include "store/store.hpp"

namespace waymark::testing {

class FailingStore final : public store::Store {
public:
    explicit FailingStore(store::Store& real) : real_(real) {}
    bool broken = false;
    bool unreadable = false;
    std::atomic<int> until_broken{-1};  // writes that still succeed; negative: no end

    Result<void> read(const Reading& reading) override {
        if (unreadable) return fault(FaultKind::unavailable, "store", "The server is away.", "Start it.");
        return real_.read(reading);
    }
    Result<void> write(const Writing& writing, store::Pace pace) override {
        if (until_broken >= 0 && until_broken-- == 0) broken = true;
        if (broken) return fault(FaultKind::unavailable, "store", "The disk is full.", "Make room.");
        return real_.write(writing, pace);
    }
    [[nodiscard]] store::Engine engine() const override { return real_.engine(); }
    [[nodiscard]] std::vector<std::string> mode() const override { return real_.mode(); }
    Result<void> backup(const std::string& file,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress) override {
        return real_.backup(file, progress);
    }

private:
    store::Store& real_;
};

}  // namespace waymark::testing
