#include "record/contract_line.hpp"

namespace waymark::record {

namespace {

json::string text(std::string_view value) {
    return json::string(value.data(), value.size());
}

void put_if(json::object& out, json::string_view name, std::string_view value) {
    if (!value.empty()) out.emplace(name, text(value));
}

json::value write_involvements(Involvements set) {
    const auto names = names_of(set);
    if (names.size() == 1) return json::value(text(names.front()));
    json::array list;
    for (const auto& name : names) list.emplace_back(text(name));
    return list;
}

json::object write_happened(const Happened& happened) {
    json::object out;
    if (happened.from) out.emplace("from", format_date(*happened.from));
    if (happened.to) out.emplace("to", format_date(*happened.to));
    put_if(out, "accuracy", happened.accuracy);
    return out;
}

json::object encode_for(const Identity& identity, const ProtectedAddress::Plain* revealed) {
    auto out = encode(identity);
    if (revealed == nullptr) return out;
    put_if(out, "address", revealed->address);
    put_if(out, "postcode", revealed->postcode);
    for (const auto& field : revealed->more) out.insert_or_assign(field.key(), field.value());
    return out;
}

json::array write_subjects(const std::vector<LineSubject>& subjects) {
    json::array list;
    for (const auto& subject : subjects) {
        json::object out;
        out.emplace("involvement", write_involvements(subject.involvement));
        if (subject.identity != nullptr) out.emplace("identity", encode_for(*subject.identity, subject.revealed));
        put_if(out, "person", subject.person);
        list.push_back(std::move(out));
    }
    return list;
}

}  // namespace

json::object write_line(const Line& line) {
    json::object out;
    out.emplace("kind", text(line.kind));
    out.emplace("at", to_string(line.at));
    if (line.happened != nullptr && line.happened->has_value())
        out.emplace("happened", write_happened(**line.happened));
    if (line.recorded) out.emplace("recorded", to_string(*line.recorded));
    out.emplace("agency", text(line.agency));
    out.emplace("author", text(line.author));
    if (!line.subjects.empty()) out.emplace("subjects", write_subjects(line.subjects));
    put_if(out, "incident", line.incident);
    out.emplace("body", *line.body);
    put_if(out, "about", line.about);
    put_if(out, "id", line.id);
    put_if(out, "case", line.case_key);
    put_if(out, "basis", line.basis);
    if (line.marking != "team") put_if(out, "marking", line.marking);
    put_if(out, "supersedes", line.supersedes);
    return out;
}

json::object encode(const Draft& draft) {
    Line line{draft.kind,  draft.at,       &draft.happened, draft.recorded, draft.agency, draft.author,
              {},          draft.incident, &draft.body,     draft.about,    draft.id,     draft.case_key,
              draft.basis, draft.marking,  draft.supersedes};
    for (const auto& subject : draft.subjects) {
        line.subjects.push_back({subject.involvement, subject.identity ? &*subject.identity : nullptr, nullptr,
                                 subject.person ? to_string(*subject.person) : std::string()});
    }
    return write_line(line);
}

}  // namespace waymark::record
