#pragma once
// A page of its own: one HTML file that is well-formed as XML, with its styles inside and no script. What is given to
// row(), begin_table(), section() and figure()'s caption is text and becomes markup here; paragraph(), open() and
// close() take markup.
#include <string>
#include <vector>

namespace waymark::exchange {

class Page {
public:
    Page(const std::string& title, const std::string& made, const std::string& warning);
    void section(const std::string& id, const std::string& heading);
    void end_section();
    void paragraph(const std::string& markup);
    void open(const std::string& markup) { body_ += markup; }
    void close(const std::string& markup) { body_ += markup; }
    // The first column heads its row; a column of numbers is set to the right.
    void begin_table(const std::string& caption, const std::vector<std::string>& header);
    void row(const std::vector<std::string>& cells);
    void end_table();
    void figure(const std::string& svg, const std::string& caption);
    std::string finish();

private:
    std::string head_;
    std::string contents_;
    std::string body_;
    std::string caption_;
    std::vector<std::vector<std::string>> rows_;  // of the table that is open; the header first
};

}  // namespace waymark::exchange
