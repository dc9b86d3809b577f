// Cases that somebody who knows the procedures can read and write: tests/scenarios/*.txt.
//
//   procedures NAME NAME…                                      default: hsb-england feedback child-protection-england
//   profile NAME                                               content/profiles/NAME.toml laid over them
//   born DATE                                                  of the child; "about DATE" where the day is not known
//   entries
//     NAME  AT  KIND  WHERE  AGENCY  ABOUT  FIELDS            columns parted by two blanks or more; "-" for nothing
//   at TIME
//     duty    RULE  for NAME  due DATE  STATE                 every duty, and so on: what is not written must not be
//     there gate    COURSE  waits for NAME, NAME                    gates that hold breach  NAME  RULE cue     ID NAME,
//     NAME case    closed
//   only duty challenge-                                      only lines that begin so are looked at
//   without gate charge                                       lines that begin so are left out
// Times are local. AT may say "DATE, recorded DATE"; WHERE is "this case" or "another case"; ABOUT may be "corrects
// NAME"; FIELDS are FIELD=CODE parted by one blank, a list as A,B or A,; incident=KEY and as=INVOLVEMENT are of the
// entry itself. A duty that passed to the next stage by itself ends with "passed to ROLE"; one for
// which there was less time than its limit, with "at once".
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <fmt/core.h>

#include "base/text.hpp"
#include "support/sample_case.hpp"

using namespace waymark;
using namespace waymark::procedure;
using namespace waymark::testing;

namespace {

std::vector<std::string> columns(const std::string& line) {
    std::vector<std::string> found;
    std::size_t at = line.find_first_not_of(' ');
    while (at != std::string::npos) {
        const auto end = line.find("  ", at);
        found.push_back(line.substr(at, end == std::string::npos ? end : end - at));
        at = end == std::string::npos ? end : line.find_first_not_of(' ', end);
    }
    return found;
}

// "2026-05-22 16:55" in London, or a day.
std::string time_of(std::string_view text) {
    if (text.size() == 10) return std::string(text);
    const auto date = parse_date(text.substr(0, 10)).value();
    const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    return to_string(england().zone().at(date, number(11), number(14)));
}

std::string local(Instant t) {
    return format_date(england().day_of(t)) + ' ' + england().zone().clock_time(t);
}

void add_entry(SampleCase& sample, const std::vector<std::string>& column) {
    SampleCase::More more;
    auto at = column[1];
    if (const auto comma = at.find(", recorded "); comma != std::string::npos) {
        const auto recorded = time_of(at.substr(comma + 11));
        more.recorded = recorded.size() == 10 ? recorded + "T12:00:00Z" : recorded;
        at = at.substr(0, comma);
    }
    more.elsewhere = column[3] == "another case";
    more.agency = column[4];
    if (column[5].rfind("corrects ", 0) == 0) {
        more.supersedes = column[5].substr(9);
    } else if (column[5] != "-") {
        more.about = column[5];
    }
    json::object fields;
    for (const auto pair :
         split(column.size() > 6 && column[6] != "-" ? std::string_view(column[6]) : std::string_view(), ' ')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const std::string key(pair.substr(0, equals));
        const std::string value(pair.substr(equals + 1));
        if (key == "incident") {
            more.incident = value;
        } else if (key == "as") {
            more.involvement = record::parse_involvement(value).value();
        } else if (value.find(',') != std::string::npos) {
            json::array list;
            for (const auto one : split(value, ',')) {
                if (!one.empty()) list.emplace_back(one);
            }
            fields[key] = std::move(list);
        } else if (value == "yes" || value == "no") {
            fields[key] = value == "yes";
        } else {
            fields[key] = value;
        }
    }
    sample.add(column[0], time_of(at), column[2], json::serialize(fields), more);
}

std::string names(const SampleCase& sample, const std::vector<EntryId>& entries) {
    std::vector<std::string> all;
    for (const auto id : entries) all.push_back(sample.name(id));
    return join(all, ", ");
}

std::string trimmed(const std::string& line) {
    return std::string(trim(line));
}

std::set<std::string> lines_of(const SampleCase& sample, const Standing& standing) {
    std::set<std::string> lines;
    for (const auto& duty : standing.duties) {
        lines.insert(fmt::format("duty {} for {}{} due {} {}{}{}", duty.id, sample.name(duty.raised_by),
                                 duty.about ? " about " + sample.name(duty.about) : "",
                                 duty.due_day ? format_date(*duty.due_day) : local(duty.due), to_string(duty.state),
                                 duty.at_once ? " at once" : "",
                                 duty.escalated_to.empty() ? "" : " passed to " + duty.escalated_to));
    }
    for (const auto& gate : standing.gates) {
        if (!gate.open)
            lines.insert(trimmed(fmt::format("gate {} waits for {}", gate.course, names(sample, gate.waits_for))));
    }
    for (const auto& breach : standing.breaches)
        lines.insert(fmt::format("breach {} {}", sample.name(breach.entry), breach.rule));
    for (const auto& cue : standing.cues) lines.insert(fmt::format("cue {} {}", cue.id, names(sample, cue.entries)));
    if (standing.closed) lines.insert("case closed");
    return lines;
}

struct Ground {
    std::vector<std::string> procedures{"hsb-england", "feedback", "child-protection-england"};
    std::string profile;

    [[nodiscard]] Rulebook rulebook() const {
        const auto dir = std::string(WAYMARK_SOURCE_DIR) + "/content";
        std::vector<Rulebook> books;
        for (const auto& name : procedures) {
            const auto file = fmt::format("procedures/{}.toml", name);
            books.push_back(parse_rulebook(content::read_content(dir, file).value(), file, catalogue()).value());
        }
        auto whole = combine(std::move(books)).value();
        if (profile.empty()) return whole;
        const auto file = fmt::format("profiles/{}.toml", profile);
        const auto over = content::parse_profile(content::read_content(dir, file).value(), file).value();
        return with_profile(std::move(whole), over, file).value();
    }
};

std::vector<std::string> words_of(std::string_view line) {
    std::istringstream in{std::string(line)};
    return {std::istream_iterator<std::string>(in), {}};
}

void play(const std::filesystem::path& file) {
    std::ifstream in(file);
    SampleCase sample;
    Ground ground;
    std::optional<Rulebook> book;
    std::vector<std::string> only;
    std::vector<std::string> without;
    std::set<std::string> expected;
    std::string moment;
    int moments = 0;
    const auto compare = [&] {
        if (moment.empty()) return;
        ++moments;
        if (!book) book = ground.rulebook();
        auto found = lines_of(sample, standing(*book, england(), sample.dossier, instant(time_of(moment))));
        std::erase_if(found, [&](const std::string& line) {
            const auto begins = [&](const std::string& with) { return line.rfind(with, 0) == 0; };
            return (!only.empty() && std::none_of(only.begin(), only.end(), begins)) ||
                   std::any_of(without.begin(), without.end(), begins);
        });
        for (const auto& line : expected)
            CHECK_MESSAGE(found.contains(line), file.filename().string() << " at " << moment << " lacks: " << line);
        for (const auto& line : found)
            CHECK_MESSAGE(expected.contains(line), file.filename().string()
                                                       << " at " << moment << " has too: " << line);
        expected.clear();
    };
    bool in_entries = false;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        if (line == "entries") {
            in_entries = true;
        } else if (line.rfind("procedures ", 0) == 0) {
            ground.procedures = words_of(line.substr(11));
        } else if (line.rfind("profile ", 0) == 0) {
            ground.profile = line.substr(8);
        } else if (line.rfind("born ", 0) == 0) {
            const bool about = line.rfind("born about ", 0) == 0;
            sample.dossier.born = born_on(parse_date(line.substr(about ? 11 : 5)).value(), about ? "UAA" : "AAA");
        } else if (line.rfind("only ", 0) == 0) {
            only.push_back(join(words_of(line.substr(5)), " "));
        } else if (line.rfind("without ", 0) == 0) {
            without.push_back(join(words_of(line.substr(8)), " "));
        } else if (line.rfind("at ", 0) == 0) {
            compare();
            in_entries = false;
            moment = line.substr(3);
        } else if (in_entries) {
            add_entry(sample, columns(line));
        } else {
            std::istringstream words(line);
            std::string normal;
            for (std::string word; words >> word;) normal += (normal.empty() ? "" : " ") + word;
            expected.insert(normal);
        }
    }
    compare();
    CHECK_MESSAGE(moments > 0, file.filename().string() << " looks at no moment");
}

}  // namespace

TEST_CASE("every scenario stands as its table says") {
    int played = 0;
    for (const auto& file : std::filesystem::directory_iterator(std::string(WAYMARK_SOURCE_DIR) + "/tests/scenarios")) {
        if (file.path().extension() != ".txt") continue;
        play(file.path());
        ++played;
    }
    CHECK(played >= 8);
}
