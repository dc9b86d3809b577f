#pragma once
// The cover of outside names (store/names.hpp) under a key of its own: format in docs/formats/sealed.md.
#include "base/secret.hpp"
#include "store/names.hpp"

namespace waymark::record {

inline constexpr std::string_view name_secret = "name-key";
std::shared_ptr<const store::NameCover> name_cover(ByteView key);  // 32 bytes

}  // namespace waymark::record
