// The front door's forms on one concern: judge an earlier one, say whether two records are of one child, decide, tell
// the raiser. Each is sent once however often it comes, and each comes back with its faults and everything typed.
#include <fmt/format.h>

#include "web/pages/desk_view.hpp"
#include "web/pages/match_decision.hpp"
#include "web/pages/match_view.hpp"
#include "web/pages/pages.hpp"
#include "web/pages/telling_view.hpp"
#include "web/words.hpp"

namespace waymark::web {

namespace {

constexpr const char* purpose = "triage";

constexpr const char* decision_draft = "decide";

Result<Response> show_desk(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    const auto desk = TRY(casework::triage_desk(visit.office(), visit.asker(purpose), concern));
    if (desk.decided || !visit.may(record::Action::append, "triage.decided"))
        return desk_page(visit, concern, desk, {});
    return desk_page(visit, concern, desk,
                     Returned{"decide", "", TRY(kept_beside(visit, decision_draft, desk_url(concern)))});
}

Result<Response> keep_decision(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    return keep_beside(visit, decision_draft, desk_url(concern));
}

Result<Response> again(const Visit& visit, EntryId concern, const char* form, std::string about, Typed typed) {
    const auto desk = TRY(casework::triage_desk(visit.office(), visit.asker(purpose), concern));
    return desk_page(visit, concern, desk, Returned{form, std::move(about), std::move(typed)});
}

// What casework refused, put beside its field; what is not about a field of this form stays a page of its own.
Result<Response> refused(const Visit& visit, EntryId concern, const char* form, std::string about, Typed typed,
                         const Fault& fault, std::string_view field_if_held) {
    if (fault.kind == FaultKind::held) {
        typed.fault(field_if_held, fault.reason + (fault.reason.ends_with('.') ? " " : ". ") +
                                       "Judge the earlier concerns on this page first");
        return again(visit, concern, form, std::move(about), std::move(typed));
    }
    // Somebody decided meanwhile: the page then shows that, with what was typed.
    if (fault.kind == FaultKind::conflict && std::string_view(form) == "decide") {
        typed.fault("outcome", fault.reason + " Yours was not recorded");
        return again(visit, concern, form, std::move(about), std::move(typed));
    }
    if (fault.kind == FaultKind::invalid && typed.has(fault.place)) {
        typed.fault(fault.place, fault.reason + " " + fault.mend);
        return again(visit, concern, form, std::move(about), std::move(typed));
    }
    return tl::unexpected(fault);
}

std::vector<std::string> allowed(const Visit& visit, const char* kind, const char* field) {
    return codes_of(choices_of(visit.office().catalogue, kind, field));
}

Result<Response> judge(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    Typed& typed = visit.typed;
    const std::string about = typed.value("earlier");
    casework::JudgeRequest request;
    request.key = visit.form_key();
    request.concern = concern;
    request.earlier = TRY(parse_id<EntryId>(about));
    request.judgement = typed.choice("judgement", allowed(visit, "earlier.judged", "judgement"),
                                     "Choose whether the earlier concern counts now");
    request.reason = typed.required_text("reason", "the reason", "Say why: a judgement has a name and a reason");
    if (!typed.good()) return again(visit, concern, "judge", about, typed);
    const auto judged = casework::judge(visit.office(), visit.asker(purpose), request);
    if (!judged) return refused(visit, concern, "judge", about, typed, judged.error(), "judgement");
    return Visit::see(desk_url(concern) + "#earlier-1");
}

Result<Response> match(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    const auto decision = TRY(read_match_decision(visit));
    const std::string about = visit.typed.value("b");
    if (!visit.typed.good()) return again(visit, concern, "match", about, visit.typed);
    const auto decided = casework::decide_match(visit.office(), visit.asker(purpose), decision);
    if (!decided) return refused(visit, concern, "match", about, visit.typed, decided.error(), "same");
    if (decision.decision == people::Registry::Decision::same) return Visit::see(match_url(decision.a, decision.b));
    return Visit::see(desk_url(concern));
}

Result<Response> decide(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    Typed& typed = visit.typed;
    casework::TriageRequest request;
    request.key = visit.form_key();
    request.concern = concern;
    request.outcome = typed.choice("outcome", allowed(visit, "triage.decided", "outcome"), "Choose what happens next");
    request.rationale = typed.required_text("rationale", "the reason", "Say why you decided this");
    if (!typed.good()) return again(visit, concern, "decide", "", typed);
    const auto decided = casework::triage(visit.office(), visit.asker(purpose), request);
    if (!decided) return refused(visit, concern, "decide", "", typed, decided.error(), "outcome");
    forget_beside(visit, decision_draft, desk_url(concern));
    return Visit::see(desk_url(concern));
}

Result<Response> feedback(Visit& visit) {
    const auto concern = TRY(visit.id<EntryId>("concern"));
    Typed& typed = visit.typed;
    casework::FeedbackRequest request;
    request.key = visit.form_key();
    request.concern = concern;
    request.outcome = typed.choice("outcome", allowed(visit, "feedback.given", "outcome"), "Choose what you tell them");
    request.text = typed.required_text("text", "the message", "Write a message to the person who raised it");
    if (!typed.good()) return again(visit, concern, "feedback", "", typed);
    const auto given = casework::give_feedback(visit.office(), visit.asker(purpose), request);
    if (!given) return refused(visit, concern, "feedback", "", typed, given.error(), "outcome");
    return Visit::see(desk_url(concern));
}

}  // namespace

std::vector<PageRoute> desk_pages() {
    return {{{Method::get, "/concerns/:concern", Shows::record, "concern.triage"}, show_desk},
            {{Method::post, "/concerns/:concern/judge", Shows::record, "concern.judge"}, judge},
            {{Method::post, "/concerns/:concern/match", Shows::record, "concern.match"}, match},
            {{Method::post, "/concerns/:concern/decide", Shows::record, "concern.decide"}, decide},
            {{Method::post, "/concerns/:concern/decide/draft", Shows::record, "concern.decide"}, keep_decision},
            {{Method::post, "/concerns/:concern/feedback", Shows::record, "concern.feedback"}, feedback}};
}

}  // namespace waymark::web
