#pragma once
// Cases made up in a test: facts with short names, in the order in which they are written.
#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "procedure/procedure.hpp"

namespace waymark::testing {

inline EntryId entry_id(std::uint32_t n) {
    EntryId id;
    for (unsigned i = 0; i < 4; ++i) id.value.octets[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    return id;
}
inline CaseId case_id(std::uint8_t n) {
    CaseId id;
    id.value.octets[0] = 0xca;
    id.value.octets[15] = n;
    return id;
}

inline When when(std::string_view text) {
    return parse_when(text).value();
}
inline Instant instant(std::string_view text) {
    return parse_instant(text).value();
}

inline const content::Catalogue& catalogue() {
    static const auto all = content::load_kinds(std::string(WAYMARK_SOURCE_DIR) + "/content").value();
    return all;
}
inline const procedure::Calendar& england() {
    static const procedure::Calendar calendar(
        content::load_calendar(std::string(WAYMARK_SOURCE_DIR) + "/content", "england-and-wales").value());
    return calendar;
}
inline procedure::Rulebook rulebook_of(std::string_view text) {
    auto book = procedure::parse_rulebook(text, "test.toml", catalogue());
    if (!book) throw std::runtime_error(describe(book.error()));
    return *book;
}
inline procedure::Rulebook shipped(const std::string& name) {
    const auto text =
        content::read_content(std::string(WAYMARK_SOURCE_DIR) + "/content", "procedures/" + name + ".toml");
    auto parsed = procedure::parse_rulebook(text.value(), name + ".toml", catalogue());
    if (!parsed) throw std::runtime_error(describe(parsed.error()));
    return *parsed;
}
inline const procedure::Rulebook& hsb() {
    static const auto book = shipped("hsb-england");
    return book;
}
// What a concern meets in England: behaviour, child protection and feedback, as one.
inline const procedure::Rulebook& england_rules() {
    static const auto book =
        procedure::combine({shipped("hsb-england"), shipped("child-protection-england"), shipped("feedback")}).value();
    return book;
}
inline const procedure::Rulebook& child_protection() {
    static const auto book = shipped("child-protection-england");
    return book;
}

class SampleCase {
public:
    struct More {
        std::string about;
        std::string supersedes;
        std::string recorded;  // default: when it took place
        std::string agency = "school";
        std::string incident;
        bool elsewhere = false;  // in another case of the same child
        record::Involvement involvement = record::Involvement::displayed;
    };
    SampleCase() {
        dossier.case_id = case_id(1);
        dossier.person.value.octets[15] = 7;
    }
    EntryId add(const std::string& name, std::string_view at, std::string kind, std::string_view fields,
                const More& more) {
        record::Fact fact;
        fact.id = entry_id(++last_);
        ids_[name] = fact.id;
        names_[fact.id] = name;
        fact.kind = std::move(kind);
        fact.case_id = more.elsewhere ? case_id(2) : dossier.case_id;
        fact.record = dossier.person;
        fact.at = when(at);
        fact.recorded = more.recorded.empty() ? fact.at.instant : instant(more.recorded);
        fact.agency = more.agency;
        fact.incident = more.incident;
        fact.involvement = static_cast<record::Involvements>(more.involvement);
        fact.fields = parse_json(fields.empty() ? "{}" : fields).value().as_object();
        if (!more.about.empty()) fact.about = id(more.about);
        if (!more.supersedes.empty()) fact.supersedes = id(more.supersedes);
        auto& facts = more.elsewhere ? dossier.others : dossier.own;
        facts.push_back(std::move(fact));
        std::stable_sort(facts.begin(), facts.end(), record::folds_before);
        return entry_id(last_);
    }
    EntryId add(const std::string& name, std::string_view at, std::string kind, std::string_view fields = "{}") {
        return add(name, at, std::move(kind), fields, More{});
    }
    EntryId about(const std::string& target, const std::string& name, std::string_view at, std::string kind,
                  std::string_view fields = "{}") {
        More more;
        more.about = target;
        return add(name, at, std::move(kind), fields, more);
    }
    [[nodiscard]] EntryId id(const std::string& name) const { return ids_.at(name); }
    [[nodiscard]] std::string name(EntryId id) const {
        const auto at = names_.find(id);
        return at == names_.end() ? "?" : at->second;
    }
    [[nodiscard]] const record::Fact& fact(const std::string& name) const {
        for (const auto* part : {&dossier.own, &dossier.others}) {
            for (const auto& fact : *part) {
                if (fact.id == id(name)) return fact;
            }
        }
        throw std::runtime_error("no such fact: " + name);
    }
    procedure::Dossier dossier;

private:
    std::map<std::string, EntryId> ids_;
    std::map<EntryId, std::string> names_;
    std::uint32_t last_ = 0;
};

}  // namespace waymark::testing
