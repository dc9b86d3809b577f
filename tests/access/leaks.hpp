#pragma once
// Faults that a program like this could have, each of which tells something that may not be known. They are planted
// over the answers or in a changed policy, never in the program; each must make two worlds differ.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/scratch_files.hpp"
#include "visits.hpp"

namespace waymark::twins {

struct Leak {
    std::string name;
    std::vector<std::string> of;  // the secrets that it tells
    std::function<void(World&, const std::string& path, web::Response&)> web{};
    std::function<void(World&, const std::string& words, std::string& output)> command{};
    std::function<void(std::string& matrix)> policy{};  // changes the text of content/access/matrix.toml
};
const std::vector<Leak>& leaks();
// The content folder with the policy changed as the leak has it.
std::string content_with(const Leak&, const testing::ScratchFolder&);

}  // namespace waymark::twins
