// What version 1 wrote is read for ever: tests/golden/record/ is never changed. A later format brings files of its own
// beside these, and this test goes on reading them.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "record/card.hpp"
#include "record/entry_text.hpp"
#include "record/leaf.hpp"
#include "record/note.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

std::string golden(const std::string& name) {
    std::ifstream in(std::string(WAYMARK_SOURCE_DIR) + "/tests/golden/record/" + name, std::ios::binary);
    REQUIRE(in.good());
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

json::object golden_object(const std::string& name) {
    return object(golden(name));
}

std::string_view member(const json::object& object, std::string_view name) {
    return string_or(object, name, "");
}

// The draft and the ids from which the files were made.
Draft golden_draft() {
    auto draft = sample_concern("e-1", "A");
    draft.happened = Happened{date("2026-03-18"), date("2026-03-19"), "EAA"};
    draft.incident = "i-1";
    draft.basis = "public-task";
    draft.case_key = "k-1";
    draft.about = "e-0";
    draft.body["local"] = object(R"({"z": [1, 2.5, null], "a": "é \" \\ \n"})");
    return draft;
}
std::array<std::uint8_t, 32> golden_salt() {
    return sha256(as_bytes("salt"));
}

store::EntryRow golden_row() {
    const auto draft = golden_draft();
    store::EntryRow row;
    row.entry = sample_id<EntryId>(1);
    row.record = sample_id<ViewId>(2);
    row.case_id = sample_id<CaseId>(3);
    row.case_seq = 4;
    row.agency = draft.agency;
    row.author = draft.author;
    row.kind = draft.kind;
    row.source_id = draft.id;
    row.at = draft.at;
    row.recorded = *draft.recorded;
    row.kept = instant("2026-03-27T12:00:00.000001Z");
    row.about = sample_id<EntryId>(5);
    row.incident = draft.incident;
    row.marking = draft.marking;
    row.digest = content_digest(draft);
    row.salt = golden_salt();
    return row;
}

std::vector<KeptSubject> golden_subjects() {
    Digest identity = sha256(as_bytes("identity"));
    return {{2, sample_id<ViewId>(2), 1, identity}, {16, sample_id<ViewId>(6), 0, {}, sample_id<ViewId>(6)}};
}

}  // namespace

TEST_CASE("A card of format 1 is read") {
    const auto card = read_card(golden("card-v1.json"));
    REQUIRE(card);
    CHECK(card->involvement == 2);
    CHECK(card->basis == "public-task");
    CHECK(card->happened == golden_draft().happened);
    CHECK(card->fields.size() == 4);
    CHECK(string_or(card->fields, "about_what", "") == "displayed-behaviour");
    CHECK(string_or(card->fields, "setting", "") == "school");
    CHECK(card->fields.at("immediate_danger") == false);
}

TEST_CASE("An entry's text of format 1 is read") {
    const auto text = read_entry_text(golden("entry-text-v1.json"));
    REQUIRE(text);
    CHECK(text->body == golden_draft().body);
    CHECK(text->happened == golden_draft().happened);
    CHECK(text->about == "e-0");
    CHECK(text->case_key == "k-1");
    CHECK(text->basis == "public-task");
    CHECK(text->carded == std::vector<std::string>{"about_what", "immediate_danger", "noticed", "setting"});
    REQUIRE(text->subjects.size() == 2);
    CHECK(text->subjects[0].identity == golden_subjects()[0].identity);
    CHECK(text->subjects[1].person == sample_id<ViewId>(6));
}

TEST_CASE("An identity of format 1 is read") {
    const auto identity = decode_identity(golden_object("identity-v1.json"), "", date("2026-03-27"));
    REQUIRE(identity);
    CHECK(identity->given_name == "Zoë");
    CHECK(identity->other_names == std::vector<std::string>{"Zoey"});
    CHECK(identity->date_of_birth == date("2012-02-29"));
    CHECK(identity->address_protected);
    CHECK(identity->more == object(R"({"ward": "Pier"})"));
}

TEST_CASE("A leaf of format 1 follows from salt, envelope and text") {
    const auto leaf = golden_object("leaf-v1.json");
    const auto salt = from_hex(member(leaf, "salt")).value();
    CHECK(to_hex(leaf_of(salt, golden("envelope-v1.json"), golden("entry-text-v1.json"))) == member(leaf, "leaf"));
}

TEST_CASE("A checkpoint of format 1 opens") {
    const auto checkpoint =
        open_checkpoint(golden("checkpoint-v1.note"),
                        "waymark/northbay+" + std::string(member(golden_object("leaf-v1.json"), "verifier")));
    REQUIRE(checkpoint);
    CHECK(checkpoint->size == 1);
    CHECK(to_hex(checkpoint->root) == member(golden_object("leaf-v1.json"), "leaf"));
}

TEST_CASE("Version 1 is still what is written") {
    const auto draft = golden_draft();
    const auto* kind = kinds_of_entry().find(draft.kind);
    REQUIRE(kind != nullptr);
    const auto fields = card_fields(draft.body, *kind);
    CHECK(write_card(2, draft.happened, draft.basis, fields) == golden("card-v1.json"));
    CHECK(write_entry_text(draft, *draft.recorded, golden_subjects(), fields) == golden("entry-text-v1.json"));
    CHECK(write_envelope(golden_row()) == golden("envelope-v1.json"));
    CHECK(to_hex(content_digest(draft)) == member(golden_object("leaf-v1.json"), "digest"));
    CHECK(to_hex(golden_salt()) == member(golden_object("leaf-v1.json"), "salt"));
    CHECK(write_json(encode(draft)) + "\n" == golden("line-v1.jsonl"));
}
