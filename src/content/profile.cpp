// The profile: who the partnership is, its agencies and practitioners, and the numbers that it sets itself.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "content/check.hpp"
#include "content/content.hpp"
#include "content/toml_reader.hpp"

namespace waymark::content {

namespace {

using Labelled = std::pair<std::string_view, std::string_view>;

constexpr std::array<Labelled, 12> types_and_labels{{
    {"social-care", "Children’s social care"},
    {"police", "Police"},
    {"youth-justice", "Youth justice service"},
    {"health", "Health"},
    {"education", "Education"},
    {"early-years", "Early years"},
    {"secure-estate", "Secure estate"},
    {"probation", "Probation"},
    {"voluntary", "Voluntary sector"},
    {"prosecution", "Crown Prosecution Service"},
    {"childrens-reporter", "Children’s reporter"},
    {"board", "Safeguarding partnership"},
}};

constexpr std::array<Labelled, 26> roles_and_labels{{
    {"front-door", "Front door"},
    {"social-worker", "Social worker"},
    {"social-care-manager", "Social care manager"},
    {"reviewing-officer", "Independent reviewing officer"},
    {"youth-justice-worker", "Youth justice worker"},
    {"youth-justice-manager", "Youth justice manager"},
    {"police-officer", "Police officer"},
    {"prosecution-liaison", "Prosecution liaison"},
    {"health-practitioner", "Health practitioner"},
    {"school-lead", "School safeguarding lead"},
    {"educational-psychologist", "Educational psychologist"},
    {"early-years-lead", "Early years safeguarding lead"},
    {"secure-estate-worker", "Secure estate worker"},
    {"probation-worker", "Probation worker"},
    {"voluntary-provider", "Voluntary provider"},
    {"panel-coordinator", "Panel coordinator"},
    {"minute-taker", "Minute taker"},
    {"board-analyst", "Board analyst"},
    {"board-chair", "Board chair"},
    {"board-member", "Board member"},
    {"practice-reviewer", "Practice reviewer"},
    {"privacy-officer", "Privacy officer"},
    {"emergency-duty", "Emergency duty team"},
    {"system-admin", "System administrator"},
    {"young-person", "Young person"},
    {"parent-carer", "Parent or carer"},
}};

template <std::size_t N>
std::vector<std::string> names_of(const std::array<Labelled, N>& pairs) {
    std::vector<std::string> out;
    out.reserve(N);
    for (const Labelled& one : pairs) out.emplace_back(one.first);
    return out;
}

template <std::size_t N>
std::string label_in(const std::array<Labelled, N>& pairs, std::string_view name) {
    const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const Labelled& one) { return one.first == name; });
    return std::string(found == pairs.end() ? name : found->second);
}

const std::vector<std::string>& nations() {
    static const std::vector<std::string> all{"england", "wales",    "scotland",   "northern-ireland",
                                              "jersey",  "guernsey", "isle-of-man"};
    return all;
}

Result<void> one_of(const std::string& value, const std::vector<std::string>& known, const std::string& place,
                    std::string_view what) {
    if (std::find(known.begin(), known.end(), value) != known.end()) return {};
    const std::string near = nearest(value, known);
    return invalid(
        place, fmt::format("“{}” is not {}", value, what),
        near.empty() ? fmt::format("use one of: {}", join(known, ", ")) : fmt::format("did you mean “{}”?", near));
}

Result<std::string> need_key(const TomlReader& in, const toml::table& table, std::string_view key) {
    std::string text = TRY(in.need_string(table, key));
    if (is_code(text)) return text;
    return invalid(in.place_of(table, key), fmt::format("“{}” cannot be a key", text),
                   "use letters, digits, “.”, “_” and “-”");
}

// "police", or {type = "health", service = "camhs", procedure = "hsb-england", age_from = 10, age_to = 17}.
Result<Requirement> read_requirement(const TomlReader& in, const toml::node& node, const std::string& procedure) {
    Requirement out;
    out.procedure = procedure;
    if (const auto* text = node.as_string()) {
        out.type = text->get();
    } else if (const toml::table* table = node.as_table()) {
        TRY_VOID(in.only(*table, {"type", "service", "procedure", "age_from", "age_to"}));
        out.type = TRY(in.need_string(*table, "type"));
        out.service = TRY(in.string(*table, "service"));
        if (table->contains("procedure")) {
            if (!procedure.empty()) return invalid(in.place(node), "the procedure is named twice", "name it once");
            out.procedure = TRY(in.need_string(*table, "procedure"));
        }
        if (table->contains("age_from")) out.age_from = TRY(in.integer(*table, "age_from", 0, 25, 0));
        if (table->contains("age_to")) out.age_to = TRY(in.integer(*table, "age_to", 0, 25, 25));
        if (out.age_from && out.age_to && *out.age_to < *out.age_from)
            return invalid(in.place(node), "age_to is below age_from");
    } else {
        return invalid(in.place(node), "is not an agency type",
                       "write \"police\" or {type = \"health\", service = \"camhs\"}");
    }
    TRY_VOID(one_of(out.type, agency_types(), in.place(node), "an agency type"));
    return out;
}

Result<void> read_requirements(const TomlReader& in, const toml::node& node, const std::string& procedure,
                               Profile& profile) {
    const toml::array* array = node.as_array();
    if (array == nullptr)
        return invalid(in.place(node), "is not a list of agency types", "write [\"social-care\", \"police\"]");
    for (const toml::node& element : *array) {
        Requirement one = TRY(read_requirement(in, element, procedure));
        if (one.service.empty() && one.procedure.empty() && !one.age_from && !one.age_to)
            profile.require.push_back(one.type);
        profile.requirements.push_back(std::move(one));
    }
    return {};
}

// A list, or a table of lists: `default` for every procedure, the others by the procedure's name.
Result<void> read_require(const TomlReader& in, const toml::node& node, Profile& profile) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return read_requirements(in, node, {}, profile);
    for (auto&& [key, value] : *table) {
        const std::string name(key.str());
        TRY_VOID(read_requirements(in, value, name == "default" ? std::string{} : name, profile));
    }
    return {};
}

Result<Quorum> read_quorum_core(const TomlReader& in, const toml::table& table) {
    Quorum out;
    out.types = TRY(in.strings(table, "types"));
    for (const std::string& type : out.types)
        TRY_VOID(one_of(type, agency_types(), in.place_of(table, "types"), "an agency type"));
    out.at_least = TRY(in.integer(table, "at_least", 0, 50, 0));
    out.exceptionally = TRY(in.integer(table, "exceptionally", 0, 50, 0));
    if (out.exceptionally > out.at_least) {
        return invalid(in.place_of(table, "exceptionally"), "the exception needs more than the quorum",
                       fmt::format("write {} or less", out.at_least));
    }
    return out;
}

// {types, at_least} and, in tables of the same shape, what holds for one type of meeting instead.
Result<void> read_quorum(const TomlReader& in, const toml::node& node, Profile& profile) {
    const toml::table* table = node.as_table();
    if (table == nullptr)
        return invalid(in.place(node), "quorum is not a table", "write quorum = {types = [\"police\"], at_least = 3}");
    Quorum whole = TRY(read_quorum_core(in, *table));
    profile.quorum_types = std::move(whole.types);
    profile.quorum_at_least = whole.at_least;
    profile.quorum_exceptionally = whole.exceptionally;
    for (auto&& [key, value] : *table) {
        const toml::table* one = value.as_table();
        if (one == nullptr) {
            if (key.str() == "types" || key.str() == "at_least" || key.str() == "exceptionally") continue;
            return in.only(*table, {"types", "at_least", "exceptionally"});
        }
        TRY_VOID(in.only(*one, {"types", "at_least", "exceptionally"}));
        Quorum quorum = TRY(read_quorum_core(in, *one));
        profile.quorum_by_meeting.emplace(std::string(key.str()), std::move(quorum));
    }
    return {};
}

Result<void> read_partnership(const TomlReader& in, const toml::table& table, Profile& profile) {
    TRY_VOID(in.only(table, {"key", "name", "nation", "calendar", "procedures", "require", "quorum"}));
    profile.key = TRY(need_key(in, table, "key"));
    profile.name = TRY(in.need_string(table, "name"));
    profile.nation = TRY(in.need_string(table, "nation"));
    TRY_VOID(one_of(profile.nation, nations(), in.place_of(table, "nation"), "a nation"));
    profile.calendar = TRY(in.need_string(table, "calendar"));
    profile.procedures = TRY(in.strings(table, "procedures"));
    if (profile.procedures.empty()) {
        return invalid(in.place_of(table, "procedures"), "no procedure is named",
                       "write procedures = [\"hsb-england\"]");
    }
    const std::set<std::string> distinct(profile.procedures.begin(), profile.procedures.end());
    if (distinct.size() != profile.procedures.size())
        return invalid(in.place_of(table, "procedures"), "a procedure is named twice");
    if (const toml::node* require = table.get("require")) TRY_VOID(read_require(in, *require, profile));
    if (const toml::node* quorum = table.get("quorum")) TRY_VOID(read_quorum(in, *quorum, profile));
    for (const Requirement& one : profile.requirements) {
        if (one.procedure.empty()) continue;
        TRY_VOID(one_of(one.procedure, profile.procedures, in.place_of(table, "require"),
                        "a procedure of this partnership"));
    }
    return {};
}

// {length = "6 weeks", source = "…", register = "C15", paragraph = "10.3.3"}; gives the length, which may be left out.
Result<std::string> read_clock_source(const TomlReader& in, const toml::table& table, const std::string& rule,
                                      Profile& profile) {
    TRY_VOID(in.only(table, {"length", "source", "register", "paragraph"}));
    ClockSource source;
    source.text = TRY(in.need_string(table, "source"));
    source.register_id = TRY(in.string(table, "register"));
    source.paragraph = TRY(in.string(table, "paragraph"));
    profile.clock_sources.emplace(rule, std::move(source));
    return in.string(table, "length");
}

Result<void> read_clocks(const TomlReader& in, const toml::table& table, Profile& profile) {
    for (auto&& [key, value] : table) {
        const auto* text = value.as_string();
        const toml::table* with_source = value.as_table();
        if (text == nullptr && with_source == nullptr)
            return invalid(in.place(value), fmt::format("the clock {} is not text", key.str()),
                           "write \"3 working days\"");
        std::string words = text == nullptr ? std::string{} : text->get();
        if (with_source != nullptr) words = TRY(read_clock_source(in, *with_source, std::string(key.str()), profile));
        if (with_source != nullptr && words.empty()) continue;  // the procedure's length, from another source
        Result<ClockLength> length = parse_clock_length(words);
        if (!length) return invalid(in.place(value), length.error().reason, length.error().mend);
        profile.clocks.emplace(std::string(key.str()), *length);
    }
    return {};
}

Result<void> read_parameters(const TomlReader& in, const toml::table& table, Profile& profile) {
    for (auto&& [key, value] : table) {
        const auto* number = value.as_integer();
        if (number == nullptr || number->get() < 0 || number->get() > 1'000'000) {
            return invalid(in.place(value), fmt::format("the parameter {} is not a whole number", key.str()),
                           "write it as 3");
        }
        profile.parameters.emplace(std::string(key.str()), static_cast<int>(number->get()));
    }
    return {};
}

Result<std::string> telephone_in(const TomlReader& in, const toml::table& table, std::string_view key) {
    auto number = TRY(in.string(table, key));
    if (!number.empty() && !is_telephone(number))
        return invalid(in.place_of(table, key), "is not a telephone number", "write it as \"01632 960 001\"");
    return number;
}

// "09:00", in minutes of the day.
Result<int> minute_in(const TomlReader& in, const toml::table& table, std::string_view key) {
    const auto text = TRY(in.need_string(table, key));
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    const bool shaped = text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
    const int minute =
        shaped ? ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0') : -1;
    if (!shaped || minute > 24 * 60 || text[3] > '5')
        return invalid(in.place_of(table, key), "is not a time of day", "write it as \"09:00\"");
    return minute;
}

Result<void> read_front_door(const TomlReader& in, const toml::table& table, Profile& profile) {
    TRY_VOID(in.only(table, {"agency", "telephone", "from", "to", "out_of_hours_name", "out_of_hours_telephone"}));
    auto& door = profile.front_door;
    door.agency = TRY(in.need_string(table, "agency"));
    if (profile.agency(door.agency) == nullptr)
        return invalid(in.place_of(table, "agency"), "is not an agency of this profile", "write the key of an agency");
    door.telephone = TRY(telephone_in(in, table, "telephone"));
    door.from_minute = TRY(minute_in(in, table, "from"));
    door.to_minute = TRY(minute_in(in, table, "to"));
    if (door.to_minute <= door.from_minute)
        return invalid(in.place_of(table, "to"), "is not after \"from\"", "write when the front door closes");
    door.out_of_hours_name = TRY(in.string(table, "out_of_hours_name"));
    door.out_of_hours_telephone = TRY(telephone_in(in, table, "out_of_hours_telephone"));
    return {};
}

Result<void> read_agencies(const TomlReader& in, const toml::table& root, Profile& profile) {
    const std::vector<const toml::table*> agencies = TRY(in.tables(root, "agency"));
    for (const toml::table* table : agencies) {
        TRY_VOID(in.only(*table, {"key", "name", "type", "regime", "article", "checks", "telephone"}));
        Agency agency;
        agency.regime = TRY(in.string(*table, "regime"));
        agency.article = TRY(in.string(*table, "article"));
        agency.checks = TRY(in.strings(*table, "checks"));
        agency.telephone = TRY(telephone_in(in, *table, "telephone"));
        agency.key = TRY(need_key(in, *table, "key"));
        agency.name = TRY(in.need_string(*table, "name"));
        agency.type = TRY(in.need_string(*table, "type"));
        TRY_VOID(one_of(agency.type, agency_types(), in.place_of(*table, "type"), "an agency type"));
        if (profile.agency(agency.key) != nullptr) {
            return invalid(in.place_of(*table, "key"), fmt::format("the agency {} is here twice", agency.key),
                           "give each its own key");
        }
        profile.agencies.push_back(std::move(agency));
    }
    return {};
}

Result<void> read_practitioners(const TomlReader& in, const toml::table& root, Profile& profile) {
    std::vector<std::string> agency_keys;
    for (const Agency& one : profile.agencies) agency_keys.push_back(one.key);
    std::set<std::string> seen;
    const std::vector<const toml::table*> practitioners = TRY(in.tables(root, "practitioner"));
    for (const toml::table* table : practitioners) {
        TRY_VOID(in.only(*table, {"key", "name", "agency", "role", "team", "telephone"}));
        Practitioner one;
        one.key = TRY(need_key(in, *table, "key"));
        one.name = TRY(in.need_string(*table, "name"));
        one.agency = TRY(in.need_string(*table, "agency"));
        TRY_VOID(one_of(one.agency, agency_keys, in.place_of(*table, "agency"), "an agency of this profile"));
        one.role = TRY(in.need_string(*table, "role"));
        TRY_VOID(one_of(one.role, roles(), in.place_of(*table, "role"), "a role"));
        one.team = TRY(in.string(*table, "team"));
        one.telephone = TRY(telephone_in(in, *table, "telephone"));
        if (!seen.insert(one.key).second) {
            return invalid(in.place_of(*table, "key"), fmt::format("the practitioner {} is here twice", one.key),
                           "give each their own key");
        }
        profile.practitioners.push_back(std::move(one));
    }
    for (const toml::table* table : TRY(in.tables(root, "agency"))) {
        for (const std::string& key : TRY(in.strings(*table, "checks"))) {
            const Practitioner* named = profile.practitioner(key);
            if (named == nullptr || named->agency != TRY(in.need_string(*table, "key")))
                return invalid(in.place_of(*table, "checks"),
                               fmt::format("“{}” is not a practitioner of this agency", key),
                               "name practitioners of the agency");
        }
    }
    return {};
}

}  // namespace

const std::vector<std::string>& agency_types() {
    static const std::vector<std::string> all = names_of(types_and_labels);
    return all;
}
const std::vector<std::string>& roles() {
    static const std::vector<std::string> all = names_of(roles_and_labels);
    return all;
}
std::string role_label(std::string_view role) {
    return label_in(roles_and_labels, role);
}
std::string agency_type_label(std::string_view type) {
    return label_in(types_and_labels, type);
}

const Agency* Profile::agency(std::string_view wanted) const {
    const auto found =
        std::find_if(agencies.begin(), agencies.end(), [&](const Agency& one) { return one.key == wanted; });
    return found == agencies.end() ? nullptr : &*found;
}
const Practitioner* Profile::practitioner(std::string_view wanted) const {
    const auto found = std::find_if(practitioners.begin(), practitioners.end(),
                                    [&](const Practitioner& one) { return one.key == wanted; });
    return found == practitioners.end() ? nullptr : &*found;
}

Result<ClockLength> parse_clock_length(std::string_view given) {
    const std::string_view text = trim(given);
    ClockLength out;
    if (text == "same day") return ClockLength{ClockLength::Unit::calendar_days, 0};
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out.count);
    const std::string_view unit = trim(text.substr(static_cast<std::size_t>(rest - text.data())));
    using Unit = ClockLength::Unit;
    if (unit == "working day" || unit == "working days") {
        out.unit = Unit::working_days;
    } else if (unit == "day" || unit == "days" || unit == "calendar day" || unit == "calendar days") {
        out.unit = Unit::calendar_days;
    } else if (unit == "hour" || unit == "hours") {
        out.unit = Unit::hours;
    } else if (unit == "month" || unit == "months") {
        out.unit = Unit::months;
    } else if (unit == "week" || unit == "weeks") {
        out.unit = Unit::weeks;
    } else {
        out.count = -1;
    }
    if (error == std::errc{} && out.is_same_day()) {
        return invalid({}, "a clock of zero", "write “same day” for what is due by the end of that day");
    }
    if (error == std::errc{} && out.count >= 0 && out.count <= 10'000) return out;
    return invalid({}, fmt::format("“{}” is not a length of time", given),
                   "write “3 working days”, “24 hours”, “15 days”, “4 weeks”, “6 months” or “same day”");
}

std::string to_string(const ClockLength& length) {
    if (length.is_same_day()) return "same day";
    const char* unit = "working day";
    if (length.unit == ClockLength::Unit::calendar_days) unit = "day";
    if (length.unit == ClockLength::Unit::hours) unit = "hour";
    if (length.unit == ClockLength::Unit::months) unit = "month";
    if (length.unit == ClockLength::Unit::weeks) unit = "week";
    return fmt::format("{} {}{}", length.count, unit, length.count == 1 ? "" : "s");
}

bool is_telephone(std::string_view text) {
    constexpr std::size_t most = 40;
    std::size_t digits = 0;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (digit) ++digits;
        if (!digit && std::string_view(" +()-extx").find(c) == std::string_view::npos) return false;
    }
    return digits >= 3 && text.size() <= most;
}

Result<Profile> parse_profile(std::string_view text, const std::string& file) {
    const TomlReader in(file);
    const toml::table root = TRY(in.parse(text));
    TRY_VOID(in.only(root, {"partnership", "clocks", "parameters", "agency", "practitioner", "front_door"}));
    Profile out;
    const toml::table* partnership = root.get_as<toml::table>("partnership");
    if (partnership == nullptr)
        return invalid(file, "there is no [partnership]", "begin with [partnership], key and name");
    TRY_VOID(read_partnership(in, *partnership, out));
    if (const toml::node* clocks = root.get("clocks")) {
        const toml::table* table = clocks->as_table();
        if (table == nullptr) return invalid(in.place(*clocks), "clocks is not a table", "write [clocks]");
        TRY_VOID(read_clocks(in, *table, out));
    }
    if (const toml::node* parameters = root.get("parameters")) {
        const toml::table* table = parameters->as_table();
        if (table == nullptr) return invalid(in.place(*parameters), "parameters is not a table", "write [parameters]");
        TRY_VOID(read_parameters(in, *table, out));
    }
    TRY_VOID(read_agencies(in, root, out));
    if (out.agencies.empty()) return invalid(file, "there is no agency", "add [[agency]] with key, name and type");
    TRY_VOID(read_practitioners(in, root, out));
    if (const toml::node* door = root.get("front_door")) {
        const toml::table* table = door->as_table();
        if (table == nullptr) return invalid(in.place(*door), "front_door is not a table", "write [front_door]");
        TRY_VOID(read_front_door(in, *table, out));
    }
    out.text = std::string(text);
    return out;
}

}  // namespace waymark::content
