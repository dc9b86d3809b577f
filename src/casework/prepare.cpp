// What of the intake needs no store: splitting by child, digests, ids. Runs beside the writer.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "casework/casework.hpp"

namespace waymark::casework {

namespace {

std::optional<Fault> unknown_agency(const Office& office, const std::string& key) {
    if (key == engine_agency || office.profile.agency(key) != nullptr) return std::nullopt;
    std::vector<std::string> known;
    for (const auto& agency : office.profile.agencies) known.push_back(agency.key);
    const auto near = nearest(key, known);
    return Fault{FaultKind::invalid, "agency", "The partnership's profile has no such agency.",
                 near.empty() ? "Use the key of an agency of the profile, or add the agency to it."
                              : fmt::format("Did you mean {}?", near)};
}

// Ties the entries of one incident where the source has no key for it. It must be the same when the same entry comes
// again.
std::string incident_for(const Office& office, const record::Draft& draft) {
    if (draft.id.empty()) return to_string(make_uuid4(office.random));
    const auto digest = sha256({as_bytes(draft.agency), as_bytes("\n"), as_bytes(draft.id)});
    return to_hex(ByteView(digest).first(16));
}

// Entries that took place and were recorded at one moment fold in the order of their ids, and a file that gives days
// only is read top to bottom: the ids of a batch rise with it, also within one microsecond.
void number_in_order(const Office& office, Prepared& prepared) {
    std::vector<EntryId> ids(prepared.parts.size());
    for (auto& id : ids) id = EntryId{make_uuid7(office.clock, office.random)};
    std::sort(ids.begin(), ids.end());
    for (std::size_t i = 0; i < ids.size(); ++i) prepared.parts[i].ready.id = ids[i];
}

bool has_several_subjects(const record::Draft& draft) {
    return draft.subjects.size() > 1;
}

}  // namespace

bool has_its_own_way(const content::Catalogue& catalogue, const record::Draft& draft) {
    const auto* kind = catalogue.find(draft.kind);
    if (kind != nullptr && (kind->group == "access" || kind->group == "advice")) return true;
    if (draft.kind == "restriction.set") return !draft.supersedes.empty();
    return draft.kind == "restriction.lifted" || draft.kind == "identity.decided";
}

Prepared prepare(const Office& office, std::vector<record::Draft> drafts) {
    Prepared prepared;
    prepared.refused.resize(drafts.size());
    prepared.parts.reserve(drafts.size());
    const auto add = [&](std::size_t draft, std::size_t nth, record::Draft content) {
        Prepared::Part part;
        part.draft = draft;
        part.nth = nth;
        part.named.resize(content.subjects.size());
        for (std::size_t s = 0; s < content.subjects.size(); ++s) {
            if (content.subjects[s].person) std::swap(part.named[s], content.subjects[s].identity);
        }
        part.ready.digest = record::content_digest(content);
        part.ready.draft = std::move(content);
        prepared.parts.push_back(std::move(part));
    };
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        record::protect(drafts[i], office.catalogue);
        if (auto unknown = unknown_agency(office, drafts[i].agency)) {
            prepared.refused[i].push_back(std::move(*unknown));
            continue;
        }
        if (!has_several_subjects(drafts[i])) {
            add(i, 0, std::move(drafts[i]));
            continue;
        }
        const auto incident = incident_for(office, drafts[i]);
        std::size_t nth = 0;
        for (auto& part : record::split_by_child(std::move(drafts[i]), incident)) add(i, nth++, std::move(part));
    }
    number_in_order(office, prepared);
    return prepared;
}

}  // namespace waymark::casework
