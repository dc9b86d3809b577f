// To which instance an entry belongs, and where its markings are.
#include <algorithm>

#include "procedure/fold.hpp"

namespace waymark::procedure {

namespace {

std::uint64_t membership(std::uint32_t item, std::uint16_t type) {
    return (std::uint64_t{item} << 16) | type;
}

}  // namespace

std::uint32_t Fold::mark_of(std::uint16_t event, std::uint32_t instance) const {
    const auto& node = compiled_.nodes[event];
    return node.type == Compiled::none ? place_[event] : instances_[instance].first_mark + node.local;
}

const Fold::Marking& Fold::marking(std::uint16_t event, std::uint32_t instance) const {
    static const Marking included;
    static const Marking excluded{std::nullopt, Known::none, false, std::nullopt, Compiled::none};
    const auto& node = compiled_.nodes[event];
    if (node.type != Compiled::none && instance >= instances_.size())
        return node.event->included ? included : excluded;  // of an instance that is not there yet
    return marks_[mark_of(event, instance)];
}

std::string Fold::key_of(std::uint16_t type, const json::object& fields, std::string_view incident) const {
    const auto& key = compiled_.types[type].shape->key;
    if (key.empty() || key == "case") return {};
    return std::string(key == "incident" ? incident : string_or(fields, key, ""));
}

std::uint32_t Fold::member(std::uint32_t item, std::uint16_t type) const {
    const auto at = members_.find(membership(item, type));
    return at == members_.end() ? fresh : at->second;
}

// `fresh` where it belongs to none.
std::uint32_t Fold::addressed(std::uint16_t type, const Address& address, bool opens) const {
    const auto& shape = *compiled_.types[type].shape;
    const bool one_a_key = !shape.key.empty();
    if (opens && !one_a_key) return fresh;
    auto about = address.about;
    for (int step = 0; step < most_steps_about && about; ++step) {
        const auto at = known_.find(about);
        if (at == Known::none) break;
        if (const auto found = member(at, type); found != fresh && (!opens || instances_[found].open)) return found;
        about = known_.fact(at).about;
    }
    const auto key = key_of(type, *address.fields, address.incident);
    for (std::uint32_t i = 0; i < instances_.size(); ++i) {
        const auto& instance = instances_[i];
        if (instance.type != type || !instance.open) continue;
        if (one_a_key && (!key.empty() || opens) && instance.key != key) continue;
        return i;
    }
    return fresh;
}

std::uint32_t Fold::belongs(std::uint16_t type, const Address& address) const {
    return addressed(type, address, false);
}

std::uint32_t Fold::place_in(std::uint16_t event, std::uint32_t at) {
    const auto& node = compiled_.nodes[event];
    if (const auto already = member(at, node.type); already != fresh) return already;
    const auto& fact = known_.fact(at);
    // One entry that is several events of the type opens an instance if any of them does.
    const auto events = known_.items()[at].kind->events;
    const auto seen = candidate(fact, *known_.items()[at].kind);
    const bool opens = std::any_of(events.begin(), events.end(), [&](std::uint16_t other) {
        const auto& one = compiled_.nodes[other];
        return one.type == node.type && one.opens && compiled_.matches(one, seen);
    });
    auto instance = addressed(node.type, {fact.about, &fact.fields, fact.incident}, opens);
    if (instance == fresh) instance = open(node.type, at, !opens);
    members_.emplace(membership(at, node.type), instance);
    return instance;
}

std::uint32_t Fold::open(std::uint16_t type, std::uint32_t by, bool implicit) {
    const auto index = static_cast<std::uint32_t>(instances_.size());
    auto& instance = instances_.emplace_back();
    instance.type = type;
    instance.first_mark = static_cast<std::uint32_t>(marks_.size());
    instance.opened_by = by;
    instance.open = !implicit;
    instance.key = key_of(type, known_.fact(by).fields, known_.fact(by).incident);
    for (const auto event : compiled_.types[type].events)
        marks_.emplace_back().included = compiled_.nodes[event].event->included;
    return index;
}

std::vector<std::uint32_t> Fold::open_instances(std::uint16_t type) const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < instances_.size(); ++i) {
        if (instances_[i].type == type && instances_[i].open) all.push_back(i);
    }
    return all;
}

}  // namespace waymark::procedure
