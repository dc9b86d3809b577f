// Writes a file of synthetic children: make_children RECORDS [SEED] > children.csv
#include <cstdio>
#include <cstdlib>

#include "support/children.hpp"

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("make_children RECORDS [SEED] > children.csv\n", stderr);
        return 2;
    }
    waymark::testing::Children children(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
    std::fputs(waymark::testing::Children::header(), stdout);
    children.write(std::strtoull(argv[1], nullptr, 10),
                   [](const std::string& row) { std::fputs(row.c_str(), stdout); });
    return 0;
}
