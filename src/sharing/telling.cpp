// Works out on what basis one agency tells another.
#include "sharing/telling.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace waymark::sharing {

namespace {

bool lists(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_unsourced(std::string_view text) {
    return text.find("[U]") != std::string_view::npos;
}

auto undefined(std::string reason) {
    return fault(FaultKind::forbidden, "basis", std::move(reason),
                 "Choose another purpose if that is what it is for. Else ask your information governance lead, and "
                 "record a decision not to share until there is an answer. If the child is in danger, telephone.");
}

struct Relied {
    Basis::Side side;
    bool unsourced = false;
};

// The first article of a regime, where the profile names a regime and no article.
std::string first_of(const Bases& bases, std::string_view regime) {
    for (const auto& [id, article] : bases.articles) {
        if (article.regime == regime) return id;
    }
    return {};
}

Result<Relied> relied_on(const Bases& bases, const content::Agency& agency, const Telling& asked, Bases::Class of) {
    const auto body = std::find_if(bases.bodies.begin(), bases.bodies.end(), [&](const Bases::Body& one) {
        return lists(one.nations, asked.nation) && lists(one.types, agency.type);
    });
    std::string id;
    bool guessed = false;
    if (!agency.article.empty()) {
        id = agency.article;
    } else if (!agency.regime.empty()) {
        const auto fits = [&](const std::string& article) {
            const auto found = bases.articles.find(article);
            return found != bases.articles.end() && found->second.regime == agency.regime;
        };
        if (body != bases.bodies.end() && fits(body->article)) id = body->article;
        if (body != bases.bodies.end() && id.empty() && fits(body->enforcing_article)) id = body->enforcing_article;
        if (id.empty()) id = first_of(bases, agency.regime);
    } else if (body != bases.bodies.end()) {
        id = lists(body->enforcing, asked.purpose) ? body->enforcing_article : body->article;
        guessed = is_unsourced(body->source);
    }
    const auto article = bases.articles.find(id);
    if (article == bases.articles.end()) {
        return undefined(fmt::format("It is not written down under which law {} ({}) holds and tells what it knows.",
                                     agency.name, content::agency_type_label(agency.type)));
    }
    const auto& rests = article->second;
    Relied out;
    out.side = {agency.key, rests.regime, id, {}, {}};
    const auto& regime = bases.regimes.at(rests.regime);
    out.side.words = fmt::format("under {}: {}", regime.words, rests.words.words);
    out.unsourced = guessed || is_unsourced(rests.words.source) || is_unsourced(regime.source);
    if (of != Bases::Class::personal) {
        out.side.condition = of == Bases::Class::special ? rests.special : rests.criminal;
        const auto& condition = bases.conditions.at(out.side.condition);
        out.side.words += fmt::format("; {}", condition.words);
        out.unsourced = out.unsourced || is_unsourced(condition.source);
    }
    return out;
}

std::string side_code(const Basis::Side& side) {
    return side.condition.empty() ? side.article : fmt::format("{}.{}", side.article, side.condition);
}

}  // namespace

std::string Basis::code() const {
    return fmt::format("{}_{}_{}_{}", side_code(from), side_code(to), gateway, version);
}

std::vector<std::string> Basis::words() const {
    return {fmt::format("Telling: {}.", from.words), fmt::format("Being told: {}.", to.words),
            fmt::format("The way between them: {}.", gateway_words)};
}

Result<Basis> basis_for(const Bases& bases, const Telling& asked) {
    if (asked.from == nullptr || asked.to == nullptr)
        return undefined("One of the two agencies is not in the partnership’s profile.");
    const auto content = bases.contents.find(asked.content);
    if (content == bases.contents.end())
        return undefined(fmt::format("It is not written down what kind of information “{}” is.", asked.content));
    const auto from = TRY(relied_on(bases, *asked.from, asked, content->second.of));
    const auto to = TRY(relied_on(bases, *asked.to, asked, content->second.of));
    for (const auto& gateway : bases.gateways) {
        const bool stands = gateway.in_force && *gateway.in_force <= asked.on;
        if (!stands || !lists(gateway.nations, asked.nation) || !lists(gateway.from, asked.from->type) ||
            !lists(gateway.to, asked.to->type) || !lists(gateway.purposes, asked.purpose))
            continue;
        Basis basis{from.side, to.side, gateway.id, gateway.words.words, false, bases.version};
        basis.unsourced = from.unsourced || to.unsourced || is_unsourced(gateway.words.source);
        return basis;
    }
    return undefined(
        fmt::format("No statutory gateway is written down by which {} may tell {} for the purpose “{}”. It would be "
                    "told of {}.",
                    content::agency_type_label(asked.from->type), content::agency_type_label(asked.to->type),
                    asked.purpose, content->second.words));
}

Result<void> bases_hold(const Bases& bases, const content::Profile& profile) {
    for (const auto& agency : profile.agencies) {
        const auto place = fmt::format("profile, agency {}", agency.key);
        if (!agency.regime.empty() && !bases.regimes.contains(agency.regime))
            return invalid(place, fmt::format("“{}” is not a regime", agency.regime),
                           "use a [[regime]] of access/bases.toml");
        if (agency.article.empty()) continue;
        const auto article = bases.articles.find(agency.article);
        if (article == bases.articles.end())
            return invalid(place, fmt::format("“{}” is not an article", agency.article),
                           "use an [[article]] of access/bases.toml");
        if (!agency.regime.empty() && article->second.regime != agency.regime)
            return invalid(place, fmt::format("“{}” is not an article of the regime {}", agency.article, agency.regime),
                           fmt::format("it is of {}", article->second.regime));
    }
    return {};
}

}  // namespace waymark::sharing
