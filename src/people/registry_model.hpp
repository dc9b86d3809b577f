#pragma once
// A model of a partnership's own for the registry, made from a file of people (docs/formats/model.md).
#include "people/people.hpp"

namespace waymark::people {

// The registry's model out of one that `waymark people dedupe --keep-model` made. A field is known by its kind,
// whatever its column was called. What the file had no column for, and how common values are, is as in default_model():
// a model of a file holds no value of any record. Refused: a kind that the registry does not compare, or twice; no
// given name, family name or date of birth; a link_at below even odds. Without name variants.
Result<Model> registry_model(const batch::LinkageModel&);

}  // namespace waymark::people
