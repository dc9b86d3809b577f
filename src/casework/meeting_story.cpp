// A meeting put together from the entries that are about it, as deep as each is shown.
#include <algorithm>
#include <functional>
#include <unordered_map>

#include "casework/access.hpp"
#include "casework/child.hpp"
#include "casework/convening.hpp"
#include "casework/due.hpp"

namespace waymark::casework {

namespace {

bool is_held(std::string_view kind) {
    return kind == "strategy.held" || kind == "conference.held" || kind == "meeting.held";
}

std::string text_in_body(const Line& line, std::string_view field) {
    return std::string(string_or(line.entry.body, field, ""));
}

std::optional<Date> day_in_body(const Line& line, std::string_view field) {
    const auto day = parse_date(string_or(line.entry.body, field, ""));
    return day ? std::optional(*day) : std::nullopt;
}

std::string first_agency(const Line& line, std::string_view field) {
    const auto* list = find(line.entry.body, field);
    if (list == nullptr || !list->is_array() || list->get_array().empty()) return {};
    const auto& one = list->get_array().front();
    if (const auto* text = one.if_string()) return std::string(text->data(), text->size());
    return one.is_object() ? std::string(string_or(one.get_object(), "agency", "")) : std::string();
}

std::string type_of_held(const Line& line) {
    if (line.entry.row.kind == "strategy.held") return "strategy";
    const auto type = text_in_body(line, "type");
    if (line.entry.row.kind == "conference.held") return type == "review" ? "review-conference" : "initial-conference";
    return type;
}

// Each entry is about one that was told before it: what it is about leads to the meeting.
class Teller {
public:
    explicit Teller(const Office& office) : office_(office) {}

    void tell(const Line& line) {
        const auto& row = line.entry.row;
        if (line.superseded) return;
        const auto about = standing(row.about);
        if (row.kind == "meeting.convened") {
            auto* story = of(about);
            if (story == nullptr) story = &begin(line);
            of_entry_[row.entry] = index_of(*story);
            call(*story, line);
        } else if (is_held(row.kind)) {
            auto* story = of(about);
            if (story == nullptr || story->held != nullptr) story = &begin(line);
            of_entry_[row.entry] = index_of(*story);
            story->held = &line;
            if (story->calls.empty()) {
                story->type = type_of_held(line);
                story->on = office_.calendar->day_of(row.at);
                label(*story);
            }
        } else if (auto* story = of(about)) {
            of_entry_[row.entry] = index_of(*story);
            further(*story, line, about);
        }
    }
    // A correction stands where the entry stood that it corrects.
    void corrects(EntryId newer, EntryId older) { newer_[older] = newer; }
    std::vector<MeetingStory> all() {
        std::reverse(stories_.begin(), stories_.end());
        return std::move(stories_);
    }

    [[nodiscard]] EntryId standing(EntryId id) const {
        for (int n = 0; n < 50; ++n) {
            const auto newer = newer_.find(id);
            if (newer == newer_.end()) break;
            id = newer->second;
        }
        return id;
    }

private:
    MeetingStory* of(EntryId about) {
        const auto at = of_entry_.find(about);
        return !about || at == of_entry_.end() ? nullptr : &stories_[at->second];
    }
    MeetingStory& begin(const Line& line) {
        stories_.emplace_back().meeting = line.entry.row.entry;
        return stories_.back();
    }
    std::size_t index_of(const MeetingStory& story) const { return static_cast<std::size_t>(&story - stories_.data()); }
    void label(MeetingStory& story) const {
        story.label = words_of_code(office_.catalogue.find("meeting.convened"), "type", story.type);
        if (story.label.empty()) story.label = "Meeting";
    }
    void call(MeetingStory& story, const Line& line) const {
        story.calls.push_back(&line);
        story.type = text_in_body(line, "type");
        label(story);
        story.on = day_in_body(line, "on");
        story.starts = text_in_body(line, "starts");
        story.place = text_in_body(line, "place");
        story.link = text_in_body(line, "link");
        story.purpose = text_in_body(line, "purpose");
        story.without = text_in_body(line, "without");
        story.chair = text_in_body(line, "chair");
        story.minute_taker = text_in_body(line, "minute_taker");
    }
    void invite(MeetingStory& story, const Line& line) const {
        const auto person = text_in_body(line, "practitioner");
        std::erase_if(story.invited, [&](const Invited& one) { return one.practitioner == person; });
        Invited one;
        one.invitation = line.entry.row.entry;
        one.practitioner = person;
        one.name = practitioner_name(office_, person);
        one.agency = first_agency(line, "invited");
        one.agency_name = agency_name(office_, one.agency);
        story.invited.push_back(std::move(one));
    }
    void answer(MeetingStory& story, const Line& line) {
        const auto& row = line.entry.row;
        const auto asked = asked_by_.contains(row.about) ? asked_by_.at(row.about) : row.about;
        asked_by_[row.entry] = asked;
        for (auto& one : story.invited) {
            if (one.invitation != asked) continue;
            one.outcome = text_in_body(line, "outcome");
            one.answered_by = line.author;
            one.answered = row.at;
            const auto instead = text_in_body(line, "instead");
            if (one.outcome == "apologies") one.instead = practitioner_name(office_, instead);
            one.text = text_in_body(line, "text");
        }
    }
    void further(MeetingStory& story, const Line& line, EntryId about) {
        const auto& row = line.entry.row;
        if (row.kind == "meeting.invited") {
            invite(story, line);
        } else if (row.kind == "meeting.answered") {
            answer(story, line);
        } else if (row.kind == "meeting.contributed") {
            story.contributions.push_back({row.entry, line.author, line.source, row.at, text_in_body(line, "text")});
        } else if (row.kind == "meeting.cancelled") {
            story.cancelled = &line;
        } else if (row.kind == "meeting.decided") {
            story.decisions.push_back({&line, text_in_body(line, "text"), {}});
        } else if (row.kind == "dissent.recorded") {
            for (auto& one : story.decisions) {
                if (one.line->entry.row.entry == about)
                    one.dissents.push_back({&line, practitioner_name(office_, text_in_body(line, "practitioner")),
                                            text_in_body(line, "text")});
            }
        } else if (row.kind == "action.agreed") {
            const auto who = text_in_body(line, "practitioner");
            MeetingAction action;
            action.line = &line;
            action.text = text_in_body(line, "text");
            action.owner = agency_name(office_, text_in_body(line, "owner"));
            action.who = who.empty() ? std::string() : practitioner_name(office_, who);
            action.due = day_in_body(line, "due");
            action_of_[row.entry] = row.entry;
            story.actions.push_back(std::move(action));
        } else if (row.kind == "action.answered") {
            const auto of_action = action_of_.contains(about) ? action_of_.at(about) : EntryId{};
            action_of_[row.entry] = of_action;
            for (auto& one : story.actions) {
                if (one.line->entry.row.entry != of_action) continue;
                one.outcome = text_in_body(line, "outcome");
                one.answer = text_in_body(line, "text");
                one.answered_by = line.author;
                one.answered = row.at;
                if (const auto day = day_in_body(line, "due")) one.due = day;
            }
        } else if (row.kind == "minutes.sent") {
            const auto who = text_in_body(line, "practitioner");
            Receipted one;
            one.minutes = row.entry;
            one.practitioner = who;
            one.name = practitioner_name(office_, who);
            one.agency_name = agency_name(office_, text_in_body(line, "to"));
            one.sent = row.at;
            story.sent.push_back(std::move(one));
        } else if (row.kind == "minutes.read") {
            for (auto& one : story.sent) {
                if (one.minutes != about) continue;
                one.read = row.at;
                one.remark = text_in_body(line, "text");
            }
        }
    }

    const Office& office_;
    std::vector<MeetingStory> stories_;
    std::unordered_map<EntryId, std::size_t> of_entry_;
    std::unordered_map<EntryId, EntryId> newer_;
    std::unordered_map<EntryId, EntryId> asked_by_;  // an answer -> the invitation that it answers in the end
    std::unordered_map<EntryId, EntryId> action_of_;
};

}  // namespace

HeldAs held_as(std::string_view meeting_type) {
    if (meeting_type == "strategy") return {"strategy.held", {}};
    if (meeting_type == "initial-conference") return {"conference.held", "initial"};
    if (meeting_type == "review-conference") return {"conference.held", "review"};
    return {"meeting.held", meeting_type};
}

std::vector<MeetingStory> meetings_in(const Office& office, std::span<const Line> lines) {
    Teller teller(office);
    std::vector<const Line*> order;
    for (const auto& line : lines) {
        order.push_back(&line);
        if (line.entry.row.supersedes) teller.corrects(line.entry.row.entry, line.entry.row.supersedes);
    }
    // A meeting took place on its day, and what is about it may be dated before: as it was recorded each stands after
    // what it is about.
    std::stable_sort(order.begin(), order.end(), [](const Line* a, const Line* b) {
        return std::tie(a->entry.row.recorded, a->entry.row.at) < std::tie(b->entry.row.recorded, b->entry.row.at);
    });
    std::unordered_map<EntryId, const Line*> left;
    for (const auto* line : order) left.emplace(line->entry.row.entry, line);
    const std::function<void(const Line&, int)> tell = [&](const Line& line, int depth) {
        if (left.erase(line.entry.row.entry) == 0) return;
        // What was corrected later is told before what is about it.
        if (const auto before = left.find(teller.standing(line.entry.row.about)); depth < 50 && before != left.end())
            tell(*before->second, depth + 1);
        teller.tell(line);
    };
    for (const auto* line : order) tell(*line, 0);
    return teller.all();
}

procedure::Counting counting_of(const Office& office, const PersonPage& child, std::string_view meeting_type,
                                const json::object& fields) {
    const auto as = held_as(meeting_type);
    auto asked = fields;
    if (!as.type.empty() && !asked.contains("type")) asked["type"] = as.type;
    const auto& procedure = child.editions.empty() || child.editions.front() == nullptr
                                ? office.editions.now().procedure
                                : child.editions.front()->procedure;
    return procedure.counted(as.kind, asked, born_of(child.identities), office.calendar->day_of(office.clock.now()));
}

Result<MeetingPage> meeting_page(const Office& office, const record::Asker& asker, EntryId meeting) {
    const auto permit = TRY(permit_for(office, asker, record::Action::read));
    return read_as<MeetingPage>(office, permit, [&](store::Snapshot& snapshot, Seen& seen) -> Result<MeetingPage> {
        const auto no_such =
            fault(FaultKind::missing, "meeting", "There is no such meeting, or you may not know of it.",
                  "Open it from the child’s record.");
        const auto row = snapshot.entries(office.partnership, std::vector{meeting}, store::Want::cards).front();
        if (!row || !row->row.record) return no_such;
        auto knowing = TRY(Knowing::of(office, snapshot, permit));
        auto child = assemble_page(office, snapshot, knowing, row->row.record, std::nullopt);
        if (!child && is_unseen(child.error())) return no_such;
        MeetingPage page;
        page.child = TRY(std::move(child));
        auto stories = meetings_in(office, page.child.lines);
        const auto found = std::find_if(stories.begin(), stories.end(), [&](const MeetingStory& one) {
            return one.meeting == meeting ||
                   std::any_of(one.calls.begin(), one.calls.end(),
                               [&](const Line* call) { return call->entry.row.entry == meeting; }) ||
                   (one.held != nullptr && one.held->entry.row.entry == meeting);
        });
        if (found == stories.end()) return no_such;
        page.story = std::move(*found);
        page.counting = counting_of(office, page.child, page.story.type,
                                    page.story.held == nullptr ? json::object{} : page.story.held->entry.body);
        seen.add(page.child.relationship, row->row.record, row->row.case_id, shown_of(page.child),
                 std::string(name_fields));
        seen.rests_on(page.child.basis);
        return page;
    });
}

}  // namespace waymark::casework
