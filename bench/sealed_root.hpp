#pragma once
// The root that a bench seals under; none where WAYMARK_BENCH_PLAIN is set.
#include <cstdlib>

#include "record/keys.hpp"

namespace waymark::bench {

class BenchRoot {
public:
    BenchRoot() {
        if (std::getenv("WAYMARK_BENCH_PLAIN") == nullptr) root_ = std::make_unique<OneRoot>();
    }
    [[nodiscard]] const record::Root* get() const { return root_.get(); }

private:
    // As a key file, without the file.
    class OneRoot final : public record::Root {
    public:
        OneRoot() { SystemRandom().fill(secret_.span()); }
        [[nodiscard]] Result<Made> make(Random&) const override {
            return Made{{{"root", "bench"}, {"id", record::root_id(secret_.view())}},
                        SecretBytes::copy_of(secret_.view())};
        }
        [[nodiscard]] Result<SecretBytes> unlock(const json::object&) const override {
            return SecretBytes::copy_of(secret_.view());
        }
        [[nodiscard]] std::string shown() const override { return "the bench's root"; }

    private:
        SecretBytes secret_{32};
    };
    std::unique_ptr<OneRoot> root_;
};

}  // namespace waymark::bench
