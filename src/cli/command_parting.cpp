// people part, parted, assign: two records that were one person are two again; what was written and what went over the
// link meanwhile; and whose each entry is.
#include <fmt/format.h>

#include "casework/unmerge.hpp"
#include "cli/session.hpp"

namespace waymark::cli {
namespace {

struct Two {
    ViewId one;
    ViewId other;
};
Result<Two> two_named(const Session& session) {
    const auto& pair = session.arguments.parting.pair;
    return Two{TRY(find_view(session, pair[0])), TRY(find_view(session, pair[1]))};
}

// Whose record an entry is, is for a person to say and not for a machine's operator.
Result<record::Asker> decider(const Session& session, std::string_view route) {
    if (!session.arguments.as) {
        return invalid("--as", "nobody is named who decides", "name the practitioner and why: --as KEY --purpose CODE");
    }
    auto asker = TRY(session.asker());
    asker.route = route;
    return asker;
}

std::string fresh_key(const Session& session) {
    return to_string(make_uuid4(session.world.random));
}

const char* name_of(casework::Routed::How how) {
    using How = casework::Routed::How;
    switch (how) {
        case How::into_case:
            return "into-case";
        case How::answer:
            return "answer";
        case How::told:
            return "told";
        case How::shared:
            return "shared";
        case How::met:
            return "met";
        case How::duty:
            return "duty";
    }
    return "";
}

json::object side_json(const casework::MatchSide& side) {
    return {{"view", to_string(side.view.view)},
            {"person", to_string(side.view.person)},
            {"agency", side.view.agency},
            {"given_name", side.identity.given_name},
            {"family_name", side.identity.family_name}};
}

json::object parted_json(const casework::Undone& undone) {
    json::object object{{"one", side_json(undone.a)},
                        {"other", side_json(undone.b)},
                        {"was_joined", undone.was_joined},
                        {"to_assign", undone.to_assign},
                        {"more", undone.more}};
    if (undone.was_joined) {
        object["joined"] = to_string(undone.joined);
        object["parted"] = to_string(undone.undone);
    }
    const auto view_of = [&](bool first) { return to_string((first ? undone.a : undone.b).view.view); };
    json::array written;
    for (const auto& one : undone.written) {
        const auto& row = one.line.entry.row;
        json::object entry{
            {"entry", to_string(row.entry)}, {"at", to_string(row.at)},         {"kind", row.kind},
            {"title", one.line.title},       {"author", one.line.author},       {"source", one.line.source},
            {"in", view_of(one.in_first)},   {"assigned", json::value(nullptr)}};
        if (one.assigned) {
            entry["assigned"] = json::object{{"to", view_of(one.assigned->to_first)},
                                             {"by", one.assigned->by},
                                             {"at", to_string(one.assigned->at)},
                                             {"reason", one.assigned->reason}};
        }
        written.push_back(std::move(entry));
    }
    json::array routed;
    for (const auto& one : undone.routed) {
        routed.push_back(json::object{{"how", name_of(one.how)},
                                      {"what", one.what},
                                      {"who", one.who},
                                      {"at", to_string(one.at)},
                                      {"entry", to_string(one.entry)}});
    }
    json::array readers;
    for (const auto& one : undone.readers) {
        readers.push_back(json::object{
            {"name", one.name}, {"agency", one.agency}, {"last", to_string(one.last)}, {"times", one.times}});
    }
    object["written"] = std::move(written);
    object["routed"] = std::move(routed);
    object["readers"] = std::move(readers);
    return object;
}

std::string side_words(const casework::MatchSide& side) {
    return fmt::format("{} ({}, {})", record::shown_name(side.identity), side.agency, to_string(side.view.view));
}

void print_parted(const casework::Undone& undone, std::ostream& out) {
    out << fmt::format("{}\n{}\n", side_words(undone.a), side_words(undone.b));
    if (!undone.was_joined) {
        out << "these two were not joined, or are joined now: there is nothing to assign\n";
        return;
    }
    out << fmt::format("joined {}, parted {}; {} to be assigned\n", to_string(undone.joined), to_string(undone.undone),
                       undone.to_assign);
    for (const auto& one : undone.written) {
        const auto& row = one.line.entry.row;
        out << fmt::format("  {}  {}  {}  {}, {}  in the record of {}\n", to_string(row.entry), to_string(row.at),
                           one.line.title, one.line.author, one.line.source,
                           to_string((one.in_first ? undone.a : undone.b).view.view));
        if (one.assigned) {
            out << fmt::format("      assigned to {} by {}: {}\n",
                               to_string((one.assigned->to_first ? undone.a : undone.b).view.view), one.assigned->by,
                               one.assigned->reason);
        }
    }
    for (const auto& one : undone.routed)
        out << fmt::format("  {:<9}  {}  {}  {}\n", name_of(one.how), to_string(one.at), one.what, one.who);
    for (const auto& one : undone.readers)
        out << fmt::format("  read by    {}, {}, last {}\n", one.name, one.agency, to_string(one.last));
    if (undone.more) out << "there is more than is shown\n";
}

Result<void> show_parted(const Session& session, const record::Asker& asker, const Two& two) {
    const auto undone = TRY(casework::undone_link(session.office, asker, two.one, two.other));
    if (session.arguments.json) {
        session.terminal.out << write_json(parted_json(undone)) << "\n";
    } else {
        print_parted(undone, session.terminal.out);
    }
    return {};
}

Result<void> tell_parted(const Session& session) {
    auto asker = TRY(session.asker());
    asker.route = "people parted";
    return show_parted(session, asker, TRY(two_named(session)));
}

Result<void> part_records(const Session& session) {
    const auto asker = TRY(decider(session, "people part"));
    const auto two = TRY(two_named(session));
    if (!TRY(casework::match_page(session.office, asker, two.one, two.other)).one_person) {
        return fault(FaultKind::conflict, "people part", "these two records are not joined",
                     "see what is known of them with `waymark people parted`");
    }
    TRY(casework::decide_match(session.office, asker,
                               {fresh_key(session), two.one, two.other, people::Registry::Decision::not_same,
                                session.arguments.parting.reason}));
    if (TRY(casework::match_page(session.office, asker, two.one, two.other)).one_person) {
        // To undo a join takes two, and nobody is a second person at the command line.
        if (session.arguments.json) {
            session.terminal.out << write_json(json::object{{"waiting", "second-person"}}) << "\n";
        } else {
            session.terminal.out << "asked: a second person has to agree, in the web application; until then nothing "
                                    "changes\n";
        }
        return {};
    }
    return show_parted(session, asker, two);
}

Result<void> assign_to_one(const Session& session) {
    const auto& a = session.arguments.parting;
    const auto asker = TRY(decider(session, "people assign"));
    const auto two = TRY(two_named(session));
    const auto entry = parse_id<EntryId>(a.entry);
    if (!entry) {
        return invalid("--entry", "'" + a.entry + "' is no entry's id", "take the id from `waymark people parted`");
    }
    const auto to = TRY(find_view(session, a.to));
    const auto made = TRY(
        casework::assign_entry(session.office, asker, {fresh_key(session), two.one, two.other, *entry, to, a.reason}));
    const auto left = TRY(casework::undone_link(session.office, asker, two.one, two.other)).to_assign;
    if (session.arguments.json) {
        session.terminal.out << write_json(json::object{{"entry", to_string(made)}, {"to_assign", left}}) << "\n";
    } else {
        session.terminal.out << fmt::format("assigned; {} more to be assigned\n", left);
    }
    return {};
}

int ended(const Session& session, const Result<void>& result) {
    return result ? int{done} : session.refuse(result.error());
}

}  // namespace

int run_people_part(const Session& session) {
    return ended(session, part_records(session));
}
int run_people_parted(const Session& session) {
    return ended(session, tell_parted(session));
}
int run_people_assign(const Session& session) {
    return ended(session, assign_to_one(session));
}

}  // namespace waymark::cli
