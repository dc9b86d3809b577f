#include "cli/linkage_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "exchange/linkage.hpp"

namespace waymark::cli {
namespace {

constexpr std::size_t most_model_bytes = 4u << 20;
constexpr std::size_t most_notices_shown = 40;
constexpr std::size_t most_places_shown = 5;

std::string because(int error) {
    return error == 0 ? "it cannot be read" : std::string(std::strerror(error));
}

// A file that tells how far it has been read. The engine reads it from one thread at a time.
class WatchedFile : public std::filebuf {
public:
    std::function<void(std::uint64_t)> on_read;

protected:
    std::streamsize xsgetn(char* to, std::streamsize n) override {
        const auto got = std::filebuf::xsgetn(to, n);
        bytes_ += static_cast<std::uint64_t>(std::max<std::streamsize>(got, 0));
        if (on_read) on_read(bytes_);
        return got;
    }

private:
    std::uint64_t bytes_ = 0;
};

Result<void> take_columns(const Arguments& a, batch::Options& options) {
    options.guess_others = !a.linkage.only_named_columns;
    for (const auto& [kind_name, header] : a.columns) {
        if (kind_name == "ignore") {
            options.leave_out.push_back(header);
            continue;
        }
        const auto kind = batch::kind_of(kind_name);
        if (!kind) {
            return invalid("--columns", "there is no kind of column '" + kind_name + "'",
                           "kinds: given_name, family_name, other_names, date_of_birth, sex, postcode, "
                           "former_postcode, address, nhs_number, upn, number, email, text, accuracy, id, ignore");
        }
        options.columns.push_back({header, *kind});
    }
    if (a.linkage.only_named_columns && a.columns.empty())
        return invalid("--only", "no column is named", "name the columns to compare with --columns");
    if (!a.linkage.truth_column.empty()) options.columns.push_back({a.linkage.truth_column, batch::Kind::truth});
    if (!a.linkage.household_column.empty())
        options.columns.push_back({a.linkage.household_column, batch::Kind::household});
    return {};
}

Result<void> take_model(const Arguments& a, const Terminal& terminal, Linkage& linkage) {
    if (a.linkage.model_file.empty()) return {};
    const std::string path = terminal.path(a.linkage.model_file);
    std::error_code problem;
    if (!std::filesystem::exists(path, problem)) return {};
    std::ifstream in(path, std::ios::binary);
    std::string text;
    text.resize(most_model_bytes + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    if (in.bad() || (text.empty() && !in.is_open()))
        return fault(FaultKind::unavailable, "--model " + a.linkage.model_file, "the file cannot be read",
                     "see its rights");
    if (text.size() > most_model_bytes)
        return invalid("--model " + a.linkage.model_file, "the file is too large for a model", "name a model's file");
    auto model = batch::parse_linkage_model(text);
    if (!model) {
        Fault what = model.error();
        what.place = a.linkage.model_file + (what.place.empty() ? "" : " " + what.place);
        return tl::unexpected(std::move(what));
    }
    linkage.model = std::move(*model);
    linkage.options.model = &*linkage.model;
    return {};
}

}  // namespace

Result<void> prepare_linkage(const World& world, const Arguments& a, Terminal& terminal, Linkage& linkage) {
    auto& options = linkage.options;
    TRY_VOID(take_columns(a, options));
    TRY_VOID(take_model(a, terminal, linkage));
    options.threads = a.threads;
    options.seed = a.seed;
    options.effort = a.linkage.thorough ? batch::Effort::thorough : batch::Effort::quick;
    options.threshold = a.linkage.threshold;
    options.precision = a.linkage.precision;
    if (options.threshold) options.review_probability = std::min(options.review_probability, *options.threshold);
    options.first_of_repeated = true;
    options.twins_apart = !a.linkage.twins_by_weight;
    if (a.linkage.no_examples || a.linkage.report_file.empty())
        options.examples = 0;
    else
        options.examples = 26;
    if (!a.linkage.labels_file.empty()) {
        std::ifstream in(terminal.path(a.linkage.labels_file), std::ios::binary);
        if (!in) return fault(FaultKind::invalid, "--labels " + a.linkage.labels_file, because(errno), "name a file");
        options.labels = TRY(exchange::read_labels(in, a.linkage.labels_file));
    }
    TRY_VOID(people::load_name_variants(world.content_dir, linkage.variants));
    options.given_variants = &linkage.variants.given_variants;
    options.family_variants = &linkage.variants.family_variants;
    options.progress = [&linkage, &terminal](std::string_view stage, std::uint64_t done_items, std::uint64_t total) {
        if (linkage.bar_stage != stage) {
            if (linkage.bar) linkage.bar->finish();
            linkage.bar_stage = std::string(stage);
            linkage.bar = std::make_unique<Progress>(terminal.err, linkage.bar_stage, total, terminal.progress);
        }
        linkage.bar->advance_to(done_items);
    };
    return {};
}

Result<void> read_table(const std::string& file, Terminal& terminal, Linkage& linkage) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string path = terminal.path(file);
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem)) return invalid(file, "this is a folder", "name a CSV file");
    WatchedFile source;
    errno = 0;
    if (source.open(path, std::ios::in | std::ios::binary) == nullptr)
        return invalid(file, because(errno), "name a file that can be read");
    const auto size = std::filesystem::is_regular_file(path, problem) ? std::filesystem::file_size(path, problem) : 0;
    Progress bar(terminal.err, "read " + file, problem ? 0 : size, terminal.progress);
    source.on_read = [&](std::uint64_t bytes) { bar.advance_to(bytes); };
    std::istream in(&source);
    auto table = TRY(batch::read(in, file, linkage.options));
    bar.finish();
    if (batch::records(*table) == 0)
        return invalid(file, "there is no row that can be taken below the header", "give a file with records");
    linkage.tables.push_back(std::move(table));
    linkage.reading_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return {};
}

Result<std::unique_ptr<Output>> Output::open(const std::string& option, const std::string& file,
                                             const Terminal& terminal) {
    std::unique_ptr<Output> out(new Output);
    out->option_ = option;
    out->file_ = file;
    out->path_ = terminal.path(file);
    std::error_code problem;
    const auto state = std::filesystem::status(out->path_, problem);
    const bool special = std::filesystem::exists(state) && !std::filesystem::is_regular_file(state);
    if (std::filesystem::is_directory(state)) return invalid(option, file + " is a folder", "name a file");
    if (std::filesystem::is_symlink(std::filesystem::symlink_status(out->path_, problem)) && !special)
        out->path_ = std::filesystem::weakly_canonical(out->path_, problem).string();
    if (!special) out->partial_ = out->path_ + ".partial-" + std::to_string(::getpid());
    out->buffer_.resize(1u << 20);
    out->stream_.rdbuf()->pubsetbuf(out->buffer_.data(), static_cast<std::streamsize>(out->buffer_.size()));
    errno = 0;
    out->stream_.open(special ? out->path_ : out->partial_, std::ios::binary | std::ios::trunc);
    if (!out->stream_) {
        const std::string reason = file + " cannot be written: " + because(errno);
        out->partial_.clear();
        return fault(FaultKind::unavailable, option, reason, "name a file in a folder that can be written to");
    }
    return out;
}

Output::~Output() {
    if (partial_.empty()) return;
    stream_.close();
    std::error_code ignored;
    std::filesystem::remove(partial_, ignored);
}

Result<void> Output::keep() {
    stream_.close();
    if (!stream_)
        return fault(FaultKind::unavailable, option_, "not everything could be written to " + file_,
                     "is the disk full?");
    if (partial_.empty()) return {};
    std::error_code problem;
    std::filesystem::rename(partial_, path_, problem);
    if (problem) return fault(FaultKind::unavailable, option_, file_ + " cannot be written: " + problem.message());
    partial_.clear();
    return {};
}

void print_notices(const Arguments& a, Terminal& terminal, const std::vector<batch::Notice>& notices) {
    std::size_t shown = 0;
    for (const auto& notice : notices) {
        if (shown++ == most_notices_shown) {
            terminal.err << fmt::format("… and {} more sorts of notices\n", notices.size() - most_notices_shown);
            return;
        }
        if (a.json) {
            json::array further;
            for (const auto& place : notice.further_places) further.emplace_back(place);
            terminal.err << write_json(json::object{{"place", notice.fault.place},
                                                    {"reason", notice.fault.reason},
                                                    {"mend", notice.fault.mend},
                                                    {"times", notice.times},
                                                    {"whole_row", notice.whole_row},
                                                    {"further", std::move(further)}})
                         << "\n";
            continue;
        }
        std::string more;
        if (notice.times > 1) {
            more = fmt::format(" ({} {}", notice.times, notice.whole_row ? "rows" : "values");
            const auto places = std::min(notice.further_places.size(), most_places_shown);
            for (std::size_t i = 0; i < places; ++i) more += (i == 0 ? "; also " : ", ") + notice.further_places[i];
            if (places > 0 && notice.times > places + 1) more += ", …";
            more += ")";
        }
        terminal.err << fmt::format("{}: {}. {}{}{}\n", notice.fault.place, notice.fault.reason, notice.fault.mend,
                                    notice.whole_row ? "" : " (taken as missing)", more);
    }
}

}  // namespace waymark::cli
