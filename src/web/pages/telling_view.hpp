#pragma once
// What the pages on telling share: their addresses, lists for My day, a day to come, and forms whose text is kept in a
// draft on the server.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "casework/tellings.hpp"
#include "web/components/date_input.hpp"
#include "web/pages/child_view.hpp"

namespace waymark::web {

std::string telling_url(ViewId person);
std::string check_url(EntryId check);
std::string challenge_url(EntryId challenge);
std::string challenge_form_url(EntryId decision);  // "I disagree"

// What waits for this person, for My day; empty where nothing does.
Result<Html> telling_tasks(Visit&);

// Day, month and year as they were typed, or of a day that is offered.
std::vector<std::pair<std::string, std::string>> typed_day(const Typed&, const std::string& prefix,
                                                           std::optional<Date> offered = std::nullopt);
Html day_question(const Typed&, const std::string& prefix, const Html& question, const Html& hint,
                  std::optional<Date> offered = std::nullopt);
// A day to come; a fault beside it where it is missing or past.
std::optional<Date> day_to_come(const Visit&, Typed&, const std::string& prefix, const std::string& if_empty);

// On what basis, in three sentences, and what nobody's source says.
Html basis_words(const sharing::Basis&);
// The purposes that the asker's role has, with their words.
std::vector<std::pair<std::string, std::string>> purposes_of(const Visit&);
// The other agencies of the partnership, with their names.
std::vector<std::pair<std::string, std::string>> other_agencies(const Visit&);

// ---- a form whose text is kept --------------------------------------------------------------------------------------

// The draft that the address or the form names, with what was typed; nothing where there is none any more.
struct KeptForm {
    DraftId draft;
    Typed typed;
    std::string autosave;  // address
    std::string key;       // sent twice, it is one entry
};
Result<std::optional<KeptForm>> kept_form(const Visit&);
// Begins one, and gives the address of the form with its draft.
Result<Response> begin_kept_form(Visit&, std::string_view form, const std::string& url);
// What came with a POST becomes the draft's; where the draft is gone the form still has its key.
Result<KeptForm> sent_kept_form(Visit&, std::string_view form, const std::string& url);
void forget_kept_form(const Visit&, const KeptForm&);

// ---- a form of a page that has others beside it: kept by the page's address, without a draft in it
// ---------------------

// What was typed into it and not sent; nothing typed where there is none.
Result<Typed> kept_beside(const Visit&, std::string_view form, const std::string& url);
// Answers the form's own saving while somebody types.
Result<Response> keep_beside(Visit&, std::string_view form, const std::string& url);
void forget_beside(const Visit&, std::string_view form, const std::string& url);

}  // namespace waymark::web
