#include <doctest/doctest.h>

#include "record/card.hpp"
#include "record/entry_text.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

const content::Kind& kind(std::string_view key) {
    const auto* found = kinds_of_entry().find(key);
    REQUIRE(found != nullptr);
    return *found;
}

std::string card_of(std::string_view key, std::string_view body) {
    const auto given = object(body);
    return write_card(set_of(Involvement::displayed), std::nullopt, "", card_fields(given, kind(key)));
}

}  // namespace

TEST_CASE("A card holds codes and flags and no text") {
    CHECK(card_of("concern.raised",
                  R"({"summary": "Text.", "about_what": "harmed", "immediate_danger": true, "unnamed": "x"})") ==
          R"({"body":{"about_what":"harmed","immediate_danger":true},"involvement":2})");
}

TEST_CASE("Who attended is written one way in a card, without names") {
    CHECK(
        card_of(
            "meeting.held",
            R"({"attended": ["csc", {"agency": "nhs", "service": "nursing", "name": "Nora Nurse", "contributed": true}]})")
            .find("Nora") == std::string::npos);
}

TEST_CASE("Actions are in a card by id, owner and day") {
    const auto card = card_of(
        "plan.agreed",
        R"({"type": "safety", "actions": [{"id": "1", "text": "Secret words", "owner": "csc", "due": "2026-04-30"}]})");
    CHECK(card ==
          R"({"body":{"actions":[{"due":"2026-04-30","id":"1","owner":"csc"}],"type":"safety"},"involvement":2})");
}

TEST_CASE("Text that stands where a flag, a number or a date belongs does not enter the card") {
    CHECK(card_of("concern.raised", R"({"immediate_danger": "Alma said"})") == R"({"body":{},"involvement":2})");
    CHECK(card_of("keep-apart.agreed", R"({"review_by": "when Alma is back"})") == R"({"body":{},"involvement":2})");
}

TEST_CASE("A card is read back as it was written") {
    const Happened happened{date("2026-03-01"), std::nullopt, "EUA"};
    const auto body = object(R"({"about_what": "harmed", "setting": "school"})");
    const auto text = write_card(18, happened, "public-task", card_fields(body, kind("concern.raised")));
    const auto card = read_card(text);
    REQUIRE(card);
    CHECK(card->involvement == 18);
    CHECK(card->happened == happened);
    CHECK(card->basis == "public-task");
    CHECK(write_canonical(json::value(card->fields)) == R"({"about_what":"harmed","setting":"school"})");
}

TEST_CASE("What is not a card is refused") {
    for (const auto* text :
         {"", "{", "[]", "{}", R"({"body":{}})", R"({"involvement":1})", R"({"body":[],"involvement":1})"}) {
        CHECK_FALSE(read_card(text));
    }
}

TEST_CASE(
    "A card follows from its text, also when the kind has gained a field since, and not when a field is gone or "
    "other") {
    const auto body = object(R"({"about_what": "harmed", "setting": "school", "immediate_danger": true})");
    const auto fields = card_fields(body, kind("concern.raised"));
    REQUIRE(fields.size() == 3);
    const std::vector<std::string_view> all{"about_what", "immediate_danger", "setting"};
    const std::vector<std::string_view> before{"about_what", "immediate_danger"};  // when `setting` was not a field yet
    const auto follows = [&](std::string_view card, const std::vector<std::string_view>& carded) {
        return card_follows(card, 2, std::nullopt, "", fields, carded);
    };
    CHECK(
        follows(R"({"body":{"about_what":"harmed","immediate_danger":true,"setting":"school"},"involvement":2})", all));
    CHECK(follows(R"({"body":{"about_what":"harmed","immediate_danger":true,"setting":"school"},"involvement":2})",
                  before));
    CHECK(follows(R"({"body":{"about_what":"harmed","immediate_danger":true},"involvement":2})", before));
    CHECK_FALSE(follows(R"({"body":{"about_what":"harmed","immediate_danger":true},"involvement":2})", all));
    CHECK_FALSE(follows(R"({"body":{"about_what":"other","immediate_danger":true},"involvement":2})", before));
    CHECK_FALSE(follows(R"({"body":{"about_what":"harmed","immediate_danger":true,"x":1},"involvement":2})", before));
    CHECK_FALSE(
        follows(R"({"body":{"about_what":"harmed","immediate_danger":true,"setting":"school"},"involvement":4})", all));
    CHECK_FALSE(follows("no card", before));
}

TEST_CASE("The text of an entry is read back as it was written") {
    auto draft = sample_concern("e-1", "A");
    draft.happened = Happened{date("2026-03-01"), date("2026-03-02"), "EUA"};
    draft.about = "a";
    draft.supersedes = "s";
    draft.case_key = "c";
    draft.basis = "b";
    KeptSubject child{2, sample_id<ViewId>(4), 3, sha256(as_bytes("x"))};
    KeptSubject parent{16, sample_id<ViewId>(5), 0, {}, sample_id<ViewId>(6)};
    const auto text = write_entry_text(draft, instant("2026-03-21T09:00:00Z"), {child, parent},
                                       card_fields(draft.body, kind("concern.raised")));
    CHECK(text == write_canonical(parse_json(text).value()));
    CHECK(text.find("Alma") == std::string::npos);  // identities live with their views
    const auto read = read_entry_text(text);
    REQUIRE(read);
    CHECK(read->happened == draft.happened);
    CHECK(read->about == "a");
    CHECK(read->supersedes == "s");
    CHECK(read->case_key == "c");
    CHECK(read->basis == "b");
    CHECK(read->body == draft.body);
    REQUIRE(read->subjects.size() == 2);
    CHECK(read->subjects[0].view == child.view);
    CHECK(read->subjects[0].version == 3);
    CHECK(read->subjects[0].identity == child.identity);
    CHECK(read->subjects[1].version == 0);
    CHECK(read->subjects[1].person == parent.person);
    CHECK(read->carded.size() == 4);
    CHECK(involvement_of(read->subjects, child.view) == 2);
}
