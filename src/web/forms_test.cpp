// What is typed, what is wrong with it, and that none of it is dropped.
#include "web/forms.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/text.hpp"

using namespace waymark;
using namespace waymark::web;

namespace {

Typed typed(std::string_view body) {
    return Typed::parse(body).value();
}

std::string said(const Typed& form, std::string_view field) {
    return form.message(field).text.markup();
}

TypedDate dated(std::string_view body, bool parts_may_miss, std::string* message = nullptr) {
    Typed form = typed(body);
    const TypedDate date = form.date("on", "The date", parts_may_miss);
    if (message != nullptr) *message = said(form, "on");
    return date;
}

}  // namespace

TEST_CASE("text that is not UTF-8 comes back to its writer with a fault beside its field") {
    Typed form = typed("a=before+%C3%28+after&b=fine");
    CHECK(form.value("b") == "fine");
    CHECK(form.value("a").starts_with("before "));
    CHECK(form.value("a").ends_with("( after"));
    CHECK(is_valid_utf8(form.value("a")));
    form.text("a", "the text");
    form.text("b", "the other text");
    CHECK(said(form, "a").find("could not be read") != std::string::npos);
    CHECK_FALSE(form.at_fault("b"));
}

TEST_CASE("a NUL in a text is told and does not cut it off") {
    Typed form = typed("a=one%00two");
    CHECK(form.value("a") == "one\xEF\xBF\xBDtwo");
    form.text("a", "the text");
    CHECK(form.at_fault("a"));
}

TEST_CASE("any bytes are read into a form that is valid UTF-8, or refused") {
    CHECK(rc::check("any body", [](const std::string& body) {
        const auto form = Typed::parse(body);
        if (!form) return;
        for (const auto& [name, values] : form->form().fields()) {
            for (const std::string& value : values) RC_ASSERT(is_valid_utf8(value));
        }
    }));
}

TEST_CASE("a text that is too long is told how long it may be, and is kept") {
    const std::string text((1u << 20), 'x');
    Typed form = typed("a=" + text);
    form.text("a", "the text");
    CHECK(said(form, "a").find("60,000") != std::string::npos);
    CHECK(form.value("a") == text);
}

TEST_CASE("only an answer that is on the page is taken") {
    Typed form = typed("a=yes&b=other");
    CHECK(form.choice("a", {"yes", "no"}, "") == "yes");
    CHECK(form.choice("b", {"yes", "no"}, "").empty());
    CHECK(form.choice("c", {"yes", "no"}, "Choose one").empty());
    CHECK_FALSE(form.at_fault("a"));
    CHECK(form.at_fault("b"));
    CHECK(said(form, "c") == "Choose one");
    CHECK(form.choice("d", {"yes", "no"}, "").empty());
    CHECK_FALSE(form.at_fault("d"));
}

TEST_CASE("a date is day, month and year, and a month may be written as a word") {
    CHECK(dated("on-day=27&on-month=3&on-year=2016", false).date == make_date(2016, 3, 27));
    CHECK(dated("on-day=27&on-month=mar&on-year=2016", false).date == make_date(2016, 3, 27));
    CHECK(dated("", false).empty);
}

TEST_CASE("a date that does not exist says which part to mend") {
    std::string message;
    CHECK_FALSE(dated("on-day=31&on-month=2&on-year=2016", false, &message).date);
    CHECK(message == "The date must be a real day of that month");
    CHECK_FALSE(dated("on-day=1&on-month=13&on-year=2016", false, &message).date);
    CHECK(message == "The date must have a month from 1 to 12");
    CHECK_FALSE(dated("on-day=1&on-month=2&on-year=16", false, &message).date);
    CHECK(message == "The date must have a year of four numbers, like 2019");
    CHECK_FALSE(dated("on-month=2&on-year=2016", false, &message).date);
    CHECK(message == "The date must include a day");
}

TEST_CASE("where parts may be missing, the accuracy says which") {
    CHECK(dated("on-year=2016", true).accuracy == "UUA");
    CHECK(dated("on-month=3&on-year=2016", true).accuracy == "UAA");
    CHECK(dated("on-month=3&on-year=2016", true).date == make_date(2016, 3, 1));
    std::string message;
    CHECK_FALSE(dated("on-day=3&on-year=2016", true, &message).date);
    CHECK(message == "The date must include a month");
}

TEST_CASE("a fault is told once for a field, in the order of the page, with a link to it") {
    Typed form;
    form.fault("a", "First");
    form.fault("a", "Second");
    form.fault("b", "Third");
    const auto summary = form.summary("-2");
    REQUIRE(summary.size() == 2);
    CHECK(summary[0].text.markup() == "First");
    CHECK(summary[0].href == "#a-2");
}

TEST_CASE("a form kept in a draft comes back as it was") {
    const Form form = typed("a=1&a=2&b=%E2%80%99&secret=x").form();
    const Form back = to_form(to_json(form, {"a", "b", "c"}));
    CHECK(back.all("a") == std::vector<std::string>{"1", "2"});
    CHECK(back.first("b") == "’");
    CHECK_FALSE(back.has("secret"));
}
