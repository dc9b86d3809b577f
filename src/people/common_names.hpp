#pragma once
// Shares of names in Britain, approximate: for default_model().
#include <span>
#include <string_view>

namespace waymark::people {

struct NameShare {
    std::string_view name;
    double percent;
};
std::span<const NameShare> common_family_names();
std::span<const NameShare> common_given_names();

}  // namespace waymark::people
