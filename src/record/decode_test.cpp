#include <doctest/doctest.h>

#include "record/canonical.hpp"
#include "support/record_samples.hpp"

using namespace waymark;
using namespace waymark::record;
using namespace waymark::testing;

namespace {

const Zone& zone() {
    static const Zone london;
    return london;
}

constexpr std::string_view good_line = R"({
    "kind": "concern.raised", "at": "2026-03-20T09:00:00Z", "happened": {"from": "2026-03-18", "to": "2026-03-19", "accuracy": "EAA"},
    "recorded": "2026-03-20T09:30:00Z", "agency": "csc", "author": "a.rahman",
    "subjects": [{"involvement": ["displayed", "sibling"],
                  "identity": {"source": "liquid", "id": "C1", "given_name": "Alma", "date_of_birth": "2014-06-01"}},
                 {"involvement": "parent", "person": "018f0000-0000-7000-8000-000000000001"}],
    "incident": "i-1", "about": "x", "id": "e-1", "case": "k-1", "basis": "public-task", "marking": "named-only", "supersedes": "e-0",
    "body": {"about_what": "displayed-behaviour", "setting": "school", "noticed": "reported", "summary": "Category 2.",
             "immediate_danger": false, "local_field": {"kept": [1, 2]}}})";

tl::expected<Draft, std::vector<Fault>> decode(std::string_view line) {
    return decode_draft(line, kinds_of_entry(), sample_now(), zone());
}

json::object good() {
    return object(good_line);
}

std::vector<Fault> faults_of(const json::object& line) {
    const auto draft = decode_draft(line, kinds_of_entry(), sample_now(), zone());
    return draft ? std::vector<Fault>{} : draft.error();
}
std::vector<Fault> faults_with(std::string_view field, json::value value) {
    auto line = good();
    line[json::string_view(field.data(), field.size())] = std::move(value);
    return faults_of(line);
}
std::vector<Fault> faults_with_body(std::string_view field, json::value value) {
    auto line = good();
    line["body"].as_object()[json::string_view(field.data(), field.size())] = std::move(value);
    return faults_of(line);
}
bool only(const std::vector<Fault>& faults, std::string_view place) {
    for (const auto& fault : faults) INFO(describe(fault));
    return faults.size() == 1 && faults.front().place == place && !faults.front().reason.empty() &&
           !faults.front().mend.empty();
}
json::object line_of(std::string_view kind, std::string_view body) {
    auto line = good();
    line["kind"] = json::string(kind.data(), kind.size());
    line["body"] = object(body);
    return line;
}
json::object with_identity(std::string_view identity, std::string_view at = "2026-03-20T09:00:00Z",
                           std::string_view involvement = "displayed") {
    auto line = good();
    line["at"] = json::string(at.data(), at.size());
    json::object subject;
    subject["involvement"] = json::string(involvement.data(), involvement.size());
    subject["identity"] = object(identity);
    line["subjects"] = json::array{subject};
    return line;
}

}  // namespace

TEST_CASE("A whole line is decoded") {
    const auto draft = decode(good_line);
    REQUIRE(draft);
    CHECK(draft->kind == "concern.raised");
    CHECK(draft->at == when("2026-03-20T09:00:00Z"));
    REQUIRE(draft->happened);
    CHECK(draft->happened->to == date("2026-03-19"));
    CHECK(draft->happened->accuracy == "EAA");
    CHECK(draft->recorded == instant("2026-03-20T09:30:00Z"));
    CHECK(draft->agency == "csc");
    CHECK(draft->author == "a.rahman");
    REQUIRE(draft->subjects.size() == 2);
    CHECK(draft->subjects[0].involvement == (set_of(Involvement::displayed) | set_of(Involvement::sibling)));
    CHECK(draft->subjects[0].identity->given_name == "Alma");
    CHECK(draft->subjects[1].involvement == set_of(Involvement::parent));
    CHECK(to_string(*draft->subjects[1].person) == "018f0000-0000-7000-8000-000000000001");
    CHECK(draft->incident == "i-1");
    CHECK(draft->about == "x");
    CHECK(draft->id == "e-1");
    CHECK(draft->case_key == "k-1");
    CHECK(draft->basis == "public-task");
    CHECK(draft->marking == "named-only");
    CHECK(draft->supersedes == "e-0");
    CHECK(write_canonical(draft->body.at("local_field")) == R"({"kept":[1,2]})");
}

TEST_CASE("A draft written out is decoded to the same draft") {
    const auto draft = decode(good_line);
    REQUIRE(draft);
    const auto again = decode_draft(encode(*draft), kinds_of_entry(), sample_now(), zone());
    REQUIRE(again);
    CHECK(write_json(encode(*again)) == write_json(encode(*draft)));
    CHECK(content_digest(*again) == content_digest(*draft));
}

TEST_CASE("Every fault of a line is told at once, each in its place") {
    const auto faults = faults_of(
        object(R"({"kind": "concern.razed", "at": "yesterday", "agency": 7, "subjects": [{"involvement": "chlid"}],
                                             "bodi": {}, "marking": "secret"})"));
    std::vector<std::string> places;
    for (const auto& fault : faults) {
        places.push_back(fault.place);
        CHECK_FALSE(fault.reason.empty());
        CHECK_FALSE(fault.mend.empty());
    }
    std::sort(places.begin(), places.end());
    CHECK(places == std::vector<std::string>{"agency", "at", "author", "bodi", "body", "kind", "marking",
                                             "subjects[0].identity", "subjects[0].involvement"});
}

TEST_CASE("An unknown kind or field brings the nearest known one") {
    auto faults = faults_with("kind", "concern.rased");
    REQUIRE(only(faults, "kind"));
    CHECK(faults.front().mend.find("concern.raised") != std::string::npos);
    faults = faults_with("markng", "team");
    REQUIRE(only(faults, "markng"));
    CHECK(faults.front().mend.find("marking") != std::string::npos);
}

TEST_CASE("An unknown field that looks like no name is not repeated") {
    CHECK(only(faults_with("Alma Reyes <x>", 1), "?"));
}

TEST_CASE("A line that is not JSON, not an object, twice the same or not UTF-8 is refused with the byte") {
    CHECK(only(decode("{\"kind\": ").error(), "offset 9"));
    CHECK(only(decode("[]").error(), ""));
    REQUIRE(decode(R"({"kind": "a", "kind": "b"})").error().size() == 1);
    const auto faults = decode("{\"kind\": \"\xff\"}").error();
    REQUIRE(only(faults, "offset 10"));
    CHECK(faults.front().reason.find("UTF-8") != std::string::npos);
}

TEST_CASE("A line over the limit is refused") {
    DecodeLimits limits;
    limits.line_bytes = 100;
    CHECK_FALSE(decode_draft(good_line, kinds_of_entry(), sample_now(), zone(), limits));
}

TEST_CASE("What must be there is missed") {
    for (const auto* field : {"kind", "at", "agency", "author", "body"}) {
        auto line = good();
        line.erase(field);
        CAPTURE(std::string(field));
        CHECK(only(faults_of(line), field));
        CHECK(only(faults_with(field, nullptr), field));
    }
}

TEST_CASE("An act in the future is refused, five minutes of a clock's error and today's date are not") {
    CHECK(only(faults_with("at", "2026-03-27T12:05:01Z"), "at"));
    CHECK(faults_with("at", "2026-03-27T12:04:59Z").empty());
    CHECK(faults_with("at", "2026-03-27").empty());
    CHECK(only(faults_with("at", "2026-03-28"), "at"));
    CHECK(only(faults_with("recorded", "2026-03-27T12:06:00Z"), "recorded"));
}

TEST_CASE("The day is the partnership's own: in summer it begins an hour before UTC's") {
    const auto line = [](std::string_view at) {
        auto l = good();
        l["at"] = json::string(at.data(), at.size());
        return l;
    };
    const auto now = instant("2026-06-30T23:30:00Z");  // half past midnight on 1 July in London
    CHECK(decode_draft(line("2026-07-01"), kinds_of_entry(), now, zone()));
    CHECK_FALSE(decode_draft(line("2026-07-02"), kinds_of_entry(), now, zone()));
}

TEST_CASE("A child is not written about before birth, unless as unborn") {
    CHECK(only(faults_of(with_identity(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-21"})")),
               "subjects[0].identity.date_of_birth"));
    CHECK(faults_of(with_identity(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-20"})")).empty());
    CHECK(
        faults_of(
            with_identity(
                R"({"source": "s", "id": "1", "date_of_birth": "2026-03-21", "expected_date_of_birth": "2026-03-25"})"))
            .empty());
    CHECK(faults_of(with_identity(R"({"source": "s", "id": "1", "expected_date_of_birth": "2026-09-25"})")).empty());
    CHECK(
        faults_of(with_identity(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-21", "dob_accuracy": "UAA"})"))
            .empty());
    CHECK(
        faults_of(with_identity(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-21", "dob_accuracy": "EEA"})"))
            .empty());
    CHECK(
        only(faults_of(with_identity(
                 R"({"source": "s", "id": "1", "date_of_birth": "2026-01-21", "dob_accuracy": "UUA"})", "2025-12-01")),
             "subjects[0].identity.date_of_birth"));
    CHECK(
        faults_of(with_identity(R"({"source": "s", "id": "1", "date_of_birth": "2026-03-21"})", "2026-03-20", "parent"))
            .empty());
}

TEST_CASE("A date of birth in the future is refused with its place") {
    CHECK(only(faults_of(with_identity(R"({"source": "s", "id": "1", "date_of_birth": "2027-03-21"})")),
               "subjects[0].identity.date_of_birth"));
}

TEST_CASE("A kind that is about somebody needs a subject, one about the partnership does not") {
    auto line = good();
    line.erase("subjects");
    CHECK(only(faults_of(line), "subjects"));
    line = line_of("guidance.issued", R"({"chapter": "4.2", "version": "3"})");
    line.erase("subjects");
    CHECK(faults_of(line).empty());
}

TEST_CASE("Involvement is a word or a list of words") {
    const auto subjects = [](json::value involvement) {
        return json::array{
            json::object{{"involvement", std::move(involvement)}, {"identity", {{"source", "s"}, {"id", "1"}}}}};
    };
    CHECK(faults_with("subjects", subjects("affected")).empty());
    CHECK(faults_with("subjects", subjects(json::array{"affected", "displayed"})).empty());
    const auto faults = faults_with("subjects", subjects("afected"));
    REQUIRE(only(faults, "subjects[0].involvement"));
    CHECK(faults.front().mend.find("affected") != std::string::npos);
    CHECK(only(faults_with("subjects", subjects(json::array{})), "subjects[0].involvement"));
    CHECK(only(faults_with("subjects", subjects(3)), "subjects[0].involvement"));
}

TEST_CASE("A subject is an identity or a person's id") {
    CHECK(only(faults_with("subjects", json::array{json::object{{"involvement", "subject"}}}), "subjects[0].identity"));
    CHECK(only(faults_with("subjects", json::array{json::object{{"involvement", "subject"},
                                                                {"person", "me"},
                                                                {"identity", {{"source", "s"}, {"id", "1"}}}}}),
               "subjects[0].person"));
    CHECK(only(faults_with("subjects", json::array{"C1"}), "subjects[0]"));
    json::array many;
    for (int i = 0; i < 51; ++i)
        many.push_back(
            json::object{{"involvement", "witness"}, {"identity", {{"source", "s"}, {"id", std::to_string(i)}}}});
    CHECK(only(faults_with("subjects", many), "subjects"));
}

TEST_CASE("A code that is not on a closed list is refused with the list") {
    const auto faults = faults_with_body("about_what", "displayed-behavior-x");
    REQUIRE(only(faults, "body.about_what"));
    for (const auto* code : {"displayed-behaviour", "harmed", "exploitation", "other"})
        CHECK(faults.front().mend.find(code) != std::string::npos);
    CHECK(only(faults_with_body("about_what", 5), "body.about_what"));
}

TEST_CASE("Each type of field is held to its type") {
    CHECK(only(faults_with_body("immediate_danger", "no"), "body.immediate_danger"));
    CHECK(only(faults_with_body("summary", json::object{}), "body.summary"));
    CHECK(only(faults_of(line_of("keep-apart.agreed", R"({"setting": "school", "review_by": "soon"})")),
               "body.review_by"));
    CHECK(only(faults_of(line_of("meeting.held", R"({"attended": [{"service": "x"}]})")), "body.attended[0].agency"));
    CHECK(faults_of(line_of("meeting.held",
                            R"({"attended": ["csc", {"agency": "nhs", "service": "nursing", "contributed": true}]})"))
              .empty());
    CHECK(
        only(faults_of(line_of("plan.agreed", R"({"type": "safety", "actions": [{"id": "1", "due": "2026-02-30"}]})")),
             "body.actions[0].due"));
    CHECK(only(faults_of(line_of("plan.agreed", R"({"type": "safety", "actions": [{"id": "1"}, {"id": "1"}]})")),
               "body.actions[1].id"));
    CHECK(faults_of(
              line_of(
                  "plan.agreed",
                  R"({"type": "safety", "actions": [{"id": "1", "text": "t", "owner": "csc", "due": "2026-04-30"}]})"))
              .empty());
}

TEST_CASE("A text over the limit, or with a NUL in it, is refused wherever it stands") {
    const std::string long_text((256u << 10) + 1, 'x');
    CHECK(only(faults_with_body("summary", json::string(long_text)), "body.summary"));
    CHECK(only(faults_with_body("local_field", json::object{{"deep", long_text}}), "body.local_field"));
    CHECK(faults_with_body("summary", json::string(256u << 10, 'x')).empty());
    CHECK(only(faults_with_body("summary", json::string("a\0b", 3)), "body.summary"));
}

TEST_CASE("Ids and keys hold no control characters and no white space at their ends") {
    for (const auto* field : {"id", "about", "supersedes", "case", "incident", "author"}) {
        CAPTURE(std::string(field));
        CHECK(only(faults_with(field, " x"), field));
        CHECK(only(faults_with(field, "x\ny"), field));
        CHECK(only(faults_with(field, json::string(201, 'x')), field));
    }
    CHECK(only(faults_with("agency", "social care"), "agency"));
    CHECK(only(faults_with("supersedes", "e-1"), "supersedes"));
}

TEST_CASE("What happened has two dates in order and an accuracy of three letters") {
    CHECK(only(faults_with("happened", json::object{{"from", "2026-03-02"}, {"to", "2026-03-01"}}), "happened.to"));
    CHECK(
        only(faults_with("happened", json::object{{"from", "2026-03-02"}, {"accuracy", "AAB"}}), "happened.accuracy"));
    CHECK(only(faults_with("happened", json::object{{"form", "2026-03-02"}}), "happened.form"));
    CHECK(only(faults_with("happened", "2026-03-02"), "happened"));
    CHECK(faults_with("happened", json::object{{"from", "2026-03-02"}}).empty());
}

TEST_CASE("A draft built in memory is held to the same checks, UTF-8 among them") {
    auto draft = sample_concern("e", "C1");
    CHECK(check(draft, kinds_of_entry(), sample_now(), zone()).empty());
    draft.body["summary"] = "\xC3";
    draft.subjects[0].identity->given_name = "A\xFF";
    const auto faults = check(draft, kinds_of_entry(), sample_now(), zone());
    REQUIRE(faults.size() == 2);
    CHECK(faults[0].place == "subjects[0].identity.given_name");
    CHECK(faults[0].reason.find("byte 1") != std::string::npos);
    CHECK(faults[1].place == "body.summary");
}

TEST_CASE("The digest holds everything but when it was recorded") {
    const auto draft = decode(good_line).value();
    auto line = good();
    line["recorded"] = "2026-03-21T00:00:00Z";
    CHECK(content_digest(decode_draft(line, kinds_of_entry(), sample_now(), zone()).value()) == content_digest(draft));
    for (const auto& member : good()) {
        if (member.key() == "recorded") continue;
        auto changed = good();
        if (member.key() == "kind") {
            changed["kind"] = "incident.recorded";
        } else if (member.key() == "at") {
            changed["at"] = "2026-03-20";
        } else if (member.key() == "happened" || member.key() == "about" || member.key() == "case" ||
                   member.key() == "incident" || member.key() == "basis" || member.key() == "supersedes" ||
                   member.key() == "marking" || member.key() == "id") {
            changed.erase(member.key());
        } else if (member.key() == "subjects") {
            changed["subjects"].as_array()[0].as_object()["identity"].as_object()["given_name"] = "Almaa";
        } else if (member.key() == "body") {
            changed["body"].as_object()["local_field"].as_object()["kept"] = json::array{2, 1};
        } else {
            changed[member.key()] = "other";
        }
        INFO(std::string(member.key()));
        const auto other = decode_draft(changed, kinds_of_entry(), sample_now(), zone());
        REQUIRE(other);
        CHECK(content_digest(*other) != content_digest(draft));
    }
}

TEST_CASE("The digest is over the canonical JSON of the line without `recorded`") {
    for (const auto& line :
         {good(), with_identity(R"({"source": "s", "id": "1", "other_names": ["B", "A"], "x": 1.5})")}) {
        const auto draft = decode_draft(line, kinds_of_entry(), sample_now(), zone()).value();
        auto encoded = encode(draft);
        encoded.erase("recorded");
        CHECK(canonical_content(draft) == write_canonical(encoded));
    }
}

TEST_CASE("The order of names and how a time is written do not make another entry") {
    auto turned = object(R"({"body": {}})");
    const auto line = good();
    for (auto i = line.end(); i != line.begin();) {
        --i;
        turned[i->key()] = i->value();
    }
    turned["at"] = "2026-03-20T10:00:00.000+01:00";
    CHECK(content_digest(decode_draft(turned, kinds_of_entry(), sample_now(), zone()).value()) ==
          content_digest(decode(good_line).value()));
}

TEST_CASE("Involvements are named, and unnamed, one for one") {
    for (int bit = 0; bit < 11; ++bit) {
        const auto one = static_cast<Involvement>(1u << bit);
        CHECK(parse_involvement(to_string(one)) == one);
    }
    CHECK_FALSE(parse_involvement("child"));
    CHECK(names_of(0x7ff).size() == 11);
}

TEST_CASE("A case ends when it is closed or triaged to no action or advice") {
    CHECK(ends_case("case.closed", {}));
    CHECK(ends_case("triage.decided", object(R"({"outcome": "no-further-action"})")));
    CHECK(ends_case("triage.decided", object(R"({"outcome": "advice"})")));
    CHECK_FALSE(ends_case("triage.decided", object(R"({"outcome": "assessment"})")));
    CHECK_FALSE(ends_case("concern.raised", object(R"({"outcome": "advice"})")));
}
