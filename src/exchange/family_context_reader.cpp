// The two extracts of Family Context: csc.csv (children's social care) and education.csv (schools). The header tells
// which. A row is one person whom a service knows: who they are, and since when, through whom and whether still.
#include <algorithm>
#include <array>
#include <istream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "exchange/reader.hpp"
#include "exchange/table.hpp"

namespace waymark::exchange {

namespace {

struct Shape {
    std::string_view name;  // of the source system
    std::string_view service;
    std::string_view telling;  // the column that only this extract has
    std::string_view organisation;
    std::string_view phone;
};
constexpr std::array<Shape, 2> shapes{{
    {"family-context-csc", "social-care", "Local Authority Organisation", "Local Authority Organisation",
     "Contact Phone"},
    {"family-context-education", "education", "School Name", "School Name", "Contact Number"},
}};

class ExtractReader {
public:
    ExtractReader(const Reading& reading, Sink& sink, const Table& table, const Shape& shape)
        : reading_(reading),
          sink_(sink),
          shape_(shape),
          header_(table.header()),
          today_(reading.zone.day_of(reading.now)) {}

    void row(std::uint64_t line, const std::vector<std::string>& cells) {
        line_ = line;
        cells_ = &cells;
        used_.assign(cells.size(), false);
        const auto id = std::string(cell("Cms Id"));
        if (id.empty()) {
            sink_.refuse_row(
                {{reading_.file, line, "Cms Id", "is empty", "give each person the id that the service has for them"}});
            return;
        }
        record::Draft draft;
        draft.kind = "involvement.recorded";
        draft.agency = reading_.agency;
        draft.author = file_author;
        auto identity = read_identity(id);
        read_involvement(draft);
        if (!draft_has_date_) {
            sink_.refuse_row({{reading_.file, line, "Start Date Of Last Involvement",
                               "no date says when the service was involved", "give this date, or Date Current As Of"}});
            return;
        }
        keep_rest(draft);
        draft.id = fmt::format("{}:{}:{}", shape_.name, id, short_digest(fmt::format("{}", fmt::join(cells, "\x1f"))));
        draft.subjects.push_back(
            {static_cast<record::Involvements>(record::Involvement::subject), std::move(identity), std::nullopt});
        hand_on(reading_, sink_, {line, {}, std::move(draft)});
    }

private:
    std::string_view cell(std::string_view column) {
        const auto found = std::find(header_.begin(), header_.end(), column);
        if (found == header_.end()) return {};
        const auto at = static_cast<std::size_t>(found - header_.begin());
        used_[at] = true;
        return (*cells_)[at];
    }

    record::Identity read_identity(const std::string& id) {
        record::Identity identity;
        identity.source = reading_.source.empty() ? std::string(shape_.name) : reading_.source;
        identity.id = id;
        identity.given_name = cell("First Name");
        identity.family_name = cell("Last Name");
        identity.sex = cell("Gender");
        identity.address = cell("Address");
        // The last line of the address is the postcode, or what was written for one.
        const auto last_line = identity.address.find_last_of("\n\r");
        if (last_line != std::string::npos)
            identity.postcode = trim(std::string_view(identity.address).substr(last_line + 1));
        identity.date_of_birth = date("Date Of Birth");
        birth_ = identity.date_of_birth;
        return identity;
    }

    void read_involvement(record::Draft& draft) {
        draft_has_date_ = true;
        auto& body = draft.body;
        body.emplace("service", json::string_view(shape_.service.data(), shape_.service.size()));
        put_text(body, "organisation", shape_.organisation);
        put_status(body);
        const auto from = date("Start Date Of Last Involvement");
        const auto last = date("Date Of Most Recent Interaction");
        const auto as_of = date("Date Current As Of");
        if (from) body.emplace("from", format_date(*from));
        if (last) body.emplace("last_contact", format_date(*last));
        if (as_of) body.emplace("as_of", format_date(*as_of));
        put_text(body, "contact_name", "Contact Name");
        put_text(body, "contact_role", "Contact Role");
        put_text(body, "contact_phone", shape_.phone);
        put_text(body, "contact_email", "Contact Email");
        const auto at = from ? from : as_of;
        if (at) {
            draft.at = {Instant{std::chrono::duration_cast<std::chrono::microseconds>(at->time_since_epoch()).count()},
                        true};
        } else {
            draft_has_date_ = false;
        }
    }

    void put_text(json::object& body, std::string_view field, std::string_view column) {
        const auto text = cell(column);
        if (!text.empty())
            body.emplace(json::string_view(field.data(), field.size()), json::string_view(text.data(), text.size()));
    }

    void put_status(json::object& body) {
        const auto text = cell("Service Involvement");
        const auto lower = to_lower_ascii(text);
        if (lower == "current" || lower == "historic") {
            body.emplace("status", lower);
        } else if (lower.empty() || lower == "not specified") {
            body.emplace("status", "not-specified");
        } else {
            left_out("Service Involvement", "not one of the words of this column",
                     "write Current, Historic or Not Specified");
        }
    }

    std::optional<Date> date(std::string_view column) {
        const auto text = cell(column);
        if (text.empty()) return std::nullopt;
        const auto parsed = parse_loose_date(text);
        if (!parsed) {
            left_out(column, parsed.error().reason, parsed.error().mend);
        } else if (*parsed > today_) {
            left_out(column, "in the future", "check it: an extract tells of what has been");
        } else if (birth_ && *parsed < *birth_ && column != "Date Of Birth") {
            left_out(column, "before the person's birth", "check it against the date of birth");
        } else {
            return *parsed;
        }
        return std::nullopt;
    }

    // Columns that no field here stands for are kept under their own names.
    void keep_rest(record::Draft& draft) {
        json::object rest;
        for (std::size_t i = 0; i < header_.size(); ++i) {
            if (!used_[i] && !header_[i].empty() && !(*cells_)[i].empty()) rest.emplace(header_[i], (*cells_)[i]);
        }
        if (!rest.empty()) draft.body.emplace("extract", std::move(rest));
    }

    void left_out(std::string_view column, std::string reason, std::string mend) {
        sink_.refuse_field(
            {reading_.file, line_, std::string(column), std::move(reason), std::move(mend), false, false});
    }

    const Reading& reading_;
    Sink& sink_;
    const Shape& shape_;
    const std::vector<std::string>& header_;
    Date today_;
    std::uint64_t line_ = 0;
    const std::vector<std::string>* cells_ = nullptr;
    std::vector<bool> used_;
    std::optional<Date> birth_;
    bool draft_has_date_ = false;
};

}  // namespace

Result<void> read_family_context(std::streambuf& in, const Reading& reading, Sink& sink) {
    std::istream stream(&in);
    auto table = TRY(Table::open(stream, reading));
    const auto shape =
        std::find_if(shapes.begin(), shapes.end(), [&](const Shape& s) { return table.column(s.telling).has_value(); });
    if (shape == shapes.end()) {
        return invalid(
            fmt::format("{}:1", reading.file), "neither extract of Family Context has these columns",
            fmt::format("one of \"{}\" and \"{}\" must be among them", shapes[0].telling, shapes[1].telling));
    }
    if (!table.column("Cms Id")) {
        return invalid(fmt::format("{}:1", reading.file), "no column is named \"Cms Id\"",
                       "name the column of each person's id so");
    }
    ExtractReader extract(reading, sink, table, *shape);
    table.each_row(sink, [&](std::uint64_t line, const std::vector<std::string>& cells) { extract.row(line, cells); });
    return {};
}

}  // namespace waymark::exchange
