#include "casework/models.hpp"

#include <fmt/format.h>

#include "base/hash.hpp"
#include "people/registry_model.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view model_name = "identity";
constexpr std::size_t most_model_bytes = 1u << 20;  // of an entry's text; a model of twelve columns has some 20 KB

Result<people::Model> model_in(std::string_view json, const std::string& place) {
    const auto named = [&](Fault what) {
        what.place = place + (what.place.empty() ? "" : " " + what.place);
        return tl::unexpected(std::move(what));
    };
    const auto kept = people::batch::parse_linkage_model(json);
    if (!kept) return named(kept.error());
    auto model = people::registry_model(*kept);
    if (!model) return named(model.error());
    return model;
}

}  // namespace

Result<Adopted> model_to_adopt(std::string_view json, const std::string& file) {
    if (json.size() > most_model_bytes)
        return invalid(file, "The file is too large for a model.", "Name a file that --keep-model wrote.");
    TRY_VOID(model_in(json, file));
    return Adopted{"model", std::string(model_name), to_hex(sha256(as_bytes(json))).substr(0, 12), std::string(json)};
}

Adopted shipped_model() {
    return {"model", std::string(model_name), "shipped", ""};
}

Result<void> check_model(const Adopted& one) {
    if (!one.text.empty()) TRY_VOID(model_in(one.text, fmt::format("model {}", one.version)));
    return {};
}

people::Model model_in_force(std::span<const Adopted> newest) {
    const auto* text = adopted_text(newest, "model", model_name);
    if (text == nullptr || text->text.empty()) return people::default_model();
    auto model = model_in(text->text, text->version);
    return model ? std::move(*model) : people::default_model();
}

ModelInForce model_in_force(const Office& office) {
    ModelInForce out;
    const auto* text = adopted_text(office.editions.newest(), "model", model_name);
    out.shipped = text == nullptr || text->text.empty();
    out.version = text == nullptr ? shipped_model().version : text->version;
    if (const auto& since = office.editions.model_since()) {
        out.adopted = since->when;
        out.by = since->by;
    }
    const auto& model = office.registry->model();
    out.link_at = model.link_at;
    out.review_at = model.review_at;
    out.expected_precision = model.expected_precision;
    return out;
}

}  // namespace waymark::casework
