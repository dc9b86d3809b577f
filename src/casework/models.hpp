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

// As adopt() without a model. What the registry had linked or offered keeps the evidence of its time; it weighs by the
// new model once the office is opened again.
Result<std::vector<Adopted>> adopt(const Office&, std::optional<content::Profile>, std::optional<Adopted> model,
                                   const record::Permit&);

}  // namespace waymark::casework
