// people search --in FILE: who of a bare file is this likely to be? No store is opened.
#include <fmt/format.h>

#include "cli/linkage_run.hpp"
#include "people/batch/table.hpp"
#include "people/index/index.hpp"

namespace waymark::cli {
namespace {

namespace index = people::index;

std::vector<std::pair<batch::Kind, std::string>> said(const Arguments& a) {
    std::vector<std::pair<batch::Kind, std::string>> out;
    const auto add = [&](batch::Kind kind, const std::string& text) {
        if (!text.empty()) out.emplace_back(kind, text);
    };
    add(batch::Kind::given_name, a.given);
    add(batch::Kind::family_name, a.family);
    add(batch::Kind::date_of_birth, a.dob);
    add(batch::Kind::postcode, a.postcode);
    add(batch::Kind::nhs_number, a.nhs_number);
    add(batch::Kind::upn, a.upn);
    return out;
}

json::object to_json(const index::Index& people, const index::Answer& answer) {
    json::object values;
    const auto columns = people.columns();
    for (std::size_t c = 0; c < columns.size(); ++c) values[columns[c].header] = people.value_of(answer.record, c);
    json::array evidence;
    for (const auto& each : answer.evidence)
        evidence.push_back(
            json::object{{"field", each.field}, {"level", each.level}, {"words", each.words}, {"weight", each.weight}});
    return json::object{{"id", people.id_of(answer.record)},
                        {"values", std::move(values)},
                        {"outcome", people::to_string(answer.outcome)},
                        {"weight", answer.weight},
                        {"probability", answer.probability},
                        {"twin_or_sibling", answer.twin_or_sibling},
                        {"contradicted", answer.contradicted},
                        {"evidence", std::move(evidence)}};
}

void print(std::ostream& out, const index::Index& people, const index::Answer& answer) {
    std::string values;
    for (std::size_t c = 0; c < people.columns().size(); ++c) {
        const auto value = people.value_of(answer.record, c);
        if (!value.empty()) values += (values.empty() ? "" : ", ") + std::string(value);
    }
    out << fmt::format("{:5.1f}  {}  {}{}\n", answer.weight, people.id_of(answer.record), values,
                       answer.twin_or_sibling ? "  (perhaps a twin or sibling)" : "");
    for (const auto& each : answer.evidence) {
        if (each.weight != 0)
            out << fmt::format("       {} {}\n", each.weight > 0 ? "for:    " : "against:", each.words);
    }
}

Result<int> search(const World& world, const Arguments& a, Terminal& terminal) {
    Linkage linkage;
    TRY_VOID(prepare_linkage(world, a, terminal, linkage));
    TRY_VOID(read_table(a.linkage.in_file, terminal, linkage));
    const auto& table = linkage.tables.front();
    if (linkage.bar) linkage.bar->finish();
    print_notices(a, terminal, table->notices);
    if (!linkage.model) {
        linkage.model = TRY(index::estimate(table, linkage.options));
        if (!a.linkage.model_file.empty()) {
            auto kept = TRY(Output::open("--model", a.linkage.model_file, terminal));
            kept->stream() << batch::write_linkage_model(*linkage.model) << "\n";
            TRY_VOID(kept->keep());
        }
    }
    index::Options options;
    options.given_variants = linkage.options.given_variants;
    options.family_variants = linkage.options.family_variants;
    options.threads = linkage.options.threads;
    const auto people = TRY(index::Index::build(table, *linkage.model, options));
    const auto found = TRY(people->search(TRY(people->asked(said(a))), a.limit));
    for (const auto& fault : found.not_taken) terminal.err << "not searched by: " << describe(fault) << "\n";
    for (const auto& answer : found.answers) {
        if (a.json) {
            terminal.out << write_json(to_json(*people, answer)) << "\n";
        } else {
            print(terminal.out, *people, answer);
        }
    }
    if (found.answers.empty() && !a.json) terminal.err << "nobody found\n";
    if (found.more) terminal.err << "more people fit than were looked at: say more about the person\n";
    return done;
}

}  // namespace

int run_people_search_file(const World& world, const Arguments& arguments, Terminal& terminal) {
    const auto code = search(world, arguments, terminal);
    return code ? *code : report(terminal.err, code.error());
}

}  // namespace waymark::cli
