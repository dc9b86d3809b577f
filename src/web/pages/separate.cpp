// Linked but separate: two records that belong together, known to their coordinator and to nobody who reads only one of
// them; and what brings the two children together, each with its answer.
#include <fmt/format.h>

#include "casework/separate.hpp"
#include "web/components/button.hpp"
#include "web/components/inset_text.hpp"
#include "web/components/radios.hpp"
#include "web/components/summary_list.hpp"
#include "web/components/table.hpp"
#include "web/components/tag.hpp"
#include "web/components/textarea.hpp"
#include "web/components/warning_text.hpp"
#include "web/pages/child_view.hpp"
#include "web/pages/entry_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/search_view.hpp"
#include "web/pages/separate_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr std::size_t most_pairs = 50;
constexpr std::size_t most_offered = 20;

std::string pairing_url(EntryId entry) {
    return "/separate/" + to_string(entry);
}
std::string separate_url(ViewId person) {
    return child_url(person) + "/separate";
}
Html both_names(const casework::Pairing& pair) {
    return pair.one.name + " and " + pair.other.name;
}

// ---- the list -------------------------------------------------------------------------------------------------------

Html pair_state(const casework::Pairing& pair) {
    if (!pair.mine) return Html(pair.coordinator_name + " is told");
    const auto waiting = pair.waiting();
    if (waiting > 0) return tag({.text = fmt::format("{} to look at", waiting), .classes = "govuk-tag--orange"});
    return Html(pair.together.empty() ? "Nothing brings them together" : "All answered");
}

Html pairs_table(const Visit& visit, const std::vector<casework::Pairing>& pairs) {
    TableOptions o;
    o.caption = "Two records that belong together";
    o.caption_classes = "govuk-visually-hidden";
    o.classes = "waymark-stacks";
    o.first_cell_is_header = true;
    o.head = {{.content = "Children"}, {.content = "Linked"}, {.content = "Brought together"}};
    for (const auto& pair : pairs) {
        o.rows.push_back({{.content = link(pairing_url(pair.entry), both_names(pair))},
                          labelled("Linked", fmt::format("{}, {}", pair.by, moment_words(visit.zone(), pair.at))),
                          labelled("Brought together", pair_state(pair))});
    }
    return table(o);
}

Result<Response> list_pairs(Visit& visit) {
    const auto pairs = TRY(casework::pairings(visit.office(), visit.asker(), most_pairs));
    Page page = visit.page("Linked but separate", Place::children);
    page.wide = true;
    page.content = heading(1, "Linked but separate", "l");
    page.content += paragraph(
        "Two children of one incident have two records. Neither record says anything of the other. The coordinator of "
        "the "
        "two is told if anything brings the children together, and nobody else is.");
    page.content +=
        pairs.empty() ? paragraph("You coordinate no two records, and have linked none.") : pairs_table(visit, pairs);
    if (casework::pairs_children(visit.office(), visit.asker()))
        page.content += hint_paragraph("To link two records, open one of them: the link is on its first page.");
    return visit.show(page);
}

// ---- linking two ----------------------------------------------------------------------------------------------------

Page pairing_page_of(const Visit& visit, ViewId person, const Typed& typed) {
    Page page = visit.page("Link two records", Place::children);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = child_url(person), .text = "Back to the record"};
    page.content = heading(1, "Link two records, and keep them separate", "l");
    return page;
}

Response find_other(const Visit& visit, ViewId person, const Typed& typed, const Html& below) {
    Page page = pairing_page_of(visit, person, typed);
    page.content += paragraph(
        "For two children of one incident. Whoever reads one of the records is not told that the other exists. Both "
        "must be "
        "open to you.");
    page.content += heading(2, "Who is the other child?", "m");
    page.content +=
        visit.form({.action = separate_url(person) + "/find"}, child_search_fields(typed) + button({.text = "Search"}));
    page.content += below;
    return visit.show(page, typed.good() ? 200 : 422);
}

// The child from whose record the two are linked: open to who asks, and looked at.
Result<ViewId> child_in_hand(const Visit& visit) {
    const auto person = TRY(visit.id<ViewId>("person"));
    if (!casework::pairs_children(visit.office(), visit.asker()))
        return fault(FaultKind::forbidden, "role", "Your role does not link two records.", "Ask the front door.");
    TRY_VOID(casework::person_page(visit.office(), visit.asker(), person, std::nullopt));
    return person;
}

Result<Response> show_find(Visit& visit) {
    return find_other(visit, TRY(child_in_hand(visit)), {}, {});
}

Html offered_children(const Visit& visit, ViewId person, const std::vector<people::Offered>& found) {
    if (found.empty()) return heading(2, "No child found", "m") + paragraph("Try another spelling.");
    std::vector<ChoiceItem> items;
    for (const auto& one : found) {
        items.push_back({.text = record::shown_name(one.identity),
                         .value = to_string(one.view),
                         .hint = {.text = fmt::format("Born {}. Known to {}.", born_words(one.identity, visit.today()),
                                                      agency_words(visit.office(), one.agency))}});
    }
    const Html content =
        radios({.name = "other",
                .fieldset =
                    FieldsetOptions{.legend = {.text = "Which child is it?", .classes = "govuk-fieldset__legend--m"}},
                .items = std::move(items)}) +
        button({.text = "Continue"});
    return visit.form({.action = separate_url(person)}, content);
}

Result<Response> find_child(Visit& visit) {
    const auto person = TRY(child_in_hand(visit));
    const auto query = child_query(visit);
    if (!visit.typed.good()) return find_other(visit, person, visit.typed, {});
    auto found = TRY(casework::who_may_this_be(visit.office(), visit.asker(), query, most_offered));
    return find_other(visit, person, visit.typed, offered_children(visit, person, found));
}

Response who_coordinates(const Visit& visit, const casework::PairOffer& offer, const Typed& typed) {
    Page page = pairing_page_of(visit, offer.one.person, typed);
    page.content += summary_list({.rows = {{.key = "One child", .value = offer.one.name},
                                           {.key = "The other child", .value = offer.other.name}}});
    if (offer.coordinators.empty()) {
        page.content += inset_text(
            {.content = paragraph("There is nobody to whom both records are open in full. Ask a manager who it "
                                  "should be, and whether a restriction has to name them.")});
        return visit.show(page);
    }
    std::vector<ChoiceItem> items;
    for (const auto& [key, name] : offer.coordinators) items.push_back({.text = name, .value = key});
    Html content =
        radios({.name = "coordinator",
                .fieldset = FieldsetOptions{.legend = {.text = "Who is told if anything brings them together?",
                                                       .classes = "govuk-fieldset__legend--m"}},
                .hint = {.text = "Both records are open to these people."},
                .error_message = typed.message("coordinator"),
                .items = std::move(items),
                .value = typed.value("coordinator")});
    content += textarea({.name = "reason",
                         .label = {.text = "Why do the two records belong together?", .classes = "govuk-label--s"},
                         .hint = {.text = "The coordinator reads this. It stands in neither record."},
                         .error_message = typed.message("reason"),
                         .value = typed.value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += button({.text = "Link the two records", .prevent_double_click = true});
    page.content += visit.form({.action = separate_url(offer.one.person),
                                .key = visit.form_key(),
                                .hidden = {{"other", to_string(offer.other.person)}, {"stage", "coordinator"}}},
                               content);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> pair_them(Visit& visit) {
    Typed& typed = visit.typed;
    const auto person = TRY(child_in_hand(visit));
    const auto other = parse_id<ViewId>(typed.value("other"));
    if (!other) {
        typed.fault("name", "Search again, and choose the other child");
        return find_other(visit, person, typed, {});
    }
    const auto offer = casework::pair_offer(visit.office(), visit.asker(), person, *other);
    if (!offer && offer.error().kind == FaultKind::invalid) {
        typed.fault("name", offer.error().reason + " Search for the other child");
        return find_other(visit, person, typed, {});
    }
    if (!offer) return tl::unexpected(offer.error());
    if (typed.value("stage") != "coordinator") return who_coordinates(visit, *offer, {});
    casework::PairRequest request;
    request.key = visit.form_key();
    request.one = person;
    request.other = *other;
    std::vector<std::string> keys;
    for (const auto& [key, name] : offer->coordinators) keys.push_back(key);
    request.coordinator = typed.choice("coordinator", keys, "Choose who is told if anything brings them together");
    request.reason = typed.required_text("reason", "the reason", "Say why the two records belong together");
    if (!typed.good()) return who_coordinates(visit, *offer, typed);
    return Visit::see(pairing_url(TRY(casework::pair_children(visit.office(), visit.asker(), request))));
}

// ---- one pair -------------------------------------------------------------------------------------------------------

std::string setting_words(const Visit& visit, const casework::SharedPlace& place) {
    const auto words = code_words(visit.office().catalogue, "plan.agreed", "setting", place.setting);
    return words.empty() ? "A place" : words;
}

Html way_words(const Visit& visit, const casework::SharedPlace& place) {
    if (place.one.is_nil()) return Html("An agency’s register gives both children the same address.");
    auto words = fmt::format("{}: {}. ", setting_words(visit, place), place.name);
    words += place.by_plan ? "A plan arranges it for one of them" : "Both are recorded there";
    words += place.from ? fmt::format(", together from {}.", format_long(*place.from)) : ", now.";
    return Html(words);
}

Html entries_behind(const casework::Pairing& pair, const casework::SharedPlace& place) {
    if (place.one.is_nil()) return {};
    return bullets({link(entry_url(place.one), "What stands in the record of " + pair.one.name),
                    link(entry_url(place.other), "What stands in the record of " + pair.other.name)});
}

Html answer_form(const Visit& visit, const casework::Pairing& pair, const casework::Together& way, std::size_t n,
                 const Typed& typed) {
    const bool this_one = typed.value("place") == way.place.key;
    const auto value = [&](const char* name) { return this_one ? typed.value(name) : std::string(); };
    const auto message = [&](const char* name) { return this_one ? typed.message(name) : ErrorMessageOptions{}; };
    const auto id = [&](const char* name) { return this_one ? std::string(name) : fmt::format("{}-{}", name, n); };
    Html content = radios({.name = "outcome",
                           .id_prefix = id("outcome"),
                           .fieldset = FieldsetOptions{.legend = {.text = "What is done about it?",
                                                                  .classes = "govuk-fieldset__legend--s"}},
                           .error_message = message("outcome"),
                           .items = radio_items(choices_of(visit.office().catalogue, "pairing.answered", "outcome")),
                           .value = value("outcome")});
    content += textarea({.name = "reason",
                         .id = id("reason"),
                         .label = {.text = "What was done, and with whom?", .classes = "govuk-label--s"},
                         .error_message = message("reason"),
                         .value = value("reason"),
                         .rows = 3,
                         .spellcheck = true});
    content += button({.text = fmt::format("Save the answer on {}", n), .prevent_double_click = true});
    return visit.form({.action = pairing_url(pair.entry) + "/answer",
                       .key = this_one ? visit.form_key() : fmt::format("{}-{}", visit.form_key(), n),
                       .hidden = {{"place", way.place.key}}},
                      content);
}

Html way_section(const Visit& visit, const casework::Pairing& pair, const casework::Together& way, std::size_t n,
                 const Typed& typed) {
    Html content = heading(3, fmt::format("{}. {}", n, setting_words(visit, way.place)), "s");
    content += paragraph(way_words(visit, way.place));
    if (way.place.kept_apart)
        content += warning_text({.text = "It was agreed to keep children apart in such a place. That is in force."});
    content += entries_behind(pair, way.place);
    if (!way.answer) return content + answer_form(visit, pair, way, n, typed);
    return content + inset_text({.content = paragraph(fmt::format("{} ({})", way.answer->words,
                                                                  moment_words(visit.zone(), way.answer->at))) +
                                            paragraph(way.answer->reason)});
}

Html end_form(const Visit& visit, const casework::Pairing& pair, const Typed& typed) {
    const Html content =
        textarea({.name = "why",
                  .label = {.text = "Why do they belong together no longer?", .classes = "govuk-label--s"},
                  .error_message = typed.message("why"),
                  .value = typed.value("why"),
                  .rows = 2,
                  .spellcheck = true}) +
        button({.text = "Unlink the two records", .classes = "govuk-button--warning", .prevent_double_click = true});
    return heading(2, "Unlink them", "m") +
           visit.form({.action = pairing_url(pair.entry) + "/end", .key = visit.form_key() + "-end"}, content);
}

Result<Response> pair_with(Visit& visit, const Typed& typed) {
    const auto entry = TRY(visit.id<EntryId>("pairing"));
    const auto pair = TRY(casework::pairing_page(visit.office(), visit.asker(), entry));
    Page page = visit.page("Two records that belong together", Place::children);
    page.errors = typed.summary();
    page.back_link = BackLinkOptions{.href = "/separate", .text = "Back to the list"};
    page.content = heading(1, "Two records that belong together", "l");
    page.content += summary_list(
        {.rows = {{.key = "One child", .value = link(child_url(pair.one.person), pair.one.name)},
                  {.key = "The other", .value = link(child_url(pair.other.person), pair.other.name)},
                  {.key = "Why", .value = pair.reason},
                  {.key = "Coordinator", .value = pair.coordinator_name},
                  {.key = "Linked by", .value = fmt::format("{}, {}", pair.by, moment_words(visit.zone(), pair.at))}}});
    page.content +=
        warning_text({.text = "Neither child, nor whoever works with one of them, may learn of the other here."});
    if (pair.mine) {
        page.content += heading(2, "What brings them together", "m");
        page.content += hint_paragraph(
            "Places recorded for both, places that their plans arrange, and addresses on registers, as far as you may "
            "see "
            "them. A place that each record calls by another name is not found, and a protected address is not "
            "compared.");
        if (pair.together.empty()) page.content += paragraph("Nothing in the two records brings them together now.");
        std::size_t n = 0;
        for (const auto& way : pair.together) page.content += way_section(visit, pair, way, ++n, typed);
    } else {
        page.content += paragraph(pair.coordinator_name + " is told if anything brings them together.");
    }
    page.content += end_form(visit, pair, typed);
    return visit.show(page, typed.good() ? 200 : 422);
}

Result<Response> show_pair(Visit& visit) {
    return pair_with(visit, {});
}

Result<Response> answer_pair(Visit& visit) {
    Typed& typed = visit.typed;
    casework::AnswerTogether request;
    request.key = visit.form_key();
    request.pairing = TRY(visit.id<EntryId>("pairing"));
    request.place = typed.value("place");
    request.outcome =
        typed.choice("outcome", codes_of(choices_of(visit.office().catalogue, "pairing.answered", "outcome")),
                     "Choose what is done about it");
    request.reason = typed.required_text("reason", "what was done", "Say what was done, and with whom");
    if (!typed.good()) return pair_with(visit, typed);
    TRY_VOID(casework::answer_together(visit.office(), visit.asker(), request));
    return Visit::see(pairing_url(request.pairing));
}

Result<Response> end_pair(Visit& visit) {
    casework::EndPairing request;
    request.key = visit.form_key();
    request.pairing = TRY(visit.id<EntryId>("pairing"));
    request.reason = visit.typed.required_text("why", "the reason", "Say why they belong together no longer");
    if (!visit.typed.good()) return pair_with(visit, visit.typed);
    TRY_VOID(casework::end_pairing(visit.office(), visit.asker(), request));
    return Visit::see("/separate");
}

}  // namespace

Result<Html> separate_told(Visit& visit) {
    if (!casework::coordinates(visit.office(), visit.asker())) return Html();
    std::size_t waiting = 0;
    const auto pairs = TRY(casework::pairings(visit.office(), visit.asker(), most_pairs));
    for (const auto& pair : pairs) waiting += pair.waiting();
    if (pairs.empty()) return Html();
    Html content = heading(2, "Linked but separate", "m");
    if (waiting == 0) return content + paragraph(link("/separate", "The records that you coordinate"));
    return content + warning_text({.text = "Children whose records you coordinate are brought together."}) +
           paragraph(link("/separate", count_words(waiting, "place to look at", "places to look at")));
}

std::vector<PageRoute> separate_pages() {
    return {{{Method::get, "/separate", Shows::record, "separate"}, list_pairs},
            {{Method::get, "/separate/:pairing", Shows::record, "separate.pair"}, show_pair},
            {{Method::post, "/separate/:pairing/answer", Shows::record, "separate.answer"}, answer_pair},
            {{Method::post, "/separate/:pairing/end", Shows::record, "separate.end"}, end_pair},
            {{Method::get, "/children/:person/separate", Shows::record, "separate.new"}, show_find},
            {{Method::post, "/children/:person/separate/find", Shows::record, "separate.find"}, find_child},
            {{Method::post, "/children/:person/separate", Shows::record, "separate.new"}, pair_them}};
}

}  // namespace waymark::web
