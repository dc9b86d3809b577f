// What makes two entries the same, and the canonical bytes that say so.
#include "record/canonical.hpp"
#include "record/card.hpp"
#include "record/writer.hpp"

namespace waymark::record {

namespace {

// Who somebody is, is held and not done: `at` says only when a file brought it, and the same file may come again.
constexpr std::string_view identity_kind = "identity.recorded";

void append_names(std::string& out, Involvements set) {
    const auto names = names_of(set);
    if (names.size() == 1) return append_json_string(out, names.front());
    out += '[';
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, names[i]);
    }
    out += ']';
}

void append_subjects(std::string& out, const std::vector<Subject>& subjects) {
    out += '[';
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (i != 0) out += ',';
        ObjectWriter json(out);
        if (subjects[i].identity) append_identity(json.begin("identity"), *subjects[i].identity);
        append_names(json.begin("involvement"), subjects[i].involvement);
        if (subjects[i].person) json.plain("person", to_string(*subjects[i].person));
        json.end();
    }
    out += ']';
}

void append_other_names(std::string& out, const std::vector<std::string>& names) {
    out += '[';
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, names[i]);
    }
    out += ']';
}

}  // namespace

void append_identity(std::string& out, const Identity& identity) {
    const auto& hidden = AtRest::plain(identity);
    if (!identity.more.empty() || !hidden.more.empty()) return append_canonical(out, AtRest::encode(identity));
    ObjectWriter json(out);
    json.text_if("address", hidden.address.empty() ? identity.address : hidden.address);
    if (identity.address_protected) json.begin("address_protected") += "true";
    json.text_if("adoption", identity.adoption);
    if (identity.date_of_birth) json.plain("date_of_birth", format_date(*identity.date_of_birth));
    json.text_if("dob_accuracy", identity.dob_accuracy);
    json.text_if("email", identity.email);
    if (identity.expected_date_of_birth)
        json.plain("expected_date_of_birth", format_date(*identity.expected_date_of_birth));
    json.text_if("family_name", identity.family_name);
    json.text_if("given_name", identity.given_name);
    json.text_if("id", identity.id);
    json.text_if("la_child_id", identity.la_child_id);
    json.text_if("nhs_number", identity.nhs_number);
    if (!identity.other_names.empty()) append_other_names(json.begin("other_names"), identity.other_names);
    json.text_if("phone", identity.phone);
    json.text_if("postcode", hidden.postcode.empty() ? identity.postcode : hidden.postcode);
    json.text_if("sex", identity.sex);
    json.text_if("source", identity.source);
    json.text_if("upn", identity.upn);
    json.end();
}

std::string canonical_identity(const Identity& identity) {
    std::string out;
    append_identity(out, identity);
    return out;
}

std::string canonical_content(const Draft& draft) {
    std::string out;
    out.reserve(1024);
    ObjectWriter json(out);
    json.text_if("about", draft.about);
    json.text("agency", draft.agency);
    if (draft.kind != identity_kind) json.plain("at", to_string(draft.at));
    json.text("author", draft.author);
    json.text_if("basis", draft.basis);
    AtRest::hides(draft) ? json.member("body", AtRest::body(draft)) : json.member("body", draft.body);
    json.text_if("case", draft.case_key);
    if (draft.happened) append_happened(json.begin("happened"), *draft.happened);
    json.text_if("id", draft.id);
    json.text_if("incident", draft.incident);
    json.text("kind", draft.kind);
    if (draft.marking != "team") json.text("marking", draft.marking);
    if (!draft.subjects.empty()) append_subjects(json.begin("subjects"), draft.subjects);
    json.text_if("supersedes", draft.supersedes);
    json.end();
    return out;
}

Digest content_digest(const Draft& draft) {
    return sha256(as_bytes(canonical_content(draft)));
}

}  // namespace waymark::record
