// People as CSV (section 3 of the outside contract): each row is one agency's view of a person.
#include <algorithm>
#include <array>
#include <istream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "exchange/reader.hpp"
#include "exchange/table.hpp"
#include "record/canonical.hpp"

namespace waymark::exchange {

namespace {

constexpr std::array<std::string_view, 18> known{"id",
                                                 "source",
                                                 "given_name",
                                                 "family_name",
                                                 "other_names",
                                                 "date_of_birth",
                                                 "expected_date_of_birth",
                                                 "dob_accuracy",
                                                 "sex",
                                                 "address",
                                                 "address_protected",
                                                 "postcode",
                                                 "nhs_number",
                                                 "upn",
                                                 "la_child_id",
                                                 "phone",
                                                 "email",
                                                 "adoption"};

// Text that is kept as it is written.
struct TextColumn {
    std::string_view name;
    std::string record::Identity::*member;
};
constexpr std::array<TextColumn, 12> text_columns{{
    {"id", &record::Identity::id},
    {"source", &record::Identity::source},
    {"given_name", &record::Identity::given_name},
    {"family_name", &record::Identity::family_name},
    {"sex", &record::Identity::sex},
    {"address", &record::Identity::address},
    {"postcode", &record::Identity::postcode},
    {"nhs_number", &record::Identity::nhs_number},
    {"upn", &record::Identity::upn},
    {"la_child_id", &record::Identity::la_child_id},
    {"phone", &record::Identity::phone},
    {"email", &record::Identity::email},
}};

class PeopleReader {
public:
    PeopleReader(const Reading& reading, Sink& sink) : reading_(reading), sink_(sink) {}

    // What each column of the file is called here.
    Result<void> name_columns(const Table& table) {
        names_ = table.header();
        for (const auto& [ours, theirs] : reading_.columns) {
            if (std::find(known.begin(), known.end(), ours) == known.end()) {
                return invalid("--columns", fmt::format("there is no column \"{}\" of people", ours),
                               fmt::format("use one of: {}", fmt::join(known, ", ")));
            }
            const auto at = table.column(theirs);
            if (!at) {
                return invalid("--columns", fmt::format("{} has no column \"{}\"", reading_.file, theirs),
                               fmt::format("it has: {}", join(table.header(), ", ")));
            }
            // The file's own column of that name, if any, is then an unknown one.
            for (auto& name : names_) {
                if (name == ours) name = fmt::format("({})", ours);
            }
            names_[*at] = ours;
        }
        if (std::find(names_.begin(), names_.end(), "id") == names_.end()) {
            return invalid(fmt::format("{}:1", reading_.file), "no column is named \"id\"",
                           "name the column that holds each person's id, or say which it is with --columns id=…");
        }
        return {};
    }

    void row(std::uint64_t line, const std::vector<std::string>& cells) {
        line_ = line;
        record::Identity identity;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!cells[i].empty()) put(identity, names_[i], cells[i]);
        }
        if (identity.id.empty()) {
            sink_.refuse_row(
                {{reading_.file, line, "id", "is empty", "give each person the id that the source has for them"}});
            return;
        }
        if (identity.source.empty()) identity.source = reading_.source.empty() ? "people" : reading_.source;
        record::protect(identity);
        record::Draft draft;
        draft.kind = "identity.recorded";
        draft.at = {reading_.now, false};
        draft.agency = reading_.agency;
        draft.author = file_author;
        draft.id = fmt::format("people:{}:{}:{}", identity.source, identity.id,
                               short_digest(record::canonical_identity(identity)));
        draft.subjects.push_back(
            {static_cast<record::Involvements>(record::Involvement::subject), std::move(identity), std::nullopt});
        hand_on(reading_, sink_, {line, {}, std::move(draft)});
    }

private:
    void put(record::Identity& identity, std::string_view name, const std::string& cell) {
        for (const auto& column : text_columns) {
            if (column.name == name) {
                identity.*column.member = cell;
                return;
            }
        }
        if (name == "other_names") return put_other_names(identity, cell);
        if (name == "date_of_birth") return put_date(identity.date_of_birth, name, cell);
        if (name == "expected_date_of_birth") return put_date(identity.expected_date_of_birth, name, cell);
        if (name == "dob_accuracy") return put_accuracy(identity, cell);
        if (name == "address_protected") return put_protected(identity, cell);
        if (name == "adoption") return put_adoption(identity, cell);
        if (!name.empty()) identity.more.emplace(json::string_view(name.data(), name.size()), cell);
    }

    static void put_other_names(record::Identity& identity, const std::string& cell) {
        for (const auto part : split(cell, ';')) {
            const auto name = trim(part);
            if (!name.empty()) identity.other_names.emplace_back(name);
        }
    }

    void put_date(std::optional<Date>& date, std::string_view name, const std::string& cell) {
        const auto parsed = parse_loose_date(cell);
        if (!parsed) return left_out(name, parsed.error().reason, parsed.error().mend);
        if (name == "date_of_birth" && *parsed > reading_.zone.day_of(reading_.now)) {
            return left_out(name, "in the future", "an unborn child has expected_date_of_birth instead");
        }
        date = *parsed;
    }

    void put_accuracy(record::Identity& identity, const std::string& cell) {
        if (cell.size() != 3 || cell.find_first_not_of("AEU") != std::string::npos) {
            return left_out("dob_accuracy", "not three of A, E and U",
                            "write a letter each for day, month and year, such as UAA");
        }
        identity.dob_accuracy = cell;
    }

    // What protects is never left out for being written otherwise.
    static void put_protected(record::Identity& identity, const std::string& cell) {
        const auto lower = to_lower_ascii(cell);
        identity.address_protected = lower != "0" && lower != "no" && lower != "n" && lower != "false" && lower != "f";
    }

    void put_adoption(record::Identity& identity, const std::string& cell) {
        if (to_lower_ascii(cell) != record::former_identity) {
            return left_out("adoption", "not a mark of adoption",
                            "write `former` for the identity before the adoption, and nothing for any other");
        }
        identity.adoption = record::former_identity;
    }

    void left_out(std::string_view column, std::string reason, std::string mend) {
        sink_.refuse_field(
            {reading_.file, line_, std::string(column), std::move(reason), std::move(mend), false, false});
    }

    const Reading& reading_;
    Sink& sink_;
    std::vector<std::string> names_;
    std::uint64_t line_ = 0;
};

}  // namespace

Result<void> read_people(std::streambuf& in, const Reading& reading, Sink& sink) {
    std::istream stream(&in);
    auto table = TRY(Table::open(stream, reading));
    PeopleReader people(reading, sink);
    TRY_VOID(people.name_columns(table));
    table.each_row(sink, [&](std::uint64_t line, const std::vector<std::string>& cells) { people.row(line, cells); });
    return {};
}

}  // namespace waymark::exchange
