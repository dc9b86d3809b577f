#include "record/entry_text.hpp"

#include <exception>

#include "record/canonical.hpp"
#include "record/shape.hpp"
#include "record/writer.hpp"

namespace waymark::record {

namespace {

void append_subjects(std::string& out, const std::vector<KeptSubject>& subjects) {
    out += '[';
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const auto& subject = subjects[i];
        if (i != 0) out += ',';
        ObjectWriter json(out);
        if (subject.version != 0) json.plain("identity", to_hex(subject.identity));
        json.number("involvement", subject.involvement);
        if (subject.person) json.plain("person", to_string(subject.person));
        if (subject.version != 0) json.number("version", subject.version);
        json.plain("view", to_string(subject.view));
        json.end();
    }
    out += ']';
}

Fault not_an_entry() {
    return {FaultKind::invalid, "text", "the kept text of an entry cannot be read",
            "run `waymark verify`, and restore from a back-up"};
}

Result<KeptSubject> read_subject(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return tl::unexpected(not_an_entry());
    KeptSubject subject;
    const auto* involvement = find(*object, "involvement");
    if (involvement == nullptr || !involvement->is_int64()) return tl::unexpected(not_an_entry());
    subject.involvement = static_cast<Involvements>(involvement->get_int64());
    subject.view = TRY(parse_id<ViewId>(string_or(*object, "view", "")));
    if (const auto person = string_or(*object, "person", ""); !person.empty())
        subject.person = TRY(parse_id<ViewId>(person));
    if (const auto* version = find(*object, "version"); version != nullptr && version->is_int64()) {
        subject.version = static_cast<std::int32_t>(version->get_int64());
        const auto digest = TRY(from_hex(string_or(*object, "identity", "")));
        if (digest.size() != subject.identity.size()) return tl::unexpected(not_an_entry());
        std::copy(digest.begin(), digest.end(), subject.identity.begin());
    }
    return subject;
}

}  // namespace

std::string write_entry_text(const Draft& draft, Instant recorded, const std::vector<KeptSubject>& subjects,
                             const std::vector<CardField>& carded) {
    std::string out;
    out.reserve(1024);
    ObjectWriter json(out);
    json.text_if("about", draft.about);
    json.text("agency", draft.agency);
    json.plain("at", to_string(draft.at));
    json.text("author", draft.author);
    json.text_if("basis", draft.basis);
    AtRest::hides(draft) ? json.member("body", AtRest::body(draft)) : json.member("body", draft.body);
    if (!carded.empty()) {
        auto& list = json.begin("carded");
        list += '[';
        for (std::size_t i = 0; i < carded.size(); ++i) {
            if (i != 0) list += ',';
            append_json_string(list, carded[i].name);
        }
        list += ']';
    }
    json.text_if("case", draft.case_key);
    if (draft.happened) append_happened(json.begin("happened"), *draft.happened);
    json.text_if("id", draft.id);
    json.text_if("incident", draft.incident);
    json.text("kind", draft.kind);
    json.text("marking", draft.marking);
    json.plain("recorded", to_string(recorded));
    if (!subjects.empty()) append_subjects(json.begin("subjects"), subjects);
    json.text_if("supersedes", draft.supersedes);
    json.end();
    return out;
}

Result<EntryText> read_entry_text(std::string_view text, json::storage_ptr storage) {
    try {
        auto value = parse_own_json(text, std::move(storage));
        auto* object = value.if_object();
        auto* body = object != nullptr ? object->if_contains("body") : nullptr;
        if (body == nullptr || !body->is_object()) return tl::unexpected(not_an_entry());
        EntryText entry(std::move(body->get_object()));
        entry.basis = string_or(*object, "basis", "");
        entry.case_key = string_or(*object, "case", "");
        entry.about = string_or(*object, "about", "");
        entry.supersedes = string_or(*object, "supersedes", "");
        if (const auto* happened = find(*object, "happened"); happened != nullptr && happened->is_object()) {
            entry.happened = TRY(read_happened(happened->get_object()));
        }
        if (const auto* list = find(*object, "subjects"); list != nullptr && list->is_array()) {
            for (const auto& subject : list->get_array()) entry.subjects.push_back(TRY(read_subject(subject)));
        }
        if (const auto* list = find(*object, "carded"); list != nullptr && list->is_array()) {
            for (const auto& name : list->get_array()) {
                if (const auto* field = name.if_string()) entry.carded.emplace_back(view_of(*field));
            }
        }
        return entry;
    } catch (const std::exception&) {
        return tl::unexpected(not_an_entry());
    }
}

Involvements involvement_of(const std::vector<KeptSubject>& subjects, ViewId record) {
    Involvements set = 0;
    for (const auto& subject : subjects) {
        if (record && subject.view == record) set = static_cast<Involvements>(set | subject.involvement);
    }
    if (set != 0) return set;
    for (const auto& subject : subjects) {
        if ((subject.involvement & children_involvements) != 0) return subject.involvement;
    }
    return 0;
}

}  // namespace waymark::record
