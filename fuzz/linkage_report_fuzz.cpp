// A file, reviewed pairs and a report from them: whatever the bytes, the report is well-formed XML and runs nothing.
#include <libxml/parser.h>

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "exchange/linkage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waymark;
    namespace batch = people::batch;
    if (size < 2 || size > (1u << 16)) return 0;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    batch::Options options;
    options.threads = 1;
    options.guess_others = true;
    options.first_of_repeated = true;
    options.threshold = 0.5;
    std::istringstream labels(text);
    if (auto read = exchange::read_labels(labels, "labels.csv")) options.labels = std::move(*read);
    // Rows of any content under a header that is known, or the whole as it is.
    std::istringstream in(data[0] % 2 == 0 ? text : "id,given_name,family_name,date_of_birth,postcode\n" + text);
    const auto table = batch::read(in, "register.csv", options);
    if (!table) return table.error().reason.empty() ? std::abort(), 0 : 0;
    const auto results = batch::dedupe(*table, options);
    if (!results) return results.error().reason.empty() ? std::abort(), 0 : 0;
    const auto figures = exchange::figures_of(*results, **table, nullptr);
    exchange::LinkageRun run{*results, **table, nullptr, figures, {text.substr(0, 40)}};
    run.command = text.substr(0, 80);
    for (const bool show : {true, false}) {
        run.show_records = show;
        for (const auto& page : {exchange::linkage_report(run), exchange::weights_chart(results->model)}) {
            xmlDoc* document =
                xmlReadMemory(page.data(), static_cast<int>(page.size()), "report", nullptr,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
            if (document == nullptr || page.find("<script") != std::string::npos) std::abort();
            xmlFreeDoc(document);
        }
    }
    return 0;
}
