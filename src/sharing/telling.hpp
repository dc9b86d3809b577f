#pragma once
// On what lawful basis one agency tells another: the basis of the one that tells, the basis of the one that is told,
// and the statutory gateway between them. A pure function over content/access/bases.toml; what the file does not define
// is refused with help, never guessed.
//
// Source: targets 2.H (regime on each pair of organisation and purpose), domain register 2.9; each row of the file
// carries its own, and [U] where there is none.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "content/content.hpp"

namespace waymark::sharing {

struct Bases {
    enum class Class { personal, special, criminal };
    struct Words {
        std::string words;
        std::string source;  // "[U] …" where none was found
    };
    struct Content {
        std::string words;
        Class of = Class::special;
    };
    struct Article {
        std::string regime;
        std::string special;   // condition
        std::string criminal;  // condition
        Words words;
    };
    struct Body {
        std::vector<std::string> nations;
        std::vector<std::string> types;
        std::string article;
        std::vector<std::string> enforcing;  // purposes
        std::string enforcing_article;
        std::string source;
    };
    struct Gateway {
        std::string id;
        Words words;
        std::vector<std::string> from;  // agency types
        std::vector<std::string> to;
        std::vector<std::string> purposes;
        std::vector<std::string> nations;
        std::optional<Date> in_force;  // without one it is never used
    };
    using Table = std::map<std::string, Words, std::less<>>;
    std::string version;
    std::map<std::string, Content, std::less<>> contents;
    Table regimes;
    std::map<std::string, Article, std::less<>> articles;
    Table conditions;
    std::vector<Body> bodies;
    std::vector<Gateway> gateways;
    std::string text;  // the TOML itself, as adopted
};
// Refuses unknown keys, types, nations, and names that no row defines; place is file and line.
Result<Bases> parse_bases(std::string_view toml, const std::string& file);

struct Basis {
    struct Side {
        std::string agency;  // key
        std::string regime;  // ids, and their words
        std::string article;
        std::string condition;  // empty where the class of the content needs none
        std::string words;
    };
    Side from;
    Side to;
    std::string gateway;
    std::string gateway_words;
    bool unsourced = false;  // something in it is marked [U]
    std::string version;     // of the table
    // "public-task.sch1-18_enforcement.sch8-4_ca-1989-47_2026-1": what an entry and an audit line
    // keep.
    [[nodiscard]] std::string code() const;
    // For the page, three sentences.
    [[nodiscard]] std::vector<std::string> words() const;
};

struct Telling {
    const content::Agency* from = nullptr;
    const content::Agency* to = nullptr;
    std::string_view purpose;  // of the access policy
    std::string_view content;  // a part of the record, or `feedback`, `check-answer`, `challenge`, `name`
    std::string_view nation;
    Date on;
};
// The pair, or a `forbidden` fault whose place is `basis`, with what is missing in words and what to do about it. The
// profile's own regime and article of an agency go over those of its type.
Result<Basis> basis_for(const Bases&, const Telling&);

// Each agency of the profile relies on something that the table defines, and an article of the regime that it names.
Result<void> bases_hold(const Bases&, const content::Profile&);

}  // namespace waymark::sharing
