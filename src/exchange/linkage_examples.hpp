#pragma once
// The part of the report that shows single pairs: twins and siblings, contradictions, and pairs close to a threshold.
#include "exchange/linkage.hpp"
#include "exchange/linkage_charts.hpp"
#include "exchange/linkage_page.hpp"

namespace waymark::exchange {

void linkage_examples(Page&, const LinkageRun&, ChartIds&);

}  // namespace waymark::exchange
