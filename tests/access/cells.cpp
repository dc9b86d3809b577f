// Every cell of the access decision, for the second implementation in oracle.py to compare, and mutants of the policy
// for its answers to catch.
//
//   access_cells CONTENT_DIR cells            what the cells are (one line of JSON), then a byte for each
//   access_cells CONTENT_DIR mutants ANSWERS  how many single changes of the policy the bytes in ANSWERS tell apart
//
// A byte: the step that decided (3 bits), how much is seen (2 bits), whether the asker is told (1 bit).
#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/json.hpp"
#include "sharing/sharing.hpp"

namespace {

using namespace waymark;
using record::Action;
using record::Depth;
using sharing::CaseState;
using sharing::Level;
using sharing::Policy;
using sharing::Question;
using sharing::Relationship;
using sharing::RoleRow;
using sharing::Scope;

constexpr std::array<std::string_view, 4> depth_names{"none", "dates", "summary", "full"};
constexpr std::array<std::string_view, 3> state_names{"none", "open", "closed"};

struct Act {
    Action action;
    std::string kind;
};
struct Marked {
    Level level;
    bool named;
};
// A block of cells: the product of its lists, the last turning fastest, for each role in turn.
struct Family {
    std::vector<Relationship> relationships;
    std::vector<bool> own;
    std::vector<Marked> marked;
    std::vector<Act> acts;
    std::vector<CaseState> states;
    std::vector<std::string> purposes;
    [[nodiscard]] std::size_t of_role() const {
        return relationships.size() * own.size() * marked.size() * acts.size() * states.size() * purposes.size();
    }
};

struct Space {
    std::vector<std::string> roles;  // of the contract, and one that the policy has not
    std::vector<Family> families;
    [[nodiscard]] std::size_t size() const {
        std::size_t all = 0;
        for (const auto& family : families) all += family.of_role() * roles.size();
        return all;
    }
};

Space space_of(const Policy& policy, const content::Catalogue& catalogue) {
    Space space;
    space.roles = content::roles();
    space.roles.emplace_back("nobody");
    std::vector<Relationship> relationships;
    for (std::size_t i = 0; i < sharing::relationship_names.size(); ++i)
        relationships.push_back(static_cast<Relationship>(i));
    std::vector<Marked> marked{{Level::team, false}};
    for (const auto level : {Level::named_only, Level::all_but_named, Level::hidden, Level::sealed}) {
        marked.push_back({level, false});
        marked.push_back({level, true});
    }
    const std::vector<CaseState> states{CaseState::none, CaseState::open, CaseState::closed};
    std::vector<std::string> purposes;
    for (const auto& [code, words] : policy.purposes) purposes.push_back(code);
    purposes.emplace_back("curiosity");

    // One kind for each part, and none: "anything at all".
    std::vector<std::string> representatives{""};
    std::vector<bool> met(policy.parts.size());
    std::vector<Act> every_read;
    std::vector<Act> every_append{{Action::append, ""}};
    for (const auto& kind : catalogue.kinds()) {
        every_read.push_back({Action::read, kind.key});
        every_append.push_back({Action::append, kind.key});
        const auto part = policy.part(kind.key);
        if (!met[part]) representatives.push_back(kind.key);
        met[part] = true;
    }
    std::vector<Act> acts;
    for (const auto action : {Action::read, Action::export_record}) {
        for (const auto& kind : representatives) acts.push_back({action, kind});
    }
    for (const auto* kind : {"", "identity.recorded"}) acts.push_back({Action::reveal_address, kind});
    for (const auto action :
         {Action::search, Action::decide_identity, Action::fold, Action::administer, Action::oversee})
        acts.push_back({action, ""});
    space.families.push_back({relationships, {true, false}, marked, acts, states, purposes});
    space.families.push_back({relationships,
                              {true, false},
                              marked,
                              every_append,
                              {CaseState::open, CaseState::closed},
                              {"safeguarding", "curiosity"}});
    space.families.push_back(
        {relationships, {true, false}, {{Level::team, false}}, every_read, {CaseState::open}, {"safeguarding"}});
    return space;
}

// Stops where `visit` says false.
template <class Visit>
bool each_cell(const Policy& policy, const Family& family, const std::string& role, const Visit& visit) {
    Question q;
    q.role = role;
    for (const auto relationship : family.relationships) {
        q.relationship = relationship;
        for (const bool own : family.own) {
            q.own = own;
            for (const auto& marked : family.marked) {
                q.level = marked.level;
                q.named = marked.named;
                for (const auto& act : family.acts) {
                    q.action = act.action;
                    q.kind = act.kind;
                    for (const auto state : family.states) {
                        q.state = state;
                        for (const auto& purpose : family.purposes) {
                            q.purpose = purpose;
                            const auto answer = sharing::decide(policy, q);
                            const auto byte = static_cast<unsigned>(answer.step) |
                                              static_cast<unsigned>(answer.depth) << 3 | (answer.told ? 32u : 0u);
                            if (!visit(static_cast<std::uint8_t>(byte))) return false;
                        }
                    }
                }
            }
        }
    }
    return true;
}

json::object described(const Space& space) {
    json::array families;
    for (const auto& family : space.families) {
        json::array relationships;
        for (const auto one : family.relationships) relationships.emplace_back(sharing::to_string(one));
        json::array own;
        for (const bool one : family.own) own.emplace_back(one);
        json::array marked;
        for (const auto& one : family.marked) marked.push_back(json::array{sharing::to_string(one.level), one.named});
        json::array acts;
        for (const auto& one : family.acts) acts.push_back(json::array{record::to_string(one.action), one.kind});
        json::array states;
        for (const auto one : family.states) states.emplace_back(state_names.at(static_cast<std::size_t>(one)));
        json::array purposes;
        for (const auto& one : family.purposes) purposes.emplace_back(one);
        families.push_back(json::object{{"relationships", relationships},
                                        {"own", own},
                                        {"marked", marked},
                                        {"acts", acts},
                                        {"states", states},
                                        {"purposes", purposes}});
    }
    json::array roles;
    for (const auto& role : space.roles) roles.emplace_back(role);
    return {{"roles", roles}, {"families", families}};
}

// ---- mutants --------------------------------------------------------------------------------------------------------

struct Mutant {
    std::string words;
    std::string role;  // empty: any role's cells may show it
    std::function<void(Policy&)> change;
};

bool sees_anything(const RoleRow& row) {
    return row.own != Depth::none ||
           std::any_of(row.parts.begin(), row.parts.end(), [](Depth depth) { return depth != Depth::none; });
}
bool may_anything(const Policy& policy, const RoleRow& row) {
    const bool always = std::any_of(policy.always.begin(), policy.always.end(),
                                    [&](const auto& kind) { return row.appends.contains(kind); });
    const bool acts = std::any_of(row.scopes.begin(), row.scopes.end(),
                                  [](const auto& scope) { return scope.second != Scope::none; });
    return always || acts || row.beyond != Depth::none ||
           (row.reach != 0 && (sees_anything(row) || !row.appends.empty()));
}

class Mutants {
public:
    Mutants(const Policy& policy, const content::Catalogue& catalogue) : policy_(policy), catalogue_(catalogue) {
        for (std::size_t i = 0; i < policy.rows.size(); ++i) of_row(i);
        of_policy();
    }
    [[nodiscard]] const std::vector<Mutant>& all() const { return all_; }

private:
    // Changes without any effect are left out, each by the reason that is written at it.
    void of_row(std::size_t i) {
        const auto& row = policy_.rows[i];
        const auto add = [&](std::string words, std::function<void(RoleRow&)> change) {
            all_.push_back({fmt::format("{}: {}", row.role, words), row.role,
                            [i, change = std::move(change)](Policy& policy) { change(policy.rows[i]); }});
        };
        for (unsigned bit = 0; bit < static_cast<unsigned>(Relationship::conflict); ++bit) {
            add(fmt::format("reach {}", sharing::relationship_names.at(bit)),
                [bit](RoleRow& r) { r.reach = static_cast<std::uint16_t>(r.reach ^ (1u << bit)); });
        }
        for (const auto level : {Level::named_only, Level::hidden}) {
            const auto bit = 1u << static_cast<unsigned>(level);
            add(fmt::format("opens {}", sharing::to_string(level)),
                [bit](RoleRow& r) { r.opens = static_cast<std::uint8_t>(r.opens ^ bit); });
        }
        for (const auto& kind : catalogue_.kinds()) {
            // Who reaches nobody makes no entry but what may always be made.
            if (row.reach == 0 && !policy_.always.contains(kind.key)) continue;
            add(fmt::format("appends {}", kind.key), [key = kind.key](RoleRow& r) {
                if (r.appends.erase(key) == 0) r.appends.insert(key);
            });
        }
        // Who may nothing is refused before the purpose is asked.
        if (may_anything(policy_, row)) {
            for (const auto& [code, words] : policy_.purposes) {
                add(fmt::format("purpose {}", code), [code = code](RoleRow& r) {
                    if (std::erase(r.purposes, code) == 0) r.purposes.push_back(code);
                });
            }
        }
        for (const auto action : {Action::search, Action::decide_identity, Action::export_record, Action::fold,
                                  Action::administer, Action::oversee, Action::reveal_address}) {
            // These are asked of a child, and taking out and revealing ask first whether anything is seen.
            const bool sees = action == Action::export_record || action == Action::reveal_address;
            if (row.reach == 0 && (action == Action::decide_identity || sees)) continue;
            if (sees && !sees_anything(row)) continue;
            for (const auto scope : {Scope::none, Scope::own, Scope::all}) {
                if (scope == row.scope(action)) continue;
                // Where nothing of others is seen, own and all come to the same when taking out.
                const bool others =
                    std::any_of(row.parts.begin(), row.parts.end(), [](Depth depth) { return depth != Depth::none; });
                if (sees && !others && scope != Scope::none && row.scope(action) != Scope::none) continue;
                add(fmt::format("{} {}", record::to_string(action), static_cast<int>(scope)),
                    [action, scope](RoleRow& r) { r.scopes[action] = scope; });
            }
        }
        if (!row.purposes.empty()) depths_of(row, add);  // without a purpose nothing is ever seen
    }

    template <class Add>
    void depths_of(const RoleRow& row, const Add& add) {
        std::vector<Depth> seen{row.beyond};
        for (const auto part : row.parts) {
            seen.push_back(part);
            seen.push_back(std::max(part, row.own));
        }
        const bool reads = row.reach != 0 || row.beyond != Depth::none;
        for (const auto depth : {Depth::none, Depth::dates, Depth::summary, Depth::full}) {
            const auto name = depth_names.at(static_cast<std::size_t>(depth));
            // What others' part already gives, an own entry's depth cannot show.
            const auto larger = std::max(row.own, depth);
            const bool own_shows = std::any_of(row.parts.begin(), row.parts.end(), [&](Depth p) { return p < larger; });
            if (depth != row.own && row.reach != 0 && own_shows)
                add(fmt::format("own {}", name), [depth](RoleRow& r) { r.own = depth; });
            constexpr auto both =
                (1u << static_cast<unsigned>(Relationship::known)) | (1u << static_cast<unsigned>(Relationship::ended));
            if (depth != row.beyond && (row.reach & both) != both)
                add(fmt::format("beyond {}", name), [depth](RoleRow& r) { r.beyond = depth; });
            const bool cap_shows = std::any_of(
                seen.begin(), seen.end(), [&](Depth one) { return std::min(one, depth) != std::min(one, row.closed); });
            if (depth != row.closed && reads && cap_shows)
                add(fmt::format("closed {}", name), [depth](RoleRow& r) { r.closed = depth; });
            for (std::size_t part = 0; part < row.parts.size(); ++part) {
                if (depth == row.parts[part] || row.reach == 0) continue;
                add(fmt::format("{} {}", policy_.parts[part], name),
                    [depth, part](RoleRow& r) { r.parts[part] = depth; });
            }
        }
    }

    void of_policy() {
        for (const auto level : {Level::named_only, Level::all_but_named, Level::hidden, Level::sealed}) {
            const auto at = static_cast<std::size_t>(level);
            all_.push_back({fmt::format("{} told", sharing::to_string(level)), "",
                            [at](Policy& policy) { policy.levels.at(at).told = !policy.levels.at(at).told; }});
            if (level == Level::all_but_named) continue;  // who is shut out by name stays so
            all_.push_back({fmt::format("{} glass", sharing::to_string(level)), "",
                            [at](Policy& policy) { policy.levels.at(at).glass = !policy.levels.at(at).glass; }});
        }
        for (const auto& kind : catalogue_.kinds()) {
            all_.push_back({fmt::format("always {}", kind.key), "", [key = kind.key](Policy& policy) {
                                if (policy.always.erase(key) == 0) policy.always.insert(key);
                            }});
            const auto part = policy_.part(kind.key);
            if (part + 1 == policy_.parts.size()) continue;
            all_.push_back({fmt::format("{} is of no part", kind.key), "", [key = kind.key](Policy& policy) {
                                auto parts = *policy.part_of;
                                parts.erase(key);
                                policy.part_of = std::make_shared<decltype(parts)>(std::move(parts));
                            }});
        }
        for (std::size_t i = 0; i < policy_.rows.size(); ++i) {
            all_.push_back({fmt::format("no row for {}", policy_.rows[i].role), policy_.rows[i].role,
                            [i](Policy& policy) { policy.rows[i].role = "none"; }});
        }
    }

    const Policy& policy_;
    const content::Catalogue& catalogue_;
    std::vector<Mutant> all_;
};

bool caught(const Policy& policy, const Mutant& mutant, const Space& space, const std::string& answers) {
    auto mutated = policy;
    mutant.change(mutated);
    std::size_t base = 0;
    for (const auto& family : space.families) {
        for (const auto& role : space.roles) {
            const auto size = family.of_role();
            if (mutant.role.empty() || mutant.role == role) {
                std::size_t at = base;
                const bool same = each_cell(mutated, family, role, [&](std::uint8_t byte) {
                    return byte == static_cast<std::uint8_t>(answers[at++]);
                });
                if (!same) return true;
            }
            base += size;
        }
    }
    return false;
}

int run_mutants(const Policy& policy, const content::Catalogue& catalogue, const Space& space, const char* file) {
    std::ifstream in(file, std::ios::binary);
    const std::string answers{std::istreambuf_iterator<char>(in), {}};
    if (answers.size() != space.size()) {
        std::cerr << "the answers are of another number of cells\n";
        return 2;
    }
    const Mutants mutants(policy, catalogue);
    const auto& all = mutants.all();
    std::vector<char> found(all.size());
    const auto work = [&](std::size_t first) {
        for (std::size_t i = first; i < all.size(); i += 2) found[i] = caught(policy, all[i], space, answers) ? 1 : 0;
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    std::size_t missed = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (found[i] != 0) continue;
        ++missed;
        std::cout << "missed: " << all[i].words << '\n';
    }
    std::cout << "mutants " << all.size() << " missed " << missed << '\n';
    return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const bool cells = words.size() == 2 && words[1] == "cells";
    const bool mutants = words.size() == 3 && words[1] == "mutants";
    if (!cells && !mutants) {
        std::cerr << "use: access_cells CONTENT_DIR cells | access_cells CONTENT_DIR mutants ANSWERS\n";
        return 2;
    }
    const auto catalogue = content::load_kinds(words[0]);
    if (!catalogue) {
        std::cerr << describe(catalogue.error()) << '\n';
        return 3;
    }
    const auto text = content::read_content(words[0], "access/matrix.toml");
    const auto policy =
        text ? sharing::parse_policy(*text, "matrix.toml", *catalogue) : Result<Policy>(tl::unexpected(text.error()));
    if (!policy) {
        std::cerr << describe(policy.error()) << '\n';
        return 3;
    }
    const auto space = space_of(*policy, *catalogue);
    if (mutants) return run_mutants(*policy, *catalogue, space, words[2].c_str());
    std::cout << write_json(described(space)) << '\n';
    std::string bytes;
    bytes.reserve(space.size());
    for (const auto& family : space.families) {
        for (const auto& role : space.roles) {
            each_cell(*policy, family, role, [&](std::uint8_t byte) {
                bytes.push_back(static_cast<char>(byte));
                return true;
            });
        }
    }
    std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return std::cout ? 0 : 3;
}
