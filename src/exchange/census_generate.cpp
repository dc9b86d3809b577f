// A census for measuring: valid against the census's schema, written child by child.
#include <array>
#include <ostream>

#include <fmt/core.h>
#include <fmt/format.h>

#include "base/system.hpp"
#include "exchange/exchange.hpp"

namespace waymark::exchange {

namespace {

constexpr std::array<std::string_view, 6> ethnicities{"WBRI", "WOTH", "MWBC", "APKN", "BAFR", "NOBT"};
constexpr std::array<std::string_view, 5> disabilities{"MOB", "LD", "AUT", "HEAR", "BEH"};
constexpr std::array<std::string_view, 8> sources{"1A", "2A", "2B", "3A", "3E", "5D", "6", "8"};
constexpr std::array<std::string_view, 7> needs{"N1", "N1", "N1", "N2", "N4", "N5", "N6"};
constexpr std::array<std::string_view, 8> factors{"3B", "4A", "4B", "14A", "16A", "17A", "19B", "11A"};
constexpr std::array<std::string_view, 4> closures{"RC7", "RC8", "RC9", "RC5"};
constexpr std::array<std::string_view, 4> abuses{"NEG", "EMO", "PHY", "SAB"};

class Generator {
public:
    Generator(std::ostream& out, std::uint64_t seed) : out_(out), random_(seed) {}

    void header() {
        write(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Message>\n  <Header>\n    <CollectionDetails>\n"
            "      <Collection>CIN</Collection>\n      <Year>2026</Year>\n      "
            "<ReferenceDate>2026-03-31</ReferenceDate>\n"
            "    </CollectionDetails>\n    <Source>\n      <SourceLevel>L</SourceLevel>\n      <LEA>201</LEA>\n"
            "      <SoftwareCode>generated</SoftwareCode>\n      <Release>1</Release>\n      <SerialNo>001</SerialNo>\n"
            "      <DateTime>2026-05-20T09:00:00</DateTime>\n    </Source>\n  </Header>\n  <Children>\n");
    }
    void footer() {
        write("  </Children>\n</Message>\n");
        flush();
    }

    void child(std::uint64_t number) {
        const auto birth = make_date(2008, 1, 1) + std::chrono::days{static_cast<int>(random_.below(6'300))};
        write("    <Child>\n      <ChildIdentifiers>\n");
        value(8, "LAchildID", fmt::format("G{:09}", number));
        value(8, "UPN", upn(number));
        date(8, "PersonBirthDate", birth);
        value(8, "Sex", random_.below(2) == 0 ? "F" : "M");
        write("      </ChildIdentifiers>\n      <ChildCharacteristics>\n");
        value(8, "Ethnicity", pick(ethnicities));
        if (random_.below(5) == 0) {
            write("        <Disabilities>\n");
            value(10, "Disability", pick(disabilities));
            write("        </Disabilities>\n");
        }
        write("      </ChildCharacteristics>\n");
        details();
        write("    </Child>\n");
        if (buffer_.size() > 60'000) flush();
    }

private:
    void details() {
        const auto referred = make_date(2025, 4, 1) + std::chrono::days{static_cast<int>(random_.below(200))};
        const bool no_action = random_.below(5) == 0;
        const bool enquiry = !no_action && random_.below(4) == 0;
        const bool closed = no_action || random_.below(2) == 0;
        const auto assessed = referred + std::chrono::days{static_cast<int>(5 + random_.below(55))};
        write("      <CINdetails>\n");
        date(8, "CINreferralDate", referred);
        value(8, "ReferralSource", pick(sources));
        value(8, "PrimaryNeedCode", pick(needs));
        if (closed) {
            date(8, "CINclosureDate", no_action ? referred + std::chrono::days{1} : assessed + std::chrono::days{30});
            value(8, "ReasonForClosure", pick(closures));
        }
        if (!no_action) {
            write("        <Assessments>\n");
            date(10, "AssessmentActualStartDate", referred + std::chrono::days{1});
            date(10, "AssessmentAuthorisationDate", assessed);
            write("          <FactorsIdentifiedAtAssessment>\n");
            value(12, "AssessmentFactors", pick(factors));
            write("          </FactorsIdentifiedAtAssessment>\n        </Assessments>\n");
        }
        if (!no_action && !enquiry && random_.below(2) == 0) {
            write("        <CINPlanDates>\n");
            date(10, "CINPlanStartDate", assessed + std::chrono::days{3});
            if (closed) date(10, "CINPlanEndDate", assessed + std::chrono::days{30});
            write("        </CINPlanDates>\n");
        }
        const auto held = referred + std::chrono::days{20};
        if (enquiry) {
            write("        <Section47>\n");
            date(10, "S47ActualStartDate", referred + std::chrono::days{2});
            date(10, "InitialCPCtarget", referred + std::chrono::days{23});
            date(10, "DateOfInitialCPC", held);
            value(10, "ICPCnotRequired", "0");
            write("        </Section47>\n");
        }
        value(8, "ReferralNFA", no_action ? "1" : "0");
        if (enquiry && random_.below(2) == 0)
            protection_plan(held, closed ? std::optional<Date>(assessed + std::chrono::days{30}) : std::nullopt);
        write("      </CINdetails>\n");
    }

    void protection_plan(Date start, std::optional<Date> end) {
        const auto abuse = pick(abuses);
        write("        <ChildProtectionPlans>\n");
        date(10, "CPPstartDate", start);
        if (end) date(10, "CPPendDate", std::max(*end, start + std::chrono::days{1}));
        value(10, "InitialCategoryOfAbuse", abuse);
        value(10, "LatestCategoryOfAbuse", abuse);
        value(10, "NumberOfPreviousCPP", "0");
        write("          <Reviews>\n");
        date(12, "CPPreviewDate", start + std::chrono::days{60});
        write("          </Reviews>\n        </ChildProtectionPlans>\n");
    }

    // A check letter over eleven digits and a number: weights 2 to 13, modulus 23 (the census's guide to UPNs).
    static std::string upn(std::uint64_t number) {
        constexpr std::string_view letters = "ABCDEFGHJKLMNPQRTUVWXYZ";
        const auto digits = fmt::format("201{:09}", number % 1'000'000'000);
        std::size_t sum = 0;
        for (std::size_t i = 0; i < digits.size(); ++i) sum += static_cast<std::size_t>(digits[i] - '0') * (i + 2);
        return fmt::format("{}{}", letters[sum % letters.size()], digits);
    }

    template <std::size_t n>
    std::string_view pick(const std::array<std::string_view, n>& list) {
        return list[random_.below(n)];
    }
    void value(std::size_t indent, std::string_view name, std::string_view text) {
        fmt::format_to(std::back_inserter(buffer_), "{:{}}<{}>{}</{}>\n", "", indent, name, text, name);
    }
    void date(std::size_t indent, std::string_view name, Date date) { value(indent, name, format_date(date)); }
    void write(std::string_view text) { buffer_.append(text); }
    void flush() {
        out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        buffer_.clear();
    }

    std::ostream& out_;
    SeededRandom random_;
    std::string buffer_;
};

}  // namespace

void generate_census(std::ostream& out, std::uint64_t children, std::uint64_t seed) {
    Generator generator(out, seed);
    generator.header();
    for (std::uint64_t i = 1; i <= children; ++i) generator.child(i);
    generator.footer();
}

}  // namespace waymark::exchange
