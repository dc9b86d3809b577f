#include "casework/editions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "casework/models.hpp"

namespace waymark::casework {

namespace {

constexpr std::string_view access_file = "access/matrix.toml";
constexpr std::string_view bases_file = "access/bases.toml";

// The procedures of a profile hold together, as one graph, under the profile.
Result<procedure::Rulebook> rulebook_of(const content::Profile& profile, std::span<const Adopted> texts,
                                        const content::Catalogue& catalogue) {
    if (profile.procedures.empty()) {
        return invalid("profile", "The profile names no procedure.", "Name at least one in partnership.procedures.");
    }
    const auto& first = profile.procedures.front();
    if (adopted_text(texts, "procedure", first) == nullptr) {
        return fault(FaultKind::missing, procedure_file(first), "The profile's first procedure is not there.",
                     "Add it to the content folder, or name another in partnership.procedures.");
    }
    return procedure::with_profile(TRY(procedure::combine(TRY(adopted_procedures(profile, texts, catalogue)))),
                                   profile);
}

Result<content::Manual> manual_of(std::span<const Adopted> texts) {
    std::vector<content::Chapter> chapters;
    for (const auto& one : texts) {
        if (one.what != "manual") continue;
        chapters.push_back(TRY(content::parse_chapter(one.text, fmt::format("manual/{}.md", one.name))));
    }
    return content::Manual::of(std::move(chapters));
}

Result<Edition> edition_of(Instant from, std::span<const Adopted> texts, const content::Catalogue& catalogue) {
    const auto profile =
        std::find_if(texts.begin(), texts.end(), [](const auto& one) { return one.what == "profile"; });
    if (profile == texts.end()) {
        return fault(FaultKind::missing, "profile", "No profile was ever adopted.",
                     "Restore the store from a back-up, or make it again with `waymark init`.");
    }
    auto read = TRY(content::parse_profile(profile->text, fmt::format("profile of {}", profile->name)));
    auto book = TRY(rulebook_of(read, texts, catalogue));
    auto manual = TRY(manual_of(texts));
    return Edition{from, std::move(read), procedure::Procedure(std::move(book)), std::move(manual)};
}

// A calendar tells of days, a policy of who may see and a model of who may be whom: none makes an older case another.
bool makes_an_edition(const Adopted& one) {
    return one.what == "profile" || one.what == "procedure" || one.what == "manual";
}

procedure::Rulebook part_of(const procedure::Rulebook& whole, const procedure::Rulebook& own) {
    auto part = whole;
    part.name = own.name;
    part.version = own.version;
    part.title = own.title;
    const auto place = procedure_file(own.name) + ":";
    const auto elsewhere = [&](const auto& one) { return !one.place.starts_with(place); };
    std::erase_if(part.rules, elsewhere);
    std::erase_if(part.cues, elsewhere);
    std::erase_if(part.parameters, elsewhere);
    std::erase_if(part.instances, elsewhere);
    return part;
}

}  // namespace

const Adopted* adopted_text(std::span<const Adopted> all, std::string_view what, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.what == what && one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Result<std::vector<procedure::Rulebook>> adopted_procedures(const content::Profile& profile,
                                                            std::span<const Adopted> texts,
                                                            const content::Catalogue& catalogue) {
    std::vector<procedure::Rulebook> books;
    for (const auto& name : profile.procedures) {
        if (const auto* text = adopted_text(texts, "procedure", name))
            books.push_back(TRY(procedure::parse_rulebook(text->text, procedure_file(name), catalogue)));
    }
    return books;
}

std::string procedure_file(std::string_view name) {
    return fmt::format("procedures/{}.toml", name);
}

Result<sharing::Policy> load_policy(const std::string& content_dir, const content::Catalogue& catalogue) {
    const std::string file(access_file);
    return sharing::parse_policy(TRY(content::read_content(content_dir, file)), file, catalogue);
}

Result<sharing::Bases> load_bases(const std::string& content_dir, const content::Profile& profile) {
    const std::string file(bases_file);
    auto bases = TRY(sharing::parse_bases(TRY(content::read_content(content_dir, file)), file));
    TRY_VOID(sharing::bases_hold(bases, profile));
    return bases;
}

std::vector<procedure::Rulebook> procedures_in_force(const Editions& editions, const content::Catalogue& catalogue) {
    std::vector<procedure::Rulebook> all;
    for (const auto& name : editions.now().profile.procedures) {
        const auto* text = adopted_text(editions.newest(), "procedure", name);
        if (text == nullptr) continue;
        const auto own = procedure::parse_rulebook(text->text, procedure_file(name), catalogue);
        if (own) all.push_back(part_of(editions.now().procedure.rulebook(), *own));
    }
    return all;
}

Result<Editions> Editions::of(std::vector<At> adopted, const content::Catalogue& catalogue) {
    std::stable_sort(adopted.begin(), adopted.end(), [](const At& a, const At& b) { return a.when < b.when; });
    Editions all;
    // A model that cannot be read leaves the one before it in force.
    std::erase_if(adopted, [&](const At& at) {
        const auto usable = at.adopted.what == "model" ? check_model(at.adopted) : Result<void>{};
        if (!usable) all.left_out_.push_back(usable.error());
        return !usable;
    });
    bool changed = false;
    for (std::size_t i = 0; i < adopted.size(); ++i) {
        auto& one = adopted[i].adopted;
        changed = changed || makes_an_edition(one);
        if (one.what == "model") all.model_since_ = {adopted[i].when, adopted[i].by};
        const auto known = std::find_if(all.newest_.begin(), all.newest_.end(), [&](const auto& other) {
            return other.what == one.what && (other.name == one.name || one.what == "profile");
        });
        if (known == all.newest_.end()) {
            all.newest_.push_back(std::move(one));
        } else {
            *known = std::move(one);
        }
        const bool together = i + 1 < adopted.size() && adopted[i + 1].when == adopted[i].when;
        if (together || !changed) continue;
        auto edition = edition_of(adopted[i].when, all.newest_, catalogue);
        if (edition) {
            all.editions_.push_back(std::make_unique<const Edition>(std::move(*edition)));
        } else {
            all.left_out_.push_back(std::move(edition.error()));
        }
        changed = false;
    }
    if (all.editions_.empty()) {
        if (!all.left_out_.empty()) return tl::unexpected(all.left_out_.back());
        return fault(FaultKind::missing, "content", "The record holds no adopted content.",
                     "Restore the store from a back-up, or make it again with `waymark init`.");
    }
    return all;
}

const Edition& Editions::at(Instant when) const {
    const auto after = std::upper_bound(editions_.begin(), editions_.end(), when,
                                        [](Instant t, const auto& edition) { return t < edition->from; });
    return after == editions_.begin() ? *editions_.front() : **std::prev(after);
}

const Edition& Editions::of(const procedure::Dossier& dossier) const {
    return dossier.own.empty() ? now() : at(dossier.own.front().at.instant);
}

Result<std::vector<Adopted>> content_for(const std::string& content_dir, const content::Profile& profile,
                                         const content::Catalogue& catalogue) {
    std::vector<Adopted> texts{{"profile", profile.key, "1", profile.text}};
    for (const auto& name : profile.procedures) {
        // A procedure of the profile that this edition of the content does not hold yet is not in force.
        const auto text = content::read_content(content_dir, procedure_file(name));
        if (!text) continue;
        const auto book = TRY(procedure::parse_rulebook(*text, procedure_file(name), catalogue));
        texts.push_back({"procedure", name, book.version, *text});
    }
    const auto calendar = fmt::format("calendars/{}.toml", profile.calendar);
    TRY_VOID(content::load_calendar(content_dir, profile.calendar));
    texts.push_back({"calendar", profile.calendar, "1", TRY(content::read_content(content_dir, calendar))});
    const auto policy = TRY(load_policy(content_dir, catalogue));
    texts.push_back({"policy", "matrix", policy.version, policy.text});
    const auto bases = TRY(load_bases(content_dir, profile));
    texts.push_back({"policy", "bases", bases.version, bases.text});
    const auto looks = TRY(content::load_look_patterns(content_dir));
    texts.push_back({"policy", "alerts", looks.version, looks.text});
    const auto manual = TRY(content::load_manual(content_dir));
    for (const auto& chapter : manual.chapters()) {
        texts.push_back({"manual", chapter.name, chapter.version, chapter.source});
    }
    TRY_VOID(rulebook_of(profile, texts, catalogue));
    return texts;
}

}  // namespace waymark::casework
