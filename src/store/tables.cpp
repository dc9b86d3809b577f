// Written to match schema/*/; the contract suite copies every table through these.
#include "store/tables.hpp"

namespace waymark::store::tables {

namespace {

constexpr Column partnership_columns[] = {
    {"partnership", Type::small},   {"key", Type::text}, {"name", Type::text}, {"profile", Type::text},
    {"demonstration", Type::small},
};
constexpr Column entry_columns[] = {
    {"partnership", Type::small}, {"record", Type::blob},     {"at", Type::whole},        {"recorded", Type::whole},
    {"entry", Type::blob},        {"date_only", Type::small}, {"kept", Type::whole},      {"case_id", Type::blob},
    {"case_seq", Type::whole},    {"agency", Type::text},     {"author", Type::text},     {"kind", Type::text},
    {"source_id", Type::text},    {"about", Type::blob},      {"supersedes", Type::blob}, {"incident", Type::text},
    {"marking", Type::text},      {"digest", Type::blob},     {"salt", Type::blob},       {"card", Type::blob},
};
constexpr Column entry_text_columns[] = {
    {"partnership", Type::small},
    {"entry", Type::blob},
    {"text", Type::blob},
};
constexpr Column view_columns[] = {
    {"partnership", Type::small}, {"view", Type::blob},      {"agency", Type::text},
    {"source", Type::text},       {"source_id", Type::text}, {"person", Type::blob},
    {"version", Type::integer},   {"recorded", Type::whole}, {"identity", Type::blob},
};
constexpr Column view_version_columns[] = {
    {"partnership", Type::small}, {"view", Type::blob},  {"version", Type::integer},
    {"recorded", Type::whole},    {"entry", Type::blob}, {"identity", Type::blob},
};
constexpr Column token_columns[] = {
    {"partnership", Type::small},
    {"token", Type::whole},
    {"view", Type::blob},
};
constexpr Column link_columns[] = {
    {"partnership", Type::small}, {"a", Type::blob},          {"b", Type::blob},        {"state", Type::small},
    {"weight", Type::real},       {"decided_by", Type::blob}, {"evidence", Type::blob}, {"made", Type::whole},
};
constexpr Column casefile_columns[] = {
    {"partnership", Type::small},    {"case_id", Type::blob},
    {"record", Type::blob},          {"agency", Type::text},
    {"source_key", Type::text},      {"procedure", Type::text},
    {"opened", Type::whole},         {"closed", Type::whole},
    {"next_seq", Type::whole},       {"gathered", Type::small},
    {"gathered_since", Type::whole}, {"gathered_plain", Type::small},
    {"gathered_until", Type::whole}, {"lead", Type::text},
    {"marking", Type::text},
};
constexpr Column duty_columns[] = {
    {"partnership", Type::small}, {"case_id", Type::blob},   {"ordinal", Type::integer}, {"record", Type::blob},
    {"duty", Type::text},         {"raised_by", Type::blob}, {"due", Type::whole},       {"owner", Type::text},
    {"state", Type::text},        {"kind", Type::text},      {"summary", Type::text},
};
constexpr Column prompt_columns[] = {
    {"partnership", Type::small}, {"practitioner", Type::text}, {"case_id", Type::blob},
    {"cue", Type::text},          {"shown", Type::whole},
};
constexpr Column audit_columns[] = {
    {"partnership", Type::small}, {"at", Type::whole},     {"practitioner", Type::text}, {"agency", Type::text},
    {"role", Type::text},         {"session", Type::text}, {"action", Type::text},       {"purpose", Type::text},
    {"basis", Type::text},        {"route", Type::text},   {"record", Type::blob},       {"case_id", Type::blob},
    {"entries", Type::text},      {"result", Type::text},  {"rule", Type::text},         {"policy", Type::text},
    {"origin", Type::text},       {"who", Type::blob},     {"strength", Type::text},     {"relationship", Type::text},
    {"shown", Type::blob},        {"fields", Type::text},  {"sealed", Type::blob},
};
constexpr Column access_epoch_columns[] = {
    {"partnership", Type::small},
    {"epoch", Type::whole},
};
constexpr Column session_columns[] = {
    {"partnership", Type::small}, {"token", Type::blob},    {"practitioner", Type::text}, {"created", Type::whole},
    {"seen", Type::whole},        {"expires", Type::whole}, {"csrf", Type::text},         {"strength", Type::text},
    {"issuer", Type::text},       {"subject", Type::blob},  {"login", Type::blob},        {"details", Type::blob},
};
constexpr Column engagement_columns[] = {
    {"partnership", Type::small}, {"practitioner", Type::text},  {"agency", Type::text},
    {"role", Type::text},         {"closed", Type::whole},       {"last_sign_in", Type::whole},
    {"last_issuer", Type::text},  {"last_strength", Type::text},
};
constexpr Column account_columns[] = {
    {"partnership", Type::small},
    {"practitioner", Type::text},
    {"changed", Type::whole},
    {"sealed", Type::blob},
};
constexpr Column sign_in_step_columns[] = {
    {"partnership", Type::small}, {"token", Type::blob},  {"kind", Type::text},
    {"expires", Type::whole},     {"sealed", Type::blob},
};
constexpr Column sign_in_tally_columns[] = {
    {"partnership", Type::small},
    {"tag", Type::blob},
    {"failures", Type::whole},
    {"last", Type::whole},
};
constexpr Column draft_columns[] = {
    {"partnership", Type::small}, {"draft", Type::blob},    {"practitioner", Type::text}, {"form", Type::text},
    {"saved", Type::whole},       {"expires", Type::whole}, {"fields", Type::blob},
};
constexpr Column secret_columns[] = {
    {"partnership", Type::small},
    {"name", Type::text},
    {"sealed", Type::blob},
};
constexpr Column leaf_queue_columns[] = {
    {"partnership", Type::small},
    {"entry", Type::blob},
    {"leaf", Type::blob},
};
constexpr Column leaf_columns[] = {
    {"partnership", Type::small},
    {"log_index", Type::whole},
    {"entry", Type::blob},
    {"leaf", Type::blob},
};
constexpr Column log_state_columns[] = {
    {"partnership", Type::small},
    {"size", Type::whole},
    {"frontier", Type::blob},
    {"fence", Type::whole},
};
constexpr Column checkpoint_columns[] = {
    {"partnership", Type::small},
    {"size", Type::whole},
    {"at", Type::whole},
    {"note", Type::text},
};

}  // namespace

const Table partnership{"partnership", partnership_columns};
const Table entry{"entry", entry_columns};
const Table entry_text{"entry_text", entry_text_columns};
const Table view{"view", view_columns};
const Table view_version{"view_version", view_version_columns};
const Table token{"token", token_columns};
const Table link{"link", link_columns};
const Table casefile{"casefile", casefile_columns};
const Table duty{"duty", duty_columns};
const Table prompt{"prompt", prompt_columns};
const Table audit{"audit", audit_columns, true};
const Table access_epoch{"access_epoch", access_epoch_columns};
const Table session{"session", session_columns};
const Table engagement{"engagement", engagement_columns};
const Table account{"account", account_columns};
const Table sign_in_step{"sign_in_step", sign_in_step_columns};
const Table sign_in_tally{"sign_in_tally", sign_in_tally_columns};
const Table draft{"draft", draft_columns};
const Table secret{"secret", secret_columns};
const Table leaf_queue{"leaf_queue", leaf_queue_columns, true};
const Table leaf{"leaf", leaf_columns};
const Table log_state{"log_state", log_state_columns};
const Table checkpoint{"checkpoint", checkpoint_columns};

const std::vector<const Table*>& all() {
    static const std::vector<const Table*> list = {
        &partnership,   &entry,  &entry_text, &view,         &view_version, &token,      &link,       &casefile,
        &duty,          &prompt, &audit,      &access_epoch, &session,      &engagement, &account,    &sign_in_step,
        &sign_in_tally, &draft,  &secret,     &leaf_queue,   &leaf,         &log_state,  &checkpoint,
    };
    return list;
}

}  // namespace waymark::store::tables
