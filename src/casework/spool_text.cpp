// A spooled concern as sealed text: who sent it and what they wrote.
#include "casework/spool_text.hpp"
#include "record/canonical.hpp"

#include <array>

#include <fmt/format.h>

namespace waymark::casework {

namespace {

record::Bound bound_of(const Uuid& id) {
    return {"spool", id, "concern.raised", 1};
}

using AskerField = std::string record::Asker::*;
constexpr std::array<std::pair<std::string_view, AskerField>, 10> asker_fields{{
    {"practitioner", &record::Asker::practitioner},
    {"agency", &record::Asker::agency},
    {"role", &record::Asker::role},
    {"purpose", &record::Asker::purpose},
    {"session", &record::Asker::session},
    {"route", &record::Asker::route},
    {"from", &record::Asker::from},
    {"strength", &record::Asker::strength},
    {"issuer", &record::Asker::issuer},
    {"reason", &record::Asker::reason},
}};
using RequestField = std::string RaiseRequest::*;
constexpr std::array<std::pair<std::string_view, RequestField>, 5> request_fields{{
    {"key", &RaiseRequest::key},
    {"about_what", &RaiseRequest::about_what},
    {"setting", &RaiseRequest::setting},
    {"noticed", &RaiseRequest::noticed},
    {"summary", &RaiseRequest::summary},
}};

json::string_view name_for_json(std::string_view name) {
    return {name.data(), name.size()};
}

auto not_a_spooled_concern() {
    return invalid("spool", "A concern in the spool is not as it was kept.", "Keep the file, and ask for help.");
}

json::object child_to_json(const RaiseRequest& request, std::size_t n) {
    const auto& child = request.children[n];
    auto identity = child.as_described;
    if (identity.source.empty()) identity.source = engine_agency;
    if (identity.id.empty()) identity.id = fmt::format("{}/{}", request.key, n + 1);
    json::object out{{"involvement", child.involvement}, {"identity", record::AtRest::encode(identity)}};
    if (child.known) out["known"] = to_string(*child.known);
    return out;
}

json::object said_in(const RaiseRequest& request) {
    json::object said;
    for (const auto& [name, field] : request_fields) said[name_for_json(name)] = request.*field;
    said["immediate_danger"] = request.immediate_danger;
    if (request.at) said["at"] = {{"micros", request.at->instant.micros}, {"date_only", request.at->date_only}};
    json::array children;
    for (std::size_t n = 0; n < request.children.size(); ++n) children.push_back(child_to_json(request, n));
    said["children"] = std::move(children);
    return said;
}

}  // namespace

Digest content_of(const Spooled& spooled) {
    return sha256(as_bytes(write_canonical(said_in(spooled.request))));
}

Bytes close_spooled(const record::Seal& seal, const Spooled& spooled, const Uuid& id) {
    json::object asker;
    for (const auto& [name, field] : asker_fields) asker[name_for_json(name)] = spooled.asker.*field;
    const json::object whole{{"asker", std::move(asker)}, {"request", said_in(spooled.request)}};
    return seal.close(as_bytes(write_json(whole)), bound_of(id));
}

Result<Spooled> open_spooled(const record::Seal& seal, ByteView sealed, const Uuid& id) {
    const auto plain = TRY(seal.open(sealed, bound_of(id)));
    const auto value = TRY(parse_json(as_text(plain)));
    const auto* whole = value.if_object();
    const auto* asker = whole == nullptr ? nullptr : find(*whole, "asker");
    const auto* said = whole == nullptr ? nullptr : find(*whole, "request");
    if (asker == nullptr || said == nullptr || !asker->is_object() || !said->is_object())
        return not_a_spooled_concern();
    Spooled out;
    for (const auto& [name, field] : asker_fields) out.asker.*field = string_or(asker->get_object(), name, "");
    const auto& fields = said->get_object();
    auto& request = out.request;
    for (const auto& [name, field] : request_fields) request.*field = string_or(fields, name, "");
    if (const auto* danger = find(fields, "immediate_danger"); danger != nullptr && danger->is_bool())
        request.immediate_danger = danger->get_bool();
    if (const auto* at = find(fields, "at"); at != nullptr && at->is_object()) {
        const auto* micros = find(at->get_object(), "micros");
        const auto* date_only = find(at->get_object(), "date_only");
        if (micros == nullptr || !micros->is_int64() || date_only == nullptr || !date_only->is_bool())
            return not_a_spooled_concern();
        request.at = When{Instant{micros->get_int64()}, date_only->get_bool()};
    }
    const auto* children = find(fields, "children");
    if (children == nullptr || !children->is_array()) return not_a_spooled_concern();
    // Only what was well formed was taken, so that no day of birth is too late here.
    constexpr Date any_day{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
    for (const auto& one : children->get_array()) {
        const auto* object = one.if_object();
        const auto* involvement = object == nullptr ? nullptr : find(*object, "involvement");
        const auto* identity = object == nullptr ? nullptr : find(*object, "identity");
        if (involvement == nullptr || identity == nullptr || !identity->is_object()) return not_a_spooled_concern();
        RaiseRequest::Child child;
        child.involvement = static_cast<record::Involvements>(involvement->to_number<std::uint16_t>());
        auto decoded = record::decode_identity(identity->get_object(), "identity", any_day);
        if (!decoded) return tl::unexpected(decoded.error().front());
        child.as_described = std::move(*decoded);
        if (const auto known = parse_id<ViewId>(string_or(*object, "known", ""))) child.known = *known;
        request.children.push_back(std::move(child));
    }
    return out;
}

}  // namespace waymark::casework
