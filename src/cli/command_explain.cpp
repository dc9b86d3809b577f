// people explain: the evidence for and against two records of bare files.
#include <fmt/format.h>

#include <algorithm>

#include "cli/linkage_run.hpp"
#include "cli/linkage_summary.hpp"

namespace waymark::cli {
namespace {

using exchange::probability_of;

Result<std::uint32_t> find_record(const batch::Table& table, const std::string& file, const std::string& id) {
    for (std::uint32_t i = 0; i < batch::records(table); ++i) {
        if (batch::id_of(table, i) == id) return i;
    }
    return fault(FaultKind::missing, file, "there is no record " + id, "give the id as the file has it");
}

struct Compared {
    batch::Example example;
    batch::LinkageModel model;
    std::vector<batch::ColumnUse> columns;
    batch::TablePtr left, right;
    bool compared = true;  // it is among the pairs that are linked or offered

    [[nodiscard]] std::pair<std::string, std::string> values_of(const std::string& field) const {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (columns[c].header != field) continue;
            return {batch::shown_value_of(*left, example.pair.l, c), batch::shown_value_of(*right, example.pair.r, c)};
        }
        return {};
    }
};

Result<Compared> compare(const World& world, const Arguments& a, Terminal& terminal) {
    Linkage linkage;
    TRY_VOID(prepare_linkage(world, a, terminal, linkage));
    TRY_VOID(read_table(a.linkage.explained_file, terminal, linkage));
    const bool two = !a.linkage.with_file.empty();
    if (two) TRY_VOID(read_table(a.linkage.with_file, terminal, linkage));
    Compared out;
    out.left = linkage.tables.front();
    out.right = linkage.tables.back();
    out.columns = batch::columns_of(*out.left);
    const auto l = TRY(find_record(*out.left, a.linkage.explained_file, a.linkage.ids[0]));
    const auto r = TRY(find_record(*out.right, two ? a.linkage.with_file : a.linkage.explained_file, a.linkage.ids[1]));
    if (!two && l == r) return invalid("people explain", "both ids are of one record", "give the ids of two records");
    // The whole file is linked, so that what is told is what dedupe and link decide, with every other record there.
    auto results =
        two ? TRY(batch::link(out.left, out.right, linkage.options)) : TRY(batch::dedupe(out.left, linkage.options));
    if (linkage.bar) linkage.bar->finish();
    out.model = std::move(results.model);
    auto explained =
        TRY(batch::explain_pairs(out.left, two ? out.right : nullptr, {{l, r}}, out.model, linkage.options));
    out.example = std::move(explained.front());
    const auto found = std::find_if(results.pairs.begin(), results.pairs.end(), [&](const batch::Pair& pair) {
        return (pair.l == l && pair.r == r) || (!two && pair.l == r && pair.r == l);
    });
    out.compared = found != results.pairs.end();
    if (out.compared) {
        out.example.pair.weight = found->weight;
        out.example.pair.outcome = found->outcome;
        batch::account_for_weight(out.example, out.model.prior);
    } else {
        out.example.pair.outcome = people::Outcome::not_linked;
    }
    return out;
}

std::string decision_in_words(const Compared& c) {
    const auto& pair = c.example.pair;
    if (pair.contradicted && pair.outcome != people::Outcome::not_linked)
        return "To be looked at: two valid numbers of a person differ, and what says so is never linked by itself";
    if (pair.twin_or_sibling)
        return "To be looked at: one household and birth date but another given name, as of twins or siblings; never "
               "linked by itself";
    if (pair.outcome == people::Outcome::linked) return "Linked: the weight is above the linking threshold";
    if (pair.outcome == people::Outcome::review)
        return "To be looked at: the weight is below the linking threshold, but not far";
    if (pair.weight >= c.model.review_at)
        return "Not linked: no blocking rule finds this pair, or another child of the household is as likely";
    return "Not linked: the weight is too low";
}

json::object to_json(const Compared& c, const Arguments& a) {
    json::array evidence;
    for (const auto& each : c.example.evidence) {
        const auto [left, right] = c.values_of(each.field);
        evidence.push_back(json::object{{"field", each.field},
                                        {"left", left},
                                        {"right", right},
                                        {"level", each.level},
                                        {"words", each.words},
                                        {"weight", each.weight}});
    }
    const auto& pair = c.example.pair;
    return json::object{{"id_l", a.linkage.ids[0]},
                        {"id_r", a.linkage.ids[1]},
                        {"match_weight", pair.weight},
                        {"match_probability", probability_of(pair.weight)},
                        {"outcome", people::to_string(pair.outcome)},
                        {"twin_or_sibling", pair.twin_or_sibling},
                        {"contradicted", pair.contradicted},
                        {"prior", c.model.prior},
                        {"link_at_weight", c.model.link_at},
                        {"review_at_weight", c.model.review_at},
                        {"evidence", std::move(evidence)}};
}

std::string in_words(const Compared& c, const Arguments& a) {
    const auto& pair = c.example.pair;
    std::string out = fmt::format("{} and {}\n{}\n\n", a.linkage.ids[0], a.linkage.ids[1], decision_in_words(c));
    const auto line = [&](double weight, const std::string& text) {
        out += fmt::format("{:>+8.2f}  {}\n", weight, text);
    };
    line(c.model.prior, "before anything is compared: two records taken at random");
    for (const auto& each : c.example.evidence) {
        if (each.field.empty()) {
            line(each.weight, each.words);
            continue;
        }
        const auto [left, right] = c.values_of(each.field);
        const std::string values =
            left == right ? left : fmt::format("{} | {}", left.empty() ? "–" : left, right.empty() ? "–" : right);
        line(each.weight, fmt::format("{}: {}  [{}]", each.field, each.words, values));
    }
    out += fmt::format("{:>+8.2f}  in all: probability {:.6f}\n", static_cast<double>(pair.weight),
                       probability_of(pair.weight));
    out += fmt::format("linked from {:+.2f}, looked at from {:+.2f}\n", c.model.link_at, c.model.review_at);
    return out;
}

}  // namespace

int run_people_explain(const World& world, const Arguments& a, Terminal& terminal) {
    auto compared = compare(world, a, terminal);
    if (!compared) return report(terminal.err, compared.error());
    if (a.json)
        terminal.out << write_json(to_json(*compared, a)) << "\n";
    else
        terminal.out << in_words(*compared, a);
    return done;
}

}  // namespace waymark::cli
