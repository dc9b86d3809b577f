#pragma once
// Between the model that is kept (batch.hpp) and the shares that weights are made of.
#include "people/batch/fit.hpp"

namespace waymark::people::batch {

LinkageModel to_model(const Prepared&, const Fit&);
// Refused where the model is for other columns, or lacks a level.
Result<Fit> to_fit(const Prepared&, const LinkageModel&);

}  // namespace waymark::people::batch
