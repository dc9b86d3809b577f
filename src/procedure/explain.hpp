#pragma once
// A procedure in plain words, chapter by chapter of the manual, and as a diagram of its graph. Pure: the same document
// gives the same words and the same drawing.
#include <string>
#include <string_view>
#include <vector>

#include "content/manual.hpp"
#include "procedure/procedure.hpp"

namespace waymark::procedure {

struct Statement {
    std::string id;         // of the rule or cue
    std::string words;      // whole sentences
    std::string paragraph;  // of the manual; may be empty
    std::string source;     // "C01 Working Together 2018, page 31, in force from 2018-07-04"; empty where there is none
    bool unsourced = false;
    bool cue = false;
};
struct ExplainedChapter {
    std::string number;  // empty: of rules that name no paragraph of the manual
    std::string title;
    std::vector<Statement> statements;  // in the order of their paragraphs
};
// One line of the diagram, as its table says it.
struct Arrow {
    enum class Kind { response, condition, milestone, include, exclude, missed } kind = Kind::response;
    std::string from;  // event ids
    std::string to;
    std::string clock;  // in words; may be empty
    std::vector<std::string> rules;
};
std::string_view in_words(Arrow::Kind);  // "then it must follow within"
struct Explanation {
    std::string name;
    std::string version;
    std::string title;
    std::vector<ExplainedChapter> chapters;  // in the order of the manual; what is in none comes last
    std::vector<std::string> numbers;        // that a partnership may change, each with its source
    std::vector<std::string> manifold;       // what there may be many of, and what opens and closes it
};
Explanation explanation(const Rulebook&, const content::Manual&);
std::string to_text(const Explanation&);

// Every relation, those that are alike drawn once, in the order of the document.
std::vector<Arrow> arrows_of(const Rulebook&);
std::string event_label(const Rulebook&, std::string_view id);
// "5 working days", "5 working days before that day" (which the first of the two sets); empty where it has no clock.
std::string clock_words(const Rule&);
// The graph as SVG: events in columns (steps) by the longest way over duties and conditions; each kind of line has a
// pattern and an end of its own. Text is 11 px and more at its own size: scroll it, do not shrink it.
std::string diagram(const Rulebook&);
// A page that needs no other: the words, the diagram, and what it shows as a table.
std::string to_html(const Explanation&, const Rulebook&);

}  // namespace waymark::procedure
