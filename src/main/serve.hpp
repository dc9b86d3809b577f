#pragma once
// serve and demo: the commands that hold a store and answer on a port.
#include <string>
#include <vector>

#include "cli/session.hpp"

namespace waymark {

struct Places {
    std::string content_dir;
    std::string assets_dir;
};

int serve(const cli::World&, const Places&, const cli::Arguments&, cli::Terminal&);
int demo(const cli::World&, const Places&, const cli::Arguments&, cli::Terminal&);

}  // namespace waymark
