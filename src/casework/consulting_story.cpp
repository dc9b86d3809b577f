// One consultation as the lines of a record tell it: who was asked, who has answered, what went ahead.
#include <algorithm>
#include <unordered_map>

#include "casework/child.hpp"
#include "casework/consulting.hpp"
#include "casework/due.hpp"
#include "casework/reach.hpp"

namespace waymark::casework {

namespace {

constexpr const char* told_request = "consultation.requested";
constexpr const char* told_view = "consultation.given";
constexpr const char* told_taken = "action.taken";
constexpr const char* told_override = "gate.overridden";
constexpr const char* told_review = "override.reviewed";

Instant end_of(const Office& office, Date day) {
    return office.calendar->start_of(day + std::chrono::days(1)) - std::chrono::microseconds(1);
}

Instant answer_due(const Office& office, const record::Entry& request) {
    if (const auto day = parse_date(string_or(request.body, "due", ""))) return end_of(office, *day);
    const auto day = usual_day(office, told_request, told_view, request.row.at);
    return day ? end_of(office, *day) : request.row.at.instant;
}

class Stories {
public:
    explicit Stories(const Office& office) : office_(office) {}

    void add(const Line& line) {
        const auto& kind = line.entry.row.kind;
        if (kind == told_request)
            request(line);
        else if (kind == told_view)
            view(line);
        else if (kind == told_override)
            overridden(line);
        else if (kind == told_review)
            reviewed(line);
        else if (kind == told_taken)
            taken(line);
    }
    std::vector<Consultation> take() {
        std::reverse(all_.begin(), all_.end());
        return std::move(all_);
    }

private:
    static std::string text(const Line& line, std::string_view field) {
        return std::string(string_or(line.entry.body, field, ""));
    }
    Consultation* of(EntryId about) {
        const auto found = of_.find(about);
        return found == of_.end() ? nullptr : &all_[found->second];
    }
    // Of one that names no entry: the newest about this course that is not over.
    Consultation* of_course(const std::string& course) {
        const auto found = std::find_if(all_.rbegin(), all_.rend(), [&](const Consultation& one) {
            return one.course == course && one.taken == nullptr;
        });
        return found == all_.rend() ? nullptr : &*found;
    }
    void came(Consultation& one, const Line& line) {
        one.newest = line.entry.row.entry;
        of_[line.entry.row.entry] = static_cast<std::size_t>(&one - all_.data());
    }

    void request(const Line& line) {
        const auto key = text(line, "request");
        const auto group = key.empty() ? to_string(line.entry.row.entry) : line.entry.row.agency + "/" + key;
        auto found = by_request_.find(group);
        if (found == by_request_.end()) {
            Consultation one;
            one.consultation = line.entry.row.entry;
            one.asked = &line;
            one.course = text(line, "course");
            one.course_words = words_of_code(office_.catalogue.find(told_request), "course", one.course);
            one.question = text(line, "text");
            one.view = text(line, "view");
            one.dissent = text(line, "dissent");
            found = by_request_.emplace(group, all_.size()).first;
            all_.push_back(std::move(one));
        }
        auto& one = all_[found->second];
        for (const auto& agency : strings_in(line.entry.body, "of")) {
            AgencyView asked;
            asked.request = line.entry.row.entry;
            asked.agency = agency;
            asked.agency_name = agency_name(office_, agency);
            asked.due = answer_due(office_, line.entry);
            asked.overdue = asked.due < office_.clock.now();
            one.agencies.push_back(std::move(asked));
        }
        came(one, line);
    }
    void view(const Line& line) {
        auto* one = of(line.entry.row.about);
        if (one == nullptr) return;
        auto by = strings_in(line.entry.body, "by");
        if (by.empty()) by.push_back(line.entry.row.agency);
        for (auto& asked : one->agencies) {
            if (!stands_in(by, asked.agency)) continue;
            if (asked.answer != nullptr) ++asked.changed_times;
            asked.answer = &line;
            asked.overdue = false;
            asked.position = text(line, "position");
            asked.view = text(line, "view");
            asked.dissent = text(line, "dissent");
        }
        came(*one, line);
    }
    void overridden(const Line& line) {
        auto* one = of(line.entry.row.about);
        if (one == nullptr) one = of_course(text(line, "course"));
        if (one == nullptr) return;
        one->overrides.push_back({&line, text(line, "reason"), nullptr, std::nullopt, {}});
        came(*one, line);
    }
    void reviewed(const Line& line) {
        auto* one = of(line.entry.row.about);
        if (one == nullptr) return;
        for (auto& ahead : one->overrides) {
            if (ahead.line->entry.row.entry != line.entry.row.about) continue;
            ahead.reviewed = &line;
            ahead.review = text(line, "reason");
            if (find(line.entry.body, "upheld") != nullptr) ahead.upheld = is_true(line.entry.body, "upheld");
        }
        came(*one, line);
    }
    void taken(const Line& line) {
        auto* one = of(line.entry.row.about);
        if (one == nullptr) one = of_course(text(line, "course"));
        if (one == nullptr) return;
        one->taken = &line;
        came(*one, line);
    }

    const Office& office_;
    std::vector<Consultation> all_;
    std::unordered_map<EntryId, std::size_t> of_;
    std::unordered_map<std::string, std::size_t> by_request_;
};

}  // namespace

std::size_t Consultation::waiting() const {
    return static_cast<std::size_t>(
        std::count_if(agencies.begin(), agencies.end(), [](const AgencyView& one) { return one.answer == nullptr; }));
}
std::size_t Consultation::disagreeing() const {
    return static_cast<std::size_t>(
        std::count_if(agencies.begin(), agencies.end(), [](const AgencyView& one) { return one.disagrees(); }));
}

std::vector<Consultation> consultations_in(const Office& office, std::span<const Line> lines) {
    std::vector<const Line*> order;
    for (const auto& line : lines) {
        if (!line.superseded && !line.entry.row.kind.empty()) order.push_back(&line);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const Line* a, const Line* b) { return a->entry.row.recorded < b->entry.row.recorded; });
    Stories stories(office);
    for (const auto* line : order) stories.add(*line);
    return stories.take();
}

}  // namespace waymark::casework
