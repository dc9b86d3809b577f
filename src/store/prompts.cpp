// Which prompts interrupted whom.
#include "store/work.hpp"

namespace waymark::store {

std::vector<PromptRow> Work::prompts_since(Partnership p, std::string_view practitioner, Instant since) {
    std::vector<PromptRow> out;
    db_.run(
        "select practitioner, case_id, cue, shown from prompt where partnership = $1 and practitioner = $2 and "
        "shown >= $3 order by shown, case_id, cue",
        {cell(p), cell(practitioner), cell(since)}, [&](CellView row) {
            Columns c(row);
            PromptRow prompt;
            prompt.practitioner = c.text();
            prompt.case_id = c.id<CaseId>();
            prompt.cue = c.text();
            prompt.shown = c.instant();
            out.push_back(std::move(prompt));
        });
    return out;
}

void Work::put_prompts(Partnership p, std::span<const PromptRow> rows) {
    db_.run_many(
        "insert into prompt (partnership, practitioner, case_id, cue, shown) values ($1, $2, $3, $4, $5) "
        "on conflict (partnership, practitioner, case_id, cue) do update set shown = excluded.shown",
        rows.size(), [&](std::size_t i, Cells& cells) {
            const PromptRow& one = rows[i];
            cells = {cell(p), cell(one.practitioner), cell(one.case_id), cell(one.cue), cell(one.shown)};
        });
}

}  // namespace waymark::store
