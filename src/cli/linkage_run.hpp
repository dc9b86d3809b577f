#pragma once
// What dedupe, link and explain do alike: take what was typed to the engine's options, read files with a progress bar,
// write outputs so that none is ever half there.
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "cli/session.hpp"
#include "people/batch/batch.hpp"
#include "people/people.hpp"

namespace waymark::cli {

namespace batch = people::batch;

// Everything that outlives a run; not copied, since the options point into it.
struct Linkage {
    Linkage() = default;
    Linkage(const Linkage&) = delete;
    Linkage& operator=(const Linkage&) = delete;

    people::Model variants;  // its name variants are content
    std::optional<batch::LinkageModel> model;
    batch::Options options;
    std::vector<batch::TablePtr> tables;
    double reading_seconds = 0;
    std::unique_ptr<Progress> bar;
    std::string bar_stage;
};

// Options, model, variants and labels; faults name the option or the file.
Result<void> prepare_linkage(const World&, const Arguments&, Terminal&, Linkage&);
// Reads one more table; also where it is a pipe.
Result<void> read_table(const std::string& file, Terminal&, Linkage&);

// One output: written beside its name and renamed by keep(), removed where that is not called. What is no regular file
// (a pipe, /dev/stdout) is written as it is.
class Output {
public:
    static Result<std::unique_ptr<Output>> open(const std::string& option, const std::string& file, const Terminal&);
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    [[nodiscard]] std::ostream& stream() { return stream_; }
    [[nodiscard]] const std::string& file() const { return file_; }
    Result<void> keep();

private:
    Output() = default;
    std::string option_;
    std::string file_;  // as it was typed
    std::string path_;
    std::string partial_;  // empty: written in place
    std::vector<char> buffer_;
    std::ofstream stream_;
};

// Notices to standard error, named by file, line and column; not without end.
void print_notices(const Arguments&, Terminal&, const std::vector<batch::Notice>&);

}  // namespace waymark::cli
