#include "store/postgresql_wire.hpp"

#include <bit>
#include <type_traits>

namespace waymark::store {

namespace {

// From PostgreSQL's pg_type.dat; these numbers are part of its protocol and never change.
enum : Oid {
    bool_oid = 16,
    bytea_oid = 17,
    int8_oid = 20,
    int2_oid = 21,
    int4_oid = 23,
    text_oid = 25,
    float8_oid = 701
};

template <class T>
void put_number(char* out, T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = sizeof(T); i-- > 0;) {
        out[i] = static_cast<char>(bits & 0xff);
        if constexpr (sizeof(T) > 1) bits = static_cast<std::make_unsigned_t<T>>(bits >> 8);
    }
}

template <class T>
void append_number(std::string& out, T value) {
    const std::size_t at = out.size();
    out.resize(at + sizeof(T));
    put_number(out.data() + at, value);
}

std::int64_t take_number(const char* bytes, int length) {
    std::uint64_t bits = (length > 0 && (static_cast<unsigned char>(bytes[0]) & 0x80) != 0) ? ~std::uint64_t{0} : 0;
    for (int i = 0; i < length; ++i) bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(bits);
}

}  // namespace

void WireParameters::set(CellView cells) {
    const std::size_t n = cells.size();
    types_.resize(n);
    values_.resize(n);
    lengths_.resize(n);
    formats_.assign(n, 1);
    numbers_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Cell& c = cells[i];
        values_[i] = numbers_[i].data();
        lengths_[i] = 8;
        switch (c.type) {
            case Type::text:
            case Type::blob:
                types_[i] = c.type == Type::text ? text_oid : bytea_oid;
                values_[i] = c.bytes.data() == nullptr ? "" : c.bytes.data();
                lengths_[i] = static_cast<int>(c.bytes.size());
                break;
            case Type::real:
                types_[i] = float8_oid;
                put_number(numbers_[i].data(), std::bit_cast<std::int64_t>(c.real));
                break;
            default:
                types_[i] = int8_oid;
                put_number(numbers_[i].data(), c.whole);
        }
        if (c.null) values_[i] = nullptr;
    }
}

void read_wire_row(const PGresult* result, int row, Cells& out) {
    out.clear();
    const int columns = PQnfields(result);
    for (int i = 0; i < columns; ++i) {
        Cell c;
        const char* bytes = PQgetvalue(result, row, i);
        const int length = PQgetlength(result, row, i);
        switch (PQftype(result, i)) {
            case bool_oid:
            case int2_oid:
            case int4_oid:
            case int8_oid:
                c.whole = take_number(bytes, length);
                break;
            case float8_oid:
                c.type = Type::real;
                c.real = std::bit_cast<double>(take_number(bytes, length));
                break;
            case bytea_oid:
                c.type = Type::blob;
                c.bytes = std::string_view(bytes, static_cast<std::size_t>(length));
                break;
            default:
                c.type = Type::text;
                c.bytes = std::string_view(bytes, static_cast<std::size_t>(length));
        }
        c.null = PQgetisnull(result, row, i) != 0;
        out.push_back(c);
    }
}

void append_copy_header(std::string& out) {
    out.append("PGCOPY\n\377\r\n\0", 11);
    append_number(out, std::int32_t{0});  // flags
    append_number(out, std::int32_t{0});  // no header extension
}

void append_copy_row(std::string& out, std::span<const Column> columns, CellView cells) {
    append_number(out, static_cast<std::int16_t>(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Cell& c = cells[i];
        if (c.null) {
            append_number(out, std::int32_t{-1});
            continue;
        }
        switch (columns[i].type) {
            case Type::small:
                append_number(out, std::int32_t{2});
                append_number(out, static_cast<std::int16_t>(c.whole));
                break;
            case Type::integer:
                append_number(out, std::int32_t{4});
                append_number(out, static_cast<std::int32_t>(c.whole));
                break;
            case Type::whole:
                append_number(out, std::int32_t{8});
                append_number(out, c.whole);
                break;
            case Type::real:
                append_number(out, std::int32_t{8});
                append_number(out, std::bit_cast<std::int64_t>(c.real));
                break;
            default:
                append_number(out, static_cast<std::int32_t>(c.bytes.size()));
                out.append(c.bytes);
        }
    }
}

void append_copy_trailer(std::string& out) {
    append_number(out, std::int16_t{-1});
}

}  // namespace waymark::store
