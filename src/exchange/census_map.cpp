#include "exchange/census_map.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "people/people.hpp"
#include "record/canonical.hpp"

namespace waymark::exchange {

namespace {

constexpr auto none = CensusTree::none;
constexpr auto root = CensusTree::root;

// Rule 8606 of the census: a referral may come up to 40 weeks before birth. What is dated earlier cannot be this
// child's.
constexpr std::chrono::days longest_before_birth{280};
const Date first_possible = make_date(1900, 1, 1);
constexpr std::string_view check_date = "check it, and send the child again";

json::string_view key(std::string_view text) {
    return {text.data(), text.size()};
}

When day(Date date) {
    return {Instant{std::chrono::duration_cast<std::chrono::microseconds>(date.time_since_epoch()).count()}, true};
}

// Elements of the census that no kind of entry holds yet.
constexpr std::array<std::string_view, 2> held_by_no_kind{"PreProceedingsandFGDM", "PersonDeathDate"};
// Every element of a child, to tell "given twice" from "not of the census".
constexpr std::array<std::string_view, 39> known_elements{"ChildIdentifiers",
                                                          "LAchildID",
                                                          "UPN",
                                                          "FormerUPN",
                                                          "UPNunknown",
                                                          "PersonBirthDate",
                                                          "ExpectedPersonBirthDate",
                                                          "Sex",
                                                          "GenderCurrent",
                                                          "ChildCharacteristics",
                                                          "Ethnicity",
                                                          "Disabilities",
                                                          "Disability",
                                                          "CINdetails",
                                                          "CINreferralDate",
                                                          "ReferralSource",
                                                          "PrimaryNeedCode",
                                                          "CINclosureDate",
                                                          "ReasonForClosure",
                                                          "DateOfInitialCPC",
                                                          "ReferralNFA",
                                                          "Assessments",
                                                          "AssessmentActualStartDate",
                                                          "AssessmentInternalReviewDate",
                                                          "AssessmentAuthorisationDate",
                                                          "FactorsIdentifiedAtAssessment",
                                                          "AssessmentFactors",
                                                          "CINPlanDates",
                                                          "CINPlanStartDate",
                                                          "CINPlanEndDate",
                                                          "Section47",
                                                          "S47ActualStartDate",
                                                          "InitialCPCtarget",
                                                          "ICPCnotRequired",
                                                          "ChildProtectionPlans",
                                                          "CPPstartDate",
                                                          "CPPendDate",
                                                          "Reviews",
                                                          "CPPreviewDate"};

template <std::size_t n>
bool among(const std::array<std::string_view, n>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

// A word that is surely a code and no name may be repeated in a reason.
std::string code_words(std::string_view code) {
    const bool plain =
        code.size() <= 4 && code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") ==
                                std::string_view::npos;
    return plain ? fmt::format("\"{}\" is not a code of this field", code) : std::string("not a code of this field");
}

}  // namespace

CensusMapper::CensusMapper(const Reading& reading, Sink& sink)
    : reading_(reading), sink_(sink), today_(reading.zone.day_of(reading.now)) {}

// ---- header -------------------------------------------------------------------------------------------------------

void CensusMapper::header(CensusTree& tree) {
    tree_ = &tree;
    earliest_.reset();
    const auto collection = tree.take(root, "CollectionDetails");
    for (const auto name : {"Collection", "Year"}) tree.take(collection, name);
    header_.reference = take_date(collection, "ReferenceDate");
    const auto source = tree.take(root, "Source");
    for (const auto name : {"SourceLevel", "SoftwareCode", "Release", "SerialNo"}) tree.take(source, name);
    if (const auto lea = tree.take(source, "LEA"); lea != none) header_.authority = tree.at(lea).text;
    if (const auto written = tree.take(source, "DateTime"); written != none) {
        auto text = tree.at(written).text;
        // Written without a zone it is local time.
        auto instant = parse_instant(text);
        if (!instant && text.find_first_of("Z+", 10) == std::string::npos) {
            instant = parse_instant(text + "Z");
            if (instant) {
                const auto local = *instant;
                const Date date =
                    std::chrono::floor<std::chrono::days>(Date{} + std::chrono::microseconds{local.micros});
                const auto into_day = std::chrono::microseconds{local.micros} - date.time_since_epoch();
                instant =
                    reading_.zone.start_of(date) + std::chrono::duration_cast<std::chrono::microseconds>(into_day);
            }
        }
        if (!instant) {
            refuse(written, instant.error().reason, instant.error().mend, false);
        } else if (*instant > reading_.now) {
            refuse(written, "in the future", "the time of import stands as the time of recording", false);
        } else {
            header_.written = *instant;
        }
    }
    sweep_children(root);
    tree_ = nullptr;
}

// ---- one child ----------------------------------------------------------------------------------------------------

void CensusMapper::child(CensusTree& tree) {
    tree_ = &tree;
    emitted_.clear();
    case_key_.clear();
    earliest_.reset();
    const auto identifiers = tree.take(root, "ChildIdentifiers");
    if (tree.overflowed()) {
        refuse(root, "has more elements than a child can have", "divide it", true);
        return;
    }
    if (!read_key(identifiers)) {
        refuse(root,
               fmt::format("has neither LAchildID nor UPN: nobody can say who this is ({} values left out)",
                           tree.values_in(root)),
               "give the child's LAchildID", true);
        return;
    }
    auto identity = read_identity(identifiers);
    auto held = draft("identity.recorded", today_, "");
    // A file that says it was written before the child was born is wrong in one of the two; who the child is stands.
    const auto written = header_.written.value_or(reading_.now);
    const bool unborn_then = identity.date_of_birth && reading_.zone.day_of(written) < *identity.date_of_birth;
    held.at = {unborn_then ? reading_.now : written, false};
    held.id = fmt::format("cin:{}:{}:identity:{}", header_.authority, child_,
                          short_digest(record::canonical_identity(identity)));
    held.subjects.front().identity = std::move(identity);
    emit(identifiers, std::move(held));

    if (const auto about = tree.take(root, "ChildCharacteristics"); about != none) characteristics(about);
    std::size_t nth = 0;
    for (auto details = tree.take(root, "CINdetails"); details != none; details = tree.take(root, "CINdetails")) {
        cin_details(details, ++nth);
    }
    case_key_.clear();
    sweep_children(root);
    for (const auto& stray : tree.strays()) {
        sink_.refuse_field({reading_.file, stray.line, fmt::format("{} (text)", tree.path(stray.in)),
                            "text stands between the elements, in none of them",
                            "put it into its element, or take it out", false, false});
    }
}

bool CensusMapper::read_key(Index identifiers) {
    child_.clear();
    if (identifiers == none) return false;
    if (const auto id = tree_->find(identifiers, "LAchildID"); id != none && !tree_->at(id).text.empty()) {
        child_ = tree_->at(id).text;
    } else if (const auto upn = tree_->find(identifiers, "UPN"); upn != none && !tree_->at(upn).text.empty()) {
        child_ = "upn:" + tree_->at(upn).text;
    }
    return !child_.empty();
}

record::Identity CensusMapper::read_identity(Index identifiers) {
    auto& tree = *tree_;
    record::Identity identity;
    identity.source = reading_.source.empty() ? fmt::format("cin-census/{}", header_.authority) : reading_.source;
    base_source_ = identity.source;
    identity.id = child_;
    if (const auto id = tree.take(identifiers, "LAchildID"); id != none) identity.la_child_id = tree.at(id).text;
    if (const auto upn = tree.take(identifiers, "UPN"); upn != none && !tree.at(upn).text.empty()) {
        identity.upn = tree.at(upn).text;
        note_upn(upn, identity.upn);
    }
    if (const auto former = tree.take(identifiers, "FormerUPN"); former != none && !tree.at(former).text.empty()) {
        identity.more.emplace("former_upn", tree.at(former).text);
        note_upn(former, tree.at(former).text);
    }
    if (const auto unknown = tree.take(identifiers, "UPNunknown"); unknown != none && !tree.at(unknown).text.empty()) {
        identity.more.emplace("upn_unknown", tree.at(unknown).text);
    }
    read_births(identifiers, identity);
    auto sex = tree.take(identifiers, "Sex");
    if (sex == none) sex = tree.take(identifiers, "GenderCurrent");
    if (sex != none) {
        const auto& text = tree.at(sex).text;
        identity.sex = text == "1" ? "M" : text == "2" ? "F" : text;
    }
    return identity;
}

void CensusMapper::note_upn(Index node, std::string_view upn) {
    if (people::normalise_upn(upn)) return;
    refuse(node, "not a UPN: its check letter or its digits are wrong",
           "it is kept as it is written, and not used to find the child", false, true);
}

void CensusMapper::read_births(Index identifiers, record::Identity& identity) {
    Index born = none;
    identity.date_of_birth = take_date(identifiers, "PersonBirthDate", &born);
    if (identity.date_of_birth) earliest_ = *identity.date_of_birth - longest_before_birth;
    // An expected date may lie ahead, and near the birth if there was one.
    const auto node = tree_->take(identifiers, "ExpectedPersonBirthDate");
    if (node == none || tree_->at(node).text.empty()) return;
    const auto expected = parse_loose_date(tree_->at(node).text);
    if (!expected) return refuse(node, expected.error().reason, expected.error().mend, false);
    constexpr std::chrono::days year{366};
    const auto near = identity.date_of_birth.value_or(*expected);
    if (*expected < first_possible || *expected > today_ + year || *expected < near - year || *expected > near + year) {
        return refuse(node, "cannot be: too far from the date of birth, or from today", std::string(check_date), false);
    }
    identity.expected_date_of_birth = *expected;
    if (!earliest_) earliest_ = *expected - longest_before_birth;
}

void CensusMapper::characteristics(Index node) {
    auto& tree = *tree_;
    json::object body;
    put_code(body, "ethnicity", node, "Ethnicity", reading_.codes.ethnicity);
    if (const auto list = tree.take(node, "Disabilities"); list != none) {
        auto codes = codes_of(list, "Disability", reading_.codes.disability);
        if (!codes.empty()) body.emplace("disability", std::move(codes));
    }
    if (body.empty()) return;
    // The census says these of the child as they were at its reference date.
    const auto written = header_.written ? reading_.zone.day_of(*header_.written) : today_;
    auto entry = draft("characteristics.recorded", header_.reference.value_or(written), "ChildCharacteristics");
    entry.body = std::move(body);
    emit(node, std::move(entry));
}

void CensusMapper::cin_details(Index details, std::size_t nth) {
    auto& tree = *tree_;
    const auto date_node = tree.find(details, "CINreferralDate");
    const auto date = take_date(details, "CINreferralDate");
    case_key_ =
        date ? fmt::format("{}/{}", child_, format_date(*date)) : fmt::format("{}/no-referral-date-{}", child_, nth);
    referral(details, date, date_node);
    std::size_t assessments = 0;
    for (auto i = tree.take(details, "Assessments"); i != none; i = tree.take(details, "Assessments"))
        assessment(i, ++assessments);
    for (auto i = tree.take(details, "Section47"); i != none; i = tree.take(details, "Section47")) section47(i);
    conference(details);
    for (auto i = tree.take(details, "CINPlanDates"); i != none; i = tree.take(details, "CINPlanDates")) plan_dates(i);
    for (auto i = tree.take(details, "ChildProtectionPlans"); i != none;
         i = tree.take(details, "ChildProtectionPlans")) {
        protection_plan(i);
    }
    closure(details);
}

std::string CensusMapper::referral(Index details, std::optional<Date> date, Index date_node) {
    if (!date) {
        if (date_node == none)
            refuse(details, "has no CINreferralDate: the referral is left out", "give the date", true);
        for (const auto name : {"ReferralSource", "PrimaryNeedCode", "ReferralNFA"})
            orphans(tree_->take(details, name), "the referral");
        return {};
    }
    auto entry = draft("referral.received", *date, "CINdetails");
    put_code(entry.body, "source", details, "ReferralSource", reading_.codes.referral_source);
    put_code(entry.body, "primary_need", details, "PrimaryNeedCode", reading_.codes.primary_need);
    if (const auto nfa = take_flag(details, "ReferralNFA")) entry.body.emplace("no_further_action", *nfa);
    return emit(date_node, std::move(entry));
}

void CensusMapper::assessment(Index node, std::size_t) {
    auto& tree = *tree_;
    const auto start_node = tree.find(node, "AssessmentActualStartDate");
    const auto start = take_date(node, "AssessmentActualStartDate");
    const auto review = take_date(node, "AssessmentInternalReviewDate");
    const auto end_node = tree.find(node, "AssessmentAuthorisationDate");
    const auto end = take_date(node, "AssessmentAuthorisationDate");
    json::array factors;
    const auto list = tree.take(node, "FactorsIdentifiedAtAssessment");
    if (list != none) factors = codes_of(list, "AssessmentFactors", reading_.codes.assessment_factor);

    if (!start && !end) {
        if (start_node == none && end_node == none)
            refuse(node, "has no date: the assessment is left out", "give its start date", true);
        if (list != none && !factors.empty()) orphans(list, "the assessment");
        return;
    }
    // Factors belong to a completed assessment (rule 8614); on another they are kept all the same.
    std::string started;
    if (start) {
        auto entry = draft("assessment.started", *start, "Assessments");
        if (review) entry.body.emplace("internal_review", format_date(*review));
        if (!end && !factors.empty()) entry.body.emplace("factors", factors);
        started = emit(node, std::move(entry));
    }
    if (!end) return;
    auto entry = draft("assessment.completed", *end, "AssessmentAuthorisation");
    if (!factors.empty()) entry.body.emplace("factors", std::move(factors));
    if (review && !start) entry.body.emplace("internal_review", format_date(*review));
    entry.about = started;
    emit(end_node, std::move(entry));
}

void CensusMapper::plan_dates(Index node) {
    const auto start = take_date(node, "CINPlanStartDate");
    const auto end_node = tree_->find(node, "CINPlanEndDate");
    const auto end = take_date(node, "CINPlanEndDate");
    std::string agreed;
    if (start) {
        auto entry = draft("plan.agreed", *start, "CINPlanDates");
        entry.body.emplace("type", "child-in-need");
        agreed = emit(node, std::move(entry));
    }
    if (end) {
        auto entry = draft("plan.ended", *end, "CINPlanEnd");
        entry.body.emplace("type", "child-in-need");
        entry.about = agreed;
        emit(end_node, std::move(entry));
    }
}

void CensusMapper::section47(Index node) {
    const auto start_node = tree_->find(node, "S47ActualStartDate");
    const auto start = take_date(node, "S47ActualStartDate");
    if (start) {
        auto entry = draft("enquiry.opened", *start, "Section47");
        entry.body.emplace("type", "section-47");
        // A target lies ahead as often as not.
        if (const auto target = tree_->take(node, "InitialCPCtarget");
            target != none && !tree_->at(target).text.empty()) {
            const auto date = parse_loose_date(tree_->at(target).text);
            if (date) {
                entry.body.emplace("conference_target", format_date(*date));
            } else {
                refuse(target, date.error().reason, date.error().mend, false);
            }
        }
        if (const auto flag = take_flag(node, "ICPCnotRequired")) entry.body.emplace("conference_not_required", *flag);
        emit(node, std::move(entry));
    } else {
        if (start_node == none)
            refuse(node, "has no S47ActualStartDate: the enquiry is left out", "give the date", true);
        for (const auto name : {"InitialCPCtarget", "ICPCnotRequired"}) orphans(tree_->take(node, name), "the enquiry");
    }
    conference(node);
}

// An initial conference stands in CINdetails, in Section47, or (rule 2884) in both: the same day is the same
// conference.
void CensusMapper::conference(Index parent) {
    const auto node = tree_->find(parent, "DateOfInitialCPC");
    const auto date = take_date(parent, "DateOfInitialCPC");
    if (!date) return;
    auto entry = draft("conference.held", *date, "InitialCPC");
    entry.body.emplace("type", "initial");
    if (emitted_.contains(fmt::format("{}", entry.id))) return;
    emit(node, std::move(entry));
}

void CensusMapper::protection_plan(Index node) {
    auto& tree = *tree_;
    const auto start_node = tree.find(node, "CPPstartDate");
    const auto start = take_date(node, "CPPstartDate");
    const auto end_node = tree.find(node, "CPPendDate");
    const auto end = take_date(node, "CPPendDate");
    std::string agreed;
    if (start) {
        auto entry = draft("plan.agreed", *start, "ChildProtectionPlans");
        entry.body.emplace("type", "child-protection");
        put_code(entry.body, "category", node, "InitialCategoryOfAbuse", reading_.codes.abuse_category);
        put_code(entry.body, "latest_category", node, "LatestCategoryOfAbuse", reading_.codes.abuse_category);
        if (const auto count = tree.take(node, "NumberOfPreviousCPP"); count != none && !tree.at(count).text.empty()) {
            const auto& text = tree.at(count).text;
            if (text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos) {
                entry.body.emplace("previous_plans", std::stoi(text));
            } else {
                refuse(count, "not a whole number", "write it as 0, 1, 2 …", false);
            }
        }
        agreed = emit(node, std::move(entry));
    } else {
        if (start_node == none)
            refuse(node, "has no CPPstartDate: the agreeing of the plan is left out", "give the date", true);
        for (const auto name : {"InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP"}) {
            orphans(tree.take(node, name), "the plan");
        }
    }
    if (const auto reviews = tree.take(node, "Reviews"); reviews != none) {
        for (auto i = tree.take(reviews, "CPPreviewDate"); i != none; i = tree.take(reviews, "CPPreviewDate")) {
            const auto date = date_of(i, true);
            if (!date) continue;
            auto entry = draft("plan.reviewed", *date, "CPPreview");
            entry.body.emplace("type", "child-protection");
            entry.about = agreed;
            emit(i, std::move(entry));
        }
    }
    if (end) {
        auto entry = draft("plan.ended", *end, "CPPend");
        entry.body.emplace("type", "child-protection");
        entry.about = agreed;
        emit(end_node, std::move(entry));
    }
}

void CensusMapper::closure(Index details) {
    const auto node = tree_->find(details, "CINclosureDate");
    const auto date = take_date(details, "CINclosureDate");
    if (date) {
        auto entry = draft("case.closed", *date, "CINclosure");
        put_code(entry.body, "reason", details, "ReasonForClosure", reading_.codes.closure_reason);
        emit(node, std::move(entry));
        return;
    }
    const auto reason = tree_->take(details, "ReasonForClosure");
    if (reason == none || tree_->at(reason).text.empty()) return;
    if (node != none) return orphans(reason, "the closure");
    refuse(reason, "there is no CINclosureDate: nothing says when the case was closed", "give the date", false);
}

// ---- fields -------------------------------------------------------------------------------------------------------

// Dates that make an entry (all but those of the child and of reviews of work) refuse a row with them.
std::optional<Date> CensusMapper::take_date(Index parent, std::string_view name, Index* node) {
    const auto i = tree_->take(parent, name);
    if (node != nullptr) *node = i;
    if (i == none) return std::nullopt;
    constexpr std::array<std::string_view, 3> fields{"PersonBirthDate", "ReferenceDate",
                                                     "AssessmentInternalReviewDate"};
    return date_of(i, !among(fields, name));
}

std::optional<Date> CensusMapper::date_of(Index i, bool whole_row) {
    auto& node = tree_->at(i);
    node.used = true;
    if (node.text.empty() && !tree_->has_elements(i)) return std::nullopt;
    const auto date = parse_loose_date(node.text);
    if (!date) {
        refuse(i, date.error().reason, date.error().mend, whole_row);
    } else if (*date > today_) {
        refuse(i,
               node.name == "PersonBirthDate" ? "in the future: an unborn child has ExpectedPersonBirthDate instead"
                                              : "in the future: a return tells of what has been",
               std::string(check_date), whole_row);
    } else if (*date < first_possible) {
        refuse(i, "cannot be: more than a hundred years ago", std::string(check_date), whole_row);
    } else if (earliest_ && *date < *earliest_) {
        refuse(i, "more than 40 weeks before the child's birth", std::string("check it against the date of birth"),
               whole_row);
    } else {
        return *date;
    }
    return std::nullopt;
}

void CensusMapper::put_code(json::object& body, std::string_view field, Index parent, std::string_view name,
                            const CodeList& codes) {
    const auto i = tree_->take(parent, name);
    if (i == none) return;
    if (auto code = code_of(i, codes)) body.emplace(key(field), std::move(*code));
}

std::optional<std::string> CensusMapper::code_of(Index i, const CodeList& codes) {
    const auto& text = tree_->at(i).text;
    if (text.empty()) return std::nullopt;
    if (codes.has(text)) return text;
    refuse(i, code_words(text), codes.mend(text), false);
    return std::nullopt;
}

json::array CensusMapper::codes_of(Index list, std::string_view name, const CodeList& codes) {
    json::array out;
    for (auto i = tree_->take(list, name); i != none; i = tree_->take(list, name)) {
        if (auto code = code_of(i, codes)) out.emplace_back(std::move(*code));
    }
    return out;
}

std::optional<bool> CensusMapper::take_flag(Index parent, std::string_view name) {
    const auto i = tree_->take(parent, name);
    if (i == none || tree_->at(i).text.empty()) return std::nullopt;
    const auto& text = tree_->at(i).text;
    if (text == "1" || text == "true") return true;
    if (text == "0" || text == "false") return false;
    refuse(i, "neither true nor false", "write 1 or 0, or true or false", false);
    return std::nullopt;
}

// ---- entries ------------------------------------------------------------------------------------------------------

// Who the child is stands in the identity.recorded entry alone; the others only point there, so that an identity that
// is mended from one year to the next leaves them the same.
record::Draft CensusMapper::draft(std::string_view kind, Date at, std::string_view element) const {
    record::Draft draft;
    draft.kind = kind;
    draft.at = day(at);
    draft.recorded = header_.written;
    draft.agency = reading_.agency;
    draft.author = file_author;
    draft.case_key = case_key_;
    draft.id = fmt::format("cin:{}:{}:{}:{}", header_.authority, child_, element, format_date(at));
    record::Identity who;
    who.source = base_source_;
    who.id = child_;
    draft.subjects.push_back(
        {static_cast<record::Involvements>(record::Involvement::subject), std::move(who), std::nullopt});
    return draft;
}

// Two of one element on one day: what says the same is the same (and comes out as repeated), what differs is numbered.
std::string CensusMapper::emit(Index node, record::Draft draft) {
    auto said = fmt::format("{} {} {}", draft.kind, draft.case_key, write_canonical(draft.body));
    auto id = draft.id;
    for (int n = 2;; ++n) {
        const auto known = emitted_.find(id);
        if (known == emitted_.end() || known->second == said) break;
        id = fmt::format("{}:{}", draft.id, n);
    }
    emitted_.insert_or_assign(id, std::move(said));
    draft.id = id;
    const auto line = node != none ? tree_->at(node).line : tree_->at(root).line;
    hand_on(reading_, sink_, {line, tree_->path(node), std::move(draft)});
    return id;
}

void CensusMapper::refuse(Index i, std::string reason, std::string mend, bool whole_row, bool kept) {
    Refusal refusal{reading_.file, tree_->at(i).line, tree_->path(i), std::move(reason), std::move(mend), whole_row,
                    kept};
    if (whole_row) {
        sink_.refuse_row({std::move(refusal)});
    } else {
        sink_.refuse_field(std::move(refusal));
    }
}

// What stood in an element whose entry was refused goes with it, and is told.
void CensusMapper::orphans(Index i, std::string_view of) {
    if (i == none) return;
    tree_->at(i).used = true;
    if (tree_->values_in(i) == 0) return;
    refuse(i, fmt::format("left out with {}, which was refused", of), "mend that, and this is taken with it", false);
}

// Whatever was not taken is told, once for each outermost element.
void CensusMapper::sweep_children(Index parent) {
    for (auto i = tree_->at(parent).first; i != none; i = tree_->at(i).next) sweep(i);
}

void CensusMapper::sweep(Index i) {
    const auto& node = tree_->at(i);
    if (node.used) {
        if (node.too_long) refuse(i, "longer than 4,096 bytes", "shorten it", false);
        if (node.attributes)
            refuse(i, "has attributes, which a census does not have: they are left out", "take them out", false);
        return sweep_children(i);
    }
    const auto values = tree_->values_in(i);
    if (values == 0) return;
    const bool group = tree_->has_elements(i);
    const auto with = group ? fmt::format(" ({} values)", values) : std::string();
    if (among(held_by_no_kind, node.name)) {
        refuse(i, fmt::format("no kind of entry holds this yet{}", with), "keep it where it is; it was not taken",
               group);
    } else if (among(known_elements, node.name)) {
        refuse(i, fmt::format("more than one stands here, or it stands in the wrong place{}", with),
               "leave one, in its place", group);
    } else {
        refuse(i, fmt::format("not an element of the children in need census{}", with), "check how it is written",
               group);
    }
}

}  // namespace waymark::exchange
