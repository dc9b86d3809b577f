#pragma once
// What of the content was in force when: each adoption is an entry that holds its text, and a case keeps to the rules
// and the paragraphs of the manual that were in force when it was opened.
//
// The content folder is where new versions come from; it is read when a partnership is founded and by `waymark adopt`,
// never while the record is in use.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content/content.hpp"
#include "content/manual.hpp"
#include "procedure/procedure.hpp"
#include "sharing/sharing.hpp"
#include "sharing/telling.hpp"

namespace waymark::casework {

// One text as it was adopted.
struct Adopted {
    std::string what;  // profile, procedure, calendar, policy, manual
    std::string name;
    std::string version;
    std::string text;
    bool operator==(const Adopted&) const = default;
};

struct Edition {
    Instant from;  // adopted then; the first counts for everything before it too
    content::Profile profile;
    procedure::Procedure procedure;
    content::Manual manual;
};

class Editions {
public:
    struct At {
        Instant when;
        Adopted adopted;
        std::string by = {};  // author of the entry
    };
    // What cannot be read any more (a text out of a much older export) makes no edition, the one before stays, and
    // `left_out` says so; a fault only where no edition is left.
    static Result<Editions> of(std::vector<At> adopted, const content::Catalogue&);

    [[nodiscard]] const Edition& now() const { return *editions_.back(); }
    [[nodiscard]] const Edition& at(Instant) const;
    // By the first of the case's own entries.
    [[nodiscard]] const Edition& of(const procedure::Dossier&) const;
    // The newest text of each, in the order in which they were first adopted.
    [[nodiscard]] const std::vector<Adopted>& newest() const { return newest_; }
    // When and by whom the model was adopted that stands among them; nothing where none was.
    struct Since {
        Instant when;
        std::string by;
    };
    [[nodiscard]] const std::optional<Since>& model_since() const { return model_since_; }
    [[nodiscard]] std::size_t size() const { return editions_.size(); }
    [[nodiscard]] const std::vector<Fault>& left_out() const { return left_out_; }

private:
    std::vector<std::unique_ptr<const Edition>> editions_;
    std::vector<Adopted> newest_;
    std::optional<Since> model_since_;
    std::vector<Fault> left_out_;
};

// The text of this sort and name among those; nullptr where there is none.
const Adopted* adopted_text(std::span<const Adopted>, std::string_view what, std::string_view name);
// The procedures that the profile names, in its order, as they were written; one that was not adopted is not in force.
Result<std::vector<procedure::Rulebook>> adopted_procedures(const content::Profile&, std::span<const Adopted>,
                                                            const content::Catalogue&);
// Where a procedure of this name stands in the content folder.
std::string procedure_file(std::string_view name);
// The access policy of the content folder.
Result<sharing::Policy> load_policy(const std::string& content_dir, const content::Catalogue&);
// The lawful bases of the content folder; with a profile also whether its agencies rely on something in it.
Result<sharing::Bases> load_bases(const std::string& content_dir, const content::Profile&);

// Each procedure of the profile by itself, out of the whole that holds for a case now: its own rules, cues and
// parameters, with the partnership's numbers.
std::vector<procedure::Rulebook> procedures_in_force(const Editions&, const content::Catalogue&);

// What the folder holds for this profile. Everything is read and checked; a fault has the file and line as its place.
Result<std::vector<Adopted>> content_for(const std::string& content_dir, const content::Profile&,
                                         const content::Catalogue&);

}  // namespace waymark::casework
