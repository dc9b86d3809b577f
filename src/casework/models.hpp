#pragma once
// The model by which the registry weighs: the shipped one, or one that the partnership has adopted as it adopts its
// procedures, by an entry that holds the text.
#include "casework/casework.hpp"

namespace waymark::casework {

// A model of `waymark people dedupe --keep-model` as the registry would adopt it; a fault has `file` and the member as
// its place. And the shipped one in its place, which has no text: a newer program brings newer numbers.
Result<Adopted> model_to_adopt(std::string_view json, const std::string& file);
Adopted shipped_model();

// Whether an adopted text can be weighed by; the fault names it by its version. What cannot be read any more leaves the
// one before it in force (Editions::of).
Result<void> check_model(const Adopted&);
// Of these texts, the model that was adopted last, or else the shipped one; without name variants.
people::Model model_in_force(std::span<const Adopted> newest);

// What an office weighs by, for a page. The shipped model that nobody adopted has no day and nobody's name.
struct ModelInForce {
    bool shipped = true;
    std::string version;             // "shipped", or the first digits of its text's SHA-256
    std::optional<Instant> adopted;  // taken into force, or gone back to
    std::string by;                  // author of that entry
    double link_at = 0;              // log2 of the odds from which the engine links
    double review_at = 0;            // and from which it offers
    double expected_precision = 0;   // of what it links, by its own word
    bool operator==(const ModelInForce&) const = default;
};
ModelInForce model_in_force(const Office&);

namespace two_persons {
struct Leave;
}
// As adopt() without a model. What the registry had linked or offered keeps the evidence of its time; it weighs by the
// new model once the office is opened again.
Result<std::vector<Adopted>> adopt(const Office&, std::optional<content::Profile>, std::optional<Adopted> model,
                                   const record::Permit&, two_persons::Leave* leave = nullptr);

}  // namespace waymark::casework
