#pragma once
// Pairs of worlds that differ only in what somebody may not know: a script of what happened, some of it secret. The
// first world is the script without its secrets, the second the whole of it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "content/content.hpp"
#include "sharing/sharing.hpp"

namespace waymark::twins {

// What somebody may not know, as docs/access.md has it ("What somebody may know"), one row each. Whose eyes it is kept
// from is asked of the row of their role in the policy.
struct Secret {
    std::string_view name;
    std::string_view words;
    bool (*kept_from)(const sharing::RoleRow&);
};
const std::vector<Secret>& secrets();

// What happened at one moment: lines of the contract that an import takes, or something that another person does.
struct Moment {
    bool secret = false;
    std::string day;                 // 2026-02-03
    std::vector<std::string> lines;  // none: `act`
    std::string act;                 // "look", "draft", "session"
};

// A child as a search may ask for one.
struct Child {
    std::string given, family, born, sex, postcode, address, nhs_number;
    std::string agency, id;  // of the first view
    bool secret = false;
};

struct Script {
    std::uint64_t seed = 0;
    content::Practitioner who;         // from whom the secrets are kept
    std::vector<std::string> kept;     // names of secrets
    std::vector<Moment> moments;       // in the order of time
    std::vector<Child> children;       // the secret ones last
    std::vector<std::string> entries;  // "agency/id" of entries, secret ones too
};

Script script(std::uint64_t seed, const content::Profile&, const sharing::Policy&);

}  // namespace waymark::twins
