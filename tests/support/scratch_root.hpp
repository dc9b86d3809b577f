#pragma once
// A key file in a folder of its own, and the root that reads it.
#include "record/keys.hpp"
#include "support/scratch_files.hpp"

namespace waymark::testing {

class ScratchRoot {
public:
    ScratchRoot() {
        SystemRandom random;
        if (const auto made = record::make_key_file(file(), random); !made)
            throw std::runtime_error("root: " + describe(made.error()));
        root_ = record::file_root(file());
    }
    [[nodiscard]] std::string file() const { return folder_ / "root.key"; }
    [[nodiscard]] const record::Root& operator*() const { return *root_; }
    [[nodiscard]] const record::Root* get() const { return root_.get(); }

private:
    ScratchFolder folder_;
    std::unique_ptr<record::Root> root_;
};

}  // namespace waymark::testing
