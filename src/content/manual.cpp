// cmark reads the Markdown; what is not allowed in a chapter is refused by its node.
#include "content/manual.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <set>

#include <cmark.h>
#include <fmt/core.h>

#include "base/text.hpp"
#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

namespace {

constexpr std::size_t most_chapters = 200;
constexpr std::string_view fence = "+++";

bool is_number(std::string_view text) {
    if (text.empty() || text.front() == '.' || text.back() == '.') return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) &&
           text.find("..") == std::string_view::npos;
}

std::vector<int> parts_of(std::string_view number) {
    std::vector<int> parts;
    for (const auto part : split(number, '.')) {
        int value = 0;
        std::from_chars(part.data(), part.data() + part.size(), value);
        parts.push_back(value);
    }
    return parts;
}

// "2.1.3 The text" -> the number and what follows it; nothing where the text does not begin so.
std::optional<std::pair<std::string, std::string>> take_number(const std::string& text) {
    const auto space = text.find(' ');
    const auto word = text.substr(0, space);
    if (!is_number(word) || word.find('.') == std::string::npos) return std::nullopt;
    return std::pair(word, space == std::string::npos ? std::string() : text.substr(space + 1));
}

struct Free {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, Free>;

std::string literal(cmark_node* node) {
    const char* text = cmark_node_get_literal(node);
    return text == nullptr ? std::string() : std::string(text);
}

class BodyReader {
public:
    BodyReader(Chapter& chapter, const std::string& file, int first_line)
        : chapter_(chapter), file_(file), lines_above_(first_line - 1) {}

    Result<void> read(std::string_view body) {
        const Document document(cmark_parse_document(body.data(), body.size(), CMARK_OPT_DEFAULT));
        cmark_consolidate_text_nodes(document.get());
        for (auto* node = cmark_node_first_child(document.get()); node != nullptr; node = cmark_node_next(node)) {
            TRY_VOID(block(node));
        }
        return {};
    }

private:
    [[nodiscard]] int line_of(cmark_node* node) const {
        while (node != nullptr && cmark_node_get_start_line(node) == 0) node = cmark_node_parent(node);
        return lines_above_ + (node == nullptr ? 1 : cmark_node_get_start_line(node));
    }
    tl::unexpected<Fault> refuse(cmark_node* node, std::string reason, std::string mend) const {
        return invalid(fmt::format("{}:{}", file_, line_of(node)), std::move(reason), std::move(mend));
    }

    Result<void> block(cmark_node* node) {
        ManualBlock made;
        made.line = line_of(node);
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_HEADING: {
                const int level = cmark_node_get_heading_level(node);
                if (level != 2 && level != 3) {
                    return refuse(node, "a chapter has headings of the second and third level only",
                                  "write ## or ###; the chapter's own title stands above");
                }
                made.kind = level == 2 ? ManualBlock::Kind::heading : ManualBlock::Kind::subheading;
                break;
            }
            case CMARK_NODE_PARAGRAPH:
                break;
            case CMARK_NODE_LIST:
                return list(node, std::move(made));
            default:
                return refuse(node, fmt::format("a chapter may not hold this ({})", cmark_node_get_type_string(node)),
                              "write headings, paragraphs and bulleted lists");
        }
        TRY_VOID(inlines(node, made.text));
        TRY_VOID(number(node, made));
        chapter_.blocks.push_back(std::move(made));
        return {};
    }

    Result<void> number(cmark_node* node, ManualBlock& block) {
        if (block.text.empty() || block.text.front().kind != ManualRun::Kind::text) return {};
        auto found = take_number(block.text.front().text);
        if (!found) return {};
        if (!found->first.starts_with(chapter_.number + ".")) {
            return refuse(node, fmt::format("{} is no number of chapter {}", found->first, chapter_.number),
                          fmt::format("begin it with {}.", chapter_.number));
        }
        if (!numbers_.insert(found->first).second) {
            return refuse(node, fmt::format("the number {} stands twice", found->first), "give one of them another");
        }
        block.number = std::move(found->first);
        block.text.front().text = std::move(found->second);
        return {};
    }

    Result<void> list(cmark_node* node, ManualBlock made) {
        if (cmark_node_get_list_type(node) != CMARK_BULLET_LIST) {
            return refuse(node, "numbered lists are not for a chapter", "number paragraphs, or write a bulleted list");
        }
        made.kind = ManualBlock::Kind::list;
        for (auto* item = cmark_node_first_child(node); item != nullptr; item = cmark_node_next(item)) {
            auto* inside = cmark_node_first_child(item);
            if (inside == nullptr || cmark_node_get_type(inside) != CMARK_NODE_PARAGRAPH ||
                cmark_node_next(inside) != nullptr) {
                return refuse(item, "an item of a list is one paragraph", "take lists and paragraphs out of it");
            }
            made.items.emplace_back();
            TRY_VOID(inlines(inside, made.items.back()));
        }
        chapter_.blocks.push_back(std::move(made));
        return {};
    }

    Result<void> inlines(cmark_node* parent, ManualText& out) {
        for (auto* node = cmark_node_first_child(parent); node != nullptr; node = cmark_node_next(node)) {
            switch (cmark_node_get_type(node)) {
                case CMARK_NODE_TEXT:
                    TRY_VOID(text(node, literal(node), out));
                    break;
                case CMARK_NODE_SOFTBREAK:
                    add(out, " ");
                    break;
                case CMARK_NODE_STRONG:
                    out.push_back({ManualRun::Kind::strong, TRY(plain(node)), {}});
                    break;
                case CMARK_NODE_LINK: {
                    const std::string url = cmark_node_get_url(node);
                    if (url.size() < 2 || url.front() != '#' || !is_number(std::string_view(url).substr(1))) {
                        return refuse(node, "a chapter links inside the manual only",
                                      "write [3.2.1](#3.2.1); sources are citations");
                    }
                    out.push_back({ManualRun::Kind::paragraph_link, TRY(plain(node)), url.substr(1)});
                    break;
                }
                default:
                    return refuse(node,
                                  fmt::format("a chapter may not hold this ({})", cmark_node_get_type_string(node)),
                                  "write plain words, **bold**, links and citations");
            }
        }
        return {};
    }

    Result<std::string> plain(cmark_node* parent) const {
        std::string all;
        for (auto* node = cmark_node_first_child(parent); node != nullptr; node = cmark_node_next(node)) {
            const auto type = cmark_node_get_type(node);
            if (type != CMARK_NODE_TEXT && type != CMARK_NODE_SOFTBREAK) {
                return refuse(node, "bold words and links hold words only", "take the marks inside them out");
            }
            all += type == CMARK_NODE_TEXT ? literal(node) : " ";
        }
        return all;
    }

    static void add(ManualText& out, std::string_view words) {
        if (words.empty()) return;
        if (out.empty() || out.back().kind != ManualRun::Kind::text) out.push_back({});
        out.back().text += words;
    }

    // Plain words with citations in them: "… of the disclosure. [^sefton-20.7]".
    Result<void> text(cmark_node* node, std::string_view words, ManualText& out) const {
        for (;;) {
            const auto open = words.find("[^");
            add(out, words.substr(0, open));
            if (open == std::string_view::npos) return {};
            const auto close = words.find(']', open);
            if (close == std::string_view::npos) {
                return refuse(node, "a citation is not closed", "write [^key] with a key of [[citation]]");
            }
            const std::string key(words.substr(open + 2, close - open - 2));
            if (chapter_.citation(key) == nullptr) {
                std::vector<std::string> known;
                for (const auto& one : chapter_.citations) known.push_back(one.key);
                const auto near = nearest(key, known);
                return refuse(node, fmt::format("no [[citation]] has the key “{}”", key),
                              near.empty() ? "list it above the text" : fmt::format("did you mean {}?", near));
            }
            out.push_back({ManualRun::Kind::citation, {}, key});
            words.remove_prefix(close + 1);
        }
    }

    Chapter& chapter_;
    const std::string& file_;
    int lines_above_;
    std::set<std::string> numbers_;
};

Result<ChapterStatus> status_of(const TomlReader& in, const toml::table& table) {
    const auto word = TRY(in.need_string(table, "status"));
    for (const auto status : {ChapterStatus::current, ChapterStatus::under_review, ChapterStatus::archived}) {
        if (word == to_string(status)) return status;
    }
    return invalid(in.place_of(table, "status"), fmt::format("“{}” is no status of a chapter", word),
                   "write current, under-review or archived");
}

Result<std::vector<Citation>> citations_of(const TomlReader& in, const toml::table& table) {
    std::vector<Citation> all;
    for (const auto* one : TRY(in.tables(table, "citation"))) {
        TRY_VOID(in.only(*one, {"key", "text", "date", "archived"}));
        Citation made;
        made.key = TRY(in.need_string(*one, "key"));
        made.text = TRY(in.need_string(*one, "text"));
        made.date = TRY(in.string(*one, "date"));
        made.archived = TRY(in.boolean(*one, "archived", false));
        if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.key == made.key; })) {
            return invalid(in.place_of(*one, "key"), fmt::format("the citation {} stands twice", made.key),
                           "give one of them another key");
        }
        all.push_back(std::move(made));
    }
    return all;
}

Result<std::vector<ManualStage>> stages_of(const TomlReader& in, const toml::table& table) {
    constexpr int oldest = 25;  // some duties to care leavers last until then
    std::vector<ManualStage> all;
    for (const auto* one : TRY(in.tables(table, "stage"))) {
        TRY_VOID(in.only(*one, {"from", "to", "paragraph"}));
        ManualStage made;
        made.from = TRY(in.integer(*one, "from", 0, oldest, -1));
        made.to = TRY(in.integer(*one, "to", 0, oldest, -1));
        made.paragraph = TRY(in.need_string(*one, "paragraph"));
        if (made.from < 0 || made.to < made.from)
            return invalid(in.place_of(*one, "to"), "the stage has no two ages, the younger first",
                           "write from = 5 and to = 10");
        all.push_back(std::move(made));
    }
    return all;
}

}  // namespace

std::string_view to_string(ChapterStatus status) {
    switch (status) {
        case ChapterStatus::current:
            return "current";
        case ChapterStatus::under_review:
            return "under-review";
        case ChapterStatus::archived:
            break;
    }
    return "archived";
}

const Citation* Chapter::citation(std::string_view key) const {
    const auto found =
        std::find_if(citations.begin(), citations.end(), [&](const auto& one) { return one.key == key; });
    return found == citations.end() ? nullptr : &*found;
}

const ManualBlock* Chapter::paragraph(std::string_view wanted) const {
    const auto found = std::find_if(blocks.begin(), blocks.end(),
                                    [&](const auto& one) { return !one.number.empty() && one.number == wanted; });
    return found == blocks.end() ? nullptr : &*found;
}

Result<Chapter> parse_chapter(std::string_view text, const std::string& file) {
    if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos) {
        return invalid(file, fmt::format("byte {} is not UTF-8", bad), "save the file as UTF-8");
    }
    if (text.find('\0') != std::string_view::npos) return invalid(file, "it holds a NUL character", "take it out");
    const auto end = text.find("\n+++\n", fence.size());
    if (!text.starts_with("+++\n") || end == std::string_view::npos) {
        return invalid(file + ":1", "what stands above the text is missing",
                       "put number, title … between two lines +++");
    }
    // One line of the file is one line of the TOML: the first fence becomes an empty one.
    const auto head = "\n" + std::string(text.substr(4, end - 4 + 1));
    const TomlReader in(file);
    const toml::table table = TRY(in.parse(head));
    TRY_VOID(in.only(table, {"number", "title", "version", "owner", "status", "last_updated", "review_due", "nations",
                             "citation", "stage"}));
    Chapter chapter;
    chapter.number = TRY(in.need_string(table, "number"));
    if (!is_number(chapter.number)) {
        return invalid(in.place_of(table, "number"), fmt::format("“{}” is no number", chapter.number),
                       "write it as \"2\" or \"20.1\"");
    }
    chapter.title = TRY(in.need_string(table, "title"));
    chapter.version = TRY(in.need_string(table, "version"));
    chapter.owner = TRY(in.need_string(table, "owner"));
    chapter.status = TRY(status_of(in, table));
    chapter.last_updated = TRY(in.need_date(table, "last_updated"));
    chapter.review_due = TRY(in.need_date(table, "review_due"));
    if (chapter.review_due <= chapter.last_updated) {
        return invalid(in.place_of(table, "review_due"), "the review is due before the last update", "set a later day");
    }
    chapter.nations = TRY(in.strings(table, "nations"));
    chapter.citations = TRY(citations_of(in, table));
    chapter.stages = TRY(stages_of(in, table));
    chapter.name = std::filesystem::path(file).stem().string();
    chapter.source = std::string(text);
    const auto body = text.substr(end + 5);
    const auto first_line =
        1 + static_cast<int>(std::count(text.begin(), text.end() - static_cast<std::ptrdiff_t>(body.size()), '\n'));
    TRY_VOID(BodyReader(chapter, file, first_line).read(body));
    if (chapter.blocks.empty()) return invalid(file, "the chapter has no text", "write it below the second line +++");
    for (const auto& stage : chapter.stages) {
        if (chapter.paragraph(stage.paragraph) == nullptr)
            return invalid(in.place_of(table, "stage"),
                           fmt::format("a stage names the paragraph {}, which is not here", stage.paragraph),
                           "name a paragraph of this chapter");
    }
    return chapter;
}

Result<Manual> Manual::of(std::vector<Chapter> chapters) {
    std::sort(chapters.begin(), chapters.end(),
              [](const auto& a, const auto& b) { return parts_of(a.number) < parts_of(b.number); });
    Manual manual;
    manual.chapters_ = std::move(chapters);
    for (std::size_t i = 1; i < manual.chapters_.size(); ++i) {
        const auto& one = manual.chapters_[i];
        if (one.number == manual.chapters_[i - 1].number) {
            return invalid(fmt::format("manual/{}.md", one.name),
                           fmt::format("{} is the number of {} too", one.number, manual.chapters_[i - 1].name),
                           "give one of them another number");
        }
    }
    const auto check = [&](const Chapter& chapter, const ManualBlock& block, const ManualText& text) -> Result<void> {
        for (const auto& run : text) {
            if (run.kind != ManualRun::Kind::paragraph_link) continue;
            if (manual.chapter_of(run.target) == nullptr) {
                return invalid(fmt::format("manual/{}.md:{}", chapter.name, block.line),
                               fmt::format("the manual has no paragraph {}", run.target), "link to one that is there");
            }
        }
        return {};
    };
    for (const auto& chapter : manual.chapters_) {
        for (const auto& block : chapter.blocks) {
            TRY_VOID(check(chapter, block, block.text));
            for (const auto& item : block.items) TRY_VOID(check(chapter, block, item));
        }
    }
    return manual;
}

const Chapter* Manual::chapter(std::string_view number) const {
    const auto found =
        std::find_if(chapters_.begin(), chapters_.end(), [&](const auto& one) { return one.number == number; });
    return found == chapters_.end() ? nullptr : &*found;
}

const Chapter* Manual::chapter_of(std::string_view paragraph) const {
    const auto found = std::find_if(chapters_.begin(), chapters_.end(), [&](const auto& one) {
        return one.number == paragraph || one.paragraph(paragraph) != nullptr;
    });
    return found == chapters_.end() ? nullptr : &*found;
}

Result<Manual> load_manual(const std::string& content_dir) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(content_dir) / "manual", error)) {
        if (entry.path().extension() == ".md") names.push_back(entry.path().filename().string());
    }
    if (names.size() > most_chapters) {
        return invalid("manual", fmt::format("there are {} chapters", names.size()),
                       fmt::format("keep at most {}", most_chapters));
    }
    std::sort(names.begin(), names.end());
    std::vector<Chapter> chapters;
    for (const auto& name : names) {
        const auto file = "manual/" + name;
        chapters.push_back(TRY(parse_chapter(TRY(read_content(content_dir, file)), file)));
    }
    return Manual::of(std::move(chapters));
}

}  // namespace waymark::content
