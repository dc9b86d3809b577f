#include "record/audit.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace waymark::record {

namespace {

constexpr std::uint8_t packed_format = 1;
constexpr std::uint8_t rest_marker = 0;
constexpr std::size_t tag_bytes = 16;
constexpr std::int32_t audit_format = 1;

void put_number(Bytes& out, std::uint64_t number) {
    while (number >= 0x80) {
        out.push_back(static_cast<std::uint8_t>(number | 0x80));
        number >>= 7;
    }
    out.push_back(static_cast<std::uint8_t>(number));
}

void put_text(Bytes& out, std::string_view text) {
    put_number(out, text.size());
    const auto bytes = as_bytes(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

class PackedReader {
public:
    explicit PackedReader(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
    [[nodiscard]] bool good() const { return good_; }
    std::uint8_t byte() {
        if (at_ == bytes_.size()) {
            good_ = false;
            return 0;
        }
        return bytes_[at_++];
    }
    std::uint64_t number() {
        std::uint64_t out = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const auto one = byte();
            out |= static_cast<std::uint64_t>(one & 0x7f) << shift;
            if ((one & 0x80) == 0) return out;
        }
        good_ = false;
        return 0;
    }
    ByteView take(std::uint64_t size) {
        if (size > bytes_.size() - at_) {
            good_ = false;
            return {};
        }
        const auto part = bytes_.subspan(at_, static_cast<std::size_t>(size));
        at_ += static_cast<std::size_t>(size);
        return part;
    }
    std::string text() { return std::string(as_text(take(number()))); }

private:
    ByteView bytes_;
    std::size_t at_ = 0;
    bool good_ = true;
};

Bytes pack(const AuditLine& line) {
    Bytes out;
    if (line.shown.empty() && line.more == 0) return out;
    out.push_back(packed_format);
    const auto named = std::min(line.shown.size(), most_shown_in_a_line);
    out.reserve(2 + named * 16 + 8);
    for (std::size_t from = 0; from < named;) {
        const auto depth = line.shown[from].depth;
        std::size_t to = from;
        while (to < named && line.shown[to].depth == depth) ++to;
        out.push_back(static_cast<std::uint8_t>(depth) == rest_marker ? std::uint8_t{4}
                                                                      : static_cast<std::uint8_t>(depth));
        put_number(out, to - from);
        for (; from < to; ++from) {
            const auto& octets = line.shown[from].entry.value.octets;
            out.insert(out.end(), octets.begin(), octets.end());
        }
    }
    if (const auto more = line.more + line.shown.size() - named; more > 0) {
        out.push_back(rest_marker);
        put_number(out, more);
    }
    return out;
}

auto altered() {
    return invalid("audit", "a line of the audit is not as it was kept",
                   "run `waymark verify`, and compare with a back-up");
}

Result<void> unpack(const Bytes& packed, AuditLine& line) {
    if (packed.empty()) return {};
    PackedReader in(packed);
    if (in.byte() != packed_format) return altered();
    while (in.good() && !in.at_end()) {
        const auto depth = in.byte();
        const auto count = in.number();
        if (depth == rest_marker) {
            line.more = static_cast<std::size_t>(count);
            continue;
        }
        if (depth > 4 || count > most_shown_in_a_line) return altered();
        for (std::uint64_t i = 0; i < count && in.good(); ++i) {
            Shown one{{}, depth == 4 ? Depth::none : static_cast<Depth>(depth)};
            const auto octets = in.take(16);
            if (in.good()) std::copy(octets.begin(), octets.end(), one.entry.value.octets.begin());
            line.shown.push_back(one);
        }
    }
    if (!in.good()) return altered();
    return {};
}

// What is not sealed is bound to what is: a sealed part cannot be put under another line's time, record or result.
std::string binding_of(const store::AuditRow& row) {
    Bytes out;
    put_number(out, static_cast<std::uint64_t>(row.at.micros));
    put_text(out, as_text(row.who));
    for (const auto* text : {&row.agency, &row.role, &row.strength, &row.action, &row.purpose, &row.relationship,
                             &row.basis, &row.route, &row.fields, &row.result, &row.rule, &row.policy})
        put_text(out, *text);
    out.insert(out.end(), row.record.value.octets.begin(), row.record.value.octets.end());
    out.insert(out.end(), row.case_id.value.octets.begin(), row.case_id.value.octets.end());
    out.insert(out.end(), row.shown.begin(), row.shown.end());
    return to_hex(sha256(out));
}

std::vector<Shown> whole_of(std::span<const EntryId> entries) {
    std::vector<Shown> shown;
    shown.reserve(entries.size());
    for (const auto& entry : entries) shown.push_back({entry, Depth::full});
    return shown;
}

// A line of schema versions 1 to 4.
AuditLine line_from_before(const store::AuditRow& row, AuditLine line) {
    line.practitioner = row.before.practitioner;
    line.session = row.before.session;
    line.from = row.before.from;
    for (const auto word : split(row.before.entries, ' ')) {
        if (const auto id = parse_id<EntryId>(word)) {
            line.shown.push_back({*id, Depth::full});
        } else if (word.starts_with('+')) {
            for (const char c : word.substr(1))
                line.more = line.more * 10 + static_cast<std::size_t>(c >= '0' && c <= '9' ? c - '0' : 0);
        }
    }
    return line;
}

}  // namespace

AuditLine line_of(const Asker& asker, Instant at) {
    AuditLine line;
    line.at = at;
    line.practitioner = asker.practitioner;
    line.agency = asker.agency;
    line.role = asker.role;
    line.session = asker.session;
    line.strength = asker.strength;
    line.issuer = asker.issuer;
    line.from = asker.from;
    line.purpose = asker.purpose;
    line.reason = asker.reason;
    line.route = asker.route;
    return line;
}

AuditLine shown_line(const Permit& permit, Instant at, ViewId record, CaseId case_id, std::vector<Shown> shown,
                     std::string_view result) {
    auto line = line_of(permit.asker(), at);
    line.action = to_string(permit.action());
    line.relationship = permit.relationship();
    line.record = record;
    line.case_id = case_id;
    line.shown = std::move(shown);
    if (line.shown.size() > most_shown_in_a_line) {
        line.more = line.shown.size() - most_shown_in_a_line;
        line.shown.resize(most_shown_in_a_line);
    }
    line.result = result;
    line.rule = permit.rule();
    line.policy = permit.policy();
    return line;
}

AuditLine audit_line(const Permit& permit, Instant at, ViewId record, CaseId case_id, std::span<const EntryId> whole,
                     std::string_view result) {
    return shown_line(permit, at, record, case_id, whole_of(whole), result);
}

Auditor::Auditor(const Seal& seal, std::span<const std::uint8_t, 16> token_key)
    : seal_(seal), key_(keyed_digest(token_key, as_bytes("waymark audit who 1"))) {}

Bytes Auditor::tag_of(std::string_view practitioner) const {
    if (practitioner.empty()) return {};
    const auto digest = keyed_digest(key_, as_bytes(practitioner));
    return {digest.begin(), digest.begin() + tag_bytes};
}

std::vector<store::AuditRow> Auditor::seal(std::span<const AuditLine> lines) const {
    std::vector<store::AuditRow> rows;
    rows.reserve(lines.size());
    for (const auto& line : lines) {
        store::AuditRow row;
        row.at = line.at;
        row.who = tag_of(line.practitioner);
        row.agency = line.agency;
        row.role = line.role;
        row.strength = line.strength;
        row.action = line.action;
        row.purpose = line.purpose;
        row.relationship = line.relationship;
        row.basis = line.basis;
        row.route = line.route;
        row.record = line.record;
        row.case_id = line.case_id;
        row.shown = pack(line);
        row.fields = line.fields;
        row.result = line.result;
        row.rule = line.rule;
        row.policy = line.policy;
        Bytes personal{packed_format};
        for (const auto* text : {&line.practitioner, &line.session, &line.from, &line.issuer, &line.reason})
            put_text(personal, *text);
        row.sealed = seal_.close(personal, {"audit", Uuid{}, binding_of(row), audit_format});
        rows.push_back(std::move(row));
    }
    return rows;
}

void Auditor::keep(store::Transaction& tx, store::Partnership partnership, std::span<const AuditLine> lines) const {
    tx.insert_audit(partnership, seal(lines));
}

void Auditor::keep(store::Transaction& tx, store::Partnership partnership, const AuditLine& line) const {
    keep(tx, partnership, std::span(&line, 1));
}

void Auditor::keep(store::Transaction& tx, store::Partnership partnership,
                   std::span<const store::AuditRow> rows) const {
    tx.insert_audit(partnership, rows);
}

Result<AuditLine> Auditor::open(const store::AuditRow& row) const {
    AuditLine line;
    line.position = row.position;
    line.at = row.at;
    line.agency = row.agency;
    line.role = row.role;
    line.strength = row.strength;
    line.action = row.action;
    line.purpose = row.purpose;
    line.relationship = row.relationship;
    line.basis = row.basis;
    line.route = row.route;
    line.record = row.record;
    line.case_id = row.case_id;
    line.fields = row.fields;
    line.result = row.result;
    line.rule = row.rule;
    line.policy = row.policy;
    if (row.sealed.empty()) return line_from_before(row, std::move(line));
    const auto personal = TRY(seal_.open(row.sealed, {"audit", Uuid{}, binding_of(row), audit_format}));
    PackedReader in(personal);
    if (in.byte() != packed_format) return altered();
    for (auto* text : {&line.practitioner, &line.session, &line.from, &line.issuer, &line.reason}) *text = in.text();
    if (!in.good() || !in.at_end() || tag_of(line.practitioner) != row.who) return altered();
    TRY_VOID(unpack(row.shown, line));
    return line;
}

}  // namespace waymark::record
