#pragma once
// What somebody can try: every page, form and command, with every identifier that they can see or guess. The same
// tries are made in both worlds of a pair, with the same random bytes, and the answers are held against each other.
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/web_house.hpp"
#include "worlds.hpp"

namespace waymark::twins {

// The identifiers of a world, by what they name.
struct Known {
    std::vector<std::string> views;
    std::vector<std::string> entries;
    std::vector<std::string> concerns;
    std::vector<std::string> cases;
    std::vector<std::string> drafts;
};
Known known_of(testing::House&);

// One world: its house, its clock, and whoever looks.
class World {
public:
    World(const testing::Ground&, const Script&, bool with_secrets);
    testing::House house;
    testing::Browser browser{house};

    void sign_in();
    // One answer as text: status, headers, body; or exit code, output and messages.
    std::string ask(web::Method, const std::string& path, const std::string& form = {});
    std::string command(std::vector<std::string> words);
    // What a leak that is planted changes in an answer of the web, and of a command.
    std::function<void(World&, const std::string& path, web::Response&)> leak;
    std::function<void(World&, const std::string& words, std::string& output)> leak_of_command;
    [[nodiscard]] const Script& script() const { return script_; }
    // What was made since the tries began has a random name in each world: it is called by the order in which it was
    // seen. What stood before keeps its name.
    void keep_names(const Known&);
    std::string renamed(std::string text);

private:
    void play(const Moment&, bool happens);
    const Script& script_;
    std::set<std::string> old_names_;
    std::map<std::string, std::string> new_names_;
};

// A try, and its answer in one world.
struct Try {
    std::string name;
    std::function<std::string(World&)> make;
};
// Calls each(try) for every try, in their order, until it says no. `known` are the identifiers of both worlds. Of the
// identifiers that are tried by guess, where a page takes one of a kind that is not told apart here, one in `one_in`,
// as the seed has it.
void each_try(World& of, const Known& known, std::uint64_t seed, std::size_t one_in,
              const std::function<bool(const Try&)>& each);

}  // namespace waymark::twins
