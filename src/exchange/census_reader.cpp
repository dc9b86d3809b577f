// The children in need census as XML: libxml2's push parser, a block at a time, one child in memory. Entities beyond
// the five of XML are never expanded (a document type declaration ends the reading), nothing is fetched, and lines are
// counted by the parser's input, which is right where a node's own line number would stop at 65,535.
#include <exception>

#include <fmt/core.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include "base/text.hpp"
#include "exchange/census_map.hpp"
#include "exchange/reader.hpp"

namespace waymark::exchange {

namespace {

constexpr std::size_t block_bytes = std::size_t{64} * 1024;

struct Problem {
    std::uint64_t line = 0;
    std::string reason;
};

class CensusParser {
public:
    CensusParser(const Reading& reading, Sink& sink) : reading_(reading), sink_(sink), mapper_(reading, sink) {
        sax_.initialized = XML_SAX2_MAGIC;
        sax_.startElementNs = &on_open;
        sax_.endElementNs = &on_close;
        sax_.characters = &on_text;
        sax_.cdataBlock = &on_text;
        sax_.internalSubset = &on_doctype;
        sax_.serror = &on_error;
        context_ = xmlCreatePushParserCtxt(&sax_, this, nullptr, 0, nullptr);
        if (context_ == nullptr) throw std::bad_alloc();
        xmlCtxtUseOptions(context_, XML_PARSE_NONET | XML_PARSE_NOWARNING);
    }
    ~CensusParser() { xmlFreeParserCtxt(context_); }
    CensusParser(const CensusParser&) = delete;
    CensusParser& operator=(const CensusParser&) = delete;

    // False: no more need be read.
    bool feed(const char* block, std::size_t size, bool last) {
        const int result = xmlParseChunk(context_, block, static_cast<int>(size), last ? 1 : 0);
        if (failure_) std::rethrow_exception(failure_);
        if (stopped_) return false;
        if ((result != 0 && context_->wellFormed == 0) || problem_) {
            if (!problem_) problem_ = Problem{line(), "not well-formed XML"};
            return false;
        }
        return !last;
    }

    [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }
    [[nodiscard]] const std::optional<Fault>& wrong_format() const { return wrong_format_; }
    // The line on which the child begins that was not read to its end.
    [[nodiscard]] std::optional<std::uint64_t> unfinished() const { return unfinished_; }

private:
    enum class Where { outside, message, children, header, child, skipping };

    [[nodiscard]] std::uint64_t line() const {
        return context_->input != nullptr && context_->input->line > 0
                   ? static_cast<std::uint64_t>(context_->input->line)
                   : 0;
    }

    void stop() {
        stopped_ = true;
        xmlStopParser(context_);
    }

    void open(std::string_view name, bool attributes) {
        switch (where_) {
            case Where::outside:
                if (name != "Message") {
                    wrong_format_ = Fault{FaultKind::invalid, fmt::format("{}:{}", reading_.file, line()),
                                          "not a children in need census: its outermost element is not Message",
                                          "give the XML that the census system wrote"};
                    return stop();
                }
                where_ = Where::message;
                return;
            case Where::message:
                if (name == "Header") return begin(name, Where::header);
                if (name == "Children") {
                    where_ = Where::children;
                    return;
                }
                return begin(name, Where::skipping);
            case Where::children:
                return begin(name, name == "Child" ? Where::child : Where::skipping);
            default:
                tree_.open(name, line(), attributes);
        }
    }

    void begin(std::string_view name, Where where) {
        back_to_ = where_;
        where_ = where;
        tree_.begin(name, line());
        unfinished_ = line();
    }

    void close() {
        if (where_ == Where::header || where_ == Where::child || where_ == Where::skipping) {
            tree_.close();
            if (tree_.depth() == 0) end_of_tree();
        } else if (where_ == Where::children) {
            where_ = Where::message;
        }
    }

    void end_of_tree() {
        const auto was = where_;
        where_ = back_to_;
        unfinished_.reset();
        if (was == Where::header) {
            mapper_.header(tree_);
        } else if (was == Where::child) {
            mapper_.child(tree_);
        } else {
            const auto& node = tree_.at(CensusTree::root);
            sink_.refuse_row({{reading_.file, node.line, node.name,
                               fmt::format("not an element of the children in need census ({} values)",
                                           tree_.values_in(CensusTree::root)),
                               "check how it is written", true, false}});
        }
        if (sink_.stopped()) stop();
    }

    void text(std::string_view piece) {
        if (where_ == Where::header || where_ == Where::child || where_ == Where::skipping)
            return tree_.text(piece, line());
        const auto start = piece.find_first_not_of(" \t\r\n");
        if (start == std::string_view::npos) return;
        const auto ends = static_cast<std::uint64_t>(
            std::count(piece.begin() + static_cast<std::ptrdiff_t>(start), piece.end(), '\n'));
        // Among lone carriage returns the parser has not yet counted every line whose end it hands on.
        sink_.refuse_field({reading_.file, line() > ends ? line() - ends : 1, "(text)",
                            "text stands between the elements, in none of them",
                            "put it into its element, or take it out", false, false});
    }

    // No exception may pass through the parser.
    template <class Work>
    static void guarded(void* self_pointer, const Work& work) {
        auto& self = *static_cast<CensusParser*>(self_pointer);
        if (self.stopped_ || self.failure_) return;
        try {
            work(self);
        } catch (...) {
            self.failure_ = std::current_exception();
            self.stop();
        }
    }
    static std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

    static void on_open(void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**,
                        int attributes, int, const xmlChar**) {
        guarded(self, [&](CensusParser& parser) { parser.open(view(name), attributes > 0); });
    }
    static void on_close(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
        guarded(self, [](CensusParser& parser) { parser.close(); });
    }
    static void on_text(void* self, const xmlChar* text, int length) {
        guarded(self, [&](CensusParser& parser) {
            parser.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
        });
    }
    static void on_doctype(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
        guarded(self, [](CensusParser& parser) {
            parser.problem_ = Problem{parser.line(), "a document type declaration, which a census does not have"};
            parser.stop();
        });
    }
    static void on_error(void* self_pointer, xmlErrorPtr error) {
        auto& self = *static_cast<CensusParser*>(self_pointer);
        if (self.problem_ || self.stopped_ || error->level != XML_ERR_FATAL) return;
        const auto message =
            trim(error->message != nullptr ? std::string_view(error->message) : std::string_view("not well-formed"));
        self.problem_ =
            Problem{error->line > 0 ? static_cast<std::uint64_t>(error->line) : self.line(), std::string(message)};
    }

    const Reading& reading_;
    Sink& sink_;
    CensusMapper mapper_;
    CensusTree tree_;
    xmlSAXHandler sax_{};
    xmlParserCtxtPtr context_ = nullptr;
    Where where_ = Where::outside;
    Where back_to_ = Where::outside;
    bool stopped_ = false;
    std::optional<std::uint64_t> unfinished_;
    std::optional<Problem> problem_;
    std::optional<Fault> wrong_format_;
    std::exception_ptr failure_;
};

}  // namespace

Result<void> read_census(std::streambuf& in, const Reading& reading, Sink& sink) {
    CensusParser parser(reading, sink);
    std::string block(block_bytes, '\0');
    for (bool going = true; going;) {
        const auto got = in.sgetn(block.data(), static_cast<std::streamsize>(block.size()));
        going = parser.feed(block.data(), got > 0 ? static_cast<std::size_t>(got) : 0, got <= 0);
    }
    if (parser.wrong_format()) return tl::unexpected(*parser.wrong_format());
    if (const auto& problem = parser.problem()) {
        const auto unfinished = parser.unfinished();
        const auto lost = unfinished
                              ? fmt::format("; what begins on line {} was not taken, and nothing after it", *unfinished)
                              : std::string("; nothing after it was read");
        sink.refuse_row({{reading.file, problem->line, "XML", problem->reason + lost,
                          "mend the file and import it again: what was taken is not taken twice", true, false}});
    }
    return {};
}

}  // namespace waymark::exchange
