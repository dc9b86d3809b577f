#include "people/index/index.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/batch/linkage_model.hpp"
#include "people/batch/parallel.hpp"
#include "people/batch/score.hpp"
#include "people/batch/table.hpp"
#include "people/index/keys.hpp"
#include "people/index/postings.hpp"
#include "people/index/ranking.hpp"
#include "people/index/row.hpp"

namespace waymark::people::index {

namespace {

// A search's own memory, kept for the next.
struct Scratch {
    std::vector<Probe> probes;
    std::vector<Postings::List> lists;
    std::vector<std::uint32_t> candidates;
    std::vector<std::uint64_t> set;  // candidates by hash: the search's number, the record
    std::uint32_t turn = 0;
    std::vector<std::pair<batch::Weight, std::uint32_t>> by_bound;
    std::vector<std::vector<std::uint32_t>> groups;
    std::vector<AskedField> asked;
};

class ScratchPool {
public:
    std::unique_ptr<Scratch> take() {
        for (auto& place : places_) {
            if (place.load(std::memory_order_relaxed) == nullptr) continue;
            if (auto* kept = place.exchange(nullptr, std::memory_order_acq_rel); kept != nullptr)
                return std::unique_ptr<Scratch>(kept);
        }
        return std::make_unique<Scratch>();
    }
    void give_back(std::unique_ptr<Scratch> scratch) {
        for (auto& place : places_) {
            Scratch* none = nullptr;
            if (place.compare_exchange_strong(none, scratch.get(), std::memory_order_acq_rel)) {
                static_cast<void>(scratch.release());
                return;
            }
        }
    }
    ScratchPool() = default;
    ScratchPool(const ScratchPool&) = delete;
    ScratchPool& operator=(const ScratchPool&) = delete;
    ~ScratchPool() {
        for (auto& place : places_) delete place.load();
    }

private:
    std::array<std::atomic<Scratch*>, 32> places_{};
};

struct Ranked {
    float weight = 0;
    std::uint32_t record = 0;
    batch::Levels levels{};
};

// A register built of no more people is looked at whole.
constexpr std::uint32_t most_all_looked_at = 1000;
constexpr std::size_t ahead = 12;  // how far before its use a line of memory is asked for

}  // namespace

class Index::Body {
public:
    using AddedRow = std::array<std::uint32_t, RowShape::longest>;
    struct AddedId {
        const std::string* id = nullptr;
        std::uint64_t hash = 0;
    };

    batch::TablePtr table;
    batch::Prepared all;
    batch::LinkageModel model;
    Options options;
    Columns columns;
    std::unique_ptr<batch::Weights> weights;
    std::unique_ptr<Scale> scale;
    Register about;
    std::uint32_t built = 0;
    RowShape shape;
    Huge<std::uint32_t> rows;
    std::unique_ptr<Postings> postings;
    Growing<AddedRow> added_rows;
    Growing<AddedId> added_ids;
    std::vector<std::unique_ptr<std::string>> kept_ids;
    Huge<std::uint32_t> built_by_id;  // records by the first bits of their id's hash, one more than each; 0: none
    GrowingMap added_by_id;
    std::atomic<std::uint32_t> size{0};
    std::mutex adding;
    mutable ScratchPool scratch;

    [[nodiscard]] const std::uint32_t* row(std::uint32_t record) const {
        return record < built ? rows.data() + std::size_t{record} * shape.stride : added_rows[record - built].data();
    }
    [[nodiscard]] std::uint64_t id_hash(std::uint32_t record) const {
        return record < built ? table->id_hash[record] : added_ids[record - built].hash;
    }

    void lay_out_rows() {
        const auto fields = all.fields.size();
        const auto threads = batch::thread_count(options.threads);
        const auto each_value = [&](int f, auto& out, auto&& brief) {
            out.resize(1);
            if (f < 0) return;
            const auto& field = all.fields[static_cast<std::size_t>(f)];
            out.resize(field.values->size());
            for (std::uint32_t code = 1; code < out.size(); ++code) out[code] = brief(field.text(code));
        };
        std::vector<std::uint32_t> dates;
        std::vector<std::uint64_t> postcodes;
        each_value(all.birth, dates, brief_date);
        each_value(all.postcode, postcodes, brief_postcode);
        shape = RowShape::of(fields, all.former.any());
        rows.assign(std::size_t{built} * shape.stride, 0);
        constexpr std::size_t part = 1u << 16;
        batch::parallel((built + part - 1) / part, threads, [&](std::size_t p, unsigned) {
            for (std::size_t i = p * part; i < std::min<std::size_t>(built, (p + 1) * part); ++i) {
                const auto* const codes = all.rows.data() + i * fields;
                auto* const own = rows.data() + i * shape.stride;
                std::copy_n(codes, fields, own);
                shape.set(own, all.birth < 0 ? 0 : dates[codes[all.birth]],
                          all.postcode < 0 ? 0 : postcodes[codes[all.postcode]]);
                if (shape.former) shape.set_former(own, all.former.list[i]);
            }
        });
        all.rows = {};
        all.id_hash = {};
    }

    void build_postings() {
        struct Parts {
            std::vector<NamePart> given;
            std::vector<NamePart> family;
            std::vector<BirthPart> birth;
            std::vector<PlacePart> place;
        } parts;
        const auto of = [&](int f, auto& out, auto&& make) {
            out.resize(1);
            if (f < 0) return;
            const auto& field = all.fields[static_cast<std::size_t>(f)];
            out.resize(field.values->size());
            for (std::uint32_t code = 1; code < out.size(); ++code) out[code] = make(field, code);
        };
        const auto name = [](const auto& field, std::uint32_t code) {
            return name_part(field.text(code), field.sound[code]);
        };
        of(all.given, parts.given, name);
        of(all.family, parts.family, name);
        of(all.birth, parts.birth, [](const auto& field, std::uint32_t code) { return birth_part(field.text(code)); });
        of(all.postcode, parts.place,
           [](const auto& field, std::uint32_t code) { return place_part(field.text(code), field.british); });
        postings = std::make_unique<Postings>(about.rules.size(), built);
        batch::parallel(about.rules.size(), batch::thread_count(options.threads), [&](std::size_t r, unsigned) {
            const auto [rule, f] = about.rules[r];
            std::vector<std::uint64_t> whole;
            const bool before = rule == Rule::former_postcode;
            if (f >= 0 && !before)
                of(f, whole, [](const auto& field, std::uint32_t code) { return whole_part(field.text(code)); });
            const auto code_of = [&](const std::uint32_t* codes, int field) {
                return field < 0 ? 0u : codes[static_cast<std::size_t>(field)];
            };
            postings->build(r, built, [&, rule = rule, f = f, before](std::uint32_t record) {
                const auto* codes = row(record);
                RecordParts own;
                own.given = parts.given[code_of(codes, all.given)];
                own.family = parts.family[code_of(codes, all.family)];
                own.birth = parts.birth[code_of(codes, all.birth)];
                own.place = parts.place[code_of(codes, all.postcode)];
                if (before) {
                    const auto former = all.former.of_list(shape.former_list(codes));
                    const auto at = static_cast<std::size_t>(f);
                    own.place = at < former.size() ? parts.place[former[at]] : PlacePart{};
                } else if (f >= 0)
                    own.whole = whole[code_of(codes, f)];
                return record_key(r, rule, own);
            });
        });
    }

    // ---- adding -----------------------------------------------------------------------------------------------------

    void build_ids() {
        built_by_id.assign(std::bit_ceil(std::size_t{built} + built / 2 + 2), 0);
        const auto mask = built_by_id.size() - 1;
        for (std::uint32_t record = 0; record < built; ++record) {
            auto at = table->id_hash[record] & mask;
            while (built_by_id[at] != 0) at = (at + 1) & mask;
            built_by_id[at] = record + 1;
        }
    }

    // Writer.
    [[nodiscard]] bool holds(std::string_view id, std::uint64_t hash) const {
        const auto mask = built_by_id.size() - 1;
        for (auto at = hash & mask; built_by_id[at] != 0; at = (at + 1) & mask) {
            const auto record = built_by_id[at] - 1;
            if (table->id_hash[record] == hash && batch::id_of(*table, record) == id) return true;
        }
        return !added_by_id.find(hash, [&](std::uint32_t position) { return *added_ids[position].id != id; });
    }

    Result<Values> normal(const Values& values, std::vector<Fault>& not_taken) const {
        if (values.size() != columns.size())
            return invalid("", fmt::format("{} values were given for {} columns", values.size(), columns.size()),
                           "Give one value for each column, empty where it is not known");
        Values out(values.size());
        for (std::size_t f = 0; f < values.size(); ++f) {
            const auto& field = all.fields[f];
            if (values[f].empty()) continue;
            if (values[f].size() > most_value_bytes)
                return invalid(field.header, "This is too long",
                               fmt::format("Write at most {} bytes", most_value_bytes));
            if (!is_valid_utf8(values[f])) return invalid(field.header, "This is not UTF-8", "Write it in UTF-8");
            bool refused = false;
            out[f] = batch::normal_value(field.kind, values[f], field.british, refused);
            if (refused)
                not_taken.push_back(
                    {FaultKind::invalid, field.header, "This is not in a form that is known for it",
                     field.kind == batch::Kind::date_of_birth ? "Write dates as 2014-03-09" : "Check it"});
        }
        return out;
    }

    Result<std::uint32_t> add(std::string_view id, const Values& values) {
        std::vector<Fault> not_taken;
        const auto texts = TRY(normal(values, not_taken));
        const std::scoped_lock lock(adding);
        const auto hash = batch::hash_bytes(id, 2);
        if (holds(id, hash))
            return fault(FaultKind::conflict, "id", "The index holds a record of this id", "Give another id");
        const auto record = size.load(std::memory_order_relaxed);
        if (record >= 0x7fffffffu) return invalid("", "The index is full", "Build it anew");
        AddedRow codes{};
        RecordParts own;
        for (std::size_t f = 0; f < texts.size(); ++f) codes[f] = columns[f]->intern(texts[f]);
        const auto value = [&](int f) {
            return f < 0 ? std::string_view() : std::string_view(texts[static_cast<std::size_t>(f)]);
        };
        const auto sound = [&](int f) {
            return f < 0 ? 0u
                         : columns[static_cast<std::size_t>(f)]
                               ->value(codes[static_cast<std::size_t>(f)])
                               .loose.first_sound;
        };
        own.given = name_part(value(all.given), value(all.given).empty() ? 0 : sound(all.given));
        own.family = name_part(value(all.family), value(all.family).empty() ? 0 : sound(all.family));
        own.birth = birth_part(value(all.birth));
        if (all.postcode >= 0)
            own.place = place_part(value(all.postcode), all.fields[static_cast<std::size_t>(all.postcode)].british);
        shape.set(codes.data(), brief_date(value(all.birth)), brief_postcode(value(all.postcode)));
        kept_ids.push_back(std::make_unique<std::string>(id));
        added_rows.push(codes);
        added_by_id.insert(hash, added_ids.push({kept_ids.back().get(), hash}));
        size.store(record + 1, std::memory_order_release);
        for (std::size_t r = 0; r < about.rules.size(); ++r) {
            const auto [rule, f] = about.rules[r];
            if (rule == Rule::former_postcode) continue;
            own.whole = whole_part(value(f));
            if (const auto key = record_key(r, rule, own); key != 0) postings->add(key, record);
        }
        return record;
    }

    // ---- searching --------------------------------------------------------------------------------------------------

    void ask(const Values& texts, Scratch& mine) const {
        mine.asked.assign(texts.size(), {});
        mine.groups.resize(texts.size());
        for (std::size_t f = 0; f < texts.size(); ++f) {
            auto& asked = mine.asked[f];
            asked.text = texts[f];
            if (asked.text.empty()) continue;
            asked.code = columns[f]->find(asked.text);
            if (asked.code != 0) {
                asked.value = columns[f]->value(asked.code);
            } else {
                asked.code = unknown_code;
                asked.value = columns[f]->value_of(asked.text, mine.groups[f]);
            }
        }
    }

    void begin_gathering(Scratch& mine) const {
        mine.candidates.clear();
        const std::size_t slots = std::bit_ceil(std::size_t{options.most_candidates} * 2);
        if (mine.set.size() != slots || mine.turn == 0xffffffffu) {
            mine.set.assign(slots, 0);
            mine.turn = 0;
        }
        ++mine.turn;
    }

    // Each visible record once; false where there are too many.
    bool gather(Scratch& mine, const Visible& visible) const {
        auto& out = mine.candidates;
        const auto slots = mine.set.size();
        const auto own_turn = std::uint64_t{mine.turn} << 32;
        const auto take = [&](std::uint32_t record) {
            const std::uint32_t spread = record * 0x9e3779b1u;
            auto at = spread & (slots - 1);
            for (; mine.set[at] >= own_turn; at = (at + 1) & (slots - 1)) {
                if (mine.set[at] == (own_turn | record)) return true;
            }
            if (visible && !visible(record)) return true;
            if (out.size() >= options.most_candidates) return false;
            mine.set[at] = own_turn | record;
            out.push_back(record);
            if (record < built) __builtin_prefetch(rows.data() + std::size_t{record} * shape.stride);
            return true;
        };
        const auto& probes = mine.probes;
        for (std::size_t i = 0; i < std::min(ahead, probes.size()); ++i)
            postings->prefetch(probes[i].rule, probes[i].key);
        mine.lists.clear();
        for (std::size_t i = 0; i < probes.size(); ++i) {
            if (i + ahead < probes.size()) postings->prefetch(probes[i + ahead].rule, probes[i + ahead].key);
            auto list = postings->list(probes[i].rule, probes[i].key);
            if (list.end - list.begin > static_cast<std::ptrdiff_t>(probes[i].most)) list = {};
            mine.lists.push_back(list);
            if (list.begin != list.end) __builtin_prefetch(list.begin);
        }
        const bool any_added = !postings->added().empty();
        for (std::size_t i = 0; i < probes.size(); ++i) {
            const auto& list = mine.lists[i];
            for (const auto* entry = list.begin; entry != list.end; ++entry) {
                if (postings->bears(list, *entry) && !take(postings->record(*entry))) return false;
            }
            if (any_added && !postings->added().find(probes[i].key, take)) return false;
        }
        if (built <= most_all_looked_at) {
            for (std::uint32_t record = 0; record < built && take(record); ++record) {
            }
        }
        return true;
    }

    // By weight, as the batch engine orders pairs; among equals by the hash of the id.
    [[nodiscard]] bool before(const Ranked& x, const Ranked& y) const {
        if (x.weight != y.weight) return x.weight > y.weight;
        const auto of_x = id_hash(x.record);
        const auto of_y = id_hash(y.record);
        return of_x != of_y ? of_x < of_y : x.record < y.record;
    }

    // The first `limit` of `best` and of the candidates from the `from`th on.
    void rank(Scratch& mine, Weighing& weighing, std::size_t from, std::size_t limit, std::vector<Ranked>& best,
              Found& found) const {
        auto& heap = mine.by_bound;
        heap.clear();
        for (std::size_t i = from; i < std::min(from + ahead, mine.candidates.size()); ++i)
            weighing.prefetch(row(mine.candidates[i]));
        for (std::size_t i = from; i < mine.candidates.size(); ++i) {
            if (i + ahead < mine.candidates.size()) weighing.prefetch(row(mine.candidates[i + ahead]));
            heap.emplace_back(weighing.bound(row(mine.candidates[i])), mine.candidates[i]);
        }
        std::make_heap(heap.begin(), heap.end());
        while (!heap.empty()) {
            const auto [bound, record] = heap.front();
            if (best.size() == limit && static_cast<float>(bound / batch::unit) < best.back().weight) break;
            std::pop_heap(heap.begin(), heap.end());
            heap.pop_back();
            Ranked own;
            own.record = record;
            own.weight = weighing.weight(row(record), own.levels);
            ++found.compared;
            if (best.size() == limit && own.weight < best.back().weight) continue;
            const auto at = std::upper_bound(best.begin(), best.end(), own,
                                             [this](const Ranked& x, const Ranked& y) { return before(x, y); });
            best.insert(at, own);
            if (best.size() > limit) best.pop_back();
        }
    }

    void answer(const Weighing& weighing, const std::vector<Ranked>& best, Found& found) const {
        found.answers.reserve(best.size());
        for (const auto& each : best) {
            Answer answer;
            answer.record = each.record;
            answer.weight = each.weight;
            answer.probability = 1 / (1 + std::exp2(-double{each.weight}));
            answer.twin_or_sibling = batch::may_be_twins(all, each.levels);
            answer.contradicted = batch::contradict(all, each.levels);
            if (each.weight >= model.link_at && !answer.twin_or_sibling && !answer.contradicted) {
                answer.outcome = Outcome::linked;
            } else if (each.weight >= model.review_at || answer.twin_or_sibling) {
                answer.outcome = Outcome::review;
            }
            answer.evidence = weighing.evidence(each.levels);
            found.answers.push_back(std::move(answer));
        }
    }

    Result<Found> search(const Values& values, std::size_t limit, const Visible& visible) const {
        if (limit == 0 || limit > most_answers)
            return invalid("limit", "So many answers are not given", fmt::format("Ask for 1 to {}", most_answers));
        Found found;
        const auto texts = TRY(normal(values, found.not_taken));
        auto mine = scratch.take();
        ask(texts, *mine);
        probes_for(about, mine->asked, mine->probes);
        if (mine->probes.empty()) {
            scratch.give_back(std::move(mine));
            return invalid("", "There is too little to search by", "Give a name, a postcode or a number");
        }
        begin_gathering(*mine);
        found.more = !gather(*mine, visible);
        Weighing weighing(all, columns, *weights, *scale, mine->asked, shape);
        std::vector<Ranked> best;
        best.reserve(limit + 1);
        rank(*mine, weighing, 0, limit, best, found);
        if (!found.more && (best.empty() || best.front().weight < model.link_at)) {
            const auto from = mine->candidates.size();
            wider_probes_for(about, mine->asked, mine->probes);
            found.more = !gather(*mine, visible);
            rank(*mine, weighing, from, limit, best, found);
        }
        found.candidates = static_cast<std::uint32_t>(mine->candidates.size());
        answer(weighing, best, found);
        scratch.give_back(std::move(mine));
        return found;
    }
};

Index::Index(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Index::~Index() = default;

Result<std::unique_ptr<Index>> Index::build(batch::TablePtr table, const batch::LinkageModel& model,
                                            const Options& options) {
    if (!table) return invalid("", "There is no table", "Read one first");
    batch::Options preparing;
    preparing.threads = options.threads;
    preparing.given_variants = options.given_variants;
    preparing.family_variants = options.family_variants;
    preparing.model = &model;
    auto body = std::make_unique<Body>();
    body->options = options;
    body->options.most_candidates = std::clamp<std::uint32_t>(options.most_candidates, 100, 1u << 20);
    body->all = TRY(batch::prepare(*table, nullptr, preparing));
    const auto fit = TRY(batch::to_fit(body->all, model));
    body->weights = std::make_unique<batch::Weights>(body->all, fit);
    body->scale = std::make_unique<Scale>(body->all, *body->weights);
    body->table = std::move(table);
    body->model = model;
    body->built = static_cast<std::uint32_t>(body->all.size);
    body->size = body->built;
    for (const auto& field : body->all.fields) {
        const bool given = field.kind == batch::Kind::given_name || field.kind == batch::Kind::other_names;
        body->columns.push_back(std::make_unique<Column>(field, given ? options.given_variants
                                                                : field.kind == batch::Kind::family_name
                                                                    ? options.family_variants
                                                                    : nullptr));
    }
    body->about = describe(body->all);
    body->lay_out_rows();
    body->build_postings();
    body->build_ids();
    return std::unique_ptr<Index>(new Index(std::move(body)));
}

Result<Values> Index::asked(const std::vector<std::pair<batch::Kind, std::string>>& said) const {
    Values values(body_->columns.size());
    for (const auto& [kind, text] : said) {
        const auto at = std::find_if(body_->all.fields.begin(), body_->all.fields.end(),
                                     [kind = kind](const auto& field) { return field.kind == kind; });
        if (at == body_->all.fields.end())
            return invalid(std::string(batch::to_string(kind)), "The register has no column of this kind",
                           "Leave it out, or say which column holds it");
        values[static_cast<std::size_t>(at - body_->all.fields.begin())] = text;
    }
    return values;
}

Result<Found> Index::search(const Values& values, std::size_t limit, const Visible& visible) const {
    return body_->search(values, limit, visible);
}

Result<std::uint32_t> Index::add(std::string_view id, const Values& values) {
    return body_->add(id, values);
}

std::vector<batch::ColumnUse> Index::columns() const {
    return batch::columns_of(*body_->table);
}

std::size_t Index::size() const {
    return body_->size.load(std::memory_order_acquire);
}

std::size_t Index::bytes() const {
    auto sum = body_->rows.size() * sizeof(std::uint32_t) + body_->postings->bytes() + body_->added_rows.bytes() +
               body_->added_ids.bytes() + body_->added_by_id.bytes() +
               body_->built_by_id.size() * sizeof(std::uint32_t);
    for (const auto& column : body_->columns) sum += column->bytes();
    return sum;
}

std::string_view Index::id_of(std::uint32_t record) const {
    return record < body_->built ? batch::id_of(*body_->table, record)
                                 : std::string_view(*body_->added_ids[record - body_->built].id);
}

std::string_view Index::value_of(std::uint32_t record, std::size_t column) const {
    const auto code = body_->row(record)[column];
    return code == 0 ? std::string_view() : body_->columns[column]->text(code);
}

Result<batch::LinkageModel> estimate(const batch::TablePtr& table, const batch::Options& options) {
    if (!table) return invalid("", "There is no table", "Read one first");
    const auto all = TRY(batch::prepare(*table, nullptr, options));
    auto model = batch::to_model(all, batch::fit_model(all, options));
    const auto weight_of = [](double probability) { return std::log2(probability / (1 - probability)); };
    model.link_at = weight_of(0.95);
    model.review_at = weight_of(0.05);
    model.expected_precision = 0.95;
    return model;
}

}  // namespace waymark::people::index
